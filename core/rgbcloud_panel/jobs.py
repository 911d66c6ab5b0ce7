"""What is computed in the background: functions of files and arrays that know no host and no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image

from rgbcloud import (
    ColorHistogram,
    Palette,
    PointCloud,
    Preview,
    RgbcloudError,
    Settings,
    SourceImage,
)
from rgbcloud.clustering.cluster import check_not_empty
from rgbcloud.color.codes import to_codes, to_colors
from rgbcloud.color.difference import delta_e_2000
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.color.nearest import nearest
from rgbcloud.color.spaces import srgb8_to
from rgbcloud.counting.kind import meaning_of, distance_space_of
from rgbcloud.counting.votes import masked, read_mask
from rgbcloud.images.oiio_reading import DeepImage, is_deep
from rgbcloud.images.reading import read_any
from rgbcloud.palettes.palette import hex_to_colors, nearest_colors
from rgbcloud.progress import Progress, portion
from rgbcloud_panel.editing import EditedPalette
from rgbcloud_panel.pyramid import Pyramid, Region

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.images.reading import AnyImage
    from rgbcloud.settings import KindName
    from rgbcloud_panel.history import Look

HEAT_LIMIT = 20.0
"""The CIEDE2000 difference that is shown brightest."""
THUMBNAIL = 96  # texels of the longer side
_HEAT_STOPS = np.array(
    [(0, 0, 0), (45, 15, 90), (150, 40, 100), (235, 100, 40), (252, 190, 60), (255, 255, 220)]
)
_HEAT = np.stack(
    [np.interp(np.linspace(0, 5, 256), range(6), _HEAT_STOPS[:, channel]) for channel in range(3)], axis=1
).astype(np.uint8)
_COARSE = 0xFCFCFC  # six bits a channel: what a quick rebuild tells apart


class Thumbnail(NamedTuple):
    """What the list shows of a texture."""

    pixels: UInt8Array  # (h, w, 4), RGBA
    width: int
    height: int
    file_size: int  # bytes of all its files


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as a display shows it, and its smaller levels."""

    image: SourceImage
    pyramid: Pyramid
    deep: DeepImage | None = None
    """What is reduced, where that has more than 8 bits a channel; else the image is."""


@dataclass(frozen=True, eq=False)
class Counted:
    """What is known of the colours of files that share a palette.

    Attributes
    ----------
    picture : Picture
        Of the first one.
    files : tuple of Path
    masks : mapping of Path to Path
        By file, where there are any.
    histogram : ColorHistogram
        Of all together, as a display shows them.
    preview : Preview
    cloud : PointCloud
    kind : str
        What they look like, by name and colours.
    """

    picture: Picture
    files: tuple[Path, ...]
    masks: Mapping[Path, Path]
    histogram: ColorHistogram
    preview: Preview
    cloud: PointCloud
    kind: KindName

    def space_for(self, settings: Settings) -> DistanceSpace:
        """Return where distances between the colours that are shown are taken."""
        if self.picture.deep is not None:
            return DistanceSpace(settings.space)  # what is shown is sRGB, whatever the numbers are
        return distance_space_of(settings, self.kind if settings.kind == "auto" else settings.kind)


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A quick look at a part of the texture in other colours."""

    palette: Palette
    region: Region
    labels: UInt8Array  # (h, w), palette indices of the region's texels


class Texel(NamedTuple):
    """One texel's colour, its cluster, and the colour it gets; the latter None while that is unknown."""

    before: UInt8Array  # (3,)
    cluster: int | None
    after: UInt8Array | None  # (3,)


class Difference(NamedTuple):
    """How far the texels of a region are from their originals, in CIEDE2000."""

    region: Region
    heat: UInt8Array  # (h, w, 3), from black to bright at `HEAT_LIMIT`
    mean: float
    largest: float


def thumbnail(files: Sequence[Path], progress: Progress) -> Thumbnail:
    """Return a small picture of the first of a texture's files, decoded no larger than needed."""
    progress(0.0, "reading thumbnails")
    try:
        size = sum(path.stat().st_size for path in files)
        with Image.fromarray(_shown(files[0]).pixels) if is_deep(files[0]) else Image.open(files[0]) as image:
            width, height = image.size
            image.draft("RGB", (THUMBNAIL, THUMBNAIL))
            image.thumbnail((THUMBNAIL, THUMBNAIL))
            pixels = np.asarray(image.convert("RGBA"))
    except Exception as error:  # whatever Pillow's plug-ins raise; reading it in earnest says what is wrong
        raise RgbcloudError(f"{files[0]} has no thumbnail: {error}") from error
    return Thumbnail(pixels, width, height, size)


def load(path: Path, linear: bool | None, progress: Progress) -> Picture:
    """Read an image and make its smaller levels.

    Parameters
    ----------
    path : Path
    linear : bool or None
        Whether numbers of more than 8 bits are linear light; None: as the file says.
    progress : Progress
    """
    progress(0.0, "reading")
    stored = read_any(path)
    progress(0.5, "scaling")
    image = _as_shown(stored, linear)
    return Picture(image, Pyramid.of(image.pixels), stored if isinstance(stored, DeepImage) else None)


