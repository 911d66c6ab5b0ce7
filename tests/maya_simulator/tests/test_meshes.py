"""Polygon meshes: faces in selections and sets, UV sets, instances, and what the API reads of them.

Sources, named at each test: "docs: X" is Autodesk's command page X, "reference: X" the API's, both also in
PyMEL's mayaCmdsDocs2025 and mayaApi2025.
"""

from __future__ import annotations

import pytest
from maya import cmds
from maya.api import OpenMaya


@pytest.fixture
def strip():
    """Four unit squares in a row, named `strip`; the last one has no UVs. Returns its MFnMesh."""
    transform = cmds.createNode("transform", name="strip", skipSelect=True)
    parent = OpenMaya.MSelectionList().add(transform).getDependNode(0)
    points = OpenMaya.MPointArray([(x, 0, z) for x in range(5) for z in range(2)])
    corners = [corner for x in range(4) for corner in (2 * x, 2 * x + 1, 2 * x + 3, 2 * x + 2)]
    mesh = OpenMaya.MFnMesh()
    mesh.create(points, [4] * 4, corners, parent=parent)
    mesh.setUVs([x / 4 for x in range(5) for _ in range(2)], [0, 1] * 5)
    mesh.assignUVs([4, 4, 4, 0], corners[:12])
    return OpenMaya.MFnMesh(OpenMaya.MSelectionList().add(transform).getDagPath(0).extendToShape())


def group(name, *members):
    made = cmds.sets(renderable=True, noSurfaceShader=True, empty=True, name=name)
    if members:
        cmds.sets(list(members), edit=True, forceElement=made)
    return made


def faces_of(texts):
    """Return the numbers of faces in strings such as `strip.f[1:2]`."""
    items = OpenMaya.MSelectionList()
    for text in texts:
        items.add(text)
    return [
        number
        for index in range(items.length())
        for number in OpenMaya.MFnSingleIndexedComponent(items.getComponent(index)[1]).getElements()
    ]


def test_corners_of_triangles_are_indices_into_the_corners_of_all_faces(strip):
    # reference: MFnMesh.getTriangleOffsets, getVertices, getAssignedUVs, getUVs
    counts, offsets = strip.getTriangleOffsets()
    assert list(counts) == [2, 2, 2, 2]
    _, corners = strip.getVertices()
    assert {corners[offset] for offset in list(offsets)[:6]} == {0, 1, 2, 3}
    counts, ids = strip.getAssignedUVs("map1")
    assert (list(counts), len(ids)) == ([4, 4, 4, 0], 12)
    u, v = strip.getUVs("map1")
    assert (list(u)[:4], list(v)[:4]) == ([0, 0, 0.25, 0.25], [0, 1, 0, 1])
    assert [list(point)[:3] for point in strip.getPoints()][9] == [4, 0, 1]


def test_a_face_has_all_its_uvs_or_none(strip):
    # reference: MFnMesh.assignUVs, "either be 0 or the same as the number of vertices in that polygon"
    with pytest.raises(RuntimeError):
        strip.assignUVs([3, 4, 4, 0], [0] * 11)


def test_faces_are_selected_as_merged_ranges_and_undone(strip):
    # docs: select, "components"; ls prints them by their transform
    cmds.select("strip.f[0]", "strip.f[1:2]")
    assert cmds.ls(selection=True) == ["strip.f[0:2]"]
    cmds.select(["strip.f[3]"], add=True)
    assert faces_of(cmds.ls(selection=True)) == [0, 1, 2, 3]
    cmds.undo()
    assert faces_of(cmds.ls(selection=True)) == [0, 1, 2]
    assert cmds.ls(selection=True, objectsOnly=True, long=True) == ["|strip|" + strip.name()]
    assert cmds.objExists("strip.f[3]")
    assert not cmds.objExists("strip.f[4]")
    with pytest.raises(ValueError, match="No object matches"):
        cmds.select("strip.f[2:4]")


