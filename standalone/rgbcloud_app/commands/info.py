"""``rgbcloud info``: what there is to know about a texture before it is reduced."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np
from PIL import ImageCms

from rgbcloud import ColorHistogram, Preview, Settings, SourceImage, knee
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.files import write_file
from rgbcloud.images.oiio_reading import DeepImage
from rgbcloud.images.reading import read_any
from rgbcloud.progress import portion
from rgbcloud.textures.deep_palette import agreed, counted_in, surveyed
from rgbcloud.textures.report import psnr
from rgbcloud_app.options import example, json_option, overwrite_option, reading_options
from rgbcloud_app.terminal import check_output, opened, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud.color.codes import FloatArray
    from rgbcloud.images.reading import AnyImage

_SIZES = (3, 7, 16, 64, 256)


@click.command(epilog=example("rgbcloud info wood.jpg", "rgbcloud info wood.jpg --curve curve.png"))
@click.argument("image")
@click.option(
    "--curve", metavar="FILE", help="Draw the error at every number of colours, and its knee: a .png."
)
@overwrite_option
@reading_options
@json_option
def info(image: str, curve: str | None, overwrite: bool, max_pixels: int, as_json: bool) -> None:
    """Print what is known about an image.

    Its size, colours, alpha and profile, and about what error palettes of K colours would have; of more
    than 8 bits a channel that error is of what a display shows.
    """
    if curve is not None:
        check_output(curve, image, (".png",), overwrite=overwrite)
    with progress_bar(image) as progress:
        read = read_any(opened(image), max_pixels=max_pixels)
        source = read if isinstance(read, SourceImage) else read.shown(linear=read.linear)
        histogram = ColorHistogram.from_array(source.pixels, progress=portion(progress, 0.0, 0.5))
        all_errors = _all_errors(histogram, portion(progress, 0.5, 1.0))
    errors = {colors: float(all_errors[colors - 2]) for colors in _SIZES} if len(all_errors) else {}
    if curve is not None:
        _draw(curve, all_errors, Path(source.name).name, overwrite=overwrite)
    height, width = source.pixels.shape[:2]
    distinct = _distinct(read) if isinstance(read, DeepImage) else len(histogram)
    profile = _profile_name(source)
    if as_json:
        say_json(
            {
                "source": source.name,
                "format": source.file_format,
                "bytes": source.file_size,
                "width": width,
                "height": height,
                "colors": distinct,
                "depth": "uint8" if isinstance(read, SourceImage) else read.depth,
                "linear": isinstance(read, DeepImage) and read.linear,
                "broken": _broken(read),
                "alpha": read.alpha is not None,
                "transparent": _transparent(read),
                "profile": profile,
                "mse": errors,
            }
        )
        return
    say(source.name)
    say(f"format    {source.file_format}, {source.file_size:,} bytes")
    say(f"size      {width} x {height}")
    if isinstance(read, DeepImage):
        say(f"depth     {read.depth}, {'linear light' if read.linear else 'no linear light'}")
        if _broken(read):
            say(f"broken    {_broken(read):,} texels are NaN or infinite")
    say(f"colours   {distinct:,}")
    say(f"alpha     {'none' if read.alpha is None else f'{_transparent(read):.1%} transparent'}")
    say(f"profile   {profile or 'none'}")
    for colors, mse in errors.items():
        quality = "exact" if math.isinf(psnr(mse)) else f"MSE {mse:.1f}, PSNR {psnr(mse):.1f} dB"
        say(f"K = {colors:<5} {quality}")


def _all_errors(histogram: ColorHistogram, progress: Progress) -> FloatArray:
    """Return about what MSE palettes of 2 … 256 colours would have; of no colours, none."""
    return Preview(histogram, progress=progress).errors if len(histogram) else np.empty(0)


def _draw(target: str, errors: FloatArray, name: str, *, overwrite: bool) -> None:
    """Write the curve of the errors as a picture."""
    from rgbcloud_app.plots import curve_picture

    if not len(errors):
        raise InvalidArgumentError(f"{name}: every texel is fully transparent, so that there is no curve")
    write_file(target, curve_picture(errors, knee(errors), title=name), overwrite=overwrite)


def _distinct(image: DeepImage) -> int:
    """Return how many distinct values the visible texels have; from 2**21 on about."""
    survey = surveyed(image, Settings(kind="color"), None)
    return 0 if survey.box is None else len(counted_in(image, agreed([survey]), None))


def _broken(image: AnyImage) -> int:
    return int(np.count_nonzero(~image.finite)) if isinstance(image, DeepImage) else 0


def _transparent(image: AnyImage) -> float:
    """Return the part of the texels that is fully transparent, in [0, 1]."""
    return 0.0 if image.alpha is None else float((image.alpha == 0).mean())


def _profile_name(source: SourceImage) -> str | None:
    if source.icc_profile is None:
        return None
    try:
        return ImageCms.getProfileDescription(
            ImageCms.ImageCmsProfile(io.BytesIO(source.icc_profile))
        ).strip()
    except (OSError, ImageCms.PyCMSError):
        return "unreadable"
