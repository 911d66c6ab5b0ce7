from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from ways import reduced, reduced_texture

import rgbcloud.mapping.diffusion
from rgbcloud import ColorHistogram, Palette, Settings, Texture, cluster, quantize
from rgbcloud.color.distance import DistanceSpace
from rgbcloud.counting import histogram_of
from rgbcloud.images import PILLOW
from rgbcloud.images.image import Image as Texels
from rgbcloud.mapping.diffusion import Picker, diffuse_errors, pack
from rgbcloud.mapping.dithering import dithered_colors, find_mixes
from rgbcloud.mapping.thresholds import bayer, blue_noise

DIFFUSED = Settings(dither="floyd-steinberg")
SERPENTINE = Settings(dither="floyd-steinberg", serpentine=True)
BAYER = Settings(dither="bayer")
BLUE = Settings(dither="blue-noise")
ALL = [DIFFUSED, SERPENTINE, BAYER, BLUE]
BLACK_AND_WHITE = Palette.from_hex(["#000000", "#ffffff"])
SRGB = DistanceSpace()


def names(settings):
    return settings.tag()


def dithered(pixels, palette, settings, space):
    """Dither 8-bit texels, if there is anything to be mixed."""
    image = Texels.of_array(pixels, PILLOW)
    if len(palette) == 1:
        return np.zeros(pixels.shape[:2], np.uint8)
    return dithered_colors(image, palette.colors, settings, space, histogram_of(image))


def flat(level, height=96, width=96):
    return np.full((height, width, 3), level, np.uint8)


def units(pixels):
    return pixels.astype(np.int16) * 16


def spread(picker, levels, sums):
    """Return the indices of some texels (n, 3), and what of their errors goes on, as the picker has it."""
    indices, shares = np.empty(len(levels), np.uint8), np.empty((4, len(levels) * 4), np.int16)
    spare = np.empty((2, len(levels)), np.int64)
    picker.spread(pack(sums).view(np.int16), pack(levels)[np.newaxis], indices, spare, shares)
    shares = shares.reshape(4, -1, 4)[..., :3]
    np.testing.assert_array_equal(shares, np.multiply.outer([7, 3, 5, 1], shares[3]))
    return indices, shares[3].astype(int)


def by_the_book(levels, picker, *, serpentine):
    """Floyd and Steinberg's method, texel by texel, over one tile with its run-up."""
    run_up = rgbcloud.mapping.diffusion._RUN_UP
    padded = np.pad(levels, ((run_up, 0), (run_up, run_up), (0, 0)), mode="symmetric")
    found, sums = np.empty(padded.shape[:2], np.uint8), np.zeros(padded.shape, np.int16)
    for row in range(len(padded)):
        ahead = -1 if serpentine and row % 2 else 1
        for column in range(padded.shape[1])[::ahead]:
            index, error = spread(picker, padded[row, column][np.newaxis], sums[row, column][np.newaxis])
            found[row, column] = index[0]
            shares = {(0, ahead): 7, (1, -ahead): 3, (1, 0): 5, (1, ahead): 1}
            for (down, across), sixteenths in shares.items():
                if row + down < len(padded) and 0 <= column + across < padded.shape[1]:
                    sums[row + down, column + across] += (sixteenths * error[0]).astype(np.int16)
    return found[run_up:, run_up:-run_up]


@pytest.mark.parametrize("serpentine", [False, True])
def test_errors_spread_as_floyd_and_steinberg_have_it(photo, serpentine):
    part = photo[100:116, 200:231]  # no more rows than a tile has
    palette = units(cluster(ColorHistogram.from_array(part), 6).colors)
    picker = Picker(palette)
    found = diffuse_errors(part, units, picker, serpentine=serpentine)
    expected = by_the_book(units(part), picker, serpentine=serpentine)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("colors", [2, 16, 256])
