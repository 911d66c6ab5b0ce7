"""Whole assets: every texture is handled or named, and all else in the copy is as it was."""

import json
import shlex
import zipfile
from pathlib import Path

import numpy as np
import pytest
import trimesh
from asset_files import glb_parts, gltf_asset, mtlx_asset, texture, usd_asset, usdz_asset
from PIL import Image
from pxr import Sdf, Tf, Usd, UsdShade, UsdUtils

import rgbcloud
from rgbcloud_app.assets.asset import AssetError
from rgbcloud_app.assets.gltf_binary import pack_glb
from rgbcloud_app.assets.opening import opened_asset


def make_textures(folder, **kinds):
    """Write textures by their file names; return the folder."""
    for number, (name, kind) in enumerate(kinds.items()):
        stem, _, suffix = name.rpartition("_")
        texture(folder / f"{stem}.{suffix}", kind, number)
    return folder


def usd(folder, name="chair.usda", **plugs):
    return usd_asset(folder / name, plugs)


def sources_of(folder):
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


MAKERS = {}


def maker(function):
    MAKERS[function.__name__] = function
    return function


@maker
def usda(folder):
    make_textures(folder / "tex", wood_png="color", bumps_png="normal", rough_png="data")
    plugs = {"diffuseColor": "tex/wood.png", "normal": "./tex/bumps.png", "roughness": "tex/rough.png"}
    return usd_asset(folder / "chair.usda", plugs), ["wood.png"], ["bumps.png", "rough.png"]


@maker
def usdc(folder):
    make_textures(folder / "tex", wood_png="color", light_png="color")
    plugs = {"diffuseColor": "tex/wood.png", "emissiveColor": "tex/light.png"}
    return usd_asset(folder / "chair.usdc", plugs), ["wood.png", "light.png"], []


@maker
def usd_binary_or_text(folder):
    make_textures(folder, wood_png="color")
    return usd_asset(folder / "chair.usd", {"diffuseColor": "./wood.png"}), ["wood.png"], []


@maker
def usd_udim(folder):
    make_textures(folder / "tex", **{"wood.1001_png": "color", "wood.1002_png": "color"})
    plugs = {"diffuseColor": "tex/wood.<UDIM>.png"}
    return usd_asset(folder / "chair.usda", plugs), ["wood.1001.png", "wood.1002.png"], []


@maker
def usd_raw_colors(folder):
    make_textures(folder, wood_png="color")
    path = usd_asset(folder / "chair.usda", {"diffuseColor": "wood.png"}, spaces={"diffuseColor": "raw"})
    return path, ["wood.png"], []


@maker
def usd_misleading_names(folder):
    make_textures(folder, wood_normal_png="color", albedo_png="normal")
    plugs = {"diffuseColor": "wood_normal.png", "normal": "albedo.png"}
    return usd_asset(folder / "chair.usda", plugs), ["wood_normal.png"], ["albedo.png"]


@maker
def usd_sublayers_and_references(folder):
    make_textures(folder / "parts" / "tex", wood_png="color", bumps_png="normal")
    part = usd_asset(
        folder / "parts" / "seat.usda", {"diffuseColor": "tex/wood.png", "normal": "tex/bumps.png"}
    )
    stage = Usd.Stage.CreateNew(str(folder / "chair.usda"))
    stage.OverridePrim("/Chair").GetReferences().AddReference(f"./parts/{part.name}")
    stage.Save()
    return folder / "chair.usda", ["wood.png"], ["bumps.png"]


@maker
def usd_variants(folder):
    make_textures(folder, oak_png="color", ash_png="color")
    path = usd_asset(folder / "chair.usda", {"diffuseColor": "oak.png"})
    stage = Usd.Stage.Open(str(path))
    kinds = stage.GetPrimAtPath("/World").GetVariantSets().AddVariantSet("wood")
    shader = UsdShade.Shader.Get(stage, "/World/Wood/image0")
    shader.GetInput("file").GetAttr().Clear()
    for kind in ("oak", "ash"):
        kinds.AddVariant(kind)
        kinds.SetVariantSelection(kind)
        with kinds.GetVariantEditContext():
            shader.GetInput("file").Set(Sdf.AssetPath(f"./{kind}.png"))
    kinds.SetVariantSelection("oak")
    stage.Save()
    return path, ["oak.png", "ash.png"], []


