"""Polygon meshes in Maya ASCII: points, edges, faces by their edges, UV sets, faces of sets.

As scenes hold them (index ids 37398110863, 42546716788, 28471696483): an edge is two vertices and whether it
is hard; a face names its edges, in its order, one that is walked backwards by ``-number - 1``; ``mu`` has the
UVs of a face in a set. Which faces are in a set, ``.iog[0].og[1].gcl`` says (24643632441).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from maya_standin import faces
from maya_standin.errors import NotSimulatedError
from maya_standin.mel_syntax import Word, quote
from maya_standin.plugs import Node

_PLUG = re.compile(r"\.(vt|ed|fc|uvst\[(\d+)\]\.uvs[np]|iog\[(\d+)\]\.og\[(\d+)\]\.gcl)(?:\[.*\])?")
_RANGE = re.compile(r"f\[(\d+)(?::(\d+))?\]")
_COMPONENTS = ("objectGrpCompList", None)


def lines(node: Node) -> Iterator[str]:
    """Yield the statements that make a mesh's geometry, and say which of its faces are in sets."""
    if node.others:
        raise NotSimulatedError(f"saving instances of meshes: {node.name}")
    made = node.values[faces.GEOMETRY]
    names = {path[0][1]: value for path, value in node.values.items() if path[-1] == ("uvSetName", None)}
    for index, name in sorted(names.items()):
        yield f'setAttr ".uvst[{index}].uvsn" -type "string" {quote(name)};'
        uvs = np.transpose(made["uvs"].get(index, ((), ())))
        if len(uvs):
            yield _range(f"uvst[{index}].uvsp", uvs, ' -type "float2"')
    yield _range("vt", made["points"])
    corners = [part.tolist() for part in np.split(made["corners"], np.cumsum(made["counts"])[:-1])]
    edges: dict[tuple[int, int], int] = {}
    texts = []
    starts = {index: np.cumsum(counts) - counts for index, (counts, _) in made["ids"].items()}
    for number, face in enumerate(corners):
        walked = []
        for first, second in zip(face, [*face[1:], face[0]]):
            if (second, first) in edges:
                walked.append(-edges[second, first] - 1)
            else:
                walked.append(edges.setdefault((first, second), len(edges)))
        texts.append(f"f {len(face)} {_words(walked)}")
        for index, (counts, ids) in sorted(made["ids"].items()):
            if counts[number]:
                start = starts[index][number]
                texts.append(f"mu {index} {counts[number]} {_words(ids[start : start + counts[number]])}")
    yield _range("ed", np.array([(*edge, 0) for edge in edges]))
    head = f'setAttr -s {len(corners)} -ch {len(made["corners"])} ".fc[0:{len(corners) - 1}]"'
    yield f'{head} -type "polyFaces" ' + "\n\t\t".join(["", *texts]) + ";"
    for path, held in node.values.items():
        if path[-1] == _COMPONENTS:
            parts = " ".join(quote(part.attribute_path()) for part in held)
            plug = f".iog[{path[0][1]}].og[{path[1][1]}].gcl"
            yield f'setAttr "{plug}" -type "componentList" {len(held)} {parts};'


def is_told(path: tuple) -> bool:
    """Return whether `lines` say what an attribute of a mesh holds."""
    return path == faces.GEOMETRY or path[-1] in (("uvSetName", None), _COMPONENTS)


def read(node: Node, words: list[Word]) -> bool:
    """Take up a `setAttr` of a mesh, and return whether it is about what `lines` write."""
    place = next((number for number, word in enumerate(words) if word.quoted), 0)
    match = _PLUG.fullmatch(words[place])
    if match is None:
        return False
    rest = words[place + 1 :]
    values = rest[2:] if rest[:1] == ["-type"] else rest
    if match[1].endswith("uvsn"):
        node.values[("uvSet", int(match[2])), ("uvSetName", None)] = str(values[0])
        return True
    if match[1].endswith("gcl"):
        found = [_RANGE.fullmatch(word) for word in values[1:]]
        if None in found:
            raise NotSimulatedError("components other than faces in sets")
        pairs = [(int(part[1]), int(part[2] or part[1])) for part in found]
        place = ("instObjGroups", int(match[3])), ("objectGroups", int(match[4]))
        node.values[(*place, _COMPONENTS)] = tuple(faces.Faces(node, (("f", pair),)) for pair in pairs)
        return True
    empty = {"points": np.empty((0, 3)), "counts": np.empty(0, np.int64), "corners": np.empty(0, np.int64)}
    made = node.values.setdefault(faces.GEOMETRY, {**empty, "uvs": {}, "ids": {}})
    if match[1] == "vt":
        made["points"] = np.concatenate([made["points"], np.array(values, float).reshape(-1, 3)])
    elif match[1] == "ed":
        edges = np.array(values, np.int64).reshape(-1, 3)[:, :2]
        made["edges"] = np.concatenate([made.get("edges", edges[:0]), edges])
    elif match[1] == "fc":
        _read_faces(made, values)
    else:
        uvs, index = np.array(values, np.float32).reshape(-1, 2), int(match[2])
        made["uvs"][index] = tuple(np.concatenate([made["uvs"].get(index, uvs[:0].T), uvs.T], axis=1))
    return True


def _read_faces(made: dict[str, Any], words: list[Word]) -> None:
    counts, corners, assigned = made["counts"].tolist(), made["corners"].tolist(), {}
    for index, (held, ids) in made["ids"].items():
        assigned[index] = dict(enumerate(np.split(ids, np.cumsum(held)[:-1])))
    place = 0
    while place < len(words):
        kind, place = words[place], place + 1
        if kind == "mu":
            index, place = int(words[place]), place + 1
        elif kind != "f":
            raise NotSimulatedError(f"faces with {kind} in a file")
        count = int(words[place])
        numbers = [int(word) for word in words[place + 1 : place + 1 + count]]
        place += 1 + count
        if kind == "mu":
            assigned.setdefault(index, {})[len(counts) - 1] = numbers
        else:
            counts.append(count)
            corners += [made["edges"][e][0] if e >= 0 else made["edges"][-e - 1][1] for e in numbers]
    made["counts"], made["corners"] = np.array(counts, np.int64), np.array(corners, np.int64)
    for index, held in assigned.items():
        parts = [held.get(number, ()) for number in range(len(counts))]
        ids = np.array([number for part in parts for number in part], np.int64)
        made["ids"][index] = np.array([len(part) for part in parts], np.int64), ids


def _range(name: str, rows: Any, kind: str = "") -> str:
    return f'setAttr -s {len(rows)} ".{name}[0:{len(rows) - 1}]"{kind} {_words(np.ravel(rows))};'


def _words(numbers: Any) -> str:
    return " ".join(f"{number:.9g}" for number in numbers)
