"""`maya.OpenMaya`, the first API, as far as it is simulated. What is not, raises and names itself."""

from maya_standin.api.first import MObject, MSelectionList, MTime
from maya_standin.errors import NotSimulatedError

__all__ = ["MObject", "MSelectionList", "MTime"]


def __getattr__(name: str) -> object:
    if name.startswith("M"):
        raise NotSimulatedError(f"maya.OpenMaya.{name} is not simulated")
    raise AttributeError(f"module 'maya.OpenMaya' has no attribute {name!r}")
