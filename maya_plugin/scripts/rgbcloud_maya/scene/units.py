"""Scene units: what `setAttr` takes for a distance, and what arrays and curves hold."""

from __future__ import annotations

from maya import cmds

# Names as `currentUnit` lists them; lengths by definition.
_CENTIMETRES = {
    "mm": 0.1,
    "cm": 1.0,
    "m": 100.0,
    "km": 100_000.0,
    "in": 2.54,
    "ft": 30.48,
    "yd": 91.44,
    "mi": 160_934.4,
}


def centimetres_per_unit() -> float:
    """Return the length of one of the scene's linear units in centimetres.

    `setAttr` reads a distance (a translation, a locator's scale) in the scene's units. Per-particle arrays
    know no units: they hold what Maya computes with, centimetres.
    """
    return _CENTIMETRES[cmds.currentUnit(query=True, linear=True)]
