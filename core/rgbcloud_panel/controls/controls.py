"""What the palette is made with: colours and their goal first, the rest folded under what artists call it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Callable, NamedTuple

from Qt import QtWidgets

from rgbcloud import FIELDS
from rgbcloud_panel.controls import summaries
from rgbcloud_panel.controls.budget_control import BudgetControl
from rgbcloud_panel.controls.colors_control import ColorsControl
from rgbcloud_panel.controls.field_controls import APPLIES, control_of
from rgbcloud_panel.controls.fold import Fold
from rgbcloud_panel.controls.goal_control import GoalControl
from rgbcloud_panel.controls.mask_control import MaskControl

if TYPE_CHECKING:
    from rgbcloud_panel.state.budgets import Budgets
    from rgbcloud_panel.state.on_model import OnModel
    from rgbcloud_panel.state.session import Session


class _Group(NamedTuple):
    """What stands under one heading."""

    title: str
    summary: Callable[[Session], str]
    rows: dict[str, str]
    """What fields are called there; the palette shows those of colours."""


_GROUPS = {
    "type": _Group(
        "&Texture type", summaries.texture_type, {"kind": "Holds", "alpha": "Alpha is", "frames": "Frames"}
    ),
    "size": _Group(
        "Si&ze", summaries.size, {"max_size": "Longer side", "scale": "Scale", "enlarge": "Enlarge"}
    ),
    "space": _Group(
        "Colo&ur space",
        summaries.color_space,
        {"linear": "Linear", "color_space": "Name", "ocio": "OCIO config"},
    ),
    "accents": _Group("&Keep accents", summaries.accents, {"weight_power": "Rare colours"}),
    "dither": _Group(
        "&Dither",
        summaries.dither,
        {"dither": "Dither", "dither_strength": "Strength", "serpentine": "Serpentine"},
    ),
    "mask": _Group("&Mask", summaries.mask, {}),
    "budget": _Group("On&e budget", lambda _session: "", {}),
    "file": _Group(
        "F&ile",
        summaries.file,
        {
            "indexed": "Indexed file",
            "squeeze": "Squeeze PNG",
            "skip_larger": "Only if lighter",
            "strip": "No metadata",
        },
    ),
    "advanced": _Group(
        "Adva&nced", summaries.advanced, {"space": "Distances in", "seed": "Seed", "effort": "Effort"}
    ),
}
_FIELDS = {field.name: field for field in FIELDS}


class Controls(QtWidgets.QWidget):
    """A control for every field of the settings but the colours that the palette shows."""

    def __init__(self, session: Session, on_model: OnModel, budgets: Budgets) -> None:
        super().__init__()
        self.controls: dict[str, QtWidgets.QWidget] = {}
        """By field."""
        self.folds: dict[str, Fold] = {}
        """By name."""
        self._session = session
        self._layout = QtWidgets.QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._make_first()
        self.mask_row = MaskControl(session, on_model)
        self.budget_row = BudgetControl(session, budgets)
        for name, group in _GROUPS.items():
            self._add_fold(name, group)
        session.events.subscribe(self._enable, "settings")
        session.events.subscribe(self._summarize, "settings", "chosen", "counted", "after")
        self._enable()

    def _make_first(self) -> None:
        """Make the number of colours and what it is chosen for, which the panel puts above all."""
        self.colors = ColorsControl(self._session)
        self.controls["colors"] = self.colors
        self.colors.setToolTip(_FIELDS["colors"].help)
        self.goal = GoalControl(self._session)
        self.first = QtWidgets.QWidget()
        form = QtWidgets.QFormLayout(self.first)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        for text, widget, buddy in (
            ("&Colours", self.colors, self.colors.spin),
            ("&Goal", self.goal, self.goal.kind),
        ):
            label = QtWidgets.QLabel(text)
            label.setBuddy(buddy)
            label.setToolTip(buddy.toolTip())
            form.addRow(label, widget)

    def _add_fold(self, name: str, group: _Group) -> None:
        rows: list[tuple[str, QtWidgets.QWidget]] = []
        for field_name, text in group.rows.items():
            field = _FIELDS[field_name]
            widget = control_of(self._session, field)
            widget.setObjectName(field_name)
            widget.setToolTip(field.help)
            widget.setAccessibleName(text)
            self.controls[field_name] = widget
            rows.append((text, widget))
        summary: Callable[[], str] = partial(group.summary, self._session)
        if name == "mask":
            rows.append(("", self.mask_row))
        elif name == "budget":
            rows.append(("", self.budget_row))
            summary = self.budget_row.summary
        fold = Fold(group.title, rows, summary)
        self.folds[name] = fold
        self._layout.addWidget(fold)

    def fold_of(self, field: str) -> Fold:
        """Return what the control of a field can be folded away with."""
        return next(self.folds[name] for name, group in _GROUPS.items() if field in group.rows)

    def _summarize(self) -> None:
        for fold in self.folds.values():
            fold.update_summary()

    def _enable(self) -> None:
        """Grey out what says nothing beside the other settings."""
        for name, applies in APPLIES.items():
            is_heard = applies(self._session.settings)
            control = self.controls[name]
            control.setEnabled(is_heard)
            self.fold_of(name).labels[control].setEnabled(is_heard)
