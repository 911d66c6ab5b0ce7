"""How a remap spreads its error: not at all, to neighbours, or by a matrix of thresholds.

Ordered dithers choose between two palette colours for each colour of the texture: the nearest one, and the
one that together with it comes closest to it, in the share that makes their mean the nearest they can mix.
Where the threshold of a texel is below the share, it gets the brighter of the two. The matrix begins at a
texture's upper left corner; its sides of 8 and 64 texels divide those of all usual textures, so that it runs
on from one UDIM tile into the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rgbcloud.color.codes import row_blocks, to_codes, to_colors
from rgbcloud.mapping.diffusion import UNITS, Picker, diffuse_errors
from rgbcloud.mapping.thresholds import bayer, blue_noise
from rgbcloud.palettes.palette import index_table, look_up, nearest_in_space
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.threads import SingleThreadedPools, do_in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray, UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.counting.histogram import ColorHistogram
    from rgbcloud.counting.value_histogram import ValueHistogram
    from rgbcloud.images.image import Image
    from rgbcloud.mapping.diffusion import Int16Array
    from rgbcloud.settings import Settings

_BLOCK = 1 << 20  # texels at a time
_PAIRS = 1 << 17  # colours times palette colours at a time
_CHROMA = 0.75  # the part of errors that goes on where they are in colour alone
# What of an error is lightness: numbers that are exact, so that the same goes on everywhere.
_OF_RGB, _OF_LAB = np.outer([5, 9, 2], [1, 1, 1]) / 16, np.diag([1.0, 0.0, 0.0])
_LIGHTNESS = {"srgb": _OF_RGB, "linear": _OF_RGB, "oklab": _OF_LAB, "cielab": _OF_LAB}
_CONTRAST = 0.1  # what the noise of a mix costs: of the squared distance of its two, times t (1 - t)


def dithered_colors(
    image: Image,
    palette: UInt8Array,
    settings: Settings,
    space: DistanceSpace,
    histogram: ColorHistogram,
    *,
    progress: Progress = silent,
) -> UInt8Array:
    """Return the palette index of every texel of an 8-bit image, dithered as settings say.

    Parameters
    ----------
    image : Image
    palette : ndarray of shape (k, 3), uint8
        At least 2 colours as the image stores them.
    settings : Settings
        Its `dither`, `dither_strength` and `serpentine`.
    space : DistanceSpace
        Errors are spread in it.
    histogram : ColorHistogram
        Of all visible texels.
    progress : Progress
        Told from time to time.

    Returns
    -------
    ndarray of shape (H, W), uint8
        Fully transparent texels neither take nor spread errors: they get their nearest colour.
    """
    pixels, visible = image.texels, image.visible
    if settings.dither == "floyd-steinberg":
        corners = _coordinates(np.concatenate([palette, histogram.colors]), space)
        indices = _diffuse(pixels, palette, settings, _Units(space, corners), visible, progress)
    else:
        order = np.lexsort(palette.T[::-1])  # in which equals are taken
        lower, higher, share = find_mixes(
            _coordinates(histogram.colors, space),
            _coordinates(palette[order], space),
            settings.dither_strength,
        )
        mixes = Mixes(order.astype(np.uint8)[lower], order.astype(np.uint8)[higher], share)
        indices = _choose_by_threshold(pixels, histogram, mixes, _matrix(settings), progress)
    if visible is not None:
        clear = ~visible
        codes, places = np.unique(to_codes(pixels[clear]), return_inverse=True)
        indices[clear] = nearest_in_space(to_colors(codes), palette, space)[places]
    return indices


def dithered_values(
    image: Image,
    palette: StoredArray,
    settings: Settings,
    space: DistanceSpace,
    histogram: ValueHistogram,
    *,
    progress: Progress = silent,
) -> UInt8Array:
    """Return the palette index of every texel of an image of more than 8 bits a channel.

    Parameters
    ----------
    image, palette, settings, space, histogram, progress
        See `dithered_colors`.

    Returns
    -------
    ndarray of shape (H, W), uint8
        What is not visible gets any index.
    """
    visible = np.ones(image.texels.shape[:2], bool) if image.visible is None else image.visible
    values = image.values
    if image.visible is not None:
        values = np.where(visible[..., np.newaxis], values, palette[0])  # no NaN among them
    if settings.dither == "floyd-steinberg":
        corners = space.coordinates(np.concatenate([palette.astype(np.float64), histogram.means]))
        return _diffuse(values, palette, settings, _Units(space, corners), image.visible, progress)
    matrix, order = _matrix(settings), np.lexsort(palette.T[::-1])
    centers = space.coordinates(palette[order])
    indices = np.zeros(visible.shape, np.uint8)
    rows = slices(len(values), max(1, _BLOCK // values.shape[1]))
    for done, block in enumerate(rows, start=1):
        seen = visible[block]
        lower, higher, share = find_mixes(
            space.coordinates(values[block][seen]), centers, settings.dither_strength
        )
        down, across = np.nonzero(seen)
        thresholds = matrix[(down + block.start) % len(matrix), across % len(matrix)]
        indices[block][seen] = order[np.where(share > thresholds, higher, lower)]
        progress(done / len(rows), "dithering")
    return indices


def _matrix(settings: Settings) -> UInt8Array:
    return bayer() if settings.dither == "bayer" else blue_noise()


def _diffuse(
    texels: npt.NDArray[Any],
    palette: StoredArray,
    settings: Settings,
    units: _Units,
    visible: npt.NDArray[np.bool_] | None,
    progress: Progress,
) -> UInt8Array:
    passed = np.rint(settings.dither_strength * units.passed * 1024) / 1024
    picker = Picker(units.of(palette), passed, units.limits)
    return diffuse_errors(
        texels, units.of, picker, serpentine=settings.serpentine, visible=visible, progress=progress
    )


class _Units:
    """The box around a texture's colours and its palette, in the whole numbers that errors are counted in."""

    def __init__(self, space: DistanceSpace, colors: FloatArray) -> None:
        self._space = space
        number: Any = np.int16 if space.is_stored else np.float32
        lowest, highest = (np.array([end(channel) for channel in colors.T]) for end in (np.min, np.max))
        extent = highest - lowest
        # Whole numbers times a whole number are exact, and soonest computed.
        self._scale = number((UNITS - 1) / (extent.max() or 1.0))  # all may be one colour
        self._shift = (-lowest * self._scale + (0.5 if number is np.float32 else 0)).astype(number)
        self.limits = np.rint(extent * self._scale).astype(np.int16)
        """The farthest corner of the box: ndarray of shape (3,), int16."""
        self.passed = np.eye(3)
        """What errors are multiplied with: of colours' all that is lightness, and less of what is not."""
        if space.kind == "color":
            self.passed = _CHROMA * self.passed + (1 - _CHROMA) * _LIGHTNESS[space.space]

    def of(self, pixels: npt.NDArray[Any]) -> Int16Array:
        """Return texels of shape (rows, W, channels), or colours of shape (k, 3), in units."""
        colors = pixels[..., :3]
        exact = colors if self._space.is_stored else _coordinates(colors, self._space)
        units = exact.astype(self._scale.dtype) * self._scale
        # Whole rows at once: numpy is slow at adding three numbers again and again.
        rows = units.reshape(-1, units.shape[-2] * 3)
        rows += np.tile(self._shift, units.shape[-2])
        whole: Int16Array = units.clip(0, UNITS - 1, out=units).astype(np.int16, copy=False)
        return whole


