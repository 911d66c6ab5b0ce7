"""The whole job for a texture of several files: one palette for all, each rebuilt from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud.choosing import check_one_way, choose_colors
from rgbcloud.clustering import check_not_empty
from rgbcloud.deep_images import is_deep
from rgbcloud.encoding import format_of
from rgbcloud.errors import ImageReadError, ImageWriteError, RgbcloudError
from rgbcloud.files import check_not_source, check_writable, write_file
from rgbcloud.histogram import ColorHistogram
from rgbcloud.images import MAX_PIXELS, Source, SourceImage, read_image
from rgbcloud.masks import mask_of, masked, read_mask
from rgbcloud.matching import with_stable_indices
from rgbcloud.meaning import meaning_of, settings_palette, working_space_of
from rgbcloud.palette import measured, nearest_colors
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.reduction import reduce_image
from rgbcloud.threads import one_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from rgbcloud.choosing import Goal
    from rgbcloud.palette import Palette
    from rgbcloud.report import Report
    from rgbcloud.settings import Settings
    from rgbcloud.textures import Member, Texture

DEFAULT_BUDGET = 1 << 30
"""Bytes of decoded texels that are kept from counting to rebuilding: sixteen opaque 4K tiles and more."""


class ReducedMember(NamedTuple):
    """One file of a texture, reduced and saved."""

    member: Member
    target: Path
    report: Report


class FailedMember(NamedTuple):
    """One file of a texture that was left out, and why."""

    member: Member
    error: RgbcloudError


@dataclass(frozen=True, eq=False)
class TextureReduction:
    """A texture reduced to one palette and saved.

    Attributes
    ----------
    texture : Texture
    settings : Settings
        As asked for, but with as many colours as a goal led to or a given palette has.
    palette : Palette
        Measured on all members together.
    histogram : ColorHistogram
        All members' colours.
    members : tuple of ReducedMember
        What was written, in the texture's order.
    failures : tuple of FailedMember
        What was left out; empty unless `keep_going` was asked for.
    mse : float
        The error of all members together, as in `Report`.
    notes : tuple of str
        What a user should be told, a sentence each.
    """

    texture: Texture
    settings: Settings
    palette: Palette
    histogram: ColorHistogram
    members: tuple[ReducedMember, ...]
    failures: tuple[FailedMember, ...]
    mse: float
    notes: tuple[str, ...]

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio of all members together in dB, as in `Report`."""
        return math.inf if self.mse == 0 else 10 * math.log10(3 * 255**2 / self.mse)


class _Planned(NamedTuple):
    """A member, where it goes, and what masks it."""

    member: Member
    target: Path
    mask: Source | None


class _Counted(NamedTuple):
    """A member that could be read."""

    member: Member
    target: Path
    histogram: ColorHistogram
    image: SourceImage | None  # None where it did not fit into the budget: it is read again
    traits: _Traits
    mask: Source | None


class _Traits(NamedTuple):
    """What members of a set should have in common."""

    size: str
    alpha: str
    profile: bytes | None


def reduce_texture(
    texture: Texture,
    settings: Settings,
    *,
    folder: str | PathLike[str] | None = None,
    suffix: str = ".png",
    targets: Sequence[Path] | None = None,
    overwrite: bool = False,
    palette: Palette | None = None,
    like: Palette | None = None,
    mask: Texture | None = None,
    goal: Goal | None = None,
    ssim: bool = False,
    keep_going: bool = False,
    max_pixels: int = MAX_PIXELS,
    budget: int = DEFAULT_BUDGET,
    progress: Progress = silent,
) -> TextureReduction:
    """Reduce all files of a texture to one palette and save each under its name with the settings' tag.

    Parameters
    ----------
    texture : Texture
        Its files are only read.
    settings : Settings
    folder, suffix
        See `Texture.targets`.
    targets : sequence of pathlib.Path, optional
        One for each member, of one suffix, instead of those.
    overwrite : bool, default False
        Whether files that are there may be replaced. Sources never are.
    palette : Palette, optional
        The colours to take, in their order, instead of clustering.
    like : Palette, optional
        See `reduce_image`.
    mask : Texture, optional
        A set of the same tiles or frames, or one image for all: white texels count, black ones do not.
    goal : Goal, optional
        Chooses the number of colours instead of `settings.colors`, which the names of files still tell.
    ssim : bool, default False
        See `reduce_image`.
    keep_going : bool, default False
        Whether to leave out members that cannot be read, instead of doing nothing at all.
    max_pixels : int, default 2**28
        See `read_image`, for each member.
    budget : int, default 2**30
        Bytes of decoded texels to keep between counting and rebuilding; what does not fit is read twice.
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Returns
    -------
    TextureReduction
        The reduced images themselves are in the files, not in memory.

    Raises
    ------
    ImageReadError
        If a member cannot be read (with `keep_going`, if none can): nothing has been written then.
    ImageWriteError
        If a target is a source, is there already, or cannot hold what a member needs: told before anything
        is written. If the disk fills up: what was finished stays, and the message lists the rest.
    InvalidArgumentError
        If every texel of every member is fully transparent or masked, or a mask is missing or of another
        size; if there is more than one way to come to a palette, or the goal cannot be reached.
    """
    check_one_way(palette, like, goal)
    if targets is None:
        targets = texture.targets(settings, folder, suffix)
    file_format = format_of(targets[0])
    for target in targets:
        for source in texture.paths:
            check_not_source(target, source)
        check_writable(target, overwrite=overwrite)
    counted, failures = _count(
        [
            _Planned(member, target, None if mask is None else mask_of(member, mask))
            for member, target in zip(texture.members, targets)
        ],
        max_pixels,
        budget,
        keep_going,
        portion(progress, 0.0, 0.4 if goal is None else 0.2),
    )
    _check_alpha(counted, file_format)
    histogram = ColorHistogram.merge(item.histogram for item in counted)
    check_not_empty(histogram)
    if goal is not None:
        colors = choose_colors(
            _only_image(counted, goal, max_pixels),
            histogram,
            settings,
            goal,
            file_format=file_format,
            progress=portion(progress, 0.2, 0.4),
        )
        settings = replace(settings, colors=colors)
    kind, notes = meaning_of(settings, texture.members[0].path.name, histogram.colors, histogram.coverage)
    if palette is None:
        palette = settings_palette(histogram, settings, kind, progress=portion(progress, 0.4, 0.5))
        if like is not None:
            palette = with_stable_indices(palette, like)
    else:
        labels = nearest_colors(histogram.colors, palette.colors, working_space_of(settings, kind))
        palette = measured(palette.colors, histogram, labels)
        settings = replace(settings, colors=len(palette), locked=())
    notes += _shared_notes(texture, counted)
    written: list[ReducedMember] = []
    error = 0.0
    while counted:
        item = counted[0]
        done = len(written) / (len(written) + len(counted))
        share = 1 / (len(written) + len(counted))
        part = portion(progress, 0.5 + 0.5 * done, 0.5 + 0.5 * (done + share))
        reduction = reduce_image(
            item.image or item.member.path,
            replace(settings, kind=kind),
            palette=palette,
            mask=item.mask,
            histogram=item.histogram if item.image else None,
            file_format=file_format,
            max_pixels=max_pixels,
            ssim=ssim,
            progress=part,
        )
        try:
            write_file(item.target, reduction.data, overwrite=overwrite)
        except ImageWriteError as failure:
            raise _told(failure, written, counted) from failure
        error += reduction.report.mse * reduction.histogram.total
        written.append(ReducedMember(item.member, item.target, reduction.report))
        notes += [f"{item.member.path.name}: {note}" for note in reduction.notes]
        del counted[0], item, reduction  # and the decoded texels with them
    return TextureReduction(
        texture,
        settings,
        palette.recolored(settings.recolored),
        histogram,
        tuple(written),
        tuple(failures),
        error / histogram.total,
        tuple(notes),
    )