@maker
def usdz(folder):
    make_textures(folder / "in", wood_png="color", bumps_png="normal")
    plugs = {"diffuseColor": "wood.png", "normal": "bumps.png"}
    return usdz_asset(folder / "chair.usdz", plugs, folder / "in"), ["wood.png"], ["bumps.png"]


@maker
def usdz_udim(folder):
    make_textures(folder / "in", **{"wood.1001_png": "color", "wood.1011_png": "color"})
    path = usdz_asset(folder / "chair.usdz", {"diffuseColor": "wood.<UDIM>.png"}, folder / "in")
    return path, ["wood.1001.png", "wood.1011.png"], []


@maker
def mtlx(folder):
    make_textures(folder / "tex", wood_png="color", bumps_png="normal", rough_png="data")
    plugs = {"base_color": "tex/wood.png", "normal": "tex/bumps.png", "specular_roughness": "tex/rough.png"}
    return mtlx_asset(folder / "wood.mtlx", plugs), ["wood.png"], ["bumps.png", "rough.png"]


@maker
def mtlx_node_graphs(folder):
    make_textures(folder, wood_png="color", bumps_png="normal")
    plugs = {"base_color": "wood.png", "normal": "bumps.png"}
    return mtlx_asset(folder / "wood.mtlx", plugs, in_graph=True), ["wood.png"], ["bumps.png"]


@maker
def mtlx_file_prefix(folder):
    make_textures(folder / "tex", wood_png="color", metal_png="data")
    plugs = {"base_color": "wood.png", "metalness": "metal.png"}
    return mtlx_asset(folder / "wood.mtlx", plugs, prefix="tex/"), ["wood.png"], ["metal.png"]


@maker
def mtlx_udim(folder):
    make_textures(folder, **{"wood.1001_png": "color", "wood.1002_png": "color"})
    return mtlx_asset(folder / "w.mtlx", {"base_color": "wood.<UDIM>.png"}), ["wood.1001.png"], []


@maker
def mtlx_color_spaces(folder):
    make_textures(folder, wood_png="color")
    path = mtlx_asset(folder / "w.mtlx", {"base_color": "wood.png"}, spaces={"base_color": "lin_rec709"})
    return path, ["wood.png"], []


def gltf_textures(folder):
    make_textures(folder, wood_png="color", bumps_png="normal", orm_png="data", light_png="color")
    return {
        "baseColorTexture": "wood.png",
        "normalTexture": "bumps.png",
        "metallicRoughnessTexture": "orm.png",
        "occlusionTexture": "orm.png",
        "emissiveTexture": "light.png",
    }


@maker
def gltf(folder):
    plugs = gltf_textures(folder)
    return gltf_asset(folder / "chair.gltf", plugs), ["wood.png", "light.png"], ["bumps.png", "orm.png"]


@maker
def gltf_data_uris(folder):
    plugs = gltf_textures(folder)
    return gltf_asset(folder / "chair.gltf", plugs, embed="data"), ["wood", "light"], ["bumps", "orm"]


@maker
def gltf_images_in_a_buffer(folder):
    plugs = gltf_textures(folder)
    return gltf_asset(folder / "chair.gltf", plugs, embed="view"), ["wood", "light"], ["bumps", "orm"]


@maker
def glb(folder):
    plugs = gltf_textures(folder)
    return gltf_asset(folder / "chair.glb", plugs, embed="view"), ["wood", "light"], ["bumps", "orm"]


@maker
def glb_beside_its_images(folder):
    plugs = gltf_textures(folder)
    return gltf_asset(folder / "chair.glb", plugs), ["wood.png", "light.png"], ["bumps.png", "orm.png"]


@maker
def glb_of_ten(folder):
    names = [f"t{number}.png" for number in range(10)]
    for number, name in enumerate(names):
        texture(folder / name, "color", number)
    plugs = {"baseColorTexture": "t0.png", **{name: name for name in names[1:]}}
    extensions = {
        "KHR_materials_sheen": {"sheenColorTexture": {"index": "t1.png"}},
        "KHR_materials_specular": {"specularColorTexture": {"index": "t2.png"}},
    }
    return gltf_asset(folder / "ten.glb", plugs, embed="view", extensions=extensions), ["t0", "t1", "t2"], []


