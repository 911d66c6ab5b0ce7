"""Selecting and listing.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X.
"""

from __future__ import annotations

import pytest
from maya import cmds


@pytest.fixture
def abc():
    names = [cmds.createNode("transform", name=name) for name in ("a", "b", "c")]
    cmds.select(clear=True)
    return names


def test_select_replaces_the_selection(abc):
    # docs: select, "the default is to replace the objects on the active list"
    cmds.select("a")
    cmds.select("b", "c")
    assert cmds.ls(selection=True) == ["b", "c"]


def test_select_takes_a_list(abc):
    cmds.select(["a", "c"])
    assert cmds.ls(selection=True) == ["a", "c"]


def test_select_adds_deselects_and_toggles(abc):
    # docs: select, flags add, deselect, toggle
    cmds.select("a")
    cmds.select("b", add=True)
    assert cmds.ls(selection=True) == ["a", "b"]
    cmds.select("a", deselect=True)
    assert cmds.ls(selection=True) == ["b"]
    cmds.select("b", "c", toggle=True)
    assert cmds.ls(selection=True) == ["c"]


def test_select_clear(abc):
    # docs: select, flag clear
    cmds.select("a")
    cmds.select(clear=True)
    assert not cmds.ls(selection=True)


def test_select_of_a_missing_node_raises_and_keeps_the_selection(abc):
    cmds.select("a")
    with pytest.raises(ValueError, match="No object matches name: nobody"):
        cmds.select("nobody")
    assert cmds.ls(selection=True) == ["a"]


def test_select_of_a_set_selects_its_members_unless_told(abc):
    # docs: select, "When selecting a set ... all the members of the set ... unless noExpand"
    cmds.sets("a", "b", name="set1")
    cmds.select("set1")
    assert cmds.ls(selection=True) == ["a", "b"]
    cmds.select("set1", noExpand=True)
    assert cmds.ls(selection=True) == ["set1"]


def test_delete_without_names_deletes_the_selection(abc):
    # example: delete, "To delete selected objects"
    cmds.select("b")
    cmds.delete()
    assert cmds.ls("a", "b", "c") == ["a", "c"]


def test_a_deleted_node_leaves_the_selection(abc):
    cmds.select("a", "b")
    cmds.delete("a")
    assert cmds.ls(selection=True) == ["b"]


def test_ls_of_a_missing_name_is_empty():
    # docs: ls, filters by name
    assert cmds.ls("nobody") == []


def test_ls_with_wildcards(abc):
    # docs: ls, "using wildcards"
    cmds.createNode("transform", name="abc")
    assert sorted(cmds.ls("a*", type="transform")) == ["a", "abc"]
    assert cmds.ls("?", type="transform") == ["a", "b", "c"]


def test_ls_with_wildcards_stays_in_the_root_namespace_unless_recursive():
    # docs: ls, flag recursive
    cmds.createNode("file", name="wood")
    cmds.createNode("file", name="foo:wood")
    assert cmds.ls("wood*", type="file") == ["wood"]
    assert cmds.ls("foo:*", type="file") == ["foo:wood"]
    assert sorted(cmds.ls("wood*", type="file", recursive=True)) == ["foo:wood", "wood"]


def test_ls_by_type_takes_derived_types_and_exactType_does_not():
    # docs: ls, flags type and exactType, "but not objects that are descendents of that type"
    shape = cmds.createNode("locator")
    assert shape in cmds.ls(type="geometryShape")
    assert shape in cmds.ls(exactType="locator")
    assert shape not in cmds.ls(exactType="geometryShape")


def test_ls_by_several_types():
    # docs: ls, flag type, multiuse
    texture, place = cmds.createNode("file"), cmds.createNode("place2dTexture")
    assert sorted(cmds.ls(type=["file", "place2dTexture"])) == sorted([texture, place])


def test_ls_of_an_unknown_type_raises():
    with pytest.raises(RuntimeError, match=r"(?i)unknown object type"):
        cmds.ls(type="teapotHolder")


def test_ls_with_a_number_as_a_type_raises():
    # a user's report of ls(exactType=...): "Invalid arguments for flag"
    with pytest.raises(TypeError, match="Invalid arguments for flag 'exactType'"):
        cmds.ls(exactType=1)


def test_ls_shows_types_in_pairs():
    # docs: ls, "interleaved with object names"
    cmds.createNode("file", name="wood")
    assert cmds.ls("wood", showType=True) == ["wood", "file"]


def test_ls_assemblies_lists_top_level_transforms(abc):
    # docs: ls, flag assemblies
    cmds.createNode("transform", name="leaf", parent="a")
    found = cmds.ls(assemblies=True)
    assert {"a", "b", "c", "persp"} <= set(found)
    assert "leaf" not in found


def test_ls_dag_lists_what_is_below():
    # docs: ls, flag dagObjects
    cmds.createNode("transform", name="base")
    cmds.createNode("transform", name="leaf", parent="base")
    assert cmds.ls("base", dagObjects=True) == ["base", "leaf"]
    assert cmds.ls("base", dagObjects=True, long=True) == ["|base", "|base|leaf"]


def test_ls_head_and_tail(abc):
    # docs: ls, flags head and tail; example: ls(selection=True, tail=1)
    cmds.select("a", "b", "c")
    assert cmds.ls(selection=True, head=1) == ["a"]
    assert cmds.ls(selection=True, tail=1) == ["c"]


def test_ls_filters_the_selection(abc):
    # example: ls('group*', sl=True)
    cmds.select("a", "b")
    assert cmds.ls("b*", selection=True) == ["b"]


def test_ls_textures_and_materials():
    # docs: ls, flags textures and materials; node pages defaultTextureList, defaultShaderList
    texture = cmds.shadingNode("file", asTexture=True)
    shader = cmds.shadingNode("lambert", asShader=True)
    assert texture in cmds.ls(textures=True)
    assert shader in cmds.ls(materials=True)


def test_ls_gives_plugs_by_long_name():
    # docs: ls, flag shortNames, "By default long attribute names are returned"
    cmds.createNode("transform", name="a")
    assert cmds.ls("a.tx") == ["a.translateX"]


def test_sets_know_their_members(abc):
    # example: sets; FXTD-ODYSSEY/vscode-mayapy: sets create returns a name, query a list
    assert cmds.sets("a", name="chosen") == "chosen"
    assert cmds.sets("chosen", query=True) == ["a"]
    assert cmds.sets("a", isMember="chosen")
    cmds.sets("b", addElement="chosen")
    cmds.sets("a", remove="chosen")
    assert cmds.sets("chosen", query=True) == ["b"]


def test_sets_empty_ignores_the_selection(abc):
    # docs: sets, "the -em/empty flag ... not have the selected items added"
    cmds.select("a")
    assert cmds.sets(empty=True, name="none") == "none"
    assert not cmds.sets("none", query=True)
    assert cmds.sets(name="some") == "some"
    assert cmds.sets("some", query=True) == ["a"]


def test_deselecting_without_names_clears_the_selection():
    # examples: joint, skinCluster and others begin with select(d=True)
    cmds.select("persp", "top")
    cmds.select(deselect=True)
    assert not cmds.ls(selection=True)
