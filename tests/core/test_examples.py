from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import rgbcloud

MODULES = ["rgbcloud", *(f"rgbcloud.{module.name}" for module in pkgutil.iter_modules(rgbcloud.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings_hold(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
