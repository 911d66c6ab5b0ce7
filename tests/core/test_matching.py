from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from rgbcloud import ColorHistogram, Palette, cluster, palette_difference, with_stable_indices


def test_the_same_colours_in_another_order_get_their_indices_back(rng):
    old = Palette(rng.integers(0, 256, (50, 3), dtype=np.uint8))
    shuffled = rng.permutation(50)
    new = Palette(old.colors[shuffled], np.arange(50), 7.0)
    stable = with_stable_indices(new, old)
    assert stable == old
    assert stable.populations[shuffled].tolist() == list(range(50))
    assert stable.inertia == 7.0


def test_no_other_pairing_is_nearer(rng):
    old, new = (Palette(rng.integers(0, 256, (6, 3), dtype=np.uint8)) for _ in range(2))
    stable = with_stable_indices(new, old)

    def cost(colors):
        return int(((colors.astype(int) - old.colors) ** 2).sum())

    assert cost(stable.colors) == min(cost(new.colors[list(p)]) for p in itertools.permutations(range(6)))


def test_a_texture_made_darker_keeps_its_indices(photo):
    old = cluster(ColorHistogram.from_array(photo), 16)
    new = cluster(ColorHistogram.from_array((photo * 0.9).astype(np.uint8)), 16)
    stable = with_stable_indices(new, old)
    assert sorted(stable.to_hex()) == sorted(new.to_hex())
    distance = np.linalg.norm(stable.colors * 1.0 - old.colors, axis=1)
    assert distance.max() < np.linalg.norm(new.colors * 1.0 - old.colors, axis=1).max()


def test_more_and_fewer_colours():
    old = Palette.from_hex(["#000000", "#ff0000", "#00ff00"])
    smaller = with_stable_indices(Palette.from_hex(["#00f000", "#f00000"]), old)
    assert smaller.to_hex() == ["#00f000", "#f00000"]
    smallest = with_stable_indices(Palette.from_hex(["#00f000"]), old)
    assert smallest.to_hex() == ["#00f000"]


def test_the_difference_names_what_was_kept_moved_removed_and_added():
    old = Palette.from_hex(["#000000", "#ff0000", "#00ff00"])
    new = Palette.from_hex(["#fa0400", "#0000ff", "#000000", "#ffffff"])
    changes = palette_difference(old, new)
    assert [change[:5] for change in changes] == [
        ("kept", "#000000", "#000000", 0, 2),
        ("moved", "#ff0000", "#fa0400", 1, 0),
        ("removed", "#00ff00", None, 2, None),
        ("added", None, "#0000ff", None, 1),
        ("added", None, "#ffffff", None, 3),
    ]
    assert changes[1].distance == pytest.approx(math.hypot(5, 4))
    assert math.isnan(changes[2].distance)
    assert [change.kind for change in palette_difference(old, new, far=1000)].count("removed") == 0


def test_equal_palettes_differ_in_nothing():
    palette = Palette.from_hex(["#000000", "#ff0000"])
    assert {change.kind for change in palette_difference(palette, palette)} == {"kept"}
