"""The session around a scene: batch and interactive, preferences, threads, time, MEL.

Sources, named at each test: "docs: X" and "example: X" are Autodesk's command page X; "maya.utils" is its
source as shipped in PyPI maya-mock-completion 0.2.0; "deadline" is aws-deadline/deadline-cloud-for-maya;
"threads" is text index file 70877263120, measured in Maya 2027.
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import maya.utils
import pytest
from maya import cmds, mel


def in_thread(function):
    """Call `function` in another thread and return what it returned or raised."""
    outcome = []

    def run():
        try:
            outcome.append(function())
        except Exception as error:  # noqa: BLE001 - handed to the caller
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    assert outcome, "the call did not come back"
    return outcome[0]


# --- batch


@pytest.fixture
def batch():
    if not cmds.about(batch=True):
        pytest.skip("this Maya is interactive")


@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: cmds.window("standinWindow"), id="window"),
        pytest.param(lambda: cmds.shelfLayout("standinShelf"), id="shelfLayout"),
        pytest.param(lambda: cmds.menu(label="standin"), id="menu"),
        pytest.param(lambda: cmds.workspaceControl("standinControl", uiScript="pass"), id="workspaceControl"),
        pytest.param(lambda: cmds.confirmDialog(message="Really?"), id="confirmDialog"),
    ],
)
def test_the_user_interface_is_not_there_in_batch(call):
    # Autodesk: no UI commands in batch; ynput/ayon-maya guards its menu by about(batch=True)
    with pytest.raises(RuntimeError, match=r"(?i)interface|batch|unavailable"):
        call()


@pytest.mark.usefixtures("batch")
def test_no_shelf_is_known_in_batch():
    # deadline shelf.py: $gShelfTopLevel is set by the interface; undeclared or empty without one
    try:
        top = mel.eval("$standinTop = $gShelfTopLevel")
    except RuntimeError:
        top = ""
    assert not top


# --- interactive


@pytest.mark.interactive
class TestInteractive:
    def test_batch_is_off(self):
        assert not cmds.about(batch=True)

    def test_a_shelf_and_its_buttons(self):
        # deadline shelf.py: parent from MEL, exists, childArray, label
        top = mel.eval("$standinTop = $gShelfTopLevel")
        shelf = cmds.shelfLayout("standin", parent=top)
        full = f"{top}|{shelf.rsplit('|', 1)[-1]}"
        assert cmds.shelfLayout(full, exists=True)
        assert cmds.shelfLayout(full, query=True, childArray=True) is None
        button = cmds.shelfButton(
            label="Reduce",
            annotation="Reduce it",
            command="pass",
            sourceType="python",
            image1="reduce.svg",
            parent=full,
        )
        (child,) = cmds.shelfLayout(full, query=True, childArray=True)
        assert child == button.rsplit("|", 1)[-1]
        assert cmds.shelfButton(f"{full}|{child}", query=True, label=True) == "Reduce"
        cmds.deleteUI(full)
        assert not cmds.shelfLayout(full, exists=True)

    def test_the_current_tab_is_known_and_set(self):
        # deadline shelf.py: shelfTabLayout(top, query/edit, selectTab)
        top = mel.eval("$standinTop = $gShelfTopLevel")
        before = cmds.shelfTabLayout(top, query=True, selectTab=True)
        cmds.shelfLayout("standin", parent=top)
        cmds.shelfTabLayout(top, edit=True, selectTab="standin")
        assert cmds.shelfTabLayout(top, query=True, selectTab=True) == "standin"
        cmds.shelfTabLayout(top, edit=True, selectTab=before)
        cmds.deleteUI(f"{top}|standin")
        assert cmds.shelfTabLayout(top, query=True, selectTab=True) == before

    def test_a_menu_and_its_items(self):
        # ynput/ayon-maya menu.py: parent $gMainWindow, tearOff, deleteUI
        window = mel.eval("$standinWindow = $gMainWindow")
        menu = cmds.menu("standinMenu", label="standin", parent=window, tearOff=True)
        cmds.menuItem(label="Reduce", parent=menu, command="pass", sourceType="python")
        assert cmds.menu(menu, exists=True)
        assert len(cmds.menu(menu, query=True, itemArray=True)) == 1
        cmds.deleteUI(menu)
        assert not cmds.menu("standinMenu", exists=True)

    def test_a_workspace_control_needs_its_script(self):
        # docs: workspaceControl, flag uiScript, "This is a required flag"
        control = cmds.workspaceControl("standinControl", label="standin", uiScript="pass", retain=False)
        assert cmds.workspaceControl(control, exists=True)
        cmds.deleteUI(control)
        assert not cmds.workspaceControl("standinControl", exists=True)
        with pytest.raises(RuntimeError, match=r"(?i)uiScript"):
            cmds.workspaceControl("standinControl", label="standin")

    def test_a_name_is_taken_once(self):
        # docs: workspaceControl: names are unique
        cmds.workspaceControl("standinControl", uiScript="pass")
        with pytest.raises(RuntimeError, match=r"standinControl|(?i:unique)"):
            cmds.workspaceControl("standinControl", uiScript="pass")
        cmds.deleteUI("standinControl")

    def test_a_deleted_control_comes_back_with_its_old_script_and_place(self):
        # docs: workspaceControlState; animkit (text index file 68946860846): deleting "is not enough"
        import __main__

        __main__.standin_ran = []
        script = "standin_ran.append({})".format
        cmds.workspaceControl("standinControl", uiScript=script(1), floating=True, loadImmediately=True)
        cmds.workspaceControl("standinControl", edit=True, tabToControl=("AttributeEditor", -1))
        cmds.deleteUI("standinControl")
        assert cmds.workspaceControlState("standinControl", exists=True)
        cmds.workspaceControl("standinControl", uiScript=script(2), floating=True, loadImmediately=True)
        assert not cmds.workspaceControl("standinControl", query=True, floating=True)
        cmds.deleteUI("standinControl")
        cmds.workspaceControlState("standinControl", remove=True)
        assert not cmds.workspaceControlState("standinControl", exists=True)
        cmds.workspaceControl("standinControl", uiScript=script(3), floating=True, loadImmediately=True)
        assert cmds.workspaceControl("standinControl", query=True, floating=True)
        cmds.deleteUI("standinControl")
        assert __main__.standin_ran == [1, 1, 3]

    def test_closing_deletes_a_control_that_is_not_retained(self):
        # docs: workspaceControl, flags close and retain
        cmds.workspaceControl("standinControl", uiScript="pass", retain=False)
        cmds.workspaceControl("standinControl", edit=True, close=True)
        assert not cmds.workspaceControl("standinControl", exists=True)
        assert cmds.workspaceControlState("standinControl", exists=True)

    def test_deleting_what_is_not_there_raises(self):
        with pytest.raises(RuntimeError, match="standinNothing"):
            cmds.deleteUI("standinNothing")

    def test_deferred_calls_run_when_idle(self):
        # maya.utils: executeDeferred, processIdleEvents
        done = []
        maya.utils.executeDeferred(done.append, 1)
        maya.utils.processIdleEvents()
        assert done == [1]

    def test_a_thread_may_ask_the_main_thread(self):
        # maya.utils: executeInMainThreadWithResult waits for the idle queue
        outcome = []
        thread = threading.Thread(
            target=lambda: outcome.append(maya.utils.executeInMainThreadWithResult(lambda: cmds.ls("persp")))
        )
        thread.start()
        for _ in range(500):
            maya.utils.processIdleEvents()
            thread.join(0.01)
            if not thread.is_alive():
                break
        assert outcome == [["persp"]]


# --- threads


def test_a_command_from_another_thread_fails_with_a_misleading_message():
    # threads: "must be passed a boolean argument"
    error = in_thread(lambda: cmds.ls(selection=True))
    assert isinstance(error, TypeError)
    assert "must be passed a boolean argument" in str(error)


def test_a_command_from_another_thread_changes_nothing():
    before = set(cmds.ls())
    assert isinstance(in_thread(lambda: cmds.createNode("file", name="wood", skipSelect=True)), Exception)
    assert set(cmds.ls()) == before


def test_the_main_thread_asks_itself_at_once():
    # maya.utils: runs at once if already on the main thread
    assert maya.utils.executeInMainThreadWithResult(lambda: cmds.ls("persp")) == ["persp"]


@functools.cache
def printed_by_a_new_maya(code):
    path = os.pathsep.join([str(Path(maya.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout


def test_a_thread_cannot_ask_the_main_thread_in_batch():
    # threads: executeInMainThreadWithResult never returns in mayapy, which runs no event loop; in a process
    # of its own, because a real one waits for ever
    code = """
        import threading
        import maya.standalone
        maya.standalone.initialize(name="python")
        import maya.utils
        from maya import cmds
        ask = lambda: print("answer", maya.utils.executeInMainThreadWithResult(lambda: cmds.ls("persp")))
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        thread.join(20)
        """
    assert "answer" not in printed_by_a_new_maya(code)


# --- preferences


@pytest.fixture
def variables():
    yield
    for name in ("standinInt", "standinText", "standinList"):
        cmds.optionVar(remove=name)


@pytest.mark.usefixtures("variables")
class TestOptionVar:
    def test_values_are_kept_by_name(self):
        # example: optionVar
        cmds.optionVar(intValue=("standinInt", 4), stringValue=("standinText", "buffalo.maya"))
        assert cmds.optionVar(exists="standinInt")
        assert cmds.optionVar(query="standinText") == "buffalo.maya"
        assert cmds.optionVar(query="standinInt") == 4
        assert "standinInt" in cmds.optionVar(list=True)

    def test_a_removed_one_is_gone(self):
        # example: optionVar, remove
        cmds.optionVar(intValue=("standinInt", 4))
        cmds.optionVar(remove="standinInt")
        assert not cmds.optionVar(exists="standinInt")

    def test_arrays_grow(self):
        # docs: optionVar, flag stringValueAppend
        cmds.optionVar(stringValueAppend=("standinList", "a"))
        cmds.optionVar(stringValueAppend=("standinList", "b"))
        assert cmds.optionVar(query="standinList") == ["a", "b"]

    def test_a_new_scene_keeps_them(self):
        # docs: optionVar, "persistent between different invocations of Maya"
        cmds.optionVar(intValue=("standinInt", 4))
        cmds.file(new=True, force=True)
        assert cmds.optionVar(query="standinInt") == 4


# --- time and keys


def test_the_time_is_set_and_asked_for():
    # docs: currentTime
    cmds.currentTime(12)
    assert cmds.currentTime(query=True) == 12
    assert cmds.getAttr("time1.outTime") == 12


def test_setKeyframe_tells_how_many_keys_it_set():
    # FXTD-ODYSSEY/vscode-mayapy: setKeyframe returns int
    cmds.createNode("transform", name="node")
    assert cmds.setKeyframe("node", attribute="translateX", time=1, value=0) == 1
    assert cmds.setKeyframe("node", attribute="translateX", time=11, value=10) == 1
    assert cmds.keyframe("node", attribute="translateX", query=True, keyframeCount=True) == 2


def test_a_key_drives_its_attribute():
    # node page animCurveTL: time in, distance out
    cmds.createNode("transform", name="node")
    cmds.setKeyframe("node", attribute="visibility", time=1, value=0)
    cmds.setKeyframe("node", attribute="visibility", time=10, value=1)
    (curve,) = cmds.listConnections("node.visibility", source=True)
    assert cmds.nodeType(curve) == "animCurveTU"
    cmds.currentTime(10)
    assert cmds.getAttr("node.visibility") is True
    cmds.currentTime(1)
    assert cmds.getAttr("node.visibility") is False


@pytest.mark.parametrize(
    ("attribute", "curve"),
    [("translateX", "animCurveTL"), ("rotateX", "animCurveTA"), ("scaleX", "animCurveTU")],
)
def test_the_curve_has_the_unit_of_its_attribute(attribute, curve):
    # node page animCurve: table of input and output types
    cmds.createNode("transform", name="node")
    cmds.setKeyframe("node", attribute=attribute, time=1, value=2)
    assert cmds.nodeType(cmds.listConnections(f"node.{attribute}", source=True)[0]) == curve


def test_an_array_takes_no_keys():
    # node page animCurve: curves feed "any simple numeric attribute"
    cmds.createNode("transform", name="node")
    cmds.addAttr("node", longName="points", dataType="vectorArray")
    try:
        made = cmds.setKeyframe("node", attribute="points", time=1)
    except RuntimeError:
        made = 0
    assert made == 0
    assert cmds.listConnections("node.points") is None


# --- MEL


def test_mel_runs_a_command():
    # docs: createNode, MEL form
    assert mel.eval('createNode transform -name "fromMel"') == "fromMel"
    assert cmds.objExists("fromMel")


def test_mel_that_is_not_understood_raises():
    with pytest.raises(RuntimeError, match=r"teapotHolder"):
        mel.eval("teapotHolder -please;")


@pytest.mark.interactive
def test_a_script_job_runs_when_maya_is_idle_until_it_is_killed():
    # "They are run during idle events" (PyMEL docs of scriptJob)
    ran = []
    job = cmds.scriptJob(event=("NewSceneOpened", lambda: ran.append(1)))
    assert cmds.scriptJob(exists=job)
    cmds.file(new=True, force=True)
    assert ran == []
    maya.utils.processIdleEvents()
    assert ran == [1]
    cmds.scriptJob(kill=job)
    cmds.file(new=True, force=True)
    maya.utils.processIdleEvents()
    assert ran == [1]
    assert not cmds.scriptJob(exists=job)


def test_there_are_no_script_jobs_in_batch():
    # "The scriptJob command does nothing in batch mode" (PyMEL docs of scriptJob)
    ran = []
    cmds.scriptJob(event=("NewSceneOpened", lambda: ran.append(1)))
    cmds.file(new=True, force=True)
    assert ran == []


@pytest.mark.interactive
@pytest.mark.parametrize("event", ["Undo", "Redo"])
def test_a_script_job_of_undo_or_redo_must_not_change_the_scene(event):
    # PyMEL docs of scriptJob, listEvents: "Do not change the state of the scene or DG during this callback"
    cmds.undoInfo(state=True)
    node = cmds.createNode("transform", name="node")
    cmds.setAttr("node.tx", 1)
    job = cmds.scriptJob(event=(event, lambda: cmds.setAttr(f"{node}.ty", 1)))
    cmds.undo()
    cmds.redo()
    with pytest.raises(RuntimeError, match="script job of Undo or Redo"):
        maya.utils.processIdleEvents()
    cmds.scriptJob(kill=job)
    assert cmds.getAttr("node.ty") == 0


def test_every_userSetup_on_the_path_runs_when_maya_starts(tmp_path):
    # maya.app.startup.basic.executeUserSetup: in "__main__", one that fails does not keep Maya from starting
    for name, code in (("first", "raise ValueError('broken')"), ("second", "seen = 'second'")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "userSetup.py").write_text(code)
    code = f"""
        import sys
        sys.path += [{str(tmp_path / "first")!r}, {str(tmp_path / "second")!r}]
        import maya.standalone
        maya.standalone.initialize()
        print(seen)
    """
    assert "second" in printed_by_a_new_maya(textwrap.dedent(code))


@pytest.mark.maya(2022, 2025)
def test_a_module_has_a_line_for_each_maya_that_it_serves(tmp_path, maya_version):
    # Autodesk, "Distributing Maya plug-ins": MAYAVERSION; docs: loadModule
    description = tmp_path / "standin.mod"
    description.write_text("+ MAYAVERSION:2024 standin 1.0 .\n+ MAYAVERSION:2025 standin 1.0 .\n")
    before = set(cmds.moduleInfo(listModules=True) or ())
    cmds.loadModule(load=description.as_posix())
    added = set(cmds.moduleInfo(listModules=True) or ()) - before
    assert added == ({"standin"} if maya_version == 2025 else set())


@pytest.mark.parametrize(
    ("time", "frame"), [("2sec", 48), ("10pal", 9.6), ("15ntsc", 12), ("0.5min", 720), ("30", 30), (30, 30)]
)
def test_a_time_may_be_a_string_that_carries_its_unit(time, frame):
    # example: currentTime; docs: currentUnit, flag time: film has 24 frames a second, pal 25, ntsc 30
    cmds.currentTime(time, edit=True)
    assert cmds.currentTime(query=True) == pytest.approx(frame)


def test_a_time_in_an_unknown_unit_is_refused():
    with pytest.raises((TypeError, RuntimeError)):
        cmds.currentTime("2fortnights")


@pytest.mark.parametrize(
    ("time", "count"),
    [((10, 20), 2), ((10,), 1), (10, 1), (("10:",), 3), ((":20",), 3), (("0:10",), 2), ((), 4), ("1sec", 1)],
)
def test_keys_are_found_by_times_and_ranges(time, count):
    # example: keyframe, which explains the forms; example: setKeyframe, t=['0sec', '10sec']
    cmds.createNode("transform", name="node")
    cmds.setKeyframe("node", attribute="translateX", time=["0sec", 10, 20, "1sec"], value=1)
    assert cmds.keyframe("node.translateX", query=True, time=time, keyframeCount=True) == count


def test_the_range_of_the_slider_takes_strings():
    # example: playbackOptions, minTime='0sec', maxTime='1sec'
    cmds.playbackOptions(minTime="0sec", maxTime="1sec")
    assert cmds.playbackOptions(query=True, maxTime=True) == 24


@pytest.mark.interactive
def test_a_window_without_a_name_is_the_last_one():
    # docs: showWindow, "If no window is specified then the most recently created window is used"
    window = cmds.window("standinWindow", visible=False)
    assert cmds.showWindow() in (None, window)
    assert cmds.window(window, query=True, visible=True)
    cmds.deleteUI(window)


def test_file_info_is_the_scene_s_and_in_no_undo_step(tmp_path):
    # Autodesk's page of fileInfo: "NOT undoable … preserved when Maya saves the scene".
    cmds.undoInfo(state=True, infinity=True)
    cmds.createNode("transform", name="before")
    cmds.fileInfo("note", 'a "word" and a \\')
    cmds.undo()
    assert not cmds.objExists("before")
    assert cmds.fileInfo("note", query=True) == ['a \\"word\\" and a \\\\']
    cmds.file(rename=str(tmp_path / "scene.ma"))
    cmds.file(save=True, type="mayaAscii")
    cmds.file(new=True, force=True)
    assert cmds.fileInfo(query=True) == []
    cmds.file(str(tmp_path / "scene.ma"), open=True, force=True)
    assert cmds.fileInfo(query=True) == ["note", 'a \\"word\\" and a \\\\']
    cmds.fileInfo(remove="note")
    assert cmds.fileInfo("note", query=True) == []
