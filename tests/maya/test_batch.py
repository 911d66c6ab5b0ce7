"""`mayapy -m rgbcloud_maya`: what it does, prints and ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from maya import cmds
from PIL import Image

import rgbcloud_maya
from rgbcloud import FIELDS, Palette, Recipe, save_palette
from rgbcloud_maya import CloudOptions
from rgbcloud_maya.batch import scene_batch

ROOT = Path(__file__).resolve().parents[2] / "maya_plugin"
STAND_IN = Path(__file__).resolve().parents[1] / "maya_simulator"


class Done(NamedTuple):
    """How a command line ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capfd, monkeypatch):
    """Run a command line in this process, whose Maya is started already."""
    monkeypatch.setattr(scene_batch, "_start_maya", lambda: None)

    def run(*arguments):
        capfd.readouterr()
        code = scene_batch.main([str(argument) for argument in arguments])
        return Done(code, *capfd.readouterr())

    return run


def mayapy(*arguments, how=("-m", "rgbcloud_maya"), paths=(ROOT / "scripts",)):
    """Run ``mayapy -m rgbcloud_maya ARGUMENTS`` in a process of its own, on the stand-in if need be."""
    import maya

    stand_in = [STAND_IN] if STAND_IN in Path(maya.__file__).parents else []
    inherited = filter(None, [os.environ.get("PYTHONPATH")])
    python_path = os.pathsep.join(map(str, [*paths, *stand_in, *inherited]))
    environment = {**os.environ, "PYTHONPATH": python_path}
    command = [sys.executable, *how, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def make_image(path, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    texels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3), np.uint8)
    Image.fromarray(texels).save(path)
    return path


def file_node(name, path):
    node = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name=name)
    cmds.setAttr(f"{node}.fileTextureName", Path(path).as_posix(), type="string")
    cmds.setAttr(f"{node}.colorSpace", "ACEScg", type="string")
    return node


def save(path):
    cmds.file(rename=path.as_posix())
    cmds.file(save=True, force=True, type="mayaAscii")
    return path


def open_scene(path):
    cmds.file(path.as_posix(), open=True, force=True)


@pytest.fixture
def scene(tmp_path):
    """A scene with two textures."""
    for number, name in enumerate(("wood", "Stein für Zoë")):
        file_node(f"file{number + 1}", make_image(tmp_path / "textures" / f"{name}.png", number))
    return save(tmp_path / "shot 010.ma")


def test_reduce_saves_a_scene_that_shows_the_reduced_textures(run, scene, tmp_path):
    before = scene.read_bytes()
    done = run("reduce", scene, "--colors", 3, "--output", tmp_path / "k3.ma")
    assert (done.returncode, done.stderr) == (0, "")
    assert scene.read_bytes() == before
    lines = [line for line in done.stdout.splitlines() if line.startswith("file")]
    assert [line.split(":")[0] for line in lines] == ["file1", "file2"]
    assert "colours 1,0" in lines[0]
    assert " -> 3, bytes " in lines[0]
    open_scene(tmp_path / "k3.ma")
    for node in ("file1", "file2"):
        path = Path(cmds.getAttr(f"{node}.fileTextureName"))
        assert ".k3." in path.name
        assert len(Image.open(path).convert("RGB").getcolors()) == 3
        assert cmds.getAttr(f"{node}.colorSpace") == "ACEScg"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--surface"], "file1 is worn by no polygon mesh; assign its material to one"),
        (["--camera", "nobody"], "there is no camera nobody in the scene"),
        (["--surface", "--mask", "textures/wood.png"], "leave out mask"),
    ],
)
def test_what_cannot_be_weighed_by_surfaces_is_told(run, scene, tmp_path, more, told):
    done = run("reduce", scene, "--project", tmp_path, "--output", tmp_path / "k3.ma", *more)
    assert done.returncode == 1
    assert told in done.stderr
    assert not (tmp_path / "k3.ma").exists()


