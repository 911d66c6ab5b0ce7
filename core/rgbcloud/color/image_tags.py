"""What image files say of their colours in numbers: PNG's chunks, and EXR's chromaticities.

References
----------
W3C, Portable Network Graphics (PNG) Specification (Third Edition), 2025: 4.3 says which chunk counts first.
Rec. ITU-T H.273 (2024), tables 2 and 3: the numbers of cICP.
OpenEXR, Standard Attributes: chromaticities are CIE x, y of red, green, blue and white.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.built_in_spaces import BUILT_IN
from rgbcloud.color.color_space import LINEAR, SRGB, SRGB_CURVE, ColorSpace, RgbColorSpace
from rgbcloud.color.icc import FoundSpace, color_space_of_icc
from rgbcloud.color.log_curves import PqCurve
from rgbcloud.color.primaries import D65, REC709_TO_XYZ, Primaries, xyz_matrix
from rgbcloud.color.transfer_curves import Curve, LinearCurve, PowerCurve
from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.color.primaries import Matrix

_C: tuple[float, float] = (0.310, 0.316)
_PRIMARIES = {  # Rec. ITU-T H.273, table 2
    1: Primaries((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)),
    4: Primaries((0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: Primaries((0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    7: Primaries((0.630, 0.340), (0.310, 0.595), (0.155, 0.070)),
    9: Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),
    12: Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    22: Primaries((0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
# Table 3. The television curves 1, 6, 14 and 15 are what cameras do; what is looked at is their picture on a
# display of Rec. ITU-R BT.1886, as OpenColorIO has it ("Rec.1886 Rec.709 - Display" is 1, 1 there).
_CURVES: dict[int, Curve] = {
    **dict.fromkeys((1, 6, 14, 15), PowerCurve(2.4)),
    4: PowerCurve(2.2),
    5: PowerCurve(2.8),
    8: LinearCurve(),
    13: SRGB_CURVE,
    16: PqCurve(),
    17: PowerCurve(2.6),
}
_LEAST_GAMMA, _MOST_GAMMA = 0.05, 20.0  # beyond, nothing of a picture is left
_ROUNDED = 6e-6  # gAMA has five digits
_GAMMAS = tuple(PowerCurve(gamma) for gamma in (1.8, 2.2, 563 / 256, 2.4, 2.6))  # of built-in spaces
_CLOSE = 1e-4  # of light: what rounded chromaticities leave
_IGNORED = "it counts as if it were not there"


def color_space_of_png(
    gamma: float | None = None,
    chromaticities: Sequence[float] | None = None,
    srgb: int | None = None,
    cicp: Sequence[int] | None = None,
    icc: bytes | None = None,
) -> FoundSpace:
    """Return the colour space that the chunks of a PNG file tell.

    Parameters
    ----------
    gamma : float, optional
        Of gAMA, such as 0.45455.
    chromaticities : sequence of 8 floats, optional
        Of cHRM, in its order: x and y of white, red, green and blue.
    srgb : int, optional
        The rendering intent of sRGB; that it is there counts.
    cicp : sequence of 4 ints, optional
        Of cICP: primaries, transfer, matrix, full range.
    icc : bytes, optional
        Of iCCP, decompressed.

    Returns
    -------
    FoundSpace
        By cICP, else iCCP, else sRGB, else cHRM with gAMA; None if there is none of them. A chunk that cannot
        be used is told in the note, and the next one counts. gAMA alone has the primaries of sRGB, cHRM alone
        its curve.
    """
    notes = []
    found = FoundSpace(None)
    if cicp is not None:
        found = color_space_of_cicp(cicp)
        notes.append(found.note)
    if found.space is None and icc is not None:
        found = color_space_of_icc(icc)
        notes.append(found.note)
    if found.space is None and srgb is not None:
        found = FoundSpace(SRGB)
    elif found.space is None and (gamma is not None or chromaticities is not None):
        found = _color_space_of_gamma(gamma, chromaticities)
        notes.append(found.note)
    return FoundSpace(found.space, "; ".join(filter(None, notes)))


def color_space_of_cicp(cicp: Sequence[int]) -> FoundSpace:
    """Return the colour space of the four numbers of cICP: primaries, transfer, matrix, full range.

    None, and why, where the numbers are no RGB of full range, or stand for nothing that is known here.
    """
    written = "-".join(map(str, cicp))
    if len(cicp) != 4 or cicp[2] != 0 or cicp[3] != 1:
        return FoundSpace(None, f"the cICP {written} is not of RGB in full range: {_IGNORED}")
    primaries, curve = _PRIMARIES.get(cicp[0]), _CURVES.get(cicp[1])
    if primaries is None or curve is None:
        return FoundSpace(None, f"the cICP {written} names colours that are not known: {_IGNORED}")
    return FoundSpace(_space_of(f"cICP {written}", curve, xyz_matrix(primaries)))


def color_space_of_chromaticities(chromaticities: Sequence[float]) -> FoundSpace:
    """Return the linear colour space of EXR's attribute `chromaticities`: x and y of red, green, blue, white.

    None, and why, if they are not eight numbers, or span no colours.
    """
    try:
        matrix = _matrix_of(chromaticities)
    except InvalidArgumentError as error:
        return FoundSpace(None, f"chromaticities: {str(error).partition(';')[0]}: {_IGNORED}")
    written = " ".join(f"{number:g}" for number in chromaticities)
    return FoundSpace(_space_of(f"linear of chromaticities {written}", LINEAR, matrix))


def _color_space_of_gamma(gamma: float | None, chromaticities: Sequence[float] | None) -> FoundSpace:
    curve: Curve = SRGB_CURVE
    matrix, written = REC709_TO_XYZ, []
    if gamma is not None:
        if not _LEAST_GAMMA <= gamma <= _MOST_GAMMA:
            return FoundSpace(None, f"a gAMA of {gamma:g} is no transfer curve: {_IGNORED}")
        curve = next((known for known in _GAMMAS if abs(1 / known.gamma - gamma) < _ROUNDED), None) or (
            LINEAR if abs(gamma - 1) < _ROUNDED else PowerCurve(1 / gamma)
        )
        written.append(f"gAMA {gamma:g}")
    if chromaticities is not None:
        try:
            matrix = _matrix_of([*chromaticities[2:], *chromaticities[:2]])
        except InvalidArgumentError as error:
            return FoundSpace(None, f"cHRM: {str(error).partition(';')[0]}: {_IGNORED}")
        written.append("cHRM " + " ".join(f"{number:g}" for number in chromaticities))
    return FoundSpace(_space_of(", ".join(written), curve, matrix))


def _matrix_of(numbers: Sequence[float]) -> Matrix:
    """Return the matrix to XYZ of red, green, blue and white, each an x and a y."""
    if len(numbers) != 8:
        raise InvalidArgumentError(f"eight numbers are needed, got {len(numbers)}")
    pairs = [(float(numbers[place]), float(numbers[place + 1])) for place in (0, 2, 4, 6)]
    white = D65 if np.abs(np.array(pairs[3]) - D65).max() < _CLOSE else pairs[3]
    return xyz_matrix(Primaries(pairs[0], pairs[1], pairs[2], white))


def _space_of(name: str, curve: Curve, matrix: Matrix) -> ColorSpace:
    """Return the built-in space of a curve and nearly a matrix; if there is none, one of that name."""
    for built_in in BUILT_IN.values():
        if isinstance(built_in, RgbColorSpace) and built_in.curves == (curve,):
            apart = np.abs(np.array(built_in.to_xyz) - matrix).max()
            if apart < _CLOSE:
                return built_in
    return RgbColorSpace(name, (curve,), matrix)
