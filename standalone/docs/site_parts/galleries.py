"""The gallery: every example with its picture and its script; and the pages that can be touched."""

from __future__ import annotations

import ast
import importlib
import io
from typing import TYPE_CHECKING

from rgbcloud import MAX_PIXELS, PointCloud, Recipe, read, reduce
from rgbcloud.progress import silent
from rgbcloud_app.learn.lesson_page import CREDIT, lesson_page, photograph
from rgbcloud_app.viewer.cloud_page import cloud_page

if TYPE_CHECKING:
    from pathlib import Path

HELPERS = {"sheets"}


def names(folder: Path) -> list[str]:
    """Return the names of the examples, the first steps first."""
    return sorted(
        {path.stem for path in folder.glob("*.py")} - HELPERS, key=lambda name: (name != "first_steps", name)
    )


def pages(folder: Path) -> dict[str, str | bytes]:
    """Return the gallery, its pictures, the lesson and a cloud, by their paths in the site."""
    made: dict[str, str | bytes] = {}
    entries = [
        "# Gallery",
        "Short scripts, each with the picture that it makes. They are in `standalone/docs/examples`, tests "
        "run them, and the pictures were made when this site was built. The photographs are by vultilion and "
        "danielbuechele (CC BY 2.0), which scikit-learn ships.",
        "Two pages can be touched: [the lesson on k-means](lesson.html), which `rgbcloud learn` writes, and "
        "[a cloud to turn](cloud.html), by `rgbcloud cloud flower.jpg --colors 16 --output cloud.html`.",
    ]
    for name in names(folder):
        text = (folder / f"{name}.py").read_text("utf-8")
        first, _, about = (ast.get_docstring(ast.parse(text)) or "").partition("\n")
        title, _, said = first.rstrip(".").partition(": ")
        made[f"pictures/{name}.png"] = _picture(name)
        code = "\n".join(f"    {line}".rstrip() for line in text.splitlines())
        entries += [
            f"## {title}",
            f"*{said[0].upper()}{said[1:]}.*" if said else "",
            about.strip(),
            f"[![{first}](pictures/{name}.png)](pictures/{name}.png)",
            f'??? example "{name}.py"\n\n    ```python\n{code}\n    ```',
        ]
    made["gallery.md"] = "\n\n".join(entries)
    made["lesson.html"] = lesson_page(photograph(), credit=CREDIT, max_pixels=MAX_PIXELS, progress=silent)
    made["cloud.html"] = _cloud()
    return made


def _picture(name: str) -> bytes:
    stream = io.BytesIO()
    importlib.import_module(name).draw().save(stream, "PNG")
    return reduce(stream, Recipe.of(colors=256, kind="color")).data  # our own medicine


def _cloud() -> bytes:
    found = reduce(read(photograph()), Recipe.of(colors=16))
    cloud = PointCloud.from_histogram(found.histogram, found.palette, budget=30_000)
    return cloud_page(cloud, "source", title="The colours of a flower")
