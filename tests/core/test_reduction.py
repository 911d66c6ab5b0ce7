from __future__ import annotations

import hashlib
import io
import math

import numpy as np
import pytest
from PIL import Image
from ways import reduced, reduced_file, reduced_texture

from rgbcloud import (
    CancelledError,
    ColorHistogram,
    ImageReadError,
    ImageWriteError,
    InvalidArgumentError,
    Recipe,
    Settings,
    Texture,
    cluster,
    palette_for,
    read,
)


@pytest.fixture
def wood(tmp_path, photo):
    """A photograph as a PNG file."""
    path = tmp_path / "wood.png"
    Image.fromarray(photo).save(path)
    return path


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_file_beside_the_source_holds_the_rebuilt_texture(wood, photo):
    before = digest(wood)
    reduction = reduced_file(wood, settings=Settings(16))
    target = wood.with_name("wood.k16.png")
    assert target.read_bytes() == reduction.data
    assert digest(wood) == before
    rebuilt = np.asarray(Image.open(target).convert("RGB"))
    palette = cluster(ColorHistogram.from_array(photo), 16)
    assert reduction.palette == palette
    np.testing.assert_array_equal(rebuilt, palette.rebuild(palette.remap(photo)))


def test_the_report_says_what_a_reader_of_both_files_would_measure(wood, photo):
    reduction = reduced_file(wood, settings=Settings(16))
    report = reduction.report
    target = wood.with_name("wood.k16.png")
    rebuilt = np.asarray(Image.open(target).convert("RGB")).astype(float)
    assert report.mse == pytest.approx(((photo - rebuilt) ** 2).sum(axis=2).mean(), rel=1e-12)
    assert report.psnr == pytest.approx(10 * math.log10(255**2 / ((photo - rebuilt) ** 2).mean()))
    assert (report.bytes_before, report.bytes_after) == (wood.stat().st_size, target.stat().st_size)
    assert report.bytes_after < report.bytes_before
    assert (report.colors_before, report.colors_after) == (len(np.unique(photo.reshape(-1, 3), axis=0)), 16)
    assert (report.width, report.height) == (640, 427)
    assert 0.5 < reduction.ssim() < 1


def test_the_same_input_gives_the_same_bytes(wood, threads):
    threads(1)
    alone = reduced(wood, Settings(16, seed=3))
    threads(2)
    together = reduced(wood, Settings(16, seed=3))
    assert alone.data == together.data
    assert alone.report == together.report


def test_few_colours_come_through_exactly(tmp_path, quadrants):
    path = tmp_path / "flags.png"
    Image.fromarray(quadrants).save(path)
    reduction = reduced(path, Settings(16))
    assert reduction.report.mse == 0
    assert len(reduction.palette) == 4
    np.testing.assert_array_equal(reduction.texels, quadrants)


def test_transparent_texels_neither_vote_nor_change(rng):
    pixels = np.full((8, 8, 4), 255, np.uint8)
    pixels[:4] = [10, 20, 30, 255]
    pixels[6:] = rng.integers(0, 256, (2, 8, 4))
    pixels[6:, :, 3] = 0
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    reduction = reduced(stream, Settings(2))
    assert reduction.palette.to_hex() == ["#0a141e", "#ffffff"]
    np.testing.assert_array_equal(reduction.texels, pixels)


def test_a_result_larger_than_its_source_is_told(tmp_path, photo):
    path = tmp_path / "wood.jpg"
    Image.fromarray(photo).save(path, quality=5)
    reduction = reduced(path, Settings(256))
    assert len(reduction.data) > path.stat().st_size
    said = f"{len(reduction.data):,} instead of {path.stat().st_size:,} bytes"
    assert reduction.notes == (f"the result is larger than the source: {said}",)


def test_progress_rises_from_0_to_1(wood):
    fractions = []
    reduced(wood, Settings(4), progress=lambda fraction, _message: fractions.append(fraction))
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)


@pytest.mark.parametrize(
    "step",
    [
        "reading",
        "counting",
        "clustering",
        "refining",
        "finding",
        "compressing",
        "measuring",
        "done",
    ],
)
def test_every_step_can_be_cancelled_and_leaves_no_file(wood, step):
    def stop(_fraction, message):
        if message.startswith(step):
            raise CancelledError(message)

    with pytest.raises(CancelledError, match=step):
        reduced_texture(Texture.find(wood), Settings(8), progress=stop)
    assert [path.name for path in wood.parent.iterdir()] == ["wood.png"]


def test_the_source_is_never_the_target(wood):
    before = digest(wood)
    with pytest.raises(ImageWriteError, match=r"wood\.png is the source, which is never written to"):
        reduced_file(wood, wood, settings=Settings(4), overwrite=True)
    assert digest(wood) == before


