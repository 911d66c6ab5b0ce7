"""Draws the shelf's icons: run this file, and the SVGs beside it are written anew.

32 x 32 pixels, for Maya's dark shelf. Fills and strokes only: Qt draws no more of SVG than its Tiny profile.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Callable

SIZE = 32
LINE = "#c8c8c8"
PALETTE = ("#e8543a", "#f2b43c", "#3fa36b")  # any three that keep apart
PICTURE = (  # a sunset: what a texture looks like at 8 x 8 texels
    "3b4a8c 4a569c 6465ad 8573b5 a57fb6 c48cb0 dc9aa6 e9aa9c",
    "4a569c 6465ad 8573b5 a57fb6 c48cb0 dc9aa6 efae98 f7c088",
    "6465ad 8573b5 a57fb6 c48cb0 e0a0a0 f7c088 fcd47c fde08a",
    "8573b5 a57fb6 c48cb0 dc9aa6 f7c088 fde08a fff2b0 fde08a",
    "a57fb6 c48cb0 dc9aa6 efae98 f7c088 fcd47c fde08a fcd47c",
    "5d7a58 688560 748f66 80996b 8ca26f 98ab72 a3b375 8ca26f",
    "46653f 51704a 5d7a58 688560 748f66 80996b 8ca26f 748f66",
    "304f2c 3a5a35 46653f 51704a 5d7a58 688560 748f66 5d7a58",
)


def cloud() -> str:
    """Return the RGB cube with points in the colours of their places."""
    parts = [_line(corner, other) for corner, other in _edges()]
    steps = range(5)
    points = [(r, g, b) for b in steps for g in steps for r in steps if (3 * r + g + 4 * b) % 7 < 2]
    for point in points:  # from the back to the front
        color = [channel / 4 for channel in point]
        x, y = _project(color)
        parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.6" fill="{_hex(color)}"/>')
    return _svg(parts)


def reduce() -> str:
    """Return a picture of many colours, and what becomes of it."""
    parts = _texels(2, 2, 2.5, _picture)
    parts.append(f'<path d="M24 7 h3 v5" fill="none" stroke="{LINE}" stroke-width="1.6"/>')
    parts.append(f'<path d="M24.2 11 L27 15 L29.8 11 Z" fill="{LINE}"/>')
    flat = _flat_picture()
    parts += _texels(10, 17, 1.6, lambda row, column: flat[row][column])
    for index, color in enumerate(PALETTE):
        parts.append(_square(24.5, 17 + 4.5 * index, 4, color))
    return _svg(parts)


def revert() -> str:
    """Return the picture, and an arrow back to it."""
    parts = _texels(9, 9, 1.75, _picture)
    radius, middle = 12.5, SIZE / 2
    start, end = math.radians(-50), math.radians(215)
    x0, y0 = middle + radius * math.cos(start), middle + radius * math.sin(start)
    x1, y1 = middle + radius * math.cos(end), middle + radius * math.sin(end)
    arc = f"M{x0:.2f} {y0:.2f} A{radius} {radius} 0 1 1 {x1:.2f} {y1:.2f}"
    parts.append(f'<path d="{arc}" fill="none" stroke="{LINE}" stroke-width="2.4"/>')
    parts.append(f'<path d="M{x1 - 4:.2f} {y1:.2f} h8 l-2.6 -7 Z" fill="{LINE}"/>')
    return _svg(parts)


def panel() -> str:
    """Return a window with the picture and its palette."""
    parts = [
        f'<rect x="2.7" y="3.7" width="26.6" height="24.6" rx="2" fill="#3a3a3a" stroke="{LINE}"/>',
        f'<rect x="2.7" y="3.7" width="26.6" height="4" rx="1" fill="{LINE}"/>',
    ]
    parts += _texels(5, 10, 1.5, _picture)
    parts += [_square(20, 10 + 4.4 * index, 3.4, color, width=7) for index, color in enumerate(PALETTE)]
    parts.append(f'<path d="M5 25 h22" stroke="{LINE}" stroke-width="1.2"/>')
    parts.append(f'<circle cx="13" cy="25" r="2" fill="{LINE}"/>')
    return _svg(parts)


ICONS = {
    "rgbcloud_cloud.svg": cloud,
    "rgbcloud_reduce.svg": reduce,
    "rgbcloud_revert.svg": revert,
    "rgbcloud_panel.svg": panel,
}


def _project(point: list[float]) -> tuple[float, float]:
    """Return where a point of the unit cube is seen: red to the right, green up, blue to the front."""
    red, green, blue = point
    return 11 + 18 * red - 8 * blue, 21.5 - 18 * green + 7.5 * blue


def _edges() -> list[tuple[list[float], list[float]]]:
    corners = [[float(n >> bit & 1) for bit in range(3)] for n in range(8)]
    pairs = [(a, b) for a in corners for b in corners if a < b]
    return [(a, b) for a, b in pairs if sum(x != y for x, y in zip(a, b)) == 1]


def _line(start: list[float], end: list[float]) -> str:
    (x0, y0), (x1, y1) = _project(start), _project(end)
    ends = f'x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"'
    return f'<line {ends} stroke="{LINE}" stroke-width="0.8" stroke-opacity="0.7"/>'


def _picture(row: int, column: int) -> str:
    return "#" + PICTURE[row].split()[column]


def _flat_picture() -> list[list[str]]:
    """Return the picture in three flat colours, by how it is painted: sky, sun, ground."""
    sun = {(2, 5), (2, 6), (2, 7), (3, 4), (3, 5), (3, 6), (3, 7), (4, 4), (4, 5), (4, 6), (4, 7)}
    sky, light, ground = PALETTE
    return [
        [ground if row > 4 else light if (row, column) in sun else sky for column in range(8)]
        for row in range(8)
    ]


def _texels(left: float, top: float, edge: float, color: Callable[[int, int], str]) -> list[str]:
    # a hair wider than they are apart, so that no seam shows
    return [
        _square(left + edge * column, top + edge * row, edge + 0.1, color(row, column))
        for row in range(8)
        for column in range(8)
    ]


def _square(x: float, y: float, edge: float, color: str, width: float | None = None) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width or edge:g}" height="{edge:g}" fill="{color}"/>'


def _hex(color: list[float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in color)


def _svg(parts: list[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}">'
    )
    return "\n".join([head, *parts, "</svg>", ""])


if __name__ == "__main__":
    for name, drawn in ICONS.items():
        Path(__file__).with_name(name).write_bytes(drawn().encode())
