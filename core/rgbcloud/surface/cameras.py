"""Cameras of stages and glTF files: from the world to what they frame.

References
----------
Khronos Group (2021), glTF 2.0 Specification: nodes and transformations (3.5.2), cameras (3.10).
"""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.errors import ImageReadError
from rgbcloud.surface.meshes import GLTF_SUFFIXES, USD_SUFFIXES

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

_ASPECT = 16 / 9  # where a camera leaves it to what shows it
_HEAD = 20  # bytes before the JSON of a .glb


def frame_of(path: str, camera: str) -> tuple[FloatArray, float]:
    """Return the matrix from the world to a camera's frame, as `surface_in_view` has it, and its aspect.

    `camera` is the path of a prim of a stage; of glTF the name of a camera, or of a node that has one.

    Raises
    ------
    ImageReadError
        If there is no such camera.
    """
    if path.lower().endswith(GLTF_SUFFIXES):
        return _frame_of_gltf(path, camera)
    prim = None
    if path.lower().endswith(USD_SUFFIXES):
        from pxr import Sdf, Usd, UsdGeom

        stage = Usd.Stage.Open(path)
        prim = stage.GetPrimAtPath(camera) if Sdf.Path.IsValidPathString(camera) and camera else None
    if not prim or not prim.IsA(UsdGeom.Camera):
        raise ImageReadError(f"{path} has no camera {camera}; name the path of one, such as /World/Cam")
    frustum = UsdGeom.Camera(prim).GetCamera(Usd.TimeCode.EarliestTime()).frustum
    matrix = np.array(frustum.ComputeViewMatrix()) @ np.array(frustum.ComputeProjectionMatrix())
    return matrix, float(frustum.ComputeAspectRatio())


def _frame_of_gltf(path: str, camera: str) -> tuple[FloatArray, float]:
    """Return the same of a glTF file; its matrices multiply columns, those of frames rows."""
    names: dict[str, int] = {}
    try:
        document = _document(Path(path))
        nodes, cameras = document.get("nodes", []), document.get("cameras", [])
        for number, node in enumerate(nodes):
            if "camera" in node:
                own = cameras[node["camera"]].get("name")
                names.update({each: number for each in (own, node.get("name")) if each})
        if camera in names:
            projection, aspect = _projection(cameras[nodes[names[camera]]["camera"]])
            matrix: FloatArray = (projection @ np.linalg.inv(_world(nodes, names[camera]))).T
            return matrix, aspect
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise ImageReadError(f"{path}: its camera {camera} cannot be understood") from error
    known = f"it has {', '.join(sorted(names))}" if names else "it has none with a name"
    raise ImageReadError(f"{path} has no camera {camera}; {known}")


def _document(path: Path) -> Any:
    data = path.read_bytes()
    if path.suffix.lower() == ".glb":
        (length,) = struct.unpack_from("<I", data, _HEAD - 8)
        data = data[_HEAD : _HEAD + length]
    return json.loads(data.decode("utf-8-sig"))


def _world(nodes: list[Any], number: int) -> FloatArray:
    """Return the matrix of a node times those of all that it is in."""
    parents = {child: place for place, node in enumerate(nodes) for child in node.get("children", ())}
    matrix, seen = np.eye(4), set()
    place: int | None = number
    while place is not None and place not in seen:
        seen.add(place)
        matrix, place = _local(nodes[place]) @ matrix, parents.get(place)
    return matrix


def _local(node: Any) -> FloatArray:
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = node.get("rotation", (0, 0, 0, 1))
    turned = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turned * np.array(node.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def _projection(camera: Any) -> tuple[FloatArray, float]:
    """Return the matrix of a camera's own frame, and the aspect of that."""
    matrix = np.zeros((4, 4))
    if camera["type"] == "orthographic":
        lens = camera["orthographic"]
        wide, high, near, far = (float(lens[name]) for name in ("xmag", "ymag", "znear", "zfar"))
        matrix[range(4), range(4)] = 1 / wide, 1 / high, 2 / (near - far), 1
        matrix[2, 3] = (far + near) / (near - far)
        return matrix, abs(wide / high)
    lens = camera["perspective"]
    aspect, near = float(lens.get("aspectRatio", _ASPECT)), float(lens["znear"])
    far = float(lens.get("zfar", np.inf))
    up = 1 / np.tan(float(lens["yfov"]) / 2)
    matrix[0, 0], matrix[1, 1], matrix[3, 2] = up / aspect, up, -1
    matrix[2, 2:] = (
        (-1, -2 * near) if np.isinf(far) else ((far + near) / (near - far), 2 * far * near / (near - far))
    )
    return matrix, aspect
