"""All cores for whole-array work, and one place that says how many.

numpy, zlib and Pillow release the interpreter lock, so plain threads keep every core busy. Inside such a
thread BLAS and OpenMP must not open pools of their own: on two cores that made MiniBatchKMeans run for
minutes. `SingleThreadedPools` keeps them to one thread.
"""

from __future__ import annotations

import contextlib
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Callable, TypeVar

from threadpoolctl import threadpool_limits

from rgbcloud.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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

    Should the caller stop early (an exception, a cancelled job), items not yet begun are dropped.
    """
    items = list(items)
    threads = min(thread_count(), len(items))
    if threads <= 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        finally:
            for future in futures:
                future.cancel()


def one_ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """Yield `work(item)` for every item, in order; while the caller uses one, the next is being computed."""
    if thread_count() == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(1) as pool:
        waiting: Future[Result] | None = None
        for item in items:
            following = pool.submit(work, item)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()


class SingleThreadedPools(contextlib.ContextDecorator):
    """Keep BLAS and OpenMP to one thread within the block, or the decorated function.

    The limit is one of the process. Blocks may be nested and may overlap on several threads: the first
    to begin sets the limit, the last to end lifts it.
    """

    _lock = threading.Lock()
    _open_blocks = 0
    _limiter: threadpool_limits

    def __enter__(self) -> None:
        cls = type(self)
        with cls._lock:
            if cls._open_blocks == 0:
                # threadpoolctl comes with scikit-learn. It finds the pools of what is loaded by now.
                cls._limiter = threadpool_limits(limits=1)
            cls._open_blocks += 1

    @classmethod
    def renew(cls) -> None:
        """Limit also what was loaded since the first of the open blocks began."""
        with cls._lock:
            if cls._open_blocks:
                cls._limiter.restore_original_limits()
                cls._limiter = threadpool_limits(limits=1)

    def __exit__(self, *exc_info: object) -> None:
        cls = type(self)
        with cls._lock:
            cls._open_blocks -= 1
            if cls._open_blocks == 0:
                cls._limiter.restore_original_limits()
