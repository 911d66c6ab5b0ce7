"""Points as one legacy particle shape, built by a fixed number of commands.

The recipe (particle, addAttr, setAttr of the initial state, its evaluation, isDynamic off at last) is that of
gpsImportPointCloud.py in mjbonnington/icarus-gps; what else Maya stores of particles is to be seen in
UsdExportParticlesTest.ma of Autodesk/maya-usd. Attributes are added where they are absent, and rendering is
switched off, as in maya_build.py of abrahamADSK/maya-mcp.

Not an nParticle: its colours are driven by ramps, and a nucleus comes with it. Of every per-particle
attribute only the twin that ends in 0, the initial state, is stored with the scene; Maya loads the
attribute from it at the shape's start frame. Going there would evaluate the whole scene at another frame, so
the shape starts at the current one and is evaluated alone, as particleWriter.cpp of Autodesk/maya-usd does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from maya import cmds

from rgbcloud.cloud import axis_positions
from rgbcloud.color import srgb8_to_linear
from rgbcloud_maya.scene import messages, viewport
from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.undo import shape_of, short_name

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud import PointCloud
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.scene.undo import Changes

MAX_POINTS = 200_000
"""As many as abrahamADSK/maya-mcp, which measured it in Maya 2027, gives one particle object."""
POINTS = 3  # of particleRenderType, which numbers the types otherwise than MFnParticleSystem does
CLUSTER = "rgbcloudCluster"
WEIGHT = "rgbcloudWeight"
FILLING = "rgbcloudFilling"
"""Counts how often an object was filled; undo takes it back, and so tells of points that are not shown."""
_PER_PARTICLE = {"rgbPP": "vectorArray", CLUSTER: "doubleArray", WEIGHT: "doubleArray"}
_RENDER_SWITCHES = (
    "primaryVisibility",
    "castsShadows",
    "receiveShadows",
    "visibleInReflections",
    "visibleInRefractions",
    "motionBlur",
    # Arnold's own, there while its plug-in is loaded.
    "aiVisibleInDiffuseReflection",
    "aiVisibleInSpecularReflection",
    "aiVisibleInDiffuseTransmission",
    "aiVisibleInSpecularTransmission",
    "aiVisibleInVolume",
    "aiSelfShadows",
)
_shown: dict[str, int] = {}  # UUID of a particle object: the filling whose points Maya shows
_PIECE = 5_000  # points of one `emit`, as a tool that filled 250,000 so takes them


class Points(NamedTuple):
    """What the particles hold: rows of one length."""

    positions: list[tuple[float, float, float]]  # centimetres
    colors: list[tuple[float, float, float]]  # what Maya shows, [0, 1]
    clusters: list[float]
    weights: list[float]


def points_of(cloud: PointCloud, options: CloudOptions, unit: float) -> Points:
    """Return a cloud's points, or those of the isolated cluster, as lists that Maya takes.

    Parameters
    ----------
    cloud : PointCloud
    options : CloudOptions
    unit : float
        What `centimetres_per_unit` says; of Maya nothing is asked here.
    """
    shown = np.ones(len(cloud), bool)
    if options.isolate is not None and cloud.clusters is not None:
        shown = cloud.clusters == options.isolate
    size, colors = options.size * unit, cloud.display_colors(options.color_by)[shown]
    clusters = np.zeros(len(cloud)) if cloud.clusters is None else cloud.clusters
    return Points(
        _triples(axis_positions(cloud.colors[shown], options.axes, cloud.color_space) * size),
        _triples(srgb8_to_linear(colors) if options.linear else colors / 255.0),
        clusters[shown].astype(np.float64).tolist(),
        cloud.weights[shown].tolist(),
    )


def create_points(changes: Changes, parent: str, name: str) -> str:
    """Make an empty particle object under a transform.

    Returns
    -------
    str
        Full path of its transform.
    """
    # Returns [transform, shape] in every script that was found, one string by its documentation.
    made = cmds.particle(name=name)
    transform = made if isinstance(made, str) else made[0]
    changes.note_created(cmds.ls(transform, long=True)[0])
    transform = f"{parent}|{short_name(cmds.parent(transform, parent, relative=True)[0])}"
    changes.note_created(transform)
    shape = shape_of(transform)
    there = set(cmds.listAttr(shape) or ())
    _add_attributes(changes, shape, there)
    changes.set(f"{shape}.particleRenderType", POINTS)
    for attribute in _RENDER_SWITCHES:
        if attribute in there:
            changes.set(f"{shape}.{attribute}", False)
    return transform


def _add_attributes(changes: Changes, shape: str, there: set[str]) -> None:
    """Add what a particle object has on demand only, unless it is there."""
    for attribute, data_type in _PER_PARTICLE.items():
        # As Maya's own buttons add them: saved scenes have the attribute as not storable, the twin as hidden.
        if attribute not in there:
            changes.add_attribute(
                shape, attribute, dataType=data_type, storable=False, cachedInternally=True, keyable=True
            )
        if f"{attribute}0" not in there:
            changes.add_attribute(
                shape, f"{attribute}0", dataType=data_type, cachedInternally=True, hidden=True
            )
    if FILLING not in there:
        changes.add_attribute(shape, FILLING, attributeType="long", hidden=True)
    if "pointSize" not in there:
        # As Maya adds it with the render type; an attribute set of the same kind is in saved scenes.
        changes.add_attribute(
            shape,
            "pointSize",
            attributeType="long",
            minValue=1,
            maxValue=60,
            defaultValue=2,
            internalSet=True,
            keyable=True,
        )


def fill_points(changes: Changes, transform: str, points: Points, options: CloudOptions) -> None:
    """Give a particle object its points, new or others than it had; `rewind` shows them.

    Raises
    ------
    SceneError
        If they are more than `MAX_POINTS`.
    """
    if len(points.positions) > MAX_POINTS:
        got = f"{len(points.positions):,}"
        raise SceneError(f"a cloud in Maya has {MAX_POINTS:,} points at most, got {got}; lower its budget")
    shape = shape_of(transform)
    count, before = len(points.positions), len(cmds.getAttr(f"{shape}.position0") or ())
    if before == count:
        # Undoing restores the initial state, which shows after a rewind only; this it restores at once.
        _fill_colors(changes, shape, points, "")
        _fill_numbers(changes, shape, points, "")
    if before:
        _clear(changes, shape)  # what Maya does not take shall not be mistaken for what was there before
    changes.set_free(f"{shape}.startFrame", cmds.currentTime(query=True))
    changes.set(f"{shape}.isDynamic", True)
    changes.set(f"{shape}.position0", count, *points.positions, data_type="vectorArray")
    _fill_colors(changes, shape, points, "0")
    _fill_numbers(changes, shape, points, "0")
    # Maya's own scenes number the particles and give each a mass.
    changes.set(f"{shape}.particleId0", [float(number) for number in range(count)], data_type="doubleArray")
    changes.set(f"{shape}.mass0", [1.0] * count, data_type="doubleArray")
    changes.set(f"{shape}.nextId0", count)
    changes.set(f"{shape}.nextId", count)
    if any(len(cmds.getAttr(f"{shape}.{name}0") or ()) != count for name in ("position", "rgbPP")):
        _emit_in_pieces(changes, shape, points)
    changes.set(f"{shape}.{FILLING}", cmds.getAttr(f"{shape}.{FILLING}") + 1)
    changes.set_free(f"{shape}.pointSize", options.point_size)


def _emit_in_pieces(changes: Changes, shape: str, points: Points) -> None:
    """Fill an object whose arrays Maya did not take whole: large ones failed in silence for others, too."""
    _clear(changes, shape)
    for name in ("particleId0", "mass0", f"{CLUSTER}0", f"{WEIGHT}0"):
        changes.set(f"{shape}.{name}", [], data_type="doubleArray")
    changes.set(f"{shape}.nextId0", 0)
    _evaluate(shape)
    for first in range(0, len(points.positions), _PIECE):
        piece = slice(first, first + _PIECE)
        cmds.emit(
            object=shape,
            position=points.positions[piece],
            attribute="rgbPP",
            vectorValue=points.colors[piece],
        )
    cmds.saveInitialState(shape)
    _fill_numbers(changes, shape, points, "0")
    changes.set(f"{shape}.nextId0", len(points.positions))


def _clear(changes: Changes, shape: str) -> None:
    for name in ("position0", "rgbPP0"):
        changes.set(f"{shape}.{name}", 0, data_type="vectorArray")


def _fill_colors(changes: Changes, shape: str, points: Points, twin: str) -> None:
    changes.set(f"{shape}.rgbPP{twin}", len(points.colors), *points.colors, data_type="vectorArray")


def _fill_numbers(changes: Changes, shape: str, points: Points, twin: str) -> None:
    changes.set(f"{shape}.{CLUSTER}{twin}", points.clusters, data_type="doubleArray")
    changes.set(f"{shape}.{WEIGHT}{twin}", points.weights, data_type="doubleArray")


def rewind(transforms: list[str]) -> None:
    """Let Maya load the initial state of particle objects that were filled, then hold them still.

    Raises
    ------
    SceneError
        If Maya has not as many points afterwards.
    """
    viewport.watch()
    shapes = [shape_of(transform) for transform in transforms]
    for shape in shapes:
        _evaluate(shape)
    if any(map(_missing_attributes, shapes)):
        _visit_start_frames(shapes)
    for shape in shapes:
        missing = _missing_attributes(shape)
        if missing:
            wanted = cmds.getAttr(f"{shape}.nextId0")
            raise SceneError(
                f"Maya shows {wanted - missing} of {wanted} points of {shape}; lower the budget of the cloud"
            )
        cmds.setAttr(f"{shape}.isDynamic", False)
        _shown[cmds.ls(shape, uuid=True)[0]] = cmds.getAttr(f"{shape}.{FILLING}")


def reload_points() -> None:
    """Let Maya show the points of objects whose filling was undone or redone, which it does not by itself.

    Nothing of the scene is other afterwards, so the undo queue is not told.
    """
    for uuid, filling in list(_shown.items()):
        for shape in cmds.ls(uuid, long=True) or ():
            now = cmds.getAttr(f"{shape}.{FILLING}")
            if now == filling or not cmds.getAttr(f"{shape}.isDynamic", settable=True):
                continue
            recording = cmds.undoInfo(query=True, state=True)
            cmds.undoInfo(stateWithoutFlush=False)
            try:
                cmds.setAttr(f"{shape}.isDynamic", True)
                _evaluate(shape)
                cmds.setAttr(f"{shape}.isDynamic", False)
            finally:
                cmds.undoInfo(stateWithoutFlush=recording)
            _shown[uuid] = now


def _missing_attributes(shape: str) -> int:
    """Return how many particles there are too few (above 0) or too many (below 0)."""
    return int(cmds.getAttr(f"{shape}.nextId0")) - int(cmds.particle(shape, query=True, count=True) or 0)


def _evaluate(shape: str) -> None:
    """Run up one particle object from its start, while the scene stays at its frame."""
    try:
        from maya import OpenMaya, OpenMayaFX  # type: ignore[attr-defined] # the first API has it alone

        found, node = OpenMaya.MSelectionList(), OpenMaya.MObject()
        found.add(shape)
        found.getDependNode(0, node)
        start = OpenMaya.MTime(cmds.getAttr(f"{shape}.startFrame"), OpenMaya.MTime.uiUnit())
        OpenMayaFX.MFnParticleSystem(node).evaluateDynamics(start, True)
    except (ImportError, AttributeError, RuntimeError, TypeError):
        pass  # a Maya that cannot: how many points there are now tells


def _visit_start_frames(shapes: list[str]) -> None:
    """Load initial states as a rewind does; the caller's `undo_step` goes back to the current frame."""
    for start in sorted({cmds.getAttr(f"{shape}.startFrame") for shape in shapes}):
        cmds.currentTime(start + 1)  # there may be no change of time otherwise
        cmds.currentTime(start)
    messages.warning(
        "rgbcloud left the current frame for a moment, since Maya shows new particles after a change of time "
        "only; simulations that are not cached have to run again"
    )


def _triples(rows: npt.NDArray[np.floating]) -> list[tuple[float, float, float]]:
    return list(map(tuple, rows.astype(np.float64).tolist()))


viewport.call_after_undo(reload_points)