def test_revert_in_another_process_brings_the_originals_back(run, scene, tmp_path):
    run("reduce", scene, "--colors", 3, "--output", tmp_path / "k3.ma")
    done = run("revert", tmp_path / "k3.ma", "--output", tmp_path / "back.ma")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-2:] == [
        f"file1: reverted, {tmp_path.as_posix()}/textures/wood.png",
        f"file2: reverted, {tmp_path.as_posix()}/textures/Stein für Zoë.png",
    ]
    open_scene(tmp_path / "back.ma")
    assert Path(cmds.getAttr("file1.fileTextureName")).name == "wood.png"
    assert Path(cmds.getAttr("file2.fileTextureName")).name == "Stein für Zoë.png"


def test_only_the_nodes_that_are_named(run, scene, tmp_path):
    done = run("reduce", scene, "--node", "file2", "--folder", tmp_path / "light", "-o", tmp_path / "k16.ma")
    assert done.returncode == 0
    assert [path.name for path in (tmp_path / "light").iterdir()] == ["Stein für Zoë.k16.png"]
    open_scene(tmp_path / "k16.ma")
    assert Path(cmds.getAttr("file1.fileTextureName")).name == "wood.png"


def test_there_is_an_option_for_every_field_of_a_recipe(run):
    usage = run("reduce", "--help").stdout
    assert not [field.name for field in FIELDS if f"--{field.option}" not in usage]


def test_there_is_an_option_for_how_a_cloud_looks_and_what_its_palette_depends_on(run):
    usage = run("cloud", "--help").stdout
    names = [field.option for field in FIELDS if field.part in ("palette", "source")]
    names += [field.name.replace("_", "-") for field in fields(CloudOptions) if field.name != "linear"]
    names += ["linear-display"]
    assert not [name for name in names if f"--{name}" not in usage]


def test_settings_reach_the_result(run, scene, tmp_path):
    options = ["--colors", 3, "--seed", 5, "--lock", "#ff8000", "--space", "oklab", "--no-indexed"]
    run("reduce", scene, *options, "-o", tmp_path / "k3.ma", "--json", tmp_path / "report.json")
    report = json.loads((tmp_path / "report.json").read_text())
    recipe = Recipe.from_json(json.dumps(report["recipe"]))
    assert recipe == Recipe.of(colors=3, seed=5, locked=("#ff8000",), space="oklab", indexed=False)
    assert report["textures"][0]["palette"][0] == "#ff8000"


def test_palette_mask_and_goal_reach_the_result(run, scene, tmp_path, monkeypatch):
    save_palette(tmp_path / "client.gpl", Palette.from_hex(["#ff0000", "#0000ff"]))
    Image.new("L", (32, 32), 255).save(tmp_path / "mask.png")
    monkeypatch.chdir(tmp_path)
    report = tmp_path / "report.json"
    files = ["--palette", "client.gpl", "--mask", "mask.png"]
    assert run("reduce", scene, *files, "-o", "client.ma", "--json", report).returncode == 0
    assert json.loads(report.read_text())["textures"][1]["palette"] == ["#ff0000", "#0000ff"]
    assert run("reduce", scene, "--psnr", 20, "-o", "psnr.ma", "--json", report).returncode == 0
    members = [texture["reports"][0] for texture in json.loads(report.read_text())["textures"]]
    assert all(20 <= member["psnr"] < 21 for member in members)


def test_cloud_is_in_the_scene_that_is_saved(run, scene, tmp_path):
    done = run(
        "cloud",
        scene,
        "--node",
        "file1",
        "--colors",
        3,
        "--parts",
        "locators",
        "cube",
        "-o",
        tmp_path / "c.ma",
    )
    assert (done.returncode, done.stderr) == (0, "")
    open_scene(tmp_path / "c.ma")
    assert len(cmds.ls(type="locator")) >= 3
    assert cmds.ls(type="particle") == []


