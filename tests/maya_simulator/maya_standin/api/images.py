"""MImage: pixels of an image file, bottom row first, four bytes each."""

from __future__ import annotations

import ctypes
from typing import Any

from PIL import Image

from maya_standin.errors import NotSimulatedError
from maya_standin.session import current


class MImage:
    """An image in memory."""

    kUnknown, kByte, kFloat = range(3)

    def __init__(self) -> None:
        self._image: Image.Image | None = None

    def readFromFile(self, path: str, type: int = 1) -> MImage:
        """Read a file; RuntimeError "(kFailure)" if it cannot be read.

        Whether Maya reads palette PNGs is unconfirmed (section 4): a test can make them unreadable.
        """
        if type not in (MImage.kByte, MImage.kUnknown):
            raise NotSimulatedError("MImage with float pixels")
        try:
            with Image.open(path) as opened:
                opened.load()
                if opened.mode == "P" and not current().indexed_png_readable:
                    raise OSError("indexed colours are switched off")
                self._image = opened.convert("RGBA")
        except OSError as error:
            raise RuntimeError(f"(kFailure): Unexpected Internal Failure: {error}") from None
        return self

    def create(self, width: int, height: int, channels: int = 4, type: int = 1) -> MImage:
        if channels != 4 or type != MImage.kByte:
            raise NotSimulatedError("MImage other than four bytes a pixel")
        self._image = Image.new("RGBA", (width, height))
        return self

    def getSize(self) -> list[int]:
        return list(self._loaded().size)

    def depth(self) -> int:
        return 4

    def isRGBA(self) -> bool:
        return True

    def pixelType(self) -> int:
        return MImage.kByte

    def pixels(self) -> int:
        """Return the address of width x height x 4 bytes, the bottom row first."""
        flipped = self._loaded().transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()
        self._buffer = ctypes.create_string_buffer(flipped, len(flipped))
        return ctypes.addressof(self._buffer)

    def setPixels(self, pixels: Any, width: int, height: int) -> MImage:
        image = Image.frombytes("RGBA", (width, height), bytes(pixels))
        self._image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        return self

    def verticalFlip(self) -> bool:
        self._image = self._loaded().transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        return True

    def writeToFile(self, path: str, outputFormat: str = "iff") -> MImage:
        if outputFormat == "iff":
            raise NotSimulatedError("MImage.writeToFile in Maya's iff format")
        self._loaded().save(path, format={"jpg": "jpeg"}.get(outputFormat, outputFormat))
        return self

    def release(self) -> MImage:
        self._image = None
        return self

    def _loaded(self) -> Image.Image:
        if self._image is None:
            raise RuntimeError("(kFailure): Unexpected Internal Failure: the image is empty")
        return self._image

    def __getattr__(self, name: str) -> Any:
        if name == "_buffer":
            raise AttributeError(name)
        raise NotSimulatedError(f"MImage.{name}")
