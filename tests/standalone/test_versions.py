"""Palettes from one version of a texture to the next, and the curve that helps to choose their size."""

from __future__ import annotations

import json

import numpy as np
from PIL import Image

from rgbcloud import ColorHistogram, Palette, Preview, knee, save_palette


def test_what_became_of_every_colour(run, tmp_path):
    old = save_palette(tmp_path / "v1.gpl", Palette.from_hex(["#000000", "#ff0000", "#00ff00"]))
    new = save_palette(tmp_path / "v2.act", Palette.from_hex(["#fa0400", "#0000ff", "#000000"]))
    ended = run("compare", old, new)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.output.splitlines() == [
        "kept     #000000 [0] -> #000000 [2]",
        "moved    #ff0000 [1] -> #fa0400 [0]  by 6.4",
        "removed  #00ff00 [2]",
        "added    #0000ff [1]",
        "1 kept, 1 moved, 1 removed, 1 added",
    ]
    lines = [json.loads(line) for line in run("compare", old, new, "--json").output.splitlines()]
    assert lines[2] == {"kind": "removed", "old": "#00ff00", "old_index": 2}
    assert lines[0] == {
        "kind": "kept",
        "old": "#000000",
        "new": "#000000",
        "old_index": 0,
        "new_index": 2,
        "distance": 0.0,
    }


def test_what_is_no_palette_is_said(fails, tmp_path):
    assert fails("compare", tmp_path / "a.gpl", tmp_path / "b.gpl") == (
        f"{tmp_path / 'a.gpl'}: no such file or directory; check the path"
    )


def test_the_curve_of_the_error_is_drawn_with_its_knee(run, fails, wood, photo):
    curve = wood.with_name("curve.png")
    assert run("info", wood, "--curve", curve).code == 0
    with Image.open(curve) as picture:
        assert picture.size == (1000, 600)
        shown = np.asarray(picture.convert("RGB")).reshape(-1, 3)
    assert (shown == [255, 255, 255]).all(axis=1).sum() > 100
    assert (shown == [0x57, 0xA8, 0xFF]).all(axis=1).sum() > 500
    errors = Preview(ColorHistogram.from_array(photo)).errors
    assert 3 < knee(errors) < 40
    assert fails("info", wood, "--curve", curve, code=3).endswith(
        "exists already; allow overwriting or choose another name"
    )
    clear = wood.with_name("clear.png")
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(clear)
    assert "so that there is no curve" in fails("info", clear, "--curve", wood.with_name("new.png"))
