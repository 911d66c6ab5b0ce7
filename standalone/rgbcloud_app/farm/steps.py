"""A batch as steps for a farm: first palettes are found, then one task reduces one file.

A step is one command line with slots for what differs between its tasks, all of it paths, so that a farm can
map them from one machine's names to another's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from rgbcloud import Texture
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.settings import FIELDS, Settings
from rgbcloud.surface import MESH_SUFFIXES
from rgbcloud_app.assets.lighter import asset_files
from rgbcloud_app.assets.opening import is_asset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from rgbcloud import Recipe
    from rgbcloud_app.assets.asset import Meaning
    from rgbcloud_app.batches.planning import Job

FOLDER_NAME = ".rgbcloud-farm"
"""Of palettes and counts that tasks leave for each other, beside the results."""
_AT_ONCE = 16  # files that one task counts for a palette; more are counted by a task each
_OF_FOUND_PALETTES = frozenset(
    ("colors", "seed", "effort", "locked", "weight_power", "palette", "like", "mask")
)


class Slot(NamedTuple):
    """Where a task's own path stands in a command line."""

    name: str


Argument = Union[str, Slot]


@dataclass
class Step:
    """Tasks that are alike, in any order and at the same time."""

    name: str
    arguments: list[Argument]  # the command line, from the program on
    tasks: list[dict[str, str]] = field(default_factory=list)  # what stands in the slots of each
    after: tuple[str, ...] = ()  # the names of steps that must have ended before

    def command_lines(self) -> list[list[str]]:
        """Return each task's command line."""
        return [
            [task[part.name] if isinstance(part, Slot) else part for part in self.arguments]
            for task in self.tasks
        ]


@dataclass(frozen=True)
class PaletteNeed:
    """A palette that some files share."""

    textures: tuple[Texture, ...]
    source: str  # what the files are called together, where it is one set; else empty
    path: Path  # the .json file that it goes into

    @property
    def files(self) -> list[Path]:
        """All files."""
        return [path for texture in self.textures for path in texture.paths]


