"""What holds for all jobs of a run, and what becomes of one.

Everything here goes through pickle: options on the way to where the work is done, outcomes on the way back.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rgbcloud import MAX_PIXELS, Counts, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rgbcloud import Recipe, Report
    from rgbcloud.budget import Curve
    from rgbcloud_app.assets.asset import Meaning
    from rgbcloud_app.batches.planning import Job


@dataclass(frozen=True)
class Options:
    """What holds for all jobs of a run."""

    recipe: Recipe
    suffix: str = ".png"  # of results on standard output; `SAME` for that of the source
    overwrite: bool = False
    ssim: bool = False
    max_pixels: int = MAX_PIXELS  # see `rgbcloud.Limits`
    receipts: bool = False
    """Whether to make out receipts, which takes a look at every byte of source and result."""
    also: tuple[Meaning, ...] = ()  # what is to be reduced of assets, beside their colours
    camera: str = ""  # by what it sees of an asset texels of that count; see `parts_in_view`
    folder: str | None = None  # that the receipts belong to; see `Receipts`
    key: str = ""  # of the recipe, where it is known already: see `with_key`
    export: str = ""  # what else is written beside each result: "" or "index+ramp"
    error_map: bool = False  # whether a picture of the error is

    def with_key(self) -> Options:
        """Return the same with what receipts need: found once for all jobs.

        Raises
        ------
        ImageReadError
            If the mask cannot be read.
        """
        if not self.receipts:
            return self
        more = [*sorted(self.also), *([self.camera] if self.camera else [])]
        return replace(self, key="+".join((self.recipe.digest(), *more)))

    @property
    def limits(self) -> Limits:
        """What reading may take."""
        return Limits(self.max_pixels)


@dataclass(frozen=True)
class Outcome:
    """What became of one job."""

    job: Job
    reports: tuple[Report, ...] = ()
    """One for each file that was written; none if it failed or was done already."""
    palette: tuple[str, ...] = ()  # colours like ``"#ff8000"``
    notes: tuple[str, ...] = ()
    error: str | None = None  # why it failed
    bug: str = ""  # the traceback of an error that was not expected; mostly empty
    is_there: bool = False  # whether it failed for nothing but a file that is there and must not be replaced
    is_unchanged: bool = False  # whether it was done already
    larger: str = ""  # why it was left as it is, where its result would have taken more space; mostly empty
    asset_bytes: tuple[int, int] | None = None  # of all files of an asset, before and after
    curve: Curve | None = None  # what each number of colours would cost, where it was not done but looked at

    @property
    def bytes(self) -> tuple[int, int]:
        """Of all files, before and after."""
        if self.asset_bytes is not None:
            return self.asset_bytes
        reports = self.reports
        return sum(each.bytes_before for each in reports), sum(each.bytes_after for each in reports)


@dataclass(frozen=True)
class CountedJobs:
    """The colours of some textures, and the outcomes of those that could not be read."""

    counts: Counts | None = None
    failures: tuple[Outcome, ...] = field(default=())

    @classmethod
    def merge(cls, parts: Iterable[CountedJobs]) -> CountedJobs:
        """Add some up.

        Raises
        ------
        InvalidArgumentError
            If their depths differ.
        """
        parts = list(parts)
        counts = [part.counts for part in parts if part.counts is not None]
        failures = tuple(failure for part in parts for failure in part.failures)
        return cls(Counts.added_up(counts) if counts else None, failures)

    def __len__(self) -> int:
        return 0 if self.counts is None else len(self.counts.histogram)