def test_a_cell_has_the_colour_that_is_nearest_to_its_middle(rng, colors):
    palette = rng.integers(0, 4096, (colors, 3)).astype(np.int16)
    palette[:2] = [[0, 0, 0], [4095, 4095, 4095]]
    middles = (rng.integers(0, 64, (2000, 3)) * 64 + 32).astype(np.int16)
    found, _ = spread(Picker(palette), middles, np.zeros_like(middles))
    squares = ((middles[:, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=2)
    others = ~(middles[:, np.newaxis] >> 6 == palette >> 6).all(axis=2).any(axis=1)  # than palette colours'
    np.testing.assert_array_equal(found[others], squares.argmin(axis=1)[others])


@pytest.mark.parametrize("passed", [np.eye(3), np.zeros((3, 3)), np.diag([1.0, 0.5, 0.25])])
def test_what_goes_on_of_an_error(rng, passed):
    """What it is in the middle of a cell, less a quarter of what is far, and all that differs within it."""
    palette = np.array([[100, 100, 100], [400, 300, 200], [4000, 0, 2000]], np.int16)
    levels = rng.integers(0, 4096, (2000, 3)).astype(np.int16)
    sums = rng.integers(-16000, 16000, (2000, 3)).astype(np.int16)
    limits = np.array([4095, 3000, 2500], np.int16)
    indices, found = spread(Picker(palette, passed, limits), levels, sums)
    wanted = np.clip(levels + (sums >> 4), 0, 4095)
    middles = wanted // 64 * 64 + 32
    error = np.minimum(middles, limits) - palette[indices].astype(int)
    error -= (error - error.clip(-150, 150)) >> 2  # half of 300, which is between the two nearest
    expected = np.rint(error @ passed).clip(-1984, 1984).astype(int) + wanted - middles
    own = (wanted // 64 == palette[indices] // 64).all(axis=1)
    expected[own] = (wanted - palette[indices])[own]
    np.testing.assert_array_equal(found, expected)
    assert np.abs(found).max() * 16 < 1 << 15


@pytest.mark.parametrize("settings", ALL, ids=names)
@pytest.mark.parametrize("level", [3, 64, 127, 200, 251])
def test_the_mean_stays(settings, level):
    pixels = flat(level, 128, 128)
    found = BLACK_AND_WHITE.rebuild(dithered(pixels, BLACK_AND_WHITE, settings, SRGB))
    assert found.mean() == pytest.approx(level, abs=1.5)
    assert set(np.unique(found)) == {0, 255}


@pytest.mark.parametrize("settings", ALL, ids=names)
def test_palette_colours_stay_as_they_are(photo, settings):
    palette = cluster(ColorHistogram.from_array(photo), 12)
    rebuilt = palette.rebuild(palette.remap(photo))
    np.testing.assert_array_equal(palette.rebuild(dithered(rebuilt, palette, settings, SRGB)), rebuilt)


@pytest.mark.parametrize("settings", ALL, ids=names)
def test_seen_from_afar_it_is_nearer_than_without(photo, settings):
    palette = cluster(ColorHistogram.from_array(photo), 32)

    def blurred(pixels):
        return np.asarray(Image.fromarray(pixels).resize((80, 53), Image.Resampling.BOX), float)

    def error(indices):
        return ((blurred(palette.rebuild(indices)) - blurred(photo)) ** 2).mean()

    assert error(dithered(photo, palette, settings, SRGB)) < 0.85 * error(palette.remap(photo))


def test_errors_spread_about_as_well_as_pillow_spreads_them(photo):
    palette = cluster(ColorHistogram.from_array(photo), 16)
    reference = Image.new("P", (1, 1))
    reference.putpalette(palette.colors.tobytes())
    theirs = Image.fromarray(photo).quantize(palette=reference, dither=Image.Dither.FLOYDSTEINBERG)

    def error(rebuilt):
        size = (160, 107)
        near, far = (
            np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX), float)
            for pixels in (rebuilt, photo)
        )
        return ((near - far) ** 2).mean()

    ours = palette.rebuild(dithered(photo, palette, DIFFUSED, SRGB))
    assert error(ours) < 1.15 * error(np.asarray(theirs.convert("RGB")))


@pytest.mark.parametrize("settings", ALL, ids=names)
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_no_strength_is_no_dither(photo, settings, depth):
    weak = Settings(8, dither=settings.dither, serpentine=settings.serpentine, dither_strength=0)
    none, plain = (quantize(photo[:64].astype(depth), chosen).indices for chosen in (weak, Settings(8)))
    np.testing.assert_array_equal(none, plain)


@pytest.mark.slow
@pytest.mark.parametrize("settings", ALL, ids=names)
def test_less_strength_is_nearer_to_each_texel(photo, settings):
    palette = cluster(ColorHistogram.from_array(photo), 8)
    errors = []
    for strength in (0.2, 0.6, 1.0):
        options = Settings(dither=settings.dither, serpentine=settings.serpentine, dither_strength=strength)
        rebuilt = palette.rebuild(dithered(photo, palette, options, SRGB))
        errors.append(((photo - rebuilt.astype(float)) ** 2).mean())
    assert errors == sorted(errors)


@pytest.mark.parametrize("settings", ALL, ids=names)
def test_transparent_texels_neither_take_nor_spread(photo, rng, settings):
    alpha = np.full(photo.shape[:2], 255, np.uint8)
    alpha[60:120, 100:300] = 0
    pixels = np.dstack([photo, alpha])
    palette = cluster(ColorHistogram.from_array(pixels), 8)
    found = dithered(pixels, palette, settings, SRGB)
    np.testing.assert_array_equal(found[alpha == 0], palette.remap(photo)[alpha == 0])
    pixels[alpha == 0, :3] = rng.integers(0, 256, (int((alpha == 0).sum()), 3))
    again = dithered(pixels, palette, settings, SRGB)
    np.testing.assert_array_equal(found[alpha > 0], again[alpha > 0])


@pytest.mark.parametrize("settings", ALL, ids=names)
def test_threads_change_nothing(photo, settings, threads):
    palette = cluster(ColorHistogram.from_array(photo), 16)
    results = []
    for count in (1, 2):
        threads(count)
        results.append(dithered(photo, palette, settings, SRGB))
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize("settings", ALL, ids=names)
@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1), (3, 2), (17, 65), (64, 64), (65, 9)])
def test_any_size_will_do(settings, shape, rng):
    pixels = rng.integers(0, 256, (*shape, 3), np.uint8)
    assert dithered(pixels, BLACK_AND_WHITE, settings, SRGB).shape == shape


