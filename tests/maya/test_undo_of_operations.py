"""Every operation is one step that can be undone and redone, and none is left half done."""

from __future__ import annotations

import contextlib

import pytest
from maya import cmds
from scene_tools import StoppedError, checker, differences, rewind, snapshot, stop_at, texture

import rgbcloud_maya
from rgbcloud import Recipe
from rgbcloud_maya import CloudOptions
from rgbcloud_maya.ui.maya_host import MayaHost

pytestmark = pytest.mark.by_turn

OPTIONS = CloudOptions(budget=40)


@pytest.fixture
def node(tmp_path):
    return texture("tex", checker(tmp_path / "wood.png"), "Utility - sRGB - Texture")


def reduce(node):
    rgbcloud_maya.reduce([node], Recipe.of(colors=2))


def reduce_again(node):
    rgbcloud_maya.reduce([node], Recipe.of(colors=3))


def revert(node):
    rgbcloud_maya.revert([node])


def build(node):
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=2), OPTIONS)


def rebuild_larger(node):
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=3), OPTIONS)


def rebuild_smaller(node):
    options = CloudOptions(budget=40, parts=("points", "locators"), color_by="cluster", size=3)
    rgbcloud_maya.build_cloud(node, Recipe.of(colors=1), options)


def remove(node):
    rgbcloud_maya.remove_cloud()


def move_and_apply(node):
    rgbcloud_maya.apply_locators()


def show_iterations(node):
    rgbcloud_maya.show_iterations(most=2)


def hide_iterations(node):
    rgbcloud_maya.hide_iterations()


def nothing(node):
    """The operation starts from a scene with a texture alone."""


def build_and_move(node):
    build(node)
    locator = next(name for name in cmds.ls(type="transform") if name.startswith("c_"))
    cmds.setAttr(f"{locator}.translate", 1, 2, 3)


def build_and_show_iterations(node):
    build(node)
    show_iterations(node)


OPERATIONS = [
    (nothing, reduce),
    (reduce, reduce_again),
    (reduce, revert),
    (nothing, build),
    (build, rebuild_larger),
    (build, rebuild_smaller),
    (build, remove),
    (build_and_move, move_and_apply),
    (build, show_iterations),
    (build_and_show_iterations, hide_iterations),
    (build_and_show_iterations, rebuild_larger),
]
every_operation = pytest.mark.parametrize(
    ("prepare", "operate"), OPERATIONS, ids=[f"{b.__name__}-after-{a.__name__}" for a, b in OPERATIONS]
)


@every_operation
def test_it_is_one_step_that_can_be_undone_and_redone(node, prepare, operate):
    prepare(node)
    cmds.select(node)
    cmds.currentTime(12)
    before = snapshot()
    operate(node)
    after = snapshot()
    assert differences(before, after) != []
    for _ in range(2):  # the second time from what a redo has left
        cmds.undo()
        rewind()  # points are loaded then (test_cloud.py has what is undone without)
        assert differences(before, snapshot()) == []
        cmds.redo()
        rewind()
        assert differences(after, snapshot()) == []


@every_operation
def test_a_failure_in_the_middle_leaves_the_scene_as_it_was(node, monkeypatch, prepare, operate):
    prepare(node)
    cmds.select(node)
    cmds.currentTime(12)
    before = snapshot()
    with monkeypatch.context() as patch:
        names = stop_at(patch, None)
        operate(node)
    cmds.undo()
    rewind()
    assert differences(before, snapshot()) == []
    for number in stops(names):
        cmds.undoInfo(stateWithoutFlush=number % 2 == 0)  # undo may be off, as it is in batch
        with monkeypatch.context() as patch:
            stop_at(patch, number)
            with pytest.raises(StoppedError, match=f"stopped at {names[number - 1]}"):
                operate(node)
        rewind()
        assert differences(before, snapshot()) == [], f"stopped at {number}, {names[number - 1]}"
    cmds.undoInfo(stateWithoutFlush=True)


def ask(node):
    """Ask for all that the plug-in knows, as commands, functions and the panel do."""
    rgbcloud_maya.textures()
    rgbcloud_maya.clouds()
    list(MayaHost().textures())
    for query in ({"reduced": True}, {"originalPath": True}):
        cmds.rgbCloudReduce(node, query=True, **query)
    cmds.rgbCloud(query=True, clouds=True)
    cmds.rgbCloudPalette(node, colors=2)
    cmds.rgbCloudReduce(helpText=True)


@pytest.mark.usefixtures("loaded_plugin")
@pytest.mark.parametrize(
    ("prepare", "operate"), [(nothing, reduce), (reduce, revert), (build_and_move, move_and_apply)]
)
def test_asking_does_not_take_the_redo_away_but_a_change_does(node, prepare, operate):
    prepare(node)
    before = snapshot()
    operate(node)
    after = snapshot()
    cmds.undo()
    ask(node)
    cmds.redo()
    rewind()
    assert differences(after, snapshot()) == []
    cmds.undo()
    build_of_another = rgbcloud_maya.build_cloud(str(node_file(node)), Recipe.of(colors=1), OPTIONS)
    changed = snapshot()
    with contextlib.suppress(RuntimeError):  # there is nothing to redo
        cmds.redo()
    assert differences(changed, snapshot()) == []
    assert cmds.objExists(build_of_another)
    cmds.undo()
    rewind()
    assert differences(before, snapshot()) == []


def node_file(node):
    return rgbcloud_maya.textures()[0].original


def stops(names):
    """Return where to stop: at the first, the second and the last call of each command."""
    numbers = set()
    for name in set(names):
        calls = [number for number, called in enumerate(names, start=1) if called == name]
        numbers.update((*calls[:2], calls[-1]))
    return sorted(numbers)
