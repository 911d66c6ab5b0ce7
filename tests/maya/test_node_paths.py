"""Where reduced files go, that nodes lead to them, and what a texture was reduced from."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from maya import cmds
from scene_tools import checker, colors_in, differences, reverted, snapshot, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya.batch import scene_batch

OTHER = ((9, 9, 9), (90, 90, 90), (180, 180, 180), (240, 240, 240))


def file_of(node):
    """Return the file that Maya finds for a node: a relative path is the project's."""
    path = cmds.getAttr(f"{node}.fileTextureName", expandEnvironmentVariables=True)
    return Path(cmds.workspace(expandName=path))


def by_function(node):
    rgbcloud_maya.reduce([node], Recipe.of(colors=4), folder="out")


def by_flag(node):
    cmds.rgbCloudReduce(node, colors=4, folder="out")


def by_locators(node):
    root = rgbcloud_maya.build_cloud(node, Recipe.of(colors=4))
    rgbcloud_maya.apply_locators(root, folder="out")


def by_flag_of_locators(node):
    cmds.rgbCloud(node, colors=4)
    cmds.rgbCloud(applyLocators=True, folder="out")


@pytest.mark.usefixtures("loaded_plugin")
@pytest.mark.parametrize("path", ["sourceimages/wood.png", "{project}/sourceimages/wood.png"])
@pytest.mark.parametrize("reduce", [by_function, by_flag, by_locators, by_flag_of_locators])
def test_a_relative_folder_is_the_projects(project, tmp_path, monkeypatch, reduce, path):
    checker(project / "sourceimages" / "wood.png")
    node = texture("tex", path.format(project=project))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    reduce(node)
    (written,) = (project / "out").iterdir()
    assert file_of(node) == written
    assert len(colors_in(written)) == 4
    assert not list((tmp_path / "elsewhere").iterdir())
    assert cmds.getAttr(f"{node}.fileTextureName").startswith("out/") == (not path.startswith("{"))


def test_a_relative_folder_is_the_projects_in_batch(project, tmp_path, monkeypatch):
    (project / "workspace.mel").write_text("")
    checker(project / "sourceimages" / "wood.png")
    node = texture("tex", "sourceimages/wood.png")
    scene = project / "scenes" / "shot.ma"
    cmds.file(rename=str(scene))
    cmds.file(save=True, type="mayaAscii", force=True)
    monkeypatch.setattr(scene_batch, "_start_maya", lambda: None)
    monkeypatch.chdir(tmp_path)
    options = ["--colors", "4", "--folder", "out", "--palette", "client.hex"]
    (project / "client.hex").write_text("ff0000\n0000ff\n")
    del options[:2]
    assert scene_batch.main(["reduce", str(scene), *options, "-o", str(tmp_path / "out.ma")]) == 0
    (written,) = (project / "out").iterdir()
    assert file_of(node) == written
    assert colors_in(written) == {(255, 0, 0), (0, 0, 255)}
    assert not (tmp_path / "out").exists()


def test_variables_of_a_folder_are_expanded_or_told(node, project, tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTER", str(tmp_path / "lighter"))
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4), folder="$LIGHTER/shot")
    assert file_of(node) == tmp_path / "lighter" / "shot" / "wood.k4.png"
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4), folder="$LIGHTER/shot")[0].status == "unchanged"
    with pytest.raises(rgbcloud_maya.SceneError, match=r"^tex: \$NOWHERE/shot: \$NOWHERE is not set; set it"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=2), folder="$NOWHERE/shot")
    assert file_of(node) == Path(result.path)


def test_an_empty_folder_is_none(node, wood):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4), folder="")
    assert Path(result.path) == wood.with_name("wood.k4.png")


