"""Pages in one file: styles, scripts and data are in it, and a policy lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from importlib import resources
from typing import Any

_MODULE = re.compile(r"^import [^;]*;\n|^export ", re.MULTILINE)
"""What makes a module of a file: all of them become one script, which a page can hold."""


def one_file(template: str, *, styles: list[str], scripts: list[str], data: Any, **texts: str) -> bytes:
    """Return a page with everything in it.

    Parameters
    ----------
    template : str
        The HTML file, a path within `rgbcloud_app`. Its comments ``<!--policy-->``, ``<!--style-->``,
        ``<!--data-->``, ``<!--script-->`` and those of `texts` give way to what they name.
    styles, scripts : list of str
        Such paths, too; scripts in the order in which they build on each other.
    data : JSON-serialisable
        What scripts find in ``#data``.
    **texts : str
        They cannot bring any markup along.

    Returns
    -------
    bytes
        The HTML file, UTF-8.
    """
    style = "".join(map(_text, styles))
    script = "\n".join(_MODULE.sub("", _text(path)) for path in scripts)
    held = json.dumps(data).replace("<", "\\u003c")
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}"
    parts = {
        **{name: html.escape(text) for name, text in texts.items()},
        "policy": f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        "style": f"<style>{style}</style>",
        "data": f'<script type="application/json" id="data">{held}</script>',
        "script": f'<script type="module">{script}</script>',
    }
    return re.sub(r"<!--(\w+)-->", lambda found: parts[found[1]], _text(template)).encode()


def _text(path: str) -> str:
    return resources.files("rgbcloud_app").joinpath(*path.split("/")).read_text("utf-8")


def _hash(text: str) -> str:
    """Return what lets a browser run this very text, and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"
