"""Display layers and what is shown."""

from __future__ import annotations

from maya_standin import evaluate, new_scene, resolve
from maya_standin.commands.connections import connect
from maya_standin.commands.nodes import initialize, namespaced
from maya_standin.plugs import Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session


@command("createDisplayLayer", undoable=True)
def create_display_layer(session: Session, *objects, name=None, empty=False, noRecurse=False):
    """``createDisplayLayer(objects, name=)`` -> name of the layer; the selection if no object is given."""
    scene = session.scene
    members = (
        [] if empty else resolve.only_nodes(resolve.given_or_selected(scene, objects), "createDisplayLayer")
    )
    layer = scene.add_node(
        new_scene.find_type(session, "displayLayer"), namespaced(session, name or "layer1")
    )
    initialize(session, layer)
    for member in members:
        _join(session, layer, member)
    return layer.name


def _join(session: Session, layer, member) -> None:
    # The layer's drawInfo drives drawOverride: it can no longer be set on the object (section 3).
    target = Plug(member, (("drawOverride", None),))
    session.scene.connect(
        Plug(layer, (("drawInfo", None),)), target
    ) if target.path not in member.incoming else connect(
        session, Plug(layer, (("drawInfo", None),)), target, force=True
    )


@edit("editDisplayLayerMembers")
def edit_members(session: Session, layer, *objects, noRecurse=False):
    """The edit mode of editDisplayLayerMembers."""
    return edit_display_layer_members(session, layer, *objects)


@command("editDisplayLayerMembers", undoable=True)
def edit_display_layer_members(session: Session, layer, *objects, noRecurse=False):
    """``editDisplayLayerMembers(layer, objects)`` moves objects into a layer."""
    node = resolve.node(session.scene, layer, RuntimeError)
    for member in resolve.only_nodes(
        resolve.items(session.scene, resolve.flatten(objects)), "editDisplayLayerMembers"
    ):
        if node.name == "defaultLayer":
            for source in [s for p, s in member.incoming.items() if p == (("drawOverride", None),)]:
                session.scene.disconnect(source, Plug(member, (("drawOverride", None),)))
        else:
            _join(session, node, member)


@query("editDisplayLayerMembers")
def query_members(session: Session, layer, *, fullNames=None):
    """``editDisplayLayerMembers(layer, query=True)`` -> members or None."""
    node = resolve.node(session.scene, layer, RuntimeError)
    members = [target.node for target in node.outgoing.get((("drawInfo", None),), ())]
    return [m.full_path if fullNames else session.scene.shortest_name(m) for m in members] or None


@command("hide", undoable=True)
def hide(session: Session, *objects):
    """Turn the visibility of objects off."""
    _show(session, objects, False)


@command("showHidden", undoable=True)
def show_hidden(session: Session, *objects):
    """Turn the visibility of objects on."""
    _show(session, objects, True)


def _show(session: Session, objects, state: bool) -> None:
    from maya_standin import setting

    for node in resolve.only_nodes(resolve.given_or_selected(session.scene, objects), "hide"):
        plug = Plug(node, (("visibility", None),))
        setting.require_settable(plug)
        setting.set_number(session, plug, state)


@command("refresh")
def refresh(session: Session, *, force=False, suspend=None, currentView=False):
    """Redraw: nothing to see here."""
    return


@command("ogs")
def ogs(session: Session, *, reloadTextures=False, reset=False, regenerateUVTilePreview=None):
    """``ogs(reloadTextures=True)``, ``ogs(regenerateUVTilePreview=node)``; not undoable (section 5).

    Refused without a viewport, where lxdcc's code says that it crashed, and for what shows no tiles: everybody
    asks for uvTilingMode and uvTileProxyQuality first (ynput/ayon-maya and others, section 11).
    """
    if session.batch:
        raise RuntimeError("ogs: there is no viewport in batch mode.")
    if regenerateUVTilePreview is None:
        return
    node = resolve.node(session.scene, regenerateUVTilePreview, RuntimeError)
    if node.type.name != "file" or not all(
        evaluate.value_of(session, Plug(node, ((attribute, None),)))
        for attribute in ("uvTilingMode", "uvTileProxyQuality")
    ):
        raise RuntimeError(f"ogs: {node.name} shows no tiles, so it has no preview of them.")
