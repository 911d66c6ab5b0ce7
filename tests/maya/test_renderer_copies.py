"""Renderers' copies beside images: told where they are older, made anew where it is plain how."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from maya import cmds
from PIL import Image
from scene_tools import checker, texture

import rgbcloud_maya
from rgbcloud import Recipe

pytestmark = pytest.mark.by_turn

ARNOLD = (
    "--opaque-detect --constant-color-detect --monochrome-detect --fixnan box3 --oiio --attrib tiff:half 1 "
    "-v -u --unpremult --oiio --format exr"
)
"""Options as Arnold's own files hold them."""
CONFIG = """ocio_profile_version: 2
roles: {default: raw, scene_linear: raw}
displays: {screen: [!<View> {name: raw, colorspace: raw}]}
colorspaces:
  - !<ColorSpace> {name: raw}
  - !<ColorSpace> {name: studio camera, to_scene_reference: !<ExponentTransform> {value: 2.0}}
"""


def age(path):
    os.utime(path, ns=(1, 1))
    return path


def reduce(node, **flags):
    (result,) = rgbcloud_maya.reduce([node], Recipe.of(colors=4), **flags)
    return result


@pytest.mark.parametrize("copy", ["{stem}.tx", "{name}.tex", "{stem}.rstexbin"])
def test_an_older_one_is_told(node, wood, copy, script_editor):
    def put(path):
        copied = path.with_name(copy.format(stem=path.stem, name=path.name))
        copied.write_bytes(b"made long ago")
        return age(copied)

    stale = put(wood.with_name("wood.k4.png"))
    assert reduce(node).message.startswith(
        f"tex was reduced; {stale}: older than the image, and a renderer may"
    )
    stale = put(wood)
    (result,) = rgbcloud_maya.revert([node])
    assert result.message.startswith(f"tex shows its original again; {stale}: older than the image")
    assert len(script_editor("warning")) == 2
    assert stale.read_bytes() == b"made long ago"


