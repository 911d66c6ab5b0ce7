"""Whole assets: the textures of USD, MaterialX and glTF files, what each means, and lighter copies."""

from rgbcloud_app.assets.asset import Asset, AssetError, AssetTexture, Meaning, Use, asset_facts, find_colored
from rgbcloud_app.assets.lighter import Wish, asset_files, check_recipe, count_asset, reduce_asset
from rgbcloud_app.assets.opening import SUFFIXES, is_asset, opened_asset

__all__ = [
    "SUFFIXES",
    "Asset",
    "AssetError",
    "AssetTexture",
    "Meaning",
    "Use",
    "Wish",
    "asset_facts",
    "asset_files",
    "check_recipe",
    "count_asset",
    "find_colored",
    "is_asset",
    "opened_asset",
    "reduce_asset",
]
