"""The command line begins without what it does not need."""

from __future__ import annotations

import json
import subprocess
import sys

import PIL.Image
import pytest

from rgbcloud_app.commands import COMMANDS

HEAVY = {
    *("numpy", "scipy", "PIL", "OpenImageIO", "threadpoolctl", "sklearn", "joblib", "distributed"),
    *("matplotlib", "rich", "Qt", "PySide6", "pxr", "oxipng", "deflate"),
}
GROUP = {
    *("rgbcloud", "rgbcloud.errors", "rgbcloud.fields", "rgbcloud.lazy_names", "rgbcloud.settings"),
    *("rgbcloud_app", "rgbcloud_app.cli", "rgbcloud_app.command_options", "rgbcloud_app.commands"),
    *("rgbcloud_app.exit_codes", "rgbcloud_app.foreign_lines", "rgbcloud_app.interruption"),
}
READING = {*GROUP, "rgbcloud.progress", "rgbcloud_app.terminal"}


def loaded(*arguments):
    """Return the names of all modules that a command line has loaded when it ends."""
    script = f"""
import json, sys
from rgbcloud_app.cli import main
try:
    main({[*arguments]!r})
except SystemExit as end:
    assert end.code == 0, end
print(json.dumps(sorted(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--version"], GROUP),
        (["--help"], GROUP),
        (["palette", "--help"], {*READING, "rgbcloud_app.commands.palette_command"}),
    ],
    ids=["version", "help", "palette"],
)
def test_what_is_loaded(arguments, expected):
    names = loaded(*arguments)
    assert {name for name in names if name.split(".")[0] in ("rgbcloud", "rgbcloud_app")} == expected
    assert not HEAVY & names


def test_reducing_a_texture_loads_nothing_that_it_does_not_need(tmp_path):
    source = tmp_path / "texture.png"
    PIL.Image.effect_noise((32, 32), 90).convert("RGB").save(source)
    names = loaded("reduce", str(source), "--colors", "7")
    unused = {
        *("numpy.ma", "numpy.random", "PIL.ImageCms", "PIL.ImageOps", "multiprocessing", "subprocess"),
        *("difflib", "hashlib", "tempfile", "zipfile", "rgbcloud.color.built_in_spaces"),
        *("rgbcloud.images.oiio", "rgbcloud.mapping.dithering", "rgbcloud.palettes.palette_files"),
        *("rgbcloud.textures.texture_clusters", "rgbcloud_app.batches.receipts"),
    }
    assert not unused & names
    assert not {
        name for name in names if name.startswith(("rgbcloud.surface", "rgbcloud_app.assets.lighter"))
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_help_loads_no_other_command_and_nothing_that_draws(name):
    names = loaded(name, "--help")
    commands = {module for module in names if module.startswith("rgbcloud_app.commands.")}
    assert commands == {f"rgbcloud_app.commands.{name}_command"}
    assert not (HEAVY - {"numpy", "PIL", "threadpoolctl"}) & names
    if name != "reduce":  # whose --format lists what can be written
        assert not HEAVY & names
