"""Versions of a palette: which new colour is which old one, so that indices keep their meaning.

References
----------
Kuhn, H. W. (1955), The Hungarian method for the assignment problem, Naval Research Logistics Quarterly
2(1-2), doi:10.1002/nav.3800020109; computed by scipy's `linear_sum_assignment` (Crouse 2016).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray, IntArray
    from rgbcloud.palettes.palette import Palette

FAR = 64.0
"""Two colours that are farther apart in RGB than this are taken for different ones; black to white is 442."""

ChangeKind = Literal["kept", "moved", "removed", "added"]


class ColorChange(NamedTuple):
    """What became of one colour.

    Attributes
    ----------
    kind : {"kept", "moved", "removed", "added"}
    old, new : str or None
        The colour, as ``"#ff8000"``, in either palette.
    old_index, new_index : int or None
        Its place there.
    distance : float
        Between the two in RGB, 0 … 442; NaN where there is only one.
    """

    kind: ChangeKind
    old: str | None
    new: str | None
    old_index: int | None
    new_index: int | None
    distance: float


def with_stable_indices(palette: Palette, old: Palette) -> Palette:
    """Return a palette in another order: every colour at the index of the old one that it stands for.

    Parameters
    ----------
    palette : Palette
        Of a new version of a texture.
    old : Palette
        Of the version before.

    Returns
    -------
    Palette
        The same colours, populations and inertia. Colours are paired so that the squared RGB distances add
        up to the least. A larger palette has its additional colours at the end, in their order; in a smaller
        one, colours whose index it no longer has fill the places that are left.

    Examples
    --------
    >>> old = Palette.from_hex(["#000000", "#ff0000", "#00ff00"])
    >>> new = Palette.from_hex(["#02f504", "#0000ff", "#fa0000", "#050505"])
    >>> with_stable_indices(new, old).to_hex()
    ['#050505', '#fa0000', '#02f504', '#0000ff']
    """
    return palette.take(stable_order(palette, old))


def stable_order(palette: Palette, old: Palette) -> IntArray:
    """Return which colour of a palette stands at each index then: ndarray of shape (k,), int64."""
    theirs, mine = _pair_colors(old, palette)
    place = np.full(len(palette), -1)
    place[mine] = np.where(theirs < len(palette), theirs, -1)
    free = np.setdiff1d(np.arange(len(palette)), place)
    place[place < 0] = free
    return np.argsort(place)


def palette_difference(old: Palette, new: Palette, *, far: float = FAR) -> list[ColorChange]:
    """Return what became of every colour from one palette to the next.

    Parameters
    ----------
    old, new : Palette
    far : float, default 64
        Colours that are paired, but farther apart, count as one removed and one added.

    Returns
    -------
    list of ColorChange
        Those of the old palette in its order, then those added in the order of the new one.
    """
    theirs, mine = _pair_colors(old, new)
    partner = dict(zip(theirs.tolist(), mine.tolist()))
    before, after = old.to_hex(), new.to_hex()
    changes, met = [], set()
    for index, color in enumerate(before):
        other = partner.get(index)
        distance = math.nan if other is None else math.dist(old.colors[index], new.colors[other])
        if other is None or distance > far:
            changes.append(ColorChange("removed", color, None, index, None, math.nan))
            continue
        met.add(other)
        kind: ChangeKind = "kept" if distance == 0 else "moved"
        changes.append(ColorChange(kind, color, after[other], index, other, distance))
    for index, color in enumerate(after):
        if index not in met:
            changes.append(ColorChange("added", None, color, None, index, math.nan))
    return changes


def _pair_colors(old: Palette, new: Palette) -> tuple[IntArray, IntArray]:
    """Return indices of the old palette and those of their partners in the new one."""
    from scipy.optimize import linear_sum_assignment  # it takes a while to import

    difference: FloatArray = old.colors[:, np.newaxis].astype(np.float64) - new.colors
    theirs, mine = linear_sum_assignment((difference**2).sum(axis=2))
    return theirs, mine