@pytest.mark.usefixtures("loaded_plugin")
def test_a_palette_is_saved_in_the_project(node, project, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cmds.rgbCloudPalette(node, colors=3, saveAs="wood.hex")
    assert len((project / "wood.hex").read_text().split()) == 3
    assert not (tmp_path / "wood.hex").exists()


def test_a_path_that_would_lead_to_another_file_is_written_in_full(project):
    """A bare name is looked for in the project's root first, where somebody has another wood.k4.png."""
    checker(project / "sourceimages" / "wood.png")
    checker(project / "wood.k4.png", colors=OTHER)
    node = texture("tex", "wood.png")
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert file_of(node) == project / "sourceimages" / "wood.k4.png"
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "unchanged"


def put_older(path):
    """Put another picture there as a copy that keeps its date: older than what was made of the one before."""
    size = path.stat().st_size
    checker(path, colors=OTHER)
    assert path.stat().st_size == size  # BMP is not compressed: only the content tells
    os.utime(path, ns=(1_000_000_000, 1_000_000_000))


@pytest.mark.parametrize("force", [False, True])
def test_a_source_that_an_older_file_replaced_has_changed(tmp_path, force):
    wood = checker(tmp_path / "wood.bmp")
    node = texture("tex", wood)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    put_older(wood)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4), force=force)
    assert result.status == "reduced"
    assert all(max(color) - min(color) < 20 for color in colors_in(file_of(node)))


def test_one_tile_that_an_older_file_replaced_has_changed(tmp_path):
    first, second = (checker(tmp_path / f"wood.{number}.bmp") for number in (1001, 1002))
    node = texture("tex", first, uvTilingMode=3)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    put_older(second)
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "reduced"


def test_a_source_of_another_date_alone_has_not_changed(node, wood):
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    os.utime(wood, ns=(1_000_000_000, 1_000_000_000))
    before = snapshot()
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "unchanged"
    assert differences(before, snapshot()) == []


def test_a_set_of_fewer_tiles_has_changed(tmp_path):
    first, second = (checker(tmp_path / f"wood.{number}.png") for number in (1001, 1002))
    node = texture("tex", first, uvTilingMode=3)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    second.unlink()
    assert rgbcloud_maya.reduce([node], Recipe.of(colors=4))[0].status == "reduced"


def test_two_states_of_a_scene_never_share_a_file_of_different_bytes(node, wood):
    other = texture("other", wood)
    rgbcloud_maya.reduce([node, other], Recipe.of(colors=4))
    first, before = file_of(node), file_of(node).read_bytes()
    checker(wood, colors=OTHER)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert file_of(node) != first == file_of(other)
    assert first.read_bytes() == before
    cmds.undo()
    assert file_of(node).read_bytes() == before


def test_reverting_to_an_original_that_is_gone_says_so(node, wood, script_editor):
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    shown = file_of(node)
    wood.unlink()
    (result,) = rgbcloud_maya.revert([node])
    assert result.message in script_editor("warning")
    assert result.message.startswith(
        f"{node} shows its original again, which is missing: {wood}: no such file"
    )
    assert result.message.endswith("undo to keep the reduced one")
    assert file_of(node) == wood
    cmds.undo()
    assert file_of(node) == shown


@pytest.mark.parametrize("gone", [1001, 1002])
def test_reverting_to_a_set_of_which_a_tile_is_gone_says_so(tmp_path, gone):
    tiles = [checker(tmp_path / f"wood.{number}.png") for number in (1001, 1002)]
    node = texture("tex", tiles[0], uvTilingMode=3)
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    missing = tmp_path / f"wood.{gone}.png"
    missing.unlink()
    assert list(rgbcloud_maya.missing_originals([node])) == [node]
    (kept,) = rgbcloud_maya.revert([node], keep_missing=True)
    assert kept.message.startswith(
        f"tex keeps its reduced texture, since its original is missing: {missing}: "
    )
    (result,) = rgbcloud_maya.revert([node])
    assert result.status == "reverted"
    assert f"which is missing: {missing}: no such file, though others of the set are there" in result.message


