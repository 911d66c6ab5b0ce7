"""Where distances between a texture's stored numbers are taken: its distance space.

A texture's numbers mean something: colours of some colour space, directions, or plain data. The distance
space turns them into coordinates whose Euclidean distance says how different two texels are, and coordinates
back into numbers that the file can hold.

High dynamic range is compressed first: linear light above 1 counts as 1 + ln(light), which continues the
straight line below 1 with its own slope, so that a sun in the picture does not take the palette. This is the
construction of the hybrid log-gamma curve (Rec. ITU-R BT.2100-2, table 5): one curve for what a display
shows, a logarithm of the same slope for what is brighter.
"""

from __future__ import annotations

import functools
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union

import numpy as np
import numpy.typing as npt

from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.nearest import nearest_centers
from rgbcloud.color.primaries import REC709_TO_XYZ
from rgbcloud.color.spaces import SPACES
from rgbcloud.fields import check_value
from rgbcloud.settings import SpaceName, field_of

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.color_space import ColorSpace

HeldName = Literal["color", "data", "normal"]
StoredArray = npt.NDArray[Any]
"""Texels as a file holds them: uint8, uint16, float16 or float32."""

_STEPS = 1 << 20
"""Steps of a coordinate in a unit. Coordinates within ±16 have exact squared distances in float64."""
_BRIGHTEST = 65504.0  # the largest half; what is brighter counts as this
_MANY = 1 << 14  # texels from which on it is sooner to look coordinates up
_SHARE = 1 << 16  # coordinates that a thread takes on at a time


