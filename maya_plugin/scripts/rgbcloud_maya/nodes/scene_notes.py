"""What an artist has made of textures in the panel, kept with the scene.

Not on the nodes, which may be referenced, and in no undo step: `fileInfo` keeps pairs of strings in the
scene's file, of both kinds, and is not undoable (Autodesk's page of `fileInfo`, Maya 2023). What it returns
comes with escapes that Maya has added (Prism evaluates it once more): there is nothing here to escape.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import NamedTuple

from maya import cmds

_PREFIX = "rgbcloud "  # what keywords begin with; the name of the node follows


class Note(NamedTuple):
    """What was made of the texture of a node."""

    original: str
    """The original's path, as the node holds it: of another texture nothing is known."""
    work: str


def all_notes() -> dict[str, Note]:
    """Return what is kept with the scene, by the names of nodes."""
    words = cmds.fileInfo(query=True) or []
    pairs = zip(words[::2], words[1::2])
    notes = {
        keyword[len(_PREFIX) :]: _decode(value) for keyword, value in pairs if keyword.startswith(_PREFIX)
    }
    return {name: note for name, note in notes.items() if note is not None}


def keep_note(name: str, note: Note | None) -> None:
    """Keep what was made of the texture of a node, or forget it; the scene is to be saved then."""
    if note is None:
        cmds.fileInfo(remove=_PREFIX + name)
    else:
        packed = base64.b64encode(zlib.compress(json.dumps(note).encode()))
        cmds.fileInfo(_PREFIX + name, packed.decode("ascii"))
    cmds.file(modified=True)


def _decode(value: str) -> Note | None:
    """Return what was kept; None where someone else has written there."""
    try:
        original, work = json.loads(zlib.decompress(base64.b64decode(value)))
    except (ValueError, TypeError, zlib.error):
        return None
    return Note(str(original), str(work))
