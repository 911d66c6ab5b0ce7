"""Quick looks at what a texture becomes, and where it differs, in any thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud import (
    MAX_COLORS,
    ColorHistogram,
    DistanceSpace,
    Palette,
    PointCloud,
    Settings,
    cluster,
    quantize,
)
from rgbcloud.color import delta_e_2000, srgb8_to, to_codes, to_colors
from rgbcloud.palettes import Found, hex_to_colors, nearest_in_space
from rgbcloud_panel.edits.editing import EditedPalette
from rgbcloud_panel.work.pyramid import Pyramid, Region

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud import Preview, Progress
    from rgbcloud.color import FloatArray, UInt8Array
    from rgbcloud_panel.edits.history import Look
    from rgbcloud_panel.work.loading import CountedColors, Picture

HEAT_LIMIT = 20.0
"""The CIEDE2000 difference that is shown brightest."""
_HEAT_STOPS = np.array(
    [(0, 0, 0), (45, 15, 90), (150, 40, 100), (235, 100, 40), (252, 190, 60), (255, 255, 220)]
)
HEAT = np.stack(
    [np.interp(np.linspace(0, 5, 256), range(6), _HEAT_STOPS[:, channel]) for channel in range(3)], axis=1
).astype(np.uint8)
"""The colours of differences from 0 to `HEAT_LIMIT`: (256, 3)."""
_SKETCH = 512  # texels of the longer side that a first look is made from
_SKETCHED_POINTS = 20_000
_WINDOW = 256  # texels a side of what dithers are measured on
_MEASURED = (2, 4, 8, 16, 32, 64, 128, 256)  # colours
_COARSE = 0xFCFCFC  # six bits a channel: what a quick rebuild tells apart


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A quick look at a part of the texture in other colours."""

    edited: EditedPalette
    """The palette that it is rebuilt from."""
    region: Region
    labels: UInt8Array  # (h, w), palette indices of the region's texels
    alpha: UInt8Array | None = None  # (h, w), None where all are opaque
    is_dithered: bool = False

    @property
    def pixels(self) -> UInt8Array:
        """The region's texels: (h, w, 3), or (h, w, 4) with alpha."""
        pixels = self.edited.palette.rebuild(self.labels)
        return pixels if self.alpha is None else np.dstack([pixels, self.alpha])


class Sketch(NamedTuple):
    """What is shown of a picture before its colours are counted: made from a small copy of it."""

    rebuilt: Rebuilt
    cloud: PointCloud


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


def rebuild(
    picture: Picture, counted: CountedColors, region: Region, look: Look, progress: Progress
) -> Rebuilt:
    """Give the texels of a region their palette colours, quickly and without dithering.

    Colours are told apart to six bits a channel of what a display shows: a texel may get a colour that is
    nearest to one 2 levels from its own.
    """
    progress(0.0, "previewing")
    settings, content = look.settings, counted.content(look.recipe())
    space = content.space.of_display
    if look.edited is not None:
        return _rebuild(picture.pyramid, region, look.edited, space)
    palette = _quick_palette(counted.preview, settings, space)
    if settings.recolored:  # which may be in the file's own numbers
        found = Found(palette.values_in(content.space), content.space, content.kind)
        palette = Palette(palette.colors, palette.populations, palette.inertia, found)
    edited = EditedPalette(palette, settings.recolored, settings.locked)
    return _rebuild(picture.pyramid, region, edited, space)


def _rebuild(pyramid: Pyramid, region: Region, edited: EditedPalette, space: DistanceSpace) -> Rebuilt:
    texels = region.of(pyramid.levels)
    labels = _coarse_remap(np.ascontiguousarray(texels), edited.clusters, space)
    return Rebuilt(edited, region, labels, texels[..., 3] if texels.shape[2] == 4 else None)


def rebuild_tiles(
    tiles: Mapping[int, UInt8Array],
    counted: CountedColors,
    shown: tuple[Look, EditedPalette],
    progress: Progress,
) -> dict[int, Rebuilt]:
    """Give small pictures of the tiles of a set, by number, the colours that are shown, as `rebuild` does."""
    look, edited = shown
    space = counted.content(look.recipe()).space.of_display
    rebuilt: dict[int, Rebuilt] = {}
    for number, texels in tiles.items():
        progress(len(rebuilt) / len(tiles), "previewing")
        region = Region(0, 0, 0, *texels.shape[1::-1])
        rebuilt[number] = _rebuild(Pyramid((texels,)), region, edited, space)
    return rebuilt


