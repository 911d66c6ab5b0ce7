"""The node data says what it needs to say, and nothing that contradicts itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parents[1] / "nodes").glob("*.json"))
FIELDS = {
    *("short", "type", "default", "min", "max", "softMin", "softMax", "enum", "writable", "readable"),
    *("connectable", "keyable", "storable", "multi", "parent", "children"),
}
SIZES = {"2": 2, "3": 3, "4": 4}

pytestmark = pytest.mark.maya(2025)  # files alone: no version reads them otherwise


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def node(request):
    return json.loads(request.param.read_text(encoding="utf-8")) | {"file": request.param.stem}


def test_a_node_names_its_type_its_bases_and_its_sources(node):
    assert node["type"] == node["file"]
    assert node["inherits"][-1] == "dependNode"
    assert node["dag"] == ("dagNode" in node["inherits"])
    assert node["sources"]


def test_every_attribute_has_every_field(node):
    assert all(set(entry) == FIELDS for entry in node["attributes"].values())
    for added in node.get("extensions", {}).values():
        assert all(set(entry) == FIELDS for entry in added.values())
        assert not set(added) & set(node["attributes"])


def test_names_are_unique(node):
    shorts = [entry["short"] for entry in node["attributes"].values()]
    assert len(set(shorts)) == len(shorts)


def test_parents_and_children_know_each_other(node):
    attributes = node["attributes"]
    for name, entry in attributes.items():
        assert all(attributes[child]["parent"] == name for child in entry["children"])
        assert entry["parent"] is None or name in attributes[entry["parent"]]["children"]
        if entry["children"] and entry["type"][-1] in SIZES:
            assert len(entry["children"]) == SIZES[entry["type"][-1]]


def test_an_output_is_not_stored_and_neither_are_its_children(node):
    attributes = node["attributes"]
    for entry in attributes.values():
        assert entry["writable"] or not entry["storable"]
        if entry["parent"] and not attributes[entry["parent"]]["writable"]:
            assert not entry["writable"]


def test_a_default_is_within_its_range(node):
    for entry in node["attributes"].values():
        default = entry["default"]
        if isinstance(default, (int, float)) and not isinstance(default, bool) and entry["type"] != "enum":
            assert entry["min"] is None or default >= entry["min"]
            assert entry["max"] is None or default <= entry["max"]


def test_an_enum_has_its_fields(node):
    for entry in node["attributes"].values():
        assert (entry["type"] == "enum") == (entry["enum"] is not None)
