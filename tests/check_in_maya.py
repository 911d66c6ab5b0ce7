"""Run all checks that need no eyes in a Maya, and write a report to send.

    mayapy tests/check_in_maya.py --report rgbcloud-check.md
    mayapy tests/check_in_maya.py --figures --report figures.md tests/maya/test_reduce.py

pytest is fetched into a temporary folder if this Python lacks it; nothing of Maya is changed. Without Maya
the stand-in of `tests/maya_simulator` is used, so that what is expected can be seen.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ALL = ("tests/maya", "tests/maya_simulator/tests")
PACKAGES = ("numpy", "scipy", "Pillow", "threadpoolctl", "OpenImageIO", "PySide2", "PySide6")


class Results:
    """A pytest plug-in that keeps what became of every test."""

    def __init__(self):
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self.failures = []
        self.reasons = {}

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.counts["failed"] += 1
            lines = str(report.longrepr).splitlines()
            errors = [line[2:].strip() for line in lines if line.startswith("E ")] or lines[-1:]
            self.failures.append((report.nodeid, " / ".join(errors[:3])))
        elif report.skipped:
            self.counts["skipped"] += 1
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
        elif report.when == "call":
            self.counts["passed"] += 1


def main(arguments=None):
    """Run the tests, measure if that is asked for, write the report; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "tests", nargs="*", default=ALL, help="files or folders; all that there are if left out"
    )
    parser.add_argument("--report", metavar="FILE", default="rgbcloud-check.md")
    parser.add_argument(
        "--figures", action="store_true", help="also measure scenes of size, for some minutes"
    )
    options = parser.parse_args(arguments)
    report = Path(options.report).absolute()
    os.chdir(ROOT)
    sys.path[:0] = [str(HERE), str(ROOT / "core")]
    with tempfile.TemporaryDirectory(prefix="rgbcloud-check") as folder:
        if importlib.util.find_spec("pytest") is None:
            fetch = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "pytest"]
            subprocess.run(fetch, check=True)
            sys.path.append(folder)
        import pytest

        results = Results()
        settings = ["-q", "-p", "no:cacheprovider", "-W", "default"]
        code = int(pytest.main([*settings, *options.tests], plugins=[results]))
        lines = [*_machine(), *_tests(results)]
        if options.figures:
            lines += _figures(Path(folder))
        report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{report}: {results.counts}\n")
    return code


def _machine():
    """Return what this Maya is."""
    from maya import cmds
    from maya_fixtures import REAL

    _start()
    versions = [f"{name} {_version(name)}" for name in PACKAGES]
    maya = f"Maya {cmds.about(version=True)}" if REAL else "the stand-in for Maya"
    return [
        f"# rgbcloud checked in {maya}",
        "",
        f"Python {platform.python_version()}, {platform.platform()}, {os.cpu_count()} cores",
        ", ".join(versions),
        f"Load: {' '.join(f'{load:.1f}' for load in os.getloadavg())}" if hasattr(os, "getloadavg") else "",
        "",
    ]


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "-"


def _start():
    """Start Maya where no test has left it running."""
    from maya_fixtures import REAL

    if REAL:
        from maya import cmds, standalone

        if not hasattr(cmds, "about"):
            standalone.initialize(name="python")
        return
    from maya_standin import session

    session.start(session.Session(2025, batch=True))


def _tests(results):
    """Return what became of the tests: numbers, then each failure, then why some were skipped."""
    counts = ", ".join(f"{count} {word}" for word, count in results.counts.items())
    lines = [f"## Tests: {counts}", ""]
    lines += [f"- FAILED {test}: {error}" for test, error in results.failures]
    lines += [f"- {count} skipped: {reason}" for reason, count in sorted(results.reasons.items())]
    return [*lines, ""]


class Pulse:
    """A progress callback that measures how long the main thread is away between two calls.

    On a machine that is busy otherwise, too, only the processor's time tells what is the thread's own doing.
    """

    def __init__(self):
        self.begun, self.spent = time.perf_counter(), time.process_time()
        self.last, self.own = self.begun, time.thread_time()
        self.longest = self.longest_own = 0.0

    def __call__(self, _fraction=1.0, _message=""):
        now, own = time.perf_counter(), time.thread_time()
        self.longest, self.last = max(self.longest, now - self.last), now
        self.longest_own, self.own = max(self.longest_own, own - self.own), own

    def __str__(self):
        self()
        taken, spent = self.last - self.begun, time.process_time() - self.spent
        return (
            f"{taken:.2f} s ({spent:.2f} s of processors), between two chances to repaint and to cancel "
            f"at most {self.longest:.3f} s ({self.longest_own:.3f} s of a processor)"
        )


