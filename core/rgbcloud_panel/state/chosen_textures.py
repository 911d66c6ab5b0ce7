"""The textures that are worked on, what is computed of them, and what there is to tell of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from rgbcloud import InvalidArgumentError, Recipe, RgbcloudError
from rgbcloud_panel.edits.history import Look
from rgbcloud_panel.state.texture_states import TextureStates
from rgbcloud_panel.state.tiles import tiles_of
from rgbcloud_panel.state.variants import Variants
from rgbcloud_panel.state.watching import Watching
from rgbcloud_panel.state.whole_set import WholeSet
from rgbcloud_panel.state.workbench import Workbench
from rgbcloud_panel.work.background import Background, Message
from rgbcloud_panel.work.events import Events

if TYPE_CHECKING:
    from rgbcloud_panel.host import Host, OpenFiles, PanelTexture, Scene
    from rgbcloud_panel.state.texture_state import TextureState
    from rgbcloud_panel.state.tiles import Tile
    from rgbcloud_panel.work.background import Executor


class ChosenTextures:
    """What of the host's textures is chosen and shown.

    The host is only ever called on the thread that calls the session.
    """

    def __init__(self, host: Host, executor: Executor) -> None:
        self.events = Events()
        self._host = host
        self.background = Background(executor, self.events)
        self.textures: tuple[PanelTexture, ...] = ()
        self.chosen: tuple[PanelTexture, ...] = ()
        self.shared = False
        """Whether all chosen textures are to get one palette."""
        self._message: Message | None = None  # that belongs to no texture
        self._steps = 0  # of undo, counted on
        remembered = _recipe_of_last_time(host)
        self._states = TextureStates(Look(remembered.settings, remembered.goal))
        self.bench = Workbench(self._states.of(()), self.background, self.events, self._failed)
        self.watching = Watching(self.bench)
        self.whole_set = WholeSet(self.bench)
        self.variants = Variants(self.bench)

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

    # Work and messages

    @property
    def progress(self) -> tuple[float, str] | None:
        """How far the work is that the user waits for, in [0, 1], and what it does; None if there is none."""
        return self.background.progress

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


def _recipe_of_last_time(host: Host) -> Recipe:
    text = host.recall("recipe")
    try:
        return Recipe() if text is None else Recipe.from_json(text)
    except InvalidArgumentError:  # another release's; it would come up at every start
        return Recipe()
