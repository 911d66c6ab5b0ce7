"""One panel for reducing textures: docked in Maya, or a window of its own on the desktop.

`host` and `session` hold what the panel knows and does, without Qt; the widgets show it. A host names
textures and adopts results, on the main thread; the core computes in workers that never see the host.
"""
