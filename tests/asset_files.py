"""Assets to test with, made by the libraries of their formats: textures of 32 x 32, one quad to wear them."""

from __future__ import annotations

import json
import struct

import numpy as np
from PIL import Image

SIZE = 32


def texture(path, kind="color", seed=0, size=SIZE):
    """Write an image of noise on a ramp: colours, normals or numbers; return its path."""
    rng = np.random.default_rng(seed)
    across = np.linspace(0, 1, size)
    ramp = np.dstack([np.broadcast_to(across, (size, size)), np.broadcast_to(across[:, None], (size, size))])
    if kind == "normal":
        xy = (ramp - 0.5) * 0.8 + rng.normal(0, 0.02, ramp.shape)
        vectors = np.dstack([xy, np.sqrt(np.maximum(1 - (xy**2).sum(axis=2), 0))])
        pixels = np.rint((vectors + 1) / 2 * 255)
    else:
        pixels = np.dstack([ramp, 1 - ramp[..., :1]]) * 255 + rng.normal(0, 12, (size, size, 3))
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    image.save(path, **({"quality": 95} if path.suffix in (".jpg", ".jpeg") else {}))
    return path


QUAD_POINTS = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
QUAD_UVS = [(0, 0), (1, 0), (1, 1), (0, 1)]


def usd_asset(path, plugs, *, spaces=None, channels=None):
    """Write a stage of one quad with a UsdPreviewSurface.

    Parameters
    ----------
    path : pathlib.Path
    plugs : mapping of str to str
        Inputs of the surface, and the paths of the textures that are plugged into them, as they are written.
    spaces : mapping of str to str, optional
        `sourceColorSpace` of some.
    channels : mapping of str to str, optional
        Outputs of the texture reader that are connected, where it is not ``rgb``.
    """
    from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, Vt

    stage = Usd.Stage.CreateNew(str(path))
    world = UsdGeom.Xform.Define(stage, "/World")
    stage.SetDefaultPrim(world.GetPrim())
    stage.SetMetadata("comment", "made for a test")
    mesh = UsdGeom.Mesh.Define(stage, "/World/Quad")
    mesh.CreatePointsAttr([Gf.Vec3f(*point) for point in QUAD_POINTS])
    mesh.CreateFaceVertexCountsAttr([4])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3])
    st = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar(
        "st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying
    )
    st.Set(Vt.Vec2fArray([Gf.Vec2f(*uv) for uv in QUAD_UVS]))
    material = UsdShade.Material.Define(stage, "/World/Wood")
    surface = UsdShade.Shader.Define(stage, "/World/Wood/Surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    reader = UsdShade.Shader.Define(stage, "/World/Wood/st")
    reader.CreateIdAttr("UsdPrimvarReader_float2")
    reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
    types = {"normal": "normal3f", "diffuseColor": "color3f", "emissiveColor": "color3f"}
    for number, (name, file) in enumerate(plugs.items()):
        image = UsdShade.Shader.Define(stage, f"/World/Wood/image{number}")
        image.CreateIdAttr("UsdUVTexture")
        image.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath(str(file)))
        if spaces and name in spaces:
            image.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set(spaces[name])
        image.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(
            reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
        )
        is_wide = types.get(name)
        channel = (channels or {}).get(name, "rgb" if is_wide else "r")
        kind = Sdf.ValueTypeNames.Float3 if channel == "rgb" else Sdf.ValueTypeNames.Float
        wanted = getattr(
            Sdf.ValueTypeNames, {"normal3f": "Normal3f", "color3f": "Color3f"}.get(is_wide, "Float")
        )
        surface.CreateInput(name, wanted).ConnectToSource(image.CreateOutput(channel, kind))
    material.CreateSurfaceOutput().ConnectToSource(surface.CreateOutput("surface", Sdf.ValueTypeNames.Token))
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(material)
    stage.Save()
    return path


def usdz_asset(path, plugs, folder, **more):
    """Write a package of such a stage, whose layer stands in a folder with the textures."""
    from pxr import Sdf, UsdUtils

    layer = usd_asset(folder / f"{path.stem}.usdc", plugs, **more)
    assert UsdUtils.CreateNewUsdzPackage(Sdf.AssetPath(str(layer)), str(path))
    return path


def mtlx_asset(path, plugs, *, spaces=None, prefix="", in_graph=False):
    """Write a document of a standard_surface; `plugs` as for `usd_asset`, by the inputs' names there."""
    import MaterialX as mx  # noqa: N813

    document = mx.createDocument()
    if prefix:
        document.setFilePrefix(prefix)
    surface = document.addNode("standard_surface", "SR_wood", "surfaceshader")
    for number, (name, file) in enumerate(plugs.items()):
        kind = {"base_color": "color3", "emission_color": "color3", "normal": "vector3"}.get(name, "float")
        parent = document.addNodeGraph(f"NG{number}") if in_graph else document
        image = parent.addNode("tiledimage" if in_graph else "image", f"image{number}", kind)
        given = image.addInput("file", "filename")
        given.setValueString(str(file))
        if spaces and name in spaces:
            given.setColorSpace(spaces[name])
        if kind == "vector3":
            node = parent.addNode("normalmap", f"normals{number}", "vector3")
            node.addInput("in", "vector3").setConnectedNode(image)
            image = node
        plug = surface.addInput(name, kind)
        if in_graph:
            output = parent.addOutput("out", kind)
            output.setConnectedNode(image)
            plug.setConnectedOutput(output)
        else:
            plug.setConnectedNode(image)
    material = document.addNode("surfacematerial", "Wood", "material")
    material.addInput("surfaceshader", "surfaceshader").setConnectedNode(surface)
    assert document.validate()[0]
    mx.writeToXmlFile(document, str(path))
    return path


