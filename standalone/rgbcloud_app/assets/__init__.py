"""Whole assets: the textures of USD, MaterialX and glTF files, what each means, and lighter copies."""

from rgbcloud_app.assets.asset import Asset, AssetError, AssetTexture, Meaning, Use
from rgbcloud_app.assets.lighter import Wish, asset_files, colored, count_asset, reduce_asset
from rgbcloud_app.assets.opening import SUFFIXES, is_asset, opened_asset

__all__ = [
    "SUFFIXES",
    "Asset",
    "AssetError",
    "AssetTexture",
    "Meaning",
    "Use",
    "Wish",
    "asset_files",
    "colored",
    "count_asset",
    "is_asset",
    "opened_asset",
    "reduce_asset",
]
