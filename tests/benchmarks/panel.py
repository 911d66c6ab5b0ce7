"""How quickly the panel answers a hand.

``QT_QPA_PLATFORM=offscreen python tests/benchmarks/panel.py``

On a 4096 x 4096 photograph with grain it says how long picture, palette and cloud take; moves the slider of
colours over all of its places, and says how long each move took until its preview was on screen, and how many
pictures a second a hand sees; turns a cloud of 100,000 points; and says how long the event loop stood still
at most, and what memory ten more textures take and give back. On a machine that does other things as well,
the work says more than the time that passed.
"""

from __future__ import annotations

import math
import statistics
import sys
import tempfile
import threading
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
_HAND = 3.0  # seconds that a hand moves the slider


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


class Gaps:
    """Measures how long the event loop stands still at most, and the main thread's own work in between."""

    def __init__(self) -> None:
        self.start()
        self._timer = QtCore.QTimer()
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def start(self) -> None:
        """Forget what was before."""
        self._longest, self._most_work = 0.0, 0.0
        self._last = time.perf_counter(), time.thread_time()

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        passed, worked = (after - before for after, before in zip(now, self._last))
        self._longest, self._most_work = max(self._longest, passed), max(self._most_work, worked)
        self._last = now

    def report(self, name: str) -> None:
        """Print the longest gap since the start."""
        print(
            f"longest gap of the event loop while {name}: {1000 * self._longest:.0f} ms, "
            f"the main thread's own work {1000 * self._most_work:.0f} ms"
        )
        self.start()


def memory(app: QtWidgets.QApplication) -> float:
    """Return the resident memory in MB, on Linux, once all work has ended, the last gives some back."""
    wait(app, lambda: not any(thread.name.startswith("rgbcloud ") for thread in threading.enumerate()))
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS")), math.nan)


def main() -> None:
    app = QtWidgets.QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = QtCore.QSettings(str(folder / "memory.ini"), QtCore.QSettings.Format.IniFormat)
        window = Window(FilesHost(settings), folder)
        window.show()
        session = window.panel.session
        path, gaps = texture(folder), Gaps()
        wait(app, lambda: True)
        gaps.start()
        session.open([path])
        state = session.state
        print(f"picture   {wait(app, lambda: state.picture is not None):.2f} s until it is shown")
        print(
            f"palette   {wait(app, lambda: state.rebuilt is not None):.2f} s more, with a sample of the cloud"
        )
        print(f"counted   {wait(app, lambda: state.counted is not None):.2f} s more until all colours are")
        print(
            f"cloud     {wait(app, lambda: state.points is not None):.2f} s more until it is of all colours"
        )
        print(f"exact     {wait(app, lambda: state.exact is not None):.2f} s more")
        wait(app, lambda: session.progress is None)
        gaps.report("a texture is opened")
        measure_slider(app, window)
        measure_rate(app, window)
        gaps.report("the slider moves")
        measure_cloud(app, window)
        gaps.start()
        session.change(squeeze=True)
        wait(app, lambda: state.exact is not None and session.progress is None)
        gaps.report("a PNG is squeezed")
        measure_memory(app, window, path)
        window.panel.shut_down()


def measure_rate(app: QtWidgets.QApplication, window: Window) -> None:
    """Move the slider for three seconds, 60 times a second, and count the pictures that are shown."""
    session, slider = window.panel.session, window.panel.controls.colors.slider
    pictures = 0

    def count() -> None:
        nonlocal pictures
        pictures += 1

    session.events.subscribe(count, "after")
    start, place, step = time.perf_counter(), slider.maximum(), -1
    while time.perf_counter() - start < _HAND:
        place += step
        if place in (0, slider.maximum()):
            step = -step
        slider.setValue(place)
        end = time.perf_counter() + 1 / 60
        while time.perf_counter() < end:
            app.processEvents()
            time.sleep(0.001)
    print(f"pictures while a hand moves the slider: {pictures / _HAND:.1f} a second")


def measure_memory(app: QtWidgets.QApplication, window: Window, path: Path) -> None:
    """Open ten textures one after the other, close them, and say what that leaves."""
    session = window.panel.session
    copies = [path.with_name(f"copy{chr(97 + number)}.png") for number in range(10)]
    session.change(squeeze=False)
    wait(app, lambda: session.state.exact is not None and session.progress is None)
    before = memory(app)
    for copy in copies:
        copy.write_bytes(path.read_bytes())
        session.open([copy])
        wait(app, lambda: session.state.exact is not None and session.progress is None)
    opened = memory(app)
    for ref in session.textures[1:]:
        session.choose([ref.key])
        session.close_chosen()
    session.choose([session.textures[0].key])
    wait(app, lambda: session.state.exact is not None and session.progress is None)
    print(
        f"memory: {before:.0f} MB with one texture, {opened:.0f} MB with eleven, {memory(app):.0f} MB again"
    )


def measure_slider(app: QtWidgets.QApplication, window: Window) -> None:
    session, slider = window.panel.session, window.panel.controls.colors.slider
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
    wait(app, lambda: window.panel.session.state.points is not None)
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