@maker
def gltf_in_folders_with_spaces(folder):
    make_textures(folder / "my tex", wood_png="color")
    return gltf_asset(folder / "chair.gltf", {"baseColorTexture": "my tex/wood.png"}), ["wood.png"], []


def test_there_are_twenty_assets():
    assert len(MAKERS) >= 20


@pytest.fixture(params=MAKERS.values(), ids=MAKERS.keys())
def asset(request, tmp_path):
    folder = tmp_path / "asset"
    folder.mkdir()
    return request.param(folder)


def test_the_copy_is_lighter_and_says_what_it_left(asset, tmp_path, run):
    path, reduced, left = asset
    before = sources_of(path.parent)
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out", "--json")
    assert ended.code == 0, ended.errors
    assert sources_of(path.parent) == before
    told = json.loads(ended.output)
    assert {report["kind"] for report in told["reports"]} == {"color"}
    for name in reduced:
        assert any(report["name"].endswith(name) for report in told["reports"]), (name, told)
    for name in left:
        assert f"{name} is left as it is: it holds" in ended.errors, (name, ended.errors)
        assert not any(report["name"].endswith(name) for report in told["reports"])
    assert all(report["colors_after"] <= 8 for report in told["reports"])
    assert told["bytes_after"] < told["bytes_before"]
    check_opens(tmp_path / "out" / path.name)
    if path.suffix.startswith(".usd"):
        assert usd_findings(tmp_path / "out" / path.name) <= usd_findings(path)


def test_normals_and_data_are_reduced_as_what_they_are(asset, tmp_path, run):
    path, _, left = asset
    ended = run(
        "reduce", path, "-k", 8, "-d", tmp_path / "out", "--json", "--also", "normal", "--also", "data"
    )
    assert ended.code == 0, ended.errors
    kinds = {report["name"]: report["kind"] for report in json.loads(ended.output)["reports"]}
    for name in left:
        found = [kind for report, kind in kinds.items() if report.endswith(name)]
        assert found in ([], ["normal" if "bumps" in name or "albedo" in name else "data"])
        assert found or f"{name} is left as it is: its file would have" in ended.errors
    check_opens(tmp_path / "out" / path.name)


def check_opens(path):
    """See that all that a library of its format finds in an asset is there, and can be read."""
    if path.suffix in (".gltf", ".glb"):
        scene = trimesh.load(path, force="scene")
        for mesh in scene.geometry.values():
            assert mesh.faces.shape == (2, 3)
            assert np.isclose(mesh.area, 1)
        return
    if path.suffix == ".mtlx":
        import MaterialX as mx  # noqa: N813

        document = mx.createDocument()
        mx.readFromXmlFile(document, str(path))
        is_valid, told = document.validate()
        assert is_valid, told
        values = [
            element.getResolvedValueString()
            for element in document.traverseTree()
            if element.getAttribute("type") == "filename"
        ]
        assert values
        for value in values:
            assert rgbcloud.Texture.find(path.parent / value)
        return
    layers, assets, unresolved = UsdUtils.ComputeAllDependencies(Sdf.AssetPath(str(path)))
    assert not unresolved
    assert layers
    assert assets or path.suffix == ".usdz"
    if path.suffix == ".usdz":
        check_package(path)


def usd_findings(path):
    """Return what USD's own validators find in an asset, by their names: `usdchecker` asks the same."""
    if hasattr(UsdUtils, "ComplianceChecker"):  # of older releases
        checker = UsdUtils.ComplianceChecker()
        checker.CheckCompliance(str(path))
        return {told.partition("'")[0] for told in checker.GetErrors() + checker.GetFailedChecks()}
    from pxr import UsdValidation

    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    found = UsdValidation.ValidationContext(validators).Validate(Usd.Stage.Open(str(path)))
    return {error.GetName() for error in found}