def test_a_cloud_can_have_its_colours_in_linear_light(run, scene, tmp_path):
    wanted = ["--node", "file1", "--colors", 3, "--linear-display", "-o", tmp_path / "c.ma"]
    assert run("cloud", scene, *wanted).returncode == 0
    open_scene(tmp_path / "c.ma")
    (root,) = rgbcloud_maya.clouds()
    assert CloudOptions.from_json(cmds.getAttr(f"{root}.rgbcloudOptions")).linear


def test_without_the_core_it_says_what_to_do(run, scene, monkeypatch):
    monkeypatch.setitem(sys.modules, "rgbcloud", None)
    done = run("list", scene)
    assert done.returncode == 1
    assert done.stderr.startswith("rgbcloud: the package rgbcloud is not beside ")


def test_list_names_each_node_its_state_and_its_file(run, scene):
    done = run("list", scene)
    assert done.returncode == 0
    lines = done.stdout.splitlines()[-2:]
    assert lines[0].startswith("file1: file, original, ACEScg, ")
    assert lines[0].endswith("wood.png")


def test_json_goes_to_a_file_that_maya_prints_nothing_into(run, scene, tmp_path):
    done = run("reduce", scene, "--colors", 3, "-o", tmp_path / "k3.ma", "--json", tmp_path / "report.json")
    assert done.returncode == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["scene"] == str(scene)
    assert report["output"] == str(tmp_path / "k3.ma")
    assert report["failures"] == 0
    assert report["recipe"]["settings"]["colors"] == 3
    first = report["textures"][0]
    assert (first["node"], first["status"]) == ("file1", "reduced")
    assert len(first["palette"]) == 3
    assert first["reports"][0]["colors_after"] == 3


def test_json_on_standard_output(run, scene):
    done = run("list", scene, "--json", "-")
    text = done.stdout[done.stdout.index("{") :]
    assert [texture["node"] for texture in json.loads(text)["textures"]] == ["file1", "file2"]


def test_a_scene_in_its_project_finds_relative_textures(run, project, tmp_path):
    (project / "workspace.mel").write_text('workspace -fr "sourceImages" "sourceimages";\n')
    make_image(project / "sourceimages" / "wood.png")
    node = cmds.shadingNode("file", asTexture=True, isColorManaged=True, name="file1")
    cmds.setAttr(f"{node}.fileTextureName", "sourceimages/wood.png", type="string")
    scene = save(project / "scenes" / "shot.ma")
    done = run("reduce", scene, "--colors", 3, "-o", tmp_path / "k3.ma")
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "sourceimages" / "wood.k3.png").is_file()


