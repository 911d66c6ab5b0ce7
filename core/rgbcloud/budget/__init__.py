"""One budget for many textures: how many colours each of them gets."""

from rgbcloud.budget.curves import KS, Curve, curve_of
from rgbcloud.budget.division import FEW, divide, gain_of_more

__all__ = ["FEW", "KS", "Curve", "curve_of", "divide", "gain_of_more"]
