"""``rgbcloud reduce``: textures to palettes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from rgbcloud import thread_count
from rgbcloud.images import FORMATS
from rgbcloud_app.batches.engines import Farm, Here
from rgbcloud_app.batches.planning import SAME, Places, plan_jobs
from rgbcloud_app.batches.receipts import Receipts
from rgbcloud_app.batches.runs import Summary, engine_for, outcomes, prepare_jobs, with_shared_palette
from rgbcloud_app.batches.work import Options
from rgbcloud_app.command_options import (
    example,
    json_option,
    overwrite_option,
    reading_options,
    recipe_options,
)
from rgbcloud_app.terminal import STANDARD, complain, progress_bar, say, say_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rgbcloud import Recipe
    from rgbcloud_app.assets import Meaning
    from rgbcloud_app.batches.engines import Engine
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.batches.work import Outcome


LARGER = 98  # as pngquant has it


@click.command(
    epilog=example(
        "rgbcloud reduce wood.jpg --colors 16",
        "rgbcloud reduce textures --recursive --output-dir lighter --colors 64",
        "rgbcloud reduce 'wood.<UDIM>.png' --palette client.ase",
        "rgbcloud reduce chair.usda --output-dir lighter",
        "rgbcloud reduce textures -r -d lighter --resume --scheduler tcp://farm:8786",
        "cat wood.png | rgbcloud reduce - --colors 7 > wood.k7.png",
    )
)
@click.argument("images", metavar="IMAGE...", nargs=-1, required=True)
@recipe_options()
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
@click.option("--shared-palette", "share", is_flag=True, help="Find one palette for all images together.")
@click.option(
    "--also",
    type=click.Choice(["normal", "data"]),
    multiple=True,
    help="Reduce normals or data of assets, too, as what they are; their colours always are.",
)
@click.option("--resume", is_flag=True, help="Note what is done, and pass over what such a run did.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the workers of a Dask scheduler: tcp://host:8786."
)
@click.option("--debug", is_flag=True, help="Print the traceback of what rgbcloud did not expect.")
@overwrite_option
@reading_options
@json_option
def reduce(images: tuple[str, ...], recipe: Recipe, **chosen: Any) -> None:
    """Rebuild images from palettes of K colours.

    An IMAGE may be a set that shares a palette: wood.<UDIM>.png, wood_u<u>_v<v>.png (from 0),
    wood_u<U>_v<V>.png (from 1), sea.####.png, sea.%04d.png, sea.<f>.png.

    It may be an asset, too: .usd, .usda, .usdc, .usdz, .mtlx, .gltf or .glb. Its textures are reduced by
    what they are plugged into, and --output-dir gets a copy of it that is the same but for these.

    Failures are told at the end, the other images are done, and the exit code is 1. It is 98 where nothing
    failed, but --skip-larger left an image as it is.
    """
    run = _Run(recipe, **chosen)
    run.check(images)
    jobs = prepare_jobs(
        list(plan_jobs(images, run.places, recursive=run.recursive)),
        run.receipts,
        is_farm=run.scheduler is not None,
    )
    engine = engine_for(jobs, thread_count(), run.scheduler)
    try:
        summary = _done(jobs, run, engine)
    finally:
        if isinstance(engine, Farm):
            engine.close()
    if summary.failed:
        raise click.exceptions.Exit(1)
    if summary.larger:
        raise click.exceptions.Exit(LARGER)


@dataclass(frozen=True)
class _Run:
    """What the command line asks for beside the images."""

    recipe: Recipe
    output: str | None
    output_dir: str | None
    recursive: bool
    suffix: str
    ssim: bool
    share: bool
    also: tuple[Meaning, ...]
    resume: bool
    scheduler: str | None
    debug: bool
    overwrite: bool
    max_pixels: int
    as_json: bool

    @functools.cached_property
    def places(self) -> Places:
        suffix = self.suffix if self.suffix == SAME else f".{self.suffix}"
        return Places(self.recipe.tag(), suffix, self.output, self.output_dir)

    @functools.cached_property
    def receipts(self) -> Receipts | None:
        return Receipts(self.output_dir) if self.resume else None

    @property
    def options(self) -> Options:
        return Options(
            self.recipe,
            self.places.suffix,
            self.overwrite,
            self.ssim,
            self.max_pixels,
            self.resume,
            self.also,
        )

    def check(self, images: tuple[str, ...]) -> None:
        """Complain about options that contradict each other."""
        several = len(images) > 1 or self.recursive
        piped = self.output == STANDARD or (STANDARD in images and self.output is None)
        for is_wrong, told in (
            (
                self.share and self.recipe.palette is not None,
                "palette takes its colours as they are; leave out --shared-palette",
            ),
            (
                self.share and self.recipe.goal is not None,
                "a shared palette needs a number of colours; leave out the goal",
            ),
            (
                self.output is not None and several,
                "--output takes the result of one image; use --output-dir for several",
            ),
            (
                self.output is not None and self.output_dir is not None,
                "--output and --output-dir exclude each other",
            ),
            (
                self.recursive and self.output_dir is None,
                "--recursive needs --output-dir, so that results do not get among the sources",
            ),
            (images.count(STANDARD) > 1, "standard input can be read once"),
            (
                STANDARD in images and self.output_dir is not None,
                "the result of standard input has no name for --output-dir; use --output FILE",
            ),
            (
                piped and (self.as_json or len(images) > 1),
                "the image goes to standard output, where nothing else may go; use --output FILE",
            ),
        ):
            if is_wrong:
                raise click.UsageError(told, click.get_current_context())


def _done(jobs: Sequence[Job], run: _Run, engine: Engine) -> Summary:
    """Do all jobs, tell what became of each and, at the end, of all."""
    summary, options = Summary(), run.options
    failed: list[Outcome] = []
    if run.share:
        with progress_bar("one palette for all") as progress:
            options, failed = with_shared_palette(jobs, options, engine, progress)
        unreadable = {outcome.job.source for outcome in failed}
        jobs = [job for job in jobs if job.source not in unreadable]
    for outcome in failed:
        summary.add(outcome)
        _tell(outcome, as_json=run.as_json)
    total = len(jobs) + len(failed)
    for outcome in _each(jobs, options, engine, run.receipts):
        summary.add(outcome)
        _tell(outcome, as_json=run.as_json)
        if outcome.error is not None:
            failed.append(outcome)
    if total > 1 and not run.as_json:
        for line in summary.lines():
            complain(line)
    for outcome in failed:
        complain(outcome.error)
        if run.debug and outcome.bug:
            complain(outcome.bug)
    if failed and total > 1:
        complain(f"{len(failed)} of {total} images could not be reduced")
    return summary


def _each(
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


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    """Print what became of a job: on standard output, unless the image itself went there."""
    source, target = outcome.job.source, outcome.job.target
    for note in outcome.notes:
        complain(f"{_display_name(source)}: {note}")
    if as_json:
        say_json(_as_dict(outcome))
        return
    if outcome.error is not None:
        return  # told at the end
    if outcome.larger:
        complain(outcome.larger)
        return
    if outcome.is_unchanged:
        text = f"{source} -> {target}: unchanged"
    elif outcome.job.is_set or outcome.asset_bytes:
        before, after = outcome.bytes
        count, colors = len(outcome.reports), len(outcome.palette)
        files = f"{count} files, {colors} colours" if outcome.job.is_set else f"textures reduced: {count}"
        text = f"{source} -> {target}: {files}, bytes {before:,} -> {after:,} ({after / before:.0%})"
        text += "".join(f"\n  {report.name}: {report.summary()}" for report in outcome.reports)
    else:
        text = f"{outcome.reports[0].name} -> {target}: {outcome.reports[0].summary()}"
    if target == STANDARD:
        complain(text)
    else:
        say(text)


def _display_name(source: str) -> str:
    return "standard input" if source == STANDARD else source


def _as_dict(outcome: Outcome) -> dict[str, object]:
    """Return what is printed as JSON."""
    job = outcome.job
    if outcome.error is not None:
        return {"source": job.source, "error": outcome.error}
    if outcome.larger:
        return {"source": job.source, "larger": outcome.larger}
    reports = [report.as_dict() for report in outcome.reports]
    result: dict[str, object] = {"source": job.source, "target": job.target}
    if outcome.is_unchanged:
        return {**result, "unchanged": True}
    if outcome.asset_bytes is not None:
        result.update(zip(("bytes_before", "bytes_after"), outcome.asset_bytes))
    is_one = not job.is_set and outcome.asset_bytes is None
    result.update({"report": reports[0]} if is_one else {"reports": reports})
    return {**result, "palette": list(outcome.palette), "notes": list(outcome.notes)}
