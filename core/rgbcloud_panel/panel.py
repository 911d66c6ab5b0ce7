"""The panel: everything in its place, bound to one session."""

from __future__ import annotations

import base64
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Callable, cast

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import FORMATS
from rgbcloud.palettes import SUFFIXES as PALETTE_SUFFIXES
from rgbcloud_panel import qt
from rgbcloud_panel.controls.action_buttons import Actions
from rgbcloud_panel.controls.controls import Controls
from rgbcloud_panel.controls.dialogs import ask_about_work, ask_for_file, ask_for_open, kinds_of
from rgbcloud_panel.help import keys_as_html, show_text
from rgbcloud_panel.sections import make_exclusive, menu_button, section, stack, tool_button
from rgbcloud_panel.state.budgets import Budgets
from rgbcloud_panel.state.on_model import OnModel
from rgbcloud_panel.state.session import Session
from rgbcloud_panel.views.cloud_view import CloudView
from rgbcloud_panel.views.kmeans_strip import KmeansStrip
from rgbcloud_panel.views.numbers import ErrorCurve, Numbers
from rgbcloud_panel.views.picture import PictureView
from rgbcloud_panel.views.set_view import SetView
from rgbcloud_panel.views.status import MessageBar, ProgressRow
from rgbcloud_panel.views.swatches import Swatches
from rgbcloud_panel.views.texture_list import TextureList
from rgbcloud_panel.views.tile_map import TileMap
from rgbcloud_panel.views.variants_view import VariantsView
from rgbcloud_panel.work.worker import Workers

if TYPE_CHECKING:
    from rgbcloud.cloud import AxesName
    from rgbcloud.color import UInt8Array
    from rgbcloud_panel.host import Host

_REST = 250  # milliseconds without a change after which the exact result is computed
_PALETTES = kinds_of("Palettes", PALETTE_SUFFIXES)
_AXES: dict[str, AxesName | None] = {
    "Of the space that clusters are found in": None,
    "The file's own numbers": "file",
    "sRGB": "srgb",
    "Linear light": "linear",
    "Oklab": "oklab",
    "CIELAB": "cielab",
}
_IMAGES = kinds_of("Images", FORMATS, others=True)


