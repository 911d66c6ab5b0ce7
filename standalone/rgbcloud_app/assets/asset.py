"""What every kind of asset comes down to: textures, where each is plugged, and the files around them."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from rgbcloud import Texture
from rgbcloud.errors import ImageReadError, InvalidArgumentError, RgbcloudError
from rgbcloud.images import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

Meaning = Literal["color", "normal", "data"]

_OTHER_IMAGES = (".ktx", ".ktx2", ".dds", ".avif", ".psd")


class AssetError(RgbcloudError):
    """An asset cannot be read, or not be copied as it is."""


class Use(NamedTuple):
    """One place that a texture is plugged into."""

    where: str  # such as ``"Wood.baseColorTexture"``
    meaning: Meaning | None  # what that place takes; None where nothing says so
    color_space: str = ""
    """What the asset says that the numbers are, by any name; empty where it leaves this to the file."""
    material: str = ""
    """Which meshes wear it, as `rgbcloud.surface.mesh_parts` names materials; empty if that does not say all:
    if names are not unique, or UVs are others than the first ones, or transformed."""


@dataclass(frozen=True)
class AssetTexture:
    """A texture of an asset."""

    name: str  # as the asset writes it, or as what stands in for a name
    path: Path  # the file, or the pattern of a set; of an embedded one where it was unpacked to
    uses: tuple[Use, ...] = ()  # where it is plugged
    is_embedded: bool = False  # whether it is part of another file of the asset
    hindrance: str = ""  # why it has to be left as it is; mostly empty

    @property
    def meaning(self) -> Meaning | None:
        """What it is, if all places agree."""
        meanings = {use.meaning for use in self.uses}
        return next(iter(meanings)) if len(meanings) == 1 else None

    @property
    def color_space(self) -> str:
        """What the asset calls its colour space, if all places agree; empty otherwise."""
        spaces = {use.color_space for use in self.uses}
        return next(iter(spaces)) if len(spaces) == 1 else ""

    @property
    def is_there(self) -> bool:
        """Whether its file is, or of a set one at least."""
        try:
            Texture.find(self.path)
        except (ImageReadError, InvalidArgumentError):
            return False
        return True

    def reason_to_leave(self, wanted: frozenset[Meaning]) -> str:
        """Return why the texture is not to be reduced; empty if it is.

        Parameters
        ----------
        wanted : frozenset of {"color", "normal", "data"}
            What is to be reduced.
        """
        if self.hindrance:
            return self.hindrance
        if not self.is_there:
            return "it is missing"
        if not self.uses:
            return "it is plugged into nothing that says what it is"
        if self.meaning is None:
            return self._disagreement()
        if self.meaning not in wanted:
            called = {"normal": "normals", "data": "data"}.get(self.meaning, "colours")
            return f"it holds {called} ({self.uses[0].where}); --also {self.meaning} reduces it too"
        if self.meaning == "color" and len({use.color_space for use in self.uses}) > 1:
            told = " and ".join(sorted({f"{use.color_space or 'auto'} ({use.where})" for use in self.uses}))
            return f"its colour space is {told}"
        if self.path.suffix.lower() not in FORMATS:
            return f"{self.path.suffix or 'a file without a suffix'} is no format that is written here"
        return ""

    def _disagreement(self) -> str:
        unknown = [use.where for use in self.uses if use.meaning is None]
        if unknown:
            return f"nothing says what {unknown[0]} takes"
        told = sorted({f"{use.meaning} ({use.where})" for use in self.uses})
        return f"it is shared by two meanings: {' and '.join(told)}"


@dataclass(frozen=True)
class Asset(ABC):
    """A file that textures belong to, opened."""

    path: Path  # the file that was named
    folder: Path  # what stands in it is copied with it; of a package where it was unpacked to
    textures: tuple[AssetTexture, ...]
    documents: tuple[Path, ...]  # the files that name textures, `path` first: `save` writes them
    parts: tuple[Path, ...]  # all other files that it needs
    notes: tuple[str, ...]  # what a user should be told

    @abstractmethod
    def save(self, folder: Path, lighter: Mapping[Path, Path]) -> None:
        """Write the documents into a folder.

        Parameters
        ----------
        folder : Path
            Documents get the places that they have in the asset's folder.
        lighter : mapping of Path to Path
            Of reduced textures: the file that takes the place of each.

        Raises
        ------
        AssetError
            If that cannot be done.
        """


def find_colored(asset: Asset) -> list[AssetTexture]:
    """Return the textures of an asset that hold colours and can be read."""
    return [texture for texture in asset.textures if not texture.reason_to_leave(frozenset(["color"]))]


def asset_facts(asset: Asset) -> tuple[dict[str, object], list[str]]:
    """Return what is known of an asset: ready for JSON, and as people read it."""
    textures: list[dict[str, object]] = []
    lines = [str(asset.path), f"textures  {len(asset.textures)}"]
    for texture in asset.textures:
        uses = [use._asdict() for use in texture.uses]
        reason = texture.reason_to_leave(frozenset(["color", "normal", "data"]))
        textures.append(
            {"name": texture.name, "holds": texture.meaning, "uses": uses, "left": reason or None}
        )
        plugged = ", ".join(use.where for use in texture.uses)
        told = reason or f"{texture.meaning}, plugged into {plugged}"
        lines.append(f"  {texture.name}: {told}")
    return {"source": str(asset.path), "textures": textures}, lines


@dataclass
class Found:
    """Textures as they are found, each once, with all places that it is plugged into."""

    uses: dict[tuple[str, Path], list[Use]] = field(default_factory=dict)
    others: dict[tuple[str, Path], tuple[bool, str]] = field(default_factory=dict)

    def add(
        self, name: str, path: Path, use: Use | None, *, is_embedded: bool = False, hindrance: str = ""
    ) -> None:
        """Note a texture, and one place where it is plugged."""
        key = (name, Path(os.path.normpath(path)))
        uses = self.uses.setdefault(key, [])
        if use is not None and use not in uses:
            uses.append(use)
        _, before = self.others.get(key, (False, ""))
        self.others[key] = is_embedded, before or hindrance

    def textures(self) -> tuple[AssetTexture, ...]:
        """Return all of them; a file that goes by two names is one."""
        by_path: dict[Path, AssetTexture] = {}
        for (name, path), uses in self.uses.items():
            is_embedded, hindrance = self.others[name, path]
            before = by_path.get(path)
            together = uses if before is None else [*before.uses, *(u for u in uses if u not in before.uses)]
            name = name if before is None else before.name
            hindrance = hindrance or (before.hindrance if before else "")
            by_path[path] = AssetTexture(name, path, tuple(together), is_embedded, hindrance)
        return tuple(by_path.values())


def is_within(path: Path, folder: Path) -> bool:
    """Whether a path lies in a folder, by its name."""
    if path.is_absolute() != folder.is_absolute():
        return False
    return Path(os.path.abspath(folder)) in Path(os.path.abspath(path)).parents  # noqa: PTH100 # links stay


def looks_like_image(name: str) -> bool:
    """Whether a file's name is one of an image that is known here."""
    return Path(name).suffix.lower() in (*FORMATS, *_OTHER_IMAGES)
