"""One budget of bytes for the textures of a scene."""

from __future__ import annotations

import json

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import differences, material, mesh, one_undo_step, shown, snapshot, texture
from test_batch import run, save  # noqa: F401 (a fixture)

import rgbcloud_maya
from rgbcloud import CancelledError, Recipe, reduce
from rgbcloud.budget import Budget
from rgbcloud_maya.ui.maya_host import MayaHost
from rgbcloud_panel.state.budgets import Budgets
from rgbcloud_panel.state.session import Session

pytestmark = [pytest.mark.usefixtures("loaded_plugin"), pytest.mark.by_turn]
SQUARE = [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)]


def noise(path, size, spread):
    rng = np.random.default_rng(size)
    colors = rng.normal(128, spread, (40, 3)).clip(0, 255).astype(np.uint8)
    Image.fromarray(colors[rng.integers(0, 40, (size, size))]).save(path)
    return path


@pytest.fixture
def nodes(tmp_path):
    """Three textures, of which the second has the most to lose."""
    looks = (("sole", 24, 10), ("face", 32, 70), ("belt", 40, 20))
    return [texture(name, noise(tmp_path / f"{name}.png", size, spread)) for name, size, spread in looks]


def spent(names):
    return sum(shown(name).stat().st_size for name in names)


def images(folder):
    return sorted(path.name for path in folder.glob("*.png"))


def test_the_files_fit_and_leave_little_and_it_is_one_undo_step(nodes, tmp_path, script_editor):
    assert one_undo_step(lambda: cmds.rgbCloudReduce(*nodes, totalBytes="1.8k")) == nodes
    assert 0.95 * 1800 <= spent(nodes) <= 1800
    colors = [cmds.rgbCloudReduce(name, query=True, colors=True) for name in nodes]
    for name, number in zip(nodes, colors):
        assert shown(name).read_bytes() == reduce(tmp_path / f"{name}.png", Recipe.of(colors=number)).data
    assert colors[1] == max(colors)
    assert len(images(tmp_path)) == 6  # what was only tried is gone
    (table,) = [
        text for text in script_editor("info") if "one more megabyte would lower the error by" in text
    ]
    assert [line.split()[0] for line in table.splitlines()[1:4]] == nodes
    assert f"{spent(nodes):,} (" in table
    before = snapshot()
    assert not cmds.rgbCloudReduce(*nodes, totalBytes="1.8k")  # nothing has changed
    assert differences(before, snapshot()) == []
    with pytest.raises(RuntimeError, match="too few"):
        cmds.rgbCloudReduce(*nodes, totalBytes="100")
    assert len(images(tmp_path)) == 6  # files that were there before stay


def test_all_of_the_scene_and_what_is_left_as_it_is_counts(nodes, tmp_path, script_editor):
    bumps = texture("bumps", noise(tmp_path / "bumps.png", 16, 40))
    cmds.connectAttr(f"{bumps}.outColorR", f"{cmds.createNode('bump2d')}.bumpValue")
    rest = (tmp_path / "bumps.png").stat().st_size
    assert cmds.rgbCloudReduce(allTextures=True, totalBytes=str(rest + 1800)) == sorted(nodes)
    assert 0.95 * (rest + 1800) <= rest + spent(nodes) <= rest + 1800
    assert any(f"all that is left as it is {rest:>21,}" in text for text in script_editor("info"))
    with pytest.raises(
        RuntimeError, match=f"100 bytes are too few: all that is left as it is takes {rest:,}"
    ):
        cmds.rgbCloudReduce(bumps, totalBytes="100")


def test_the_surface_decides_who_gets_more(tmp_path):
    """Of two alike textures one is seen through a keyhole: its share of the error is small."""
    for name, width in (("wide", 1.0), ("keyhole", 0.2)):
        node = texture(name, noise(tmp_path / f"{name}.png", 32, 50))
        uvs = [(u * width, v) for u, v in ((0, 0), (1, 0), (1, 1), (0, 1))]
        mesh(f"{name}Plane", SQUARE, [(0, 1, 2, 3)], uvs, material(f"{name}Skin", node)[1])
    cmds.rgbCloudReduce("wide", "keyhole", totalBytes="900", surface=True)
    wide, keyhole = (cmds.rgbCloudReduce(name, query=True, colors=True) for name in ("wide", "keyhole"))
    assert wide > keyhole
    assert spent(["wide", "keyhole"]) <= 900
    assert len(list(tmp_path.glob("keyhole.surface.*"))) == 1


