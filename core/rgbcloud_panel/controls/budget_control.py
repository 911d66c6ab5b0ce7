"""One budget for the chosen textures: how much there is, and what each of them gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtWidgets

from rgbcloud_panel.state.outputs import file_size

if TYPE_CHECKING:
    from rgbcloud_panel.state.budgets import Budgets
    from rgbcloud_panel.state.session import Session

_ROWS = 6  # that are in sight at once


class BudgetControl(QtWidgets.QWidget):
    """A box for a size, a button that divides it, and a table of what each texture got."""

    def __init__(self, session: Session, budgets: Budgets) -> None:
        super().__init__()
        self._session, self._budgets = session, budgets
        self.total = QtWidgets.QLineEdit("200 MB")
        self.total.setAccessibleName("Bytes of all chosen textures together")
        self.total.setToolTip(
            "What the files of all chosen textures may take together, such as 800 kB or 1.5 GB"
        )
        self.button = QtWidgets.QPushButton("Divide")
        self.button.setToolTip(
            "Give each chosen texture as many colours as its share pays for; then reduce them"
        )
        self.table = QtWidgets.QTreeWidget()
        self.table.setHeaderLabels(["Texture", "Colours", "Size"])
        self.table.setAccessibleName("What each texture gets")
        self.table.setRootIsDecorated(False)
        self.table.setSelectionMode(QtWidgets.QTreeWidget.SelectionMode.NoSelection)
        self.table.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
        self.table.header().setStretchLastSection(False)
        self.table.header().setSectionResizeMode(QtWidgets.QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setSectionResizeMode(0, QtWidgets.QHeaderView.ResizeMode.Stretch)
        self.more = QtWidgets.QLabel()
        self.more.setWordWrap(True)
        layout = QtWidgets.QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.total, 0, 0)
        layout.addWidget(self.button, 0, 1)
        layout.addWidget(self.table, 1, 0, 1, 2)
        layout.addWidget(self.more, 2, 0, 1, 2)
        self.setFocusProxy(self.total)
        self.button.clicked.connect(lambda: budgets.divide(self.total.text()))
        self.total.returnPressed.connect(lambda: budgets.divide(self.total.text()))
        session.events.subscribe(self._show, "settings", "chosen", "textures", "progress")
        self._show()

    def summary(self) -> str:
        """Return how much of the budget is spent, if it was divided."""
        budget = self._budgets.divided
        return "" if budget is None else f"{file_size(budget.spent)} of {file_size(int(budget.total))}"

    def _show(self) -> None:
        self.button.setEnabled(self._budgets.can_divide)
        budget = self._budgets.divided
        self.table.setVisible(budget is not None)
        self.more.setVisible(budget is not None)
        if budget is None:
            return
        self.table.clear()
        for number, share in budget.shares.items():
            name = budget.names[number]
            row = QtWidgets.QTreeWidgetItem([name, f"{share.colors}", file_size(share.bytes)])
            row.setToolTip(0, f"{name}: MSE {share.error:.2f}")
            self.table.addTopLevelItem(row)
        rows = min(self.table.topLevelItemCount(), _ROWS)
        around = self.table.header().sizeHint().height() + 2 * self.table.frameWidth()
        self.table.setFixedHeight(around + rows * self.table.sizeHintForRow(0))
        self.more.setText(
            f"Together {file_size(budget.spent)} of {file_size(int(budget.total))}. "
            f"One more megabyte would lower the error by {budget.gain:.1%}."
        )
