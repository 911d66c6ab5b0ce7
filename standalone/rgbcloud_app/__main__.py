"""``python -m rgbcloud_app``: the same as ``rgbcloud``."""

from rgbcloud_app.cli import main

if __name__ == "__main__":
    main()
