"""What a camera's frame shows: from the world to the frame that is rendered.

Attributes of `camera` and `defaultResolution` and the meanings of the film fits as Autodesk's node pages have
them; apertures are in inches, the focal length in millimetres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from maya import cmds
from maya.api import OpenMaya

from rgbcloud_maya.scene.scene_errors import SceneError
from rgbcloud_maya.scene.units import centimetres_per_unit

if TYPE_CHECKING:
    from rgbcloud.color import FloatArray

_INCH = 25.4
_FILL, _HORIZONTAL, _VERTICAL, _OVERSCAN = range(4)  # of filmFit


class CameraFrame(NamedTuple):
    """A camera as `surface_in_view` takes it."""

    matrix: FloatArray  # (4, 4), float64
    aspect: float  # width over height

    @classmethod
    def of(cls, name: str) -> CameraFrame:
        """Return the frame of a camera, by its name or that of its transform, at the current time.

        Raises
        ------
        SceneError
            If there is no such camera.
        """
        found = cmds.ls(name, dagObjects=True, type="camera", long=True) if cmds.objExists(name) else ()
        if not found:
            raise SceneError(f"there is no camera {name} in the scene; is its name right?")
        shape = found[0]
        aspect = float(cmds.getAttr("defaultResolution.deviceAspectRatio"))
        path = OpenMaya.MSelectionList().add(shape).getDagPath(0)
        view = np.linalg.inv(np.array(list(path.inclusiveMatrix())).reshape(4, 4))
        unit = centimetres_per_unit()  # in which the matrix is not
        near, far = (unit * float(cmds.getAttr(f"{shape}.{end}ClipPlane")) for end in ("near", "far"))
        if cmds.getAttr(f"{shape}.orthographic"):
            half = unit * float(cmds.getAttr(f"{shape}.orthographicWidth")) / 2
            depth = -2 / (far - near), -(far + near) / (far - near)
            projection = np.diag([1 / half, aspect / half, depth[0], 1.0])
            projection[3, 2] = depth[1]
            return cls(view @ projection, aspect)
        half_width, half_height = _half_frame(shape, aspect)
        projection = np.diag([1 / half_width, 1 / half_height, -(far + near) / (far - near), 0.0])
        projection[3, 2], projection[2, 3] = -2 * far * near / (far - near), -1
        return cls(view @ projection, aspect)


def _half_frame(shape: str, aspect: float) -> tuple[float, float]:
    """Return half the width and height of the frame at a distance of 1."""
    wide, high = (
        float(cmds.getAttr(f"{shape}.{side}FilmAperture")) * _INCH for side in ("horizontal", "vertical")
    )
    wide *= float(cmds.getAttr(f"{shape}.lensSqueezeRatio"))
    scale = float(cmds.getAttr(f"{shape}.cameraScale")) / (2 * float(cmds.getAttr(f"{shape}.focalLength")))
    fit = int(cmds.getAttr(f"{shape}.filmFit"))
    is_wider = aspect > wide / high  # the frame, than the film
    if fit == _HORIZONTAL or (fit == _FILL and is_wider) or (fit == _OVERSCAN and not is_wider):
        return wide * scale, wide * scale / aspect
    return high * scale * aspect, high * scale
