"""What every host of the panel does, whichever program it stands in.

A test class inherits from `HostContract`, and from `SceneContract` where there is a scene, and has a
fixture `stage` that returns a `Stage`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Callable, NamedTuple

import numpy as np
import pytest
from PIL import Image

from rgbcloud import Palette, PointCloud, Recipe, RgbcloudError, count, palette_for
from rgbcloud_panel.work.writing import write_all

if TYPE_CHECKING:
    from rgbcloud_panel.host import Host


class Stage(NamedTuple):
    """A host with at least two textures, and how to come back to it."""

    host: Host
    reopened: Callable[[], Host]
    """Return a host of another session of the same user."""
    undo: Callable[[], object] | None = None
    """Take back one step in the scene."""


def make_image(path, seed=0, size=(24, 16)):
    """Write a noisy image."""
    rng = np.random.default_rng(seed)
    Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), np.uint8)).save(path)
    return path


def written(host, refs, recipe=None):
    """Return what the panel's worker hands over for some textures."""
    tasks = [host.plan(ref, recipe or Recipe.of(colors=3)) for ref in refs]
    assert not any(task.replaces for task in tasks)
    with ThreadPoolExecutor(1) as worker:  # where no host may be called
        done = worker.submit(write_all, tasks, lambda _fraction, _message: None).result()
    assert not done.errors
    return done.results


def bytes_of(refs):
    return [path.read_bytes() for ref in refs for path in ref.files]


class HostContract:
    def test_names_textures_that_are_there(self, stage):
        refs = stage.host.textures()
        assert len(refs) >= 2
        assert len({ref.key for ref in refs}) == len(refs)
        assert all(ref.name and path.is_file() for ref in refs for path in ref.files)
        assert not any(ref.reduced for ref in refs)

    def test_listing_changes_nothing(self, stage):
        assert list(stage.host.textures()) == list(stage.host.textures())

    def test_writes_a_file_for_every_one_and_none_is_a_source(self, stage):
        for ref in stage.host.textures():
            (result,) = written(stage.host, [ref])
            assert result.ref == ref
            assert len(result.files) == len(result.reports) == len(ref.files)
            assert len(set(result.files)) == len(ref.files)
            assert not set(result.files) & set(ref.files)
            assert all(path.is_file() for path in result.files)

    def test_planning_writes_nothing(self, stage):
        ref = stage.host.textures()[0]
        before = sorted(ref.files[0].parent.iterdir())
        stage.host.plan(ref, Recipe.of(colors=7))
        assert sorted(ref.files[0].parent.iterdir()) == before

    def test_every_other_result_has_another_name(self, stage):
        ref = stage.host.textures()[0]
        recipes = [
            Recipe.of(colors=7),
            Recipe.of(colors=16),
            Recipe.of(colors=7, seed=1),
            Recipe.of(colors=2, locked=("#ff0000", "#00ff00")),
            Recipe.of(colors=2, locked=("#ff0000", "#00ff01")),
            Recipe.of(palette=Palette.from_hex(["#ff0000", "#00ff00"])),
            Recipe.of(palette=Palette.from_hex(["#ff0000", "#00ff01"])),
            Recipe.of(palette=Palette.from_hex(["#ff0000", "#00ff00"]), recolored=[("#ff0000", "#000000")]),
        ]
        names = {written(stage.host, [ref], recipe)[0].files[0] for recipe in recipes}
        assert len(names) == len(recipes)

    def test_a_goal_chooses_the_number_of_colours(self, stage):
        ref = stage.host.textures()[0]
        (result,) = written(stage.host, [ref], Recipe.of(psnr=15))
        assert result.reports[0].psnr >= 15
        assert result.recipe.settings.colors == result.reports[0].colors_after != 16
        task = stage.host.plan(ref, Recipe.of(psnr=90))
        with pytest.raises(RgbcloudError, match="no palette of 256 colours reaches a PSNR of 90 dB"):
            task.write(lambda _fraction, _message: None)

    def test_a_given_palette_is_taken_as_it_is(self, stage):
        ref = stage.host.textures()[0]
        recipe = Recipe.of(palette=Palette.from_hex(["#ffffff", "#000000"]), dither="floyd-steinberg")
        (result,) = written(stage.host, [ref], recipe)
        with Image.open(result.files[0]) as image:
            colors = np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)
        assert colors.tolist() == [[0, 0, 0], [255, 255, 255]]

    def test_a_mask_says_which_texels_count(self, stage, tmp_path):
        ref = stage.host.textures()[0]
        mask = Image.new("L", (24, 16))
        mask.putpixel((5, 3), 255)
        mask.save(tmp_path / "mask.png")
        recipe = Recipe.of(colors=3, mask=str(tmp_path / "mask.png"))
        task = stage.host.plan(ref, recipe)
        assert task.write(lambda _fraction, _message: None).reports[0].colors_before == 1

    def test_adopts_reduced_files_and_keeps_the_originals(self, stage):
        refs = stage.host.textures()
        before = bytes_of(refs)
        results = written(stage.host, refs[:1])
        stage.host.adopt(results)
        after = stage.host.textures()
        assert after[0].reduced == results[0].files[0].name
        assert [ref.files for ref in after] == [ref.files for ref in refs]
        assert [ref.key for ref in after] == [ref.key for ref in refs]
        assert not after[1].reduced
        assert bytes_of(refs) == before

    def test_adopts_another_result_in_place_of_the_first(self, stage):
        stage.host.adopt(written(stage.host, stage.host.textures()[:1], Recipe.of(colors=3)))
        again = written(stage.host, stage.host.textures()[:1], Recipe.of(colors=5))
        stage.host.adopt(again)
        ref = stage.host.textures()[0]
        assert ref.reduced == again[0].files[0].name
        assert again[0].reports[0].colors_before > 5

    def test_what_it_adopted_may_be_written_again(self, stage):
        stage.host.adopt(written(stage.host, stage.host.textures()[:1]))
        stage.host.adopt(written(stage.host, stage.host.textures()[:1]))
        assert stage.host.textures()[0].reduced

    def test_tells_when_textures_have_changed(self, stage):
        told = []
        stage.host.watch(lambda: told.append(stage.host.textures()[0].reduced))
        results = written(stage.host, stage.host.textures()[:1])
        stage.host.adopt(results)
        assert results[0].files[0].name in told

    def test_remembers_for_the_user(self, stage):
        assert stage.host.recall("never stored") is None
        stage.host.remember("layout/whole", "AAAA/w==")
        stage.host.remember("recipe", Recipe.of(colors=7).to_json())
        stage.host.remember("recipe", Recipe.of(colors=9, seed=4).to_json())
        host = stage.reopened()
        assert host.recall("layout/whole") == "AAAA/w=="
        assert Recipe.from_json(host.recall("recipe")) == Recipe.of(colors=9, seed=4)


