"""Scenes on a farm: `mayapy -m rgbcloud_maya reduce scene.ma --colors 16 --output scene_k16.ma`.

Results go to standard output and messages to standard error, as those of the `rgbcloud` command line do.
"""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rgbcloud_setup import packages

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from rgbcloud import Recipe
    from rgbcloud.budget import Budget
    from rgbcloud_maya.cloud.cloud_options import CloudOptions
    from rgbcloud_maya.reducing.node_jobs import NodeResult
    from rgbcloud_maya.reducing.node_reducing import NodeTexture

DONE, FAILED, WRONG_USE, LARGER, INTERRUPTED = 0, 1, 2, 98, 130
Report = dict[str, Any]  # what --json writes


def main(arguments: Sequence[str] | None = None) -> int:
    """Start Maya, run one command on one scene, and return the exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Left out: what this process was called with.

    Returns
    -------
    int
        0 done, 1 a texture or the scene failed, 2 wrong use, 98 a result that would have been larger was left
        out, 130 interrupted. End the process with ``os._exit``: Maya loses the code otherwise.
    """
    problem = packages.core_problem()
    if problem:
        return _say_error(problem, FAILED)
    from rgbcloud_maya.batch.batch_options import parser

    try:
        options = parser().parse_args(arguments)
    except SystemExit as end:  # help was shown, or the use was wrong
        return int(end.code or DONE)
    # Before Maya starts: on Windows a package's libraries may not load once Maya's are there.
    problem = packages.problem()
    if problem:
        return _say_error(problem, FAILED)
    from rgbcloud import InvalidArgumentError, RgbcloudError

    try:
        run = _SceneRun(options)
    except InvalidArgumentError as error:
        return _say_error(str(error), WRONG_USE)
    except RgbcloudError as error:
        return _say_error(str(error), FAILED)
    try:
        report = run.run()
        _write_report(options.json, report)
    except RgbcloudError as error:
        _write_report(options.json, {"scene": options.scene, "error": str(error)})
        return _say_error(str(error), FAILED)
    except KeyboardInterrupt:
        return _say_error("interrupted", INTERRUPTED)
    if report["failures"]:
        return FAILED
    return LARGER if report.get("larger") else DONE


class _SceneRun:
    """What a command line asks for; made before Maya is started, so that wrong use is told at once."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.recipe = _recipe(options) if options.command in ("reduce", "cloud") else None
        self.budget = _budget(options, self.recipe) if options.command == "reduce" else None
        self.cloud_options = _cloud_options(options) if options.command == "cloud" else None

    def run(self) -> Report:
        """Start Maya, open the scene, do the work, save; return the report.

        Raises
        ------
        RgbcloudError
            If the scene cannot be opened or saved, or nothing came of the work: nothing is saved then.
        """
        from rgbcloud.images import check_writable
        from rgbcloud_maya.scene.scene_errors import SceneError

        options = self.options
        if not Path(options.scene).is_file():
            raise SceneError(f"there is no scene {options.scene}")
        if "output" in options:
            check_writable(Path(options.output), overwrite=options.overwrite)
            _make_folder(Path(options.output).parent)
        _start_maya()
        from rgbcloud_maya.batch import scene_files

        ignore_errors = options.ignore_errors or options.command in ("list", "collect")
        missing = scene_files.open_scene(options.scene, _project(options), ignore_errors=ignore_errors)
        for text in missing:
            _say_error(f"{options.scene}: {text}", FAILED)
        report = {"scene": options.scene, "command": options.command, "missing": missing, "failures": 0}
        report.update(getattr(self, f"_{options.command}")())
        if "output" in options:
            scene_files.save_scene(options.output)
            report["output"] = options.output
        return report

    def _list(self) -> Report:
        found = _textures(self.options.nodes)
        for texture in found:
            reduced = texture.recipe.tag() if texture.recipe else "original"
            _say(f"{texture.node}: {texture.node_type}, {reduced}, {texture.color_space}, {texture.original}")
        return {"textures": [{**vars(texture), "recipe": _as_json(texture.recipe)} for texture in found]}

    def _reduce(self) -> Report:
        from rgbcloud_maya import reduce
        from rgbcloud_maya.reducing.node_jobs import WOULD_BE_HEAVIER

        assert self.recipe is not None
        nodes = [texture.node for texture in _some_textures(self.options.nodes)]
        options = self.options
        results = reduce(
            nodes,
            self.recipe,
            folder=options.folder,
            force=options.force,
            surface=options.camera or options.surface,
            budget=self.budget,
        )
        for result in results:
            _tell(result)
        if self.budget is not None:
            _say_error("\n".join(self.budget.lines()), DONE)
        failures = sum(result.status == "failed" for result in results)
        return {
            "recipe": _as_json(self.recipe),
            "textures": [_result_as_json(result) for result in results],
            "failures": failures,
            "larger": sum(result.why == WOULD_BE_HEAVIER for result in results),
            **({} if self.budget is None else {"budget": self.budget.as_dict()}),
        }

    def _cloud(self) -> Report:
        from rgbcloud_maya import build_cloud

        assert self.recipe is not None
        assert self.cloud_options is not None
        nodes = [texture.node for texture in _some_textures(self.options.nodes)]
        root = build_cloud(nodes, self.recipe, self.cloud_options)
        _say(f"{root}: the colours of {', '.join(nodes)}")
        return {"recipe": _as_json(self.recipe), "cloud": root, "textures": nodes}

    def _collect(self) -> Report:
        from rgbcloud_maya.batch.collecting import MANIFEST, collect
        from rgbcloud_maya.scene.project_paths import ProjectPaths

        folder = Path(ProjectPaths.current().full(self.options.folder))
        nodes = [texture.node for texture in _textures(self.options.nodes)]
        entries = collect(folder, nodes, overwrite=self.options.overwrite)
        for entry in entries:
            _say(f"{entry['node']}: {', '.join(file['file'] for file in entry['files'])}")
        _say(f"{folder / MANIFEST}: {len(entries)} textures")
        return {"textures": entries, "folder": str(folder)}

    def _revert(self) -> Report:
        from rgbcloud_maya import revert

        reduced = [texture.node for texture in _textures(self.options.nodes) if texture.recipe]
        reverted = revert(reduced, keep_missing=self.options.keep_missing) if reduced else []
        for result in reverted:
            _tell(result)
        return {"textures": [_result_as_json(result) for result in reverted]}


def _make_folder(folder: Path) -> None:
    """Make the folder that a scene is to be saved in, before hours of work that could not be saved."""
    from rgbcloud.errors import reason_of
    from rgbcloud_maya.scene.scene_errors import SceneError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = reason_of(error)
        raise SceneError(f"cannot make the folder {folder}: {reason}; choose another output") from error


def _project(options: argparse.Namespace) -> Path | None:
    """Return the project's folder: the nearest above the scene that has a workspace.mel, if none is said."""
    if options.project:
        return Path(options.project).absolute()
    above = Path(options.scene).absolute().parents
    return next((folder for folder in above if (folder / "workspace.mel").is_file()), None)


