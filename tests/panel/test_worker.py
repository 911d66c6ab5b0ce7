"""Background work in threads: what is answered, and what is overtaken."""

from __future__ import annotations

import functools
import threading
import weakref

import gui
import pytest

from rgbcloud_panel.work.worker import Workers


@pytest.fixture
def workers(qtbot):
    workers = Workers()
    yield workers
    workers.close()


class Requests:
    """Work that waits to be let go, and the answers that came."""

    def __init__(self, workers, lane):
        self.workers, self.lane = workers, lane
        self.answers, self.started = [], []

    def ask(self, name):
        gate = threading.Event()

        def work(progress):
            self.started.append(name)
            assert gate.wait(20)
            progress(0.5, name)
            return name

        self.workers.submit(self.lane, work, self.answers.append, self.answers.append, lambda *_: None)
        return gate


def ask_three(workers, lane):
    """Ask for three things while the first is being done, and let them all go."""
    requests = Requests(workers, lane)
    first = requests.ask("first")
    gui.wait_until(lambda: requests.started == ["first"])
    gates = [first, requests.ask("second"), requests.ask("third")]
    for gate in gates:
        gate.set()
    gui.wait_until(lambda: "third" in requests.answers)
    return requests


def test_previews_are_finished_and_shown_and_the_newest_is_next(workers):
    requests = ask_three(workers, "view")
    assert requests.answers == requests.started == ["first", "third"]


def test_elsewhere_what_is_overtaken_is_not_answered(workers):
    requests = ask_three(workers, "exact")
    assert requests.answers == ["third"]


@pytest.mark.parametrize("lane", ["view", "exact"])
def test_what_is_cancelled_is_not_answered(workers, lane, qtbot):
    requests = Requests(workers, lane)
    gate = requests.ask("first")
    gui.wait_until(lambda: requests.started)
    workers.cancel(lane)
    gate.set()
    later = requests.ask("later")
    later.set()
    gui.wait_until(lambda: requests.answers)
    assert requests.answers == ["later"]


def test_what_was_asked_for_is_let_go(workers):
    class Large:
        pass

    large, answers = Large(), []
    held = weakref.ref(large)
    work = functools.partial(lambda _large, _progress: "done", large)
    workers.submit("exact", work, answers.append, answers.append, lambda *_: None)
    del large, work
    gui.wait_until(lambda: answers == ["done"])
    gui.wait_until(lambda: held() is None)
