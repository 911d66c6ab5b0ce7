"""Scene files: new, save, open, import, and Maya ASCII as it is found in the wild.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X. The snippets are
written after real scenes: "UsdExportParticlesTest", "SingleLocator", "UsdExportUDIMTest",
"color_management" of Autodesk/maya-usd, "ParticlesInCube" (text index file 45362009799), and, in the
long-flag form, 9580740609.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from maya import cmds


def save(path):
    cmds.file(rename=str(path))
    return cmds.file(save=True, type="mayaAscii")


def reopen(path):
    cmds.file(new=True, force=True)
    return cmds.file(str(path), open=True, force=True)


@pytest.fixture
def scene(tmp_path):
    return tmp_path / "scene.ma"


def round_trip(path):
    save(path)
    reopen(path)


def test_a_new_scene_is_untitled_and_unmodified():
    # docs: file, flags newFile, sceneName, modified
    cmds.file(new=True, force=True)
    assert cmds.file(query=True, sceneName=True) == ""
    assert not cmds.file(query=True, modified=True)
    cmds.createNode("file")
    assert cmds.file(query=True, modified=True)


def test_a_new_scene_drops_the_old_one():
    cmds.createNode("file", name="wood")
    cmds.file(new=True, force=True)
    assert not cmds.objExists("wood")


def test_unsaved_changes_are_not_dropped_without_force():
    # docs: file, flag force, "Force an action to take place. (new, open, save, ...)"
    cmds.createNode("file", name="wood")
    with pytest.raises(RuntimeError, match=r"(?i)unsaved changes"):
        cmds.file(new=True)
    assert cmds.objExists("wood")


def test_saving_writes_the_file_and_clears_modified(scene):
    # example: file, rename and save
    cmds.createNode("file", name="wood")
    save(scene)
    assert scene.read_text(encoding="utf-8").startswith("//Maya ASCII")
    assert not cmds.file(query=True, modified=True)
    assert Path(cmds.file(query=True, sceneName=True)) == scene


def test_opening_a_missing_file_raises(tmp_path):
    with pytest.raises(RuntimeError, match=r"(?i)not found|nothing.ma"):
        cmds.file(str(tmp_path / "nothing.ma"), open=True, force=True)


def test_exists_is_asked_for(scene):
    # example: file, 'foo.mb', query=True, exists=True -> 0
    assert not cmds.file(str(scene), query=True, exists=True)
    save(scene)
    assert cmds.file(str(scene), query=True, exists=True)


def test_a_hierarchy_comes_back(scene):
    cmds.createNode("transform", name="base")
    cmds.setAttr("base.translate", 1, 2, 3, type="double3")
    for side in ("left", "right"):
        cmds.createNode("transform", name=side, parent="base")
        cmds.createNode("locator", name="leaf", parent=side)
    round_trip(scene)
    assert cmds.getAttr("base.translate") == [(1, 2, 3)]
    assert sorted(cmds.ls("leaf", long=True)) == ["|base|left|leaf", "|base|right|leaf"]


def test_a_uuid_comes_back(scene):
    # real scenes since 2016: rename -uid
    cmds.createNode("file", name="wood")
    uuid = cmds.ls("wood", uuid=True)
    round_trip(scene)
    assert cmds.ls("wood", uuid=True) == uuid


def test_connections_come_back(scene):
    texture = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="wood")
    shader = cmds.shadingNode("lambert", asShader=True, name="paint")
    cmds.connectAttr(f"{texture}.outColor", f"{shader}.color")
    round_trip(scene)
    assert cmds.isConnected("wood.outColor", "paint.color")
    assert cmds.isConnected("defaultColorMgtGlobals.cmEnabled", "wood.colorManagementEnabled")
    assert cmds.listConnections("defaultTextureList1.textures") == ["wood"]


def test_a_file_node_keeps_path_colour_space_and_rules(scene):
    # color_management.ma: .ftn, .cs, .ifr
    cmds.createNode("file", name="wood")
    cmds.setAttr("wood.fileTextureName", "sourceimages/wood.png", type="string")
    cmds.setAttr("wood.colorSpace", "ACEScg", type="string")
    cmds.createNode("file", name="oak")
    cmds.setAttr("oak.ignoreColorSpaceFileRules", True)
    cmds.setAttr("oak.uvTilingMode", 3)
    round_trip(scene)
    assert cmds.getAttr("wood.fileTextureName") == "sourceimages/wood.png"
    assert cmds.getAttr("wood.colorSpace") == "ACEScg"
    assert cmds.getAttr("oak.ignoreColorSpaceFileRules")
    assert cmds.getAttr("oak.uvTilingMode") == 3


def test_dynamic_attributes_come_back(scene):
    cmds.createNode("network", name="note")
    cmds.addAttr("note", longName="original", shortName="orig", dataType="string")
    cmds.setAttr("note.original", 'C:\\tex\\"wood"\n木.png', type="string")
    cmds.addAttr("note", longName="count", attributeType="long", minValue=1, maxValue=256, defaultValue=16)
    cmds.setAttr("note.count", 7)
    cmds.addAttr("note", longName="space", attributeType="enum", enumName="rgb:oklab")
    cmds.setAttr("note.space", 1)
    cmds.addAttr("note", longName="weights", dataType="doubleArray")
    cmds.setAttr("note.weights", [0.25, 0.75], type="doubleArray")
    cmds.addAttr("note", longName="tint", attributeType="float3", usedAsColor=True)
    for channel in "RGB":
        cmds.addAttr("note", longName=f"tint{channel}", attributeType="float", parent="tint")
    cmds.setAttr("note.tint", 0.1, 0.2, 0.3, type="float3")
    round_trip(scene)
    assert cmds.getAttr("note.orig") == 'C:\\tex\\"wood"\n木.png'
    assert cmds.getAttr("note.count") == 7
    assert cmds.getAttr("note.space", asString=True) == "oklab"
    assert cmds.getAttr("note.weights") == [0.25, 0.75]
    assert cmds.getAttr("note.tint")[0] == pytest.approx((0.1, 0.2, 0.3))
    assert cmds.attributeQuery("count", node="note", range=True) == [1, 256]


def test_an_attribute_that_is_not_storable_comes_back_empty(scene):
    # docs: addAttr, flag storable, "Can the attribute be stored out to a file?"
    cmds.createNode("network", name="note")
    cmds.addAttr("note", longName="count", attributeType="long", storable=False)
    cmds.setAttr("note.count", 7)
    round_trip(scene)
    assert cmds.getAttr("note.count") == 0


def test_locks_come_back(scene):
    cmds.createNode("transform", name="base")
    cmds.setAttr("base.tx", lock=True)
    cmds.createNode("network", name="note")
    cmds.lockNode("note", lock=True)
    round_trip(scene)
    assert cmds.getAttr("base.tx", lock=True)
    assert cmds.lockNode("note", query=True, lock=True) == [True]


def test_namespaces_and_sets_come_back(scene):
    cmds.createNode("transform", name="show:prop:base")
    cmds.sets("show:prop:base", name="chosen")
    round_trip(scene)
    assert cmds.objExists("show:prop:base")
    assert cmds.sets("chosen", query=True) == ["show:prop:base"]


def test_keys_come_back(scene):
    cmds.createNode("transform", name="base")
    cmds.setKeyframe("base", attribute="translateX", time=1, value=0)
    cmds.setKeyframe("base", attribute="translateX", time=11, value=10)
    round_trip(scene)
    assert cmds.keyframe("base", attribute="translateX", query=True, timeChange=True) == [1, 11]
    assert cmds.keyframe("base", attribute="translateX", query=True, valueChange=True) == [0, 10]


def test_only_what_differs_from_the_default_is_written(scene):
    # SingleLocator: a fresh locator is createNode and nothing more; real scenes never write .prt 3
    cmds.createNode("particle", name="dust")
    cmds.spaceLocator(name="mark")
    save(scene)
    text = scene.read_text(encoding="utf-8")
    assert '".prt"' not in text
    assert '".isd"' not in text
    assert '".los"' not in text


def test_a_particle_s_arrays_are_written_with_their_count(scene):
    # UsdExportParticlesTest: setAttr ".pos0" -type "vectorArray" 5 ...
    cmds.createNode("particle", name="dust")
    cmds.setAttr("dust.position0", 2, (1, 2, 3), (4, 5, 6), type="vectorArray")
    save(scene)
    text = " ".join(scene.read_text(encoding="utf-8").split())
    assert 'setAttr ".pos0" -type "vectorArray" 2 1 2 3 4 5 6' in text


SHORT_FLAGS = """//Maya ASCII 2016 scene
//Name: snippet.ma
//Codeset: UTF-8
requires maya "2016";
currentUnit -l centimeter -a degree -t film;
fileInfo "application" "maya";
createNode transform -s -n "persp";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0001";
\tsetAttr ".v" no;
\tsetAttr ".t" -type "double3" 28 21 28 ;
createNode camera -s -n "perspShape" -p "persp";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0002";
\tsetAttr -k off ".v" no;
createNode transform -n "cloud";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0003";
createNode particle -n "cloudShape" -p "cloud";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0004";
\taddAttr -s false -ci true -sn "rgbPP" -ln "rgbPP" -dt "vectorArray";
\taddAttr -ci true -h true -sn "rgbPP0" -ln "rgbPP0" -dt "vectorArray";
\taddAttr -is true -ci true -sn "pointSize" -ln "pointSize" -dv 2 -min 1 -max 60 -at "long";
\tsetAttr -k off ".v";
\tsetAttr ".gf" -type "Int32Array" 0 ;
\tsetAttr ".pos0" -type "vectorArray" 3 0 0 0 1
\t\t 0.5 0.25 -1 2 3 ;
\tsetAttr ".vel0" -type "vectorArray" 0 ;
\tsetAttr ".mas0" -type "doubleArray" 3 1 1 1 ;
\tsetAttr ".id0" -type "doubleArray" 3 0 1 2 ;
\tsetAttr ".nid" 3;
\tsetAttr ".isd" no;
\tsetAttr ".rgbPP0" -type "vectorArray" 3 1 0 0 0 1 0 0 0 1 ;
\tsetAttr -k on ".pointSize" 3;
createNode file -n "wood";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0005";
\tsetAttr ".ftn" -type "string" "/tex/my \\"wood\\"; a.1001.png";
\tsetAttr ".cs" -type "string" "ACEScg";
\tsetAttr ".uvt" 3;
\tsetAttr ".ifr" yes;
createNode place2dTexture -n "place";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0006";
\tsetAttr ".re" -type "float2" 4 4 ;
createNode script -n "sceneConfigurationScriptNode";
\trename -uid "5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0007";
\tsetAttr ".b" -type "string" "playbackOptions -min 1 -max 24 -ast 1 -aet 48 ";
\tsetAttr ".st" 6;
select -ne :time1;
\tsetAttr ".o" 1;
\tsetAttr ".unw" 1;
select -ne :initialParticleSE;
\tsetAttr ".ro" yes;
connectAttr "place.o" "wood.uv";
connectAttr "place.ofs" "wood.fs";
connectAttr ":defaultColorMgtGlobals.cme" "wood.cme";
connectAttr ":time1.o" "cloudShape.cti";
connectAttr "cloudShape.iog" ":initialParticleSE.dsm" -na;
connectAttr "wood.msg" ":defaultTextureList1.tx" -na;
// End of snippet.ma
"""


@pytest.fixture
def snippet(scene):
    scene.write_text(SHORT_FLAGS, encoding="utf-8")
    cmds.file(str(scene), open=True, force=True, ignoreVersion=True, prompt=False)


class TestSceneFromTheWild:
    """UsdExportParticlesTest, ParticlesInCube, UsdExportUDIMTest, color_management: as Maya saves."""

    @pytest.fixture(autouse=True)
    def _open(self, snippet):
        pass

    def test_arrays_over_several_lines(self):
        assert cmds.getAttr("cloudShape.position0") == [(0, 0, 0), (1, 0.5, 0.25), (-1, 2, 3)]
        assert cmds.getAttr("cloudShape.particleId0") == [0, 1, 2]

    def test_empty_arrays(self):
        assert not cmds.getAttr("cloudShape.velocity0")

    def test_dynamic_attributes(self):
        assert cmds.getAttr("cloudShape.rgbPP0") == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
        assert cmds.getAttr("cloudShape.pointSize") == 3
        assert cmds.attributeQuery("rgbPP", node="cloudShape", exists=True)

    def test_yes_and_no(self):
        assert cmds.getAttr("wood.ignoreColorSpaceFileRules") is True
        assert cmds.getAttr("cloudShape.isDynamic") is False

    def test_quotes_and_semicolons_in_strings(self):
        assert cmds.getAttr("wood.fileTextureName") == '/tex/my "wood"; a.1001.png'

    def test_the_stored_colour_space_wins(self):
        # color_management.ma: .ftn stands before .cs
        assert cmds.getAttr("wood.colorSpace") == "ACEScg"
        assert cmds.getAttr("wood.uvTilingMode") == 3

    def test_compounds(self):
        assert cmds.getAttr("place.repeatUV") == [(4, 4)]
        assert cmds.getAttr("persp.translate") == [(28, 21, 28)]

    def test_connections_and_default_nodes(self):
        assert cmds.isConnected("place.outUV", "wood.uvCoord")
        assert cmds.listConnections("cloudShape.currentTime") == ["time1"]
        assert cmds.sets("cloudShape", isMember="initialParticleSE")
        assert "wood" in cmds.listConnections("defaultTextureList1.textures")

    def test_uuids(self):
        assert cmds.ls("wood", uuid=True) == ["5C7F3A7C-4B3A-8C1D-9E5C-1B2B6E0A0005"]

    def test_saving_it_again_keeps_it(self, tmp_path):
        again = tmp_path / "again.ma"
        round_trip(again)
        assert cmds.getAttr("cloudShape.rgbPP0") == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
        assert cmds.getAttr("wood.fileTextureName") == '/tex/my "wood"; a.1001.png'


MESH = """//Maya ASCII 2025 scene
requires maya "2016";
createNode transform -n "pipe";
createNode mesh -n "pipeShape" -p "pipe";
\tsetAttr -k off ".v";
\tsetAttr ".vir" yes;
\tsetAttr ".uvst[0].uvsn" -type "string" "map1";
\tsetAttr ".cuvs" -type "string" "map1";
\tsetAttr ".covm[0]"  0 1 1;
createNode lightLinker -s -n "lightLinker1";
\tsetAttr -s 2 ".lnk";
createNode displayLayerManager -n "layerManager";
createNode displayLayer -n "defaultLayer";
\tsetAttr ".ufem" -type "stringArray" 0  ;
createNode renderLayer -n "defaultRenderLayer";
\tsetAttr ".g" yes;
createNode polyCylinder -n "polyCylinder1";
\tsetAttr ".cuv" 3;
createNode script -n "uiConfigurationScriptNode";
\tsetAttr ".b" -type "string" (
\t\t"// Maya Mel UI Configuration File.\\n"
\t\t+ "global string $gMainPane;\\n");
\tsetAttr ".st" 3;
select -ne :defaultResolution;
\tsetAttr -av -k on ".w";
select -ne :defaultColorMgtGlobals;
\tsetAttr ".wsn" -type "string" "ACEScg";
connectAttr "polyCylinder1.out" "pipeShape.i";
relationship "link" ":lightLinker1" ":initialShadingGroup.message" ":defaultLightSet.message";
connectAttr "layerManager.dli[0]" "defaultLayer.id";
connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";
connectAttr "pipeShape.iog" ":initialShadingGroup.dsm" -na;
"""


def test_what_every_scene_holds_besides_is_read_and_kept(scene, tmp_path):
    # maya-usd UsdExportTextureTest/rel_project/scenes/TextureTest.ma
    scene.write_text(MESH, encoding="utf-8")
    cmds.file(str(scene), open=True, force=True)
    again = tmp_path / "again.ma"
    round_trip(again)
    assert cmds.ls(type="mesh") == ["pipeShape"]
    assert cmds.sets("pipeShape", isMember="initialShadingGroup")
    assert cmds.ls(type="displayLayer") == ["defaultLayer"]
    assert cmds.getAttr("defaultColorMgtGlobals.workingSpaceName") == "ACEScg"
    text = again.read_text(encoding="utf-8")
    assert 'setAttr ".uvst[0].uvsn" -type "string" "map1"' in text
    assert 'relationship "link" ":lightLinker1"' in text
    assert "global string $gMainPane" in text


ALIASES = """//Maya ASCII 2020 scene
requires maya "2020";
createNode transform -n "driver";
\taddAttr -ci true -h true -sn "aal" -ln "attributeAliasList" -dt "attributeAlias";
\tsetAttr ".aal" -type "attributeAlias" {"Turn","rotateY","Radius","translateX","Forward"
\t\t,"translateZ"} ;
createNode transform -n "older";
\tsetAttr ".aal" -type "attributeAlias" 4 "Turn" "rotateY" "Radius" "translateX" ;
"""


def test_aliases_are_read_in_both_forms_and_come_back(scene, tmp_path):
    # public scenes: text index files 2502734182 and, with a count, 52317141622
    scene.write_text(ALIASES, encoding="utf-8")
    cmds.file(str(scene), open=True, force=True)
    for node in ("driver", "older"):
        cmds.setAttr(f"{node}.Radius", 3)
        assert cmds.getAttr(f"{node}.translateX") == 3
    round_trip(tmp_path / "again.ma")
    assert cmds.getAttr("driver.Forward") == 0
    assert cmds.getAttr("older.Radius") == 3


LONG_FLAGS = """//Maya ASCII 2019 scene
requires maya "2019";
createNode transform -name "cloud";
createNode particle -name "cloudShape" -parent "cloud";
addAttr -storable false -cachedInternally true -shortName "rgbPP" -longName "rgbPP" -dataType "vectorArray";
addAttr -cachedInternally true -hidden true -shortName "rgbPP0" -longName "rgbPP0" -dataType "vectorArray";
setAttr ".position0" -type "vectorArray" 1 0.5 0.5 0.5;
setAttr ".rgbPP0" -type "vectorArray" 1 1 0 0;
connectAttr ":time1.outTime" "cloudShape.currentTime";
"""


def test_the_long_form_of_flags_and_attributes_is_read(scene):
    # 9580740609: -longName, -storable false
    scene.write_text(LONG_FLAGS, encoding="utf-8")
    cmds.file(str(scene), open=True, force=True)
    assert cmds.getAttr("cloudShape.position0") == [(0.5, 0.5, 0.5)]
    assert cmds.getAttr("cloudShape.rgbPP0") == [(1, 0, 0)]
    assert cmds.listConnections("cloudShape.currentTime") == ["time1"]


def test_a_node_of_a_missing_plug_in_becomes_unknown_and_survives_saving(scene, tmp_path):
    # maya-usd and the docs of unknownNode: opening without a plug-in keeps the node's text
    scene.write_text(
        '//Maya ASCII 2020 scene\nrequires maya "2020";\nrequires "studioShader" "1.0";\n'
        'createNode studioShader -n "varnish";\n\tsetAttr ".gloss" 0.5;\n',
        encoding="utf-8",
    )
    cmds.file(str(scene), open=True, force=True)
    assert cmds.nodeType("varnish") == "unknown"
    save(tmp_path / "again.ma")
    assert "studioShader" in (tmp_path / "again.ma").read_text(encoding="utf-8")


def test_import_brings_nodes_into_a_namespace(scene):
    # docs: file, flags i, namespace
    cmds.createNode("file", name="wood")
    save(scene)
    cmds.file(new=True, force=True)
    cmds.createNode("file", name="wood")
    cmds.file(str(scene), i=True, namespace="props")
    assert cmds.objExists("wood")
    assert cmds.objExists("props:wood")


def test_importing_tells_its_nodes(scene):
    # docs: file, flag returnNewNodes
    cmds.createNode("file", name="wood")
    save(scene)
    cmds.file(new=True, force=True)
    assert "wood" in cmds.file(str(scene), i=True, returnNewNodes=True)


def test_exporting_the_selection(scene, tmp_path):
    # docs: file, flag exportSelected
    cmds.createNode("file", name="wood")
    cmds.createNode("file", name="oak")
    cmds.select("wood")
    target = tmp_path / "part.ma"
    cmds.file(str(target), exportSelected=True, type="mayaAscii", force=True)
    cmds.file(new=True, force=True)
    cmds.file(str(target), open=True, force=True)
    assert cmds.objExists("wood")
    assert not cmds.objExists("oak")


# --- references


@pytest.fixture
def referenced(tmp_path):
    """A scene that references prop.ma, with its nodes in the namespace prop."""
    cmds.createNode("transform", name="base")
    cmds.createNode("file", name="wood")
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    prop = tmp_path / "prop.ma"
    save(prop)
    cmds.file(new=True, force=True)
    cmds.file(str(prop), reference=True, namespace="prop")
    return prop


def test_a_reference_brings_read_only_nodes(referenced):
    # docs: referenceQuery, flag isNodeReferenced; ls, flag referencedNodes
    assert cmds.objExists("prop:wood")
    assert cmds.referenceQuery("prop:wood", isNodeReferenced=True)
    assert "prop:wood" in cmds.ls(referencedNodes=True)
    cmds.createNode("file", name="own")
    assert not cmds.referenceQuery("own", isNodeReferenced=True)


def test_a_reference_has_a_node_and_a_file(referenced):
    # example: referenceQuery, 'midRN', filename=True
    assert cmds.referenceQuery("prop:wood", referenceNode=True) == "propRN"
    assert Path(cmds.referenceQuery("propRN", filename=True)) == referenced
    assert cmds.ls(references=True) == ["propRN"]


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: cmds.delete("prop:wood"), id="delete"),
        pytest.param(lambda: cmds.rename("prop:wood", "oak"), id="rename"),
    ],
)
def test_a_referenced_node_is_neither_deleted_nor_renamed(referenced, call):
    # docs: ls, flag referencedNodes, "Referenced nodes are read only"
    with pytest.raises(RuntimeError, match=r"(?i)read.?only|referenced|locked"):
        call()
    assert cmds.objExists("prop:wood")


def test_a_change_to_a_referenced_node_is_an_edit_of_this_scene(referenced, tmp_path):
    # docs: referenceQuery, flag editStrings; setAttr on a referenced node becomes a reference edit
    cmds.setAttr("prop:wood.fileTextureName", "wood.k16.png", type="string")
    scene = tmp_path / "shot.ma"
    round_trip(scene)
    assert cmds.getAttr("prop:wood.fileTextureName") == "wood.k16.png"
    cmds.file(new=True, force=True)
    cmds.file(str(referenced), open=True, force=True)
    assert cmds.getAttr("wood.fileTextureName") == "wood.png"


def test_removing_a_reference_removes_its_nodes(referenced):
    # example: file, removeReference=True
    cmds.file(str(referenced), removeReference=True)
    assert not cmds.objExists("prop:wood")
    assert not cmds.ls(references=True)


def test_referencing_a_missing_file_raises(tmp_path):
    with pytest.raises(RuntimeError, match=r"(?i)not found|nothing|exist"):
        cmds.file(str(tmp_path / "nothing.ma"), reference=True, namespace="prop")