def check_package(path):
    """See that a package is as its specification wants it."""
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        assert package.testzip() is None
    assert entries[0].filename.endswith((".usdc", ".usda", ".usd"))
    data = path.read_bytes()
    for entry in entries:
        assert entry.compress_type == zipfile.ZIP_STORED
        names = int.from_bytes(data[entry.header_offset + 26 : entry.header_offset + 28], "little")
        extra = int.from_bytes(data[entry.header_offset + 28 : entry.header_offset + 30], "little")
        assert (entry.header_offset + 30 + names + extra) % 64 == 0
    stage = Usd.Stage.Open(str(path))
    files = [
        prim.GetAttribute("inputs:file") for prim in stage.Traverse() if prim.HasAttribute("inputs:file")
    ]
    assert files
    names = {entry.filename for entry in entries}
    for file in files:
        value = file.Get().path
        assert any(name == value or "<UDIM>" in value for name in names), (value, names)


def test_all_but_paths_in_a_usd_layer_is_the_same(tmp_path, run):
    folder = tmp_path / "in"
    for name in ("wood.jpg", "wood.png"):
        texture(folder / "tex" / name, size=64)
    plugs = {"diffuseColor": "tex/wood.jpg", "emissiveColor": "tex/wood.png"}
    path = usd_asset(folder / "chair.usda", plugs)
    assert run("reduce", path, "-k", 2, "-d", tmp_path / "out").code == 0
    text = path.read_text()
    assert (tmp_path / "out" / "chair.usda").read_text() == text.replace("tex/wood.jpg", "tex/wood_jpg.png")
    assert (tmp_path / "out" / "tex" / "wood_jpg.png").exists()


def test_all_but_images_in_a_glb_is_the_same(tmp_path, run):
    path = gltf_asset(tmp_path / "chair.glb", gltf_textures(tmp_path), embed="view")
    assert run("reduce", path, "-k", 8, "-d", tmp_path / "out").code == 0
    before, binary = glb_parts(path)
    after, lighter = glb_parts(tmp_path / "out" / "chair.glb")
    views = {view: after["bufferViews"][view] for view in range(len(before["bufferViews"]))}
    images = {image["bufferView"] for image in before["images"] if image["name"] in ("wood", "light")}
    for number, view in enumerate(before["bufferViews"]):
        old = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
        new = lighter[views[number]["byteOffset"] : views[number]["byteOffset"] + views[number]["byteLength"]]
        assert views[number]["byteOffset"] % 4 == 0
        assert (old == new) == (number not in images)
    for document in (before, after):
        for key in ("bufferViews", "buffers", "images"):
            del document[key]
    assert before == after


