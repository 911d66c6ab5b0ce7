"""Transfer curves: from the numbers that a file holds to linear light, and back.

Encoded numbers and light are float64 arrays of any shape. Every curve is defined for all numbers: below 0 a
power is mirrored, above 1 the formula goes on; see `rgbcloud.color.log_curves` for logarithms. All numbers
within ±1e12 become finite light. NaN stays NaN and an infinity stays one, so that whoever reads files can
refuse them by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

_CHECKED = np.arange(4097) / 4096


class Curve(ABC):
    """A transfer curve, never falling: equal ones are equal, hashable and picklable."""

    @abstractmethod
    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""

    @abstractmethod
    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""


@dataclass(frozen=True)
class LinearCurve(Curve):
    """Numbers that are linear light themselves."""

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the numbers as they are."""
        return encoded

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the numbers as they are."""
        return light


@dataclass(frozen=True)
class PowerCurve(Curve):
    """((x + offset) / scale) ** gamma, and x / slope where x is at most `until`; mirrored at 0."""

    # sRGB has 2.4, 0.055, 1.055, 12.92 and 0.04045; a pure power has the gamma alone.
    gamma: float
    offset: float = 0.0
    scale: float = 1.0
    slope: float = 1.0
    until: float = 0.0

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""
        size = np.abs(encoded)
        power = ((size + self.offset) / self.scale) ** self.gamma
        return np.copysign(np.where(size <= self.until, size / self.slope, power), encoded)

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""
        size = np.abs(light)
        root = self.scale * size ** (1 / self.gamma) - self.offset
        straight = size <= self.until / self.slope
        return np.copysign(np.where(straight, size * self.slope, root), light)


@dataclass(frozen=True)
class SampledCurve(Curve):
    """Light at equal steps of the encoded numbers 0 to 1, straight between and above; mirrored at 0."""

    samples: tuple[float, ...]
    """Two or more, not falling; see `check_rises`. Of equal ones, light comes back as one."""
    _light: FloatArray = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_light", np.array(self.samples))

    @property
    def _last_slope(self) -> float:
        """The slope above 1: that of the last samples which differ."""
        light = self._light
        lower = int(np.searchsorted(light, light[-1])) - 1
        return float((light[-1] - light[lower]) * (len(light) - 1))

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""
        size = np.abs(encoded)
        light = np.interp(size, np.linspace(0, 1, len(self._light)), self._light)
        return np.asarray(np.copysign(light + np.maximum(size - 1, 0) * self._last_slope, encoded))

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""
        size = np.abs(light)
        encoded = np.interp(size, self._light, np.linspace(0, 1, len(self._light)))
        beyond = np.maximum(size - self._light[-1], 0) / self._last_slope
        return np.asarray(np.copysign(encoded + beyond, light))


def check_rises(curve: Curve, name: str) -> None:
    """Raise `InvalidArgumentError` if a curve that was read from a file does not rise from 0 to 1.

    It may stay the same for a while, as many an ICC profile does near black; falling anywhere, staying the
    same throughout and numbers that are not finite are refused.
    """
    with np.errstate(all="ignore"):
        light = np.array(curve.samples) if isinstance(curve, SampledCurve) else curve.to_light(_CHECKED)
    if not np.isfinite(light).all() or (np.diff(light) < 0).any() or light[-1] <= light[0]:
        msg = f"the transfer curve of {name} does not rise from 0 to 1; name the colour space instead"
        raise InvalidArgumentError(msg)
