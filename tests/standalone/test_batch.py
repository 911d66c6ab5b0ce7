"""Sets, batches, receipts and palettes for all, on the command line."""

from __future__ import annotations

import contextlib
import errno
import functools
import json
import os

import numpy as np
import pytest
from odd_jobs import count_threads, die_of_three, leave_work
from PIL import Image
from ways import reduced

from rgbcloud import (
    ColorHistogram,
    Palette,
    Recipe,
    Settings,
    cluster,
    load_palette,
    palette_difference,
    save_palette,
)
from rgbcloud_app.batches.engines import Here
from rgbcloud_app.batches.outcome import Options
from rgbcloud_app.batches.planning import Job
from rgbcloud_app.batches.processes import Cores
from rgbcloud_app.batches.runs import engine_for, prepare_jobs
from rgbcloud_app.batches.work import carry_out, count_job


@pytest.fixture
def textures(tmp_path, photo):
    """A folder of nine small images, no two of them alike."""
    folder = tmp_path / "textures"
    folder.mkdir()
    for number in range(9):
        Image.fromarray(np.roll(photo, number, axis=2)[number:, :: number % 3 + 1]).save(
            folder / f"t{number}.png"
        )
    return folder


@pytest.fixture
def tiles(tmp_path, photo):
    """A set of two tiles."""
    for tile, part in (("1001", photo[:, :80]), ("1002", photo[:, 80:])):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
    return tmp_path / "wood.<UDIM>.png"


