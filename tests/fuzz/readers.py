"""Every reader of the product as a target of fuzzing: small good files, made here, and what reads them."""

from __future__ import annotations

import functools
import io
import json
import struct
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
from asset_files import gltf_asset, mtlx_asset, texture, usd_asset, usdz_asset
from PIL import Image, ImageCms

from rgbcloud import (
    Counts,
    Palette,
    Recipe,
    RgbcloudError,
    Settings,
    count,
    load_palette,
    read,
    reduce,
    save_palette,
)
from rgbcloud.counting import read_mask
from rgbcloud.images.png.png_chunks import SIGNATURE, chunk_bytes
from rgbcloud.palettes import SUFFIXES
from rgbcloud_app.assets.lighter import files_of
from rgbcloud_app.assets.opening import opened_asset
from rgbcloud_app.batches.receipts import Receipts

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = (13, 9)


class Reader(NamedTuple):
    """A target.

    Attributes
    ----------
    suffix : str
        Of the files that it reads.
    seeds : sequence of bytes
        Good files.
    use : callable
        Reads a file and does with it what the product does; raises what the product raises.
    """

    suffix: str
    seeds: Sequence[bytes]
    use: Callable[[Path], object]


def _texels(channels: int = 3) -> np.ndarray:
    rng = np.random.default_rng(7)
    return rng.integers(0, 256, (*_SIZE, channels), dtype=np.uint8)


def _by_pillow(file_format: str, mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    image = Image.fromarray(_texels(4)).convert(mode)
    image.save(stream, file_format, **options)
    return stream.getvalue()


def _by_oiio(suffix: str, kind: str, channels: int = 3, **attributes: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, f"seed{suffix}"))
        spec = oiio.ImageSpec(_SIZE[1], _SIZE[0], channels, kind)
        for name, value in attributes.items():
            spec.attribute(name, value)
        output = oiio.ImageOutput.create(path)
        assert output.open(path, spec), output.geterror()
        assert output.write_image(_texels(channels).astype(np.float32) / 255), output.geterror()
        output.close()
        return Path(path).read_bytes()


def _texture_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "seed.tx"))
        buffer = oiio.ImageBuf(oiio.ImageSpec(*_SIZE[::-1], 3, "half"))
        assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, buffer, path), oiio.geterror()
        return Path(path).read_bytes()


def _reduce(path: Path) -> object:
    return reduce(path, Recipe(Settings(4)))


def _mask(path: Path) -> object:
    stream = io.BytesIO()
    Image.fromarray(_texels()).save(stream, "PNG")
    return read_mask(path, read(stream))


def _load_recipe(path: Path) -> object:
    return Recipe.from_json(path.read_text("utf-8", "replace"))


def _load_settings(path: Path) -> object:
    return Settings.from_json(path.read_text("utf-8", "replace"))


def _find_receipt(path: Path) -> object:
    receipts = Receipts(str(path.parent))
    target = path.parent / "wood.png"
    target.write_bytes(b"wood")
    receipts.add(str(target), "key", (), [target])
    (place,) = (path.parent / ".rgbcloud-receipts").glob("*.json")
    place.write_bytes(path.read_bytes())
    found = receipts.find(str(target))
    assert found is not None or receipts.notes or place.exists()
    return found


def _palette_seed(suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return save_palette(Path(folder, f"seed{suffix}"), Palette(_texels()[0])).read_bytes()


def _counts_seed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        stream = io.BytesIO(_by_pillow("PNG"))
        return count(stream).save(Path(folder, "seed.npz")).read_bytes()


def _receipt_seed() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "wood.png")
        target.write_bytes(b"wood")
        Receipts(folder).add(str(target), "key", (), [target])
        (place,) = Path(folder, ".rgbcloud-receipts").glob("*.json")
        return place.read_bytes()


def _open_asset(path: Path) -> object:
    with tempfile.TemporaryDirectory() as scratch:
        return len(files_of(opened_asset(path, Path(scratch))))


