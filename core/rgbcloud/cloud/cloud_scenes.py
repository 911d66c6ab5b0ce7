"""Clouds as scenes: USD points, and a Maya ASCII file that needs no plug-in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.cloud.cloud_axes import axis_positions
from rgbcloud.color.spaces import srgb8_to_linear
from rgbcloud.errors import MissingDependencyError

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.cloud.point_cloud import ColorBy, PointCloud
    from rgbcloud.color.codes import FloatArray

SIZE = 10.0
"""Centimetres: the edge of the RGB cube in a scene."""
_LARGEST, _SMALLEST = 0.02, 0.003  # widths of points, in edges of the cube
_PER_LINE = 12  # numbers in a line of Maya ASCII


def encode_usda(cloud: PointCloud, color_by: ColorBy) -> bytes:
    """Encode as USD text.

    Raises
    ------
    MissingDependencyError
        If usd-core is not installed.
    """
    stage = _stage(cloud, color_by)  # which its layer does not keep alive
    text: str = stage.GetRootLayer().ExportToString()
    return text.encode()


def encode_usdc(cloud: PointCloud, color_by: ColorBy) -> bytes:
    """Encode as a USD crate; see `encode_usda`."""
    stage = _stage(cloud, color_by)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cloud.usdc"
        stage.GetRootLayer().Export(str(path))
        return path.read_bytes()


def encode_maya(cloud: PointCloud, color_by: ColorBy) -> bytes:
    """Encode as a Maya ASCII scene: one particle object with colours per particle.

    Node types, attributes and syntax are those of scenes that Maya saved: UsdExportParticlesTest.ma of
    Autodesk/maya-usd for the particle, and public scenes with rgbPP for the attributes that Maya adds.
    Colours are linear light, as in the clouds that the plug-in makes: so Maya takes colour attributes.
    """
    count = len(cloud)
    colors = srgb8_to_linear(cloud.display_colors(color_by))
    ids = np.arange(count, dtype=np.float64)
    lines = [
        "//Maya ASCII 2022 scene",
        'requires maya "2022";',
        "currentUnit -l centimeter -a degree -t film;",
        'createNode transform -n "rgbcloud";',
        'createNode particle -n "rgbcloudShape" -p "rgbcloud";',
        '\taddAttr -s false -ci true -sn "rgbPP" -ln "rgbPP" -dt "vectorArray";',
        '\taddAttr -ci true -h true -sn "rgbPP0" -ln "rgbPP0" -dt "vectorArray";',
        '\taddAttr -is true -ci true -sn "pointSize" -ln "pointSize" -dv 2 -min 1 -max 60 -at "long";',
        '\tsetAttr -k off ".v";',
        '\tsetAttr ".gf" -type "Int32Array" 0 ;',
        _array(".pos0", "vectorArray", axis_positions(cloud.colors, cloud.axes, cloud.color_space) * SIZE),
        '\tsetAttr ".vel0" -type "vectorArray" 0 ;',
        '\tsetAttr ".acc0" -type "vectorArray" 0 ;',
        _array(".mas0", "doubleArray", np.ones(count)),
        _array(".id0", "doubleArray", ids),
        f'\tsetAttr ".nid" {count};',
        f'\tsetAttr ".nid0" {count};',
        '\tsetAttr ".isd" no;',
        '\tsetAttr -k on ".pointSize" 2;',
        _array(".rgbPP0", "vectorArray", colors),
        'connectAttr ":time1.outTime" "rgbcloudShape.cti";',
        "// End of cloud.ma",
    ]
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _stage(cloud: PointCloud, color_by: ColorBy) -> Any:
    """Return a stage with the cloud as its default prim."""
    try:
        from pxr import Sdf, Usd, UsdGeom, Vt
    except ModuleNotFoundError as error:
        raise MissingDependencyError("clouds as USD need usd-core: python -m pip install usd-core") from error

    stage = Usd.Stage.CreateInMemory(".usda")
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, UsdGeom.LinearUnits.centimeters)
    points = UsdGeom.Points.Define(stage, "/rgbcloud")
    stage.SetDefaultPrim(points.GetPrim())
    positions = Vt.Vec3fArray.FromNumpy(cloud.positions * np.float32(SIZE))
    widths = Vt.FloatArray.FromNumpy(_widths(cloud))
    points.CreatePointsAttr(positions)
    points.CreateWidthsAttr(widths)
    points.SetWidthsInterpolation(UsdGeom.Tokens.vertex)
    points.CreateExtentAttr(UsdGeom.Points.ComputeExtent(positions, widths))
    # USD's colours are linear light (UsdGeomGprim, displayColor: of the rendering space).
    linear = srgb8_to_linear(cloud.display_colors(color_by)).astype(np.float32)
    color = points.CreateDisplayColorPrimvar(UsdGeom.Tokens.vertex)
    color.Set(Vt.Vec3fArray.FromNumpy(linear))
    primvars = UsdGeom.PrimvarsAPI(points)
    weight = primvars.CreatePrimvar("weight", Sdf.ValueTypeNames.FloatArray, UsdGeom.Tokens.vertex)
    weight.Set(Vt.FloatArray.FromNumpy(cloud.weights.astype(np.float32)))
    if cloud.clusters is not None:
        cluster = primvars.CreatePrimvar("cluster", Sdf.ValueTypeNames.IntArray, UsdGeom.Tokens.vertex)
        cluster.Set(Vt.IntArray.FromNumpy(cloud.clusters.astype(np.int32)))
    return stage


def _widths(cloud: PointCloud) -> npt.NDArray[np.float32]:
    """Return diameters that grow with the weight: the area of a point is as the root of it."""
    share = (cloud.weights / cloud.weights.max()) ** 0.25
    widths: npt.NDArray[np.float32] = (SIZE * np.maximum(_SMALLEST, _LARGEST * share)).astype(np.float32)
    return widths


def _array(attribute: str, kind: str, values: FloatArray) -> str:
    """Return a command that sets an array: the count, then all numbers, some to a line."""
    numbers = [f"{value:.9g}" for value in values.ravel().tolist()]
    rows = [" ".join(numbers[start : start + _PER_LINE]) for start in range(0, len(numbers), _PER_LINE)]
    return f'\tsetAttr "{attribute}" -type "{kind}" {len(values)} ' + "\n\t\t".join(rows) + " ;"
