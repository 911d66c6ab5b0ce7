"""What an asset gets of a budget: its textures are jobs like others, all else takes what it takes."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud import Texture, read
from rgbcloud.errors import RgbcloudError, TargetExistsError
from rgbcloud.images import result_suffix
from rgbcloud_app.assets.lighter import ReducedTexture, Wish, check_recipe, files_of, recipe_for, reduce_asset
from rgbcloud_app.assets.opening import opened_asset
from rgbcloud_app.assets.surfaces import AssetSurfaces
from rgbcloud_app.batches.outcome import Outcome
from rgbcloud_app.batches.planning import Job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud_app.assets.asset import Asset
    from rgbcloud_app.batches.outcome import Options


@dataclass
class AssetShare:
    """An asset whose textures are reduced apart, before its copy is made."""

    job: Job
    options: Options
    asset: Asset
    jobs: dict[int, Job]  # of each texture that is to be reduced, by its place in the asset
    rest: int  # bytes of the copy that are no reduced textures: about, until a copy was made

    @classmethod
    def of(cls, job: Job, options: Options, scratch: Path) -> AssetShare:
        """Open an asset, and what is packed in it into a folder that is kept as long.

        Raises
        ------
        RgbcloudError
            If it cannot be read, or the recipe fits no asset.
        """
        check_recipe(options.recipe)
        (scratch / "in").mkdir(parents=True)
        asset = opened_asset(Path(job.source), scratch / "in")
        meanings = Wish(options.recipe, options.also, False, False, options.limits).meanings
        surfaces = AssetSurfaces(asset, scratch, options.camera)
        jobs, rest = {}, sum(file.stat().st_size for file in files_of(asset))
        for place, texture in enumerate(asset.textures):
            if texture.reason_to_leave(meanings):
                continue
            surfaces.folder = scratch / str(place)
            surfaces.folder.mkdir()
            recipe, _ = recipe_for(texture, options.recipe)
            recipe = replace(recipe, mask=surfaces.mask_of(texture))
            found, area = Texture.find(texture.path), surfaces.areas.get(texture.path)
            target = str(texture.path.with_suffix(result_suffix(texture.path, ".png")))
            is_set = found.pattern is not None
            jobs[place] = Job(str(texture.path), target, is_set=is_set, recipe=recipe, area=area)
            rest -= sum(path.stat().st_size for path in found.paths)
        return cls(job, options, asset, jobs, rest)

    def name_of(self, place: int) -> str:
        """Return what a table calls a texture."""
        return f"{self.job.source}: {self.asset.textures[place].name}"

    def memory_of_rest(self) -> int:
        """Return what textures that are left as they are take in memory, as far as they can be read."""
        total = 0
        for place, texture in enumerate(self.asset.textures):
            if place in self.jobs or not texture.is_there:
                continue
            for path in Texture.find(texture.path).paths:
                with contextlib.suppress(RgbcloudError):
                    image = read(path, max_pixels=self.options.max_pixels)
                    total += image.bytes_in_memory(image.size)
        return total

    def in_its_words(self, text: str) -> str:
        """Return a sentence with what users call a texture, not where it was unpacked to."""
        for place, texture in enumerate(self.asset.textures):
            if texture.is_embedded:
                text = text.replace(str(texture.path), self.name_of(place))
        return text

    def copy_to(self, target: Path, made: Mapping[int, Outcome], *, overwrite: bool) -> Outcome:
        """Make a copy of the asset with textures that were reduced, and learn what else it takes.

        Parameters
        ----------
        target : Path
        made : mapping of int to Outcome
            By the textures' places in the asset.
        overwrite : bool
        """
        options = self.options
        textures = {place: _as_texture(outcome) for place, outcome in made.items()}
        wish = Wish(options.recipe, options.also, overwrite, options.ssim, options.limits, made=textures)
        try:
            done = reduce_asset(Path(self.job.source), target, wish)
        except (OSError, RgbcloudError) as error:
            return Outcome(self.job, error=str(error), is_there=isinstance(error, TargetExistsError))
        self.rest = done.bytes[1] - sum(kept_bytes(outcome) for outcome in made.values())
        return Outcome(self.job, done.reports, done.palette, done.notes, asset_bytes=done.bytes)


def _as_texture(outcome: Outcome) -> ReducedTexture:
    files = outcome.job.targets(Texture.find(outcome.job.source)) if outcome.reports else ()
    return ReducedTexture(outcome.reports, outcome.palette, outcome.notes, tuple(files))


def kept_bytes(outcome: Outcome) -> int:
    """Return the bytes of a reduced texture, or of its source, which stays where the result is no smaller."""
    if ReducedTexture(outcome.reports).takes_less_memory:
        return outcome.bytes[1]
    before = sum(path.stat().st_size for path in Texture.find(outcome.job.source).paths)
    return min(outcome.bytes[1] or before, before)
