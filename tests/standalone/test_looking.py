"""The commands that look at a texture: cloud, palette, info."""

from __future__ import annotations

import base64
import csv
import io
import json
import re

import chromium
import numpy as np
import pytest
from PIL import Image, ImageCms

from rgbcloud import ColorHistogram, PointCloud, cluster
from rgbcloud_app.plots import BACKGROUND


@pytest.fixture
def histogram(photo):
    return ColorHistogram.from_array(photo)


def picture_of(path):
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.parametrize("color_by", ["source", "cluster"])
def test_a_picture_of_the_cloud(run, wood, histogram, color_by):
    target = wood.with_name("cloud.png")
    ended = run("cloud", wood, "--colors", 3, "--color-by", color_by, "--output", target)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.output == f"{wood} -> {target}: {len(histogram):,} points, 3 clusters\n"
    picture = picture_of(target)
    assert picture.shape == (1000, 1000, 3)
    assert bytes(picture[0, 0]).hex() == BACKGROUND[1:]
    colors = {tuple(color) for color in np.unique(picture.reshape(-1, 3), axis=0)}
    palette = {tuple(color) for color in cluster(histogram, 3).colors}
    assert palette <= colors or color_by == "source"
    assert len(colors) > 1_000


def test_the_axes_of_the_picture_are_red_green_and_blue(run, tmp_path):
    # Only what is drawn in the corners at (1, 0, 0), (0, 1, 0) and (0, 0, 1) may differ.
    places = {}
    for name, color in (
        ("red", (255, 0, 0)),
        ("green", (0, 255, 0)),
        ("blue", (0, 0, 255)),
        ("black", (0, 0, 0)),
    ):
        source, target = tmp_path / f"{name}.png", tmp_path / f"{name}.cloud.png"
        Image.new("RGB", (40, 40), color).save(source)
        assert run("cloud", source, "--output", target).code == 0
        rows, columns = np.nonzero((picture_of(target) == color).all(axis=2))
        places[name] = np.array([columns.mean(), rows.mean()])
    assert places["red"][0] > places["green"][0] > places["black"][0]  # to the right, and to the back
    assert abs(places["blue"][0] - places["black"][0]) < 50  # upright
    assert places["blue"][1] < places["green"][1] < places["red"][1]


def data_of(page):
    """Return what a page is told of its cloud."""
    held = r'<script type="application/json" id="data">(.*?)</script>'
    return json.loads(re.findall(held, page.read_text("utf-8"), re.S)[0])


def test_a_page_knows_every_point_and_needs_no_network(run, wood, histogram):
    target = wood.with_name("cloud.html")
    assert run("cloud", wood, "--colors", 5, "--output", target).code == 0
    page = target.read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", page)
    data = data_of(target)
    cloud = PointCloud.from_histogram(histogram, cluster(histogram, 5))
    shares = zip(cloud.palette.to_hex(), cloud.palette.shares)
    assert data["palette"] == [{"color": color, "share": f"{share:.1%}"} for color, share in shares]
    for name, dtype, values in (
        ("colors", np.uint8, cloud.colors.ravel()),
        ("weights", np.float64, cloud.weights),
        ("clusters", np.uint8, cloud.clusters),
    ):
        np.testing.assert_array_equal(np.frombuffer(base64.b64decode(data[name]), dtype), values)
    assert target.stat().st_size < 30_000 + 20 * len(cloud)


@chromium.needed
@pytest.mark.slow
def test_points_lie_in_a_page_where_the_library_puts_them(run, wood, histogram):
    target = wood.with_name("cloud.html")
    cloud = PointCloud.from_histogram(histogram)
    with chromium.Browser() as browser:
        for axes in ("srgb", "linear", "oklab", "cielab", "file"):
            assert run("cloud", wood, "--axes", axes, "--output", target, "--overwrite").code == 0
            browser.open(target)
            places = np.array(browser.evaluate("Array.from(room.at)")).reshape(-1, 3)
            for ours, theirs in zip(places.T, cloud.with_axes(axes).positions.T):
                assert np.corrcoef(ours, theirs)[0, 1] > 0.99999  # but for what fits them into the view


