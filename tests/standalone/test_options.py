from __future__ import annotations

import json
from dataclasses import fields

import click
import pytest

from rgbcloud import Settings, reduce_image
from rgbcloud_app.commands import rgbcloud

READING = [rgbcloud.commands[name] for name in ("reduce", "cloud", "palette")]


def test_reduce_has_an_option_for_every_setting_with_its_default():
    options = {option.name: option.default for option in rgbcloud.commands["reduce"].params}
    for field in fields(Settings):
        assert options[field.name] == field.default


@pytest.mark.parametrize("command", READING, ids=lambda command: command.name)
def test_what_clusters_has_the_options_that_clustering_depends_on(command):
    assert {"colors", "seed", "effort"} <= {option.name for option in command.params}


@pytest.mark.parametrize("command", [rgbcloud, *rgbcloud.commands.values()], ids=lambda command: command.name)
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
    expected = reduce_image(wood, settings).palette.to_hex()
    assert told["colors" if name == "palette" else "palette"] == expected


def test_threads_are_limited_and_change_nothing(run, wood):
    results = []
    for threads in (1, 2):
        target = wood.with_name(f"{threads}.png")
        assert run("reduce", wood, "--threads", threads, "--output", target).code == 0
        results.append(target.read_bytes())
    assert results[0] == results[1]
