"""Clouds as USD stages, held to usd-core's own validators, and as Maya scenes."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from pxr import Usd, UsdGeom, UsdValidation

from rgbcloud import MissingDependencyError, PointCloud, cluster, save_cloud


@pytest.fixture
def cloud(photo_histogram):
    return PointCloud.from_histogram(photo_histogram, cluster(photo_histogram, 5), budget=1000)


@pytest.fixture(params=[".usda", ".usdc"])
def stage(request, cloud, tmp_path):
    return Usd.Stage.Open(str(save_cloud(tmp_path / f"cloud{request.param}", cloud, color_by="cluster")))


def test_usd_holds_every_point(stage, cloud):
    points = UsdGeom.Points(stage.GetDefaultPrim())
    np.testing.assert_allclose(np.array(points.GetPointsAttr().Get()), cloud.positions * 10, rtol=1e-6)
    primvars = UsdGeom.PrimvarsAPI(points)
    assert list(primvars.GetPrimvar("cluster").Get()) == cloud.clusters.tolist()
    np.testing.assert_allclose(np.array(primvars.GetPrimvar("weight").Get()), cloud.weights, rtol=1e-6)
    color = points.GetDisplayColorPrimvar()
    assert color.GetInterpolation() == points.GetWidthsInterpolation() == "vertex"
    srgb = cloud.palette.rebuild(cloud.clusters) / 255
    linear = np.where(srgb > 0.04045, ((srgb + 0.055) / 1.055) ** 2.4, srgb / 12.92)
    np.testing.assert_allclose(np.array(color.Get()), linear, atol=1e-6)


def test_usd_points_grow_with_their_weight(stage, cloud):
    widths = np.array(UsdGeom.Points(stage.GetDefaultPrim()).GetWidthsAttr().Get())
    order = np.argsort(cloud.weights, kind="stable")
    assert (np.diff(widths[order]) >= 0).all()
    assert (widths.min(), widths.max()) == pytest.approx((0.03, 0.2), rel=0.2)


def test_usd_core_finds_nothing_to_complain_of(stage):
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 5
    errors = UsdValidation.ValidationContext(validators).Validate(stage)
    assert [error.GetErrorAsString() for error in errors] == []
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert UsdGeom.GetStageMetersPerUnit(stage) == 0.01


def test_usd_text_is_the_same_every_time(cloud, tmp_path):
    one, other = (save_cloud(tmp_path / f"{name}.usda", cloud).read_bytes() for name in "ab")
    assert one == other


def test_without_usd_core_the_command_that_installs_it_is_told(cloud, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pxr", None)
    with pytest.raises(
        MissingDependencyError, match="clouds as USD need usd-core: python -m pip install usd-co"
    ):
        save_cloud(tmp_path / "cloud.usda", cloud)
    assert not list(tmp_path.iterdir())


def test_a_maya_scene_is_ascii_and_holds_the_points(cloud, tmp_path):
    text = save_cloud(tmp_path / "cloud.ma", cloud).read_bytes().decode("ascii")
    assert text.startswith('//Maya ASCII 2022 scene\nrequires maya "2022";\n')
    array = text.split('setAttr ".pos0" -type "vectorArray" ')[1].split(";")[0].split()
    assert int(array[0]) == len(cloud)
    np.testing.assert_allclose(
        np.array(array[1:], float).reshape(-1, 3), cloud.colors / 255 * 10, rtol=1e-8, atol=1e-12
    )
    assert max(map(len, text.splitlines())) < 250
