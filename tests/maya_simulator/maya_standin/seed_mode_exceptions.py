"""Write `mode_exceptions.json`: the flags that Autodesk's own examples use in a mode that is not listed.

Run as ``python -m maya_standin.seed_mode_exceptions`` with `tests/maya_simulator` on the path. Section 9.2
of the fact sheet did the same once and found 216 distinct pairs in the examples of 2025.
"""

from __future__ import annotations

import ast
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from maya_standin import tables

YEARS = (2022, 2023, 2024, 2025)


def collect() -> dict[str, dict[str, list[str]]]:
    """Return command -> flag -> modes, over the examples of all years."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for year in YEARS:
        commands = tables.load(year).commands
        for code in tables.examples(year).values():
            for command, flag, mode in _uses(code, commands):
                found[command][flag].add(mode)
    return {
        command: {flag: sorted(modes) for flag, modes in sorted(flags.items())}
        for command, flags in sorted(found.items())
    }


def _uses(code: str, commands: dict[str, Any]) -> list[tuple[str, str, str]]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return []
    uses = []
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        info = commands.get(node.func.attr)
        if not info or not isinstance(node.func.value, ast.Name) or node.func.value.id != "cmds":
            continue
        long = [info.get("shortFlags", {}).get(word.arg, word.arg) for word in node.keywords]
        mode = "query" if "query" in long else "edit" if "edit" in long else "create"
        for flag in long:
            spec = info["flags"].get(flag)
            if spec and spec.get("modes") and mode not in spec["modes"]:
                uses.append((node.func.attr, flag, mode))
    return uses


def main() -> None:
    """Write the file beside this module."""
    content = {"source": "PyPI pymel, mayaCmdsExamples 2022 to 2025 against mayaCmdsList", "pairs": collect()}
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    Path(__file__).with_name("mode_exceptions.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
