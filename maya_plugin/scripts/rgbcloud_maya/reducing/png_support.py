"""Whether this Maya reads PNGs that hold palette indices, proven by reading one."""

from __future__ import annotations

import ctypes
import functools
import sys
import tempfile
from pathlib import Path

import numpy as np
from maya import cmds
from maya.api import OpenMaya

from rgbcloud import Image, Palette, Recipe, reduce
from rgbcloud.images import PILLOW

_COLORS = np.array([[[200, 30, 40], [50, 160, 70]], [[80, 90, 220], [250, 240, 10]]], np.uint8)


@functools.cache
def reads_indexed_png() -> bool:
    """Return whether Maya shows the colours of an indexed PNG; tried once a session.

    No source says that every Maya does, and Maya's reader is the one that file nodes use, too. Where trying
    may end the session, it is not tried, and the answer is no.
    """
    if _may_abort():
        return False
    palette = Palette(_COLORS.reshape(-1, 3))
    data = reduce(Image.of_array(_COLORS, PILLOW), Recipe(palette=palette)).data
    with tempfile.TemporaryDirectory(prefix="rgbcloud") as folder:
        path = Path(folder) / "indexed.png"
        path.write_bytes(data)
        image = OpenMaya.MImage()
        try:
            image.readFromFile(str(path))
        except RuntimeError:
            return False
        return _colors_of(image) == sorted(map(tuple, _COLORS.reshape(-1, 3).tolist()))


def _may_abort() -> bool:
    """Return whether this Maya may abort over two versions of libpng when it reads a PNG.

    Maya 2027 did on Linux: aws-deadline/deadline-cloud-for-maya, pull request 481.
    """
    return sys.platform.startswith("linux") and int(cmds.about(apiVersion=True)) >= 20270000


def _colors_of(image: OpenMaya.MImage) -> list[tuple[int, ...]]:
    """Return an image's colours in an order of their own: rows may stand upside down."""
    width, height = image.getSize()
    size = width * height * 4
    texels = (ctypes.c_ubyte * size).from_address(int(image.pixels()))
    colors = np.frombuffer(texels, np.uint8).reshape(-1, 4)[:, :3]
    if not image.isRGBA():
        colors = colors[:, ::-1]
    return sorted(map(tuple, colors.tolist()))
