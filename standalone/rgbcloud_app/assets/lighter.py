"""Lighter copies of assets: what should be reduced is, all else comes through as it was."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rgbcloud import LargerResultError, Output, Recipe, Texture, count, reduce_texture
from rgbcloud.color import find_color_space
from rgbcloud.errors import ImageReadError, ImageWriteError, InvalidArgumentError
from rgbcloud.images import check_not_source, check_writable, result_suffix
from rgbcloud.progress import Progress, portion, silent
from rgbcloud_app.assets.asset import AssetError, find_colored, is_within
from rgbcloud_app.assets.opening import opened_asset
from rgbcloud_app.assets.surfaces import AssetSurfaces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from rgbcloud import Counts, Limits, Report
    from rgbcloud_app.assets.asset import Asset, AssetTexture, Meaning

_ONLY_OF_COLORS = ("locked", "recolored", "space", "linear", "color_space")


@dataclass(frozen=True)
class LighterAsset:
    """A copy of an asset."""

    reports: tuple[Report, ...]  # one for each file of a texture that was reduced
    palette: tuple[str, ...]  # colours like ``"#ff8000"`` of the last texture of colours
    notes: tuple[str, ...]  # what a user should be told: what was left alone, and why
    bytes: tuple[int, int]  # of all of the asset's files, before and after
    was_there: bool  # whether an earlier run had written the very bytes of all of them


class ReducedTexture(NamedTuple):
    """What became of one texture."""

    reports: tuple[Report, ...] = ()  # of its files; none where the result would be larger than it may be
    palette: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()  # where it is, if that is not in its place yet

    @property
    def takes_less_memory(self) -> bool:
        """Whether it has fewer texels, which is worth having whatever the file takes."""
        return any(report.memory_after < report.memory_before for report in self.reports)


class Wish(NamedTuple):
    """What is wanted of an asset's copy."""

    recipe: Recipe  # of the colours; of the other textures what of it is not about colours
    also: tuple[Meaning, ...]  # what is to be reduced beside colours
    overwrite: bool
    ssim: bool
    limits: Limits
    resume: Collection[Path] | None = None  # see `rgbcloud.Output`
    camera: str = ""  # by what it sees texels count; by all of the surface if empty
    made: Mapping[int, ReducedTexture] | None = None
    """Textures that were reduced already, by their places in the asset."""

    @property
    def meanings(self) -> frozenset[Meaning]:
        """All that is to be reduced."""
        return frozenset(("color", *self.also))


def check_recipe(recipe: Recipe) -> None:
    """Raise `InvalidArgumentError` where a recipe says what an asset has to say of its textures."""
    if recipe.settings.kind != "auto":
        raise InvalidArgumentError(
            f"kind is {recipe.settings.kind}, but where a texture of an asset is plugged says what it holds; "
            "leave out kind"
        )
    if recipe.mask:
        raise InvalidArgumentError("mask lies on one texture, and an asset has several; leave out mask")


def reduce_asset(source: Path, target: Path, wish: Wish, progress: Progress = silent) -> LighterAsset:
    """Write a copy of an asset with lighter textures.

    Parameters
    ----------
    source, target : Path
        Of the same format, in two folders. Files that stand in the source's folder, and below it, get the
        same places in the target's.
    wish : Wish
    progress : Progress

    Returns
    -------
    LighterAsset

    Raises
    ------
    AssetError
        If the asset cannot be read, or not be copied.
    ImageReadError, InvalidArgumentError
        If a texture that is to be reduced cannot be. Nothing has been written then.
    ImageWriteError
        If a target is a file of the asset, or is there already.
    """
    check_recipe(wish.recipe)
    if target.suffix.lower() != source.suffix.lower():
        msg = f"cannot write {target}: the copy of a {source.suffix} file is one, too; change its suffix"
        raise ImageWriteError(msg)
    check_not_source(target, source)
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        unpacked, packing, masks = (Path(scratch, name) for name in ("in", "out", "masks"))
        for folder in (unpacked, packing, masks):
            folder.mkdir()
        progress(0.0, "reading")
        asset = opened_asset(source, unpacked)
        copy = _Copy(asset, wish, target, AssetSurfaces(asset, masks, wish.camera))
        try:
            return _make_copy(copy, packing, progress)
        except (AssetError, ImageReadError, ImageWriteError, InvalidArgumentError) as error:
            raise type(error)(copy.in_its_words(str(error))) from error


def _make_copy(copy: _Copy, packing: Path, progress: Progress) -> LighterAsset:
    """Make the copy under temporary names, then move all of it into place."""
    copy.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=copy.folder, prefix=".rgbcloud-") as stage:
        copy.check_places()
        copy.reduce(Path(stage), packing, portion(progress, 0.05, 0.9))
        copy.carry(Path(stage))
        copy.asset.save(Path(stage), copy.lighter)
        return copy.settle(Path(stage))


