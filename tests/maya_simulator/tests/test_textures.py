"""File nodes: paths, tiles and the trap of the colour space.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "movie class" is the
public table of the node that inherits file (text index file 61418001148); scenes are those of
Autodesk/maya-usd.
"""

from __future__ import annotations

import os

import pytest
from maya import cmds


@pytest.fixture
def texture():
    return cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="wood")


def test_a_path_brings_its_colour_space_by_the_rules(texture):
    # ynput/OpenPype issue 2337, daz3d/DazToMaya pull 39: the colour space set before the path is lost
    cmds.setAttr("wood.colorSpace", "Raw", type="string")
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    assert cmds.getAttr("wood.colorSpace") != "Raw"
    assert cmds.getAttr("wood.colorSpace") == cmds.colorManagementFileRules(evaluate="wood.png")


def test_a_colour_space_set_after_the_path_stays(texture):
    # ynput/ayon-maya extract_look.py: colour space is written after the file path
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    cmds.setAttr("wood.colorSpace", "Raw", type="string")
    assert cmds.getAttr("wood.colorSpace") == "Raw"


def test_ignoring_the_rules_keeps_the_colour_space(texture):
    # maya-usd color_management.ma: setAttr ".ifr" yes beside ".cs"
    cmds.setAttr("wood.ignoreColorSpaceFileRules", True)
    cmds.setAttr("wood.colorSpace", "Raw", type="string")
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    assert cmds.getAttr("wood.colorSpace") == "Raw"


def test_the_same_path_again_runs_the_rules_again(texture):
    # OpenPype issue 2337: any write of the path
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    cmds.setAttr("wood.colorSpace", "Raw", type="string")
    cmds.setAttr("wood.fileTextureName", "oak.png", type="string")
    assert cmds.getAttr("wood.colorSpace") != "Raw"


def test_a_name_that_the_config_does_not_have_is_kept(texture):
    # Autodesk's description of the attribute: an unknown space is shown, not refused
    cmds.setAttr("wood.colorSpace", "my studio space", type="string")
    assert cmds.getAttr("wood.colorSpace") == "my studio space"


def test_floating_point_files_are_raw_by_the_default_rules():
    # Autodesk, "Define rules to assign color spaces to input files": tx, hdr and exr rules assign Raw
    assert cmds.colorManagementFileRules(evaluate="wood.exr") == "Raw"
    assert cmds.colorManagementFileRules(evaluate="wood.png") != "Raw"


def test_the_colour_spaces_are_known_by_name():
    # docs: colorManagementPrefs, flag inputSpaceNames
    names = cmds.colorManagementPrefs(query=True, inputSpaceNames=True)
    assert "Raw" in names
    assert cmds.colorManagementFileRules(evaluate="wood.png") in names


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("uvTilingMode", 0),
        ("filterType", 3),
        ("useFrameExtension", False),
        ("frameExtension", 1),
        ("frameOffset", 0),
        ("ignoreColorSpaceFileRules", False),
        ("alphaIsLuminance", False),
        ("uvTileProxyQuality", 3),
        ("disableFileLoad", False),
    ],
)
def test_a_new_file_node_has_these_values(texture, attribute, value):
    # maya-mock-completion, file; movie class
    assert cmds.getAttr(f"wood.{attribute}") == value


@pytest.mark.parametrize(
    "name", ["Off", "0-based (ZBrush)", "1-based (Mudbox)", "UDIM (Mari)", "Explicit Tiles"]
)
def test_the_tiling_modes_are_these(texture, name):
    # movie class
    modes = cmds.attributeQuery("uvTilingMode", node="wood", listEnum=True)[0].split(":")
    assert name in modes


def test_the_pattern_of_tiles_is_computed(texture):
    # maya-usd UsdExportUDIMTest.ma: ftn holds tile 1001; deadline-cloud-for-maya file_path_editor.py reads
    # the pattern
    cmds.setAttr("wood.uvTilingMode", 3)
    cmds.setAttr("wood.fileTextureName", "/tex/wood.1001.png", type="string")
    assert cmds.getAttr("wood.fileTextureName") == "/tex/wood.1001.png"
    assert cmds.getAttr("wood.computedFileTextureNamePattern") == "/tex/wood.<UDIM>.png"


def test_without_tiles_the_pattern_is_the_path(texture):
    cmds.setAttr("wood.fileTextureName", "/tex/wood.1001.png", type="string")
    assert cmds.getAttr("wood.computedFileTextureNamePattern") == "/tex/wood.1001.png"


