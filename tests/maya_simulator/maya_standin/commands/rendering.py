"""Shading nodes, colour management and texture paths."""

from __future__ import annotations

from maya_standin import new_scene
from maya_standin.color_management import SPACES, Rule
from maya_standin.commands.nodes import initialize, namespaced
from maya_standin.plugs import Node, Plug
from maya_standin.registry import command, edit, query
from maya_standin.session import Session

# Which default list a new shading node joins (AYON-load; MA-tex: node.message -> defaultTextureList1).
_LISTS = {
    "asTexture": ("defaultTextureList1", "textures"),
    "asShader": ("defaultShaderList1", "shaders"),
    "asUtility": ("defaultRenderUtilityList1", "utilities"),
}
_COLOR_MANAGED = (
    ("workingSpaceName", "workingSpace"),
    ("cmEnabled", "colorManagementEnabled"),
    ("configFileEnabled", "colorManagementConfigFileEnabled"),
    ("configFilePath", "colorManagementConfigFilePath"),
)


@command("shadingNode", undoable=True)
def shading_node(
    session: Session, node_type, *, asTexture=False, asShader=False, asUtility=False, asLight=False,
    asRendering=False, asPostProcess=False, isColorManaged=False, name=None,
    skipSelect=False,
):  # fmt: skip
    """``shadingNode(type, asTexture=True)`` -> name; isColorManaged connects it to the colour management."""
    scene = session.scene
    kinds = (
        ("asTexture", asTexture),
        ("asShader", asShader),
        ("asUtility", asUtility),
        ("asLight", asLight),
        ("asRendering", asRendering),
        ("asPostProcess", asPostProcess),
    )
    as_what = [flag for flag, given in kinds if given]
    if len(as_what) != 1:
        raise RuntimeError(
            "shadingNode: say what it is: asTexture, asShader, asUtility, asLight, asRendering or the like."
        )
    kind = new_scene.find_type(session, node_type)
    node = scene.add_node(kind, namespaced(session, name or f"{node_type}1"))
    initialize(session, node)
    if as_what[0] in _LISTS:
        listed, attribute = _LISTS[as_what[0]]
        owner = scene.by_default_name(listed)
        if owner.find_attribute(attribute):
            array = Plug(owner, ((attribute, None),))
            scene.connect(Plug(node, (("message", None),)), array.element((array.indices() or [-1])[-1] + 1))
    if isColorManaged:
        _manage(session, node)
    if not skipSelect:
        scene.select([node])
    return node.name


def _manage(session: Session, node: Node) -> None:
    options = session.scene.by_default_name("defaultColorMgtGlobals")
    for source, target in _COLOR_MANAGED:
        first, second = options.find_attribute(source), node.find_attribute(target)
        if first and second:
            session.scene.connect(Plug(options, ((first.long, None),)), Plug(node, ((second.long, None),)))


@command("colorManagementFileRules")
def color_management_file_rules(
    session: Session, name=None, *, evaluate=None, addRule=None, remove=None, pattern=None, extension=None,
    colorSpace=None,
):  # fmt: skip
    """``colorManagementFileRules(evaluate=path)`` -> space. Not undoable (section 4)."""
    if evaluate is not None:
        return session.colors.space_of(evaluate)
    if addRule is not None:
        session.colors.rules.insert(0, Rule(addRule, pattern, extension or "*", colorSpace))
        return None
    if remove is not None:
        session.colors.rules = [rule for rule in session.colors.rules if rule.name != remove]
        return None
    raise RuntimeError("colorManagementFileRules: nothing to do.")


@query("colorManagementFileRules")
def query_rules(
    session: Session,
    name=None,
    *,
    evaluate=None,
    listRules=None,
    colorSpace=None,
    pattern=None,
    extension=None,
):
    """``colorManagementFileRules(query=True, listRules=True)`` -> names."""
    rules = {rule.name: rule for rule in session.colors.rules}
    if listRules:
        return list(rules)
    if name not in rules:
        raise RuntimeError(f"colorManagementFileRules: there is no rule '{name}'.")
    rule = rules[name]
    return rule.space if colorSpace else rule.pattern if pattern else rule.extension


@edit("colorManagementFileRules", undoable=False)
def edit_rules(session: Session, name, *, colorSpace=None, pattern=None, extension=None):
    """Change a rule."""
    for rule in session.colors.rules:
        if rule.name == name:
            rule.space, rule.pattern, rule.extension = (
                colorSpace or rule.space,
                pattern or rule.pattern,
                extension or rule.extension,
            )
            return
    raise RuntimeError(f"colorManagementFileRules: there is no rule '{name}'.")


@query("colorManagementPrefs")
def query_preferences(
    session: Session,
    *,
    inputSpaceNames=None,
    cmEnabled=None,
    cmConfigFileEnabled=None,
    configFilePath=None,
    renderingSpaceName=None,
    colorManagedNodes=None,
    missingColorSpaceNodes=None,
):
    """``colorManagementPrefs(query=True, inputSpaceNames=True)`` -> names."""
    if inputSpaceNames:
        return list(SPACES)
    if cmEnabled:
        return session.colors.enabled
    if cmConfigFileEnabled:
        return bool(session.colors.config)
    if configFilePath:
        return session.colors.config
    if renderingSpaceName:
        return session.colors.rendering_space
    managed = [
        node for node in session.scene.all() if node.find_attribute("colorSpace") and node.type.complete
    ]
    if colorManagedNodes:
        return [node.name for node in managed] or None
    missing = [
        node.name for node in managed if node.values.get((("colorSpace", None),), "sRGB") not in SPACES
    ]
    return missing or None


@edit("colorManagementPrefs")
def edit_preferences(session: Session, *, cmEnabled=None, configFilePath=None):
    """Switch colour management on or off, or manage by an OpenColorIO configuration."""
    if configFilePath is not None:
        held, colors = session.colors.config, session.colors
        session.undo.apply(
            lambda: setattr(colors, "config", configFilePath), lambda: setattr(colors, "config", held)
        )
    if cmEnabled is not None:
        before, colors = session.colors.enabled, session.colors
        session.undo.apply(
            lambda: setattr(colors, "enabled", bool(cmEnabled)), lambda: setattr(colors, "enabled", before)
        )
