"""Two hundred things that a hurried hand does, without waiting for any of them."""

from __future__ import annotations

import functools
import inspect
import random
import sys
import threading
import time

import gui
import pytest
from host_contract import make_image
from memory_host import MemoryHost
from PIL import Image
from Qt import QtCore, QtWidgets
from sklearn.datasets import load_sample_image

from rgbcloud import Palette, Texture
from rgbcloud_panel.panel import Panel

HEAVY = tuple(f"rgbcloud.{folder}" for folder in ("images", "counting", "clustering", "mapping"))


@pytest.fixture
def on_the_main_thread(monkeypatch):
    """The names of what reads, counts, clusters or maps on the thread that draws, as it comes to it.

    How long that thread stood still is measured by tests/benchmarks/panel.py; a clock in a test would tell
    of the machine instead.
    """
    names = []

    def watch(function):
        @functools.wraps(function)
        def call(*arguments, **options):
            if threading.current_thread() is threading.main_thread():
                names.append(function.__qualname__)
            return function(*arguments, **options)

        return call

    ours = [module for name, module in list(sys.modules.items()) if name.split(".")[0].startswith("rgbcloud")]
    watched = {}
    for module in ours:
        for name, value in list(vars(module).items()):
            if inspect.isfunction(value) and value.__module__.startswith(HEAVY):
                monkeypatch.setattr(module, name, watched.setdefault(value, watch(value)))
    return names


@pytest.fixture
def panel(qtbot, tmp_path):
    files = []
    for name in ("flower", "china"):
        files.append(tmp_path / f"{name}.png")
        Image.fromarray(load_sample_image(f"{name}.jpg")).resize((1600, 1067)).save(files[-1])
    small = tmp_path / "small.png"
    Image.new("RGB", (3, 2), (200, 100, 50)).save(small)
    for tile in (1001, 1002, 1011):
        make_image(tmp_path / f"wall.{tile}.png", tile, (64, 64))
    textures = {name: Texture.of_files([file]) for name, file in zip("abc", (*files, small))}
    panel = Panel(MemoryHost({**textures, "d": Texture.find(tmp_path / "wall.<UDIM>.png")}))
    qtbot.addWidget(panel)
    panel.resize(1280, 780)
    panel.show()
    gui.choose(panel, 0)
    gui.settle(panel)
    yield panel
    panel.close()


def point(widget, rng):
    return QtCore.QPoint(rng.randrange(widget.width()), rng.randrange(widget.height()))


def operations(panel, rng):
    """Return what may be done next."""
    control = QtCore.Qt.KeyboardModifier.ControlModifier
    swatches, colors = panel.swatches, panel.controls.controls["colors"]
    tools = [panel.undo_button, panel.redo_button, panel.reset_button, panel.lock_button, panel.merge_button]
    views = [panel.picture, panel.cloud, swatches, panel.curve]
    return [
        lambda: gui.choose(panel, rng.randrange(4)),
        lambda: gui.choose(panel, rng.randrange(4), control),
        lambda: gui.click(panel.tiles, point(panel.tiles, rng)),
        lambda: gui.click(rng.choice([panel.watch_button, panel.kmeans.step, panel.kmeans.take])),
        lambda: panel.session.sort(rng.choice(["share", "hue", "lightness"])),
        lambda: gui.click(rng.choice(list(colors.stops.values()))),
        lambda: gui.drag(colors.slider, point(colors.slider, rng), point(colors.slider, rng), 8),
        lambda: gui.press(colors.slider, rng.choice([gui.KEY.Key_Left, gui.KEY.Key_Right])),
        lambda: gui.drag(panel.curve, point(panel.curve, rng), point(panel.curve, rng)),
        lambda: gui.click(swatches, point(swatches, rng)),
        lambda: gui.click(swatches, point(swatches, rng), control),
        lambda: gui.drag(swatches, point(swatches, rng), point(swatches, rng)),
        lambda: gui.click(panel.picture, point(panel.picture, rng)),
        lambda: gui.drag(panel.picture, point(panel.picture, rng), point(panel.picture, rng)),
        lambda: gui.wheel(panel.picture, point(panel.picture, rng), rng.choice([-3, -1, 1, 3])),
        lambda: gui.drag(panel.cloud, point(panel.cloud, rng), point(panel.cloud, rng)),
        lambda: gui.click(panel.cloud, point(panel.cloud, rng)),
        lambda: gui.click(rng.choice([panel.source_button, panel.cluster_button])),
        lambda: gui.click(rng.choice([panel.split_button, panel.difference_button])),
        lambda: gui.click(rng.choice(tools)),
        lambda: gui.press(rng.choice(views), gui.KEY.Key_F),
        lambda: gui.click(panel.actions_box.reduce),
        lambda: gui.click(panel.actions_box.build_cloud),
        lambda: gui.click(panel.actions_box.revert),
        lambda: panel.session.cancel(),
        lambda: gui.press(gui.unfold(panel, "dither"), rng.choice([gui.KEY.Key_Down, gui.KEY.Key_Up])),
        lambda: gui.click(gui.unfold(panel, "indexed")),
        lambda: panel.session.recolor(0, [rng.randrange(256) for _ in range(3)]),
        lambda: panel.session.take_palette(Palette.from_hex(["#102030", "#e0c080", "#ffffff"])),
        lambda: panel.session.share(rng.random() < 0.5),
        lambda: panel.resize(rng.randrange(1100, 1400), rng.randrange(700, 900)),
        lambda: panel.session.refresh(),
    ]


def check(session):
    """Whatever was done, what is shown fits together."""
    if session.palette is None:
        assert session.state.picked is None
    elif session.state.picked is not None:
        assert 0 <= session.state.picked < len(session.palette)
    if session.state.exact is not None:
        assert session.state.exact.palette == session.palette
        assert session.state.exact.edited.recolored == session.state.edited.recolored
        if session.state.look.edited is not None:
            assert session.palette.to_hex() == session.state.look.edited.palette.to_hex()
        assert session.state.exact.reduction.image is session.state.picture.image
    if not session.chosen:
        assert session.state.picture is None
    assert session.message is None or "has a bug" not in session.message.text


def hurry(panel, seed):
    """Do a hundred things."""
    rng = random.Random(seed)
    for _ in range(100):
        rng.choice(operations(panel, rng))()
        QtWidgets.QApplication.processEvents()
        check(panel.session)
        end = time.monotonic() + rng.choice([0, 0.01, 0.1])
        while time.monotonic() < end:
            QtWidgets.QApplication.processEvents()
            time.sleep(0.001)
        QtWidgets.QApplication.processEvents()


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hundred_operations_leave_it_whole_and_the_main_thread_free(panel, seed, on_the_main_thread):
    session = panel.session
    hurry(panel, seed)
    gui.choose(panel, 0)
    session.change(colors=16, locked=())
    session.share(False)
    gui.wait_until(lambda: gui.has_settled(panel) and session.state.exact.reduction.report.colors_after == 16)
    check(session)
    assert on_the_main_thread == []
