"""Files as Maya itself writes them: everything in them that a reader has to cope with.

The scene below is written by hand in the forms that the scenes of section 10 of the fact sheet show
(Autodesk/maya-usd: UsdExportUDIMTest.ma, UsdExportParticlesTest.ma; the long-flag form of MA-long).
"""

from __future__ import annotations

import maya.cmds as cmds
import pytest

SCENE = r"""//Maya ASCII 2018 scene
//Name: hall.ma
//Last modified: Mon, Nov 02, 2020 10:24:50 AM
//Codeset: UTF-8
requires maya "2018";
requires "stereoCamera" "10.0";
requires -nodeType "studioPaint" -dataType "studioPaintData" "studioTools" "3.1";
currentUnit -l centimeter -a degree -t film;
fileInfo "osv" "Microsoft Windows 8 Business Edition, 64-bit  (Build 9200)\n";
createNode transform -s -n "persp";
	rename -uid "A72470DE-40F9-D196-77F5-D0B5EC9FA1BB";
	setAttr ".v" no;
	setAttr ".t" -type "double3" 0.0013980904962354046 3.0266267655523826 -0.40052179730746262 ;
createNode camera -s -n "perspShape" -p "persp";
	rename -uid "A0948F05-4252-A81F-637B-6B805783F179";
	setAttr -k off ".v" no;
	setAttr ".fl" 34.999999999999993;
	setAttr ".imn" -type "string" "persp";
	setAttr ".hc" -type "string" "viewSet -p %camera";
createNode transform -n "floor";
	rename -uid "8AD4B97D-4BA9-69BC-AE02-328CB7A32C6F";
createNode mesh -n "floorShape" -p "floor";
	rename -uid "AD8A9080-4082-5EC3-60B6-7193A929FA6F";
	setAttr -k off ".v";
	setAttr ".vir" yes;
	setAttr ".pv" -type "double2" 2.4981389302463035 0.50147595770761999 ;
	setAttr ".uvst[0].uvsn" -type "string" "map1";
	setAttr ".cuvs" -type "string" "map1";
	setAttr ".covm[0]"  0 1 1;
	setAttr ".cdvm[0]"  0 1 1;
createNode transform -n "dust";
	rename -uid "0A000000-0000-4000-8000-000000000001";
createNode particle -n "dustShape" -p "dust";
	rename -uid "0A000000-0000-4000-8000-000000000002";
	addAttr -s false -ci true -sn "rgbPP" -ln "rgbPP" -dt "vectorArray";
	addAttr -ci true -h true -sn "rgbPP0" -ln "rgbPP0" -dt "vectorArray";
	addAttr -is true -ci true -sn "pointSize" -ln "pointSize" -dv 2 -min 1 -max 60 -at "long";
	setAttr ".gf" -type "Int32Array" 0 ;
	setAttr ".pos0" -type "vectorArray" 3 0 0 0 1 2.5 -3
		1e-05 0 4 ;
	setAttr ".vel0" -type "vectorArray" 0 ;
	setAttr ".id0" -type "doubleArray" 3 0 1 2 ;
	setAttr ".nid0" 3;
	setAttr ".rgbPP0" -type "vectorArray" 3 1 0 0 0 1 0 0 0 1 ;
	setAttr ".isd" no;
	setAttr -k on ".pointSize" 3;
createNode lightLinker -s -n "lightLinker1";
	rename -uid "76ADAB2B-4561-25A6-38BD-DDA52BF14380";
	setAttr -s 3 ".lnk";
	setAttr -s 3 ".slnk";
createNode displayLayerManager -n "layerManager";
	rename -uid "C629E680-4E66-D2CF-FD3A-E692953A230A";
createNode displayLayer -n "defaultLayer";
	rename -uid "029ED970-43D6-1557-8E2C-DDB7B6AD0F32";
createNode renderLayerManager -n "renderLayerManager";
	rename -uid "DC207176-4CC1-3BB6-0728-7CA64B7D9B45";
createNode renderLayer -n "defaultRenderLayer";
	rename -uid "79E38398-46CD-331C-00C5-23BF0F24DCA6";
	setAttr ".g" yes;
createNode polyPlane -n "polyPlane1";
	rename -uid "885E7253-4D6A-02EB-58F9-9D8B69664A6E";
	setAttr ".sw" 2;
createNode polyTweakUV -n "polyTweakUV1";
	rename -uid "343FAE6F-47BE-EB1F-6989-04A72E8C8B20";
	setAttr ".ics" -type "componentList" 2 "e[1]" "e[3:9]";
	setAttr ".uvtk[2]" -type "float2" 1.9889996 0.010615766 ;
createNode studioPaint -n "paint1";
	rename -uid "0A000000-0000-4000-8000-000000000003";
	setAttr ".strength" 0.25;
	setAttr ".brush" -type "string" "round; \"soft\"";
createNode lambert -n "lambert2";
	rename -uid "FE115889-4EE5-DD8F-7637-EFA409F6D142";
createNode shadingEngine -n "lambert2SG";
	rename -uid "EDD19D9D-418B-69F6-0190-AB990E404213";
	setAttr ".ihi" 0;
	setAttr ".ro" yes;
createNode file -n "file1";
	rename -uid "907F1582-449E-8A07-47EC-9BA992AD3E20";
	setAttr ".ftn" -type "string" "UdimTest_1001_color.png";
	setAttr ".uvt" 3;
	setAttr ".cs" -type "string" "ACEScg";
	setAttr ".ifr" yes;
createNode file -name "file2";
	rename -uid "907F1582-449E-8A07-47EC-9BA992AD3E21";
	addAttr -longName "ticket" -shortName "tkt" -storable true -keyable true -attributeType "long";
	setAttr ".fileTextureName" -type "string" "sourceimages/wood.png";
	setAttr -keyable on ".ticket" 12;
createNode script -n "uiConfigurationScriptNode";
	rename -uid "85DA4CDF-4D61-EC6D-CE4C-0FA9AC3FC244";
	setAttr ".b" -type "string" (
		"// Maya Mel UI Configuration File.\n//  $a = `foo`;\n"
		+ "modelEditor -e $editorName;\n");
	setAttr ".st" 3;
select -ne :time1;
	setAttr ".o" 5;
	setAttr ".unw" 5;
select -ne :hardwareRenderingGlobals;
	setAttr ".otfna" -type "stringArray" 2 "NURBS Curves" "Dynamics"  ;
	setAttr ".otfva" -type "Int32Array" 2 0 1  ;
select -ne :renderPartition;
	setAttr -s 3 ".st";
select -ne :initialShadingGroup;
	setAttr ".ro" yes;
connectAttr "polyPlane1.out" "floorShape.i";
connectAttr "polyTweakUV1.uvtk[0]" "floorShape.uvst[0].uvtw";
relationship "link" ":lightLinker1" ":initialShadingGroup.message" ":defaultLightSet.message";
connectAttr "layerManager.dli[0]" "defaultLayer.id";
connectAttr "renderLayerManager.rlmi[0]" "defaultRenderLayer.rlid";
connectAttr "file1.oc" "lambert2.c";
connectAttr "lambert2.oc" "lambert2SG.ss";
connectAttr "floorShape.iog" "lambert2SG.dsm" -na;
connectAttr "dustShape.iog" ":initialParticleSE.dsm" -na;
connectAttr ":time1.o" "dustShape.cti";
connectAttr "lambert2SG.pa" ":renderPartition.st" -na;
connectAttr "lambert2.msg" ":defaultShaderList1.s" -na;
connectAttr "file1.msg" ":defaultTextureList1.tx" -na;
// End of hall.ma
"""


