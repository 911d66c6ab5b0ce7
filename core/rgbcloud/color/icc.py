"""ICC profiles as colour spaces: matrices and curves by their numbers, tables by interpolation.

A profile leads to a connection space whose white is D50 already; `chad` tells how its maker's white came to
be that, which no longer matters there. From D50 it is Bradford to D65, as from any white.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.color.built_in_spaces import BUILT_IN
from rgbcloud.color.color_space import ColorSpace, RgbColorSpace, as_numbers
from rgbcloud.color.icc_bytes import DamagedProfileError, Profile, parse_curve, parse_profile, parse_xyz
from rgbcloud.color.icc_tables import steps_to_xyz, table_tag
from rgbcloud.color.primaries import D65, REC709_TO_XYZ, adaptation, as_matrix, multiply_colors
from rgbcloud.color.spaces import linear_to_oklab, linear_to_srgb
from rgbcloud.color.transfer_curves import check_rises
from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray
    from rgbcloud.color.transfer_curves import Curve

_PCS_WHITE = (0.9642 / 2.7891, 1 / 2.7891)  # x and y of D50 as ICC.1:2022, 7.2.16 has it
_SAME = 1 / 255  # of an sRGB number: the usual profile of sRGB, by HP, is off by half of that
_LEAST_DETERMINANT = 1e-4
_AXIS = np.linspace(0, 1, 17)
_NODES = np.stack(np.meshgrid(_AXIS, _AXIS, _AXIS, indexing="ij"), axis=-1).reshape(-1, 3)
_FEW = 97  # every so many of the nodes are few, and all over
_ROUNDS = 16  # of the search for numbers
_FARTHEST = 0.1  # step of a round: where a curve is flat, the straight way is far too long
_STEP = 1e-4
_SEARCHED = 256  # colours at a time: 10 MB
_IGNORED = "its colours count as if there were none"


class FoundSpace(NamedTuple):
    """A colour space that a file names; None where it names none that can be used, and a sentence on it."""

    space: ColorSpace | None
    note: str = ""


@dataclass(frozen=True)
class IccTableSpace(ColorSpace):
    """The colour space of an ICC profile of tables. Numbers beyond 0 … 1 count as the nearest there."""

    name: str
    profile: bytes = field(repr=False)

    def __post_init__(self) -> None:
        try:
            steps_to_xyz(self.profile)
        except DamagedProfileError as error:
            raise InvalidArgumentError(f"the ICC profile {error}; name the colour space instead") from error

    @property
    def is_linear(self) -> bool:
        """Whether the numbers are linear light: tables are not for that."""
        return False

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of stored numbers, see `ColorSpace.to_linear_srgb`."""
        numbers = as_numbers(values).reshape(-1, 3)
        unknown = ~np.isfinite(numbers)
        for step in steps_to_xyz(self.profile):
            numbers = step(numbers)
        light = multiply_colors(_FROM_PCS, numbers)
        light[unknown.any(axis=1)] = np.nan
        return light.reshape(values.shape)

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Return the numbers in [0, 1] that stand for linear light; the nearest in Oklab where none do.

        A search by the method of Gauss and Newton from the nearest of 17 x 17 x 17 colours: the tables that
        lead back in a profile are not the inverse, as they squeeze colours together.
        """
        targets = linear_to_oklab(light.reshape(-1, 3))
        nodes = self._oklab(_NODES)
        numbers = np.empty(targets.shape)
        for start in range(0, len(targets), _SEARCHED):
            block = targets[start : start + _SEARCHED]
            apart = ((block[:, np.newaxis] - nodes) ** 2).sum(axis=2)
            numbers[start : start + _SEARCHED] = self._refine_numbers(_NODES[apart.argmin(axis=1)], block)
        return numbers.reshape(light.shape)

    def _refine_numbers(self, numbers: FloatArray, targets: FloatArray) -> FloatArray:
        missed = targets - self._oklab(numbers)
        for _ in range(_ROUNDS):
            slopes = np.empty((len(numbers), 3, 3))
            for channel in range(3):
                other = numbers.copy()
                other[:, channel] += np.where(other[:, channel] > 0.5, -_STEP, _STEP)
                change = self._oklab(other) - (targets - missed)
                slopes[:, :, channel] = change / (other - numbers)[:, channel, np.newaxis]
            normal = np.einsum("nrc,nrd->ncd", slopes, slopes) + 1e-9 * np.eye(3)
            downhill = np.einsum("nrc,nr->nc", slopes, missed)
            move = np.linalg.solve(normal, downhill[:, :, np.newaxis])[:, :, 0]
            for length in (1.0, 0.25, 0.0625):
                tried = np.clip(numbers + length * move.clip(-_FARTHEST, _FARTHEST), 0, 1)
                still = targets - self._oklab(tried)
                better = (still**2).sum(axis=1) < (missed**2).sum(axis=1)
                numbers, missed = (
                    np.where(better[:, np.newaxis], new, old)
                    for new, old in ((tried, numbers), (still, missed))
                )
        return numbers

    def _oklab(self, numbers: FloatArray) -> FloatArray:
        return linear_to_oklab(self.to_linear_srgb(numbers))

    def to_json(self) -> dict[str, Any]:
        """Return the name, and the profile in hexadecimal digits."""
        return {"name": self.name, "profile": self.profile.hex()}


@functools.lru_cache(maxsize=16)
def color_space_of_icc(profile: bytes) -> FoundSpace:
    """Return the colour space of an ICC profile as image files embed it.

    The built-in space where 8 bits do not tell the two apart. None, and a sentence that says why, if the
    profile is damaged, of an image that is neither RGB nor grey, or of a curve that does not rise.
    """
    try:
        parts = parse_profile(profile)
        name = _name(parts)
        if parts.colors not in ("RGB ", "GRAY"):
            note = f"the ICC profile {name} is of a {parts.colors.strip()!r} image: {_IGNORED}"
            return FoundSpace(None, note)
        if parts.colors == "RGB " and table_tag(parts) is not None:
            space: ColorSpace = IccTableSpace(name, profile)
        else:
            space = _grey_space(parts, name) if parts.colors == "GRAY" else _matrix_space(parts, name)
    except DamagedProfileError as error:
        return FoundSpace(None, f"the ICC profile {error}: {_IGNORED}")
    except InvalidArgumentError as error:
        return FoundSpace(None, f"{str(error).partition(';')[0]}: {_IGNORED}")
    return FoundSpace(_built_in(space))


def _matrix_space(parts: Profile, name: str) -> RgbColorSpace:
    curves = tuple(_tag_curve(parts, f"{channel}TRC", name) for channel in "rgb")
    columns = np.column_stack([parse_xyz(_tag(parts, f"{channel}XYZ")) for channel in "rgb"])
    if np.linalg.det(columns) < _LEAST_DETERMINANT or not 0.5 < columns[1].sum() < 2:
        raise DamagedProfileError(f"{name} has primaries that span no colours")
    matrix = as_matrix(adaptation(_PCS_WHITE, D65) @ columns)
    return RgbColorSpace(name, curves if len(set(curves)) > 1 else curves[:1], matrix)


def _grey_space(parts: Profile, name: str) -> RgbColorSpace:
    return RgbColorSpace(name, (_tag_curve(parts, "kTRC", name),), REC709_TO_XYZ)


def _tag_curve(parts: Profile, tag: str, name: str) -> Curve:
    curve, _ = parse_curve(_tag(parts, tag))
    check_rises(curve, f"the ICC profile {name}")
    return curve


def _tag(parts: Profile, tag: str) -> bytes:
    if tag not in parts.tags:
        raise DamagedProfileError(f"has no {tag}")
    return parts.tags[tag]


def _built_in(space: ColorSpace) -> ColorSpace:
    """Return the built-in space that is the same for all that 8 bits can tell; otherwise the space itself."""
    near = [built_in for built_in in BUILT_IN.values() if built_in.is_color]
    for nodes in (_NODES[::_FEW], _NODES):  # most differ at a glance
        shown = linear_to_srgb(space.to_linear_srgb(nodes))
        apart = {
            built_in: float(np.abs(linear_to_srgb(built_in.to_linear_srgb(nodes)) - shown).max())
            for built_in in near
        }
        near = [built_in for built_in in near if apart[built_in] < _SAME]
        if not near:
            return space
    return min(near, key=apart.__getitem__)


def _name(parts: Profile) -> str:
    """Return what a profile calls itself, in quotes: of the types desc, mluc and text."""
    tag = parts.tags.get("desc", b"")
    text = ""
    if tag[:4] == b"desc":
        text = tag[12 : 12 + int.from_bytes(tag[8:12], "big")].decode("latin-1")
    elif tag[:4] == b"mluc" and len(tag) >= 28:
        length, start = int.from_bytes(tag[20:24], "big"), int.from_bytes(tag[24:28], "big")
        text = tag[start : start + length].decode("utf-16-be", "ignore")
    printable = re.sub(r"[^\x20-\x7e\xa0-\uffff]", "", text).strip()
    return printable[:80] or "without a name"


_FROM_PCS = np.linalg.solve(np.array(REC709_TO_XYZ), adaptation(_PCS_WHITE, D65))
