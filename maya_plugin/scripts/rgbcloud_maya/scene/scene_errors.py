"""What can go wrong with a scene, told in sentences like the core's."""

from __future__ import annotations

from rgbcloud import RgbcloudError


class SceneError(RgbcloudError):
    """A node, or what is asked of it, is not fit for the job. The message names the node."""
