"""``rgbcloud reduce``: textures to palettes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rgbcloud import Goal, load_palette, thread_count
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.images.pillow_writing import FORMATS
from rgbcloud.textures.goals import check_one_way
from rgbcloud.textures.reduction import tag_of
from rgbcloud_app.batch import Summary, engine_for, outcomes, prepared, shared
from rgbcloud_app.engines import Farm, Here
from rgbcloud_app.jobs import SAME, Places, planned
from rgbcloud_app.options import example, json_option, overwrite_option, reading_options, reduction_settings
from rgbcloud_app.receipts import Receipts
from rgbcloud_app.terminal import STANDARD, complain, progress_bar, say, say_json
from rgbcloud_app.work import Options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Settings
    from rgbcloud_app.engines import Engine
    from rgbcloud_app.jobs import Job
    from rgbcloud_app.work import Outcome


@click.command(
    epilog=example(
        "rgbcloud reduce wood.jpg --colors 16",
        "rgbcloud reduce textures --recursive --output-dir lighter --colors 64",
        "rgbcloud reduce 'wood.<UDIM>.png' --palette client.ase",
        "rgbcloud reduce textures -r -d lighter --resume --scheduler tcp://farm:8786",
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
    help="Of results that --output does not name; same: as the source, which .exr, .hdr and .tx always are.",
)
@click.option("--ssim", is_flag=True, help="Measure structural similarity too, which takes as long again.")
@click.option("--palette", "palette_file", metavar="FILE", help="Take these colours, in their order.")
@click.option("--like", metavar="FILE", help="Keep the indices of this palette, of the version before.")
@click.option("--mask", metavar="IMAGE", help="Let texels count that are white here; may be a set, too.")
@click.option("--psnr", metavar="DB", type=float, help="Choose the fewest colours that reach this quality.")
@click.option(
    "--delta-e",
    metavar="X",
    type=float,
    help="Choose the fewest colours whose mean difference (CIEDE2000) is at most this; 1 is hardly seen.",
)
@click.option(
    "--max-bytes", metavar="N", type=int, help="Choose the most colours that fit into this file size."
)
@click.option("--knee", is_flag=True, help="Choose as many colours as pay off.")
@click.option("--shared-palette", "share", is_flag=True, help="Find one palette for all images together.")
@click.option("--resume", is_flag=True, help="Note what is done, and pass over what such a run did.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the workers of a Dask scheduler: tcp://host:8786."
)
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
    palette_file: str | None,
    like: str | None,
    mask: str | None,
    psnr: float | None,
    delta_e: float | None,
    max_bytes: int | None,
    knee: bool,
    share: bool,
    resume: bool,
    scheduler: str | None,
    overwrite: bool,
    max_pixels: int,
    as_json: bool,
) -> None:
    """Rebuild images from palettes of K colours.

    An IMAGE may be a set that shares a palette: wood.<UDIM>.png, wood_u<u>_v<v>.png (from 0),
    wood_u<U>_v<V>.png (from 1), sea.####.png, sea.%04d.png, sea.<f>.png.

    Failures are told at the end, the other images are done, and the exit code is 1.
    """
    goal = _goal(psnr, delta_e, max_bytes, knee, palette_file, like, share)
    places = Places(tag_of(settings, goal), suffix if suffix == SAME else f".{suffix}", output, output_dir)
    _check_places(images, places, recursive=recursive, as_json=as_json)
    receipts = Receipts(output_dir) if resume else None
    options = Options(
        settings,
        goal,
        None if palette_file is None else load_palette(palette_file),
        None if like is None else load_palette(like),
        mask,
        places.suffix,
        overwrite,
        ssim,
        max_pixels,
        receipts is not None,
    )
    jobs = prepared(
        list(planned(images, places, recursive=recursive)), receipts, is_farm=scheduler is not None
    )
    engine = engine_for(jobs, thread_count(), scheduler)
    try:
        failures = _run(jobs, options, engine, receipts, share=share, as_json=as_json)
    finally:
        if isinstance(engine, Farm):
            engine.close()
    if failures:
        raise click.exceptions.Exit(1)


def _run(
    jobs: Sequence[Job],
    options: Options,
    engine: Engine,
    receipts: Receipts | None,
    *,
    share: bool,
    as_json: bool,
) -> int:
    """Do all jobs, tell what became of each and, at the end, of all; return the number of failures."""
    summary = Summary()
    failed: list[Outcome] = []
    if share:
        with progress_bar("one palette for all") as progress:
            options, failed = shared(jobs, options, engine, progress)
        unreadable = {outcome.job.source for outcome in failed}
        jobs = [job for job in jobs if job.source not in unreadable]
    for outcome in failed:
        summary.add(outcome)
        _tell(outcome, as_json=as_json)
    total = len(jobs) + len(failed)
    for outcome in _done(jobs, options, engine, receipts):
        summary.add(outcome)
        _tell(outcome, as_json=as_json)
        if outcome.error is not None:
            failed.append(outcome)
    if total > 1 and not as_json:
        for line in summary.lines():
            complain(line)
    for outcome in failed:
        complain(outcome.error)
    if failed and total > 1:
        complain(f"{len(failed)} of {total} images could not be reduced")
    return len(failed)


def _done(
    jobs: Sequence[Job], options: Options, engine: Engine, receipts: Receipts | None
) -> Iterator[Outcome]:
    """Yield outcomes, with one progress display: of the image if there is one, else of the batch."""
    if len(jobs) == 1 and isinstance(engine, Here):
        with progress_bar(jobs[0].source) as progress:
            yield from outcomes(jobs, options, engine, receipts, progress)
        return
    with progress_bar(f"{len(jobs)} images") as progress:
        failures = 0
        for done, outcome in enumerate(outcomes(jobs, options, engine, receipts), start=1):
            failures += outcome.error is not None
            progress(done / len(jobs), f"{done} done" + (f", {failures} failed" if failures else ""))
            yield outcome


def _goal(
    psnr: float | None,
    delta_e: float | None,
    max_bytes: int | None,
    knee: bool,
    palette: str | None,
    like: str | None,
    share: bool,
) -> Goal | None:
    """Return the goal; complain about more than one way to come to a palette."""
    try:
        goal = Goal.asked(psnr, max_bytes, knee, delta_e)
        check_one_way(palette, like, goal, shared=share)
    except InvalidArgumentError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    return goal


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


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    """Print what became of a job: on standard output, unless the image itself went there."""
    source, target = outcome.job.source, outcome.job.target
    for note in outcome.notes:
        complain(f"{_called(source)}: {note}")
    if as_json:
        say_json(_as_dict(outcome))
        return
    if outcome.error is not None:
        return  # told at the end
    if outcome.is_unchanged:
        text = f"{source} -> {target}: unchanged"
    elif outcome.job.is_set:
        bytes_before, bytes_after = (
            sum(getattr(report, name) for report in outcome.reports)
            for name in ("bytes_before", "bytes_after")
        )
        text = f"{source} -> {target}: {len(outcome.reports)} files, {len(outcome.palette)} colours"
        text += f", bytes {bytes_before:,} -> {bytes_after:,} ({bytes_after / bytes_before:.0%})"
        text += "".join(f"\n  {report.name}: {report.summary()}" for report in outcome.reports)
    else:
        text = f"{outcome.reports[0].name} -> {target}: {outcome.reports[0].summary()}"
    if target == STANDARD:
        complain(text)
    else:
        say(text)


def _called(source: str) -> str:
    return "standard input" if source == STANDARD else source


def _as_dict(outcome: Outcome) -> dict[str, object]:
    """Return what is printed as JSON."""
    job = outcome.job
    if outcome.error is not None:
        return {"source": job.source, "error": outcome.error}
    reports = [report.as_dict() for report in outcome.reports]
    result: dict[str, object] = {"source": job.source, "target": job.target}
    if outcome.is_unchanged:
        return {**result, "unchanged": True}
    result.update({"reports": reports} if job.is_set else {"report": reports[0]})
    return {**result, "palette": list(outcome.palette), "notes": list(outcome.notes)}
