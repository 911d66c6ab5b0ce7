"""Reducing textures into files, in any thread; no host is known here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import CancelledError, ImageReadError, Output, Recipe, RgbcloudError, reduce_texture
from rgbcloud.progress import Progress, portion
from rgbcloud_panel.host import PanelTexture, Task, WrittenTexture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Written(NamedTuple):
    """The textures that were reduced and written, and what went wrong with others."""

    results: list[WrittenTexture]
    errors: list[str]


def write_all(tasks: Sequence[Task], progress: Progress) -> Written:
    """Reduce textures and write their files. What fails for one does not keep the others.

    Raises
    ------
    CancelledError
        From `progress`; files that are written by then stay, and nothing points to them.
    """
    results, errors = [], []
    for number, task in enumerate(tasks):
        part = portion(progress, number / len(tasks), (number + 1) / len(tasks))
        try:
            results.append(task.write(part))
        except CancelledError:
            raise
        except RgbcloudError as error:
            errors.append(str(error))
    return Written(results, errors)


def write_texture(
    ref: PanelTexture, targets: Sequence[Path], recipe: Recipe, progress: Progress
) -> WrittenTexture:
    """Reduce a texture's files to one palette and write them as `targets`, replacing what is there."""
    if ref.texture is None:
        raise ImageReadError(ref.problem)
    output = Output(targets=tuple(targets), overwrite=True)
    made = reduce_texture(ref.texture, recipe, output, progress=progress)
    reports = tuple(member.report for member in made.members)
    return WrittenTexture(ref, made.recipe, tuple(targets), reports, made.notes)
