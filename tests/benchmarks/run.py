"""Compare rgbcloud with what people use, side by side in one run.

    python -m pip install ".[bench]"
    python tests/benchmarks/run.py --help

Every peer gets the same images in the same run, alternating, several rounds; figures are medians, and
ratios to rgbcloud (or to Pillow's median cut, for speed). The table goes to the terminal, all figures to
results/, ratios to history.csv, and a plot of error against time to results/benchmark.png.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import multiprocessing
import resource
import statistics
import tempfile
import time
from pathlib import Path

import depths
import encoding
import history
import images
import looks
import numpy as np
import peers
import processes
from PIL import Image

import rgbcloud

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=list(BENCHMARKS))
    parser.add_argument("--colors", type=int, nargs="+", default=[4, 16, 64, 256], metavar="K")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fits", type=int, default=10, help="of scikit-learn, that quality compares with")
    parser.add_argument("--images", choices=["small", "large"], default="large")
    arguments = parser.parse_args()
    RESULTS.mkdir(exist_ok=True)
    rows = BENCHMARKS[arguments.what](arguments)
    show(rows)
    save(rows, arguments.what)
    history.remember(arguments.what, rows)


def in_memory(arguments: argparse.Namespace) -> list[dict]:
    """Pixels to palette and indices."""
    rows = []
    for name, pixels in images.chosen(arguments.images):
        for colors in arguments.colors:
            available = _available(peers.IN_MEMORY, pixels.shape[0] * pixels.shape[1] * colors)
            times = {peer.name: [] for peer in available}
            reduced = {}
            for _ in range(arguments.rounds):
                for peer in available:
                    start = time.perf_counter()
                    reduced[peer.name] = peer.run(pixels, colors)
                    times[peer.name].append(time.perf_counter() - start)
            medians = {peer: statistics.median(seconds) for peer, seconds in times.items()}
            for peer in available:
                palette, indices = reduced[peer.name]
                rebuilt = palette[indices]
                rows.append(
                    {
                        "image": name,
                        "K": colors,
                        "peer": peer.name,
                        "seconds": medians[peer.name],
                        "to median cut": medians[peer.name] / medians["Pillow median cut"],
                        "to ours": medians[peer.name] / medians["rgbcloud"],
                        "MSE": mse(pixels, rebuilt),
                        "SSIM": rgbcloud.ssim(pixels, rebuilt),
                        "peak MB": peak_memory(peer, pixels, colors),
                    }
                )
                print(rows[-1], flush=True)
    compare(rows, "MSE")
    plot(rows)
    return rows


def file_to_file(arguments: argparse.Namespace) -> list[dict]:
    """A JPEG to an indexed PNG."""
    rows = []
    available = _available(peers.FILE_TO_FILE, 0)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.jpg"), Path(folder, "target.png")
        for name, pixels in images.chosen(arguments.images, megapixels=10):
            Image.fromarray(pixels).save(source, quality=92)
            decoded = np.asarray(Image.open(source))
            for colors in arguments.colors:
                times = {peer.name: [] for peer in available}
                results = {}
                for _ in range(arguments.rounds):
                    for peer in available:
                        start = time.perf_counter()
                        peer.run(source, target, colors)
                        times[peer.name].append(time.perf_counter() - start)
                        results[peer.name] = (
                            np.asarray(Image.open(target).convert("RGB")),
                            target.stat().st_size,
                        )
                for peer in available:
                    rebuilt, size = results[peer.name]
                    row = {"image": name, "K": colors, "peer": peer.name}
                    row["seconds"] = statistics.median(times[peer.name])
                    row["to ours"] = row["seconds"] / statistics.median(times["rgbcloud"])
                    row.update({"MSE": mse(decoded, rebuilt), "bytes": size})
                    rows.append(row)
    compare(rows, "MSE")
    compare(rows, "bytes")
    return rows


def quality(arguments: argparse.Namespace) -> list[dict]:
    """MSE against full fits by scikit-learn, one of them and the best of some, over the CQ100 photographs."""
    rows = []
    efforts = ("normal", "best")
    for colors in arguments.colors:
        ratios: dict[str, list[tuple[float, float]]] = {effort: [] for effort in efforts}
        seconds = dict.fromkeys((*efforts, "fits"), 0.0)
        for _, pixels in images.chosen("small"):
            histogram = rgbcloud.ColorHistogram.from_array(pixels)
            if len(histogram) <= colors:
                continue
            start = time.process_time()
            fits = peers.full_fits(pixels, colors, arguments.fits)
            seconds["fits"] += time.process_time() - start
            for effort, found in ratios.items():
                start = time.process_time()
                palette = rgbcloud.cluster(histogram, rgbcloud.Settings(colors, effort=effort))
                seconds[effort] += time.process_time() - start
                error = palette.inertia / histogram.total
                found.append((error / statistics.mean(fits), error / min(fits)))
        for effort, found in ratios.items():
            to_one, to_best = np.array(found).T
            row = {"K": colors, "effort": effort, "to one fit": to_one.mean(), "to the best": to_best.mean()}
            row["worst to one"] = to_one.max()
            row["a fit takes times as long"] = seconds["fits"] / arguments.fits / seconds[effort]
            rows.append(row)
            print(row, flush=True)
    return rows


def growth(arguments: argparse.Namespace) -> list[dict]:
    """Time per pixel, of all cores together, and memory from 1 to 268 megapixels."""
    rows = []
    _, photograph = images.chosen("large")[0]
    for side in (1024, 2048, 4096, 8192, 16384):
        pixels = images.enlarged(photograph, side, side)
        for colors in arguments.colors:
            start = time.process_time()
            rgbcloud.quantize(pixels, colors)
            seconds = time.process_time() - start
            megapixels = pixels.shape[0] * pixels.shape[1] / 1e6
            peak = peak_memory(peers.IN_MEMORY[0], pixels, colors)
            row = {"megapixels": megapixels, "K": colors, "seconds": seconds, "peak MB": peak}
            row["ns per pixel"] = seconds / megapixels * 1e3
            rows.append(row)
            print(row, flush=True)
    return rows


def preview(arguments: argparse.Namespace) -> list[dict]:
    """Preparing a preview, and its palettes against the exact ones."""
    rows = []
    for name, pixels in [*images.chosen("small"), *images.chosen("large")]:
        histogram = rgbcloud.ColorHistogram.from_array(pixels)
        start = time.perf_counter()
        ready = rgbcloud.Preview(histogram)
        prepared = time.perf_counter() - start
        for colors in arguments.colors:
            start = time.perf_counter()
            palette = ready.palette(colors)
            row = {"image": name, "K": colors, "curve ms": 1e3 * prepared}
            row["palette ms"] = 1e3 * (time.perf_counter() - start)
            exact = rgbcloud.cluster(histogram, colors).inertia
            row["MSE to exact"] = palette.measure_on(histogram).inertia / exact
            rows.append(row)
    return rows


# --- measuring ---


def mse(before: np.ndarray, after: np.ndarray) -> float:
    """Return the mean over the pixels of the squared RGB distance."""
    total = 0
    for rows in range(0, len(before), 512):
        difference = before[rows : rows + 512].astype(np.int32) - after[rows : rows + 512]
        total += int((difference**2).sum(dtype=np.int64))
    return total / (before.shape[0] * before.shape[1])


def peak_memory(peer: peers.Peer, pixels: np.ndarray, colors: int) -> float:
    """Return what a run adds to the memory of a process that holds the pixels, in MB.

    The process is a fresh one: a fork of this one would wait for OpenMP threads that it does not have.
    """
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measure, (peer.name, pixels, colors))


def _measure(name: str, pixels: np.ndarray, colors: int) -> float:
    peer = next(peer for peer in peers.IN_MEMORY if peer.name == name)
    if peer.needs:
        importlib.import_module(peer.needs)  # what a library itself takes does not count
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    Path("/proc/self/clear_refs").write_text("5")  # resets the high-water mark
    peer.run(pixels, colors)
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
    return (peak - before) / 1e6


def _available(candidates: list[peers.Peer], work: float) -> list[peers.Peer]:
    available = []
    for peer in candidates:
        lacks = peers.missing(peer)
        if lacks:
            print(f"{peer.name}: not here, as {lacks} is missing")
        elif work > peer.most_work:
            print(f"{peer.name}: left out, as it would take too long")
        else:
            available.append(peer)
    return available


# --- showing ---


def compare(rows: list[dict], figure: str) -> None:
    """Add each figure's ratio to ours."""
    ours = {(row["image"], row["K"]): row[figure] for row in rows if row["peer"] == "rgbcloud"}
    for row in rows:
        row[f"{figure} to ours"] = row[figure] / ours[row["image"], row["K"]]


