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
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.primaries import REC709_TO_XYZ, Matrix, matrix_between, multiply_colors
from rgbcloud.color.transfer_curves import Curve, LinearCurve, PowerCurve
from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray


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

    @property
    def acts_per_channel(self) -> bool:
        """Whether the light of a channel follows from its number alone, in all three the same way."""
        return False

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
            Below 0 and above 1 where a display of these primaries cannot show it. Finite for all numbers
            within ±1e12; NaN and infinities become NaN or infinities, of the same colour alone.

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
    """A transfer curve for each channel, and primaries."""

    name: str
    curves: tuple[Curve, ...]  # one for all three channels, or three
    to_xyz: Matrix
    """From linear light to CIE XYZ, its white adapted to D65 and Y of white 1; see `xyz_matrix`."""

    @property
    def is_linear(self) -> bool:
        """Whether the numbers are linear light, of any primaries."""
        return all(isinstance(curve, LinearCurve) for curve in self.curves)

    @property
    def acts_per_channel(self) -> bool:
        """Whether the light of a channel follows from its number alone, in all three the same way."""
        return len(self.curves) == 1 and self.to_xyz == REC709_TO_XYZ

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of stored numbers, see `ColorSpace.to_linear_srgb`."""
        light = self._light(values)
        return (
            light
            if self.to_xyz == REC709_TO_XYZ
            else multiply_colors(matrix_between(self.to_xyz, REC709_TO_XYZ), light)
        )

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Return the numbers that stand for linear light, see `ColorSpace.from_linear_srgb`."""
        if self.to_xyz != REC709_TO_XYZ:
            light = multiply_colors(matrix_between(REC709_TO_XYZ, self.to_xyz), light)
        return _by_channel([curve.to_encoded for curve in self.curves], light)

    def _light(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of the space's own primaries; that of integers from a table."""
        if np.issubdtype(values.dtype, np.integer):
            dtype = values.dtype.name
            return _by_channel([_light_of_integers(curve, dtype).take for curve in self.curves], values)
        return _by_channel([curve.to_light for curve in self.curves], values.astype(np.float64))

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

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:  # noqa: ARG002 - there is nothing to do
        """Raise `InvalidArgumentError`."""
        raise InvalidArgumentError(self._refusal)

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:  # noqa: ARG002 - the same
        """Raise `InvalidArgumentError`."""
        raise InvalidArgumentError(self._refusal)

    @property
    def _refusal(self) -> str:
        return f"{self.name} holds no colours; name a colour space that does, or take the kind data"

    def to_json(self) -> dict[str, Any]:
        """Return the name."""
        return {"name": self.name}


LINEAR = LinearCurve()
SRGB_CURVE = PowerCurve(2.4, 0.055, 1.055, 12.92, 0.04045)  # IEC 61966-2-1:1999, 5.2

SRGB = RgbColorSpace("sRGB Encoded Rec.709 (sRGB)", (SRGB_CURVE,), REC709_TO_XYZ)
LINEAR_SRGB = RgbColorSpace("Linear Rec.709 (sRGB)", (LINEAR,), REC709_TO_XYZ)
RAW = NoColor()
"""What most files hold; `rgbcloud.color.built_in_spaces` has the others."""


def as_numbers(values: npt.NDArray[Any]) -> FloatArray:
    """Return stored numbers as float64, of which 1 is an integer's largest."""
    if np.issubdtype(values.dtype, np.integer):
        return np.asarray(values / float(np.iinfo(values.dtype).max))
    return values.astype(np.float64)


def _by_channel(functions: Sequence[Callable[..., Any]], colors: npt.NDArray[Any]) -> FloatArray:
    """Return what one function makes of all channels, or each of three of its own."""
    if len(functions) == 1:
        return np.asarray(functions[0](colors))
    channels = np.moveaxis(colors, -1, 0)
    return np.stack([function(channel) for function, channel in zip(functions, channels)], axis=-1)


def _numbers_of(curve: Curve) -> dict[str, Any]:
    return {key: value for key, value in asdict(curve).items() if not key.startswith("_")}  # type: ignore[call-overload]


@functools.lru_cache(maxsize=16)
def _light_of_integers(curve: Curve, dtype: str) -> FloatArray:
    """Return the light of every integer of 8 or 16 bits: ndarray of shape (256,) or (65536,), float64."""
    largest = np.iinfo(dtype).max
    table = curve.to_light(np.arange(largest + 1) / largest)
    table.flags.writeable = False
    return table