def _figures(folder):
    """Return what scenes of size take."""
    import numpy as np
    from maya import cmds
    from PIL import Image

    sys.path.append(str(ROOT / "maya_plugin" / "scripts"))
    import rgbcloud_maya
    from rgbcloud import Recipe, Texture
    from rgbcloud.textures import cluster_texture
    from rgbcloud_maya import CloudOptions
    from rgbcloud_maya.models.face_clusters import assign_materials, select_faces, selected_uvs
    from rgbcloud_maya.surfaces.worn_meshes import Meshes
    from rgbcloud_maya.ui.maya_host import MayaHost

    rng = np.random.default_rng(0)

    def picture(name, size):
        coarse = rng.integers(0, 256, (size // 16, size // 16, 3), np.uint8)
        smooth = np.asarray(Image.fromarray(coarse).resize((size, size)), np.int16)
        noisy = smooth + rng.integers(-12, 13, smooth.shape, np.int16)
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(folder / name, compress_level=1)
        return folder / name

    def node(name, path, **attributes):
        made = cmds.createNode("file", name=name)
        cmds.setAttr(f"{made}.fileTextureName", path.as_posix(), type="string")
        for attribute, value in attributes.items():
            cmds.setAttr(f"{made}.{attribute}", value)
        return made

    lines = ["## Figures", ""]

    def measure(what, work):
        pulse = Pulse()
        work(pulse)
        lines.append(f"- {what}: {pulse}")

    cmds.file(new=True, force=True)
    nodes = [node(f"wood{number}", picture(f"wood{number}.png", 64)) for number in range(500)]
    host = MayaHost()

    def listed(pulse):
        with mock.patch("rgbcloud_maya.ui.maya_host.repainting", return_value=pulse):
            host.textures()

    measure("500 nodes of 64 pixels, listed", lambda pulse: rgbcloud_maya.textures())
    measure("the panel's list of them", listed)
    measure("reduced", lambda pulse: rgbcloud_maya.reduce(nodes, Recipe(), progress=pulse))
    measure("the panel's list of them then", listed)
    measure("reverted", lambda pulse: rgbcloud_maya.revert(nodes, progress=pulse))
    cmds.file(new=True, force=True)
    for number in range(1001, 1007):
        picture(f"skin.{number}.png", 4096)
    skin = node("skin", folder / "skin.1001.png", uvTilingMode=3)
    measure(
        "a set of six 4K tiles, reduced", lambda pulse: rgbcloud_maya.reduce([skin], Recipe(), progress=pulse)
    )
    cmds.file(new=True, force=True)
    wood = node("wood", picture("large.png", 2048))
    options = CloudOptions(budget=100_000)
    measure(
        "the cloud of a 2K texture, 100,000 points",
        lambda pulse: rgbcloud_maya.build_cloud(wood, Recipe(), options, progress=pulse),
    )
    cmds.file(new=True, force=True)
    wall = node("wall", picture("wall.png", 2048))
    _hang(wall, 316)  # 99,856 faces
    measure("a mesh of 100,000 faces, read", lambda pulse: Meshes(pulse).meshes_wearing(wall))
    measure(
        "its 2K texture, reduced by its surface",
        lambda pulse: rgbcloud_maya.reduce([wall], Recipe(), surface=True, progress=pulse),
    )
    made = cluster_texture(Texture.find(folder / "wall.png"), Recipe())
    measure("the faces of a cluster, selected", lambda pulse: select_faces(wall, made, 0, progress=pulse))
    measure("what selected faces look up", lambda pulse: selected_uvs(wall, pulse))
    measure(
        "sets of the faces of all 16 clusters, the texture clustered",
        lambda pulse: rgbcloud_maya.make_sets([wall], progress=pulse),
    )
    measure(
        "materials of all 16 clusters, the texture clustered",
        lambda pulse: assign_materials([wall], progress=pulse),
    )
    return [*lines, ""]


def _hang(texture, count):
    """Let a texture be worn by a wavy mesh of so many squares to and fro."""
    import numpy as np

    sys.path.append(str(ROOT / "tests" / "maya"))
    from scene_tools import material, mesh

    u, v = np.meshgrid(*[np.linspace(0, 1, count + 1)] * 2)
    points = np.stack([u, np.sin(3 * u), -v], axis=-1).reshape(-1, 3).tolist()
    first = np.arange(count * (count + 1)).reshape(count, -1)[:, :-1].ravel()
    faces = np.stack([first, first + 1, first + count + 2, first + count + 1], axis=-1).tolist()
    uvs = np.stack([u.ravel(), v.ravel()], axis=-1).tolist()
    mesh("wall_mesh", points, faces, uvs, material("skin", texture)[1])


if __name__ == "__main__":
    ended = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ended)  # Maya may crash while it cleans up, and its own way of ending turns every code into 0
