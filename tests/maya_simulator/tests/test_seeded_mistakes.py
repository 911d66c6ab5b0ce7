"""A plug-in with one mistake at a time, each caught by a check that the same plug-in without it passes.

`mistakes/seeded_plugin.py` is right. A mistake replaces one of its lines; the check for it then has to fail,
and in the way that is written beside it: as Maya refuses the call, or as an artist would find the scene.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import pytest
from maya import cmds

SOURCE = Path(__file__).parent / "mistakes" / "seeded_plugin.py"


# --- the checks: each calls the plug-in's functions or commands and looks at the scene as a user would


def points():
    (shape,) = cmds.ls(type="particle", long=True)
    return shape


def check_cloud(plugin, tmp_path):
    """A cloud has its points, colours, size and locators; the frame and the selection stay."""
    cmds.currentTime(7)
    cmds.createNode("transform", name="mine")
    plugin.make_cloud("cloud")
    shape = points()
    assert shape.startswith("|cloud|"), "the cloud is not under its transform"
    assert cmds.getAttr(f"{shape}.position0") == [(1, 0, 0), (0, 0.5, 0.25), (0.25, 0.5, 1)], (
        "points are missing"
    )
    assert cmds.getAttr(f"{shape}.rgbPP") == cmds.getAttr(f"{shape}.position0"), "colours are missing"
    assert cmds.getAttr(f"{shape}.particleRenderType", asString=True) == "Points", "it is not drawn as points"
    assert cmds.getAttr(f"{shape}.pointSize") == 4, "the size of the points is wrong"
    assert not cmds.getAttr(f"{shape}.isDynamic"), "the points move on playback"
    assert not cmds.ls(type="nucleus"), "a nucleus came along"
    assert len(cmds.ls(type="locator")) == 3, "locators are missing"
    assert cmds.currentTime(query=True) == 7, "the artist's frame is lost"
    assert cmds.ls(selection=True) == ["mine"], "the artist's selection is lost"


def check_locators(plugin, tmp_path):
    """Each locator stands at its colour, drawn in it, keyed, and carries the colour as an attribute."""
    plugin.make_cloud("cloud")
    for locator in cmds.ls(type="locator", long=True):
        (transform,) = cmds.listRelatives(locator, parent=True, fullPath=True)
        color = cmds.getAttr(f"{transform}.translate")[0]
        assert cmds.getAttr(f"{locator}.overrideColorRGB")[0] == pytest.approx(color), (
            "the locator's colour is wrong"
        )
        assert cmds.getAttr(f"{locator}.overrideRGBColors"), "the colour is an index of the palette"
        assert cmds.getAttr(f"{transform}.target")[0] == pytest.approx(color), "the colour is not on the node"
        assert cmds.keyframe(transform, attribute="visibility", query=True, keyframeCount=True) == 1, "no key"


def check_two_clouds(plugin, tmp_path):
    """A second cloud with equal names below it does not disturb the first."""
    plugin.make_cloud("one")
    plugin.make_cloud("two")
    assert len(cmds.ls(type="particle")) == 2
    assert len(cmds.ls(type="locator")) == 6, "locators of one cloud are missing"


def check_cloud_survives_saving(plugin, tmp_path):
    """Colours and points are there when the scene is opened again."""
    plugin.make_cloud("cloud")
    save_and_reopen(tmp_path)
    shape = points()
    assert len(cmds.getAttr(f"{shape}.position0") or []) == 3, "the points are lost"
    assert cmds.attributeQuery("rgbPP0", node=shape, exists=True), "the initial state of the colours is lost"
    assert len(cmds.getAttr(f"{shape}.rgbPP0") or []) == 3, "the initial state of the colours is lost"


def check_commands(plugin, tmp_path):
    """The commands take their flags and objects."""
    texture("wood")
    cmds.seededReduce("wood")
    assert cmds.getAttr("wood.fileTextureName") == "/tex/wood.k16.png"
    cmds.seededCloud(n="cloud")
    assert cmds.objExists("|cloud"), "the cloud has not the name that the flag gave"


def check_cloud_is_one_step(plugin, tmp_path):
    """One undo takes the whole cloud away and nothing else; one redo brings it back."""
    cmds.createNode("transform", name="before")
    start = set(cmds.ls())
    cmds.seededCloud(name="cloud")
    made = set(cmds.ls())
    cmds.createNode("transform", name="after")
    cmds.undo()
    assert set(cmds.ls()) == made, "undo of the artist's next step took the cloud along"
    cmds.undo()
    assert set(cmds.ls()) == start, "undo left something of the cloud, or took more"
    cmds.redo()
    assert set(cmds.ls()) == made, "redo did not bring the cloud back"


def texture(name, path="/tex/wood.png", space="Raw"):
    cmds.createNode("file", name=name)
    cmds.setAttr(f"{name}.fileTextureName", path, type="string")
    cmds.setAttr(f"{name}.colorSpace", space, type="string")
    return name


def check_reduce(plugin, tmp_path):
    """A texture is re-pointed, keeps its colour space, and is reverted."""
    texture("wood")
    plugin.reduce_textures(["wood"])
    assert cmds.getAttr("wood.fileTextureName") == "/tex/wood.k16.png", "the texture is not re-pointed"
    assert cmds.getAttr("wood.colorSpace") == "Raw", "the colour space is lost"
    plugin.revert_textures(["wood"])
    assert cmds.getAttr("wood.fileTextureName") == "/tex/wood.png", "the original path is lost"
    assert cmds.getAttr("wood.colorSpace") == "Raw", "the colour space is lost"
    assert not cmds.attributeQuery("seededOriginal", node="wood", exists=True), (
        "a revert leaves its note behind"
    )


def check_reduce_locked_and_connected(plugin, tmp_path):
    """A locked and a connected texture are left alone; the others are still done."""
    texture("locked")
    cmds.setAttr("locked.fileTextureName", lock=True)
    texture("driven")
    texture("driver", path="/tex/oak.png")
    cmds.connectAttr("driver.fileTextureName", "driven.fileTextureName")
    texture("free")
    plugin.reduce_textures(["locked", "driven", "free"])
    assert cmds.getAttr("locked.fileTextureName") == "/tex/wood.png"
    assert cmds.getAttr("driven.fileTextureName") == "/tex/oak.png"
    assert cmds.getAttr("free.fileTextureName") == "/tex/wood.k16.png", "one bad texture stopped the others"


def check_reduce_again(plugin, tmp_path):
    """Reducing again keeps the first original."""
    texture("wood")
    plugin.reduce_textures(["wood"])
    cmds.setAttr("wood.fileTextureName", "/tex/oak.png", type="string")
    plugin.reduce_textures(["wood"])
    assert cmds.getAttr("wood.seededOriginal") == "/tex/wood.png", "the original path is overwritten"


def check_reduce_survives_saving(plugin, tmp_path):
    """A saved and reopened scene can still be reverted."""
    texture("wood")
    plugin.reduce_textures(["wood"])
    save_and_reopen(tmp_path)
    plugin.revert_textures(["wood"])
    assert cmds.getAttr("wood.fileTextureName") == "/tex/wood.png", "the original path is lost"


def check_rename_undoes(plugin, tmp_path):
    """An undoable command undoes and redoes."""
    texture("wood")
    cmds.seededRename()
    assert cmds.objExists("oak")
    cmds.undo()
    assert cmds.objExists("wood"), "undo did nothing"
    cmds.redo()
    assert cmds.objExists("oak"), "redo did nothing"


def check_thread(plugin, tmp_path):
    """Work in a thread leaves Maya to the main thread."""
    texture("wood", path="abc")
    plugin.count_in_thread(["wood"])
    assert cmds.getAttr("wood.seededCount") == 3


def check_batch(plugin, tmp_path):
    """In batch there is no interface, and asking for it is no error."""
    if not cmds.about(batch=True):
        pytest.skip("this Maya is interactive")
    plugin.build_panel()


def check_panel(plugin, tmp_path):
    """The shelf and the panel are there once, also when asked for twice."""
    from maya import mel

    plugin.build_panel()
    plugin.build_panel()
    top = mel.eval("$seededTop = $gShelfTopLevel")
    assert len(cmds.shelfLayout(f"{top}|seeded", query=True, childArray=True)) == 1, (
        "the shelf's buttons are doubled"
    )
    assert cmds.workspaceControl("seededControl", exists=True)
    assert cmds.optionVar(query="seededColors") == 16


def save_and_reopen(tmp_path):
    path = str(tmp_path / "scene.ma")
    cmds.file(rename=path)
    cmds.file(save=True, type="mayaAscii")
    cmds.file(new=True, force=True)
    cmds.file(path, open=True, force=True)


# --- the mistakes

# A Python error in a syntax creator ends a real Maya (Maya-ObjectBuilder, plug-ins/MayaObjectBuilder.py).
RAISES_IN_SYNTAX = "syntax that raises"


@dataclass(frozen=True)
class Mistake:
    """A mistake: the line it replaces, what stands there instead, the check that finds it, how it shows."""

    name: str
    right: str
    wrong: str
    check: Callable[[Path], None]
    shows: type[BaseException] | tuple[type[BaseException], ...]
    match: str


MISTAKES = [
    # calls that Maya refuses
    Mistake(
        "misspelt flag",
        "name=name, skipSelect=True",
        "name=name, skipSelection=True",
        check_cloud,
        TypeError,
        r"Invalid flag 'skipSelection'",
    ),
    Mistake(
        "flag of another command",
        'allDescendents=True, type="particle"',
        'recursive=True, type="particle"',
        check_cloud,
        TypeError,
        r"Invalid flag 'recursive'",
    ),
    Mistake(
        "flag with a value of another type",
        "retain=False",
        'retain="never"',
        check_panel,
        TypeError,
        r"retain",
    ),
    Mistake(
        "asking a command that has no query",
        "cmds.ls(selection=True, long=True)",
        "cmds.ls(query=True, selection=True)",
        check_cloud,
        TypeError,
        r"Invalid flag 'query'",
    ),
    Mistake(
        "flag in a mode that it has not",
        'openChunk=True, chunkName="seeded"',
        'openChunk=True, undoName="seeded"',
        check_commands,
        (TypeError, RuntimeError),
        r"undoName|(?i:internal failure)",
    ),
    Mistake(
        "misspelt command",
        "cmds.parent(transform, group",
        "cmds.reparent(transform, group",
        check_cloud,
        AttributeError,
        r"reparent",
    ),
    Mistake(
        "command that Maya does not have",
        "frame = cmds.currentTime(query=True)",
        "frame = cmds.polyTimeOfDay(query=True)",
        check_cloud,
        AttributeError,
        r"polyTimeOfDay",
    ),
    Mistake(
        "unknown node type",
        'createNode("locator"',
        'createNode("spaceLocator"',
        check_locators,
        RuntimeError,
        r"Unknown object type: spaceLocator",
    ),
    Mistake(
        "wrong attribute",
        "{shape}.position0",
        "{shape}.positions0",
        check_cloud,
        (RuntimeError, ValueError),
        r"positions0",
    ),
    Mistake(
        "wrong attribute of a locator",
        "{locator}.localScale",
        "{locator}.locatorScale",
        check_locators,
        (RuntimeError, ValueError),
        r"locatorScale",
    ),
    Mistake(
        "wrong attribute type",
        'longName="rgbPP0", dataType="vectorArray"',
        'longName="rgbPP0", dataType="doubleArray"',
        check_cloud,
        (RuntimeError, TypeError, ValueError),
        r"(?i)rgbPP0|type",
    ),
    Mistake(
        "data given as an attribute type",
        'longName="rgbPP", dataType="vectorArray"',
        'longName="rgbPP", attributeType="vectorArray"',
        check_cloud,
        RuntimeError,
        r"(?i)type",
    ),
    Mistake(
        "vector array without its count",
        '{shape}.rgbPP0", len(COLORS), *COLORS',
        '{shape}.rgbPP0", *COLORS',
        check_cloud,
        (RuntimeError, TypeError, ValueError),
        r"(?i)vectorArray|rgbPP0|data|int",
    ),
    Mistake(
        "string set without its type",
        'setAttr(f"{node}.seededOriginal", path, type="string")',
        'setAttr(f"{node}.seededOriginal", path)',
        check_reduce,
        (RuntimeError, TypeError, ValueError),
        r"(?i)seededOriginal|wood",
    ),
    Mistake(
        "enum past its fields",
        'particleRenderType", 3)',
        'particleRenderType", 12)',
        check_cloud,
        RuntimeError,
        r"(?i)particleRenderType|past",
    ),
    Mistake(
        "value past its range",
        'pointSize", 4)',
        'pointSize", 90)',
        check_cloud,
        RuntimeError,
        r"past its maximum value",
    ),
    Mistake(
        "missing parent",
        "cmds.parent(transform, group, relative=True)",
        'cmds.parent(transform, "rgbCloud", relative=True)',
        check_cloud,
        (RuntimeError, ValueError),
        r"rgbCloud",
    ),
    Mistake(
        "selecting what is not there",
        "cmds.select(selection, replace=True)",
        'cmds.select("cloudPointsShape9", replace=True)',
        check_cloud,
        ValueError,
        r"No object matches name: cloudPointsShape9",
    ),
    Mistake(
        "shape taken for the transform",
        "transform, shape = cmds.particle(",
        "shape, transform = cmds.particle(",
        check_cloud,
        (RuntimeError, ValueError, AssertionError),
        r"(?i)parent|shape|Points",
    ),
    Mistake(
        "short names where two nodes share one",
        "(locator,) = cmds.ls(locator, long=True)",
        'locator = "markShape"',
        check_locators,
        (RuntimeError, ValueError),
        r"More than one object matches name: markShape",
    ),
    Mistake(
        "the first of its type taken for one's own",
        'cmds.listRelatives(group, allDescendents=True, type="particle", fullPath=True)[0]',
        'cmds.ls(type="particle", long=True)[0]',
        check_two_clouds,
        (AssertionError, RuntimeError),
        r"(?i)attribute|missing",
    ),
    Mistake(
        "nParticle, whose colours are driven",
        'cmds.particle(name=f"{name}Points")',
        'cmds.nParticle(name=f"{name}Points")',
        check_cloud,
        (RuntimeError, IndexError, AssertionError),
        r"(?i)nParticle|nucleus|attribute|locked",
    ),
    Mistake(
        "locked plug set",
        'if not cmds.getAttr(f"{node}.fileTextureName", settable=True):',
        "if False:",
        check_reduce_locked_and_connected,
        RuntimeError,
        r"locked or connected",
    ),
    Mistake(
        "attribute added twice",
        'if not cmds.attributeQuery("seededOriginal", node=node, exists=True):',
        "if True:",
        check_reduce_again,
        RuntimeError,
        r"(?i)attribute",
    ),
    Mistake(
        "compound with a child missing",
        'for channel in "RGB":',
        'for channel in "RG":',
        check_locators,
        (RuntimeError, ValueError),
        r"target",
    ),
    Mistake(
        "key on an attribute that is not there",
        'attribute="visibility", time=index',
        'attribute="visible", time=index',
        check_locators,
        (RuntimeError, ValueError, AssertionError),
        r"visible|no key",
    ),
    Mistake(
        "static attribute deleted",
        'deleteAttr(f"{node}.seededOriginal")',
        'deleteAttr(f"{node}.colorSpace")',
        check_reduce,
        RuntimeError,
        r"(?i)attribute",
    ),
    # what an artist finds
    Mistake(
        "colour space set before the path",
        """cmds.setAttr(f"{node}.fileTextureName", path.replace(".png", ".k16.png"), type="string")
        cmds.setAttr(f"{node}.colorSpace", space, type="string")""",
        """cmds.setAttr(f"{node}.colorSpace", space, type="string")
        cmds.setAttr(f"{node}.fileTextureName", path.replace(".png", ".k16.png"), type="string")""",
        check_reduce,
        AssertionError,
        r"the colour space is lost",
    ),
    Mistake(
        "colour space forgotten on revert",
        'original, type="string")\n        cmds.setAttr(f"{node}.colorSpace", space, type="string")',
        'original, type="string")',
        check_reduce,
        AssertionError,
        r"the colour space is lost",
    ),
    Mistake(
        "no initial state of the colours",
        'cmds.setAttr(f"{shape}.rgbPP0", len(COLORS), *COLORS, type="vectorArray")',
        "pass",
        check_cloud_survives_saving,
        AssertionError,
        r"the initial state of the colours is lost",
    ),
    Mistake(
        "runtime positions instead of the initial state",
        "{shape}.position0",
        "{shape}.position",
        check_cloud_survives_saving,
        AssertionError,
        r"the points are lost",
    ),
    Mistake(
        "the original path is not stored",
        'longName="seededOriginal", dataType="string"',
        'longName="seededOriginal", dataType="string", storable=False',
        check_reduce_survives_saving,
        (AssertionError, RuntimeError, TypeError),
        r"the original path is lost|(?i:seededOriginal|string|wood)",
    ),
    Mistake(
        "the render type of the API",
        'particleRenderType", 3)',
        'particleRenderType", 6)',
        check_cloud,
        AssertionError,
        r"it is not drawn as points",
    ),
    Mistake(
        "dynamics left on",
        'isDynamic", False)',
        'isDynamic", True)',
        check_cloud,
        AssertionError,
        r"the points move on playback",
    ),
    Mistake(
        "frame not restored",
        "cmds.currentTime(frame)",
        'cmds.currentTime(cmds.getAttr(f"{shape}.startFrame"))',
        check_cloud,
        AssertionError,
        r"the artist's frame is lost",
    ),
    Mistake(
        "selection not restored",
        "cmds.select(selection, replace=True)",
        "pass",
        check_cloud,
        AssertionError,
        r"the artist's selection is lost",
    ),
    Mistake(
        "colours without RGB colours switched on",
        'overrideRGBColors", True)',
        'overrideRGBColors", False)',
        check_locators,
        AssertionError,
        r"index of the palette",
    ),
    # undo
    Mistake(
        "chunk left open",
        "finally:\n            cmds.undoInfo(closeChunk=True)",
        "finally:\n            pass",
        check_cloud_is_one_step,
        (AssertionError, RuntimeError),
        r"took the cloud along|(?i:chunk|undo)",
    ),
    Mistake(
        "no chunk at all",
        """cmds.undoInfo(openChunk=True, chunkName="seeded")
        try:
            self.work(found)
        finally:
            cmds.undoInfo(closeChunk=True)""",
        "self.work(found)",
        check_cloud_is_one_step,
        AssertionError,
        r"undo left something",
    ),
    Mistake(
        "undo that leaves nodes: an undoable command that calls commands",
        "def isUndoable(self):\n        return False",
        "def isUndoable(self):\n        return True\n\n    def undoIt(self):\n        pass",
        check_cloud_is_one_step,
        AssertionError,
        r"undo left something",
    ),
    Mistake(
        "undo that does nothing",
        "self.modifier.undoIt()",
        "pass",
        check_rename_undoes,
        AssertionError,
        r"undo did nothing",
    ),
    Mistake(
        "command that is not undoable but changes the scene through the API",
        "return True",
        "return False",
        check_rename_undoes,
        (AssertionError, RuntimeError),
        r"undo did nothing|(?i:undo)",
    ),
    Mistake(
        "undo left switched off",
        "make_locators(group)\n",
        "make_locators(group)\n    cmds.undoInfo(stateWithoutFlush=False)\n",
        check_cloud_is_one_step,
        (AssertionError, RuntimeError),
        r"took the cloud along|undo left something|(?i:undo|redo)",
    ),
    # threads and the interface
    Mistake(
        "a command in a thread",
        "counts.extend(len(path) for path in paths)",
        'counts.extend(len(cmds.getAttr(f"{node}.fileTextureName")) for node in nodes)',
        check_thread,
        TypeError,
        r"must be passed a boolean argument",
    ),
    Mistake(
        "interface in batch", "if cmds.about(batch=True):", "if False:", check_batch, RuntimeError, r"\w"
    ),
    Mistake(
        "misspelt flag of the panel",
        'uiScript="pass"',
        'uiscript="pass"',
        check_panel,
        TypeError,
        r"Invalid flag 'uiscript'",
    ),
    Mistake(
        "panel without its script",
        'retain=False, uiScript="pass"',
        "retain=False",
        check_panel,
        RuntimeError,
        r"(?i)uiScript",
    ),
    Mistake(
        "panel made over an old one",
        'if cmds.workspaceControl("seededControl", exists=True):',
        "if False:",
        check_panel,
        RuntimeError,
        r"seededControl|(?i:unique)",
    ),
    Mistake(
        "shelf button added on every start",
        'cmds.shelfLayout("seeded", parent=top)\n        cmds.shelfButton(',
        'cmds.shelfLayout("seeded", parent=top)\n    cmds.shelfButton(',
        check_panel,
        AssertionError,
        r"doubled",
    ),
    Mistake(
        "variable of the shelf misspelt",
        "$gShelfTopLevel",
        "$gShelfTopLevels",
        check_panel,
        RuntimeError,
        r"gShelfTopLevels",
    ),
    Mistake(
        "preference with one value instead of two",
        'intValue=("seededColors", 16)',
        'intValue="seededColors"',
        check_panel,
        (TypeError, RuntimeError),
        r"(?i)intValue|argument|flag",
    ),
    # syntax
    Mistake(
        "short flag name of four letters",
        'addFlag("-n", "-name"',
        'addFlag("-nam4", "-name"',
        check_commands,
        (RuntimeError, TypeError, ValueError),
        r"(?i)flag|internal failure",
    ),
    Mistake(
        "long flag name of three letters",
        'addFlag("-n", "-name"',
        'addFlag("-n", "-nam"',
        check_commands,
        (RuntimeError, TypeError, ValueError),
        r"(?i)flag|internal failure",
    ),
    Mistake(
        RAISES_IN_SYNTAX,
        'syntax.addFlag("-n", "-name", om.MSyntax.kString)',
        'syntax.addFlag("-n", "-name", om.MSyntax.kText)',
        check_commands,
        (RuntimeError, AttributeError),
        r"kText|(?i:syntax)",
    ),
    Mistake(
        "flag read under another name",
        'flagArgumentString("-name", 0)',
        'flagArgumentString("-names", 0)',
        check_commands,
        (RuntimeError, TypeError, ValueError),
        r"(?i)flag|names|invalid|failure",
    ),
]

INTERACTIVE = {check_panel}
COMMANDS = {check_commands, check_cloud_is_one_step, check_rename_undoes}
CHECKS = list(dict.fromkeys(mistake.check for mistake in MISTAKES))
count = iter(range(10_000))


def cases(checked):
    """Parameters of a test, those whose check needs an interface marked so."""
    parameters = []
    for case in checked:
        check = getattr(case, "check", case)
        marks = [pytest.mark.interactive] if check in INTERACTIVE else []
        parameters.append(pytest.param(case, id=getattr(case, "name", check.__name__), marks=marks))
    return parameters


@pytest.fixture
def run(tmp_path):
    """Import the given code or load it as a plug-in, under a name of its own; check it; unload it."""
    loaded = []

    def run_check(check, code):
        path = tmp_path / f"seeded_plugin_{next(count)}.py"
        path.write_text(code, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        plugin = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(plugin)
        if check in COMMANDS:
            loaded.append(path.stem)
            cmds.loadPlugin(str(path), quiet=True)
        check(plugin, tmp_path)

    yield run_check
    for name in loaded:
        if cmds.pluginInfo(name, query=True, loaded=True):
            cmds.unloadPlugin(name, force=True)


@pytest.mark.parametrize("check", cases(CHECKS))
def test_the_plug_in_without_mistakes_passes(run, check):
    run(check, SOURCE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", cases(MISTAKES))
def test_a_mistake_is_caught(run, mistake):
    if mistake.name == RAISES_IN_SYNTAX and importlib.util.find_spec("maya_standin") is None:
        pytest.skip("ends a real Maya")
    code = SOURCE.read_text(encoding="utf-8")
    assert code.count(mistake.right) == 1, "the mistake has to change one place"
    try:
        with pytest.raises(mistake.shows, match=mistake.match):
            run(mistake.check, code.replace(mistake.right, mistake.wrong))
    finally:
        if mistake.name == "chunk left open":
            cmds.undoInfo(closeChunk=True)


def test_a_command_of_another_version_is_caught(run, maya_version):
    other = "greasePencilCtx" if maya_version >= 2024 else "polySmartExtrude"
    code = SOURCE.read_text(encoding="utf-8").replace("cmds.currentTime(query=True)", f"cmds.{other}()")
    with pytest.raises(AttributeError, match=other):
        run(check_cloud, code)


def test_a_flag_of_a_later_version_is_caught(run, maya_version):
    if maya_version >= 2025:
        pytest.skip("getAttr has the flag noEvaluation from Maya 2025 on")
    code = SOURCE.read_text(encoding="utf-8").replace("settable=True", "settable=True, noEvaluation=True")
    with pytest.raises(TypeError, match=r"Invalid flag 'noEvaluation'"):
        run(check_reduce, code)


def test_there_are_enough_mistakes():
    # issue "A stand-in for Maya": at least 25
    assert len(MISTAKES) >= 25
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)
