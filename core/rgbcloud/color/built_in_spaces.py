"""The colour spaces that need no configuration, by the names of OpenColorIO's studio configuration.

Every number carries its source. How a camera's white reaches that of ACES is not in its maker's paper: there
OpenColorIO's transforms are followed (src/OpenColorIO/transforms/builtins of version 2.5).
"""

from __future__ import annotations

import math

from rgbcloud.color.color_space import LINEAR, LINEAR_SRGB, RAW, SRGB, SRGB_CURVE, ColorSpace, RgbColorSpace
from rgbcloud.color.log_curves import AppleLogCurve, LogCurve, PqCurve
from rgbcloud.color.primaries import ACES_WHITE, D50, REC709_TO_XYZ, Matrix, Primaries, xyz_matrix
from rgbcloud.color.transfer_curves import Curve, PowerCurve

# Rec. ITU-R BT.709-6, item 1.2: 4.5 L below 0.018, else 1.099 L**0.45 - 0.099.
REC709_CURVE = PowerCurve(1 / 0.45, 0.099, 1.099, 4.5, 0.081)
ROMM_CURVE = PowerCurve(1.8, 0.0, 1.0, 16.0, 1 / 32)  # ISO 22028-2:2013: 16 L below 1/512

# Rec. ITU-R BT.2020-2, table 3.
REC2020 = xyz_matrix(Primaries((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)))
# SMPTE EG 432-1:2010 with white D65, which SMPTE RP 431-2:2011 has among its own.
P3 = xyz_matrix(Primaries((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)))
ADOBE = xyz_matrix(Primaries((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))  # Adobe RGB (1998), 2005-05, 4.3.1
ROMM = xyz_matrix(Primaries((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001), D50))  # ISO 22028-2:2013
# SMPTE ST 2065-1:2021, table 1, and Academy S-2014-004, ACEScg, 4.2.
AP0 = xyz_matrix(Primaries((0.7347, 0.2653), (0.0, 1.0), (0.0001, -0.077), ACES_WHITE))
AP1 = xyz_matrix(Primaries((0.713, 0.293), (0.165, 0.830), (0.128, 0.044), ACES_WHITE))
XYZ: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

# Academy S-2014-003, ACEScc, 4.4. Below light of 2**-15 it bends; here it is straight down to 0 at
# (9.72 - 16) / 17.52, less than 3e-6 away.
ACESCC = LogCurve(1 / 17.52, 9.72 / 17.52, 1.0, 0.0, (9.72 - 15) / 17.52, 2.0, 2**15 / 17.52)
# Academy S-2016-001, ACEScct, 4.4.
ACESCCT = LogCurve(1 / 17.52, 9.72 / 17.52, 1.0, 0.0, 0.155251141552511, 2.0, 10.5402377416545)

# ARRI, ALEXA Log C Curve: Usage in VFX, 2017-03-09: wide gamut 3, and the scene parameters of EI 800.
AWG3 = Primaries((0.6840, 0.3130), (0.2210, 0.8480), (0.0861, -0.1020), through_aces=True)
LOGC3 = LogCurve(0.247190, 0.385537, 5.555556, 0.052272, 5.367655 * 0.010591 + 0.092809, 10.0, 5.367655)
# ARRI, LogC4 Logarithmic Color Space: Specification, 2022-05-01: wide gamut 4, and the curve, which becomes
# its tangent at 0.
AWG4 = Primaries((0.7347, 0.2653), (0.1424, 0.8576), (0.0991, -0.0308), through_aces=True)
_LOGC4_B, _LOGC4_C = (1023 - 95) / 1023, 95 / 1023
LOGC4 = LogCurve(_LOGC4_B / 14, _LOGC4_C - _LOGC4_B * 6 / 14, (2**18 - 16) / 117.45, 64.0, 0.0, 2.0)

# Sony, Technical Summary for S-Gamut3.Cine/S-Log3 and S-Gamut3/S-Log3; Venice: OpenColorIO, SonyCameras.cpp.
SGAMUT3 = Primaries((0.730, 0.280), (0.140, 0.855), (0.100, -0.050), through_aces=True)
SGAMUT3_CINE = Primaries((0.766, 0.275), (0.225, 0.800), (0.089, -0.087), through_aces=True)
VENICE = Primaries(
    (0.740464264304292, 0.279364374750660),
    (0.089241145423286, 0.893809528608105),
    (0.110488236673827, -0.052579333080476),
    through_aces=True,
)
VENICE_CINE = Primaries(
    (0.775901871567345, 0.274502392854799),
    (0.188682902773355, 0.828684937020288),
    (0.101337382499301, -0.089187517306263),
    through_aces=True,
)
_SLOG3_BREAK = 171.2102946929
SLOG3 = LogCurve(
    log_slope=261.5 / 1023,
    log_offset=420 / 1023,
    lin_slope=1 / 0.19,
    lin_offset=0.01 / 0.19,
    until=_SLOG3_BREAK / 1023,
    line_slope=(_SLOG3_BREAK - 95) / 0.01125 / 1023,
)

# Panasonic, V-Log/V-Gamut reference manual, rev. 1.0, 2014-11-28.
VGAMUT = Primaries((0.730, 0.280), (0.165, 0.840), (0.100, -0.030))
VLOG = LogCurve(0.241514, 0.598206, 1.0, 0.00873, 0.181, 10.0, 5.6)

# RED, White paper on REDWideGamutRGB and Log3G10, rev. B, 2017: straight below 0.
RED_WIDE = Primaries((0.780308, 0.304253), (0.121595, 1.493994), (0.095612, -0.084589))
LOG3G10 = LogCurve(0.224282, 0.0, 155.975327, 0.01 * 155.975327 + 1, 0.0, 10.0, 15.1927)

# Canon, Input Transform version 202007 for EOS C500 Mark II: light is 0.9 of what it calls linear.
CINEMA_GAMUT = Primaries((0.740, 0.270), (0.170, 1.140), (0.080, -0.100), through_aces=True)
CANON_LOG2 = LogCurve(0.24136077, 0.092864125, 87.09937546 / 0.9, 1.0, 0.092864125, mirrored_at=0.092864125)
CANON_LOG3 = LogCurve(0.36726845, 0.12240537, 14.98325 / 0.9, 1.0, 0.15277891, mirrored_at=0.12512219)

# Blackmagic Design, Generation 5 Color Science, 2021-05; DaVinci Wide Gamut Intermediate, 2020-08.
BMD_WIDE = Primaries(
    (0.7177215, 0.3171181), (0.2280410, 0.8615690), (0.1005841, -0.0820452), (0.3127170, 0.3290312), True
)
BMD_FILM5 = LogCurve(
    log_slope=0.08692876065491224,
    log_offset=0.5300133392291939,
    lin_slope=1.0,
    lin_offset=0.005494072432257808,
    until=8.283605932402494 * 0.005 + 0.09246575342465753,
    base=math.e,
    line_slope=8.283605932402494,
)
DAVINCI_WIDE = Primaries((0.8000, 0.3130), (0.1682, 0.9877), (0.0790, -0.1155), through_aces=True)
DAVINCI = LogCurve(0.07329248, 7.0 * 0.07329248, 1.0, 0.0075, 0.02740668, 2.0, 10.44426855)

# DJI, White Paper on D-Log and D-Gamut, 2017.
DGAMUT = Primaries((0.71, 0.31), (0.21, 0.88), (0.09, -0.08), through_aces=True)
DLOG = LogCurve(1 / 3.89616, 2.27752 / 3.89616, 0.9892, 0.0108, 0.14, 10.0, 6.025)

# Fujifilm, F-Log2 Data Sheet, ver. 1.0: F-Gamut has the primaries of Rec.2020.
FLOG2 = LogCurve(0.245281, 0.384316, 5.555556, 0.064829, 0.100686685370811, 10.0, 8.799461)

# Kodak, Conversion of 10-bit Log Film Data to 8-bit Linear or Video Data, 1995: code 95 is black, 685 white,
# 300 codes are a factor of 10.
_CINEON_BLACK = 10 ** ((95 - 685) / 300)
CINEON = LogCurve(300 / 1023, 685 / 1023, 1 - _CINEON_BLACK, _CINEON_BLACK, 0.0)


def _spaces() -> list[ColorSpace]:
    """Return all of them; the first of several equal ones is what files without a name get."""
    curves: list[tuple[str, Curve, Matrix]] = [
        (SRGB.name, SRGB_CURVE, REC709_TO_XYZ),
        ("Gamma 1.8 Encoded Rec.709", PowerCurve(1.8), REC709_TO_XYZ),
        ("Gamma 2.2 Encoded Rec.709", PowerCurve(2.2), REC709_TO_XYZ),
        # What Rec. ITU-R BT.1886 shows of a signal where black is black: OpenColorIO's Rec.1886 as well.
        ("Gamma 2.4 Encoded Rec.709", PowerCurve(2.4), REC709_TO_XYZ),
        ("Camera Rec.709", REC709_CURVE, REC709_TO_XYZ),
        ("sRGB Encoded P3-D65", SRGB_CURVE, P3),
        ("Gamma 2.6 Encoded P3-D65", PowerCurve(2.6), P3),
        ("Camera Rec.2020", REC709_CURVE, REC2020),  # Rec. ITU-R BT.2020-2, table 4, for 10 bits
        ("Gamma 2.4 Encoded Rec.2020", PowerCurve(2.4), REC2020),
        ("Gamma 2.2 Encoded AdobeRGB", PowerCurve(563 / 256), ADOBE),  # Adobe RGB (1998), 4.3.4.2
        ("ProPhoto RGB", ROMM_CURVE, ROMM),
        ("sRGB Encoded AP1", SRGB_CURVE, AP1),
        ("Gamma 2.2 Encoded AP1", PowerCurve(2.2), AP1),
        ("Rec.2100-PQ - Display", PqCurve(), REC2020),
        ("ST2084-P3-D65 - Display", PqCurve(), P3),
        ("ACEScc", ACESCC, AP1),
        ("ACEScct", ACESCCT, AP1),
        ("Apple Log", AppleLogCurve(), REC2020),
        ("F-Log2 F-Gamut", FLOG2, REC2020),
        ("Cineon", CINEON, REC709_TO_XYZ),
        (LINEAR_SRGB.name, LINEAR, REC709_TO_XYZ),
        ("Linear Rec.2020", LINEAR, REC2020),
        ("Linear P3-D65", LINEAR, P3),
        ("Linear AdobeRGB", LINEAR, ADOBE),
        ("Linear ProPhoto RGB", LINEAR, ROMM),
        ("ACEScg", LINEAR, AP1),
        ("ACES2065-1", LINEAR, AP0),
        ("CIE XYZ-D65", LINEAR, XYZ),
    ]
    for encoded, curve, linear, primaries in _CAMERAS:
        matrix = xyz_matrix(primaries)
        curves += [(encoded, curve, matrix), (linear, LINEAR, matrix)]
    return [RAW, *(RgbColorSpace(name, (curve,), matrix) for name, curve, matrix in curves)]


_CAMERAS: tuple[tuple[str, Curve, str, Primaries], ...] = (
    ("ARRI LogC3 (EI800)", LOGC3, "Linear ARRI Wide Gamut 3", AWG3),
    ("ARRI LogC4", LOGC4, "Linear ARRI Wide Gamut 4", AWG4),
    ("BMDFilm WideGamut Gen5", BMD_FILM5, "Linear BMD WideGamut Gen5", BMD_WIDE),
    ("DaVinci Intermediate WideGamut", DAVINCI, "Linear DaVinci WideGamut", DAVINCI_WIDE),
    ("CanonLog2 CinemaGamut D55", CANON_LOG2, "Linear CinemaGamut D55", CINEMA_GAMUT),
    ("CanonLog3 CinemaGamut D55", CANON_LOG3, "Linear CinemaGamut D55", CINEMA_GAMUT),
    ("D-Log D-Gamut", DLOG, "Linear D-Gamut", DGAMUT),
    ("V-Log V-Gamut", VLOG, "Linear V-Gamut", VGAMUT),
    ("Log3G10 REDWideGamutRGB", LOG3G10, "Linear REDWideGamutRGB", RED_WIDE),
    ("S-Log3 S-Gamut3", SLOG3, "Linear S-Gamut3", SGAMUT3),
    ("S-Log3 S-Gamut3.Cine", SLOG3, "Linear S-Gamut3.Cine", SGAMUT3_CINE),
    ("S-Log3 Venice S-Gamut3", SLOG3, "Linear Venice S-Gamut3", VENICE),
    ("S-Log3 Venice S-Gamut3.Cine", SLOG3, "Linear Venice S-Gamut3.Cine", VENICE_CINE),
)

BUILT_IN: dict[str, ColorSpace] = {
    **{space.name: space for space in _spaces()},
    **{space.name: space for space in (SRGB, LINEAR_SRGB)},
}
"""The spaces by name."""
