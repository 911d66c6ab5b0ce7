"""What the palette is made with: a control for every field of `rgbcloud.Settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from Qt import QtCore, QtWidgets

from rgbcloud import MAX_COLORS, Settings
from rgbcloud.color.spaces import SPACE_NAMES
from rgbcloud.settings import DITHER_NAMES, EFFORT_NAMES, KIND_NAMES
from rgbcloud_panel import qt
from rgbcloud_panel.goal_control import GoalControl
from rgbcloud_panel.mask_control import MaskControl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud_panel.session import Session

USUAL_SIZES = (3, 7, 16, 32, 64, 128, 256)
_LARGEST_SEED = (1 << 31) - 1  # what a spin box holds
SLIDER_SIZES = (*range(1, 17), *range(18, 33, 2), *range(36, 65, 4), *range(72, 129, 8), *range(144, 257, 16))
"""What the slider's positions stand for: finer where palettes are small."""


class ColorsControl(QtWidgets.QWidget):
    """The number of colours: a slider, a spin box for any other number, and buttons for the usual ones."""

    def __init__(self, session: Session, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SLIDER_SIZES) - 1)
        self.slider.setPageStep(4)
        self.slider.setAccessibleName("Number of colours, slider")
        self.slider.setToolTip("How many colours the palette has; the picture follows while you drag")
        self.spin = QtWidgets.QSpinBox()
        self.spin.setRange(1, MAX_COLORS)
        self.spin.setKeyboardTracking(False)
        self.spin.setAccessibleName("Number of colours")
        self.spin.setToolTip("How many colours the palette has, 1 to 256")
        stops = QtWidgets.QHBoxLayout()
        stops.setSpacing(2)
        self.stops: dict[int, QtWidgets.QToolButton] = {}
        for size in USUAL_SIZES:
            self.stops[size] = self._stop(size)
            stops.addWidget(self.stops[size], 1)
        grid = QtWidgets.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.slider, 0, 0)
        grid.addWidget(self.spin, 0, 1)
        grid.addLayout(stops, 1, 0, 1, 2)
        self.slider.valueChanged.connect(lambda place: session.change(colors=SLIDER_SIZES[place]))
        self.spin.valueChanged.connect(lambda colors: session.change(colors=colors))
        session.events.subscribe(self._show, "settings")
        self._show()

    def _stop(self, size: int) -> QtWidgets.QToolButton:
        button = QtWidgets.QToolButton()
        button.setText(str(size))
        qt.show_checked(button)
        button.setToolTip(f"{size} colours")
        button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda: self._choose(size))
        return button

    def _choose(self, size: int) -> None:
        self._session.change(colors=size)
        self._show()

    def _show(self) -> None:
        colors = self._session.settings.colors
        place = min(range(len(SLIDER_SIZES)), key=lambda index: abs(SLIDER_SIZES[index] - colors))
        with qt.silenced(self.slider, self.spin):
            self.slider.setValue(place)
            self.spin.setValue(colors)
        for size, button in self.stops.items():
            button.setChecked(size == colors)


_SPACE_LABELS = {"srgb": "sRGB", "linear": "Linear light", "oklab": "Oklab", "cielab": "CIELAB"}
_KIND_LABELS = {
    "auto": "As its name says",
    "color": "Colours",
    "data": "Data",
    "normal": "Normals",
    "labels": "Labels, masks, IDs",
}
_DITHER_LABELS = {name: name.replace("-", " ").capitalize() for name in DITHER_NAMES}
_LINEAR_LABELS = {None: "As the file says", False: "No", True: "Yes"}


def _choice(labels: Mapping[Any, str]) -> Callable[[Session, str], QtWidgets.QWidget]:
    values = tuple(labels)

    def make(session: Session, field: str) -> QtWidgets.QWidget:
        box = QtWidgets.QComboBox()
        box.addItems([labels[value] for value in values])

        def show() -> None:
            with qt.silenced(box):
                box.setCurrentIndex(values.index(getattr(session.settings, field)))

        box.currentIndexChanged.connect(lambda index: session.change(**{field: values[index]}))
        session.events.subscribe(show, "settings")
        show()
        return box

    return make


def _number(smallest: int, largest: int) -> Callable[[Session, str], QtWidgets.QWidget]:
    def make(session: Session, field: str) -> QtWidgets.QWidget:
        box = QtWidgets.QSpinBox()
        box.setRange(smallest, largest)
        box.setKeyboardTracking(False)

        def show() -> None:
            with qt.silenced(box):
                box.setValue(getattr(session.settings, field))

        box.valueChanged.connect(lambda value: session.change(**{field: value}))
        session.events.subscribe(show, "settings")
        show()
        return box

    return make


def _percent(*, falls: bool = False) -> Callable[[Session, str], QtWidgets.QWidget]:
    """Return a slider from 0 to 1, or from 1 to 0."""

    def make(session: Session, field: str) -> QtWidgets.QWidget:
        slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setPageStep(10)

        def turned(value: float) -> float:
            return 1 - value if falls else value

        def show() -> None:
            with qt.silenced(slider):
                slider.setValue(round(100 * turned(getattr(session.settings, field))))

        slider.valueChanged.connect(lambda value: session.change(**{field: turned(value / 100)}))
        session.events.subscribe(show, "settings")
        show()
        return slider

    return make


