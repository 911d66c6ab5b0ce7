"""sRGB, linear light, Oklab and CIELAB: the spaces that distances between colours can be taken in.

Floating-point colours are arrays of shape (..., 3), float64. sRGB and linear ones are in [0, 1] where a
display can show them and go beyond it in both directions: the sRGB curve is mirrored at 0, as CSS Color 4
has it for extended values, and continued above 1. White is D65 throughout.

References
----------
IEC 61966-2-1:1999 with amendment 1 (2003): the sRGB curve, and the matrix to CIE XYZ.
Ottosson, B. (2020), A perceptual color space for image processing,
https://bottosson.github.io/posts/oklab/: Oklab, with the matrices of 2021-01-25.
CIE 15:2018, Colorimetry, 8.2.1: CIELAB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy as np

from rgbcloud.color.primaries import multiply_colors

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.settings import SpaceName


TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""From linear light to CIE XYZ."""
WHITE = TO_XYZ.sum(axis=1)
"""CIE XYZ of white: the sum, so that grey has neither a* nor b*."""
_LAB = np.array([[0.0, 116.0, 0.0], [500.0, -500.0, 0.0], [0.0, 200.0, -200.0]])  # of f(X), f(Y), f(Z)

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_XYZ, _FROM_LAB, _FROM_CONES, _FROM_OKLAB = map(np.linalg.inv, (TO_XYZ, _LAB, _TO_CONES, _OKLAB))


def srgb_to_linear(srgb: npt.ArrayLike) -> FloatArray:
    """Return the linear light of sRGB values: any shape, float64 (IEC 61966-2-1)."""
    encoded = np.asarray(srgb, np.float64)
    size = np.abs(encoded)
    light: FloatArray = np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)
    return np.copysign(light, encoded)


def linear_to_srgb(linear: npt.ArrayLike) -> FloatArray:
    """Return the sRGB values of linear light: any shape, float64 (IEC 61966-2-1)."""
    light = np.asarray(linear, np.float64)
    size = np.abs(light)
    encoded: FloatArray = np.where(size <= 0.0031308, 12.92 * size, 1.055 * size ** (1 / 2.4) - 0.055)
    return np.copysign(encoded, light)


def linear_to_oklab(linear: FloatArray) -> FloatArray:
    """Return L in [0, 1], a and b in about [-0.32, 0.28] of linear light: shape (..., 3), float64."""
    return multiply_colors(_OKLAB, np.cbrt(multiply_colors(_TO_CONES, linear)))


def oklab_to_linear(oklab: FloatArray) -> FloatArray:
    """Return the linear light of Oklab colours: shape (..., 3), float64."""
    return multiply_colors(_FROM_CONES, multiply_colors(_FROM_OKLAB, oklab) ** 3)


def linear_to_cielab(linear: FloatArray) -> FloatArray:
    """Return L* in [0, 100], a* and b* in about [-108, 98] of linear light: shape (..., 3), float64."""
    lab = multiply_colors(_LAB, _cielab_root(multiply_colors(TO_XYZ, linear) / WHITE))
    lab[..., 0] -= 16
    return lab


def _cielab_root(ratio: FloatArray) -> FloatArray:
    return np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio * (841 / 108) + 4 / 29)


def cielab_to_linear(cielab: FloatArray) -> FloatArray:
    """Return the linear light of CIELAB colours: shape (..., 3), float64."""
    root = multiply_colors(_FROM_LAB, cielab + np.array([16.0, 0.0, 0.0]))
    ratio = np.where(root > 6 / 29, root**3, (root - 4 / 29) * (108 / 841))
    return multiply_colors(_FROM_XYZ, ratio * WHITE)


def srgb8_to_linear(colors: UInt8Array) -> FloatArray:
    """Return the linear light of 8-bit sRGB, in [0, 1]: of the same shape, float64, from a table."""
    light: FloatArray = _LIGHT.take(colors)
    return light


def linear_to_srgb8(linear: FloatArray) -> UInt8Array:
    """Return the nearest 8-bit sRGB of linear light; what a display cannot show is clipped."""
    encoded: UInt8Array = np.rint(linear_to_srgb(linear).clip(0, 1) * 255).astype(np.uint8)
    return encoded


def srgb8_to(space: SpaceName, colors: UInt8Array) -> FloatArray:
    """Return 8-bit sRGB colours in a space.

    Parameters
    ----------
    space : {"srgb", "linear", "oklab", "cielab"}
    colors : ndarray of shape (..., 3), uint8

    Returns
    -------
    ndarray of shape (..., 3), float64
        sRGB and linear in [0, 1], the others as `linear_to_oklab` and `linear_to_cielab` have them.

    Examples
    --------
    >>> import numpy as np
    >>> srgb8_to("cielab", np.array([[255, 255, 255], [128, 128, 128]], np.uint8)).round(2)[:, 0].tolist()
    [100.0, 53.59]
    """
    if space == "srgb":
        return colors / 255.0
    return SPACES[space].from_linear(srgb8_to_linear(colors))


def _same_colors(colors: FloatArray) -> FloatArray:
    return colors


class Space(NamedTuple):
    """How a space is reached from linear light, and back."""

    from_linear: Callable[[FloatArray], FloatArray]
    to_linear: Callable[[FloatArray], FloatArray]


class Roots(NamedTuple):
    """What Oklab and CIELAB are made of, but for a shift: ``to_space @ root(to_cones @ light)``.

    No number of `to_cones` is below 0, and `root` rises everywhere, to either side of 0 no more steeply
    farther away. `slope` is its derivative, at most `steepest`.
    """

    to_cones: FloatArray
    root: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    steepest: float
    to_space: FloatArray


def _slope_of_cbrt(numbers: FloatArray) -> FloatArray:
    root: FloatArray = np.cbrt(np.maximum(np.abs(numbers), _STEEP**-1.5))
    return 1 / (3 * root * root)


def _slope_of_cielab(ratio: FloatArray) -> FloatArray:
    root: FloatArray = np.cbrt(np.maximum(ratio, (6 / 29) ** 3))
    return 1 / (3 * root * root)


_STEEP = 1e30  # for infinite: the slope of a root at 0

ROOTS: dict[SpaceName, Roots] = {
    "oklab": Roots(_TO_CONES, np.cbrt, _slope_of_cbrt, _STEEP, _OKLAB),
    "cielab": Roots(TO_XYZ / WHITE[:, np.newaxis], _cielab_root, _slope_of_cielab, 841 / 108, _LAB),
}
"""The spaces that are made of roots, by name."""

SPACES: dict[SpaceName, Space] = {
    "srgb": Space(linear_to_srgb, srgb_to_linear),
    "linear": Space(_same_colors, _same_colors),
    "oklab": Space(linear_to_oklab, oklab_to_linear),
    "cielab": Space(linear_to_cielab, cielab_to_linear),
}
"""The spaces by name."""

_LIGHT = srgb_to_linear(np.arange(256) / 255)
