from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_sample_image

PICTURES = Path(__file__).parents[2] / "standalone" / "docs"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The demo's folder and what it printed, made once for all tests here, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo") / "shown"
    done = subprocess.run(
        [sys.executable, "-m", "rgbcloud_app", "demo", "--output", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder, done.stdout


def colors_of(path):
    return np.unique(np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3), axis=0)


def test_the_folder_holds_what_the_page_shows(made):
    folder, output = made
    assert output.endswith(f"Open {folder / 'index.html'}\n")
    page = (folder / "index.html").read_text("utf-8")
    linked = set(re.findall(r'(?:src|href)="([^"]+)"', page))
    assert linked | {"index.html"} == {path.name for path in folder.iterdir()}
    assert "CC BY 2.0" in page


def test_the_results_are_rebuilt_from_as_many_colours(made):
    folder, _ = made
    source = np.asarray(Image.open(folder / "source.jpg"))
    np.testing.assert_array_equal(source, load_sample_image("china.jpg"))
    for colors in (3, 16):
        assert len(colors_of(folder / f"reduced-{colors}.png")) == colors


def test_the_table_tells_what_is_in_the_folder(made):
    folder, output = made
    source = np.asarray(Image.open(folder / "source.jpg"), float)
    rows = {row[0]: row[1:] for row in (line.split() for line in output.splitlines()) if row}
    page = (folder / "index.html").read_text("utf-8")
    assert rows["china.jpg"] == [
        f"{len(colors_of(folder / 'source.jpg')):,}",
        f"{(folder / 'source.jpg').stat().st_size:,}",
        "100%",
    ]
    for colors in (3, 16):
        path = folder / f"reduced-{colors}.png"
        reduced = np.asarray(Image.open(path).convert("RGB"), float)
        mse = ((source - reduced) ** 2).sum(axis=2).mean()
        assert rows[path.name][:2] == [str(colors), f"{path.stat().st_size:,}"]
        assert rows[path.name][3:6] == [f"{mse:.1f}", f"{10 * np.log10(3 * 255**2 / mse):.1f}", "dB"]
        assert f"<td>{mse:.1f}</td>" in page


def test_the_clouds_show_three_clusters_and_all_colours(made):
    folder, _ = made
    palette = {tuple(color) for color in colors_of(folder / "reduced-3.png")}
    one, other = (
        np.asarray(Image.open(folder / name).convert("RGB")) for name in ("cloud.png", "cloud-3-clusters.png")
    )
    assert one.shape == other.shape == (640, 640, 3)
    shown = {tuple(color) for color in np.unique(other.reshape(-1, 3), axis=0)}
    assert palette <= shown
    drawn = (one != other).any(axis=2)
    assert 0.05 < drawn.mean() < 0.5


def test_it_is_the_same_on_every_run_and_replaces_its_own_folder(made, run, tmp_path, monkeypatch):
    folder, output = made
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rgbcloud-demo").mkdir()
    (tmp_path / "rgbcloud-demo" / "index.html").write_text("of an older release")
    again = run("demo")
    assert again.output.splitlines()[:-1] == output.splitlines()[:-1]
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "rgbcloud-demo" / path.name).read_bytes(), path.name


def test_it_replaces_no_other_folder_unless_told_to(fails, made):
    folder, _ = made
    sentence = fails("demo", "--output", folder, code=3)
    assert sentence == f"{folder / 'index.html'} exists already; allow overwriting or choose another name"


@pytest.mark.parametrize("name", ["cloud.png", "cloud-3-clusters.png", "reduced-16.png", "reduced-3.png"])
def test_the_pictures_of_the_readme_are_those_of_the_demo(made, name):
    folder, _ = made
    shown, kept = (np.asarray(Image.open(path / name).convert("RGB"), float) for path in (folder, PICTURES))
    # Releases of matplotlib, and later ones of ours, may differ a little.
    assert np.abs(shown - kept).mean() < 4
