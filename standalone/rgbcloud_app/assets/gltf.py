"""glTF 2.0 (.gltf, .glb): JSON that is kept as it is, but for where its images are.

References
----------
Khronos Group (2021), glTF 2.0 Specification: images (3.8), textures of materials (3.9), GLB files (4).
Ratified extensions tell the transfer function of each of their textures in the same way.
"""

from __future__ import annotations

import base64
import binascii
import copy
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, unquote_to_bytes

from rgbcloud.errors import reason_of
from rgbcloud.images import write_file
from rgbcloud_app.assets.asset import Asset, AssetError, Found, Meaning, Use, is_within
from rgbcloud_app.assets.gltf_binary import pack_glb, unpack_glb, with_images_replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SUFFIXES = (".gltf", ".glb")
_SUFFIX_OF_TYPE = {"image/png": ".png", "image/jpeg": ".jpg"}
_COLORS = ("basecolortexture", "emissivetexture", "diffusetexture", "specularglossinesstexture")


@dataclass(frozen=True)
class GltfAsset(Asset):
    """A glTF file, opened; see `rgbcloud_app.assets.asset.Asset`."""

    document: dict[str, Any]
    images: tuple[Path | None, ...]  # where each one of the document was found, or unpacked to
    binary: bytes | None  # of a .glb
    has_lines: bool  # whether the JSON is laid out for people

    def save(self, folder: Path, lighter: Mapping[Path, Path]) -> None:
        """Write the document, and the buffers that held images; see `Asset.save`."""
        document = copy.deepcopy(self.document)
        inside: dict[int, bytes] = {}  # of images that stand in buffers
        for number, (image, path) in enumerate(zip(document.get("images", ()), self.images)):
            reduced = None if path is None else lighter.get(path)
            if reduced is None:
                if "uri" in image and not image["uri"].startswith("data:"):
                    image["uri"] = self._moved_uri(image["uri"], folder)
                continue
            if "bufferView" in image:
                inside[number] = reduced.read_bytes()
                image["mimeType"] = "image/png"
            elif image["uri"].startswith("data:"):
                image["uri"] = _data_uri(reduced.read_bytes(), "image/png")
                if "mimeType" in image:
                    image["mimeType"] = "image/png"
            else:
                image["uri"] = quote(Path(os.path.relpath(reduced, folder)).as_posix())
                if "mimeType" in image:
                    image["mimeType"] = "image/png"
        binary = self._with_buffers(document, inside, folder)
        if self.path.suffix.lower() == ".glb":
            data = pack_glb(document, binary)
        else:
            layout: dict[str, Any] = {"indent": 2} if self.has_lines else {"separators": (",", ":")}
            data = json.dumps(document, ensure_ascii=False, **layout).encode()
        write_file(folder / self.path.name, data, overwrite=True)

    def _moved_uri(self, uri: str, folder: Path) -> str:
        """Return a URI as it is, if the file goes with the copy; else that of where it stays."""
        path = self.folder / unquote(uri)
        if is_within(path, self.folder) or "://" in uri:
            return uri
        return quote(Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix())

    def _with_buffers(self, document: dict[str, Any], inside: dict[int, bytes], folder: Path) -> bytes | None:
        """Put images into the buffers that hold them; return that of a .glb itself."""
        binary = self.binary
        for number, buffer in enumerate(document.get("buffers", ())):
            uri = buffer.get("uri")
            views = document.get("bufferViews", ())
            mine = {
                image: data
                for image, data in inside.items()
                if views[document["images"][image]["bufferView"]].get("buffer") == number
            }
            if mine:
                before = binary if uri is None else _content(self.folder, uri)
                after = with_images_replaced(document, number, before or b"", mine)
                if uri is None:
                    binary = after
                elif uri.startswith("data:"):
                    buffer["uri"] = _data_uri(after, "application/octet-stream")
                elif is_within(self.folder / unquote(uri), self.folder):
                    write_file(folder / unquote(uri), after, overwrite=True)
                else:
                    name = Path(unquote(uri)).name
                    buffer["uri"] = quote(name)
                    write_file(folder / name, after, overwrite=True)
            elif uri is not None and not uri.startswith("data:"):
                buffer["uri"] = self._moved_uri(uri, folder)
        return binary


def open_gltf(path: Path, scratch: Path) -> GltfAsset:
    """Open a .gltf or .glb file; images that stand in it are unpacked to a folder for scratch.

    Raises
    ------
    AssetError
        If it is none, or damaged.
    """
    try:
        data = path.read_bytes()
        is_packed = path.suffix.lower() == ".glb"
        text, binary = unpack_glb(data) if is_packed else (data, None)
        document = json.loads(text.decode("utf-8-sig"))
        version = str(document["asset"]["version"])
        if not version.startswith("2."):
            raise AssetError(f"{path} is glTF {version}; convert it to glTF 2.0")
        asset = _open_asset(path, scratch, document, binary, has_lines=b"\n" in text)
    except OSError as error:
        raise AssetError(f"{path} cannot be read: {reason_of(error)}") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise AssetError(f"{path} is no glTF file that can be understood: {_reason(error)}") from error
    return asset