def _coordinates(colors: StoredArray, space: DistanceSpace) -> FloatArray:
    """Return colours of any shape in the space; as they are where that is what it takes them for."""
    if space.is_stored:
        return colors.astype(np.float64)
    return space.coordinates(colors.reshape(-1, 3)).reshape(colors.shape)


class Mixes(NamedTuple):
    """For each colour the two palette colours that it is mixed of."""

    lower: UInt8Array  # (n,)
    higher: UInt8Array  # (n,), equal to the lower one where the nearest colour is best alone
    share: UInt8Array  # (n,), of the higher one, in 1/256


def find_mixes(coordinates: FloatArray, palette: FloatArray, strength: float) -> Mixes:
    """Return what colours are mixed of.

    Parameters
    ----------
    coordinates : ndarray of shape (n, 3), float64
    palette : ndarray of shape (k, 3), float64
        At least 2 colours, in the same space; of equally near ones the first is taken.
    strength : float
        0 to 1: the part of its share that the farther colour gets.

    Returns
    -------
    Mixes
    """
    order = np.lexsort(palette.T[::-1])  # by the first coordinate: red, or lightness
    rank = np.empty(len(order), np.uint8)
    rank[order] = np.arange(len(order))
    products = palette @ palette.T
    squares = np.diag(products)
    apart = squares[:, np.newaxis] + squares - 2 * products
    apart[apart <= 0] = np.inf  # from itself and its equals, which are no partners
    result = np.empty((3, len(coordinates)), np.uint8)

    def mix(block: slice) -> None:
        table = coordinates[block] @ palette.T
        rows = np.arange(len(table))
        first = (squares - 2 * table).argmin(axis=1)
        # (c - a)·(b - a) for every b
        along = table - table[rows, first, np.newaxis] - products[first] + squares[first, np.newaxis]
        far = apart[first]
        share = np.clip(along / far, 0, 0.5)
        far[np.isinf(far)] = 0
        # by how much the mix is nearer, in squares, less what its noise costs
        gain = share * (2 * along - far * (share + _CONTRAST * (1 - share)))
        np.copyto(gain, -np.inf, where=share == 0)
        second = gain.argmax(axis=1)
        part = share[rows, second] * strength
        second = np.where(np.rint(part * 256) > 0, second, first)
        turned = rank[second] < rank[first]
        result[0, block] = np.where(turned, second, first)
        result[1, block] = np.where(turned, first, second)
        result[2, block] = np.rint(np.where(turned, 1 - part, part) * 256).clip(0, 255)

    with SingleThreadedPools():
        do_in_parallel(mix, slices(len(coordinates), max(64, _PAIRS // len(palette))))
    return Mixes(*result)


def _choose_by_threshold(
    pixels: UInt8Array, histogram: ColorHistogram, mixes: Mixes, matrix: UInt8Array, progress: Progress
) -> UInt8Array:
    """Return the index of every texel: of the higher colour where the share is above the threshold."""
    lower, higher, share = (
        look_up(pixels, index_table(histogram.codes, column), progress=portion(progress, start, start + 0.3))
        for start, column in zip((0.0, 0.3, 0.6), mixes)
    )
    side = len(matrix)
    across = np.tile(matrix, -(-pixels.shape[1] // side))[:, : pixels.shape[1]]

    def choose(rows: slice) -> None:
        thresholds = across[np.arange(rows.start, rows.stop) % side]
        np.copyto(lower[rows], higher[rows], where=share[rows] > thresholds)

    do_in_parallel(choose, row_blocks(pixels, _BLOCK))
    progress(1.0, "dithering")
    return lower
