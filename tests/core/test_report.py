from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest

from rgbcloud import Report

REPORT = Report("wood.png", 640, 427, 58_000, 16, 1000, 250, mse=3 * 255**2 / 1000)


def test_psnr_follows_from_the_mean_error_of_a_channel():
    assert REPORT.psnr == pytest.approx(30.0)


def test_no_error_is_an_infinite_psnr_which_json_calls_null():
    exact = replace(REPORT, mse=0.0)
    assert math.isinf(exact.psnr)
    assert json.loads(exact.to_json())["psnr"] is None
    assert "PSNR     exact" in str(exact)


def test_its_text_shows_every_figure():
    assert str(replace(REPORT, ssim=0.98765)).splitlines() == [
        "wood.png, 640 x 427",
        "colours  58,000 -> 16",
        "bytes    1,000 -> 250 (25%)",
        "MSE      195.07",
        "PSNR     30.00 dB",
        "SSIM     0.9877",
    ]


def test_its_summary_shows_every_figure_in_one_line():
    assert replace(REPORT, ssim=0.98765).summary() == (
        "colours 58,000 -> 16, bytes 1,000 -> 250 (25%), MSE 195.07, PSNR 30.00 dB, SSIM 0.9877"
    )


def test_figures_of_the_space_and_of_the_eye_are_shown():
    color = replace(REPORT, space="oklab", space_mse=0.00123, delta_e=1.234, delta_e_95=5.678)
    assert str(color).splitlines()[-2:] == ["oklab    MSE 0.00123", "dE2000   1.23 (95 %: 5.68)"]
    normal = replace(REPORT, kind="normal", space_mse=0.1, angle=1.5, angle_95=4.0)
    assert str(normal).splitlines()[-2:] == ["angle    1.50 degrees (95 %: 4.00)", "kind     normal"]


def test_its_json_holds_every_figure():
    assert json.loads(REPORT.to_json()) == {**REPORT.as_dict(), "psnr": pytest.approx(30.0)}
    assert REPORT.as_dict()["ssim"] is None
