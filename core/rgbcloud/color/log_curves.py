"""Transfer curves of cameras and displays that are logarithms, or nearly.

Below 0 a logarithm goes on as its own straight line, and it becomes straight at light of 65504, the largest
half, so that all numbers within ±1e12 become finite light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.transfer_curves import Curve

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

_BRIGHTEST = 65504.0  # the largest half: where logarithms become straight


@dataclass(frozen=True)
class LogCurve(Curve):
    """A camera's logarithm, log_slope * log(lin_slope * light + lin_offset, base) + log_offset.

    The parameters are those of OpenColorIO's LogCameraTransform. At `until` a straight line takes over, which
    meets the logarithm there whatever digits its source was rounded to.
    """

    log_slope: float
    log_offset: float
    lin_slope: float
    lin_offset: float
    until: float  # the encoded number at which the straight line begins, downwards
    base: float = 10.0
    line_slope: float | None = None  # encoded numbers per light of the straight line; the tangent if left out
    mirrored_at: float | None = None
    """The encoded number of no light, where the whole curve is mirrored, and the straight line ends. The
    slope follows then."""

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""
        if self.mirrored_at is None:
            return self._upper_to_light(encoded)
        away = encoded - self.mirrored_at
        return np.copysign(self._upper_to_light(np.abs(away) + self.mirrored_at), away)

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""
        if self.mirrored_at is None:
            return self._upper_to_encoded(light)
        away = self._upper_to_encoded(np.abs(light)) - self.mirrored_at
        return np.copysign(away, light) + self.mirrored_at

    def _upper_to_light(self, encoded: FloatArray) -> FloatArray:
        top = self._log_encoded(_BRIGHTEST)
        light = self._log_light(np.clip(encoded, self.until, top))
        below = np.minimum(encoded - self.until, 0) * self._light_per_step
        above = np.maximum(encoded - top, 0) * self._light_per_step_at(_BRIGHTEST)
        result: FloatArray = light + below + above
        return result

    def _upper_to_encoded(self, light: FloatArray) -> FloatArray:
        start = self._start
        encoded = self._log_encoded(np.clip(light, start, _BRIGHTEST))
        below = np.minimum(light - start, 0) / self._light_per_step if self._light_per_step else 0.0
        above = np.maximum(light - _BRIGHTEST, 0) / self._light_per_step_at(_BRIGHTEST)
        result: FloatArray = encoded + below + above
        return result

    def _log_light(self, encoded: FloatArray) -> FloatArray:
        power = np.exp((encoded - self.log_offset) * (math.log(self.base) / self.log_slope))
        light: FloatArray = (power - self.lin_offset) / self.lin_slope
        return light

    def _log_encoded(self, light: FloatArray | float) -> FloatArray:
        log = np.log(self.lin_slope * np.asarray(light) + self.lin_offset)
        encoded: FloatArray = log * (self.log_slope / math.log(self.base)) + self.log_offset
        return encoded

    def _light_per_step_at(self, light: float) -> float:
        """Return the tangent of the logarithm."""
        return (light + self.lin_offset / self.lin_slope) * math.log(self.base) / self.log_slope

    @property
    def _start(self) -> float:
        """The light at which the straight line begins."""
        return float(self._log_light(np.asarray(self.until)))

    @property
    def _light_per_step(self) -> float:
        """Light per encoded number of the straight line; 0 where a mirrored curve has none."""
        if self.mirrored_at is not None:
            length = self.until - self.mirrored_at
            return self._start / length if length else 0.0
        return 1 / self.line_slope if self.line_slope else self._light_per_step_at(self._start)


@dataclass(frozen=True)
class AppleLogCurve(Curve):
    """Apple Log Profile White Paper, September 2023: a logarithm, and a parabola below light of 0.01.

    The paper ends at an encoded 0; the parabola is mirrored there.
    """

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""
        toe = np.copysign(np.sqrt(np.abs(encoded) / _APPLE_TOE), encoded) + _APPLE_ZERO
        return np.where(encoded < _APPLE_UNTIL, toe, _APPLE_LOG.to_light(encoded))

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""
        toe = np.copysign((light - _APPLE_ZERO) ** 2 * _APPLE_TOE, light - _APPLE_ZERO)
        return np.where(light < _APPLE_BREAK, toe, _APPLE_LOG.to_encoded(light))


_APPLE_ZERO, _APPLE_BREAK, _APPLE_TOE = -0.05641088, 0.01, 47.28711236
_APPLE_UNTIL = _APPLE_TOE * (_APPLE_BREAK - _APPLE_ZERO) ** 2
_APPLE_LOG = LogCurve(0.08550479, 0.69336945, 1.0, 0.00964052, 0.0, 2.0)


@dataclass(frozen=True)
class PqCurve(Curve):
    """The perceptual quantizer of SMPTE ST 2084:2014, equations 4.1 and 5.1; mirrored at 0, straight above 1.

    Light of 1 is 100 cd/m², as OpenColorIO counts it, so that an encoded 1 is light of 100. The standard has
    no light at all below an encoded 7.3e-7, which comes back as this number.
    """

    def to_light(self, encoded: FloatArray) -> FloatArray:
        """Return the linear light of encoded numbers: any shape, float64."""
        size = np.abs(encoded)
        root = np.minimum(size, 1) ** (1 / _M2)
        light = 100 * (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1)
        return np.asarray(np.copysign(light + np.maximum(size - 1, 0) * _PQ_SLOPE, encoded))

    def to_encoded(self, light: FloatArray) -> FloatArray:
        """Return the encoded numbers of linear light: any shape, float64."""
        size = np.abs(light)
        power = (np.minimum(size, 100) / 100) ** _M1
        encoded = ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2
        return np.asarray(np.copysign(encoded + np.maximum(size - 100, 0) / _PQ_SLOPE, light))


_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
_PQ_SLOPE = 100 / _M1 / _M2 * (1 / (1 - _C1) + _C3 / (_C2 - _C3))  # of the curve at 1