class TestFailures:
    def test_one_texture_fails_and_the_other_is_done(self, run, scene, tmp_path):
        (tmp_path / "textures" / "wood.png").unlink()
        done = run(
            "reduce", scene, "--colors", 3, "-o", tmp_path / "k3.ma", "--json", tmp_path / "report.json"
        )
        assert done.returncode == 1
        assert "rgbcloud: file1: " in done.stderr
        assert "wood.png" in done.stderr
        assert "Traceback" not in done.stderr
        assert (tmp_path / "k3.ma").is_file()
        report = json.loads((tmp_path / "report.json").read_text())
        assert report["failures"] == 1
        assert [texture["status"] for texture in report["textures"]] == ["failed", "reduced"]

    def test_nothing_came_of_it_so_nothing_is_saved(self, run, scene, tmp_path):
        for path in (tmp_path / "textures").iterdir():
            path.unlink()
        done = run("reduce", scene, "-o", tmp_path / "k16.ma", "--json", tmp_path / "report.json")
        assert done.returncode == 1
        assert not (tmp_path / "k16.ma").exists()
        assert "wood.png" in json.loads((tmp_path / "report.json").read_text())["error"]

    def test_an_output_that_is_there_stays(self, run, scene, tmp_path):
        (tmp_path / "k16.ma").write_text("precious")
        done = run("reduce", scene, "-o", tmp_path / "k16.ma")
        assert done.returncode == 1
        assert "k16.ma exists already; allow overwriting or choose another name" in done.stderr
        assert (tmp_path / "k16.ma").read_text() == "precious"
        assert run("reduce", scene, "-o", tmp_path / "k16.ma", "--overwrite").returncode == 0
        assert (tmp_path / "k16.ma").read_text() != "precious"

    def test_a_folder_for_the_output_is_made_or_told_before_the_work(self, run, scene, tmp_path):
        done = run("reduce", scene, "--colors", 3, "--output", tmp_path / "new" / "out.ma")
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "new" / "out.ma").is_file()
        (tmp_path / "file").touch()
        done = run("reduce", scene, "--colors", 5, "--output", tmp_path / "file" / "out.ma")
        assert done.returncode == 1
        assert done.stderr.startswith(f"rgbcloud: cannot make the folder {tmp_path / 'file'}: ")
        assert not list(tmp_path.rglob("*.k5.png"))

    def test_a_missing_scene(self, run, tmp_path):
        done = run("list", tmp_path / "nowhere.ma")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"rgbcloud: there is no scene {tmp_path / 'nowhere.ma'}\n"

    def test_a_scene_that_maya_cannot_read(self, run, tmp_path):
        (tmp_path / "broken.ma").write_text("no scene at all\n")
        done = run("list", tmp_path / "broken.ma")
        assert done.returncode == 1
        assert f"rgbcloud: Maya cannot open {tmp_path / 'broken.ma'}: " in done.stderr
        assert "Traceback" not in done.stderr

    def test_errors_in_a_scene_end_it_unless_they_are_ignored(self, run, scene, tmp_path):
        with scene.open("a", encoding="utf-8") as stream:
            stream.write('createNode studioLight -n "key";\ncreateNode transform -n "floor";\n')
            stream.write('connectAttr "file1.oc" "floor.nowhere";\n')
        done = run("reduce", scene, "-o", tmp_path / "k16.ma")
        assert done.returncode == 1
        assert f"Maya cannot open {scene} without errors: " in done.stderr
        assert done.stderr.strip().endswith("--ignore-errors goes on with what it can read")
        assert not (tmp_path / "k16.ma").exists()
        done = run(
            "reduce", scene, "-o", tmp_path / "k16.ma", "--ignore-errors", "--json", tmp_path / "r.json"
        )
        assert done.returncode == 0
        missing = json.loads((tmp_path / "r.json").read_text())["missing"]
        assert f"rgbcloud: {scene}: {missing[0]}\n" in done.stderr
        assert "1 nodes are of plug-ins that are not loaded: key" in missing
        assert 'createNode studioLight -n "key"' in (tmp_path / "k16.ma").read_text(encoding="utf-8")

    def test_a_list_goes_on_and_says_what_is_missing(self, run, scene, tmp_path):
        text = scene.read_text(encoding="utf-8")
        line = f'file -r -ns "prop" -dr 1 -rfn "propRN" -typ "mayaAscii" "{tmp_path.as_posix()}/prop.ma";\n'
        head, _, rest = text.partition("requires")
        scene.write_text(f"{head}{line}requires{rest}", encoding="utf-8")
        done = run("list", scene)
        assert done.returncode == 0
        assert "prop.ma is missing" in done.stderr
        assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["file1", "file2"]

    def test_a_scene_without_textures(self, run, tmp_path):
        cmds.file(new=True, force=True)
        scene = save(tmp_path / "empty.ma")
        done = run("reduce", scene, "-o", tmp_path / "k16.ma")
        assert (done.returncode, done.stderr) == (1, "rgbcloud: the scene has no image nodes\n")
        assert run("list", scene).returncode == 0

    def test_a_node_that_is_not_there(self, run, scene, tmp_path):
        done = run("reduce", scene, "--node", "nowhere", "-o", tmp_path / "k16.ma")
        assert done.returncode == 1
        assert "nowhere" in done.stderr

    @pytest.mark.parametrize("colors", ["0", "-1", "257", "3.5", "many"])
    def test_a_size_that_no_palette_has(self, run, scene, tmp_path, colors):
        done = run("reduce", scene, f"--colors={colors}", "-o", tmp_path / "k.ma")
        assert done.returncode == 2
        assert "colors" in done.stderr
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([], "the following arguments are required: COMMAND"),
            (["reduce", "scene.ma"], "the following arguments are required: -o/--output"),
            (["reduce", "scene.txt", "-o", "out.ma"], "a scene's name must end in .ma or .mb, got scene.txt"),
            (["cloud", "scene.ma", "-o", "out.ma", "--size", "0"], "size must be a number above 0, got 0.0"),
            (
                ["reduce", "a.ma", "-o", "b.ma", "--knee", "--psnr", "30"],
                "a goal must be one of psnr, delta_e, max_bytes, knee, got knee and psnr",
            ),
            (
                ["reduce", "a.ma", "-o", "b.ma", "--knee", "--palette", "p.gpl"],
                "palette takes its colours as",
            ),
        ],
    )
    def test_wrong_use(self, run, arguments, said):
        done = run(*arguments)
        assert done.returncode == 2
        assert said in done.stderr

    def test_without_numpy_it_says_what_to_do(self, run, scene, monkeypatch):
        monkeypatch.setitem(sys.modules, "numpy", None)
        done = run("list", scene)
        assert done.returncode == 1
        assert done.stderr.startswith("rgbcloud: numpy is not installed for this Maya's Python")


