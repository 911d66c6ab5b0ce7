"""The commands of the plug-in, as MEL and Python call them."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds, mel
from PIL import Image
from scene_tools import checker, colors_in, differences, snapshot, texture

from rgbcloud import FIELDS, Palette

pytestmark = pytest.mark.usefixtures("loaded_plugin")


def only(result):
    """Return a command's text; under mayapy it came back as a list of one (maya-facts, section 5)."""
    return result[0] if isinstance(result, (list, tuple)) and len(result) == 1 else result


def test_reduce_and_revert(node, wood):
    assert list(cmds.rgbCloudReduce(node, colors=3)) == [node]
    assert cmds.rgbCloudReduce(node, query=True, colors=True) == 3
    assert list(cmds.rgbCloudReduce(query=True, reduced=True)) == [node]
    assert only(cmds.rgbCloudReduce(node, query=True, originalPath=True)) == str(wood)
    assert list(cmds.rgbCloudRevert(node)) == [node]
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)


def test_the_selection_is_reduced_where_nothing_is_named(node):
    cmds.select(node)
    assert list(cmds.rgbCloudReduce(cl=3)) == [node]
    assert list(cmds.rgbCloudRevert()) == [node]


def test_all_textures_are_reverted(node, wood):
    other = texture("other", wood)
    cmds.rgbCloudReduce(node, other, colors=3)
    assert sorted(cmds.rgbCloudRevert(allTextures=True)) == sorted([node, other])


def test_a_given_palette(node):
    cmds.rgbCloudReduce(node, colors=2, locked=["#ff0000", "#0000ff"])
    assert colors_in(cmds.getAttr(f"{node}.fileTextureName")) == {(255, 0, 0), (0, 0, 255)}
    assert list(cmds.rgbCloudReduce(node, query=True, locked=True)) == ["#ff0000", "#0000ff"]


def test_every_setting_has_a_flag(node):
    settings = {"seed": 3, "effort": "best", "weightPower": 0.5, "space": "oklab", "kind": "color"}
    settings.update({"dither": "floyd-steinberg", "ditherStrength": 0.5, "serpentine": True})
    settings.update({"indexed": False, "squeeze": True, "storedLinear": False, "colors": 5})
    settings.update({"skipLarger": True, "strip": True, "alpha": "channel", "scale": "1/2"})
    settings.update({"enlarge": 2, "ocioConfig": "ocio://studio-config-latest"})
    several = {"locked": ["#ff0000"], "recolored": ["#ff0000=#00ff00"]}
    cmds.rgbCloudReduce(node, **several, **settings)
    for flag, value in settings.items():
        assert only(cmds.rgbCloudReduce(node, query=True, **{flag: True})) == value
    for flag, value in several.items():
        assert list(cmds.rgbCloudReduce(node, query=True, **{flag: True})) == value
    instead = {"colorSpace": "ACEScg", "maxSize": 64}, {"frames": "all"}  # beside which others say nothing
    for others in instead:
        cmds.rgbCloudRevert(node)
        cmds.rgbCloudReduce(node, **others)
        for flag, value in others.items():
            assert only(cmds.rgbCloudReduce(node, query=True, **{flag: True})) == value
    assert len({*settings, *several, *instead[0], *instead[1]}) == sum(
        field.part in ("palette", "texels", "file") for field in FIELDS
    )


def test_colours_can_be_shown_as_srgb_numbers(tmp_path):
    path = checker(tmp_path / "grey.png", colors=((128, 128, 128),) * 4, noise=0)
    root = only(cmds.rgbCloud(str(path), colors=1, linearDisplay=False))
    assert not cmds.rgbCloud(root, query=True, linearDisplay=True)
    (color,) = cmds.getAttr(f"{cmds.ls(type='particle')[0]}.rgbPP0")
    assert color == pytest.approx((128 / 255,) * 3)


def test_a_folder_and_rgb_texels(node, tmp_path):
    cmds.rgbCloudReduce(node, colors=3, folder=str(tmp_path / "light"), indexed=False)
    assert [path.name for path in (tmp_path / "light").iterdir()] == ["wood.k3.rgb.png"]


def test_force(node):
    cmds.setAttr(f"{node}.colorSpace", "Raw", type="string")
    assert not cmds.rgbCloudReduce(node, colors=3)
    assert list(cmds.rgbCloudReduce(node, colors=3, force=True)) == [node]


