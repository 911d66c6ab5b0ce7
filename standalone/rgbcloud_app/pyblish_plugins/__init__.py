"""Validators for pyblish: they check the textures among ``instance.data["files"]`` as `rgbcloud check` does.

``pyblish.api.register_plugin_path(rgbcloud_app.pyblish_plugins.__path__[0])`` registers them; they need no
collector. What they ask for stands in ``instance.data["rgbcloud"]`` or in ``context.data["rgbcloud"]``:
a dictionary of ``palette`` (a file), ``delta_e``, ``max_colors``, ``max_bytes`` and ``receipts``. Without it
they ask for nothing.
"""
