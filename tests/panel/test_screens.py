"""The main states, drawn at both densities of screens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

SCRIPT = Path(__file__).with_name("screens.py")
STATES = ["empty", "reduced", "256-colours", "recoloured", "unfolded", "set", "set-as-one", "error"]
SIZES = [(1024, 700), (1280, 720), (1366, 768), (1920, 1080)]


@pytest.mark.parametrize("scale", [1, 2])
def test_nothing_is_cut_off_or_too_narrow(scale, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "QT_SCALE_FACTOR": str(scale),
        "QT_QPA_PLATFORM": "offscreen",
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "72"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    seen = set()
    for state in STATES:
        for size in SIZES:
            with Image.open(tmp_path / f"{state}-{size[0]}.png") as screen:
                assert screen.size == (size[0] * scale, size[1] * scale)
                seen.add(screen.tobytes())
    assert len(seen) == len(SIZES) * len(STATES)  # every state looks like none of the others
