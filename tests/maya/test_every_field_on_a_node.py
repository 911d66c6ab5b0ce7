"""Any fields of a recipe as flags in Maya: a node shows what the library writes, or is told why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from fields_tried import DEPTHS, choices, outcome_of, recipe_of, write_pictures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from maya import cmds
from scene_tools import texture

from rgbcloud import FIELDS, reduce
from rgbcloud.images import FORMATS

pytestmark = pytest.mark.usefixtures("loaded_plugin")


@pytest.fixture
def folder(tmp_path):
    return write_pictures(tmp_path)


def flags_of(folder, values):
    """Return the flags that say what `values` say."""
    flags = {}
    for field in FIELDS:
        if field.name in values:
            value = values[field.name]
            if field.form == "pairs":
                value = ["=".join(pair) for pair in value]
            elif field.form == "colors":
                value = list(value)
            elif field.form == "file":
                value = str(folder / value)
            flags[field.flag] = value
    return flags


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    depth=st.sampled_from(sorted(DEPTHS)),
    alpha=st.booleans(),
    # The rules of a configuration are asked where nothing else says what colours are; here the node does.
    values=choices.filter(lambda values: not {"skip_larger", "ocio"} & set(values)),
)
def test_a_node_shows_what_the_library_writes(folder, depth, alpha, values):
    suffix = DEPTHS[depth]
    path = folder / f"{depth}{'-alpha' * alpha}{suffix}"
    node = texture("tex", path, "scene-linear Rec.709-sRGB" if depth.startswith("float") else "sRGB")
    expected = outcome_of(lambda: reduce(path, recipe_of(folder, values), file_format=FORMATS[suffix]).data)
    try:
        cmds.rgbCloudReduce(node, force=True, **flags_of(folder, values))
    except RuntimeError:
        assert isinstance(expected, str), expected
        assert Path(cmds.getAttr(f"{node}.fileTextureName")) == path
        return
    finally:
        shown = Path(cmds.getAttr(f"{node}.fileTextureName"))
        cmds.delete(node)
    assert not isinstance(expected, str), expected
    assert shown.read_bytes() == expected
