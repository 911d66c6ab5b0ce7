"""``rgbcloud compare``: what became of a palette's colours."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud_app.command_options import example, json_option
from rgbcloud_app.terminal import say, say_json

if TYPE_CHECKING:
    from rgbcloud import ColorChange


@click.command(epilog=example("rgbcloud compare wood.v1.gpl wood.v2.gpl"))
@click.argument("old")
@click.argument("new")
@json_option
def compare(old: str, new: str, as_json: bool) -> None:
    """Print what became of a palette's colours from one version to the next.

    OLD and NEW are palette files, reduced images, or sets of these such as wood.k16.<UDIM>.png. Each colour
    was kept, moved (by its distance in RGB, 0 to 442), removed or added.
    """
    from rgbcloud.textures import load_shared_palette  # which takes a while

    changes = rgbcloud.palette_difference(load_shared_palette(old), load_shared_palette(new))
    if as_json:
        for change in changes:
            known = {name: value for name, value in change._asdict().items() if value is not None}
            if math.isnan(change.distance):
                del known["distance"]
            say_json(known)
        return
    for change in changes:
        places = [f"{color} [{index}]" for color, index in _places(change) if color is not None]
        moved = f"  by {change.distance:.1f}" if change.kind == "moved" else ""
        say(f"{change.kind:<8} {' -> '.join(places)}{moved}")
    counts = Counter(change.kind for change in changes)
    say(", ".join(f"{counts[kind]} {kind}" for kind in ("kept", "moved", "removed", "added")))


def _places(change: ColorChange) -> list[tuple[str | None, int | None]]:
    return [(change.old, change.old_index), (change.new, change.new_index)]
