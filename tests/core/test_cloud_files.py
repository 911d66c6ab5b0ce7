from __future__ import annotations

import csv

import numpy as np
import pytest

from rgbcloud import ColorHistogram, ImageWriteError, Palette, PointCloud, save_cloud


@pytest.fixture
def cloud():
    histogram = ColorHistogram(np.array([[0, 51, 255], [255, 0, 0]], np.uint8), [2, 1.4])
    return PointCloud.from_histogram(histogram, Palette.from_hex(["#ff0000", "#0000ff"]))


def read_ply(path):
    """Read a binary PLY by its own header."""
    header, _, body = path.read_bytes().partition(b"end_header\n")
    lines = header.decode("ascii").splitlines()
    assert lines[:2] == ["ply", "format binary_little_endian 1.0"]
    kinds = {"float": "<f4", "uchar": "u1"}
    fields = [(line.split()[2], kinds[line.split()[1]]) for line in lines if line.startswith("property")]
    records = np.frombuffer(body, np.dtype(fields))
    assert lines[2] == f"element vertex {len(records)}"
    return records


def test_a_ply_holds_every_point(cloud, tmp_path):
    records = read_ply(save_cloud(tmp_path / "cloud.ply", cloud, color_by="cluster"))
    assert records.dtype.names == ("x", "y", "z", "red", "green", "blue", "weight", "cluster")
    assert np.stack([records[axis] for axis in "xyz"], axis=1).tolist() == cloud.positions.tolist()
    assert [records[name].tolist() for name in ("red", "green", "blue")] == [[0, 255], [0, 0], [255, 0]]
    assert records["cluster"].tolist() == [1, 0]


def test_a_cloud_without_clusters_has_no_such_column(cloud, tmp_path):
    bare = PointCloud(cloud.colors, cloud.weights)
    assert "cluster" not in read_ply(save_cloud(tmp_path / "cloud.PLY", bare)).dtype.names


def test_a_csv_holds_every_point(cloud, tmp_path):
    path = save_cloud(tmp_path / "cloud.csv", cloud)
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["red"], row["green"], row["blue"]) for row in rows] == [
        ("0", "51", "255"),
        ("255", "0", "0"),
    ]
    assert [float(row["weight"]) for row in rows] == pytest.approx([2, 1.4], abs=0.01)
    assert [float(row["y"]) for row in rows] == pytest.approx([0.2, 0])


def test_another_suffix_is_refused(cloud, tmp_path):
    with pytest.raises(
        ImageWriteError, match=r"cloud.obj: a cloud is written as .ply, .csv, .usda, .usdc, .ma, got '.obj'"
    ):
        save_cloud(tmp_path / "cloud.obj", cloud)


def test_a_file_that_is_there_stays_unless_overwriting_is_allowed(cloud, tmp_path):
    path = tmp_path / "cloud.csv"
    path.write_text("mine")
    with pytest.raises(ImageWriteError, match="exists already"):
        save_cloud(path, cloud)
    assert path.read_text() == "mine"
    save_cloud(path, cloud, overwrite=True)
    assert path.read_text().startswith("x,y,z,")
