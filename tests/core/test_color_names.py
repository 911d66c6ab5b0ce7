"""Which colour space a name means: ours, a configuration's, or none."""

from __future__ import annotations

import json
import pickle
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rgbcloud.color import ocio_space
from rgbcloud.color.color_names import STUDIO_CONFIG, color_space_from_json, find_color_space
from rgbcloud.color.color_space import LINEAR_SRGB, RAW, SRGB
from rgbcloud.color.ocio_space import color_space_by_rules, ocio_color_space
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError

CONFIG = """ocio_profile_version: 2
strictparsing: true
roles:
  default: raw
  scene_linear: lin
  aces_interchange: aces
file_rules:
  - !<Rule> {name: plates, colorspace: mystery, pattern: "*_plate*", extension: "*"}
  - !<Rule> {name: Default, colorspace: raw}
displays:
  d:
    - !<View> {name: Raw, colorspace: raw}
colorspaces:
  - !<ColorSpace>
    name: raw
    isdata: true
  - !<ColorSpace>
    name: aces
  - !<ColorSpace>
    name: lin
    to_scene_reference: !<BuiltinTransform> {style: ACEScg_to_ACES2065-1}
  - !<ColorSpace>
    name: sRGB
    to_scene_reference: !<BuiltinTransform> {style: ACEScct_to_ACES2065-1}
  - !<ColorSpace>
    name: mystery
    to_scene_reference: !<GroupTransform>
      children:
        - !<ExponentTransform> {value: [1.7, 1.7, 1.7, 1]}
        - !<BuiltinTransform> {style: ACEScg_to_ACES2065-1}
"""


@pytest.fixture
def ocio():
    return pytest.importorskip("PyOpenColorIO")


@pytest.fixture
def config(ocio, tmp_path):
    path = tmp_path / "show.ocio"
    path.write_text(CONFIG)
    return str(path)


@pytest.fixture
def no_ocio(monkeypatch):
    monkeypatch.setitem(sys.modules, "PyOpenColorIO", None)
    ocio_space._config.cache_clear()  # what was read while it was there


@pytest.mark.parametrize(
    ("names", "space"),
    [
        (
            "sRGB, Utility - sRGB - Texture, srgb_texture, srgb_rec709_scene, sRGB - Texture, srgb_tx",
            SRGB.name,
        ),
        ("sRGB - Display, Input - Generic - sRGB - Texture, SRGB, sRGB Encoded Rec.709 (sRGB)", SRGB.name),
        ("linear, Linear, lin_srgb, lin_rec709, scene_linear, Linear Rec.709, Linear sRGB", LINEAR_SRGB.name),
        (
            "scene-linear Rec.709-sRGB, scene-linear Rec 709/sRGB, Utility - Linear - Rec.709",
            LINEAR_SRGB.name,
        ),
        ("ACEScg, acescg, lin_ap1, ACES - ACEScg, lin_ap1_scene", "ACEScg"),
        ("ACES2065-1, lin_ap0, aces, aces2065_1", "ACES2065-1"),
        ("camera Rec 709, Camera Rec.709, Rec709", "Camera Rec.709"),
        ("g18_rec709, gamma 1.8 Rec 709, GammaCorrected1.8", "Gamma 1.8 Encoded Rec.709"),
        ("g22_rec709, gamma 2.2 Rec.709, Gamma2.2, g22_rec709_display", "Gamma 2.2 Encoded Rec.709"),
        ("rec709_display, gamma 2.4 Rec 709 (video), g24_rec709_scene", "Gamma 2.4 Encoded Rec.709"),
        ("srgb_displayp3, srgb_p3d65_scene, Display P3 - Display, display-p3", "sRGB Encoded P3-D65"),
        ("lin_displayp3, lin_p3d65_scene, scene-linear DCI-P3 D65", "Linear P3-D65"),
        ("adobergb, g22_adobergb_scene, Adobe RGB (1998)", "Gamma 2.2 Encoded AdobeRGB"),
        ("ARRI LogC, Input - ARRI - V3 LogC (EI800) - Wide Gamut", "ARRI LogC3 (EI800)"),
        ("ocio:slog3_sgamut3cine_scene, Input - Sony - S-Log3 - S-Gamut3.Cine", "S-Log3 S-Gamut3.Cine"),
        ("lin_redwidegamutrgb, lin_rwg", "Linear REDWideGamutRGB"),
        ("Raw, raw, Utility - Raw, data, none, Non-Color", "Raw"),
    ],
)
def test_names_of_many_hosts_are_known_without_any_configuration(no_ocio, names, space):
    assert {find_color_space(name).name for name in names.split(", ")} == {space}


