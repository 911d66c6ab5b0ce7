"""Colour spaces: what the numbers of a file are as light.

A colour space is a transfer curve and primaries, a transform that OpenColorIO or an ICC profile knows, or no
colour at all. All of them lead to linear light of Rec.709 primaries and white D65, "linear sRGB", from which
`rgbcloud.color.spaces` reaches sRGB, Oklab and CIELAB.

Which one a file has is asked in this order, and the first answer counts:

1. the caller: a name, `rgbcloud.color.color_names.find_color_space`;
2. the file: PNG's cICP, then an ICC profile (`rgbcloud.color.icc`), then sRGB, then cHRM and gAMA
   (`rgbcloud.color.image_tags`); of EXR `chromaticities`; then `oiio:ColorSpace`, a name again;
3. the file rules of an OpenColorIO configuration, by the file's name (`rgbcloud.color.ocio_space`);
4. the depth: integers are sRGB, floating-point numbers linear Rec.709.

References
----------
SMPTE RP 177-1993, Derivation of basic television color equations: primaries to CIE XYZ.
Lam, K. M. (1985), Metamerism and colour constancy, PhD thesis, University of Bradford; the matrix as in
ICC.1:2022, annex E: adaptation to another white.
CIE 159:2004, A colour appearance model for colour management systems: the matrix of CAT02.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.color.transfer_curves import Curve, LinearCurve
from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    import numpy.typing as npt

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
_LEAST_AREA = 1e-6  # of the triangle of the primaries: less of it holds no colours


class Primaries(NamedTuple):
    """Where a space's red, green, blue and white lie.

    Attributes
    ----------
    red, green, blue, white : tuple of float
        x and y of CIE 1931.
    through_aces : bool
        Whether the white is adapted to that of ACES by CAT02 first, and from there to D65 by Bradford, as
        OpenColorIO's transforms of most cameras do; otherwise by Bradford alone.
    """

    red: Chromaticity
    green: Chromaticity
    blue: Chromaticity
    white: Chromaticity = D65
    through_aces: bool = False


class ColorSpace(ABC):
    """What the numbers of a file are as light; equal ones are equal, hashable and picklable.

    Attributes
    ----------
    name : str
        What a user is told; `rgbcloud.color.color_names.find_color_space` knows those of built-in ones.
    """

    name: str

    @property
    def is_color(self) -> bool:
        """Whether the numbers are colours at all; raw ones are not."""
        return True

    @property
    @abstractmethod
    def is_linear(self) -> bool:
        """Whether the numbers are linear light, of any primaries."""

    @abstractmethod
    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of Rec.709 primaries and white D65 of stored numbers.

        Parameters
        ----------
        values : ndarray of shape (..., 3), uint8, uint16 or floating-point
            Integers stand for 0 … 1. Best distinct ones: see `rgbcloud.counting`.

        Returns
        -------
        ndarray of shape (..., 3), float64
            Below 0 and above 1 where a display of these primaries cannot show it. Finite for every finite
            float32; NaN and infinities become NaN or infinities, of the same colour alone.

        Raises
        ------
        InvalidArgumentError
            If the space holds no colour.
        """

    @abstractmethod
    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Return the numbers, of which 1 is an integer's largest, that stand for linear light.

        Parameters
        ----------
        light : ndarray of shape (..., 3), float64

        Returns
        -------
        ndarray of shape (..., 3), float64
            The inverse of `to_linear_srgb`, not clipped.

        Raises
        ------
        InvalidArgumentError
            If the space holds no colour.
        """

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """Return what `rgbcloud.color.color_names.color_space_from_json` makes the space from again."""


@dataclass(frozen=True)
class RgbColorSpace(ColorSpace):
    """A transfer curve for each channel, and primaries.

    Attributes
    ----------
    name : str
    curves : tuple of Curve
        One for all three channels, or three.
    to_xyz : tuple
        The matrix from linear light to CIE XYZ, its white adapted to D65 and Y of white 1; see `xyz_matrix`.
    """

    name: str
    curves: tuple[Curve, ...]
    to_xyz: Matrix

    @property
    def is_linear(self) -> bool:
        """Whether the numbers are linear light, of any primaries."""
        return all(isinstance(curve, LinearCurve) for curve in self.curves)

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of stored numbers, see `ColorSpace.to_linear_srgb`."""
        light = self._light(values)
        return light if self.to_xyz == REC709_TO_XYZ else mixed(_between(self.to_xyz, REC709_TO_XYZ), light)

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Return the numbers that stand for linear light, see `ColorSpace.from_linear_srgb`."""
        if self.to_xyz != REC709_TO_XYZ:
            light = mixed(_between(REC709_TO_XYZ, self.to_xyz), light)
        if len(self.curves) == 1:
            return self.curves[0].to_encoded(light)
        channels = zip(self.curves, np.moveaxis(light, -1, 0))
        return np.stack([curve.to_encoded(channel) for curve, channel in channels], axis=-1)

    def _light(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of the space's own primaries; that of integers from a table."""
        if np.issubdtype(values.dtype, np.integer):
            tables = [_light_of_integers(curve, values.dtype.name) for curve in self.curves]
            if len(tables) == 1:
                return tables[0].take(values)
            return np.stack([table.take(values[..., place]) for place, table in enumerate(tables)], axis=-1)
        numbers = values.astype(np.float64)
        if len(self.curves) == 1:
            return self.curves[0].to_light(numbers)
        channels = zip(self.curves, np.moveaxis(numbers, -1, 0))
        return np.stack([curve.to_light(channel) for curve, channel in channels], axis=-1)

    def to_json(self) -> dict[str, Any]:
        """Return name and numbers."""
        curves = [{"type": type(curve).__name__, **_numbers_of(curve)} for curve in self.curves]
        return {"name": self.name, "curves": curves, "to_xyz": [list(row) for row in self.to_xyz]}


