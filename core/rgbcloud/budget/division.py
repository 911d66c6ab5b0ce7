"""Dividing bytes among textures so that the error of all together is least.

Where no texture could lower the error by more for a byte than another one, the error is least for the bytes
that are spent: Lagrange's multiplier is the same for all. Along the lower convex hulls of curves that point
is reached by taking, time and again, the step that gains most for a byte.

References
----------
Shoham, Y. and Gersho, A. (1988), Efficient bit allocation for an arbitrary set of quantizers, IEEE
Transactions on Acoustics, Speech, and Signal Processing 36, doi:10.1109/29.90373.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.budget.curves import Curve


FEW = 16
"""Textures, of which all divisions are looked at."""

_UNITS = 1 << 12  # that bytes are counted in then


class _Step(NamedTuple):
    """From a texture's place on its curve to another one."""

    rate: float  # of error for a byte, negative where it gains
    place: int


def divide(curves: Sequence[Curve], total: float, start: Sequence[int] | None = None) -> list[int]:
    """Return what each texture gets: how many colours, or which of other choices.

    Parameters
    ----------
    curves : sequence of Curve
    total : float
        Bytes of all together.
    start : sequence of int, optional
        Choices to begin with, which change no more than they must. If left out, the division is
        the best one up to `FEW` textures, and near to it of more.

    Returns
    -------
    list of int
        Those that take the least, if not even these fit.

    Examples
    --------
    >>> import numpy as np
    >>> from rgbcloud.budget import KS, Curve
    >>> steep, flat = (Curve(scale / KS, 100.0 * KS) for scale in (90.0, 10.0))
    >>> divide([steep, flat], 1200)
    [9, 3]
    """
    if start is None and len(curves) <= FEW:
        places = _best_places(curves, total)
    else:
        places = _least(curves) if start is None else _places_of(curves, start)
    spent = sum(float(curve.sizes[place]) for curve, place in zip(curves, places))
    spent = _step_down(curves, places, spent, total)
    _step_up(curves, places, spent, total)
    return [int(curve.choices[place]) for curve, place in zip(curves, places)]


def divide_among_fewest(curves: Sequence[Curve], total: float, start: Sequence[int]) -> list[int]:
    """Return choices of which one is changed, if that is enough: what that costs is least.

    Parameters
    ----------
    curves, total, start
        See `divide`, which is what is done where one is not enough.
    """
    places = _places_of(curves, start)
    room = total - sum(float(curve.sizes[place]) for curve, place in zip(curves, places))
    best, found = np.inf, list(start)
    for number, (curve, place) in enumerate(zip(curves, places)):
        fits = np.flatnonzero(curve.sizes - curve.sizes[place] <= room)
        if len(fits) and (lost := float(curve.errors[fits[-1]] - curve.errors[place])) < best:
            best, found = lost, [*start[:number], int(curve.choices[fits[-1]]), *start[number + 1 :]]
    return found if np.isfinite(best) else divide(curves, total, start)


def _places_of(curves: Sequence[Curve], choices: Sequence[int]) -> list[int]:
    return [curve.place_of(choice) for curve, choice in zip(curves, choices)]


def _least(curves: Sequence[Curve]) -> list[int]:
    return [int(np.argmin(curve.sizes)) for curve in curves]


def _best_places(curves: Sequence[Curve], total: float) -> list[int]:
    """Return the places of the least error, by dynamic programming over how much is spent."""
    unit = total / _UNITS
    best, choices = np.zeros(_UNITS + 1), []
    costs = [np.ceil(np.minimum(curve.sizes, total + unit) / unit).astype(np.int64) for curve in curves]
    for curve, cost in zip(curves, costs):
        errors, choice = np.full(_UNITS + 1, np.inf), np.zeros(_UNITS + 1, np.int64)
        for place in np.flatnonzero(cost <= _UNITS):
            found = best[: _UNITS + 1 - cost[place]] + curve.errors[place]
            rest = errors[cost[place] :]
            better = found < rest
            np.copyto(rest, found, where=better)
            np.copyto(choice[cost[place] :], place, where=better)
        best = errors
        choices.append(choice)
    if not np.isfinite(best[-1]):
        return _least(curves)
    left, places = _UNITS, []
    for cost, choice in zip(reversed(costs), reversed(choices)):
        places.append(int(choice[left]))
        left -= int(cost[places[-1]])
    return places[::-1]


def gain_of_more(curves: Sequence[Curve], choices: Sequence[int], more: float) -> float:
    """Return by which part of itself the error would fall if so many more bytes could be spent."""

    def sum_of(values: str, found: Sequence[int]) -> float:
        places = zip(curves, _places_of(curves, found))
        return sum(float(getattr(curve, values)[place]) for curve, place in places)

    before = sum_of("errors", choices)
    if before <= 0:
        return 0.0
    return 1 - sum_of("errors", divide(curves, sum_of("sizes", choices) + more, choices)) / before


def _step_down(curves: Sequence[Curve], places: list[int], spent: float, total: float) -> float:
    """Save bytes where each costs the least error, until all fit."""
    steps = [
        (step.rate, number, step) for number in range(len(curves)) if (step := _down(curves, places, number))
    ]
    heapq.heapify(steps)
    while spent > total and steps:
        _, number, step = heapq.heappop(steps)
        spent -= float(curves[number].sizes[places[number]] - curves[number].sizes[step.place])
        places[number] = step.place
        if following := _down(curves, places, number):
            heapq.heappush(steps, (following.rate, number, following))
    return spent


def _step_up(curves: Sequence[Curve], places: list[int], spent: float, total: float) -> None:
    """Spend bytes where each gains most, as long as any step fits."""
    left = total - spent
    steps = [
        (step.rate, number, step)
        for number in range(len(curves))
        if (step := _up(curves, places, number, left))
    ]
    heapq.heapify(steps)
    while steps:
        _, number, step = heapq.heappop(steps)
        cost = float(curves[number].sizes[step.place] - curves[number].sizes[places[number]])
        if cost <= left:
            left -= cost
            places[number] = step.place
        if following := _up(curves, places, number, left):
            heapq.heappush(steps, (following.rate, number, following))


def _down(curves: Sequence[Curve], places: Sequence[int], number: int) -> _Step | None:
    curve, place = curves[number], places[number]
    saved = curve.sizes[place] - curve.sizes[:place]
    if place == 0 or not (saved > 0).any():
        return None
    lost = curve.errors[:place] - curve.errors[place]
    rates = np.where(saved > 0, lost / np.where(saved > 0, saved, 1), np.inf)
    best = int(np.argmin(rates))
    return _Step(float(rates[best]), best)


def _up(curves: Sequence[Curve], places: Sequence[int], number: int, left: float) -> _Step | None:
    curve, place = curves[number], places[number]
    cost = curve.sizes[place + 1 :] - curve.sizes[place]
    gain = curve.errors[place] - curve.errors[place + 1 :]
    fits = (cost <= left) & (gain > 0)
    if not fits.any():
        return None
    rates = np.where(fits, -gain / np.maximum(cost, 1e-9), 0)
    best = int(np.argmin(rates))
    return _Step(float(rates[best]), place + 1 + best)
