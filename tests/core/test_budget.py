"""One budget for many textures."""

import itertools

import numpy as np
import pytest
from PIL import Image

from rgbcloud import ColorHistogram, InvalidArgumentError, Palette, Recipe, Texture
from rgbcloud.budget import (
    KS,
    Budget,
    Curve,
    MemoryBudget,
    bytes_of,
    check_recipe,
    curve_of,
    divide,
    divide_among_fewest,
    gain_of_more,
    measure_scales,
)


def bent(rng):
    """Return a curve whose error falls, and whose bytes rise, in steps of all sizes."""
    errors = np.cumsum(rng.exponential(1 / KS)[::-1])[::-1] * rng.uniform(10, 1000)
    return Curve(errors, np.cumsum(rng.uniform(1, 9, len(KS))) + 100)


@pytest.mark.parametrize("seed", range(12))
def test_the_error_is_about_the_least_that_any_division_has(seed):
    rng = np.random.default_rng(seed)
    curves = [bent(rng) for _ in range(2)]
    total = rng.uniform(300, 2400)
    colors = divide(curves, total)
    sizes = sum(curve.sizes[number - 2] for curve, number in zip(curves, colors))
    assert sizes <= total
    fits = curves[0].sizes[:, np.newaxis] + curves[1].sizes <= total
    errors = curves[0].errors[:, np.newaxis] + curves[1].errors
    found = sum(curve.errors[number - 2] for curve, number in zip(curves, colors))
    assert found <= 1.02 * errors[fits].min()


def test_the_seen_gets_more_than_the_unseen():
    curve = Curve(1000.0 / KS, 100.0 * KS)
    seen = Curve(curve.errors * 50, curve.sizes)
    first, second = divide([seen, curve], 5000)
    assert first > 3 * second


@pytest.mark.parametrize("total", [10, 500, 3000, 1e9])
def test_a_division_is_changed_no_more_than_it_must(total):
    rng = np.random.default_rng(0)
    curves = [bent(rng) for _ in range(5)]
    before = divide(curves, 3000)
    after = divide(curves, total, before)
    for one, other in itertools.product(zip(before, after), repeat=2):
        assert (one[1] - one[0]) * (other[1] - other[0]) >= 0
    if total == 10:
        assert after == [2] * 5


def test_more_bytes_buy_less_error():
    rng = np.random.default_rng(0)
    curves = [bent(rng) for _ in range(5)]
    colors = divide(curves, 3000)
    assert 0 < gain_of_more(curves, colors, 100) < gain_of_more(curves, colors, 1000) <= 1
    assert gain_of_more(curves, [256] * 5, 1000) == 0


def test_curves_are_about_what_files_take(photo):
    curve = curve_of(ColorHistogram.from_array(photo), photo, photo.shape[0] * photo.shape[1])
    assert (np.diff(curve.sizes) >= 0).all()
    assert (np.diff(curve.errors) <= 0).all()
    through = curve.through(16, 5000, 3.0)
    assert through.sizes[14] == pytest.approx(5000)
    assert through.errors[14] == pytest.approx(3 * photo.shape[0] * photo.shape[1])


@pytest.mark.parametrize("seed", range(3))
def test_a_budget_is_fitted_by_what_files_really_take(seed):
    """Files are a tenth larger than the model says, one texture fails: the rest fits, and little is left."""
    rng = np.random.default_rng(seed)
    budget, true = Budget(4000), {number: bent(rng) for number in range(4)}
    budget.rest = 500
    budget.curves = {number: Curve(curve.errors, curve.sizes / 1.1) for number, curve in true.items()}

    def attempt(colors, _progress):
        return {n: (true[n].sizes[k - 2], true[n].errors[k - 2]) for n, k in colors.items() if n != 1}

    budget.fit(attempt)
    assert set(budget.shares) == set(budget.colors) == {0, 2, 3}
    assert 0.98 * 4000 <= budget.spent <= 4000
    budget.names = {0: "a", 2: "bb", 3: "c"}
    assert budget.lines()[-2].endswith("of 4,000)")
    for rest, told in ((3900, "with 2 colours each the files have"), (4001, "all else takes 4,001 already")):
        budget.rest = rest
        with pytest.raises(InvalidArgumentError, match=f"4,000 bytes are too few: {told}"):
            budget.fit(attempt)


def test_what_says_a_number_of_colors_itself_is_named():
    check_recipe(Recipe.of(locked=["#ff8000"], dither="bayer"))
    for values, said in (
        ({"colors": 7}, "colors"),
        ({"psnr": 30.0}, "psnr"),
        ({"palette": Palette(np.array([(255, 128, 0), (0, 0, 0)], np.uint8))}, "palette"),
    ):
        with pytest.raises(InvalidArgumentError, match=f"leave out {said}$"):
            check_recipe(Recipe.of(**values))


