"""Index maps, strips and ramps: looked up, they are the reduced texture."""

from xml.etree import ElementTree

import MaterialX as mx  # noqa: N813
import MaterialX.PyMaterialXGenGlsl as mx_glsl  # noqa: N813
import MaterialX.PyMaterialXGenShader as mx_shader  # noqa: N813
import numpy as np
import pytest
from PIL import Image
from pxr import Usd, UsdShade

from rgbcloud import Palette
from rgbcloud.palettes import encode_ramp, indices_of


def pixels(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def looked_up(folder, name):
    """Look the indices up as an engine does."""
    with Image.open(folder / f"{name}.index.png") as image:
        assert image.mode == "L"
        indices = np.asarray(image)
    return pixels(folder / f"{name.partition('.')[0]}.ramp.png")[0, indices]


@pytest.mark.parametrize("more", [(), ("--dither", "bayer"), ("--no-indexed",), ("--linear",)])
def test_the_strip_at_the_indices_is_the_reduced_texture(more, wood, tmp_path, run):
    ended = run("reduce", wood, "-k", 7, "-d", tmp_path / "out", "--export", "index+ramp", *more)
    assert ended.code == 0, ended.errors
    assert "indices: wood.index.png; ramp: wood.ramp.png, wood.ramp.cube" in ended.errors
    assert (looked_up(tmp_path / "out", "wood") == pixels(tmp_path / "out" / "wood.png")).all()
    lines = (tmp_path / "out" / "wood.ramp.cube").read_text().splitlines()
    assert lines[:2] == ['TITLE "wood"', "LUT_1D_SIZE 7"]
    table = np.array([line.split() for line in lines[2:]], float)
    strip = pixels(tmp_path / "out" / "wood.ramp.png")[0, :, :3]
    np.testing.assert_array_equal(np.rint(table * 255), strip)


def at(path, places, is_raw):
    """Look an image up at texture coordinates, (n, 2), repeated and unfiltered, as MaterialX's `image`."""
    with Image.open(path) as image:
        texels = np.asarray(image)
    assert (texels.ndim == 2) == is_raw
    height, width = texels.shape[:2]
    columns = np.floor(places[:, 0] * np.float32(width)).astype(int) % width
    return texels[height - 1 - np.floor(places[:, 1] * np.float32(height)).astype(int) % height, columns]


def evaluated(folder, node, inputs_of, category_of, places):
    """Evaluate a node of a material at texture coordinates: float32, or what is in an image."""
    given = {}
    for name, (value, plugged) in inputs_of(node).items():
        if plugged is not None:
            value = evaluated(folder, plugged, inputs_of, category_of, places)
        given[name] = value
    category = category_of(node)
    if category == "multiply":
        return np.float32(given["in1"]) * np.float32(given["in2"])
    if category == "add":
        return np.float32(given["in1"]) + np.float32(given["in2"])
    if category == "combine2":
        return np.stack(np.broadcast_arrays(np.float32(given["in1"]), np.float32(given["in2"])), axis=1)
    assert (category, given["filtertype"]) == ("image", "closest")
    found = at(folder / given["file"], given.get("texcoord", places), is_raw="texcoord" not in given)
    return found if "texcoord" in given else found.astype(np.float32) / np.float32(255)


def base_color_of_mtlx(path):
    document = mx.createDocument()
    mx.readFromXmlFile(document, str(path))
    library = mx.createDocument()
    mx.loadLibraries(mx.getDefaultDataLibraryFolders(), mx.getDefaultDataSearchPath(), library)
    document.setDataLibrary(library)
    assert document.validate() == (True, "")
    (material,) = document.getMaterialNodes()
    (surface,) = mx.getShaderNodes(material)
    color = surface.getInput("base_color").getConnectedNode()
    assert color.getInput("file").getColorSpace() == "srgb_texture"
    generator = mx_glsl.GlslShaderGenerator.create()
    context = mx_shader.GenContext(generator)
    context.registerSourceCodeSearchPath(mx.getDefaultDataSearchPath())
    assert "base_color" in generator.generate("wood", surface, context).getSourceCode("pixel")

    def inputs_of(node, _kept=(document, library)):
        return {each.getName(): (each.getValue(), each.getConnectedNode()) for each in node.getInputs()}

    return color, inputs_of, lambda node: node.getCategory()


def base_color_of_usd(path):
    stage = Usd.Stage.Open(str(path))
    material = UsdShade.Material(stage.GetDefaultPrim())
    surface, _, _ = material.ComputeSurfaceSource("mtlx")
    assert surface.GetShaderId() == "ND_standard_surface_surfaceshader"

    def plugged(given):
        source = given.GetConnectedSources()[0]
        return UsdShade.Shader(source[0].source.GetPrim()) if source else None

    def inputs_of(node, _kept=stage):
        values = {each.GetBaseName(): each.Get() for each in node.GetInputs()}
        values = {name: getattr(value, "path", value) for name, value in values.items()}
        return {each.GetBaseName(): (values[each.GetBaseName()], plugged(each)) for each in node.GetInputs()}

    color = plugged(surface.GetInput("base_color"))
    assert color.GetInput("file").GetAttr().GetColorSpace() == "srgb_texture"
    return color, inputs_of, lambda node: node.GetShaderId().split("_")[1]


@pytest.mark.parametrize("colors", [1, 2, 7, 255, 256])
@pytest.mark.parametrize("opened", [base_color_of_mtlx, base_color_of_usd])
def test_the_material_shows_the_reduced_texture(opened, colors, photo, tmp_path, run):
    Image.fromarray(photo[:48, :64]).save(tmp_path / "9 wood.png")
    ended = run(
        "reduce", tmp_path / "9 wood.png", "-k", colors, "-d", tmp_path / "o", "--export", "index+ramp"
    )
    assert ended.code == 0, ended.errors
    suffix = "mtlx" if opened is base_color_of_mtlx else "usda"
    color, inputs_of, category_of = opened(tmp_path / "o" / f"9 wood.ramp.{suffix}")
    rows, columns = np.mgrid[:48, :64]
    places = np.column_stack([(columns.ravel() + 0.5) / 64, 1 - (rows.ravel() + 0.5) / 48]).astype(np.float32)
    found = evaluated(tmp_path / "o", color, inputs_of, category_of, places)
    assert (found.reshape(48, 64, 3) == pixels(tmp_path / "o" / "9 wood.png")[..., :3]).all()


@pytest.mark.parametrize("kind", ["color", "data", "normal"])
def test_what_is_no_color_has_no_material(kind, wood, tmp_path, run):
    more = ("--kind", kind, "-d", tmp_path / "o", "--export", "index+ramp")
    assert run("reduce", wood, *more).code == 0
    for suffix in ("mtlx", "usda"):
        assert (tmp_path / "o" / f"wood.ramp.{suffix}").exists() == (kind == "color")


def test_swatches_tell_codes_and_shares(wood, tmp_path, run):
    assert run("palette", wood, "-k", 40, "--swatches", tmp_path / "all.svg").code == 0
    root = ElementTree.parse(tmp_path / "all.svg").getroot()
    fills = [each.get("fill") for each in root if each.tag.endswith("rect")]
    told = [each.text.split() for each in root if each.tag.endswith("text")]
    assert len(fills) == 40
    assert [code for code, _ in told] == fills
    assert sum(float(share[:-1]) for _, share in told) == pytest.approx(100, abs=0.3)


def test_what_is_transparent_may_have_any_index(photo, tmp_path, run):
    texels = np.dstack([photo[:40, :40], np.full((40, 40), 255, np.uint8)])
    texels[:, :20, 3] = 0
    Image.fromarray(texels).save(tmp_path / "wood.png")
    assert (
        run("reduce", tmp_path / "wood.png", "-k", 5, "-d", tmp_path / "o", "--export", "index+ramp").code
        == 0
    )
    found, wanted = looked_up(tmp_path / "o", "wood"), pixels(tmp_path / "o" / "wood.png")
    assert (found[:, 20:, :3] == wanted[:, 20:, :3]).all()


def test_a_set_has_one_ramp(photo, tmp_path, run):
    for tile, start in (("1001", 0), ("1002", 50)):
        Image.fromarray(photo[:40, start : start + 40]).save(tmp_path / f"wood.{tile}.png")
    ended = run(
        "reduce", tmp_path / "wood.<UDIM>.png", "-k", 6, "-d", tmp_path / "o", "--export", "index+ramp"
    )
    assert ended.code == 0, ended.errors
    strip = pixels(tmp_path / "o" / "wood.UDIM.ramp.png")
    for tile in ("1001", "1002"):
        indices = np.asarray(Image.open(tmp_path / "o" / f"wood.{tile}.index.png"))
        assert (strip[0, indices] == pixels(tmp_path / "o" / f"wood.{tile}.png")).all()


def test_what_is_there_stays(wood, tmp_path, fails):
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "wood.ramp.png").write_bytes(b"mine")
    assert "wood.ramp.png exists already" in fails(
        "reduce", wood, "-d", tmp_path / "o", "--export", "index+ramp", code=3
    )
    assert [file.name for file in (tmp_path / "o").iterdir()] == ["wood.ramp.png"]


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--resume"], "leave out --resume"), (["--total-bytes", "4k"], "leave out --resume and --total-bytes")],
)
def test_what_an_export_contradicts_is_refused(more, told, wood, tmp_path, fails):
    assert told in fails("reduce", wood, "-d", tmp_path / "o", "--export", "index+ramp", *more, code=2)


