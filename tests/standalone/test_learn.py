"""``rgbcloud learn``: the page is written for an image; in a browser it does what the library does."""

from __future__ import annotations

import base64
import json
import re

import chromium
import numpy as np
import OpenImageIO as oiio  # noqa: N813 # as all of its users write it
import pytest
from PIL import Image
from ways import reduced

from rgbcloud import ColorHistogram, Palette, Settings, iterations
from rgbcloud.color import srgb8_to
from rgbcloud.images import MAX_PIXELS
from rgbcloud.progress import silent
from rgbcloud_app.learn.lesson_page import lesson_page, photograph

LIMIT = 1_500_000  # bytes
SEEDS = 20


def data_of(page):
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    return json.loads(text)


def pixels_of(page, folder):
    path = folder / "embedded.png"
    path.write_bytes(base64.b64decode(data_of(page)["png"]))
    return np.asarray(Image.open(path).convert("RGB"))


class TestWriting:
    """The command, and what it writes."""

    def test_the_page_is_named_and_made_anew_unless_told_otherwise(self, run, tmp_path, monkeypatch, icon):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "rgbcloud-learn.html").write_text("of an older release")
        ended = run("learn", icon)
        assert (ended.code, ended.errors) == (0, "")
        assert ended.output == "Open rgbcloud-learn.html\n"
        page = (tmp_path / "rgbcloud-learn.html").read_text("utf-8")
        assert page.startswith("<!DOCTYPE html>")
        assert data_of(page)["name"] == "icon.png"

    def test_another_file_is_replaced_only_if_that_is_allowed(self, run, fails, icon, tmp_path):
        target = tmp_path / "page.html"
        assert run("learn", icon, "--output", target).code == 0
        first = target.read_bytes()
        sentence = fails("learn", icon, "--output", target, code=3)
        assert sentence == f"{target} exists already; allow overwriting or choose another name"
        assert run("learn", icon, "--output", target, "--overwrite").code == 0
        assert target.read_bytes() == first

    def test_what_cannot_be_written_or_read_is_told_in_a_sentence(self, fails, icon, tmp_path):
        target = tmp_path / "page.html"
        wrong = fails("learn", icon, "--output", tmp_path / "page.png")
        assert wrong == f"cannot write {tmp_path / 'page.png'}: its name must end with one of .html"
        assert "check the path" in fails("learn", tmp_path / "absent.png", "--output", target)
        assert "raise max_pixels" in fails("learn", icon, "--output", target, "--max-pixels", 9)
        assert not target.exists()

    def test_standard_input_transparency_and_half_floats(self, run, tmp_path):
        clear = np.zeros((4, 6, 4), np.uint8)
        clear[:, 3:] = 200, 10, 30, 255
        Image.fromarray(clear).save(tmp_path / "clear.png")
        target = tmp_path / "page.html"
        ended = run("learn", "-", "--output", target, stdin=(tmp_path / "clear.png").read_bytes())
        assert ended.code == 0, ended
        shown = pixels_of(target.read_text("utf-8"), tmp_path)
        assert np.unique(shown.reshape(-1, 3), axis=0).tolist() == [[200, 10, 30], [255, 255, 255]]
        sky = oiio.ImageBuf(oiio.ImageSpec(8, 8, 3, "half"))
        sky.set_pixels(oiio.ROI(), np.linspace(0, 1, 192, dtype=np.float32).reshape(8, 8, 3))
        assert sky.write(str(tmp_path / "sky.exr"))
        assert run("learn", tmp_path / "sky.exr", "--output", target, "--overwrite").code == 0
        assert pixels_of(target.read_text("utf-8"), tmp_path).max() == 255  # as a display shows it

    def test_a_name_cannot_put_anything_into_the_page(self, run, tmp_path, icon):
        path = icon.rename(tmp_path / "<script>x<!--.png")
        target = tmp_path / "page.html"
        assert run("learn", path, "--output", target).code == 0
        page = target.read_text("utf-8")
        assert "<script>x" not in page
        assert data_of(page)["name"] == path.name

    @pytest.mark.slow
    def test_no_picture_makes_a_page_larger_than_the_limit(self, run, tmp_path):
        noise = np.random.default_rng(1).integers(0, 256, (512, 512, 3), np.uint8)  # nothing compresses less
        Image.fromarray(noise).save(tmp_path / "noise.png")
        target = tmp_path / "page.html"
        assert run("learn", tmp_path / "noise.png", "--output", target).code == 0
        assert 1_000_000 < target.stat().st_size <= LIMIT


