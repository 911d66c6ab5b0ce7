"""Hears all that the panel lists: new, deleted and renamed nodes, other paths, connections and scenes.

However much happens, the listener is told once, when Maya is idle. Of nodes Maya tells by ``MDGMessage`` and
``MNodeMessage`` (Autodesk's Python API 2.0 reference), also where undo brings them about; of scenes by
`scriptJob`, which is part of Maya's interface: in batch nothing is heard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from maya import cmds, utils  # type: ignore[attr-defined] # the stubs lack it
from maya.api import OpenMaya

from rgbcloud_maya.nodes.image_nodes import IMAGE_KINDS, REDUCTION, all_image_nodes
from rgbcloud_maya.nodes.plug_meanings import KNOWN_TYPES

if TYPE_CHECKING:
    from rgbcloud_maya.nodes.image_nodes import ImageNode

_SCENES = ("NewSceneOpened", "SceneOpened")  # docs of scriptJob -listEvents
_READ = "PostSceneRead"  # also of a reference
_UNDO = ("Undo", "Redo")
_ALSO = (REDUCTION, "uvTilingMode", "useFrameExtension", "alphaIsLuminance")
_LEADS_TO = {*KNOWN_TYPES, *IMAGE_KINDS, "shadingEngine"}


class SceneWatch:
    """Watches the scene for one listener, until `stop`; what is selected, for another one."""

    def __init__(self, changed: Callable[[], object], selected: Callable[[], object]) -> None:
        self._changed = changed
        self._selected = selected
        self._jobs: list[int] = []
        self._callbacks: list[int] = []
        self._of_nodes: dict[str, int] = {}  # by the UUID of the node
        self._is_expected = False  # whether the listener will be told when Maya is idle
        self._is_watching = False
        self.scenes = 0
        """How many scenes were opened meanwhile."""

    def start(self) -> None:
        """Begin to watch."""
        if cmds.about(batch=True):
            return
        self._is_watching = True
        self._jobs = [cmds.scriptJob(event=(event, self._count_scene)) for event in _SCENES]
        self._jobs.append(cmds.scriptJob(event=(_READ, self._begin_anew)))
        self._jobs += [cmds.scriptJob(event=(event, self._hear)) for event in _UNDO]
        self._jobs.append(cmds.scriptJob(event=("SelectionChanged", self._selected)))
        for node_type in sorted(set(cmds.allNodeTypes()).intersection(IMAGE_KINDS)):
            self._callbacks += [
                OpenMaya.MDGMessage.addNodeAddedCallback(self._hear, node_type),
                OpenMaya.MDGMessage.addNodeRemovedCallback(self._hear, node_type),
            ]
        self._callbacks += [
            OpenMaya.MNodeMessage.addNameChangedCallback(OpenMaya.MObject.kNullObj, self._hear_name),
            OpenMaya.MDGMessage.addConnectionCallback(self._hear_connection),
        ]
        self._follow_nodes()

    def stop(self) -> None:
        """Let go of all callbacks; nobody is told any more."""
        self._is_watching = self._is_expected = False
        for number in self._jobs:
            if cmds.scriptJob(exists=number):
                cmds.scriptJob(kill=number)
        self._forget([*self._callbacks, *self._of_nodes.values()])
        self._jobs, self._callbacks, self._of_nodes = [], [], {}

    def _hear(self, *_told: object) -> None:
        if not self._is_expected:
            self._is_expected = True
            # Script jobs of the same event are idle events, too: theirs come first.
            utils.executeDeferred(lambda: utils.executeDeferred(self._tell))

    def _hear_name(self, node: OpenMaya.MObject, *_told: object) -> None:
        if OpenMaya.MFnDependencyNode(node).typeName in _LEADS_TO:
            self._hear()

    def _hear_connection(self, _source: object, target: OpenMaya.MPlug, *_told: object) -> None:
        if OpenMaya.MFnDependencyNode(target.node()).typeName in _LEADS_TO:
            self._hear()

    def _hear_attribute(self, _message: int, plug: OpenMaya.MPlug, *_told: object) -> None:
        name = plug.partialName(useLongNames=True)
        kind = IMAGE_KINDS.get(OpenMaya.MFnDependencyNode(plug.node()).typeName)
        if name in _ALSO or (kind is not None and name in (kind.path, kind.color_space)):
            self._hear()

    def _count_scene(self) -> None:
        self.scenes += 1
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Look at another scene: the nodes of the one before are gone."""
        self._forget(list(self._of_nodes.values()))
        self._of_nodes = {}
        self._hear()

    def _tell(self) -> None:
        self._is_expected = False
        if self._is_watching:
            self._follow_nodes()
            self._changed()

    def _follow_nodes(self) -> None:
        """Hear of the attributes of the nodes that there are now."""
        nodes = {node.values.uuid: node for node in all_image_nodes()}
        self._forget([self._of_nodes.pop(uuid) for uuid in list(self._of_nodes) if uuid not in nodes])
        for uuid, node in nodes.items():
            if uuid not in self._of_nodes:
                self._of_nodes[uuid] = self._follow(node)

    def _follow(self, node: ImageNode) -> int:
        found = OpenMaya.MSelectionList().add(node.name).getDependNode(0)
        number: int = OpenMaya.MNodeMessage.addAttributeChangedCallback(found, self._hear_attribute)
        return number

    def _forget(self, numbers: list[int]) -> None:
        for number in numbers:
            try:
                OpenMaya.MMessage.removeCallback(number)
            except RuntimeError:  # noqa: PERF203 (it went with its node)
                continue
