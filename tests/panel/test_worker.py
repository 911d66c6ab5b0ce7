"""Background work in threads: what is answered, and what is overtaken."""

from __future__ import annotations

import functools
import gc
import subprocess
import sys
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
            assert gate.wait(60)
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


class Ring:
    """What only a collection of garbage frees."""

    def __init__(self):
        self.itself = self


def test_what_is_garbage_on_the_main_thread_is_never_freed_in_a_worker(workers):
    """Widgets are, that a closed panel leaves behind; Qt may crash where another thread frees them."""
    threads, answers = [], []
    before = gc.get_threshold()
    gc.set_threshold(100_000)
    ring = Ring()
    weakref.finalize(ring, lambda: threads.append(threading.current_thread()))

    def work(_progress):
        gc.set_threshold(1, 1, 1)
        return len([[] for _ in range(5000)])  # each of which would have garbage collected

    try:
        del ring
        workers.submit("exact", work, answers.append, answers.append, lambda *_: None)
        gui.wait_until(lambda: answers)
        gui.wait_until(gc.isenabled)  # as soon as no thread runs
        gc.collect()
    finally:
        gc.set_threshold(*before)
    assert answers == [5000]
    assert threads == [threading.main_thread()]


def test_who_wants_to_know_is_let_go_on_the_main_thread(qtbot):
    workers, threads = Workers(), []
    started, gate = threading.Event(), threading.Event()

    def work(_progress):
        started.set()
        assert gate.wait(60)

    ring = Ring()
    weakref.finalize(ring, lambda: threads.append(threading.current_thread()))
    ring.itself = None
    workers.submit("exact", work, lambda _result, ring=ring: None, print, print)
    del ring
    assert started.wait(60)
    workers.close()
    assert threads == [threading.main_thread()]
    gate.set()
    gui.wait_until(lambda: not any(thread.name == "rgbcloud exact" for thread in threading.enumerate()))


def test_python_can_exit_though_nobody_closed_them():
    code = """
from Qt import QtCore
from rgbcloud_panel.work.worker import Workers
app = QtCore.QCoreApplication([])
workers, answers = Workers(), []
workers.submit("load", lambda progress: 7, answers.append, print, print)
while not answers:
    app.processEvents()
def never_ends(progress):
    while True:
        progress(0.5, "")
workers.submit("view", never_ends, answers.append, print, print)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)
