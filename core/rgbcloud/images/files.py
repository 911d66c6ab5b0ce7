"""Writing files so that a crash, a full disk or Ctrl-C leaves the old or the new, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud.errors import ImageWriteError, TargetExistsError, reason_of
from rgbcloud.images.temporary import temporary_file
from rgbcloud.threads import slices

if TYPE_CHECKING:
    from os import PathLike

_BLOCK = 1 << 20  # bytes compared at a time


def write_file(path: str | PathLike[str], data: bytes, *, overwrite: bool = False) -> Path:
    """Write `data` beside `path` under a temporary name, read it back, and move it into place.

    Parameters
    ----------
    path : str or path-like
        The file to write; its folder is made if it is missing.
    data : bytes
        All of the file.
    overwrite : bool, default False
        Whether a file that is there may be replaced. If not, that is decided in the moment when the file
        gets its name: of two that want the same one, one is refused.

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
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with temporary_file(target.parent) as temporary:
            with temporary.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            _check_content(temporary, data)
            # Temporary files are their owner's alone; give this one the rights of any new file.
            temporary.chmod(0o666 & ~_umask())
            if overwrite:
                temporary.replace(target)
            else:
                _place_new(temporary, target)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise _unwritable(target, error) from error
    return target


def _check_content(file: Path, data: bytes) -> None:
    """Raise `OSError` where a file does not hold some bytes: not every file system tells what it lost."""
    whole = memoryview(data)
    with file.open("rb") as stream:
        parts = (whole[part] for part in slices(len(data), _BLOCK))
        if not all(stream.read(len(part)) == part for part in parts) or stream.read(1):
            raise OSError(errno.EIO, "what was written is not what stands there")


def _place_new(temporary: Path, target: Path) -> None:
    """Give a file a new name; raise `TargetExistsError` if something has it, be it a link to nothing."""
    try:
        if os.name == "nt":
            temporary.rename(target)  # which never replaces a file there
            return
        try:
            os.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:  # no links here: keep the name with an empty file, which may be replaced
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            try:
                temporary.replace(target)
            except BaseException:
                target.unlink()
                raise
    except FileExistsError as error:
        raise _target_exists(target) from error


def check_writable(target: Path, *, overwrite: bool) -> None:
    """Raise `ImageWriteError` where `target` is a folder, `TargetExistsError` where it is to stay."""
    if _looked_at(target, Path.is_dir):
        raise ImageWriteError(f"cannot write {target}: it is a folder; name a file in it")
    if not overwrite and _looked_at(target, os.path.lexists):
        raise _target_exists(target)


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


def _target_exists(target: Path) -> TargetExistsError:
    return TargetExistsError(f"{target} exists already; allow overwriting or choose another name")


def _unwritable(target: Path, error: OSError | ValueError) -> ImageWriteError:
    return ImageWriteError(f"cannot write {target}: {reason_of(error)}; choose another output")


def _umask() -> int:
    """Return the umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
