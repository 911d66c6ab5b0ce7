"""The whole job for a texture of several files: one palette for all, each rebuilt from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.counting.kind import heeding
from rgbcloud.counting.votes import mask_of
from rgbcloud.errors import ImageWriteError
from rgbcloud.images.files import check_not_source, check_writable, write_file
from rgbcloud.images.pillow_reading import MAX_PIXELS
from rgbcloud.images.reading import any_format_of
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.textures.deep_palette import DeepPalette
from rgbcloud.textures.goals import check_one_way
from rgbcloud.textures.reduction import reduce_image
from rgbcloud.textures.texture_counting import (
    CountedMember,
    FailedMember,
    PlannedMember,
    check_alpha,
    count_members,
    set_palette,
    shared_notes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path

    from rgbcloud.palettes.palette import Palette
    from rgbcloud.settings import Settings
    from rgbcloud.textures.goals import Goal
    from rgbcloud.textures.report import Report
    from rgbcloud.textures.texture import Member, Texture

DEFAULT_BUDGET = 1 << 30
"""Bytes of decoded texels that are kept from counting to rebuilding: sixteen opaque 4K tiles and more."""


class ReducedMember(NamedTuple):
    """One file of a texture, reduced and saved."""

    member: Member
    target: Path
    report: Report


@dataclass(frozen=True, eq=False)
class TextureReduction:
    """A texture reduced to one palette and saved.

    Attributes
    ----------
    texture : Texture
    settings : Settings
        As asked for, but with as many colours as a goal led to or a given palette has, and with what the
        texture's colour space tells where they left it open.
    palette : Palette
        Measured on all members together; of more than 8 bits a channel a `DeepPalette`.
    histogram : ColorHistogram
        All members' colours, as a display shows them.
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
        Its files are only read. Those of more than 8 bits a channel come out in their own type, and must
        have it in common. Its colour space tells what settings leave open.
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
        size; if there is more than one way to come to a palette, or the goal cannot be reached; if members
        differ in depth, or deep ones in what they hold.
    """
    check_one_way(palette, like, goal)
    settings, told = heeding(settings, texture)
    if targets is None:
        targets = texture.targets(settings, folder, suffix)
    file_format = any_format_of(targets[0])
    for target in targets:
        for source in texture.paths:
            check_not_source(target, source)
        check_writable(target, overwrite=overwrite)
    counted, failures = count_members(
        [
            PlannedMember(member, target, None if mask is None else mask_of(member, mask))
            for member, target in zip(texture.members, targets)
        ],
        settings,
        max_pixels,
        budget,
        keep_going,
        portion(progress, 0.0, 0.4 if goal is None else 0.2),
    )
    check_alpha(counted, file_format)
    found = set_palette(
        counted,
        settings,
        palette,
        like,
        goal,
        file_format=file_format,
        max_pixels=max_pixels,
        progress=portion(progress, 0.4 if goal is None else 0.2, 0.5),
    )
    settings, notes = found.settings, told + found.notes + shared_notes(texture, counted)
    written: list[ReducedMember] = []
    palette, histogram = found.palette, found.histogram or ColorHistogram.merge(())
    populations, inertia = np.zeros(len(palette)), 0.0
    while counted:
        item = counted[0]
        done = len(written) / (len(written) + len(counted))
        share = 1 / (len(written) + len(counted))
        part = portion(progress, 0.5 + 0.5 * done, 0.5 + 0.5 * (done + share))
        reduction = reduce_image(
            item.image or item.member.path,
            replace(settings, kind=found.kind),
            palette=palette,
            mask=item.mask,
            histogram=item.histogram if item.image else None,
            colors_before=found.colors_before[len(written)] if found.colors_before else None,
            file_format=file_format,
            max_pixels=max_pixels,
            ssim=ssim,
            progress=part,
        )
        try:
            write_file(item.target, reduction.data, overwrite=overwrite)
        except ImageWriteError as failure:
            raise _told(failure, written, counted) from failure
        voters = reduction.palette.populations if found.histogram is None else reduction.histogram.total
        inertia += reduction.report.mse * float(np.sum(voters))
        if found.histogram is None:
            histogram += reduction.histogram
            populations += reduction.palette.populations
        written.append(ReducedMember(item.member, item.target, reduction.report))
        notes += [f"{item.member.path.name}: {note}" for note in reduction.notes]
        del counted[0], item, reduction  # and the decoded texels with them
    total = histogram.total
    if isinstance(palette, DeepPalette):
        palette = DeepPalette(palette.values, palette.frame, populations, inertia)
        total = float(populations.sum())
    else:
        palette = palette.recolored(settings.recolored)
    return TextureReduction(
        texture,
        settings,
        palette,
        histogram,
        tuple(written),
        tuple(failures),
        inertia / (total or 1.0),
        tuple(notes),
    )


def _told(
    error: ImageWriteError, written: Sequence[ReducedMember], left: Sequence[CountedMember]
) -> ImageWriteError:
    """Return an error that says what is there and what is not."""
    if not written and len(left) == 1:
        return error
    names = ", ".join(item.target.name for item in left)
    return ImageWriteError(f"{error} (written: {len(written)} files; not written: {names})")
