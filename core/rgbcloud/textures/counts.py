"""Counts: what is known of the colours of images. They add up, wherever they were counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

from rgbcloud.color.display import usual_color_space
from rgbcloud.counting.alpha import take_alpha
from rgbcloud.counting.kind import Content, Origin, asked_color_space, content_of, guess_kind
from rgbcloud.counting.value_histogram import Histogram, added_up
from rgbcloud.counting.votes import histogram_of, read_mask
from rgbcloud.errors import ImageReadError, InvalidArgumentError
from rgbcloud.images.files import write_file
from rgbcloud.images.image import MAX_PIXELS, Image
from rgbcloud.images.reading import read
from rgbcloud.progress import Progress, portion, portions, silent
from rgbcloud.textures.recipe import Recipe
from rgbcloud.textures.texture import Member, Texture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.images.pillow.pillow_reading import Source
    from rgbcloud.settings import AlphaName, KindName, Settings

_SUFFIX = ".npz"
DEFAULT_BUDGET = 1 << 30
"""Bytes of decoded texels that are kept from counting to rebuilding: sixteen opaque 4K tiles and more."""


@dataclass(frozen=True)
class Limits:
    """What reading may take.

    Attributes
    ----------
    max_pixels : int, default 2**28
        Images with more pixels are refused before they are decoded.
    budget : int, default 2**30
        Bytes of decoded texels to keep between counting and rebuilding; what does not fit is read twice.
    folder : Path, optional
        Where temporary files of an image in memory may stand; the system's for such if left out.
    """

    max_pixels: int = MAX_PIXELS
    budget: int = DEFAULT_BUDGET
    folder: Path | None = None


@dataclass(frozen=True, eq=False)
class Counts:
    """The colours of some images, and what is known of these beside their texels.

    Attributes
    ----------
    histogram : ColorHistogram or ValueHistogram
        Of all of them.
    origin : Origin
        Of the first one.
    other_colors : Origin or None
        The first file that says its colours are others than the first one says.
    other_kind : str
        The first file whose name tells another kind than the first one's; mostly empty.
    """

    histogram: Histogram
    origin: Origin
    other_colors: Origin | None = None
    other_kind: str = ""

    @classmethod
    def of(
        cls, image: Image, mask: UInt8Array | None = None, host: str = "", *, progress: Progress = silent
    ) -> Counts:
        """Count the colours of an image.

        Parameters
        ----------
        image : Image
        mask : ndarray of shape (H, W), uint8, optional
            See `rgbcloud.counting.votes.coverage_of`.
        host : str
            What the host that shows it calls its colour space.
        progress : Progress
            Told from time to time.
        """
        origin = Origin(image.name, image.colors.space, image.colors.by, host)
        return cls(histogram_of(image, mask, progress=progress), origin)

    def __add__(self, other: Counts) -> Counts:
        if not isinstance(other, Counts):
            return NotImplemented
        return self.added_up((self, other))

    @classmethod
    def added_up(cls, parts: Iterable[Counts]) -> Counts:
        """Return the counts of all images together, at least one.

        Raises
        ------
        InvalidArgumentError
            If their depths differ.
        """
        counts = list(parts)
        first = counts[0]
        for other in counts:
            if other.histogram.dtype != first.histogram.dtype:
                raise InvalidArgumentError(
                    f"{first.origin.name} holds {first.histogram.dtype} and {other.origin.name} "
                    f"{other.histogram.dtype}; files that share a palette must have one depth: "
                    "convert one, or reduce them apart"
                )
        if len(counts) == 1:
            return first
        kind, colors = _kind_by_name(first.origin), first._colors_of(first.origin)
        others = [part.other_colors for part in counts if part.other_colors]
        others += [part.origin for part in counts if first._colors_of(part.origin) != colors]
        kinds = [part.other_kind for part in counts if part.other_kind]
        kinds += [part.origin.name for part in counts if _kind_by_name(part.origin) != kind]
        histogram = added_up(part.histogram for part in counts)
        return cls(histogram, first.origin, next(iter(others), None), next(iter(kinds), ""))

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a .npz file, which `load`, `count` and ``rgbcloud palette`` read.

        Raises
        ------
        InvalidArgumentError
            If it has another suffix.
        ImageWriteError
            If the file is there and `overwrite` is off, or cannot be written.
        """
        from rgbcloud.textures.counts_files import encode_counts  # only counts on disk need it

        if Path(path).suffix != _SUFFIX:
            raise InvalidArgumentError(f"counts are written as {_SUFFIX} files, got {path}")
        data = encode_counts(self.histogram, [self.origin, self.other_colors], self.other_kind)
        return write_file(path, data, overwrite=overwrite)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Counts:
        """Return what `save` has written.

        Raises
        ------
        ImageReadError
            If the file is missing, damaged, or no such file.
        """
        from rgbcloud.textures.counts_files import decode_counts  # only counts on disk need it

        histogram, (origin, other_colors), other_kind = decode_counts(Path(path))
        if origin is None:
            raise ImageReadError(f"{path} does not say of what it is; count again")
        return cls(histogram, origin, other_colors, other_kind)

    def _colors_of(self, origin: Origin) -> ColorSpace:
        return origin.color_space or usual_color_space(self.histogram.dtype)

    def content(self, recipe: Recipe) -> Content:
        """Return what the images hold, by a recipe and by all that is known of them.

        Raises
        ------
        InvalidArgumentError
            If they say that their colours are of different colour spaces, or if their names tell different
            kinds, and the recipe does not say what holds for all; see also
            `rgbcloud.counting.kind.content_of`.
        """
        settings = recipe.settings
        found = None if recipe.palette is None else recipe.palette.found
        if self.other_colors and asked_color_space(settings) is None:
            one, other = (
                f"{origin.name} holds {self._colors_of(origin).name}"
                for origin in (self.origin, self.other_colors)
            )
            raise InvalidArgumentError(
                f"{one} and {other}; say what both hold (color_space, or linear), or reduce them apart"
            )
        if self.other_kind and settings.kind == "auto" and found is None:
            raise InvalidArgumentError(
                f"{self.origin.name} was taken for {_kind_by_name(self.origin)} and {self.other_kind} was "
                "not, by their names: they share no palette; set the kind, or reduce them apart"
            )
        if found is None:
            return content_of(self.histogram, settings, self.origin)
        # A palette that was found for images knows what they hold: each of them is to be taken for the same.
        if settings.kind == "auto":
            settings = replace(settings, kind=found.kind)
        if settings.space == "srgb":
            settings = replace(settings, space=found.space.space)
        content = content_of(self.histogram, settings, self.origin)
        space = content.space
        if (found.kind, found.space.dtype, found.space.space) != (content.kind, space.dtype, space.space):
            return content
        if found.space.color_space == space.color_space:
            return content._replace(space=found.space)
        if content.kind != "color":
            return content
        note = (
            f"the palette was found for {found.space.color_space.name}, and its colours were converted to "
            f"{space.color_space.name}, as {content.colors_by} says; set the color_space if both are the same"
        )
        return content._replace(notes=(*content.notes, note))