def show(rows: list[dict]) -> None:
    header = list(rows[0])
    lines = [header, *([_text(row[column]) for column in header] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)))


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def save(rows: list[dict], name: str) -> None:
    with (RESULTS / f"{name}.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def plot(rows: list[dict]) -> None:
    """Draw error against time, a point per peer, a panel per number of colours."""
    import matplotlib.pyplot as plt  # optional

    sizes = sorted({row["K"] for row in rows})
    figure, axes = plt.subplots(1, len(sizes), figsize=(5 * len(sizes), 4.5), squeeze=False)
    names = list(dict.fromkeys(row["peer"] for row in rows))
    for axis, colors in zip(axes[0], sizes):
        for number, name in enumerate(names):
            own = [row for row in rows if row["K"] == colors and row["peer"] == name]
            if own:
                times = statistics.geometric_mean(row["to ours"] for row in own)
                errors = statistics.geometric_mean(row["MSE to ours"] for row in own)
                axis.scatter(
                    times, errors, s=60, color=f"C{number % 10}", marker="os^v"[number % 4], label=name
                )
        axis.set(title=f"K = {colors}", xscale="log", xlabel="time, ratio to rgbcloud")
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel("MSE, ratio to rgbcloud")
    handles, labels = axes[0, -1].get_legend_handles_labels()
    for axis in axes[0]:
        more = axis.get_legend_handles_labels()
        handles, labels = more if len(more[1]) > len(labels) else (handles, labels)
    figure.legend(handles, labels, loc="lower center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0.16, 1, 1))
    figure.savefig(RESULTS / "benchmark.png", dpi=130)


BENCHMARKS = {
    "memory": in_memory,
    "files": file_to_file,
    "process": processes.processes,
    "depths": depths.depths,
    "encoding": encoding.encoding,
    "dithers": depths.dithers,
    "quality": quality,
    "looks": looks.looks,
    "growth": growth,
    "preview": preview,
}


if __name__ == "__main__":
    main()
