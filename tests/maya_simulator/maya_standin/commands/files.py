"""file: new, open, save, import, export, references. None of it is undoable; new and open flush the queue."""

from __future__ import annotations

import os

from maya_standin import ascii_reader, ascii_writer, new_scene, references
from maya_standin.commands.node_queries import find_reference
from maya_standin.errors import NotSimulatedError
from maya_standin.plugs import Node
from maya_standin.registry import command, query
from maya_standin.session import Session

SUFFIXES = {"mayaAscii": ".ma", "mayaBinary": ".mb"}


@command("file")
def file(
    session: Session,
    *args,
    newFile=False,
    open=False,
    save=False,
    rename=None,
    force=False,
    type=None,
    prompt=True,
    ignoreVersion=False,
    i=False,
    namespace=None,
    reference=False,
    returnNewNodes=False,
    removeReference=False,
    importReference=False,
    referenceNode=None,
    exportSelected=False,
    exportAll=False,
    modified=None,
    options=None,
):
    """``file(new=True)``, ``file(path, open=True)``, ``file(rename=path)``, ``file(save=True, type=)`` …

    Returns the file's name, or the new nodes with returnNewNodes (section 9.3).
    """
    path = args[0] if args else None
    if newFile:
        _require_saved(session, force)
        session.new_scene()
        session.happened("NewSceneOpened")
        return "untitled"
    if rename is not None:
        session.scene.path = _full(session, rename)
        return session.scene.path
    if open:
        return _open(session, _needs(path, "open"), force, returnNewNodes)
    if save:
        return _save(session, type)
    if reference:
        new = references.create(session, _needs(path, "reference"), namespace or _stem(path))[1]
        session.scene.modified = True
        session.happened("PostSceneRead")
        return _names(session, new) if returnNewNodes else path
    if i:
        session.happened("PostSceneRead")
        return _import(session, _needs(path, "import"), namespace, returnNewNodes)
    if removeReference:
        references.remove(session, find_reference(session, referenceNode or path))
        return path
    if importReference:
        return _import_reference(session, find_reference(session, referenceNode or path))
    if exportSelected or exportAll:
        return _export(session, _needs(path, "export"), type, exportSelected)
    if modified is not None:
        session.scene.modified = bool(modified)
        return None
    if type is not None:
        if type not in SUFFIXES:
            raise RuntimeError(f"file: {type} is no file type.")
        session.scene.file_type = type
        return None
    raise NotSimulatedError("file in this form")


@query("file")
def query_file(
    session: Session,
    *args,
    sceneName=None,
    modified=None,
    exists=None,
    reference=None,
    shortName=None,
    type=None,
    anyModified=None,
    location=None,
    expandName=None,
    namespace=None,
    referenceNode=None,
):
    """``file(query=True, sceneName=True)`` -> path or an empty string; others per flag."""
    scene = session.scene
    if exists:
        return os.path.isfile(_full(session, args[0]))
    if expandName:
        return _full(session, args[0])
    if reference:
        return [r.path + (f"{{{r.copy}}}" if r.copy else "") for r in scene.references]
    if namespace:
        return find_reference(session, args[0]).namespace
    if referenceNode:
        return find_reference(session, args[0]).node.name
    if sceneName:
        return os.path.basename(scene.path) if shortName else scene.path
    if modified or anyModified:
        return scene.modified
    if type:
        return [scene.file_type]
    if location:
        return scene.path or "unknown"
    raise NotSimulatedError("file(query=True) in this form")


def _needs(path: str | None, what: str) -> str:
    if not isinstance(path, str) or not path:
        raise RuntimeError(f"file: no file was given to {what}.")
    return path


def _full(session: Session, path: str) -> str:
    full = session.workspace.full_path(path)
    return full.replace(os.sep, "/")


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _require_saved(session: Session, force: bool) -> None:
    if session.scene.modified and not force:
        raise RuntimeError("Unsaved changes.")


def _read(session: Session, path: str, namespace: str = "", opening: bool = False) -> list[Node]:
    if not path.endswith(".ma"):
        raise NotSimulatedError(f"files other than Maya ASCII: {path}")
    reader = ascii_reader.Reader(session, namespace, path=path, opening=opening)
    return reader.read(ascii_reader.read_text(path))