@pytest.mark.parametrize("which", [STUDIO_CONFIG, "ocio://cg-config-latest"])
def test_every_name_and_alias_of_opencolorios_own_configurations_is_known(ocio, which):
    for known in ocio.Config.CreateFromFile(which).getColorSpaces():
        meanings = [find_color_space(alias) for alias in (known.getName(), *known.getAliases())]
        names = {space.name if space.to_json().get("curves") else "" for space in meanings}
        assert len(names) == 1, known.getName()
        assert {space.is_color for space in meanings} == {not known.isData()}


def test_usd_names_are_known(no_ocio):
    gf = pytest.importorskip("pxr.Gf", reason="the names of others")
    names = {getattr(gf.ColorSpaceNames, key) for key in dir(gf.ColorSpaceNames) if key[0] != "_"}
    for name in names - {"identity", "unknown"}:
        space = find_color_space(name)
        assert space.is_color == (name not in ("data", "raw")), name


@pytest.mark.parametrize(
    ("name", "near"),
    [
        *(("ACESgc", "ACEScg"), ("sRBG", "sRGB"), ("adobe rgp", "adobe"), ("", "sRGB"), ("ß≠", "sRGB")),
        *(("ADX1", "ADX10"), ("HLG", "Rec.2100-HLG - Display")),  # not built in
    ],
)
def test_unknown_names_get_the_nearest_known_ones(ocio, monkeypatch, name, near):
    monkeypatch.delenv("OCIO", raising=False)
    with pytest.raises(
        InvalidArgumentError, match=rf"is no colour space that is known here; the nearest names: .*{near}"
    ):
        find_color_space(name)


def test_without_opencolorio_an_unknown_name_tells_the_extra(no_ocio):
    with pytest.raises(InvalidArgumentError, match=r"'ADX10' is no.* install 'rgbcloud\[deep\]'"):
        find_color_space("ADX10")
    with pytest.raises(MissingDependencyError, match=r"rgbcloud\[deep\]"):
        find_color_space("sRGB", "show.ocio")


def test_a_configuration_that_is_given_has_the_first_word(config):
    assert find_color_space("scene_linear", config).name == "ACEScg"
    assert find_color_space("sRGB", config).name == "ACEScct"
    assert find_color_space("raw", config) is RAW
    assert find_color_space("lin_rec709", config) is LINEAR_SRGB  # the configuration does not know it


def test_ocio_is_asked_for_what_is_not_built_in(config, monkeypatch):
    monkeypatch.setenv("OCIO", config)
    assert find_color_space("mystery").to_json() == {"name": "mystery", "config": config}
    assert find_color_space("sRGB") is SRGB


def test_a_space_of_a_configuration_converts_and_survives(config, rng):
    space = find_color_space("mystery", config)
    numbers = rng.random((300, 3))
    acescg = find_color_space("ACEScg")
    light = space.to_linear_srgb(numbers)
    np.testing.assert_allclose(light, acescg.to_linear_srgb(numbers**1.7), atol=1e-4)
    np.testing.assert_allclose(space.from_linear_srgb(light), numbers, atol=1e-3)
    assert space.to_linear_srgb(numbers.reshape(20, 15, 3)).shape == (20, 15, 3)
    assert space.to_linear_srgb(np.empty((0, 3))).shape == (0, 3)
    again = pickle.loads(pickle.dumps(space))
    assert again == space
    assert (again.is_color, again.is_linear) == (True, False)
    assert color_space_from_json(json.loads(json.dumps(space.to_json()))) == space


def test_a_configuration_is_read_once(ocio, config, monkeypatch):
    read, readings = ocio.Config.CreateFromFile, []
    monkeypatch.setattr(
        ocio, "Config", SimpleNamespace(CreateFromFile=lambda path: readings.append(path) or read(path))
    )
    space = find_color_space("mystery", config)
    for _ in range(3):
        space.from_linear_srgb(space.to_linear_srgb(np.full((4, 3), 0.5)))
    assert readings == [config]


def test_file_rules_name_the_space_of_a_file(config):
    assert color_space_by_rules(config, "shots/a_plate.0001.dpx") == ocio_color_space(config, "mystery")
    assert color_space_by_rules(config, "shots/a.0001.dpx") is None


@pytest.mark.parametrize("text", [None, "hello: [", "", "ocio_profile_version: 9\n"])
def test_a_configuration_that_is_missing_or_damaged_is_told_in_one_line(ocio, tmp_path, text):
    path = tmp_path / "bad.ocio"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InvalidArgumentError, match=r"the OpenColorIO configuration .*bad\.ocio") as told:
        find_color_space("sRGB", str(path))
    assert "\n" not in str(told.value)


def test_a_configuration_that_meets_no_known_light_is_told(ocio, tmp_path):
    path = tmp_path / "lonely.ocio"
    lonely = CONFIG.replace("  aces_interchange: aces\n", "").replace("name: aces", "name: ours")
    path.write_text(lonely)
    with pytest.raises(InvalidArgumentError, match=r"neither the role aces_interchange .*; add the role"):
        find_color_space("mystery", str(path))
