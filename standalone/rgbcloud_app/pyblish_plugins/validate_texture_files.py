"""Whether the texture files of an instance are light enough, and as they were reduced."""

from __future__ import annotations

import pyblish.api

from rgbcloud_app.checks.publishing import check_instance


class ValidateTextureFiles(pyblish.api.InstancePlugin):  # type: ignore[misc] # pyblish ships no types
    """Texture files are no larger than they may be, and are what `rgbcloud reduce --resume` wrote."""

    order = pyblish.api.ValidatorOrder
    label = "Files of textures (rgbcloud)"
    optional = True

    def process(self, instance: pyblish.api.Instance) -> None:
        """Raise where a file is not."""
        check_instance(instance, ("max_bytes", "receipts"))
