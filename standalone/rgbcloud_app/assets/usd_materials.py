"""What the materials of a USD stage plug their textures into, in every variant of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pxr import Sdf, Usd, UsdShade

from rgbcloud_app.assets.asset import Found, Meaning, Use, looks_like_image

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREVIEW_COLORS = ("diffuseColor", "emissiveColor", "specularColor")
_COLORS = ("color3f", "color4f", "color3h", "color4h", "color3d", "color4d")
_VECTORS = ("normal3f", "vector3f", "float3", "normal3h", "vector3h", "half3")


def found_in(stage: Any, folder: Path, *, is_embedded: bool) -> Found:
    """Return the textures of a stage, and where they are plugged.

    Parameters
    ----------
    stage : Usd.Stage
    folder : Path
        Of the root layer, as its user named it.
    is_embedded : bool
        Whether the stage was unpacked.
    """
    walk = _Walk(folder, is_embedded=is_embedded)
    for _ in _selections(stage):
        prims = list(Usd.PrimRange.AllPrims(stage.GetPseudoRoot()))
        for prototype in stage.GetPrototypes():
            prims += Usd.PrimRange.AllPrims(prototype)
        for prim in prims:
            if prim.IsA(UsdShade.Material):
                walk.material(UsdShade.Material(prim))
        for prim in prims:
            walk.others(prim)
    walk.add_alphas()
    return walk.found


def _selections(stage: Any) -> Iterator[None]:
    """Choose one variant after the other; the stage's layers are left alone."""
    yield
    stage.SetEditTarget(stage.GetSessionLayer())
    prims = [prim for prim in Usd.PrimRange.AllPrims(stage.GetPseudoRoot()) if prim.HasVariantSets()]
    for path in [prim.GetPath() for prim in prims]:
        sets = stage.GetPrimAtPath(path).GetVariantSets()
        for name in sets.GetNames():
            choice = sets.GetVariantSet(name)
            chosen = choice.GetVariantSelection()
            for variant in choice.GetVariantNames():
                if variant != chosen:
                    choice.SetVariantSelection(variant)
                    yield
            stage.GetSessionLayer().Clear()


