"""`maya.OpenMayaFX`, the first API, as far as it is simulated. What is not, raises and names itself."""

from maya_standin.api.first import MFnParticleSystem
from maya_standin.errors import NotSimulatedError

__all__ = ["MFnParticleSystem"]


def __getattr__(name: str) -> object:
    if name.startswith("M"):
        raise NotSimulatedError(f"maya.OpenMayaFX.{name} is not simulated")
    raise AttributeError(f"module 'maya.OpenMayaFX' has no attribute {name!r}")