@pytest.fixture
def icon(tmp_path):
    """A picture of 40 colours."""
    path = tmp_path / "icon.png"
    colors = np.random.default_rng(2).integers(0, 256, (40, 3), np.uint8)
    Image.fromarray(np.resize(colors, (20, 30, 3))).save(path)
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page about the photograph."""
    path = tmp_path_factory.mktemp("learn") / "learn.html"
    path.write_bytes(lesson_page(photograph(), max_pixels=MAX_PIXELS, progress=silent))
    return path


@pytest.fixture(scope="module")
def embedded(page):
    """The pixels of the picture in the page."""
    return pixels_of(page.read_text("utf-8"), page.parent)


@pytest.fixture(scope="module")
def browser():
    with chromium.Browser() as browser:
        yield browser


@pytest.fixture
def lesson(browser, page):
    """The page, just opened at the size of a desk; nothing may have failed in it afterwards."""
    browser.resize(1280, 800)
    browser.events.clear()
    browser.open(page)
    yield browser
    failures = [event for event in browser.events if event["method"] == "Runtime.exceptionThrown"]
    assert failures == []


def go_to(browser, section):
    """Go there as a learner does."""
    for _ in range(30):
        ids = browser.evaluate("[...document.querySelectorAll('section')].map((section) => section.id)")
        now = browser.evaluate("document.querySelector('section.now').id")
        if now == section:
            return
        button = "#next" if ids.index(now) < ids.index(section) else "#previous"
        browser.evaluate(f"document.querySelector('{button}').click()")
    raise AssertionError(section)


def click(browser, selector):
    browser.evaluate(f"document.querySelector('{selector}').click()")


def text_of(browser, selector):
    return browser.evaluate(f"document.querySelector('{selector}').innerText")


def levels(browser):
    """Where the centres are."""
    centers = browser.evaluate("kmeans.toLevels(lesson.session.centers)")
    return np.array(centers).reshape(-1, 3)


@chromium.needed
@pytest.mark.slow
class TestSteps:
    """k-means in the page is the library's."""

    @pytest.mark.parametrize("colors", [3, 16])
    def test_every_step_is_that_of_the_library(self, lesson, embedded, colors):
        histogram = ColorHistogram.from_array(embedded)
        paths = lesson.evaluate(
            f"""Array.from({{ length: {SEEDS} }}, (_, seed) => {{
                const {{ session }} = lesson;
                session.start(lesson.startOf({colors}, seed));
                const path = [Array.from(session.colors)];
                while (path.length < 20 && !session.isAtRest) {{
                    session.assign();
                    if (session.update()) path.push(Array.from(session.colors));
                }}
                return path;
            }})"""
        )
        assert len(paths) == SEEDS
        for seed, path in enumerate(paths):
            ours = np.array(path).reshape(len(path), colors, 3)
            theirs = [palette.colors for palette in iterations(histogram, colors, seed=seed)]
            # The library orders centres by their size at the end, the page as they were drawn.
            order = [theirs[0].tolist().index(color) for color in ours[0].tolist()]
            for step in range(max(len(theirs), len(path))):
                mine, reference = ours[min(step, len(path) - 1)], theirs[min(step, len(theirs) - 1)]
                assert np.abs(mine - reference[order].astype(int)).max() <= 1, (seed, step)

    def test_the_error_is_the_librarys_and_never_rises(self, lesson, embedded):
        histogram = ColorHistogram.from_array(embedded)
        curves = lesson.evaluate(
            """[2, 3, 5, 9, 16, 32].map((k) => Array.from({ length: 12 }, (_, i) => {
                const { session } = lesson;
                session.start(lesson.startOf(k, i * 3)); // drawn by the library, and by the page
                for (let step = 0; step < 60 && !session.isAtRest; step++) {
                    session.assign();
                    session.update();
                }
                const errors = session.curve.map(({ error }) => error);
                return { k, colors: Array.from(session.colors), errors };
            })).flat()"""
        )
        steps = 0
        for curve in curves:
            errors = np.array(curve["errors"])
            assert (np.diff(errors) <= 0).all(), curve["k"]
            steps += len(errors)
        assert steps >= 1_000
        for curve in curves[::12]:
            palette = Palette(np.array(curve["colors"], np.uint8).reshape(-1, 3)).measure_on(histogram)
            # Points stand for small cells of colours: at their borders a colour may have a nearer centre.
            assert 1 <= curve["errors"][-1] / (palette.inertia / histogram.total) < 1.03

    def test_steps_back_lead_to_the_beginning(self, lesson):
        go_to(lesson, "three")
        start = levels(lesson)
        pixels = painted(lesson)
        for _ in range(6):
            lesson.evaluate("lesson.step()")
        assert not np.array_equal(levels(lesson), start)
        assert painted(lesson) != pixels
        for _ in range(6):
            click(lesson, "[data-do=back]")
        np.testing.assert_array_equal(levels(lesson), start)
        assert painted(lesson) == pixels
        assert lesson.evaluate("lesson.session.curve.length") == 0
        click(lesson, "[data-do=back]")
        assert text_of(lesson, "#status") == "This is the beginning."

    def test_it_runs_until_it_rests(self, lesson):
        go_to(lesson, "three")
        click(lesson, "[data-do=run]")
        lesson.wait("lesson.session.isAtRest && !lesson.timer")
        assert text_of(lesson, "#status").startswith("At rest: ")
        assert lesson.evaluate("lesson.session.update()") is False

    def test_votes_are_those_of_the_weight_power(self, lesson, embedded):
        histogram = ColorHistogram.from_array(embedded)
        for power in (1, 0.5, 0):
            total = lesson.evaluate(f"kmeans.pointsOf(lesson.session.histogram, {power}).total")
            assert total == histogram.raise_counts(power).coverage.sum()

    def test_other_spaces_are_the_librarys(self, lesson):
        colors = np.random.default_rng(3).integers(0, 256, (50, 3), np.uint8)
        for space, unit in (("oklab", 1), ("cielab", 100)):
            places = lesson.evaluate(f"{colors.tolist()}.map((color) => spaces.{space}(color))")
            np.testing.assert_allclose(places, srgb8_to(space, colors), atol=1e-6 * unit)


