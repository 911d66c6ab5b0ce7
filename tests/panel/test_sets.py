"""Sets on the desktop: patterns, tiles that are dropped together, and walking through them."""

from __future__ import annotations

from pathlib import Path

import gui
import numpy as np
import pytest
from host_contract import make_image
from PIL import Image
from Qt import QtCore

from rgbcloud import read
from rgbcloud_app.desktop.dropped_files import textures_among, work_path
from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window

TILES = ["1001", "1002", "1011"]


@pytest.fixture
def window(qtbot, tmp_path):
    memory = QtCore.QSettings(str(tmp_path / "memory.ini"), QtCore.QSettings.Format.IniFormat)
    window = Window(FilesHost(memory))
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


@pytest.fixture
def tiles(tmp_path):
    return [make_image(tmp_path / f"wood.{tile}.png", seed=int(tile)) for tile in TILES]


def names_of(paths, **options):
    return [Path(texture.name).name for texture in textures_among(paths, **options)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["wood.1001.png", "wood.1002.png"], ["wood.<UDIM>.png"]),
        (["wood_u0_v0.png", "wood_u1_v0.png"], ["wood_u<u>_v<v>.png"]),
        (["wood_u1_v1.png", "wood_u2_v1.png"], ["wood_u<U>_v<V>.png"]),
        (["sky.0007.png", "sky.0008.png"], ["sky.<f>.png"]),
        (["wood.1001.png", "other.png"], ["wood.1001.png", "other.png"]),
        (["wood1.png", "wood2.png"], ["wood1.png", "wood2.png"]),
        (["a.1001.png", "b.1001.png", "a.1002.png"], ["a.<UDIM>.png", "b.1001.png"]),
    ],
)
def test_files_that_lie_side_by_side_are_a_set(tmp_path, names, expected):
    paths = [make_image(tmp_path / name, size=(4, 4)) for name in names]
    assert names_of(paths) == expected
    assert sorted(names_of([tmp_path])) == sorted(expected)
    assert names_of(paths, apart=True) == names


def test_work_on_a_set_stands_in_a_file_that_every_system_can_name(tmp_path):
    for tile in TILES:
        make_image(tmp_path / f"wood.{tile}.png", size=(4, 4))
    (texture,) = textures_among([tmp_path / "wood.<UDIM>.png"])
    assert work_path(texture).name == "wood.UDIM.png.rgbcloud.json"


def test_a_pattern_opens_its_set_and_reduces_it_as_the_command_line_does(window, tiles, tmp_path):
    window.panel.session.open([tmp_path / "wood.<UDIM>.png"])
    gui.settle(window.panel)
    assert [ref.name for ref in window.panel.session.textures] == ["wood.<UDIM>.png"]
    gui.click(window.panel.actions_box.reduce)
    gui.wait_until(lambda: (tmp_path / "wood.k16.1011.png").exists())
    gui.wait_until(lambda: not window.panel.session.is_writing)
    assert sorted(path.name for path in tmp_path.glob("wood.k16.*")) == [
        f"wood.k16.{tile}.png" for tile in TILES
    ]


def test_a_pattern_that_fits_nothing_says_so(window, tmp_path):
    window.panel.session.open([tmp_path / "gone.<UDIM>.png"])
    assert "gone.<UDIM>.png" in window.panel.message.text.text()


def test_tiles_that_are_dropped_together_can_be_walked_through(window, tiles):
    panel, session = window.panel, window.panel.session
    gui.drop(panel, tiles)
    gui.settle(panel)
    assert [tile.label for tile in session.tiles] == TILES
    assert panel.tiles.isVisible()
    one, right, above = (panel.tiles.tile_rect(index) for index in range(3))
    assert (one.top(), one.left()) == (right.top(), above.left())  # as in UV space
    assert right.left() > one.right()
    assert above.bottom() < one.top()
    palette = session.palette.to_hex()
    gui.click(panel.tiles, right.center())
    gui.settle(panel)
    assert session.state.picture.image.name.endswith("wood.1002.png")
    assert session.palette.to_hex() == palette
    reduction = session.state.exact.reduction
    assert np.array_equal(reduction.image.texels, read(tiles[1]).texels)
    gui.press(panel.tiles, gui.KEY.Key_Left)
    gui.press(panel.tiles, gui.KEY.Key_Up)
    gui.settle(panel)
    assert session.state.picture.image.name.endswith("wood.1011.png")
    gui.press(panel.picture, gui.KEY.Key_PageUp)
    gui.settle(panel)
    assert session.state.number == 1
    gui.wait_until(lambda: "3 files, " in panel.numbers.values["whole set"].text())
    whole = sum(len(np.unique(read(tile).texels.reshape(-1, 3), axis=0)) for tile in tiles)
    assert panel.numbers.values["whole set"].text().endswith(f"{whole:,} colours")
    assert float(panel.numbers.values["set MSE"].text()) > 0


