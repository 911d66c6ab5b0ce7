"""Smaller textures: what is left of colours, normals, labels and data, at every depth, and of all else."""

from __future__ import annotations

import numpy as np
import OpenEXR
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from fields_tried import DEPTHS, recipe_of, write_pictures
from PIL import Image
from ways import reduced_file

from rgbcloud import Image as Texels
from rgbcloud import (
    InvalidArgumentError,
    Output,
    Recipe,
    Settings,
    Texture,
    count,
    read,
    reduce,
    reduce_texture,
)
from rgbcloud.color.spaces import linear_to_srgb, srgb_to_linear
from rgbcloud.counting import resample, scaled_size
from rgbcloud.images import FORMATS, PILLOW


def smaller(texels, linear=None, **settings):
    """Return an array resampled, and in how many threads does not matter."""
    return resample(Texels.of_array(texels, PILLOW, linear=linear), Settings(**settings)).texels


def shares(old, new):
    """Return how much of each new texel each old one is along one side: (new, old)."""
    edges = np.arange(new + 1) * old / new
    return np.array(
        [
            [max(min(last, at + 1) - max(first, at), 0) / (last - first) for at in range(old)]
            for first, last in zip(edges, edges[1:])
        ]
    )


def area_means(numbers, height, width):
    down, across = shares(numbers.shape[0], height), shares(numbers.shape[1], width)
    return np.einsum("Hh,Ww,hwc->HWc", down, across, numbers)


@pytest.mark.parametrize("settings", [{"scale": "1/2"}, {"scale": "1/4"}, {"max_size": 6}])
@pytest.mark.parametrize("whole", [255, 65535])
def test_colors_are_means_of_light_by_their_opacity(rng, settings, whole):
    texels = rng.integers(0, whole + 1, (8, 12, 4), dtype=np.uint8 if whole == 255 else np.uint16)
    texels[:3, :3, 3] = 0
    texels[5, :, 3] = whole
    found = smaller(texels, kind="color", **settings)
    light, alpha = srgb_to_linear(texels[..., :3] / whole), texels[..., 3:] / whole
    height, width = found.shape[:2]
    opacity = area_means(alpha, height, width)
    with np.errstate(invalid="ignore"):
        mean = area_means(light * alpha, height, width) / opacity
    mean = np.where(opacity > 0, mean, area_means(light, height, width))
    expected = np.rint(np.dstack([linear_to_srgb(mean), opacity]) * whole)
    assert np.abs(found - expected).max() <= 1
    assert (found == expected).mean() > 0.9  # halves are rounded this way or that


@pytest.mark.parametrize("most", [5, 13, 22, 31])
def test_ramps_stay_ramps_in_sizes_that_do_not_go_into_each_other(monkeypatch, most):
    monkeypatch.setattr("rgbcloud.images.scaling._SHARE", 100)
    across, down = np.meshgrid(np.arange(48.0), np.arange(32.0))
    found = smaller(np.dstack([across, down, down]).astype(np.float32), kind="data", max_size=most)
    height, width = found.shape[:2]
    places = [(np.arange(new) + 0.5) * old / new - 0.5 for old, new in ((48, width), (32, height))]
    for channel, expected in enumerate(np.meshgrid(*places)):
        np.testing.assert_allclose(found[1:-1, 1:-1, channel], expected[1:-1, 1:-1], atol=0.05)


def test_numbers_are_means_and_a_channel_no_opacity(rng):
    texels = rng.integers(0, 256, (8, 6, 4), dtype=np.uint8)
    image = Texels.of_array(texels, PILLOW).with_alpha_as(opacity=False)
    found = resample(image, Settings(kind="data", scale="1/2")).texels
    np.testing.assert_array_equal(found, np.rint(area_means(texels.astype(float), 4, 3)))


def test_normals_are_directions_again(rng):
    vectors = rng.normal((0, 0, 2), 1, (32, 16, 3))
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    found = smaller(vectors.astype(np.float32), kind="normal", scale="1/4")
    np.testing.assert_allclose(np.linalg.norm(found, axis=2), 1, atol=1e-6)
    mean = area_means(vectors, 8, 4)
    np.testing.assert_allclose(found, mean / np.linalg.norm(mean, axis=2, keepdims=True), atol=1e-5)
    packed = np.rint((vectors + 1) / 2 * 255).astype(np.uint8)
    of_bytes = smaller(packed, kind="normal", scale="1/4") / 255 * 2 - 1
    np.testing.assert_allclose(np.linalg.norm(of_bytes, axis=2), 1, atol=0.01)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32"])
