"""Reducing what a user names: one image in memory, or all files of a texture on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.errors import ImageWriteError, InvalidArgumentError, LargerResultError
from rgbcloud.formats import format_of
from rgbcloud.images.files import check_not_source, check_writable, write_file
from rgbcloud.palettes.palette import Palette
from rgbcloud.progress import Progress, portion, portions, silent
from rgbcloud.textures.counts import Counts, Limits, open_images
from rgbcloud.textures.goals import plan_for
from rgbcloud.textures.job import Plan, reduce_image
from rgbcloud.textures.report import psnr
from rgbcloud.textures.sets import CountedImage, FailedMember, count_members, set_notes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from os import PathLike
    from pathlib import Path

    from rgbcloud.images.image import Image
    from rgbcloud.images.pillow.pillow_reading import Source
    from rgbcloud.textures.recipe import Recipe
    from rgbcloud.textures.reduction import Reduction
    from rgbcloud.textures.report import Report
    from rgbcloud.textures.texture import Member, Texture


def reduce(
    source: Source | Image,
    recipe: Recipe,
    *,
    file_format: str | None = None,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Reduction:
    """Reduce one image in memory.

    Parameters
    ----------
    source : str, path-like, binary file or Image
        The image; it is only read.
    recipe : Recipe
    file_format : str, optional
        One of the values of `rgbcloud.images.FORMATS`. Left out: PNG, or of more than 8 bits a channel the
        format that the image has.
    limits : Limits, optional
    progress : Progress
        Told from time to time; cancels by raising `CancelledError`.

    Returns
    -------
    Reduction
        Its `save` writes the file.

    Raises
    ------
    ImageReadError
        If the image or a mask cannot be read.
    InvalidArgumentError
        If no texel counts, a mask has another size, a goal cannot be reached, or the source is a set.
    ImageWriteError
        If the format cannot hold the image.
    LargerResultError
        If the recipe skips results that are larger than the image's file, and this one is.
    MissingDependencyError
        If something optional is needed that is not installed.

    Examples
    --------
    >>> from rgbcloud import Recipe, reduce
    >>> reduction = reduce("wood.jpg", Recipe.of(colors=16))  # doctest: +SKIP
    >>> reduction.save("wood.k16.png")  # doctest: +SKIP
    """
    limits = limits or Limits()
    progress(0.0, "reading")
    items = list(open_images(source, recipe))
    if len(items) > 1:
        named = getattr(source, "name", source)
        raise InvalidArgumentError(
            f"{named} stands for {len(items)} files, which do not become one; "
            "reduce them into files (reduce_texture), or one of them"
        )
    item = items[0]
    image = item.read(limits)
    file_format = image.codec.check_format(image, file_format)
    mask = item.read_mask(image, limits)
    counts = Counts.of(image, mask, item.host, progress=portion(progress, 0.1, 0.3))
    one = CountedImage(item, counts, image)
    plan = plan_for([one], counts, recipe, file_format, limits, progress=portion(progress, 0.3, 0.6))
    part = portion(progress, 0.6, 1.0)
    result = reduce_image(
        image,
        plan,
        mask=mask,
        counts=counts,
        file_format=file_format,
        folder=limits.folder,
        progress=part,
    )
    _check_size(recipe, image.name, [result.report])
    return replace(result, notes=(*plan.content.notes, *result.notes))


@dataclass(frozen=True)
class Output:
    """Where the results of a texture go.

    Attributes
    ----------
    folder : str or path-like, optional
        Beside their sources if left out.
    suffix : str, default ".png"
        Of 8-bit results; EXR, HDR and .tx files keep their own.
    targets : tuple of Path, optional
        One for each member, of one suffix, instead of the names that the recipe leads to.
    overwrite : bool, default False
        Whether files that are there may be replaced. Sources never are.
    resume : collection of Path, optional
        Those targets that may be replaced though `overwrite` is off, being results of an earlier run. With
        this, even if it is empty, a target that holds the very bytes already is done, and left alone.
    """

    folder: str | PathLike[str] | None = None
    suffix: str = ".png"
    targets: tuple[Path, ...] = ()
    overwrite: bool = False
    resume: Collection[Path] | None = None

    def of(self, texture: Texture, recipe: Recipe) -> tuple[Path, ...]:
        """Return the file for each member.

        Raises
        ------
        ImageWriteError
            If one is a source or must not be replaced, or its format is none that can be written.
        """
        targets = self.targets or tuple(texture.targets(recipe.tag(), self.folder, self.suffix))
        for target in targets:
            format_of(target)
            for source in texture.paths:
                check_not_source(target, source)
            check_writable(target, overwrite=self.overwrite or self.resume is not None)
        return targets

    def write(self, target: Path, data: bytes) -> bool:
        """Write a file, unless it is there already and this may pass for done; return whether it was.

        Raises
        ------
        ImageWriteError
            See `rgbcloud.images.write_file`.
        """
        if self.resume is not None and _holds(target, data):
            return True
        write_file(target, data, overwrite=self.overwrite or target in (self.resume or ()))
        return False


class ReducedMember(NamedTuple):
    """One file of a texture, reduced and saved."""

    member: Member
    target: Path
    report: Report
    was_there: bool = False
    """Whether an earlier run had written the very bytes."""


@dataclass(frozen=True, eq=False)
class TextureReduction:
    """A texture reduced to one palette and saved.

    Attributes
    ----------
    texture : Texture
    recipe : Recipe
        As asked for, but with as many colours as a goal led to.
    palette : Palette
        Measured on all members together, as it is written.
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
    recipe: Recipe
    palette: Palette
    histogram: ColorHistogram
    members: tuple[ReducedMember, ...]
    failures: tuple[FailedMember, ...]
    mse: float
    notes: tuple[str, ...]

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio of all members together in dB, as in `Report`."""
        return psnr(self.mse)


def reduce_texture(
    texture: Texture,
    recipe: Recipe,
    output: Output | None = None,
    *,
    ssim: bool = False,
    keep_going: bool = False,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> TextureReduction:
    """Reduce all files of a texture to one palette and save each under its name with the recipe's tag.

    Parameters
    ----------
    texture : Texture
        Its files are only read. They must have one depth, and come out in their own type. Its colour space
        tells what the recipe leaves open.
    recipe : Recipe
    output : Output, optional
        Where the files go.
    ssim : bool, default False
        Whether to measure SSIM, too.
    keep_going : bool, default False
        Whether to leave out members that cannot be read, instead of doing nothing at all.
    limits : Limits, optional
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
        If no texel counts, or a mask is missing or of another size; if the goal cannot be reached; if
        members differ in depth.
    LargerResultError
        If the recipe skips results that are larger than their sources, and these are: nothing is written.
    """
    output, limits = output or Output(), limits or Limits()
    targets = output.of(texture, recipe)
    file_format = format_of(targets[0])
    images = list(open_images(texture, recipe))
    share = 0.4 if recipe.goal is None else 0.2
    part = portion(progress, 0.0, share)
    counted, failures = count_members(images, file_format, limits, keep_going=keep_going, progress=part)
    counts = Counts.added_up(item.counts for item in counted)
    plan = plan_for(counted, counts, recipe, file_format, limits, progress=portion(progress, share, 0.5))
    writer = _Writer(plan, file_format, output, limits, ssim)
    places = dict(zip(texture.members, targets))
    notes = [*plan.content.notes, *set_notes(texture, counted)]
    written = writer.write(counted, places, portion(progress, 0.5, 1.0))
    color_space = plan.content.space.color_space
    shown = ColorHistogram.merge(item.counts.histogram.to_display(color_space) for item in counted)
    return TextureReduction(
        texture,
        plan.recipe,
        writer.palette(),
        shown,
        tuple(written),
        tuple(failures),
        writer.mse,
        (*notes, *writer.notes),
    )


class _Writer:
    """Writes the members of a texture one after the other, and adds their figures up."""

    def __init__(self, plan: Plan, file_format: str, output: Output, limits: Limits, ssim: bool) -> None:
        self._plan = plan
        self._format = file_format
        self._output = output
        self._limits = limits
        self._ssim = ssim
        self._populations = np.zeros(len(plan.clustering.palette))
        self._inertia = 0.0
        self._has_several = False
        self.notes: list[str] = []

    def write(
        self, counted: list[CountedImage], places: dict[Member, Path], progress: Progress
    ) -> list[ReducedMember]:
        """Reduce and save members; their decoded texels are given up on the way."""
        self._has_several = len(counted) > 1
        reduced = self._each_reduced(counted, places, progress)
        recipe = self._plan.recipe
        if recipe.settings.skip_larger:
            whole = list(reduced)  # before one is written
            name = str(counted[0].member.path) + (f" and {len(whole) - 1} more" if self._has_several else "")
            _check_size(recipe, name, [report for report, _ in whole])
            reduced = iter(whole)
        written: list[ReducedMember] = []
        for number, (item, (report, data)) in enumerate(zip(counted, reduced)):
            member = item.member
            try:
                was_there = self._output.write(places[member], data)
            except ImageWriteError as failure:
                left = [places[other.member] for other in counted[number:]]
                raise _with_what_was_written(failure, written, left) from failure
            written.append(ReducedMember(member, places[member], report, was_there))
        return written

    def _each_reduced(
        self, counted: list[CountedImage], places: dict[Member, Path], progress: Progress
    ) -> Iterator[tuple[Report, bytes]]:
        """Yield each member's report and file."""
        for item, part in zip(counted, portions(progress, len(counted))):
            yield self._reduce_item(item, places[item.member].parent, part)
            item.image = None

    def _reduce_item(self, item: CountedImage, folder: Path, progress: Progress) -> tuple[Report, bytes]:
        image, mask = item.read(self._limits)
        result = reduce_image(
            image,
            self._plan,
            mask=mask,
            counts=item.counts,
            file_format=self._format,
            folder=folder,
            progress=portion(progress, 0.0, 0.8 if self._ssim else 1.0),
        )
        self._populations += result.palette.populations
        self._inertia += result.palette.inertia
        name = f"{item.member.path.name}: " if self._has_several else ""
        self.notes += [f"{name}{note}" for note in result.notes]
        if not self._ssim:
            return result.report, result.data
        similarity = result.ssim(progress=portion(progress, 0.8, 1.0))
        return replace(result.report, ssim=similarity), result.data

    @property
    def mse(self) -> float:
        """The error of all members together."""
        return float(self._inertia / (self._populations.sum() or 1.0))

    def palette(self) -> Palette:
        """Return the palette as it was written, measured on all members."""
        palette = self._plan.clustering.palette.recolor(self._plan.recipe.settings.recolored)
        return Palette(palette.colors, self._populations, self._inertia, palette.found)


def _holds(target: Path, data: bytes) -> bool:
    """Whether a file is there that holds these bytes and no others."""
    try:
        return target.stat().st_size == len(data) and target.read_bytes() == data
    except OSError:
        return False


def _check_size(recipe: Recipe, name: str, reports: Sequence[Report]) -> None:
    """Raise `LargerResultError` where a recipe skips what takes more space than its source, and this does."""
    before, after = (
        sum(getattr(report, what) for report in reports) for what in ("bytes_before", "bytes_after")
    )
    if recipe.settings.skip_larger and after > before:
        msg = f"{name} would take {after:,} instead of {before:,} bytes; it stays as it is"
        raise LargerResultError(f"{msg}, unless you take fewer colours or leave out skip_larger")


def _with_what_was_written(
    error: ImageWriteError, written: Sequence[ReducedMember], left: Sequence[Path]
) -> ImageWriteError:
    """Return an error that says what is there and what is not."""
    if not written and len(left) == 1:
        return error
    names = ", ".join(target.name for target in left)
    return type(error)(f"{error} (written: {len(written)} files; not written: {names})")
