from __future__ import annotations

import errno
import os

import numpy as np
import pytest
from PIL import Image
from ways import reduced_file, reduced_texture

from rgbcloud import (
    CancelledError,
    ColorHistogram,
    Goal,
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    LargerResultError,
    Palette,
    Recipe,
    Settings,
    Texture,
    cluster,
    reduce_texture,
)


@pytest.fixture
def tiles(tmp_path, photo):
    """A photograph cut into four tiles, as PNG files."""
    for number, part in zip((1001, 1002, 1011, 1012), (photo[r::2, c::2] for r in (0, 1) for c in (0, 1))):
        Image.fromarray(part).save(tmp_path / f"wood.{number}.png")
    return tmp_path / "wood.<UDIM>.png"


def rgb(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_all_tiles_share_the_palette_of_all_their_texels(tiles, photo):
    reduction = reduced_texture(Texture.find(tiles), Settings(16))
    whole = cluster(ColorHistogram.from_array(photo), 16)
    assert reduction.palette == whole
    assert reduction.mse == pytest.approx(whole.inertia / photo[..., 0].size, rel=1e-12)
    for member in reduction.members:
        source = rgb(member.member.path)
        np.testing.assert_array_equal(rgb(member.target), whole.rebuild(whole.remap(source)))
        assert member.target.name == f"wood.k16.{member.member.token}.png"
        error = (source.astype(float) - rgb(member.target)) ** 2
        assert member.report.mse == pytest.approx(error.sum(axis=2).mean(), rel=1e-12)


def test_indices_mean_the_same_in_every_tile(tiles):
    reduction = reduced_texture(Texture.find(tiles), Settings(16))
    palettes = [Image.open(member.target).getpalette()[: 16 * 3] for member in reduction.members]
    assert palettes == [reduction.palette.colors.ravel().tolist()] * 4


def test_one_file_is_reduced_as_reduce_file_does(tmp_path, photo):
    Image.fromarray(photo).save(tmp_path / "wood.png")
    alone = reduced_file(tmp_path / "wood.png", tmp_path / "alone.png", settings=Settings(7))
    reduction = reduced_texture(Texture.find(tmp_path / "wood.png"), Settings(7))
    assert (tmp_path / "wood.k7.png").read_bytes() == alone.data
    assert (reduction.members[0].report, reduction.notes) == (alone.report, ())


@pytest.mark.parametrize("budget", [0, 640 * 427 * 3 // 2, 1 << 30])
@pytest.mark.parametrize("count", [1, 2])
def test_neither_memory_nor_threads_change_the_bytes(tiles, threads, budget, count):
    threads(count)
    reduced_texture(Texture.find(tiles), Settings(8), folder=tiles.parent / "out", budget=budget)
    threads(None)
    reduced_texture(Texture.find(tiles), Settings(8), folder=tiles.parent / "reference")
    assert contents(tiles.parent / "out") == contents(tiles.parent / "reference")


def test_a_given_palette_keeps_its_order(tiles):
    palette = Palette.from_hex(["#ffffff", "#000000", "#ff00ff"])
    reduction = reduced_texture(Texture.find(tiles), Settings(3), palette=palette)
    assert reduction.palette.to_hex() == ["#ffffff", "#000000", "#ff00ff"]
    assert reduction.palette.populations.sum() == pytest.approx(640 * 427)


def test_a_broken_member_stops_all_before_anything_is_written(tiles):
    (tiles.parent / "wood.1002.png").write_bytes(b"not an image")
    before = contents(tiles.parent)
    with pytest.raises(
        ImageReadError, match=r"1 of 4 files cannot be read, so that nothing was written: .*1002"
    ):
        reduced_texture(Texture.find(tiles), Settings(4))
    assert contents(tiles.parent) == before


def test_a_broken_member_is_left_out_on_request(tiles):
    (tiles.parent / "wood.1002.png").write_bytes(b"not an image")
    reduction = reduced_texture(Texture.find(tiles), Settings(4), keep_going=True)
    assert [item.member.token for item in reduction.members] == ["1001", "1011", "1012"]
    [failure] = reduction.failures
    assert failure.member.token == "1002"
    assert str(failure.error).endswith("wood.1002.png is not an image that can be read; is its name right?")


def test_nothing_readable_is_an_error_even_then(tmp_path):
    for number in (1001, 1002):
        (tmp_path / f"wood.{number}.png").write_bytes(b"")
    with pytest.raises(ImageReadError, match=r"2 of 2 files cannot be read.*1001\.png is empty.*1002"):
        reduced_texture(Texture.find(tmp_path / "wood.<UDIM>.png"), Settings(4), keep_going=True)


def test_what_differs_within_a_set_is_told(tmp_path):
    Image.new("RGB", (8, 8), "red").save(tmp_path / "w.1001.png")
    Image.new("RGBA", (16, 8), (0, 0, 255, 128)).save(tmp_path / "w.1003.png")
    reduction = reduced_texture(Texture.find(tmp_path / "w.<UDIM>.png"), Settings(2))
    notes = [note for note in reduction.notes if "larger" not in note]
    assert notes == [
        "1 missing between the files that are there: w.1002.png",
        "the files of this set differ in size (8 x 8: 1001; 16 x 8: 1003); each keeps its own",
        "the files of this set differ in alpha (no alpha: 1001; alpha: 1003); each keeps its own",
    ]
    with Image.open(reduction.members[1].target) as image:
        assert image.convert("RGBA").getpixel((0, 0)) == (0, 0, 255, 128)


def test_alpha_that_jpeg_cannot_hold_is_told_before_the_work(tmp_path):
    Image.new("RGB", (8, 8), "red").save(tmp_path / "w.1001.png")
    Image.new("RGBA", (8, 8), (0, 0, 255, 128)).save(tmp_path / "w.1002.png")
    with pytest.raises(ImageWriteError, match=r"w\.1002\.png has alpha, which JPEG cannot hold"):
        reduced_texture(Texture.find(tmp_path / "w.<UDIM>.png"), Settings(2), suffix=".jpg")
    assert len(contents(tmp_path)) == 2


def test_transparency_all_over_is_refused(tmp_path):
    for tile in (1001, 1002):
        Image.new("RGBA", (8, 8), (0, 0, 255, 0)).save(tmp_path / f"w.{tile}.png")
    with pytest.raises(
        InvalidArgumentError, match=r"no texel is visible, .* set alpha to channel if it is no"
    ):
        reduced_texture(Texture.find(tmp_path / "w.<UDIM>.png"), Settings(2))


def test_sources_and_other_files_are_safe(tiles):
    texture = Texture.find(tiles)
    target = texture.targets("k4")[2]
    target.write_bytes(b"precious")
    with pytest.raises(ImageWriteError, match=r"wood\.k4\.1011\.png exists already"):
        reduced_texture(texture, Settings(4))
    assert target.read_bytes() == b"precious"
    assert len(contents(tiles.parent)) == 5


def test_no_member_is_written_over_another(tmp_path):
    for name in ("wood.png", "wood.k4.png"):
        Image.new("RGB", (8, 8), "red").save(tmp_path / name)
    before = contents(tmp_path)
    texture = Texture.of_files([tmp_path / "wood.png", tmp_path / "wood.k4.png"])
    with pytest.raises(ImageWriteError, match=r"wood\.k4\.png is the source, which is never written to"):
        reduced_texture(texture, Settings(4), overwrite=True)
    assert contents(tmp_path) == before


def test_a_full_disk_leaves_what_was_finished(tiles, monkeypatch):
    written = []
    replace = os.fsync

    def fsync(handle):
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(handle)
        replace(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(
        ImageWriteError,
        match=r"1011\.png: no space left on device.*\(written: 2 files; not written: "
        r"wood\.k4\.1011\.png, wood\.k4\.1012\.png\)",
    ):
        reduced_texture(Texture.find(tiles), Settings(4))
    assert sorted(contents(tiles.parent))[4:] == ["wood.k4.1001.png", "wood.k4.1002.png"]


def test_a_set_that_would_be_larger_all_together_is_left_out(tmp_path, photo):
    for number, quality in ((1001, 3), (1002, 95)):
        Image.fromarray(photo).save(tmp_path / f"wood.{number}.jpg", quality=quality)
    texture = Texture.find(tmp_path / "wood.<UDIM>.jpg")
    before = contents(tmp_path)
    with pytest.raises(LargerResultError, match=r"wood\.1001\.jpg and 1 more would take .* it stays"):
        reduce_texture(texture, Recipe.of(colors=256, dither="blue-noise", skip_larger=True))
    assert contents(tmp_path) == before
    light = reduce_texture(texture, Recipe.of(colors=2, skip_larger=True))
    assert sum(member.report.bytes_after for member in light.members) == sum(
        member.target.stat().st_size for member in light.members
    )


def test_skipping_larger_results_makes_no_other_ones():
    asked, plain = Recipe.of(colors=3, skip_larger=True), Recipe.of(colors=3)
    assert (asked.tag(), asked.digest()) == (plain.tag(), plain.digest())
    assert Recipe.from_json(asked.to_json()) == asked != plain


def test_progress_rises_and_cancels(tiles):
    fractions = []
    reduced_texture(
        Texture.find(tiles), Settings(4), progress=lambda fraction, _message: fractions.append(fraction)
    )
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)

    def stop(_fraction, message):
        if message == "compressing":
            raise CancelledError(message)

    with pytest.raises(CancelledError, match="compressing"):
        reduced_texture(Texture.find(tiles), Settings(5), progress=stop)
    assert not list(tiles.parent.glob("wood.k5.*"))


def test_a_tile_that_is_all_transparent_takes_the_palette_of_the_others(tmp_path):
    Image.new("RGBA", (8, 8), (200, 0, 0, 255)).save(tmp_path / "w.1001.png")
    Image.new("RGBA", (8, 8), (9, 8, 7, 0)).save(tmp_path / "w.1002.png")
    reduction = reduced_texture(Texture.find(tmp_path / "w.<UDIM>.png"), Settings(2))
    assert reduction.palette.to_hex() == ["#c80000"]
    with Image.open(reduction.members[1].target) as image:
        assert image.convert("RGBA").getpixel((0, 0)) == (9, 8, 7, 0)
    assert reduction.members[1].report.mse == 0


@pytest.mark.slow
def test_a_goal_chooses_for_all_members_together(tiles):
    reduction = reduced_texture(Texture.find(tiles), Settings(2), goal=Goal(psnr=30))
    colors = len(reduction.palette)
    assert reduction.recipe.settings == Settings(colors)
    assert reduction.psnr >= 30
    fewer = reduced_texture(Texture.find(tiles), Settings(colors - 1), overwrite=True)
    assert fewer.psnr < 30


@pytest.mark.slow
def test_a_goal_of_a_file_size_is_about_one_file(tiles):
    first = Texture.find(str(tiles).replace("<UDIM>", "1001"))
    most = reduced_texture(first, Settings(8)).members[0].report.bytes_after
    reduction = reduced_texture(first, Settings(2), goal=Goal(max_bytes=most))
    assert reduction.recipe.settings.colors >= 8
    assert reduction.members[0].report.bytes_after <= most
    with pytest.raises(InvalidArgumentError, match="a goal of max_bytes needs one image"):
        reduced_texture(Texture.find(tiles), Settings(3), goal=Goal(max_bytes=most))
    assert not list(tiles.parent.glob("wood.k3.*"))


@pytest.mark.parametrize(
    "other", [{"like": Palette.from_hex(["#000000"])}, {"goal": Goal(knee=True)}], ids=["like", "goal"]
)
def test_a_given_palette_is_the_only_way_to_one(tiles, other):
    palette = Palette.from_hex(["#ff0000", "#000000"])
    with pytest.raises(InvalidArgumentError, match="palette takes its colours as they are; leave out"):
        reduced_texture(Texture.find(tiles), Settings(4), palette=palette, **other)
    assert reduced_texture(Texture.find(tiles), Settings(4), palette=palette).recipe.settings.colors == 2
