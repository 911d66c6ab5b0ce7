"""What the examples share: a photograph, and pictures side by side with a line below each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_image

if TYPE_CHECKING:
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

MARGIN, CAPTION = 12, 34  # pixels
GROUND, INK = "#2b2d30", "#eceef0"


def photograph(name: str = "china.jpg", width: int = 480) -> Pixels:
    """Return a photograph that scikit-learn ships: (H, W, 3), uint8."""
    photo = Image.fromarray(load_sample_image(name))
    return np.asarray(photo.resize((width, photo.height * width // photo.width), Image.Resampling.LANCZOS))


def sheet(pictures: dict[str, Pixels], columns: int = 3) -> Image.Image:
    """Return pictures of one size in rows, each with its caption below."""
    height, width = max(picture.shape[:2] for picture in pictures.values())
    rows = -(-len(pictures) // columns)
    across, down = width + MARGIN, height + CAPTION + MARGIN
    page = Image.new("RGB", (min(columns, len(pictures)) * across + MARGIN, rows * down + MARGIN), GROUND)
    draw = ImageDraw.Draw(page)
    for place, (caption, picture) in enumerate(pictures.items()):
        left, top = MARGIN + place % columns * across, MARGIN + place // columns * down
        page.paste(Image.fromarray(picture), (left, top))
        draw.text((left, top + height + 6), caption, font=ImageFont.load_default(17), fill=INK)
    return page