def dither(picture: Picture, rebuilt: Rebuilt, settings: Settings, progress: Progress) -> Rebuilt:
    """Return a quick result with the dither of the settings, as dense as its texels are shown."""
    progress(0.0, "previewing")
    texels = np.ascontiguousarray(rebuilt.region.of(picture.pyramid.levels)[..., :3])
    wanted = DitherCurve.of(settings).settings
    clusters = Palette(rebuilt.edited.clusters.colors)
    labels = quantize(texels, wanted, palette=clusters, progress=progress).indices
    return replace(rebuilt, labels=labels, is_dithered=True)


class DitherCurve(NamedTuple):
    """How much larger a dither makes the error of every number of colours."""

    settings: Settings
    """The dither's; the others are as usual."""
    factors: FloatArray | None = None  # (255,): of 2 … 256 colours

    @classmethod
    def of(cls, settings: Settings) -> DitherCurve:
        """Return the curve of a dither, which is not measured yet."""
        return cls(
            Settings(
                dither=settings.dither,
                dither_strength=settings.dither_strength,
                serpentine=settings.serpentine,
                space=settings.space,
            )
        )

    def measure(self, picture: Picture, counted: CountedColors, progress: Progress) -> DitherCurve:
        """Return it measured with some palettes on a window of the picture, interpolated in logarithms."""
        pixels = picture.pixels[..., :3]
        height, width = pixels.shape[:2]
        top, left = max(0, height - _WINDOW) // 2, max(0, width - _WINDOW) // 2
        window = np.ascontiguousarray(pixels[top : top + _WINDOW, left : left + _WINDOW])
        plain = replace(self.settings, dither="none")
        factors = []
        for number, colors in enumerate(_MEASURED):
            progress(number / len(_MEASURED), "measuring the dither")
            palette = Palette(counted.preview.palette(colors, DistanceSpace(self.settings.space)).colors)
            dithered, nearest = (
                palette.rebuild(quantize(window, settings, palette=palette).indices) - window.astype(float)
                for settings in (self.settings, plain)
            )
            least = np.finfo(float).tiny
            factors.append(max((dithered**2).mean(), least) / max((nearest**2).mean(), least))
        sizes = np.log(np.arange(2, MAX_COLORS + 1))
        return self._replace(factors=np.exp(np.interp(sizes, np.log(_MEASURED), np.log(factors))))


def sketch(picture: Picture, look: Look, progress: Progress) -> Sketch:
    """Return a first palette, picture and cloud, from the level of the pyramid that is small enough.

    Raises
    ------
    InvalidArgumentError
        If no texel is visible.
    """
    progress(0.0, "previewing")
    levels, settings = picture.pyramid.levels, look.settings
    level = next(
        (number for number, texels in enumerate(levels) if max(texels.shape[:2]) <= _SKETCH), len(levels) - 1
    )
    height, width = levels[level].shape[:2]
    histogram = ColorHistogram.from_array(np.ascontiguousarray(levels[level]))
    space = DistanceSpace(settings.space)
    wanted = Settings(
        settings.colors, settings.seed, locked=settings.locked, weight_power=settings.weight_power
    )
    shown = tuple(pair for pair in settings.recolored if pair[1].startswith("#"))  # no file's own numbers
    edited = look.edited or EditedPalette(
        cluster(histogram, wanted, space, progress=progress), shown, settings.locked
    )
    rebuilt = _rebuild(picture.pyramid, Region(level, 0, 0, width, height), edited, space)
    cloud = PointCloud.from_histogram(histogram, budget=_SKETCHED_POINTS)
    return Sketch(rebuilt, replace(cloud, color_space=picture.color_space))


def _quick_palette(preview: Preview, settings: Settings, space: DistanceSpace) -> Palette:
    """Return the locked colours and as many of the preview's as are missing."""
    missing = settings.colors - len(settings.locked)
    locked = hex_to_colors(settings.locked)
    if missing == 0:
        return Palette(locked)
    free = preview.palette(missing, space)
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
    table[used] = nearest_in_space(middles, palette.colors, space)
    return table.take(cells)


def clusters_of(
    cloud: PointCloud, edited: EditedPalette, space: DistanceSpace, progress: Progress
) -> PointCloud:
    """Return a cloud with every point in its nearest cluster."""
    progress(0.0, "clustering the cloud")
    labels = nearest_in_space(cloud.colors, edited.clusters.colors, space.of_display)
    return replace(cloud, palette=edited.palette, clusters=labels)


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
    heat = HEAT[levels].take(inverse.reshape(one.shape[:2]), axis=0)
    counts = np.bincount(inverse.reshape(-1), minlength=len(distinct))
    mean = float((difference * counts).sum() / counts.sum())
    return Difference(region, heat, mean, float(difference.max()))
