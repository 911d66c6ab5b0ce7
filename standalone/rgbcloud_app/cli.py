"""The outer edge of the command line: what a failure looks like, and which number it ends with.

Exit codes: 0 done, 1 a job failed, 2 wrong use, 3 a file is there already and no more was wrong, 98 a larger
result was left out, 128 and the number of the signal that interrupted it (Ctrl-C: 130). Only sentences of
`RgbcloudError` and of click reach a user; any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from rgbcloud_app.exit_codes import DONE, EXISTS, FAILED, WRONG_USE
from rgbcloud_app.foreign_lines import keep_foreign_lines_off
from rgbcloud_app.interruption import Interruptible

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit with its code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Left out: what this process was called with.
    """
    if arguments is None:  # nothing else lives in this process
        keep_foreign_lines_off()
        # BLAS is kept to one thread wherever it is called; not to start its others saves a tenth of a second.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        gc.set_threshold(100_000)  # importing makes tens of thousands of objects, none of them garbage
    interruptible = Interruptible()
    try:
        with interruptible:
            status = _run(arguments)
    except KeyboardInterrupt:
        status = _complain(interruptible.reason, interruptible.status)
    sys.exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        import click

        from rgbcloud_app.commands import rgbcloud
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        return _complain("the command line needs click: python -m pip install click", FAILED)

    from rgbcloud.errors import RgbcloudError, TargetExistsError, printable

    try:
        # What a command exits with, else what it returns: nothing.
        return rgbcloud.main(arguments, "rgbcloud", standalone_mode=False) or DONE
    except click.Abort as error:  # which click makes of an interrupt
        raise KeyboardInterrupt from error
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "rgbcloud"
        message = " ".join(error.format_message().split())  # click lists choices one a line
        return _complain(printable(f"{message.rstrip('.')}; see {command} --help"), WRONG_USE)
    except RgbcloudError as error:
        status = EXISTS if isinstance(error, TargetExistsError) else FAILED
        return _complain(printable(str(error)), status)


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"rgbcloud: {message}\n")
    return status
