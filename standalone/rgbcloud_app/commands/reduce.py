"""``rgbcloud reduce``: textures to palettes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rgbcloud.encoding import FORMATS
from rgbcloud.errors import InvalidArgumentError, RgbcloudError
from rgbcloud_app.jobs import SAME, Job, Places, Targets, planned, reduced
from rgbcloud_app.options import example, json_option, overwrite_option, reading_options, reduction_settings
from rgbcloud_app.terminal import STANDARD, complain, progress_bar, say, say_json

if TYPE_CHECKING:
    from rgbcloud import Reduction, Settings


@click.command(
    epilog=example(
        "rgbcloud reduce wood.jpg --colors 16",
        "rgbcloud reduce textures --recursive --output-dir lighter --colors 64",
        "cat wood.png | rgbcloud reduce - --colors 7 > wood.k7.png",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@reduction_settings
@click.option("-o", "--output", metavar="FILE", help="Write the only result here; - for standard output.")
@click.option(
    "-d",
    "--output-dir",
    metavar="DIR",
    help="Write results here, named like their sources.  [default: beside these, as wood.k16.png]",
)
@click.option("-r", "--recursive", is_flag=True, help="Reduce all images in the folders named, too.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice([SAME, *(suffix[1:] for suffix in FORMATS)]),
    default="png",
    show_default=True,
    help="Of results that --output does not name; same: as the source.",
)
@click.option("--ssim", is_flag=True, help="Measure structural similarity too, which takes as long again.")
@overwrite_option
@reading_options
@json_option
def reduce(
    images: tuple[str, ...],
    settings: Settings,
    output: str | None,
    output_dir: str | None,
    recursive: bool,
    suffix: str,
    ssim: bool,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Rebuild images from palettes of K colours.

    Each failure is told, the other images are done, and the exit code is 1.
    """
    places = Places(settings, suffix if suffix == SAME else f".{suffix}", output, output_dir)
    _check_places(images, places, recursive=recursive, as_json=as_json)
    jobs = list(planned(images, places, recursive=recursive))
    targets = Targets(jobs)
    failures = 0
    for number, job in enumerate(jobs, start=1):
        label = f"{job.source} ({number} of {len(jobs)})" if len(jobs) > 1 else job.source
        try:
            targets.claim(job)
            with progress_bar(label) as progress:
                reduction = reduced(
                    job,
                    settings,
                    suffix=places.suffix,
                    overwrite=overwrite,
                    max_pixels=max_pixels,
                    ssim=ssim,
                    progress=progress,
                )
        except RgbcloudError as error:
            failures += 1
            # An error about a value does not say whose; those about files name the file.
            sentence = f"{job.source}: {error}" if isinstance(error, InvalidArgumentError) else str(error)
            complain(sentence)
            if as_json:
                say_json({"source": job.source, "error": sentence})
        else:
            _tell(job, reduction, as_json=as_json)
    if failures:
        if len(jobs) > 1:
            complain(f"{failures} of {len(jobs)} images could not be reduced")
        raise click.exceptions.Exit(1)


def _check_places(images: tuple[str, ...], places: Places, *, recursive: bool, as_json: bool) -> None:
    """Complain about options that contradict each other."""
    context = click.get_current_context()
    if places.output is not None:
        if len(images) > 1 or recursive:
            msg = "--output takes the result of one image; use --output-dir for several"
            raise click.UsageError(msg, context)
        if places.output_dir is not None:
            raise click.UsageError("--output and --output-dir exclude each other", context)
    if recursive and places.output_dir is None:
        msg = "--recursive needs --output-dir, so that results do not get among the sources"
        raise click.UsageError(msg, context)
    if images.count(STANDARD) > 1:
        raise click.UsageError("standard input can be read once", context)
    if STANDARD in images and places.output_dir is not None:
        msg = "the result of standard input has no name for --output-dir; use --output FILE"
        raise click.UsageError(msg, context)
    to_standard_output = places.output == STANDARD or (STANDARD in images and places.output is None)
    if to_standard_output and (as_json or len(images) > 1):
        msg = "the image goes to standard output, where nothing else may go; use --output FILE"
        raise click.UsageError(msg, context)


def _tell(job: Job, reduction: Reduction, *, as_json: bool) -> None:
    """Print what became of an image: on standard output, unless the image itself went there."""
    report = reduction.report
    for note in reduction.notes:
        complain(f"{report.name}: {note}")
    if as_json:
        say_json(
            {
                "source": job.source,
                "target": job.target,
                "report": report.as_dict(),
                "palette": reduction.palette.to_hex(),
                "notes": reduction.notes,
            }
        )
        return
    text = f"{report.name} -> {job.target}: {report.summary()}"
    if job.target == STANDARD:
        complain(text)
    else:
        say(text)
