"""Reduction: an image rebuilt from a palette, encoded and measured, and saving it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.distance import DistanceSpace
from rgbcloud.errors import ImageWriteError, InvalidArgumentError
from rgbcloud.formats import format_of
from rgbcloud.images.files import check_not_source, write_file
from rgbcloud.progress import Progress, silent
from rgbcloud.textures.differences import delta_e_map
from rgbcloud.textures.report import ssim

if TYPE_CHECKING:
    from os import PathLike

    import numpy.typing as npt

    from rgbcloud.color.codes import UInt8Array
    from rgbcloud.color.color_space import ColorSpace
    from rgbcloud.color.distance import StoredArray
    from rgbcloud.counting.value_histogram import Histogram
    from rgbcloud.images.image import Image
    from rgbcloud.palettes.palette import Palette
    from rgbcloud.textures.report import Report


@dataclass(frozen=True, eq=False)
class Reduction:
    """An image reduced to a palette, not yet or already saved.

    Attributes
    ----------
    image : Image
        The source.
    palette : Palette
        Measured on this image, as it is written.
    indices : ndarray of shape (H, W), uint8
        The palette index of each texel.
    histogram : ColorHistogram or ValueHistogram
        The source's values.
    data : bytes
        The reduced image as a file.
    file_format : str
        Of that file.
    report : Report
    notes : tuple of str
        What a user should be told, a sentence each; mostly empty.
    held : ndarray of shape (H, W, 3) or None
        The colours that the file holds, where its format cannot hold those of the palette, as JPEG.
    """

    image: Image
    palette: Palette
    indices: UInt8Array
    histogram: Histogram
    data: bytes
    file_format: str
    report: Report
    notes: tuple[str, ...]
    held: StoredArray | None = None

    @property
    def texels(self) -> StoredArray:
        """The rebuilt texels, of the source's shape and type; what is transparent or no number stays."""
        texels = self.image.texels.copy()
        visible = True if self.image.visible is None else self.image.visible[..., np.newaxis]
        colors = self.palette.values.take(self.indices, axis=0) if self.held is None else self.held
        np.copyto(texels[..., :3], colors, where=visible)
        return texels

    @property
    def color_space(self) -> ColorSpace:
        """What the texels' numbers are as light."""
        found = self.palette.found
        return self.image.color_space if found is None else found.space.color_space

    def to_display(self) -> UInt8Array:
        """Return the rebuilt image as a display shows it; see `Image.to_display`."""
        return replace(self.image, texels=self.texels).to_display(self.color_space)

    def delta_e_map(self) -> npt.NDArray[np.float32]:
        """Return how different each texel looks (CIEDE2000): (H, W), float32; 0 where none is visible.

        Raises
        ------
        InvalidArgumentError
            If the image holds no colours.
        """
        if self.report.kind != "color":
            raise InvalidArgumentError(f"{self.image.name} holds no colours, so that none look different")
        space = DistanceSpace(color_space=self.color_space, dtype=self.image.depth)
        return delta_e_map(self.image, self.texels, space)

    def ssim(self, *, progress: Progress = silent) -> float | None:
        """Return the structural similarity of source and result, as a display shows them; see `ssim`."""
        return ssim(self.image.to_display(self.color_space), self.to_display(), progress=progress)

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the reduced image to a file.

        Parameters
        ----------
        path : str or path-like
            Its suffix must be one of the format that the image was reduced for.
        overwrite : bool, default False
            Whether a file that is there may be replaced. The source never is.

        Raises
        ------
        ImageWriteError
            If the file is the source, is there already, cannot be written, or has another format's suffix.
        """
        target = Path(path)
        if format_of(target) != self.file_format:
            msg = f"{target}: the image was reduced for a file of {self.file_format}"
            raise ImageWriteError(f"{msg}; name the target when you reduce it, or change its suffix")
        check_not_source(target, Path(self.image.name))
        return write_file(target, self.data, overwrite=overwrite)
