"""What the inputs of materials and utilities take: colours, smooth numbers, directions, heights, opacity.

A texture means what the inputs mean that it feeds. To support another material, add a line for it that names
the source of its attributes.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Meaning = Literal["color", "scalar", "normal", "height", "opacity"]
MEANINGS: tuple[Meaning, ...] = ("color", "scalar", "normal", "height", "opacity")


class _Inputs(NamedTuple):
    """The inputs of some types of nodes, by what they take; names with blanks between."""

    node_types: str
    source: str
    color: str = ""
    scalar: str = ""
    normal: str = ""
    height: str = ""
    opacity: str = ""


_AUTODESK = "the pages of these nodes in Autodesk's reference of Maya's nodes"
_MTOA = "tables that were read from a live MtoA 5.4.8: index id 60792955409"
_SUBSTANCE = "SubstancePainterToMaya of Strangenoise, config_{}.py"

_TABLE = (
    _Inputs(
        "lambert blinn phong phongE anisotropic",
        _AUTODESK,
        color="color ambientColor incandescence specularColor reflectedColor",
        scalar="diffuse translucence translucenceDepth translucenceFocus eccentricity specularRollOff"
        " reflectivity cosinePower roughness highlightSize whiteness spreadX spreadY"
        " refractiveIndex",
        normal="normalCamera",
        opacity="transparency",
    ),
    _Inputs("surfaceShader", _AUTODESK, color="outColor", opacity="outTransparency outMatteOpacity"),
    _Inputs(
        "standardSurface",
        _AUTODESK,
        color="baseColor specularColor transmissionColor transmissionScatter subsurfaceColor"
        " coatColor sheenColor emissionColor",
        scalar="base diffuseRoughness metalness specular specularRoughness specularIOR"
        " specularAnisotropy specularRotation transmission transmissionDepth"
        " transmissionExtraRoughness subsurface subsurfaceRadius subsurfaceScale coat"
        " coatRoughness coatIOR coatAnisotropy coatRotation sheen sheenRoughness emission"
        " thinFilmThickness thinFilmIOR",
        normal="normalCamera coatNormal tangentUCamera",
        opacity="opacity",
    ),
    _Inputs(
        "aiStandardSurface",
        _SUBSTANCE.format("mtoa"),
        color="baseColor specularColor transmissionColor transmissionScatter subsurfaceColor"
        " coatColor sheenColor emissionColor aiMatteColor",
        scalar="base diffuseRoughness metalness specular specularRoughness specularIOR"
        " specularAnisotropy specularRotation transmission transmissionDepth"
        " transmissionScatterAnisotropy transmissionDispersion transmissionExtraRoughness"
        " subsurface subsurfaceRadius subsurfaceScale subsurfaceAnisotropy coat coatRoughness"
        " coatIOR sheen sheenRoughness emission thinFilmThickness thinFilmIOR",
        normal="normalCamera coatNormal tangent",
        opacity="opacity aiMatteColorA",
    ),
    _Inputs(
        "aiOpenPBRSurface",
        _MTOA,
        color="baseColor specularColor transmissionColor subsurfaceColor coatColor fuzzColor emissionColor",
        scalar="baseMetalness specularWeight specularRoughness specularRoughnessAnisotropy specularIOR"
        " transmissionWeight subsurfaceWeight subsurfaceRadiusScale coatWeight coatRoughness coatIOR"
        " coatDarkening fuzzWeight fuzzRoughness emissionLuminance",
        normal="normalCamera",
        opacity="geometryOpacity",
    ),
    _Inputs("aiLambert", _MTOA, color="KdColor", normal="normalCamera", opacity="opacity"),
    _Inputs("aiMixShader", "index ids 54494793145, 41920978578", scalar="mix"),
    _Inputs("layeredTexture", _AUTODESK, opacity="alpha"),
    _Inputs("blendColors", _AUTODESK, scalar="blender"),
    _Inputs(
        "RedshiftStandardMaterial",
        f"{_MTOA}; of Redshift it has the names of its documentation",
        color="base_color refl_color refr_color coat_color sheen_color ms_color emission_color",
        scalar="refl_weight refl_roughness refl_ior refl_aniso metalness refr_weight refr_roughness"
        " coat_weight coat_roughness coat_ior sheen_weight sheen_roughness ms_amount ms_radius"
        " emission_weight",
        normal="bump_input",
        opacity="opacity_color",
    ),
    _Inputs(
        "openPBRSurface",
        f"{_AUTODESK}; what feeds what: m3trik/mayatk, shader networks of openPBRSurface",
        color="baseColor specularColor transmissionColor subsurfaceColor coatColor fuzzColor emissionColor",
        scalar="baseWeight baseMetalness baseDiffuseRoughness specularWeight specularRoughness"
        " specularIOR transmissionWeight subsurfaceWeight coatWeight coatRoughness fuzzWeight"
        " fuzzRoughness emissionLuminance thinFilmWeight thinFilmThickness",
        normal="geometryNormal geometryCoatNormal geometryTangent",
        opacity="geometryOpacity",
    ),
    _Inputs(
        "usdPreviewSurface",
        "the specification of UsdPreviewSurface, whose inputs maya-usd's node has",
        color="diffuseColor emissiveColor specularColor",
        scalar="metallic roughness clearcoat clearcoatRoughness ior occlusion",
        normal="normal",
        height="displacement",
        opacity="opacity opacityThreshold",
    ),
    _Inputs(
        "StingrayPBS",
        _SUBSTANCE.format("stingray"),
        color="TEX_color_map TEX_emissive_map",
        scalar="TEX_metallic_map TEX_roughness_map TEX_ao_map",
        normal="TEX_normal_map",
    ),
    _Inputs(
        "RedshiftMaterial",
        _SUBSTANCE.format("redshift"),
        color="diffuse_color transl_color refl_color refl_edge_tint refl_reflectivity refr_color"
        " ms_color0 ms_color1 ms_color2 coat_color overall_color emission_color",
        scalar="diffuse_weight diffuse_roughness transl_weight refl_weight refl_roughness refl_aniso"
        " refl_aniso_rotation refl_metalness refl_ior refr_weight coat_weight coat_roughness"
        " emission_weight",
        normal="bump_input coat_bump_input",
        opacity="opacity_color",
    ),
    _Inputs(
        "VRayMtl",
        _SUBSTANCE.format("vray"),
        color="color illumColor reflectionColor refractionColor fogColor translucencyColor",
        scalar="diffuseColorAmount roughnessAmount reflectionColorAmount hilightGlossiness"
        " reflectionGlossiness fresnelIOR anisotropy anisotropyRotation refractionColorAmount"
        " refractionGlossiness refractionIOR",
        normal="bumpMap normalMap",
        opacity="opacityMap",
    ),
    _Inputs(
        "PxrSurface",
        _SUBSTANCE.format("renderman_pxrsurface"),
        color="diffuseColor specularFaceColor specularEdgeColor roughSpecularFaceColor"
        " roughSpecularEdgeColor clearcoatFaceColor clearcoatEdgeColor fuzzColor"
        " subsurfaceColor glowColor",
        scalar="diffuseGain diffuseRoughness specularRoughness roughSpecularRoughness"
        " clearcoatRoughness specularAnisotropy glassRoughness subsurfaceGain fuzzGain"
        " glowGain",
        normal="bumpNormal diffuseBumpNormal specularBumpNormal clearcoatBumpNormal",
        opacity="presence",
    ),
    _Inputs(
        "PxrDisney",
        _SUBSTANCE.format("renderman_pxrdisney"),
        color="baseColor emitColor subsurfaceColor",
        scalar="subsurface metallic specular specularTint roughness anisotropic sheen sheenTint"
        " clearcoat clearcoatGloss",
        normal="bumpNormal",
        opacity="presence",
    ),
    _Inputs("bump2d bump3d", _AUTODESK, height="bumpValue"),
    _Inputs("aiBump2d", "helper_arnold.py of Strangenoise's SubstancePainterToMaya", height="bumpMap"),
    _Inputs(
        "aiNormalMap", "helper_arnold.py of Strangenoise's SubstancePainterToMaya", normal="input normal"
    ),
    _Inputs("displacementShader", _AUTODESK, height="displacement vectorDisplacement", normal="tangent"),
    _Inputs(
        "RedshiftBumpMap RedshiftNormalMap",
        "helper_redshift.py of Strangenoise's SubstancePainterToMaya",
        normal="input",
    ),
    _Inputs(
        "RedshiftDisplacement",
        "helper_redshift.py of Strangenoise's SubstancePainterToMaya",
        height="texMap",
    ),
)

_MEANINGS: dict[tuple[str, str], Meaning] = {
    (node_type, attribute): meaning
    for row in _TABLE
    for node_type in row.node_types.split()
    for meaning in MEANINGS
    for attribute in getattr(row, meaning).split()
}
KNOWN_TYPES = frozenset(node_type for row in _TABLE for node_type in row.node_types.split())


def meaning_of(node_type: str, attribute: str) -> Meaning | None:
    """Return what an input takes, None where the table does not tell.

    Parameters
    ----------
    node_type : str
    attribute : str
        Its long name, or that of one of its channels: ``baseColorR``, ``normalCameraX``.
    """
    attribute = attribute.rpartition(".")[2]
    known = _MEANINGS.get((node_type, attribute))
    if known is None and attribute[-1:] in "RGBXYZ":
        known = _MEANINGS.get((node_type, attribute[:-1]))
    return known
