"""Whether palette PNGs are written: only where this Maya was seen to read one, or may be asked."""

from __future__ import annotations

import sys

import pytest
from maya.api import OpenMaya

from rgbcloud_maya.reducing.png_support import reads_indexed_png


@pytest.fixture(autouse=True)
def asked_anew():
    reads_indexed_png.cache_clear()
    yield
    reads_indexed_png.cache_clear()


@pytest.mark.maya(2026, 2027)
def test_where_reading_a_png_may_end_the_session_it_is_not_tried(maya_version, monkeypatch):
    # Maya 2027 on Linux, two versions of libpng: aws-deadline/deadline-cloud-for-maya, pull request 481
    asked, read = [], OpenMaya.MImage.readFromFile

    def listen(image, *arguments):
        asked.append(arguments)
        return read(image, *arguments)

    monkeypatch.setattr(OpenMaya.MImage, "readFromFile", listen)
    may_abort = maya_version >= 2027 and sys.platform.startswith("linux")
    readable = reads_indexed_png()
    assert len(asked) == (0 if may_abort else 1)
    assert not (may_abort and readable)


def test_a_maya_that_cannot_is_not_given_any(unreadable_indexed_png):
    assert not reads_indexed_png()


def test_it_is_asked_once_a_session(count_commands):
    reads_indexed_png()
    with count_commands() as counted:
        reads_indexed_png()
    assert counted.names == []
