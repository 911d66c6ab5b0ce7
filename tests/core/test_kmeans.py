"""scikit-learn in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

from rgbcloud import ColorHistogram, RgbcloudError, Settings, cluster

PIXELS = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)


@pytest.fixture
def histogram():
    return ColorHistogram.from_array(PIXELS)


def test_another_python_finds_the_same_palette(histogram, monkeypatch):
    here = [cluster(histogram, Settings(8, seed=seed, effort="best")) for seed in range(3)]
    monkeypatch.setenv("RGBCLOUD_KMEANS_PYTHON", sys.executable)
    assert [cluster(histogram, Settings(8, seed=seed, effort="best")) for seed in range(3)] == here


def test_this_one_does_not_load_scikit_learn():
    script = """
import sys
import numpy as np
import rgbcloud
pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
rgbcloud.cluster(rgbcloud.ColorHistogram.from_array(pixels), 8)
print("sklearn" in sys.modules)
"""
    for python, expected in (("", "True"), (sys.executable, "False")):
        environment = {**os.environ, "RGBCLOUD_KMEANS_PYTHON": python}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert (done.stdout.strip(), done.stderr) == (expected, "")


def test_a_python_that_is_not_there_is_told(histogram, monkeypatch, tmp_path):
    monkeypatch.setenv("RGBCLOUD_KMEANS_PYTHON", str(tmp_path / "mayapy"))
    with pytest.raises(RgbcloudError, match="mayapy, which RGBCLOUD_KMEANS_PYTHON lets cluster, has failed"):
        cluster(histogram, 8)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
class TestOtherPythons:
    @pytest.fixture
    def python(self, tmp_path, monkeypatch):
        """Write a script that takes the place of a Python."""

        def write(text):
            path = tmp_path / "mayapy"
            path.write_text(f"#!/bin/sh\n{text}\n")
            path.chmod(0o755)
            monkeypatch.setenv("RGBCLOUD_KMEANS_PYTHON", str(path))

        return write

    def test_what_it_prints_at_its_start_is_no_answer(self, histogram, python):
        here = cluster(histogram, 8)
        python(f'echo "Initialized VP2.0 renderer {{"; printf "no end of line"; exec {sys.executable} "$@"')
        assert cluster(histogram, 8) == here

    def test_one_that_ends_at_once_is_told(self, histogram, python):
        python("exit 3")
        with pytest.raises(RgbcloudError, match="has failed: it ended with 3; what it printed says why"):
            cluster(histogram, 8)

    def test_one_that_dies_is_told_and_the_next_works(self, histogram, python, tmp_path):
        python(f'echo $$ > {tmp_path}/pid; exec {sys.executable} "$@"')
        here = cluster(histogram, 8)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        with pytest.raises(RgbcloudError, match="has failed: it ended with -9"):
            cluster(histogram, 8)
        assert cluster(histogram, 8) == here