def _recipe(options: argparse.Namespace) -> Recipe:
    """Return the recipe that is asked for; its relative paths are the project's."""
    from rgbcloud import FIELDS, Recipe

    values = {field.name: getattr(options, field.name) for field in FIELDS if field.name in options}
    project = _project(options) or Path.cwd()
    for field in FIELDS:
        if field.form == "file" and values.get(field.name):
            values[field.name] = (project / values[field.name]).as_posix()
    return Recipe.of(**values)


def _budget(options: argparse.Namespace, recipe: Recipe | None) -> Budget | None:
    """Return the budget that is asked for, if any."""
    if options.total_bytes is None or recipe is None:
        return None
    from rgbcloud.budget import Budget, bytes_of, check_recipe

    check_recipe(recipe)
    return Budget(bytes_of(options.total_bytes))


def _cloud_options(options: argparse.Namespace) -> CloudOptions:
    from rgbcloud_maya.cloud.cloud_options import CloudOptions

    # --linear is about what textures store
    names = {
        "linear_display" if field.name == "linear" else field.name: field.name
        for field in fields(CloudOptions)
    }
    return CloudOptions(**{field: getattr(options, name) for name, field in names.items() if name in options})


def _start_maya() -> None:
    import maya.standalone

    maya.standalone.initialize(name="python")  # type: ignore[no-untyped-call]


def _textures(nodes: Sequence[str] | None) -> list[NodeTexture]:
    """Return the scene's image nodes, or those that some nodes are or lead to."""
    from rgbcloud_maya import textures
    from rgbcloud_maya.nodes.image_nodes import find_image_nodes

    wanted = {node.name for node in find_image_nodes(nodes)} if nodes else None
    return [texture for texture in textures() if wanted is None or texture.node in wanted]


def _some_textures(nodes: Sequence[str] | None) -> list[NodeTexture]:
    from rgbcloud_maya.scene.scene_errors import SceneError

    found = _textures(nodes)
    if not found:
        raise SceneError("the scene has no image nodes")
    return found


def _tell(result: NodeResult) -> None:
    """Print what became of a node."""
    if result.message:
        _say_error(result.message, FAILED)
    if result.reduction is not None:
        for member in result.reduction.members:
            _say(f"{result.node}: {member.report.name} -> {member.target}: {member.report.summary()}")
    elif result.status != "failed":
        _say(f"{result.node}: {result.status}, {result.path}")


def _as_json(recipe: Recipe | None) -> Any:
    return None if recipe is None else json.loads(recipe.to_json())


def _result_as_json(result: NodeResult) -> Report:
    """Return what became of a node as JSON can hold it."""
    described: Report = {
        "node": result.node,
        "status": result.status,
        "path": result.path,
        "message": result.message,
    }
    if result.reduction is not None:
        described["palette"] = result.reduction.palette.to_hex()
        described["reports"] = [member.report.as_dict() for member in result.reduction.members]
        described["notes"] = list(result.reduction.notes)
    return described


def _write_report(path: str | None, report: Report) -> None:
    if path is None:
        return
    text = json.dumps(report, indent=2) + "\n"
    if path == "-":
        sys.stdout.write(text)
        return
    from rgbcloud.images import write_file

    write_file(path, text.encode(), overwrite=True)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _say_error(message: str, code: int) -> int:
    sys.stderr.write(f"rgbcloud: {message}\n")
    return code
