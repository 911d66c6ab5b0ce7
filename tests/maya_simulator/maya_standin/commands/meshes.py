"""uvLink and instance: which UV set a texture looks up, and shapes that stand in several places."""

from __future__ import annotations

from maya_standin import new_scene, resolve
from maya_standin.commands.nodes import namespaced
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, query
from maya_standin.session import Session

SET_NAME = "uvSetName"


@query("uvLink")
def query_uv_link(session: Session, *, texture=None, queryObject=None):
    """``uvLink(query=True, texture=)`` -> plugs of names of UV sets, one for each mesh that wears it, or None.

    A mesh whose set was never linked is answered by its first one (measured in mayapy by a tool that carries
    links to Blender: index ids 60827088802, 60817596318).
    """
    scene = session.scene
    if texture is None:
        raise NotSimulatedError("uvLink without a texture")
    node = resolve.node(scene, texture, RuntimeError)
    meshes = _wearers(session, node)
    if queryObject is not None:
        asked = resolve.node(scene, queryObject, RuntimeError)
        meshes = [mesh for mesh in meshes if mesh in (asked, *asked.shapes)]
    links = scene.uv_links.get(node.uuid, {})
    names = [f"{scene.shortest_name(mesh)}.uvSet[{links.get(mesh.uuid, 0)}].{SET_NAME}" for mesh in meshes]
    return names or None


@command("uvLink", undoable=True)
def uv_link(session: Session, *, make=False, b=False, uvSet=None, texture=None):
    """``uvLink(make=True, uvSet="meshShape.uvSet[1].uvSetName", texture=)`` (PyMEL docs of uvLink)."""
    if texture is not None and uvSet is None and not (make or b):
        return query_uv_link(session, texture=texture)
    if texture is None or uvSet is None:
        raise NotSimulatedError("uvLink in this form")
    plug = resolve.plug(session.scene, uvSet, RuntimeError)
    node = resolve.node(session.scene, texture, RuntimeError)
    links = session.scene.uv_links.setdefault(node.uuid, {})
    before, index = links.get(plug.node.uuid, 0), 0 if b else plug.path[0][1]
    session.undo.apply(
        lambda: links.__setitem__(plug.node.uuid, index), lambda: links.__setitem__(plug.node.uuid, before)
    )
    return None


def _wearers(session: Session, texture: Node) -> list[Node]:
    """Return the meshes in shading groups downstream of a texture."""
    from maya_standin.commands import sets

    seen, waiting = {texture}, [texture]
    while waiting:
        node = waiting.pop()
        if node.type.isa("shadingEngine"):
            continue
        followers = [target.node for targets in node.outgoing.values() for target in targets]
        waiting += [other for other in followers if other not in seen]
        seen.update(followers)
    held = [
        item.node if isinstance(item, Plug) else item
        for group in seen
        if group.type.isa("shadingEngine")
        for item in sets.members(session, group)
    ]
    return [mesh for mesh in dict.fromkeys(held) if mesh.type.isa("mesh")]


@command("instance", undoable=True)
def instance(session: Session, *objects, name=None):
    """``instance(object)`` -> [new transform], which has the shapes of the first (PyMEL docs of instance).

    It wears what the first wears: `instObjGroups` has an element for each instance, and scenes hold
    connections of both ("|pCube2|pCubeShape1.iog[1]").
    """
    from maya_standin.commands import sets

    scene = session.scene
    made = []
    for node in resolve.only_nodes(resolve.given_or_selected(scene, objects), "instance"):
        if not node.type.is_transform or node.children != node.shapes:
            raise NotSimulatedError("instance of anything but a transform with shapes alone")
        copy = scene.add_node(
            new_scene.find_type(session, "transform"),
            namespaced(session, name or f"{node.leaf}1"),
            node.parent,
        )
        for path, value in node.values.items():
            scene.set_value(Plug(copy, path), value)
        for shape in node.children:
            number = 1 + len(shape.others)
            scene.add_instance(shape, copy)
            sets.copy_membership(session, shape, number)
        made.append(copy)
    scene.select(list(made))
    return [scene.shortest_name(node) for node in made]
