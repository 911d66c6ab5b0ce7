"""The lesson as one file that needs no other and no network."""

from __future__ import annotations

import io
from importlib import resources
from typing import TYPE_CHECKING

from rgbcloud_app.learn.data import lesson_data, small_picture
from rgbcloud_app.viewer.one_file import one_file

if TYPE_CHECKING:
    from rgbcloud import Progress
    from rgbcloud.images import Source

PHOTOGRAPH = "flower.jpg"
CREDIT = "Photograph: vultilion (flickr.com/photos/vultilion/6056698931), CC BY 2.0, from scikit-learn"

_SCRIPTS = (
    *("viewer/coding", "viewer/motion", "viewer/spaces", "viewer/marks", "viewer/room", "viewer/turning"),
    *("learn/kmeans", "learn/pictures", "learn/png", "learn/session", "learn/costs", "learn/loupe"),
    *("learn/cloud", "learn/panels", "learn/balloon", "learn/empty", "learn/starts", "learn/sections"),
    *("learn/lesson", "learn/main"),
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
    page = one_file(
        "learn/learn.html",
        styles=["learn/learn.css"],
        scripts=[f"{script}.js" for script in _SCRIPTS],
        data=lesson_data(name, png, progress),
        credit=credit,
    )
    progress(1.0, "done")
    return page
