"""What ``rgbcloud info`` tells: of each image, and of several that are to share a palette."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import ImageCms

from rgbcloud import Counts, Preview, knee
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import portion
from rgbcloud.textures import psnr

if TYPE_CHECKING:
    from rgbcloud import ColorHistogram, Image, Progress, Recipe
    from rgbcloud.color import ColorSpace, FloatArray
    from rgbcloud.counting import Content

_SIZES = (3, 7, 16, 64, 256)


class ErrorCurve:
    """About what error palettes of every number of colours would have, of what a display shows.

    Parameters
    ----------
    histogram : ColorHistogram
        As a display shows it; if it is empty, there is no curve.
    name : str
        What messages call it.
    progress : Progress
    """

    def __init__(self, histogram: ColorHistogram, name: str, progress: Progress) -> None:
        self._name = name
        self._errors: FloatArray = np.empty(0)
        if len(histogram):
            self._errors = Preview(histogram, progress=progress).errors

    def figures(self) -> dict[int, float]:
        """Return the MSE of some numbers of colours."""
        return {colors: float(self._errors[colors - 2]) for colors in _SIZES} if len(self._errors) else {}

    def lines(self) -> list[str]:
        """Return the same as people read it."""
        return [f"K = {colors:<5} {_quality(mse)}" for colors, mse in self.figures().items()]

    def picture(self, title: str) -> bytes:
        """Return a PNG file that shows it, with its knee.

        Raises
        ------
        InvalidArgumentError
            If no texel is visible.
        """
        from rgbcloud_app.plots import curve_picture  # draws, and so takes a while to import

        if not len(self._errors):
            msg = f"{self._name}: every texel is fully transparent, so that there is no curve"
            raise InvalidArgumentError(msg)
        return curve_picture(self._errors, knee(self._errors), title=title)


def _quality(mse: float) -> str:
    return "exact" if math.isinf(psnr(mse)) else f"MSE {mse:.1f}, PSNR {psnr(mse):.1f} dB"


@dataclass(frozen=True, eq=False)
class ImageFacts:
    """What is known of one image."""

    image: Image
    counts: Counts
    content: Content  # what it holds, as a recipe says or it is known otherwise
    shown: ColorHistogram  # its colours as a display shows them
    curve: ErrorCurve

    @classmethod
    def of(cls, image: Image, recipe: Recipe, progress: Progress) -> ImageFacts:
        """Count the colours of an image, and find out what they are and how many of them it needs."""
        counts = Counts.of(image, progress=portion(progress, 0.0, 0.5))
        content = counts.content(recipe)
        shown = counts.histogram.to_display(content.space.color_space)
        curve = ErrorCurve(shown, image.name, portion(progress, 0.5, 1.0))
        return cls(image, counts, content, shown, curve)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should be told."""
        return (*self.image.notes, *self.content.notes)

    @property
    def color_space(self) -> ColorSpace:
        """What its numbers are as colours."""
        return self.content.space.color_space

    @property
    def broken(self) -> int:
        """The number of texels that are no numbers."""
        return 0 if self.image.finite is None else int(np.count_nonzero(~self.image.finite))

    @property
    def transparent(self) -> float:
        """The part of the texels that is fully transparent, in [0, 1]."""
        return 0.0 if self.image.alpha is None else float((self.image.alpha == 0).mean())

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """Its width and height, as it is in the file first, where it is smaller now."""
        return [size for size in (self.image.full_size, self.image.size) if size is not None]

    def as_dict(self) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        width, height = self.image.size
        return {
            "source": self.image.name,
            "format": self.image.file_format,
            "bytes": self.image.file_size,
            "bytes_in_memory": self.image.bytes_in_memory(self.image.size),
            "bytes_as_blocks": _bytes_as_blocks(self.image.size),
            "size_before": self.image.full_size,
            "width": width,
            "height": height // self.image.frames,
            "frames": self.image.frames,
            "colors": len(self.counts.histogram),
            "depth": self.image.depth,
            "linear": self.color_space.is_linear,
            "color_space": self.color_space.name,
            "color_space_by": self.content.colors_by,
            "kind": self.content.kind,
            "broken": self.broken,
            "alpha": self.image.alpha is not None,
            "transparent": self.transparent,
            "profile": _profile_name(self.image.profile),
            "mse": self.curve.figures(),
        }

    def lines(self) -> list[str]:
        """Return all of it as people read it."""
        image = self.image
        light = "linear light" if self.color_space.is_linear else "no linear light"
        broken = [f"broken    {self.broken:,} texels are NaN or infinite"] if self.broken else []
        blocks = "BC6H" if image.texels.dtype.kind == "f" else "BC7"
        kind = [] if self.content.kind == "color" else [f"kind      {self.content.kind}"]
        memory, packed = (
            " -> ".join(f"{count(size):,}" for size in self.sizes)
            for count in (image.bytes_in_memory, _bytes_as_blocks)
        )
        sizes = " -> ".join(f"{width} x {height // image.frames}" for width, height in self.sizes)
        return [
            image.name,
            f"format    {image.file_format}, {image.file_size:,} bytes",
            f"memory    {memory} bytes as RGBA, {packed} as {blocks}; fewer colours change neither",
            f"size      {sizes}",
            *([f"frames    {image.frames}, under one palette"] if image.frames > 1 else []),
            f"depth     {image.depth}, {light}",
            f"space     {self.color_space.name}, by {self.content.colors_by}",
            *kind,
            *broken,
            f"colours   {len(self.counts.histogram):,}",
            f"alpha     {'none' if image.alpha is None else f'{self.transparent:.1%} transparent'}",
            f"profile   {_profile_name(image.profile) or 'none'}",
            *self.curve.lines(),
        ]


class FactsOfAll:
    """What is known of several images that are to share a palette: it is added up while they are read."""

    def __init__(self) -> None:
        self.files = 0
        self._bytes = 0
        self._counts: Counts | None = None
        self._shown: ColorHistogram | None = None

    def add(self, facts: ImageFacts) -> None:
        """Add an image.

        Raises
        ------
        InvalidArgumentError
            If its depth is another one than that of the images before.
        """
        self._counts = facts.counts if self._counts is None else self._counts + facts.counts
        self._shown = facts.shown if self._shown is None else self._shown + facts.shown
        self._bytes += facts.image.file_size
        self.files += 1

    def curve(self, name: str, progress: Progress) -> ErrorCurve:
        """Return what error palettes for all would have; at least one image must have been added."""
        assert self._shown is not None
        return ErrorCurve(self._shown, name, progress)

    def as_dict(self, curve: ErrorCurve) -> dict[str, object]:
        """Return all of it, ready for JSON."""
        assert self._counts is not None
        figures = {"bytes": self._bytes, "colors": len(self._counts.histogram)}
        return {"files": self.files, **figures, "mse": curve.figures()}

    def lines(self, curve: ErrorCurve) -> list[str]:
        """Return all of it as people read it."""
        assert self._counts is not None
        return [
            f"all {self.files} files together",
            f"bytes     {self._bytes:,}",
            f"colours   {len(self._counts.histogram):,}",
            *curve.lines(),
        ]


def _bytes_as_blocks(size: tuple[int, int]) -> int:
    """Return what a graphics card holds by BC7 or BC6H: 16 bytes for 4 x 4 texels."""
    return 16 * math.ceil(size[0] / 4) * math.ceil(size[1] / 4)


def _profile_name(profile: bytes | None) -> str | None:
    if profile is None:
        return None
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).strip()
    except (OSError, ImageCms.PyCMSError):
        return "unreadable"
