"""Plug-ins: loading, syntax, results, undo.

Sources, named at each test: "docs: X" is Autodesk's command page X; "Command plug-ins: flags" and "Command
plug-in basics" are chapters of Autodesk's Maya SDK (2017, 2022); "Maya-ObjectBuilder" is
SXDIST/Maya-ObjectBuilder, CLAUDE.md, measured in Maya 2027; "cmdx" is mottosso/cmdx, cmdx.py.
"""

from __future__ import annotations

import textwrap

import pytest
from maya import cmds

HEAD = """
import maya.api.OpenMaya as om
from maya import cmds

maya_useNewAPI = True


def initializePlugin(plugin):
    fn = om.MFnPlugin(plugin, "tests", "1.0")
    for name, command in COMMANDS.items():
        if hasattr(command, "syntax_creator"):
            fn.registerCommand(name, command, command.syntax_creator)
        else:
            fn.registerCommand(name, command)


def uninitializePlugin(plugin):
    fn = om.MFnPlugin(plugin)
    for name in COMMANDS:
        fn.deregisterCommand(name)

"""

count = iter(range(10_000))


@pytest.fixture
def load(tmp_path):
    """Load a plug-in under a name of its own (a name keeps its first code in a session), then unload it."""
    loaded = []

    def load_code(body):
        path = tmp_path / f"standin_plugin_{next(count)}.py"
        path.write_text(HEAD + textwrap.dedent(body), encoding="utf-8")
        cmds.loadPlugin(str(path), quiet=True)
        loaded.append(path.stem)
        return path.stem

    yield load_code
    cmds.file(new=True, force=True)
    for name in loaded:
        if cmds.pluginInfo(name, query=True, loaded=True):
            cmds.unloadPlugin(name, force=True)


ECHO = """
class Echo(om.MPxCommand):
    @staticmethod
    def syntax_creator():
        syntax = om.MSyntax()
        syntax.addFlag("-c", "-colors", om.MSyntax.kLong)
        syntax.addFlag("-s", "-space", om.MSyntax.kString)
        syntax.addFlag("-w", "-weight", om.MSyntax.kDouble)
        syntax.addFlag("-d", "-dither", om.MSyntax.kBoolean)
        syntax.addFlag("-n", "-node", om.MSyntax.kString)
        syntax.makeFlagMultiUse("-n")
        syntax.enableQuery = True
        return syntax

    def isUndoable(self):
        return False

    def doIt(self, args):
        found = om.MArgDatabase(self.syntax(), args)
        if found.isQuery:
            self.setResult(found.isFlagSet("-colors"))
            return
        words = []
        if found.isFlagSet("-colors"):
            words.append("colors=%d" % found.flagArgumentInt("-colors", 0))
        if found.isFlagSet("-space"):
            words.append("space=" + found.flagArgumentString("-space", 0))
        if found.isFlagSet("-weight"):
            words.append("weight=%g" % found.flagArgumentDouble("-weight", 0))
        if found.isFlagSet("-dither"):
            words.append("dither=%s" % found.flagArgumentBool("-dither", 0))
        for use in range(found.numberOfFlagUses("-node")):
            words.append("node=" + found.getFlagArgumentList("-node", use).asString(0))
        self.setResult(" ".join(words))

COMMANDS = {"standinEcho": Echo}
"""


def text(result):
    """A string result; mayapy gives an API 2.0 command's in a list (Maya-ObjectBuilder, _harness.py)."""
    return result[0] if isinstance(result, list) else result


def test_a_plug_in_that_is_not_there_is_not_loaded():
    with pytest.raises(RuntimeError, match="no_such_plugin"):
        cmds.loadPlugin("no_such_plugin.py")


def test_loading_brings_the_command_and_unloading_takes_it(load):
    # docs: loadPlugin, unloadPlugin, pluginInfo flags loaded, command
    name = load(ECHO)
    assert cmds.pluginInfo(name, query=True, loaded=True)
    assert cmds.pluginInfo(name, query=True, command=True) == ["standinEcho"]
    assert text(cmds.standinEcho(colors=3)) == "colors=3"
    cmds.unloadPlugin(name)
    assert not cmds.pluginInfo(name, query=True, loaded=True)
    with pytest.raises((AttributeError, RuntimeError), match="standinEcho"):
        cmds.standinEcho(colors=3)


