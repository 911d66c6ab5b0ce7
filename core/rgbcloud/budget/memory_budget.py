"""One budget of memory for many textures: how often the sides of each are halved.

A texture loses what its smaller levels do not have. Level by level that is measured on the very levels that
would be written, and counts by how much a surface shows it: of what a camera sees, a texel that fills less
than a pixel can show no more than that part of it.

References
----------
Williams, L. (1983), Pyramidal parametrics, SIGGRAPH, doi:10.1145/800059.801126, for levels and their use.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud.budget.curves import Curve
from rgbcloud.budget.division import divide, gain_of_more
from rgbcloud.counting.histogram import OPAQUE
from rgbcloud.counting.resampling import resample, scaled_size
from rgbcloud.counting.votes import coverage_of
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.settings import Settings, field_of
from rgbcloud.textures import Counts, Limits, open_images

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray, UInt8Array
    from rgbcloud.images.image import Image
    from rgbcloud.textures import Opened, Recipe, Texture

SCALES = field_of("scale").choices
"""The parts of each side that may be left: ``"1"``, ``"1/2"`` … ``"1/16"``."""

FRAME = 3840 * 2160
"""Pixels of a camera's frame."""

_DIVISORS = np.array([1 << level for level in range(len(SCALES))])[::-1]
_MEGABYTE = 1_000_000


def check_size(recipe: Recipe) -> None:
    """Raise `InvalidArgumentError` if a recipe says what a budget of memory chooses, or keeps sizes."""
    plain = Settings()
    for name in ("max_size", "scale", "enlarge", "frames", "skip_larger"):
        if getattr(recipe.settings, name) != getattr(plain, name):
            raise InvalidArgumentError(
                f"a budget of memory chooses the size of each texture; leave out {name}"
            )


def with_scale(recipe: Recipe, divisor: int) -> Recipe:
    """Return a recipe for a texture whose sides are divided by 1, 2, 4, 8 or 16."""
    scale = SCALES[len(SCALES) - 1 - int(np.flatnonzero(divisor == _DIVISORS)[0])]
    return replace(recipe, settings=replace(recipe.settings, scale=scale))  # type: ignore[arg-type]


def measure_scales(
    texture: Texture, recipe: Recipe, limits: Limits | None = None, *, pixels: float | None = None
) -> Curve:
    """Return what each scale of a texture costs: bytes in memory, and the squared error of what it loses.

    Parameters
    ----------
    texture : Texture
    recipe : Recipe
        Its mask says how much texels count.
    limits : Limits, optional
    pixels : float, optional
        How many the whole texture fills in a camera's frame; each of its texels can be seen if left out.

    Raises
    ------
    RgbcloudError
        If it cannot be read, or the recipe does not fit it.
    """
    limits = limits or Limits()
    halved = with_scale(recipe, 2).settings
    sizes, lost = np.zeros(len(SCALES)), np.zeros(len(SCALES))
    parts = list(open_images(texture, recipe))
    texels = 0.0
    if pixels is not None:  # what a texel fills depends on all of them
        texels = sum(float(_votes(part, part.read(limits), limits).sum()) for part in parts)
    for part in parts:
        level = part.read(limits)
        full = level.size
        weights = _votes(part, level, limits)
        if pixels is None:
            texels += float(weights.sum())
        space = Counts.of(level, host=part.host).content(recipe).space.color_space
        for number, scale in enumerate(SCALES):
            size = scaled_size(full, Settings(scale=scale))  # type: ignore[arg-type]
            sizes[number] += level.bytes_in_memory(size)
            if number + 1 == len(SCALES):
                break
            smaller = resample(level, halved, part.host)
            seen = weights if pixels is None else weights * np.minimum(weights * (pixels / (texels or 1)), 1)
            lost[number + 1 :] += (_detail(level.to_display(space), smaller.to_display(space)) * seen).sum()
            level, weights = smaller, _sums(weights, smaller.size)
    return Curve(lost[::-1], sizes[::-1], texels or 1.0, choices=_DIVISORS)


def _votes(part: Opened, image: Image, limits: Limits) -> FloatArray:
    """Return how much each texel of an image counts: (H, W), 0 … 1."""
    votes = coverage_of(image, part.read_mask(image, limits))
    return np.ones(image.size[::-1]) if votes is None else votes / OPAQUE


