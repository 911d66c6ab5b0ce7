"""The panel: everything in its place, bound to one session."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud import FORMATS
from rgbcloud.palettes import SUFFIXES as PALETTE_SUFFIXES
from rgbcloud_panel import qt
from rgbcloud_panel.controls.action_buttons import Actions
from rgbcloud_panel.controls.controls import Controls
from rgbcloud_panel.controls.dialogs import ask_about_work, ask_for_file, ask_for_open
from rgbcloud_panel.state.session import Session
from rgbcloud_panel.views.cloud_view import CloudView
from rgbcloud_panel.views.numbers import ErrorCurve, Numbers
from rgbcloud_panel.views.picture import PictureView
from rgbcloud_panel.views.status import MessageBar, ProgressRow
from rgbcloud_panel.views.swatches import Swatches
from rgbcloud_panel.views.texture_list import TextureList
from rgbcloud_panel.views.tile_map import TileMap
from rgbcloud_panel.work.worker import Workers

if TYPE_CHECKING:
    from rgbcloud_panel.host import Host

_REST = 250  # milliseconds without a change after which the exact result is computed
_PALETTES = "Palettes (" + " ".join(f"*{suffix}" for suffix in PALETTE_SUFFIXES) + ")"
_IMAGES = "Images (" + " ".join(f"*{suffix}" for suffix in FORMATS) + ");;All files (*)"


class Panel(QtWidgets.QWidget):
    """Textures, picture, cloud, palette, controls, numbers and actions.

    Parameters
    ----------
    host : Host
        The program that the panel stands in.
    parent : QWidget, optional
    """

    def __init__(self, host: Host, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rgbcloudPanel")
        self.setWindowTitle("rgbcloud")
        self._host = host
        self._workers = workers = Workers(self)
        self.destroyed.connect(lambda: workers.close())
        self.session = session = Session(host, self._workers)
        self._rest = QtCore.QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(session.settle)
        session.events.subscribe(self._rest.start, "unsettled")
        self.textures = TextureList(session)
        self.picture = PictureView(session)
        self.tiles = TileMap(session)
        self.cloud = CloudView(session)
        self.swatches = Swatches(session)
        self.controls = Controls(session)
        self.numbers = Numbers(session)
        self.curve = ErrorCurve(session)
        self.actions_box = Actions(session, self.cloud)
        self.message = MessageBar(session)
        self.progress = ProgressRow(session)
        self._splitters: dict[str, QtWidgets.QSplitter] = {}
        self._build()
        self._restore_layout()
        self.setAcceptDrops(session.open_files is not None)
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
            self.open_button = _tool(
                "Open …", "Open image files (Ctrl+O); or drop them here", self._ask_for_images
            )
            self.close_button = _tool("Close", "Take the chosen textures off the list", self._close_chosen)
            tools = [self.open_button, self.close_button]
        if session.scene is not None:
            self.refresh_button = _tool("Refresh", "Read the scene's textures again", session.refresh)
            self.select_button = _tool(
                "Select",
                "Select the chosen textures in the scene",
                lambda: session.in_scene(lambda scene: scene.select(session.chosen)),
            )
            tools += [self.select_button, self.refresh_button]
        section = _section("Textures", self.textures, *tools)
        section.setMinimumWidth(170)
        return section

    def _picture_section(self) -> QtWidgets.QWidget:
        self.split_button = _tool("Before | after", "Show before and after (D)")
        self.difference_button = _tool("Difference", "Show where colours differ, in CIEDE2000 (D)")
        _exclusive(self, self.split_button, self.difference_button)
        self.difference_button.toggled.connect(self.picture.show_difference)
        self.fit_button = _tool("Fit", "Show the whole image (F)", self.picture.fit)
        self.actual_button = _tool(
            "1:1", "One texel a pixel (1)", lambda: self.picture.set_zoom(1 / self.devicePixelRatioF())
        )
        tools = (self.split_button, self.difference_button, self.fit_button, self.actual_button)
        content = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.tiles)
        return _section("Picture", content, *tools)

    def _cloud_section(self) -> QtWidgets.QWidget:
        self.source_button = _tool("Source", "Colour each point as the texture has it")
        self.cluster_button = _tool("Cluster", "Colour each point as what it becomes")
        _exclusive(self, self.source_button, self.cluster_button)
        self.cluster_button.toggled.connect(lambda on: self.cloud.set_color_by("cluster" if on else "source"))
        return _section("Cloud", self.cloud, self.source_button, self.cluster_button)

    def _palette_section(self) -> QtWidgets.QWidget:
        session = self.session
        self.undo_button = _tool("Undo", "Undo the last change of palette or settings (Ctrl+Z)", session.undo)
        self.redo_button = _tool("Redo", "Do it again (Ctrl+Shift+Z)", session.redo)
        self.merge_button = _tool(
            "Merge", "Make the selected colours one (M); Ctrl selects several", self.swatches.merge
        )
        self.copy_button = _tool(
            "Copy hex", "Copy the selected colours, or all, as hex (Ctrl+C)", self.swatches.copy
        )
        self.lock_button = _tool(
            "Lock",
            "Keep the selected colours as they are whatever is clustered later, or let them go again (L)",
            self.swatches.lock,
        )
        self.load_button = _tool("Load …", "Work with the colours of a palette file", self._ask_for_load)
        self.save_button = _tool(
            "Save …", "Save the palette, for GIMP, Adobe's programs and others", self._ask_for_palette
        )
        self.reset_button = _tool(
            "Reset",
            "Go back from what a hand has changed, loaded or locked to the clustered palette",
            session.reset,
        )
        session.events.subscribe(self._enable_tools, "palette", "history", "settings", "source", "unsettled")
        self.swatches.selected.connect(self._enable_tools)
        self._enable_tools()
        tools = (
            self.undo_button, self.redo_button, self.reset_button,
            self.lock_button, self.merge_button, self.copy_button, self.load_button, self.save_button,
        )  # fmt: skip
        return _section("Palette", self.swatches, *tools)

    def _side(self) -> QtWidgets.QWidget:
        column = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(_section("Settings", self.controls))
        layout.addWidget(_section("Result", self.numbers))
        layout.addWidget(_section("Error against colours", self.curve), 1)
        scroll = QtWidgets.QScrollArea()
        scroll.setWidget(column)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side = QtWidgets.QWidget()
        outer = QtWidgets.QVBoxLayout(side)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self.actions_box)
        bar = scroll.verticalScrollBar().sizeHint().width()
        side.setMinimumWidth(column.minimumSizeHint().width() + bar)
        return side

    def _enable_tools(self) -> None:
        session = self.session
        has_palette = session.palette is not None
        self.undo_button.setEnabled(session.state.history.can_undo)
        self.redo_button.setEnabled(session.state.history.can_redo)
        self.reset_button.setEnabled(session.is_by_hand)
        self.merge_button.setEnabled(len(self.swatches.selection) > 1)
        self.copy_button.setEnabled(has_palette)
        self.lock_button.setEnabled(bool(self.swatches.selection))
        self.load_button.setEnabled(has_palette)
        self.save_button.setEnabled(has_palette)

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
        keys = QtGui.QKeySequence.StandardKey
        if event.matches(keys.Undo):
            return self.session.undo
        if event.matches(keys.Redo):
            return self.session.redo
        if event.matches(keys.Open) and self.session.open_files is not None:
            return self._ask_for_images
        if event.key() == QtCore.Qt.Key.Key_D and not event.modifiers():
            return self._toggle_difference
        return None

    def _toggle_difference(self) -> None:
        is_on = self.difference_button.isChecked()
        (self.split_button if is_on else self.difference_button).setChecked(True)

    # Files

    def _close_chosen(self) -> None:
        session = self.session
        unkept = [ref for ref in session.unkept() if ref in session.chosen]
        if unkept:
            ask_about_work(self, session, unkept, session.close_chosen)
        else:
            session.close_chosen()

    def _ask_for_images(self) -> None:
        ask_for_open(self, "Open textures", _IMAGES, self.session.open)

    def _ask_for_load(self) -> None:
        ask_for_open(self, "Load a palette", _PALETTES, lambda paths: self.session.load_palette(paths[0]))

    def _ask_for_palette(self) -> None:
        source = self.session.chosen[0].files[0]
        ask_for_file(
            self,
            "Save the palette",
            str(source.with_suffix(".gpl")),
            _PALETTES,
            self.session.export_palette,
        )

    def dragEnterEvent(self, event: QtGui.QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files, and nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QtGui.QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open the files."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.session.open(paths)

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


def _section(title: str, content: QtWidgets.QWidget, *tools: QtWidgets.QWidget) -> QtWidgets.QWidget:
    """Return a widget of a title with tools at its right, and content below."""
    box = QtWidgets.QWidget()
    heading = QtWidgets.QLabel(title)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)
    bar = QtWidgets.QToolBar()  # where there is no room, it keeps its tools behind an arrow
    bar.setStyleSheet("QToolBar { border: 0; padding: 0; spacing: 4px; }")
    bar.addWidget(heading)
    gap = QtWidgets.QWidget()
    gap.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    for tool in tools:
        bar.addWidget(tool)
    layout = QtWidgets.QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    layout.addWidget(bar)
    layout.addWidget(content, 1)
    return box


def _tool(text: str, tooltip: str, act: Callable[[], object] | None = None) -> QtWidgets.QToolButton:
    button = QtWidgets.QToolButton()
    button.setText(text)
    button.setToolTip(tooltip)
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    if act is not None:
        button.clicked.connect(lambda: act())
    return button


def _exclusive(parent: QtWidgets.QWidget, *buttons: QtWidgets.QToolButton) -> None:
    """Let one of the buttons be on at a time, at first the first one."""
    group = QtWidgets.QButtonGroup(parent)
    for button in buttons:
        qt.show_checked(button)
        group.addButton(button)
    buttons[0].setChecked(True)