def _kind_by_name(origin: Origin) -> KindName:
    return guess_kind(origin.name, origin.color_space.name if origin.color_space else "")


AnySource = Union[str, Path, Image, Texture, Any]
"""An image file, a pattern, a binary file, an Image or a Texture."""


def count(
    sources: Iterable[AnySource] | AnySource,
    recipe: Recipe | None = None,
    *,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Counts:
    """Count the colours of images that are to share a palette.

    Parameters
    ----------
    sources : image file, pattern, binary file, Image, Texture or a list of these
        Read one after the other: one decoded image is in memory at a time. Files that `Counts.save` has
        written count, too.
    recipe : Recipe, optional
        Its mask counts.
    limits : Limits, optional
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Raises
    ------
    ImageReadError
        If an image cannot be read, or there is none.
    InvalidArgumentError
        If their depths differ, or a mask has another size.
    """
    recipe, limits = recipe or Recipe(), limits or Limits()
    items = list(sources) if isinstance(sources, (list, tuple)) else [sources]
    parts = [part for item in items for part in open_images(item, recipe)]
    if not parts:
        raise ImageReadError("there is no image to count; name one")
    whole: Counts | None = None
    for part, share in zip(parts, portions(progress, len(parts))):
        share(0.0, "reading")
        counts = part.count(limits, portion(share, 0.5, 1.0))
        whole = counts if whole is None else whole + counts
    assert whole is not None
    return whole


@dataclass(frozen=True, eq=False)
class Opened:
    """One image that is to be read, or was, and what masks it."""

    source: Source | Image
    settings: Settings
    mask: Path | None = None
    host: str = ""
    member: Member | None = None
    is_alone: bool = True
    alpha: AlphaName = "auto"
    """What the host does with it."""

    def read(self, limits: Limits) -> Image:
        """Return the image, its alpha taken for what it is, as large as the settings want it."""
        image = self.source
        if not isinstance(image, Image):
            all_frames = self.settings.frames == "all"
            image = read(image, max_pixels=limits.max_pixels, all_frames=all_frames)
        image = take_alpha(image, self.settings, self.alpha, is_alone=self.is_alone)
        if not self.settings.is_scaled:
            return image
        from rgbcloud.counting.resampling import resample  # only smaller textures need it

        return resample(image, self.settings, self.host)

    def read_mask(self, image: Image, limits: Limits) -> UInt8Array | None:
        """Return the mask of the image."""
        if self.mask is None:
            return None
        from rgbcloud.counting.resampling import resample_mask
        from rgbcloud.surface import MESH_SUFFIXES, surface_mask  # only masks need it

        if self.mask.suffix.lower() in MESH_SUFFIXES:
            return surface_mask(str(self.mask), image.size, self.member and self.member.tile)
        return resample_mask(read_mask(self.mask, image, max_pixels=limits.max_pixels), image.size)

    def count(self, limits: Limits, progress: Progress) -> Counts:
        """Return the colours of the image, or what was written down of them."""
        if isinstance(self.source, Path) and self.source.suffix == _SUFFIX:
            if self.mask is not None:
                raise InvalidArgumentError(f"{self.source} was counted already; lay the mask on the images")
            if self.settings.is_scaled:
                msg = f"{self.source} was counted already, at its size; leave out max_size and scale"
                raise InvalidArgumentError(msg)
            return Counts.load(self.source)
        image = self.read(limits)
        return Counts.of(image, self.read_mask(image, limits), self.host, progress=progress)


def open_images(source: AnySource, recipe: Recipe) -> Iterator[Opened]:
    """Yield the images of a source."""
    if isinstance(source, (str, Path)):
        source = Texture.find(source)
    if isinstance(source, Texture):
        for member, mask in zip(source.members, recipe.mask_for(source)):
            is_alone = len(source.members) == 1
            yield Opened(
                member.path, recipe.settings, mask, source.color_space, member, is_alone, source.alpha
            )
    else:
        yield Opened(source, recipe.settings, Path(recipe.mask) if recipe.mask else None)