@dataclass
class _Copy:
    """An asset's copy in the making."""

    asset: Asset
    wish: Wish
    target: Path
    surfaces: AssetSurfaces
    lighter: dict[Path, Path] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    palette: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """What the copy is put into."""
        return self.target.parent

    def in_its_words(self, text: str) -> str:
        """Return a sentence with what users call an embedded texture, not where it was unpacked to."""
        for texture in self.asset.textures:
            if texture.is_embedded:
                text = text.replace(str(texture.path), f"{self.asset.path} ({texture.name})")
        return text

    def check_places(self) -> None:
        """Raise `ImageWriteError` where a file would be replaced that must not be."""
        asset = self.asset
        others = [file for file in asset.documents[1:] if is_within(file, asset.folder)] + self._carry_list()
        if others and self.folder.resolve() == asset.path.resolve().parent:
            raise ImageWriteError(f"a copy of {asset.path} needs a folder of its own; use --output-dir")
        for file in others:
            check_not_source(self.folder / file.relative_to(asset.folder), file)
        check_writable(self.target, overwrite=self.wish.overwrite or self.wish.resume is not None)

    def reduce(self, stage: Path, packing: Path, progress: Progress) -> None:
        """Reduce what should be, and note why the rest is not."""
        wanted: list[AssetTexture] = []
        for texture in self.asset.textures:
            reason = texture.reason_to_leave(self.wish.meanings)
            if reason:
                self.notes.append(f"{texture.name} is left as it is: {reason}")
            else:
                wanted.append(texture)
        for number, texture in enumerate(wanted):
            part = portion(progress, number / len(wanted), (number + 1) / len(wanted))
            self._reduce(texture, packing if texture.is_embedded else stage, part)

    def _reduce(self, texture: AssetTexture, base: Path, progress: Progress) -> None:
        found, place = Texture.find(texture.path), self._place(texture, base)
        targets = (place,) if found.pattern is None else tuple(found.rename_members(place))
        for target in targets:
            target.parent.mkdir(parents=True, exist_ok=True)
        recipe, notes = recipe_for(texture, self.wish.recipe)
        done = self._take_made(texture, targets) or self._reduce_one(
            texture, found, targets, recipe, progress
        )
        reports = done.reports
        if not reports:
            self.notes.append(f"{texture.name} is left as it is: its file would be larger")
            return
        before, after = (sum(getattr(r, name) for r in reports) for name in ("bytes_before", "bytes_after"))
        if after >= before and recipe.palette is None and not done.takes_less_memory:
            for target in targets:
                target.unlink()
            sizes = f"its file would have {after:,} bytes instead of {before:,}"
            self.notes.append(f"{texture.name} is left as it is: {sizes}")
            return
        self.lighter[texture.path] = place
        if not texture.is_embedded and not is_within(texture.path, self.asset.folder):
            where = f"its lighter file stands beside the copy, as {place.name}"
            self.notes.append(f"{texture.name} is outside the asset's folder: {where}")
        for report in reports:
            own = texture.name if found.pattern is None else Path(report.name).name
            self.reports.append(replace(report, name=f"{self.asset.path.name}: {own}"))
        self.notes += [f"{texture.name}: {note}" for note in (*notes, *done.notes)]
        if texture.meaning == "color":
            self.palette = done.palette

    def _take_made(self, texture: AssetTexture, targets: Sequence[Path]) -> ReducedTexture | None:
        """Copy what was reduced already; return None if it was not."""
        made = (self.wish.made or {}).get(self.asset.textures.index(texture))
        for file, target in zip(made.files if made else (), targets):
            shutil.copyfile(file, target)
        return made

    def _reduce_one(
        self,
        texture: AssetTexture,
        found: Texture,
        targets: tuple[Path, ...],
        recipe: Recipe,
        progress: Progress,
    ) -> ReducedTexture:
        """Reduce a texture; there are no reports where the result would be larger and need not be."""
        recipe = replace(recipe, mask=self.surfaces.mask_of(texture))
        output, ssim, limits = Output(targets=targets), self.wish.ssim, self.wish.limits
        try:
            done = reduce_texture(found, recipe, output, ssim=ssim, limits=limits, progress=progress)
        except LargerResultError:
            return ReducedTexture()
        reports = tuple(member.report for member in done.members)
        return ReducedTexture(reports, tuple(done.palette.to_hex()), done.notes)

    def _place(self, texture: AssetTexture, base: Path) -> Path:
        """Return where a lighter texture goes: like its source, with another suffix, and no other's place."""
        path, folder = texture.path, self.asset.folder
        inside = path.relative_to(folder) if is_within(path, folder) else Path(path.name)
        suffix = result_suffix(path, ".png")
        place = base / inside.with_suffix(suffix)
        taken = {*self.lighter.values()}
        taken |= {
            base / other.path.relative_to(self.asset.folder)
            for other in self.asset.textures
            if other.path != path and is_within(other.path, self.asset.folder)
        }
        number = 1
        while place in taken:
            more = f"_{path.suffix[1:]}" + (str(number) if number > 1 else "")
            place, number = base / inside.with_name(f"{path.stem}{more}{suffix}"), number + 1
        return place

    def _carry_list(self) -> list[Path]:
        """Return the files that go with the copy as they are, or lighter."""
        files = (*_texture_files(self.asset), *self.asset.parts)
        return [file for file in files if is_within(file, self.asset.folder)]

    def carry(self, stage: Path) -> None:
        """Copy what is not reduced."""
        reduced = {file for path in self.lighter for file in Texture.find(path).paths}
        for file in self._carry_list():
            if file in reduced or not file.exists():
                continue
            target = stage / file.relative_to(self.asset.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)

    def settle(self, stage: Path) -> LighterAsset:
        """Move everything into place, the asset's own file last."""
        own = stage / self.asset.path.name
        files = sorted((file for file in stage.rglob("*") if file.is_file()), key=lambda file: file == own)
        places = {file: self.folder / file.relative_to(stage) for file in files}
        places[own] = self.target
        # Two assets of a folder may share what neither changes.
        others = {
            place
            for file, place in places.items()
            if not (place.exists() and place.read_bytes() == file.read_bytes())
        }
        for place in others:
            check_writable(place, overwrite=self.wish.overwrite or place in (self.wish.resume or ()))
        after = sum(file.stat().st_size for file in files)
        for file, place in places.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
        before = sum(file.stat().st_size for file in files_of(self.asset))
        notes = tuple(
            self.in_its_words(note) for note in (*self.asset.notes, *self.surfaces.notes, *self.notes)
        )
        return LighterAsset(tuple(self.reports), self.palette, notes, (before, after), not others)