class _Walk:
    """Goes up from materials to textures."""

    def __init__(self, folder: Path, *, is_embedded: bool) -> None:
        self._folder = folder
        self._real = Path(os.path.realpath(folder))
        self._is_embedded = is_embedded
        self.found = Found()
        self._alphas: list[tuple[str, Path, Use]] = []
        self._seen: set[Any] = set()

    def material(self, material: Any) -> None:
        """Note the textures that a material is made of."""
        seen: set[tuple[str, str, Meaning | None]] = set()
        for output in material.GetOutputs():
            is_displacement = output.GetBaseName().rpartition(":")[2] == "displacement"
            for source in UsdShade.Utils.GetValueProducingAttributes(output):
                self._shader(source, material, "", "data" if is_displacement else None, seen)

    def _shader(
        self, source: Any, material: Any, where: str, meaning: Meaning | None, seen: set[Any]
    ) -> None:
        key = (str(source.GetPath()), where, meaning)
        shader = UsdShade.Shader(source.GetPrim())
        if key in seen or not shader:
            return
        seen.add(key)
        for given in shader.GetInputs():
            if given.GetTypeName() == Sdf.ValueTypeNames.Asset:
                if where:
                    wears = str(material.GetPath()) if _uses_plain_uvs(shader) else ""
                    self._texture(given, shader, source, Use(where, meaning, material=wears))
                continue
            if not given.HasConnectedSource():
                continue
            place, what = _step(shader, given, material, where, meaning)
            for up in given.GetValueProducingAttributes():
                if UsdShade.Output.IsOutput(up):
                    self._shader(up, material, place, what, seen)

    def _texture(self, given: Any, shader: Any, source: Any, use: Use) -> None:
        where, meaning, _, wears = use
        channel, kind = source.GetName().rpartition(":")[2], str(source.GetTypeName())
        is_preview = shader.GetIdAttr().Get() == "UsdUVTexture"
        is_single = channel in ("r", "g", "b", "a") if is_preview else kind in ("float", "half", "int")
        if is_single or (kind in _VECTORS and not is_preview and meaning == "color"):
            meaning = "data"
        told = shader.GetInput("sourceColorSpace")
        space = told.Get() if told and told.Get() in ("sRGB", "raw") else ""
        for attribute in given.GetValueProducingAttributes():
            use = Use(where, meaning, space or attribute.GetColorSpace(), wears)
            self._seen.add(attribute.GetPath())
            for value, path in self._files(attribute):
                if is_preview and channel == "a":
                    self._alphas.append((value, path, use))
                    use_now = None
                else:
                    use_now = use
                self._note(value, path, use_now)

    def add_alphas(self) -> None:
        """Count an alpha alone as a place that a texture is plugged into, if there is no other one."""
        colored = {path for (_, path), uses in self.found.uses.items() if uses}
        for value, path, use in self._alphas:
            if path not in colored:
                self._note(value, path, use)

    def others(self, prim: Any) -> None:
        """Note the images that a prim names and no material leads to."""
        for attribute in prim.GetAuthoredAttributes():
            if attribute.GetTypeName() in (Sdf.ValueTypeNames.Asset, Sdf.ValueTypeNames.AssetArray):
                for value, path in self._files(attribute):
                    if looks_like_image(path.name) and attribute.GetPath() not in self._seen:
                        is_light = "light" in str(prim.GetTypeName()).lower()
                        use = Use(f"{prim.GetName()}.{attribute.GetBaseName()}", None) if is_light else None
                        self._note(value, path, use)

    def _files(self, attribute: Any) -> Iterator[tuple[str, Path]]:
        """Yield the paths that an attribute holds at any time, as they are written, and their files."""
        for spec in attribute.GetPropertyStack(Usd.TimeCode.EarliestTime()):
            times = spec.layer.ListTimeSamplesForPath(spec.path)
            values = [spec.layer.QueryTimeSample(spec.path, time) for time in times]
            if not values and spec.HasDefaultValue():
                values = [spec.default]
            for value in values:
                for each in value if isinstance(value, Sdf.AssetPathArray) else [value]:
                    if (
                        isinstance(each, Sdf.AssetPath) and each.path
                    ):  # files may say that it is of another type
                        yield each.path, self._place(each.path, spec.layer)
            if values:
                return

    def _place(self, value: str, layer: Any) -> Path:
        path = Path(os.path.normpath(Path(layer.realPath).parent / value))
        real = Path(os.path.realpath(path.parent)) / path.name
        return self._folder / real.relative_to(self._real) if self._real in real.parents else path

    def _note(self, value: str, path: Path, use: Use | None) -> None:
        hindrance = "it stands in another package" if "[" in value or ".usdz/" in path.as_posix() else ""
        self.found.add(value, path, use, is_embedded=self._is_embedded, hindrance=hindrance)


def _uses_plain_uvs(shader: Any) -> bool:
    """Whether a shader looks its texture up by the UVs called st, or does not say by which."""
    waiting = [shader]
    while waiting:
        for given in waiting.pop().GetInputs():
            if given.GetBaseName() == "varname" and given.Get() not in (None, "", "st"):
                return False
            for source in given.GetValueProducingAttributes():
                up = UsdShade.Shader(source.GetPrim())
                if UsdShade.Output.IsOutput(source) and up:
                    if up.GetIdAttr().Get() == "UsdTransform2d":
                        return False
                    waiting.append(up)
    return True


def _step(
    shader: Any, given: Any, material: Any, where: str, meaning: Meaning | None
) -> tuple[str, Meaning | None]:
    """Return where one gets to on the way up by an input of a shader, and what that is."""
    name, kind = given.GetBaseName(), str(given.GetTypeName())
    if kind in ("token", "terminal") and not where:
        return "", meaning  # a shader of shaders
    if not where:
        place = f"{material.GetPrim().GetName()}.{name}"
        if meaning == "data":
            return place, "data"
        if shader.GetIdAttr().Get() == "UsdPreviewSurface":
            return place, "color" if name in _PREVIEW_COLORS else "normal" if name == "normal" else "data"
        if kind in _COLORS:
            return place, "color"
        return place, "normal" if kind in _VECTORS and "normal" in name.lower() else "data"
    identifier = str(shader.GetIdAttr().Get())
    if identifier.startswith("ND_normalmap") and name == "in":
        return where, "normal"
    if meaning == "normal" and kind in _VECTORS:
        return where, "normal"
    return where, meaning if meaning == "color" and kind in _COLORS else "data"
