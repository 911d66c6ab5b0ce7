"""Receipts: what a batch has done already, so that it can go on where it stopped.

They stand in one file of the folder that results go to, a line of JSON each, added as soon as a result is
in its place; the last one of a target counts. A line cut short by a crash is passed over.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import rgbcloud
from rgbcloud import Texture
from rgbcloud.errors import RgbcloudError
from rgbcloud.textures import digest_of
from rgbcloud_app.assets import asset_files, is_asset

FILE_NAME = ".rgbcloud-receipts.jsonl"


@dataclass(frozen=True)
class Receipt:
    """What a result was made of.

    Attributes
    ----------
    key : str
        The digest of the recipe, its palettes and its mask.
    source, result : str
        Digests of what the files held.
    version : str
        Of rgbcloud.
    """

    key: str
    source: str
    result: str = ""
    version: str = rgbcloud.__version__

    def with_result(self, target: str) -> Receipt:
        """Return the receipt with the digest of the files that are there now."""
        return replace(self, result=digest_of(files_of(target)))

    def is_valid(self, target: str) -> bool:
        """Whether this release made it, and the result is still there as it was."""
        try:
            return self.version == rgbcloud.__version__ and self.with_result(target).result == self.result
        except (OSError, RgbcloudError):
            return False


def files_of(path: str) -> list[Path]:
    """Return the files of an image, a set or an asset.

    Raises
    ------
    ImageReadError, InvalidArgumentError, AssetError
        If there is none, or it cannot be opened.
    """
    return asset_files(path) if is_asset(path) else Texture.find(path).paths


class Receipts:
    """The receipts of some folders.

    Parameters
    ----------
    folder : str or None
        Where all of them stand; if None, each beside its result.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._known: dict[Path, dict[str, Receipt]] = {}

    def of(self, target: str) -> Receipt | None:
        """Return the last receipt of a target."""
        file, name = self._place(target)
        if file not in self._known:
            self._known[file] = _read(file)
        return self._known[file].get(name)

    def add(self, target: str, receipt: Receipt) -> None:
        """Write a receipt down.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        file, name = self._place(target)
        line = json.dumps({"target": name, **asdict(receipt)}) + "\n"
        with file.open("a", encoding="utf-8") as stream:
            stream.write(line)

    def _place(self, target: str) -> tuple[Path, str]:
        folder = Path(target).parent if self._folder is None else Path(self._folder)
        return folder / FILE_NAME, Path(os.path.relpath(target, folder)).as_posix()


def _read(file: Path) -> dict[str, Receipt]:
    known: dict[str, Receipt] = {}
    try:
        lines = file.read_text("utf-8").splitlines()
    except OSError:
        return known
    for line in lines:
        with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
            values = json.loads(line)
            target = values.pop("target")
            known[target] = Receipt(**values)
    return known
