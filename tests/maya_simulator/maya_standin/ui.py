"""The state of Maya's user interface: a tree of named controls.

The bones of the main window are there from the start: the main window, the shelf's tab layout with a few of
Maya's shelves, the main progress bar. In batch there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SHELF_TOP = "MayaWindow|toolBar2|MainShelfLayout|formLayout17|ShelfLayout"
MAIN_PROGRESS_BAR = "MayaWindow|toolBar6|MainHelpLineLayout|helpLineFrame|formLayout20|mainProgressBar"
MAYA_SHELVES = ("Curves_Surfaces", "Poly_Modeling", "Sculpting", "Rigging", "Animation", "Rendering")


@dataclass(eq=False)
class Control:
    """One window, layout, control, menu or menu item."""

    kind: str
    name: str
    parent: Control | None
    children: list[Control] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    widget: Any = None  # its Qt side, once somebody asked for it

    @property
    def path(self) -> str:
        return f"{self.parent.path}|{self.name}" if self.parent else self.name

    def below(self) -> list[Control]:
        return [control for child in self.children for control in (child, *child.below())]


class UserInterface:
    """All controls; empty in batch."""

    def __init__(self, batch: bool) -> None:
        self.batch = batch
        self.windows: list[Control] = []
        self.current_parent: Control | None = None
        self.counts: dict[str, int] = {}
        self.cancelled = False  # the user pressed Esc
        self.answers: list[str] = []  # to the next confirm dialogs
        self.control_states: dict[str, dict[str, Any]] = {}  # what Maya saved of workspace controls, by name
        if not batch:
            self._build()

    def mel_globals(self) -> dict[str, str]:
        """The variables in which Maya keeps the names of its own layouts; empty strings in batch."""
        names = {
            "$gMainWindow": "MayaWindow",
            "$gShelfTopLevel": SHELF_TOP,
            "$gMainProgressBar": MAIN_PROGRESS_BAR,
        }
        return dict.fromkeys(names, "") if self.batch else names

    def all(self) -> list[Control]:
        return [control for window in self.windows for control in (window, *window.below())]

    def find(self, name: str, kind: str | None = None) -> Control | None:
        """Return the control of this path, or of this name if only one has it."""
        ends = f"|{name}"
        found = [c for c in self.all() if c.path == name or c.path.endswith(ends)]
        exact = [control for control in found if control.path == name]
        found = exact or found
        if kind is not None:
            found = [control for control in found if fits(control, kind)]
        if len(found) > 1:
            raise RuntimeError(f"Object's name '{name}' is not unique.")
        return found[0] if found else None

    def get(self, name: str, kind: str | None = None) -> Control:
        found = self.find(name, kind)
        if found is None:
            raise RuntimeError(f"Object '{name}' not found.")
        return found

    def add(self, kind: str, name: str | None, parent: Control | None) -> Control:
        """Add a control; without a name Maya numbers it."""
        if name is None:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            name = f"{kind}{self.counts[kind]}"
        siblings = parent.children if parent else self.windows
        if any(control.name == name for control in siblings):
            raise RuntimeError(f"Object's name '{name}' is not unique.")
        control = Control(kind, name, parent)
        siblings.append(control)
        return control

    def remove(self, control: Control) -> None:
        (control.parent.children if control.parent else self.windows).remove(control)
        parent = control.parent
        if (
            parent is not None
            and parent.kind == "shelfTabLayout"
            and parent.values.get("selectTab") == control.name
        ):
            parent.values["selectTab"] = parent.children[0].name if parent.children else None
        if self.current_parent in (control, *control.below()):
            self.current_parent = parent

    def _build(self) -> None:
        for path, kind in ((SHELF_TOP, "shelfTabLayout"), (MAIN_PROGRESS_BAR, "progressBar")):
            parent = None
            parts = path.split("|")
            for depth, name in enumerate(parts):
                existing = self.find("|".join(parts[: depth + 1]))
                kind_here = kind if depth == len(parts) - 1 else "window" if depth == 0 else "formLayout"
                parent = existing or self.add(kind_here, name, parent)
        shelves = self.get(SHELF_TOP)
        for name in MAYA_SHELVES:
            self.add("shelfLayout", name, shelves)
        shelves.values["selectTab"] = "Poly_Modeling"
        self.add("menu", "mainFileMenu", self.get("MayaWindow")).values["label"] = "File"


def fits(control: Control, asked: str) -> bool:
    """`layout` and `control` speak for all of their kind, `menu` also for submenus (PyMEL docs of menu)."""
    if asked == "layout":
        return control.kind.endswith("Layout")
    if asked == "menu" and control.values.get("subMenu"):
        return True
    return control.kind == asked or asked == "control"
