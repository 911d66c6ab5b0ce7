"""Choosing the number of colours for the user: what for, and when it has to be done again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

from rgbcloud import MAX_COLORS, Goal, InvalidArgumentError
from rgbcloud_panel import reducing

if TYPE_CHECKING:
    from rgbcloud import Settings
    from rgbcloud_panel.background import Background
    from rgbcloud_panel.host import Host
    from rgbcloud_panel.session import Session


class Goals:
    """What the session's number of colours is chosen for, if it is not chosen by hand.

    Parameters
    ----------
    session : Session
    host : Host
        Remembers the goal.
    background : Background
    """

    def __init__(self, session: Session, host: Host, background: Background) -> None:
        self._session = session
        self._host = host
        self._background = background
        self.goal = _remembered(host)
        """None: the number is chosen by hand."""
        self._answered: object = None  # what was asked when the number was chosen last
        self._asked: object = None  # what is being asked
        self._colors = session.settings.colors
        session.events.subscribe(self._follow, "settings")

    def set(self, goal: Goal | None) -> None:
        """Choose the number of colours for something else from now on, or leave it to the user's hand."""
        if goal == self.goal:
            return
        self.goal = goal
        self._stop()
        self._host.remember("goal", "" if goal is None else json.dumps(asdict(goal)))
        self._session.events.emit("goal", "unsettled")

    @property
    def is_open(self) -> bool:
        """Whether the number is not known yet for what the session shows."""
        return self.goal is not None and not self._session.edited and self._question() != self._answered

    def seek(self) -> bool:
        """Start to look for the number, and say so, if that is not known for what the session shows."""
        session, question = self._session, self._question()
        if self.goal is None or not self.is_open:
            return False
        if session.counted is None:
            return False
        if question == self._asked:
            return True
        self._asked = question
        work = partial(reducing.choose, session.counted, session.heeded(session.settings), self.goal)
        self._background.run(
            "choose", work, partial(self._found, question), partial(self._found_none, question)
        )
        return True

    def _question(self) -> tuple[object, Settings, Goal | None]:
        """Return all that the number depends on; what was counted is told apart by identity."""
        settings = self._session.settings
        return self._session.counted, replace(settings, colors=MAX_COLORS), self.goal

    def _found(self, question: object, colors: int) -> None:
        self._asked = None
        if question != self._question():
            return
        self._answered = question
        self._colors = colors
        if colors == self._session.settings.colors:
            self._session.events.emit("unsettled")  # the exact result has waited for this
        else:
            self._session.change(colors=colors)

    def _found_none(self, question: object, error: Exception) -> None:
        self._asked, self._answered = None, question
        self._background.fail(error)
        self._session.events.emit("unsettled")

    def _follow(self) -> None:
        """Give way where another number was chosen; ask anew where something else was changed."""
        colors, before = self._session.settings.colors, self._colors
        self._colors = colors
        if colors != before:
            self.set(None)
        elif self._asked is not None and self._asked != self._question():
            self._stop()

    def _stop(self) -> None:
        self._asked = None
        self._background.drop("choose")


def _remembered(host: Host) -> Goal | None:
    text = host.remembered("goal")
    try:
        return Goal(**json.loads(text)) if text else None
    except (TypeError, ValueError, InvalidArgumentError):  # another release's
        return None
