"""How the panel's parts are framed: headings, and tools that take a second row where the first is full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud_panel import qt

if TYPE_CHECKING:
    from collections.abc import Collection


class FlowLayout(QtWidgets.QLayout):
    """Widgets in rows as they fit; what comes after the first one of a row stands at its right end.

    Notes
    -----
    After the flow layout among Qt's examples.
    """

    def __init__(self, parent: QtWidgets.QWidget, spacing: int = 4) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._items: list[QtWidgets.QLayoutItem] = []

    def addItem(self, item: QtWidgets.QLayoutItem) -> None:  # noqa: N802 - Qt's name
        """Take an item."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QtWidgets.QLayoutItem:  # noqa: N802 - Qt's name
        """Return an item, None beyond the last."""
        return self._items[index] if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def takeAt(self, index: int) -> QtWidgets.QLayoutItem:  # noqa: N802 - Qt's name
        """Give an item away."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None  # type: ignore[return-value]

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Less width takes more rows."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height of all rows."""
        return self._arrange(QtCore.QRect(0, 0, width, 0), is_tried=True)

    def setGeometry(self, rect: QtCore.QRect) -> None:  # noqa: N802 - Qt's name
        """Put the items into their places."""
        super().setGeometry(rect)
        self._arrange(rect, is_tried=False)

    def sizeHint(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        """Return the size of a single row."""
        sizes = [item.sizeHint() for item in self._visible()]
        width = sum(size.width() + self.spacing() for size in sizes) - self.spacing()
        return QtCore.QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QtCore.QSize:  # noqa: N802 - Qt's name
        """Return the size of the largest item."""
        size = QtCore.QSize()
        for item in self._visible():
            size = size.expandedTo(item.minimumSize())
        return size

    def _visible(self) -> list[QtWidgets.QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QtCore.QRect, *, is_tried: bool) -> int:
        rows: list[list[QtWidgets.QLayoutItem]] = [[]]
        used = 0
        for item in self._visible():
            width = item.sizeHint().width()
            if rows[-1] and used + width > rect.width():
                rows.append([])
                used = 0
            rows[-1].append(item)
            used += width + self.spacing()
        top = rect.top()
        for number, row in enumerate(rows):
            height = max((item.sizeHint().height() for item in row), default=0)
            if not is_tried:
                self._place(row, QtCore.QRect(rect.left(), top, rect.width(), height), is_first=number == 0)
            top += height + self.spacing()
        return top - self.spacing() - rect.top()

    def _place(self, row: list[QtWidgets.QLayoutItem], rect: QtCore.QRect, *, is_first: bool) -> None:
        widths = [min(item.sizeHint().width(), rect.width()) for item in row]
        free = rect.width() - sum(widths) - self.spacing() * (len(row) - 1)
        left = rect.left() + (0 if is_first else free)
        for index, (item, width) in enumerate(zip(row, widths)):
            item.setGeometry(QtCore.QRect(left, rect.top(), width, rect.height()))
            left += width + self.spacing() + (free if is_first and index == 0 else 0)


class _Bar(QtWidgets.QWidget):
    """Widgets in as many rows as they need, none of which is hidden where there is little room."""

    def resizeEvent(self, event: QtGui.QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the rows that this width takes: splitters heed no height for a width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))


def stack(
    box: QtWidgets.QWidget,
    *parts: QtWidgets.QWidget,
    stretched: Collection[QtWidgets.QWidget] = (),
    spacing: int = 4,
    across: bool = False,
) -> QtWidgets.QWidget:
    """Put parts into a box, one below the other or side by side, without margins, and return it.

    What room is left, the stretched ones take.
    """
    layout = QtWidgets.QHBoxLayout(box) if across else QtWidgets.QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part, int(part in stretched))
    return box


def section(title: str, content: QtWidgets.QWidget, *tools: QtWidgets.QWidget) -> QtWidgets.QWidget:
    """Return a widget of a title with tools at its right, and content below."""
    bar = _Bar()
    heading = QtWidgets.QLabel(title)
    font = heading.font()
    font.setBold(True)
    heading.setFont(font)
    row = FlowLayout(bar)
    row.addWidget(heading)
    for tool in tools:
        row.addWidget(tool)
    return stack(QtWidgets.QWidget(), bar, content, stretched=[content])


def tool_button(text: str, tooltip: str, act: Callable[[], object] | None = None) -> QtWidgets.QToolButton:
    """Return a flat button for a section's heading."""
    button = QtWidgets.QToolButton()
    button.setText(text)
    button.setToolTip(tooltip)
    button.setAccessibleName(text)
    button.setAccessibleDescription(tooltip)
    button.setAutoRaise(True)
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    if act is not None:
        button.clicked.connect(lambda: act())
    return button


def menu_button(text: str, tooltip: str, acts: dict[str, Callable[[], object]]) -> QtWidgets.QToolButton:
    """Return a flat button that opens a menu."""
    button = tool_button(text, tooltip)
    button.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QtWidgets.QMenu(button)
    for name, act in acts.items():
        menu.addAction(name).triggered.connect(lambda _checked=False, act=act: act())
    button.setMenu(menu)
    return button


def make_exclusive(parent: QtWidgets.QWidget, *buttons: QtWidgets.QToolButton) -> None:
    """Let one of the buttons be on at a time, at first the first one."""
    group = QtWidgets.QButtonGroup(parent)
    for button in buttons:
        qt.show_checked(button)
        group.addButton(button)
    buttons[0].setChecked(True)
