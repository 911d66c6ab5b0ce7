"""Which images a command line names, and where each result goes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Callable

from rgbcloud import Reduction, default_target, read_image, reduce_file, reduce_image
from rgbcloud.encoding import FORMATS, format_of
from rgbcloud.errors import ImageReadError, ImageWriteError
from rgbcloud.files import check_writable, write_file
from rgbcloud_app.terminal import STANDARD, opened, say_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rgbcloud import Progress, Settings

SAME = "same"
"""The format that is the source's own."""


@dataclass(frozen=True)
class Job:
    """One image to reduce.

    Attributes
    ----------
    source, target : str
        Paths, or ``-`` for standard input and output.
    problem : str or None
        Why it cannot be done, where that is known already.
    """

    source: str
    target: str
    problem: str | None = None


@dataclass(frozen=True)
class Places:
    """Where results go.

    Attributes
    ----------
    settings : Settings
        Results beside their sources are named after them.
    suffix : str
        Of result files; `SAME` for that of each source.
    output : str or None
        The file for the only result, ``-`` for standard output.
    output_dir : str or None
        The folder for all of them, which keep their names and their place within the folder that was named.
    """

    settings: Settings
    suffix: str
    output: str | None = None
    output_dir: str | None = None

    def target(self, source: str, root: Path | None) -> str:
        """Return where the result of `source` goes, which was found in the folder `root`."""
        if self.output is not None:
            return self.output
        if source == STANDARD:
            return STANDARD
        path = Path(source)
        suffix = path.suffix if self.suffix == SAME else self.suffix
        if self.output_dir is None:
            return str(default_target(path, self.settings, suffix))
        within = path.relative_to(root) if root else Path(path.name)
        return str(self.output_dir / within.with_suffix(suffix))


def planned(images: Iterable[str], places: Places, *, recursive: bool) -> Iterator[Job]:
    """Yield a job for every image named, and for those in every folder named if `recursive`."""
    for image in images:
        folder = Path(image)
        if not _is_folder(folder):
            yield Job(image, places.target(image, None))
        elif not recursive:
            problem = f"{folder} is a folder; name images, or add --recursive to reduce those in it"
            yield Job(image, "", problem)
        else:
            closed: list[OSError] = []
            paths = list(_images_in(folder, places.output_dir, closed.append))
            yield from (Job(str(path), places.target(str(path), folder)) for path in paths)
            for error in closed:
                yield Job(error.filename, "", f"{error.filename} cannot be looked into: {error.strerror}")
            if not (paths or closed):
                yield Job(image, "", f"{folder} is a folder without images ({' '.join(FORMATS)})")


def _images_in(folder: Path, output_dir: str | None, complain: Callable[[OSError], object]) -> Iterator[Path]:
    """Yield the images in a folder and its subfolders, in order, leaving out hidden ones and the results."""
    for parent, folders, names in os.walk(folder, onerror=complain):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not _is_same(Path(parent, name), output_dir)
        )
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in FORMATS:
                yield Path(parent, name)


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 # Path.is_dir raises where a name is too long


def _is_same(folder: Path, output_dir: str | None) -> bool:
    return output_dir is not None and os.path.realpath(folder) == os.path.realpath(output_dir)


class Targets:
    """Sees to it that no result replaces a source, or another result, of the same run."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._sources = {os.path.realpath(job.source) for job in jobs if job.source != STANDARD}
        self._taken: dict[str, str] = {}

    def claim(self, job: Job) -> None:
        """Raise `ImageWriteError` where a job's target belongs to another one, else note that it is taken."""
        if job.problem or job.target == STANDARD:
            return
        target = os.path.realpath(job.target)
        if target in self._sources:
            msg = (
                f"{job.target} is a source, which is never written to; choose another output for {job.source}"
            )
            raise ImageWriteError(msg)
        first = self._taken.setdefault(target, job.source)
        if first != job.source:
            raise ImageWriteError(
                f"{job.target} is the result of {first} already; reduce {job.source} into another folder"
            )


def reduced(
    job: Job,
    settings: Settings,
    *,
    suffix: str,
    overwrite: bool,
    max_pixels: int,
    ssim: bool,
    progress: Progress,
) -> Reduction:
    """Reduce one image, from a file or standard input, into a file or standard output.

    Raises
    ------
    RgbcloudError
        As `rgbcloud.reduce_file` does.
    """
    if job.problem:
        raise ImageReadError(job.problem)
    if STANDARD not in (job.source, job.target):
        return reduce_file(
            job.source,
            job.target,
            settings=settings,
            overwrite=overwrite,
            max_pixels=max_pixels,
            ssim=ssim,
            progress=progress,
        )
    image = read_image(opened(job.source), max_pixels=max_pixels)
    if job.target == STANDARD:
        file_format = image.file_format if suffix == SAME else FORMATS[suffix]
    else:
        file_format = format_of(Path(job.target))
        check_writable(Path(job.target), overwrite=overwrite)
    reduction = reduce_image(image, settings, file_format=file_format, ssim=ssim, progress=progress)
    if job.target == STANDARD:
        say_bytes(reduction.data)
    else:
        write_file(job.target, reduction.data, overwrite=overwrite)
    return reduction