def _asset_seeds() -> dict[str, tuple[str, Sequence[bytes]]]:
    """Return assets of every kind of file: the suffix, and the seeds."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texture(folder / "wood.png", size=4)
        plugs = {"diffuseColor": "wood.png", "roughness": "./wood.png"}
        slots = {"baseColorTexture": "wood.png"}
        for path in (
            *(usd_asset(folder / f"chair{suffix}", plugs) for suffix in (".usda", ".usdc")),
            usdz_asset(folder / "chair.usdz", plugs, folder),
            mtlx_asset(folder / "chair.mtlx", {"base_color": "wood.png"}),
            *(gltf_asset(folder / f"chair{suffix}", slots) for suffix in (".gltf", ".glb")),
        ):
            found[f"asset {path.suffix}"] = (path.suffix, (path.read_bytes(),))
    return found


@functools.lru_cache(maxsize=1)
def readers() -> dict[str, Reader]:
    """Return all of them by name."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    images: dict[str, tuple[str, Sequence[bytes]]] = {
        "png": (
            ".png",
            (
                _by_pillow("PNG", icc_profile=profile),
                _by_pillow("PNG", "RGBA", dpi=(72, 72)),
                _by_pillow("PNG", "P", transparency=3),
                _by_pillow("PNG", "L"),
            ),
        ),
        "png16": (".png", (_by_oiio(".png", "uint16"), _by_oiio(".png", "uint16", 4))),
        "jpeg": (".jpg", (_by_pillow("JPEG"), _by_pillow("JPEG", "CMYK"), _by_pillow("JPEG", "L"))),
        "tiff": (
            ".tif",
            (
                _by_pillow("TIFF", compression="tiff_lzw"),
                _by_pillow("TIFF", "RGBA", compression="tiff_adobe_deflate"),
                _by_oiio(".tif", "float"),
                _by_oiio(".tif", "uint16", 4),
            ),
        ),
        "exr": (
            ".exr",
            (
                _by_oiio(".exr", "half", compression="zip"),
                _by_oiio(".exr", "float", 4, compression="piz"),
                _by_oiio(".exr", "half", compression="rle"),
            ),
        ),
        "hdr": (".hdr", (_by_oiio(".hdr", "float"),)),
        "tx": (".tx", (_texture_file(),)),
        "tga": (".tga", (_by_pillow("TGA"), _by_pillow("TGA", "RGBA", compression="tga_rle"))),
        "bmp": (".bmp", (_by_pillow("BMP"), _by_pillow("BMP", "P"))),
        "gif": (".gif", (_by_pillow("GIF", "P"),)),
        "webp": (".webp", (_by_pillow("WEBP", lossless=True), _by_pillow("WEBP", "RGBA"))),
    }
    found = {name: Reader(suffix, seeds, _reduce) for name, (suffix, seeds) in images.items()}
    for suffix in SUFFIXES:
        found[f"palette {suffix}"] = Reader(suffix, (_palette_seed(suffix),), load_palette)
    riff = b"RIFF\x18\0\0\0PAL data\x0c\0\0\0\0\3\2\0\xff\x80\0\0\1\2\3\4"
    found["palette riff"] = Reader(".pal", (riff,), load_palette)
    found["mask"] = Reader(".png", (_by_pillow("PNG", "L"), _by_oiio(".png", "uint16", 1)), _mask)
    recipe = Recipe(Settings(7), palette=Palette(_texels()[0]), mask="uv.png")
    like = Recipe.of(like=Palette(_texels()[1]), psnr=30)
    recipes = (recipe.to_json().encode(), like.to_json().encode())
    found["recipe"] = Reader(".json", recipes, _load_recipe)
    found["settings"] = Reader(
        ".json", (json.dumps(json.loads(recipes[0])["settings"]).encode(),), _load_settings
    )
    found["counts"] = Reader(".npz", (_counts_seed(),), Counts.load)
    found.update({name: Reader(*parts, _open_asset) for name, parts in _asset_seeds().items()})
    found["receipt"] = Reader(".json", (_receipt_seed(),), _find_receipt)
    return found


_EXTREMES = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_HEAD = 160
_ODD = (
    *(None, True, -1, 0, 1e308, float("inf"), float("nan"), 10**400, 1 << 63),
    *("", "x" * 5000, [], {}, [[]], "\0", "²", "#ff8000"),
)
_TEXTS = (
    b'"',
    b"{",
    b"[",
    b"]",
    b"9" * 40,
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"\n",
    b"\xff",
    b"\0",
    "²".encode(),
)


def damaged(reader: Reader, number: int) -> bytes:
    """Return a good file with some damage: the same for the same number."""
    rng = np.random.default_rng(number)
    seed = reader.seeds[rng.integers(len(reader.seeds))]
    if reader.suffix == ".json" and rng.integers(2):
        return _with_an_odd_value(seed, rng)
    data = bytearray(seed)
    for _ in range(int(rng.integers(1, 4))):
        part = len(data) if rng.integers(2) else min(len(data), _HEAD)  # most is decided at the beginning
        place = int(rng.integers(part + 1))
        kind = int(rng.integers(8))
        if kind == 0:
            data = data[:place]
        elif kind == 1 and data:
            data[place % len(data)] ^= 1 << int(rng.integers(8))
        elif kind == 2 and data:
            data[place % len(data)] = int(rng.integers(256))
        elif kind == 3:
            value = _EXTREMES[rng.integers(len(_EXTREMES))]
            form = (">I", "<I", ">H", "<H")[rng.integers(4)]
            packed = struct.pack(form, value & (0xFFFF if form[1] == "H" else 0xFFFFFFFF))
            data[place : place + len(packed)] = packed
        elif kind == 4:
            data[place:place] = _TEXTS[rng.integers(len(_TEXTS))]
        elif kind == 5:
            length = int(rng.integers(1, 64))
            data[place:place] = data[int(rng.integers(len(data) + 1)) :][:length]
        elif kind == 6:
            del data[place : place + int(rng.integers(1, 64))]
        else:
            data[place : place + 8] = rng.bytes(8)
    return _with_checksums(bytes(data)) if rng.integers(2) else bytes(data)


def _with_an_odd_value(data: bytes, rng: np.random.Generator) -> bytes:
    """Return JSON in which one value is another, or is not there."""
    whole = [json.loads(data)]
    inside, key = whole, 0
    while isinstance(inside[key], (dict, list)) and inside[key] and rng.integers(4):
        inside = inside[key]
        keys = list(inside) if isinstance(inside, dict) else range(len(inside))
        key = keys[int(rng.integers(len(keys)))]
    if isinstance(inside, dict) and not rng.integers(5):
        del inside[key]
    else:
        inside[key] = _ODD[rng.integers(len(_ODD))]
    return json.dumps(whole[0]).encode()


def _with_checksums(data: bytes) -> bytes:
    """Return a PNG whose damage is not given away by its checksums; other files as they are."""
    if not data.startswith(SIGNATURE):
        return data
    parts, place = [SIGNATURE], len(SIGNATURE)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        kind, content = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        parts.append(chunk_bytes(kind, content))
        place += 12 + length
    return b"".join(parts)


def use(reader: Reader, data: bytes) -> str:
    """Have a reader read some bytes; return how that ended: "read", or "refused" in the product's own words.

    Any other error is raised: it is a bug.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"input{reader.suffix}")
        path.write_bytes(data)
        try:
            reader.use(path)
        except RgbcloudError as error:
            told = str(error)
        else:
            return "read"
    if "\n" in told:
        raise AssertionError(told)
    return "refused"