@pytest.mark.maya(2025)  # a process of its own runs as one and the same version
class TestProcess:
    def test_a_scene_goes_in_and_another_comes_out(self, scene, tmp_path):
        before = scene.read_bytes()
        done = mayapy("reduce", scene, "--colors", 3, "--output", tmp_path / "k3.ma")
        assert done.returncode == 0, done.stderr
        assert "wood.png -> " in done.stdout
        assert scene.read_bytes() == before
        open_scene(tmp_path / "k3.ma")
        assert Path(cmds.getAttr("file1.fileTextureName")).name.startswith("wood.k3.")

    def test_the_folder_runs_without_any_path(self, scene):
        done = mayapy("list", scene, how=(str(ROOT / "scripts" / "rgbcloud_maya"),), paths=())
        assert (done.returncode, done.stderr) == (0, "")
        assert "file1: file, original" in done.stdout

    def test_the_exit_code_survives_the_end_of_maya(self, tmp_path):
        # Maya's own clean-up ends the process with 0, whatever the code was
        (tmp_path / "sitecustomize.py").write_text(
            "import atexit, os\natexit.register(lambda: os._exit(0))\n"
        )
        done = mayapy("list", tmp_path / "nowhere.ma", paths=(tmp_path, ROOT / "scripts"))
        assert (done.returncode, done.stderr) == (
            1,
            f"rgbcloud: there is no scene {tmp_path / 'nowhere.ma'}\n",
        )

    @pytest.mark.parametrize("command", [[], ["reduce"], ["cloud"], ["revert"], ["list"]])
    def test_help_does_not_start_maya(self, command, tmp_path):
        (tmp_path / "maya").mkdir()
        (tmp_path / "maya" / "standalone.py").write_text("raise AssertionError('Maya was started')")
        done = mayapy(*command, "--help", paths=(tmp_path, ROOT / "scripts"))
        assert (done.returncode, done.stderr) == (0, "")
        assert "usage: mayapy -m rgbcloud_maya" in done.stdout
        assert command or "examples:" in done.stdout


