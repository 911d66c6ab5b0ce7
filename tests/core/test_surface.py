"""How much surface texels stand for, and textures that are reduced by it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from deep_files import write
from PIL import Image

from rgbcloud import ImageReadError, InvalidArgumentError, Recipe, Texture, reduce, reduce_texture
from rgbcloud.surface import Surface, as_mask, coverage, load_surface, surface_mask, with_mip_levels
from rgbcloud.surface.meshes import triangulate
from rgbcloud.textures import Output

SAMPLES = 400  # along each side of a triangle


def supersampled(uvs, triangles, areas, size, tile=None):
    """Look a texture up, with a bilinear filter, at evenly spread points of a surface."""
    width, height = size
    texels = np.zeros((height, width))
    one, other = np.meshgrid(*[(np.arange(SAMPLES) + 0.5) / SAMPLES] * 2)
    is_beyond = one + other > 1
    one[is_beyond], other[is_beyond] = 1 - one[is_beyond], 1 - other[is_beyond]
    shares = np.stack([1 - one - other, one, other], axis=-1).reshape(-1, 3)
    for triangle, area in zip(triangles, areas):
        u, v = (shares @ np.asarray(uvs, float)[list(triangle)]).T
        if tile is not None:
            inside = (np.floor(u) == tile[0]) & (np.floor(v) == tile[1])
            u, v = u[inside] - tile[0], v[inside] - tile[1]
        x, y = u * width - 0.5, (1 - v) * height - 0.5
        column, row = np.floor(x).astype(int), np.floor(y).astype(int)
        for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
            weight = np.abs(1 - right - (x - column)) * np.abs(1 - down - (y - row))
            rows, columns = row + down, column + right
            if tile is None:
                rows, columns = rows % height, columns % width
            place = rows.clip(0, height - 1), columns.clip(0, width - 1)
            np.add.at(texels, place, weight * area / len(shares))
    return texels


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("tile", [None, (0, 0), (1, 0)])
def test_coverage_is_what_a_bilinear_filter_looks_up(seed, tile):
    rng = np.random.default_rng(seed)
    spread = 1 if seed < 3 else 3
    uvs = rng.random((8, 2)) * spread - (seed >= 3)
    triangles, areas = rng.permutation(8)[:6].reshape(2, 3), rng.random(2)
    found = coverage(uvs, triangles, areas, (7, 5), tile=tile)
    np.testing.assert_allclose(found, supersampled(uvs, triangles, areas, (7, 5), tile), atol=2e-3)


def quads(count, rng):
    """Return the triangles of a grid of quads whose corners have been pushed around."""
    across, up = np.meshgrid(*[np.linspace(0.05, 0.95, count + 1)] * 2)
    uvs = np.column_stack([across.ravel(), up.ravel()]) + rng.normal(0, 0.1 / count, ((count + 1) ** 2, 2))
    first = np.arange(count * (count + 1)).reshape(count, count + 1)[:, :-1].ravel()
    lower = np.column_stack([first, first + 1, first + count + 1])
    upper = np.column_stack([first + 1, first + count + 2, first + count + 1])
    return uvs, np.concatenate([lower, upper])


def test_the_sum_is_the_area_of_the_surface():
    rng = np.random.default_rng(0)
    uvs, triangles = quads(20, rng)
    areas = rng.random(len(triangles))
    assert coverage(uvs, triangles, areas, (256, 128)).sum() == pytest.approx(areas.sum(), rel=1e-12)
    repeated = coverage(uvs * 7 - 3, triangles, areas, (64, 64))
    assert repeated.sum() == pytest.approx(areas.sum(), rel=1e-12)


def test_a_quad_over_the_whole_texture_covers_all_texels_alike():
    uvs, triangles = [(0, 0), (1, 0), (1, 1), (0, 1)], [(0, 1, 2), (0, 2, 3)]
    whole = coverage(uvs, triangles, [0.5, 0.5], (16, 8), tile=(0, 0))
    np.testing.assert_allclose(whole, 1 / 128, rtol=1e-12)
    np.testing.assert_allclose(coverage(uvs, triangles, [0.5, 0.5], (16, 8)), 1 / 128, rtol=1e-12)


def test_the_order_and_turn_of_triangles_do_not_matter():
    rng = np.random.default_rng(1)
    uvs, triangles = quads(6, rng)
    areas = rng.random(len(triangles))
    order = rng.permutation(len(triangles))
    turned = np.where(rng.random((len(triangles), 1)) < 0.5, triangles[:, ::-1], triangles)
    expected = coverage(uvs, triangles, areas, (32, 32))
    np.testing.assert_allclose(coverage(uvs, turned[order], areas[order], (32, 32)), expected, atol=1e-12)


def test_overlapping_shells_add_up():
    one = coverage([(0, 0), (0.5, 0), (0, 0.5)], [(0, 1, 2)], [1], (8, 8))
    two = coverage([(0, 0), (0.5, 0), (0, 0.5)], [(0, 1, 2), (0, 1, 2)], [1, 2], (8, 8))
    np.testing.assert_allclose(two, 3 * one, rtol=1e-9)


def test_what_has_no_area_in_uv_is_passed_over():
    uvs = [(0, 0), (1, 0), (0, 1), (np.nan, 0), (0.5, 0)]
    triangles = [(0, 1, 2), (0, 1, 4), (0, 0, 0), (0, 1, 3)]
    found = coverage(uvs, triangles, [1, 5, 5, 5], (4, 4))
    assert found.sum() == pytest.approx(1)
    assert not coverage(np.empty((0, 2)), np.empty((0, 3), int), [], (4, 4)).any()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (([(0, 0)], [(0, 0)], [1]), "must be"),
        (([(0, 0)], [(0, 0, 1)], [1]), "indices of 1 uvs"),
        (([(0, 0), (1e9, 0), (0, 1e9)], [(0, 1, 2)], [1]), "span too many repetitions"),
    ],
)
def test_what_cannot_be_covered_is_refused(arguments, told):
    with pytest.raises(InvalidArgumentError, match=told):
        coverage(*arguments, (4, 4))


def test_smaller_levels_look_up_what_is_around_an_island():
    weights = np.zeros((16, 16))
    weights[4, 4] = 8.0
    spread = with_mip_levels(weights, 2)
    assert spread.sum() == pytest.approx(8)
    assert spread[4, 4] > 7
    assert (spread[4:8, 4:8] > 0).all()
    assert not spread[:4].any()


def test_a_mask_of_weights_leaves_nothing_out_that_counts():
    weights = np.concatenate([[0.0, 1e-9], np.linspace(1, 2, 98)]).reshape(10, 10)
    mask = as_mask(weights)
    assert mask.ravel()[:2].tolist() == [0, 1]
    assert mask.max() == 255


def test_polygons_are_cut_into_fans():
    faces, corners = triangulate([3, 2, 5])
    assert faces.tolist() == [0, 2, 2, 2]
    assert corners.tolist() == [[0, 1, 2], [5, 6, 7], [5, 7, 8], [5, 8, 9]]


OBJ = """v 0 0 0
v 2 0 0
v 2 3 0
v 0 3 0
vt 0.25 0
vt 0.75 0
vt 0.75 1
vt 0.25 1
f 1/1 2/2 3/3 4/4
"""
USDA = """#usda 1.0
def Xform "Chair" {
    double3 xformOp:scale = (2, 3, 1)
    uniform token[] xformOpOrder = ["xformOp:scale"]
    def Mesh "Seat" {
        point3f[] points = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
        int[] faceVertexCounts = [4]
        int[] faceVertexIndices = [0, 1, 2, 3]
        texCoord2f[] primvars:st = [(0.25, 0), (0.75, 0), (0.75, 1), (0.25, 1)] (
            interpolation = "INTERPOLATION"
        )
    }
}
"""


def mesh_file(folder, name):
    """Write a quad of 2 x 3 that wears the middle half of its texture."""
    path = folder / name
    if path.suffix == ".obj":
        path.write_text(OBJ)
    else:
        path.write_text(USDA.replace("INTERPOLATION", path.stem))
    return path


MESHES = ["quad.obj", "vertex.usda", "faceVarying.usda"]


@pytest.mark.parametrize("name", MESHES)
def test_meshes_are_read_as_they_stand_in_the_world(tmp_path, name):
    surface = load_surface(str(mesh_file(tmp_path, name)))
    assert surface.areas.tolist() == [3, 3]
    mask = surface_mask(str(tmp_path / name), (128, 32))
    assert (mask[:, 33:95] > 200).all()
    assert not mask[:, 112:].any()
    assert not mask[:, :16].any()


def test_the_far_sides_of_a_world_count_each():
    one = Surface.of_corners(np.array([[[0, 0, 0], [1, 0, 0], [0, 1, 0]]]), np.zeros((1, 3, 2)))
    both = Surface.joined([one, replace(one, areas=one.areas * 3)])
    assert both.areas.tolist() == [0.5, 1.5]
    assert both.triangles.max() < len(both.uvs)


@pytest.mark.parametrize("name", MESHES)
@pytest.mark.parametrize("depth", ["uint8", "uint16", "float32"])
def test_what_no_surface_shows_has_no_vote(tmp_path, name, depth):
    pixels = np.zeros((32, 128, 3))
    pixels[:, 40:88] = np.random.default_rng(0).choice([[1, 0, 0], [0.2, 0.2, 0.2], [0, 1, 0]], (32, 48))
    pixels[:, 112:] = np.random.default_rng(1).random((32, 16, 3))
    path = tmp_path / ("wood.exr" if depth == "float32" else "wood.png")
    whole = 1 if depth == "float32" else np.iinfo(depth).max
    write(path, (pixels * whole).astype(depth), depth.replace("float32", "float"))
    report = reduce(path, Recipe.of(colors=4, mask=str(mesh_file(tmp_path, name)))).report
    assert report.mse < 1
    assert report.file_mse > 100
    assert "of the whole file" in report.summary()
    json.loads(report.to_json())


def test_each_tile_counts_by_what_lies_in_it(tmp_path):
    for tile, color in (("1001", (200, 0, 0)), ("1002", (0, 0, 200))):
        pixels = np.full((16, 32, 3), (9, 99, 9), np.uint8)
        pixels[:, :14] = color
        Image.fromarray(pixels).save(tmp_path / f"wood.{tile}.png")
    text = OBJ.replace("vt 0.25", "vt 0").replace("vt 0.75", "vt 1.4")
    (tmp_path / "quad.obj").write_text(text)
    texture = Texture.find(tmp_path / "wood.<UDIM>.png")
    recipe = Recipe.of(colors=3, mask=str(tmp_path / "quad.obj"))
    done = reduce_texture(texture, recipe, Output(tmp_path / "out"))
    shares = dict(zip(done.palette.to_hex(), done.palette.populations))
    assert shares["#0000c8"] / shares["#c80000"] == pytest.approx(14 / 14, rel=0.2)
    assert shares["#096309"] == pytest.approx(18 * 16, rel=0.2)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.obj", None, "no such file"),
        ("broken.glb", b"nothing", "cannot be read as a mesh"),
        ("bare.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "no triangles with UVs"),
        (
            "flat.obj",
            b"v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\nvt 1 0\nf 1/1 2/2 3/2\n",
            "shows nothing of a texture: its triangles have no area in UV",
        ),
        ("broken.usda", b"nothing", "cannot be read as a stage"),
    ],
)
def test_meshes_that_say_nothing_are_told(tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    Image.new("RGB", (8, 8), "red").save(tmp_path / "wood.png")
    with pytest.raises(ImageReadError, match=told):
        reduce(tmp_path / "wood.png", Recipe.of(mask=str(tmp_path / name)))