@dataclass
class FarmPlan:
    """What a farm is to do."""

    recipe: Recipe
    given: Mapping[str, Any]  # the recipe's fields as the command line gave them
    mayapy: str = "mayapy"  # the program for scenes
    # Of assets; see `rgbcloud_app.assets.lighter.Wish`.
    also: tuple[Meaning, ...] = ()
    camera: str = ""
    needs: list[PaletteNeed] = field(default_factory=list)
    _tiles: Step = field(init=False)
    _alone: Step = field(init=False)
    _assets: Step = field(init=False)
    _scenes: Step = field(init=False)

    def __post_init__(self) -> None:
        names = {known.name for known in FIELDS}
        goals = {known.name for known in FIELDS if known.part == "goal"}
        source, target = Slot("Source"), Slot("Target")
        own = self._flags(names - _OF_FOUND_PALETTES - goals)
        palette: list[Argument] = ["--palette", Slot("Palette")]
        reduce: list[Argument] = ["rgbcloud", "reduce", source]
        self._tiles = Step("reduce", [*reduce, *own, *palette, "--output", target, "--resume"])
        self._alone = Step("reduce-alone", [*reduce, *self._flags(names), "--output", target, "--resume"])
        more: list[Argument] = [part for each in self.also for part in ("--also", each)]
        more += ["--camera", self.camera] if self.camera else []
        self._assets = Step(
            "reduce-assets", [*reduce, *self._flags(names), *more, "--output", target, "--resume"]
        )
        scene: list[Argument] = [self.mayapy, "-m", "rgbcloud_maya", "reduce", source]
        self._scenes = Step("scenes", [*scene, *self._flags(names), "--output", target, "--overwrite"])

    def add_jobs(self, jobs: Sequence[Job], folder: Path | None, *, share: bool) -> None:
        """Plan what is to become of images, sets and assets.

        Parameters
        ----------
        jobs : sequence of Job
        folder : Path or None
            That of all results, if there is one.
        share : bool
            Whether all of them share a palette.

        Raises
        ------
        InvalidArgumentError
            If something is asked for that no task of its own can do.
        RgbcloudError
            If a set or a mask cannot be found.
        """
        shared: PaletteNeed | None = None
        if share:
            if any(is_asset(job.source) for job in jobs):
                raise InvalidArgumentError("assets share no palette on a farm; leave out --shared-palette")
            home = (folder or Path(jobs[0].target).parent).absolute()
            textures = tuple(Texture.find(job.source) for job in jobs)
            if self.recipe.mask.lower().endswith(MESH_SUFFIXES) and any(each.pattern for each in textures):
                told = "a mesh masks tiles by their place in a set, which tasks for all images do not know"
                raise InvalidArgumentError(f"{told}; leave out --shared-palette, or mask")
            shared = self._need(textures, "", home, "shared")
        for job in jobs:
            if is_asset(job.source):
                asset_files(job.source)  # which tells that it cannot be read while somebody listens
                self._assets.tasks.append(self._task(self._assets, Path(job.source), Path(job.target)))
                continue
            texture = Texture.find(job.source)
            need = shared
            if job.is_set and self.recipe.settings.skip_larger:
                raise InvalidArgumentError("skip_larger is about a whole set, which no task of a farm sees")
            if job.is_set and need is None and self.recipe.palette is None:
                home = Path(job.target).parent.absolute()
                need = self._need((texture,), str(Path(job.source).absolute()), home, Path(job.source).stem)
            step = self._alone if need is None else self._tiles
            for member, mask, target in zip(
                texture.members, self.recipe.mask_for(texture), job.targets(texture)
            ):
                step.tasks.append(self._task(step, member.path, target, mask, need))

    def add_scene(self, source: Path, target: Path) -> None:
        """Plan what is to become of a scene."""
        mask = Path(self.recipe.mask) if self.recipe.mask else None
        self._scenes.tasks.append(self._task(self._scenes, source, target, mask))

    def steps(self, *, with_palettes: bool = True) -> list[Step]:
        """Return all steps that have tasks, those that find palettes first, if wanted."""
        finding = self._finding_steps() if with_palettes else []
        self._tiles.after = tuple(step.name for step in finding)
        return [
            step for step in (*finding, self._tiles, self._alone, self._assets, self._scenes) if step.tasks
        ]

    def _finding_steps(self) -> list[Step]:
        """Return the steps that find palettes: of many files each is counted by a task of its own."""
        names = {known.name for known in FIELDS if known.part in ("palette", "goal", "source")}
        own = self._flags(names - {"mask", "max_bytes"})
        mask = self._flags({"mask"})
        finish: list[Argument] = [*own, "--output", Slot("Palette"), "--overwrite"]
        direct = Step("palettes", ["rgbcloud", "palette", Slot("Source"), *mask, *finish])
        counting = Step(
            "count", ["rgbcloud", "count", Slot("Source"), *mask, "--output", Slot("Counts"), "--overwrite"]
        )
        adding = Step("add-up", ["rgbcloud", "palette", Slot("Counts"), *finish], after=("count",))
        # A mesh masks a tile by its place in the set, which a task for the tile alone does not know.
        is_mesh = self.recipe.mask.lower().endswith(MESH_SUFFIXES)
        for need in self.needs:
            path = str(need.path)
            if need.source and (len(need.files) <= _AT_ONCE or is_mesh):
                task = {"Source": need.source, "Palette": path, **self._constants(direct)}
                direct.tasks.append(
                    {**task, "Mask": str(Path(self.recipe.mask).absolute())} if mask else task
                )
                continue
            masks = [mask for texture in need.textures for mask in self.recipe.mask_for(texture)]
            stem = need.path.with_suffix("")
            for number, (file, covering) in enumerate(zip(need.files, masks), start=1):
                task = {"Source": str(file.absolute()), "Counts": f"{stem}.{number:06}.npz"}
                counting.tasks.append({**task, "Mask": str(covering.absolute())} if covering else task)
            adding.tasks.append({"Counts": f"{stem}.<f>.npz", "Palette": path, **self._constants(adding)})
        return [step for step in (direct, counting, adding) if step.tasks]

    def _need(self, textures: tuple[Texture, ...], source: str, home: Path, called: str) -> PaletteNeed:
        """Note that a palette is to be found, whose name differs with all that decides it."""
        told = [self.recipe.to_json(), *(str(path.absolute()) for each in textures for path in each.paths)]
        digest = hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        plain = "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in called)
        need = PaletteNeed(textures, source, home / FOLDER_NAME / f"{plain}-{digest}.json")
        self.needs.append(need)
        return need

    def _task(
        self,
        step: Step,
        source: Path,
        target: Path,
        mask: Path | None = None,
        need: PaletteNeed | None = None,
    ) -> dict[str, str]:
        task = {"Source": str(source.absolute()), "Target": str(target.absolute()), **self._constants(step)}
        if Slot("Mask") in step.arguments and mask is not None:
            task["Mask"] = str(mask.absolute())
        if need is not None:
            task["Palette"] = str(need.path)
        return task

    def _constants(self, step: Step) -> dict[str, str]:
        """Return what stands in those slots of a step that are alike for all its tasks."""
        return {
            part.name: str(Path(self.given[part.name.lower()]).absolute())
            for part in step.arguments
            if isinstance(part, Slot) and part.name in ("Like", "Ocio")
        } | ({"Palette": str(Path(self.given["palette"]).absolute())} if self.given.get("palette") else {})

    def _flags(self, names: Collection[str]) -> list[Argument]:
        """Return what a command line says of those fields of the recipe that are asked for."""
        flags: list[Argument] = []
        for known in FIELDS:
            value, default = self.given.get(known.name), getattr(Settings(), known.name, None)
            if known.name not in names or value in (None, "", ()) or value == default:
                continue
            option = f"--{known.option}"
            if known.form == "switch":
                flags.append(option if value else f"--no-{known.option}")
            elif known.form == "on":
                flags += [option] if value else []
            elif known.form == "file" or (known.name == "ocio" and Path(str(value)).is_file()):
                flags += [option, Slot(known.name.capitalize())]
            elif known.form in ("colors", "pairs"):
                for each in value:
                    flags += [option, *([each] if known.form == "colors" else each)]
            else:
                flags += [option, str(value)]
        return flags
