"""What a reduction costs and what it saves."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.color.built_in_spaces import LINEAR_SRGB, SRGB
from rgbcloud.color.codes import UInt8Array, as_rgb, row_blocks, validated
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import in_parallel

if TYPE_CHECKING:
    import numpy.typing as npt

SSIM_WINDOW = 7
"""Texels a side of the window that SSIM compares."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Report:
    """The figures of one reduction.

    Attributes
    ----------
    name : str
        The texture.
    width, height : int
        Texels.
    colors_before, colors_after : int
        Distinct colours of the visible texels.
    bytes_before, bytes_after : int
        Of the files.
    mse : float
        Mean over the texels, each weighted by its alpha, of the squared distance in RGB: the sum of the
        three channels' squared errors, 0 … 195,075, as the literature of colour quantization has it.
    ssim : float or None
        Structural similarity, at most 1; None if it was not measured or the texture is too small for it.
    kind : {"color", "data", "normal", "labels"}
        What the texture was taken for.
    space : {"srgb", "linear", "oklab", "cielab"}
        The space that colours were clustered in.
    color_space, colors_by : str
        What the stored colours are, and what says so.
    space_mse : float or None
        The mean squared distance in that space's own units (of normals: of unit vectors; of data: of
        numbers in [0, 1]), as the rest measured on up to 65,536 texels that are scattered evenly.
    delta_e, delta_e_95 : float or None
        CIEDE2000 colour difference: the mean, and what 95 % of the texels stay below; of colours only.
    angle, angle_95 : float or None
        Degrees between normals, likewise.
    """

    name: str
    width: int
    height: int
    colors_before: int
    colors_after: int
    bytes_before: int
    bytes_after: int
    mse: float
    ssim: float | None = None
    kind: str = "color"
    space: str = "srgb"
    color_space: str = ""
    colors_by: str = ""
    space_mse: float | None = None
    delta_e: float | None = None
    delta_e_95: float | None = None
    angle: float | None = None
    angle_95: float | None = None

    @property
    def psnr(self) -> float:
        """Peak signal-to-noise ratio in dB; infinite where there is no error."""
        return psnr(self.mse)

    def as_dict(self) -> dict[str, object]:
        """Return all figures; an infinite PSNR is None, as JSON has no infinity."""
        return {**asdict(self), "psnr": None if math.isinf(self.psnr) else self.psnr}

    def to_json(self) -> str:
        """Return `as_dict` as JSON."""
        return json.dumps(self.as_dict())

    def summary(self) -> str:
        """Return the figures in one line."""
        return ", ".join(f"{name} {figure}" for name, figure in self._figures().items())

    def __str__(self) -> str:
        head = f"{self.name}, {self.width} x {self.height}"
        return "\n".join([head, *(f"{name:<8} {figure}" for name, figure in self._figures().items())])

    def _figures(self) -> dict[str, str]:
        share = self.bytes_after / self.bytes_before
        figures = {
            "colours": f"{self.colors_before:,} -> {self.colors_after:,}",
            "bytes": f"{self.bytes_before:,} -> {self.bytes_after:,} ({share:.0%})",
            "MSE": f"{self.mse:.2f}",
            "PSNR": "exact" if math.isinf(self.psnr) else f"{self.psnr:.2f} dB",
        }
        if self.ssim is not None:
            figures["SSIM"] = f"{self.ssim:.4f}"
        if self.kind == "color" and self.space != "srgb" and self.space_mse is not None:
            figures[self.space] = f"MSE {self.space_mse:.3g}"
        if self.delta_e is not None:
            figures["dE2000"] = f"{self.delta_e:.2f} (95 %: {self.delta_e_95:.2f})"
        if self.angle is not None:
            figures["angle"] = f"{self.angle:.2f} degrees (95 %: {self.angle_95:.2f})"
        if self.kind != "color":
            figures["kind"] = self.kind
        elif self.color_space not in ("", SRGB.name, LINEAR_SRGB.name):
            figures["stored"] = f"{self.color_space}, by {self.colors_by}"
        return figures


