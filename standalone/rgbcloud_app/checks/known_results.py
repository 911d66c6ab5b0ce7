"""Whether a file is what ``rgbcloud reduce --resume`` wrote, as its receipt tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rgbcloud_app.batches.receipts import FOLDER_NAME, all_receipts, holds

if TYPE_CHECKING:
    from pathlib import Path


def problem_of_receipt(file: Path) -> str:
    """Return what is wrong with a file by its receipt, which is beside it or further up; empty if nothing.

    It is the end of a sentence that the file's name begins.
    """
    file = file.absolute()
    for folder in file.parents:
        if not (folder / FOLDER_NAME).is_dir():
            continue
        for receipt in all_receipts(folder):
            beside = (folder / receipt.target).parent
            for state in receipt.results:
                if beside / state.name == file:
                    return "" if holds(state, file) else "is not as its receipt says that it was written"
    return "has no receipt; reduce it with --resume"
