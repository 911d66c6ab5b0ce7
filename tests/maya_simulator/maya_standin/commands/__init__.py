"""The commands of `maya.cmds`, one module per family. Importing this package registers all of them."""

from maya_standin.commands import (  # noqa: F401
    add_attr,
    aliases,
    animation,
    attribute_queries,
    attributes,
    connections,
    dag,
    display,
    files,
    listing,
    naming,
    node_queries,
    nodes,
    particles,
    rendering,
    selection,
    sets,
    system,
    undo,
    user_interface,
)
