"""The stand-in's own tests: what its rules say of Maya, each with its source.

They speak only Maya's API, so that a real Maya can be asked whether it agrees:
``mayapy -m pytest tests/maya_simulator``. See `maya_fixtures` for what a test may ask for.
"""

from __future__ import annotations

from maya_fixtures import (  # noqa: F401 (pytest finds them here)
    _real_maya,
    answer_dialogs,
    count_commands,
    maya_version,
    press_escape,
    project,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_generate_tests,
    script_editor,
    unreadable_indexed_png,
)