@chromium.needed
@pytest.mark.slow
def test_a_page_shows_its_clusters_and_turns(run, wood, tmp_path):
    target = wood.with_name("cloud.html")
    assert run("cloud", wood, "-k", 4, "--color-by", "cluster", "--output", target).code == 0
    with chromium.Browser() as browser:
        browser.open(target)
        shown = """(() => {
            room.draw();
            const { data } = room.context.getImageData(0, 0, room.width, room.height);
            const colors = new Map();
            for (let i = 0; i < data.length; i += 4) {
                const name = `#${[0, 1, 2].map((c) => data[i + c].toString(16).padStart(2, "0")).join("")}`;
                if (data[i + 3] === 255) colors.set(name, (colors.get(name) ?? 0) + 1);
            }
            return [...colors].filter(([, count]) => count > 200).map(([name]) => name);
        })()"""
        palette = browser.evaluate("data.palette.map(({ color }) => color)")
        assert set(palette) <= set(browser.evaluate(shown))
        browser.evaluate("document.querySelector('#clusters input').click()")
        assert set(palette) & set(browser.evaluate(shown)) == set(palette[1:])
        browser.evaluate("document.querySelector('#none').click()")
        assert not set(palette) & set(browser.evaluate(shown))
        browser.evaluate("document.querySelector('#all').click()")
        browser.evaluate("room.canvas.focus()")
        yaw = browser.evaluate("room.camera.yaw")
        browser.press("ArrowRight")
        assert browser.evaluate("room.camera.yaw") > yaw
        point = browser.evaluate(
            "(({ x, y }) => [x, y])(room.canvas.getBoundingClientRect())"
            ".map((edge, axis) => edge + room.onScreen(room.at.subarray(0, 3))[axis] / room.scale)"
        )
        browser.mouse("Moved", *point)
        told = browser.evaluate("document.querySelector('#status').innerText")
        assert re.match(r"#[0-9a-f]{6} \(\d+, \d+, \d+\): [\d,]+ texels, in the cluster of #", told)
        browser.resize(390, 844, phone=True)
        assert browser.evaluate("document.scrollingElement.scrollWidth") <= 390
        failures = [event for event in browser.events if event["method"] == "Runtime.exceptionThrown"]
        assert failures == []


@pytest.mark.parametrize("axes", ["srgb", "linear", "oklab", "cielab", "file"])
def test_the_axes_of_a_cloud_can_be_chosen(run, wood, histogram, axes):
    page, table = wood.with_name("cloud.html"), wood.with_name("cloud.csv")
    for target in (page, table):
        assert run("cloud", wood, "--axes", axes, "--space", "oklab", "-k", 3, "-o", target).code == 0
    assert data_of(page)["space"] == ("rgb" if axes in ("srgb", "file") else axes)  # an sRGB file's
    cloud = PointCloud.from_histogram(histogram).with_axes(axes)
    places = np.loadtxt(table, delimiter=",", skiprows=1)[:, :3]
    np.testing.assert_allclose(places, cloud.positions, atol=1e-6)


def test_a_page_is_the_same_on_every_run(run, wood):
    pages = []
    for name in ("a.html", "b.html"):
        assert run("cloud", wood, "-k", 3, "-o", wood.with_name(name), "--color-by", "cluster").code == 0
        pages.append(wood.with_name(name).read_bytes())
    assert pages[0] == pages[1]


def test_a_name_cannot_smuggle_markup_into_a_page(run, wood):
    source = wood.rename(wood.with_name("<script>alert(1).png"))
    assert run("cloud", source, "-o", wood.with_name("cloud.html")).code == 0
    assert "<script>alert" not in wood.with_name("cloud.html").read_text("utf-8")


