"""Recipes, by flag and by function: what comes out and what the node remembers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from maya import cmds, mel
from PIL import Image
from scene_tools import checker, colors_in, differences, snapshot, texture

import rgbcloud_maya
from rgbcloud import Palette, Recipe, reduce, save_palette

CLIENT = ["#ffffff", "#00ff00", "#ff0000", "#0000ff", "#808080"]


pytestmark = [pytest.mark.usefixtures("loaded_plugin"), pytest.mark.by_turn]


@pytest.fixture
def client(tmp_path):
    path = tmp_path / "client.gpl"
    save_palette(path, Palette.from_hex(CLIENT))
    return path


@pytest.fixture
def left_half(tmp_path):
    """A mask by which only the left half of the texture counts."""
    mask = np.zeros((16, 16), np.uint8)
    mask[:, :8] = 255
    Image.fromarray(mask).save(tmp_path / "left.png")
    return tmp_path / "left.png"


def shown(node):
    return Path(cmds.getAttr(f"{node}.fileTextureName"))


def only(result):
    return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


def query(node, flag):
    return only(cmds.rgbCloudReduce(node, query=True, **{flag: True}))


def test_a_palette_file_is_taken_in_its_order(node, client):
    original = shown(node)
    before = snapshot()
    assert list(cmds.rgbCloudReduce(node, palette=str(client))) == [node]
    assert {tuple(bytes.fromhex(color[1:])) for color in CLIENT[:4]} == colors_in(shown(node))
    with Image.open(shown(node)) as image:
        entries = np.array(image.getpalette(), np.uint8).reshape(-1, 3)[: len(CLIENT)]
    assert Palette(entries).to_hex() == CLIENT
    assert (query(node, "colors"), list(query(node, "palette"))) == (5, CLIENT)
    assert not cmds.rgbCloudReduce(node, pal=str(client))  # it is done already
    cmds.undo()
    assert differences(before, snapshot()) == []
    cmds.redo()
    cmds.rgbCloudRevert(node)
    assert shown(node) == original


def test_a_palette_file_that_has_changed_is_taken_again(node, client):
    cmds.rgbCloudReduce(node, palette=str(client))
    first = shown(node)
    save_palette(client, Palette.from_hex(["#ff0000", "#0000ff"]), overwrite=True)
    assert list(cmds.rgbCloudReduce(node, palette=str(client))) == [node]
    assert colors_in(shown(node)) == {(255, 0, 0), (0, 0, 255)}
    assert shown(node) != first
    assert list(cmds.rgbCloudReduce(node, colors=5)) == [node]
    assert (query(node, "palette"), shown(node).name) == ("", "wood.k5.png")


def test_a_palette_of_the_project_is_found(node, project, client):
    client.rename(project / "client.gpl")
    cmds.rgbCloudReduce(node, palette="client.gpl")
    assert query(node, "colors") == 5


def test_indices_stay_those_of_the_version_before(node, client):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4, like=client))
    reds, greens, blues = result.reduction.palette.colors.T.astype(int)
    assert (greens[1] > 200, reds[2] > 200, blues[3] > 200) == (True, True, True)
    assert (reds[1], greens[2], reds[3]) == (pytest.approx(0, abs=60),) * 3
    assert list(query(node, "like")) == CLIENT


def test_texels_that_a_mask_leaves_out_have_no_vote(node, left_half):
    cmds.rgbCloudReduce(node, colors=2, mask=str(left_half))
    colors = sorted(colors_in(shown(node)))
    assert colors[0][1] > 200  # green, at the left
    assert colors[1][0] > 200  # red, at the left
    assert query(node, "mask") == left_half.as_posix()
    assert not cmds.rgbCloudReduce(node, colors=2, mask=str(left_half))
    with_mask = shown(node)
    assert list(cmds.rgbCloudReduce(node, colors=2)) == [node]
    assert shown(node) != with_mask


def test_the_fewest_colours_for_an_error(node):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(psnr=30))
    found = query(node, "colors")
    assert found > 1
    assert result.reduction.psnr >= 30
    assert shown(node).name == "wood.psnr30.png"
    assert query(node, "psnr") == 30
    assert not cmds.rgbCloudReduce(node, psnr=30.0)
    (fewer,) = rgbcloud_maya.reduce([node], Recipe.of(colors=found - 1))
    assert fewer.reduction.psnr < 30
    assert query(node, "psnr") == 0


def test_the_fewest_colours_for_a_colour_difference(node):
    cmds.rgbCloudReduce(node, deltaE=1.5)
    assert query(node, "deltaE") == 1.5
    found = query(node, "colors")
    (fewer,) = rgbcloud_maya.reduce([node], Recipe.of(colors=found - 1))
    assert fewer.reduction.members[0].report.delta_e > 1.5


def test_the_most_colours_for_a_file_size(node):
    (seven,) = rgbcloud_maya.reduce([node], Recipe.of(colors=7))
    size = seven.reduction.members[0].report.bytes_after
    cmds.rgbCloudReduce(node, maxBytes=size)
    assert query(node, "colors") >= 7
    assert shown(node).stat().st_size <= size
    assert query(node, "maxBytes") == size


@pytest.mark.parametrize("flags", [{"psnr": 30.0}, {"deltaE": 2.0}, {"knee": True}, {"maxBytes": 2000}])
def test_goals_of_an_image_of_half_floats(tmp_path, flags):
    oiio = pytest.importorskip("OpenImageIO")
    red, green = np.meshgrid(np.linspace(0, 2, 32), np.linspace(0, 1, 24))
    buffer = oiio.ImageBuf(oiio.ImageSpec(32, 24, 3, "half"))
    buffer.set_pixels(oiio.ROI(), np.dstack([red, green, red * green]).astype(np.float32))
    assert buffer.write(str(tmp_path / "sky.exr"))
    node = texture("sky", tmp_path / "sky.exr", "ACEScg")
    assert list(cmds.rgbCloudReduce(node, **flags)) == [node]
    found = query(node, "colors")
    assert shown(node).suffix == ".exr"
    assert 1 < found < 256
    exact, fewer, more = (
        reduce(tmp_path / "sky.exr", Recipe.of(colors=found + step, color_space="ACEScg"))
        for step in (0, -1, 1)
    )
    assert shown(node).read_bytes() == exact.data
    if "psnr" in flags:
        assert exact.report.psnr >= 30 > fewer.report.psnr
    if "deltaE" in flags:
        assert exact.report.delta_e <= 2 < fewer.report.delta_e
    if "maxBytes" in flags:
        assert len(exact.data) <= 2000 < len(more.data)
    assert not cmds.rgbCloudReduce(node, **flags)


def test_the_knee(node):
    mel.eval(f"rgbCloudReduce -knee {node}")
    assert query(node, "knee")
    assert 2 <= query(node, "colors") < 16


def test_a_goal_is_for_each_texture(node, tmp_path):
    plain = texture("plain", checker(tmp_path / "plain.png", noise=0))
    cmds.rgbCloudReduce(node, plain, psnr=45.0)
    assert query(plain, "colors") == 4
    assert query(node, "colors") > 4


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"psnr": 30.0, "knee": True}, "a goal must be one of psnr, delta_e, max_bytes, knee, got knee and"),
        ({"psnr": -1.0}, "psnr must be a number above 0, got -1"),
        ({"palette": "client.gpl", "knee": True}, "palette takes its colours as they are; leave out knee"),
        ({"palette": "client.gpl", "like": "old.gpl"}, "palette takes its colours as they are; leave out"),
        ({"palette": "/nowhere/client.gpl"}, "client.gpl"),
        ({"mask": "/nowhere/mask.png"}, "mask.png: no such file"),
        ({"psnr": 200.0}, "tex: no palette of 256 colours reaches a PSNR of 200 dB: it comes to "),
        ({"maxBytes": 3}, "a file of 1 colours is larger than 3 bytes: it has "),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(tmp_path, flags, message):
    node = texture("tex", checker(tmp_path / "wood.png", size=64, noise=60))
    before, files = snapshot(), sorted(tmp_path.iterdir())
    with pytest.raises(RuntimeError) as caught:
        cmds.rgbCloudReduce(node, **flags)
    assert message in str(caught.value)
    assert differences(before, snapshot()) == []
    assert sorted(tmp_path.iterdir()) == files


def test_a_mask_of_another_size_is_told(node, tmp_path):
    Image.new("L", (4, 4), 255).save(tmp_path / "small.png")
    with pytest.raises(RuntimeError, match="a mask must be of the same size"):
        cmds.rgbCloudReduce(node, mask=str(tmp_path / "small.png"))


def test_one_goal_for_a_set_and_masks_by_tile(tmp_path, left_half):
    for number in (1001, 1002):
        checker(tmp_path / f"set.{number}.png")
        left_half.with_name(f"uv.{number}.png").write_bytes(left_half.read_bytes())
    node = texture("tiles", tmp_path / "set.1001.png", uvTilingMode=3)
    cmds.rgbCloudReduce(node, psnr=30.0, mask=str(tmp_path / "uv.<UDIM>.png"))
    found = query(node, "colors")
    assert found > 1
    assert len({path.name for path in tmp_path.glob("set.psnr30.*")}) == 2
    assert not cmds.rgbCloudReduce(node, psnr=30.0, mask=str(tmp_path / "uv.<UDIM>.png"))
    with pytest.raises(RuntimeError, match="a goal of max_bytes needs one image"):
        cmds.rgbCloudReduce(node, maxBytes=1000)