@pytest.fixture
def scene(tmp_path):
    path = tmp_path / "hall.ma"
    path.write_text(SCENE, encoding="utf-8")
    cmds.file(str(path), open=True, force=True, prompt=False, ignoreVersion=True)
    return path


def check(names_of_default_nodes=("persp", "layerManager", "lightLinker1")):
    assert cmds.getAttr("file1.fileTextureName") == "UdimTest_1001_color.png"
    assert cmds.getAttr("file1.colorSpace") == "ACEScg"
    assert cmds.getAttr("file1.uvTilingMode") == 3
    assert cmds.getAttr("file2.tkt") == 12
    assert cmds.getAttr("dustShape.rgbPP0") == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert cmds.getAttr("dustShape.position0")[1] == (1, 2.5, -3)
    assert cmds.getAttr("dustShape.pointSize") == 3
    assert cmds.getAttr("dustShape.isDynamic") is False
    assert cmds.listConnections("lambert2.color", plugs=True) == ["file1.outColor"]
    assert cmds.sets("lambert2SG", query=True) == ["floorShape"]
    assert cmds.ls("dust", uuid=True) == ["0A000000-0000-4000-8000-000000000001"]
    assert cmds.nodeType("paint1") == "unknown"
    for name in names_of_default_nodes:
        assert cmds.ls(f"{name}*", exactType=cmds.nodeType(name)) == [name]


def test_it_is_read(scene):
    check()


