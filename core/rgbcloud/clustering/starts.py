"""scikit-learn's KMeans, in this process or in another one.

Two OpenMP runtimes in one process, scikit-learn's and one that the host has loaded, can crash it. Where they
do, the environment variable ``RGBCLOUD_KMEANS_PYTHON`` names another Python, such as Maya's mayapy, that runs
scikit-learn, which this process then never imports. All that crosses is a few thousand points, and the
centres that were found: results are the same.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import subprocess
import sys
import threading
import warnings
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from rgbcloud.errors import RgbcloudError
from rgbcloud.threads import SingleThreadedPools

if TYPE_CHECKING:
    from rgbcloud.color.codes import FloatArray

VARIABLE = "RGBCLOUD_KMEANS_PYTHON"
"""The environment variable that names the Python; that one can import numpy and scikit-learn."""
_ITERATIONS = 5
_lock = threading.Lock()
_READY = b"rgbcloud.clustering.starts is ready\n"  # whatever a Python prints before it comes from its start


def best_start(
    levels: FloatArray, weights: FloatArray, colors: int, starts: int, random: np.random.RandomState
) -> FloatArray:
    """Return the best of several k-means++ starts, each followed by a few of Lloyd's iterations.

    Parameters
    ----------
    levels : ndarray of shape (n, 3), float64
    weights : ndarray of shape (n,), float64
    colors, starts : int
    random : numpy.random.RandomState
        Drawn from, so that the next call gets other starts.

    Returns
    -------
    ndarray of shape (colors, 3), float64

    Raises
    ------
    RgbcloudError
        If another Python is to do it and cannot.
    """
    python = os.environ.get(VARIABLE)
    if not python:
        return _fit(levels, weights, colors, starts, random)
    with _lock:
        centers, state = _worker(python).ask((levels, weights, colors, starts, random.get_state()))
    random.set_state(state)
    return centers


def warm_up() -> None:
    """Load scikit-learn, which takes a second or two, where it will be needed."""
    levels = np.arange(6.0).reshape(2, 3)
    best_start(levels, np.ones(2), 1, 1, np.random.RandomState(0))


class _Worker:
    """A Python that runs `serve`, and ends when nothing more can come."""

    def __init__(self, python: str) -> None:
        self._python = python
        # It finds the packages that this process has, under a host that started neither.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        try:
            self._process = subprocess.Popen(
                [python, "-c", "from rgbcloud.clustering import starts; starts.serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows opens a console otherwise
            )
        except OSError as error:
            raise self._failed(str(error)) from error
        for line in self._output:
            if line.endswith(_READY):
                return
        raise self._failed(f"it ended with {self._process.wait()}")

    def ask(self, question: tuple[Any, ...]) -> tuple[FloatArray, Any]:
        try:
            pickle.dump(question, self._input)
            self._input.flush()
            answer: tuple[FloatArray, Any] = pickle.load(self._output)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            _worker.cache_clear()  # the next question starts another one
            raise self._failed(f"it ended with {self._process.wait()}") from error
        return answer

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def _failed(self, reason: str) -> RgbcloudError:
        msg = f"{self._python}, which {VARIABLE} lets cluster, has failed: {reason}"
        return RgbcloudError(f"{msg}; what it printed says why. Correct the variable, or unset it")

    def __del__(self) -> None:
        process = getattr(self, "_process", None)
        if process is not None:
            self._input.close()
            self._output.close()
            process.wait()


@functools.lru_cache(maxsize=1)
def _worker(python: str) -> _Worker:
    return _Worker(python)


def _fit(
    levels: FloatArray, weights: FloatArray, colors: int, starts: int, random: np.random.RandomState
) -> FloatArray:
    kmeans, not_converged = _engine()
    engine = kmeans(colors, init="k-means++", n_init=starts, max_iter=_ITERATIONS, tol=0, random_state=random)
    with SingleThreadedPools(), warnings.catch_warnings():
        # Fewer distinct points than clusters, or iterations used up: both are dealt with later.
        warnings.simplefilter("ignore", not_converged)
        engine.fit(levels, sample_weight=weights)
    centers: FloatArray = engine.cluster_centers_
    return centers


@functools.cache
def _engine() -> tuple[Any, type[Warning]]:
    """Import scikit-learn when it is first needed: that takes seconds, and most of the core does without."""
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    SingleThreadedPools.renew()
    return KMeans, ConvergenceWarning


def serve() -> None:
    """Answer what the process that started this one asks, until there is no more."""
    questions = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # what libraries print must not get between the answers
        answers.write(_READY)
        answers.flush()
        with contextlib.suppress(EOFError):
            while True:
                levels, weights, colors, starts, state = pickle.load(questions)
                random = np.random.RandomState()
                random.set_state(state)
                centers = _fit(levels, weights, colors, starts, random)
                pickle.dump((centers, random.get_state()), answers)
                answers.flush()