def test_a_cloud_from_flags_and_what_it_says_of_itself(node):
    root = only(cmds.rgbCloud(node, colors=3, size=4.0, parts=["points", "locators"], colorBy="cluster"))
    assert only(cmds.rgbCloud(query=True, clouds=True)) == root
    assert cmds.rgbCloud(root, query=True, colors=True) == 3
    assert cmds.rgbCloud(root, query=True, size=True) == 4.0
    assert only(cmds.rgbCloud(root, query=True, colorBy=True)) == "cluster"
    assert list(cmds.rgbCloud(root, query=True, parts=True)) == ["points", "locators"]
    assert cmds.rgbCloud(root, query=True, isolate=True) == -1


def test_what_is_not_said_stays_when_a_cloud_is_rebuilt(node):
    root = only(cmds.rgbCloud(node, colors=3, size=4.0, isolate=1))
    assert only(cmds.rgbCloud(root, colors=2)) == root
    assert cmds.rgbCloud(root, query=True, size=True) == 4.0
    assert cmds.rgbCloud(root, query=True, isolate=True) == 1
    cmds.rgbCloud(root, isolate=-1)
    assert cmds.rgbCloud(root, query=True, isolate=True) == -1
    assert cmds.rgbCloud(root, query=True, colors=True) == 2


def test_locators_iterations_and_removal(node):
    root = only(cmds.rgbCloud(node, colors=2))
    locator = next(name for name in cmds.ls(type="transform") if name.startswith("c_"))
    cmds.setAttr(f"{locator}.translate", 5, 5, 5)
    assert list(cmds.rgbCloud(root, applyLocators=True)) == [node]
    group = only(cmds.rgbCloud(root, iterations=2, startFrame=5.0, frameStep=3.0))
    assert group.startswith(root)
    cmds.rgbCloud(root, hideIterations=True)
    cmds.rgbCloud(root, remove=True)
    assert not cmds.rgbCloud(query=True, clouds=True)


def test_a_palette(node, wood, tmp_path):
    colors = cmds.rgbCloudPalette(node, colors=4)
    assert len(Palette.from_hex(colors)) == 4
    assert list(cmds.rgbCloudPalette(str(wood), colors=4)) == list(colors)
    assert sum(cmds.rgbCloudPalette(node, colors=4, shares=True)) == pytest.approx(1)
    cmds.rgbCloudPalette(node, colors=4, saveAs=str(tmp_path / "wood.hex"))
    assert (tmp_path / "wood.hex").read_text().split() == [color[1:] for color in colors]


def test_commands_are_one_undo_step_each(node):
    before = snapshot()
    cmds.rgbCloudReduce(node, colors=3)
    reduced = snapshot()
    cmds.rgbCloud(node, colors=3)
    cmds.undo()
    assert differences(reduced, snapshot()) == []
    cmds.undo()
    assert differences(before, snapshot()) == []
    cmds.redo()
    assert differences(reduced, snapshot()) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cmds.rgbCloudReduce("tex", colors=300), r"colors must be an int in 1..256, got 300"),
        (
            lambda: cmds.rgbCloudReduce("tex", recolored=["#ff8000"]),
            r"recolored must be pairs of colours",
        ),
        (
            lambda: cmds.rgbCloudReduce("tex", locked=["red"]),
            "locked must be colours of six hexadecimal digits",
        ),
        (lambda: cmds.rgbCloudReduce("nothing1"), "there is no node nothing1 in the scene"),
        (lambda: cmds.rgbCloudReduce("tex", query=True, colors=True), "tex shows its original"),
        (lambda: cmds.rgbCloud("tex", colorBy="hue"), 'color_by must be "source" or "cluster"'),
        (lambda: cmds.rgbCloud(remove=True), "there is no cloud in the scene"),
        (lambda: cmds.rgbCloudPalette("/no/such.png"), "no such file or directory; check the path"),
    ],
)
def test_errors_are_one_sentence_and_change_nothing(node, call, message):
    before = snapshot()
    with pytest.raises(RuntimeError, match=message):
        call()
    assert differences(before, snapshot()) == []


