"""A node's attributes, read through the API: no command each, so that a scene of hundreds is read at once.

``MSelectionList.add``, ``MFnDependencyNode.hasAttribute`` and ``findPlug``, ``MPlug.asString``, ``isLocked``
and ``isDestination`` as Autodesk's Python API 2.0 reference has them. Nodes are found by name each time: what
the API holds of a node outlives neither its deletion nor its scene.
"""

from __future__ import annotations

from maya.api import OpenMaya

from rgbcloud_maya.scene.scene_errors import SceneError


class NodeValues:
    """The attributes of one node, while nothing else happens to the scene.

    Raises
    ------
    SceneError
        If there is no such node.
    """

    def __init__(self, name: str) -> None:
        try:
            found = OpenMaya.MSelectionList().add(name)
        except RuntimeError as error:
            raise SceneError(f"there is no node {name} in the scene; is its name right?") from error
        self._node = OpenMaya.MFnDependencyNode(found.getDependNode(0))

    def has(self, attribute: str) -> bool:
        """Return whether the node has an attribute."""
        return bool(attribute) and bool(self._node.hasAttribute(attribute))

    def text(self, attribute: str) -> str:
        """Return a string; "" where there is none."""
        return str(self._plug(attribute).asString()) if self.has(attribute) else ""

    def number(self, attribute: str) -> int:
        """Return an integer, an enumeration's index or a switch; 0 where there is none."""
        return int(self._plug(attribute).asInt()) if self.has(attribute) else 0

    def is_on(self, attribute: str) -> bool:
        """Return whether a switch is on; off where there is none."""
        return self.has(attribute) and bool(self._plug(attribute).asBool())

    def is_free(self, attribute: str) -> bool:
        """Return whether an attribute is neither locked nor driven, as ``getAttr -settable`` tells."""
        plug = self._plug(attribute)
        return not (plug.isLocked or plug.isDestination)

    def is_locked(self, attribute: str) -> bool:
        """Return whether an attribute is locked."""
        return bool(self._plug(attribute).isLocked)

    @property
    def uuid(self) -> str:
        """What stays the same of a node that is renamed."""
        return str(self._node.uuid())

    @property
    def is_node_locked(self) -> bool:
        """Whether `lockNode` has locked the node."""
        return bool(self._node.isLocked)

    @property
    def is_referenced(self) -> bool:
        """Whether the node belongs to a referenced scene."""
        return bool(self._node.isFromReferencedFile)

    def _plug(self, attribute: str) -> OpenMaya.MPlug:
        plug: OpenMaya.MPlug = self._node.findPlug(attribute, False)
        return plug