def test_the_pattern_of_frames_is_computed(texture):
    # maya-mock-completion maya/app/general/fileTexturePathResolver.py: getFilePatternString, <f>
    cmds.setAttr("wood.useFrameExtension", True)
    cmds.setAttr("wood.fileTextureName", "/tex/wood.0007.png", type="string")
    assert cmds.getAttr("wood.computedFileTextureNamePattern") == "/tex/wood.<f>.png"


def test_environment_variables_stay_in_the_path_and_are_expanded_on_request(texture, monkeypatch):
    # example: getAttr, file1.ftn and x=True
    monkeypatch.setenv("RGBCLOUD_TEX", "/show/tex")
    cmds.setAttr("wood.fileTextureName", "$RGBCLOUD_TEX/wood.png", type="string")
    assert cmds.getAttr("wood.fileTextureName") == "$RGBCLOUD_TEX/wood.png"
    assert cmds.getAttr("wood.fileTextureName", expandEnvironmentVariables=True) == "/show/tex/wood.png"


def test_a_path_of_any_letters_is_kept(texture):
    # maya.cmds takes unicode strings
    cmds.setAttr("wood.fileTextureName", "/tex/Bäume mit Rinde/木.png", type="string")
    assert cmds.getAttr("wood.fileTextureName") == "/tex/Bäume mit Rinde/木.png"


def test_isColorManaged_connects_and_leaving_it_off_does_not():
    # docs: shadingNode, flag isColorManaged
    plain = cmds.shadingNode("file", asTexture=True)
    assert cmds.listConnections(f"{plain}.colorManagementEnabled") is None


def test_shadingNode_needs_to_be_told_what_it_makes():
    # docs: shadingNode, "classifies any DG node as a shader, texture light, post process, or utility"
    with pytest.raises(RuntimeError, match=r"(?i)flag|classif|as"):
        cmds.shadingNode("file")


def test_shadingNode_of_an_unknown_type_raises():
    with pytest.raises(RuntimeError, match="teapotHolder"):
        cmds.shadingNode("teapotHolder", asTexture=True)


def test_the_project_resolves_relative_paths(tmp_path):
    # docs: workspace, flags openWorkspace, rootDirectory, fileRule, expandName
    root = str(tmp_path).replace(os.sep, "/")
    cmds.workspace(root, openWorkspace=True)
    cmds.workspace(fileRule=("sourceImages", "sourceimages"))
    assert cmds.workspace(query=True, rootDirectory=True).rstrip("/") == root
    assert cmds.workspace(fileRuleEntry="sourceImages") == "sourceimages"
    assert cmds.workspace(expandName="sourceimages/wood.png") == f"{root}/sourceimages/wood.png"


def test_aiImage_is_there_only_with_arnold():
    # aiImage comes with the plug-in mtoa (node class, text index file 61444738895)
    if "aiImage" in cmds.allNodeTypes():
        pytest.skip("Arnold is loaded in this Maya")
    with pytest.raises(RuntimeError, match="Unknown object type: aiImage"):
        cmds.createNode("aiImage")


def test_outputs_of_a_texture_are_read_only(texture):
    # movie class: outColor, outAlpha, fileHasAlpha writable=False
    for attribute in ("outAlpha", "fileHasAlpha"):
        with pytest.raises(RuntimeError, match=attribute):
            cmds.setAttr(f"wood.{attribute}", 1)


@pytest.mark.interactive
def test_a_preview_of_tiles_is_generated_by_hand_where_there_are_tiles():
    # Autodesk, "Loading multi-tiled UV textures"; ayon-maya's api/lib.py: ogs(regenerateUVTilePreview=node)
    node = cmds.createNode("file")
    with pytest.raises(RuntimeError, match="shows no tiles"):
        cmds.ogs(regenerateUVTilePreview=node)
    cmds.setAttr(f"{node}.uvTilingMode", 3)
    cmds.ogs(regenerateUVTilePreview=node)
    cmds.setAttr(f"{node}.uvTileProxyQuality", 0)
    with pytest.raises(RuntimeError, match="shows no tiles"):
        cmds.ogs(regenerateUVTilePreview=node)
    with pytest.raises(RuntimeError, match="nobody"):
        cmds.ogs(regenerateUVTilePreview="nobody")


def test_there_is_no_viewport_in_batch():
    with pytest.raises(RuntimeError, match="no viewport"):
        cmds.ogs(reloadTextures=True)