@pytest.mark.parametrize(("height", "width", "most"), [(12, 9, 3), (10, 17, 5), (8, 5, 7)])
def test_labels_are_those_that_most_texels_have(rng, dtype, height, width, most):
    labels = rng.integers(0, 4, (height, width))
    values = rng.integers(0, 200, (4, 4)).astype(dtype)
    found = smaller(values[labels], kind="labels", max_size=most)
    assert found.dtype == dtype
    rows, columns = (
        np.floor((np.arange(old) + 0.5) * new / old).astype(int)
        for old, new in zip((height, width), found.shape)
    )
    for row, column in np.ndindex(found.shape[:2]):
        inside = values[labels][rows == row][:, columns == column].reshape(-1, 4)
        votes = [(inside == value).all(axis=1).sum() for value in values]
        assert (inside == found[row, column]).all(axis=1).sum() == max(votes)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32"])
@pytest.mark.parametrize("kind", ["color", "data", "labels"])
def test_flat_parts_stay_as_they_are(dtype, kind):
    texels = np.full((31, 17, 3), 0.3, dtype) if dtype.startswith("f") else np.full((31, 17, 3), 77, dtype)
    texels[..., 1] = 0
    assert (smaller(texels, kind=kind, max_size=9) == texels[:9, :5]).all()


def test_what_is_no_number_does_not_count_beside_others():
    texels = np.full((4, 4, 3), 2, np.float32)
    texels[0, 0], texels[:2, 2:] = np.nan, np.inf
    found = smaller(texels, kind="color", scale="1/2")
    assert (found[[0, 1, 1], [0, 0, 1]] == 2).all()
    assert not np.isfinite(found[0, 1]).any()


def test_many_rows_are_as_few(rng, monkeypatch):
    texels = rng.integers(0, 256, (37, 11, 4), dtype=np.uint8)
    whole = [smaller(texels, kind=kind, max_size=17) for kind in ("color", "labels")]
    monkeypatch.setattr("rgbcloud.images.scaling._SHARE", 30)
    for kind, expected in zip(("color", "labels"), whole):
        np.testing.assert_array_equal(smaller(texels, kind=kind, max_size=17), expected)