def painted(browser):
    """A digest of the picture as it is shown."""
    return browser.evaluate(
        """(() => {
            const canvas = document.querySelector('#picture');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.reduce((digest, byte) => (Math.imul(digest, 31) + byte) | 0, 7);
        })()"""
    )


@chromium.needed
@pytest.mark.slow
class TestShowing:
    """What the sections show."""

    def test_the_ladder_begins_with_the_pixel_in_row_6_and_column_4(self, lesson, embedded):
        assert "row 6, column 4" in text_of(lesson, "#pixel")
        place = lesson.evaluate(
            "[lesson.session.picture.width, document.querySelector('#marker').style.cssText]"
        )
        assert place[0] == embedded.shape[1]
        spot = lesson.evaluate("lesson.cloud.spot")
        assert [int(text) for text in re.findall(r"\d+", text_of(lesson, "[data-bars]"))] == spot
        go_to(lesson, "point")
        divided = text_of(lesson, "[data-divided]")
        for level in spot:
            assert f"{level} / 255 = {level / 255:.2f}" in divided

    def test_files_are_the_librarys_and_what_is_in_them_adds_up(self, lesson, page, embedded):
        path = page.parent / "embedded.png"
        rows = data_of(page.read_text("utf-8"))["rows"]
        assert len(rows) == 32
        for k in (1, 3, 16, 32):
            reduction = reduced(path, Settings(k, kind="color"))
            assert rows[k - 1]["bytes"] == len(reduction.data)
            assert rows[k - 1]["error"] == reduction.report.mse
        go_to(lesson, "how-many")
        cost = "document.querySelector('[data-live=cost]').textContent"
        for k in (1, 20, 32):
            lesson.evaluate(
                f"(() => {{ const k = document.querySelector('#k'); k.value = {k}; k.oninput(); }})()"
            )
            lesson.wait(f"{cost}.startsWith('{rows[k - 1]['bytes']:,} bytes')")
            assert lesson.evaluate("lesson.session.k") == k
        assert lesson.evaluate("document.querySelectorAll('[data-chart] rect').length") == 32
        go_to(lesson, "rebuilt")
        lesson.evaluate(
            "document.querySelectorAll('#rebuilt details').forEach((part) => { part.open = true; })"
        )
        lesson.wait("document.querySelector('[data-parts]').innerText.includes('3 x 3 = 9 bytes')")
        parts = re.sub(r"3 x 3 = |bytes|,", "", text_of(lesson, "[data-parts]"))
        assert sum(int(number) for number in re.findall(r"\d+", parts)) == rows[2]["bytes"]

    def test_why_the_error_is_not_zero_is_answered_by_the_pixel_itself(self, lesson):
        go_to(lesson, "rebuilt")
        lesson.evaluate("document.querySelector('#rebuilt details').open = true")
        answer = text_of(lesson, "#rebuilt details")
        own, given = (
            np.array([int(level) for level in found.split(", ")])
            for found in re.findall(r"\d+, \d+, \d+", answer)
        )
        np.testing.assert_array_equal(own, lesson.evaluate("lesson.cloud.spot"))
        assert given.tolist() in lesson.evaluate(
            "[0, 3, 6].map((i) => Array.from(lesson.session.colors.slice(i, i + 3)))"
        )
        assert f"{np.sqrt(((own - given) ** 2).sum()):.0f} away" in answer

    def test_starts_differ_and_a_bad_one_is_bad(self, lesson):
        go_to(lesson, "starts")
        click(lesson, "#ten")
        offers = lesson.evaluate(
            "[...document.querySelectorAll('#tries button')].map((offer) => offer.innerText.trim())"
        )
        assert len(offers) == 10
        assert "best" in offers
        worst = max(range(10), key=lambda i: 0 if offers[i] == "best" else int(offers[i].strip("+ %")))
        errors = []
        for i in (offers.index("best"), worst):
            lesson.evaluate(f"document.querySelectorAll('#tries button')[{i}].click()")
            errors.append(lesson.evaluate("lesson.session.error"))
        assert errors[1] / errors[0] - 1 == pytest.approx(int(offers[worst].strip("+ %")) / 100, abs=0.006)
        assert errors[1] > 1.4 * errors[0]
        click(lesson, "#bad")
        lesson.wait("lesson.session.isAtRest && !lesson.timer")
        assert lesson.evaluate("lesson.session.error") > 1.4 * errors[0]

    def test_a_centre_that_nobody_joins_stays_until_it_is_helped(self, lesson):
        go_to(lesson, "empty")
        best = lesson.evaluate("lesson.session.error")
        click(lesson, "#strand")
        assert "has 0 pixels: K is 3, but the picture has 2 colours" in text_of(lesson, "[data-live=empty]")
        stranded = levels(lesson)[2]
        click(lesson, "[data-do=run]")
        lesson.wait("lesson.session.isAtRest && !lesson.timer")
        np.testing.assert_array_equal(levels(lesson)[2], stranded)
        assert lesson.evaluate("lesson.session.sizes[2]") == 0
        click(lesson, "#rescue")
        lesson.wait("lesson.session.isAtRest && !lesson.timer")
        assert lesson.evaluate("Math.min(...lesson.session.sizes)") > 0
        assert lesson.evaluate("lesson.session.error") < 1.2 * best

    def test_a_rare_colour_is_lost_and_saved_by_votes(self, lesson):
        original = painted_original(lesson)
        go_to(lesson, "rare")
        assert text_of(lesson, "#status").endswith("the balloon is lost.")
        lost = lesson.evaluate("document.querySelector('[data-swatch=lost]').style.background")
        k = lesson.evaluate("lesson.session.k")
        lesson.evaluate(
            "(() => { const power = document.querySelector('#power'); power.value = 2; power.onchange(); })()"
        )
        assert text_of(lesson, "#status").endswith("the balloon is kept.")
        assert lesson.evaluate("lesson.session.k") == k
        assert lesson.evaluate("document.querySelector('[data-swatch=lost]').style.background") != lost
        go_to(lesson, "how-many")
        assert painted_original(lesson) == original

    @pytest.mark.parametrize("shape", [(1, 1), (2, 3), (40, 3)])
    def test_every_section_bears_a_picture_of_few_pixels(self, lesson, run, tmp_path, shape):
        colors = np.random.default_rng(4).integers(0, 256, (*shape, 3), np.uint8)
        Image.fromarray(colors).save(tmp_path / "few.png")
        assert run("learn", tmp_path / "few.png", "--output", tmp_path / "few.html").code == 0
        lesson.open(tmp_path / "few.html")
        sections = lesson.evaluate("[...document.querySelectorAll('section')].map((part) => part.id)")
        for section in sections:
            go_to(lesson, section)
            lesson.evaluate(
                "document.querySelectorAll('section.now button').forEach((button) => button.click())"
            )
            lesson.evaluate("lesson.take(0, 0)")
            lesson.evaluate("lesson.cloud.draw()")
        assert lesson.evaluate("lesson.session.k") == min(16, shape[0] * shape[1])

    def test_what_is_pressed_is_what_is_shown(self, lesson):
        go_to(lesson, "rebuilt")
        pressed = "document.querySelector('[data-modes] [aria-pressed=true]').dataset.name"
        assert lesson.evaluate(f"[{pressed}, lesson.mode]") == ["rebuilt", "rebuilt"]
        rebuilt = painted(lesson)
        click(lesson, "[data-name=original]")
        assert lesson.evaluate(f"[{pressed}, lesson.mode]") == ["original", "original"]
        assert painted(lesson) != rebuilt

    def test_one_scrolls_from_section_to_section(self, lesson):
        for section in ("three", "sixteen", "pixel"):
            lesson.evaluate(f"document.querySelector('#{section} h2').scrollIntoView({{ block: 'start' }})")
            lesson.wait(f"lesson.section === '{section}'")
            assert lesson.evaluate("document.querySelector('section.now').id") == section

    def test_the_cloud_morphs_and_keeps_its_points(self, lesson):
        go_to(lesson, "rooms")
        before = lesson.evaluate("Array.from(lesson.cloud.at.slice(0, 30))")
        click(lesson, "[data-name=oklab]")
        after = lesson.evaluate("Array.from(lesson.cloud.at.slice(0, 30))")
        assert not np.allclose(before, after, atol=0.01)
        assert lesson.evaluate("lesson.cloud.at.length") == lesson.evaluate("3 * lesson.cloud.count")
        go_to(lesson, "yours")
        np.testing.assert_allclose(lesson.evaluate("Array.from(lesson.cloud.at.slice(0, 30))"), before)


