"""Opening assets, by the suffixes of their names."""

from __future__ import annotations

from os import fspath
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud_app.assets.asset import Asset

SUFFIXES = (".usd", ".usda", ".usdc", ".usdz", ".mtlx", ".gltf", ".glb")
"""What assets' names end with."""


def is_asset(path: str | PathLike[str]) -> bool:
    """Whether a name is one of an asset."""
    return fspath(path).lower().endswith(SUFFIXES)


def opened_asset(path: str | PathLike[str], scratch: Path) -> Asset:
    """Open an asset.

    Parameters
    ----------
    path : str or path-like
    scratch : Path
        An empty folder for what is packed in it; needed as long as the asset is.

    Raises
    ------
    AssetError
        If it cannot be read.
    MissingDependencyError
        If what reads such files is not installed.
    """
    from rgbcloud.errors import reason_of
    from rgbcloud_app.assets.asset import AssetError

    file = Path(path)
    try:
        file.stat()
    except (OSError, ValueError) as error:
        raise AssetError(f"{file}: {reason_of(error)}; check the path") from error
    suffix = file.suffix.lower()
    if suffix in (".gltf", ".glb"):
        from rgbcloud_app.assets.gltf import open_gltf

        return open_gltf(file, scratch)
    if suffix == ".mtlx":
        from rgbcloud_app.assets.materialx import open_materialx

        return open_materialx(file)
    from rgbcloud_app.assets.usd import open_usd

    return open_usd(file, scratch)