def _count(
    members: Sequence[_Planned],
    max_pixels: int,
    budget: int,
    keep_going: bool,
    progress: Progress,
) -> tuple[list[_Counted], list[FailedMember]]:
    """Read and count all members."""
    counted: list[_Counted] = []
    failures: list[FailedMember] = []

    def read(item: _Planned) -> SourceImage | ImageReadError:
        if is_deep(item.member.path):
            msg = f"{item.member.path} has more than 8 bits a channel, which cannot share a palette yet"
            return ImageReadError(f"{msg}; reduce such files one by one")
        try:
            return read_image(item.member.path, max_pixels=max_pixels)
        except ImageReadError as error:
            return error

    progress(0.0, "reading")
    for number, ((member, target, mask), image) in enumerate(zip(members, one_ahead(read, members))):
        if isinstance(image, ImageReadError):
            failures.append(FailedMember(member, image))
            continue
        part = portion(progress, number / len(members), (number + 1) / len(members))
        pixels = image.pixels
        if mask is not None:
            pixels = masked(pixels, read_mask(mask, image, max_pixels=max_pixels))
        histogram = ColorHistogram.from_array(pixels, progress=part)
        budget -= image.pixels.nbytes
        height, width = image.pixels.shape[:2]
        traits = _Traits(
            f"{width} x {height}", "no alpha" if image.alpha is None else "alpha", image.icc_profile
        )
        counted.append(_Counted(member, target, histogram, image if budget >= 0 else None, traits, mask))
    if failures and not (keep_going and counted):
        raise _unreadable(failures, len(members))
    return counted, failures


def _only_image(counted: Sequence[_Counted], goal: Goal, max_pixels: int) -> SourceImage | None:
    """Return the image whose file a goal of a file size is about; None for other goals and for sets."""
    if goal.max_bytes is None or len(counted) > 1:
        return None
    return counted[0].image or read_image(counted[0].member.path, max_pixels=max_pixels)


def _unreadable(failures: Sequence[FailedMember], count: int) -> ImageReadError:
    """Return one error for all members that cannot be read; nothing has been written at this point."""
    if count == 1:
        return ImageReadError(str(failures[0].error))
    reasons = "; ".join(str(failure.error) for failure in failures)
    return ImageReadError(
        f"{len(failures)} of {count} files cannot be read, so that nothing was written: {reasons}"
    )


def _check_alpha(counted: Sequence[_Counted], file_format: str) -> None:
    """Tell before the work that JPEG cannot hold what a member has."""
    for item in counted:
        if file_format == "JPEG" and item.traits.alpha == "alpha":
            raise ImageWriteError(f"{item.member.path} has alpha, which JPEG cannot hold; write PNGs")


def _shared_notes(texture: Texture, counted: Sequence[_Counted]) -> list[str]:
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


def _told(
    error: ImageWriteError, written: Sequence[ReducedMember], left: Sequence[_Counted]
) -> ImageWriteError:
    """Return an error that says what is there and what is not."""
    if not written and len(left) == 1:
        return error
    names = ", ".join(item.target.name for item in left)
    return ImageWriteError(f"{error} (written: {len(written)} files; not written: {names})")
