"""MFn: the kinds of objects. Numbers are the stand-in's own: nobody may rely on them."""

from __future__ import annotations

from typing import Any

from maya_standin.node_types import Attribute
from maya_standin.plugs import Node

_NAMES = (
    "kInvalid", "kBase", "kDependencyNode", "kDagNode", "kTransform", "kShape", "kLocator", "kParticle",
    "kNParticle", "kMesh", "kNurbsCurve", "kCamera", "kFileTexture", "kPlace2dTexture", "kShadingEngine",
    "kSet", "kLambert", "kBlinn", "kPhong", "kStandardSurface", "kReference", "kTime", "kAnimCurve",
    "kDisplayLayer", "kBump", "kAttribute", "kNumericAttribute", "kTypedAttribute", "kEnumAttribute",
    "kUnitAttribute", "kMessageAttribute", "kCompoundAttribute", "kMatrixAttribute", "kData",
    "kVectorArrayData", "kDoubleArrayData", "kIntArrayData", "kStringData", "kStringArrayData",
    "kNumericData", "kPlugin", "kUnknown", "kTexture2d", "kDisplacementShader", "kNamedObject", "kAffect",
    "kPluginDependNode", "kMeshPolygonComponent",
)  # fmt: skip
_OF_TYPE = {
    "transform": "kTransform", "locator": "kLocator", "particle": "kParticle", "nParticle": "kNParticle",
    "mesh": "kMesh", "nurbsCurve": "kNurbsCurve", "camera": "kCamera", "file": "kFileTexture",
    "place2dTexture": "kPlace2dTexture", "shadingEngine": "kShadingEngine", "objectSet": "kSet", "lambert":
    "kLambert", "blinn": "kBlinn", "phong": "kPhong", "standardSurface": "kStandardSurface", "reference":
    "kReference", "time": "kTime", "animCurve": "kAnimCurve", "displayLayer": "kDisplayLayer", "bump2d":
    "kBump", "shape": "kShape", "dagNode": "kDagNode", "texture2d": "kTexture2d", "displacementShader":
    "kDisplacementShader",
}  # fmt: skip


class MFn:
    """Constants of object kinds."""

    @staticmethod
    def of(target: Any) -> int:
        if isinstance(target, Node):
            for kind in (target.type.name, *target.type.inherits):
                if kind in _OF_TYPE:
                    return getattr(MFn, _OF_TYPE[kind])
            return MFn.kDependencyNode
        if isinstance(target, list):  # ranges of faces
            return MFn.kMeshPolygonComponent
        return (
            MFn.kAttribute if isinstance(target, Attribute) else MFn.kInvalid if target is None else MFn.kData
        )

    @staticmethod
    def fits(target: Any, kind: int) -> bool:
        if not isinstance(target, Node):
            return kind == MFn.of(target)
        if kind == MFn.kDependencyNode:
            return True
        names = (target.type.name, *target.type.inherits)
        return any(name in _OF_TYPE and getattr(MFn, _OF_TYPE[name]) == kind for name in names)

    @staticmethod
    def name_of(kind: int) -> str:
        return _NAMES[kind]


for _number, _name in enumerate(_NAMES):
    setattr(MFn, _name, _number)


class MFnData:
    """Kinds of data, as `MFnTypedAttribute.create` takes them."""

    kInvalid, kNumeric, kString, kStringArray, kDoubleArray, kIntArray, kVectorArray, kPointArray, kMatrix = (
        range(9)
    )


class MFnNumericData:
    """Kinds of numbers, as `MFnNumericAttribute.create` takes them."""

    (
        kInvalid,
        kBoolean,
        kByte,
        kChar,
        kShort,
        kLong,
        kInt,
        kFloat,
        kDouble,
        k2Float,
        k3Float,
        k2Double,
        k3Double,
    ) = range(13)


class MSpace:
    """Spaces of transformations."""

    kInvalid, kTransform, kPreTransform, kPostTransform, kWorld, kObject = range(6)
