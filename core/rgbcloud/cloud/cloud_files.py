"""Clouds as files that other programs open."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import numpy as np

from rgbcloud.cloud.cloud_scenes import encode_maya, encode_usda, encode_usdc
from rgbcloud.errors import ImageWriteError
from rgbcloud.images.files import write_file

if TYPE_CHECKING:
    from os import PathLike

    from rgbcloud.cloud.point_cloud import ColorBy, PointCloud


def save_cloud(
    path: str | PathLike[str],
    cloud: PointCloud,
    *,
    color_by: ColorBy = "source",
    overwrite: bool = False,
) -> Path:
    """Write a cloud as .ply, .csv, .usda, .usdc or .ma, as the suffix says.

    Parameters
    ----------
    path : str or path-like
        ``.ply``: binary little-endian PLY with x, y, z in the unit cube, red, green, blue, weight and, if the
        cloud is clustered, cluster. ``.csv``: a header line and the same columns.
        ``.usda``, ``.usdc``: USD points with widths and colours in linear light, in a cube of 10 cm.
        ``.ma``: a Maya scene of one particle object in a cube of 10 cm, which opens without any plug-in.
    cloud : PointCloud
    color_by : {"source", "cluster"}
        What red, green, blue are.
    overwrite : bool, default False
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ImageWriteError
        If the suffix is another one or the file cannot be written.
    MissingDependencyError
        If it is USD, and usd-core is not installed.
    """
    target = Path(path)
    try:
        encode = _ENCODERS[target.suffix.lower()]
    except KeyError:
        msg = f"{target}: a cloud is written as {', '.join(_ENCODERS)}, got {target.suffix!r}"
        raise ImageWriteError(msg) from None
    return write_file(target, encode(cloud, color_by), overwrite=overwrite)


def _records(cloud: PointCloud, color_by: ColorBy) -> np.ndarray:
    """Return one record per point."""
    fields: list[tuple[str, str]] = [(axis, "<f4") for axis in "xyz"]
    fields += [(channel, "u1") for channel in ("red", "green", "blue")]
    fields += [("weight", "<f4")]
    if cloud.clusters is not None:
        fields += [("cluster", "u1")]
    records = np.empty(len(cloud), fields)
    for index, axis in enumerate("xyz"):
        records[axis] = cloud.positions[:, index]
    for index, channel in enumerate(("red", "green", "blue")):
        records[channel] = cloud.display_colors(color_by)[:, index]
    records["weight"] = cloud.weights
    if cloud.clusters is not None:
        records["cluster"] = cloud.clusters
    return records


def _ply(cloud: PointCloud, color_by: ColorBy) -> bytes:
    """Encode after Turk, G. (1994), The PLY Polygon File Format."""
    records = _records(cloud, color_by)
    types = {"f4": "float", "u1": "uchar"}
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(records)}"]
    header += [f"property {types[records.dtype[name].str[1:]]} {name}" for name in records.dtype.names or ()]
    header += ["end_header", ""]
    return "\n".join(header).encode("ascii") + records.tobytes()


def _csv(cloud: PointCloud, color_by: ColorBy) -> bytes:
    records = _records(cloud, color_by)
    stream = io.StringIO()
    names = records.dtype.names or ()
    formats = ["%d" if records.dtype[name].kind == "u" else "%.7g" for name in names]
    np.savetxt(stream, records, fmt=formats, delimiter=",", header=",".join(names), comments="")
    return stream.getvalue().encode("ascii")


_ENCODERS: dict[str, Callable[[PointCloud, ColorBy], bytes]] = {
    ".ply": _ply,
    ".csv": _csv,
    ".usda": encode_usda,
    ".usdc": encode_usdc,
    ".ma": encode_maya,
}

SUFFIXES = tuple(_ENCODERS)
"""What a cloud file's name may end with."""