def test_colors_that_are_none_of_the_palette_have_no_index():
    colors = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    assert indices_of(colors[np.newaxis, ::-1], colors).tolist() == [[1, 0]]
    with pytest.raises(ValueError, match="1 texels have a colour"):
        indices_of(np.array([[[1, 2, 4]]], np.uint8), colors)


@pytest.mark.parametrize("smooth", [False, True])
def test_a_ramp_goes_from_dark_to_light(smooth, wood, tmp_path, run):
    more = ["--smooth"] if smooth else []
    assert run("palette", wood, "-k", 7, "--ramp", tmp_path / "ramp.png", *more).code == 0
    row = pixels(tmp_path / "ramp.png")[0, :, :3].astype(float)
    assert row.shape == (256, 3)
    light = row @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(light) >= -12).all()
    assert light[-1] > light[0] + 30
    changes = int((np.abs(np.diff(row, axis=0)).sum(axis=1) > 0).sum())
    assert changes > 30 if smooth else changes == 6


def test_the_widths_of_a_ramp_are_shares(tmp_path):
    palette = Palette(
        np.array([[0, 0, 0], [128, 128, 128], [255, 255, 255]], np.uint8), np.array([3, 0, 1]), 0
    )
    (tmp_path / "ramp.png").write_bytes(encode_ramp(palette))
    row = pixels(tmp_path / "ramp.png")[0, :, 0]
    assert [(row == value).sum() for value in (0, 128, 255)] == [191, 1, 64]


