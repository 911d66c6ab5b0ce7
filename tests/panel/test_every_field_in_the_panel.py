"""Any fields of a recipe in the panel: it writes what the library writes, or says why not."""

from __future__ import annotations

import pytest
from at_once import AtOnce, look_at
from fields_tried import DEPTHS, OTHER_VALUES, outcome_of, recipe_of, write_pictures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memory_host import MemoryHost

from rgbcloud import Goal, Recipe, Texture, reduce
from rgbcloud.images import FORMATS
from rgbcloud_panel.state.session import Session

GOALS = ("psnr", "delta_e", "max_bytes", "knee")
BY_HAND = ("locked", "recolored")  # there they are edits of a palette that is in view
NOT_THERE = ("like", "skip_larger")


def is_a_recipe(values):
    """Return whether fields go together; in the panel what is chosen later takes the place of another."""
    return len(values) <= 4 and not isinstance(outcome_of(lambda: Recipe.of(**values)), str)


choices = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(values)
        for name, values in OTHER_VALUES.items()
        if name not in (*BY_HAND, *NOT_THERE)
    },
).filter(is_a_recipe)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"))


def is_refused(session):
    return session.message is not None and session.message.is_error


def written(host, folder, values):
    """Set what `values` say in a new session and reduce; return the bytes written, or what it says."""
    session = Session(host, AtOnce())
    session.start()
    look_at(session, "node")
    for name, value in values.items():
        if name in GOALS:
            session.set_goal(Goal(**{name: value}))
        elif name == "mask":
            session.choose_mask(folder / value)
        elif name == "palette":
            session.load_palette(folder / value)
        else:
            session.change(**{name: value})
        if is_refused(session):
            return session.message.text
    session.settle()
    if is_refused(session):  # a goal that cannot be reached, say: the number of colours is by hand again
        return session.message.text
    session.reduce()
    (target,) = host.nodes["node"].current
    if target in host.nodes["node"].original:
        return session.message.text
    return target.read_bytes()


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(depth=st.sampled_from(sorted(DEPTHS)), alpha=st.booleans(), values=choices)
def test_the_panel_writes_what_the_library_writes(folder, depth, alpha, values):
    suffix = DEPTHS[depth]
    path = folder / f"{depth}{'-alpha' * alpha}{suffix}"
    host = MemoryHost({"node": Texture.of_files([path])})
    result = written(host, folder, values)
    expected = outcome_of(lambda: reduce(path, recipe_of(folder, values), file_format=FORMATS[suffix]).data)
    if isinstance(expected, str):
        assert isinstance(result, str), values
    else:
        assert result == expected, values
