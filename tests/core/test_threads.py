from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from rgbcloud import InvalidArgumentError, thread_count
from rgbcloud.threads import SingleThreadedPools, in_parallel, one_ahead, slices


def blas_threads():
    np.ones((2, 2)) @ np.ones((2, 2))
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize("count", [1, 3])
def test_results_come_in_order_on_any_number_of_threads(threads, count):
    threads(count)
    assert list(in_parallel(lambda item: item * 2, range(20))) == list(range(0, 40, 2))


def test_work_runs_on_as_many_threads_as_were_set(threads):
    threads(3)
    together = threading.Barrier(3, timeout=120)
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


@pytest.mark.parametrize("leaver", ["the first", "the second"])
def test_any_thread_may_limit_the_pools_and_lift_the_limit(leaver):
    """Also where another one did so before, and lives: threadpoolctl 3.8 heeds only one at a time."""
    before = blas_threads()
    with SingleThreadedPools():
        assert blas_threads() == {1}
    blocks = {name: (SingleThreadedPools(), ThreadPoolExecutor(1)) for name in ("the first", "the second")}
    for block, thread in blocks.values():
        thread.submit(block.__enter__).result()
        assert blas_threads() == {1}
    for name in sorted(blocks, key=leaver.__ne__):
        assert blas_threads() == {1}
        block, thread = blocks[name]
        thread.submit(block.__exit__, None, None, None).result()
    assert blas_threads() == before
    for _, thread in blocks.values():
        thread.shutdown()


def test_the_limit_is_lifted_after_an_exception():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError, match="in the block"), SingleThreadedPools():
        raise ZeroDivisionError("in the block")
    assert blas_threads() == before


def test_what_it_calls_may_go_parallel_itself(threads):
    """More of both than there are threads: nobody waits for work that nobody is free to do."""
    threads(2)

    def inner(item):
        time.sleep(0.001)
        return item

    totals = in_parallel(lambda item: sum(in_parallel(inner, range(item))), range(12))
    assert list(totals) == [item * (item - 1) // 2 for item in range(12)]


def test_callers_on_several_threads_share_the_pool(threads):
    threads(3)
    results = {}

    def call(number):
        results[number] = list(in_parallel(lambda item: item * number, range(50)))

    callers = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(120)
    assert results == {number: [item * number for item in range(50)] for number in range(8)}


def test_no_work_goes_on_after_its_caller_was_told_of_an_exception(threads):
    threads(3)
    busy = set()

    def work(item):
        busy.add(item)
        time.sleep(0.02 * (item > 0))
        busy.discard(item)
        if item == 0:
            raise ZeroDivisionError("item 0")

    with pytest.raises(ZeroDivisionError, match="item 0"):
        list(in_parallel(work, range(30)))
    assert busy == set()


@pytest.mark.parametrize("count", [1, 2, 4])
def test_one_ahead_comes_in_order_and_is_never_further_ahead(threads, count):
    threads(count)
    begun = []

    def work(item):
        begun.append(item)
        return item

    for number, item in enumerate(one_ahead(work, range(10))):
        assert item == number
        assert len(begun) <= number + 2


def test_threads_are_opened_once_not_for_every_call(threads):
    threads(4)
    names = set()

    def work(_item):
        time.sleep(0.001)
        names.add(threading.current_thread().name)

    for _ in range(20):
        list(in_parallel(work, range(8)))
    assert len(names) <= 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_process_opens_threads_of_its_own():
    script = """
import os, sys, warnings
from rgbcloud.threads import in_parallel, set_thread_count
warnings.simplefilter("ignore")  # of Python 3.12 on: a process with threads should not fork
set_thread_count(3)
numbers = list(range(100))
assert list(in_parallel(abs, numbers)) == numbers
child = os.fork()
if child == 0:
    os._exit(0 if list(in_parallel(abs, numbers)) == numbers else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert list(in_parallel(abs, numbers)) == numbers
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("effort", ["normal", "best"])
def test_clustering_does_without_scikit_learn(effort):
    """It takes longer to import than all else, and brings an OpenMP library that a host's may clash with."""
    script = f"""
import sys
import numpy as np
import rgbcloud
pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
rgbcloud.quantize(pixels, rgbcloud.Settings(8, effort={effort!r}, locked=["#ff0000"]))
print(sorted({{"sklearn", "scipy"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
