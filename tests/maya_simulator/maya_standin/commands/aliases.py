"""Aliases: other names of attributes.

An alias is understood wherever an attribute is named. That Maya also prints it in the place of the
attribute's own name (PyMEL docs of aliasAttr) is not simulated: a list of connections shows the own names.
"""

from __future__ import annotations

import re

from maya_standin import resolve
from maya_standin.plugs import Node
from maya_standin.registry import command, query
from maya_standin.session import Session


@command("aliasAttr", undoable=True)
def alias_attr(session: Session, *args, remove=False):
    """``aliasAttr(name, plug, ...)`` or ``aliasAttr(plug, remove=True)``; one alias for an attribute."""
    texts = resolve.flatten(args)
    resolve.check_strings(texts, "aliasAttr")
    if remove:
        for text in texts:
            node, attribute = _target(session, text)
            _set(session, node, {a: target for a, target in node.aliases.items() if target != attribute})
        return None
    if not texts or len(texts) % 2:
        raise RuntimeError("aliasAttr: give pairs of an alias and an attribute.")
    for alias, text in zip(texts[::2], texts[1::2]):
        node, attribute = _target(session, text)
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", alias):
            raise RuntimeError(f"aliasAttr: the alias '{alias}' has illegal characters.")
        if alias in node.aliases or node.find_added(alias) or node.find_attribute(alias):
            raise RuntimeError(f"aliasAttr: '{node.name}' has an attribute or alias '{alias}' already.")
        kept = {name: target for name, target in node.aliases.items() if target != attribute}
        _set(session, node, {**kept, alias: attribute})
    return len(texts) // 2


@query("aliasAttr")
def query_alias(session: Session, *args):
    """``aliasAttr(node, query=True)`` -> [alias, attribute, ...] or None; of a plug, its alias."""
    (text,) = resolve.flatten(args)
    if "." in text:
        node, attribute = _target(session, text)
        return next((alias for alias, target in node.aliases.items() if target == attribute), "")
    node = resolve.node(session.scene, text, RuntimeError)
    return [part for pair in node.aliases.items() for part in pair] or None


def _target(session: Session, text: str) -> tuple[Node, str]:
    plug = resolve.plug(session.scene, text, RuntimeError)
    return plug.node, plug.attribute_path()


def _set(session: Session, node: Node, aliases: dict[str, str]) -> None:
    before = node.aliases
    session.undo.apply(lambda: setattr(node, "aliases", aliases), lambda: setattr(node, "aliases", before))