def test_sets_deep_textures_shared_files_and_broken_ones(tmp_path):
    for number in (1001, 1002):
        noise(tmp_path / f"wall.{number}.png", 24, 30)
    deep = np.random.default_rng(5).integers(0, 65535, (24, 24, 3), np.uint16)
    import tifffile

    tifffile.imwrite(tmp_path / "deep.tif", deep)
    noise(tmp_path / "twice.png", 32, 30)
    (tmp_path / "broken.png").write_bytes(b"nothing")
    texture("wall", tmp_path / "wall.1001.png", uvTilingMode=3)
    names = ["wall", "deep", "twice", "again", "broken"]
    for name, file in zip(names[1:], ("deep.tif", "twice.png", "twice.png", "broken.png")):
        texture(name, tmp_path / file)
    done = cmds.rgbCloudReduce(*names, totalBytes="6k")
    assert sorted(done) == sorted(names[:-1])
    assert shown("twice") == shown("again")
    tiles = [
        shown("wall").with_name(shown("wall").name.replace("1001", number)) for number in ("1001", "1002")
    ]
    total = sum(path.stat().st_size for path in (*tiles, shown("deep"), shown("twice")))
    assert 0.9 * 6000 <= total <= 6000


def test_what_would_become_larger_keeps_its_bytes(nodes, tmp_path):
    flat = texture("flat", tmp_path / "flat.gif")
    Image.new("P", (1, 1)).save(tmp_path / "flat.gif")
    done = cmds.rgbCloudReduce(*nodes, flat, totalBytes="1900", skipLarger=True)
    assert done == nodes
    assert shown(flat).name == "flat.gif"
    assert 1700 < spent([*nodes, flat]) <= 1900


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"totalBytes": "many"}, "'many' is no number of bytes"),
        ({"totalBytes": "300"}, "300 bytes are too few: with 2 colours each the files have"),
        ({"totalBytes": "4k", "colors": 7}, "leave out colors"),
        ({"totalBytes": "4k", "psnr": 30.0}, "leave out psnr"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_done(flags, told, nodes, tmp_path):
    before, files = snapshot(), images(tmp_path)
    with pytest.raises(RuntimeError, match=told):
        cmds.rgbCloudReduce(*nodes, **flags)
    assert differences(before, snapshot()) == []
    assert images(tmp_path) == files


@pytest.mark.parametrize("moment", [0.2, 0.5, 0.96])
def test_it_can_be_cancelled_and_leaves_nothing(moment, nodes, tmp_path):
    def cancel(fraction, _message):
        if fraction >= moment:
            raise CancelledError("enough")

    before, files = snapshot(), images(tmp_path)
    with pytest.raises(CancelledError):
        rgbcloud_maya.reduce(nodes, budget=Budget(1800), progress=cancel)
    assert differences(before, snapshot()) == []
    assert images(tmp_path) == files


class _Here:
    """An executor that answers at once."""

    def submit(self, _lane, work, done, _failed, told):
        done(work(told))

    def cancel(self, lane):
        pass


def test_in_the_panel_it_is_divided_before_and_reduced_as_one_undo_step(nodes):
    session = Session(MayaHost(), _Here())
    session.start()
    session.choose(nodes)
    budgets = Budgets(session)
    budgets.divide("1.8 kB")
    assert all(shown(name).name == f"{name}.png" for name in nodes)
    one_undo_step(session.reduce)
    assert 0.95 * 1800 <= spent(nodes) == budgets.divided.spent <= 1800


def test_on_a_farm(run, nodes, tmp_path):  # noqa: F811
    scene = save(tmp_path / "shot.ma")
    done = run(
        "reduce", scene, "--total-bytes", "1.8k", "-o", tmp_path / "fits.ma", "--json", tmp_path / "r.json"
    )
    assert done.returncode == 0, done.stderr
    assert "one more megabyte would lower the error by" in done.stderr
    assert 0.95 * 1800 <= spent(nodes) <= 1800
    told = json.loads((tmp_path / "r.json").read_text())["budget"]
    assert (told["total"], told["spent"]) == (1800, spent(nodes))
    assert [share["name"] for share in told["textures"]] == sorted(nodes)
    for flags, code in (
        (("--total-bytes", "many"), 2),
        (("--total-bytes", "4k", "--knee"), 2),
        (("--total-bytes", "9"), 1),
    ):
        done = run("reduce", scene, *flags, "-o", tmp_path / "not.ma")
        assert (done.returncode, done.stdout) == (code, "")
    assert not (tmp_path / "not.ma").exists()
