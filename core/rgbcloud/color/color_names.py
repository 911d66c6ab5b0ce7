"""Colour spaces by the names that hosts, files and configurations write.

Sources of the names: the spaces and aliases of OpenColorIO's cg and studio configurations 2.1 to 4.0 (among
them those of the ACES 1.0 to 1.2 configurations, the Color Interop Forum's and MaterialX's), OpenUSD's
`GfColorSpaceNames`, OpenImageIO's `ColorConfig` without a configuration, Maya's legacy configuration, and
Blender's.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from rgbcloud.color import log_curves, transfer_curves
from rgbcloud.color.built_in_spaces import BUILT_IN
from rgbcloud.color.color_space import ColorSpace, NoColor, RgbColorSpace
from rgbcloud.color.icc import IccTableSpace
from rgbcloud.color.ocio_space import OcioColorSpace, ocio_color_space, ocio_names
from rgbcloud.color.primaries import as_matrix
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError, quote

if TYPE_CHECKING:
    from collections.abc import Collection

    from rgbcloud.color.transfer_curves import Curve

STUDIO_CONFIG = "ocio://studio-config-latest"
"""OpenColorIO's own configuration of ACES spaces and cameras."""

# Two names are the same if letters and digits are, and "lin" is "linear". The spaces' own names count, too.
_ALIASES: dict[str, str] = {
    "sRGB Encoded Rec.709 (sRGB)": (
        "sRGB, srgb_encoded_rec709_srgb, srgb_texture, srgb_rec709_scene, srgb_tx, sRGB - Texture, "
        "Utility - sRGB - Texture, Input - Generic - sRGB - Texture, sRGB - Display, srgb_display, "
        "srgb_rec709_display, sRGB gamma, sRGB IEC61966-2.1"
    ),
    "Gamma 1.8 Encoded Rec.709": (
        "g18_encoded_rec709, g18_rec709, g18_rec709_tx, g18_rec709_scene, Gamma 1.8 Rec.709, Gamma1.8, "
        "Utility - Gamma 1.8 - Rec.709 - Texture, Gamma 1.8 Rec.709 - Texture, GammaCorrected1.8"
    ),
    "Gamma 2.2 Encoded Rec.709": (
        "g22_encoded_rec709, g22_rec709, g22_rec709_tx, g22_rec709_scene, Gamma 2.2 Rec.709, Gamma2.2, "
        "Utility - Gamma 2.2 - Rec.709 - Texture, Gamma 2.2 Rec.709 - Texture, GammaCorrected2.2, "
        "Gamma 2.2 Rec.709 - Display, g22_rec709_display"
    ),
    "Gamma 2.4 Encoded Rec.709": (
        "g24_encoded_rec709, g24_rec709, g24_rec709_tx, g24_rec709_scene, Gamma 2.4 Rec.709, Gamma2.4, "
        "rec709_display, Utility - Rec.709 - Display, Gamma 2.4 Rec.709 - Texture, GammaCorrected2.4, "
        "Gamma 2.4 Rec.709 (video), Rec.1886 Rec.709 - Display, rec1886_rec709_display, g24_rec709_display"
    ),
    "Camera Rec.709": "rec709_camera, Utility - Rec.709 - Camera, itu709_rec709_scene, Rec.709",
    "Camera Rec.2020": "rec2020_camera, Utility - Rec.2020 - Camera",
    "Gamma 2.4 Encoded Rec.2020": "Rec.2020, g24_rec2020_display, Rec.1886 Rec.2020 - Display",
    "sRGB Encoded P3-D65": (
        "srgb_p3d65, srgb_displayp3, srgb_p3d65_scene, sRGB Encoded P3-D65 - Texture, Display P3, "
        "srgb_encoded_p3d65_tx, Display P3 - Display, displayp3_display, srgb_p3d65_display, "
        "Display P3 HDR - Display, displayp3_hdr_display, srgbe_p3d65_display"
    ),
    "Gamma 2.6 Encoded P3-D65": "P3-D65 - Display, p3d65_display, g26_p3d65_display",
    "Gamma 2.2 Encoded AdobeRGB": "g22_encoded_adobergb, adobergb, g22_adobergb_scene, Adobe RGB (1998)",
    "ProPhoto RGB": "ProPhoto, ROMM RGB, g18_prophoto",
    "sRGB Encoded AP1": "srgb_ap1, srgb_ap1_scene, sRGB Encoded AP1 - Texture, srgb_encoded_ap1_tx",
    "Gamma 2.2 Encoded AP1": "g22_ap1, g22_encoded_ap1, Gamma 2.2 AP1 - Texture, g22_ap1_tx, g22_ap1_scene",
    "Rec.2100-PQ - Display": "rec2100_pq_display, pq_rec2020_display",
    "ST2084-P3-D65 - Display": "st2084_p3d65_display, pq_p3d65_display",
    "ACEScc": "ACES - ACEScc, acescc_ap1, acescc_ap1_scene",
    "ACEScct": "ACES - ACEScct, acescct_ap1, acescct_ap1_scene",
    "Apple Log": "apple_log, applelog_rec2020_scene",
    "Cineon": "KodakLog",
    "Linear Rec.709 (sRGB)": (
        "Linear, scene_linear, lin_rec709, lin_rec709_scene, lin_srgb, srgb-linear, "
        "Utility - Linear - sRGB, Utility - Linear - Rec.709, scene-linear Rec.709-sRGB"
    ),
    "Linear Rec.2020": "lin_rec2020_scene, Utility - Linear - Rec.2020, scene-linear Rec.2020",
    "Linear P3-D65": (
        "lin_p3d65_scene, Utility - Linear - P3-D65, Linear Display P3, "
        "scene-linear DCI-P3 D65, Linear DCI-P3 D65"
    ),
    "Linear AdobeRGB": "lin_adobergb_scene, Utility - Linear - Adobe RGB",
    "Linear ProPhoto RGB": "lin_prophoto, Linear ROMM RGB",
    "ACEScg": "ACES - ACEScg, lin_ap1, lin_ap1_scene",
    "ACES2065-1": "ACES, ACES - ACES2065-1, lin_ap0, lin_ap0_scene",
    "CIE XYZ-D65": (
        "CIE XYZ-D65 - Scene-referred, cie_xyz_d65_scene, lin_ciexyzd65_scene, Linear CIE-XYZ D65, "
        "CIE XYZ-D65 - Display-referred, cie_xyz_d65_display, lin_ciexyzd65_display"
    ),
    "ARRI LogC3 (EI800)": (
        "ARRI LogC, logc3ei800_alexawide, arrilogc3_awg3_scene, Input - ARRI - V3 LogC (EI800) - Wide Gamut"
    ),
    "Linear ARRI Wide Gamut 3": "lin_alexawide, lin_awg3_scene, Input - ARRI - Linear - ALEXA Wide Gamut",
    "ARRI LogC4": "arrilogc4_awg4_scene",
    "Linear ARRI Wide Gamut 4": "lin_awg4, lin_awg4_scene",
    "BMDFilm WideGamut Gen5": "bmdfilm5_wg5_scene",
    "Linear BMD WideGamut Gen5": "lin_bmdwg5_scene",
    "DaVinci Intermediate WideGamut": "davinci_dwg_scene",
    "Linear DaVinci WideGamut": "lin_dwg_scene",
    "CanonLog2 CinemaGamut D55": (
        "canonlog2_cgamutday, canonlog2_cgamutd55_scene, Input - Canon - Canon-Log2 - Cinema Gamut Daylight"
    ),
    "CanonLog3 CinemaGamut D55": (
        "canonlog3_cgamutday, canonlog3_cgamutd55_scene, Input - Canon - Canon-Log3 - Cinema Gamut Daylight"
    ),
    "Linear CinemaGamut D55": (
        "lin_canoncgamutday, lin_cgamutd55_scene, Input - Canon - Linear - Canon Cinema Gamut Daylight"
    ),
    "D-Log D-Gamut": "djilog_dgamut_scene",
    "Linear D-Gamut": "lin_dgamut_scene",
    "V-Log V-Gamut": "vlog_vgamut_scene, Input - Panasonic - V-Log - V-Gamut",
    "Linear V-Gamut": "lin_vgamut_scene, Input - Panasonic - Linear - V-Gamut",
    "Log3G10 REDWideGamutRGB": (
        "rl3g10_rwg, redlog3g10_rwg_scene, Input - RED - REDLog3G10 - REDWideGamutRGB"
    ),
    "Linear REDWideGamutRGB": "lin_rwg, lin_rwg_scene, Input - RED - Linear - REDWideGamutRGB",
    "S-Log3 S-Gamut3": "slog3_sgamut3_scene, Input - Sony - S-Log3 - S-Gamut3",
    "S-Log3 S-Gamut3.Cine": (
        "slog3_sgamutcine, slog3_sgamut3cine_scene, Input - Sony - S-Log3 - S-Gamut3.Cine"
    ),
    "S-Log3 Venice S-Gamut3": "slog3_sgamut3venice_scene, Input - Sony - S-Log3 - Venice S-Gamut3",
    "S-Log3 Venice S-Gamut3.Cine": (
        "slog3_venice_sgamutcine, slog3_sgamut3cinevenice_scene, Input - Sony - S-Log3 - Venice S-Gamut3.Cine"
    ),
    "Linear S-Gamut3": "lin_sgamut3_scene, Input - Sony - Linear - S-Gamut3",
    "Linear S-Gamut3.Cine": "lin_sgamut3cine_scene, Input - Sony - Linear - S-Gamut3.Cine",
    "Linear Venice S-Gamut3": "lin_sgamut3venice_scene, Input - Sony - Linear - Venice S-Gamut3",
    "Linear Venice S-Gamut3.Cine": (
        "lin_sgamut3cinevenice_scene, Input - Sony - Linear - Venice S-Gamut3.Cine"
    ),
    "Raw": "Utility - Raw, none, data, Non-Color, noncolor, non-colour data, Non-Colour",
}


