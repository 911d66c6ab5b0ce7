"""The examples of Maya's own command pages, as the stand-in runs them: how far it agrees, and what it refuses.

Read from PyMEL's copy of the pages (pymel/cache/mayaCmdsExamples<year>.py), never imported. A page is run
statement by statement, in a scene of its own. What follows a statement that is not simulated rests on it, and
counts for nothing; a result that the page states is compared, and whatever is refused has its reason below.
"""

from __future__ import annotations

import ast
import contextlib
import functools
import importlib.util
import io
import re
import runpy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from maya import cmds

YEAR = 2025
_pymel = importlib.util.find_spec("pymel")
pytestmark = [
    pytest.mark.maya(YEAR),
    pytest.mark.interactive,
    pytest.mark.skipif(_pymel is None, reason="the examples are in PyMEL, which needs Python 3.10"),
]

PRESUMED = "needs nodes, files, plug-ins or windows that the page does not make"
MISTAKEN = "the page is wrong: a name that Python does not know, or a flag that the command's table lacks"
REFUSED = {
    "blendTwoAttr": PRESUMED,
    "buildBookmarkMenu": PRESUMED,
    "cacheFileCombine": PRESUMED,
    "clipMatching": PRESUMED,
    "componentEditor": "procedures of MEL are not simulated",
    "confirmDialog": "nobody is there to press a button",
    "connectAttr": "three doubles into a byte: deliberately strict, nobody is known to connect such attributes",
    "containerBind": MISTAKEN,
    "createRenderLayer": PRESUMED,
    "delete": PRESUMED,
    "deleteAttr": PRESUMED,
    "editDisplayLayerMembers": PRESUMED,
    "evaluator": PRESUMED,
    "falloffCurveAttr": PRESUMED,
    "file": "files that are not there; True for unloadReference, whose table wants a name: deliberately strict",
    "geomBind": PRESUMED,
    "getParticleAttr": PRESUMED,
    "getRenderDependencies": MISTAKEN,
    "listSets": PRESUMED,
    "loadPlugin": PRESUMED,
    "namespaceInfo": MISTAKEN,
    "nodeCast": MISTAKEN,
    "objectTypeUI": PRESUMED,
    "pairBlend": MISTAKEN,
    "pluginInfo": PRESUMED,
    "saveInitialState": PRESUMED,
    "sceneUIReplacement": PRESUMED,
    "setKeyframe": PRESUMED,
    "shotRipple": MISTAKEN,
    "shotTrack": MISTAKEN,
    "uvLink": PRESUMED,
    "showWindow": PRESUMED,
    "skeletonEmbed": PRESUMED,
    "sortCaseInsensitive": MISTAKEN,
    "subdAutoProjection": MISTAKEN,
    "subdLayoutUV": MISTAKEN,
    "subdMapCut": MISTAKEN,
    "subdMapSewMove": "procedures of MEL are not simulated",
    "subdPlanarProjection": MISTAKEN,
    "unloadPlugin": PRESUMED,
    "window": MISTAKEN,
}
"""The pages of which a statement is refused, and why."""

DIFFERENT = {
    ("allNodeTypes", "cmds.allNodeTypes()"): "the page describes the result",
    ("ogs", "cmds.ogs( reset=True )"): "no viewports are simulated",
}
"""Results that differ from those that are stated, and why."""


@dataclass
class Page:
    """What came of one example."""

    name: str
    refused: list[str] = field(default_factory=list)
    agreeing: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)


@functools.cache
def examples() -> dict[str, str]:
    cache = Path(_pymel.origin).parent / "cache" / f"mayaCmdsExamples{YEAR}.py"
    return runpy.run_path(str(cache))["data"]


@pytest.fixture
def pages(tmp_path, monkeypatch):
    """All examples, run once."""
    monkeypatch.chdir(tmp_path)
    return _run_all()


@functools.cache
def _run_all() -> tuple[Page, ...]:
    return tuple(_run(name, code.replace("//", "#")) for name, code in sorted(examples().items()))


def _run(name: str, code: str) -> Page:
    page, names = Page(name), {}
    try:
        statements = ast.parse(code).body
    except SyntaxError:  # of Python 2
        return page
    _clear()
    lines = [*code.split("\n"), ""]
    for statement in statements:
        text = ast.get_source_segment(code, statement)
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                value = _value_of(statement, names)
        except NotImplementedError:  # NotSimulatedError
            break
        except (Exception, SystemExit):  # noqa: BLE001 (whatever the page runs into)
            page.refused.append(text)
            continue
        stated = re.fullmatch(r"\s*#\s*[Rr]esult ?:\s*(.*?)\s*#?\s*", lines[statement.end_lineno])
        if stated:
            (page.agreeing if _same(value, stated.group(1)) else page.different).append(text)
    return page


def _value_of(statement: ast.stmt, names: dict) -> object:
    if isinstance(statement, ast.Expr):
        return eval(compile(ast.Expression(statement.value), "example", "eval"), names)
    exec(compile(ast.Module([statement], []), "example", "exec"), names)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    return names.get(target.id) if isinstance(target, ast.Name) else None


def _clear() -> None:
    """A new scene, no windows, no values that an earlier page has kept."""
    cmds.file(new=True, force=True)
    cmds.undoInfo(state=True)
    for window in cmds.lsUI(windows=True) or ():
        if window != "MayaWindow":
            cmds.deleteUI(window)
    for option in cmds.optionVar(list=True) or ():
        cmds.optionVar(remove=option)


def _same(value: object, stated: str) -> bool:
    """Whether a value is the stated one, which may be a Python literal or MEL's words."""
    try:
        wanted = ast.literal_eval(stated.replace("[u'", "['").replace(" u'", " '"))
    except (SyntaxError, ValueError):
        wanted = stated.strip('"')
    if isinstance(value, (list, tuple)) and not isinstance(wanted, (list, tuple)):
        return [str(part) for part in value] == str(wanted).split()
    return value == wanted


def test_every_refusal_has_its_reason(pages):
    refusing = {page.name: page.refused for page in pages if page.refused}
    assert {name: refused for name, refused in refusing.items() if name not in REFUSED} == {}
    assert sorted(set(REFUSED) - set(refusing)) == []


def test_results_are_those_that_are_stated(pages):
    different = {(page.name, text) for page in pages for text in page.different}
    assert different - set(DIFFERENT) == set()
    assert set(DIFFERENT) - different == set()


def test_the_agreement_is_the_figure_of_the_readme(pages):
    agreeing = sum(len(page.agreeing) for page in pages)
    reached = agreeing + sum(len(page.different) for page in pages)
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"{agreeing} of {reached} results" in readme
