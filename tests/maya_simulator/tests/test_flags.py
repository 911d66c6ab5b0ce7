"""Every call is held against Maya's own tables of commands and flags.

Sources: PyMEL 1.5.0, pymel/cache/mayaCmdsList2022 ... 2025 (generated from Autodesk's command pages); the
messages are those that users quote: text index files 65888805708, 38759262146, 39864490768.
"""

from __future__ import annotations

import pytest
from maya import cmds


@pytest.mark.parametrize(
    ("call", "flag"),
    [
        (lambda: cmds.createNode("file", nmae="wood"), "nmae"),
        (lambda: cmds.ls(sellection=True), "sellection"),
        (lambda: cmds.setAttr("persp.tx", 1, locked=True), "locked"),
        (lambda: cmds.particle(points=[(0, 0, 0)]), "points"),
        (lambda: cmds.undoInfo(openchunk=True), "openchunk"),
        (lambda: cmds.file(new=True, forced=True), "forced"),
        (lambda: cmds.listConnections("persp", plug=True), "plug"),
    ],
)
def test_a_misspelt_flag_is_refused(call, flag):
    with pytest.raises(TypeError, match=f"Invalid flag '{flag}'"):
        call()


def test_a_misspelt_flag_changes_nothing():
    before = set(cmds.ls())
    with pytest.raises(TypeError, match="Invalid flag"):
        cmds.createNode("file", skipSelection=True)
    assert set(cmds.ls()) == before


def test_flags_are_known_by_their_short_names():
    assert cmds.createNode("file", n="wood", ss=True) == "wood"
    assert cmds.ls("wood", typ="file") == ["wood"]


def test_a_command_that_does_not_exist_is_no_attribute():
    with pytest.raises(AttributeError, match="creatNode"):
        cmds.creatNode("file")


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: cmds.createNode("file", name=3), id="a number as a name"),
        pytest.param(lambda: cmds.ls(head="one"), id="text as a number"),
        pytest.param(lambda: cmds.xform("persp", translation=(1, 2)), id="two of three numbers"),
        pytest.param(lambda: cmds.currentTime(time="now", bogus=1), id="no such flag"),
        pytest.param(lambda: cmds.setKeyframe("persp", attribute=5), id="a number as an attribute"),
        pytest.param(lambda: cmds.optionVar(intValue="alone"), id="one of two values"),
    ],
)
def test_an_argument_of_another_type_or_number_is_refused(call):
    with pytest.raises((TypeError, RuntimeError), match=r"(?i)flag|argument"):
        call()


def test_a_flag_that_is_for_asking_is_not_taken_on_creation():
    # mayaCmdsList2025: undoInfo undoName, query only
    with pytest.raises((TypeError, RuntimeError), match=r"(?i)undoName|flag|query"):
        cmds.undoInfo(undoName="mine")


def test_a_flag_that_is_for_making_is_not_asked_for():
    # mayaCmdsList2025: createNode skipSelect, create only; createNode has no query mode
    with pytest.raises((TypeError, RuntimeError), match=r"(?i)query|flag|mode"):
        cmds.createNode("persp", query=True, skipSelect=True)


@pytest.mark.parametrize(
    ("flag", "call"),
    [
        ("rootDirectory", lambda: cmds.workspace(rootDirectory=True)),
        ("evaluate", lambda: cmds.colorManagementFileRules(query=True, evaluate="wood.exr")),
        ("count", lambda: cmds.particle(count=True)),
    ],
)
def test_a_flag_in_a_mode_that_its_table_lacks_is_refused(flag, call):
    # mayaCmdsList2025: workspace rootDirectory and particle count for queries only, evaluate of
    # colorManagementFileRules for creation only
    with pytest.raises((TypeError, RuntimeError), match=flag):
        call()


@pytest.mark.interactive
def test_a_flag_that_is_for_making_is_not_edited():
    # mayaCmdsList2025: workspaceControl retain, create only
    cmds.workspaceControl("standinControl", uiScript="pass")
    with pytest.raises((TypeError, RuntimeError), match="retain"):
        cmds.workspaceControl("standinControl", edit=True, retain=False)
    cmds.deleteUI("standinControl")


@pytest.mark.parametrize(
    ("command", "first"),
    [("componentTag", 2024), ("polySmartExtrude", 2025), ("polyBevelCutback", 2025)],
)
def test_a_command_is_there_from_its_version_on(maya_version, command, first):
    # mayaCmdsList2023 ... 2025
    assert hasattr(cmds, command) == (maya_version >= first)


@pytest.mark.parametrize(("command", "last"), [("greasePencilCtx", 2023), ("matrix", 2024)])
def test_a_command_is_gone_after_its_version(maya_version, command, last):
    # mayaCmdsList2023 ... 2025
    assert hasattr(cmds, command) == (maya_version <= last)


@pytest.mark.parametrize(
    ("first", "call"),
    [
        pytest.param(
            2024, lambda: cmds.listConnections("persp", fullNodeName=True), id="listConnections fullNodeName"
        ),
        pytest.param(2024, lambda: cmds.about(macOSASi=True), id="about macOSASi"),
        pytest.param(2025, lambda: cmds.getAttr("persp.tx", noEvaluation=True), id="getAttr noEvaluation"),
        pytest.param(
            2025, lambda: cmds.ls(orderedComponentSelection=True), id="ls orderedComponentSelection"
        ),
    ],
)
def test_a_flag_is_there_from_its_version_on(maya_version, first, call):
    # mayaCmdsList2023 ... 2025
    if maya_version >= first:
        call()
    else:
        with pytest.raises(TypeError, match="Invalid flag"):
            call()


def test_about_tells_the_version(maya_version):
    # docs: about, flags version, majorVersion, apiVersion
    assert cmds.about(version=True).startswith(str(maya_version))
    assert int(cmds.about(majorVersion=True)) == maya_version
    assert str(cmds.about(apiVersion=True)).startswith(str(maya_version))


def test_positional_arguments_that_a_command_has_none_of_are_refused():
    # docs: spaceLocator has no objects on creation
    with pytest.raises((TypeError, RuntimeError), match=r"(?i)argument|spaceLocator|object|flag"):
        cmds.undoInfo("everything", state=True)


def test_edit_and_query_do_not_go_together():
    with pytest.raises((TypeError, RuntimeError), match=r"(?i)query|edit|flag"):
        cmds.particle("nobody", query=True, edit=True, count=True)