@pytest.mark.parametrize("suffix", [".ply", ".csv"])
def test_files_hold_the_points(run, wood, histogram, suffix):
    target = wood.with_name(f"cloud{suffix}")
    ended = run("cloud", wood, "--colors", 3, "--points", 500, "--output", target, "--json")
    assert json.loads(ended.output) == {
        "sources": [str(wood)],
        "target": str(target),
        "points": 500,
        "palette": cluster(histogram, 3).to_hex(),
    }
    cloud = PointCloud.from_histogram(histogram, cluster(histogram, 3), budget=500)
    if suffix == ".csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
        assert [int(row["cluster"]) for row in rows] == cloud.clusters.tolist()
    else:
        assert b"element vertex 500\n" in target.read_bytes()


def test_a_palette_is_printed(run, wood, histogram):
    expected = cluster(histogram, 7)
    assert run("palette", wood, "-k", 7).output.split() == expected.to_hex()
    assert (
        run("palette", "-", "-k", 7, "-o", "-", stdin=wood.read_bytes()).output.split() == expected.to_hex()
    )
    told = json.loads(run("palette", wood, "-k", 7, "--json").output)
    assert told["colors"] == expected.to_hex()
    assert told["inertia"] == expected.inertia


@pytest.mark.parametrize("suffix", [".hex", ".gpl", ".json", ".png"])
def test_a_palette_is_saved(run, wood, histogram, suffix):
    target = wood.with_name(f"palette{suffix}")
    ended = run("palette", wood, "--colors", 7, "--output", target)
    assert (ended.code, ended.errors) == (0, "")
    assert ended.output == f"{wood} -> {target}: 7 colours\n"
    colors = cluster(histogram, 7).to_hex()
    if suffix == ".png":
        assert [f"#{bytes(color).hex()}" for color in picture_of(target)[0, ::32]] == colors
    else:
        assert re.findall(r"\b[0-9a-f]{6}\b", target.read_text()) == [color[1:] for color in colors]


def test_info_tells_what_less_texels_take(run, wood):
    lines = run("info", wood, "--max-size", 40).output.splitlines()
    told = "memory    76,800 -> 4,800 bytes as RGBA, 19,200 -> 1,280 as BC7; fewer colours change neither"
    assert lines[2:4] == [told, "size      160 x 120 -> 40 x 30"]
    ended = run("reduce", wood, "--max-size", 40, "--enlarge", 2, "--json")
    told = json.loads(ended.output)["report"]
    assert (told["width"], told["size_before"]) == (80, [160, 120])
    assert (told["memory_before"], told["memory_after"]) == (76_800, 80 * 60 * 4)


def test_info_tells_what_is_known(run, wood, histogram):
    ended = run("info", wood)
    assert (ended.code, ended.errors) == (0, "")
    lines = ended.output.splitlines()
    assert lines[:9] == [
        str(wood),
        f"format    PNG, {wood.stat().st_size:,} bytes",
        "memory    76,800 bytes as RGBA, 19,200 as BC7; fewer colours change neither",
        "size      160 x 120",
        "depth     uint8, no linear light",
        "space     sRGB Encoded Rec.709 (sRGB), by its type of numbers",
        f"colours   {len(histogram):,}",
        "alpha     none",
        "profile   none",
    ]
    assert [line.split()[2] for line in lines[9:]] == ["3", "7", "16", "64", "256"]


def test_info_for_machines(run, photo, tmp_path, histogram):
    path = tmp_path / "wood.png"
    with_alpha = np.dstack([photo, np.full(photo.shape[:2], 255, np.uint8)])
    with_alpha[:30, :, 3] = 0
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    Image.fromarray(with_alpha).save(path, icc_profile=profile.tobytes())
    told = json.loads(run("info", path, "--json").output)
    errors = told.pop("mse")
    assert told == {
        "source": str(path),
        "format": "PNG",
        "bytes": path.stat().st_size,
        "bytes_in_memory": 160 * 120 * 4,
        "bytes_as_blocks": 40 * 30 * 16,
        "size_before": None,
        "width": 160,
        "height": 120,
        "frames": 1,
        "colors": len(ColorHistogram.from_array(photo[30:])),
        "depth": "uint8",
        "linear": False,
        "color_space": "sRGB Encoded Rec.709 (sRGB)",
        "color_space_by": "its ICC profile",
        "kind": "color",
        "broken": 0,
        "alpha": True,
        "transparent": 0.25,
        "profile": "sRGB built-in",
    }
    exact = cluster(ColorHistogram.from_array(photo[30:]), 16)
    assert errors["16"] == pytest.approx(exact.inertia / exact.populations.sum(), rel=0.1)


