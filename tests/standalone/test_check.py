"""``rgbcloud check`` and ``rgbcloud count``, and the validators for pyblish."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from rgbcloud import Palette, save_palette
from rgbcloud.color import delta_e_2000, srgb8_to


@pytest.fixture
def client(tmp_path):
    """A palette of three colours."""
    return save_palette(tmp_path / "client.gpl", Palette.from_hex(["#ff0000", "#00ff00", "#202020"]))


@pytest.fixture
def painted(tmp_path):
    """16 texels: 12 of a colour of the palette, three that are nearly one, one that is none."""
    texels = np.tile(np.uint8([255, 0, 0]), (16, 1))
    texels[:3] = [255, 4, 0]
    texels[3] = [0, 0, 255]
    path = tmp_path / "painted.png"
    Image.fromarray(texels.reshape(4, 4, 3)).save(path)
    return path


def difference(one, other):
    lab = srgb8_to("cielab", np.uint8([one, other]))
    return float(delta_e_2000(lab[0], lab[1]))


def test_each_colour_that_is_not_allowed_is_told_with_its_share_and_the_nearest(run, painted, client):
    ended = run("check", painted, "--palette", client)
    near, far = difference([255, 4, 0], [255, 0, 0]), difference([0, 0, 255], [32, 32, 32])
    assert ended.code == 1
    assert ended.output.splitlines() == [
        f"{painted}: 2 colours are not in {client}: 25.0000% of it",
        f"  #ff0400  18.7500%  nearest #ff0000, dE2000 {near:.2f}",
        f"  #0000ff   6.2500%  nearest #202020, dE2000 {far:.2f}",
    ]
    assert ended.errors == ""


def test_a_difference_that_cannot_be_seen_may_be_allowed(run, painted, client):
    ended = run("check", painted, "--palette", client, "--delta-e", 2, "--json")
    found = json.loads(ended.output)
    assert (ended.code, found["well"], found["offending_colors"]) == (1, False, 1)
    far = pytest.approx(difference([0, 0, 255], [32, 32, 32]))
    assert found["offenders"] == [{"color": "#0000ff", "share": 1 / 16, "nearest": "#202020", "delta_e": far}]
    assert (found["colors"], found["bytes"]) == (3, {str(painted): painted.stat().st_size})
    ended = run("check", painted, "--palette", client, "--delta-e", 100)
    assert (ended.code, ended.output) == (0, f"{painted}: well\n")


def test_the_nearest_is_the_one_that_looks_most_alike(run, wood, tmp_path, photo):
    colors = [[200, 40, 30], [60, 60, 50], [250, 240, 230], [10, 90, 20]]
    palette = save_palette(tmp_path / "p.gpl", Palette(np.uint8(colors)))
    found = json.loads(run("check", wood, "--palette", palette, "--json").output)
    for offender in found["offenders"][:50]:
        code = [int(offender["color"][place : place + 2], 16) for place in (1, 3, 5)]
        expected = min(difference(code, color) for color in colors)
        assert offender["delta_e"] == pytest.approx(expected)
        assert offender["share"] == pytest.approx((photo == code).all(axis=2).mean())


def test_numbers_of_colours_and_bytes(run, painted):
    size = painted.stat().st_size
    assert run("check", painted, "--max-colors", 3, "--max-bytes", size).code == 0
    ended = run("check", painted, "--max-colors", 2, "--max-bytes", size - 1)
    assert ended.code == 1
    assert ended.output == (
        f"{painted}: 3 colours are more than 2\n{painted}: it has {size:,} bytes, more than {size - 1:,}\n"
    )


def test_a_set_is_one_texture_and_transparent_texels_do_not_count(run, tmp_path, client):
    for tile, color in ((1001, (255, 0, 0, 255)), (1002, (0, 255, 0, 255))):
        image = Image.new("RGBA", (4, 4), color)
        image.putpixel((0, 0), (1, 2, 3, 0))
        image.save(tmp_path / f"w.{tile}.png")
    assert run("check", tmp_path / "w.<UDIM>.png", "--palette", client, "--max-colors", 2).code == 0
    assert run("check", tmp_path / "w.<UDIM>.png", "--max-colors", 1).code == 1


def test_receipts_tell_whether_a_file_is_as_it_was_reduced(run, wood, tmp_path):
    out = tmp_path / "out"
    assert run("reduce", wood, "-d", out, "--resume").code == 0
    assert run("check", out / "wood.png", "--receipts").code == 0
    Image.new("RGB", (4, 4)).save(out / "wood.png")
    ended = run("check", out / "wood.png", wood, "--receipts")
    assert ended.code == 1
    assert ended.output == (
        f"{out / 'wood.png'}: it is not as its receipt says that it was written\n"
        f"{wood}: it has no receipt; reduce it with --resume\n"
    )
    assert ended.errors == "rgbcloud: 2 of 2 images are not as they should be\n"


def test_one_bad_file_is_one_bad_file(run, painted, tmp_path):
    (tmp_path / "a.png").write_text("no image")
    ended = run("check", tmp_path / "a.png", painted, "--max-colors", 3)
    assert ended.code == 1
    assert ended.output.splitlines() == [
        f"{tmp_path / 'a.png'} is not an image that can be read; is its name right?",
        f"{painted}: well",
    ]


def test_a_check_of_nothing_is_wrong_use(fails, painted):
    assert "needs something to ask for" in fails("check", painted, code=2)
    assert "delta_e is a distance from a palette" in fails("check", painted, "--delta-e", 2, code=2)


def test_parts_are_counted_and_their_palette_is_that_of_all(run, fails, tmp_path, photo):
    for tile, part in ((1001, photo[:40]), (1002, photo[40:80]), (1003, photo[80:])):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
    ended = run("count", tmp_path / "wood.1001.png", tmp_path / "wood.1002.png", "-o", tmp_path / "a.npz")
    assert ended.code == 0
    assert ended.output.endswith(" colours of 12,800 texels\n")
    assert run("count", tmp_path / "wood.1003.png", "-o", tmp_path / "b.npz", "--json").code == 0
    parts = run("palette", tmp_path / "a.npz", tmp_path / "b.npz", "-k", 6, "-o", tmp_path / "parts.json")
    whole = run("palette", tmp_path / "wood.<UDIM>.png", "-k", 6, "-o", tmp_path / "whole.json")
    assert (parts.code, whole.code) == (0, 0)
    assert (tmp_path / "parts.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert "exists already" in fails("count", tmp_path / "wood.1003.png", "-o", tmp_path / "b.npz", code=3)
    assert "must end with one of .npz" in fails("count", tmp_path / "wood.1003.png", "-o", "b.json")


PUBLISH = """
import json, sys
import pyblish.api, pyblish.plugin, pyblish.util
import rgbcloud_app.pyblish_plugins
asked, data = json.loads(sys.argv[1])
pyblish.plugin.deregister_all_paths()
pyblish.api.register_plugin_path(rgbcloud_app.pyblish_plugins.__path__[0])
context = pyblish.api.Context()
context.data["rgbcloud"] = asked
context.create_instance("wood", family="texture", **data)
pyblish.util.publish(context, plugins=pyblish.api.discover())
results = context.data["results"]
print(json.dumps({each["plugin"].__name__: str(each["error"] or "") for each in results}))
"""


class TestPyblish:
    """In a process of its own: pyblish hooks into the imports of the whole process."""

    def publish(self, files, asked, **data):
        """Publish files headless; return the messages of what failed, by the validator's name."""
        values = json.dumps([asked, {"files": [str(file) for file in files], **data}])
        command = [sys.executable, "-c", PUBLISH, values]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        results = json.loads(done.stdout.splitlines()[-1])
        assert sorted(results) == ["ValidateTextureColors", "ValidateTextureFiles"]
        return {name: told for name, told in results.items() if told}

    def test_what_breaks_no_rule_passes(self, painted):
        assert self.publish([painted, "notes.txt"], {"max_colors": 3, "max_bytes": 10_000}) == {}

    def test_who_asks_for_nothing_is_left_alone(self, painted):
        assert self.publish([painted], {}) == {}

    def test_what_breaks_a_rule_does_not_pass(self, painted, client):
        asked = {"palette": str(client), "delta_e": 2.0, "max_bytes": 10, "receipts": True}
        failed = self.publish([painted], asked)
        assert "1 colour is not in" in failed["ValidateTextureColors"]
        assert "#0000ff" in failed["ValidateTextureColors"]
        assert "more than 10" in failed["ValidateTextureFiles"]
        assert "has no receipt" in failed["ValidateTextureFiles"]

    def test_an_instance_has_the_last_word_and_its_own_folder(self, painted):
        data = {"stagingDir": str(painted.parent), "rgbcloud": {"max_colors": 2}}
        failed = self.publish([painted.name], {"max_colors": 3}, **data)
        assert list(failed) == ["ValidateTextureColors"]
        assert failed["ValidateTextureColors"].endswith("painted.png: 3 colours are more than 2")
