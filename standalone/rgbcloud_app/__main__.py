"""``python -m rgbcloud_app``: the same as ``rgbcloud``."""

from rgbcloud_app.cli import main

main()
