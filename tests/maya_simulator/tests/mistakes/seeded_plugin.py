"""A small plug-in without mistakes: test_seeded_mistakes.py breaks it, one place at a time.

It does in a few lines what rgbcloud's plug-in does: a particle cloud with locators, textures re-pointed and
reverted, a shelf and a panel, work in a thread. Every line that a mistake replaces stands here once.
"""

import threading

import maya.api.OpenMaya as om
from maya import cmds, mel

maya_useNewAPI = True

COLORS = [(1.0, 0.0, 0.0), (0.0, 0.5, 0.25), (0.25, 0.5, 1.0)]


# --- the cloud


def make_cloud(name):
    """Make a cloud of COLORS under a transform and return the path of the particle shape."""
    frame = cmds.currentTime(query=True)
    selection = cmds.ls(selection=True, long=True)
    group = cmds.createNode("transform", name=name, skipSelect=True)
    transform, shape = cmds.particle(name=f"{name}Points")
    cmds.parent(transform, group, relative=True)
    shape = cmds.listRelatives(group, allDescendents=True, type="particle", fullPath=True)[0]
    cmds.addAttr(shape, longName="rgbPP", dataType="vectorArray", storable=False)
    cmds.addAttr(shape, longName="rgbPP0", dataType="vectorArray", hidden=True)
    cmds.addAttr(shape, longName="pointSize", attributeType="long", minValue=1, maxValue=60, defaultValue=2)
    cmds.setAttr(f"{shape}.position0", len(COLORS), *COLORS, type="vectorArray")
    cmds.setAttr(f"{shape}.rgbPP0", len(COLORS), *COLORS, type="vectorArray")
    cmds.setAttr(f"{shape}.rgbPP", len(COLORS), *COLORS, type="vectorArray")
    cmds.setAttr(f"{shape}.particleRenderType", 3)
    cmds.setAttr(f"{shape}.pointSize", 4)
    cmds.setAttr(f"{shape}.isDynamic", False)
    make_locators(group)
    cmds.currentTime(frame)
    if selection:
        cmds.select(selection, replace=True)
    else:
        cmds.select(clear=True)
    return shape


def make_locators(group):
    """Make a locator for each of COLORS under `group`, coloured, sized and keyed."""
    for index, color in enumerate(COLORS):
        transform = cmds.createNode("transform", name="mark", parent=group, skipSelect=True)
        (transform,) = cmds.ls(transform, long=True)
        locator = cmds.createNode("locator", name="markShape", parent=transform, skipSelect=True)
        (locator,) = cmds.ls(locator, long=True)
        cmds.setAttr(f"{transform}.translate", *color, type="double3")
        cmds.setAttr(f"{locator}.localScale", 0.1, 0.1, 0.1, type="double3")
        cmds.setAttr(f"{locator}.overrideEnabled", True)
        cmds.setAttr(f"{locator}.overrideRGBColors", True)
        cmds.setAttr(f"{locator}.overrideColorRGB", *color, type="float3")
        cmds.setAttr(f"{locator}.overrideDisplayType", 0)
        cmds.addAttr(transform, longName="target", attributeType="float3", usedAsColor=True)
        for channel in "RGB":
            cmds.addAttr(transform, longName=f"target{channel}", attributeType="float", parent="target")
        cmds.setAttr(f"{transform}.target", *color, type="float3")
        cmds.setKeyframe(transform, attribute="visibility", time=index + 1, value=1)


# --- textures


def reduce_textures(nodes):
    """Point each of `nodes` to its reduced image and return those that were changed."""
    changed = []
    for node in nodes:
        if not cmds.getAttr(f"{node}.fileTextureName", settable=True):
            cmds.warning(f"{node}: its path is locked or connected")
            continue
        path = cmds.getAttr(f"{node}.fileTextureName")
        space = cmds.getAttr(f"{node}.colorSpace")
        if not cmds.attributeQuery("seededOriginal", node=node, exists=True):
            cmds.addAttr(node, longName="seededOriginal", dataType="string")
            cmds.setAttr(f"{node}.seededOriginal", path, type="string")
        cmds.setAttr(f"{node}.fileTextureName", path.replace(".png", ".k16.png"), type="string")
        cmds.setAttr(f"{node}.colorSpace", space, type="string")
        changed.append(node)
    return changed