def _open(session: Session, path: str, force: bool, return_new: bool):
    from maya_standin.commands import particles

    full = _full(session, path)
    if not os.path.isfile(full):
        raise RuntimeError(f'File not found: "{path}"')
    _require_saved(session, force)
    session.new_scene()
    session.scene.path = full
    try:
        new = _read(session, full, opening=True)
    finally:  # also after "Error reading file.": what could be read is open then
        session.scene.select([])
        session.undo.flush()
        particles.evaluate_all(session)
        session.scene.modified = False
        session.happened("PostSceneRead")
        session.happened("SceneOpened")
    return _names(session, new) if return_new else full


def _save(session: Session, file_type: str | None) -> str:
    scene = session.scene
    if not scene.path:
        raise RuntimeError("file: the scene has no name yet: rename it first.")
    kind = file_type or scene.file_type
    if kind != "mayaAscii":
        raise NotSimulatedError("saving as Maya binary")
    if not scene.path.endswith(".ma"):
        raise RuntimeError(f"file: {scene.path} does not end in .ma, the type is mayaAscii.")
    session.callbacks.tell("before", "save")
    _write(session, scene.path)
    scene.modified = False
    return scene.path


def _write(session: Session, path: str, only: list[Node] | None = None) -> None:
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise RuntimeError(f"Could not save file: the folder {folder} does not exist.")
    text = ascii_writer.write(session, os.path.basename(path), only)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def _import(session: Session, path: str, namespace: str | None, return_new: bool):
    full = _full(session, path)
    if not os.path.isfile(full):
        raise RuntimeError(f'File not found: "{path}"')
    new = _read(session, full, "" if namespace in (None, ":") else namespace)
    session.undo.flush()
    return _names(session, new) if return_new else full


def _import_reference(session: Session, reference) -> str:
    for node in reference.members(session):
        node.reference = None
    session.scene.references.remove(reference)
    reference.node.reference = None
    session.scene.remove_node(reference.node)
    return reference.path


def _export(session: Session, path: str, file_type: str | None, selected: bool) -> str:
    full = _full(session, path)
    if file_type not in (None, "mayaAscii"):
        raise NotSimulatedError(f"exporting as {file_type}")
    if not full.endswith(".ma"):
        full += ".ma"
    session.callbacks.tell("before", "export")
    only = None
    if selected:
        chosen = [item for item in session.scene.selection if isinstance(item, Node)]
        if not chosen:
            raise RuntimeError("Nothing is selected to export.")
        only = _with_upstream(chosen)
    _write(session, full, only)
    return full


def _with_upstream(nodes: list[Node]) -> list[Node]:
    """Export takes what lies above and below, and what feeds it."""
    found: list[Node] = []
    waiting = [part for node in nodes for part in (node, *node.ancestors(), *node.descendants())]
    while waiting:
        node = waiting.pop()
        if node not in found and new_scene.is_written(node):
            found.append(node)
            waiting += [source.node for source in node.incoming.values()]
            waiting += node.ancestors()
    return found


def _names(session: Session, nodes: list[Node]) -> list[str]:
    return [session.scene.shortest_name(node) if not node.type.dag else node.full_path for node in nodes]


@command("fileInfo")
def file_info(session: Session, *pair, remove=None):
    """``fileInfo(keyword, value)``; not undoable, saved with the scene (Autodesk's page of fileInfo, 2023)."""
    if remove is not None:
        session.scene.file_info.pop(remove, None)
        return
    if len(pair) != 2:
        raise RuntimeError("fileInfo: a keyword and a value are needed.")
    keyword, value = pair
    session.scene.file_info[keyword] = value


@query("fileInfo")
def query_file_info(session: Session, *keywords):
    """All pairs in one list, or the value of a keyword in a list of one (or none).

    Quotation marks and backslashes come with another backslash: Prism evaluates what it gets once more.
    """
    held = session.scene.file_info
    escaped = {word: value.replace("\\", "\\\\").replace('"', '\\"') for word, value in held.items()}
    if keywords:
        return [escaped[word] for word in keywords if word in escaped]
    return [word for pair in escaped.items() for word in pair]
