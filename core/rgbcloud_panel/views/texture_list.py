"""The textures on the left: what there is, what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from Qt import QtCore, QtGui, QtWidgets

from rgbcloud.errors import printable
from rgbcloud_panel import qt
from rgbcloud_panel.sections import stack
from rgbcloud_panel.state.outputs import file_size

if TYPE_CHECKING:
    from rgbcloud_panel.host import PanelTexture
    from rgbcloud_panel.state.session import Session

_KEY = int(QtCore.Qt.ItemDataRole.UserRole)
_DETAILS = _KEY + 1
_WARNING = _KEY + 2
_THUMBNAIL = 44  # pixels a side
_PADDING = 5
_BETWEEN = " · "  # details; the last ones are left out where there is no room


class TextureList(QtWidgets.QWidget):
    """A filter over a list. Several textures can be chosen; the current one is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.filter = QtWidgets.QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.setToolTip("Show only textures whose name, file or users contain this")
        self.filter.setAccessibleName("Filter textures")
        self.list = QtWidgets.QListWidget()
        self.list.setSelectionMode(QtWidgets.QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setIconSize(QtCore.QSize(_THUMBNAIL, _THUMBNAIL))
        self.list.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Textures")
        self.list.setToolTip("Choose the textures to work on; the last one clicked is shown")
        self.share = QtWidgets.QCheckBox("One palette for all chosen")
        self.share.setToolTip("Count the chosen textures together, so that they share a palette")
        stack(self, self.filter, self.list, self.share, stretched=[self.list], spacing=6)
        self.filter.textChanged.connect(self._apply_filter)
        self.list.itemSelectionChanged.connect(self._choose)
        self.share.toggled.connect(session.share)
        session.events.subscribe(self._list, "textures")
        session.events.subscribe(self._show_details, "thumbnail", "source")
        session.events.subscribe(self._show_chosen, "chosen")
        self._show_chosen()

    def _list(self) -> None:
        chosen = {ref.key for ref in self._session.chosen}
        with qt.without_signals(self.list):
            self.list.clear()
            for ref in self._session.textures:
                item = QtWidgets.QListWidgetItem(printable(ref.name))
                item.setData(_KEY, ref.key)
                self.list.addItem(item)
                item.setSelected(ref.key in chosen)
                if chosen and ref.key == self._session.chosen[0].key:
                    self.list.setCurrentItem(item, QtCore.QItemSelectionModel.SelectionFlag.NoUpdate)
        self._show_details()
        self._apply_filter()

    def _items(self) -> list[QtWidgets.QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _show_details(self) -> None:
        by_key = {ref.key: ref for ref in self._session.textures}
        for item in self._items():
            ref = by_key[item.data(_KEY)]
            item.setData(_DETAILS, self._details(ref))
            item.setData(_WARNING, ref.warning or ref.problem or self._session.is_broken(ref))
            thumbnail = self._session.thumbnails.get(ref.key)
            if thumbnail is not None and item.icon().isNull():
                item.setIcon(QtGui.QIcon(QtGui.QPixmap.fromImage(qt.rgb_image(thumbnail.pixels))))
            item.setToolTip(self._tooltip(ref))

    def _details(self, ref: PanelTexture) -> str:
        thumbnail = self._session.thumbnails.get(ref.key)
        parts = []
        if thumbnail is not None:
            parts += [f"{thumbnail.width} x {thumbnail.height}", file_size(thumbnail.file_size)]
        if len(ref.files) > 1:
            parts.insert(0, f"{len(ref.files)} files")
        if ref.problem:
            parts.append("missing")
        if self._session.is_broken(ref):
            parts = ["cannot be read"]
        if ref.color_space:
            parts.append(ref.color_space)
        return printable(f"→ {ref.reduced}" if ref.reduced else _BETWEEN.join(parts))

    def _tooltip(self, ref: PanelTexture) -> str:
        lines = [str(path) for path in ref.files[:4]] or [ref.problem]
        if len(ref.files) > 4:
            lines.append(f"… and {len(ref.files) - 4} more")
        if ref.color_space:
            lines.append(f"colour space: {ref.color_space}")
        if ref.users:
            lines.append(f"used by: {', '.join(ref.users)}")
        if ref.reduced:
            lines.append(f"reduced: {ref.reduced}")
        if ref.warning:
            lines.append(ref.warning)
        return "\n".join(map(printable, lines))

    def _apply_filter(self) -> None:
        words = self.filter.text().casefold().split()
        by_key = {ref.key: ref for ref in self._session.textures}
        for item in self._items():
            ref = by_key[item.data(_KEY)]
            text = " ".join((ref.name, *map(str, ref.files), *ref.users, ref.color_space)).casefold()
            item.setHidden(not all(word in text for word in words))

    def _choose(self) -> None:
        keys = [item.data(_KEY) for item in self.list.selectedItems() if not item.isHidden()]
        current = self.list.currentItem()
        if current is not None and current.data(_KEY) in keys:
            keys.remove(current.data(_KEY))
            keys.insert(0, current.data(_KEY))
        self._session.choose(keys)

    def _show_chosen(self) -> None:
        chosen = {ref.key for ref in self._session.chosen}
        with qt.without_signals(self.list):
            for item in self._items():
                if item.isSelected() != (item.data(_KEY) in chosen):
                    item.setSelected(item.data(_KEY) in chosen)
        with qt.without_signals(self.share):
            self.share.setChecked(self._session.shared)
        self.share.setVisible(len(chosen) > 1)
        self.list.viewport().update()


class _Rows(QtWidgets.QStyledItemDelegate):
    """A thumbnail, a name, and a line of details below it."""

    def sizeHint(  # noqa: N802 - Qt's name
        self,
        option: QtWidgets.QStyleOptionViewItem,
        _index: QtCore.QModelIndex | QtCore.QPersistentModelIndex,
    ) -> QtCore.QSize:
        """As high as the thumbnail; as wide as the list is."""
        return QtCore.QSize(80, max(_THUMBNAIL, 2 * option.fontMetrics.height()) + 2 * _PADDING)

    def paint(
        self,
        painter: QtGui.QPainter,
        option: QtWidgets.QStyleOptionViewItem,
        index: QtCore.QModelIndex | QtCore.QPersistentModelIndex,
    ) -> None:
        """Draw a row."""
        row, palette = option.rect, option.palette
        role, state = QtGui.QPalette.ColorRole, QtWidgets.QStyle.StateFlag
        selected = bool(option.state & state.State_Selected)
        if selected:
            painter.fillRect(row, palette.color(role.Highlight))
        elif option.state & state.State_MouseOver:
            painter.fillRect(row, palette.color(role.AlternateBase))
        box = QtCore.QRect(row.left() + _PADDING, row.top() + _PADDING, _THUMBNAIL, _THUMBNAIL)
        box.moveTop(row.top() + (row.height() - _THUMBNAIL) // 2)
        icon = index.data(int(QtCore.Qt.ItemDataRole.DecorationRole))
        if icon is None or icon.isNull():
            painter.fillRect(box, palette.color(role.Dark))
        else:
            icon.paint(painter, box)
        text = row.adjusted(_THUMBNAIL + 3 * _PADDING, _PADDING, -_PADDING, -_PADDING)
        upper = QtCore.QRect(text.left(), text.top(), text.width(), text.height() // 2)
        lower = upper.translated(0, text.height() // 2)
        elided = QtCore.Qt.TextElideMode.ElideMiddle
        metrics = option.fontMetrics
        flags = int(QtCore.Qt.AlignmentFlag.AlignLeft | QtCore.Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(palette.color(role.HighlightedText if selected else role.Text))
        name = str(index.data(int(QtCore.Qt.ItemDataRole.DisplayRole)))
        if index.data(_WARNING):
            name = f"⚠ {name}"
        painter.drawText(upper, flags, metrics.elidedText(name, elided, upper.width()))
        painter.setPen(palette.color(role.HighlightedText if selected else role.PlaceholderText))
        parts = str(index.data(_DETAILS) or "").split(_BETWEEN)
        while len(parts) > 1 and metrics.horizontalAdvance(_BETWEEN.join(parts)) > lower.width():
            parts.pop()
        details = _BETWEEN.join(parts)
        painter.drawText(lower, flags, metrics.elidedText(details, elided, lower.width()))
