"""4 x 4 matrices as Maya keeps them: rows, points multiplied from the left; angles in degrees."""

from __future__ import annotations

import numpy as np

IDENTITY = tuple(float(row == column) for row in range(4) for column in range(4))

_ORDERS = ("xyz", "yzx", "zxy", "xzy", "yxz", "zyx")


def compose(translate, rotate, scale, shear, order: int) -> list[float]:
    """Return scale * shear * rotate * translate; pivots are not simulated."""
    result = np.diag([*scale, 1.0])
    xy, xz, yz = shear
    result = result @ np.array([[1, 0, 0, 0], [xy, 1, 0, 0], [xz, yz, 1, 0], [0, 0, 0, 1.0]])
    for axis in _ORDERS[int(order)]:
        result = result @ _rotation(axis, np.radians(rotate["xyz".index(axis)]))
    result = result @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [*translate, 1.0]])
    return result.ravel().tolist()


def decompose(matrix) -> tuple[list[float], list[float], list[float]]:
    """Return translation, rotation (xyz order, degrees) and scale of a matrix without shear."""
    array = np.reshape(matrix, (4, 4))
    scale = np.linalg.norm(array[:3, :3], axis=1)
    if np.linalg.det(array[:3, :3]) < 0:
        scale[0] *= -1
    rows = array[:3, :3] / np.where(scale == 0, 1, scale)[:, None]
    y = -np.arcsin(np.clip(rows[0, 2], -1, 1))
    if abs(rows[0, 2]) < 1 - 1e-12:
        x, z = np.arctan2(rows[1, 2], rows[2, 2]), np.arctan2(rows[0, 1], rows[0, 0])
    else:
        x, z = np.arctan2(-rows[2, 1], rows[1, 1]), 0.0
    return array[3, :3].tolist(), np.degrees([x, y, z]).tolist(), scale.tolist()


def multiply(first, second) -> list[float]:
    return (np.reshape(first, (4, 4)) @ np.reshape(second, (4, 4))).ravel().tolist()


def inverse(matrix) -> list[float]:
    return np.linalg.inv(np.reshape(matrix, (4, 4))).ravel().tolist()


def transform_point(point, matrix) -> list[float]:
    return (np.array([*point, 1.0]) @ np.reshape(matrix, (4, 4)))[:3].tolist()


def _rotation(axis: str, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    result = np.eye(4)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    result[first, first] = result[second, second] = cos
    result[first, second], result[second, first] = sin, -sin
    return result
