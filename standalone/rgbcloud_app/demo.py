"""What ``rgbcloud demo`` shows: a photograph, its cloud, and the photograph rebuilt from a few colours."""

from __future__ import annotations

import html
import io
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from rgbcloud import MAX_PIXELS, PointCloud, Recipe, read, reduce
from rgbcloud.progress import portion
from rgbcloud_app.learn import lesson_page as lesson
from rgbcloud_app.plots import BACKGROUND, cloud_picture
from rgbcloud_app.viewer.cloud_page import cloud_page

if TYPE_CHECKING:
    from rgbcloud import Image as Texels
    from rgbcloud import Palette, Progress, Reduction

PHOTOGRAPH = "china.jpg"
CREDIT = (
    "Photograph: danielbuechele (flickr.com/photos/danielbuechele/6061409035), CC BY 2.0, from scikit-learn"
)
SIZES = (16, 3)  # colours

_PICTURE_COLORS = 256  # our own medicine: pictures of clouds are reduced, too
_PICTURE_SIZE = 640
_PICTURE_POINTS = 40_000
_PAGE_POINTS = 30_000
_MARGIN, _STRIP, _CAPTION = 16, 36, 44  # pixels of the sheet


class Demo(NamedTuple):
    """The files of the demo's folder, by name, and its table."""

    files: dict[str, bytes]
    table: str


def make_demo(progress: Progress) -> Demo:
    """Reduce the photograph to 16 and to 3 colours, draw its cloud, and add the lesson on k-means.

    Parameters
    ----------
    progress : Progress
        Told after each file.

    Returns
    -------
    Demo
        The same on every run.

    Raises
    ------
    MissingDependencyError
        If matplotlib is not installed.
    """
    photograph = lesson.photograph(PHOTOGRAPH)
    source = read(photograph)
    reductions = {
        colors: reduce(
            source,
            Recipe.of(colors=colors),
            progress=portion(progress, 0.1 * number, 0.1 * (number + 1)),
        )
        for number, colors in enumerate(SIZES)
    }
    files = {"source.jpg": photograph.getvalue()}
    for colors, reduction in reductions.items():
        files[f"reduced-{colors}.png"] = reduction.data
    files["side-by-side.png"] = _sheet(source, reductions)
    progress(0.25, "drawing")
    three = _cloud(reductions[3], _PICTURE_POINTS)
    files["cloud.png"] = _lighter(cloud_picture(three, "source", size=_PICTURE_SIZE))
    progress(0.35, "drawing")
    files["cloud-3-clusters.png"] = _lighter(cloud_picture(three, "cluster", size=_PICTURE_SIZE))
    progress(0.45, "drawing")
    sixteen = _cloud(reductions[16], _PAGE_POINTS)
    files["cloud.html"] = cloud_page(sixteen, "source", title=f"{PHOTOGRAPH} in RGB space")
    files["learn.html"] = lesson.lesson_page(
        lesson.photograph(),
        credit=lesson.CREDIT,
        max_pixels=MAX_PIXELS,
        progress=portion(progress, 0.5, 1.0),
    )
    rows = _rows(reductions)
    files["index.html"] = _index(rows)
    progress(1.0, "done")
    return Demo(files, "\n".join("  ".join(row).rstrip() for row in _align(rows)))


def _cloud(reduction: Reduction, budget: int) -> PointCloud:
    return PointCloud.from_histogram(reduction.histogram, reduction.palette, budget=budget)


def _lighter(picture: bytes) -> bytes:
    return reduce(io.BytesIO(picture), Recipe.of(colors=_PICTURE_COLORS)).data


def _rows(reductions: dict[int, Reduction]) -> list[list[str]]:
    """Return the table: a row of names, the source, and each reduction."""
    first = next(iter(reductions.values())).report
    rows = [["", "colours", "bytes", "of source", "MSE", "PSNR", "SSIM"]]
    rows.append([first.name, f"{first.colors_before:,}", f"{first.bytes_before:,}", "100%", "", "", ""])
    for colors, reduction in reductions.items():
        report = reduction.report
        share = report.bytes_after / report.bytes_before
        rows.append(
            [
                f"reduced-{colors}.png",
                f"{report.colors_after:,}",
                f"{report.bytes_after:,}",
                f"{share:.0%}",
                f"{report.mse:.1f}",
                f"{report.psnr:.1f} dB",
                f"{reduction.ssim():.3f}",
            ]
        )
    return rows


def _align(rows: list[list[str]]) -> list[list[str]]:
    """Return rows whose cells are as wide as their columns: names to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    return [
        [
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(cells)
        ]
        for cells in (list(zip(row, widths)) for row in rows)
    ]


def _sheet(source: Texels, reductions: dict[int, Reduction]) -> bytes:
    """Return source and results side by side, the colours of each below it, as a PNG file."""
    width, height = source.size
    panels = 1 + len(reductions)
    size = (
        panels * (width + _MARGIN) + _MARGIN,
        height + _STRIP + _CAPTION + 2 * _MARGIN,
    )
    sheet = Image.new("RGB", size, BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(22)
    report = next(iter(reductions.values())).report
    captions = [f"source: {report.colors_before:,} colours, {report.bytes_before:,} bytes"]
    pictures = [source.to_display()]
    for reduction in reductions.values():
        report = reduction.report
        captions.append(
            f"{report.colors_after} colours, {report.bytes_after:,} bytes, PSNR {report.psnr:.1f} dB"
        )
        pictures.append(reduction.to_display())
    panels_of = zip(pictures, captions, [None, *reductions.values()])
    for number, (picture, caption, shown) in enumerate(panels_of):
        left, top = _MARGIN + number * (width + _MARGIN), _MARGIN
        sheet.paste(Image.fromarray(picture), (left, top))
        top += height
        if shown is not None:
            _draw_palette(draw, shown.palette, left, top, width)
        draw.text((left, top + _STRIP + 8), caption, font=font, fill="#e8e8e8")
    stream = io.BytesIO()
    sheet.save(stream, "PNG")
    return stream.getvalue()


def _draw_palette(draw: ImageDraw.ImageDraw, palette: Palette, left: int, top: int, width: int) -> None:
    """Draw the palette's colours as a strip, each as wide as its share of the texels."""
    edge = 0.0
    for color, share in zip(palette.to_hex(), palette.shares):
        start, edge = edge, edge + share * width
        draw.rectangle((left + round(start), top, left + round(edge) - 1, top + _STRIP - 1), fill=color)


def _index(rows: list[list[str]]) -> bytes:
    """Return the page that shows all files."""
    lines = []
    for number, row in enumerate(rows):
        tag = "td" if number else "th"
        cells = "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    template = resources.files("rgbcloud_app").joinpath("demo.html").read_text("utf-8")
    return Template(template).substitute(table="\n".join(lines), credit=html.escape(CREDIT)).encode()
