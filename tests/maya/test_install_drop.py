"""install_rgbcloud.py dropped into the viewport: what it asks, does, and leaves."""

from __future__ import annotations

import importlib.machinery
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from maya import cmds, utils

pytestmark = pytest.mark.interactive
ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"


@pytest.fixture
def modules(maya_version):
    """The modules folder that this Maya names, without an installation of ours."""
    folder = Path(cmds.internalVar(userAppDir=True), "modules")
    yield folder
    for path in folder.glob("rgbcloud*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def with_packages(modules):
    """Packages of an earlier installation, so that pip has nothing to do."""
    from rgbcloud_setup import packages

    site = modules / "rgbcloud" / "site-packages" / packages.python_tag()
    for name in (*packages.IMPORTED, *packages.PANEL):
        (site / name).mkdir(parents=True)
        (site / name / "__init__.py").touch()
    (modules / "rgbcloud" / packages.MARKER).touch()
    (site / packages.STAMP).write_text(json.dumps({"requirements": packages.requirements()}))
    return site


class NotInThisPython:
    """Finds our packages anywhere but where pip put them for these tests: an artist's Maya has none there."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name not in ("rgbcloud_maya", "rgbcloud_setup"):
            return None
        elsewhere = [folder for folder in sys.path if Path(folder).name != "site-packages"]
        return importlib.machinery.PathFinder.find_spec(name, elsewhere)


@pytest.fixture
def fresh_session(monkeypatch):
    """A session that has never seen rgbcloud: its modules are loaded anew, from what is installed."""
    ours = [name for name in sys.modules if name.split(".")[0] in ("rgbcloud_maya", "rgbcloud_setup")]
    kept = {name: sys.modules.pop(name) for name in ours}
    monkeypatch.setenv("XBMLANGPATH", os.environ.get("XBMLANGPATH", ""))
    before = sys.path[:]
    sys.path[:] = [path for path in before if not path.endswith(str(Path("maya_plugin", "scripts")))]
    monkeypatch.setattr(sys, "meta_path", [NotInThisPython, *sys.meta_path])
    yield
    cmds.unloadPlugin("rgbcloud_plugin")
    sys.path[:] = before
    for name in [name for name in sys.modules if name.split(".")[0] in ("rgbcloud_maya", "rgbcloud_setup")]:
        del sys.modules[name]
    sys.modules.update(kept)


def drop(path=ROOT / "install_rgbcloud.py"):
    """What Maya itself runs for a file that is dropped onto an object."""
    from maya.app.general import executeDroppedPythonFile

    executeDroppedPythonFile.executeDroppedPythonFile(path.as_posix(), "pSphere1")


def test_a_first_installation_is_there_at_once(
    modules, with_packages, fresh_session, answer_dialogs, script_editor
):
    answer_dialogs("Install")
    drop()
    assert str(modules) in script_editor("dialog")[0]
    assert re.match(r"\+ MAYAVERSION:2023 rgbcloud \S+ \./rgbcloud/", (modules / "rgbcloud.mod").read_text())
    assert cmds.pluginInfo("rgbcloud_plugin", query=True, loaded=True)
    assert cmds.pluginInfo("rgbcloud_plugin", query=True, autoload=True)
    for name in ("rgbcloud_maya", "rgbcloud_setup"):
        assert modules in Path(sys.modules[name].__file__).parents
    assert str(with_packages) in sys.path
    icons = [Path(path.replace("/%B", "")) for path in os.environ["XBMLANGPATH"].split(os.pathsep)]
    assert any((folder / "rgbcloud_reduce.svg").is_file() for folder in icons)
    utils.processIdleEvents()
    assert cmds.menu("rgbcloudMenu", exists=True)
    assert script_editor("error") == []


def test_an_update_of_a_running_version_asks_for_a_new_start(
    modules, with_packages, answer_dialogs, script_editor
):
    import rgbcloud_maya  # noqa: F401  the version that is running
    import rgbcloud_setup

    answer_dialogs("Install", "Close")
    drop()
    assert script_editor("dialog")[-1].startswith("Installed. Start Maya anew")
    answer_dialogs("Update", "Close")
    drop()
    assert sys.modules["rgbcloud_setup"] is rgbcloud_setup
    assert (modules / "rgbcloud.mod").is_file()


def test_uninstalling_takes_the_plug_in_with_it(modules, with_packages, answer_dialogs):
    answer_dialogs("Install", "Close")
    drop()
    cmds.loadPlugin(str(ROOT / "plug-ins" / "rgbcloud_plugin.py"), quiet=True)
    cmds.pluginInfo("rgbcloud_plugin", edit=True, autoload=True)
    utils.processIdleEvents()
    cmds.workspaceControl("rgbcloudPanelControl", uiScript="pass")
    answer_dialogs("Uninstall")
    drop()
    assert not cmds.workspaceControl("rgbcloudPanelControl", exists=True)
    assert not cmds.workspaceControlState("rgbcloudPanelControl", exists=True)
    assert not (modules / "rgbcloud.mod").exists()
    assert not (modules / "rgbcloud").exists()
    assert not cmds.menu("rgbcloudMenu", exists=True)
    assert "rgbcloud_plugin" not in (cmds.pluginInfo(query=True, listPlugins=True) or ())


def test_every_drop_runs_the_file_that_was_dropped(tmp_path, modules, answer_dialogs, script_editor):
    # Maya keeps what it imported under the file's stem: another installer's, or ours of an older version.
    other = tmp_path / "elsewhere"
    shutil.copytree(ROOT, other, ignore=shutil.ignore_patterns("site-packages", "__pycache__"))
    code = (other / "install_rgbcloud.py").read_text()
    (other / "install_rgbcloud.py").write_text(code.replace('"drop") as drop', '"older") as drop'))
    (other / "scripts" / "rgbcloud_setup" / "older.py").write_text("def handle_drop(root): print(root)\n")
    path = sys.path[:]
    drop(other / "install_rgbcloud.py")
    answer_dialogs("Cancel")
    drop()
    assert len(script_editor("dialog")) == 1
    assert "install_rgbcloud" not in sys.modules
    assert sys.path == path


def test_an_older_maya_is_told_in_one_sentence(modules, answer_dialogs, script_editor, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 7, 7))
    answer_dialogs("Close")
    drop()
    monkeypatch.undo()
    assert script_editor("dialog") == [
        "rgbcloud needs Maya 2023 or newer, with Python 3.9; this Python is 3.7"
    ]


def test_cancel_changes_nothing(modules, answer_dialogs):
    answer_dialogs("Cancel")
    drop()
    assert not list(modules.glob("rgbcloud*"))


def test_a_failure_of_pip_is_told_with_the_way_by_hand(
    modules, answer_dialogs, script_editor, monkeypatch, tmp_path
):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    answer_dialogs("Install", "Close")
    drop()
    (text,) = script_editor("error")
    assert text.startswith("rgbcloud: pip failed: ERROR: ")
    assert "By hand: " in text
    assert "pip failed" in script_editor("dialog")[-1]
    assert not (modules / "rgbcloud.mod").exists()
    assert not list((modules / "rgbcloud" / "site-packages").glob("*py*"))


def test_what_is_not_ours_stays(modules, answer_dialogs, script_editor):
    modules.mkdir(parents=True, exist_ok=True)
    (modules / "rgbcloud.mod").write_text("+ rgbcloud 0.0.9 D:/checkout/maya_plugin\n")
    answer_dialogs("Update", "Close")
    drop()
    (text,) = script_editor("error")
    assert "rgbcloud.mod was not written by this installer; move it away to go on" in text
    assert (modules / "rgbcloud.mod").read_text() == "+ rgbcloud 0.0.9 D:/checkout/maya_plugin\n"


def test_esc_cancels(modules, answer_dialogs, press_escape, script_editor, monkeypatch):
    show = cmds.progressWindow

    def impatient(*arguments, **flags):
        result = show(*arguments, **flags)
        press_escape()
        return result

    monkeypatch.setattr(cmds, "progressWindow", impatient)
    answer_dialogs("Install")
    drop()
    assert script_editor("warning") == ["rgbcloud: cancelled; nothing was left half-installed"]
    assert not (modules / "rgbcloud.mod").exists()