class TestTx:
    @pytest.fixture
    def oiio(self):
        return pytest.importorskip("OpenImageIO")

    @pytest.fixture
    def make(self, oiio):
        tool = next(Path(oiio.__file__).with_name("bin").glob("maketx*"))

        def run(image, target, options):
            command = [str(tool), str(image), *options, "-o", str(target)]
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            return target

        return run

    @pytest.fixture
    def stale(self, wood, make, tmp_path):
        """Make the copy of an older image of the reduced one's name, by a command that it records."""
        (tmp_path / "before").mkdir()
        before = checker(tmp_path / "before" / "wood.k4.png", colors=[(9, 99, 199)] * 4, noise=50)

        def put(options, software=None):
            said = ["--sattrib", "Software", software] if software else []
            return age(make(before, wood.with_name("wood.k4.tx"), [*options, "--history", *said]))

        return put

    def pixels(self, oiio, path):
        return oiio.ImageBuf(str(path)).get_pixels(oiio.FLOAT).tolist()

    @pytest.mark.parametrize(
        "options", [ARNOLD.split(), ["--oiio", "-d", "half", "--filter", "lanczos3"], ["--tile", "32", "32"]]
    )
    def test_it_is_made_anew_as_its_command_line_says(self, oiio, node, wood, make, stale, tmp_path, options):
        there = stale(options)
        before = self.pixels(oiio, there)
        result = reduce(node)
        assert result.message == ""
        assert result.reduction.notes == (f"{there} was older than the image, and is made anew",)
        wanted = make(wood.with_name("wood.k4.png"), tmp_path / "wanted.tx", options)
        assert self.pixels(oiio, there) == self.pixels(oiio, wanted) != before
        assert oiio.ImageBuf(str(there)).spec().tile_width == oiio.ImageBuf(str(wanted)).spec().tile_width
        assert [path.name for path in wood.parent.iterdir() if path.name.startswith(".")] == []

    def test_what_it_becomes_is_known_the_next_time(self, node, wood, stale):
        there = stale(ARNOLD.split())
        for _ in range(2):
            assert reduce(node).message == ""
            rgbcloud_maya.revert([node])
            with Image.open(wood) as image:
                made = image.rotate(90)
            made.save(wood)
            wood.with_name("wood.k4.png").unlink()
            age(there)

    @pytest.mark.parametrize(
        "software",
        [
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} --oiio --lightprobe",
            "OpenImageIO-Arnold 2.4.0dev : maketx other.png --oiio",
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} other.png --oiio",
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} --tile 32",
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} --attrib note 'it ends nowhere",
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} --colorconvert sRGB ACEScg",
            "OpenImageIO-Arnold 2.4.0dev : maketx {name} --oiio --format exr -d half",
            "OpenImageIO 3.2.2.0 : 53B69C07672668DAA526B69305AC4C4062AFE814",
            "Adobe Photoshop",
        ],
    )
    def test_one_of_which_that_is_not_plain_stays_and_is_told(self, node, stale, software):
        there = stale(["--oiio"], software.format(name="wood.k4.png"))
        before = there.read_bytes()
        assert reduce(node).message.startswith(f"tex was reduced; {there}: older than the image")
        assert there.read_bytes() == before

    def test_paths_of_windows_and_blanks_are_read(self, node, stale):
        line = 'OpenImageIO-Arnold 2.4.1 : maketx "C:\\my textures\\wood.k4.png" -u --sattrib by "a b" --oiio'
        stale(["--oiio"], line)
        assert "is made anew" in reduce(node).reduction.notes[0]

    @pytest.mark.parametrize("space", ["studio camera", "nowhere"])
    def test_colours_are_converted_by_the_configuration_of_the_scene(
        self, oiio, node, wood, make, stale, tmp_path, space
    ):
        config = tmp_path / "studio.ocio"
        config.write_text(CONFIG)
        cmds.colorManagementPrefs(edit=True, configFilePath=config.as_posix())
        convert = f'--colorconvert raw "{space}" -d half'
        there = stale(["-d", "half"], f"OpenImageIO-Arnold 2.4.0dev : maketx wood.k4.png {convert}")
        before = there.read_bytes()
        message = reduce(node).message
        if space == "nowhere":
            assert "older than the image" in message
            assert there.read_bytes() == before
            return
        assert message == ""
        by_hand = ["--colorconfig", str(config), "--colorconvert", "raw", space, "-d", "half"]
        wanted = make(wood.with_name("wood.k4.png"), tmp_path / "wanted.tx", by_hand)
        assert self.pixels(oiio, there) == self.pixels(oiio, wanted)

    def test_one_beside_an_original_is_never_touched(self, oiio, node, wood, make, script_editor):
        there = age(make(wood, wood.with_suffix(".tx"), ["--oiio", "--history"]))
        before = there.read_bytes()
        reduce(node)
        rgbcloud_maya.revert([node])
        assert there.read_bytes() == before
        assert len(script_editor("warning")) == 1

    def test_tiles_have_each_their_own(self, oiio, make, tmp_path):
        tiles = [
            checker(tmp_path / f"skin.{number}.png", [(number % 7 * 30, 0, 0)] * 4) for number in (1001, 1002)
        ]
        node = texture("skin", tiles[0], uvTilingMode=3)
        (tmp_path / "before").mkdir()
        copies = []
        for tile in tiles:
            name = tile.name.replace("skin.", "skin.k4.")
            before = checker(tmp_path / "before" / name, noise=60)
            copies.append(age(make(before, tmp_path / name.replace("png", "tx"), ["--oiio", "--history"])))
        result = reduce(node)
        assert result.message == ""
        assert len(result.reduction.notes) == 2
        assert self.pixels(oiio, copies[0]) != self.pixels(oiio, copies[1])
