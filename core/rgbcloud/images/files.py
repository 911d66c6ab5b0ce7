"""Writing files so that a crash, a full disk or Ctrl-C leaves the old or the new, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud.errors import ImageWriteError, TargetExistsError

if TYPE_CHECKING:
    from os import PathLike


def write_file(path: str | PathLike[str], data: bytes, *, overwrite: bool = False) -> Path:
    """Write `data` beside `path` under a temporary name, then move it into place.

    Parameters
    ----------
    path : str or path-like
        The file to write; its folder is made if it is missing.
    data : bytes
        All of the file.
    overwrite : bool, default False
        Whether a file that is there may be replaced.

    Returns
    -------
    pathlib.Path
        `path`.

    Raises
    ------
    TargetExistsError
        If the file is there and `overwrite` is off.
    ImageWriteError
        If the folder cannot be written to.
    """
    target = Path(path)
    check_writable(target, overwrite=overwrite)
    temporary: str | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes files that only their owner may read; give this one the rights of any new file.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(temporary).unlink()
    return target


def check_writable(target: Path, *, overwrite: bool) -> None:
    """Raise `ImageWriteError` where `target` is a folder, `TargetExistsError` where it is to stay."""
    if _looked_at(target, Path.is_dir):
        raise ImageWriteError(f"cannot write {target}: it is a folder; name a file in it")
    if not overwrite and _looked_at(target, Path.exists):
        raise TargetExistsError(f"{target} exists already; allow overwriting or choose another name")


def check_not_source(target: Path, source: Path) -> None:
    """Raise `ImageWriteError` where `target` is the source itself, by whatever name."""
    same = os.path.realpath(target) == os.path.realpath(source)  # unlike resolve(), it bears loops of links
    with contextlib.suppress(OSError):  # where one is missing, they are not the same
        same = same or target.samefile(source)
    if same:
        raise ImageWriteError(f"{target} is the source, which is never written to; choose another output")


def _looked_at(target: Path, question: Callable[[Path], bool]) -> bool:
    """Answer a question about a path whose folder may be closed to us, or which may be no path at all."""
    try:
        return question(target)
    except OSError as error:
        raise _unwritable(target, error) from error


def _unwritable(target: Path, error: OSError) -> ImageWriteError:
    return ImageWriteError(f"cannot write {target}: {_reason(error)}; choose another output")


def _umask() -> int:
    """Return the umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
