"""The images that a command line names: files, sets by their patterns, assets, and - for standard input."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud.errors import RgbcloudError
from rgbcloud_app.assets.opening import is_asset, opened_asset
from rgbcloud_app.terminal import STANDARD, STANDARD_INPUT, check_output, complain, standard_input

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import Recipe
    from rgbcloud.images import PipedFile
    from rgbcloud_app.assets.asset import Asset


class NamedImages:
    """What a command reads, all of it together.

    Parameters
    ----------
    images : sequence of str
        Paths, patterns such as ``wood.<UDIM>.png``, assets, and ``-`` once at most. An asset stands for its
        textures that hold colours.
    keep_going : bool, default False
        Whether to keep the errors of images that cannot be found instead of raising the first.

    Raises
    ------
    ImageReadError
        If there is no such file.
    InvalidArgumentError
        See `rgbcloud.Texture.find`.
    AssetError
        If an asset cannot be read, or has no colours.
    """

    def __init__(self, images: Sequence[str], *, keep_going: bool = False) -> None:
        if list(images).count(STANDARD) > 1:
            raise click.UsageError("standard input can be read once", click.get_current_context())
        self._images: list[rgbcloud.Texture | None] = []
        self._shown: dict[Path, str] = {}  # of what was unpacked
        self.assets: list[Asset] = []
        self.failures: list[RgbcloudError] = []
        """Of images that were left out."""
        for image in images:
            self._images += self._find(image, keep_going=keep_going)
        self.names = [STANDARD_INPUT if image == STANDARD else str(Path(image)) for image in images]
        """What messages call them."""
        self._are_assets = len(self.assets) == len(images)

    def _find(self, image: str, *, keep_going: bool) -> Sequence[rgbcloud.Texture | None]:
        if image == STANDARD:
            return [None]
        try:
            return self._textures_of(image) if is_asset(image) else [rgbcloud.Texture.find(image)]
        except RgbcloudError as error:
            if not keep_going:
                raise
            self.failures.append(error)
            return []

    def _textures_of(self, name: str) -> list[rgbcloud.Texture]:
        from rgbcloud_app.assets.asset import AssetError, find_colored

        scratch = TemporaryDirectory(prefix="rgbcloud-")
        asset = opened_asset(name, Path(click.get_current_context().with_resource(scratch)))
        self.assets.append(asset)
        textures = []
        for texture in find_colored(asset):
            found = rgbcloud.Texture.find(texture.path)
            if texture.is_embedded:
                own = {path: texture.name if found.pattern is None else path.name for path in found.paths}
                self._shown.update({path: f"{asset.path}: {shown}" for path, shown in own.items()})
            textures.append(found)
        if not textures:
            raise AssetError(f"{name} has no texture that holds colours")
        return textures

    def adapt(self, recipe: Recipe) -> Recipe:
        """Return a recipe that takes what assets say of their textures: that they hold colours."""
        if not self._are_assets:
            return recipe
        from rgbcloud_app.assets.lighter import check_recipe

        check_recipe(recipe)
        return replace(recipe, settings=replace(recipe.settings, kind="color"))

    def display_name(self, image: rgbcloud.Image) -> str:
        """Return what messages call an image that was read."""
        return self._shown.get(Path(image.name), image.name)

    @property
    def label(self) -> str:
        """What messages call all of them."""
        more = len(self.names) - 1
        return self.names[0] + (f" and {more} more" if more else "")

    @property
    def title(self) -> str:
        """The same, without folders."""
        return Path(self.names[0]).name + self.label[len(self.names[0]) :]

    def check_output(self, output: str, suffixes: Sequence[str], *, overwrite: bool) -> str:
        """See `rgbcloud_app.terminal.check_output`: no file of these may be the target."""
        sources = [path for texture in self._images if texture is not None for path in texture.paths]
        sources += [asset.path for asset in self.assets]
        return check_output(output, sources, suffixes, overwrite=overwrite)

    def sources(self) -> list[rgbcloud.Texture | PipedFile]:
        """Return what `rgbcloud.count` reads; standard input is read to its end."""
        return [standard_input() if texture is None else texture for texture in self._images]

    def files(self) -> list[Path | PipedFile]:
        """Return every single file, those of sets in their order; standard input is read to its end."""
        files: list[Path | PipedFile] = []
        for texture in self._images:
            files += [standard_input()] if texture is None else texture.paths
        return files

    def tell(self, notes: Sequence[str]) -> None:
        """Complain of what sets lack, and of what is remarkable about all together."""
        for texture in self._images:
            if texture is not None and texture.missing:
                complain(f"{texture.name}: {texture.gaps}")
        for asset in self.assets:
            for note in asset.notes:
                complain(f"{asset.path}: {note}")
        for note in notes:
            complain(f"{self.label}: {note}")
