"""Callbacks by topic: how the session tells the widgets what has changed."""

from __future__ import annotations

from collections import defaultdict
from typing import Callable, Literal

Topic = Literal[
    "textures",  # the host's list
    "chosen",  # which of them are worked on
    "thumbnail",
    "tiles",  # small pictures of the files that share a palette
    "settings",
    "goal",  # what the number of colours is chosen for
    "source",  # the texture in the picture
    "counted",  # its colours and its curve of errors
    "cloud",
    "palette",  # the colours shown, and which of them are locked
    "after",  # the rebuilt texture, quick or exact
    "difference",
    "numbers",
    "picked",  # the cluster that stands out
    "watching",  # the step of k-means that is shown
    "variants",  # what other settings would make
    "progress",
    "message",
    "history",
    "unsettled",  # something was changed that wants an exact result, once the user's hand rests
]
Callback = Callable[[], object]


class Events:
    """Who wants to know about which topic."""

    def __init__(self) -> None:
        self._callbacks: defaultdict[Topic, list[Callback]] = defaultdict(list)

    def subscribe(self, callback: Callback, *topics: Topic) -> None:
        """Call `callback` after each change of one of the topics."""
        for topic in topics:
            self._callbacks[topic].append(callback)

    def emit(self, *topics: Topic) -> None:
        """Call the callbacks of topics, each callback once."""
        callbacks = [callback for topic in topics for callback in self._callbacks[topic]]
        for callback in dict.fromkeys(callbacks):
            callback()
