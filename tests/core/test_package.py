from __future__ import annotations

import importlib
import subprocess
import sys
import types
from importlib import metadata
from pathlib import Path

import pytest

import rgbcloud

OPTIONAL = ["Qt", "PySide2", "PySide6", "click", "matplotlib", "maya", "rich", "skimage"]


def test_the_core_works_without_anything_optional():
    script = f"""
import sys
sys.modules.update(dict.fromkeys({OPTIONAL}))  # None: importing it fails
import numpy as np
import rgbcloud
ramp = np.arange(256, dtype=np.uint8).reshape(16, 16)
print(rgbcloud.cluster(rgbcloud.ColorHistogram.from_array(ramp), 2).to_hex())
"""
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "['#3f3f3f', '#bfbfbf']"


def test_there_is_one_version():
    assert metadata.version("rgbcloud") == rgbcloud.__version__


@pytest.mark.parametrize("folder", ["", ".color", ".counting", ".palettes", ".textures"])
def test_all_public_names_are_found_when_they_are_asked_for(folder):
    package = importlib.import_module(f"rgbcloud{folder}")
    for name in package.__all__:
        assert not isinstance(getattr(package, name), types.ModuleType), name
    with pytest.raises(AttributeError, match="no_such_name"):
        package.no_such_name  # noqa: B018 - it is asked for


def test_importing_the_package_loads_nothing_heavy():
    script = "import sys, rgbcloud; print(*{'numpy', 'PIL', 'sklearn'}.intersection(sys.modules))"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output == "\n"


def test_the_package_is_typed():
    assert Path(rgbcloud.__file__).with_name("py.typed").exists()
