"""Image: the texels of a file, and what is needed to write a file like it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from rgbcloud.color.codes import DEPTHS, as_rgb, check_texels
from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.color.display import to_srgb8, usual_color_space

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.settings import Settings

MAX_PIXELS = 1 << 28
"""The default limit of an image's size: 268,435,456 pixels, which is 16384 x 16384."""
_NO_NUMBER = 0x7C00  # the exponent of halves that are infinite or no numbers


class Encoded(NamedTuple):
    """A file that was read back."""

    data: bytes
    notes: list[str]  # what its reader should know, a sentence each
    held: StoredArray | None = None
    """(H, W, 3): the colours in it, where the format cannot hold those that were meant; else None."""


class Codec(Protocol):
    """What writes images that it has read."""

    def check_format(self, image: Image, file_format: str | None) -> str:
        """Return the format that an image is written in, one of `FORMATS`; None asks for the usual one.

        Raises
        ------
        ImageWriteError
            If files of the format cannot hold the image.
        """

    def with_alpha_as(self, image: Image, *, opacity: bool) -> Image:
        """Return an image whose fourth channel is taken for opacity, or for a channel like others."""

    def with_texels(self, image: Image, texels: StoredArray) -> Image:
        """Return an image of other texels, in another size, and of what else the file holds in the same.

        What alpha is, is settled then.
        """

    def encode(
        self,
        image: Image,
        reduced: Reduced,
        file_format: str,
        settings: Settings,
        folder: Path | None = None,
    ) -> Encoded:
        """Return the file of a reduced image, read back.

        Temporary files stand in `folder`, the system's for such if it is left out.

        Raises
        ------
        ImageWriteError
            If files of the format cannot hold the image, or what was read back is not what was meant.
        MissingDependencyError
            If something that the settings ask for is not installed.
        """


class Reduced(NamedTuple):
    """The palette of an image, as the image stores it, and the palette index of each of its texels."""

    palette: StoredArray  # (k, 3)
    indices: UInt8Array  # (H, W)


class ColorsTold(NamedTuple):
    """What a file says of its colours."""

    space: ColorSpace | None = None  # None if it says nothing that is understood
    by: str = ""  # what of the file says so, such as "its ICC profile"; empty if nothing


NOTHING_TOLD = ColorsTold()


