"""From texels to palette indices: every texel gets its nearest palette value, or a dithered one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.codes import CODES, row_blocks, to_codes, to_colors
from rgbcloud.color.distance import nearest_values
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.counting.votes import coverage_of
from rgbcloud.palettes.palette import index_table, look_up, nearest_in_space
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import SingleThreadedPools, in_parallel

if TYPE_CHECKING:
    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.distance import DistanceSpace, StoredArray
    from rgbcloud.counting.kind import Content
    from rgbcloud.counting.value_histogram import Histogram, ValueHistogram
    from rgbcloud.images.image import Image
    from rgbcloud.settings import Settings

_BLOCK = 1 << 20  # texels mapped at a time
_MANY = 1 << 16  # texels from which on tables of what is known pay


def dithers(settings: Settings, content: Content, palette: StoredArray) -> bool:
    """Return whether texels are dithered: labels never are, nor is there anything to do with one colour."""
    asked = settings.dither != "none" and settings.dither_strength > 0
    return asked and content.kind != "labels" and len(palette) > 1


def map_texels(
    image: Image,
    palette: StoredArray,
    content: Content,
    settings: Settings,
    histogram: Histogram,
    labels: UInt8Array | None = None,
    *,
    progress: Progress = silent,
) -> UInt8Array:
    """Return the palette index of every texel.

    Parameters
    ----------
    image : Image
    palette : ndarray of shape (k, 3)
        As the image stores colours.
    content : Content
        What the image holds, and the space that distances are taken in.
    settings : Settings
        Its dither counts.
    histogram : ColorHistogram or ValueHistogram
        Of the image; to be dithered, of all of its visible texels.
    labels : ndarray of shape (n,), uint8, optional
        The index of each of the histogram's values, where it is known.
    progress : Progress
        Told from time to time.

    Returns
    -------
    ndarray of shape (H, W), uint8
        Exact: no other palette value is nearer in the space; of equals the first by red, green, blue.
        What is not visible in an image of more than 8 bits gets any index.
    """
    has_table = image.depth == "uint8"
    if dithers(settings, content, palette):
        from rgbcloud.mapping import dithering  # which takes a while

        dither: Any = dithering.dithered_colors if has_table else dithering.dithered_values
        indices: UInt8Array = dither(image, palette, settings, content.space, histogram, progress=progress)
        return indices
    find: Any = _mapped_by_table if has_table else _mapped_by_value
    found: UInt8Array = find(image, palette, content.space, histogram, labels, progress)
    return found


def _mapped_by_table(
    image: Image,
    palette: UInt8Array,
    space: DistanceSpace,
    histogram: Any,
    labels: UInt8Array | None,
    progress: Progress,
) -> UInt8Array:
    """Look every texel up in a table of all 2**24 colours, in which the distinct ones have their index."""
    if labels is None:
        labels = nearest_in_space(histogram.colors, palette, space)
    table = index_table(histogram.codes, labels)
    if histogram.total < image.texels.shape[0] * image.texels.shape[1]:
        absent = _absent_colors(image, histogram)
        table[to_codes(absent)] = nearest_in_space(absent, palette, space)
    return look_up(image.texels, table, progress=progress)


def _absent_colors(image: Image, histogram: Any) -> UInt8Array:
    """Return the distinct colours of texels that have no vote, which get an index, too: (n, 3)."""
    is_counted = np.zeros(CODES, bool)
    is_counted[histogram.codes] = True
    codes = to_codes(image.texels)
    return to_colors(np.unique(codes[~is_counted[codes]]))


def _mapped_by_value(
    image: Image,
    palette: StoredArray,
    space: DistanceSpace,
    histogram: Any,
    labels: UInt8Array | None,
    progress: Progress,
) -> UInt8Array:
    """Look every visible texel up among the histogram's values, or search for the nearest palette value."""
    from rgbcloud.mapping.known_labels import KnownLabels  # only deep images need these
    from rgbcloud.mapping.nearest_cells import NearestCells

    visible = image.visible
    indices = np.zeros(image.texels.shape[:2], np.uint8)
    rows = row_blocks(image.texels, _BLOCK)
    cells = NearestCells(palette, space) if space.has_channels else None
    known = None
    if labels is not None and indices.size >= _MANY and _is_whole(histogram, image):
        known = KnownLabels(histogram.values, labels)

    def search(texels: StoredArray) -> UInt8Array:
        return nearest_values(texels, palette, space) if cells is None else cells.labels(texels)

    def labels_of(texels: StoredArray) -> UInt8Array:
        if known is None:
            return search(texels)
        found, open_ = known.labels(texels)
        found[open_] = search(texels[open_])
        return found

    def find(block: slice) -> None:
        if visible is None:
            texels = image.values[block].reshape(-1, 3)
            indices[block] = labels_of(texels).reshape(indices[block].shape)
        else:
            seen = visible[block]
            indices[block][seen] = labels_of(image.values[block][seen])

    with SingleThreadedPools():  # for all blocks: to lift it and set it anew for each may take seconds
        for done, _ in enumerate(in_parallel(find, rows), start=1):
            progress(done / len(rows), "finding nearest colours")
    return indices


def _is_whole(histogram: ValueHistogram, image: Image) -> bool:
    """Return whether a histogram holds every value that is visible, apart from all others."""
    if not histogram.is_exact:
        return False
    coverage = coverage_of(image)
    whole = OPAQUE * image.texels[..., 0].size if coverage is None else coverage.sum(dtype=np.int64)
    return bool(histogram.coverage.sum() == whole)
