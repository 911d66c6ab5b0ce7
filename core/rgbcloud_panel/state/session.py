"""What the panel knows and does, without a widget: textures, what was made of each, results, messages.

Data flows one way. Widgets call methods; these change the state, ask for work, and tell by topic what has
changed; widgets then read the properties again.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from rgbcloud import InvalidArgumentError, Recipe, RgbcloudError, load_palette
from rgbcloud.counting import asked_color_space
from rgbcloud_panel.edits.editing import (
    EditedPalette,
    SortedBy,
    merged_place,
    moved_place,
    order_of,
)
from rgbcloud_panel.edits.history import History, Look
from rgbcloud_panel.state.outputs import Outputs
from rgbcloud_panel.state.texture_states import TextureStates
from rgbcloud_panel.state.tiles import TileThumbnails, tiles_of
from rgbcloud_panel.state.variants import Variants
from rgbcloud_panel.state.watching import Watching
from rgbcloud_panel.state.whole_set import WholeSet
from rgbcloud_panel.state.workbench import Workbench
from rgbcloud_panel.work import loading, memory
from rgbcloud_panel.work.background import Background, Message
from rgbcloud_panel.work.events import Events
from rgbcloud_panel.work.loading import Masked
from rgbcloud_panel.work.masks import mask_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from rgbcloud import ColorBy, Goal, Palette, Settings
    from rgbcloud_panel.host import Host, OpenFiles, PanelTexture, Scene
    from rgbcloud_panel.state.texture_state import TextureState
    from rgbcloud_panel.state.tiles import Tile
    from rgbcloud_panel.work.background import Executor


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
        self.background = Background(executor, self.events)
        self.textures: tuple[PanelTexture, ...] = ()
        self.chosen: tuple[PanelTexture, ...] = ()
        self.thumbnails: dict[str, loading.Thumbnail | None] = {}
        """By key; None where there is none to be had."""
        self.shared = False
        """Whether all chosen textures are to get one palette."""
        self._message: Message | None = None  # that belongs to no texture
        self._steps = 0  # of undo, counted on
        remembered = _recipe_of_last_time(host)
        self._states = TextureStates(Look(remembered.settings, remembered.goal))
        self.bench = Workbench(self._states.of(()), self.background, self.events, self._failed)
        self.tile_thumbnails = TileThumbnails(self.background, self.events)
        self.watching = Watching(self.bench, self.background, self.events, self._failed)
        self.whole_set = WholeSet(self.bench, self.background, self.events)
        self.variants = Variants(self.bench, self.background, self.events)
        self.events.subscribe(self._keep_in_scene, "history", "chosen")
        self._outputs = Outputs(host, self.background, self.tell, self._after_writing)

    @property
    def state(self) -> TextureState:
        """What is known of the texture that is shown, or of those that share a palette with it."""
        return self.bench.state

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

    @property
    def shares(self) -> bool:
        """Whether several textures get one palette."""
        return self.shared and len(self.chosen) > 1

    @property
    def _textures_in_view(self) -> tuple[PanelTexture, ...]:
        """The textures that are counted together, the one in the picture first."""
        return self.chosen if self.shares else self.chosen[:1]

    def _chosen_states(self) -> list[TextureState]:
        """Return the states that a change of the settings concerns, the shown one first."""
        others = [] if self.shares else [self._states.of((ref,)) for ref in self.chosen[1:]]
        return [self.state, *others]

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

    def state_of(self, ref: PanelTexture) -> TextureState:
        """Return what is known of a texture on its own."""
        return self._states.of((ref,))

    @property
    def tiles(self) -> list[Tile]:
        """The files that share the palette, in the order of their numbers."""
        return tiles_of(self._textures_in_view)

    def turn_to(self, number: int) -> None:
        """Show another of the files that share the palette in the picture."""
        if 0 <= number < len(self.tiles):
            self.bench.turn_to(number)

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

    # Settings

    @property
    def settings(self) -> Settings:
        """What the palette is made with."""
        return self.state.look.settings

    @property
    def goal(self) -> Goal | None:
        """What the number of colours is chosen for; None: it is chosen by hand."""
        return self.state.look.goal

    def change(self, **values: Any) -> None:
        """Change fields of the settings, of all chosen textures."""
        self._change_looks(lambda look: _with_number(look.changed(**values), values), values.keys())

    def give_colors(self, numbers: Mapping[str, int]) -> None:
        """Give chosen textures, by their keys, numbers of colours of their own: one step of undo."""
        states = self._chosen_states()
        looks = [
            replace(state.look.changed(colors=numbers[ref.key]), goal=None)
            if ref.key in numbers
            else state.look
            for ref, state in zip(self.chosen, states)
        ]
        self._show(states, looks)

    def set_goal(self, goal: Goal | None) -> None:
        """Choose the number of colours for something, or leave it to the user's hand."""

        def change(look: Look) -> Look:
            if goal is not None and look.edited is not None:
                look = look.changed(colors=look.settings.colors)
            return replace(look, goal=goal)

        if goal != self.goal:
            self._change_looks(change)

    def _change_looks(self, change: Callable[[Look], Look], values: Collection[str] = ()) -> None:
        states = self._chosen_states()
        before = [state.look for state in states]
        try:
            looks = [change(state.look) for state in states]
            if not {"color_space", "ocio"}.isdisjoint(values):
                asked_color_space(looks[0].settings)  # which says at once that no one knows a name
        except RgbcloudError as error:
            self._failed(self.state, error)
            self.events.emit("settings", "goal")  # controls go back
            return
        self._show(states, looks)
        settings = replace(looks[0].settings, locked=(), recolored=())
        self._states.first = Look(settings, looks[0].goal)
        self._host.remember("recipe", Recipe(settings, goal=looks[0].goal).to_json())
        is_gone = before[0].edited is not None and before[0].edited.is_made and looks[0].edited is None
        if is_gone and not self.watching.is_on:
            text = "Colours were looked for anew; the palette that was loaded or edited is gone."
            act = partial(self._show, states, before)
            self._tell(self.state, Message(text, action="Bring it back", act=act))

    def _show(self, states: Sequence[TextureState], looks: Sequence[Look]) -> None:
        for state, look in zip(states, looks):
            if state is self.state:
                self.bench.show(look)
            elif look != state.look:
                state.history.look = look
                state.forget_exact()

    # The palette

    @property
    def palette(self) -> Palette | None:
        """The colours that are shown."""
        return self.state.palette

    @property
    def is_by_hand(self) -> bool:
        """Whether the palette is one that a hand has changed."""
        return self.state.look.is_by_hand

    @property
    def locked(self) -> frozenset[int]:
        """The indices of the locked colours in the palette that is shown."""
        return frozenset() if self.state.edited is None else self.state.edited.locked_indices

    def recolor(self, index: int, color: Sequence[int]) -> None:
        """Give the texels of a cluster another colour, three ints in 0..255."""
        self._edit(lambda edited: edited.recolor(index, color))

    def recolor_stored(self, index: int, numbers: Sequence[float]) -> None:
        """Give the texels of a cluster another colour, in the numbers that the files store."""
        self._edit(lambda edited: edited.recolor_stored(index, numbers))

    def merge(self, indices: Collection[int]) -> None:
        """Make one palette colour of several."""
        if len(indices) > 1:
            self._edit(lambda edited: edited.merge(indices), lambda place: merged_place(place, indices))

    def move(self, index: int, to: int) -> None:
        """Put a palette colour into another place of the order."""
        if index != to:
            self._edit(lambda edited: edited.move(index, to), lambda place: moved_place(place, index, to))

    def sort(self, by: SortedBy) -> None:
        """Put the palette's colours into an order."""
        if self.state.edited is not None:
            order = order_of(self.state.edited.palette, by)
            self._edit(lambda edited: edited.take(order), order.index)

    def lock(self, indices: Collection[int]) -> None:
        """Keep palette colours as they are, whatever is looked for later; let them go if all are locked."""
        if indices:
            self._edit(lambda edited: edited.lock(indices))

    def _edit(
        self,
        edit: Callable[[EditedPalette], EditedPalette],
        place: Callable[[int], int] | None = None,
    ) -> None:
        if self.state.edited is not None:
            self.bench.show(replace(self.state.look, edited=edit(self.state.edited)), place)

    def load_palette(self, path: Path) -> None:
        """Work with the colours of a palette file."""
        if not self.chosen:
            self.tell(Message(f"{path.name}: choose a texture first, which is to get these colours."))
            return
        self._goes_well(lambda: self.take_palette(load_palette(path)))

    def take_palette(self, palette: Palette) -> None:
        """Work with these colours instead of clustered ones, in all chosen textures."""
        states, edited = self._chosen_states(), EditedPalette(palette, is_made=True)
        self._show(states, [replace(state.look, edited=edited) for state in states])

    def reset(self) -> None:
        """Go back from what a hand has done to the clustered palette."""
        look = self.state.look
        self.bench.show(Look(replace(look.settings, locked=(), recolored=()), look.goal))

    def restore(self, look: Look) -> None:
        """Go back to a look of before, such as that before a dialog was cancelled."""
        self.bench.show(look)

    def pick(self, index: int | None) -> None:
        """Let one cluster stand out in picture, cloud and palette, or none."""
        if index != self.state.picked:
            self.state.picked = index
            self.events.emit("picked")

    # Undo

    def undo(self) -> None:
        """Go back to before the last change (a slider's whole way is one), in all textures it was made in."""
        self._settle_histories()
        self._go(lambda history: history.last, History.undo)

    def redo(self) -> None:
        """Take the last undo back; there is none after another change."""
        self._settle_histories()
        self._go(lambda history: history.next, History.redo)

    def _go(self, number_of: Callable[[History], int | None], go: Callable[[History], Look]) -> None:
        number = number_of(self.state.history)
        if number is not None:
            if self.watching.is_on:
                self.watching.stop(keeps=True)
            states = [state for state in self._chosen_states() if number_of(state.history) == number]
            self._show(states, [go(state.history) for state in states])
            self.events.emit("history")

    def _settle_histories(self) -> None:
        self._steps += 1
        settled = [state.history.settle(self._steps) for state in self._chosen_states()]
        if any(settled):
            self.events.emit("history")

    def settle(self) -> None:
        """Compute the exact result, and make what was changed one step of undo: the user's hand rests."""
        if self.bench.may_settle() and not self.bench.seek():
            self._settle_histories()
            self.bench.reduce_exactly()

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

    def unkept(self) -> list[PanelTexture]:
        """Return the textures on which there is work that could stand beside them, and does not yet."""
        return self._states.unkept(self.textures) if self.open_files is not None else []

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

    # Work and messages

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the work is that the user waits for, in [0, 1], and what it does; None if there is none."""
        return self.background.progress

    def cancel(self) -> None:
        """Stop what the user waits for; what is written already stays."""
        lane = self.background.cancel()
        if lane is not None:
            self.tell(Message("cancelled"))
        if lane == "choose":
            self.bench.stop_seeking()
            self.set_goal(None)

    @property
    def message(self) -> Message | None:
        """What there is to tell the user: of what was done, or of the texture that is shown."""
        return self._message or self.state.message

    def tell(self, message: Message | None) -> None:
        """Show a message that belongs to no texture, or the one that is shown no more."""
        if message is None and self._message is None:
            self.state.message = None
        self._message = message
        self.events.emit("message")

    def _tell(self, state: TextureState, message: Message | None) -> None:
        state.message = message or state.message
        self._message = None
        self.events.emit("message")

    def _failed(self, state: TextureState, error: Exception) -> None:
        self._tell(state, Message.of_error(error))

    def _fail(self, error: Exception) -> None:
        self.tell(Message.of_error(error) or self._message)

    def _goes_well(self, call: Callable[[], object]) -> bool:
        """Call something, and return whether it went well; what is wrong is shown otherwise."""
        try:
            call()
        except RgbcloudError as error:
            self._fail(error)
            return False
        return True


def _with_number(look: Look, values: Collection[str]) -> Look:
    """Return a look without its goal, if the number of colours was chosen by hand."""
    return replace(look, goal=None) if "colors" in values else look


def _is_other(before: PanelTexture, after: PanelTexture) -> bool:
    """Whether a host calls another texture by the same key now; one may be gone for a while."""
    return before.scene != after.scene or (bool(before.files and after.files) and before.files != after.files)


def _recipe_of_last_time(host: Host) -> Recipe:
    text = host.recall("recipe")
    try:
        return Recipe() if text is None else Recipe.from_json(text)
    except InvalidArgumentError:  # another release's; it would come up at every start
        return Recipe()