def test_the_vendor_and_version_are_known(load):
    # docs: pluginInfo, flags vendor, version
    name = load(ECHO)
    assert cmds.pluginInfo(name, query=True, vendor=True) == "tests"
    assert cmds.pluginInfo(name, query=True, version=True) == "1.0"


def test_flags_come_in_long_and_short_names(load):
    # Command plug-ins: flags
    load(ECHO)
    assert text(cmds.standinEcho(colors=16, space="oklab")) == "colors=16 space=oklab"
    assert text(cmds.standinEcho(c=16, w=0.5, d=True)) == "colors=16 weight=0.5 dither=True"


def test_a_multi_use_flag_takes_a_list(load):
    # Command plug-in basics: Python passes a multi-use flag as a list
    load(ECHO)
    assert text(cmds.standinEcho(node=["a", "b"])) == "node=a node=b"


def test_a_command_in_query_mode_knows_it(load):
    # Command plug-ins: flags: -q/-query is Maya's own
    load(ECHO)
    result = cmds.standinEcho(query=True, colors=True)
    assert (result[0] if isinstance(result, list) else result) in (True, 1)


def test_an_unknown_flag_is_refused(load):
    load(ECHO)
    with pytest.raises(TypeError, match="Invalid flag 'colours'"):
        cmds.standinEcho(colours=3)


def test_a_flag_of_another_type_is_refused(load):
    load(ECHO)
    with pytest.raises(TypeError, match=r"(?i)colors"):
        cmds.standinEcho(colors="many")


NAMED = """
class Named(om.MPxCommand):
    @staticmethod
    def syntax_creator():
        syntax = om.MSyntax()
        syntax.addFlag("{short}", "{long}", om.MSyntax.kLong)
        return syntax

    def doIt(self, args):
        self.setResult(om.MArgDatabase(self.syntax(), args).flagArgumentInt("{long}", 0))

COMMANDS = {{"standinNamed": Named}}
"""


@pytest.mark.parametrize(
    ("short", "long"),
    [
        pytest.param("-colr", "-colors", id="short name of four letters"),
        pytest.param("-c", "-col", id="long name of three letters"),
    ],
)
def test_flag_names_have_their_length(load, short, long):
    # Command plug-ins: flags: short names have three letters or fewer, long names four or more
    def load_and_call():
        load(NAMED.format(short=short, long=long))
        cmds.standinNamed(**{long[1:]: 3})

    with pytest.raises((RuntimeError, ValueError, TypeError), match=r"(?i)flag|internal failure"):
        load_and_call()


def test_objects_come_as_strings(load):
    # Autodesk's API reference, MSyntax.setObjectType, MArgParser.getObjectStrings
    load(
        """
        class Objects(om.MPxCommand):
            @staticmethod
            def syntax_creator():
                syntax = om.MSyntax()
                syntax.setObjectType(om.MSyntax.kStringObjects, 0, 5)
                return syntax

            def doIt(self, args):
                self.setResult(",".join(om.MArgDatabase(self.syntax(), args).getObjectStrings()))

        COMMANDS = {"standinObjects": Objects}
        """
    )
    assert text(cmds.standinObjects("a", "b")) == "a,b"


def test_results_have_their_types(load):
    # Autodesk's API reference, MPxCommand.setResult
    load(
        """
        class Number(om.MPxCommand):
            def doIt(self, args):
                self.setResult(7)

        class Names(om.MPxCommand):
            def doIt(self, args):
                self.setResult(["a", "b"])

        COMMANDS = {"standinNumber": Number, "standinNames": Names}
        """
    )
    assert cmds.standinNumber() == 7
    assert cmds.standinNames() == ["a", "b"]


