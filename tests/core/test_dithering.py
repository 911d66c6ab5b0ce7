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


def by_the_book(levels, palette, picker, *, serpentine):
    """Floyd and Steinberg's method, far errors weakened, texel by texel, over one tile with its run-up."""
    run_up = rgbcloud.mapping.diffusion._RUN_UP
    padded = np.pad(levels, ((run_up, 0), (run_up, run_up), (0, 0)), mode="symmetric").astype(int)
    found = np.empty(padded.shape[:2], np.uint8)
    apart = [sorted(np.abs(palette - color).max(axis=1))[1] for color in palette]
    reach = (sorted(apart)[len(palette) // 4] + 1) // 2
    for row in range(len(padded)):
        ahead = -1 if serpentine and row % 2 else 1
        for column in range(padded.shape[1])[::ahead]:
            wanted = pack(padded[row, column].clip(0, 4095)[np.newaxis]).view(np.int16)
            index = found[row, column : column + 1]
            picker.pick(wanted, np.empty_like(wanted), index)
            error = padded[row, column].clip(0, 4095) - palette[index[0]]
            error -= (error - error.clip(-reach, reach)) >> 2
            shares = {(1, ahead): error >> 4, (1, -ahead): error * 3 >> 4, (1, 0): error * 5 >> 4}
            shares[0, ahead] = error - sum(shares.values())
            for (down, across), share in shares.items():
                if row + down < len(padded) and 0 <= column + across < padded.shape[1]:
                    padded[row + down, column + across] += share
    return found[run_up:, run_up:-run_up]


@pytest.mark.parametrize("serpentine", [False, True])
def test_errors_spread_as_floyd_and_steinberg_have_it(photo, serpentine):
    part = photo[100:116, 200:231]  # no more rows than a tile has
    palette = units(cluster(ColorHistogram.from_array(part), 6).colors)
    found = diffuse_errors(part, units, palette, SERPENTINE if serpentine else DIFFUSED)
    expected = by_the_book(units(part), palette.astype(int), Picker(palette), serpentine=serpentine)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("colors", [2, 16, 256])
def test_a_cell_has_the_colour_that_is_nearest_to_its_middle(rng, colors):
    palette = rng.integers(0, 4096, (colors, 3)).astype(np.int16)
    palette[:2] = [[0, 0, 0], [4095, 4095, 4095]]
    middles = (rng.integers(0, 128, (2000, 3)) * 32 + 16).astype(np.int16)
    wanted, found = pack(middles).view(np.int16), np.empty(2000, np.uint8)
    Picker(palette).pick(wanted, np.empty_like(wanted), found)
    squares = ((middles[:, np.newaxis].astype(np.int64) - palette) ** 2).sum(axis=2)
    others = ~(middles[:, np.newaxis] >> 5 == palette >> 5).all(axis=2).any(axis=1)  # than palette colours'
    np.testing.assert_array_equal(found[others], squares.argmin(axis=1)[others])


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


@pytest.mark.parametrize("settings", [BAYER, BLUE], ids=names)
def test_no_strength_is_no_dither(photo, settings):
    palette = cluster(ColorHistogram.from_array(photo), 16)
    weak = Settings(dither=settings.dither, dither_strength=0)
    np.testing.assert_array_equal(dithered(photo, palette, weak, SRGB), palette.remap(photo))


def test_without_strength_errors_end_where_they_are_made(photo):
    palette = cluster(ColorHistogram.from_array(photo), 16)
    found = dithered(photo, palette, Settings(dither="floyd-steinberg", dither_strength=0), SRGB)
    plain = palette.remap(photo)
    off, least = (
        np.linalg.norm(photo.astype(float) - palette.colors[indices], axis=2) for indices in (found, plain)
    )
    assert (off - least).max() < 4 * 3**0.5  # two cells of 2 levels, corner to corner
    assert (found == plain).mean() > 0.97


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
