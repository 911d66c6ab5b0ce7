"""A control for a field of `rgbcloud.Settings`, made from what `FIELDS` says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from Qt import QtCore, QtWidgets

from rgbcloud import Settings
from rgbcloud_panel import qt
from rgbcloud_panel.controls.colors_control import ColorsControl

if TYPE_CHECKING:
    from rgbcloud import Field
    from rgbcloud_panel.state.session import Session

_LARGEST = (1 << 31) - 1  # what a spin box holds
_CHOICES: dict[str, dict[Any, str]] = {
    "space": {"srgb": "sRGB", "linear": "Linear light", "cielab": "CIELAB"},
    "kind": {
        "auto": "Guess from its name",
        "color": "Colours",
        "data": "Data, such as roughness",
        "normal": "Normal map",
        "labels": "Labels, masks, IDs",
    },
    "alpha": {"auto": "Guess from its name", "opacity": "Opacity", "channel": "A channel like others"},
    "scale": {"1": "As it is"},
    "frames": {"first": "The first one", "all": "All, with one palette"},
    "linear": {None: "As the file says", False: "No", True: "Yes"},
}
"""What choices of fields are called where their names do not tell."""
_EMPTY = {"color_space": "As the file says", "ocio": "$OCIO, if it is set"}
"""What a text field that is empty stands for."""
_OTHERS = {"linear": "color_space", "color_space": "linear", "max_size": "scale", "scale": "max_size"}
"""What says the same as a field in other words."""
_FALLING = ("weight_power",)  # to the right, where the number falls, there is more of what the label says
APPLIES: dict[str, Callable[[Settings], bool]] = {
    "dither_strength": lambda settings: settings.dither != "none",
    "serpentine": lambda settings: settings.dither == "floyd-steinberg",
}
"""When a field says something; always if it is not in here."""


def control_of(session: Session, field: Field) -> QtWidgets.QWidget:
    """Return the control of a field, which shows and changes its value in the session."""
    if field.name == "colors":
        return ColorsControl(session)
    if field.form == "switch" and field.name != "linear":
        return _switch(session, field)
    if field.form in ("switch", "choice"):
        return _choice(session, field)
    if field.form == "text":
        return _text(session, field)
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
    box.currentIndexChanged.connect(lambda index: _change(session, field.name, values[index]))
    _follow(session, field, box, lambda value: box.setCurrentIndex(values.index(value)))
    return box


def _text(session: Session, field: Field) -> QtWidgets.QWidget:
    line = QtWidgets.QLineEdit()
    line.setPlaceholderText(_EMPTY[field.name])
    line.setClearButtonEnabled(True)

    def change() -> None:
        if line.text().strip() != getattr(session.settings, field.name):
            _change(session, field.name, line.text().strip())

    line.editingFinished.connect(change)
    _follow(session, field, line, line.setText)
    return line


def _change(session: Session, name: str, value: Any) -> None:
    """Change a field, and let go of the one that says the same in other words."""
    usual = Settings()
    values = {name: value}
    if name in _OTHERS and value != getattr(usual, name):
        values[_OTHERS[name]] = getattr(usual, _OTHERS[name])
    session.change(**values)


def _number(session: Session, field: Field) -> QtWidgets.QWidget:
    box = QtWidgets.QSpinBox()
    box.setRange(int(field.least or 0), int(min(field.most or _LARGEST, _LARGEST)))
    box.setKeyboardTracking(False)
    if field.name == "max_size":
        box.setSpecialValueText("As it is")
        box.setSingleStep(256)
    box.valueChanged.connect(lambda value: _change(session, field.name, value))
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
