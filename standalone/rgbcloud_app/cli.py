"""The outer edge of the command line: what a failure looks like, and which number it ends with.

Exit codes: 0 done, 1 a job failed, 2 wrong use, 98 a larger result was left out, 130 interrupted with
Ctrl-C. Only sentences of `RgbcloudError` and of click reach a user; any other exception is a bug and keeps
its traceback.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

DONE, FAILED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command line and exit with its code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Left out: what this process was called with.
    """
    try:
        status = _run(arguments)
    except KeyboardInterrupt:  # click turns those that it sees into its Abort
        status = _complain("interrupted", INTERRUPTED)
    sys.exit(status)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        import click

        from rgbcloud_app.commands import rgbcloud
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        return _complain("the command line needs click: python -m pip install click", FAILED)

    from rgbcloud.errors import RgbcloudError

    try:
        # What a command exits with, else what it returns: nothing.
        return rgbcloud.main(arguments, "rgbcloud", standalone_mode=False) or DONE
    except click.Abort:
        return _complain("interrupted", INTERRUPTED)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "rgbcloud"
        return _complain(f"{error.format_message().rstrip('.')}; see {command} --help", WRONG_USE)
    except RgbcloudError as error:
        return _complain(str(error), FAILED)


def _complain(message: str, status: int) -> int:
    sys.stderr.write(f"rgbcloud: {message}\n")
    return status
