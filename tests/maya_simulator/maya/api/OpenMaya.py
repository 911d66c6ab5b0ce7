"""`maya.api.OpenMaya`, as far as it is simulated. What is not, raises and names itself."""

from maya_standin.api.arrays import (
    MColor,
    MColorArray,
    MDoubleArray,
    MFloatArray,
    MIntArray,
    MMatrix,
    MPoint,
    MPointArray,
    MVector,
    MVectorArray,
)
from maya_standin.api.attributes import (
    MFnEnumAttribute,
    MFnMessageAttribute,
    MFnNumericAttribute,
    MFnTypedAttribute,
)
from maya_standin.api.constants import MFn, MFnData, MFnNumericData, MSpace
from maya_standin.api.data import (
    MFnDoubleArrayData,
    MFnIntArrayData,
    MFnPointArrayData,
    MFnStringData,
    MFnVectorArrayData,
)
from maya_standin.api.images import MImage
from maya_standin.api.meshes import MFnMesh, MFnSingleIndexedComponent
from maya_standin.api.messages import MDGMessage, MMessage, MNodeMessage, MSceneMessage
from maya_standin.api.modifiers import MDagModifier, MDGModifier
from maya_standin.api.nodes import MDagPath, MFnDagNode, MFnDependencyNode, MPlug
from maya_standin.api.objects import MNamespace, MObject, MObjectHandle, MUuid
from maya_standin.api.plugin import MFnPlugin, MPxCommand
from maya_standin.api.selection import MGlobal, MSelectionList
from maya_standin.api.syntax import MArgDatabase, MArgList, MArgParser, MSyntax
from maya_standin.errors import NotSimulatedError

__all__ = [
    "MArgDatabase",
    "MArgList",
    "MArgParser",
    "MColor",
    "MColorArray",
    "MDGMessage",
    "MDGModifier",
    "MDagModifier",
    "MDagPath",
    "MDoubleArray",
    "MFloatArray",
    "MFn",
    "MFnDagNode",
    "MFnData",
    "MFnDependencyNode",
    "MFnDoubleArrayData",
    "MFnEnumAttribute",
    "MFnIntArrayData",
    "MFnMesh",
    "MFnMessageAttribute",
    "MFnNumericAttribute",
    "MFnNumericData",
    "MFnPlugin",
    "MFnPointArrayData",
    "MFnSingleIndexedComponent",
    "MFnStringData",
    "MFnTypedAttribute",
    "MFnVectorArrayData",
    "MGlobal",
    "MImage",
    "MIntArray",
    "MMatrix",
    "MMessage",
    "MNamespace",
    "MNodeMessage",
    "MObject",
    "MObjectHandle",
    "MPlug",
    "MPoint",
    "MPointArray",
    "MPxCommand",
    "MSceneMessage",
    "MSelectionList",
    "MSpace",
    "MSyntax",
    "MUuid",
    "MVector",
    "MVectorArray",
]


def __getattr__(name: str) -> object:
    if name.startswith("M"):
        raise NotSimulatedError(f"maya.api.OpenMaya.{name} is not simulated")
    raise AttributeError(f"module 'maya.api.OpenMaya' has no attribute {name!r}")
