"""Flags that work in a mode which Autodesk's tables do not list, each by name.

`mode_exceptions.json` holds the pairs that Autodesk's own examples use (made by `seed_mode_exceptions.py`);
`BY_HAND` adds what section 9.2 of the fact sheet names from real code. Everything else is refused.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path

BY_HAND = {
    # command: {flag: modes}; where it was seen to work stands above each group
    # fact 8: `particle(name=, position=)`; icarus-gps and the maya-mcp builder call both
    "particle": {"name": "create", "conserve": "create", "inherit": "create", "position": "create"},
    "nParticle": {"name": "create", "conserve": "create", "inherit": "create", "position": "create"},
    # fact 8: `file(reference=, namespace=)`; section 7: `file(rename=)`, then `file(save=True, type=)`
    "file": {"reference": "create", "namespace": "create", "returnNewNodes": "create"},
    # fact 8: `sets(remove=)`; AYON and maya-usd: `sets(nodes, edit=True, forceElement=set)`
    "sets": dict.fromkeys(("addElement", "remove", "forceElement", "include", "clear"), "create edit"),
    # example: uvLink, "uvLink -query -texture checker4"; `uvLink(query=True, texture=)` in all of ten hits
    "uvLink": dict.fromkeys(("texture", "queryObject"), "query create"),
    # section 9.2
    "setAttr": {"keyable": "edit create", "lock": "edit create", "channelBox": "edit create"},
    "attributeQuery": {"exists": "query create", "type": "query create"},
    # `keyframe(obj, attribute=, time=, query=True, timeChange=True)`: in every animation tool that was looked
    # at (ten of ten hits of a search over public code)
    "keyframe": dict.fromkeys(("attribute", "time", "index"), "query edit"),
    "keyTangent": dict.fromkeys(("attribute", "time", "index"), "query edit"),
    # "about, workspace, optionVar, undoInfo, pluginInfo: many create flags are also called with query=True in
    # real code and work" (section 9.2)
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
