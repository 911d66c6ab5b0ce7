"""Points as one legacy particle shape, built by a fixed number of commands.

The recipe (particle, addAttr, setAttr of the initial state, the start frame, isDynamic off) is that of
gpsImportPointCloud.py in mjbonnington/icarus-gps; what else Maya stores of particles is to be seen in
UsdExportParticlesTest.ma of Autodesk/maya-usd.

Not an nParticle: its colours are driven by ramps, and a nucleus comes with it. Of every per-particle
attribute only the twin that ends in 0, the initial state, is stored with the scene; Maya loads the
attribute from it at the shape's start frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from maya import cmds

from rgbcloud_maya.colors import display_values
from rgbcloud_maya.undo import shape_of, short_name
from rgbcloud_maya.units import centimetres_per_unit

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud import PointCloud
    from rgbcloud_maya.cloud_options import CloudOptions
    from rgbcloud_maya.undo import Changes

POINTS = 3  # of particleRenderType, which numbers the types otherwise than MFnParticleSystem does
CLUSTER = "rgbcloudCluster"
WEIGHT = "rgbcloudWeight"
_PER_PARTICLE = {"rgbPP": "vectorArray", CLUSTER: "doubleArray", WEIGHT: "doubleArray"}
_RENDER_SWITCHES = (
    "primaryVisibility",
    "castsShadows",
    "receiveShadows",
    "visibleInReflections",
    "visibleInRefractions",
    "motionBlur",
)


class Points(NamedTuple):
    """What the particles hold: rows of one length."""

    positions: list[tuple[float, float, float]]  # centimetres
    colors: list[tuple[float, float, float]]  # what Maya shows, [0, 1]
    clusters: list[float]
    weights: list[float]


def points_of(cloud: PointCloud, options: CloudOptions) -> Points:
    """Return a cloud's points, or those of the isolated cluster, as lists that Maya takes."""
    shown = np.ones(len(cloud), bool)
    if options.isolate is not None and cloud.clusters is not None:
        shown = cloud.clusters == options.isolate
    size = options.size * centimetres_per_unit()
    clusters = np.zeros(len(cloud)) if cloud.clusters is None else cloud.clusters
    return Points(
        _triples(cloud.colors[shown] / 255.0 * size),
        _triples(display_values(cloud.display_colors(options.color_by)[shown], linear=options.linear)),
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
    changes.created(cmds.ls(transform, long=True)[0])
    transform = f"{parent}|{short_name(cmds.parent(transform, parent, relative=True)[0])}"
    changes.created(transform)
    shape = shape_of(transform)
    for attribute, data_type in _PER_PARTICLE.items():
        # As Maya's own buttons add them: saved scenes have the attribute as not storable, the twin as hidden.
        changes.add_attribute(
            shape, attribute, dataType=data_type, storable=False, cachedInternally=True, keyable=True
        )
        changes.add_attribute(shape, f"{attribute}0", dataType=data_type, cachedInternally=True, hidden=True)
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
    changes.set(f"{shape}.particleRenderType", POINTS)
    changes.set(f"{shape}.isDynamic", False)
    for attribute in _RENDER_SWITCHES:
        if cmds.attributeQuery(attribute, node=shape, exists=True):
            changes.set(f"{shape}.{attribute}", False)
    return transform


def fill_points(changes: Changes, transform: str, points: Points, options: CloudOptions) -> None:
    """Give a particle object its points, new or others than it had."""
    shape = shape_of(transform)
    count = len(points.positions)
    if len(cmds.getAttr(f"{shape}.position0") or ()) == count:
        # Undoing restores the initial state, which shows after a rewind only; this it restores at once.
        _fill_attributes(changes, shape, points, "")
    changes.set(f"{shape}.position0", count, *points.positions, data_type="vectorArray")
    _fill_attributes(changes, shape, points, "0")
    # Maya's own scenes number the particles and give each a mass.
    changes.set(f"{shape}.particleId0", [float(number) for number in range(count)], data_type="doubleArray")
    changes.set(f"{shape}.mass0", [1.0] * count, data_type="doubleArray")
    changes.set(f"{shape}.nextId0", count)
    changes.set(f"{shape}.nextId", count)
    changes.set_free(f"{shape}.pointSize", options.point_size)


def _fill_attributes(changes: Changes, shape: str, points: Points, twin: str) -> None:
    changes.set(f"{shape}.rgbPP{twin}", len(points.colors), *points.colors, data_type="vectorArray")
    changes.set(f"{shape}.{CLUSTER}{twin}", points.clusters, data_type="doubleArray")
    changes.set(f"{shape}.{WEIGHT}{twin}", points.weights, data_type="doubleArray")


def rewind(transforms: list[str]) -> None:
    """Let Maya load the initial state of particle objects, which it does at their start frame."""
    for start in sorted({cmds.getAttr(f"{shape_of(transform)}.startFrame") for transform in transforms}):
        cmds.currentTime(start + 1)  # there may be no change of time otherwise
        cmds.currentTime(start)


def _triples(rows: npt.NDArray[np.floating]) -> list[tuple[float, float, float]]:
    return list(map(tuple, rows.astype(np.float64).tolist()))
