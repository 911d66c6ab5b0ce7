"""Counts that are written down, and added up elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from rgbcloud import Counts, Recipe, count, palette_for
from rgbcloud.errors import ImageReadError, InvalidArgumentError, TargetExistsError


def levels(seed, dtype):
    """Return values of a type, as an image of one channel of 16 bits or three of 8."""
    random = np.random.default_rng(seed)
    if dtype == "uint8":
        return random.integers(0, 9, (20, 30, 3), np.uint8) * 20
    return random.integers(0, 40, (20, 30), np.uint16) * 1500


@pytest.fixture(params=["uint8", "uint16"])
def parts(request, tmp_path):
    files = []
    for number in range(3):
        files.append(tmp_path / f"tile.{1001 + number}.png")
        Image.fromarray(levels(number, request.param)).save(files[-1])
    return files


def test_what_was_written_adds_up_to_the_palette_of_all(parts, tmp_path):
    for number, part in enumerate(parts):
        count(part).save(tmp_path / f"{number}.npz")
    recipe = Recipe.of(colors=5)
    whole = palette_for(count(list(parts)), recipe)
    found = palette_for(count([tmp_path / f"{number}.npz" for number in range(3)]), recipe)
    assert found == whole
    assert palette_for(count([tmp_path / "0.npz", *parts[1:]]), recipe) == whole
    assert found.found.space == whole.found.space


def test_what_files_say_of_themselves_comes_through(tmp_path):
    first, second = tmp_path / "a_normal.png", tmp_path / "b.png"
    for seed, path in enumerate((first, second)):
        Image.fromarray(levels(seed, "uint8")).save(path)
    counts = count([first, second])
    counts.save(tmp_path / "both.npz")
    again = Counts.load(tmp_path / "both.npz")
    found = (counts.origin, counts.other_colors, counts.other_kind)
    assert (again.origin, again.other_colors, again.other_kind) == found
    assert again.other_kind == str(second)
    assert again.histogram == counts.histogram


def test_equal_counts_are_equal_files(parts, tmp_path):
    one, other = (count(list(parts)).save(tmp_path / name).read_bytes() for name in ("a.npz", "b.npz"))
    assert one == other


def test_a_file_that_is_there_stays_and_another_suffix_is_refused(parts, tmp_path):
    counts = count(parts[0])
    counts.save(tmp_path / "a.npz")
    with pytest.raises(TargetExistsError):
        counts.save(tmp_path / "a.npz")
    with pytest.raises(InvalidArgumentError, match=r"counts are written as \.npz files"):
        counts.save(tmp_path / "a.json")


def cut(path):
    path.write_bytes(path.read_bytes()[:-30])


def other(path):
    np.savez(path, codes=np.arange(3))


def told_of(path):
    with np.load(path) as archive:
        return archive["told"]


def unsorted(path):
    np.savez(path, told=told_of(path), codes=np.uint32([3, 2]), coverage=np.int64([1, 1]))


def too_short(path):
    np.savez(path, told=told_of(path), codes=np.uint32([2, 3]), coverage=np.int64([1]))


def unsorted_values(path):
    columns = {"keys": np.zeros(2, np.uint64), "fine": np.zeros(2, np.uint64), "coverage": np.int64([1, 1])}
    np.savez(path, told=told_of(path), **columns, sums=np.ones((2, 3)), dtype="uint16", shift=0)


def objects(path):
    np.savez(path, told=np.array([{}], object))


def text(path):
    path.write_text("no archive")


@pytest.mark.parametrize("damage", [cut, other, unsorted, too_short, unsorted_values, objects, text])
def test_a_damaged_file_is_told(tmp_path, damage):
    Image.fromarray(levels(0, "uint8")).save(tmp_path / "a.png")
    path = count(tmp_path / "a.png").save(tmp_path / "a.npz")
    damage(path)
    with pytest.raises(ImageReadError, match=r"a\.npz is damaged, or no file that `rgbcloud count` writes"):
        count(path)


def test_a_file_that_would_unpack_to_too_much_is_refused(tmp_path, monkeypatch):
    Image.fromarray(levels(0, "uint8")).save(tmp_path / "a.png")
    path = count(tmp_path / "a.png").save(tmp_path / "a.npz")
    monkeypatch.setattr("rgbcloud.textures.counts_files._MOST_BYTES", 1000)
    with pytest.raises(ImageReadError, match="holds more than counts can"):
        count(path)


def test_a_missing_file_and_one_of_another_release(tmp_path):
    with pytest.raises(ImageReadError, match="no such file"):
        count(tmp_path / "a.npz")
    np.savez(tmp_path / "a.npz", told=np.frombuffer(b'{"format": "rgbcloud counts 9"}', np.uint8))
    with pytest.raises(ImageReadError, match="is of another release"):
        Counts.load(tmp_path / "a.npz")


def test_a_mask_lies_on_images_not_on_counts(parts, tmp_path):
    path = count(parts[0]).save(tmp_path / "a.npz")
    Image.new("L", (30, 20), 255).save(tmp_path / "mask.png")
    with pytest.raises(InvalidArgumentError, match="was counted already; lay the mask on the images"):
        count(path, Recipe.of(mask=str(tmp_path / "mask.png")))