@dataclass(frozen=True)
class NoColor(ColorSpace):
    """Numbers that are no colours: directions, distances, masks."""

    name: str = "Raw"

    @property
    def is_color(self) -> bool:
        """Whether the numbers are colours: no."""
        return False

    @property
    def is_linear(self) -> bool:
        """Whether the numbers are linear light: no, they are no light."""
        return False

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Raise `InvalidArgumentError`."""
        raise InvalidArgumentError(self._refusal)

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Raise `InvalidArgumentError`."""
        raise InvalidArgumentError(self._refusal)

    @property
    def _refusal(self) -> str:
        return f"{self.name} holds no colours; name a colour space that does, or take the kind data"

    def to_json(self) -> dict[str, Any]:
        """Return the name."""
        return {"name": self.name}


def xyz_matrix(primaries: Primaries) -> Matrix:
    """Return the matrix from linear light of some primaries to CIE XYZ of white D65.

    Raises
    ------
    InvalidArgumentError
        If a number is not finite, or the primaries enclose no white.
    """
    corners = np.array([primaries.red, primaries.green, primaries.blue, primaries.white], np.float64)
    red, green, blue = corners[:3]
    (across, up), (along, rise) = green - red, blue - red
    area = abs(across * rise - up * along)
    if not np.isfinite(corners).all() or area < _LEAST_AREA or corners[3, 1] <= 0:
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


def mixed(matrix: FloatArray, colors: FloatArray) -> FloatArray:
    """Return the matrix times each colour, summed in one order whatever the number of colours.

    Parameters
    ----------
    matrix : ndarray of shape (3, 3), float64
    colors : ndarray of shape (..., 3), float64

    Returns
    -------
    ndarray of shape (..., 3), float64
        A BLAS would sum the last few rows in another order, and equal colours would differ by their place.
    """
    first, second, third = colors[..., 0], colors[..., 1], colors[..., 2]
    result = np.empty(colors.shape)
    for row, (a, b, c) in enumerate(matrix):
        result[..., row] = a * first + b * second + c * third
    return result


def as_numbers(values: npt.NDArray[Any]) -> FloatArray:
    """Return stored numbers as float64, of which 1 is an integer's largest."""
    if np.issubdtype(values.dtype, np.integer):
        return np.asarray(values / float(np.iinfo(values.dtype).max))
    return values.astype(np.float64)


def _white_xyz(white: Chromaticity) -> FloatArray:
    x, y = white
    return np.array([x / y, 1.0, (1 - x - y) / y])


def _numbers_of(curve: Curve) -> dict[str, Any]:
    return {key: value for key, value in asdict(curve).items() if not key.startswith("_")}  # type: ignore[call-overload]


@functools.lru_cache(maxsize=64)
def _between(one: Matrix, other: Matrix) -> FloatArray:
    """Return the matrix from light of one space to that of another, by way of CIE XYZ."""
    return np.asarray(np.linalg.solve(np.array(other), np.array(one)))


@functools.lru_cache(maxsize=16)
def _light_of_integers(curve: Curve, dtype: str) -> FloatArray:
    """Return the light of every integer of 8 or 16 bits: ndarray of shape (256,) or (65536,), float64."""
    largest = np.iinfo(dtype).max
    table = curve.to_light(np.arange(largest + 1) / largest)
    table.flags.writeable = False
    return table


REC709_TO_XYZ = xyz_matrix(Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)))
"""Of linear sRGB: Rec. ITU-R BT.709-6, item 1.3."""
