"""The tutorial's steps: a pixel, a point, a cloud, three clusters, the picture from 3 and from 16 colours."""

from __future__ import annotations

import numpy as np
from PIL import Image

# --8<-- [start:steps]
from rgbcloud import ColorHistogram, cluster, iterations
from sheets import photograph, sheet

pixels = photograph("flower.jpg")  # (H, W, 3), uint8

pixel = pixels[6, 4]  # row 6, column 4: three numbers, 0 to 255
point = pixel / 255  # a place in the cube

histogram = ColorHistogram.from_array(pixels)  # every colour once, with its count
points = histogram.colors / 255  # the cloud
# --8<-- [end:steps]

# --8<-- [start:iterations]
path = iterations(histogram, 3, seed=0)  # from three random colours to where they rest
errors = [palette.inertia / histogram.total for palette in path]
# --8<-- [end:iterations]

# --8<-- [start:rebuild]
three, sixteen = (cluster(histogram, colors) for colors in (3, 16))
rebuilt = three.rebuild(three.remap(pixels))
# --8<-- [end:rebuild]


def draw() -> Image.Image:
    """Return the photograph, three stages of k-means on it, and the best 3 and 16 colours."""
    stages = {0: "3 random colours", 1: "after one step", len(path) - 1: f"at rest after {len(path) - 1}"}
    pictures = {"a photograph": pixels}
    for step, name in stages.items():
        pictures[f"{name}: error {errors[step]:,.0f}"] = path[step].rebuild(path[step].remap(pixels))
    for palette in (three, sixteen):
        error = palette.inertia / histogram.total
        pictures[f"the best {len(palette)}: error {error:,.0f}"] = palette.rebuild(palette.remap(pixels))
    assert np.array_equal(rebuilt, list(pictures.values())[4])
    return sheet(pictures)


if __name__ == "__main__":
    draw().save("first_steps.png")