@dataclass(frozen=True, eq=False)
class Image:
    """An image as it was read.

    Attributes
    ----------
    texels : ndarray of shape (H, W, 3) or (H, W, 4), uint8, uint16, float16 or float32
        RGB as it is stored, upright; a fourth channel is alpha in the same type, straight where it is
        opacity. Grey stands three times. Integers stand for 0 … 1.
    name : str
        What messages call it.
    file_size : int
        Bytes of the file.
    file_format : str
        What the codec calls the file's format.
    codec : Codec
        What writes it again.
    colors : ColorsTold
        What the file says of its colours.
    profile : bytes or None
        The file's ICC profile, if it describes the texels.
    extra : object
        What the codec needs to write all else.
    notes : tuple of str
        What a user should be told of how it was read, a sentence each.
    alpha_is_opacity : bool
        Whether the fourth channel says how opaque texels are, or is a channel like others.
    frames : int
        How many frames of an animation its texels are, one below the other; mostly 1.
    full_size : tuple of int or None
        Width and height of the file, where those of the texels are others.
    """

    texels: StoredArray
    name: str
    file_size: int
    file_format: str
    codec: Codec
    colors: ColorsTold = NOTHING_TOLD
    profile: bytes | None = None
    extra: Any = None
    notes: tuple[str, ...] = ()
    alpha_is_opacity: bool = True
    frames: int = 1
    full_size: tuple[int, int] | None = None

    @classmethod
    def of_array(cls, texels: npt.ArrayLike, codec: Codec, *, linear: bool | None = None) -> Image:
        """Return an image of texels that come from no file.

        Parameters
        ----------
        texels : array_like of shape (H, W), (H, W, 3) or (H, W, 4)
            Grey, RGB or RGBA, straight alpha, of one of the four types.
        codec : Codec
        linear : bool, optional
            Whether colours are linear light; if left out, floating-point ones are.

        Raises
        ------
        InvalidArgumentError
            If the shape or dtype is another one, or there is no texel.
        """
        array = as_rgb(check_texels(texels, DEPTHS))
        told = NOTHING_TOLD if linear is None else ColorsTold(LINEAR_SRGB if linear else SRGB, "the caller")
        return cls(array, "the image", array.nbytes, "array", codec, told)

    @property
    def color_space(self) -> ColorSpace:
        """What the file says its colours are; if it says nothing, or none, what such numbers mostly are."""
        told = self.colors.space
        return told if told is not None and told.is_color else usual_color_space(self.depth)

    @property
    def values(self) -> StoredArray:
        """The colours alone: ndarray of shape (H, W, 3), a view."""
        return self.texels[..., :3]

    @property
    def alpha(self) -> StoredArray | None:
        """The fourth channel: ndarray of shape (H, W), a view; None if the file has none."""
        return self.texels[..., 3] if self.texels.shape[2] == 4 else None

    @property
    def opacity(self) -> StoredArray | None:
        """Alpha that says how opaque texels are: ndarray of shape (H, W), a view; None if all are opaque."""
        return self.alpha if self.alpha_is_opacity else None

    def with_alpha_as(self, *, opacity: bool) -> Image:
        """Return the image with alpha taken for opacity, or for a channel like others."""
        if opacity == self.alpha_is_opacity or self.alpha is None:
            return self
        return self.codec.with_alpha_as(self, opacity=opacity)

    @property
    def depth(self) -> str:
        """How values are stored: the name of a dtype."""
        return str(self.texels.dtype.name)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in texels."""
        return self.texels.shape[1], self.texels.shape[0]

    def bytes_in_memory(self, size: tuple[int, int]) -> int:
        """Return what a host holds to show it in a size: four channels of its type, without mip levels."""
        return 4 * size[0] * size[1] * self.texels.itemsize

    @cached_property
    def finite(self) -> npt.NDArray[np.bool_] | None:
        """Which texels are numbers in all three channels: (H, W); None if all are."""
        if self.texels.dtype.kind != "f":
            return None
        if self.depth == "float16":  # all bits of an exponent say so; numpy takes thrice as long
            channels = (self.values.view(np.uint16) & _NO_NUMBER) != _NO_NUMBER
        else:
            channels = np.isfinite(self.values)
        return None if channels.all() else np.asarray(channels.all(axis=2))

    @cached_property
    def visible(self) -> npt.NDArray[np.bool_] | None:
        """Which texels are numbers and not fully transparent: (H, W); None if all are."""
        if self.opacity is None:
            return self.finite
        opaque = self.opacity > 0  # False of NaN, too
        visible = opaque if self.finite is None else opaque & self.finite
        return None if visible.all() else visible

    def to_display(self, color_space: ColorSpace | None = None) -> UInt8Array:
        """Return the image as a display shows it: (H, W, 3) or (H, W, 4), uint8, sRGB.

        Parameters
        ----------
        color_space : ColorSpace, optional
            What the colours are; as the file says if left out.

        Returns
        -------
        ndarray
            Brighter than white is clipped; texels that are no numbers are transparent.
        """
        color_space = color_space or self.color_space
        if self.depth == "uint8" and color_space == SRGB:
            return self.texels if self.alpha_is_opacity else self.values
        colors = to_srgb8(self.values, color_space)
        opacity = None if self.opacity is None else opacity8(self.opacity)
        if self.finite is not None:
            opacity = np.where(self.finite, np.uint8(255) if opacity is None else opacity, np.uint8(0))
        return colors if opacity is None else np.dstack([colors, opacity])


def opacity8(alpha: StoredArray) -> UInt8Array:
    """Return alpha in 8 bits: what is above 0 stays above 0, and what is no number is 0."""
    if alpha.dtype == np.uint8:
        return alpha
    whole = float(np.iinfo(alpha.dtype).max) if alpha.dtype.kind == "u" else 1.0
    opacity = np.nan_to_num(alpha.astype(np.float32) / np.float32(whole), posinf=1).clip(0, 1)
    levels: UInt8Array = np.maximum(np.rint(opacity * 255), opacity > 0).astype(np.uint8)
    return levels
