"""Values of every field of a recipe, and pictures of every depth to try them on, in every form of the job."""

from __future__ import annotations

import numpy as np
from deep_files import write
from hypothesis import strategies as st
from PIL import Image

from rgbcloud import Recipe, RgbcloudError

DEPTHS = {"uint8": ".png", "uint16": ".png", "float16": ".exr", "float32": ".exr"}
KINDS = {"uint16": "uint16", "float16": "half", "float32": "float"}


def levels(alpha, size=24):
    """A small picture in sRGB, 0 … 1: two ramps, some noise, and flat parts."""
    random = np.random.default_rng(20261128)
    across, down = np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size))
    picture = np.stack([across, down, random.random((size, size)) * across], axis=2)
    picture[:6, :6] = 0.25, 0.5, 0.75
    if not alpha:
        return picture
    opacity = np.where(across + down < 0.4, 0, np.where(across > 0.7, 0.5, 1))
    return np.dstack([picture, opacity])


def save(path, picture, depth, *, broken=False):
    """Write a picture in a depth; the numbers of floating-point files are taken for light as they are."""
    has_alpha = picture.shape[2] == 4
    artist = "a painter" * has_alpha
    if depth == "uint8":
        options = {"dpi": (300, 300)} if has_alpha else {}
        Image.fromarray(np.rint(picture * 255).astype(np.uint8)).save(path, **options)
        return path
    if depth == "uint16":
        return write(path, np.rint(picture * 65535).astype(np.uint16), "uint16", artist=artist)
    if has_alpha:  # OpenEXR stores colours multiplied with alpha
        picture = np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])
    if broken:
        picture[0, 0, 0] = np.nan
    names = ("R", "G", "B", "A")[: picture.shape[2]]
    return write(path, picture.astype(depth), KINDS[depth], names, artist)


def write_pictures(made):
    """Write a picture in every depth, with and without alpha, a mask in three of them, two tiles of each."""
    for depth, suffix in DEPTHS.items():
        for alpha in (False, True):
            save(made / f"{depth}{'-alpha' * alpha}{suffix}", levels(alpha), depth, broken=True)
        for tile in (1001, 1002):
            save(made / f"{depth}.{tile}{suffix}", levels(False) / (tile - 1000), depth)
        mask = np.zeros((24, 24, 3))
        mask[4:] = 1
        save(made / f"mask-{depth}{suffix}", mask, depth)
    Image.fromarray(np.arange(27, dtype=np.uint8).reshape(3, 3, 3) * 9).save(made / "palette.png")
    return made


OTHER_VALUES = {
    "colors": [1, 3, 200],
    "seed": [5],
    "effort": ["best"],
    "locked": [("#ff8000",), ("#ff8000", "#000000")],
    "weight_power": [0.3],
    "space": ["linear", "oklab", "cielab"],
    "kind": ["color", "data", "normal", "labels"],
    "alpha": ["opacity", "channel"],
    "frames": ["all"],
    "max_size": [10],
    "scale": ["1/2", "1/16"],
    "enlarge": [3],
    "linear": [True, False],
    "color_space": ["ACEScg", "Display P3", "ARRI LogC4", "Raw", "linear_srgb"],
    "ocio": ["ocio://cg-config-latest"],
    "recolored": [(("#4080bf", "#00ff00"),)],
    "dither": ["floyd-steinberg", "bayer", "blue-noise"],
    "dither_strength": [0.5],
    "serpentine": [True],
    "indexed": [False],
    "squeeze": [True],
    "strip": [True],
    "skip_larger": [True],
    "palette": ["palette.png"],
    "like": ["palette.png"],
    "mask": ["mask-uint8.png", "mask-uint16.png", "mask-float16.exr"],
    "psnr": [20.0, 30.0],
    "delta_e": [8.0],
    "max_bytes": [700, 4000],
    "knee": [True],
}
"""For every field values that are not its default."""


def recipe_of(folder, values):
    files = {name: str(folder / values[name]) for name in ("palette", "like", "mask") if name in values}
    return Recipe.of(**{**values, **files})


sources = st.tuples(st.sampled_from(sorted(DEPTHS)), st.booleans(), st.booleans())
choices = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in OTHER_VALUES.items()}
).filter(lambda values: len(values) <= 4)


def outcome_of(job):
    """Return what a job returns, or the product's own sentence that it ends with."""
    try:
        return job()
    except RgbcloudError as error:
        return str(error)