def color_at(view, where):
    image = view.grab().toImage()
    ratio = view.devicePixelRatioF()
    return image.pixelColor((where * ratio).toPoint()).name()


def test_a_set_is_one_picture_to_zoom_and_walk_through(window, tmp_path):
    colors = {1001: "#ff0000", 1002: "#00ff00", 1012: "#0000ff"}
    paths = [tmp_path / f"wall.{tile}.png" for tile in colors]
    for path, color in zip(paths, colors.values()):
        Image.new("RGB", (40, 30), color).save(path)
    panel, session = window.panel, window.panel.session
    gui.drop(panel, paths)
    gui.settle(panel)
    gui.press(panel.picture, gui.KEY.Key_S)
    view = panel.whole_set
    assert view.isVisible()
    assert not panel.picture.isVisible()
    assert not panel.tiles.isVisible()
    gui.wait_until(lambda: len(session.whole_set.after) == 3)
    red, green, blue = (view.tile_rect(index) for index in range(3))
    assert (red.top(), red.right()) == (green.top(), green.left())  # as in UV space
    assert (blue.left(), blue.bottom()) == (green.left(), green.top())
    inside = QtCore.QRectF(view.rect()).adjusted(-1, -1, 1, 1)  # texels begin where pixels do
    assert all(inside.contains(rect) for rect in (red, green, blue))
    centers = [rect.center() + QtCore.QPointF(0, rect.height() / 4) for rect in (red, green, blue)]
    assert [color_at(view, center) for center in centers] == list(colors.values())
    session.recolor(session.palette.to_hex().index("#00ff00"), (1, 2, 3))
    gui.wait_until(lambda: color_at(view, centers[1]) == "#010203")
    assert color_at(view, centers[0]) == "#ff0000"
    session.pick(session.palette.to_hex().index("#ff0000"))
    assert color_at(view, centers[0]) == "#ff0000"
    dark = color_at(view, centers[2])
    assert (dark[1:3], dark[1:3]) == (dark[3:5], dark[5:7])  # grey: it does not stand out
    session.pick(None)
    gui.press(view, gui.KEY.Key_Space)
    assert color_at(view, centers[1]) == "#00ff00"
    gui.click(view, centers[2].toPoint())
    gui.settle(panel)
    assert session.state.picture.image.name.endswith("wall.1012.png")
    gui.press(view, gui.KEY.Key_Down)
    gui.settle(panel)
    assert session.state.number == 1
    while view.tile_rect(0).width() < 3 * view.width():
        gui.wheel(view, view.tile_rect(0).center().toPoint(), 4)
    assert session.state.number == 0  # what is magnified in the middle is read
    gui.settle(panel)
    assert color_at(view, QtCore.QPointF(view.rect().center())) == "#ff0000"
    gui.click(panel.fit_button)
    assert view.tile_rect(0) == red
    gui.press(view, gui.KEY.Key_S)
    assert panel.picture.isVisible()
    assert panel.tiles.isVisible()
    assert not session.whole_set.before


def test_a_set_can_be_opened_one_by_one(window, tiles):
    panel = window.panel
    gui.drop(panel, tiles)
    assert "wood.<UDIM>.png (3 files)" in panel.message.text.text()
    gui.click(panel.message.action)
    gui.settle(panel)
    assert [ref.name for ref in panel.session.textures] == [tile.name for tile in tiles]
    assert not panel.tiles.isVisible()
    assert not panel.set_button.isVisible()


def test_what_a_set_lacks_is_told(window, tmp_path):
    paths = [make_image(tmp_path / f"wood.{tile}.png") for tile in ("1001", "1003")]
    gui.drop(window.panel, paths)
    assert "wood.1002.png" in window.panel.session.textures[0].warning


def test_deep_sets_are_sets_too(window, tmp_path):
    tifffile = pytest.importorskip("tifffile")
    pytest.importorskip("OpenImageIO")
    rng = np.random.default_rng(0)
    paths = [tmp_path / f"deep.{tile}.tif" for tile in TILES]
    for path in paths:
        tifffile.imwrite(path, rng.integers(0, 1 << 16, (16, 24, 3), np.uint16), photometric="rgb")
    gui.drop(window.panel, paths)
    gui.settle(window.panel)
    gui.click(window.panel.tiles, window.panel.tiles.tile_rect(2).center())
    gui.settle(window.panel)
    assert window.panel.session.state.exact.reduction.texels.dtype == np.uint16


def test_versions_that_are_dropped_together_are_no_set(tmp_path):
    paths = [make_image(tmp_path / f"wood_v{number:03}.png") for number in (1, 2)]
    assert [texture.paths for texture in textures_among(paths)] == [[path] for path in paths]
