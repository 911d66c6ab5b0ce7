"""Points in the RGB cube to pixels, with numpy alone: 100,000 of them many times a second."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from rgbcloud.color import UInt8Array

Float32Array = npt.NDArray[np.float32]

_DISTANCE = 3.2  # of the eye from the cube's middle, in cube edges
_FADING = 0.45  # how much darker the farthest points are
_BACKGROUND_SHARE = 0.16  # of their colour that points keep which do not stand out


@dataclass(frozen=True)
class Camera:
    """Where the cube is looked at from."""

    # Degrees. At 0, 0 red runs to the right, green up, blue towards the eye, as axes do in Maya.
    yaw: float = 35.0
    pitch: float = 24.0
    zoom: float = 1.0  # 1 shows the whole cube however it is turned

    def rotation(self) -> Float32Array:
        """Return the matrix that turns cube coordinates into right, up, towards the eye: shape (3, 3)."""
        yaw, pitch = math.radians(-self.yaw), math.radians(self.pitch)
        around_green = [
            [math.cos(yaw), 0, math.sin(yaw)],
            [0, 1, 0],
            [-math.sin(yaw), 0, math.cos(yaw)],
        ]
        around_right = [
            [1, 0, 0],
            [0, math.cos(pitch), -math.sin(pitch)],
            [0, math.sin(pitch), math.cos(pitch)],
        ]
        return np.array(around_right, np.float32) @ np.array(around_green, np.float32)

    def project(self, positions: Float32Array, width: int, height: int) -> Float32Array:
        """Return where points are seen.

        Parameters
        ----------
        positions : ndarray of shape (n, 3), float32
            In the unit cube.
        width, height : int
            Of the view, in pixels.

        Returns
        -------
        ndarray of shape (3, n), float32
            Pixels from the left, pixels from the top, and nearness: larger is nearer to the eye, 0 in the
            cube's middle.
        """
        # Not a matrix product: BLAS would wait for that of a worker, and the view with it.
        red, green, blue = (np.ascontiguousarray(positions[:, axis]) - np.float32(0.5) for axis in range(3))
        seen = np.stack([row[0] * red + row[1] * green + row[2] * blue for row in self.rotation()])
        scale = np.float32(self.zoom * min(width, height) * 0.5)
        perspective = scale * np.float32(_DISTANCE) / (np.float32(_DISTANCE) - seen[2])
        seen[0] = width / 2 + seen[0] * perspective * np.float32(1.1)
        seen[1] = height / 2 - seen[1] * perspective * np.float32(1.1)
        return seen

    def place(self, x: float, y: float, nearness: float, width: int, height: int) -> Float32Array:
        """Return which place in the cube, (3,), float32, is seen at a pixel: `project` leads back."""
        scale = self.zoom * min(width, height) * 0.5
        perspective = 1.1 * scale * _DISTANCE / (_DISTANCE - nearness)
        seen = np.array([(x - width / 2) / perspective, (height / 2 - y) / perspective, nearness])
        return np.asarray(self.rotation().T @ seen + 0.5, np.float32)


def splat(
    canvas: npt.NDArray[np.uint32],
    seen: Float32Array,
    colors: UInt8Array,
    *,
    size: int = 2,
    standing_out: npt.NDArray[np.bool_] | None = None,
) -> None:
    """Draw points as squares of `size` pixels (with cut corners from 4 on), nearer ones over farther ones.

    Parameters
    ----------
    canvas : ndarray of shape (h, w), uint32
        0xffRRGGBB; drawn into.
    seen : ndarray of shape (3, n), float32
        See `Camera.project`.
    colors : ndarray of shape (n, 3), uint8
    size : int, default 2
    standing_out : ndarray of shape (n,), bool, optional
        Points that are drawn in full and over all others, which are dimmed.

    Notes
    -----
    Where an index occurs several times in an assignment, numpy keeps the last value: points are written
    in order of their nearness, which is sorted in 16 bits, where numpy's stable sort is a radix sort.
    """
    height, width = canvas.shape
    left = (seen[0] - np.float32((size - 1) / 2)).astype(np.int32)
    top = (seen[1] - np.float32((size - 1) / 2)).astype(np.int32)
    inside = (left >= 0) & (top >= 0) & (left <= width - size) & (top <= height - size)
    nearness = np.clip((seen[2] + np.float32(0.9)) * np.float32(16_000), 0, 32_000).astype(np.uint16)
    if standing_out is not None:
        nearness += standing_out.astype(np.uint16) * np.uint16(32_001)
    visible = np.flatnonzero(inside)
    order = visible[np.argsort(nearness[visible], kind="stable")]
    values = _fade_colors(colors, seen[2], standing_out)[order]
    starts = top[order] * width + left[order]
    offsets = _square(size, width)
    flat = canvas.reshape(-1)
    pixels = starts[:, np.newaxis] + offsets
    flat[pixels] = values[:, np.newaxis]


def _fade_colors(
    colors: UInt8Array, nearness: Float32Array, standing_out: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.uint32]:
    """Return 0xffRRGGBB, darker with distance."""
    share = np.clip(nearness * np.float32(0.6) + np.float32(0.5), 0, 1)
    brightness = 1 - np.float32(_FADING) * (1 - share)
    if standing_out is not None:
        brightness = np.where(standing_out, np.float32(1), brightness * np.float32(_BACKGROUND_SHARE))
    parts = (colors.T * brightness).astype(np.uint32)
    packed: npt.NDArray[np.uint32] = parts[0] << 16 | parts[1] << 8 | parts[2] | np.uint32(0xFF000000)
    return packed


def _square(size: int, width: int) -> npt.NDArray[np.int32]:
    rows, columns = np.mgrid[:size, :size]
    kept = np.ones((size, size), bool)
    if size >= 4:
        kept[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    offsets: npt.NDArray[np.int32] = (rows * width + columns)[kept].astype(np.int32)
    return offsets