def test_mel_calls_them_like_maya_commands(node, wood):
    mel.eval(f"rgbCloudReduce -colors 3 -sd 2 {node}")
    assert cmds.getAttr(f"{node}.fileTextureName").endswith("wood.k3.s2.png")
    mel.eval(f"rgbCloudRevert {node}")
    assert cmds.getAttr(f"{node}.fileTextureName") == str(wood)
    mel.eval(f"rgbCloud -colors 2 -parts points -parts cube {node}")
    assert list(cmds.rgbCloud(query=True, parts=True)) == ["points", "cube"]
    mel.eval("rgbCloud -remove")
    assert not cmds.rgbCloud(query=True, clouds=True)


@pytest.mark.parametrize("command", ["rgbCloud", "rgbCloudReduce", "rgbCloudRevert", "rgbCloudPalette"])
def test_help_names_every_flag(command):
    text = only(getattr(cmds, command)(helpText=True))
    assert text.startswith(f"{command} [flags]")
    assert "-helpText" in text


def test_a_maya_without_numpy_says_what_to_do(node, monkeypatch):
    import sys

    for name in [name for name in sys.modules if name.split(".")[0] == "numpy"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "rgbcloud_maya.commands.command_actions", raising=False)
    with pytest.raises(
        RuntimeError, match=r"rgbCloudReduce: numpy is not installed .*Drag .*install_rgbcloud\.py"
    ):
        cmds.rgbCloudReduce(node, colors=3)


def test_a_maya_without_the_core_loads_the_plug_in_and_says_what_to_do(script_editor, monkeypatch):
    import sys
    from pathlib import Path

    cmds.unloadPlugin("rgbcloud_plugin")
    ours = [name for name in sys.modules if name.split(".")[0] in ("rgbcloud", "rgbcloud_maya")]
    for name in ours:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "rgbcloud", None)
    plugin = Path(__file__).resolve().parents[2] / "maya_plugin" / "plug-ins" / "rgbcloud_plugin.py"
    cmds.loadPlugin(str(plugin), quiet=True)
    (warning,) = script_editor("warning")
    assert "the package rgbcloud is not beside" in warning
    assert warning.endswith("drag install_rgbcloud.py of a whole copy of the project into the viewport")
    assert only(cmds.rgbCloudRevert(helpText=True)).startswith("rgbCloudRevert [flags]")
    for command in (cmds.rgbCloud, cmds.rgbCloudReduce, cmds.rgbCloudRevert, cmds.rgbCloudPalette):
        with pytest.raises(RuntimeError, match="the package rgbcloud is not beside"):
            command("tex")


def test_every_field_is_a_flag_with_its_sentence():
    of_palettes = [field for field in FIELDS if field.part in ("palette", "source")]
    for command, fields in (
        ("rgbCloudReduce", FIELDS),
        ("rgbCloud", of_palettes),
        ("rgbCloudPalette", of_palettes),
    ):
        text = only(getattr(cmds, command)(helpText=True))
        for field in fields:
            assert f"  -{field.short:<3} -{field.flag:<16} {field.help}" in text


def test_a_cloud_of_a_palette_file_and_back(node, tmp_path):
    (tmp_path / "client.hex").write_text("ff0000\n0000ff\n")
    root = only(cmds.rgbCloud(node, palette=str(tmp_path / "client.hex")))
    assert list(cmds.rgbCloud(root, query=True, palette=True)) == ["#ff0000", "#0000ff"]
    assert cmds.rgbCloud(root, query=True, colors=True) == 2
    cmds.rgbCloud(root, pointSize=5)
    assert list(cmds.rgbCloud(root, query=True, palette=True)) == ["#ff0000", "#0000ff"]
    with pytest.raises(RuntimeError, match="palette has its own number of colours; leave out colors"):
        cmds.rgbCloud(root, colors=3)
    cmds.rgbCloud(root, palette="", colors=3)
    assert cmds.rgbCloud(root, query=True, colors=True) == 3


def test_a_cloud_heeds_a_mask(node, tmp_path):
    mask = np.zeros((16, 16), np.uint8)
    mask[:8, :8] = 255  # red alone
    Image.fromarray(mask).save(tmp_path / "mask.png")
    cmds.rgbCloud(node, colors=2, mask=str(tmp_path / "mask.png"))
    assert len(cmds.getAttr(f"{cmds.ls(type='particle')[0]}.position0")) <= 64
    assert all(
        color.startswith("#f") for color in cmds.rgbCloudPalette(node, mask=str(tmp_path / "mask.png"))
    )
