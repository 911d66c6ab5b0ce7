"""What a texture holds: its distinct values, how much each counts, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud.counting.alpha import guess_alpha, take_alpha
from rgbcloud.counting.histogram import ColorHistogram
from rgbcloud.counting.kind import Content, Origin, asked_color_space, color_space_of, content_of, guess_kind
from rgbcloud.counting.value_histogram import Histogram, ValueHistogram
from rgbcloud.counting.votes import coverage_of, histogram_of, read_mask
from rgbcloud.lazy_names import lazy_names

if TYPE_CHECKING:
    from rgbcloud.counting.resampling import resample, scaled_size

__all__ = [
    "ColorHistogram",
    "Content",
    "Histogram",
    "Origin",
    "ValueHistogram",
    "asked_color_space",
    "color_space_of",
    "content_of",
    "coverage_of",
    "guess_alpha",
    "guess_kind",
    "histogram_of",
    "read_mask",
    "resample",
    "scaled_size",
    "take_alpha",
]

__getattr__ = lazy_names(__name__, {"resampling": "resample scaled_size"})
