"""All cores for whole-array work, and one place that says how many.

numpy, zlib and Pillow release the interpreter lock, so plain threads keep every core busy. Opening them takes
longer than most of what they do for a small texture: one pool serves the process. Inside such a thread BLAS
must not open a pool of its own: on two cores that made MiniBatchKMeans run for minutes.
`SingleThreadedPools` keeps it to one thread.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Callable, Generic, TypeVar

from threadpoolctl import ThreadpoolController

from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from threadpoolctl import _ThreadpoolLimiter

Item = TypeVar("Item")
Result = TypeVar("Result")

_limit: int | None = None


def thread_count() -> int:
    """Return how many threads rgbcloud uses: the limit that was set, else the cores of this process."""
    if _limit is not None:
        return _limit
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def set_thread_count(count: int | None) -> None:
    """Limit rgbcloud to `count` threads; None means every core again.

    Results do not depend on it: the same input gives the same bytes with any number of threads.

    Parameters
    ----------
    count : int or None
        At least 1.

    Raises
    ------
    InvalidArgumentError
        If `count` is below 1.
    """
    if count is not None and count < 1:
        msg = f"the number of threads must be at least 1, got {count}; None uses every core"
        raise InvalidArgumentError(msg)
    global _limit  # a setting of the process, like those of BLAS and OpenMP
    _limit = count


def slices(length: int, step: int) -> list[slice]:
    """Cut `length` items into slices of `step` items, the last one shorter."""
    return [slice(start, min(start + step, length)) for start in range(0, length, step)]


def in_parallel(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `work(item)` for every item, in order, computed on `thread_count()` threads.

    This thread is one of them, so that `work` may call `in_parallel` itself: whoever waits for a thread that
    is busy elsewhere does the work meanwhile. Should the caller stop early (an exception, a cancelled job),
    items not yet begun are dropped.
    """
    items = list(items)
    if thread_count() == 1 or len(items) <= 1:
        yield from map(work, items)
        return
    tasks = [_Task(work, item) for item in items]
    waiting = tasks.copy()
    try:
        for task in tasks:
            while waiting and not task.future.done():
                waiting.pop().run_if_waiting()
            yield task.result()
    finally:
        _drop(tasks)


def do_in_parallel(work: Callable[[Item], object], items: Iterable[Item]) -> None:
    """Do the work of every item as `in_parallel` does, where it leaves its results in place."""
    for _ in in_parallel(work, items):
        pass


def one_ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `work(item)` for every item, in order; while the caller uses one, the next is being computed."""
    if thread_count() == 1:
        yield from map(work, items)
        return
    tasks: list[_Task[Item, Result]] = []  # the one to yield, and the one ahead
    try:
        for item in items:
            tasks.append(_Task(work, item))
            if len(tasks) == 2:
                yield tasks.pop(0).result()
        for task in tasks:
            yield task.result()
    finally:
        _drop(tasks)


class _Task(Generic[Item, Result]):
    """Work on one item that waits for a thread of the pool, or for this one."""

    def __init__(self, work: Callable[[Item], Result], item: Item) -> None:
        self._run = functools.partial(work, item)
        self.future = _submit(self._run)

    def run_if_waiting(self) -> None:
        """Do the work in this thread, if no other one has begun it."""
        if self.future.cancel():
            future: Future[Result] = Future()
            try:
                future.set_result(self._run())
            except Exception as error:  # noqa: BLE001 # raised where the result is asked for, in order
                future.set_exception(error)
            self.future = future

    def result(self) -> Result:
        """Return the result, or raise what the work raised."""
        self.run_if_waiting()
        return self.future.result()


def _drop(tasks: Iterable[_Task[Item, Result]]) -> None:
    """Cancel what has not begun, and wait for the rest: nothing goes on after its caller."""
    wait([task.future for task in tasks if not task.future.cancel()])


_pool: ThreadPoolExecutor | None = None
_pool_size = 0
_pool_lock = threading.Lock()


def _submit(run: Callable[[], Result]) -> Future[Result]:
    """Hand work to the pool of this process, which has a thread less than are to work: its caller is one."""
    global _pool, _pool_size
    size = max(1, thread_count() - 1)
    with _pool_lock:
        if _pool is None or _pool_size != size:
            # The threads of a pool that nobody holds any more end after what they have been given.
            _pool, _pool_size = ThreadPoolExecutor(size, "rgbcloud"), size
        return _pool.submit(run)


class _OverlappingBlocks(contextlib.ContextDecorator):
    """A setting of the process within a block, or the decorated function.

    Blocks may be nested and may overlap on several threads: the first to begin makes the setting, the last to
    end takes it back.
    """

    _lock: threading.Lock
    _open_blocks = 0

    def __init_subclass__(cls) -> None:
        cls._lock = threading.Lock()

    @classmethod
    def _begin(cls) -> None:
        """Make the setting."""
        raise NotImplementedError

    @classmethod
    def _end(cls) -> None:
        """Take it back."""
        raise NotImplementedError

    def __enter__(self) -> None:
        cls = type(self)
        with cls._lock:
            if cls._open_blocks == 0:
                cls._begin()
            cls._open_blocks += 1

    def __exit__(self, *exc_info: object) -> None:
        cls = type(self)
        with cls._lock:
            cls._open_blocks -= 1
            if cls._open_blocks == 0:
                cls._end()


class SingleThreadedPools(_OverlappingBlocks):
    """Keep BLAS to one thread within the block, or the decorated function."""

    _limiter: _ThreadpoolLimiter

    @classmethod
    def _begin(cls) -> None:
        _take_control()
        cls._limiter = _pools_of_libraries().limit(limits=1)

    @classmethod
    def _end(cls) -> None:
        _take_control()
        cls._limiter.restore_original_limits()
        _take_control()  # and leave it to whoever comes next


class UncollectedGarbage(_OverlappingBlocks):
    """Let Python collect no garbage by itself within the block.

    It would in whatever thread has just made an object, whoever's the garbage is. Qt's widgets must be freed
    on the main thread: a program that has a window holds this block open there while its threads work.
    """

    _was_on: bool

    @classmethod
    def _begin(cls) -> None:
        cls._was_on = gc.isenabled()
        gc.disable()

    @classmethod
    def _end(cls) -> None:
        if cls._was_on:
            gc.enable()


@functools.cache
def _pools_of_libraries() -> ThreadpoolController:
    """Return the pools of what is loaded, found once: that takes a millisecond. Only numpy's matters here."""
    import numpy  # noqa: F401 # so that its pool is found

    return ThreadpoolController()


def _take_control() -> None:
    """Let this thread set limits: from its release 3.8 on threadpoolctl heeds only the first that did."""
    for library in _pools_of_libraries().lib_controllers:
        if hasattr(library, "clear_controlling_thread"):
            library.clear_controlling_thread(force=True)


def _forget_threads() -> None:
    """Begin anew in a process that was forked: it has none of the threads, and locks may be held for good."""
    global _pool, _pool_lock
    _pool, _pool_lock = None, threading.Lock()
    for blocks in _OverlappingBlocks.__subclasses__():
        blocks._lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)
