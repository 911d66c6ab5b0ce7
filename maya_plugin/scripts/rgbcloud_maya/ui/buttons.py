"""What the buttons of the shelf and the entries of the menu do: act on the selection and say what came of it.

Each starts work that is one undo step. They never raise what a user could mend: that is shown instead.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Callable

from maya import cmds

from rgbcloud_maya.scene import messages
from rgbcloud_setup import packages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from rgbcloud import Recipe
    from rgbcloud_maya.reducing.node_jobs import NodeResult

PALETTE_SIZES = (3, 7, 16, 64, 256)
"""What the menus offer; 16 is what is taken without a menu."""
DEFAULT_COLORS = 16
_KEEP, _REVERT, _CANCEL = "Keep the reduced", "Revert all the same", "Cancel"
_NAMED = 5  # missing originals in a dialog


def _button(work: Callable[..., str]) -> Callable[..., None]:
    """Turn a function that returns what it did into one that shows it, or shows why it could not."""

    @functools.wraps(work)
    def pressed(*arguments: object) -> None:
        missing = packages.problem()
        if missing:
            messages.error(f"rgbcloud: {missing}")
            return
        from rgbcloud import CancelledError, RgbcloudError

        try:
            text = work(*arguments)
        except CancelledError as cancelled:
            messages.warning(f"rgbcloud: {cancelled}")
        except RgbcloudError as error:
            messages.error(f"rgbcloud: {error}")
        else:
            messages.done(f"rgbcloud: {text}")

    return pressed


def _run(function: str, *arguments: object, **values: object) -> Any:
    """Return what a function of `rgbcloud_maya` returns, while Maya's progress bar shows how far it is."""
    import rgbcloud_maya
    from rgbcloud_maya.scene.progress_bar import main_progress_bar

    with main_progress_bar() as progress:
        return getattr(rgbcloud_maya, function)(*arguments, progress=progress, **values)


def _recipe(colors: int) -> Recipe:
    from rgbcloud import Recipe

    return Recipe.of(colors=colors)


@_button
def reduce(colors: int = DEFAULT_COLORS) -> str:
    """Reduce the textures of the selection."""
    return _summary(_run("reduce", None, _recipe(colors)))


@_button
def reduce_by_surface(colors: int = DEFAULT_COLORS) -> str:
    """Reduce the textures of the selection by what models show of them."""
    return _summary(_run("reduce", None, _recipe(colors), surface=True))


@_button
def show_error() -> str:
    """Show the error of the selection's reduced textures on models, or the textures again."""
    nodes = _run("toggle_errors")
    return (
        f"{', '.join(nodes)}: the error, bright from a CIEDE2000 of 10 on" if nodes else "the textures again"
    )


@_button
def revert() -> str:
    """Bring back the originals of the selection."""
    return _revert_nodes(None)


@_button
def revert_all() -> str:
    """Bring back all originals of the scene."""
    import rgbcloud_maya

    return _revert_nodes([texture.node for texture in rgbcloud_maya.textures() if texture.recipe])


@_button
def cloud(colors: int = DEFAULT_COLORS) -> str:
    """Build the cloud of the selection, or rebuild it with another palette."""
    root = _run("build_cloud", None, _recipe(colors))
    return f"{root.rpartition('|')[2]} shows the colours of the selection and its palette of {colors}"


@_button
def remove_cloud() -> str:
    """Remove the selected cloud, or the only one."""
    import rgbcloud_maya

    rgbcloud_maya.remove_cloud()
    return "the cloud is removed"


@_button
def apply_locators() -> str:
    """Rebuild the textures of a cloud with the colours that its locators were moved to."""
    return _summary(_run("apply_locators"))


@_button
def panel() -> str:
    """Show the panel."""
    _dock().show()
    return "the panel is open"


@_button
def close_panel() -> str:
    """Close the panel."""
    _dock().close()
    return "the panel is closed"


def _dock() -> ModuleType:
    from rgbcloud_maya.scene.scene_errors import SceneError

    missing = packages.problem(panel=True)
    if missing:
        raise SceneError(missing)
    try:
        from rgbcloud_maya.ui import dock
    except ImportError as error:
        raise SceneError(f"the panel needs Qt.py ({error}); run install_rgbcloud.py again") from error
    return dock


def _summary(results: Sequence[NodeResult]) -> str:
    """Return what came of reducing nodes, in a line."""
    from rgbcloud_maya.reducing.node_jobs import WOULD_BE_HEAVIER

    reductions = {id(result.reduction): result.reduction for result in results if result.reduction}
    reports = [member.report for reduction in reductions.values() for member in reduction.members]
    before = sum(report.bytes_before for report in reports)
    after = sum(report.bytes_after for report in reports)
    sizes = {len(reduction.palette) for reduction in reductions.values()}
    colors = f" to {sizes.pop()} colours" if len(sizes) == 1 else ""
    parts = []
    for status, words in (
        ("reduced", f"reduced{colors}"),
        ("unchanged", "as they were"),
        ("left out", "left out"),
        ("failed", "failed"),
    ):
        count = sum(result.status == status for result in results)
        if count:
            parts.append(f"{count} {words}")
    heavier = sum(result.is_heavier for result in results)
    if heavier:
        parts.append(f"{heavier} of them heavier than before")
    would_be = sum(result.why == WOULD_BE_HEAVIER for result in results)
    if would_be:
        parts.append(f"{would_be} of them as they {WOULD_BE_HEAVIER}")
    text = f"textures: {', '.join(parts)}"
    return f"{text}; {_megabytes(before)} -> {_megabytes(after)}" if reports else text


def _revert_nodes(nodes: list[str] | None) -> str:
    """Revert nodes, the selection if None; ask first where originals are gone. Returns what came of it."""
    from rgbcloud import CancelledError

    answer = ""
    if nodes != [] and not cmds.about(batch=True):
        answer = _ask_about_missing(_run("missing_originals", nodes))
    if answer == _CANCEL:
        raise CancelledError("cancelled; the scene is as it was")
    results = _run("revert", nodes, keep_missing=answer == _KEEP) if nodes != [] else []
    reverted = [result for result in results if result.status == "reverted"]
    if not results:
        return "all of them show their originals already"
    words = "texture shows its" if len(reverted) == 1 else "textures show their"
    text = f"{len(reverted)} {words} original again"
    missing = sum("missing" in result.why and bool(result.message) for result in reverted)
    if missing:
        text += f", {missing} of which are missing"
    kept = len(results) - len(reverted)
    return f"{text}; {kept} reduced ones are kept, as their originals are missing" if kept else text


def _ask_about_missing(missing: dict[str, str]) -> str:
    """Return what the user wants where originals are gone, "" if none is."""
    if not missing:
        return ""
    lines = [f"{node}: {why}" for node, why in list(missing.items())[:_NAMED]]
    if len(missing) > _NAMED:
        lines.append(f"and {len(missing) - _NAMED} more")
    what = "The original is missing:" if len(missing) == 1 else f"{len(missing)} originals are missing:"
    return str(
        cmds.confirmDialog(
            title="rgbcloud",
            message="\n".join([what, *lines]),
            button=[_KEEP, _REVERT, _CANCEL],
            defaultButton=_KEEP,
            cancelButton=_CANCEL,
            dismissString=_CANCEL,
        )
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.1f} kB"
