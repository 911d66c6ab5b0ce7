"""One budget for many textures: how many colours each of them gets, or which size."""

from rgbcloud.budget.curves import KS, Curve, curve_of
from rgbcloud.budget.division import FEW, divide, divide_among_fewest, gain_of_more
from rgbcloud.budget.fitting import Budget, QualityBudget, Share, bytes_of, check_recipe, measure
from rgbcloud.budget.memory_budget import FRAME, MemoryBudget, check_size, measure_scales, with_scale

__all__ = [
    "FEW",
    "FRAME",
    "KS",
    "Budget",
    "Curve",
    "MemoryBudget",
    "QualityBudget",
    "Share",
    "bytes_of",
    "check_recipe",
    "check_size",
    "curve_of",
    "divide",
    "divide_among_fewest",
    "gain_of_more",
    "measure",
    "measure_scales",
    "with_scale",
]