def test_a_button_says_that_originals_are_gone(node, wood, script_editor):
    from rgbcloud_maya.ui import buttons

    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    wood.unlink()
    cmds.select(node)
    buttons.revert()
    assert script_editor("info")[-1] == "rgbcloud: 1 texture shows its original again, 1 of which are missing"


@pytest.mark.interactive
@pytest.mark.parametrize(
    ("answer", "shown", "said"),
    [
        (
            "Keep the reduced",
            ("tex", "gone"),
            "1 texture shows its original again; 1 reduced ones are kept, as their originals are missing",
        ),
        ("Revert all the same", (), "2 textures show their original again, 1 of which are missing"),
        ("Cancel", ("tex", "gone", "other"), None),
    ],
)
def test_a_button_asks_whether_to_keep_what_has_no_original(
    node, wood, tmp_path, script_editor, answer_dialogs, answer, shown, said
):
    from rgbcloud_maya.ui import buttons

    other = texture("other", checker(tmp_path / "stone.png"))
    rgbcloud_maya.reduce([node, other], Recipe.of(colors=4))
    wood.unlink()
    cmds.select([node, other])
    answer_dialogs(answer)
    buttons.revert()
    (asked,) = script_editor("dialog")
    assert asked.startswith(f"The original is missing:\ntex: {wood}: no such file")
    assert (".k4." in file_of(node).name) == ("tex" in shown)
    assert (".k4." in file_of(other).name) == ("other" in shown)
    assert said is None or script_editor("info")[-1] == f"rgbcloud: {said}"


@pytest.mark.usefixtures("loaded_plugin")
def test_the_command_keeps_what_has_no_original(node, wood, script_editor):
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    wood.unlink()
    assert not cmds.rgbCloudRevert(node, keepMissing=True)
    assert file_of(node).name == "wood.k4.png"
    assert script_editor("warning")[0].startswith(
        "tex keeps its reduced texture, since its original is missing: "
    )


def test_an_original_that_is_there_is_reverted_without_a_word(node, script_editor):
    rgbcloud_maya.reduce([node], Recipe.of(colors=4))
    assert reverted([node]) == [node]
    assert script_editor("warning") == []


def test_a_heavier_result_is_warned_of_with_both_sizes(tmp_path, script_editor):
    """A palette of a noisy JPEG is heavier than the JPEG."""
    from rgbcloud_maya.ui import buttons

    source = checker(tmp_path / "wood.jpg", size=128, noise=60)
    node = texture("tex", source)
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=256))
    before, after = source.stat().st_size, file_of(node).stat().st_size
    assert after > before
    assert script_editor("warning") == [result.message]
    assert f"tex became heavier: {after:,} instead of {before:,} bytes" in result.message
    cmds.select(node)
    buttons.reduce(255)
    assert "1 reduced to 255 colours, 1 of them heavier than before; " in script_editor("info")[-1]


def test_a_lighter_result_is_not_warned_of(node, script_editor):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    assert result.message == ""
    assert script_editor("warning") == []


@pytest.mark.parametrize("kept", [True, False])
def test_revert_brings_back_whether_file_rules_are_ignored(node, kept):
    cmds.setAttr(f"{node}.ignoreColorSpaceFileRules", kept)
    before = snapshot()
    rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    cmds.setAttr(f"{node}.ignoreColorSpaceFileRules", not kept)
    rgbcloud_maya.revert([node])
    assert cmds.getAttr(f"{node}.ignoreColorSpaceFileRules") == kept
    assert differences(before, snapshot()) == []


def test_what_a_node_keeps_was_edited(node):
    rgbcloud_maya.reduce([node], Recipe.of(colors=2))
    cmds.setAttr(f"{node}.rgbcloudReduction", "no JSON", type="string")
    with pytest.raises(rgbcloud_maya.SceneError, match=r"tex\.rgbcloudReduction: .*; undo the change to it"):
        rgbcloud_maya.reduce([node], Recipe.of(colors=2))