def test_smooth_needs_a_ramp(wood, fails):
    assert "add --ramp FILE" in fails("palette", wood, "--smooth", code=2)


def test_a_color_of_a_shot_keeps_its_row_in_48_frames(tmp_path, run):
    """Four things move over the picture and change their sizes, one of them slowly goes dark."""
    rng = np.random.default_rng(1)
    for frame in range(48):
        things = np.array([[200, 40, 40], [40, 160, 60], [230, 230, 220], [40, 60, 200 - 3 * frame]])
        shares = rng.dirichlet([4] * 4)
        labels = rng.choice(4, (24, 24), p=shares)
        texels = (things[labels] + rng.integers(-6, 7, (24, 24, 3))).clip(0, 255).astype(np.uint8)
        Image.fromarray(texels).save(tmp_path / f"sea.{frame:04}.png")
    sequence = tmp_path / "sea.####.png"
    ended = run("palette", sequence, "-k", 4, "--strip-of-frames", tmp_path / "shot.png")
    assert ended.code == 0, ended.errors
    strip = pixels(tmp_path / "shot.png")[..., :3].astype(int)
    assert strip.shape == (4, 48, 3)
    assert np.abs(np.diff(strip, axis=1)).max() <= 8
    assert len({tuple(color) for color in strip[:, 0] // 32}) == 4


def test_a_shot_has_one_number_of_colors(wood, tmp_path, fails):
    shot = tmp_path / "shot.png"
    told = fails("palette", wood, "--psnr", 30, "--strip-of-frames", shot)
    assert "leave out goal and palette" in told
    assert not shot.exists()
