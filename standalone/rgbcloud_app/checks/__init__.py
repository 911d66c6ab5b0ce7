"""A gate for publishing: whether textures keep to a palette, a number of colours, a size, a receipt."""

from rgbcloud_app.checks.asset_checks import check_asset
from rgbcloud_app.checks.rules import Finding, Offender, Rules, check_texture

__all__ = ["Finding", "Offender", "Rules", "check_asset", "check_texture"]