def test_another_file_is_replaced_only_on_request(wood):
    target = wood.with_name("other.png")
    target.write_bytes(b"precious")
    with pytest.raises(ImageWriteError, match=r"other\.png exists already"):
        reduced_file(wood, target, settings=Settings(4))
    assert target.read_bytes() == b"precious"
    reduced_file(wood, target, settings=Settings(4), overwrite=True)
    assert len(read(target).texels) == 427


def test_a_target_of_unknown_format_is_refused_before_the_work(wood):
    def never(_fraction, _message):
        raise AssertionError("the work began")

    with pytest.raises(ImageWriteError, match=r"cannot write a \.xyz file"):
        reduced_texture(Texture.find(wood), Settings(4), targets=[wood.with_name("wood.xyz")], progress=never)


@pytest.mark.parametrize("colors", [0, -1, 257, 3.5, "many", True, None])
def test_an_impossible_number_of_colours(wood, colors):
    with pytest.raises(InvalidArgumentError, match=r"colors must be an int in 1\.\.256, got"):
        reduced_file(wood, wood.with_name("out.png"), settings=Settings(colors))
    assert [path.name for path in wood.parent.iterdir()] == ["wood.png"]


def test_nothing_but_transparency(tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (4, 4), (9, 9, 9, 0)).save(path)
    with pytest.raises(
        InvalidArgumentError, match=r"clear\.png: .* no texel is visible, finite and unmasked"
    ):
        reduced_file(path, settings=Settings(4, alpha="opacity"))
    assert [file.name for file in tmp_path.iterdir()] == ["clear.png"]


def test_an_unreadable_source_names_itself(tmp_path):
    with pytest.raises(ImageReadError, match=r"none\.png: no such file"):
        reduced_file(tmp_path / "none.png", settings=Settings(4))


@pytest.mark.parametrize(
    ("source", "colors", "expected"),
    [("wood.jpg", 16, "wood.k16.png"), ("a/wood.v2.tif", 3, "wood.v2.k3.png")],
)
def test_the_default_name_says_how_it_was_reduced(source, colors, expected):
    assert Texture.of_files([source]).targets(f"k{colors}")[0].name == expected


def test_several_images_share_one_palette(tmp_path, photo):
    halves = [tmp_path / "left.png", tmp_path / "right.png"]
    for path, half in zip(halves, (photo[:, :320], photo[:, 320:])):
        Image.fromarray(half).save(path)
    palette = palette_for(halves, Recipe(Settings(8)))
    assert palette == cluster(ColorHistogram.from_array(photo), 8)
    reductions = [reduced(path, Settings(8), palette=palette) for path in halves]
    assert [reduction.palette for reduction in reductions] == [palette, palette]
    rebuilt = np.hstack([reduction.texels for reduction in reductions])
    np.testing.assert_array_equal(rebuilt, palette.rebuild(palette.remap(photo)))


def test_texels_instead_of_indices_hold_the_same_picture(wood):
    indexed, plain = (reduced(wood, Settings(4, indexed=value)) for value in (True, False))
    pictures = [Image.open(io.BytesIO(reduction.data)) for reduction in (indexed, plain)]
    assert [picture.mode for picture in pictures] == ["P", "RGB"]
    np.testing.assert_array_equal(*(np.asarray(picture.convert("RGB")) for picture in pictures))


@pytest.mark.parametrize("dither", ["none", "floyd-steinberg"])
def test_recoloured_texels_keep_their_cluster_and_count_as_error(wood, dither):
    plain = reduced(wood, Settings(4, dither=dither))
    names = plain.palette.to_hex()
    pairs = [(names[2], names[0]), (names[1], "#00ff00")]
    changed = reduced(wood, Settings(4, dither=dither, recolored=pairs))
    assert changed.palette.to_hex() == [names[0], "#00ff00", names[0], names[3]]
    assert np.array_equal(changed.indices, plain.indices)
    with Image.open(io.BytesIO(changed.data)) as written:
        texels = np.asarray(written.convert("RGB"))
    assert np.array_equal(texels, changed.palette.colors[plain.indices])
    source = plain.image.values.astype(float)
    assert changed.report.mse == pytest.approx(((source - texels) ** 2).sum(axis=-1).mean())


def test_recolouring_what_is_not_in_the_palette_is_told(wood):
    with pytest.raises(InvalidArgumentError, match=r"#ff00ff, which shall become #000000, is not in the pal"):
        reduced_file(wood, settings=Settings(4, recolored=[("#ff00ff", "#000000")]))
    assert [path.name for path in wood.parent.iterdir()] == [wood.name]