def psnr(mse: float) -> float:
    """Return the peak signal-to-noise ratio in dB: of 255 to the root of the mean squared error of a channel.

    Parameters
    ----------
    mse : float
        As in `Report`, 0 … 195,075.

    Returns
    -------
    float
        Infinite where there is no error.
    """
    return math.inf if mse == 0 else 10 * math.log10(3 * 255**2 / mse)


def ssim(before: npt.ArrayLike, after: npt.ArrayLike, *, progress: Progress = silent) -> float | None:
    """Return the mean structural similarity of two images, over their red, green and blue.

    Parameters
    ----------
    before, after : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8
        Of equal height and width; alpha is not looked at.
    progress : Progress
        Told after each megapixel.

    Returns
    -------
    float or None
        In [-1, 1], 1 for equal images; None if a side is shorter than the window of 7 texels.

    Raises
    ------
    InvalidArgumentError
        If the sizes differ, or the arrays are no images.

    Notes
    -----
    A uniform window, sample covariances, and the mean over all windows that lie within the image: what
    scikit-image's ``structural_similarity(before, after, channel_axis=2)`` computes. Window sums are
    exact integers.

    References
    ----------
    Wang, Z., Bovik, A. C., Sheikh, H. R. and Simoncelli, E. P. (2004), Image quality assessment: from error
    visibility to structural similarity, IEEE Trans. Image Process. 13(4), doi:10.1109/TIP.2003.819861.
    """
    one, other = (as_rgb(validated(image))[..., :3] for image in (before, after))
    if one.shape != other.shape:
        sizes = " and ".join(f"{image.shape[1]} x {image.shape[0]}" for image in (one, other))
        msg = f"images to compare must be of one size, got {sizes}"
        raise InvalidArgumentError(msg)
    height, width = one.shape[:2]
    overlap = SSIM_WINDOW - 1
    if min(height, width) < SSIM_WINDOW:
        return None
    # Blocks of window positions; each needs the rows that its last window reaches down to.
    blocks = row_blocks(one[overlap:], _BLOCK)

    def total(rows: slice) -> float:
        reach = slice(rows.start, rows.stop + overlap)
        return math.fsum(_ssim_sum(one[reach, :, channel], other[reach, :, channel]) for channel in range(3))

    totals = []
    for part in in_parallel(total, blocks):
        totals.append(part)
        progress(len(totals) / len(blocks), "comparing structure")
    mean: float = math.fsum(totals) / (3 * (height - overlap) * (width - overlap))
    return mean


def _ssim_sum(x: UInt8Array, y: UInt8Array) -> float:
    """Return the sum of the similarities of all windows of two channels."""
    n = SSIM_WINDOW**2
    a, b = x.astype(np.int32), y.astype(np.int32)
    sum_a, sum_b = _window_sums(a), _window_sums(b)
    # n² times the variances and the covariance, exact in int64
    square_a, square_b, product = sum_a * sum_a, sum_b * sum_b, sum_a * sum_b
    variances = n * (_window_sums(a * a) + _window_sums(b * b)) - square_a - square_b
    covariance = n * _window_sums(a * b) - product
    c1, c2 = (0.01 * 255) ** 2 * n**2, (0.03 * 255) ** 2 * n * (n - 1)
    similarity = (2 * product + c1) * (2 * covariance + c2)
    similarity /= (square_a + square_b + c1) * (variances + c2)
    return float(similarity.sum())


def _window_sums(channel: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Return the sum of every window within the channel."""
    height, width = channel.shape
    overlap = SSIM_WINDOW - 1
    down = np.zeros((height - overlap, width), np.int32)
    for row in range(SSIM_WINDOW):
        down += channel[row : height - overlap + row]
    across = np.zeros((height - overlap, width - overlap), np.int64)
    for column in range(SSIM_WINDOW):
        across += down[:, column : width - overlap + column]
    return across