def test_one_palette_for_an_asset(tmp_path, run):
    path = gltf_asset(tmp_path / "chair.glb", gltf_textures(tmp_path), embed="view")
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out", "--shared-palette")
    assert ended.code == 0, ended.errors
    document, binary = glb_parts(tmp_path / "out" / "chair.glb")
    colors = set()
    for image in document["images"]:
        if image["name"] in ("wood", "light"):
            view = document["bufferViews"][image["bufferView"]]
            data = binary[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
            (tmp_path / "one.png").write_bytes(data)
            colors |= {
                color for _, color in Image.open(tmp_path / "one.png").convert("RGB").getcolors(1 << 20)
            }
    assert len(colors) == 8


def test_resume_passes_over_an_asset_that_is_done(tmp_path, run):
    path, _, _ = MAKERS["usda"](tmp_path)
    arguments = ("reduce", path, "-k", 8, "-d", tmp_path / "out", "--resume")
    assert run(*arguments).code == 0
    assert "unchanged" in run(*arguments).output
    texture(tmp_path / "tex" / "wood.png", seed=9)
    assert "textures reduced: 1" in run(*arguments).output
    assert "unchanged" not in run(*arguments, "--also", "data").output


def test_what_unknown_bytes_do(tmp_path, fails):
    for suffix in (".glb", ".gltf", ".usda", ".usdc", ".usdz", ".mtlx"):
        path = tmp_path / f"broken{suffix}"
        path.write_bytes(b"nothing that is known")
        told = fails("reduce", path, "-d", tmp_path / "out")
        assert str(path) in told, told
        assert "bug" not in told, told
    assert not list((tmp_path / "out").rglob("*.*")) if (tmp_path / "out").exists() else True


def test_info_tells_what_each_texture_is_plugged_into(tmp_path, run):
    path = gltf_asset(tmp_path / "chair.glb", gltf_textures(tmp_path), embed="view")
    ended = run("info", path)
    assert ended.code == 0, ended.errors
    assert "bumps: normal, plugged into Wood.normalTexture" in ended.output
    assert "orm: data, plugged into Wood.metallicRoughnessTexture, Wood.occlusionTexture" in ended.output
    assert f"{path}: wood\nformat    PNG" in ended.output
    assert "all 2 files together" in ended.output
    first = json.loads(run("info", path, "--json").output.splitlines()[0])
    assert [texture["holds"] for texture in first["textures"]] == ["color", "normal", "data", "color"]


def test_palette_and_cloud_are_of_the_colors_of_an_asset(tmp_path, run):
    path, _, _ = usd_misleading_names(tmp_path)
    alone = run("palette", tmp_path / "wood_normal.png", "-k", 5, "--kind", "color")
    whole = run("palette", path, "-k", 5)
    assert whole.code == 0, whole.errors
    assert whole.output == alone.output
    assert run("cloud", path, "-k", 5, "-o", tmp_path / "cloud.ply").code == 0


def test_an_asset_of_no_colors_has_no_palette(tmp_path, fails):
    make_textures(tmp_path, bumps_png="normal")
    path = usd(tmp_path, normal="bumps.png")
    assert fails("palette", path) == f"{path} has no texture that holds colours"


def test_a_texture_of_two_meanings_is_left_and_told(tmp_path, run):
    make_textures(tmp_path / "in", both_png="color")
    path = usd(tmp_path / "in", diffuseColor="both.png", roughness="both.png")
    ended = run("reduce", path, "-d", tmp_path / "out")
    assert ended.code == 0
    told = "both.png is left as it is: it is shared by two meanings: color (Wood.diffuseColor) and data"
    assert told in ended.errors
    assert (tmp_path / "out" / "both.png").read_bytes() == (tmp_path / "in" / "both.png").read_bytes()


@pytest.mark.parametrize("suffix", [".usda", ".gltf", ".mtlx"])
def test_what_is_missing_is_told_and_the_rest_is_done(suffix, tmp_path, run):
    make_textures(tmp_path / "in", wood_png="color", gone_png="color")
    path = of_suffix(tmp_path / "in", suffix, "wood.png", "gone.png")
    (tmp_path / "in" / "gone.png").unlink()
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out")
    assert ended.code == 0
    assert ended.errors == f"rgbcloud: {path}: gone.png is left as it is: it is missing\n"
    assert "textures reduced: 1" in ended.output


@pytest.mark.parametrize("suffix", [".usda", ".gltf", ".mtlx"])
def test_what_is_outside_of_its_folder_gets_a_place_beside_the_copy(suffix, tmp_path, run):
    make_textures(tmp_path / "shared", wood_png="color")
    make_textures(tmp_path / "shared", other_png="color")
    (tmp_path / "in").mkdir()
    path = of_suffix(tmp_path / "in", suffix, "../shared/wood.png", "../shared/other.png")
    before = sources_of(tmp_path)
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out" / "deep")
    assert "../shared/wood.png is outside the asset's folder: its lighter file stands beside" in ended.errors
    assert (tmp_path / "out" / "deep" / "wood.png").exists()
    check_opens(tmp_path / "out" / "deep" / path.name)
    assert {file: file.read_bytes() for file in before} == before
    assert "shared" not in (tmp_path / "out" / "deep" / path.name).read_text()


def of_suffix(folder, suffix, color, light):
    if suffix == ".usda":
        return usd(folder, diffuseColor=color, emissiveColor=light)
    if suffix == ".gltf":
        return gltf_asset(folder / "chair.gltf", {"baseColorTexture": color, "emissiveTexture": light})
    return mtlx_asset(folder / "chair.mtlx", {"base_color": color, "emission_color": light})


@pytest.mark.parametrize("more", [(), ("--total-bytes", "1MB")])
def test_fewer_texels_are_worth_a_larger_file(tmp_path, run, more):
    """Of a texture that a JPEG has in few bytes."""
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "wood.jpg", quality=1)
    path = gltf_asset(tmp_path / "chair.gltf", {"baseColorTexture": "wood.jpg"})
    ended = run("reduce", path, "-d", tmp_path / "out", "--scale", "1/2", "--dither", "blue-noise", *more)
    assert ended.code == 0, ended.errors
    with Image.open(tmp_path / "out" / "wood.png") as image:
        assert image.size == (128, 128)
    assert (tmp_path / "out" / "wood.png").stat().st_size > (tmp_path / "wood.jpg").stat().st_size


