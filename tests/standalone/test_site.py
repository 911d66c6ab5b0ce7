"""The site: its examples make pictures worth looking at, its commands work, its links are checked."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import sys
from pathlib import Path

import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from asset_files import usd_asset
from PIL import Image

DOCS = Path(__file__).parents[2] / "standalone" / "docs"
EXAMPLES = sorted({path.stem for path in (DOCS / "examples").glob("*.py")} - {"sheets"})
HOW_TOS = sorted((DOCS / "pages" / "how-to").glob("*.md"))


@pytest.fixture(autouse=True)
def paths(monkeypatch):
    """Let what the site is made of be found."""
    for folder in (DOCS, DOCS / "examples"):
        monkeypatch.syspath_prepend(str(folder))
    yield
    for name in ("sheets", "site_parts", "site_parts.link_check", *EXAMPLES):
        sys.modules.pop(name, None)


def example(name):
    return importlib.import_module(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_makes_a_picture(name):
    picture = example(name).draw()
    assert min(picture.size) >= 300
    assert len(picture.getcolors(1 << 24)) > 20


class TestExamples:
    """They show what they say."""

    @pytest.mark.parametrize("seed", range(3))
    def test_the_four_links_are_found_exactly(self, seed):
        motion = example("motion_clusters")
        paths, links = motion.chain(seed)
        labels, error = motion.clusters_of_motion(paths, motion.LINKS)
        assert len(set(zip(links.tolist(), labels.tolist()))) == len(set(labels.tolist())) == motion.LINKS
        # What is left is the noise of a vertex and of where it is at rest, in three directions.
        assert error == pytest.approx(motion.NOISE * 6**0.5, rel=0.1)

    def test_a_rigid_motion_is_recovered_and_is_no_mirror(self):
        motion = example("motion_clusters")
        rest = np.random.default_rng(1).normal(size=(20, 3))
        turn = motion.rotation(0.7, -1.2)
        paths = np.stack([rest, rest @ turn.T + [1, 2, 3]])
        turns, shifts = motion.rigid_motion(rest, paths)
        np.testing.assert_allclose(turns[1], turn, atol=1e-12)
        np.testing.assert_allclose(shifts[1], [1, 2, 3], atol=1e-12)
        flat = rest * [1, 1, 0]  # a plane has a mirror image that fits as well
        turns, _ = motion.rigid_motion(flat, np.stack([flat, flat @ turn.T]))
        np.testing.assert_allclose(np.linalg.det(turns), 1)

    def test_smooth_weights_fit_a_little_better(self):
        pytest.importorskip("py_dem_bones")  # no wheels for all Pythons
        motion = example("motion_clusters")
        paths, links = motion.chain()
        _, error = motion.clusters_of_motion(paths, motion.LINKS, starts=1)
        assert 0.85 * error < motion.dem_bones_error(paths, links) < 0.98 * error

    def test_it_is_short(self):
        lines = (DOCS / "examples" / "motion_clusters.py").read_text("utf-8").splitlines()
        assert len(lines) <= 150

    @pytest.mark.slow
    def test_indices_stay_over_a_sequence(self):
        found, stable = example("palette_strip").palettes()

        def jumps(palettes):
            colors = np.array([palette.colors for palette in palettes], float)
            return np.abs(np.diff(colors, axis=0)).sum(axis=2).max(axis=1)

        assert np.median(jumps(stable)) < 40 < np.median(jumps(found))

    @pytest.mark.slow
    def test_labels_do_not_blend(self):
        module = example("id_map")
        found = module.quantize(module.labels(), module.Settings(16, kind="labels"))
        assert module.foreign(module.labels(), found.palette.rebuild(found.indices)) == 0


def commands(page):
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), re.S | re.M)
    return [line[2:] for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("page", HOW_TOS, ids=lambda page: page.stem)
def test_the_commands_of_a_page_work_one_after_the_other(run, photo, page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = Image.fromarray(photo[:48, :64])
    Path("textures", "bark").mkdir(parents=True)
    names = ("wood.jpg", "wood-v2.jpg", "wood.1001.png", "wood.1002.png", "uv.png", "textures/stone.png")
    for name in (*names, "textures/bark/oak.png"):
        small.save(name)
    Image.new("RGB", (64, 64), (128, 128, 255)).save("rock_normal.png")
    textures = {"images": [{"uri": "wood.jpg"}], "textures": [{"source": 0}]}
    materials = [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}]
    asset = {"asset": {"version": "2.0"}, **textures, "materials": materials}
    Path("chair.gltf").write_text(json.dumps(asset))
    usd_asset(Path("vase.usda"), {"diffuseColor": "./wood.jpg"})
    sky = oiio.ImageBuf(oiio.ImageSpec(32, 32, 3, "half"))
    sky.set_pixels(oiio.ROI(), np.linspace(0, 4, 32 * 32 * 3, dtype=np.float32).reshape(32, 32, 3))
    assert sky.write("sky.exr")
    for command in commands(page):
        program, *arguments = shlex.split(command)
        assert program == "rgbcloud"
        stdin = b""
        if "<" in arguments:  # a pipe, as shells have it
            arguments, (source, _, target) = arguments[:-4], arguments[-3:]
            stdin = Path(source).read_bytes()
            arguments += ["--output", target]
        if "--overwrite" not in arguments and arguments[0] in ("reduce", "palette", "cloud", "info", "count"):
            arguments.append("--overwrite")  # pages show the same name in several ways
        ended = run(*arguments, stdin=stdin)
        assert ended.code == 0, (command, ended)


def test_the_tutorial_has_its_code_from_an_example():
    # Formatters take the marks for Python where a block is called `python`.
    taken = re.findall(
        r'^--8<-- "(\w+)\.py:(\w+)"$', (DOCS / "pages" / "tutorial.md").read_text("utf-8"), re.M
    )
    assert len(taken) == 3
    for name, part in taken:
        assert f"--8<-- [start:{part}]" in (DOCS / "examples" / f"{name}.py").read_text("utf-8")


def test_links_that_lead_nowhere_are_found(tmp_path):
    link_check = importlib.import_module("site_parts.link_check")
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="sub/page.html#here">1</a> <a href="sub/page.html#there">2</a> <img src="absent.png">'
        '<a href="https://example.org/absent">3</a> <a href="#top">4</a>'
    )
    (tmp_path / "sub" / "page.html").write_text('<h1 id="here">x</h1> <a href="../index.html?x#none">5</a>')
    assert sorted(link_check.problems(tmp_path)) == [
        "index.html links to absent.png, which is not there",
        "index.html links to sub/page.html#there, which has no such place",
        "sub/page.html links to ../index.html?x#none, which has no such place",
    ]