def results(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def rgb(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_set_shares_its_palette_and_keeps_its_tokens(run, tiles, photo):
    ended = run("reduce", tiles, "--colors", 8, "--json")
    assert ended.code == 0
    result = json.loads(ended.output)
    palette = cluster(ColorHistogram.from_array(photo), 8)
    assert result["target"] == str(tiles.with_name("wood.k8.<UDIM>.png"))
    assert result["palette"] == palette.to_hex()
    assert [report["name"] for report in result["reports"]] == [
        str(tiles.with_name(f"wood.{tile}.png")) for tile in (1001, 1002)
    ]
    for tile in (1001, 1002):
        source, target = (rgb(tiles.with_name(f"wood.{name}{tile}.png")) for name in ("", "k8."))
        np.testing.assert_array_equal(target, palette.rebuild(palette.remap(source)))


def test_a_set_goes_where_it_is_told(run, tiles):
    assert run("reduce", tiles, "-d", tiles.parent / "out").code == 0
    assert sorted(results(tiles.parent / "out")) == ["wood.1001.png", "wood.1002.png"]
    assert run("reduce", tiles, "-o", tiles.parent / "new_<UDIM>.tif").code == 0
    assert len(list(tiles.parent.glob("new_100[12].tif"))) == 2


def test_a_set_with_holes_is_told_and_a_set_of_nothing_fails(run, fails, tiles):
    Image.new("RGB", (4, 4)).save(tiles.with_name("wood.1004.png"))
    ended = run("reduce", tiles)
    assert f"rgbcloud: {tiles}: 1 missing between the files that are there: wood.1003.png\n" in ended.errors
    sentence = fails("reduce", tiles.with_name("none.<UDIM>.png"))
    assert sentence.endswith("none.<UDIM>.png: no file on disk matches it; check the folder and the token")


def test_a_given_palette_keeps_its_order_in_the_file(run, wood):
    client = save_palette(wood.with_name("client.ase"), Palette.from_hex(["#ffffff", "#000000", "#d0a060"]))
    assert run("reduce", wood, "--palette", client, "-o", wood.with_name("new.png")).code == 0
    with Image.open(wood.with_name("new.png")) as picture:
        assert picture.getpalette()[:9] == [255, 255, 255, 0, 0, 0, 208, 160, 96]


def test_the_next_version_keeps_its_indices(run, wood, photo):
    assert run("reduce", wood, "-k", 8).code == 0
    newer = wood.with_name("wood2.png")
    Image.fromarray(np.rint(photo * 0.95).astype(np.uint8)).save(newer)
    old = wood.with_name("wood.k8.png")
    assert run("reduce", newer, "-k", 8, "--like", old).code == 0
    (result,) = wood.parent.glob("wood2.k8.like*.png")
    changes = palette_difference(load_palette(old), load_palette(result))
    assert [change.new_index for change in changes] == list(range(8))


def test_a_mask_says_what_counts(run, fails, wood, photo):
    mask = wood.with_name("uv.png")
    Image.fromarray(np.tile(np.uint8([255] * 80 + [0] * 80), (120, 1))).save(mask)
    ended = run("reduce", wood, "-k", 5, "--mask", mask, "--json")
    assert (
        json.loads(ended.output)["palette"] == cluster(ColorHistogram.from_array(photo[:, :80]), 5).to_hex()
    )
    Image.new("L", (3, 3)).save(mask)
    assert fails("reduce", wood, "--mask", mask) == (
        f"{mask} has 3 x 3 pixels, {wood} has 160 x 120; a mask must be of the same size"
    )


def test_the_number_of_colours_is_chosen_for_a_goal(run, fails, wood):
    ended = run("reduce", wood, "--psnr", 30, "--json")
    result = json.loads(ended.output)
    assert result["target"] == str(wood.with_name("wood.psnr30.png"))
    colors = result["report"]["colors_after"]
    assert result["report"]["psnr"] >= 30 > reduced(wood, Settings(colors - 1)).report.psnr
    result = json.loads(run("reduce", wood, "--delta-e", 4, "--json").output)
    assert result["target"] == str(wood.with_name("wood.de4.png"))
    colors = result["report"]["colors_after"]
    assert result["report"]["delta_e"] <= 4 < reduced(wood, Settings(colors - 1)).report.delta_e
    ended = run("reduce", wood, "--max-bytes", 4000, "--json")
    assert json.loads(ended.output)["report"]["bytes_after"] <= 4000
    assert wood.with_name("wood.4000bytes.png").stat().st_size <= 4000
    assert run("reduce", wood, "--knee").code == 0
    assert "no palette of 256 colours reaches a PSNR of 90 dB" in fails("reduce", wood, "--psnr", 90)


def test_many_images_on_all_cores_come_out_as_they_do_one_by_one(run, textures, tmp_path):
    together = run("reduce", textures, "-r", "-d", tmp_path / "two", "--threads", 2, "--verbose")
    alone = run("reduce", textures, "-r", "-d", tmp_path / "one", "--threads", 1, "--verbose")
    assert (together.code, alone.code) == (0, 0)
    assert results(tmp_path / "two") == results(tmp_path / "one")
    assert together.output == alone.output.replace("/one/", "/two/")
    assert "rgbcloud: reduced    9\n" in together.errors


def test_processes_are_for_many_jobs():
    jobs = [Job(str(number), "t") for number in range(9)]
    assert isinstance(engine_for(jobs, 2), Cores)
    assert isinstance(engine_for(jobs, 1), Here)
    assert isinstance(engine_for(jobs[:3], 8), Here)
    assert isinstance(engine_for([*jobs, Job("-", "t")], 8), Here)


def test_one_palette_for_a_whole_batch(run, textures, tmp_path):
    (textures / "broken.png").write_text("no image")
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--shared-palette", "-k", 6, "--json")
    lines = [json.loads(line) for line in ended.output.splitlines()]
    whole = ColorHistogram.merge(
        ColorHistogram.from_array(rgb(textures / f"t{number}.png")) for number in range(9)
    )
    assert ended.code == 1
    assert lines[0] == {
        "source": str(textures / "broken.png"),
        "error": f"{textures / 'broken.png'} is not an image that can be read; is its name right?",
    }
    assert {tuple(line["palette"]) for line in lines[1:]} == {tuple(cluster(whole, 6).to_hex())}
    assert len(lines) == 10
    assert ended.errors.endswith("is its name right?\nrgbcloud: 1 of 10 images could not be reduced\n")


def test_failures_are_listed_at_the_end(run, textures, tmp_path):
    for name in ("a.png", "t5.webp"):
        (textures / name).touch()
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--threads", 2)
    assert ended.code == 1
    *_, first, second, last = ended.errors.splitlines()
    assert first == f"rgbcloud: {textures / 'a.png'} is empty; export it again"
    assert "t5.png is the result of" in second
    assert last == "rgbcloud: 2 of 11 images could not be reduced"
    assert len(results(tmp_path / "out")) == 9


def test_a_disk_that_fills_up_leaves_what_was_finished(run, textures, tmp_path, monkeypatch):
    fsync, written = os.fsync, []

    def fail(handle):
        if len(written) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(handle)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", fail)
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--threads", 1)
    assert ended.code == 1
    assert sorted(results(tmp_path / "out")) == ["t0.png", "t1.png", "t2.png", "t3.png"]
    lines = [line for line in ended.errors.splitlines() if "no space left on device" in line]
    assert [f"t{number}.png" in line for number, line in zip(range(4, 9), lines)] == [True] * 5
    assert ended.errors.endswith("rgbcloud: 5 of 9 images could not be reduced\n")


def test_of_many_images_only_all_are_told(run, textures, tmp_path):
    ended = run("reduce", textures, "-r", "-d", tmp_path / "out", "--threads", 1)
    assert (ended.code, ended.output) == (0, "")
    assert [line.split()[1] for line in ended.errors.splitlines()] == ["reduced", "bytes", "PSNR"]


def test_an_image_that_kills_processes_costs_no_other_one():
    jobs = [Job(str(number), "t") for number in range(9)]
    with contextlib.closing(Cores(2)) as cores:
        found = list(cores.each(die_of_three, jobs))
    assert [outcome.job for outcome in found] == jobs
    assert [outcome.job.source for outcome in found if outcome.error] == ["3"]
    assert found[3].error.startswith("3: 2 processes died of it, which mostly means that memory ran out")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_process_that_cleans_up_is_not_hurried_by_a_second_signal(tmp_path):
    jobs = [Job(str(number), str(tmp_path)) for number in range(2)]
    with contextlib.closing(Cores(2)) as cores:
        assert all("processes died of it" in outcome.error for outcome in cores.each(leave_work, jobs))
    assert [path.suffix for path in tmp_path.iterdir()] == [".clean"] * 4


def test_a_job_that_runs_twice_meets_its_own_result(textures, tmp_path):
    jobs = [Job(str(textures / "t1.png"), str(tmp_path / "t1.png"))]
    assert carry_out(jobs[0], Options(Recipe())).error is None
    assert "exists already" in carry_out(jobs[0], Options(Recipe())).error
    (tmp_path / "t1.png").unlink()
    (job,) = prepare_jobs(jobs, is_farm=True)
    first = carry_out(job, Options(Recipe()))
    assert carry_out(job, Options(Recipe())) == first


def test_histograms_are_merged_whatever_their_number(textures):
    jobs = [Job(str(path), "") for path in sorted(textures.iterdir())]
    work = functools.partial(count_job, options=Options(Recipe()))
    *_, whole = Here().merge_counts(work, jobs)
    expected = ColorHistogram.merge(ColorHistogram.from_array(rgb(job.source)) for job in jobs)
    assert whole.counts.histogram == expected
    assert [len(part) for part in Here().merge_counts(work, [])] == [0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--psnr", "30", "--knee"],
            "a goal must be one of psnr, delta_e, max_bytes, knee, got knee and psnr",
        ),
        (["--psnr", "-1"], "psnr must be a number above 0, got -1.0"),
        (["--palette", "p.gpl", "--knee"], "palette takes its colours as they are; leave out"),
        (["--palette", "p.gpl", "--like", "p.gpl"], "palette takes its colours as they are; leave out"),
        (["--shared-palette", "--knee"], "a shared palette needs a number of colours; leave out the goal"),
        (["--lock", "#ff0000", "--lock", "#00ff00", "-k", "1"], "locked must be no more colours than"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_use(fails, wood, arguments, sentence):
    assert fails("reduce", wood, *arguments, code=2).startswith(sentence)


def test_palettes_and_masks_that_cannot_be_read(fails, wood):
    wood.with_name("p.gpl").write_bytes(b"GIMP Palette\n")
    assert "holds 0 colours" in fails("reduce", wood, "--palette", wood.with_name("p.gpl"))
    assert "none.png: no such file" in fails("reduce", wood, "--mask", wood.with_name("none.png"))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("tcp://127.0.0.1:9", "no scheduler answers at tcp://127.0.0.1:9; start one with `dask scheduler`"),
        ("farm", "the address of a scheduler must be like tcp://host:8786, got 'farm'"),
    ],
)
def test_a_scheduler_that_is_not_there_is_told(fails, wood, address, sentence):
    assert fails("reduce", wood, "--scheduler", address).startswith(sentence)
    assert [path.name for path in wood.parent.iterdir()] == ["wood.png"]


def test_workers_use_one_thread_each(textures):
    jobs = [Job(str(number), "t") for number in range(2)]
    with contextlib.closing(Cores(2)) as cores:
        assert [outcome.notes for outcome in cores.each(count_threads, jobs)] == [(1,), (1,)]
