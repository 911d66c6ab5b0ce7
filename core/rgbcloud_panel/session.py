"""What the panel knows and does, without a widget: textures, settings, palette, results, messages.

Data flows one way. Widgets call methods; these change the state, ask for work, and tell by topic what has
changed; widgets then read the properties again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

from rgbcloud import InvalidArgumentError, Palette, Settings, load_palette
from rgbcloud.counting.kind import heeding
from rgbcloud_panel import editing, jobs, reducing
from rgbcloud_panel.background import Background, Message
from rgbcloud_panel.editing import EditedPalette
from rgbcloud_panel.events import Events
from rgbcloud_panel.goals import Goals
from rgbcloud_panel.history import History, Look
from rgbcloud_panel.masks import Masks
from rgbcloud_panel.outputs import Outputs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from rgbcloud import PointCloud, Report, Texture
    from rgbcloud_panel.background import Executor, Lane
    from rgbcloud_panel.events import Topic
    from rgbcloud_panel.host import Host, OpenFiles, Scene, TextureRef
    from rgbcloud_panel.pyramid import Region

_OF_COLORS: tuple[Lane, ...] = ("view", "points", "choose", "exact", "difference")
"""Lanes of what depends on how colours were counted."""
_TOPICS_OF_COLORS: tuple[Topic, ...] = (
    "counted", "cloud", "palette", "after", "picked", "difference", "numbers",
)  # fmt: skip


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
        self._background = Background(executor, self.events)
        self.textures: tuple[TextureRef, ...] = ()
        self.chosen: tuple[TextureRef, ...] = ()
        self.thumbnails: dict[str, jobs.Thumbnail | None] = {}
        """By key; None where there is none to be had."""
        self.shared = False
        """Whether all chosen textures are to get one palette."""
        self.picture: jobs.Picture | None = None
        self.counted: jobs.Counted | None = None
        self.cloud: PointCloud | None = None
        self.rebuilt: jobs.Rebuilt | None = None
        """The quick result; None once the exact one is there."""
        self.exact: reducing.Exact | None = None
        self.ssim: float | None = None
        self.palette: Palette | None = None
        self.picked: int | None = None
        self.difference: jobs.Difference | None = None
        self._compares = False
        self._is_rebuilding = self._settles_later = False
        self._region: Region | None = None
        self._history = History(Look(_remembered_settings(host)), self.events)
        self.masks = Masks(self, self._masked)
        self.goals = Goals(self, host, self._background)
        self.outputs = Outputs(self, host, self._background)

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

    def refresh(self) -> None:
        """Read the host's textures again."""
        self.textures = tuple(self._host.textures())
        by_key = {ref.key: ref for ref in self.textures}
        self.events.emit("textures")
        chosen = tuple(by_key[ref.key] for ref in self.chosen if ref.key in by_key)
        if [ref.texture for ref in chosen] == [ref.texture for ref in self.chosen]:
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
        before = self._files, self._texture
        self.chosen = chosen
        self.events.emit("chosen")
        if (self._files, self._texture) != before:
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
    def shares(self) -> bool:
        """Whether several textures get one palette."""
        return self.shared and len(self.chosen) > 1

    @property
    def _files(self) -> list[Path]:
        """The files that are counted together, the shown one first."""
        refs = self.chosen if self.shared else self.chosen[:1]
        return list(dict.fromkeys(path for ref in refs for path in ref.files))

    @property
    def _texture(self) -> Texture | None:
        """The shown texture; None where its files cannot be found, or nothing is chosen."""
        refs = self.chosen if self.shared else self.chosen[:1]
        return next((ref.texture for ref in refs if ref.texture is not None), None)

    def heeded(self, settings: Settings) -> Settings:
        """Return settings with what the host says of the shown texture, where they leave it open."""
        return settings if self._texture is None else heeding(settings, self._texture)[0]

    def _load(self) -> None:
        self._background.drop("load")
        self._forget_colors()
        self.picture = self._region = None
        self._history.restart()
        self.events.emit("source", *_TOPICS_OF_COLORS, "history")
        if self._files:
            self._read()
        elif self.chosen:
            self.tell(Message(self.chosen[0].problem, is_error=True))

    def _read(self) -> None:
        """Read the picture; what is shown of an earlier one stays until it is there."""
        work = partial(jobs.load, self._files[0], self.heeded(self.settings).linear)
        self._background.run("load", work, self._loaded)

    def _loaded(self, picture: jobs.Picture) -> None:
        self.picture = picture
        self._forget_colors()
        self.events.emit("source", *_TOPICS_OF_COLORS)
        self._count()

    def _masked(self) -> None:
        """Count again; the picture, the settings and what a hand has edited stay."""
        self.events.emit("chosen")
        if self.picture is not None:
            self._forget_colors()
            self.events.emit(*_TOPICS_OF_COLORS)
            self._count()

    def _forget_colors(self) -> None:
        for lane in _OF_COLORS:
            self._background.drop(lane)
        self._is_rebuilding = self._settles_later = False
        self.counted = self.cloud = self.rebuilt = self.exact = None
        self.ssim = self.palette = self.picked = self.difference = None

    def _count(self) -> None:
        if self.picture is None:
            return
        files, masks = self._files, self.masks.by_file(self.chosen)
        work = partial(jobs.count, self.picture, files, masks, self.heeded(self.settings))
        self._background.run("load", work, self._have_counted)

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

        self._background.run("thumbnail", partial(jobs.thumbnail, ref.files), keep, lambda _error: keep(None))

    # Settings and palette

    @property
    def settings(self) -> Settings:
        """What the palette is made with."""
        return self._history.look.settings

    @property
    def look(self) -> Look:
        """The settings and the edited palette: what `restore` takes."""
        return self._history.look

    def restore(self, look: Look) -> None:
        """Go back to settings and palette of before, such as those before a dialog was cancelled."""
        self._show(look)
        if look.edited is not None:
            self._adopt_palette(look.edited.palette)

    @property
    def edited(self) -> bool:
        """Whether the palette is one that a hand has changed."""
        return self._history.look.edited is not None

    def change(self, **values: object) -> None:
        """Change fields of the settings; the palette is then made anew."""
        try:
            settings = replace(self.settings, **values)  # type: ignore[arg-type] # Settings checks them
        except InvalidArgumentError as error:
            self._background.fail(error)
            return
        self._show(Look(settings))

    def recolor(self, index: int, color: Sequence[int]) -> None:
        """Give the texels of a cluster another colour, three ints in 0..255."""
        if self.palette is not None and self._is_editable():
            self._edit(editing.recolored(self._shown_palette(self.palette), index, color))

    def merge(self, indices: Collection[int]) -> None:
        """Make one palette colour of several."""
        if self.palette is not None and len(indices) > 1 and self._is_editable():
            self._edit(editing.merged(self._shown_palette(self.palette), indices))

    def move(self, index: int, to: int) -> None:
        """Put a palette colour into another place of the order."""
        if self.palette is not None and index != to and self._is_editable():
            self._edit(editing.moved(self._shown_palette(self.palette), index, to))

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
        self._background.goes_well(lambda: self.take_palette(load_palette(path)))

    def take_palette(self, palette: Palette) -> None:
        """Work with these colours instead of clustered ones."""
        self._edit(EditedPalette.of(palette))

    def reset(self) -> None:
        """Go back from an edited palette to the clustered one."""
        if self.edited:
            self._show(Look(self.settings))

    def _is_editable(self) -> bool:
        """Whether a hand may change the palette; if not, the user is told.

        What a display shows of numbers of more than 8 bits is not what they are.
        """
        if not self.is_deep or self.picture is None:
            return True
        advice = "lock colours or load a palette instead of changing single colours"
        self.tell(
            Message(f"{self.picture.image.name} has more than 8 bits a channel; {advice}", is_error=True)
        )
        return False

    @property
    def is_deep(self) -> bool:
        """Whether the texture in the picture has more than 8 bits a channel."""
        return self.picture is not None and self.picture.deep is not None

    def _shown_palette(self, palette: Palette) -> EditedPalette:
        """Return a palette that is shown, with the clusters that it colours."""
        if self.is_deep:
            return EditedPalette(palette, palette)  # distinct numbers, whose colours may look the same
        return self._history.look.edited or EditedPalette.of(palette)

    def _edit(self, edited: EditedPalette) -> None:
        self._show(Look(self.settings, edited))
        self._adopt_palette(edited.palette)

    def _show(self, look: Look) -> None:
        if look == self._history.look:
            return
        before, self._history.look = self._history.look, look
        if look.settings != before.settings:
            self._host.remember("settings", look.settings.to_json())
        self.events.emit("settings")
        if self.is_deep and look.settings.linear != before.settings.linear:
            self._read()
        else:
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
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._history.can_redo

    def undo(self) -> None:
        """Go back to the settings and palette before the last change (a slider's whole way is one)."""
        self._go_to(self._history.undone())

    def redo(self) -> None:
        """Take the last undo back."""
        self._go_to(self._history.redone())

    def _go_to(self, look: Look | None) -> None:
        if look is not None:
            self.restore(look)
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
        self._background.run("difference", work, self._have_difference)

    def _have_difference(self, difference: jobs.Difference) -> None:
        self.difference = difference
        self.events.emit("difference")

    def _preview(self) -> None:
        """Show a quick result and ask for an exact one."""
        self._background.drop("exact")
        self.exact = self.ssim = None
        self._rebuild()
        self.events.emit("numbers", "unsettled")

    def _rebuild(self) -> None:
        if self.picture is None or self.counted is None or self._region is None:
            return
        look = replace(self.look, settings=self.heeded(self.settings))
        work = partial(jobs.rebuild, self.counted, self._region, look)
        self._is_rebuilding = True
        self._background.run("view", work, self._have_rebuilt, self._have_not_rebuilt)

    def _have_not_rebuilt(self, error: Exception) -> None:
        self._is_rebuilding = False
        self._background.fail(error)

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
        self._history.settle()
        if self.counted is None or self.goals.seek() or self.exact is not None:
            return
        work = partial(reducing.exact, self.counted, self.heeded(self.look.fixed_settings))
        self._background.run("exact", work, self._have_exact)

    def _have_exact(self, exact: reducing.Exact) -> None:
        self._background.drop("view")
        self._is_rebuilding = False
        self.exact, self.rebuilt = exact, None
        self._adopt_palette(exact.palette)
        self.events.emit("after", "numbers")
        if self.counted is not None:
            work = partial(jobs.clusters_of, self.counted.cloud, self._shown_palette(exact.palette))
            self._background.run("points", work, self._have_clusters)
        self._compare()
        self._background.run("exact", partial(reducing.similarity, exact.reduction), self._have_similarity)

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
            index = editing.closest(self._shown_palette(self.palette).clusters, before[:3])
        else:
            return jobs.Texel(before[:3], None, None)
        palette = self.exact.palette if self.exact else self.palette
        return jobs.Texel(before[:3], index, None if palette is None else palette.colors[index])

    def pick(self, index: int | None) -> None:
        """Let one cluster stand out in picture, cloud and palette, or none."""
        if index != self.picked:
            self.picked = index
            self.events.emit("picked")

    # The host

    def open(self, paths: Sequence[Path]) -> None:
        """Open image files and work on them."""
        files = self.open_files
        if files is None:
            return
        known = {ref.key for ref in self.textures}
        self._background.goes_well(lambda: files.open(paths))
        self.refresh()
        opened = [ref.key for ref in self.textures if ref.key not in known]
        asked = [ref.key for ref in self.textures if ref.files[0] in paths]
        if opened or asked:
            self.choose(opened[:1] or asked[:1])

    def close_chosen(self) -> None:
        """Take the chosen textures off the list."""
        files, chosen = self.open_files, self.chosen
        if files is not None and self._background.goes_well(lambda: files.close(chosen)):
            self.refresh()

    def in_scene(self, action: Callable[[Scene], object]) -> None:
        """Do something to the host's scene, and read its textures again."""
        scene = self.scene
        if scene is not None and self._background.goes_well(lambda: action(scene)):
            self.refresh()

    # Work and messages

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the work is that the user waits for, in [0, 1], and what it does; None if there is none."""
        return self._background.progress

    def cancel(self) -> None:
        """Stop what the user waits for; what is written already stays."""
        if self._background.cancel() == "choose":
            self.goals.set(None)

    @property
    def message(self) -> Message | None:
        """What there is to tell the user."""
        return self._background.message

    def tell(self, message: Message | None) -> None:
        """Show a message, or none any more."""
        self._background.tell(message)


def _remembered_settings(host: Host) -> Settings:
    text = host.remembered("settings")
    if text is None:
        return Settings()
    try:
        return Settings.from_json(text)
    except InvalidArgumentError:  # another release's; it would come up at every start
        return Settings()