def test_a_larger_result_that_was_left_out_has_an_exit_code_of_its_own(run, tmp_path):
    texels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(texels).save(tmp_path / "wood.jpg", quality=10)
    cmds.file(new=True, force=True)
    file_node("file1", tmp_path / "wood.jpg")
    scene = save(tmp_path / "shot.ma")
    done = run("reduce", scene, "--colors", 256, "--skip-larger", "-o", tmp_path / "out.ma")
    assert done.returncode == 98
    assert "instead of" in done.stderr
    assert not list(tmp_path.glob("wood.k*"))


class TestCollect:
    @pytest.fixture
    def reduced(self, run, scene, tmp_path):
        run("reduce", scene, "--colors", 3, "--output", tmp_path / "k3.ma")
        return tmp_path / "k3.ma"

    def test_all_reduced_files_in_one_folder_with_a_list(self, run, reduced, tmp_path):
        done = run("collect", reduced, "--folder", tmp_path / "share")
        assert (done.returncode, done.stderr) == (0, "")
        names = {"wood.k3.png", "Stein für Zoë.k3.png", "rgbcloud.json"}
        assert {path.name for path in (tmp_path / "share").iterdir()} == names
        listed = json.loads((tmp_path / "share" / "rgbcloud.json").read_text(encoding="utf-8"))["textures"]
        assert [entry["node"] for entry in listed] == ["file1", "file2"]
        assert listed[0]["original"] == f"{tmp_path.as_posix()}/textures/wood.png"
        assert listed[0]["recipe"]["settings"]["colors"] == 3
        (file,) = listed[0]["files"]
        assert file["bytes"] == (tmp_path / "share" / file["file"]).stat().st_size
        assert run("collect", reduced, "--folder", tmp_path / "share").returncode == 0  # again

    def test_files_of_one_name_stay_apart(self, run, tmp_path):
        cmds.file(new=True, force=True)
        for number in range(2):
            file_node(f"node{number}", make_image(tmp_path / str(number) / "wood.png", number))
        run("reduce", save(tmp_path / "two.ma"), "--colors", 2, "-o", tmp_path / "k2.ma")
        run("collect", tmp_path / "k2.ma", "--folder", tmp_path / "share")
        share = tmp_path / "share"
        assert (share / "wood.k2.png").read_bytes() == (tmp_path / "0" / "wood.k2.png").read_bytes()
        assert (share / "node1" / "wood.k2.png").read_bytes() == (tmp_path / "1" / "wood.k2.png").read_bytes()

    def test_a_file_that_is_there_stays(self, run, reduced, tmp_path):
        (tmp_path / "share").mkdir()
        (tmp_path / "share" / "wood.k3.png").write_bytes(b"precious")
        done = run("collect", reduced, "--folder", tmp_path / "share")
        assert done.returncode == 1
        assert (tmp_path / "share" / "wood.k3.png").read_bytes() == b"precious"
        assert run("collect", reduced, "--folder", tmp_path / "share", "--overwrite").returncode == 0

    @pytest.mark.parametrize(
        ("folder", "told"), [("a file", "cannot write "), ("$NOWHERE/share", "$NOWHERE is not set; set it")]
    )
    def test_a_folder_that_cannot_be(self, run, reduced, tmp_path, folder, told):
        (tmp_path / "a file").touch()
        done = run("collect", reduced, "--project", tmp_path, "--folder", folder)
        assert done.returncode == 1
        assert told in done.stderr

    def test_a_relative_folder_is_the_projects(self, run, reduced, tmp_path):
        (tmp_path / "shots").mkdir()
        assert run("collect", reduced, "--project", tmp_path / "shots", "--folder", "share").returncode == 0
        assert (tmp_path / "shots" / "share" / "rgbcloud.json").is_file()

    def test_a_scene_of_originals(self, run, scene, tmp_path):
        done = run("collect", scene, "--folder", tmp_path / "share")
        assert (done.returncode, done.stderr) == (
            1,
            "rgbcloud: no texture of the scene is reduced; reduce some first\n",
        )