class SceneContract:
    @pytest.fixture
    def cloud(self, stage):
        recipe, counts = Recipe.of(colors=4), count(stage.host.textures()[0].files[0])
        return recipe, PointCloud.from_histogram(counts.histogram, palette_for(counts, recipe))

    def test_reverts_what_is_reduced_and_leaves_the_rest(self, stage):
        before = list(stage.host.textures())
        stage.host.adopt(written(stage.host, before[:1]))
        stage.host.scene.revert(stage.host.textures())
        assert list(stage.host.textures()) == before

    def test_adopting_and_reverting_are_one_step_each(self, stage):
        before = list(stage.host.textures())
        stage.host.adopt(written(stage.host, before[:2]))
        reduced = list(stage.host.textures())
        stage.host.scene.revert(reduced)
        stage.undo()
        assert list(stage.host.textures()) == reduced
        stage.undo()
        assert list(stage.host.textures()) == before

    def test_keeps_what_was_made_and_that_is_no_undo_step(self, stage):
        first, second = list(stage.host.textures())[:2]
        stage.host.adopt(written(stage.host, [second]))
        reduced = stage.host.textures()[1]
        work = '{"palette": "a \\ and a \\"quotation\\" in Köln"}'
        stage.host.scene.keep(first, work)
        assert [ref.work for ref in stage.host.textures()[:2]] == [work, reduced.work]
        stage.undo()
        assert [ref.work for ref in stage.host.textures()[:2]] == [work, ""]
        stage.host.scene.keep(first, "")
        assert list(stage.host.textures())[:2] == [first, second]

    def test_builds_rebuilds_and_removes_a_cloud(self, stage, cloud):
        ref, scene = stage.host.textures()[0], stage.host.scene
        scene.show_cloud(ref, *cloud, "source")
        scene.show_cloud(ref, *cloud, "cluster")
        assert scene.locator_palette(ref) == cloud[-1].palette
        scene.remove_cloud(ref)
        with pytest.raises(RgbcloudError, match=ref.name):
            scene.remove_cloud(ref)

    def test_a_cloud_is_one_step(self, stage, cloud):
        ref, scene = stage.host.textures()[0], stage.host.scene
        scene.show_cloud(ref, *cloud, "source")
        stage.undo()
        with pytest.raises(RgbcloudError, match=ref.name):
            scene.remove_cloud(ref)

    def test_there_are_no_locators_without_a_cloud(self, stage):
        ref = stage.host.textures()[0]
        with pytest.raises(RgbcloudError, match=ref.name):
            stage.host.scene.locator_palette(ref)

    def test_selecting_leaves_the_textures_alone(self, stage):
        before = list(stage.host.textures())
        stage.host.scene.select(before[:1])
        assert list(stage.host.textures()) == before
