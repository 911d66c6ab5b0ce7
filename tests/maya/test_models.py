"""Reduced textures on models: faces by cluster and back, errors shown there, and the panel at them."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds
from PIL import Image
from scene_tools import (
    FOUR,
    bands,
    differences,
    faces,
    mesh,
    one_undo_step,
    shown,
    snapshot,
    strip,
    texture,
)

from rgbcloud import CancelledError, Recipe
from rgbcloud.textures import cluster_texture
from rgbcloud_maya.models import face_clusters
from rgbcloud_maya.models.face_clusters import assign_materials, make_sets
from rgbcloud_maya.surfaces.worn_meshes import Meshes
from rgbcloud_maya.ui.maya_host import MayaHost

pytestmark = [pytest.mark.usefixtures("loaded_plugin"), pytest.mark.by_turn]


def test_the_faces_of_a_cluster_are_selected_as_one_undo_step(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=4)
    codes = cmds.rgbCloudPalette(node, colors=4)
    for number, code in enumerate(codes):
        near = [abs(int(code[1:3], 16) - r) + abs(int(code[3:5], 16) - g) + abs(int(code[5:7], 16) - b)
                for r, g, b in FOUR]  # fmt: skip
        found = one_undo_step(lambda number=number: cmds.rgbCloudSelect(node, cluster=number))
        assert faces(found) == [int(np.argmin(near))]
        assert faces(cmds.ls(selection=True)) == faces(found)


def test_a_threshold_leaves_out_faces_that_show_less(worn):
    node, group = worn
    cmds.delete("strip")
    strip("strip", 3, group)  # faces 0 and 2 show mostly, but not only, a band; face 1 two halves
    assert len(faces(cmds.rgbCloudSelect(node, cluster=0, colors=4))) == 1
    for cluster in range(4):
        with pytest.raises(RuntimeError, match=f"shows cluster {cluster} most of which 90% is of it"):
            cmds.rgbCloudSelect(node, cluster=cluster, colors=4, threshold=0.9)


def test_sets_of_all_clusters_are_one_undo_step_and_are_replaced(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=4)
    names = one_undo_step(lambda: cmds.rgbCloudSelect(node, sets=True))
    assert sorted(face for name in names for face in faces(cmds.sets(name, query=True))) == [0, 1, 2, 3]
    again = cmds.rgbCloudSelect(node, sets=True)
    assert len(again) == 4
    assert not [name for name in names if cmds.objExists(name)]


def test_materials_of_all_clusters_are_one_undo_step(worn):
    node, group = worn
    names = one_undo_step(lambda: cmds.rgbCloudSelect(node, materials=True, colors=4))
    for name in names:
        (shading,) = cmds.listConnections(f"{name}.outColor", source=False, destination=True)
        (face,) = faces(cmds.sets(shading, query=True))
        color = np.array(cmds.getAttr(f"{name}.color")[0])
        assert np.abs(color - [channel / 255 for channel in FOUR[face]]).max() < 0.15
    assert not cmds.sets(group, query=True)


def test_materials_that_cannot_be_assigned_leave_all_as_it_was(worn, monkeypatch):
    before, connect, made = snapshot(), cmds.connectAttr, []

    def stop(*arguments, **flags):
        made.append(arguments)
        if len(made) == 3:
            raise RuntimeError("stopped")
        return connect(*arguments, **flags)

    monkeypatch.setattr(cmds, "connectAttr", stop)
    with pytest.raises(RuntimeError, match="stopped"):
        cmds.rgbCloudSelect(worn[0], materials=True, colors=4)
    monkeypatch.undo()
    assert cmds.sets(worn[1], query=True)
    assert [node for node in snapshot()[0] if node not in before[0]] == []


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({}, "needs one of cluster, sets and materials"),
        ({"sets": True, "cluster": 1}, "needs one of cluster, sets and materials"),
        ({"cluster": 9, "colors": 4}, "tex has clusters 0 to 3, got 9"),
        ({"cluster": 0}, "tex is not reduced; reduce it first, or say how many colours"),
        ({"cluster": 0, "colors": 4, "threshold": 2.0}, "threshold is a part of a face, 0 to 1, got 2"),
    ],
)
def test_faces_that_cannot_be_found_are_told(worn, flags, told):
    before = snapshot()
    with pytest.raises(RuntimeError, match=told):
        cmds.rgbCloudSelect(worn[0], **flags)
    assert differences(before, snapshot()) == []


# Errors


def test_the_error_is_shown_and_gone_by_the_same_command_as_one_undo_step(worn):
    node, _ = worn
    cmds.rgbCloudReduce(node, colors=2)
    reduced, before = shown(node), snapshot()
    assert one_undo_step(lambda: cmds.rgbCloudError(node)) == [node]
    with Image.open(shown(node)) as picture:
        assert np.asarray(picture.convert("RGB")).max() > 100
    assert cmds.rgbCloudError(query=True, shown=True) == [node]
    assert not one_undo_step(lambda: cmds.rgbCloudError(node))
    assert shown(node) == reduced
    assert differences(before, snapshot()) == []


def test_reducing_and_reverting_end_it_and_colour_spaces_come_back(worn, tmp_path):
    node, _ = worn
    cmds.setAttr(f"{node}.colorSpace", "ACEScg", type="string")
    cmds.rgbCloudReduce(node, colors=2)
    cmds.rgbCloudError(node)
    assert cmds.getAttr(f"{node}.colorSpace") != "ACEScg"
    assert cmds.rgbCloudReduce(node, colors=3) == [node]
    assert (shown(node).parent, cmds.getAttr(f"{node}.colorSpace")) == (tmp_path, "ACEScg")
    cmds.rgbCloudError(node)
    cmds.rgbCloudRevert(node)
    assert (shown(node), cmds.getAttr(f"{node}.colorSpace")) == (tmp_path / "bands.png", "ACEScg")


def test_it_is_never_saved(wood, tmp_path):
    node = texture("tex", wood)
    cmds.rgbCloudReduce(node, colors=2)
    reduced = shown(node)
    cmds.rgbCloudError(node)
    cmds.file(rename=str(tmp_path / "scene.ma"))
    cmds.file(save=True, type="mayaAscii")
    assert shown(node) == reduced
    assert "error" not in (tmp_path / "scene.ma").read_text(encoding="utf-8")
    cmds.rgbCloudError(node)
    cmds.file(str(tmp_path / "export.ma"), exportAll=True, force=True, type="mayaAscii")
    assert shown(node) == reduced
    assert "error" not in (tmp_path / "export.ma").read_text(encoding="utf-8")


def test_tiles_show_their_errors(tmp_path):
    for number in (1001, 1002):
        bands(tmp_path / f"wall.{number}.png")
    node = texture("wall", tmp_path / "wall.1002.png", uvTilingMode=3)
    cmds.rgbCloudReduce(node, colors=2)
    cmds.rgbCloudError(node)
    assert "1002" in shown(node).name
    assert shown(node).with_name(shown(node).name.replace("1002", "1001")).is_file()


def test_what_has_no_error_is_told(worn, tmp_path):
    with pytest.raises(RuntimeError, match="tex shows its original; there is an error once it is reduced"):
        cmds.rgbCloudError(worn[0])
    cmds.rgbCloudReduce(worn[0], colors=2, kind="data")
    with pytest.raises(RuntimeError, match="tex holds no colours"):
        cmds.rgbCloudError(worn[0])


@pytest.mark.interactive
def test_the_panel_weighs_selects_and_hears_what_is_selected(worn, tmp_path):
    from maya import utils

    from rgbcloud import Texture
    from rgbcloud.textures import cluster_texture
    from rgbcloud_maya.ui.maya_host import MayaHost

    host = MayaHost()
    (ref,) = host.textures()
    mask = host.scene.surface_mask(ref)(lambda *_told: None)
    assert mask == ""  # the strip shows all of it alike
    told = []
    host.scene.watch_faces(lambda: told.append(host.scene.selected_uvs(ref)))
    host.watch(lambda: None)
    made = cluster_texture(Texture.find(tmp_path / "bands.png"), Recipe.of(colors=4))
    host.scene.select_faces(ref, made, int(made.labels[None][8, 6]))
    utils.processIdleEvents()
    host.stop_watching()
    assert faces(cmds.ls(selection=True)) == [1]
    assert told[-1].reshape(-1, 2).min(axis=0).tolist() == [0.25, 0]
    cmds.select(clear=True)
    assert len(host.scene.selected_uvs(ref)) == 0


def test_the_menu_reduces_by_the_surface_and_shows_errors(worn, script_editor):
    from rgbcloud_maya.ui import buttons

    node, group = worn
    cmds.delete("strip")
    mesh("half", [(0, 0, 0), (1, 0, 0), (1, 0, -1), (0, 0, -1)], [(0, 1, 2, 3)],
         [(0, 0), (0.4, 0), (0.4, 1), (0, 1)], group)  # fmt: skip
    cmds.select("half")
    buttons.reduce_by_surface(2)
    path = cmds.rgbCloudReduce(node, query=True, mask=True)
    assert ".surface." in str(path)
    buttons.show_error()
    assert cmds.rgbCloudError(query=True, shown=True) == [node]
    buttons.show_error()
    assert not cmds.rgbCloudError(query=True, shown=True)


# Models of size


@pytest.fixture
def told(monkeypatch):
    """What a progress callback is told, which every change and every few numbers of a mesh bring about."""
    monkeypatch.setattr("rgbcloud_maya.scene.undo._MOMENT", -1.0)
    monkeypatch.setattr("rgbcloud_maya.surfaces.worn_meshes._PIECE", 2)
    return []


def test_a_mesh_is_told_of_piece_by_piece_and_read_the_same(worn, told):
    node, _ = worn
    before = Meshes().meshes_wearing(node)
    (part,) = Meshes(lambda _fraction, message: told.append(message)).meshes_wearing(node)
    assert told.count("reading polySurfaceShape1") > 40
    assert np.array_equal(part.points, before[0].points)
    assert np.array_equal(part.uvs, before[0].uvs)


@pytest.mark.parametrize("work", [make_sets, assign_materials])
def test_changes_of_faces_can_be_cancelled_between_any_two(worn, told, work):
    before = snapshot()

    def cancel(_fraction, message):
        told.append(message)
        if told.count("changing the scene") == 3:
            raise CancelledError("enough")

    with pytest.raises(CancelledError, match="enough"):
        work([worn[0]], Recipe.of(colors=4), progress=cancel)
    assert differences(before, snapshot()) == []


@pytest.mark.interactive
def test_the_panel_looks_for_esc_while_it_selects_faces(worn, told, press_escape, monkeypatch):
    node, _ = worn
    (ref,) = MayaHost().textures()
    made = cluster_texture(ref.texture, Recipe.of(colors=4))
    find = face_clusters.faces_by_cluster
    monkeypatch.setattr(face_clusters, "faces_by_cluster", lambda *given: press_escape() or find(*given))
    cmds.select(node)
    with pytest.raises(CancelledError):
        MayaHost().scene.select_faces(ref, made, 0)
    assert cmds.ls(selection=True) == [node]
