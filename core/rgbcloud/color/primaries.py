"""Primaries and whites: the matrices between linear light, CIE XYZ and linear light of other primaries.

References
----------
SMPTE RP 177-1993, Derivation of basic television color equations: primaries to CIE XYZ.
Lam, K. M. (1985), Metamerism and colour constancy, PhD thesis, University of Bradford; the matrix as in
ICC.1:2022, annex E: adaptation to another white.
CIE 159:2004, A colour appearance model for colour management systems: the matrix of CAT02.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

Chromaticity = tuple[float, float]
"""x and y of CIE 1931."""
Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""Three rows, so that equal ones are equal and hashable."""

D65: Chromaticity = (0.3127, 0.3290)  # Rec. ITU-R BT.709-6, item 1.4
D50: Chromaticity = (0.3457, 0.3585)  # ISO 22028-2:2013
ACES_WHITE: Chromaticity = (0.32168, 0.33767)  # SMPTE ST 2065-1:2021

_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
_FARTHEST = 10.0  # of a primary from 0: none that is in use is farther than 1.5
_LEAST_AREA = 1e-6  # of the triangle of the primaries: less of it holds no colours


class Primaries(NamedTuple):
    """Where a space's red, green, blue and white lie: x and y of CIE 1931."""

    red: Chromaticity
    green: Chromaticity
    blue: Chromaticity
    white: Chromaticity = D65
    through_aces: bool = False
    """Whether the white is adapted to that of ACES by CAT02 first, and from there to D65 by Bradford, as
    OpenColorIO's transforms of most cameras do; otherwise by Bradford alone."""


def xyz_matrix(primaries: Primaries) -> Matrix:
    """Return the matrix from linear light of some primaries to CIE XYZ of white D65.

    Raises
    ------
    InvalidArgumentError
        If a number is not finite, or the primaries enclose no white.
    """
    corners = np.array([primaries.red, primaries.green, primaries.blue, primaries.white], np.float64)
    is_near = bool((np.abs(corners) <= _FARTHEST).all())  # not so of NaN
    if not is_near or corners[3, 1] < _LEAST_AREA or _area(corners[:3]) < _LEAST_AREA:
        msg = f"the primaries {corners[:3].tolist()} with the white {corners[3].tolist()} span no colours"
        raise InvalidArgumentError(f"{msg}; name the colour space instead")
    columns = np.column_stack([corners[:3], 1 - corners[:3].sum(axis=1)]).T  # x, y and z of each primary
    amounts = np.linalg.solve(columns, _white_xyz(primaries.white))
    if (amounts <= 0).any():
        msg = f"the white {corners[3].tolist()} is not among the colours of {corners[:3].tolist()}"
        raise InvalidArgumentError(f"{msg}; name the colour space instead")
    matrix = columns * amounts
    if primaries.through_aces:
        matrix = adaptation(primaries.white, ACES_WHITE, _CAT02) @ matrix
        return as_matrix(adaptation(ACES_WHITE, D65) @ matrix)
    return as_matrix(adaptation(primaries.white, D65) @ matrix)


def adaptation(white: Chromaticity, other: Chromaticity, cones: FloatArray = _BRADFORD) -> FloatArray:
    """Return the matrix of XYZ that takes one white to another: ndarray of shape (3, 3), float64."""
    if white == other:
        return np.eye(3)
    gains = (cones @ _white_xyz(other)) / (cones @ _white_xyz(white))
    return np.asarray(np.linalg.solve(cones, gains[:, np.newaxis] * cones))


def as_matrix(array: FloatArray) -> Matrix:
    """Return an array of shape (3, 3) as a tuple of rows."""
    first, second, third = (tuple(map(float, row)) for row in array)
    return (first, second, third)  # type: ignore[return-value]


def multiply_colors(matrix: FloatArray, colors: FloatArray) -> FloatArray:
    """Return the matrix, (3, 3), times each colour, (..., 3): float64, summed in one order for any number.

    A BLAS may sum the last few rows of an array in another order than the rest, so that equal colours would
    differ by their place in an image.
    """
    first, second, third = colors[..., 0], colors[..., 1], colors[..., 2]
    result = np.empty(colors.shape)
    for row, (a, b, c) in enumerate(matrix):
        result[..., row] = a * first + b * second + c * third
    return result


@functools.lru_cache(maxsize=64)
def matrix_between(one: Matrix, other: Matrix) -> FloatArray:
    """Return the matrix from light of one space to that of another, each given by its matrix to CIE XYZ."""
    return np.asarray(np.linalg.solve(np.array(other), np.array(one)))


def _area(corners: FloatArray) -> float:
    """Return twice the area of a triangle."""
    (across, up), (along, rise) = corners[1:] - corners[0]
    return float(abs(across * rise - up * along))


def _white_xyz(white: Chromaticity) -> FloatArray:
    x, y = white
    return np.array([x / y, 1.0, (1 - x - y) / y])


REC709_TO_XYZ = xyz_matrix(Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)))
"""Of linear sRGB: Rec. ITU-R BT.709-6, item 1.3."""
