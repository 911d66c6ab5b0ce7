"""What a new scene holds.

Names and types of the nodes as the heads of real .ma files select them (`select -ne :time1` …, section 10
of the fact sheet) and as `createNode` lines of fresh scenes show them (persp, layerManager, lightLinker1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from maya_standin import node_types, plugs
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node, Plug

if TYPE_CHECKING:
    from maya_standin.session import Session

_NODES = (
    ("time", "time1"),
    ("sequenceManager", "sequenceManager1"),
    ("hardwareRenderingGlobals", "hardwareRenderingGlobals"),
    ("partition", "renderPartition"),
    ("renderGlobalsList", "renderGlobalsList1"),
    ("lightList", "lightList1"),
    ("defaultShaderList", "defaultShaderList1"),
    ("postProcessList", "postProcessList1"),
    ("defaultRenderUtilityList", "defaultRenderUtilityList1"),
    ("defaultRenderingList", "defaultRenderingList1"),
    ("defaultTextureList", "defaultTextureList1"),
    ("lambert", "lambert1"),
    ("standardSurface", "standardSurface1"),
    ("particleCloud", "particleCloud1"),
    ("shadingEngine", "initialShadingGroup"),
    ("shadingEngine", "initialParticleSE"),
    ("materialInfo", "initialMaterialInfo"),
    ("shaderGlow", "shaderGlow1"),
    ("dof", "dof1"),
    ("renderGlobals", "defaultRenderGlobals"),
    ("renderQuality", "defaultRenderQuality"),
    ("resolution", "defaultResolution"),
    ("objectSet", "defaultLightSet"),
    ("objectSet", "defaultObjectSet"),
    ("viewColorManager", "defaultViewColorManager"),
    ("colorManagementGlobals", "defaultColorMgtGlobals"),
    ("hardwareRenderGlobals", "hardwareRenderGlobals"),
    ("partition", "characterPartition"),
    ("hwRenderGlobals", "defaultHardwareRenderGlobals"),
    ("ikSystem", "ikSystem"),
    ("hyperGraphInfo", "hyperGraphInfo"),
    ("hyperLayout", "hyperGraphLayout"),
    ("globalCacheControl", "globalCacheControl"),
    ("strokeGlobals", "strokeGlobals"),
    ("dynController", "dynController1"),
    ("lightLinker", "lightLinker1"),
    ("displayLayerManager", "layerManager"),
    ("displayLayer", "defaultLayer"),
    ("renderLayerManager", "renderLayerManager"),
    ("renderLayer", "defaultRenderLayer"),
    ("shapeEditorManager", "shapeEditorManager"),
    ("poseInterpolatorManager", "poseInterpolatorManager"),
)
CAMERAS = ("persp", "top", "front", "side")
# Maya writes these anew into every scene; they may not be deleted, and `file` does not select them.
_WRITTEN = {"lightLinker1", "layerManager", "defaultLayer", "renderLayerManager", "defaultRenderLayer",
            "shapeEditorManager", "poseInterpolatorManager"}  # fmt: skip

_CONNECTIONS = (
    ("lambert1.outColor", "initialShadingGroup.surfaceShader"),
    ("initialShadingGroup.partition", "renderPartition.sets[0]"),
    ("initialParticleSE.partition", "renderPartition.sets[1]"),
    ("lambert1.message", "defaultShaderList1.shaders[0]"),
    ("layerManager.displayLayerId[0]", "defaultLayer.identification"),
)


def fill(session: Session) -> None:
    """Put the default nodes into an empty scene."""
    scene = session.scene
    for type_name, name in _NODES:
        node = scene.add_node(find_type(session, type_name, default=True), name)
        node.default = True
    for name in CAMERAS:
        transform = scene.add_node(find_type(session, "transform"), name)
        shape = scene.add_node(find_type(session, "camera"), f"{name}Shape", transform)
        transform.default = shape.default = True
        scene.set_value(Plug(transform, (("visibility", None),)), name == "persp")
    for source, target in _CONNECTIONS:
        _connect(session, source, target)
    scene.undo.flush()
    scene.modified = False


def is_written(node: Node) -> bool:
    """Tell whether a default node gets a createNode line in a saved scene."""
    return not node.default or node.name in _WRITTEN or node.leaf.removesuffix("Shape") in CAMERAS


def find_type(session: Session, name: str, default: bool = False) -> node_types.NodeType:
    """Return a node type that this Maya knows.

    Raises
    ------
    RuntimeError
        If Maya has no such type, or its plug-in is not loaded.
    NotSimulatedError
        If Maya has it and the stand-in has no table of its attributes.
    """
    known = node_types.extended(name, frozenset(session.plugins.loaded))
    if known and known.plugin and not session.plugins.is_loaded(known.plugin):
        known = None
    elif known is None and name in session.tables.ancestors:
        if not default:
            raise NotSimulatedError(f"node type {name} is not simulated: it has no data file")
        return node_types.bare(name, session.tables.ancestors[name])
    if known is None:
        raise RuntimeError(f"Unknown object type: {name}")
    return known


def _connect(session: Session, source: str, target: str) -> None:
    ends = []
    for text in (source, target):
        name, _, attribute = text.partition(".")
        node = session.scene.by_default_name(name)
        try:
            ends.append(plugs.parse(node, attribute))
        except (LookupError, NotSimulatedError):
            return  # one of the nodes is known by name only
    session.scene.connect(*ends)