def _switch(session: Session, field: str) -> QtWidgets.QWidget:
    box = QtWidgets.QCheckBox()

    def show() -> None:
        with qt.silenced(box):
            box.setChecked(bool(getattr(session.settings, field)))

    box.toggled.connect(lambda on: session.change(**{field: on}))
    session.events.subscribe(show, "settings")
    show()
    return box


class _Control(NamedTuple):
    label: str
    tooltip: str
    make: Callable[[Session, str], QtWidgets.QWidget]
    applies: Callable[[Settings], bool] = lambda _settings: True
    is_beside: bool = False  # the control before it, where small screens would lack a row


_CONTROLS = {
    "colors": _Control(
        "&Colours", "How many colours the palette has", lambda session, _field: ColorsControl(session)
    ),
    "space": _Control(
        "S&pace",
        "What distances between colours are taken in; Oklab and CIELAB follow the eye",
        _choice({name: _SPACE_LABELS[name] for name in SPACE_NAMES}),
    ),
    "weight_power": _Control(
        "&Rare colours",
        "How much rare colours count: to the right the palette keeps small accents",
        _percent(falls=True),
    ),
    "kind": _Control(
        "&Holds",
        "What the texture holds: normals keep their directions, labels their very numbers",
        _choice({name: _KIND_LABELS[name] for name in KIND_NAMES}),
    ),
    "linear": _Control("Li&near", "Whether colours are stored as linear light", _choice(_LINEAR_LABELS)),
    "dither": _Control(
        "&Dithering",
        "How the error of a texel is spread over others, which hides steps in gradients",
        _choice(_DITHER_LABELS),
    ),
    "dither_strength": _Control(
        "S&trength",
        "How much of the error is spread",
        _percent(),
        lambda settings: settings.dither != "none",
    ),
    "serpentine": _Control(
        "Serpentin&e",
        "Floyd-Steinberg goes back and forth, which breaks up worms and takes some times as long",
        _switch,
        lambda settings: settings.dither == "floyd-steinberg",
        is_beside=True,
    ),
    "seed": _Control(
        "&Seed",
        "Of the random starts of the clustering: another seed may find a slightly different palette",
        _number(0, _LARGEST_SEED),
    ),
    "effort": _Control(
        "&Effort",
        "Best takes several times as long for an error that is a percent or two smaller",
        _choice({name: name.capitalize() for name in EFFORT_NAMES}),
    ),
    "indexed": _Control(
        "&Indexed file",
        "Write palette indices, which is lighter; off: write RGB or RGBA texels",
        _switch,
    ),
    "squeeze": _Control(
        "S&queeze PNG",
        "Compress the PNG further with oxipng, which takes some seconds more",
        _switch,
        is_beside=True,
    ),
}


class Controls(QtWidgets.QWidget):
    """A control for every field of the settings but the locked colours, which the palette shows."""

    def __init__(self, session: Session, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls: dict[str, QtWidgets.QWidget] = {}
        """By field."""
        self._session = session
        self._rows: list[tuple[_Control, QtWidgets.QLabel, QtWidgets.QWidget]] = []
        form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, control in _CONTROLS.items():
            widget = control.make(session, name)
            widget.setObjectName(name)
            if not widget.toolTip():
                widget.setToolTip(control.tooltip)
            if not widget.accessibleName():
                widget.setAccessibleName(control.label.replace("&", ""))
            buddy = widget.spin if isinstance(widget, ColorsControl) else widget
            label = _label(control.label, control.tooltip, buddy)
            if control.is_beside:
                _put_beside(form, self._rows[-1][2], label, widget)
            else:
                form.addRow(label, widget)
            self._rows.append((control, label, widget))
            self.controls[name] = widget
        self.goal = GoalControl(session)
        goal_label = _label(
            "&Goal", "Whether the number of colours is chosen by hand, or for something to reach", self.goal
        )
        form.insertRow(1, goal_label, self.goal)
        self.mask_row = MaskControl(session)
        mask_label = _label(
            "&Mask", "An image that says which texels of the shown texture count", self.mask_row.button
        )
        form.insertRow(2, mask_label, self.mask_row)
        session.events.subscribe(self._enable, "settings")
        self._enable()

    def _enable(self) -> None:
        """Grey out what says nothing beside the other settings."""
        for control, label, widget in self._rows:
            applies = control.applies(self._session.settings)
            label.setEnabled(applies)
            widget.setEnabled(applies)


def _label(text: str, tooltip: str, buddy: QtWidgets.QWidget) -> QtWidgets.QLabel:
    label = QtWidgets.QLabel(text)
    label.setToolTip(tooltip)
    label.setBuddy(buddy)
    return label


def _put_beside(
    form: QtWidgets.QFormLayout, before: QtWidgets.QWidget, label: QtWidgets.QLabel, widget: QtWidgets.QWidget
) -> None:
    """Let the last row, which has one widget so far, hold another one."""
    last = form.rowCount() - 1
    form.removeWidget(before)
    row = QtWidgets.QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(before, 1)
    row.addWidget(label)
    row.addWidget(widget)
    form.setLayout(last, QtWidgets.QFormLayout.ItemRole.FieldRole, row)
