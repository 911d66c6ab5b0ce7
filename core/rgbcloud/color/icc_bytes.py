"""The bytes of an ICC profile: its header, tags, numbers and curves, every one of them bounds-checked.

References
----------
ICC.1:2022 (profile version 4.4), Image technology colour management: clauses 7.2 (header), 7.3 (tag table),
10.6 (curv), 10.18 (para) and 10.31 (XYZ); section numbers below are its own.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.color.transfer_curves import Curve, LinearCurve, PowerCurve, SampledCurve

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

_MOST_SAMPLES = 1 << 16
_PARAMETERS = (1, 3, 4, 5, 7)  # of the five types of parametric curves, table 68
_LEAST_GAMMA, _MOST_GAMMA = 0.05, 20.0  # beyond, nothing of a picture is left
_STEPS = np.arange(4096) / 4095


class DamagedProfileError(ValueError):
    """A profile is cut short or says what it cannot; the message completes "the ICC profile …"."""


class Profile(NamedTuple):
    """What a profile's header says, and its tags."""

    colors: str  # what its images are of, such as ``"RGB "``, ``"GRAY"`` or ``"CMYK"``
    connection: str  # ``"XYZ "`` or ``"Lab "``
    tags: dict[str, bytes]  # the bytes of each


def parse_profile(profile: bytes) -> Profile:
    """Return the parts of a profile.

    Raises
    ------
    DamagedProfileError
        If it is cut short, or is none.
    """
    if len(profile) < 132 or profile[36:40] != b"acsp":
        raise DamagedProfileError("has no signature")
    size, count = struct.unpack_from(">I", profile)[0], struct.unpack_from(">I", profile, 128)[0]
    if size > len(profile) or 132 + 12 * count > size:
        raise DamagedProfileError("is cut short")
    tags = {}
    for place in range(count):
        name, start, length = struct.unpack_from(">4sII", profile, 132 + 12 * place)
        if start + length > size:
            raise DamagedProfileError("is cut short")
        tags[name.decode("latin-1")] = profile[start : start + length]
    return Profile(profile[16:20].decode("latin-1"), profile[20:24].decode("latin-1"), tags)


def read_fixed(data: bytes, start: int, count: int) -> FloatArray:
    """Return numbers of the type s15Fixed16 (4.6): ndarray of shape (count,), float64."""
    return unsigned(data, start, count, ">i4") / 65536


def unsigned(data: bytes, start: int, count: int, dtype: str) -> FloatArray:
    """Return integers that lie in some bytes: ndarray of shape (count,), float64.

    Raises
    ------
    DamagedProfileError
        If there are fewer bytes.
    """
    if start + count * np.dtype(dtype).itemsize > len(data):
        raise DamagedProfileError("is cut short")
    return np.frombuffer(data, dtype, count, start).astype(np.float64)


def parse_xyz(tag: bytes) -> FloatArray:
    """Return the first colour of an XYZ tag: ndarray of shape (3,), float64."""
    if tag[:4] != b"XYZ ":
        raise DamagedProfileError("has a primary of an unknown kind")
    return read_fixed(tag, 8, 3)


def parse_curve(data: bytes, start: int = 0) -> tuple[Curve, int]:
    """Return a curve of the type curv (10.6) or para (10.18), and how many bytes it takes.

    Raises
    ------
    DamagedProfileError
        If it is cut short, of another type or of too many samples.
    """
    kind = data[start : start + 4]
    if len(kind) < 4:
        raise DamagedProfileError("is cut short")
    if kind == b"curv":
        count = int(unsigned(data, start + 8, 1, ">u4")[0])
        return _sampled_curve(data, start + 12, count), 12 + 2 * count
    if kind == b"para":
        which = int(unsigned(data, start + 8, 1, ">u2")[0])
        if which >= len(_PARAMETERS):
            raise DamagedProfileError("has a curve of an unknown kind")
        numbers = read_fixed(data, start + 12, _PARAMETERS[which])
        return _parametric(which, [float(number) for number in numbers]), 12 + 4 * len(numbers)
    raise DamagedProfileError("has a curve of an unknown kind")


def _sampled_curve(data: bytes, start: int, count: int) -> Curve:
    if count > _MOST_SAMPLES:
        raise DamagedProfileError(f"has a curve of {count} samples")
    if count == 0:
        return LinearCurve()
    if count == 1:
        gamma = float(unsigned(data, start, 1, ">u2")[0]) / 256  # u8Fixed8
        return _power(gamma)
    return SampledCurve(tuple(map(float, unsigned(data, start, count, ">u2") / 65535)))


def _power(gamma: float) -> Curve:
    if not _LEAST_GAMMA <= gamma <= _MOST_GAMMA:
        raise DamagedProfileError(f"has a curve of the gamma {gamma:g}")
    return LinearCurve() if gamma == 1 else PowerCurve(gamma)


def _parametric(which: int, numbers: list[float]) -> Curve:
    """Return a parametric curve as one of ours; samples of it where there is none."""
    gamma, a, b, c, d, e, f = (*numbers, *[0.0] * (7 - len(numbers)))
    if which == 0 or not _LEAST_GAMMA <= gamma <= _MOST_GAMMA:
        return _power(gamma)
    if which == 3 and a > 0 and c > 0 and b >= 0 and 0 <= d < 1:
        return PowerCurve(gamma, b / a, 1 / a, 1 / c, d)
    if a <= 0:
        raise DamagedProfileError("has a curve that does not rise")
    if which in (1, 2):  # (a x + b)**gamma + c from -b / a on, c below
        d, e, f, c = -b / a, c, c, 0.0
    upper = np.maximum(a * _STEPS + b, 0) ** gamma + e
    return SampledCurve(tuple(map(float, np.where(d <= _STEPS, upper, c * _STEPS + f))))
