"""USD stages (.usd, .usda, .usdc, .usdz): their layers copied, and told where lighter textures are.

References
----------
Pixar, UsdPreviewSurface Specification 2.6 (inputs, `sourceColorSpace`); Usdz File Format Specification
(files stand uncompressed, at multiples of 64 bytes, the default layer first).
"""

from __future__ import annotations

import os
import shutil
import struct
import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud import Texture
from rgbcloud.errors import MissingDependencyError, RgbcloudError
from rgbcloud_app.assets.asset import Asset, AssetError, is_within, looks_like_image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud_app.assets.asset import AssetTexture

SUFFIXES = (".usd", ".usda", ".usdc", ".usdz")
# What zipfile raises where one is damaged.
_OF_DAMAGED_ZIP = (
    *(OSError, EOFError, LookupError, ValueError, RuntimeError, struct.error, zlib.error, zipfile.BadZipFile),
)
_ENCRYPTED = 1  # of a zip entry's flags


@dataclass(frozen=True)
class UsdAsset(Asset):
    """A USD stage, opened; see `rgbcloud_app.assets.asset.Asset`."""

    layers: tuple[Path, ...]
    packed: tuple[str, ...] = ()  # names in a package, in their order

    def save(self, folder: Path, lighter: Mapping[Path, Path]) -> None:
        """Write the layers, or the package; see `Asset.save`."""
        if not self.packed:
            self._save_layers(folder, folder, _by_real_path(lighter))
            return
        unpacked = folder / "unpacked"
        self._save_layers(unpacked, unpacked, _by_real_path(self._place_textures(unpacked, lighter)))
        self._pack(folder, unpacked, lighter)
        shutil.rmtree(unpacked)

    def _place_textures(self, unpacked: Path, lighter: Mapping[Path, Path]) -> dict[Path, Path]:
        """Put lighter textures where they stand in the package; return their places."""
        placed = {}
        for path, reduced in lighter.items():
            place = unpacked / path.relative_to(self.folder).with_name(reduced.name)
            place.parent.mkdir(parents=True, exist_ok=True)
            for before, after in zip(Texture.find(path).paths, Texture.find(reduced).paths):
                shutil.copyfile(after, place.with_name(after.name))
                placed[before] = place.with_name(after.name)
            placed[path] = place
        return placed

    def _pack(self, folder: Path, unpacked: Path, lighter: Mapping[Path, Path]) -> None:
        from pxr import Sdf

        reduced: dict[Path, str] = {}
        for path, after in lighter.items():
            for before, member in zip(Texture.find(path).paths, Texture.find(after).paths):
                reduced[Path(os.path.normpath(before))] = member.name
        writer = Sdf.ZipFileWriter.CreateNew(str(folder / self.path.name))
        for name in self.packed:
            before = Path(os.path.normpath(self.folder / name))
            inside = Path(name)
            if before in reduced:
                inside = inside.with_name(reduced[before])
            changed = unpacked / inside
            writer.AddFile(str(changed if changed.exists() else before), inside.as_posix())
        if not writer.Save():
            raise AssetError(f"{self.path.name} cannot be packed again")

    def _save_layers(self, folder: Path, base: Path, lighter: Mapping[Path, Path]) -> None:
        from pxr import Sdf, UsdUtils

        for layer in self.layers:
            if not is_within(layer, self.folder):
                continue
            target = folder / layer.relative_to(self.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(layer, target)
            copied = Sdf.Layer.FindOrOpen(str(target))
            UsdUtils.ModifyAssetPaths(copied, self._mover(layer, target, base, lighter))
            if copied.dirty and not copied.Save():
                raise AssetError(f"{target} cannot be written")

    def _mover(
        self, layer: Path, target: Path, base: Path, lighter: Mapping[Path, Path]
    ) -> Callable[[str], str]:
        """Return what a path in a layer becomes in its copy."""

        def moved_path(value: str) -> str:
            path = anchored_path(value, layer)
            reduced = lighter.get(Path(os.path.realpath(path)))
            inside = is_within(path, self.folder)
            if reduced is not None and inside and not Path(value).is_absolute():
                own = value.rpartition("/")[2]
                return value[: len(value) - len(own)] + reduced.name
            if reduced is not None:
                return _from(target.parent, reduced)
            if inside and Path(value).is_absolute():
                return _from(target.parent, base / path.relative_to(self.folder))
            if inside or Path(value).is_absolute() or "`" in value or not path.exists():
                return value
            return _from(target.parent, path.resolve())

        return moved_path


def _by_real_path(lighter: Mapping[Path, Path]) -> dict[Path, Path]:
    return {Path(os.path.realpath(path)): reduced for path, reduced in lighter.items()}


def _from(folder: Path, path: Path) -> str:
    relative = Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    return relative if relative.startswith(".") else f"./{relative}"


def anchored_path(value: str, layer: Path) -> Path:
    """Return the file that a path in a layer stands for."""
    return Path(os.path.normpath(layer.parent / value.partition("[")[0]))


def open_usd(path: Path, scratch: Path) -> UsdAsset:
    """Open a stage; a package is unpacked to a folder for scratch.

    Raises
    ------
    AssetError
        If it is none, or damaged.
    MissingDependencyError
        If usd-core is not installed.
    """
    try:
        from pxr import Sdf, Tf, Usd, UsdUtils
    except ModuleNotFoundError as error:
        raise MissingDependencyError("USD files need usd-core: python -m pip install usd-core") from error
    from rgbcloud_app.assets.usd_materials import found_in

    root, folder = path, path.parent
    packed: tuple[str, ...] = ()
    if path.suffix.lower() == ".usdz":
        folder = scratch / "package"
        packed = _unpack(path, folder)
        root = folder / packed[0]
    warnings = UsdUtils.CoalescingDiagnosticDelegate()  # keeps off standard error what is told below
    try:
        stage = Usd.Stage.Open(str(root))
        layers, assets, unresolved = UsdUtils.ComputeAllDependencies(Sdf.AssetPath(str(root)))
        found = found_in(stage, folder, is_embedded=bool(packed))
    except Tf.ErrorException as error:
        raise AssetError(f"{path} is no USD file that can be understood: {_sentence_of(error)}") from error
    finally:
        del warnings
    places = [Path(os.path.normpath(_same_folder(layer.realPath, root))) for layer in layers]
    known = {Path(os.path.realpath(file)) for texture in found.textures() for file in _files(texture.path)}
    parts = []
    for asset in assets:
        file = Path(os.path.normpath(_same_folder(asset, root)))
        if Path(os.path.realpath(file)) in known or "[" in asset:
            continue
        if looks_like_image(file.name):
            found.add(file.name, file, None, is_embedded=bool(packed))
        elif file not in places:
            parts.append(file)
    textures = found.textures()
    if packed:
        textures = tuple(_left_outside(each, folder) for each in textures)
    missing = {texture.path for texture in textures}
    notes = [
        f"{each} is missing"
        for each in unresolved
        if not any(anchored_path(each, place) in missing for place in places)
    ]
    notes += [
        f"{each} is outside the asset's folder: it stays where it is"
        for each in (*places, *parts)
        if not is_within(each, folder)
    ]
    documents = (path,) if packed else tuple(dict.fromkeys((path, *places)))
    others, layers = () if packed else tuple(parts), tuple(places)
    return UsdAsset(path, folder, textures, documents, others, tuple(notes), layers, packed)


def _left_outside(texture: AssetTexture, folder: Path) -> AssetTexture:
    """Return a texture of a package with the reason to leave it, if it stands outside."""
    if texture.hindrance or is_within(texture.path, folder):
        return texture
    return replace(texture, is_embedded=False, hindrance="it stands outside the package")


def _same_folder(file: str, root: Path) -> Path:
    """Return a path as it is seen from the root layer's folder, as a user named that."""
    real = Path(os.path.realpath(root.parent))
    path = Path(os.path.realpath(file)) if "<" not in file else Path(file)
    return root.parent / path.relative_to(real) if real in path.parents else Path(file)


def _files(path: Path) -> list[Path]:
    try:
        return Texture.find(path).paths
    except RgbcloudError:
        return [path]


def _unpack(path: Path, folder: Path) -> tuple[str, ...]:
    """Unpack a package; return its names in their order."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            for entry in entries:
                if entry.flag_bits & _ENCRYPTED or entry.compress_type != zipfile.ZIP_STORED:
                    raise AssetError(
                        f"{path}: {entry.filename} is encrypted or compressed, as no .usdz may be; "
                        "pack it again with usdzip"
                    )
                if not is_within(folder / entry.filename, folder):
                    raise AssetError(f"{path}: {entry.filename} points outside the package")
            package.extractall(folder)
    except _OF_DAMAGED_ZIP as error:
        reason = str(error) or type(error).__name__
        raise AssetError(f"{path} is no .usdz file that can be read: {reason}") from error
    if not entries or Path(entries[0].filename).suffix.lower() not in SUFFIXES:
        raise AssetError(f"{path}: the first file of a .usdz must be a layer")
    return tuple(entry.filename for entry in entries)


def _sentence_of(error: Exception) -> str:
    """Return the sentence in what USD reports."""
    try:
        told = " ".join(str(error).split()).rpartition(" : ")[2].strip("'")
    except UnicodeDecodeError:  # it quotes bytes of a damaged file
        told = ""
    return told or "it cannot be opened"