def test_sizes():
    assert scaled_size((4096, 2048), Settings(scale="1/16")) == (256, 128)
    assert scaled_size((3, 1), Settings(scale="1/4")) == (1, 1)
    assert scaled_size((3000, 1000), Settings(max_size=2048)) == (2048, 683)
    assert scaled_size((2000, 1000), Settings(max_size=2048)) == (2000, 1000)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"max_size": 8, "scale": "1/2"}, "max_size and scale both say how large"),
        ({"scale": "1/2", "frames": "all"}, "leave out scale, or frames"),
        ({"scale": "1/3"}, "scale must be one of"),
        ({"max_size": -1}, "max_size must be an int"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(values, told):
    with pytest.raises(InvalidArgumentError, match=told):
        Settings(**values)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.mark.parametrize("depth", sorted(DEPTHS))
@pytest.mark.parametrize("alpha", ["", "-alpha"])
def test_files_of_every_depth_get_smaller(folder, tmp_path, depth, alpha):
    path = folder / f"{depth}{alpha}{DEPTHS[depth]}"
    result = reduce(
        path,
        recipe_of(folder, {"scale": "1/2", "mask": "mask-uint8.png"}),
        file_format=FORMATS[DEPTHS[depth]],
    )
    after = read(result.save(tmp_path / f"small{DEPTHS[depth]}"))
    assert after.size == (12, 12)
    report = result.report
    assert (report.size_before, report.width, report.height) == ((24, 24), 12, 12)
    assert report.memory_before == 4 * report.memory_after == 24 * 24 * 4 * after.texels.itemsize
    assert "24 x 24 -> 12 x 12" in str(report)
    opaque = 1 if depth.startswith("f") else np.iinfo(depth).max
    if alpha:
        expected = area_means(read(path).alpha[..., np.newaxis].astype(float) / opaque, 12, 12)[..., 0]
        np.testing.assert_allclose(after.alpha / opaque, expected, atol=0.5 / 255)
    assert len(
        np.unique(after.values[after.visible if alpha else ...].reshape(-1, 3), axis=0)
    ) <= 16 + 12 * bool(alpha)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("kind", ["color", "labels", "data"])
def test_alpha_in_the_file_is_that_of_the_smaller_image(folder, tmp_path, depth, kind):
    suffix = DEPTHS[depth]
    reduction = reduce(
        folder / f"{depth}-alpha{suffix}",
        Recipe(Settings(kind=kind, max_size=10)),
        file_format=FORMATS[suffix],
    )
    written = read(reduction.save(tmp_path / f"small{suffix}"))
    np.testing.assert_array_equal(written.alpha, reduction.image.alpha)


def test_sets_and_palettes_are_as_before(folder, tmp_path):
    texture = Texture.find(folder / "uint8.<UDIM>.png")
    recipe = recipe_of(folder, {"max_size": 6, "palette": "palette.png"})
    done = reduce_texture(texture, recipe, Output(tmp_path))
    for member in done.members:
        assert ".max6." in member.target.name
        after = read(member.target)
        assert after.size == (6, 6)
        assert {tuple(value) for value in after.values.reshape(-1, 3)} <= {
            tuple(value) for value in recipe.palette.values
        }
    plain = reduce(folder / "uint8.png", Recipe.of(colors=5, scale="1/2"))
    like = reduce(folder / "uint8.png", Recipe.of(colors=5, scale="1/2", like=plain.palette))
    assert like.palette.to_hex() == plain.palette.to_hex()
    assert count(folder / "uint8.png", Recipe.of(scale="1/4")).histogram.total == 36


@pytest.mark.parametrize(
    ("values", "file_format", "told"),
    [({"enlarge": 2}, "JPEG", "JPEG blurs what enlarge leaves sharp"), ({"enlarge": 64}, "PNG", "more than")],
)
def test_what_cannot_be_enlarged_is_told(monkeypatch, folder, values, file_format, told):
    monkeypatch.setattr("rgbcloud.textures.job.MAX_PIXELS", 1 << 20)
    with pytest.raises(InvalidArgumentError, match=told):
        reduce(folder / "uint8.png", Recipe.of(**values), file_format=file_format)


def test_counts_are_of_the_size_that_they_were_counted_in(folder, tmp_path):
    counts = count(folder / "uint8.png").save(tmp_path / "a.npz")
    with pytest.raises(InvalidArgumentError, match="counted already, at its size"):
        count(counts, Recipe.of(scale="1/2"))


def test_a_mask_of_another_size_is_told_by_the_files_sizes(folder, tmp_path):
    Image.new("L", (12, 12), 255).save(tmp_path / "m.png")
    with pytest.raises(InvalidArgumentError, match=r"12 x 12 pixels, .* 24 x 24"):
        reduce(folder / "uint8.png", Recipe.of(scale="1/2", mask=tmp_path / "m.png"))


def test_all_channels_and_parts_of_an_exr_get_smaller_with_it(rng, tmp_path):
    """Depth is averaged, numbers of objects are not; windows and further parts keep their proportions."""
    height, width = 16, 24
    depth = rng.random((height, width)).astype(np.float32) * 100
    numbers = np.kron(rng.integers(2**31, 2**32, (8, 12), dtype=np.uint32), np.ones((2, 2), np.uint32))
    window = np.array([[8, 4], [31, 19]], np.int32)  # both corners belong to it
    screen = {"displayWindow": tuple(np.array([[0, 0], [39, 23]], np.int32))}
    head = {**screen, "dataWindow": tuple(window)}
    light = {name: rng.random((height, width)).astype(np.float32) for name in "RGB"}
    OpenEXR.File(
        [
            OpenEXR.Part({**head, "name": "beauty"}, {**light, "Z": depth, "id": numbers}),
            OpenEXR.Part({**screen, "name": "half as large"}, {"Y": depth[::2, ::2].copy()}),
        ]
    ).write(str(tmp_path / "render.exr"))
    reduced_file(
        tmp_path / "render.exr", tmp_path / "out.exr", settings=Settings(4, scale="1/2", kind="color")
    )
    first, second = OpenEXR.File(str(tmp_path / "out.exr"), separate_channels=True).parts
    np.testing.assert_array_equal(first.header["dataWindow"], [[4, 2], [15, 9]])
    np.testing.assert_array_equal(first.header["displayWindow"], [[0, 0], [19, 11]])
    np.testing.assert_array_equal(first.channels["id"].pixels, numbers[::2, ::2])
    expected = area_means(depth[..., np.newaxis], 8, 12)[..., 0]
    np.testing.assert_allclose(first.channels["Z"].pixels, expected, rtol=1e-6)
    assert second.channels["Y"].pixels.shape == (4, 6)


def test_a_mip_mapped_texture_gets_smaller_at_every_level(rng, tmp_path):
    buffer = oiio.ImageBuf(oiio.ImageSpec(64, 32, 3, "float"))
    buffer.set_pixels(oiio.ROI(), rng.random((32, 64, 3)).astype(np.float32))
    assert oiio.ImageBufAlgo.make_texture(oiio.MakeTxTexture, buffer, str(tmp_path / "a.tx"))
    reduced_file(tmp_path / "a.tx", tmp_path / "b.tx", settings=Settings(4, max_size=16))
    levels = oiio.ImageInput.open(str(tmp_path / "b.tx"))
    sizes = []
    while levels.seek_subimage(0, len(sizes)):
        sizes.append((levels.spec().width, levels.spec().height))
    assert sizes == [(16, 8), (8, 4), (4, 2), (2, 1), (1, 1)]
