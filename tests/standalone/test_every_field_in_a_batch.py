"""Any fields of a recipe in a batch of the command line: what the library does with each image, or says."""

from __future__ import annotations

import pytest
from fields_tried import DEPTHS, choices, outcome_of, recipe_of, write_pictures
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rgbcloud import FIELDS, reduce
from rgbcloud.images import FORMATS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"))


def options_of(folder, values):
    """Return the options that say what `values` say."""
    words = []
    for field in FIELDS:
        if field.name not in values:
            continue
        value = values[field.name]
        if field.form in ("switch", "on"):
            words.append(f"--{'' if value else 'no-'}{field.option}")
        elif field.form == "colors":
            words += [word for color in value for word in (f"--{field.option}", color)]
        elif field.form == "pairs":
            words += [word for pair in value for word in (f"--{field.option}", *pair)]
        else:
            words += [f"--{field.option}", str(folder / value if field.form == "file" else value)]
    return words


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    depth=st.sampled_from(sorted(DEPTHS)), values=choices.filter(lambda values: "skip_larger" not in values)
)
def test_a_batch_does_what_the_library_does(folder, tmp_path_factory, run, depth, values):
    suffix = DEPTHS[depth]
    paths = [folder / f"{depth}{part}{suffix}" for part in ("", "-alpha")]
    recipe = outcome_of(lambda: recipe_of(folder, values))
    out = tmp_path_factory.mktemp("out")
    ended = run("reduce", *paths, *options_of(folder, values), "--output-dir", out)
    if isinstance(recipe, str):
        assert (ended.code, recipe in ended.errors) == (2, True), ended
        return
    expected = [
        outcome_of(lambda path=path: reduce(path, recipe, file_format=FORMATS[suffix]).data) for path in paths
    ]
    for path, result in zip(paths, expected):
        if isinstance(result, str):
            assert result.replace(str(path), "").strip(": ") in ended.errors, ended
            assert not list(out.glob(f"{path.stem}.*"))
        else:
            (target,) = out.glob(f"{path.stem}.*")
            assert target.read_bytes() == result
    assert ended.code == any(isinstance(result, str) for result in expected)