@dataclass(frozen=True)
class DistanceSpace:
    """What stored numbers mean, and the space that their distances are taken in.

    Attributes
    ----------
    space : {"srgb", "linear", "oklab", "cielab"}
        Of colours; data and normals have their own.
    kind : {"color", "data", "normal"}
        Data count as the numbers that they are. Normals are directions, stored as (n + 1) / 2.
    color_space : ColorSpace, default sRGB
        What stored colours are, one that holds colour. Of data and normals it only says how a display shows
        them.
    dtype : str, default "uint8"
        How the numbers are stored; integers stand for 0 … 1.
    signed : bool, default False
        Whether normals are stored as they are, in [-1, 1]; floating-point files have both.
    scale : float, default 1
        What data are multiplied with, so that they lie within ±16.
    """

    space: SpaceName = "srgb"
    kind: HeldName = "color"
    color_space: ColorSpace = SRGB
    dtype: str = "uint8"
    signed: bool = False
    scale: float = 1.0

    @property
    def is_stored(self) -> bool:
        """Whether distances are those of the stored 8-bit numbers, as `rgbcloud.color.nearest` takes them."""
        return self.dtype == "uint8" and (self.kind == "data" or self._as_stored)

    @property
    def is_srgb8(self) -> bool:
        """Whether stored numbers are those that an 8-bit display shows."""
        return self.dtype == "uint8" and self.color_space == SRGB

    @property
    def of_display(self) -> DistanceSpace:
        """Where distances are taken between the colours that a display shows of the numbers: 8-bit sRGB."""
        return self if self.is_srgb8 else DistanceSpace(self.space if self.kind == "color" else "srgb")

    @property
    def _as_stored(self) -> bool:
        if self.kind != "color" or self.space not in _STORED:
            return False
        return self.color_space == _STORED[self.space]

    def coordinates(self, values: StoredArray) -> FloatArray:
        """Return the working coordinates of stored numbers.

        Parameters
        ----------
        values : ndarray of shape (n, 3)
            Finite, of the space's dtype.

        Returns
        -------
        ndarray of shape (n, 3), float64
            Rounded to 2**-20, so that squared distances are exact. CIELAB is divided by 100; normals are
            unit vectors, and a vector of no length is (0, 0, 1).
        """
        table = self.table() if len(values) >= _MANY and values.dtype == self.dtype else None
        if table is not None:
            return np.asarray(table.take(values.view(np.uint16)))
        return self._compute_coordinates(values)

    def kept_coordinates(self, values: StoredArray) -> FloatArray:
        """Return the coordinates of all distinct values of an image, not to be written to.

        They are kept as long as these values are, or until others are asked for: clustering asks, and so do
        the errors of its palette and of the result.
        """
        global _kept
        kept = _kept
        if kept is None or kept[0]() is not values:
            _kept = kept = weakref.ref(values, _forget), {}
        if self not in kept[1]:
            kept[1][self] = self.coordinates(values)
        return kept[1][self]

    def table(self) -> FloatArray | None:
        """Return the coordinates of all numbers of 16 bits by their bits: ndarray of shape (65536,), float64.

        None if numbers have other bits, or a coordinate depends on several of them.
        """
        return _table(self) if self.is_each and np.dtype(self.dtype).itemsize == 2 else None

    @property
    def is_each(self) -> bool:
        """Whether a coordinate depends on one stored number, in every channel in the same way."""
        return self.kind == "data" or (
            self.kind == "color" and self.space in _STORED and self.color_space.acts_per_channel
        )

    @property
    def has_channels(self) -> bool:
        """Whether there are `channels`: not of primaries other than those of sRGB."""
        return self.kind != "color" or self.color_space.acts_per_channel

    def channels(self, values: StoredArray) -> FloatArray:
        """Return numbers that coordinates can be computed from, and that each depend on one stored number.

        Returns
        -------
        ndarray of the same shape, float64
            The coordinates themselves where the space `is_each`, vectors of normals, and linear light of
            Oklab and CIELAB, compressed as distances are taken.
        """
        if self.is_each:
            return self._compute_coordinates(values)
        return self.vectors(values) if self.kind == "normal" else self._light(values)

    def cielab(self, values: StoredArray) -> FloatArray:
        """Return stored colours as a viewer sees them: CIELAB, L* in [0, 100] up to white.

        Where their luminance Y is above 1 it counts as 1 + ln(Y), and their hue stays: what is no brighter
        than white is exact, colours outside sRGB too.

        Parameters
        ----------
        values : ndarray of shape (n, 3)
            Finite, of the space's dtype.

        Returns
        -------
        ndarray of shape (n, 3), float64
        """
        light = self.color_space.to_linear_srgb(values).clip(-_BRIGHTEST, _BRIGHTEST)
        red, green, blue = REC709_TO_XYZ[1]
        luminance = red * light[:, 0] + green * light[:, 1] + blue * light[:, 2]
        bright = np.flatnonzero(luminance > 1)
        light[bright] *= ((1 + np.log(luminance[bright])) / luminance[bright])[:, np.newaxis]
        return SPACES["cielab"].from_linear(light)

    def _compute_coordinates(self, values: StoredArray) -> FloatArray:
        if self.kind == "normal":
            numbers = _unit(self.vectors(values))
        elif self.kind == "color":
            numbers = self._colors(values)
        else:
            numbers = self._numbers(values) * self.scale
        return np.rint(numbers * _STEPS) / _STEPS

    def vectors(self, values: StoredArray) -> FloatArray:
        """Return stored numbers as vectors: ndarray of shape (n, 3), float64, as long as they are."""
        numbers = self._numbers(values)
        return numbers if self.signed else numbers * 2 - 1

    def values(self, coordinates: FloatArray) -> StoredArray:
        """Return the stored numbers that are nearest to coordinates: ndarray of shape (n, 3)."""
        if self.kind == "normal":
            numbers = _unit(coordinates) if self.signed else (_unit(coordinates) + 1) / 2
        elif self.kind == "color":
            numbers = self._from_colors(coordinates)
        else:
            numbers = coordinates / self.scale
        numbers = numbers * self._whole
        if np.issubdtype(np.dtype(self.dtype), np.integer):
            numbers = np.rint(numbers).clip(0, self._whole)
        return numbers.astype(self.dtype)

    @property
    def unit(self) -> float:
        """How much of the space's own unit one unit of a coordinate is: 100 in CIELAB, otherwise 1."""
        return 100.0 if self.kind == "color" and self.space == "cielab" else 1.0

    @property
    def _whole(self) -> float:
        """The stored number that stands for 1."""
        dtype = np.dtype(self.dtype)
        return float(np.iinfo(dtype).max) if np.issubdtype(dtype, np.integer) else 1.0

    @property
    def _is_floating(self) -> bool:
        return self._whole == 1.0

    def _numbers(self, values: StoredArray) -> FloatArray:
        return values.astype(np.float64) / self._whole

    def _colors(self, values: StoredArray) -> FloatArray:
        if self._as_stored and not self._is_floating:
            return self._numbers(values)
        return SPACES[self.space].from_linear(self._light(values)) / self.unit

    def _light(self, values: StoredArray) -> FloatArray:
        # Means of integers are none, but count in the same steps.
        numbers = values if values.dtype == self.dtype else self._numbers(values)
        light = self.color_space.to_linear_srgb(numbers)
        return light if self.is_srgb8 else _compress_light(light)

    def _from_colors(self, colors: FloatArray) -> FloatArray:
        if self._as_stored and not self._is_floating:
            return colors
        light = SPACES[self.space].to_linear(colors * self.unit)
        return self.color_space.from_linear_srgb(light if self.is_srgb8 else _expand_light(light))


