"""Temporary files beside what they become, and clearing away those that killed processes left behind."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import re
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"\.rgbcloud-(?P<place>[0-9a-f]{8})-(?P<process>\d{1,10})-[0-9a-f]{8}(\.\w+)?")
_SYNCHRONIZE = 0x00100000  # the right that is asked for to learn whether a process of Windows runs


@contextlib.contextmanager
def temporary_file(folder: Path, suffix: str = "") -> Iterator[Path]:
    """Make an empty file in a folder, and remove it afterwards if it is still there.

    Before the first one, those are removed that processes of this machine left there which run no more.

    Parameters
    ----------
    folder : pathlib.Path
    suffix : str
        Of its name.

    Yields
    ------
    pathlib.Path
        Its name is short whatever it is to become; see `temporary_name`.

    Raises
    ------
    OSError
        If it cannot be made.
    """
    clear_away(folder)
    file = folder / temporary_name(suffix)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield file
    finally:
        with contextlib.suppress(FileNotFoundError):
            file.unlink()


def scratch_folders() -> list[Path]:
    """Return where short-lived files may stand: the system's folder for such, and if that is full, memory."""
    import tempfile  # only what is deep, or streams, needs it

    memory = Path("/dev/shm")  # where Linux has it
    return [Path(tempfile.gettempdir()), *([memory] if os.access(memory, os.W_OK) else [])]


def temporary_name(suffix: str = "") -> str:
    """Return a new hidden name that says whose it is; see `clear_away`."""
    return f".rgbcloud-{_place()}-{os.getpid()}-{os.urandom(4).hex()}{suffix}"


@functools.lru_cache(maxsize=1024)
def clear_away(folder: Path) -> None:
    """Remove the temporary files of dead processes, once for each folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = _NAME.fullmatch(entry.name)
            if name and name["place"] == _place() and not _runs(int(name["process"])):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


@functools.cache
def _place() -> str:
    """Return what tells apart where process numbers mean the same: the machine, and the container on it."""
    container = ""
    with contextlib.suppress(OSError):
        container = str(Path("/proc/self/ns/pid").readlink())
    return f"{zlib.crc32(f'{platform.node()} {container}'.encode()):08x}"


def _runs(process: int) -> bool:
    """Return whether a process runs, or may run."""
    if sys.platform == "win32":  # where a signal would end it
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(_SYNCHRONIZE, 0, process)
        if handle:
            ctypes.windll.kernel32.CloseHandle(handle)
        return bool(handle) or ctypes.windll.kernel32.GetLastError() == 5  # access is denied
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
