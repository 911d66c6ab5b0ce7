"""The rules of Maya's names: legal characters, namespaces, numbering on collision.

Sources: PyMEL docs of `rename`, `createNode`, `namespace` ("illegal characters are converted to _", "a
number is appended if the name is taken").
"""

from __future__ import annotations

import fnmatch
import re


def legal_leaf(name: str) -> str:
    """Return a node name without namespace in which every illegal character became an underscore.

    Raises
    ------
    RuntimeError
        If nothing of the name is left.
    """
    legal = re.sub(r"[^A-Za-z0-9_]", "_", name)
    legal = legal.lstrip("0123456789")
    if not re.search("[A-Za-z0-9]", name) and not legal.strip("_"):
        raise RuntimeError("New name has no legal characters.")
    if not legal:
        raise RuntimeError("New name has no legal characters.")
    return legal


def split_namespace(name: str) -> tuple[str, str]:
    """Split "a:b:c" into ("a:b", "c"); a leading colon stands for the root."""
    namespace, _, leaf = name.rpartition(":")
    return namespace.strip(":"), leaf


def numbered(name: str, number: int) -> str:
    """Return the name with another number at its end."""
    return re.sub(r"\d+$", "", name) + str(number)


def first_free(name: str, taken) -> str:
    """Return the name, or the next one with a number that is free."""
    if "#" in name:
        name, start = name.replace("#", ""), 1
    elif not taken(name):
        return name
    else:
        digits = re.search(r"\d+$", name)
        start = int(digits.group()) + 1 if digits else 1
    number = start
    while taken(numbered(name, number)):
        number += 1
    return numbered(name, number)


def matches(pattern: str, name: str) -> bool:
    """Match one name with namespaces against a pattern: "*" and "?" do not cross a colon."""
    wanted, given = pattern.split(":"), name.split(":")
    return len(wanted) == len(given) and all(fnmatch.fnmatchcase(g, w) for w, g in zip(wanted, given))