def find_color_space(name: str, config: str | None = None) -> ColorSpace:
    """Return the colour space of a name.

    Parameters
    ----------
    name : str
        As OpenColorIO, Maya, OpenImageIO, USD, MaterialX or Blender write it; letters and digits count.
    config : str, optional
        An OpenColorIO configuration, a file or such as ``"ocio://cg-config-latest"``, which then has the
        first word. Otherwise it is asked for names alone that are not built in: that of $OCIO, or
        OpenColorIO's studio configuration.

    Returns
    -------
    ColorSpace
        The built-in one where a configuration's is the same.

    Raises
    ------
    InvalidArgumentError
        If no one knows the name, or the configuration is missing or damaged.
    MissingDependencyError
        If a configuration was named, and OpenColorIO is not installed.

    Examples
    --------
    >>> find_color_space("Utility - sRGB - Texture").name, find_color_space("lin_ap1").name
    ('sRGB Encoded Rec.709 (sRGB)', 'ACEScg')
    """
    known = _BY_KEY.get(_key(name))
    if config is None and known is not None:
        return known
    asked = config or os.environ.get("OCIO") or STUDIO_CONFIG
    try:
        found = ocio_color_space(asked, name)
        others = ocio_names(asked)
    except MissingDependencyError as error:
        if config is not None:
            raise
        raise InvalidArgumentError(f"{_explain_unknown(name, ())}; for others, {error}") from error
    found = found or known
    if found is None:
        raise InvalidArgumentError(_explain_unknown(name, others))
    return found