def revert_textures(nodes):
    """Give each of `nodes` its original path back."""
    for node in nodes:
        space = cmds.getAttr(f"{node}.colorSpace")
        original = cmds.getAttr(f"{node}.seededOriginal")
        cmds.setAttr(f"{node}.fileTextureName", original, type="string")
        cmds.setAttr(f"{node}.colorSpace", space, type="string")
        cmds.deleteAttr(f"{node}.seededOriginal")


# --- the interface


def build_panel():
    """Make the shelf and the panel, once; nothing in batch."""
    if cmds.about(batch=True):
        return
    top = mel.eval("$seededTop = $gShelfTopLevel")
    if not cmds.shelfLayout(f"{top}|seeded", exists=True):
        cmds.shelfLayout("seeded", parent=top)
        cmds.shelfButton(label="Reduce", command="pass", sourceType="python", parent=f"{top}|seeded")
    if cmds.workspaceControl("seededControl", exists=True):
        cmds.deleteUI("seededControl")
    cmds.workspaceControl("seededControl", label="seeded", retain=False, uiScript="pass")
    cmds.optionVar(intValue=("seededColors", 16))


# --- work in a thread


def count_in_thread(nodes):
    """Count the letters of the nodes' paths in a thread; Maya is asked before and told afterwards."""
    paths = [cmds.getAttr(f"{node}.fileTextureName") for node in nodes]
    counts = []

    def work():
        try:
            counts.extend(len(path) for path in paths)
        except Exception as error:  # noqa: BLE001 - raised again in the main thread
            counts.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(5)
    for node, count in zip(nodes, counts):
        if isinstance(count, Exception):
            raise count
        cmds.addAttr(node, longName="seededCount", attributeType="long")
        cmds.setAttr(f"{node}.seededCount", count)
    return counts


# --- the commands


class Command(om.MPxCommand):
    """Runs `work` in a chunk: its commands undo themselves, so this one does not."""

    @staticmethod
    def syntax_creator():
        syntax = om.MSyntax()
        syntax.addFlag("-n", "-name", om.MSyntax.kString)
        syntax.setObjectType(om.MSyntax.kStringObjects, 0, 100)
        return syntax

    def isUndoable(self):
        return False

    def doIt(self, args):
        found = om.MArgDatabase(self.syntax(), args)
        cmds.undoInfo(openChunk=True, chunkName="seeded")
        try:
            self.work(found)
        finally:
            cmds.undoInfo(closeChunk=True)


class Cloud(Command):
    def work(self, found):
        self.setResult(make_cloud(found.flagArgumentString("-name", 0)))


class Reduce(Command):
    def work(self, found):
        self.setResult(reduce_textures(list(found.getObjectStrings())))


class Revert(Command):
    def work(self, found):
        revert_textures(list(found.getObjectStrings()))


class Panel(Command):
    def work(self, found):
        build_panel()


class Count(Command):
    def work(self, found):
        count_in_thread(list(found.getObjectStrings()))


class Rename(om.MPxCommand):
    """Renames the node `wood`, undoably, with a modifier."""

    def isUndoable(self):
        return True

    def doIt(self, args):
        self.modifier = om.MDGModifier()
        self.modifier.renameNode(om.MSelectionList().add("wood").getDependNode(0), "oak")
        self.redoIt()

    def redoIt(self):
        self.modifier.doIt()

    def undoIt(self):
        self.modifier.undoIt()


COMMANDS = {
    "seededCloud": Cloud,
    "seededReduce": Reduce,
    "seededRevert": Revert,
    "seededPanel": Panel,
    "seededCount": Count,
}


def initializePlugin(plugin):
    fn = om.MFnPlugin(plugin, "tests", "1.0")
    for name, command in COMMANDS.items():
        fn.registerCommand(name, command, command.syntax_creator)
    fn.registerCommand("seededRename", Rename)


def uninitializePlugin(plugin):
    fn = om.MFnPlugin(plugin)
    for name in [*COMMANDS, "seededRename"]:
        fn.deregisterCommand(name)