def test_what_is_outside_is_so_from_within_the_folder_of_the_asset(tmp_path, run, monkeypatch):
    texture(tmp_path / "wood.png")
    (tmp_path / "in").mkdir()
    gltf_asset(tmp_path / "in" / "chair.gltf", {"baseColorTexture": "../wood.png"})
    monkeypatch.chdir(tmp_path / "in")
    ended = run("reduce", "chair.gltf", "-k", 4, "-d", "out")
    assert ended.code == 0, ended.errors
    assert "wood.png is outside the asset's folder" in ended.errors
    assert {file.name for file in Path("out").iterdir()} == {"chair.gltf", "chair.bin", "wood.png"}


@pytest.mark.parametrize("content", ["[]", '{"asset": {"version": "2.0"}, "images": [{"uri": 3}]}'])
def test_a_gltf_whose_parts_do_not_fit_is_told_in_our_words(tmp_path, fails, content):
    (tmp_path / "a.gltf").write_text(content)
    told = fails("reduce", tmp_path / "a.gltf", "-d", tmp_path / "out")
    assert "no glTF file that can be understood: a part of it is of another type" in told


def test_absolute_paths_become_relative_ones(tmp_path, run):
    make_textures(tmp_path / "in", wood_png="color")
    path = usd(tmp_path / "in", diffuseColor=str(tmp_path / "in" / "wood.png"))
    assert run("reduce", path, "-k", 8, "-d", tmp_path / "out").code == 0
    assert "@./wood.png@" in (tmp_path / "out" / "chair.usda").read_text()


def test_a_light_that_has_a_picture_keeps_it(tmp_path, run):
    from pxr import UsdLux

    make_textures(tmp_path / "in", wood_png="color", sky_png="color")
    path = usd(tmp_path / "in", diffuseColor="wood.png")
    stage = Usd.Stage.Open(str(path))
    UsdLux.DomeLight.Define(stage, "/World/Sky").CreateTextureFileAttr("sky.png")
    stage.Save()
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out")
    assert "sky.png is left as it is: nothing says what Sky" in ended.errors
    assert (tmp_path / "out" / "sky.png").exists()


def test_a_package_that_is_compressed_is_refused(tmp_path, fails):
    make_textures(tmp_path, wood_png="color")
    with zipfile.ZipFile(tmp_path / "chair.usdz", "w", zipfile.ZIP_DEFLATED) as package:
        package.write(usd(tmp_path, diffuseColor="wood.png"), "chair.usda")
    told = fails("reduce", tmp_path / "chair.usdz", "-d", tmp_path / "out")
    assert "chair.usda is encrypted or compressed, as no .usdz may be" in told


def test_images_of_formats_that_are_not_known_are_left_and_told(tmp_path, run):
    path = gltf_asset(tmp_path / "chair.gltf", gltf_textures(tmp_path))
    document = json.loads(path.read_text())
    document["textures"][0]["extensions"] = {"KHR_texture_basisu": {"source": 0}}
    path.write_text(json.dumps(document))
    ended = run("reduce", path, "-k", 8, "-d", tmp_path / "out")
    assert "wood.png is left as it is: KHR_texture_basisu asks for a file of its own format" in ended.errors


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--kind", "normal"], "where a texture of an asset is plugged says what it holds; leave out kind"),
        (["--mask", "wood.png"], "leave out mask"),
        (["-o", "x.usdc"], "the copy of a .usda file is one, too; change its suffix"),
        (["-o", "-"], "name the copy, or use --output-dir"),
        ([], "needs a folder of its own; use --output-dir"),
    ],
)
def test_what_an_asset_cannot_heed_is_refused(more, told, tmp_path, fails, monkeypatch):
    monkeypatch.chdir(make_textures(tmp_path, wood_png="color"))
    usd(tmp_path, diffuseColor="wood.png")
    before = sources_of(tmp_path)
    assert told in fails("reduce", "chair.usda", *more)
    assert sources_of(tmp_path) == before


