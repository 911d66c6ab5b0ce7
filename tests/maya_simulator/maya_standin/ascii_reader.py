"""Read Maya ASCII: what we write, and real files as far as their nodes are known.

Both flag forms are read, short and long (section 10: MA-long). What is not understood is kept as it is and
written again: statements about nodes whose type has no table of attributes (an unknown node survives saving,
section 7), attributes that a node has not, edits of references, MEL of other kinds. What Maya would stumble over
ends in its "Error reading file.", once all else is read.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from maya_standin import (
    animation,
    checker,
    mel,
    mesh_files,
    new_scene,
    node_types,
    plugin_commands,
    plugs,
    resolve,
    setting,
    units,
)
from maya_standin.commands import add_attr
from maya_standin.errors import NotSimulatedError
from maya_standin.mel_syntax import Word, quote, statements
from maya_standin.node_types import ARRAYS, COMPOUND_NUMERIC, NUMERIC
from maya_standin.plugins import BUNDLED
from maya_standin.plugs import Node, Plug

if TYPE_CHECKING:
    from maya_standin.references import Reference
    from maya_standin.session import Session


_KEPT = ("relationship", "dataStructure", "applyMetadata")
_CODESETS = {"936": "gbk", "932": "cp932", "949": "cp949", "950": "big5"}


def read_text(path: str) -> str:
    """Return a file's text in the code set that its head names, as "//Codeset: 1252"."""
    with open(path, "rb") as file:
        content = file.read()
    named = re.search(rb"^//Codeset: (\S+)", content[:4096], re.MULTILINE)
    name = named.group(1).decode("ascii", "replace") if named else "UTF-8"
    codec = _CODESETS.get(name, f"cp{name}" if name.isdigit() else name)
    try:
        return content.decode(codec)
    except (LookupError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


class Reader:
    """One file on its way into the scene."""

    def __init__(
        self,
        session: Session,
        namespace: str = "",
        reference: Reference | None = None,
        path: str = "",
        opening: bool = False,
    ) -> None:
        self.session = session
        self.scene = session.scene
        self.namespace = namespace
        self.reference = reference
        self.path = path
        self.opening = opening  # whether the file becomes the scene, with its units
        self.scales = {"doubleLinear": 1.0, "doubleAngle": 1.0}  # of the file's units
        self.frames = 1.0  # of the scene in one of the file's
        self.node: Node | None = None
        self.new: list[Node] = []
        self.names: dict[str, Node] = {}  # as the file calls them, where a name was taken already
        self.problems: list[str] = []
        self.handlers = {
            "createNode": self.create_node,
            "rename": self.rename,
            "setAttr": self.set_attr,
            "addAttr": self.add_attr,
            "connectAttr": self.connect_attr,
            "disconnectAttr": self.ignore,
            "select": self.select,
            "lockNode": self.lock_node,
            "file": self.file,
            "requires": self.requires,
            "currentUnit": self.current_unit,
            "fileInfo": self.file_info,
            **{name: functools.partial(self.keep_named, name) for name in _KEPT},
            "parent": self.parent,
        }

    def read(self, text: str) -> list[Node]:
        """Read the file and return the new nodes.

        Raises
        ------
        RuntimeError
            "Error reading file." with what was wrong, once everything that could be read is read.
        """
        for words in statements(text):
            handler = self.handlers.get(words[0])
            if handler is None:
                self.keep_statement(words)
                if not mel.is_known(self.session, words):
                    self.problems.append(f'Cannot find procedure "{words[0]}".')
                continue
            try:
                handler(words[1:])
            except NotSimulatedError:
                self.keep_statement(words)
            except (RuntimeError, ValueError, LookupError) as error:
                self.problems.append(str(error))
                if words[0] in ("setAttr", "addAttr", "connectAttr"):
                    self.keep_statement(words)
        if self.problems:
            self.session.undo.keep()
            raise RuntimeError("Error reading file.  " + "  ".join(self.problems[:5]))
        return self.new

    # --- statements --------------------------------------------------------------------------------

    def create_node(self, words: list[Word]) -> None:
        args, flags = self.flags("createNode", words)
        name = flags.get("name") or f"{args[0]}1"
        if flags.get("shared"):
            existing = self.scene.at_path(name)
            if existing:
                self.node = existing[0]
                return
        if not self.namespace and not flags.get("parent"):
            # A scene writes its defaultLayer, layerManager ... without -s; they are the ones that are there.
            known = [node for node in self.scene.at_path(name) if node.default and node.type.name == args[0]]
            if known:
                self.node = known[0]
                return
        parent = self.parent_of(flags.get("parent"))
        node_type, unknown = self.type_of(args[0], parent)
        wanted = f"{self.namespace}:{name}" if self.namespace else name
        if node_type.name == "reference" and self.scene.named(name):
            self.node = self.scene.named(name)[0]  # made by the file -r statement above
            return
        self.node = self.scene.add_node(node_type, wanted, parent)
        self.node.unknown_type = unknown
        self.node.reference = self.reference
        self.new.append(self.node)
        path = f"{self.file_path(parent)}|{name}" if parent else name
        self.names[path] = self.names[name] = self.node

    def parent_of(self, name: str | None) -> Node | None:
        """Return the node that a new one is put under: the world, with an error, where that is missing."""
        try:
            return self.find(name) if name else None
        except (RuntimeError, ValueError) as error:
            self.problems.append(str(error))
            return None

    def type_of(self, name: str, parent: Node | None) -> tuple[node_types.NodeType, str]:
        """Return the node type and, for a type that this Maya does not know, its own name."""
        try:
            return new_scene.find_type(self.session, name, default=True), ""
        except RuntimeError:
            base = "unknownDag" if parent is not None else "unknown"
            return node_types.bare(base, self.session.tables.ancestors.get(base, ("dependNode",))), name

    def file_path(self, node: Node) -> str:
        return next((path for path, known in reversed(self.names.items()) if known is node), node.name)

    def rename(self, words: list[Word]) -> None:
        if words[0] in ("-uid", "-uuid") and self.node is not None and not self.node.default:
            if words[1] in self.scene.nodes:
                return  # the same file read twice: Maya gives new ids
            if self.reference is None:
                self.scene.change_uuid(self.node, str(words[1]))

    def set_attr(self, words: list[Word]) -> None:
        if "attributeAlias" in words:  # {"alias","attribute", ...} or, in older files, a count and the names
            names = [str(word) for word in words[words.index("attributeAlias") + 1 :] if word.quoted]
            self.node.aliases = dict(zip(names[::2], names[1::2]))
            return
        if self.node is not None and self.node.type.isa("mesh") and mesh_files.read(self.node, words):
            return
        node, plug, flags, values = self.target("setAttr", words)
        if plug is None:
            return
        if flags.get("size") is not None or ("[" in plug_text(words) and ":" in plug_text(words)):
            self.set_range(node, plug, flags, values)
            return
        if values or flags.get("type"):
            store(self.session, plug, flags.get("type"), values, self)
        if flags.get("lock") is not None:
            node.locked_plugs.add(plug.path) if flags["lock"] else node.locked_plugs.discard(plug.path)
        for which, flag in (("keyable", "keyable"), ("channel_box", "channelBox")):
            if flags.get(flag) is not None:
                getattr(node, which)[plug.spec.long] = bool(flags[flag])

    def set_range(self, node: Node, plug: Plug, flags: dict[str, Any], values: list[Word]) -> None:
        name = plug.path[-1][0]
        if name == "keyTimeValue" and node.type.isa("animCurve"):
            numbers = [float(word) for word in values]
            kinds = {"animCurveTL": "doubleLinear", "animCurveTA": "doubleAngle"}
            scale = self.scales.get(kinds.get(node.type.name, ""), 1.0)
            times = [number * self.frames for number in numbers[::2]]
            held = {**animation.keys(node), **dict(zip(times, (value * scale for value in numbers[1::2])))}
            node.values[animation.KEYS] = dict(sorted(held.items()))
        elif name == "keyOutTangentType" and values:
            node.values[animation.STEP] = all(word == "5" for word in values)
        elif values:
            self.keep_raw(node, "setAttr", self.words)

    def target(self, command: str, words: list[Word]) -> tuple[Node, Plug | None, dict[str, Any], list[Word]]:
        """Return what a setAttr is about; a plug of None means that the statement was kept as it is."""
        self.words = words
        flags, rest = split_flags(self.session, command, words)
        name, values = rest[0], rest[1:]
        if name.startswith("."):
            node, attribute = self.node, name[1:]
        else:
            owner, _, attribute = name.partition(".")
            node = self.find(owner)
        if node is None:
            raise RuntimeError(f"{command} {name}: there is no node to set it on")
        attribute = attribute.partition(":")[0] + "]" if "[" in attribute and ":" in attribute else attribute
        try:
            plug = plugs.parse(node, attribute)
        except NotSimulatedError:
            self.keep_raw(node, command, words)
            return node, None, flags, values
        except LookupError:
            if _in_unlisted_children(node, attribute):
                self.keep_raw(node, command, words)
                return node, None, flags, values
            if self.is_of_a_plugin(attribute):
                self.keep_raw(node, command, words)
                return node, None, flags, values
            if flags.get("type") or node.type.complete:
                raise RuntimeError(f"{node.name} has no attribute {attribute}") from None
            self.keep_raw(node, command, words)
            return node, None, flags, values
        return node, plug, flags, values

    def add_attr(self, words: list[Word]) -> None:
        _, flags = self.flags("addAttr", words)
        node = self.node
        if flags.get("dataType") == "attributeAlias":
            return  # every node has aliases
        kept = {key: value for key, value in flags.items() if key not in ("numberOfChildren", "indexMatters")}
        if node.find_attribute(kept["longName"]):
            return  # a file may add what the type has since got
        for name in ("min", "max"):
            kept.pop(f"has{name.title()}Value", None)
        kept.setdefault("cachedInternally", False)
        add_attr.add_attr(self.session, node.full_path, **kept)
        if self.reference is not None:
            from dataclasses import replace

            long = kept["longName"]
            self.reference.added.pop((node, long), None)
            node.added[long] = replace(node.added[long], from_reference=True)

    def connect_attr(self, words: list[Word]) -> None:
        args, flags = self.flags("connectAttr", words)
        ends = []
        for text in args:
            owner, _, attribute = text.partition(".")
            node = self.find(owner)
            try:
                ends.append(plugs.parse(node, attribute))
            except NotSimulatedError:
                self.keep(["connectAttr", *words])
                return
            except LookupError:
                if not node.type.complete:
                    self.keep(["connectAttr", *words])
                    return
                raise RuntimeError(f"{node.name} has no attribute {attribute}") from None
        source, target = ends
        if flags.get("nextAvailable"):
            target = target.element((target.indices() or [-1])[-1] + 1)
        if source.is_array and source.spec.long == "instObjGroups":
            source = source.element(0)
        if target.is_array != source.is_array:
            self.keep(["connectAttr", *words])
            return
        if target.node.incoming.get(target.path) is None:
            self.scene.connect(source, target)
            if self.reference is not None:
                self.reference.own_connections.add((source, target))

    def select(self, words: list[Word]) -> None:
        name = words[-1].lstrip(":")
        found = self.scene.named(name)
        if not found:
            node_type = node_types.bare("unknown", ("dependNode",))
            found = [self.scene.add_node(node_type, name)]
            found[0].default = True
        self.node = found[0]

    def lock_node(self, words: list[Word]) -> None:
        args, flags = self.flags("lockNode", words)
        node = self.find(args[0]) if args else self.node
        node.locked = bool(flags.get("lock", True))

    def file(self, words: list[Word]) -> None:
        from maya_standin import references

        flags, rest = split_flags(self.session, "file", words)
        if flags.get("reference"):
            path, namespace = str(rest[0]), flags.get("namespace") or flags.get("renamingPrefix", "")
            kind, name = flags.get("type", "mayaAscii"), flags.get("referenceNode")
            reason = references.why_not_readable(self.session, path, kind)
            if reason is None:
                references.create(self.session, path, namespace, name)
                return
            references.create_unloaded(self.session, path, namespace, name, kind)
            self.problems.append(reason)

    def requires(self, words: list[Word]) -> None:
        if "maya" in words[:1] or self.reference is not None:
            return
        plugin = words[-2] if len(words) > 1 else words[-1]
        if plugin in BUNDLED:  # "it runs requires in the file and loads required plug-ins" (docs of requires)
            plugin_commands.load(self.session, str(plugin))
        if not self.session.plugins.is_loaded(str(plugin)):
            line = "requires " + " ".join(quote(w) if w.quoted else w for w in words) + ";"
            self.scene.raw_requires.append(line)

    def parent(self, words: list[Word]) -> None:
        raise NotSimulatedError("instances in a Maya ASCII file (parent)")

    def file_info(self, words: list[Word]) -> None:
        """Pairs of an opened file are the scene's; Maya writes its own anew."""
        keyword, value = map(str, words)
        if self.opening and keyword not in ("application", "product", "version", "cutIdentifier", "osv"):
            self.scene.file_info[keyword] = value

    def ignore(self, words: list[Word]) -> None:
        return None

    def current_unit(self, words: list[Word]) -> None:
        """The units of the numbers that follow; those of a file that is opened become the scene's."""
        _, flags = self.flags("currentUnit", words)
        linear, time = flags.get("linear", "cm"), flags.get("time", "film")
        size = units.CENTIMETRES[units.LONG_NAMES.get(linear, linear)]
        self.scales = {"doubleLinear": size, "doubleAngle": units.angle(f"1{flags.get('angle', 'deg')}")}
        if not units.is_time_unit(time):
            raise RuntimeError(f"currentUnit: {time} is no unit of time.")
        if self.opening:
            self.session.linear_unit, self.session.time_unit = size, time
        self.frames = units.frames_per_second(self.session.time_unit) / units.frames_per_second(time)

    def is_of_a_plugin(self, attribute: str) -> bool:
        """Whether a loaded plug-in adds this attribute to the nodes of others: Arnold's begin with ai."""
        return self.session.plugins.is_loaded("mtoa") and re.match(r"ai(_|[A-Z])", attribute) is not None

    def keep_statement(self, words: list[Word]) -> None:
        """Keep a statement with the node that it is about, or outside of any."""
        about = next((word for word in words[1:] if word.quoted), "")
        if self.node is not None and (words[0] == "addAttr" or about.startswith(".")):
            self.keep_raw(self.node, words[0], words[1:])
        else:
            self.keep(words)

    def keep_named(self, command: str, words: list[Any]) -> None:
        self.keep([command, *words])

    def keep(self, words: list[Any]) -> None:
        """Keep a statement for the next save, outside of any node."""
        if self.reference is None:
            self.scene.raw_statements.append(
                " ".join(quote(w) if getattr(w, "quoted", False) else w for w in words) + ";"
            )

    def keep_raw(self, node: Node, command: str, words: list[Word]) -> None:
        node.raw.append(f"{command} " + " ".join(quote(w) if w.quoted else w for w in words) + ";")

    # --- help --------------------------------------------------------------------------------------

    def find(self, name: str) -> Node:
        """Return the node that the file calls by this name."""
        known = self.names.get(name.lstrip("|"))
        same = [
            node
            for node in self.names.values()
            if node is not known and node.name == getattr(known, "name", "")
        ]
        if known is not None and ("|" in name or not same):
            return known
        if not self.namespace or name.startswith(":"):
            return resolve.node(self.scene, name.lstrip(":"), RuntimeError)
        spaced = "|".join(f"{self.namespace}:{part}" if part else part for part in name.split("|"))
        found = self.scene.at_path(spaced)
        return found[0] if len(found) == 1 else resolve.node(self.scene, name, RuntimeError)

    def flags(self, command: str, words: list[Word]) -> tuple[list[str], dict[str, Any]]:
        flags, rest = split_flags(self.session, command, words)
        return [str(word) for word in rest], flags


def _in_unlisted_children(node: Node, attribute: str) -> bool:
    """Whether this is below a compound whose children the node data do not list (`uvst[0].uvsn`)."""
    spec = node.find_attribute(attribute.partition(".")[0].partition("[")[0])
    return "." in attribute and spec is not None and spec.type == "compound" and not spec.children


def plug_text(words: list[Word]) -> str:
    return next((word for word in words if word.quoted), "")


def split_flags(session: Session, command: str, words: list[Word]) -> tuple[dict[str, Any], list[Word]]:
    """Return flags by long name, and the other words."""
    info = session.tables.commands[command]
    flags: dict[str, Any] = {}
    rest: list[Word] = []
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if word.quoted or not word.startswith("-") or mel._is_number(word):
            rest.append(word)
            continue
        long = checker.long_name(info, command, _FILE_FLAGS.get((command, word[1:]), word[1:]))
        count = info["flags"][long]["numArgs"]
        taken = [str(w) if w.quoted else mel.number(w) for w in words[position : position + count]]
        position += count
        flags[long] = True if count == 0 else taken[0] if count == 1 else tuple(taken)
    return flags, rest


# Short names that Python cannot have but files do (PyMEL's removedFlags: in, is, as, …).
_FILE_FLAGS = {("addAttr", "is"): "internalSet", ("addAttr", "internalSet"): "internalSet"}


def store(
    session: Session, plug: Plug, kind: str | None, words: list[Word], reader: Reader | None = None
) -> None:
    """Set a plug from the words of a setAttr in a file; the colour space stays as the file has it."""
    node, spec = plug.node, plug.spec
    scales = reader.scales if reader is not None else {}
    if kind == "dataReferenceEdits":
        from maya_standin import references

        references.read_edits(session, node, words, reader)  # raises what keeps the statement as it is
        return
    if kind is None and spec.type in NUMERIC:
        value = mel.number(words[0]) * scales.get(spec.type, 1)
        node.values[plug.path] = setting.coerce_default(spec, value)
        return
    if kind is None and spec.type in COMPOUND_NUMERIC:
        kind = spec.type
    if kind in COMPOUND_NUMERIC:
        for child, word in zip(plug.children(), words):
            value = mel.number(word) * scales.get(child.spec.type, 1)
            node.values[child.path] = setting.coerce_default(child.spec, value)
    elif kind == "string":
        node.values[plug.path] = str(words[0])
    elif kind in ("matrix", "fltMatrix") and len(words) == 16:
        node.values[plug.path] = [float(word) for word in words]
    elif kind == "nurbsCurve":
        node.values[plug.path] = _curve(words)
    elif kind in ARRAYS and spec.type == kind:
        node.values[plug.path] = array(kind, words)
    elif reader is not None:
        reader.keep_raw(node, "setAttr", reader.words)


def array(kind: str, words: list[Word]) -> list[Any]:
    """Read a count and flat values."""
    count = int(words[0])
    if kind == "stringArray":
        values: list[Any] = [str(word) for word in words[1:]]
    elif kind == "Int32Array":
        values = [int(word) for word in words[1:]]
    else:
        values = list(map(float, words[1:]))
    width = {"vectorArray": 3, "pointArray": 4}.get(kind, 1)
    if len(values) != count * width:
        raise RuntimeError(f"{kind}: {count} elements announced, {len(values) / width:g} found")
    return values if width == 1 else list(zip(*(values[axis::width] for axis in range(width))))


def _curve(words: list[Word]) -> dict[str, Any]:
    degree, dimension = int(words[0]), int(words[4])
    knot_count = int(words[5])
    knots = [float(word) for word in words[6 : 6 + knot_count]]
    count = int(words[6 + knot_count])
    flat = [float(word) for word in words[7 + knot_count : 7 + knot_count + count * dimension]]
    return {
        "degree": degree,
        "knots": knots,
        "points": list(zip(*(flat[axis::dimension] for axis in range(3)))),
    }