def test_it_is_written_and_read_again(scene, tmp_path):
    # an unknown node survives saving (section 7), and so does what is not understood
    again = tmp_path / "again.ma"
    cmds.file(rename=str(again))
    cmds.file(save=True, type="mayaAscii")
    text = again.read_text(encoding="utf-8")
    for kept in (
        'requires "stereoCamera" "10.0";',
        '"studioTools"',
        'createNode studioPaint -n "paint1"',
        'setAttr ".strength" 0.25;',
        r'setAttr ".brush" -type "string" "round; \"soft\"";',
        'setAttr ".sw" 2;',
        'relationship "link" ":lightLinker1"',
        'connectAttr "polyPlane1.out" "floorShape.i";',
        r"modelEditor -e $editorName;\n",
    ):
        assert kept in text
    cmds.file(str(again), open=True, force=True)
    check()
    third = tmp_path / "third.ma"
    cmds.file(rename=str(third))
    cmds.file(save=True, type="mayaAscii")
    assert _body(third) == _body(again)


def _body(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return sorted(line for line in lines if not line.startswith("//") and "rename -uid" not in line)


def test_it_can_be_referenced(scene):
    cmds.file(new=True, force=True)
    cmds.file(str(scene), reference=True, namespace="hall")
    assert cmds.referenceQuery("hall:file1", isNodeReferenced=True)
    assert cmds.sets("hall:lambert2SG", query=True) == ["hall:floorShape"]
    assert cmds.getAttr("hall:file1.colorSpace") == "ACEScg"


def test_it_can_be_imported_twice(scene):
    cmds.file(str(scene), i=True, namespace="copy")
    assert cmds.getAttr("copy:file2.tkt") == 12
    assert cmds.listConnections("copy:lambert2.color", plugs=True) == ["copy:file1.outColor"]


# In the forms of scenes of the text index: 3024996013 (a reference of type OBJ), 71422706908 and 8153394148
# (references within references, in ntsc), 45442041238 (inches), 25250082733 (code set 1252).
SHOT = """//Maya ASCII 2025 scene
//Name: shot.ma
//Codeset: 1252
file -rdi 1 -ns "lamp" -rfn "lampRN" -op "v=0;" -typ "mayaAscii" "$STANDIN_NOWHERE/rigs/Café lamp.ma";
file -rdi 2 -ns "bulb" -rfn "lamp:bulbRN" -op "v=0;" -typ "mayaAscii" "C:/rigs/bulb.ma";
file -r -ns "lamp" -dr 1 -rfn "lampRN" -op "v=0;" -typ "mayaAscii" "$STANDIN_NOWHERE/rigs/Café lamp.ma";
file -r -ns "man" -dr 1 -rfn "manRN" -op "mo=1" -typ "OBJ" "C:/scenes/sixFootMan.obj";
requires maya "2025ff03";
requires -nodeType "aiOptions" -nodeType "aiImage" "mtoa" "5.4.8.2";
requires -nodeType "studioLight" "studioTools" "3.1";
currentUnit -l inch -a degree -t ntsc;
createNode transform -n "floor";
	rename -uid "8AD4B97D-4BA9-69BC-AE02-328CB7A32C6F";
	setAttr ".t" -type "double3" 1 2 3 ;
	setAttr ".rx" 45;
	setAttr ".gone" 7;
createNode transform -n "shelf" -p "|gone";
	rename -uid "0A000000-0000-4000-8000-00000000000F";
	setAttr ".tx" 1;
createNode camera -s -n "topShape" -p "top";
	rename -uid "A0948F05-4252-A81F-637B-6B805783F179";
	setAttr ".ai_translator" -type "string" "orthographic";
createNode aiImage -n "picture";
	rename -uid "0A000000-0000-4000-8000-00000000000A";
	setAttr ".filename" -type "string" "C:/textures/Café.png";
createNode studioLight -n "key";
	rename -uid "0A000000-0000-4000-8000-00000000000B";
	setAttr ".power" 3;
createNode animCurveTL -n "floor_translateX";
	rename -uid "0A000000-0000-4000-8000-00000000000C";
	setAttr -s 2 ".ktv[0:1]"  1 1 30 2;
createNode reference -n "lampRN";
	rename -uid "0A000000-0000-4000-8000-00000000000D";
	setAttr ".ed" -type "dataReferenceEdits"
		"lampRN"
		"lampRN" 0
		"lampRN" 2
		2 "|lamp:root" "translate" " -type \\"double3\\" 0 0 1"
		5 4 "lampRN" "|lamp:root.rotate" "lampRN.placeHolderList[1]" "";
createNode reference -n "sharedReferenceNode";
	rename -uid "0A000000-0000-4000-8000-00000000000E";
	setAttr ".ed" -type "dataReferenceEdits"
		"sharedReferenceNode";
connectAttr "floor_translateX.o" "floor.tx";
connectAttr "picture.out" "floor.nowhere";
dataStructure -fmt "raw" -as "name=faceConnectMarkerStructure:bool=faceConnectMarker";
evalDeferred "print 1";
// End of shot.ma
"""


class TestWithErrors:
    """Maya reads on after an error and says "Error reading file." in the end; nothing that is kept is lost."""

    @pytest.fixture
    def shot(self, tmp_path):
        path = tmp_path / "shot.ma"
        path.write_bytes(SHOT.encode("cp1252"))
        with pytest.raises(RuntimeError, match="Error reading file"):
            cmds.file(str(path), open=True, force=True)
        return path

    def check(self):
        assert cmds.getAttr("floor.translateY") == pytest.approx(2)
        assert cmds.currentUnit(query=True, linear=True) == "in"
        assert cmds.currentUnit(query=True, time=True) == "ntsc"
        assert cmds.getAttr("floor.rotateX") == pytest.approx(45)
        assert cmds.keyframe("floor.translateX", query=True, timeChange=True) == [1, 30]
        assert cmds.getAttr("floor.translateX", time=30) == pytest.approx(2)
        assert cmds.getAttr("picture.filename") == "C:/textures/Café.png"
        assert cmds.nodeType("key") == "unknown"
        assert cmds.getAttr("|shelf.translateX") == pytest.approx(1)
        assert not cmds.referenceQuery("lampRN", isLoaded=True)
        assert not cmds.referenceQuery("manRN", isLoaded=True)

    def test_all_that_can_be_read_is_there(self, shot):
        self.check()

    def test_what_is_wrong_is_named(self, shot):
        with pytest.raises(RuntimeError) as told:
            cmds.file(str(shot), open=True, force=True)
        for what in ("Café lamp.ma", "sixFootMan.obj", "floor has no attribute gone", "nowhere"):
            assert what in str(told.value)
        assert "ai_translator" not in str(told.value)  # Arnold is loaded by its "requires"

    def test_what_is_not_understood_is_written_back(self, shot):
        cmds.file(rename=str(shot.with_name("again.ma")))
        cmds.file(save=True, type="mayaAscii")
        text = shot.with_name("again.ma").read_text(encoding="utf-8")
        for kept in (
            'setAttr ".gone" 7;',
            'setAttr ".ai_translator" -type "string" "orthographic";',
            'createNode studioLight -n "key"',
            'setAttr ".power" 3;',
            '"lampRN.placeHolderList[1]"',
            '-typ "OBJ" "C:/scenes/sixFootMan.obj";',
            'connectAttr "picture.out" "floor.nowhere";',
            'dataStructure -fmt "raw" -as "name=faceConnectMarkerStructure:bool=faceConnectMarker";',
            'evalDeferred "print 1";',
            "currentUnit -l inch -a degree -t ntsc;",
        ):
            assert kept in text
        with pytest.raises(RuntimeError, match="Error reading file"):
            cmds.file(str(shot.with_name("again.ma")), open=True, force=True)
        self.check()

    def test_imported_it_is_in_the_scene_s_units(self, shot, tmp_path):
        cmds.file(new=True, force=True)
        with pytest.raises(RuntimeError, match="Error reading file"):
            cmds.file(str(shot), i=True, namespace="shot")
        assert cmds.getAttr("shot:floor.translateY") == pytest.approx(5.08)
        assert cmds.keyframe("shot:floor.translateX", query=True, timeChange=True) == pytest.approx([0.8, 24])


@pytest.mark.parametrize("statement", ["no scene at all", "studioSetup -quality 3;"])
def test_a_procedure_that_is_nowhere_is_named(tmp_path, statement):
    path = tmp_path / "shot.ma"
    path.write_text(f'//Maya ASCII 2025 scene\ncreateNode transform -n "floor";\n{statement}\n')
    with pytest.raises(RuntimeError, match="Cannot find procedure"):
        cmds.file(str(path), open=True, force=True)
    assert cmds.objExists("floor")


@pytest.mark.parametrize(
    "statement",
    [
        'print "read\\n";',
        "global string $studio;",
        "if (`exists hello`) { hello; }",
        "setToolTo moveSuperContext;",
    ],
)
def test_mel_of_other_kinds_is_no_error(tmp_path, statement):
    path = tmp_path / "shot.ma"
    path.write_text(f'//Maya ASCII 2025 scene\ncreateNode transform -n "floor";\n{statement}\n')
    cmds.file(str(path), open=True, force=True)
    assert cmds.objExists("floor")
