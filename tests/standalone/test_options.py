from __future__ import annotations

import json

import click
import pytest
from PIL import Image
from ways import recipe_of

from rgbcloud import FIELDS, Goal, Settings, load_palette, reduce
from rgbcloud_app.commands import COMMANDS, rgbcloud


def command_of(name):
    return rgbcloud.get_command(None, name)


def test_reduce_has_an_option_for_every_field_with_its_default():
    options = {option.name: option.default for option in command_of("reduce").params}
    for field in FIELDS:
        assert options[field.name] == getattr(Settings(), field.name, False if field.form == "on" else None)


@pytest.mark.parametrize("name", ["cloud", "palette"])
def test_what_clusters_has_an_option_for_every_field_that_a_palette_depends_on(name):
    options = {option.name for option in command_of(name).params}
    for field in FIELDS:
        is_heeded = field.part in ("palette", "source", "goal") and field.name != "max_bytes"
        assert (field.name in options) == is_heeded, field.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_its_own_help_begins_with(name):
    assert command_of(name).help.startswith(COMMANDS[name].rstrip("."))


@pytest.mark.parametrize("command", [rgbcloud, *map(command_of, COMMANDS)], ids=lambda command: command.name)
def test_help_shows_an_example_and_explains_every_option(run, command):
    path = [] if command is rgbcloud else [command.name]
    ended = run(*path, "--help")
    assert ended.code == 0
    assert "Example:\n    rgbcloud" in ended.output
    assert ended.output == run(*path, "-h").output
    for option in command.params:
        assert isinstance(option, click.Argument) or option.help


def test_settings_that_contradict_themselves_are_wrong_use(fails, wood):
    sentence = fails("reduce", wood, "--seed", "-3", code=2)
    assert sentence == "seed must be an int in 0..4294967295, got -3; see rgbcloud reduce --help"


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
def test_every_command_heeds_what_clustering_depends_on(run, wood, name):
    output = wood.with_name("result.csv" if name == "cloud" else "result.png")
    options = ("--lock", "#123456", "--weight-power", 0.5, "--seed", 3, "--effort", "best", "--colors", 5)
    options += ("--space", "oklab", "--kind", "color", "--linear")
    told = json.loads(run(name, wood, *options, "--output", output, "--json").output)
    settings = Settings(
        5, 3, "best", locked=("#123456",), weight_power=0.5, space="oklab", kind="color", linear=True
    )
    expected = reduce(wood, recipe_of(settings)).palette.to_hex()
    assert told["colors" if name == "palette" else "palette"] == expected


@pytest.mark.parametrize("name", ["reduce", "cloud", "palette"])
@pytest.mark.parametrize(
    ("options", "recipe"),
    [
        (("--psnr", 27), {"goal": Goal(psnr=27)}),
        (("--delta-e", 6), {"goal": Goal(delta_e=6)}),
        (("--palette", "client.hex"), {"palette": "client.hex"}),
        (("--like", "client.hex", "--colors", 4), {"settings": Settings(4), "like": "client.hex"}),
        (("--mask", "left.png"), {"mask": "left.png"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_every_command_heeds_what_else_a_palette_depends_on(run, wood, monkeypatch, name, options, recipe):
    monkeypatch.chdir(wood.parent)
    (wood.parent / "client.hex").write_text("00ff00\n2080ff\n000000\n")
    left = Image.new("L", (160, 120))
    left.paste(255, (0, 0, 30, 120))
    left.save("left.png")
    output = wood.with_name("result.csv" if name == "cloud" else "result.png")
    told = json.loads(run(name, wood, *options, "--output", output, "--json").output)
    recipe = {key: load_palette(value) if value == "client.hex" else value for key, value in recipe.items()}
    expected = reduce(wood, recipe_of(**recipe)).palette.to_hex()
    assert told["colors" if name == "palette" else "palette"] == expected
    assert expected != reduce(wood, recipe_of()).palette.to_hex()


def test_what_only_a_file_can_reach_is_no_option_of_a_palette(fails, wood):
    assert fails("palette", wood, "--max-bytes", 9000, code=2).startswith("No such option")


def test_threads_are_limited_and_change_nothing(run, wood):
    results = []
    for threads in (1, 2):
        target = wood.with_name(f"{threads}.png")
        assert run("reduce", wood, "--threads", threads, "--output", target).code == 0
        results.append(target.read_bytes())
    assert results[0] == results[1]
