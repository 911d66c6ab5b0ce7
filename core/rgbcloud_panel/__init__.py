"""One panel for reducing textures: docked in Maya, or a window of its own on the desktop.

`host` and `state` hold what the panel knows and does, without Qt; `views` and `controls` show it. A host
names textures and adopts results, on the main thread; the core computes in workers that never see the host.
"""