def test_the_active_list_holds_the_faces_of_a_mesh_as_one_item(strip):
    # reference: MSelectionList.getDagPath(index, dagPath, component)
    cmds.select("strip.f[0]", "strip.f[2]")
    items = OpenMaya.MGlobal.getActiveSelectionList()
    assert items.length() == 1
    path, component = items.getComponent(0)
    assert path.fullPathName() == "|strip|" + strip.name()
    assert component.hasFn(OpenMaya.MFn.kMeshPolygonComponent)
    assert list(OpenMaya.MFnSingleIndexedComponent(component).getElements()) == [0, 2]
    cmds.select("strip")
    assert OpenMaya.MGlobal.getActiveSelectionList().getComponent(0)[1].isNull()


def test_shaders_by_faces(strip):
    # reference: MFnMesh.getConnectedShaders; docs: sets, forceElement and mutual exclusivity
    assert list(strip.getConnectedShaders(0)[1]) == [-1] * 4
    group("whole", "strip")
    group("part", "strip.f[1:2]")
    groups, slots = strip.getConnectedShaders(0)
    names = [OpenMaya.MFnDependencyNode(each).name() for each in groups]
    assert [names[slot] for slot in slots] == ["whole", "part", "part", "whole"]
    assert faces_of(cmds.sets("whole", query=True)) == [0, 3]
    cmds.undo()
    assert set(strip.getConnectedShaders(0)[1]) == {0}


def test_sets_of_faces_may_overlap(strip):
    # docs: sets, "Components of objects"; only the sets of a partition exclude each other
    cmds.sets("strip.f[0:1]", name="left")
    cmds.sets("strip.f[1:3]", name="right")
    assert faces_of(cmds.sets("left", query=True)) == [0, 1]
    assert faces_of(cmds.sets("right", query=True)) == [1, 2, 3]
    cmds.select("left")
    assert faces_of(cmds.ls(selection=True)) == [0, 1]
    cmds.sets("strip.f[2]", edit=True, remove="right")
    assert faces_of(cmds.sets("right", query=True)) == [1, 3]


def test_a_texture_is_linked_to_a_uv_set_of_each_mesh_that_wears_it(strip):
    # docs: uvLink; that all meshes answer, and the first set where none was linked: measured (see uvLink)
    strip.createUVSet("second")
    texture = cmds.shadingNode("file", asTexture=True, name="tex")
    assert not cmds.uvLink(query=True, texture=texture)
    shader = cmds.shadingNode("lambert", asShader=True)
    cmds.connectAttr(f"{texture}.outColor", f"{shader}.color")
    cmds.connectAttr(f"{shader}.outColor", f"{group('skinSG', 'strip')}.surfaceShader")
    (plug,) = cmds.uvLink(query=True, texture=texture)
    assert cmds.getAttr(plug) == "map1"
    assert plug.split(".")[0] == strip.name()
    cmds.uvLink(make=True, uvSet=f"{strip.name()}.uvSet[1].uvSetName", texture=texture)
    assert [cmds.getAttr(plug) for plug in cmds.uvLink(query=True, texture=texture)] == ["second"]


def test_an_instance_is_the_same_shape_in_another_place(strip):
    # docs: instance; reference: MFnDagNode.getAllPaths, instanceCount, MDagPath.inclusiveMatrix
    shading = group("skinSG", "strip")
    (copy,) = cmds.instance("strip", name="other")
    cmds.setAttr(f"{copy}.translateX", 7)
    paths = strip.getAllPaths()
    assert [path.fullPathName() for path in paths] == [f"|strip|{strip.name()}", f"|other|{strip.name()}"]
    assert strip.instanceCount(False) == 2
    assert [list(path.inclusiveMatrix())[12] for path in paths] == [0, 7]
    for path in paths:
        groups, slots = strip.getConnectedShaders(path.instanceNumber())
        assert OpenMaya.MFnDependencyNode(groups[0]).name() == shading
        assert set(slots) == {0}
    assert cmds.objExists(f"|other|{strip.name()}")
    group("partSG", f"|strip|{strip.name()}.f[1:2]", f"|other|{strip.name()}.f[1:2]")
    for path in paths:
        assert len(set(list(strip.getConnectedShaders(path.instanceNumber())[1])[1:3])) == 1
    for _ in range(4):
        cmds.undo()
    assert strip.instanceCount(False) == 1


