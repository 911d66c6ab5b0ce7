"""Whole assets: the textures of USD, MaterialX and glTF files, what each means, and lighter copies."""

from rgbcloud_app.assets.asset import Asset, AssetError, AssetTexture, Use
from rgbcloud_app.assets.opening import SUFFIXES, is_asset, opened_asset

__all__ = ["SUFFIXES", "Asset", "AssetError", "AssetTexture", "Use", "is_asset", "opened_asset"]
