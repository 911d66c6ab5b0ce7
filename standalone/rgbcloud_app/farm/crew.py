"""The workers of a Dask scheduler: who has come, who has gone, who has proved to see the same files."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from rgbcloud_app.farm.proofs import Proof, answer_question
from rgbcloud_app.terminal import complain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_app.batches.planning import Job

_FIRST = 100  # the priority of a question: before all jobs
PATIENCE = 5
"""Seconds to wait for an answer."""
LATE = (TimeoutError, asyncio.TimeoutError)
"""What is raised where none comes: one class from Python 3.11 on."""


class Crew:
    """Asks every worker once, also one that joins late.

    Parameters
    ----------
    client : distributed.Client
    jobs : sequence of Job
        Whose sources and targets they must see.

    Raises
    ------
    ImageWriteError
        If a folder of results cannot be written to.
    """

    def __init__(self, client: Any, jobs: Sequence[Job]) -> None:
        self._client = client
        self._proof = Proof(jobs)
        self._asked: dict[str, Any] = {}  # futures of those that have not answered yet
        self._trusted: set[str] = set()
        self._known: set[str] = set()

    def trusted(self) -> dict[str, int]:
        """Return those that get work, by their addresses, and how many threads each has.

        Raises
        ------
        OSError
            If the scheduler does not answer.
        """
        there: dict[str, int] = self._client.nthreads()
        for address in there.keys() - self._known:
            self._known.add(address)
            self._asked[address] = self._client.submit(
                answer_question, self._proof.question, workers=[address], pure=False, priority=_FIRST
            )
        for address, future in list(self._asked.items()):
            if address not in there:
                future.cancel()
                del self._asked[address]
            elif future.done():
                with contextlib.suppress(*LATE):  # its worker may just have gone
                    self._hear(address, future)
                    del self._asked[address]
        return {address: there[address] for address in sorted(self._trusted & there.keys())}

    def close(self) -> None:
        """Remove what the question was about."""
        self._proof.close()

    def _hear(self, address: str, future: Any) -> None:
        """Take an answer: trust its worker, or tell why not."""
        error = future.exception()
        if error is not None:
            problem = f"it cannot run rgbcloud_app ({error}); install the same release there"
        else:
            problem = self._proof.problem_of(future.result(timeout=PATIENCE))
        if problem:
            complain(f"the worker {address} gets no work: {problem}")
        else:
            self._trusted.add(address)
