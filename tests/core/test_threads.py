from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from rgbcloud import InvalidArgumentError, thread_count
from rgbcloud.threads import SingleThreadedPools, in_parallel, slices


def blas_threads():
    np.ones((2, 2)) @ np.ones((2, 2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_order_on_any_number_of_threads(threads, count):
    threads(count)
    assert list(in_parallel(lambda item: item * 2, range(20))) == list(range(0, 40, 2))


def test_work_runs_on_as_many_threads_as_were_set(threads):
    threads(3)
    together = threading.Barrier(3, timeout=10)
    assert sorted(in_parallel(lambda _item: together.wait(), range(3))) == [0, 1, 2]


def test_an_exception_comes_through_and_drops_what_has_not_begun(threads):
    threads(2)
    begun = []

    def work(item):
        begun.append(item)
        if item == 0:
            raise ZeroDivisionError("item 0")
        time.sleep(0.01)

    with pytest.raises(ZeroDivisionError, match="item 0"):
        list(in_parallel(work, range(1_000)))
    assert len(begun) < 1_000


@pytest.mark.parametrize("count", [0, -2])
def test_fewer_than_one_thread_is_refused(threads, count):
    with pytest.raises(InvalidArgumentError, match=f"at least 1, got {count}; None uses every core"):
        threads(count)


def test_without_a_limit_every_core_is_used(threads):
    threads(None)
    assert thread_count() >= 1


def test_slices_cover_everything_once():
    assert slices(7, 3) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert slices(0, 3) == []


def test_pools_are_limited_until_the_last_of_overlapping_blocks_ends():
    before = blas_threads()
    first, second = SingleThreadedPools(), SingleThreadedPools()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == before


def test_the_limit_is_lifted_after_an_exception():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError, match="in the block"), SingleThreadedPools():
        raise ZeroDivisionError("in the block")
    assert blas_threads() == before


def test_scikit_learn_is_loaded_when_it_is_needed_and_its_pools_are_limited_at_once():
    script = """
import sys
import numpy as np
from threadpoolctl import threadpool_info
import rgbcloud

assert "sklearn" not in sys.modules

def look(_fraction, message):
    if "sklearn" in sys.modules:
        assert {pool["num_threads"] for pool in threadpool_info()} == {1}, message
        seen.add(message)

seen = set()
pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
rgbcloud.cluster(rgbcloud.ColorHistogram.from_array(pixels), 8, progress=look)
assert "clustering" in seen, seen
"""
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stderr) == (0, "")