def test_documents_of_materialx_itself_can_be_opened(tmp_path):
    import MaterialX as mx  # noqa: N813

    documents = sorted((Path(mx.__file__).parent / "libraries" / "bxdf").rglob("*.mtlx"))
    assert len(documents) > 15
    for document in documents:
        asset = opened_asset(document, tmp_path)
        values = document.read_text().count('type="filename" value="')
        assert len(asset.textures) <= values
        assert all(texture.reason_to_leave(frozenset(["color"])) for texture in asset.textures)


@pytest.mark.parametrize("name", ["chair.usda", "chair.usdz", "chair.glb"])
def test_texels_count_by_the_surface_that_shows_them(name, tmp_path, run):
    """The quad wears the whole texture, until its UVs are squeezed into the left quarter."""
    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, :40] = np.random.default_rng(0).choice([[255, 0, 0], [50, 50, 50], [0, 255, 0]], (64, 40))
    pixels[:, 60:] = np.random.default_rng(1).integers(0, 256, (64, 68, 3))
    path = wear(tmp_path, name, pixels)
    whole = json.loads(run("reduce", path, "-k", 4, "-d", tmp_path / "whole", "--json").output)
    wear(tmp_path, name, pixels, width=0.25)
    part = json.loads(run("reduce", path, "-k", 4, "-d", tmp_path / "part", "--json").output)
    assert whole["reports"][0]["mse"] > 500
    assert part["reports"][0]["mse"] < 1
    assert part["reports"][0]["file_mse"] > 500


@pytest.mark.parametrize("suffix", [".gltf", ".glb"])
def test_texels_count_by_what_a_camera_of_a_gltf_sees(suffix, tmp_path, run, fails):
    """Two look at the left quarter of the quad, one of them turned within what is turned the other way."""
    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, :40] = np.random.default_rng(0).choice([[255, 0, 0], [50, 50, 50], [0, 255, 0]], (64, 40))
    pixels[:, 60:] = np.random.default_rng(1).integers(0, 256, (64, 68, 3))
    Image.fromarray(pixels).save(tmp_path / "wood.png")
    embed = "view" if suffix == ".glb" else ""
    path = gltf_asset(tmp_path / f"chair{suffix}", {"baseColorTexture": "wood.png"}, embed=embed)
    document, binary = glb_parts(path) if embed else (json.loads(path.read_text()), b"")
    lens = {"yfov": 0.53, "aspectRatio": 1.37, "znear": 0.01}
    flat = {"xmag": 0.125, "ymag": 0.5, "znear": 0.1, "zfar": 9}
    half, first = 0.5**0.5, len(document["nodes"])
    document["cameras"] = [
        {"type": "perspective", "perspective": lens},
        {"type": "orthographic", "orthographic": flat},
    ]
    rig = {"rotation": [0, half, 0, half], "translation": [0.14, 0.5, 0.33], "children": [first + 1]}
    document["nodes"] += [
        {"name": "Rig", **rig},
        {"name": "Cam", "camera": 0, "rotation": [0, -half, 0, half]},
        {"name": "Flat", "camera": 1, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0.14, 0.5, 3, 1]},
    ]
    document["scenes"][0]["nodes"] += [first, first + 2]
    path.write_bytes(pack_glb(document, binary) if embed else json.dumps(document).encode())
    for camera in ("Cam", "Flat"):
        done = run("reduce", path, "-k", 4, "-d", tmp_path / camera, "--json", "--camera", camera)
        assert done.code == 0, done.errors
        report = json.loads(done.output)["reports"][0]
        assert report["mse"] < 1
        assert report["file_mse"] > 500
    told = fails("reduce", path, "-k", 4, "-d", tmp_path / "other", "--camera", "Sun")
    assert "has no camera Sun; it has Cam, Flat" in told


