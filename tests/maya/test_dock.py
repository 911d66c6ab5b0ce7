"""The panel docked in Maya."""

from __future__ import annotations

import os
import sys
import time
from types import SimpleNamespace

import pytest
from host_contract import make_image
from maya import cmds, utils

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from Qt import QtCore, QtWidgets

pytestmark = pytest.mark.interactive


@pytest.fixture(autouse=True)
def application():
    return QtWidgets.QApplication.instance() or QtWidgets.QApplication([])


@pytest.fixture
def dock(application):
    from rgbcloud_maya.ui import dock

    yield dock
    dock.remove()
    run_events(lambda: True)


def run_events(condition, seconds=60):
    end = time.monotonic() + seconds
    while True:
        QtWidgets.QApplication.processEvents()
        QtWidgets.QApplication.sendPostedEvents(None, int(QtCore.QEvent.Type.DeferredDelete))
        utils.processIdleEvents()
        if condition():
            return
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)


def panels():
    from rgbcloud_maya.ui.dock import MayaPanel

    return [widget for widget in QtWidgets.QApplication.allWidgets() if isinstance(widget, MayaPanel)]


def file_node(path):
    node = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name=path.stem)
    cmds.setAttr(f"{node}.fileTextureName", path.as_posix(), type="string")
    return node


def test_a_texture_is_reduced_and_reverted_from_the_panel(dock, tmp_path):
    node = file_node(make_image(tmp_path / "wood.png"))
    dock.show()
    (panel,) = panels()
    panel.textures.list.setCurrentRow(0)
    run_events(lambda: panel.session.state.exact is not None)
    panel.actions_box.reduce.click()
    run_events(lambda: panel.session.message is not None)
    assert cmds.getAttr(f"{node}.fileTextureName").endswith("wood.k16.png")
    panel.actions_box.revert.click()
    assert cmds.getAttr(f"{node}.fileTextureName").endswith("wood.png")


def test_undo_in_maya_shows_in_the_panel(dock, tmp_path):
    file_node(make_image(tmp_path / "wood.png"))
    dock.show()
    (panel,) = panels()
    panel.textures.list.setCurrentRow(0)
    run_events(lambda: panel.session.state.exact is not None)
    panel.actions_box.reduce.click()
    run_events(lambda: panel.session.message is not None)
    assert panel.session.textures[0].reduced == "wood.k16.png"
    cmds.undo()
    run_events(lambda: not panel.session.textures[0].reduced)


def test_the_button_shows_it(dock, script_editor):
    from rgbcloud_maya.ui import buttons

    buttons.panel()
    assert len(panels()) == 1
    assert script_editor("info")[-1] == "rgbcloud: the panel is open"
    buttons.close_panel()
    run_events(lambda: not panels())


def test_the_button_says_what_is_missing(dock, script_editor, monkeypatch):
    from rgbcloud_maya import ui
    from rgbcloud_maya.ui import buttons

    monkeypatch.delattr(ui, "dock")
    monkeypatch.setitem(sys.modules, "rgbcloud_maya.ui.dock", None)
    buttons.panel()
    (text,) = script_editor("error")
    assert text.startswith("rgbcloud: the panel needs Qt.py (")
    monkeypatch.undo()
    assert not panels()


def test_a_studio_s_older_Qt_py_is_named(dock, script_editor, monkeypatch):
    # patcorwin/fossil issue 28: an old one comes first on the path; here somebody has imported it already
    from rgbcloud_maya.ui import buttons

    monkeypatch.setitem(sys.modules, "Qt", SimpleNamespace(__version__="1.2.6", __file__="/studio/Qt.py"))
    buttons.panel()
    (text,) = script_editor("error")
    assert text.startswith("rgbcloud: Qt.py 1.2.6 in /studio/Qt.py is older than 2.0. ")
    assert not panels()


def test_shown_twice_there_is_one_panel(dock):
    dock.show()
    dock.show()
    run_events(lambda: len(panels()) == 1)
    assert cmds.workspaceControl(dock.CONTROL, exists=True)


def docked(dock):
    return not cmds.workspaceControl(dock.CONTROL, query=True, floating=True)


def test_the_panel_keeps_its_place(dock):
    dock.show()
    (first,) = panels()
    cmds.workspaceControl(dock.CONTROL, edit=True, tabToControl=("AttributeEditor", -1))
    dock.show()  # is there: brought to the front
    assert panels() == [first]
    assert docked(dock)
    dock.close()
    run_events(lambda: not panels())
    dock.show()
    assert len(panels()) == 1
    assert docked(dock)


def test_removed_nothing_of_it_comes_back(dock):
    dock.show()
    cmds.workspaceControl(dock.CONTROL, edit=True, tabToControl=("AttributeEditor", -1))
    dock.remove()
    dock.remove()
    assert not cmds.workspaceControlState(dock.CONTROL, exists=True)
    dock.show()
    assert not docked(dock)


def test_a_control_that_stayed_empty_is_renewed(dock):
    cmds.workspaceControl(dock.CONTROL, uiScript="pass", loadImmediately=True)
    dock.show()
    assert len(panels()) == 1


def test_a_script_that_maya_has_saved_and_that_fails_is_forgotten(dock):
    cmds.workspaceControl(dock.CONTROL, uiScript="pass", loadImmediately=True)
    cmds.deleteUI(dock.CONTROL)
    dock.show()
    assert len(panels()) == 1


def test_a_panel_that_cannot_be_made_is_told(dock, monkeypatch, script_editor):
    from rgbcloud_maya.ui import buttons

    monkeypatch.setattr(dock, "fill", lambda: None)
    buttons.panel()
    assert script_editor("error") == ["rgbcloud: the panel could not be made; the Script Editor says why"]


def test_a_control_is_not_filled_twice(dock):
    # Maya "sometimes re-runs a uiScript against a parent that already has children" (animkit)
    dock.show()
    before = cmds.setParent(query=True)
    cmds.setParent(dock.CONTROL)
    dock.fill()
    cmds.setParent(before or "MayaWindow")
    assert len(panels()) == 1


def test_its_script_makes_it_anew_after_a_restart(dock):
    # As Maya does with a layout that it saved; the script has to import what it needs.
    script = "from rgbcloud_maya.ui import dock; dock.fill()"
    cmds.workspaceControl(dock.CONTROL, uiScript=script, loadImmediately=True)
    assert len(panels()) == 1


def test_closing_in_the_middle_of_work_ends_it(dock, tmp_path):
    file_node(make_image(tmp_path / "wood.png", size=(900, 700)))
    dock.show()
    (panel,) = panels()
    panel.textures.list.setCurrentRow(0)
    dock.close()
    run_events(lambda: not panels())
    time.sleep(0.3)
    run_events(lambda: True)


def test_nothing_listens_to_the_scene_once_it_is_closed(dock, tmp_path):
    from maya_standin import session

    before = set(session.current().script_jobs)
    dock.show()
    dock.close()
    run_events(lambda: not panels())
    assert set(session.current().script_jobs) == before
