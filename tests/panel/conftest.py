from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))  # for memory_host

import gui
from at_once import SIZE, AtOnce
from memory_host import MemoryHost

from rgbcloud import Texture
from rgbcloud_panel.panel import Panel
from rgbcloud_panel.state.session import Session


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """The photographs that scikit-learn ships, made smaller, as files."""
    folder = tmp_path_factory.mktemp("photos")
    paths = []
    for name in ("flower", "china"):
        paths.append(folder / f"{name}.png")
        Image.fromarray(load_sample_image(f"{name}.jpg")).resize(SIZE).save(paths[-1])
    return paths


@pytest.fixture
def host(photos, tmp_path):
    """A scene of two photographs and a set of two tiles, in files of its own."""
    copies = []
    for photo in photos:
        copies.append(tmp_path / photo.name)
        copies[-1].write_bytes(photo.read_bytes())
    for number, photo in enumerate(photos):
        with Image.open(photo) as image:
            image.resize((64, 48)).save(tmp_path / f"wall.{1001 + number}.png")
    textures = [Texture.of_files([copy]) for copy in copies] + [Texture.find(tmp_path / "wall.<UDIM>.png")]
    return MemoryHost(dict(zip(("flower1", "china1", "wall1"), textures)))


@pytest.fixture
def run():
    return AtOnce()


@pytest.fixture
def session(host, run):
    """The panel's state without the panel."""
    session = Session(host, run)
    session.start()
    return session


@pytest.fixture(autouse=True)
def _hasty_hand(monkeypatch):
    """The exact result is asked for at once, not after a rest."""
    monkeypatch.setattr("rgbcloud_panel.panel._REST", 10)


@pytest.fixture
def panel(qtbot, host):
    panel = Panel(host)
    qtbot.addWidget(panel)
    panel.resize(1280, 780)
    panel.show()
    yield panel
    panel.close()


@pytest.fixture
def shown(panel):
    """The panel with the flower reduced to 16 colours in view."""
    gui.choose(panel, 0)
    gui.settle(panel)
    return panel