def painted_original(browser):
    return browser.evaluate(
        "lesson.session.picture.pixels.reduce((digest, byte) => (Math.imul(digest, 31) + byte) | 0, 7)"
    )


@chromium.needed
@pytest.mark.slow
class TestByHand:
    """Mouse, files, keyboard."""

    def test_a_click_on_the_picture_makes_its_pixel_a_centre(self, lesson, embedded):
        go_to(lesson, "hands")
        box = lesson.evaluate(
            "(({ x, y, width }) => [x, y, width])(document.querySelector('#picture').getBoundingClientRect())"
        )
        row, column = 200, 300
        scale = box[2] / embedded.shape[1]
        lesson.click(box[0] + (column + 0.5) * scale, box[1] + (row + 0.5) * scale)
        pixel = lesson.evaluate("lesson.cloud.spot && document.querySelector('#marker').style.cssText")
        across, down = (float(part) / 100 for part in re.findall(r"([\d.]+)%", pixel))
        found = int(down * embedded.shape[0]), int(across * embedded.shape[1])
        assert np.abs(np.subtract(found, (row, column))).max() <= 1  # the picture is shown smaller than it is
        np.testing.assert_array_equal(levels(lesson)[0], embedded[found])
        assert lesson.evaluate("lesson.selected") == 1
        assert "moved by hand" in text_of(lesson, "#status")

    def test_a_centre_is_dragged_through_the_cloud(self, lesson):
        go_to(lesson, "hands")
        lesson.evaluate("new Promise(requestAnimationFrame)")
        before, pixels = levels(lesson), painted(lesson)
        place = lesson.evaluate(
            """(() => {
                const { cloud } = lesson;
                const box = cloud.canvas.getBoundingClientRect();
                const [x, y] = cloud.onScreen(cloud.placeOf(cloud.centers[1].levels));
                return [box.x + x / cloud.scale, box.y + y / cloud.scale];
            })()"""
        )
        lesson.mouse("Moved", *place)
        lesson.mouse("Pressed", *place)
        for step in range(1, 6):
            lesson.mouse("Moved", place[0] + 8 * step, place[1] - 10 * step)
        lesson.mouse("Released", place[0] + 40, place[1] - 50)
        after = levels(lesson)
        assert np.flatnonzero((after != before).any(axis=1)).tolist() == [1]
        assert after[1, 2] > before[1, 2] + 20  # up is blue
        assert painted(lesson) != pixels
        click(lesson, "[data-do=back]")
        np.testing.assert_array_equal(levels(lesson), before)
        assert painted(lesson) == pixels

    def test_a_picture_is_repainted_in_little_more_time_than_its_pixels_take_to_label(self, lesson):
        """512 x 512 pixels, K = 16, timed in turn: what else the machine does slows both down."""
        repainting, labelling = lesson.evaluate(
            """(() => {
                const [side, pixels] = [512, new Uint8ClampedArray(4 * 512 * 512)];
                for (let i = 0; i < pixels.length; i++) {
                    const wave = 100 + 100 * Math.sin(i * 1e-4 * (1 + (i % 4)));
                    pixels[i] = i % 4 === 3 ? 255 : wave + ((i * 7919) % 41);
                }
                lesson.section = 'hands';
                lesson.open({ name: 'waves', width: side, height: side, pixels }, null);
                lesson.showBest(16);
                const labels = new Uint8Array(side * side);
                const label = (centers) => {
                    for (let i = 0; i < labels.length; i++) {
                        let best = 0;
                        let least = Infinity;
                        for (let c = 0; c < centers.length; c += 3) {
                            const x = 8 * pixels[4 * i] - centers[c];
                            const y = 8 * pixels[4 * i + 1] - centers[c + 1];
                            const z = 8 * pixels[4 * i + 2] - centers[c + 2];
                            const distance = x * x + y * y + z * z;
                            if (distance < least) {
                                least = distance;
                                best = c;
                            }
                        }
                        labels[i] = best / 3;
                    }
                };
                const timed = (work) => {
                    const begin = performance.now();
                    work();
                    return performance.now() - begin;
                };
                const times = Array.from({ length: 5 }, (_, i) => [
                    timed(() => {
                        lesson.moveCenter(i, kmeans.toSteps([10 * i, 200 - 9 * i, 15 * i]));
                        lesson.cloud.draw();
                    }),
                    timed(() => label(lesson.session.basis)),
                ]);
                return [0, 1].map((which) => Math.min(...times.map((pair) => pair[which])));
            })()"""
        )
        assert lesson.evaluate("[lesson.session.k, lesson.session.pixelLabels.length]") == [16, 512 * 512]
        assert repainting < 4 * labelling

    def test_a_picture_that_is_dropped_is_shown_and_no_request_leaves(self, lesson, photo, tmp_path, page):
        path = tmp_path / "own.png"
        Image.fromarray(photo).save(path)
        go_to(lesson, "yours")
        drop = """(async () => {{
            const transfer = new DataTransfer();
            const bytes = Uint8Array.from(atob('{}'), (letter) => letter.charCodeAt(0));
            transfer.items.add(new File([bytes], '{}'));
            window.dispatchEvent(new DragEvent('drop', {{ dataTransfer: transfer, cancelable: true }}));
        }})()"""
        lesson.evaluate(drop.format(base64.b64encode(path.read_bytes()).decode(), "own.png"))
        lesson.wait("lesson.session.picture.name === 'own.png'")
        pixels = np.array(lesson.evaluate("Array.from(lesson.session.picture.pixels)")).reshape(
            *photo.shape[:2], 4
        )
        np.testing.assert_array_equal(pixels[..., :3], photo)
        for section in lesson.evaluate("[...document.querySelectorAll('section')].map((part) => part.id)"):
            go_to(lesson, section)
        go_to(lesson, "sixteen")
        lesson.wait("document.querySelector('[data-costs]').innerText.includes('K = 16')")
        lesson.evaluate(drop.format(base64.b64encode(b"no picture").decode(), "notes.txt"))
        lesson.wait("document.querySelector('#status').innerText.startsWith('notes.txt is not a picture')")
        assert lesson.evaluate("lesson.session.picture.name") == "own.png"
        requests = [
            event["params"]["request"]["url"]
            for event in lesson.events
            if event["method"] == "Network.requestWillBeSent"
        ]
        assert [url for url in requests if not url.startswith(("data:", "blob:"))] == [page.as_uri()]

    def test_it_could_not_send_anything_if_it_tried(self, lesson, page):
        refused = lesson.evaluate(
            """(async () => {
                const found = [];
                addEventListener('securitypolicyviolation', (event) => found.push(event.effectiveDirective));
                await fetch('https://127.0.0.1:9/').catch(() => {});
                document.body.append(Object.assign(new Image(), { src: 'https://127.0.0.1:9/x.png' }));
                const script = document.createElement('script');
                script.textContent = 'window.foreign = 1';
                document.body.append(script);
                await new Promise((done) => setTimeout(done, 100));
                return [...found.sort(), typeof window.foreign];
            })()"""
        )
        assert refused == ["connect-src", "img-src", "script-src-elem", "undefined"]
        text = page.read_text("utf-8")
        assert page.stat().st_size <= LIMIT
        assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", text)


