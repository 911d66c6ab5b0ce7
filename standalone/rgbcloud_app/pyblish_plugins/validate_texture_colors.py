"""Whether the textures of an instance keep to a palette and a number of colours."""

from __future__ import annotations

import pyblish.api

from rgbcloud_app.checks.publishing import check_instance


class ValidateTextureColors(pyblish.api.InstancePlugin):  # type: ignore[misc] # pyblish ships no types
    """Textures have the colours of a palette, and no more than they may."""

    order = pyblish.api.ValidatorOrder
    label = "Colours of textures (rgbcloud)"
    optional = True

    def process(self, instance: pyblish.api.Instance) -> None:
        """Raise where a texture does not."""
        check_instance(instance, ("palette", "delta_e", "max_colors"))