def test_a_single_colour_has_nothing_to_mix(photo):
    assert not dithered(photo, Palette.from_hex(["#808080"]), DIFFUSED, SRGB).any()


@pytest.mark.parametrize("settings", [DIFFUSED, SERPENTINE], ids=names)
def test_a_flat_area_has_no_specks_of_far_colours(settings):
    """None of the near ones makes up for its error: in full, it would grow until a far one is nearer."""
    palette = Palette.from_hex(["#c8e6d2", "#c8e1d2", "#c01414"])
    found = dithered(np.full((64, 64, 3), (200, 216, 203), np.uint8), palette, settings, SRGB)
    assert set(np.unique(found)) <= {0, 1}


# --- seams ---


@pytest.mark.parametrize("settings", [BAYER, BLUE], ids=names)
def test_ordered_tiles_are_parts_of_one_whole(settings, rng):
    ramp = np.add.outer(np.arange(128), np.arange(256)) // 2
    whole = np.repeat(ramp[..., np.newaxis], 3, axis=2).astype(np.uint8)
    together = dithered(whole, BLACK_AND_WHITE, settings, SRGB)
    for rows in (slice(0, 64), slice(64, 128)):
        for columns in (slice(0, 64), slice(64, 256)):
            tile = dithered(whole[rows, columns], BLACK_AND_WHITE, settings, SRGB)
            np.testing.assert_array_equal(tile, together[rows, columns])


def edges(level, settings):
    """The mean in the outermost 8 texels on each side of a flat tile, and where tiles meet."""
    found = dithered(flat(level, 512, 1536), BLACK_AND_WHITE, settings, SRGB) * 255.0
    meet = (found[124:132], found[:, 764:772])
    return [part.mean() for part in (found[:8], found[-8:], found[:, :8], found[:, -8:], *meet)]


@pytest.mark.parametrize("settings", [DIFFUSED, SERPENTINE], ids=names)
@pytest.mark.parametrize("level", [10, 20, 90, 128, 230])
def test_a_tile_is_no_lighter_or_darker_at_its_edges(settings, level):
    """Seen together, equal tiles would show a line there, as they do where errors begin with nothing."""
    np.testing.assert_allclose(edges(level, settings), level, atol=6)


def test_without_a_run_up_edges_would_show(monkeypatch):
    def first_rows():
        return dithered(flat(10, 64, 512), BLACK_AND_WHITE, DIFFUSED, SRGB)[:4].mean() * 255

    assert first_rows() == pytest.approx(10, abs=4)
    monkeypatch.setattr(rgbcloud.mapping.diffusion, "_RUN_UP", 1)
    assert first_rows() == 0