def tab_to(browser, selector):
    """Press Tab until something has the focus."""
    for _ in range(150):
        if browser.evaluate(f"Boolean(document.activeElement?.matches('{selector}'))"):
            return
        browser.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


@chromium.needed
@pytest.mark.slow
class TestForEverybody:
    """Keyboard, less motion, phone."""

    def test_the_keyboard_alone_is_enough(self, lesson):
        lesson.press("Tab")
        tab_to(lesson, "#cloud")
        row = lesson.evaluate("Number(document.querySelector('[data-live=row]').textContent)")
        lesson.press("ArrowDown")
        assert lesson.evaluate("Number(document.querySelector('[data-live=row]').textContent)") == row + 1
        tab_to(lesson, "#next")
        for _ in range(3):
            lesson.press("Enter")
        assert lesson.evaluate("document.querySelector('section.now').id") == "three"
        assert text_of(lesson, "#where").startswith("4 of 13")
        tab_to(lesson, "#three [data-do=assign]")
        lesson.press("Enter")
        tab_to(lesson, "#three [data-do=update]")
        lesson.press(" ")
        assert lesson.evaluate("lesson.session.curve.map(({ kind }) => kind)") == ["assign", "update"]
        tab_to(lesson, "#three [data-do=run]")
        lesson.press("Enter")
        lesson.wait("lesson.session.isAtRest && !lesson.timer")
        tab_to(lesson, "#cloud")
        yaw = lesson.evaluate("lesson.cloud.camera.yaw")
        lesson.press("ArrowLeft")
        assert lesson.evaluate("lesson.cloud.camera.yaw") != yaw
        tab_to(lesson, ".tools [data-do=back]")
        lesson.press("Enter")
        assert text_of(lesson, "#status") == "One step back."
        tab_to(lesson, "#picture")
        lesson.press("ArrowRight", shift=True)
        lesson.press("Enter")
        np.testing.assert_array_equal(levels(lesson)[0], lesson.evaluate("lesson.cloud.spot"))
        tab_to(lesson, "#palette input")
        lesson.press("ArrowRight")
        assert lesson.evaluate("lesson.selected") == 2
        tab_to(lesson, "#next")
        lesson.press("Enter")
        tab_to(lesson, "#rebuilt summary")
        lesson.press("Enter")
        assert lesson.evaluate("document.querySelector('#rebuilt details').open")
        tab_to(lesson, "#rebuilt [data-name=difference]")
        before = painted(lesson)
        lesson.press("Enter")
        assert painted(lesson) != before

        def go_on(times, control):
            tab_to(lesson, "#next")
            for _ in range(times):
                lesson.press("Enter")
            tab_to(lesson, control)

        go_on(2, "[data-sliders] input.green")
        green = levels(lesson)[0, 1]
        lesson.press("ArrowRight")
        assert levels(lesson)[0, 1] == green + 1
        go_on(1, "#ten")
        lesson.press("Enter")
        tab_to(lesson, "#tries button:last-child")
        lesson.press("Enter")
        assert text_of(lesson, "#status").startswith("Start 10 came to rest")
        go_on(1, "#strand")
        lesson.press("Enter")
        tab_to(lesson, "#rescue")
        go_on(1, "#power")
        lesson.press("ArrowLeft")
        lesson.press("ArrowLeft")
        assert text_of(lesson, "#status").endswith("the balloon is kept.")
        go_on(1, "#k")
        lesson.press("ArrowLeft")
        assert lesson.evaluate("lesson.session.k") == 15
        go_on(1, "[data-name=cielab]")
        lesson.press("Enter")
        assert lesson.evaluate("lesson.cloud.space") == "cielab"
        go_on(1, "#file")
        assert lesson.evaluate("document.querySelector('section.now').id") == "yours"

    def test_every_control_has_a_name(self, lesson):
        nodes = lesson.call("Accessibility.getFullAXTree")["nodes"]
        roles = ("button", "slider", "radio", "application", "radiogroup")
        controls = [node for node in nodes if node["role"]["value"] in roles and not node["ignored"]]
        assert len(controls) > 20
        nameless = [node for node in controls if not node["name"]["value"]]
        assert nameless == []

    def test_less_motion_is_heeded(self, lesson, page):
        click(lesson, "#next")
        click(lesson, "#next")
        assert lesson.evaluate("lesson.cloud.flight") == 1
        with chromium.Browser(reduced_motion=False) as moving:
            moving.open(page)
            click(moving, "#next")
            click(moving, "#next")
            assert moving.evaluate("lesson.cloud.flight") < 1
            moving.wait("lesson.cloud.flight === 1")

    def test_it_reads_well_on_a_phone(self, lesson):
        lesson.resize(390, 844, phone=True)
        for section in ("pixel", "three", "rebuilt", "starts", "how-many", "yours"):
            go_to(lesson, section)
            assert lesson.evaluate("document.scrollingElement.scrollWidth") <= 390, section
            stage, top, bar = lesson.evaluate(
                f"""[document.querySelector('#stage').getBoundingClientRect().bottom,
                document.querySelector('#{section} h2').getBoundingClientRect().top,
                document.querySelector('#pager').getBoundingClientRect().top]"""
            )
            assert stage <= top < bar - 100, section  # the heading can be read, and something below it
            assert bar - stage > 844 * 0.4
        sizes = lesson.evaluate(
            """[...document.querySelectorAll('main p, main li')]
            .filter((part) => part.innerText && !part.matches('.credit, .chart p'))
            .map((part) => parseFloat(getComputedStyle(part).fontSize))"""
        )
        assert min(sizes) >= 16
        heights = lesson.evaluate(
            "[...document.querySelectorAll('button')].map((button) => button.offsetHeight).filter(Boolean)"
        )
        assert min(heights) >= 34