def test_a_mesh_is_saved_with_its_uv_sets_and_the_faces_that_are_in_sets(strip, tmp_path):
    # scenes: index ids 37398110863, 42546716788
    strip.createUVSet("second")
    strip.setUVs([0, 1, 1], [0, 0, 1], "second")
    strip.assignUVs([0, 0, 0, 4], [0, 1, 2, 2], "second")
    group("whole", "strip")
    group("part", "strip.f[1:2]")
    before = [*map(list, (*strip.getVertices(), *strip.getPoints()))]
    uvs = [
        [
            list(part)
            for name in ("map1", "second")
            for part in (*strip.getAssignedUVs(name), *strip.getUVs(name))
        ]
    ]
    cmds.file(rename=str(tmp_path / "strip.ma"))
    cmds.file(save=True, type="mayaAscii")
    cmds.file(new=True, force=True)
    cmds.file(str(tmp_path / "strip.ma"), reference=True, namespace="ref")
    again = OpenMaya.MFnMesh(OpenMaya.MSelectionList().add("ref:strip").getDagPath(0).extendToShape())
    assert [*map(list, (*again.getVertices(), *again.getPoints()))] == before
    assert uvs == [
        [
            list(part)
            for name in ("map1", "second")
            for part in (*again.getAssignedUVs(name), *again.getUVs(name))
        ]
    ]
    groups, slots = again.getConnectedShaders(0)
    names = [OpenMaya.MFnDependencyNode(each).name() for each in groups]
    assert [names[slot] for slot in slots] == ["ref:whole", "ref:part", "ref:part", "ref:whole"]


def test_a_face_in_a_file_names_its_edges(tmp_path):
    # scene: index id 42546716788
    (tmp_path / "plane.ma").write_text(
        """//Maya ASCII 2023 scene
requires maya "2023";
createNode transform -n "plane";
createNode mesh -n "planeShape" -p "plane";
	setAttr ".uvst[0].uvsn" -type "string" "map1";
	setAttr -s 4 ".uvst[0].uvsp[0:3]" -type "float2" 0 0 1 0 0 1 1 1;
	setAttr -s 4 ".vt[0:3]"  0 0 0 3 0 0 0 0 -3 3 0 -3;
	setAttr -s 4 ".ed[0:3]"  0 1 0 0 2 0 1 3 0 2 3 0;
	setAttr -ch 4 ".fc[0]" -type "polyFaces"
		f 4 0 2 -4 -2
		mu 0 4 0 1 3 2;
"""
    )
    cmds.file(str(tmp_path / "plane.ma"), open=True, force=True)
    plane = OpenMaya.MFnMesh(OpenMaya.MSelectionList().add("plane").getDagPath(0).extendToShape())
    assert [list(part) for part in plane.getVertices()] == [[4], [0, 1, 3, 2]]
    assert [list(part) for part in plane.getAssignedUVs("map1")] == [[4], [0, 1, 3, 2]]


def test_a_callback_is_told_before_saving(tmp_path):
    # reference: MSceneMessage, kBeforeSave: "called before a File > Save (or SaveAs) operation"
    told = []
    number = OpenMaya.MSceneMessage.addCallback(
        OpenMaya.MSceneMessage.kBeforeSave,
        lambda data: told.append((data, (tmp_path / "a.ma").exists())),
        "x",
    )
    cmds.file(rename=str(tmp_path / "a.ma"))
    assert told == []
    cmds.file(save=True, type="mayaAscii")
    OpenMaya.MMessage.removeCallback(number)
    cmds.file(save=True, type="mayaAscii")
    assert told == [("x", False)]


@pytest.mark.interactive
def test_a_script_job_hears_what_is_selected(strip):
    # docs: scriptJob -listEvents, "SelectionChanged"
    from maya import utils

    told = []
    number = cmds.scriptJob(event=("SelectionChanged", lambda: told.append(cmds.ls(selection=True))))
    cmds.select("strip.f[1]")
    utils.processIdleEvents()
    cmds.scriptJob(kill=number)
    assert told[-1] == ["strip.f[1]"]
