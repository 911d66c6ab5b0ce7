"""Flags that work in a mode which Autodesk's tables do not list, each by name.

`mode_exceptions.json` holds the pairs that Autodesk's own examples use (made by `seed_mode_exceptions.py`);
`BY_HAND` adds what section 9.2 of the fact sheet names from real code. Everything else is refused.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

BY_HAND = {
    # command: {flag: modes} and where it was seen to work
    "particle": {
        "name": "create",
        "conserve": "create",
        "inherit": "create",
        "position": "create",
        "shapeName": "create",
    },
    "nParticle": {
        "name": "create",
        "conserve": "create",
        "inherit": "create",
        "position": "create",
        "shapeName": "create",
    },
    "file": {
        "reference": "create",
        "namespace": "create",
        "rename": "create",
        "type": "create query",
        "returnNewNodes": "create",
        "mergeNamespacesOnClash": "create",
    },
    "sets": {
        "add": "create edit",
        "remove": "create edit",
        "forceElement": "create edit",
        "include": "create edit",
        "clear": "create edit",
    },
    # Autodesk's example of keyframe: attribute='translateX', query=True, keyframeCount=True; time=, index=
    "keyframe": {"attribute": "query edit", "time": "query edit", "index": "query edit"},
    "setAttr": {"keyable": "edit create", "lock": "edit create", "channelBox": "edit create"},
    "attributeQuery": {"exists": "query create", "type": "query create"},
    # "about, workspace, optionVar, undoInfo, pluginInfo: many create flags are also called with query=True
    # in real code and work" (section 9.2).
    "about": "*query",
    "workspace": "*query",
    "undoInfo": "*query",
    "pluginInfo": "*query",
}

# Short names that the tables get wrong: `pluginInfo` maps `e` to evaluator instead of edit (section 9.2).
SHORT_NAMES: dict[str, dict[str, str]] = {"pluginInfo": {"e": "edit"}}


@functools.cache
def seeded() -> dict[str, dict[str, list[str]]]:
    """Return command -> flag -> modes that Autodesk's examples use beside the listed ones."""
    return json.loads(Path(__file__).with_name("mode_exceptions.json").read_text(encoding="utf-8"))["pairs"]


def allows(command: str, flag: str, mode: str) -> bool:
    """Tell whether this flag may be used in this mode although the tables do not list it."""
    by_hand = BY_HAND.get(command, {})
    if isinstance(by_hand, str):
        return by_hand == f"*{mode}"
    return mode in by_hand.get(flag, "").split() or mode in seeded().get(command, {}).get(flag, ())
