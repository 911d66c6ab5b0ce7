"""What README.md tells people to type does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.S | re.M)


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines()]


@pytest.fixture
def folder(tmp_path, photo):
    """What the examples work on."""
    (tmp_path / "textures" / "bark").mkdir(parents=True)
    for name in ("wood.jpg", "textures/stone.png", "textures/bark/oak.png"):
        Image.fromarray(photo).save(tmp_path / name)
    for name in ("wood.1001.png", "wood.1002.png", "wood-v2.jpg"):
        Image.fromarray(photo).save(tmp_path / name)
    return tmp_path


def made(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_commands_work_one_after_the_other(folder):
    before = made(folder)
    scripts = sysconfig.get_path("scripts")
    environment = {**os.environ, "PATH": os.pathsep.join((scripts, os.environ["PATH"]))}
    for command in COMMANDS:
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
    names = {
        "wood.k16.png",
        "lighter/stone.png",
        "lighter/bark/oak.png",
        "wood.psnr30.1001.png",
        "wood.psnr30.1002.png",
        "cloud.html",
        "wood.gpl",
        "rgbcloud-learn.html",
        "lighter.png",
        "job/template.yaml",
    }
    written = {name.replace(os.sep, "/") for name in made(folder) - before}
    assert {name for name in written if "/." not in name} == names
    with Image.open(folder / "lighter.png") as picture:
        assert len(picture.getcolors()) == 7


def test_the_library_in_a_few_lines(folder):
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )
    assert "PSNR" in done.stdout
    with Image.open(folder / "wood16.png") as picture:
        assert len(picture.getcolors()) == 16
    assert (folder / "wood-v2-shared.png").is_file()


def test_the_two_commands_of_a_fresh_machine_are_there_for_the_checks_to_run():
    # .ci/run takes them from here by their beginning, and runs the first and the second.
    commands = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert [command.rsplit("&&", 1)[1].strip() for command in commands] == [
        ".venv/bin/rgbcloud demo",
        ".venv/bin/python -m pytest -n auto",
    ]


def test_links_within_the_project_lead_somewhere():
    for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
