from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from PIL.GimpPaletteFile import GimpPaletteFile

from rgbcloud import ImageWriteError, Palette, save_palette


@pytest.fixture
def palette():
    return Palette(np.array([[255, 128, 0], [1, 2, 3]], np.uint8), [3, 1], 8.0)


def test_hex_files_hold_six_digits_a_line(palette, tmp_path):
    assert save_palette(tmp_path / "p.hex", palette).read_text() == "ff8000\n010203\n"


def test_pillow_reads_our_gimp_palettes(palette, tmp_path):
    path = save_palette(tmp_path / "warm wood.gpl", palette)
    assert path.read_text().splitlines()[:3] == ["GIMP Palette", "Name: warm wood", "Columns: 2"]
    with path.open("rb") as stream:
        colors, mode = GimpPaletteFile(stream).getpalette()
    assert mode == "RGB"
    assert colors[:6] == palette.colors.tobytes()


def test_json_holds_what_was_measured(palette, tmp_path):
    assert json.loads(save_palette(tmp_path / "p.json", palette).read_text()) == {
        "colors": ["#ff8000", "#010203"],
        "populations": [3.0, 1.0],
        "shares": [0.75, 0.25],
        "inertia": 8.0,
    }


@pytest.mark.parametrize(("count", "size"), [(1, (32, 32)), (16, (512, 32)), (17, (512, 64))])
def test_swatches_stand_sixteen_a_row(count, size, tmp_path):
    colors = np.arange(count, dtype=np.uint8)[:, np.newaxis].repeat(3, axis=1)
    with Image.open(save_palette(tmp_path / "p.png", Palette(colors))) as image:
        assert image.size == size
        swatches = np.asarray(image)[16::32, 16::32].reshape(-1, 4)
    assert swatches[:count, :3].tolist() == colors.tolist()
    assert (swatches[:count, 3] == 255).all()
    assert (swatches[count:, 3] == 0).all()


def test_another_suffix_is_refused(palette, tmp_path):
    with pytest.raises(ImageWriteError, match=r"is written as .hex, .gpl, .json, .png, got '.doc'"):
        save_palette(tmp_path / "p.doc", palette)