def _places(old: int, new: int) -> IntArray:
    """Return which of `new` texels takes the place of each of `old`."""
    return np.arange(old) * new // old


def _detail(level: UInt8Array, smaller: UInt8Array) -> FloatArray:
    """Return the squared error of each texel of a level where only a smaller one is left: (H, W)."""
    rows, columns = (_places(old, new) for old, new in zip(level.shape, smaller.shape[:2]))
    left = level[..., :3].astype(np.float64) - smaller[rows][:, columns, :3]
    squares: FloatArray = (left * left).sum(axis=2)
    return squares


def _sums(weights: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Return the weights of a level of another size; the sum stays."""
    rows, columns = (
        np.searchsorted(_places(old, new), range(new)) for old, new in zip(weights.shape, size[::-1])
    )
    sums: FloatArray = np.add.reduceat(np.add.reduceat(weights, rows, axis=0), columns, axis=1)
    return sums


class MemoryBudget:
    """Bytes in memory that are divided among textures, which stand here by numbers.

    Parameters
    ----------
    total : int
        Bytes that a host holds of all together: four channels of their types, without mip levels.

    Attributes
    ----------
    total : int
    rest : int
        Bytes of textures that are left as they are.
    names : dict of int to str
    curves : dict of int to Curve
        See `measure_scales`.
    divisors : dict of int to int
        What the sides of each texture are divided by.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.rest = 0
        self.names: dict[int, str] = {}
        self.curves: dict[int, Curve] = {}
        self.divisors: dict[int, int] = {}

    @property
    def spent(self) -> int:
        """Bytes of all textures."""
        return self.rest + sum(self._bytes(number) for number in self.divisors)

    def divide(self) -> None:
        """Choose what the sides of each texture are divided by: what is lost of all together is least.

        Raises
        ------
        InvalidArgumentError
            If not even sixteenths fit.
        """
        found = divide(list(self.curves.values()), max(self.total - self.rest, 1))
        self.divisors = dict(zip(self.curves, found))
        if self.spent > self.total:
            told = f"with a sixteenth of each side the textures take {self.spent:,}"
            told += f", {self.rest:,} of them in textures that are left as they are" if self.rest else ""
            if not self.divisors:
                told = f"textures that are left as they are take {self.rest:,} already"
            raise InvalidArgumentError(f"{self.total:,} bytes of memory are too few: {told}; allow more")

    def lines(self) -> list[str]:
        """Return a table of what each texture got, and what more memory would buy."""
        wide = max(map(len, [*(self.names[number] for number in self.divisors), "textures left as they are"]))
        lines = [f"{'texture':<{wide}} {'scale':>8} {'in memory':>14} {'lost MSE':>10}"]
        for number, divisor in self.divisors.items():
            curve = self.curves[number]
            lost = curve.errors[curve.place_of(divisor)] / curve.texels
            scale = "1" if divisor == 1 else f"1/{divisor}"
            lines.append(f"{self.names[number]:<{wide}} {scale:>8} {self._bytes(number):>14,} {lost:>10.2f}")
        if self.rest:
            lines.append(f"{'textures left as they are':<{wide}} {'':>8} {self.rest:>14,}")
        share = f"({self.spent / self.total:.1%} of {self.total:,})"
        return [*lines, f"{'together':<{wide}} {'':>8} {self.spent:>14,} {share}", self._more()]

    def _more(self) -> str:
        """Return what one more megabyte would buy, or what is the least that buys anything."""
        curves, divisors = list(self.curves.values()), list(self.divisors.values())
        more = _MEGABYTE
        gain = gain_of_more(curves, divisors, more)
        steps = {number: self._bytes(number, 2) - self._bytes(number) for number in self.divisors}
        steps = {number: step for number, step in steps.items() if step > 0}
        if gain > 0 or not steps:
            return f"one more megabyte would lower what is lost by {gain:.1%}"
        more = min(steps.values())
        gain = gain_of_more(curves, divisors, more)
        return f"{more:,} more bytes, the least that buy anything, would lower what is lost by {gain:.1%}"

    def _bytes(self, number: int, times: int = 1) -> int:
        """Return what a texture takes, or would take with sides so many times as long, within its own."""
        curve = self.curves[number]
        return int(curve.sizes[curve.place_of(max(self.divisors[number] // times, 1))])