def color_space_from_json(numbers: dict[str, Any]) -> ColorSpace:
    """Return the colour space that `ColorSpace.to_json` has described.

    Raises
    ------
    InvalidArgumentError
        If the description is of no colour space.
    """
    try:
        if "curves" in numbers:
            curves = tuple(_curve(curve) for curve in numbers["curves"])
            return RgbColorSpace(str(numbers["name"]), curves, as_matrix(numbers["to_xyz"]))
        if "config" in numbers:
            return OcioColorSpace(str(numbers["name"]), str(numbers["config"]))
        if "profile" in numbers:
            return IccTableSpace(str(numbers["name"]), bytes.fromhex(numbers["profile"]))
        return NoColor(str(numbers["name"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidArgumentError(f"{str(numbers)[:60]!r} describes no colour space: {error}") from error


def _curve(numbers: dict[str, Any]) -> Curve:
    made_of = {key: tuple(value) if key == "samples" else value for key, value in numbers.items()}
    kind = _CURVES[str(made_of.pop("type"))]
    curve: Curve = kind(**made_of)
    return curve


def _explain_unknown(name: str, others: Collection[str]) -> str:
    import difflib  # only a misspelt name needs it

    written = {**{_key(other): other for other in others}, **_WRITTEN}
    key = _key(name)
    near = difflib.get_close_matches(key, written, 3, 0.5) or [each for each in written if key in each][:3]
    near = near if key and near else [_key("sRGB"), _key("ACEScg")]
    return (
        f"{quote(name)} is no colour space that is known here; the nearest names: "
        f"{', '.join(written[key] for key in near)}"
    )


def _key(name: str) -> str:
    letters = re.sub(r"[^a-z0-9]", "", name.casefold().removeprefix("ocio:"))
    return re.sub("^linear", "lin", letters)


_CURVES: dict[str, Any] = {
    curve.__name__: curve
    for curve in (
        log_curves.AppleLogCurve,
        transfer_curves.LinearCurve,
        log_curves.LogCurve,
        transfer_curves.PowerCurve,
        log_curves.PqCurve,
        transfer_curves.SampledCurve,
    )
}
_WRITTEN = {
    _key(alias): alias for name in BUILT_IN for alias in (*_ALIASES.get(name, name).split(", "), name)
}
"""Each key as it is written."""
_BY_KEY = {
    _key(alias): space
    for name, space in BUILT_IN.items()
    for alias in (name, *_ALIASES.get(name, name).split(", "))
}