class Panel(QtWidgets.QWidget):
    """Textures, picture, cloud, palette, controls, numbers and actions; the host is what it stands in."""

    def __init__(self, host: Host, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rgbcloudPanel")
        self.setWindowTitle("rgbcloud")
        self._host = host
        self._workers = workers = Workers()
        self.destroyed.connect(lambda: workers.close())
        self.session = session = Session(host, self._workers)
        self._rest = QtCore.QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(session.settle)
        session.events.subscribe(self._rest.start, "unsettled")
        self.textures = TextureList(session)
        self.picture = PictureView(session)
        self.variants = VariantsView(session)
        self.tiles = TileMap(session)
        self.whole_set = SetView(session)
        self.cloud = CloudView(session)
        self.kmeans = KmeansStrip(session)
        self.swatches = Swatches(session)
        self.on_model = OnModel(session)
        self.budgets = Budgets(session)
        self.controls = Controls(session, self.on_model, self.budgets)
        self.numbers = Numbers(session)
        self.curve = ErrorCurve(session)
        self.actions_box = Actions(session, self.cloud, self.on_model)
        self.message = MessageBar(session)
        self.progress = ProgressRow(session)
        self._splitters: dict[str, QtWidgets.QSplitter] = {}
        self._build()
        self._restore_layout()
        self.setAcceptDrops(True)
        session.start()

    # Layout

    def _build(self) -> None:
        views = self._splitter("views", QtCore.Qt.Orientation.Horizontal)
        views.addWidget(self._picture_section())
        views.addWidget(self._cloud_section())
        views.setSizes([560, 380])
        middle = self._splitter("middle", QtCore.Qt.Orientation.Vertical)
        middle.addWidget(views)
        middle.addWidget(self._palette_section())
        middle.setSizes([560, 130])
        middle.setStretchFactor(0, 1)
        middle.setStretchFactor(1, 0)
        whole = self._splitter("whole", QtCore.Qt.Orientation.Horizontal)
        whole.addWidget(self._texture_section())
        whole.addWidget(middle)
        whole.addWidget(self._side())
        whole.setSizes([220, 760, 270])
        for index, stretch in enumerate((0, 1, 0)):
            whole.setStretchFactor(index, stretch)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(6)
        layout.addWidget(whole, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.progress)

    def _splitter(self, name: str, orientation: QtCore.Qt.Orientation) -> QtWidgets.QSplitter:
        splitter = QtWidgets.QSplitter(orientation)
        splitter.setHandleWidth(8)
        splitter.setChildrenCollapsible(False)
        self._splitters[name] = splitter
        return splitter

    def _texture_section(self) -> QtWidgets.QWidget:
        session, tools = self.session, []
        if session.open_files is not None:
            self.open_button = tool_button(
                "Open …", "Open image files (Ctrl+O); or drop them here", self.ask_for_images
            )
            self.close_button = tool_button("Close", "Take the chosen ones off the list", self._close_chosen)
            tools = [self.open_button, self.close_button]
        if session.scene is not None:
            self.refresh_button = tool_button("Refresh", "Read the scene's textures again", session.refresh)
            self.select_button = tool_button(
                "Select",
                "Select the chosen textures in the scene",
                lambda: session.in_scene(lambda scene: scene.select(session.chosen)),
            )
            tools += [self.select_button, self.refresh_button]
        self.keys_button = tool_button("?", "Which keys do what (?)", self.show_keys)
        box = section("Textures", self.textures, *tools, self.keys_button)
        box.setMinimumWidth(150)
        return box

    def _picture_section(self) -> QtWidgets.QWidget:
        self.split_button = tool_button("Before | after", "Show before and after (D); again: half of each")
        self.split_button.clicked.connect(lambda: self.picture.set_divider(0.5))
        self.difference_button = tool_button("Difference", "Show where colours differ, in CIEDE2000 (D)")
        self.variants_button = tool_button(
            "Variants", "Show four variants with their bytes and errors, to choose one from (V)"
        )
        self.set_button = tool_button("Set", "Show all tiles of the set as one picture, in UV layout (S)")
        make_exclusive(self, self.split_button, self.difference_button, self.variants_button, self.set_button)
        self.variants.hide()
        self.whole_set.hide()
        self.variants_button.toggled.connect(self._show_variants)
        self.set_button.toggled.connect(self._show_set)
        self.session.events.subscribe(self._offer_set, "chosen", "textures")
        self._offer_set()
        self.variants.left.connect(lambda: self.split_button.setChecked(True))
        self.difference_button.toggled.connect(self.picture.show_difference)
        self.fit_button = tool_button("Fit", "Show the whole image (0 or F)", lambda: self._zoomed.fit())
        self.actual_button = tool_button(
            "1:1", "One texel a pixel (1)", lambda: self._zoomed.set_zoom(1 / self.devicePixelRatioF())
        )
        tools = (
            self.split_button, self.difference_button, self.variants_button, self.set_button,
            self.fit_button, self.actual_button,
        )  # fmt: skip
        views = self.picture, self.variants, self.whole_set
        content = stack(QtWidgets.QWidget(), *views, self.tiles, stretched=views)
        return section("Picture", content, *tools)

    @property
    def _zoomed(self) -> PictureView | SetView:
        """What the buttons for the zoom are about."""
        return self.whole_set if self.set_button.isChecked() else self.picture

    def _show_variants(self, shown: bool) -> None:
        variants = self.session.variants
        variants.start() if shown else variants.stop()
        self._show_instead(self.variants, shown)

    def _show_set(self, shown: bool) -> None:
        self.session.whole_set.show(shown)
        self.tiles.need(not shown)
        self._show_instead(self.whole_set, shown)

    def _show_instead(self, view: QtWidgets.QWidget, shown: bool) -> None:
        """Show a view in the picture's place, or the picture again."""
        view.setVisible(shown)
        self.picture.setVisible(not (self.variants_button.isChecked() or self.set_button.isChecked()))
        (view if shown else self.picture).setFocus()

    def _offer_set(self) -> None:
        """Offer all tiles as one picture where there are several."""
        is_set = len(self.session.tiles) > 1
        self.set_button.setVisible(is_set)
        if self.set_button.isChecked() and not is_set:
            self.split_button.setChecked(True)

    def _cloud_section(self) -> QtWidgets.QWidget:
        self.source_button = tool_button("Source", "Colour each point as the texture has it")
        self.cluster_button = tool_button("Cluster", "Colour each point as what it becomes")
        make_exclusive(self, self.source_button, self.cluster_button)
        self.cluster_button.toggled.connect(lambda on: self.cloud.set_color_by("cluster" if on else "source"))
        self.axes_button = menu_button(
            "Axes",
            "What the cloud's axes are",
            {text: partial(self._choose_axes, axes) for text, axes in _AXES.items()},
        )
        self._choose_axes(None)
        self.watch_button = tool_button("Watch", "Watch k-means find the palette of this very texture")
        qt.show_checked(self.watch_button)
        self.watch_button.clicked.connect(self._watch)
        self.session.events.subscribe(self._show_watching, "watching", "counted", "chosen")
        self._show_watching()
        content = stack(QtWidgets.QWidget(), self.cloud, self.kmeans, stretched=[self.cloud])
        tools = self.axes_button, self.watch_button, self.source_button, self.cluster_button
        return section("Cloud", content, *tools)

    def _watch(self) -> None:
        watching = self.session.watching
        if watching.is_on:
            watching.stop()
        else:
            self.cluster_button.setChecked(True)
            watching.start()

    def _show_watching(self) -> None:
        self.watch_button.setChecked(self.session.watching.is_on)
        self.watch_button.setEnabled(self.session.state.counted is not None)

    def _choose_axes(self, axes: AxesName | None) -> None:
        self.cloud.choose_axes(axes)
        for action, known in zip(self.axes_button.menu().actions(), _AXES.values()):
            action.setCheckable(True)
            action.setChecked(known == axes)

    def _palette_section(self) -> QtWidgets.QWidget:
        session = self.session
        self.undo_button = tool_button("Undo", "Undo the last change (Ctrl+Z)", session.undo)
        self.redo_button = tool_button("Redo", "Do it again (Ctrl+Shift+Z)", session.redo)
        self.merge_button = tool_button(
            "Merge", "Make the selected colours one (M); Ctrl selects several", self.swatches.merge
        )
        self.copy_button = tool_button(
            "Copy hex", "Copy the selected colours, or all, as hex (Ctrl+C)", self.swatches.copy
        )
        self.lock_button = tool_button(
            "Lock",
            "Keep the selected colours as they are whatever is clustered later, or let them go again (L)",
            self.swatches.lock,
        )
        self.load_button = tool_button("Load …", "Work with colours of a palette file", self._ask_for_load)
        self.save_button = tool_button(
            "Save …", "Save the palette, for GIMP, Adobe's programs and others", self._ask_for_palette
        )
        self.reset_button = tool_button(
            "Reset",
            "Go back from what a hand has changed, loaded or locked to the clustered palette",
            session.reset,
        )
        self.dropper_button = tool_button(
            "Eyedropper", "Give the selected colour that of the texel you click, as it is before"
        )
        qt.show_checked(self.dropper_button)
        self.dropper_button.toggled.connect(self.picture.pick_colors)
        self.picture.color_picked.connect(self._take_color)
        self.picture.also_picked.connect(self.swatches.toggle)
        self.cloud.also_picked.connect(self.swatches.toggle)
        self.sort_button = menu_button(
            "Sort",
            "Put the colours in order",
            {
                "By share": lambda: session.sort("share"),
                "By hue": lambda: session.sort("hue"),
                "By lightness": lambda: session.sort("lightness"),
            },
        )
        self.mask_button = menu_button(
            "Masks",
            "Save clusters of the picture for other programs",
            {
                "The picked cluster as a mask …": lambda: self._ask_for_mask("mask", session.export_mask),
                "All clusters as an ID map …": lambda: self._ask_for_mask("id", session.export_ids),
            },
        )
        session.events.subscribe(self._enable_tools, "picked", "after", "progress")
        session.events.subscribe(self._enable_tools, "palette", "history", "settings", "source", "unsettled")
        self.swatches.selected.connect(self._enable_tools)
        self._enable_tools()
        tools = (
            self.undo_button, self.redo_button, self.reset_button,
            self.lock_button, self.merge_button, self.dropper_button, self.sort_button, self.copy_button,
            self.mask_button, self.load_button, self.save_button,
        )  # fmt: skip
        return section("Palette", self.swatches, *tools)

    def _side(self) -> QtWidgets.QWidget:
        result, curve = section("Result", self.numbers), section("Error against colours", self.curve)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidget(
            stack(QtWidgets.QWidget(), self.controls, result, curve, stretched=[curve], spacing=6)
        )
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        parts = self.controls.first, self.actions_box.reduce, scroll, self.actions_box
        side = stack(QtWidgets.QWidget(), *parts, stretched=[scroll], spacing=6)
        bar = scroll.verticalScrollBar().sizeHint().width()
        side.setMinimumWidth(max(self.controls.first.minimumSizeHint().width(), 230) + bar)
        for name, fold in self.controls.folds.items():
            fold.open(self._host.recall(f"fold/{name}") == "open")
            fold.toggled.connect(
                lambda is_open, name=name: self._host.remember(f"fold/{name}", "open" if is_open else "")
            )
        return side

    def _enable_tools(self) -> None:
        session = self.session
        self.undo_button.setEnabled(session.state.history.can_undo)
        self.redo_button.setEnabled(session.state.history.can_redo)
        self.reset_button.setEnabled(session.is_by_hand)
        self.merge_button.setEnabled(len(self.swatches.selection) > 1)
        self.lock_button.setEnabled(bool(self.swatches.selection))
        for button in (
            self.copy_button, self.load_button, self.save_button, self.dropper_button, self.sort_button,
        ):  # fmt: skip
            button.setEnabled(session.palette is not None)
        self.mask_button.setEnabled(session.state.exact is not None and not session.is_writing)
        self.mask_button.menu().actions()[0].setEnabled(session.state.picked is not None)

    def _take_color(self, color: object) -> None:
        self.dropper_button.setChecked(False)
        self.swatches.recolor(cast("UInt8Array", color))

    def _ask_for_mask(self, name: str, save: Callable[[Path], object]) -> None:
        source = Path(self.session.tiles[self.session.state.number].path)
        picked = self.session.state.picked
        number = "" if name == "id" or picked is None else str(picked + 1)
        suggestion = str(source.with_name(f"{source.stem}.{name}{number}.png"))
        ask_for_file(self, "Save a mask", suggestion, "PNG (*.png)", save)

    def event(self, event: QtCore.QEvent) -> bool:
        """Claim the keys that the host's menus would take otherwise, such as Maya's for undo."""
        if (
            event.type() == QtCore.QEvent.Type.ShortcutOverride
            and isinstance(event, QtGui.QKeyEvent)
            and self._key_action(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QtGui.QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Act on the keys that the widget in focus has no use for."""
        act = self._key_action(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _key_action(self, event: QtGui.QKeyEvent) -> Callable[[], object] | None:
        standard, keys = QtGui.QKeySequence.StandardKey, QtCore.Qt.Key
        if event.matches(standard.Undo):
            return self.session.undo
        if event.matches(standard.Redo):
            return self.session.redo
        if event.matches(standard.Open) and self.session.open_files is not None:
            return self.ask_for_images
        if event.key() == keys.Key_Question:
            return self.show_keys
        other = self.split_button if self.set_button.isChecked() else self.set_button
        acts: tuple[tuple[QtCore.Qt.Key, Callable[[], object], bool], ...] = (
            (keys.Key_D, self._toggle_difference, True),
            (keys.Key_V, self.variants_button.click, True),
            (keys.Key_S, other.click, len(self.session.tiles) > 1),
            (keys.Key_L, self.swatches.lock, bool(self.swatches.selection)),
            (keys.Key_M, self.swatches.merge, self.merge_button.isEnabled()),
        )
        possible = (act for key, act, is_possible in acts if event.key() == key and is_possible)
        return None if event.modifiers() else next(possible, None)

    def show_keys(self) -> None:
        """Show the list of keys."""
        show_text(self, "Keys", keys_as_html())

    def _toggle_difference(self) -> None:
        is_on = self.difference_button.isChecked()
        (self.split_button if is_on else self.difference_button).setChecked(True)

    # Files

    def _close_chosen(self) -> None:
        session = self.session
        unkept = [ref for ref in session.textures_to_keep() if ref in session.chosen]
        if unkept:
            ask_about_work(self, session, unkept, session.close_chosen)
        else:
            session.close_chosen()

    def ask_for_images(self) -> None:
        """Ask for images to open."""
        ask_for_open(self, "Open textures", _IMAGES, self.session.open)

    def _ask_for_load(self) -> None:
        ask_for_open(self, "Load a palette", _PALETTES, lambda paths: self.session.load_palette(paths[0]))

    def _ask_for_palette(self) -> None:
        source = self.session.chosen[0].files[0]
        save = self.session.export_palette
        ask_for_file(self, "Save the palette", str(source.with_suffix(".gpl")), _PALETTES, save)

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take palettes, and images where the host opens these."""
        images, palettes = self._split_drop(event.mimeData())
        if images or palettes:
            event.acceptProposedAction()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open the images, and work with the colours of the last palette."""
        images, palettes = self._split_drop(event.mimeData())
        event.acceptProposedAction()
        if images:
            self.session.open(images)
        if palettes:
            self.session.load_palette(palettes[-1])

    def _split_drop(self, mime: QtCore.QMimeData) -> tuple[list[Path], list[Path]]:
        """Return the images and the palettes among files; a .png is an image."""
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        suffixes = {*PALETTE_SUFFIXES} - {*FORMATS}
        palettes = [path for path in paths if path.suffix.lower() in suffixes]
        images = [path for path in paths if path not in palettes]
        return images if self.session.open_files is not None else [], palettes

    @property
    def is_waiting(self) -> bool:
        """Whether the exact result is going to be asked for as soon as the user's hand rests."""
        return self._rest.isActive()

    # Memory

    def _restore_layout(self) -> None:
        for name, splitter in self._splitters.items():
            state = self._host.recall(f"layout/{name}")
            if state:
                splitter.restoreState(QtCore.QByteArray(base64.b64decode(state)))

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember the layout and stop all work."""
        self.shut_down()
        event.accept()

    def shut_down(self) -> None:
        """Remember the layout and stop all work, for good."""
        self.remember_layout()
        self._rest.stop()
        self._workers.close()

    def remember_layout(self) -> None:
        """Store how the parts are sized."""
        for name, splitter in self._splitters.items():
            state = base64.b64encode(splitter.saveState().data()).decode("ascii")
            self._host.remember(f"layout/{name}", state)
