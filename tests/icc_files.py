"""ICC profiles made of their parts."""

from __future__ import annotations

import struct

import numpy as np

from rgbcloud.color.color_names import find_color_space
from rgbcloud.color.color_space import SRGB
from rgbcloud.color.primaries import D65, adaptation


def fixed(*numbers):
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def curv(*samples):
    return b"curv\0\0\0\0" + struct.pack(f">I{len(samples)}H", len(samples), *samples)


def para(which, *numbers):
    return b"para\0\0\0\0" + struct.pack(">HH", which, 0) + fixed(*numbers)


def profile(tags, colors=b"RGB ", connection=b"XYZ "):
    """Return a profile of some tags."""
    start, table, data = 132 + 12 * len(tags), b"", b""
    for name, tag in tags.items():
        padded = tag + b"\0" * (-len(tag) % 4)
        table += name.encode() + struct.pack(">II", start + len(data), len(tag))
        data += padded
    size = start + len(data)
    header = bytearray(128)
    header[0:4] = struct.pack(">I", size)
    header[8:12] = b"\x04\x30\0\0"
    header[12:24] = b"mntr" + colors + connection
    header[36:40] = b"acsp"
    header[68:80] = fixed(0.9642, 1.0, 0.8249)
    return bytes(header) + struct.pack(">I", len(tags)) + table + data


def description(text):
    written = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II4sII", 1, 12, b"enUS", len(written), 28) + written


def matrix_profile(space, curve, **other):
    """Return a profile of the primaries of one of our spaces."""
    white = (0.9642 / 2.7891, 1 / 2.7891)
    columns = adaptation(D65, white) @ np.array(find_color_space(space).to_xyz)
    primaries = {
        f"{name}XYZ": b"XYZ \0\0\0\0" + fixed(*columns[:, place]) for place, name in enumerate("rgb")
    }
    curves = {f"{name}TRC": curve for name in "rgb"}
    return profile({"desc": description(f"test {space}"), **primaries, **curves, **other})


SRGB_PARA = para(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
SRGB_CURV = curv(*np.rint(SRGB.curves[0].to_light(np.linspace(0, 1, 1024)) * 65535).astype(int))
P3 = matrix_profile("Linear P3-D65", SRGB_PARA)