def _reason(error: Exception) -> str:
    if isinstance(error, (TypeError, IndexError, AttributeError)):  # in the words of Python
        return "a part of it is of another type than glTF has there, or points to what is not there"
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _open_asset(
    path: Path, scratch: Path, document: dict[str, Any], binary: bytes | None, *, has_lines: bool
) -> GltfAsset:
    found, folder = Found(), path.parent
    uses = _uses(document)
    places: list[Path | None] = []
    for number, image in enumerate(document.get("images", ())):
        place, is_embedded, hindrance = _place(document, image, number, folder, scratch, binary)
        places.append(place)
        name = image.get("name") or f"image {number}"
        if place is not None and not is_embedded:
            name = unquote(image["uri"])
        hindrance = hindrance or _hindrance_of(document, number)
        where = place or scratch / f"image {number}"
        found.add(name, where, None, is_embedded=is_embedded, hindrance=hindrance)
        for use in uses.get(number, ()):
            found.add(name, where, use, is_embedded=is_embedded)
    parts = [
        folder / unquote(buffer["uri"])
        for buffer in document.get("buffers", ())
        if "uri" in buffer and not buffer["uri"].startswith("data:")
    ]
    missing = tuple(f"{part} is missing" for part in parts if not part.exists())
    textures, images = found.textures(), tuple(places)
    return GltfAsset(
        path, folder, textures, (path,), tuple(parts), missing, document, images, binary, has_lines
    )


def _place(
    document: dict[str, Any],
    image: dict[str, Any],
    number: int,
    folder: Path,
    scratch: Path,
    binary: bytes | None,
) -> tuple[Path | None, bool, str]:
    """Return the file of an image, whether it was embedded, and why it has to be left."""
    uri = image.get("uri")
    if uri is not None and not uri.startswith("data:"):
        if "://" in uri:
            return None, False, "it is on another machine"
        return Path(os.path.normpath(folder / unquote(uri))), False, ""
    if uri is None:
        view = document["bufferViews"][image["bufferView"]]
        start = view.get("byteOffset", 0)
        buffer = document["buffers"][view["buffer"]]
        whole = _content(folder, buffer["uri"]) if "uri" in buffer else binary
        data = (whole or b"")[start : start + view["byteLength"]]
        if len(data) < view["byteLength"]:
            raise ValueError(f"the view of image {number} reaches beyond its buffer")
        if "EXT_meshopt_compression" in view.get("extensions", {}):
            return None, True, "it is compressed in a way that is not known here"
        kind = image.get("mimeType", "")
    else:
        kind, data = uri[5:].partition(",")[0].partition(";")[0], _from_data_uri(uri)
    suffix = _SUFFIX_OF_TYPE.get(kind)
    if suffix is None:
        return None, True, f"it is {kind or 'of a type that the file does not say'}, which is not read here"
    place = scratch / f"{number}-{_file_name(image, number)}{suffix}"
    place.write_bytes(data)
    return place, True, ""


def _file_name(image: dict[str, Any], number: int) -> str:
    name = str(image.get("name") or f"image{number}")
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in Path(name).stem[:80])


def _hindrance_of(document: dict[str, Any], image: int) -> str:
    """Return which extension names an image as one of another format than PNG, if any does."""
    for texture in document.get("textures", ()):
        for name, extension in texture.get("extensions", {}).items():
            if isinstance(extension, dict) and extension.get("source") == image:
                return f"{name} asks for a file of its own format"
    return ""


def _uses(document: dict[str, Any]) -> dict[int, list[Use]]:
    """Return where each image is plugged, by its number."""
    textures = document.get("textures", [])
    uses: dict[int, list[Use]] = {}
    names = [material.get("name", "") for material in document.get("materials", ())]
    for number, material in enumerate(document.get("materials", ())):
        called = material.get("name") or f"material {number}"
        for slot, info, is_known in _slots(material):
            texture = textures[info["index"]]
            is_plain = not info.get("texCoord") and "KHR_texture_transform" not in info.get("extensions", {})
            wears = names[number] if is_plain and names.count(names[number]) == 1 else ""
            sources = [texture.get("source")]
            sources += [
                extension.get("source")
                for extension in texture.get("extensions", {}).values()
                if isinstance(extension, dict)
            ]
            meaning = _meaning(slot) if is_known else None
            space = {"color": "sRGB", None: ""}.get(meaning, "raw")
            for source in sources:
                if source is not None:
                    uses.setdefault(source, []).append(Use(f"{called}.{slot}", meaning, space, wears))
    return uses


def _slots(value: dict[str, Any], *, is_known: bool = True) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield the textures that a material names: slot, texture info, whether its meaning is specified."""
    for key, inner in value.items():
        if not isinstance(inner, dict) or key == "extras":
            continue
        if key.lower().endswith("texture") and "index" in inner:
            yield key, inner, is_known
        elif key == "extensions":
            for name, extension in inner.items():
                if isinstance(extension, dict):
                    yield from _slots(extension, is_known=name.startswith("KHR_materials_"))
        else:
            yield from _slots(inner, is_known=is_known)


def _meaning(slot: str) -> Meaning:
    """Return what a slot takes, by the specification's name of it."""
    name = slot.lower()
    if name.endswith("normaltexture"):
        return "normal"
    return "color" if name.endswith("colortexture") or name in _COLORS else "data"


def _content(folder: Path, uri: str) -> bytes:
    """Return what a URI of a buffer stands for."""
    return _from_data_uri(uri) if uri.startswith("data:") else (folder / unquote(uri)).read_bytes()


def _from_data_uri(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ValueError(f"a data URI is damaged: {error}") from error


def _data_uri(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode('ascii')}"
