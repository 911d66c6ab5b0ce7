"""What the panel knows and does, without a widget: textures, settings, palette, results, messages.

Data flows one way. Widgets call methods; these change the state, ask for work, and tell by topic what has
changed; widgets then read the properties again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Callable, Literal, Protocol, TypeVar

from rgbcloud import (
    CancelledError,
    InvalidArgumentError,
    Palette,
    RgbcloudError,
    Settings,
    load_palette,
    save_cloud,
    save_palette,
)
from rgbcloud_panel import editing, jobs
from rgbcloud_panel.editing import EditedPalette
from rgbcloud_panel.events import Events
from rgbcloud_panel.goals import Goals
from rgbcloud_panel.host import Task
from rgbcloud_panel.masks import Masks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from rgbcloud import ColorBy, PointCloud, Progress, Report
    from rgbcloud_panel.events import Topic
    from rgbcloud_panel.host import Host, OpenFiles, Scene, TextureRef
    from rgbcloud_panel.pyramid import Region

_log = logging.getLogger(__name__)
Result = TypeVar("Result")

Lane = Literal["load", "view", "points", "choose", "exact", "difference", "write", "thumbnail"]
"""In each lane one piece of work runs at a time, and the newest request wins."""
_SHOWN_LANES: tuple[Lane, ...] = ("write", "load", "choose", "exact")


_LANES_OF_A_TEXTURE: tuple[Lane, ...] = ("load", "view", "points", "choose", "exact", "difference")
_OF_A_TEXTURE: tuple[Topic, ...] = (
    "source", "counted", "cloud", "palette", "after", "picked", "difference", "numbers",
    "history",
)  # fmt: skip


class Executor(Protocol):
    """Runs work in the background and answers on the main thread."""

    def submit(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object],
        told: Callable[[float, str], object],
    ) -> None:
        """Run `work`, in place of whatever the lane was asked for before, which gets no answer any more."""

    def cancel(self, lane: Lane) -> None:
        """Drop what the lane was asked for: it gets no answer."""


@dataclass(frozen=True)
class Message:
    """One sentence or a few for the user, and what can be done about it."""

    text: str
    is_error: bool = False
    action: str = ""
    act: Callable[[], object] | None = None


@dataclass(frozen=True)
class Look:
    """What undo goes back to: the settings, and the palette if a hand has changed it."""

    settings: Settings
    edited: EditedPalette | None = None


class Session:
    """The panel's state.

    Parameters
    ----------
    host : Host
        Only ever called on the thread that calls the session.
    executor : Executor
    """

    def __init__(self, host: Host, executor: Executor) -> None:
        self.events = Events()
        self._host = host
        self._executor = executor
        self.textures: tuple[TextureRef, ...] = ()
        self.chosen: tuple[TextureRef, ...] = ()
        self.thumbnails: dict[str, jobs.Thumbnail | None] = {}
        """By key; None where there is none to be had."""
        self.shared = False
        """Whether all chosen textures get one palette."""
        self.picture: jobs.Picture | None = None
        self.counted: jobs.Counted | None = None
        self.cloud: PointCloud | None = None
        self.rebuilt: jobs.Rebuilt | None = None
        """The quick result; None once the exact one is there."""
        self.exact: jobs.Exact | None = None
        self.ssim: float | None = None
        self.palette: Palette | None = None
        self.picked: int | None = None
        self.message: Message | None = None
        self._progress: dict[Lane, tuple[float, str]] = {}
        self.difference: jobs.Difference | None = None
        self._compares = False
        self._is_rebuilding = self._settles_later = False
        self._region: Region | None = None
        self._look = Look(_remembered_settings(host))
        self._settled = self._look
        self._undo: list[Look] = []
        self._redo: list[Look] = []
        self.masks = Masks(self, self._masked)
        self.goals = Goals(self, host, self._run, self._drop, self._fail)

    # What hosts can do

    @property
    def scene(self) -> Scene | None:
        """The host's scene, or None."""
        return self._host.scene

    @property
    def open_files(self) -> OpenFiles | None:
        """The host's list of files, or None."""
        return self._host.files

    # Textures

    def start(self) -> None:
        """List the host's textures, now and whenever they change."""
        self._host.watch(self.refresh)
        self.refresh()
        self._run("exact", jobs.warm_up, lambda _: None)

    def refresh(self) -> None:
        """Read the host's textures again."""
        self.textures = tuple(self._host.textures())
        by_key = {ref.key: ref for ref in self.textures}
        self.events.emit("textures")
        chosen = tuple(by_key[ref.key] for ref in self.chosen if ref.key in by_key)
        if [ref.files for ref in chosen] == [ref.files for ref in self.chosen]:
            self.chosen = chosen  # names or what uses them may have changed
        else:
            self.choose([ref.key for ref in chosen])
        self._read_thumbnails()

    def choose(self, keys: Iterable[str]) -> None:
        """Work on the textures of these keys; the first is shown in the picture."""
        by_key = {ref.key: ref for ref in self.textures}
        chosen = tuple(by_key[key] for key in keys)
        if chosen == self.chosen:
            return
        files_before = self._files
        self.chosen = chosen
        self.events.emit("chosen")
        if self._files != files_before:
            self._load()

    def share(self, shared: bool) -> None:
        """Give all chosen textures one palette, or each its own."""
        if shared != self.shared:
            files_before = self._files
            self.shared = shared
            self.events.emit("chosen")
            if self._files != files_before:
                self._load()

    @property
    def _files(self) -> list[Path]:
        """The files that are counted together, the shown one first."""
        refs = self.chosen if self.shared else self.chosen[:1]
        return list(dict.fromkeys(path for ref in refs for path in ref.files))

    @property
    def counts_one_file(self) -> bool:
        """Whether the colours are those of the picture alone."""
        return len(self._files) == 1

    def _masked(self) -> None:
        self.events.emit("chosen")
        self._load()

    def _load(self) -> None:
        for lane in _LANES_OF_A_TEXTURE:
            self._drop(lane)
        self._is_rebuilding = self._settles_later = False
        self.picture = self.counted = self.cloud = self.rebuilt = self.exact = None
        self.ssim = self.palette = self.picked = self.difference = self._region = None
        self._look = self._settled = replace(self._look, edited=None)
        self._undo, self._redo = [], []
        self.events.emit(*_OF_A_TEXTURE)
        if self._files:
            self._run("load", partial(jobs.load, self._files[0]), self._loaded)

    def _loaded(self, picture: jobs.Picture) -> None:
        self.picture = picture
        self.events.emit("source")
        masks = self.masks.by_file(self.chosen)
        work = partial(jobs.count, picture.image, self._files, masks, self.settings.seed)
        self._run("load", work, self._have_counted)

    def _have_counted(self, counted: jobs.Counted) -> None:
        self.counted = counted
        self.cloud = counted.cloud
        self.events.emit("counted", "cloud", "numbers")
        self._preview()

    def _read_thumbnails(self) -> None:
        missing = [ref for ref in self.textures if ref.key not in self.thumbnails]
        if not missing:
            return
        ref = missing[0]

        def keep(thumbnail: jobs.Thumbnail | None) -> None:
            self.thumbnails[ref.key] = thumbnail
            self.events.emit("thumbnail")
            self._read_thumbnails()

        self._run("thumbnail", partial(jobs.thumbnail, ref.files), keep, lambda _error: keep(None))

    # Settings and palette

    @property
    def settings(self) -> Settings:
        """What the palette is made with."""
        return self._look.settings

    @property
    def written_settings(self) -> Settings:
        """What chosen textures are reduced with: every cluster locked, if they are edited or shared."""
        edited = self._look.edited
        if edited is None and self.shared and len(self.chosen) > 1 and self.exact is not None:
            edited = EditedPalette.of(self.exact.palette)
        return _with_colors(self.settings, edited)

    @property
    def look(self) -> Look:
        """The settings and the edited palette: what `restore` takes."""
        return self._look

    def restore(self, look: Look) -> None:
        """Go back to settings and palette of before, such as those before a dialog was cancelled."""
        self._show(look)
        if look.edited is not None:
            self._adopt_palette(look.edited.palette)

    @property
    def edited(self) -> bool:
        """Whether the palette is one that a hand has changed."""
        return self._look.edited is not None

    def change(self, **values: object) -> None:
        """Change fields of the settings; the palette is then made anew."""
        try:
            settings = replace(self.settings, **values)  # type: ignore[arg-type] # Settings checks them
        except InvalidArgumentError as error:
            self._fail(error)
            return
        self._show(Look(settings))

    def recolor(self, index: int, color: Sequence[int]) -> None:
        """Give the texels of a cluster another colour, three ints in 0..255."""
        if self.palette is not None:
            self._edit(editing.recolored(self._editable(self.palette), index, color))

    def merge(self, indices: Collection[int]) -> None:
        """Make one palette colour of several."""
        if self.palette is not None and len(indices) > 1:
            self._edit(editing.merged(self._editable(self.palette), indices))

    def move(self, index: int, to: int) -> None:
        """Put a palette colour into another place of the order."""
        if self.palette is not None and index != to:
            self._edit(editing.moved(self._editable(self.palette), index, to))

    def lock(self, indices: Collection[int]) -> None:
        """Lock palette colours, which stay as they are whatever is clustered; unlock them if all are."""
        if self.palette is None or not indices:
            return
        names, locked = self.palette.to_hex(), self.settings.locked
        chosen = list(dict.fromkeys(names[index] for index in sorted(indices)))
        if set(chosen) <= set(locked):
            self.change(locked=tuple(name for name in locked if name not in chosen))
        else:
            self.change(locked=locked + tuple(name for name in chosen if name not in locked))

    @property
    def locked(self) -> frozenset[int]:
        """The indices of the locked colours in the palette that is shown."""
        locked = self.settings.locked
        if self.palette is None or not locked:
            return frozenset()
        return frozenset(index for index, name in enumerate(self.palette.to_hex()) if name in locked)

    def load_palette(self, path: Path) -> None:
        """Work with the colours of a palette file."""
        self._ask_host(lambda: self.take_palette(load_palette(path)))

    def take_palette(self, palette: Palette) -> None:
        """Work with these colours instead of clustered ones."""
        self._edit(EditedPalette.of(palette))

    def reset(self) -> None:
        """Go back from an edited palette to the clustered one."""
        if self.edited:
            self._show(Look(self.settings))

    def _editable(self, palette: Palette) -> EditedPalette:
        """Return a palette that is shown, with the clusters that it colours."""
        return self._look.edited or EditedPalette.of(palette)

    def _edit(self, edited: EditedPalette) -> None:
        self._show(Look(self.settings, edited))
        self._adopt_palette(edited.palette)

    def _show(self, look: Look) -> None:
        if look == self._look:
            return
        before, self._look = self._look, look
        if look.settings != before.settings:
            self._host.remember("settings", look.settings.to_json())
        self.events.emit("settings")
        self._preview()

    def _adopt_palette(self, palette: Palette) -> None:
        """Show a palette; the cluster that stands out stays the one of nearest colour."""
        before, self.palette = self.palette, palette
        if before is not None and self.picked is not None:
            self.picked = editing.closest(palette, before.colors[self.picked])
        self.events.emit("palette", "picked")

    def _have_clusters(self, cloud: PointCloud) -> None:
        self.cloud = cloud
        self.events.emit("cloud")

    # Undo

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to undo."""
        return bool(self._undo) or self._look != self._settled

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._redo)

    def undo(self) -> None:
        """Go back to the settings and palette before the last change (a slider's whole way is one)."""
        if self._look != self._settled:
            self._settle()
        if self._undo:
            self._redo.append(self._look)
            self._go_to(self._undo.pop())

    def redo(self) -> None:
        """Take the last undo back."""
        if self._redo:
            self._undo.append(self._look)
            self._go_to(self._redo.pop())

    def _go_to(self, look: Look) -> None:
        self._settled = look
        self.restore(look)
        self.events.emit("history")

    def _settle(self) -> None:
        if self._look != self._settled:
            self._undo.append(self._settled)
            self._redo = []
            self._settled = self._look
            self.events.emit("history")

    # The rebuilt texture

    def look_at(self, region: Region) -> None:
        """Take note of what part of the picture is in view, which is what a quick result is made for."""
        self._region = region
        if self.exact is None:
            self._rebuild()
        self._compare()

    def compare(self, wanted: bool) -> None:
        """Compute the colour difference of what is in view from now on, or no more."""
        self._compares = wanted
        self._compare()

    def _compare(self) -> None:
        if not self._compares or self.exact is None or self.picture is None or self._region is None:
            return
        work = partial(jobs.compare, self.picture.pyramid, self.exact.pyramid, self._region)
        self._run("difference", work, self._have_difference)

    def _have_difference(self, difference: jobs.Difference) -> None:
        self.difference = difference
        self.events.emit("difference")

    def _preview(self) -> None:
        """Show a quick result and ask for an exact one."""
        self._drop("exact")
        self.exact = self.ssim = None
        self._rebuild()
        self.events.emit("numbers", "unsettled")

    def _rebuild(self) -> None:
        if self.picture is None or self.counted is None or self._region is None:
            return
        wanted = self._look.edited or self.settings
        work = partial(jobs.rebuild, self.picture.pyramid, self._region, wanted, self.counted.preview)
        self._is_rebuilding = True
        self._run("view", work, self._have_rebuilt, self._have_not_rebuilt)

    def _have_not_rebuilt(self, error: Exception) -> None:
        self._is_rebuilding = False
        self._fail(error)

    def _have_rebuilt(self, rebuilt: jobs.Rebuilt) -> None:
        self._is_rebuilding = False
        if self._settles_later:
            self._settles_later = False
            self.events.emit("unsettled")
        if self.exact is not None:
            return
        self.rebuilt = rebuilt
        if rebuilt.palette != self.palette:
            self._adopt_palette(rebuilt.palette)
        self.events.emit("after")

    def settle(self) -> None:
        """Compute the exact result, and make what was changed one step of undo.

        While a quick result is on its way that comes first: the two would slow each other down.
        """
        if self._is_rebuilding:
            self._settles_later = True
            return
        self._settle()
        if self.picture is None or self.counted is None or self.goals.seek() or self.exact is not None:
            return
        histogram, is_all = self.counted.histogram, self.counts_one_file
        settings = _with_colors(self.settings, self._look.edited)
        work = partial(jobs.exact, self.picture, histogram, settings, is_all, self.masks.shown)
        self._run("exact", work, self._have_exact)

    def _have_exact(self, exact: jobs.Exact) -> None:
        self._drop("view")
        self._is_rebuilding = False
        self.exact, self.rebuilt = exact, None
        self._adopt_palette(exact.palette)
        self.events.emit("after", "numbers")
        if self.counted is not None:
            work = partial(jobs.clusters_of, self.counted.cloud, self._editable(exact.palette))
            self._run("points", work, self._have_clusters)
        self._compare()
        self._run("exact", partial(jobs.similarity, exact.reduction), self._have_similarity)

    def _have_similarity(self, similarity: float | None) -> None:
        self.ssim = similarity
        self.events.emit("numbers")

    @property
    def report(self) -> Report | None:
        """The figures of the exact result, None while there is none."""
        return None if self.exact is None else replace(self.exact.reduction.report, ssim=self.ssim)

    def texel(self, x: int, y: int) -> jobs.Texel | None:
        """Return what a texel of the shown image is and becomes."""
        if self.picture is None:
            return None
        before = self.picture.image.pixels[y, x]
        if self.exact is not None:
            index = int(self.exact.reduction.image.indices[y, x])
        elif self.palette is not None:
            index = editing.closest(self._editable(self.palette).clusters, before[:3])
        else:
            return jobs.Texel(before[:3], None, None)
        palette = self.exact.palette if self.exact else self.palette
        return jobs.Texel(before[:3], index, None if palette is None else palette.colors[index])

    def pick(self, index: int | None) -> None:
        """Let one cluster stand out in picture, cloud and palette, or none."""
        if index != self.picked:
            self.picked = index
            self.events.emit("picked")

    # Actions

    @property
    def can_reduce(self) -> bool:
        """Whether there is something to reduce, and no other reduction is being written."""
        return bool(self.chosen) and not self.is_writing

    @property
    def is_writing(self) -> bool:
        """Whether files are being written."""
        return "write" in self._progress

    def reduce(self) -> None:
        """Reduce the chosen textures, each with its own palette unless they share one or it is edited."""
        if not self.can_reduce:
            return
        settings = self.written_settings
        tasks: list[Task] = []
        for ref in self.chosen:
            if not self._ask_host(lambda: tasks.append(self._host.plan(ref, settings, self.masks.of(ref)))):  # noqa: B023
                return
        there = [path for task in tasks for path in task.replaces]
        if there:
            others = f" and {len(there) - 1} more are" if len(there) > 1 else " is"
            self.tell(
                Message(
                    f"{there[0].name}{others} there already.",
                    action="Replace",
                    act=lambda: self._write(tasks),
                )
            )
        else:
            self._write(tasks)

    def save_as(self, path: Path) -> None:
        """Reduce the shown texture into a file of this name, replacing what is there."""
        if self.can_reduce and len(self.chosen[0].files) == 1:
            ref = self.chosen[0]
            mask = self.masks.of(ref)
            work = partial(jobs.write_texture, ref, (path,), self.written_settings, mask)
            self._write([Task(ref, work)])

    def _write(self, tasks: list[Task]) -> None:
        self._progress["write"] = (0.0, "reducing")
        self.events.emit("progress")
        self._run("write", partial(jobs.write_all, tasks), self._written)

    def _written(self, written: jobs.Written) -> None:
        if written.results and not self._ask_host(lambda: self._host.adopt(written.results)):
            return
        lines = list(written.errors)
        for result in written.results:
            before = sum(report.bytes_before for report in result.reports)
            after = sum(report.bytes_after for report in result.reports)
            lines.append(f"{result.files[0].name}: {file_size(after)} instead of {file_size(before)}")
            lines += result.notes
        self.tell(Message(". ".join(lines), is_error=bool(written.errors)))
        self.refresh()

    def export_palette(self, path: Path) -> None:
        """Write the palette into a file, replacing what is there."""
        palette = self.palette
        if palette is not None and self._ask_host(lambda: save_palette(path, palette, overwrite=True)):
            self.tell(Message(f"saved {path.name}"))

    def export_cloud(self, path: Path, color_by: ColorBy) -> None:
        """Write the cloud into a file, replacing what is there."""
        cloud = self.cloud
        if cloud is None or self.is_writing:
            return

        def work(progress: Progress) -> Path:
            progress(0.0, "writing the cloud")
            return save_cloud(path, cloud, color_by=color_by, overwrite=True)

        self._run("write", work, lambda saved: self.tell(Message(f"saved {saved.name}")))

    def open(self, paths: Sequence[Path]) -> None:
        """Open image files and work on them."""
        files = self.open_files
        if files is None:
            return
        known = {ref.key for ref in self.textures}
        self._ask_host(lambda: files.open(paths))
        self.refresh()
        opened = [ref.key for ref in self.textures if ref.key not in known]
        asked = [ref.key for ref in self.textures if ref.files[0] in paths]
        if opened or asked:
            self.choose(opened[:1] or asked[:1])

    def close_chosen(self) -> None:
        """Take the chosen textures off the list."""
        files, chosen = self.open_files, self.chosen
        if files is not None and self._ask_host(lambda: files.close(chosen)):
            self.refresh()

    def in_scene(self, action: Callable[[Scene], object]) -> None:
        """Do something to the host's scene, and read its textures again."""
        scene = self.scene
        if scene is not None and self._ask_host(lambda: action(scene)):
            self.refresh()

    # Work and messages

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the work is that the user waits for, in [0, 1], and what it does; None if there is none."""
        return next((self._progress[lane] for lane in _SHOWN_LANES if lane in self._progress), None)

    def cancel(self) -> None:
        """Stop what the user waits for; what is written already stays."""
        for lane in _SHOWN_LANES:
            if lane in self._progress:
                self._drop(lane)
                self.tell(Message("cancelled"))
                if lane == "choose":
                    self.goals.set(None)
                return

    def tell(self, message: Message | None) -> None:
        """Show a message, or none any more."""
        self.message = message
        self.events.emit("message")

    def _run(
        self,
        lane: Lane,
        work: Callable[[Progress], Result],
        done: Callable[[Result], object],
        failed: Callable[[Exception], object] | None = None,
    ) -> None:
        def over() -> None:
            if self._progress.pop(lane, None):
                self.events.emit("progress")

        def succeed(result: Result) -> None:
            over()
            done(result)

        def fail(error: Exception) -> None:
            over()
            (failed or self._fail)(error)

        def tell(fraction: float, text: str) -> None:
            if lane in _SHOWN_LANES:
                self._progress[lane] = (fraction, text)
                self.events.emit("progress")

        self._executor.submit(lane, work, succeed, fail, tell)

    def _drop(self, lane: Lane) -> None:
        self._executor.cancel(lane)
        if self._progress.pop(lane, None):
            self.events.emit("progress")

    def _ask_host(self, call: Callable[[], object]) -> bool:
        """Whether a call went well; what is wrong is shown otherwise."""
        try:
            call()
        except RgbcloudError as error:
            self._fail(error)
            return False
        return True

    def _fail(self, error: Exception) -> None:
        if isinstance(error, CancelledError):
            return
        if isinstance(error, RgbcloudError):
            self.tell(Message(str(error), is_error=True))
            return
        _log.error("an error that rgbcloud did not expect", exc_info=error)
        self.tell(Message(f"rgbcloud has a bug here ({error}); the log tells more", is_error=True))


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


def _with_colors(settings: Settings, edited: EditedPalette | None) -> Settings:
    """Return settings that lead to just these clusters and colours."""
    if edited is None:
        return settings
    clusters = tuple(edited.clusters.to_hex())
    return replace(settings, colors=len(clusters), locked=clusters, recolored=edited.recolored)


def _remembered_settings(host: Host) -> Settings:
    text = host.remembered("settings")
    if text is None:
        return Settings()
    try:
        return Settings.from_json(text)
    except InvalidArgumentError:  # another release's; it would come up at every start
        return Settings()
