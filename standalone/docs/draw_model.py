"""Draws the README's picture of a model: a vase that wears the photograph of `rgbcloud demo`.

``python standalone/docs/draw_model.py FOLDER`` makes the stage there, and from it a layer of face sets and
the picture.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, Vt
from sklearn.datasets import load_sample_image

from rgbcloud import Limits, Recipe
from rgbcloud.images import write_file
from rgbcloud_app.assets.face_sets import cluster_faces, save_face_sets
from rgbcloud_app.model_picture import model_picture

_AROUND, _UP = 160, 120


def make_vase(folder: Path) -> Path:
    """Write a surface of revolution, and the texture that it wears."""
    Image.fromarray(load_sample_image("flower.jpg")).save(folder / "flower.png")
    stage = Usd.Stage.CreateNew(str(folder / "vase.usda"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    root = UsdGeom.Xform.Define(stage, "/Vase")
    stage.SetDefaultPrim(root.GetPrim())
    turn, height = np.meshgrid(np.linspace(0, 2 * np.pi, _AROUND + 1), np.linspace(0, 1, _UP + 1))
    radius = 0.28 + 0.16 * np.sin(height * 4.6 + 0.4) + 0.06 * height
    points = np.stack([radius * np.cos(turn), radius * np.sin(turn), 1.15 * height], axis=-1).reshape(-1, 3)
    uvs = np.stack([turn / np.pi % 2.0001, height], axis=-1).reshape(-1, 2)  # the texture goes round twice
    first = np.arange(_UP * (_AROUND + 1)).reshape(_UP, _AROUND + 1)[:, :-1].ravel()
    corners = np.column_stack([first, first + 1, first + _AROUND + 2, first + _AROUND + 1])
    mesh = UsdGeom.Mesh.Define(stage, "/Vase/Body")
    mesh.CreatePointsAttr([Gf.Vec3f(*map(float, point)) for point in points])
    mesh.CreateFaceVertexCountsAttr([4] * len(corners))
    mesh.CreateFaceVertexIndicesAttr(corners.ravel().tolist())
    texcoords = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.vertex
    )
    texcoords.Set(Vt.Vec2fArray([Gf.Vec2f(*map(float, uv)) for uv in uvs]))
    material = UsdShade.Material.Define(stage, "/Vase/Glaze")
    surface = UsdShade.Shader.Define(stage, "/Vase/Glaze/Surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    image = UsdShade.Shader.Define(stage, "/Vase/Glaze/Image")
    image.CreateIdAttr("UsdUVTexture")
    image.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath("./flower.png"))
    surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f).ConnectToSource(
        image.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)
    )
    material.CreateSurfaceOutput().ConnectToSource(surface.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
    stage.Save()
    return folder / "vase.usda"


def main() -> None:
    """Draw the picture."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    vase = make_vase(folder)
    meshes, _ = cluster_faces(
        vase, Recipe.of(colors=5), threshold=0.0, limits=Limits(), progress=lambda _fraction, _message: None
    )
    save_face_sets(folder / "vase-sets.usda", vase, meshes, overwrite=True)
    write_file(folder / "model.png", model_picture(meshes), overwrite=True)


if __name__ == "__main__":
    main()