def test_bytes_are_named_as_people_write_them():
    named = {"800000": 800_000, "200MB": 200_000_000, "1.5 GB": 1_500_000_000, "4k": 4000}
    assert {text: bytes_of(text) for text in named} == named
    for text in ("many", "0", "-5", "5TB"):
        with pytest.raises(InvalidArgumentError, match="no number of bytes"):
            bytes_of(text)


@pytest.mark.parametrize("part", [0.97, 1.01])
def test_one_texture_is_changed_where_that_is_enough(part):
    """... and the error of all together is that of the best change of one."""
    rng = np.random.default_rng(3)
    curves = [bent(rng) for _ in range(5)]
    before = divide(curves, 3000)
    after = divide_among_fewest(curves, 3000 * part, before)
    assert sum(one != other for one, other in zip(before, after)) == 1
    assert sum(curve.sizes[colors - 2] for curve, colors in zip(curves, after)) <= 3000 * part


@pytest.mark.parametrize("seed", range(4))
def test_the_least_bytes_for_an_error_are_those_of_any_division(seed):
    rng = np.random.default_rng(seed)
    curves = [bent(rng) for _ in range(2)]
    most = sum(float(curve.errors[60]) for curve in curves)
    colors = divide([curve.turned() for curve in curves], most)
    places = [number - 2 for number in colors]
    assert sum(curve.errors[place] for curve, place in zip(curves, places)) <= most
    fits = curves[0].errors[:, np.newaxis] + curves[1].errors <= most
    sizes = curves[0].sizes[:, np.newaxis] + curves[1].sizes
    assert sum(curve.sizes[place] for curve, place in zip(curves, places)) <= 1.02 * sizes[fits].min()


def test_what_a_scale_loses_is_what_it_does_not_have(tmp_path):
    """A chequer of single texels loses all at once, one of squares of four nothing at first."""
    rows, columns = np.mgrid[:32, :32]
    found, path = {}, tmp_path / "chequer.png"
    for wide in (1, 4):
        chequer = ((rows // wide + columns // wide) % 2 * 255).astype(np.uint8)
        Image.fromarray(chequer).save(path)
        curve = measure_scales(Texture.find(path), Recipe.of(kind="data"))
        assert curve.choices.tolist() == [16, 8, 4, 2, 1]
        assert curve.sizes.tolist() == [4 * (32 // divisor) ** 2 for divisor in (16, 8, 4, 2, 1)]
        found[wide] = curve.errors / curve.texels
    assert found[1][-1] == 0
    np.testing.assert_allclose(found[1][:-1], 3 * 127.5**2, rtol=0.01)
    assert found[4][2:].tolist() == [0, 0, 0]
    assert found[4][1] > 3 * 127**2


def test_what_no_pixel_shows_is_lost_for_nothing(tmp_path, photo):
    Image.fromarray(photo[:64, :64]).save(tmp_path / "wood.png")
    texture, recipe = Texture.find(tmp_path / "wood.png"), Recipe()
    near = measure_scales(texture, recipe, pixels=1e6).errors
    np.testing.assert_array_equal(near, measure_scales(texture, recipe).errors)
    far = measure_scales(texture, recipe, pixels=64).errors
    assert far[3] <= near[3] / 60
    assert (far <= near).all()


def test_a_budget_of_memory_fits_and_what_is_lost_is_least():
    rng = np.random.default_rng(0)
    divisors = np.array([16, 8, 4, 2, 1])
    curves = {}
    for number in range(4):
        lost = np.sort(rng.uniform(0, 1000, 5))[::-1]
        curves[number] = Curve(lost - lost[-1], 4.0 * (256 // divisors) ** 2, choices=divisors)
    whole = sum(curve.sizes[-1] for curve in curves.values())
    for total in (whole, whole * 0.6, whole / 4, whole / 256):
        budget = MemoryBudget(int(total))
        budget.curves = curves
        budget.divide()
        assert budget.spent <= total
        lost = sum(curves[n].errors[curves[n].place_of(d)] for n, d in budget.divisors.items())
        every = itertools.product(range(5), repeat=4)
        fits = [p for p in every if sum(curves[n].sizes[place] for n, place in enumerate(p)) <= total]
        assert lost <= 1.02 * min(sum(curves[n].errors[place] for n, place in enumerate(p)) for p in fits)
    budget = MemoryBudget(100)
    budget.curves = curves
    with pytest.raises(InvalidArgumentError, match="100 bytes of memory are too few: with a sixteenth"):
        budget.divide()