def test_a_plug_in_without_initialize_is_refused(tmp_path):
    path = tmp_path / f"standin_plugin_{next(count)}.py"
    path.write_text("maya_useNewAPI = True\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"(?i)initializePlugin|plug-in"):
        cmds.loadPlugin(str(path), quiet=True)
    assert not cmds.pluginInfo(path.stem, query=True, loaded=True)


MODIFIER = """
class Rename(om.MPxCommand):
    def isUndoable(self):
        return True

    def doIt(self, args):
        node = om.MSelectionList().add("wood").getDependNode(0)
        self.modifier = om.MDGModifier()
        self.modifier.renameNode(node, "oak")
        self.redoIt()

    def redoIt(self):
        self.modifier.doIt()

    def undoIt(self):
        self.modifier.undoIt()

COMMANDS = {"standinRename": Rename}
"""


def test_an_undoable_command_undoes_by_itself(load):
    # Command plug-in basics: isUndoable, undoIt, redoIt
    load(MODIFIER)
    cmds.createNode("file", name="wood")
    cmds.standinRename()
    assert cmds.objExists("oak")
    cmds.undo()
    assert cmds.objExists("wood")
    cmds.redo()
    assert cmds.objExists("oak")


def test_a_modifier_sets_plugs_and_takes_them_back(load):
    # Autodesk's API reference, MDGModifier.newPlugValueString, newPlugValueFloat
    load(
        """
        class Point(om.MPxCommand):
            def isUndoable(self):
                return True

            def doIt(self, args):
                node = om.MFnDependencyNode(om.MSelectionList().add("wood").getDependNode(0))
                self.modifier = om.MDGModifier()
                self.modifier.newPlugValueString(node.findPlug("fileTextureName", False), "wood.k16.png")
                self.modifier.newPlugValueString(node.findPlug("colorSpace", False), "Raw")
                self.redoIt()

            def redoIt(self):
                self.modifier.doIt()

            def undoIt(self):
                self.modifier.undoIt()

        COMMANDS = {"standinPoint": Point}
        """
    )
    cmds.createNode("file", name="wood")
    cmds.setAttr("wood.fileTextureName", "wood.png", type="string")
    cmds.standinPoint()
    assert cmds.getAttr("wood.fileTextureName") == "wood.k16.png"
    assert cmds.getAttr("wood.colorSpace") == "Raw"
    cmds.undo()
    assert cmds.getAttr("wood.fileTextureName") == "wood.png"


def test_commands_inside_an_undoable_command_leave_orphans(load):
    # Maya-ObjectBuilder: cmds calls made in its doIt survive Ctrl+Z
    load(
        """
        class Orphan(om.MPxCommand):
            def isUndoable(self):
                return True

            def doIt(self, args):
                cmds.createNode("network", name="orphan", skipSelect=True)

            def undoIt(self):
                pass

        COMMANDS = {"standinOrphan": Orphan}
        """
    )
    cmds.standinOrphan()
    cmds.undo()
    assert cmds.objExists("orphan")


def test_commands_inside_a_command_that_is_not_undoable_undo_by_themselves(load):
    # Command plug-in basics; cmdx: a command that is not undoable is not put on the queue, what it calls is
    load(
        """
        class Chunk(om.MPxCommand):
            def isUndoable(self):
                return False

            def doIt(self, args):
                cmds.undoInfo(openChunk=True, chunkName="standinChunk")
                try:
                    cmds.createNode("network", name="one", skipSelect=True)
                    cmds.createNode("network", name="two", skipSelect=True)
                finally:
                    cmds.undoInfo(closeChunk=True)

        COMMANDS = {"standinChunk": Chunk}
        """
    )
    cmds.standinChunk()
    assert cmds.objExists("one")
    cmds.undo()
    assert not cmds.objExists("one")
    assert not cmds.objExists("two")


def test_the_api_finds_nodes_by_name():
    # Autodesk's API reference, MSelectionList.add, MFnDependencyNode
    import maya.api.OpenMaya as om

    cmds.createNode("file", name="wood")
    fn = om.MFnDependencyNode(om.MSelectionList().add("wood").getDependNode(0))
    assert fn.name() == "wood"
    assert fn.typeName == "file"
    assert fn.hasAttribute("fileTextureName")
    with pytest.raises(RuntimeError, match=r"(?i)object|invalid"):
        om.MSelectionList().add("nobody")


def test_the_api_refuses_a_missing_plug():
    import maya.api.OpenMaya as om

    cmds.createNode("file", name="wood")
    fn = om.MFnDependencyNode(om.MSelectionList().add("wood").getDependNode(0))
    with pytest.raises(RuntimeError, match=r"(?i)plug|attribute|invalid|kInvalidParameter"):
        fn.findPlug("fileTextureNames", False)


def test_mayaState_tells_batch_from_interactive():
    # Autodesk's API reference, MGlobal.mayaState
    import maya.api.OpenMaya as om

    batch = om.MGlobal.mayaState() in (om.MGlobal.kBatch, om.MGlobal.kLibraryApp)
    assert batch == cmds.about(batch=True)
