"""What a hand does, as events that Qt delivers."""

from __future__ import annotations

import time
import warnings

from Qt import QtCore, QtGui, QtTest, QtWidgets

LEFT = QtCore.Qt.MouseButton.LeftButton
NONE = QtCore.Qt.KeyboardModifier.NoModifier
KEY = QtCore.Qt.Key


def center_of(widget):
    return widget.rect().center()


def click(widget, at=None, modifiers=NONE):
    QtTest.QTest.mouseClick(widget, LEFT, modifiers, at or center_of(widget))


def double_click(widget, at):
    click(widget, at)
    QtTest.QTest.mouseDClick(widget, LEFT, NONE, at)


def drag(widget, start, stop, steps=4):
    """Press, move in steps, and let go."""
    QtTest.QTest.mousePress(widget, LEFT, NONE, start)
    for step in range(1, steps + 1):
        move(widget, start + (stop - start) * step / steps, LEFT)
        QtWidgets.QApplication.processEvents()
    QtTest.QTest.mouseRelease(widget, LEFT, NONE, stop)


def move(widget, to, buttons=QtCore.Qt.MouseButton.NoButton):
    """Move the mouse; QTest would move the cursor of the whole screen in Qt 5, and answer later."""
    where = QtCore.QPointF(to), QtCore.QPointF(widget.mapToGlobal(to))
    no_button = QtCore.Qt.MouseButton.NoButton
    event = QtGui.QMouseEvent(QtCore.QEvent.Type.MouseMove, *where, no_button, buttons, NONE)
    QtWidgets.QApplication.sendEvent(widget, event)


def unfold(panel, field):
    """Open the part of the settings that a field's control stands in, and return the control."""
    fold = panel.controls.fold_of(field)
    if not fold.is_open:
        click(fold.heading)
        QtWidgets.QApplication.processEvents()
    return panel.controls.controls[field]


def press(widget, key, modifiers=NONE):
    widget.setFocus()
    QtTest.QTest.keyClick(widget, key, modifiers)


def wheel(widget, at, turns):
    """Turn the wheel by so many notches, away from the hand where positive."""
    where = QtCore.QPointF(at)
    event = QtGui.QWheelEvent(
        where,
        QtCore.QPointF(widget.mapToGlobal(at)),
        QtCore.QPoint(0, 0),
        QtCore.QPoint(0, 120 * turns),
        QtCore.Qt.MouseButton.NoButton,
        NONE,
        QtCore.Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QtWidgets.QApplication.sendEvent(widget, event)


def drop(widget, paths):
    """Drag files over a widget and let them go. Returns whether it wanted them."""
    mime = QtCore.QMimeData()
    mime.setUrls([QtCore.QUrl.fromLocalFile(str(path)) for path in paths])
    at = center_of(widget)
    copy = QtCore.Qt.DropAction.CopyAction
    with warnings.catch_warnings():  # Qt 6.11 deprecates the only constructor that Qt 5 has
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QtGui.QDragEnterEvent(at, copy, mime, LEFT, NONE)
    QtWidgets.QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        let_go = QtGui.QDropEvent(QtCore.QPointF(at), copy, mime, LEFT, NONE)
    QtWidgets.QApplication.sendEvent(widget, let_go)
    return let_go.isAccepted()


def wait_until(condition, seconds=300.0):
    """Run the event loop until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        QtWidgets.QApplication.processEvents()
        time.sleep(0.005)  # unlike QTest.qWait, this lets other threads have the interpreter


def has_settled(panel):
    """Whether the exact result is there, its numbers, and the clusters of its cloud."""
    session = panel.session
    return (
        session.state.exact is not None
        and session.state.picture.number == session.state.number
        and session.progress is None
        and session.state.cloud is not None
        and session.state.cloud.palette == session.palette
        and not panel.is_waiting
    )


def settle(panel, seconds=300.0):
    """Run the event loop until the panel has nothing more to do; say what it waits for if it never does."""
    end = time.monotonic() + seconds
    while not has_settled(panel):
        session, state = panel.session, panel.session.state
        assert time.monotonic() < end, (
            f"chosen {session.chosen}, picture {state.picture is not None}, counted "
            f"{state.counted is not None}, exact {state.exact is not None}, progress {session.progress}, "
            f"waiting {panel.is_waiting}, message {session.message}"
        )
        QtWidgets.QApplication.processEvents()
        time.sleep(0.005)


def choose(panel, row, modifiers=NONE):
    """Click a texture of the list."""
    view = panel.textures.list
    click(view.viewport(), view.visualItemRect(view.item(row)).center(), modifiers)


def answer(parent, text):
    """Click the button of this text in the question that a widget asks."""
    box = parent.findChild(QtWidgets.QMessageBox)
    click(next(button for button in box.buttons() if button.text().replace("&", "") == text))
    QtWidgets.QApplication.processEvents()