def test_a_set_is_dithered_tile_by_tile(tmp_path, photo):
    for tile, part in (("1001", photo[:256, :256]), ("1002", photo[:256, 256:512])):
        Image.fromarray(part).save(tmp_path / f"wood.{tile}.png")
    texture = Texture.find(tmp_path / "wood.<UDIM>.png")
    reduction = reduced_texture(texture, Settings(8, dither="blue-noise"))
    errors, whole = [], photo[:256, :512]
    for member, part in zip(reduction.members, (whole[:, :256], whole[:, 256:])):
        rebuilt = np.asarray(Image.open(member.target).convert("RGB"), float)
        errors.append(((rebuilt - part) ** 2).sum(axis=2).mean())
        assert member.report.mse == pytest.approx(errors[-1])
    assert reduction.mse == pytest.approx(np.mean(errors))


# --- spaces, kinds, reports ---


@pytest.mark.parametrize("settings", ALL, ids=names)
def test_in_linear_light_the_light_stays(settings):
    pixels = flat(188, 128, 128)  # half of the light
    found = dithered(pixels, BLACK_AND_WHITE, settings, DistanceSpace("linear"))
    assert found.mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("settings", ALL, ids=names)
@pytest.mark.parametrize("space", ["srgb", "oklab"])
def test_the_report_is_about_the_dithered_texels(tmp_path, photo, settings, space):
    path = tmp_path / "wood.png"
    pixels = np.dstack([photo, np.where(photo[..., 1] > 60, 255, 0).astype(np.uint8)])
    Image.fromarray(pixels).save(path)
    options = Settings(8, space=space, dither=settings.dither, serpentine=settings.serpentine)
    reduction = reduced(path, options)
    visible = pixels[..., 3] > 0
    error = (photo[visible] - reduction.texels[visible, :3].astype(float)) ** 2
    assert reduction.report.mse == pytest.approx(error.sum(axis=1).mean())
    plain = reduced(path, Settings(8, space=space))
    assert reduction.palette == plain.palette
    assert reduction.report.mse > plain.report.mse
    assert reduction.report.delta_e > plain.report.delta_e


def test_labels_are_never_dithered(tmp_path, photo):
    path = tmp_path / "hero_id.png"
    Image.fromarray(photo & 0x80).save(path)
    plain, asked = (reduced(path, Settings(4, dither=name)) for name in ("none", "bayer"))
    np.testing.assert_array_equal(plain.indices, asked.indices)


# --- matrices and mixes ---


def test_bayers_matrix():
    np.testing.assert_array_equal(
        bayer()[:2] // 4,
        [[0, 32, 8, 40, 2, 34, 10, 42], [48, 16, 56, 24, 50, 18, 58, 26]],
    )
    assert sorted(bayer().ravel() // 4) == list(range(64))


def test_blue_noise_holds_every_threshold_equally_often():
    assert (np.bincount(blue_noise().ravel(), minlength=256) == 16).all()


def test_blue_noise_is_blue():
    """Little energy at low frequencies, at every threshold; white noise has as much there as anywhere."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
    low, high = (frequency > 0) & (frequency < 0.12), frequency > 0.35
    for threshold in (32, 128, 224):
        dots = blue_noise() < threshold
        power = np.abs(np.fft.fft2(dots - dots.mean())) ** 2
        assert power[low].mean() < 0.1 * power[high].mean()


def test_a_mix_is_of_the_nearest_pair():
    levels = np.array([0, 64, 128, 255], float)
    palette = np.repeat(levels[:, np.newaxis], 3, axis=1)
    mixes = find_mixes(np.array([[80.0, 80, 80], [128, 128, 128], [300, 300, 300]]), palette, 1.0)
    assert (mixes.lower.tolist(), mixes.higher.tolist()) == ([1, 2, 3], [2, 2, 3])
    assert mixes.share[0] == 64  # a quarter of the way


@pytest.mark.parametrize("dither", ["floyd-steinberg", "bayer", "blue-noise"])
def test_one_colour_and_a_palette_of_nothing_else_are_no_division_by_zero(dither):
    texels = np.full((2, 3, 3), 7, np.uint8)
    palette = Palette(texels[0, :2])
    assert np.array_equal(
        palette.rebuild(quantize(texels, Settings(dither=dither), palette=palette).indices), texels
    )
