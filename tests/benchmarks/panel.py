"""How quickly the panel answers a hand.

``QT_QPA_PLATFORM=offscreen python tests/benchmarks/panel.py``

On a 4096 x 4096 photograph with grain it moves the slider of colours over all of its places and says how
long each move took until its preview was on screen; then it turns a cloud of 100,000 points and says how long
frames took. On a machine that does other things as well, the work says more than the time that passed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from Qt import QtCore, QtWidgets
from sklearn.datasets import load_sample_image

from rgbcloud_app.desktop.files_host import FilesHost
from rgbcloud_app.desktop.window import Window
from rgbcloud_panel.views.splatting import Camera

SIDE = 4096


def texture(folder: Path) -> Path:
    photo = Image.fromarray(load_sample_image("china.jpg")).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    grain = np.random.default_rng(0).integers(-6, 7, (SIDE, SIDE, 3))
    path = folder / "china4k.png"
    Image.fromarray((np.asarray(photo) + grain).clip(0, 255).astype(np.uint8)).save(path, compress_level=1)
    return path


def wait(app: QtWidgets.QApplication, condition) -> float:
    start = time.perf_counter()
    while not condition():
        app.processEvents()
        time.sleep(0.002)
    return time.perf_counter() - start


def main() -> None:
    app = QtWidgets.QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = QtCore.QSettings(str(folder / "memory.ini"), QtCore.QSettings.Format.IniFormat)
        window = Window(FilesHost(memory))
        window.show()
        session = window.panel.session
        session.open([texture(folder)])
        print(f"picture   {wait(app, lambda: session.state.picture is not None):.2f} s until it is shown")
        print(f"preview   {wait(app, lambda: session.state.rebuilt is not None):.2f} s more until the first")
        print(f"exact     {wait(app, lambda: session.state.exact is not None):.2f} s more")
        wait(app, lambda: session.progress is None)
        measure_slider(app, window)
        measure_cloud(app, window)
        window.close()


def measure_slider(app: QtWidgets.QApplication, window: Window) -> None:
    session, slider = window.panel.session, window.panel.controls.controls["colors"].slider
    times, used = [], []
    for place in range(slider.maximum(), -1, -1):
        start = time.process_time()
        slider.setValue(place)
        colors = session.settings.colors
        times.append(wait(app, lambda: session.state.rebuilt and len(session.palette) == colors))  # noqa: B023
        window.panel.picture.repaint()
        used.append(time.process_time() - start)
    report("slider, until the preview is there", times[1:])
    report("slider, work of all threads", used[1:])


def measure_cloud(app: QtWidgets.QApplication, window: Window) -> None:
    wait(app, lambda: window.panel.session.state.cloud.clusters is not None)
    times = []
    for yaw in range(0, 360, 5):
        start = time.perf_counter()
        window.panel.cloud.set_camera(Camera(yaw=yaw))
        window.panel.cloud.repaint()
        times.append(time.perf_counter() - start)
    size = f"{window.panel.cloud.width()} x {window.panel.cloud.height()}"
    report(f"a frame of {len(window.panel.session.state.cloud):,} points, {size}", times)


def report(name: str, seconds: list[float]) -> None:
    in_ms = sorted(1000 * value for value in seconds)
    worst = f"95 %: {in_ms[int(0.95 * len(in_ms))]:.0f} ms, longest: {in_ms[-1]:.0f} ms"
    print(f"{name}: median {statistics.median(in_ms):.0f} ms, {worst}")


if __name__ == "__main__":
    main()