_kept: tuple[weakref.ref[StoredArray], dict[DistanceSpace, FloatArray]] | None = None
"""The values that `DistanceSpace.kept_coordinates` was asked for last, and their coordinates by space."""


def _forget(values: weakref.ref[StoredArray]) -> None:
    global _kept
    if _kept is not None and _kept[0] is values:
        _kept = None


_STORED: dict[str, ColorSpace] = {"srgb": SRGB, "linear": LINEAR_SRGB}
"""The spaces that files store, too."""


@functools.lru_cache(maxsize=8)
def _table(space: DistanceSpace) -> FloatArray:
    numbers = np.arange(1 << 16, dtype=np.uint16).view(space.dtype)
    with np.errstate(invalid="ignore", over="ignore"):  # some are none
        table = space._compute_coordinates(np.repeat(numbers[:, np.newaxis], 3, axis=1))[:, 0].copy()
    table.flags.writeable = False
    return table


AnySpace = Union[SpaceName, DistanceSpace]


def distance_space(space: AnySpace) -> DistanceSpace:
    """Return the distance space of 8-bit sRGB for the name of a space, and a distance space as it is.

    Raises
    ------
    InvalidArgumentError
        If there is no space of that name.
    """
    if isinstance(space, DistanceSpace):
        return space
    check_value(field_of("space"), space)
    return DistanceSpace(space)


def nearest_values(values: StoredArray, palette: StoredArray, space: DistanceSpace) -> UInt8Array:
    """Return which palette value is nearest to each value in the distance space.

    Parameters
    ----------
    values : ndarray of shape (n, 3)
    palette : ndarray of shape (k, 3)
        1 to 256 values, in any order.
    space : DistanceSpace

    Returns
    -------
    ndarray of shape (n,), uint8
        Indices into `palette`; of equally near values the first by red, green, blue.
    """
    order = np.lexsort(palette.T[::-1]).astype(np.uint8)
    return order[nearest_centers(space.coordinates(values), space.coordinates(palette[order]))]


def _unit(vectors: FloatArray) -> FloatArray:
    """Return vectors of length 1 in the same directions; (0, 0, 1), straight out, where there is none."""
    length = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    straight = np.array([0.0, 0.0, 1.0])
    unit: FloatArray = np.where(length > 0, vectors / np.where(length > 0, length, 1), straight)
    return unit


def _compress_light(light: FloatArray) -> FloatArray:
    size: FloatArray = np.abs(light).clip(0, _BRIGHTEST)
    bright = size > 1
    size[bright] = 1 + np.log(size[bright])
    return np.copysign(size, light)


def _expand_light(compressed: FloatArray) -> FloatArray:
    size: FloatArray = np.abs(compressed)
    bright = size > 1
    size[bright] = np.exp(np.minimum(size[bright] - 1, np.log(_BRIGHTEST)))
    return np.copysign(size, compressed)