def test_texels_count_by_what_a_camera_of_the_stage_sees(tmp_path, run, fails):
    from pxr import Usd, UsdGeom

    pixels = np.zeros((64, 128, 3), np.uint8)
    pixels[:, :40] = np.random.default_rng(0).choice([[255, 0, 0], [50, 50, 50], [0, 255, 0]], (64, 40))
    pixels[:, 60:] = np.random.default_rng(1).integers(0, 256, (64, 68, 3))
    path = wear(tmp_path, "chair.usda", pixels)
    stage = Usd.Stage.Open(str(path))
    camera = UsdGeom.Camera.Define(stage, "/Cam")  # 41.11 degrees wide: a unit's quarter from 0.33
    camera.AddTranslateOp().Set((0.125, 0.5, 0.33))
    stage.Save()
    done = run("reduce", path, "-k", 4, "-d", tmp_path / "seen", "--json", "--camera", "/Cam")
    assert done.code == 0, done.errors
    report = json.loads(done.output)["reports"][0]
    assert report["mse"] < 1
    assert report["file_mse"] > 500
    farm = run(
        "farm", path, "-k", 4, "-d", tmp_path / "far", "--commands", "--camera", "/Cam", "--also", "data"
    )
    (line,) = farm.output.splitlines()
    assert "--also data --camera /Cam --output" in line
    assert run(*shlex.split(line)[1:]).code == 0
    for file in (tmp_path / "seen").iterdir():
        assert (tmp_path / "far" / file.name).read_bytes() == file.read_bytes()
    told = fails("farm", tmp_path / "wood.png", "--commands", "--camera", "/Cam", code=2)
    assert "--camera is one of an asset; leave it out for images" in told
    told = fails("reduce", path, "-k", 4, "-d", tmp_path / "other", "--camera", "/Sun")
    assert "has no camera /Sun; name the path of one" in told
    told = fails("reduce", tmp_path / "wood.png", "--camera", "/Cam", code=2)
    assert "--camera is one of an asset; leave it out for images" in told


def wear(folder, name, pixels, width=1):
    """Write an asset whose quad wears so much of a texture."""
    import asset_files

    Image.fromarray(pixels).save(folder / "wood.png")
    before = asset_files.QUAD_UVS
    asset_files.QUAD_UVS = [(0.02 + u * width * 0.96, 0.02 + v * 0.96) for u, v in before]
    try:
        if name.endswith(".glb"):
            return gltf_asset(folder / name, {"baseColorTexture": "wood.png"}, embed="view")
        (folder / "chair.usda").unlink(missing_ok=True)
        if name.endswith(".usdz"):
            (folder / "chair.usdc").unlink(missing_ok=True)
            return usdz_asset(folder / name, {"diffuseColor": "wood.png"}, folder)
        return usd_asset(folder / name, {"diffuseColor": "./wood.png"})
    finally:
        asset_files.QUAD_UVS = before


def test_a_stage_that_fails_when_it_is_walked_through_is_told(tmp_path, monkeypatch):
    """As a damaged binary layer does, which opens all the same; what OpenUSD says may be no text."""

    class NoTextError(Tf.ErrorException):
        def __str__(self):
            raise UnicodeDecodeError("utf-8", b"\xcd", 0, 1, "invalid continuation byte")

    def fail(*_arguments, **_options):
        raise NoTextError

    monkeypatch.setattr("rgbcloud_app.assets.usd_materials.found_in", fail)
    texture(tmp_path / "wood.png")
    with pytest.raises(AssetError, match="is no USD file that can be understood: it cannot be opened"):
        opened_asset(usd(tmp_path, diffuseColor="wood.png"), tmp_path / "scratch")


def test_a_package_whose_directory_is_damaged_is_told(tmp_path, monkeypatch):
    def fail(*_arguments, **_options):
        raise EOFError

    monkeypatch.setattr("zipfile.ZipFile.extractall", fail)
    texture(tmp_path / "wood.png")
    package = usdz_asset(tmp_path / "chair.usdz", {"diffuseColor": "wood.png"}, tmp_path)
    with pytest.raises(AssetError, match=r"chair\.usdz is no \.usdz file that can be read: EOFError"):
        opened_asset(package, tmp_path / "scratch")


def test_a_file_of_a_type_that_names_none_is_no_texture(tmp_path):
    texture(tmp_path / "wood.png")
    chair = usd(tmp_path, diffuseColor="wood.png")
    chair.write_text(
        chair.read_text().replace("asset inputs:file = @wood.png@", "path inputs:file = </World>")
    )
    assert opened_asset(chair, tmp_path / "scratch").textures == ()
