"""Run tests in a real Maya where there is one, on the stand-in otherwise.

What the conftest files of `tests/maya` and `tests/maya_simulator/tests` share. ``mayapy -m pytest`` uses the
Maya that runs it; ``python -m pytest`` puts `tests/maya_simulator` on the path and runs every test as Maya
2023, 2024 and 2025. Each test starts with a new, untitled scene, undo switched on, nothing selected, no
plug-in of ours loaded, batch mode.

Tests speak only Maya's API. What they may ask for beside it:

``@pytest.mark.maya(2026, 2027)``
    Run as these versions instead. In a real Maya the test runs if its version is among them.
``@pytest.mark.by_turn``
    Run each case as one of the versions, other cases as others: for what is slow and much alike in all.
``@pytest.mark.interactive``
    Run in a Maya with a user interface. A real mayapy has none: the test is skipped there.
``maya_version``
    The year that the test runs as, an int.
``count_commands``
    ``with count_commands() as counted: ...`` lists the commands that the block issued in ``counted.names``;
    ``len(counted)`` is their number. Commands that MEL or a modifier runs count too on the stand-in; in a
    real Maya those called through `maya.cmds` do.
``script_editor``
    What was displayed since the test began: ``script_editor("warning")`` returns the texts of one kind
    ("info", "warning", "error"). In a real Maya through `MCommandMessage`.
``project``
    A fresh Maya project in a temporary folder, set as the current one; its root as a `pathlib.Path`.
``unreadable_indexed_png``
    Make `MImage` fail on palette PNGs, as some Maya may (stand-in only).
``answer_dialogs``
    ``answer_dialogs("OK", "Cancel")``: which buttons the next `confirmDialog` calls return (stand-in only).
    What the dialogs asked is in ``script_editor("dialog")``, `inViewMessage` texts in ``"inView"``.
``press_escape``
    ``press_escape()``: progress bars and windows answer isCancelled with True until the next one begins
    (stand-in only).
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import sys
import zlib
from pathlib import Path

import pytest

_numbers = itertools.count()
SIMULATOR = Path(__file__).resolve().parent / "maya_simulator"
YEARS = (2023, 2024, 2025)

# Where `tests` is on the path, this folder is a namespace package of that name: it has no origin.
_spec = importlib.util.find_spec("maya")
REAL = (
    _spec is not None and _spec.origin is not None and importlib.util.find_spec("maya.standalone") is not None
)
if not REAL:
    sys.path.insert(0, str(SIMULATOR))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "maya(*years): the Maya versions that a test runs as")
    config.addinivalue_line("markers", "by_turn: each case of the test runs as one of the Maya versions")
    config.addinivalue_line("markers", "interactive: the test needs a Maya with a user interface")


def _real_year() -> int:
    import maya.cmds as cmds

    return int(cmds.about(version=True)[:4])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("maya")
    years = marker.args if marker else YEARS
    if "maya_version" in metafunc.fixturenames:
        metafunc.parametrize("maya_version", (0,) if REAL else years, indirect=True, scope="function")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the versions whose turn it is not. The case alone decides, not what else is run."""

    def has_its_turn(item: pytest.Item) -> bool:
        if REAL or not item.get_closest_marker("by_turn"):
            return True
        year = item.callspec.params["maya_version"]
        case = item.nodeid.replace(f"[{year}", "[")
        return YEARS[zlib.crc32(case.encode()) % len(YEARS)] == year

    chosen = {has: [item for item in items if has_its_turn(item) is has] for has in (True, False)}
    items[:] = chosen[True]
    config.hook.pytest_deselected(items=chosen[False])


@pytest.fixture(scope="session")
def _real_maya():
    import maya.standalone

    maya.standalone.initialize(name="python")


@pytest.fixture(autouse=True)
def maya_version(request):
    """A new scene in the wanted Maya; the fixture's value is its year."""
    if REAL:
        yield from _in_real_maya(request)
    else:
        yield from _in_stand_in(request)


