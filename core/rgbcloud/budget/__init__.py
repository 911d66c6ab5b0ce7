"""One budget for many textures: how many colours each of them gets."""

from rgbcloud.budget.curves import KS, Curve, curve_of
from rgbcloud.budget.division import FEW, divide, divide_among_fewest, gain_of_more
from rgbcloud.budget.fitting import Budget, Share, bytes_of, check_recipe, measure

__all__ = [
    "FEW",
    "KS",
    "Budget",
    "Curve",
    "Share",
    "bytes_of",
    "check_recipe",
    "curve_of",
    "divide",
    "divide_among_fewest",
    "gain_of_more",
    "measure",
]
