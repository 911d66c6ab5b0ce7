"""``rgbcloud farm``: a batch as a job for a render farm."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rgbcloud.formats import DEEP_FORMATS, FORMATS
from rgbcloud.settings import FIELDS
from rgbcloud_app.assets.opening import is_asset
from rgbcloud_app.command_options import (
    asset_options,
    example,
    overwrite_option,
    reading_options,
    recipe_options,
    recursive_option,
    share_option,
)
from rgbcloud_app.exit_codes import FAILED
from rgbcloud_app.terminal import SAME, STANDARD, complain, progress_bar, say

if TYPE_CHECKING:
    from rgbcloud import Recipe
    from rgbcloud_app.batches.planning import Job
    from rgbcloud_app.farm.steps import FarmPlan

_SCENES = (".ma", ".mb")


@click.command(
    epilog=example(
        "rgbcloud farm 'wood.<UDIM>.exr' --colors 64 --output-dir lighter --output job",
        "openjd run job/template.yaml",
        "rgbcloud farm textures -r -d lighter --commands | parallel",
        "rgbcloud farm shot010.ma shot020.ma --colors 16 --output-dir lighter --output job",
    )
)
@click.argument("images", metavar="SET...", nargs=-1, required=True)
@recipe_options()
@click.option("-o", "--output", metavar="DIR", help="Write an Open Job Description bundle here.")
@click.option("--commands", is_flag=True, help="Find palettes here, and print a command for each file.")
@click.option("-d", "--output-dir", metavar="DIR", help="Where results go.  [default: beside their sources]")
@recursive_option
@click.option(
    "--format",
    "suffix",
    type=click.Choice([SAME, *(suffix[1:] for suffix in FORMATS if suffix not in DEEP_FORMATS)]),
    default="png",
    show_default=True,
    help="Of results; .exr, .hdr and .tx keep their own.",
)
@share_option
@asset_options
@click.option("--mayapy", metavar="PROGRAM", default="mayapy", help="What scenes are reduced with.")
@overwrite_option
@reading_options
def farm(
    images: tuple[str, ...],
    recipe: Recipe,
    output: str | None,
    commands: bool,
    overwrite: bool,
    max_pixels: int,
    **more: Any,
) -> None:
    """Make a job for a render farm of images, sets, assets and Maya scenes.

    With --output it becomes an Open Job Description bundle, as Deadline Cloud takes it: some tasks find the
    palettes, then one task reduces one file. With --commands it becomes one command a line, in any order, for
    every other farm. Workers need rgbcloud and the same paths (or path mapping); the bytes are those of one
    machine. A task that was killed can be run again. A budget for all (--total-bytes) is no matter of single
    tasks: rgbcloud reduce --scheduler divides it.
    """
    from rgbcloud_app.farm.steps import FarmPlan  # which takes a while

    context = click.get_current_context()
    if (output is not None) == commands:
        raise click.UsageError("choose one of --output DIR and --commands", context)
    if STANDARD in images:
        raise click.UsageError("a farm cannot read standard input; name files", context)
    given = {field.name: context.params[field.name] for field in FIELDS}
    if more["camera"] and not all(map(is_asset, images)):
        raise click.UsageError("--camera is one of an asset; leave it out for images", context)
    places = {name: more.pop(name) for name in ("output_dir", "recursive", "suffix", "share")}
    plan = FarmPlan(recipe, given, **more)
    _add_all(plan, images, **places)
    if output is not None:
        _write_bundle(plan, images, Path(output), overwrite=overwrite)
        return
    _find_palettes(plan, max_pixels)
    for step in plan.steps(with_palettes=False):
        for line in step.command_lines():
            say(shlex.join(line))


def _add_all(
    plan: FarmPlan,
    images: tuple[str, ...],
    *,
    output_dir: str | None,
    recursive: bool,
    suffix: str,
    share: bool,
) -> None:
    """Plan all that is named."""
    from rgbcloud_app.batches.planning import Places, plan_jobs
    from rgbcloud_app.batches.runs import prepare_jobs

    context = click.get_current_context()
    if recursive and output_dir is None:
        raise click.UsageError("--recursive needs --output-dir, so that results stay apart", context)
    scenes = [Path(image) for image in images if image.lower().endswith(_SCENES)]
    if share and (scenes or plan.recipe.palette is not None or plan.recipe.goal is not None):
        msg = (
            "--shared-palette is for images, and for a number of colours: leave out scenes, palette and goals"
        )
        raise click.UsageError(msg, context)
    tag = plan.recipe.tag()
    named = [image for image in images if not image.lower().endswith(_SCENES)]
    places = Places(tag, suffix if suffix == SAME else f".{suffix}", None, output_dir)
    jobs = prepare_jobs(list(plan_jobs(named, places, recursive=recursive, tell=complain)), is_farm=False)
    _check(jobs)
    if jobs:
        plan.add_jobs(jobs, None if output_dir is None else Path(output_dir), share=share)
    for scene in scenes:
        beside = scene.with_name(f"{scene.stem}.{tag}{scene.suffix}")
        plan.add_scene(scene, beside if output_dir is None else Path(output_dir, scene.name))


def _check(jobs: list[Job]) -> None:
    problems = [job.problem for job in jobs if job.problem]
    for problem in problems:
        complain(problem)
    if problems:
        raise click.exceptions.Exit(FAILED)


def _write_bundle(plan: FarmPlan, images: tuple[str, ...], folder: Path, *, overwrite: bool) -> None:
    from rgbcloud.images import write_file
    from rgbcloud_app.farm.open_job import FILE_NAME, open_job

    steps = plan.steps()
    more = f" and {len(images) - 1} more" if len(images) > 1 else ""
    name = f"rgbcloud {Path(images[0]).name[:32]}{more}"
    file = write_file(folder / FILE_NAME, open_job(name, steps), overwrite=overwrite)
    counts = ", ".join(f"{step.name} {len(step.tasks):,}" for step in steps)
    say(f"{file}: {sum(len(step.tasks) for step in steps):,} tasks ({counts})")


def _find_palettes(plan: FarmPlan, max_pixels: int) -> None:
    """Find, here and now, the palettes that the commands take."""
    import rgbcloud
    from rgbcloud.progress import portion

    for need in plan.needs:
        with progress_bar(need.path.name) as progress:
            counts = rgbcloud.count(
                list(need.textures),
                plan.recipe,
                limits=rgbcloud.Limits(max_pixels),
                progress=portion(progress, 0.0, 0.8),
            )
            palette = rgbcloud.palette_for(counts, plan.recipe, progress=portion(progress, 0.8, 1.0))
        rgbcloud.save_palette(need.path, palette, overwrite=True)
