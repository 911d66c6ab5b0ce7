"""What the panel knows and does, without a widget: textures, what was made of each, results, messages.

Data flows one way. Widgets call methods; these change the state, ask for work, and tell by topic what has
changed; widgets then read the properties again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Callable

from rgbcloud import InvalidArgumentError
from rgbcloud_panel.state.looks import Looks
from rgbcloud_panel.state.outputs import Outputs
from rgbcloud_panel.state.tiles import TileThumbnails
from rgbcloud_panel.work import loading, memory
from rgbcloud_panel.work.background import Message
from rgbcloud_panel.work.loading import Masked
from rgbcloud_panel.work.masks import mask_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rgbcloud import ColorBy, Recipe
    from rgbcloud_panel.host import Host, PanelTexture, Scene
    from rgbcloud_panel.work.background import Executor


class Session(Looks):
    """The panel's state.

    The host is only ever called on the thread that calls the session.
    """

    def __init__(self, host: Host, executor: Executor) -> None:
        super().__init__(host, executor)
        self.thumbnails: dict[str, loading.Thumbnail | None] = {}
        """By key; None where there is none to be had."""
        self.tile_thumbnails = TileThumbnails(self.background, self.events)
        self.events.subscribe(self._keep_in_scene, "history", "chosen")
        self._outputs = Outputs(host, self.background, self.tell, self._after_writing)

    # Textures

    def start(self) -> None:
        """List the host's textures, now and whenever they change."""
        self._host.watch(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the host's textures again."""
        before, self.textures = self.textures, tuple(self._host.textures())
        by_key = {ref.key: ref for ref in self.textures}
        gone = {ref.key for ref in before if ref.key not in by_key or _is_other(ref, by_key[ref.key])}
        for key in gone:
            self.thumbnails.pop(key, None)
        self._states.forget(gone)
        self.events.emit("textures")
        self.chosen = tuple(by_key[ref.key] for ref in self.chosen if ref.key in by_key)
        self._show_chosen()
        self._read_thumbnails()
        if gone:
            self.background.run("memory", memory.give_back, lambda _none: None, self._fail)

    def choose(self, keys: Iterable[str]) -> None:
        """Work on the textures of these keys; the first is shown in the picture."""
        by_key = {ref.key: ref for ref in self.textures}
        chosen = tuple(by_key[key] for key in keys)
        if chosen != self.chosen:
            self.chosen = chosen
            self._show_chosen()

    def share(self, shared: bool) -> None:
        """Give all chosen textures one palette, or each its own."""
        if shared != self.shared:
            self.shared = shared
            self._show_chosen()

    def _show_chosen(self) -> None:
        """Show the chosen texture as it was left."""
        refs = self._textures_in_view
        state, is_same = self._states.show(refs)
        tiles = self.tiles
        self.tile_thumbnails.want(tiles if len(tiles) > 1 else ())
        self.events.emit("chosen")
        if is_same and state is self.state:
            return
        problem = next((ref.problem for ref in refs if ref.texture is None), "")
        if problem:
            state.message = Message(problem, is_error=True)
        self.bench.open(state, () if problem else self._sources())
        if state.greeting is not None and not problem:
            greeting = state.greeting
            if state.look.is_by_hand:
                greeting = replace(greeting, action="Start afresh", act=self.reset)
            self._tell(state, greeting)
            state.greeting = None

    def _sources(self) -> list[Masked]:
        return [
            Masked(ref.texture, self._states.of((ref,)).mask)
            for ref in self._textures_in_view
            if ref.texture is not None
        ]

    def _read_thumbnails(self) -> None:
        ref = next((ref for ref in self.textures if ref.key not in self.thumbnails), None)
        if ref is None:
            return
        key = ref.key

        def keep(thumbnail: loading.Thumbnail | None) -> None:
            self.thumbnails[key] = thumbnail
            self.events.emit("thumbnail")
            self._read_thumbnails()

        work = partial(loading.thumbnail, ref.files)
        self.background.run("thumbnail", work, keep, lambda _error: keep(None))

    # Masks

    @property
    def mask(self) -> str:
        """The mask of the texture in the picture; empty if all texels count."""
        return self._states.of(self.chosen[:1]).mask

    def choose_mask(self, path: Path | None) -> None:
        """Let those texels of the shown texture count that are white in an image, or all."""
        texture = self.chosen[0].texture if self.chosen else None
        if texture is None:
            return
        state, mask = self._states.of(self.chosen[:1]), "" if path is None else mask_for(texture, path)
        if mask != state.mask:
            state.mask = mask
            self._states.show(self._textures_in_view)
            self.events.emit("chosen")
            self.bench.count_again(self._sources())

    # Results

    def recipe_of(self, ref: PanelTexture) -> Recipe:
        """Return what a chosen texture is reduced by.

        Raises
        ------
        InvalidArgumentError
            If its number of colours must be known, and is not yet.
        """
        own = self._states.of((ref,))
        state = self.state if self.shares else own
        look = state.look
        if self.shares and look.edited is None and state.exact is not None:
            look = replace(look, edited=state.exact.edited)
        if not state.is_goal_open:
            return look.recipe(own.mask)
        if look.settings.recolored:
            msg = f"{ref.name}: how many colours reach its goal is not known yet; look at it, then reduce it"
            raise InvalidArgumentError(msg)
        return look.goal_recipe(own.mask)

    @property
    def is_writing(self) -> bool:
        """Whether files are being written."""
        return self._outputs.is_writing

    @property
    def can_reduce(self) -> bool:
        """Whether there is something to reduce, and no other reduction is being written."""
        is_known = not self.shares or self.state.exact is not None or self.state.look.edited is not None
        can_all = all(ref.files and not self.is_broken(ref) for ref in self.chosen)
        return bool(self.chosen) and can_all and is_known and not self.is_writing

    def is_broken(self, ref: PanelTexture) -> bool:
        """Whether a texture could not be read when it was looked at last."""
        return self._states.is_broken(ref)

    def reduce(self) -> None:
        """Reduce the chosen textures, each as it was left, to its own palette unless they share one."""
        if self.can_reduce:
            self._goes_well(lambda: self._outputs.reduce([(ref, self.recipe_of(ref)) for ref in self.chosen]))

    def save_as(self, path: Path) -> None:
        """Reduce the shown texture into a file of this name, replacing what is there."""
        if self.can_reduce and len(self.chosen[0].files) == 1:
            ref = self.chosen[0]
            self._goes_well(lambda: self._outputs.save_as(ref, self.recipe_of(ref), path))

    def export_palette(self, path: Path) -> None:
        """Write the palette into a file, replacing what is there."""
        if self.palette is not None:
            self._outputs.export_palette(self.palette, path)

    def export_mask(self, path: Path) -> None:
        """Write the cluster that stands out as a mask of the picture, replacing what is there."""
        state = self.state
        if state.exact is not None and state.picked is not None and not self.is_writing:
            self._outputs.export_mask(state.exact, state.picked, path)

    def export_ids(self, path: Path) -> None:
        """Write the clusters of the picture as an ID map, a colour each, replacing what is there."""
        if self.state.exact is not None and not self.is_writing:
            self._outputs.export_mask(self.state.exact, None, path)

    def export_cloud(self, path: Path, color_by: ColorBy) -> None:
        """Write the cloud into a file, replacing what is there."""
        if self.state.cloud is not None and not self.is_writing:
            self._outputs.export_cloud(self.state.cloud, path, color_by)

    # The host

    def open(self, paths: Sequence[Path], *, apart: bool = False) -> None:
        """Open image files and work on them."""
        files = self.open_files
        if files is None:
            return
        known = {ref.key for ref in self.textures}
        self._goes_well(lambda: files.open(paths, apart=apart))
        self.refresh()
        opened = [ref for ref in self.textures if ref.key not in known]
        asked = [ref for ref in self.textures if set(ref.files).intersection(paths)]
        if opened or asked:
            self.choose([(opened or asked)[0].key])
        sets = [ref for ref in opened if len(ref.files) > 1]
        if sets and self._message is None:
            named = ", ".join(f"{ref.name} ({len(ref.files)} files)" for ref in sets)
            text = f"Taken as one texture that shares a palette: {named}."
            self.tell(Message(text, action="Open one by one", act=partial(self._open_apart, sets)))

    def _open_apart(self, refs: Sequence[PanelTexture]) -> None:
        if self.open_files is not None:
            self.open_files.close(refs)
            self.open([path for ref in refs for path in ref.files], apart=True)

    def _after_writing(self, refs: Sequence[PanelTexture]) -> None:
        self.keep(refs)
        self.refresh()

    def textures_to_keep(self) -> list[PanelTexture]:
        """Return the textures on which there is work that could stand beside them, and does not yet."""
        return self._states.textures_to_keep(self.textures) if self.open_files is not None else []

    def keep(self, refs: Iterable[PanelTexture]) -> bool:
        """Keep what was made of some textures with them, and return whether that went well."""
        return all(self._goes_well(partial(self._keep, ref)) for ref in refs)

    def _keep(self, ref: PanelTexture) -> None:
        state, work = self._states.of((ref,)), self._states.work_on(ref)
        keeper = self.open_files or self.scene
        if keeper is not None and work != state.kept:
            keeper.keep(ref, work)
            state.kept = work

    def _keep_in_scene(self) -> None:
        """Keep what was made with the scene, which its user saves or not."""
        if self.scene is not None:
            self.keep(ref for ref in self.chosen if ref.texture is not None)

    def close_chosen(self) -> None:
        """Take the chosen textures off the list."""
        files, chosen = self.open_files, self.chosen
        if files is not None and self._goes_well(lambda: files.close(chosen)):
            self.refresh()

    def in_scene(self, action: Callable[[Scene], object]) -> None:
        """Do something to the host's scene, and read its textures again."""
        scene = self.scene
        if scene is not None and self._goes_well(lambda: action(scene)):
            self.refresh()

    # Work

    def cancel(self) -> None:
        """Stop what the user waits for; what is written already stays."""
        lane = self.background.cancel()
        if lane is not None:
            self.tell(Message("cancelled"))
        if lane == "choose":
            self.bench.stop_seeking()
            self.set_goal(None)


def _is_other(before: PanelTexture, after: PanelTexture) -> bool:
    """Whether a host calls another texture by the same key now; one may be gone for a while."""
    return before.scene != after.scene or (bool(before.files and after.files) and before.files != after.files)
