"""``rgbcloud farm``: jobs for render farms, really run, by openjd-cli and one command after the other."""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import psutil
import pytest
from asset_files import texture, usd_asset
from PIL import Image

SIMULATOR = Path(__file__).resolve().parents[1] / "maya_simulator"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs of a farm are shell scripts here")


@pytest.fixture
def tiles(tmp_path, photo):
    """Twelve tiles in a folder that has blanks and other letters in its name, and a mask for each."""
    folder = tmp_path / "Höhle eins"
    folder.mkdir()
    for number in range(12):
        part = photo[number * 6 : number * 6 + 40, number * 8 : number * 8 + 40]
        Image.fromarray(part).save(folder / f"wand.{1001 + number}.png")
        mask = np.full((40, 40), 255, np.uint8)
        mask[number:20] = 0
        Image.fromarray(mask).save(folder / f"maske.{1001 + number}.png")
    return folder / "wand.<UDIM>.png"


@pytest.fixture
def path(tmp_path):
    """A $PATH on which `rgbcloud` and `mayapy` are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, before, after in (
        ("rgbcloud", "", " -m rgbcloud_app"),
        ("mayapy", f"PYTHONPATH={SIMULATOR}:$PYTHONPATH ", ""),
    ):
        script = folder / name
        script.write_text(f'#!/bin/sh\n{before}exec "{sys.executable}"{after} "$@"\n')
        script.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture
def openjd(path, tmp_path):
    """Start openjd-cli."""

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "openjd", *map(str, arguments)],
            env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    return start


def results(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def steps_of(folder):
    template = json.loads((folder / "template.yaml").read_text("utf-8"))
    return {step["name"]: step for step in template["steps"]}


def ranges(step):
    return {each["name"]: each["range"] for each in step["parameterSpace"]["taskParameterDefinitions"]}


@pytest.mark.slow
def test_a_job_gives_the_bytes_of_one_machine_though_a_task_is_killed(run, openjd, tiles, tmp_path):
    recipe = ["-k", 8, "--dither", "bayer", "--mask", tiles.with_name("maske.<UDIM>.png")]
    ended = run("farm", tiles, *recipe, "-d", tmp_path / "aus der Farm", "-o", tmp_path / "job")
    assert ended.code == 0, ended
    assert ended.output.endswith("template.yaml: 13 tasks (palettes 1, reduce 12)\n")
    command = ("run", tmp_path / "job" / "template.yaml", "--step", "reduce-1", "--run-dependencies")
    with openjd(*command) as first:
        for line in first.stdout:
            if "wand.1003.png" in line or ("openjd_status" in line and "dithering" in line):
                break
        for child in psutil.Process(first.pid).children(recursive=True):
            child.kill()
        first.communicate()
    assert first.returncode != 0
    with openjd(*command) as second:
        told, _ = second.communicate()
    assert second.returncode == 0, told
    assert "openjd_progress: 100" in told
    assert "openjd_status: counting colours" in told
    assert run("reduce", tiles, *recipe, "-d", tmp_path / "here").code == 0
    assert len(results(tmp_path / "here")) == 12
    assert results(tmp_path / "aus der Farm") == results(tmp_path / "here")


def test_paths_are_mapped(run, openjd, tmp_path, photo):
    (tmp_path / "here").mkdir()
    Image.fromarray(photo).save(tmp_path / "here" / "wood.png")
    assert (
        run(
            "farm", tmp_path / "here" / "wood.png", "-d", tmp_path / "here" / "out", "-o", tmp_path / "job"
        ).code
        == 0
    )
    (tmp_path / "here").rename(tmp_path / "there")  # as another machine has it
    rule = {
        "source_path_format": "POSIX",
        "source_path": str(tmp_path / "here"),
        "destination_path": str(tmp_path / "there"),
    }
    rules = json.dumps({"version": "pathmapping-1.0", "path_mapping_rules": [rule]})
    with openjd("run", tmp_path / "job" / "template.yaml", "--path-mapping-rules", rules) as job:
        told, _ = job.communicate()
    assert job.returncode == 0, told
    assert (tmp_path / "there" / "out" / "wood.png").is_file()
    assert not (tmp_path / "here").exists()


def test_a_task_that_is_cancelled_leaves_nothing(run, openjd, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (900, 900, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    options = ["-k", 256, "--effort", "best", "-d", tmp_path / "out"]
    assert run("farm", tmp_path / "noise.png", *options, "-o", tmp_path / "job").code == 0
    with openjd("run", tmp_path / "job" / "template.yaml") as job:
        told = ""
        for line in job.stdout:
            told += line
            if "openjd_status: clustering" in line:
                job.send_signal(signal.SIGINT)
                break
        told += job.communicate()[0]
    assert job.returncode != 0
    assert "rgbcloud: interrupted by SIGTERM" in told, told
    assert not list(tmp_path.glob("out/*"))


def test_commands_give_the_same_bytes_in_any_order(run, tiles, tmp_path, path):
    alone = tiles.with_name("allein.png")
    Image.open(tiles.with_name("wand.1001.png")).rotate(90).save(alone)
    for extra in tiles.parent.glob("wand.10[01][4-9].png"):
        extra.unlink()
    ended = run("farm", tiles, alone, "-k", 6, "-d", tmp_path / "farm", "--commands")
    assert (ended.code, ended.errors) == (0, "")
    lines = ended.output.splitlines()
    assert len(lines) == 7
    random.Random(0).shuffle(lines)
    for line in lines:
        assert shlex.split(line)[:2] == ["rgbcloud", "reduce"]
        done = run(*shlex.split(line)[1:])
        assert done.code == 0, (line, done)
    assert run("reduce", tiles, alone, "-k", 6, "-d", tmp_path / "here").code == 0
    assert len(results(tmp_path / "here")) == 7
    assert results(tmp_path / "farm") == results(tmp_path / "here")


def run_steps(run, folder):
    """Run all tasks of a bundle, as its scheduler would, by what it says."""
    done = set()
    for name, step in steps_of(folder).items():
        assert {each["dependsOn"] for each in step.get("dependencies", ())} <= done
        values = ranges(step)
        for number in range(len(values["Target" if "Target" in values else next(iter(values))])):
            arguments = []
            for part in step["script"]["actions"]["onRun"]["args"]:
                is_slot = part.startswith("{{Task.Param.")
                arguments.append(values[part[13:-2]][number] if is_slot else part)
            ended = run(*arguments)
            assert ended.code == 0, ended
        done.add(name)


def test_many_tiles_are_counted_by_a_task_each(run, tmp_path, photo):
    for number in range(17):
        Image.fromarray(photo[number : number + 9, :9]).save(tmp_path / f"w.{1001 + number}.png")
    tiles = tmp_path / "w.<UDIM>.png"
    assert run("farm", tiles, "-k", 5, "-d", tmp_path / "farm", "-o", tmp_path / "job").code == 0
    assert {
        name: len(ranges(step)["Source" if name != "add-up-1" else "Palette"])
        for name, step in steps_of(tmp_path / "job").items()
    } == {
        "count-1": 17,
        "add-up-1": 1,
        "reduce-1": 17,
    }
    run_steps(run, tmp_path / "job")
    assert run("reduce", tiles, "-k", 5, "-d", tmp_path / "here").code == 0
    assert results(tmp_path / "farm") == results(tmp_path / "here")


def test_one_palette_for_all_and_a_palette_that_is_given(run, tmp_path, photo):
    folder = tmp_path / "textures"
    folder.mkdir()
    for number in range(3):
        Image.fromarray(photo[number * 20 : number * 20 + 20, :30]).save(folder / f"t{number}.png")
    assert run("palette", folder / "t0.png", "-k", 4, "-o", tmp_path / "p.gpl").code == 0
    for name, options in (
        ("shared", ["-k", 5, "--shared-palette", "--lock", "#ff8000"]),
        ("given", ["--palette", tmp_path / "p.gpl"]),
    ):
        job, out, here = (tmp_path / f"{name} {what}" for what in ("job", "farm", "here"))
        assert run("farm", folder, "-r", *options, "-d", out, "-o", job).code == 0
        run_steps(run, job)
        assert run("reduce", folder, "-r", *options, "-d", here).code == 0
        assert results(out) == results(here)


MAKE_SCENE = """
import sys
import maya.standalone
maya.standalone.initialize()
from maya import cmds
node = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="file1")
cmds.setAttr(node + ".fileTextureName", sys.argv[1], type="string")
cmds.file(rename=sys.argv[2])
cmds.file(save=True, force=True, type="mayaAscii")
"""


def test_scenes_are_reduced_by_mayapy(run, openjd, path, tmp_path, wood):
    scene = tmp_path / "shot 010.ma"
    subprocess.run(["mayapy", "-c", MAKE_SCENE, wood, scene], env={**os.environ, "PATH": path}, check=True)
    assert run("farm", scene, "-k", 3, "-d", tmp_path / "lighter", "-o", tmp_path / "job").code == 0
    (tmp_path / "lighter").mkdir()
    with openjd("run", tmp_path / "job" / "template.yaml") as job:
        told, _ = job.communicate()
    assert job.returncode == 0, told
    assert "wood.k3.png" in (tmp_path / "lighter" / "shot 010.ma").read_text()
    with Image.open(tmp_path / "wood.k3.png") as picture:
        assert len(picture.getcolors()) == 3


def test_what_no_task_can_do_is_refused(run, fails, tiles, wood, tmp_path):
    assert "choose one of --output DIR and --commands" in fails("farm", wood, code=2)
    assert "cannot read standard input" in fails("farm", "-", "--commands", code=2)
    assert "about a whole set" in fails("farm", tiles, "--skip-larger", "--commands")
    braces = wood.rename(wood.with_name("{{wood}}.png"))
    assert "rename it" in fails("farm", braces, "-o", tmp_path / "job")
    assert not (tmp_path / "job").exists()
    assert run("farm", tmp_path / "none.png", "-o", tmp_path / "job").code == 1


def test_an_asset_is_a_task_of_its_own(run, fails, tmp_path, path):
    texture(tmp_path / "wood.png")
    chair = usd_asset(tmp_path / "chair.usda", {"diffuseColor": "wood.png"})
    told = run("farm", chair, "-k", 4, "-d", tmp_path / "farm", "--commands")
    assert told.code == 0
    for line in told.output.splitlines():
        subprocess.run(shlex.split(line), env={**os.environ, "PATH": path}, check=True, capture_output=True)
    assert run("reduce", chair, "-k", 4, "-d", tmp_path / "here").code == 0
    found, expected = (
        {file.name: file.read_bytes() for file in (tmp_path / name).iterdir() if file.is_file()}
        for name in ("farm", "here")
    )
    assert found == expected
    assert len(expected) == 2
    assert "no such file" in fails("farm", tmp_path / "sofa.usda", "-d", tmp_path / "out", "--commands")


def test_a_budget_for_all_is_refused_by_its_name(fails, wood, tmp_path):
    told = fails("farm", wood, "-d", tmp_path / "out", "--commands", "--total-bytes", "1MB", code=2)
    assert "--total-bytes" in told


def test_a_bundle_that_is_there_is_replaced_only_if_that_is_allowed(run, fails, wood, tmp_path):
    assert run("farm", wood, "-o", tmp_path / "job").code == 0
    assert "template.yaml exists already" in fails("farm", wood, "-o", tmp_path / "job", code=3)
    assert run("farm", wood, "-k", 3, "-o", tmp_path / "job", "--overwrite").code == 0


def test_more_tasks_than_a_step_can_have_are_several_steps(run, fails, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    Image.new("RGB", (1, 1)).save(folder / "0000.png")
    for number in range(1, 1030):
        os.link(folder / "0000.png", folder / f"{number:04}.png")
    assert run("farm", folder, "-r", "-d", tmp_path / "out", "-o", tmp_path / "job").code == 0
    found = {name: len(ranges(step)["Source"]) for name, step in steps_of(tmp_path / "job").items()}
    assert found == {"reduce-alone-1": 1024, "reduce-alone-2": 6}


def test_a_mesh_masks_many_tiles_in_one_task(tmp_path, run, fails):
    """As no tile alone says where it lies in the set."""
    for tile in range(1001, 1018):
        texture(tmp_path / f"wood.{tile}.png", seed=tile, size=8)
    mesh = usd_asset(tmp_path / "quad.usda", {})
    more = ["-d", tmp_path / "out", "--mask", mesh]
    ended = run("farm", tmp_path / "wood.<UDIM>.png", *more, "-o", tmp_path / "job")
    assert ended.output.endswith("template.yaml: 18 tasks (palettes 1, reduce 17)\n")
    told = fails("farm", tmp_path / "wood.<UDIM>.png", *more, "--shared-palette", "--commands")
    assert "leave out --shared-palette, or mask" in told
