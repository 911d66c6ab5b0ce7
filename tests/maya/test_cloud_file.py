"""A cloud that the library wrote as a Maya scene: it opens without our plug-in."""

from __future__ import annotations

import numpy as np
import pytest
from maya import cmds

from rgbcloud import ColorHistogram, Palette, PointCloud, save_cloud
from rgbcloud.color import srgb8_to_linear


@pytest.fixture
def cloud():
    colors = np.unique(np.random.default_rng(4).integers(0, 256, (50, 3), dtype=np.uint8), axis=0)
    histogram = ColorHistogram(colors, np.arange(1, len(colors) + 1))
    return PointCloud.from_histogram(histogram, Palette.from_hex(["#ff0000", "#0000ff"]))


@pytest.mark.parametrize("color_by", ["source", "cluster"])
def test_it_opens_without_a_plug_in(cloud, tmp_path, script_editor, color_by):
    path = save_cloud(tmp_path / "cloud.ma", cloud, color_by=color_by)
    cmds.file(str(path), open=True, force=True)
    (shape,) = cmds.ls(type="particle")
    np.testing.assert_allclose(cmds.getAttr(f"{shape}.position0"), cloud.colors / 255 * 10, atol=1e-6)
    shown = srgb8_to_linear(cloud.display_colors(color_by))
    np.testing.assert_allclose(cmds.getAttr(f"{shape}.rgbPP0"), shown, atol=1e-6)
    assert cmds.getAttr(f"{shape}.isDynamic") is False
    assert cmds.getAttr(f"{shape}.pointSize") == 2
    assert cmds.getAttr(f"{shape}.nextId") == len(cloud)
    assert cmds.listConnections(f"{shape}.currentTime", plugs=True) == ["time1.outTime"]
    assert script_editor("error") == script_editor("warning") == []
