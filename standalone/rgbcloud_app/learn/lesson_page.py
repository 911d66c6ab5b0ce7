"""The lesson as one file that needs no other and no network."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import json
import re
from importlib import resources
from typing import TYPE_CHECKING

from rgbcloud_app.learn.data import lesson_data, small_picture

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud.images import Source

PHOTOGRAPH = "flower.jpg"
CREDIT = "Photograph: vultilion (flickr.com/photos/vultilion/6056698931), CC BY 2.0, from scikit-learn"

_MODULE = re.compile(r"^import [^;]*;\n|^export ", re.MULTILINE)
"""What makes a module of a file: all of them become one script, which a page can hold."""
_SCRIPTS = (
    *(
        "motion",
        "kmeans",
        "spaces",
        "pictures",
        "png",
        "session",
        "costs",
        "loupe",
        "marks",
        "cloud",
        "panels",
    ),
    *("balloon", "empty", "starts", "sections", "lesson", "main"),
)
"""In the order in which they build on each other."""


class _Photograph(io.BytesIO):
    def __init__(self, name: str) -> None:
        super().__init__(resources.files("sklearn.datasets.images").joinpath(name).read_bytes())
        self.name = name


def photograph(name: str = PHOTOGRAPH) -> io.BytesIO:
    """Return a photograph that scikit-learn ships: the one that the lesson is about if there is no other."""
    return _Photograph(name)


def lesson_page(source: Source, *, credit: str = "", max_pixels: int, progress: Progress) -> bytes:
    """Return the page that shows, on a picture, what k-means does.

    Parameters
    ----------
    source : str, path-like or binary file
        The image; it is only read, and embedded with at most 512 pixels a side.
    credit : str
        Who made the picture.
    max_pixels : int
        Larger images are refused.
    progress : Progress
        Told after each number of colours.

    Returns
    -------
    bytes
        An HTML file of at most 1.5 MB, the same for the same image.

    Raises
    ------
    ImageReadError
        If the image cannot be read.
    MissingDependencyError
        If it takes OpenImageIO to read the image, which is not installed.
    """
    name, png = small_picture(source, max_pixels=max_pixels)
    data = json.dumps(lesson_data(name, png, progress)).replace("<", "\\u003c")
    style = _file("learn.css")
    script = "\n".join(_MODULE.sub("", _file(f"{part}.js")) for part in _SCRIPTS)
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}"
    parts = {
        "policy": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "style": f"<style>{style}</style>",
        "data": f'<script type="application/json" id="data">{data}</script>',
        "script": f'<script type="module">{script}</script>',
        "credit": html.escape(credit),
    }
    page = re.sub(r"<!--(\w+)-->", lambda found: parts[found[1]], _file("learn.html"))
    progress(1.0, "done")
    return page.encode()


def _file(name: str) -> str:
    return resources.files("rgbcloud_app.learn").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return what lets a browser run this very text, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