def gltf_asset(path, plugs, *, embed="", extensions=None):
    """Write a .gltf or .glb of one quad, by pygltflib.

    Parameters
    ----------
    path : pathlib.Path
    plugs : mapping of str to pathlib.Path or str
        Slots of the material (``baseColorTexture`` …), and image files: paths relative to the asset's
        folder, or what is to be embedded.
    embed : {"", "view", "data"}
        How images are part of the file.
    extensions : mapping of str to dict, optional
        Of the material: their textures' `index` is a slot's name, and becomes its number.
    """
    import pygltflib as gl

    points = np.array(QUAD_POINTS, np.float32).tobytes()
    uvs = np.array([(u, 1 - v) for u, v in QUAD_UVS], np.float32).tobytes()
    indices = np.array([0, 1, 2, 0, 2, 3], np.uint16).tobytes()
    blob, views = b"", []

    def view(data, target=None):
        nonlocal blob
        blob += bytes(-len(blob) % 4)
        views.append(gl.BufferView(buffer=0, byteOffset=len(blob), byteLength=len(data), target=target))
        blob += data
        return len(views) - 1

    images, places = [], {}
    first_view = view(points, gl.ARRAY_BUFFER)
    for file in dict.fromkeys(plugs.values()):
        full = path.parent / file
        kind = "image/png" if full.suffix == ".png" else "image/jpeg"
        places[file] = len(images)
        if embed == "view":
            images.append(gl.Image(bufferView=view(full.read_bytes()), mimeType=kind, name=full.stem))
        else:
            images.append(gl.Image(uri=str(file), name=full.stem))
    uv_view, index_view = view(uvs, gl.ARRAY_BUFFER), view(indices, gl.ELEMENT_ARRAY_BUFFER)
    slots = {slot: number for number, slot in enumerate(plugs)}
    material = gl.Material(name="Wood", pbrMetallicRoughness=gl.PbrMetallicRoughness())
    for slot, number in slots.items():
        if slot in ("baseColorTexture", "metallicRoughnessTexture"):
            setattr(material.pbrMetallicRoughness, slot, gl.TextureInfo(index=number))
        elif slot == "normalTexture":
            material.normalTexture = gl.NormalMaterialTexture(index=number)
        elif slot == "occlusionTexture":
            material.occlusionTexture = gl.OcclusionTextureInfo(index=number)
        elif slot == "emissiveTexture":
            material.emissiveTexture = gl.TextureInfo(index=number)
    for name, content in (extensions or {}).items():
        material.extensions[name] = {
            key: {"index": slots[value["index"]]} if isinstance(value, dict) else value
            for key, value in content.items()
        }
    attributes = gl.Attributes(POSITION=0, TEXCOORD_0=1)
    document = gl.GLTF2(
        asset=gl.Asset(version="2.0", generator="a test"),
        scene=0,
        scenes=[gl.Scene(nodes=[0])],
        nodes=[gl.Node(mesh=0, name="Quad")],
        meshes=[gl.Mesh(primitives=[gl.Primitive(attributes=attributes, indices=2, material=0)])],
        materials=[material],
        textures=[gl.Texture(source=places[file], sampler=0) for file in plugs.values()],
        samplers=[gl.Sampler(magFilter=gl.LINEAR, wrapS=gl.REPEAT, wrapT=gl.REPEAT)],
        images=images,
        accessors=[
            gl.Accessor(
                bufferView=first_view,
                componentType=gl.FLOAT,
                count=4,
                type=gl.VEC3,
                max=[1.0, 1.0, 0.0],
                min=[0.0, 0.0, 0.0],
            ),
            gl.Accessor(bufferView=uv_view, componentType=gl.FLOAT, count=4, type=gl.VEC2),
            gl.Accessor(bufferView=index_view, componentType=gl.UNSIGNED_SHORT, count=6, type=gl.SCALAR),
        ],
        bufferViews=views,
        buffers=[gl.Buffer(byteLength=len(blob))],
    )
    document.set_binary_blob(blob)
    if embed == "data":
        document.convert_images(gl.ImageFormat.DATAURI, path=path.parent)
    if path.suffix == ".glb":
        document.save_binary(str(path))
    else:
        document.buffers[0].uri = f"{path.stem}.bin"
        (path.parent / f"{path.stem}.bin").write_bytes(blob)
        document.set_binary_blob(None)
        path.write_text(document.gltf_to_json())
    return path


def glb_parts(path):
    """Return the JSON and the binary chunk of a .glb, read by the letter of the specification."""
    data = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", data)
    assert (magic, version, length) == (b"glTF", 2, len(data))
    size, kind = struct.unpack_from("<I4s", data, 12)
    assert (kind, size % 4) == (b"JSON", 0)
    document = json.loads(data[20 : 20 + size])
    if 20 + size == length:
        return document, b""
    binary, kind = struct.unpack_from("<I4s", data, 20 + size)
    assert (kind, binary % 4, 28 + size + binary) == (b"BIN\0", 0, length)
    return document, data[28 + size :]
