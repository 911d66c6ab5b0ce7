"""Reading textures and counting their colours, in any thread."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import PIL.Image

from rgbcloud import (
    ColorHistogram,
    Counts,
    Image,
    Limits,
    PointCloud,
    Preview,
    Recipe,
    RgbcloudError,
    read,
)
from rgbcloud.counting import Origin, color_space_of
from rgbcloud.images import DEEP_FORMATS, split_suffix
from rgbcloud.progress import Progress, portion, portions
from rgbcloud.textures import CountedImage, Opened
from rgbcloud_panel.work.pyramid import Pyramid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud import Settings, Texture
    from rgbcloud.color import ColorSpace, UInt8Array
    from rgbcloud.counting import Content

THUMBNAIL = 96  # texels of the longer side
_LIMITS = Limits()


class Thumbnail(NamedTuple):
    """What the list shows of a texture."""

    pixels: UInt8Array  # (h, w, 4), RGBA
    width: int
    height: int
    file_size: int  # bytes of all its files


class Masked(NamedTuple):
    """A texture and its mask, which is empty where all texels count."""

    texture: Texture
    mask: str


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as it is stored, as a display shows it, and that in smaller levels."""

    number: int
    """Which of the images it is that are counted together."""
    image: Image
    color_space: ColorSpace
    """What its colours are taken for."""
    pyramid: Pyramid

    @property
    def pixels(self) -> UInt8Array:
        """As a display shows it: (h, w, 3) or (h, w, 4), sRGB."""
        return self.pyramid.levels[0]


@dataclass(frozen=True, eq=False)
class CountedColors:
    """What is known of the colours of images that share a palette."""

    images: Sequence[CountedImage]
    counts: Counts  # of all of them
    histogram: ColorHistogram  # of all of them, as a display shows them
    preview: Preview
    _contents: dict[object, Content] = field(default_factory=dict)

    def content(self, recipe: Recipe) -> Content:
        """Return what the images hold, guessed once for all numbers of colours."""
        key = _content_key(recipe)
        if key not in self._contents:
            self._contents[key] = self.counts.content(recipe)
        return self._contents[key]

    def known_content(self, recipe: Recipe) -> Content | None:
        """Return the same if it was guessed already, else None."""
        return self._contents.get(_content_key(recipe))


def _content_key(recipe: Recipe) -> object:
    settings, palette = recipe.settings, recipe.palette
    colors = settings.linear, settings.color_space, settings.ocio
    return settings.kind, settings.space, colors, palette and palette.found and palette.found.kind


def thumbnail(files: Sequence[Path], progress: Progress) -> Thumbnail:
    """Return a small picture of the first of a texture's files, decoded no larger than needed."""
    progress(0.0, "reading thumbnails")
    try:
        size = sum(path.stat().st_size for path in files)
        with _open(files[0]) as image:
            width, height = image.size
            image.draft("RGB", (THUMBNAIL, THUMBNAIL))
            image.thumbnail((THUMBNAIL, THUMBNAIL))
            pixels = _shown(image)
    except Exception as error:  # whatever Pillow's plug-ins raise; reading it in earnest says what is wrong
        raise RgbcloudError(f"{files[0]} has no thumbnail: {error}") from error
    return Thumbnail(pixels, width, height, size)


def _open(path: Path) -> PIL.Image.Image:
    """Open an image with Pillow, which decodes a JPEG only as large as needed, or read all of it."""
    if split_suffix(path)[1].lower() not in DEEP_FORMATS:
        image = PIL.Image.open(path)
        if not image.mode.startswith(("I", "F")):
            return image
        image.close()
    return PIL.Image.fromarray(read(path).to_display())


def _shown(image: PIL.Image.Image) -> UInt8Array:
    """Return a small picture as a display shows it, by an ICC profile of RGB: (h, w, 4), uint8."""
    rgba, profile = image.convert("RGBA"), image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "P"):
        with io.BytesIO() as file:
            rgba.save(file, "PNG", icc_profile=profile, compress_level=0)
            file.seek(0)
            rgba = PIL.Image.fromarray(read(file).to_display()).convert("RGBA")
    return np.asarray(rgba)


def load(
    sources: Sequence[Masked], settings: Settings, number: int, image: Image | None, progress: Progress
) -> Picture:
    """Read one of the images of some textures, unless that was done already, and make its smaller levels."""
    progress(0.0, "reading")
    opened = _files_of(sources, settings)[number]
    if image is not None and image.full_size is None:  # what was made smaller is read again
        opened = replace(opened, source=image)
    image = opened.read(_LIMITS)
    progress(0.5, "scaling")
    origin = Origin(image.name, image.colors.space, image.colors.by, opened.host)
    color_space = color_space_of(settings, origin, image.depth)
    return Picture(number, image, color_space, Pyramid.of(image.to_display(color_space)))


def load_small(
    sources: Sequence[Masked], settings: Settings, number: int, side: int, progress: Progress
) -> UInt8Array:
    """Return one of the images of some textures as a display shows it, of at most `side` texels a side."""
    levels = load(sources, settings, number, None, progress).pyramid.levels
    small = next((level for level in levels if max(level.shape[:2]) <= side), levels[-1])
    return np.ascontiguousarray(small)


def count_colors(
    picture: Picture,
    sources: Sequence[Masked],
    settings: Settings,
    known: CountedColors | None,
    progress: Progress,
) -> CountedColors:
    """Count the colours of images that share a palette, as far as their masks let them count.

    The picture is of one of them; `known` was counted of the same images and masks, shown in another light.
    """
    if known is None:
        images: Sequence[CountedImage]
        images = _count_images(picture, _open_images(sources, settings), portion(progress, 0.0, 0.6))
        counts = Counts.added_up(item.counts for item in images)
    else:
        images, counts = known.images, known.counts
    shown = counts.histogram.to_display(picture.color_space)
    preview = Preview(shown, seed=settings.seed, progress=portion(progress, 0.6, 1.0))
    return CountedColors(images, counts, shown, preview)


def cloud_of(picture: Picture, counted: CountedColors, progress: Progress) -> PointCloud:
    """Return the cloud of all colours, in no clusters yet."""
    progress(0.0, "building the cloud")
    return PointCloud.from_histogram(counted.counts.histogram, color_space=picture.color_space)


def _open_images(sources: Sequence[Masked], settings: Settings) -> list[Opened]:
    """Return the images of some textures, each file once, with their masks."""
    images: dict[Path, Opened] = {}
    for texture, name in sources:
        for member, mask in zip(texture.members, Recipe(mask=name).mask_for(texture)):
            is_alone = len(texture.members) == 1
            host = texture.color_space
            opened = Opened(member.path, settings, mask, host, is_alone=is_alone, alpha=texture.alpha)
            images.setdefault(member.path, opened)
    return list(images.values())


def _files_of(sources: Sequence[Masked], settings: Settings) -> list[Opened]:
    """Return the same, without masks: what is wrong with these, counting tells."""
    return _open_images([Masked(texture, "") for texture, _ in sources], settings)


def _count_images(picture: Picture, parts: Sequence[Opened], progress: Progress) -> list[CountedImage]:
    """Return the counted images. Only the one in the picture is kept in memory."""
    images: list[CountedImage] = []
    for number, (part, share) in enumerate(zip(parts, portions(progress, len(parts)))):
        share(0.0, "reading")
        image = picture.image if number == picture.number else part.read(_LIMITS)
        mask = part.read_mask(image, _LIMITS)
        counts = Counts.of(image, mask, part.host, progress=portion(share, 0.3, 1.0))
        images.append(CountedImage(part, counts, image if number == picture.number else None))
    return images