def _shown(path: Path, linear: bool | None = None) -> SourceImage:
    return _as_shown(read_any(path), linear)


def _as_shown(stored: AnyImage, linear: bool | None) -> SourceImage:
    """Return an image in 8 bits of sRGB."""
    if isinstance(stored, SourceImage):
        return stored
    return stored.shown(linear=stored.linear if linear is None else linear)


def count(
    picture: Picture,
    files: Sequence[Path],
    masks: Mapping[Path, Path],
    settings: Settings,
    progress: Progress,
) -> Counted:
    """Count the colours of files that share a palette, as far as their masks let them count.

    Of the first file the image was read already. Those of more than 8 bits count as a display shows them.
    """
    parts = []
    for number, path in enumerate(files):
        part = portion(progress, number * 0.6 / len(files), (number + 1) * 0.6 / len(files))
        each = _shown(path, settings.linear) if number else picture.image
        pixels = each.pixels
        if path in masks:
            pixels = masked(pixels, read_mask(masks[path], each))
        parts.append(ColorHistogram.from_array(pixels, progress=part))
    histogram = ColorHistogram.merge(parts)
    check_not_empty(histogram)
    preview = Preview(histogram, seed=settings.seed, progress=portion(progress, 0.6, 0.9))
    progress(0.9, "building the cloud")
    cloud = PointCloud.from_histogram(histogram)
    kind = meaning_of(Settings(), picture.image.name, histogram.colors, histogram.coverage).kind
    return Counted(picture, tuple(files), masks, histogram, preview, cloud, kind)


def rebuild(counted: Counted, region: Region, look: Look, progress: Progress) -> Rebuilt:
    """Give the texels of a region their palette colours, quickly and without dithering.

    Colours are told apart to six bits a channel: a texel may get a colour that is nearest to one 2 levels
    from its own.
    """
    progress(0.0, "previewing")
    space = counted.space_for(look.settings)
    wanted = look.edited or EditedPalette.of(_quick_palette(counted.preview, look.settings, space))
    texels = np.ascontiguousarray(region.of(counted.picture.pyramid.levels))
    return Rebuilt(wanted.palette, region, _coarse_remap(texels, wanted.clusters, space))


def _quick_palette(preview: Preview, settings: Settings, space: DistanceSpace) -> Palette:
    """Return the locked colours and as many of the preview's as are missing."""
    missing = settings.colors - len(settings.locked)
    locked = hex_to_colors(settings.locked)
    if missing == 0:
        return Palette(locked)
    free = preview.palette(missing, space)
    if not len(locked):
        return free
    populations = np.concatenate([np.zeros(len(locked)), free.populations])
    return Palette(np.vstack([locked, free.colors]), populations, free.inertia)


def _coarse_remap(texels: UInt8Array, palette: Palette, space: DistanceSpace) -> UInt8Array:
    codes = to_codes(texels) & np.uint32(_COARSE)
    # Six bits of each channel, side by side: 2**18 cells.
    cells = (codes >> 6 & 0x3F000) | (codes >> 4 & 0xFC0) | (codes >> 2 & 0x3F)
    is_used = np.zeros(1 << 18, bool)
    is_used[cells] = True
    used = np.flatnonzero(is_used)
    middles = np.stack([(used >> shift & 0x3F) << 2 | 2 for shift in (12, 6, 0)], axis=1).astype(np.uint8)
    table = np.empty(1 << 18, np.uint8)
    table[used] = nearest_colors(middles, palette.colors, space)
    return table.take(cells)


def clusters_of(cloud: PointCloud, edited: EditedPalette, progress: Progress) -> PointCloud:
    """Return a cloud with every point in its nearest cluster."""
    progress(0.0, "clustering the cloud")
    labels = nearest(cloud.colors, edited.clusters.colors)
    return PointCloud(cloud.colors, cloud.weights, edited.palette, labels)


def compare(before: Pyramid, after: Pyramid, region: Region, progress: Progress) -> Difference:
    """Return how different, to the eye, the texels of a region are before and after."""
    progress(0.0, "comparing")
    one, other = (np.ascontiguousarray(region.of(pyramid.levels)[..., :3]) for pyramid in (before, after))
    pairs = to_codes(one).astype(np.uint64) << np.uint64(24) | to_codes(other)
    distinct, inverse = np.unique(pairs, return_inverse=True)
    lab = [
        srgb8_to("cielab", to_colors((distinct >> np.uint64(shift) & np.uint64(0xFFFFFF)).astype(np.uint32)))
        for shift in (24, 0)
    ]
    difference = delta_e_2000(*lab)
    levels = np.clip(difference / HEAT_LIMIT * 255, 0, 255).astype(np.uint8)
    heat = _HEAT[levels].take(inverse.reshape(one.shape[:2]), axis=0)
    counts = np.bincount(inverse.reshape(-1), minlength=len(distinct))
    mean = float((difference * counts).sum() / counts.sum())
    return Difference(region, heat, mean, float(difference.max()))