def count_asset(source: Path, recipe: Recipe, limits: Limits, progress: Progress = silent) -> Counts | None:
    """Count the colours of an asset's textures; None if it has none that hold colours.

    Raises
    ------
    AssetError
        If the asset cannot be read.
    ImageReadError, InvalidArgumentError
        If a texture cannot be read, or one differs from the others in depth.
    """
    check_recipe(recipe)
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        asset = opened_asset(source, Path(scratch))
        wanted = find_colored(asset)
        if not wanted:
            return None
        textures = [Texture.find(texture.path) for texture in wanted]
        return count(textures, recipe, limits=limits, progress=progress)


def asset_files(path: str) -> tuple[list[Path], list[Path]]:
    """Return the files that an asset consists of, and those of them that are textures of colours.

    Raises
    ------
    AssetError
        If it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="rgbcloud-") as scratch:
        asset = opened_asset(path, Path(scratch))
        colored = [texture for texture in find_colored(asset) if not texture.is_embedded]
        return files_of(asset), [file for texture in colored for file in Texture.find(texture.path).paths]


def recipe_for(texture: AssetTexture, recipe: Recipe) -> tuple[Recipe, list[str]]:
    """Return the recipe of one texture of an asset, and what a user should be told of it."""
    settings = replace(recipe.settings, kind=texture.meaning or "auto")
    if texture.meaning != "color":
        plain = Recipe().settings
        settings = replace(settings, **{name: getattr(plain, name) for name in _ONLY_OF_COLORS})
        goal = None if recipe.goal is not None and recipe.goal.delta_e is not None else recipe.goal
        return Recipe(settings, goal=goal), []
    if settings.linear is not None or settings.color_space or not texture.color_space:
        return replace(recipe, settings=settings), []
    try:
        space = find_color_space(texture.color_space, settings.ocio or None)
    except InvalidArgumentError as error:
        return replace(recipe, settings=settings), [f"{error}: its colours are taken for what its file says"]
    name = texture.color_space if space.is_color else "lin_rec709"  # raw numbers are shaded as they are
    return replace(recipe, settings=replace(settings, color_space=name)), []


def files_of(asset: Asset) -> list[Path]:
    """Return all files of an asset that are there, each once."""
    files = dict.fromkeys((*asset.documents, *asset.parts, *_texture_files(asset)))
    return [file for file in files if file.exists()]


def _texture_files(asset: Asset) -> Iterator[Path]:
    """Yield the files of textures that stand beside an asset's documents."""
    for texture in asset.textures:
        if not texture.is_embedded:
            with contextlib.suppress(InvalidArgumentError, ImageReadError):
                yield from Texture.find(texture.path).paths
