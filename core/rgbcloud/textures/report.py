"""What a reduction costs and what it saves."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass

from rgbcloud.color.color_space import LINEAR_SRGB, SRGB
from rgbcloud.textures.ssim import ssim

__all__ = ["Report", "psnr", "ssim"]


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
    size_before : (int, int) or None
        Width and height of the file, where the texture was made smaller first: all figures of errors compare
        the smaller texture with the result.
    memory_before, memory_after : int
        Bytes that a host holds to show it: four channels of its type, without mip levels. Only a smaller
        texture takes less.
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
    file_mse, file_delta_e : float or None
        The same of the whole file, all visible texels alike, where a mask or a mesh says how much they count
        in the other figures; None where there is none.
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
    file_mse: float | None = None
    file_delta_e: float | None = None
    size_before: tuple[int, int] | None = None
    memory_before: int = 0
    memory_after: int = 0

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
        before = "" if self.size_before is None else "{} x {} -> ".format(*self.size_before)
        head = f"{self.name}, {before}{self.width} x {self.height}"
        return "\n".join([head, *(f"{name:<8} {figure}" for name, figure in self._figures().items())])

    def _memory(self) -> str:
        share = self.memory_after / self.memory_before
        return f"{self.memory_before:,} -> {self.memory_after:,} ({share:.0%})"

    def _figures(self) -> dict[str, str]:
        share = self.bytes_after / self.bytes_before
        figures = {
            "colours": f"{self.colors_before:,} -> {self.colors_after:,}",
            "bytes": f"{self.bytes_before:,} -> {self.bytes_after:,} ({share:.0%})",
            **({} if self.size_before is None else {"memory": self._memory()}),
            "MSE": f"{self.mse:.2f}",
            "PSNR": "exact" if math.isinf(self.psnr) else f"{self.psnr:.2f} dB",
        }
        if self.ssim is not None:
            figures["SSIM"] = f"{self.ssim:.4f}"
        if self.kind == "color" and self.space != "srgb" and self.space_mse is not None:
            figures[self.space] = f"MSE {self.space_mse:.3g}"
        if self.delta_e is not None:
            figures["dE2000"] = f"{self.delta_e:.2f} (95 %: {self.delta_e_95:.2f})"
        if self.file_mse is not None:
            whole = "exact" if self.file_mse == 0 else f"{psnr(self.file_mse):.2f} dB"
            seen = "" if self.file_delta_e is None else f", dE2000 {self.file_delta_e:.2f}"
            figures["of the whole file"] = f"PSNR {whole}{seen}"
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