CONFIG = """ocio_profile_version: 2
roles: {aces_interchange: ap0, default: ap0}
file_rules:
  - !<Rule> {name: plates, colorspace: show, pattern: "*wood*", extension: "*"}
  - !<Rule> {name: Default, colorspace: ap0}
displays: {d: [!<View> {name: v, colorspace: ap0}]}
colorspaces:
  - !<ColorSpace> {name: ap0}
  - !<ColorSpace> {name: show, to_scene_reference: !<ExponentTransform> {value: [2, 2, 2, 1]}}
"""


def test_info_tells_the_colours_that_a_reduction_takes_it_for(run, wood, monkeypatch):
    config = wood.with_name("show.ocio")
    config.write_text(CONFIG)
    told = [run("info", wood, "--color-space", "ACEScg").output, run("info", wood, "--ocio", config).output]
    monkeypatch.setenv("OCIO", str(config))
    told += [run("info", wood).output, run("reduce", wood, "--json").output]
    for text, name, by in zip(told, ("ACEScg", "show", "show"), ("the settings", *["a file rule of"] * 2)):
        assert f"space     {name}, by {by}" in text
    assert json.loads(told[3])["report"]["color_space"] == "show"
    ended = run("info", wood.rename(wood.with_name("wood_normal.png")))
    assert "taken for colours" in ended.errors
    assert "space     show" in ended.output
    assert (
        "'ACESgc' is no colour space that is known here"
        in run("info", wood, "--color-space", "ACESgc").errors
    )


def test_info_of_an_image_without_a_visible_colour(run, tmp_path):
    path = tmp_path / "clear.png"
    Image.new("RGBA", (4, 4), (9, 9, 9, 0)).save(path)
    ended = run("info", path)
    assert ended.code == 0
    assert "alpha     100.0% transparent\n" in ended.output
    assert "memory    64 bytes as RGBA, 16 as BC7; " in ended.output
    assert json.loads(run("info", "-", "--json", stdin=path.read_bytes()).output)["mse"] == {}


def test_info_of_a_profile_that_nobody_can_read(run, tmp_path):
    path = tmp_path / "wood.png"
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG", icc_profile=b"not a profile")
    path.write_bytes(stream.getvalue())
    ended = run("info", path)
    assert "profile   none\n" in ended.output
    assert "its ICC profile is damaged; it was left out" in ended.errors


def test_info_tells_of_those_that_can_be_read(run, wood, tmp_path):
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(wood.read_bytes()[:500])
    alone = run("info", wood)
    ended = run("info", tmp_path / "none.png", wood, damaged, "--curve", tmp_path / "curve.png")
    assert (ended.code, ended.output) == (1, alone.output)
    sentences = ended.errors.splitlines()
    assert len(sentences) == 2
    assert sentences[0].endswith("none.png: no such file or directory; check the path")
    assert "damaged.png is damaged or cut short" in sentences[1]
    assert not (tmp_path / "curve.png").exists()
    both = run("info", damaged, wood, wood)
    assert "all 2 files together" in both.output
    none = run("info", damaged, damaged)
    assert (none.code, none.output, len(none.errors.splitlines())) == (1, "", 2)


def test_info_of_all_frames(run, photo, tmp_path):
    frames = [Image.fromarray(photo[:24, 8 * number :][:, :16]).quantize(9) for number in range(3)]
    path = tmp_path / "fire.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=40)
    ended = run("info", path, "--frames", "all")
    assert "size      16 x 24\nframes    3, under one palette\n" in ended.output
    assert "the first one was read" not in ended.errors
    known = json.loads(run("info", path, "--frames", "all", "--json").output)
    assert (known["frames"], known["height"]) == (3, 24)
    first = run("info", path, "--json")
    assert json.loads(first.output)["colors"] < known["colors"]
    assert "of its 3 frames or pages the first one was read" in first.errors
