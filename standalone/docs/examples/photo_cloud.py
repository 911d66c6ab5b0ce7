"""The cloud of a photograph, by its own colours and by its clusters.

Every different colour is a point at x = red, y = green, z = blue; the more pixels have it, the larger it is.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from rgbcloud import PointCloud, quantize
from rgbcloud_app.plots import cloud_picture
from sheets import photograph, sheet


def draw() -> Image.Image:
    """Return the photograph, its cloud, and the same points in the colours of their 7 clusters."""
    pixels = photograph("flower.jpg", width=720)[:480, 120:600]
    found = quantize(pixels, 7)
    cloud = PointCloud.from_histogram(found.histogram, found.palette, budget=20_000)
    own, clustered = (
        np.asarray(Image.open(io.BytesIO(cloud_picture(cloud, by, size=480))).convert("RGB"))
        for by in ("source", "cluster")
    )
    colors = f"{len(found.histogram):,} colours"
    rebuilt = found.palette.rebuild(found.indices)
    return sheet({"a photograph": pixels, colors: own, "7 clusters": clustered, "rebuilt": rebuilt}, 2)


if __name__ == "__main__":
    draw().save("photo_cloud.png")
