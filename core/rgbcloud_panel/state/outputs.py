"""What leaves the panel: reduced textures, palettes and clouds."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud import RgbcloudError, save_cloud, save_palette
from rgbcloud.images import check_not_source, write_file
from rgbcloud_panel.host import Task
from rgbcloud_panel.work import cluster_masks, writing
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud import ColorBy, Palette, PointCloud, Progress, Recipe
    from rgbcloud_panel.host import Host, PanelTexture
    from rgbcloud_panel.work.background import Background
    from rgbcloud_panel.work.exact_result import Exact


class Outputs:
    """Writes files, and has the host adopt them.

    `tell` is told what the user is to know, `adopted` the textures whose reduced files the host has adopted.
    """

    def __init__(
        self,
        host: Host,
        background: Background,
        tell: Callable[[Message | None], object],
        adopted: Callable[[Sequence[PanelTexture]], object],
    ) -> None:
        self._host = host
        self._background = background
        self._tell = tell
        self._adopted = adopted

    @property
    def is_writing(self) -> bool:
        """Whether files are being written."""
        return self._background.is_shown("write")

    def reduce(self, wanted: Sequence[tuple[PanelTexture, Recipe]]) -> None:
        """Reduce textures, each by its recipe; the user is asked before a file is replaced.

        Raises
        ------
        RgbcloudError
            If the host has no place for one.
        """
        tasks = [self._host.plan(ref, recipe) for ref, recipe in wanted]
        there = [path for task in tasks for path in task.replaces]
        if there:
            others = f" and {len(there) - 1} more are" if len(there) > 1 else " is"
            text = f"{there[0].name}{others} there already."
            self._tell(Message(text, action="Replace", act=lambda: self._write(tasks)))
        else:
            self._write(tasks)

    def save_as(self, ref: PanelTexture, recipe: Recipe, path: Path) -> None:
        """Reduce a texture of one file into a file of this name, replacing what is there."""
        self._write([Task(ref, partial(writing.write_texture, ref, (path,), recipe))])

    def _write(self, tasks: list[Task]) -> None:
        self._background.show("write", 0.0, "reducing")
        self._background.run("write", partial(writing.write_all, tasks), self._finish_writing, self._fail)

    def _finish_writing(self, written: writing.Written) -> None:
        if written.results:
            try:
                self._host.adopt(written.results)
            except RgbcloudError as error:
                self._fail(error)
                return
        lines = list(written.errors)
        for result in written.results:
            before = sum(report.bytes_before for report in result.reports)
            after = sum(report.bytes_after for report in result.reports)
            lines.append(f"{result.files[0].name}: {file_size(after)} instead of {file_size(before)}")
            lines += result.notes
        self._tell(Message(". ".join(lines), is_error=bool(written.errors)))
        self._adopted([result.ref for result in written.results])

    def export_palette(self, palette: Palette, path: Path) -> None:
        """Write a palette into a file, replacing what is there."""
        try:
            save_palette(path, palette, overwrite=True)
        except RgbcloudError as error:
            self._fail(error)
        else:
            self._tell(Message(f"saved {path.name}"))

    def export_mask(self, exact: Exact, index: int | None, path: Path) -> None:
        """Write a cluster as a mask, or all of them as an ID map; what is there is replaced."""

        def write() -> Path:
            made, masks = exact.reduction, cluster_masks
            data = masks.id_map_png(made) if index is None else masks.mask_png(made, index)
            check_not_source(path, Path(made.image.name))
            return write_file(path, data, overwrite=True)

        self._export("writing the mask", write)

    def export_cloud(self, cloud: PointCloud, path: Path, color_by: ColorBy) -> None:
        """Write a cloud into a file, replacing what is there."""
        self._export("writing the cloud", lambda: save_cloud(path, cloud, color_by=color_by, overwrite=True))

    def _export(self, text: str, write: Callable[[], Path]) -> None:
        """Write a file in the background, and tell its name."""

        def work(progress: Progress) -> Path:
            progress(0.0, text)
            return write()

        self._background.show("write", 0.0, text)
        self._background.run(
            "write", work, lambda saved: self._tell(Message(f"saved {saved.name}")), self._fail
        )

    def _fail(self, error: Exception) -> None:
        self._tell(Message.of_error(error))


def file_size(count: int) -> str:
    """Return a number of bytes as people write it: ``"1.4 MB"``."""
    if count < 1000:
        return f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5 or unit == "GB":
            break
    return f"{value:.1f} {unit}" if value < 99.95 else f"{value:.0f} {unit}"
