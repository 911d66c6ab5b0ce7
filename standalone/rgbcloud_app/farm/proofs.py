"""What a worker of a farm has to prove before it gets work: same release, same sources, same output.

The client writes a token into every folder of results and looks at a source of every folder. The worker reads
both, and leaves a token of its own, which the client looks for.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import rgbcloud
from rgbcloud.errors import ImageWriteError, RgbcloudError
from rgbcloud.images import temporary_name, write_file
from rgbcloud_app.terminal import STANDARD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_app.batches.planning import Job

_MOST_FOLDERS = 64  # that are looked at, spread over all
_BEGINNING = 1 << 20  # bytes of a source that are compared


@dataclass(frozen=True)
class Question:
    """What a worker is asked."""

    token: str  # what the client has written into the files that `tokens` names
    tokens: tuple[str, ...]  # absolute paths
    samples: tuple[tuple[str, str], ...]  # absolute paths of sources, and what the client found there
    version: str = rgbcloud.__version__


@dataclass(frozen=True)
class Answer:
    """What a worker has to say: what is wrong, or else the files that it has left."""

    problem: str = ""
    left: tuple[str, ...] = ()


class Proof:
    """The question to all workers, and the files that belong to it, until `close`.

    Parameters
    ----------
    jobs : sequence of Job

    Raises
    ------
    ImageWriteError
        If a folder of results cannot be written to.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        token = secrets.token_hex(16)
        named = [job for job in jobs if not job.problem and STANDARD not in (job.source, job.target)]
        folders = _top_folders({Path(job.target).absolute().parent for job in named})
        sources = {Path(job.source).absolute().parent: job for job in named if not job.is_set}
        samples = [str(Path(job.source).absolute()) for job in _spread(list(sources.values()))]
        name = temporary_name(".token")  # should this process be killed, the next run clears them away
        self._tokens = [folder / name for folder in folders]
        for file in self._tokens:
            write_file(file, token.encode())
        found = tuple((path, _look(path)) for path in samples)
        self.question = Question(token, tuple(map(str, self._tokens)), found)

    def problem_of(self, answer: Answer) -> str:
        """Return why a worker that gave this answer gets no work; empty if it does."""
        if answer.problem:
            return answer.problem
        for name in answer.left:
            file = Path(name)
            try:
                is_right = file.read_text("ascii") == self.question.token
            except (OSError, ValueError):
                is_right = False
            with contextlib.suppress(OSError):
                file.unlink()
            if not is_right:
                return f"what it writes into {file.parent} does not arrive here; mount the same folder there"
        return ""

    def close(self) -> None:
        """Remove all tokens."""
        for token in self._tokens:
            for file in token.parent.glob(f"{token.name}*"):
                with contextlib.suppress(OSError):
                    file.unlink()


def answer_question(question: Question) -> Answer:
    """Return what a worker, on which this runs, has to say."""
    if rgbcloud.__version__ != question.version:
        told = f"it has rgbcloud {rgbcloud.__version__}, this is {question.version}"
        return Answer(f"{told}; install the same release everywhere")
    for path, found in question.samples:
        if _look(path) != found:
            return Answer(f"it does not see {path} as it is here; mount the same folder there")
    left = []
    for name in question.tokens:
        file = Path(name)
        try:
            is_same = file.read_text("ascii") == question.token
        except (OSError, ValueError):
            is_same = False
        if not is_same:
            return Answer(f"it does not see what was written into {file.parent}; mount the same folder there")
        try:
            left.append(str(write_file(f"{name}_{secrets.token_hex(8)}", question.token.encode())))
        except ImageWriteError as error:
            return Answer(str(error))
    return Answer(left=tuple(left))


def _look(path: str) -> str:
    """Return what tells a file from another one: its size, and the digest of its beginning."""
    try:
        with Path(path).open("rb") as stream:
            beginning = hashlib.sha256(stream.read(_BEGINNING)).hexdigest()
            return f"{stream.seek(0, 2)} {beginning}"
    except (OSError, RgbcloudError) as error:
        return type(error).__name__


def _top_folders(folders: set[Path]) -> list[Path]:
    """Return those that are in no other one of them, as far as that can be looked at."""
    return _spread([folder for folder in sorted(folders) if not folders.intersection(folder.parents)])


def _spread(items: list) -> list:  # type: ignore[type-arg]
    """Return some of many, from the first one on."""
    return items[:: max(1, -(-len(items) // _MOST_FOLDERS))]
