"""k-means on a texture's colours, step by step, in any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rgbcloud import Palette, iterations
from rgbcloud.progress import portions
from rgbcloud_panel.edits.editing import EditedPalette

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import ColorHistogram, Progress

_MOST = 60  # iterations
_STARTS = 10


class Starts(NamedTuple):
    """What several random starts lead to."""

    palettes: list[Palette]
    """The iterations of the best one."""
    errors: list[float]
    """MSE at the end of each."""


def follow(
    histogram: ColorHistogram, colors: int, seed: int, start: Palette | None, progress: Progress
) -> list[Palette]:
    """Return the palettes that k-means goes through; see `rgbcloud.iterations`."""
    return iterations(histogram, colors, seed=seed, start=start, most=_MOST, progress=progress)


def bad_start(histogram: ColorHistogram, colors: int) -> Palette:
    """Return a start that k-means hardly recovers from: all centres in the darkest corner of the cloud."""
    darkest = np.argsort(histogram.colors.astype(int).sum(axis=1), kind="stable")[:colors]
    return Palette(histogram.colors[darkest])


def try_starts(histogram: ColorHistogram, colors: int, progress: Progress) -> Starts:
    """Return what ten random starts lead to, the best of them in its iterations."""
    tried = [
        follow(histogram, colors, seed, None, part) for seed, part in enumerate(portions(progress, _STARTS))
    ]
    errors = [error_of(palettes[-1]) for palettes in tried]
    return Starts(tried[int(np.argmin(errors))], errors)


def error_of(palette: Palette) -> float:
    """Return the MSE of a palette that was measured."""
    return float(palette.inertia / (palette.populations.sum() or 1.0))


def half_steps(palettes: Sequence[Palette]) -> list[EditedPalette]:
    """Return what is to be seen after the start, and after every *update* and *assign* from there on.

    After an *update* texels still belong to the clusters of before, which are shown in their new means.
    """
    steps = [EditedPalette(palettes[0], is_made=True)]
    for before, after in zip(palettes, palettes[1:]):
        pairs = dict(zip(before.to_hex(), after.to_hex()))
        moved = tuple(pair for pair in pairs.items() if pair[0] != pair[1])
        steps += [EditedPalette(before, moved, is_made=True), EditedPalette(after, is_made=True)]
    return steps
