"""Reading and counting the files of a texture, and the palette for all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud.clustering.cluster import check_not_empty
from rgbcloud.counting.cells import DeepCells
from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.counting.kind import meaning_of, settings_palette, working_space_of
from rgbcloud.counting.votes import masked, read_mask
from rgbcloud.errors import ImageReadError, ImageWriteError, RgbcloudError
from rgbcloud.images.oiio_reading import DeepImage
from rgbcloud.images.pillow_reading import SourceImage
from rgbcloud.images.reading import read_any
from rgbcloud.palettes.matching import with_stable_indices
from rgbcloud.palettes.palette import measured, nearest_colors
from rgbcloud.progress import Progress, portion
from rgbcloud.textures.deep_goals import choose_deep_palette
from rgbcloud.textures.deep_palette import (
    Survey,
    agreed,
    check_same_depth,
    clustered,
    counted_in,
    given,
    surveyed,
)
from rgbcloud.textures.goals import Goal, choose_colors
from rgbcloud.threads import one_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rgbcloud.images.pillow_reading import Source
    from rgbcloud.images.reading import AnyImage
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import KindName, Settings
    from rgbcloud.textures.deep_palette import Frame
    from rgbcloud.textures.texture import Member, Texture


class PlannedMember(NamedTuple):
    """A member, where it goes, and what masks it."""

    member: Member
    target: Path
    mask: Source | None


class FailedMember(NamedTuple):
    """One file of a texture that was left out, and why."""

    member: Member
    error: RgbcloudError


class CountedMember(NamedTuple):
    """A member that could be read; of more than 8 bits a channel it has a survey, else a histogram."""

    member: Member
    target: Path
    mask: Source | None
    image: AnyImage | None  # None where it did not fit into the budget: it is read again
    traits: Traits
    histogram: ColorHistogram | None
    survey: Survey | None


class Traits(NamedTuple):
    """What members of a set should have in common."""

    size: str
    alpha: str
    profile: bytes | None


class SetPalette(NamedTuple):
    """The palette for all members, and what they were taken for."""

    palette: Palette
    settings: Settings  # as asked for, but with as many colours as it has
    kind: KindName
    notes: list[str]
    histogram: ColorHistogram | None  # of all 8-bit members
    colors_before: tuple[int, ...] = ()  # of each deep member, where they were counted


def count_members(
    members: Sequence[PlannedMember],
    settings: Settings,
    max_pixels: int,
    budget: int,
    keep_going: bool,
    progress: Progress,
) -> tuple[list[CountedMember], list[FailedMember]]:
    """Read and count all members; see `rgbcloud.reduce_texture`."""
    counted: list[CountedMember] = []
    failures: list[FailedMember] = []

    def read(item: PlannedMember) -> AnyImage | ImageReadError:
        try:
            return read_any(item.member.path, max_pixels=max_pixels)
        except ImageReadError as error:
            return error

    progress(0.0, "reading")
    for number, ((member, target, mask), image) in enumerate(zip(members, one_ahead(read, members))):
        if isinstance(image, ImageReadError):
            failures.append(FailedMember(member, image))
            continue
        part = portion(progress, number / len(members), (number + 1) / len(members))
        covered = None if mask is None else read_mask(mask, image, max_pixels=max_pixels)
        histogram = survey = None
        if isinstance(image, SourceImage):
            pixels = image.pixels if covered is None else masked(image.pixels, covered)
            histogram = ColorHistogram.from_array(pixels, progress=part)
            budget -= image.pixels.nbytes
        else:
            survey = surveyed(image, settings, covered)
            budget -= image.values.nbytes + (0 if image.alpha is None else image.alpha.nbytes)
        kept = image if budget >= 0 else None
        counted.append(CountedMember(member, target, mask, kept, _traits(image), histogram, survey))
        check_same_depth(str(counted[0].member.path), counted[0].survey, str(member.path), survey)
    if failures and not (keep_going and counted):
        raise _unreadable(failures, len(members))
    return counted, failures


def set_palette(
    counted: Sequence[CountedMember],
    settings: Settings,
    palette: Palette | None,
    like: Palette | None,
    goal: Goal | None,
    *,
    file_format: str,
    max_pixels: int,
    progress: Progress,
) -> SetPalette:
    """Return one palette for counted members: found, or the given one.

    Raises
    ------
    InvalidArgumentError
        If no texel of any member counts, or deep members differ in what must be one; if the goal cannot be
        reached.
    """
    surveys = [item.survey for item in counted if item.survey is not None]
    if surveys:
        frame, notes = agreed(surveys), list(surveys[0].notes)
        if palette is not None:
            settings = replace(settings, colors=len(palette), locked=())
            return SetPalette(given(palette, frame), settings, frame.kind, notes, None)
        part, progress = portion(progress, 0.0, 0.7), portion(progress, 0.7, 1.0)
        cells, colors_before = _counted_in(frame, counted, max_pixels, part)
        if goal is None:
            palette = clustered(cells, frame, settings, like=like, progress=progress)
        else:
            only = _only_image(counted, goal, max_pixels)
            palette = choose_deep_palette(
                cells,
                frame,
                settings,
                goal,
                image=only if isinstance(only, DeepImage) else None,
                file_format=file_format,
                like=like,
                progress=progress,
            )
            settings = replace(settings, colors=len(palette))
        return SetPalette(palette, settings, frame.kind, notes, None, colors_before)
    histogram = ColorHistogram.merge(item.histogram for item in counted if item.histogram is not None)
    check_not_empty(histogram)
    if goal is not None:
        part, progress = portion(progress, 0.0, 0.6), portion(progress, 0.6, 1.0)
        image = _only_image(counted, goal, max_pixels)
        if isinstance(image, DeepImage):  # it was none a moment ago
            raise _changed(counted[0])
        colors = choose_colors(image, histogram, settings, goal, file_format=file_format, progress=part)
        settings = replace(settings, colors=colors)
    name = counted[0].member.path.name
    kind, notes = meaning_of(settings, name, histogram.colors, histogram.coverage)
    if palette is None:
        palette = settings_palette(histogram, settings, kind, progress=progress)
        if like is not None:
            palette = with_stable_indices(palette, like)
    else:
        labels = nearest_colors(histogram.colors, palette.colors, working_space_of(settings, kind))
        palette = measured(palette.colors, histogram, labels)
        settings = replace(settings, colors=len(palette), locked=())
    return SetPalette(palette, settings, kind, notes, histogram)


def _counted_in(
    frame: Frame, counted: Sequence[CountedMember], max_pixels: int, progress: Progress
) -> tuple[DeepCells, tuple[int, ...]]:
    """Count deep members in what holds the colours of all; return these, and how many each member has."""
    whole: list[DeepCells] = []
    colors = []
    for number, item in enumerate(counted):
        image = item.image or read_any(item.member.path, max_pixels=max_pixels)
        if not isinstance(image, DeepImage):  # it was a moment ago
            raise _changed(item)
        covered = None if item.mask is None else read_mask(item.mask, image, max_pixels=max_pixels)
        part = portion(progress, number / len(counted), (number + 1) / len(counted))
        cells = counted_in(image, frame, covered, part)
        colors.append(len(cells))
        whole = [DeepCells.merged([*whole, cells])]
        del image
    return whole[0], tuple(colors)


def _changed(item: CountedMember) -> ImageReadError:
    return ImageReadError(f"{item.member.path} was changed meanwhile; start again")


def _only_image(counted: Sequence[CountedMember], goal: Goal, max_pixels: int) -> AnyImage | None:
    """Return the image whose file a goal of a file size is about; None for other goals and for sets."""
    if goal.max_bytes is None or len(counted) > 1:
        return None
    return counted[0].image or read_any(counted[0].member.path, max_pixels=max_pixels)


def _traits(image: AnyImage) -> Traits:
    height, width = (image.values if isinstance(image, DeepImage) else image.pixels).shape[:2]
    alpha = "no alpha" if image.alpha is None else "alpha"
    return Traits(f"{width} x {height}", alpha, None if isinstance(image, DeepImage) else image.icc_profile)


def _unreadable(failures: Sequence[FailedMember], count: int) -> ImageReadError:
    """Return one error for all members that cannot be read; nothing has been written at this point."""
    if count == 1:
        return ImageReadError(str(failures[0].error))
    reasons = "; ".join(str(failure.error) for failure in failures)
    return ImageReadError(
        f"{len(failures)} of {count} files cannot be read, so that nothing was written: {reasons}"
    )


def check_alpha(counted: Sequence[CountedMember], file_format: str) -> None:
    """Tell before the work that JPEG cannot hold what a member has."""
    for item in counted:
        if file_format == "JPEG" and item.traits.alpha == "alpha":
            raise ImageWriteError(f"{item.member.path} has alpha, which JPEG cannot hold; write PNGs")


def shared_notes(texture: Texture, counted: Sequence[CountedMember]) -> list[str]:
    """Return what is remarkable about the members as a set."""
    notes = []
    if texture.missing:
        shown = ", ".join(texture.missing[:8]) + (" …" if len(texture.missing) > 8 else "")
        notes.append(f"{len(texture.missing)} missing between the files that are there: {shown}")
    if texture.pattern is None:
        return notes
    for trait in ("size", "alpha"):
        groups: dict[str, list[str]] = {}
        for item in counted:
            groups.setdefault(getattr(item.traits, trait), []).append(item.member.token)
        if len(groups) > 1:
            parts = "; ".join(f"{value}: {', '.join(tokens[:8])}" for value, tokens in groups.items())
            notes.append(f"the files of this set differ in {trait} ({parts}); each keeps its own")
    if len({item.traits.profile for item in counted}) > 1:
        notes.append("the files of this set have different ICC profiles; their colours were not converted")
    return notes