def _in_real_maya(request):
    request.getfixturevalue("_real_maya")
    import maya.cmds as cmds

    year = _real_year()
    marker = request.node.get_closest_marker("maya")
    if marker and year not in marker.args:
        pytest.skip(f"for Maya {marker.args} only")
    if request.node.get_closest_marker("interactive") and cmds.about(batch=True):
        pytest.skip("needs a Maya with a user interface")
    cmds.file(new=True, force=True)
    cmds.undoInfo(state=True, infinity=True)
    yield year
    for name in set(cmds.pluginInfo(query=True, listPlugins=True) or ()):
        if name.startswith("rgbcloud"):
            cmds.file(new=True, force=True)
            cmds.unloadPlugin(name)


def _in_stand_in(request):
    from maya_standin import session

    interactive = request.node.get_closest_marker("interactive") is not None
    # A project of its own, which is not there: what one test leaves in it no other one, nor process, finds.
    root = request.getfixturevalue("tmp_path_factory").getbasetemp() / "projects" / str(next(_numbers))
    running = session.Session(request.param, batch=not interactive, workspace=str(root))
    running.undo.enabled = True
    session.start(running)
    yield request.param
    left_open = running.undo.depth
    session.start(None)
    if left_open:
        pytest.fail("an undo chunk was left open")


class Counted:
    """The commands that a block issued."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def __len__(self) -> int:
        return len(self.names)


@pytest.fixture
def count_commands(maya_version):
    return _count_in_real_maya if REAL else _count_in_stand_in


@contextlib.contextmanager
def _count_in_stand_in():
    from maya_standin import session

    counted = Counted()
    counters = session.current().counters
    counters.append(counted.names)
    try:
        yield counted
    finally:
        counters.remove(counted.names)


@contextlib.contextmanager
def _count_in_real_maya():
    import maya.cmds as cmds

    counted = Counted()

    def counting(name, function):
        def call(*args, **kwargs):
            counted.names.append(name)
            return function(*args, **kwargs)

        return call

    originals = {
        name: value for name, value in vars(cmds).items() if callable(value) and not name.startswith("_")
    }
    vars(cmds).update({name: counting(name, function) for name, function in originals.items()})
    try:
        yield counted
    finally:
        vars(cmds).update(originals)


@pytest.fixture
def script_editor(maya_version):
    if not REAL:
        from maya_standin import session

        output = session.current().output
        yield lambda kind: [text for shown, text in output if shown == kind]
        return
    import maya.api.OpenMaya as om

    kinds = {
        om.MCommandMessage.kInfo: "info",
        om.MCommandMessage.kWarning: "warning",
        om.MCommandMessage.kError: "error",
    }
    shown: list[tuple[str, str]] = []

    def listen(text, kind, _data):
        shown.append((kinds.get(kind, ""), text.strip().removeprefix("Warning: ").removeprefix("Error: ")))

    callback = om.MCommandMessage.addCommandOutputCallback(listen)
    yield lambda kind: [text for shown_kind, text in shown if shown_kind == kind]
    om.MMessage.removeCallback(callback)


@pytest.fixture
def project(maya_version, tmp_path):
    import maya.cmds as cmds

    root = tmp_path / "project"
    (root / "sourceimages").mkdir(parents=True)
    (root / "scenes").mkdir()
    cmds.workspace(str(root), openWorkspace=True)
    cmds.workspace(fileRule=("sourceImages", "sourceimages"))
    return root


@pytest.fixture
def unreadable_indexed_png(maya_version):
    if REAL:
        pytest.skip("a real Maya reads what it reads")
    from maya_standin import session

    session.current().indexed_png_readable = False


@pytest.fixture
def answer_dialogs(maya_version):
    return lambda *answers: _stand_in_ui().answers.extend(answers)


@pytest.fixture
def press_escape(maya_version):
    return lambda: setattr(_stand_in_ui(), "cancelled", True)


def _stand_in_ui():
    if REAL:
        pytest.skip("somebody would have to press a key")
    from maya_standin import session

    return session.current().ui
