"""What the palette is made with: controls for the fields of `rgbcloud.Settings`, made from `FIELDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from Qt import QtCore, QtWidgets

from rgbcloud import FIELDS, MAX_COLORS, Field, Settings
from rgbcloud_panel import qt
from rgbcloud_panel.controls.goal_control import GoalControl
from rgbcloud_panel.controls.mask_control import MaskControl

if TYPE_CHECKING:
    from rgbcloud_panel.state.session import Session

USUAL_SIZES = (3, 7, 16, 32, 64, 128, 256)
_LARGEST = (1 << 31) - 1  # what a spin box holds
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
        with qt.without_signals(self.slider, self.spin):
            self.slider.setValue(place)
            self.spin.setValue(colors)
        for size, button in self.stops.items():
            button.setChecked(size == colors)


_LABELS = {
    "colors": "&Colours",
    "space": "S&pace",
    "weight_power": "Rare colo&urs",
    "kind": "&Holds",
    "linear": "Li&near",
    "dither": "&Dithering",
    "dither_strength": "S&trength",
    "serpentine": "Serpentin&e",
    "seed": "&Seed",
    "effort": "E&ffort",
    "indexed": "&Indexed file",
    "squeeze": "S&queeze PNG",
    "skip_larger": "Skip larger",
}
"""What fields are called here, in the order of their controls; the palette shows those of colours."""
_CHOICES: dict[str, dict[Any, str]] = {
    "space": {"srgb": "sRGB", "linear": "Linear light", "cielab": "CIELAB"},
    "kind": {
        "auto": "As its name says",
        "color": "Colours",
        "normal": "Normals",
        "labels": "Labels, masks, IDs",
    },
    "linear": {None: "As the file says", False: "No", True: "Yes"},
}
"""What choices of fields are called where their names do not tell."""
_BESIDE = ("serpentine", "squeeze")  # the control before it, where small screens would lack a row
_FALLING = ("weight_power",)  # to the right, where the number falls, there is more of what the label says
_APPLIES: dict[str, Callable[[Settings], bool]] = {
    "dither_strength": lambda settings: settings.dither != "none",
    "serpentine": lambda settings: settings.dither == "floyd-steinberg",
}
"""When a field says something; always if it is not in here."""


def _control(session: Session, field: Field) -> QtWidgets.QWidget:
    """Return the control of a field, which shows and changes its value in the session."""
    if field.name == "colors":
        return ColorsControl(session)
    if field.form == "switch" and field.name != "linear":
        return _switch(session, field)
    if field.form in ("switch", "choice"):
        return _choice(session, field)
    return _number(session, field) if field.form == "integer" else _percent(session, field)


def _follow(session: Session, field: Field, widget: QtWidgets.QWidget, show: Callable[[Any], object]) -> None:
    """Call `show` with the value of a field, now and after each change; the widget is silent meanwhile."""

    def update() -> None:
        with qt.without_signals(widget):
            show(getattr(session.settings, field.name))

    session.events.subscribe(update, "settings")
    update()


def _choice(session: Session, field: Field) -> QtWidgets.QWidget:
    values: tuple[Any, ...] = field.choices or (None, False, True)
    box = QtWidgets.QComboBox()
    names = _CHOICES.get(field.name, {})
    box.addItems([names.get(value) or str(value).replace("-", " ").capitalize() for value in values])
    box.currentIndexChanged.connect(lambda index: session.change(**{field.name: values[index]}))
    _follow(session, field, box, lambda value: box.setCurrentIndex(values.index(value)))
    return box


def _number(session: Session, field: Field) -> QtWidgets.QWidget:
    box = QtWidgets.QSpinBox()
    box.setRange(int(field.least or 0), int(min(field.most or _LARGEST, _LARGEST)))
    box.setKeyboardTracking(False)
    box.valueChanged.connect(lambda value: session.change(**{field.name: value}))
    _follow(session, field, box, box.setValue)
    return box


def _percent(session: Session, field: Field) -> QtWidgets.QWidget:
    """Return a slider from 0 to 1, or from 1 to 0."""
    slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setPageStep(10)

    def turn(value: float) -> float:
        return 1 - value if field.name in _FALLING else value

    slider.valueChanged.connect(lambda value: session.change(**{field.name: turn(value / 100)}))
    _follow(session, field, slider, lambda value: slider.setValue(round(100 * turn(value))))
    return slider


def _switch(session: Session, field: Field) -> QtWidgets.QWidget:
    box = QtWidgets.QCheckBox()
    box.toggled.connect(lambda on: session.change(**{field.name: on}))
    _follow(session, field, box, lambda value: box.setChecked(bool(value)))
    return box


class Controls(QtWidgets.QWidget):
    """A control for every field of the settings but colours, which the palette shows, and spaces by name."""

    def __init__(self, session: Session, parent: QtWidgets.QWidget | None = None) -> None:
        super().__init__(parent)
        self.controls: dict[str, QtWidgets.QWidget] = {}
        """By field."""
        self._session = session
        self._labels: dict[str, QtWidgets.QLabel] = {}
        self._form = form = QtWidgets.QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields = {field.name: field for field in FIELDS}
        for name in _LABELS:
            self._add(fields[name])
        self.goal = GoalControl(session)
        tooltip = "Whether the number of colours is chosen by hand, or for something to reach"
        form.insertRow(1, _label("&Goal", tooltip, self.goal), self.goal)
        self.mask_row = MaskControl(session)
        tooltip = "An image that says which texels of the shown texture count"
        form.insertRow(2, _label("&Mask", tooltip, self.mask_row.button), self.mask_row)
        session.events.subscribe(self._enable, "settings")
        self._enable()

    def _add(self, field: Field) -> None:
        """Add the control of a field."""
        widget = _control(self._session, field)
        widget.setObjectName(field.name)
        text = _LABELS[field.name]
        if not widget.toolTip():
            widget.setToolTip(field.help)
        if not widget.accessibleName():
            widget.setAccessibleName(text.replace("&", ""))
        label = _label(text, field.help, widget.spin if isinstance(widget, ColorsControl) else widget)
        if field.name in _BESIDE:
            _put_beside(self._form, list(self.controls.values())[-1], label, widget)
        else:
            self._form.addRow(label, widget)
        self._labels[field.name], self.controls[field.name] = label, widget

    def _enable(self) -> None:
        """Grey out what says nothing beside the other settings."""
        for name, applies in _APPLIES.items():
            is_heard = applies(self._session.settings)
            self._labels[name].setEnabled(is_heard)
            self.controls[name].setEnabled(is_heard)


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
