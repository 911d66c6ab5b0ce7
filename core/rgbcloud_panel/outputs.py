"""What leaves the panel: reduced textures, palettes and clouds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rgbcloud import save_cloud, save_palette
from rgbcloud_panel import reducing
from rgbcloud_panel.background import Message
from rgbcloud_panel.editing import EditedPalette
from rgbcloud_panel.host import Task

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud import ColorBy, Goal, Progress, Settings
    from rgbcloud_panel.background import Background
    from rgbcloud_panel.host import Host
    from rgbcloud_panel.session import Session


class Outputs:
    """Writes what the session shows.

    Parameters
    ----------
    session : Session
    host : Host
        Plans what is written, and adopts it.
    background : Background
    """

    def __init__(self, session: Session, host: Host, background: Background) -> None:
        self._session = session
        self._host = host
        self._background = background

    @property
    def settings(self) -> Settings:
        """What chosen textures are reduced with: every cluster locked, if they are edited or shared."""
        session = self._session
        look = session.look
        if look.edited is None and session.shares and session.exact is not None:
            look = replace(look, edited=EditedPalette.of(session.exact.palette))
        return look.fixed_settings

    @property
    def goal(self) -> Goal | None:
        """What numbers of colours are still to be chosen for: each of several textures needs its own."""
        session = self._session
        if session.edited or session.shares:
            return None
        is_answered = len(session.chosen) == 1 and not session.goals.is_open
        return None if is_answered else session.goals.goal

    @property
    def can_reduce(self) -> bool:
        """Whether there is something to reduce, and no other reduction is being written."""
        chosen = self._session.chosen
        return bool(chosen) and all(ref.files for ref in chosen) and not self.is_writing

    @property
    def is_writing(self) -> bool:
        """Whether files are being written."""
        return self._background.is_shown("write")

    def reduce(self) -> None:
        """Reduce the chosen textures, each with its own palette unless they share one or it is edited."""
        if not self.can_reduce:
            return
        if self._session.shares and self._session.is_deep:
            advice = "reduce them as a set, or with --shared-palette on the command line"
            msg = f"a palette of more than 8 bits a channel is not shared here; {advice}"
            self._background.tell(Message(msg, is_error=True))
            return
        tasks: list[Task] = []
        if not self._background.goes_well(lambda: tasks.extend(self._plans())):
            return
        there = [path for task in tasks for path in task.replaces]
        if there:
            others = f" and {len(there) - 1} more are" if len(there) > 1 else " is"
            self._background.tell(
                Message(
                    f"{there[0].name}{others} there already.",
                    action="Replace",
                    act=lambda: self._write(tasks),
                )
            )
        else:
            self._write(tasks)

    def _plans(self) -> list[Task]:
        settings, goal, masks = self.settings, self.goal, self._session.masks
        return [self._host.plan(ref, settings, masks.of(ref), goal) for ref in self._session.chosen]

    def save_as(self, path: Path) -> None:
        """Reduce the shown texture into a file of this name, replacing what is there."""
        session = self._session
        if self.can_reduce and len(session.chosen[0].files) == 1:
            ref = session.chosen[0]
            work = partial(
                reducing.write_texture, ref, (path,), self.settings, session.masks.of(ref), self.goal
            )
            self._write([Task(ref, work)])

    def _write(self, tasks: list[Task]) -> None:
        self._background.show("write", 0.0, "reducing")
        self._background.run("write", partial(reducing.write_all, tasks), self._written)

    def _written(self, written: reducing.Written) -> None:
        adopt = partial(self._host.adopt, written.results)
        if written.results and not self._background.goes_well(adopt):
            return
        lines = list(written.errors)
        for result in written.results:
            before = sum(report.bytes_before for report in result.reports)
            after = sum(report.bytes_after for report in result.reports)
            lines.append(f"{result.files[0].name}: {file_size(after)} instead of {file_size(before)}")
            lines += result.notes
        self._background.tell(Message(". ".join(lines), is_error=bool(written.errors)))
        self._session.refresh()

    def export_palette(self, path: Path) -> None:
        """Write the palette into a file, replacing what is there."""
        palette = self._session.palette
        if palette is not None and self._background.goes_well(
            lambda: save_palette(path, palette, overwrite=True)
        ):
            self._background.tell(Message(f"saved {path.name}"))

    def export_cloud(self, path: Path, color_by: ColorBy) -> None:
        """Write the cloud into a file, replacing what is there."""
        cloud = self._session.cloud
        if cloud is None or self.is_writing:
            return

        def work(progress: Progress) -> Path:
            progress(0.0, "writing the cloud")
            return save_cloud(path, cloud, color_by=color_by, overwrite=True)

        tell = self._background.tell
        self._background.run("write", work, lambda saved: tell(Message(f"saved {saved.name}")))


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
