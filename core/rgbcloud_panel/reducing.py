"""Reducing textures in the background, as they would be saved, and saving them; no host is known here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import (
    MAX_PIXELS,
    CancelledError,
    Goal,
    ImageReadError,
    Member,
    Palette,
    Reduction,
    RgbcloudError,
    Settings,
    choose_colors,
    reduce_image,
    reduce_texture,
    ssim,
)
from rgbcloud.counting.kind import meaning_of, settings_palette
from rgbcloud.images.reading import any_format_of
from rgbcloud.progress import Progress, portion
from rgbcloud.textures.texture_counting import PlannedMember, count_members, set_palette
from rgbcloud.textures.texture_reduction import DEFAULT_BUDGET
from rgbcloud_panel.host import ReducedTexture, Task, TextureRef
from rgbcloud_panel.pyramid import Pyramid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud import Texture
    from rgbcloud_panel.jobs import Counted


@dataclass(frozen=True, eq=False)
class Exact:
    """The reduction of the texture in the picture, as it would be saved, and its smaller levels."""

    reduction: Reduction
    pyramid: Pyramid

    @property
    def palette(self) -> Palette:
        """The palette, measured on all files."""
        return self.reduction.palette


def choose(counted: Counted, settings: Settings, goal: Goal, progress: Progress) -> int:
    """Return the number of colours that a goal asks for; see `rgbcloud.choose_colors`."""
    progress(0.0, "trying numbers of colours")
    if counted.picture.deep is not None:
        return len(_deep_palette(counted, settings, goal, progress))
    image = counted.picture.image if len(counted.files) == 1 else None
    return choose_colors(image, counted.histogram, settings, goal, progress=progress)


def exact(counted: Counted, settings: Settings, progress: Progress) -> Exact:
    """Reduce the image in the picture as it would be saved: to the palette that its files share."""
    picture, first = counted.picture, counted.files[0]
    is_alone = len(counted.files) == 1
    palette, part = None, portion(progress, 0.0, 0.4)
    if not is_alone and picture.deep is not None:
        palette = _deep_palette(counted, settings, None, part)
    elif not is_alone:
        histogram = counted.histogram
        kind, _ = meaning_of(settings, picture.image.name, histogram.colors, histogram.coverage)
        palette = settings_palette(histogram, settings, kind, progress=part)
    reduction = reduce_image(
        picture.image if picture.deep is None else picture.deep,
        settings,
        palette=palette,
        mask=counted.masks.get(first),
        histogram=counted.histogram if is_alone and picture.deep is None else None,
        progress=portion(progress, 0.4, 0.9),
    )
    progress(0.9, "scaling")
    return Exact(reduction, Pyramid.of(reduction.image.pixels))


def _deep_palette(counted: Counted, settings: Settings, goal: Goal | None, progress: Progress) -> Palette:
    """Return the palette for files of more than 8 bits a channel together, in their own numbers."""
    members = [PlannedMember(Member(path), path, counted.masks.get(path)) for path in counted.files]
    part, rest = portion(progress, 0.0, 0.4), portion(progress, 0.4, 1.0)
    read, _ = count_members(members, settings, MAX_PIXELS, DEFAULT_BUDGET, keep_going=False, progress=part)
    own = any_format_of(counted.files[0])
    limit = MAX_PIXELS
    return set_palette(
        read, settings, None, None, goal, file_format=own, max_pixels=limit, progress=rest
    ).palette


def similarity(reduction: Reduction, progress: Progress) -> float | None:
    """Return the SSIM of a reduction, which takes longer than the reduction itself."""
    return ssim(reduction.image.source.pixels, reduction.image.pixels, progress=progress)


class Written(NamedTuple):
    """The textures that were reduced and written, and what went wrong with others."""

    results: list[ReducedTexture]
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
    ref: TextureRef,
    targets: Sequence[Path],
    settings: Settings,
    mask: Texture | None,
    goal: Goal | None,
    progress: Progress,
) -> ReducedTexture:
    """Reduce a texture's files to one palette and write them as `targets`, replacing what is there."""
    if ref.texture is None:
        raise ImageReadError(ref.problem)
    made = reduce_texture(
        ref.texture,
        settings,
        targets=targets,
        overwrite=True,
        mask=mask,
        goal=goal,
        progress=progress,
    )
    reports = tuple(member.report for member in made.members)
    return ReducedTexture(ref, settings, tuple(targets), reports, made.notes)
