"""The distinct colours of a texture and how many texels have each: what all else is computed from."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from rgbcloud.color.codes import (
    CODES,
    FloatArray,
    IntArray,
    UInt8Array,
    UInt32Array,
    as_rgb,
    check_texels,
    fill_codes,
    radix_order,
    row_blocks,
    run_starts,
    to_codes,
    to_colors,
)
from rgbcloud.color.color_space import SRGB
from rgbcloud.color.display import to_srgb8
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, silent
from rgbcloud.threads import in_parallel, slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rgbcloud.color.color_space import ColorSpace

OPAQUE = 255
_BLOCK = 1 << 18  # texels counted at a time and thread: 2 MB of codes
_FEW = 1 << 19  # texels up to which sorting them beats walking through a table of all colours
_PART = 1 << 19  # of the table, looked through at a time
_PENDING = 1 << 22  # colours that may wait to be merged: 50 MB


class _Tally(NamedTuple):
    """Distinct colours, ascending, and the sum of their texels' alpha."""

    codes: UInt32Array
    coverage: IntArray


class ColorHistogram:
    """Distinct colours and their counts; exact, immutable, and two of them add up to one.

    Fully transparent texels have no vote: their colours are not in it. A texel of alpha *a* counts
    *a* / 255. Counts are held as integer sums of alpha, so that histograms add up to the same one in
    any order, on any number of threads or machines.

    Parameters
    ----------
    colors : array_like of shape (n, 3), uint8
        sRGB colours, each one once, in any order.
    counts : array_like of shape (n,), float
        Texels of each colour, above 0, in steps of 1/255.

    Raises
    ------
    InvalidArgumentError
        If shapes do not fit, a colour stands twice, or a count is not above 0.

    Examples
    --------
    >>> import numpy as np
    >>> checker = np.array([[[255, 0, 0], [0, 0, 0]], [[0, 0, 0], [255, 0, 0]]], np.uint8)
    >>> histogram = ColorHistogram.from_array(checker)
    >>> histogram.colors.tolist(), histogram.counts.tolist()
    ([[0, 0, 0], [255, 0, 0]], [2.0, 2.0])
    >>> (histogram + histogram).total
    8.0
    """

    def __init__(self, colors: npt.ArrayLike, counts: npt.ArrayLike) -> None:
        color_array = np.asarray(colors)
        if color_array.dtype != np.uint8 or color_array.ndim != 2 or color_array.shape[1] != 3:
            msg = (
                "colors must be a uint8 array of shape (n, 3), "
                f"got {color_array.dtype} of shape {color_array.shape}"
            )
            raise InvalidArgumentError(msg)
        coverage = np.rint(np.asarray(counts, np.float64) * OPAQUE).astype(np.int64)
        if coverage.shape != color_array.shape[:1] or (coverage <= 0).any():
            msg = (
                f"counts must be {len(color_array)} numbers of at least 1/255, one per colour; "
                "leave out colours that no texel has"
            )
            raise InvalidArgumentError(msg)
        codes = to_codes(color_array)
        order = np.argsort(codes)
        self._tally = _freeze(_Tally(codes[order], coverage[order]))
        if (self._tally.codes[1:] == self._tally.codes[:-1]).any():
            msg = "colors must be distinct, got one twice; add histograms with + instead"
            raise InvalidArgumentError(msg)

    @classmethod
    def _of(cls, tally: _Tally) -> ColorHistogram:
        histogram = cls.__new__(cls)
        histogram._tally = _freeze(tally)
        return histogram

    @classmethod
    def of_values(
        cls, values: npt.NDArray[Any], coverage: IntArray, color_space: ColorSpace
    ) -> ColorHistogram:
        """Return the colours that a display shows of stored values.

        Parameters
        ----------
        values : ndarray of shape (n, 3)
        coverage : ndarray of shape (n,), int64
            How much each counts, in 1/255.
        color_space : ColorSpace
            What the values are.
        """
        codes = to_codes(to_srgb8(values, color_space))
        order = radix_order(codes)
        return cls._of(_reduce_runs(_Tally(codes[order], coverage[order])))

    @classmethod
    def from_columns(cls, columns: Mapping[str, npt.NDArray[Any]]) -> ColorHistogram:
        """Return the histogram that `to_columns` has taken apart.

        Raises
        ------
        InvalidArgumentError
            If there is none that would be taken apart like that.
        """
        codes, coverage = (columns.get(name, np.empty(0)) for name in _Tally._fields)
        kinds = (codes.dtype.name, coverage.dtype.name)
        if (
            kinds != ("uint32", "int64")
            or codes.ndim != 1
            or codes.shape != coverage.shape
            or (coverage <= 0).any()
        ):
            raise InvalidArgumentError("a histogram must have codes (uint32) and coverage (int64) above 0")
        if (codes[1:] <= codes[:-1]).any() or (codes >= 1 << 24).any():
            raise InvalidArgumentError("codes of colours must ascend and be below 2**24")
        return cls._of(_Tally(codes, coverage))

    def to_columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return what it is made of, to be written down: arrays of one length by their names."""
        return self._tally._asdict()

    @classmethod
    def from_array(cls, pixels: npt.ArrayLike, *, progress: Progress = silent) -> ColorHistogram:
        """Count the colours of an array of texels.

        Parameters
        ----------
        pixels : array_like of shape (H, W), (H, W, 3) or (H, W, 4), uint8
            Grey, RGB or RGBA, sRGB, straight alpha.
        progress : Progress
            Told after each block of a quarter of a megapixel.

        Returns
        -------
        ColorHistogram
            Empty if every texel is fully transparent.

        Raises
        ------
        InvalidArgumentError
            If `pixels` has another shape or dtype, or no texel.

        Notes
        -----
        Large images are counted in a table of all 2**24 colours (64 MB, with alpha 128 MB), small ones by
        sorting. Beyond that it takes a few megabytes per thread and 12 bytes per distinct colour.
        """
        array = as_rgb(check_texels(pixels))
        if array.shape[0] * array.shape[1] > _FEW:
            return cls._of(_count_by_table(array, progress))
        tally = _count_by_sorting(array)
        progress(1.0, "counting colours")
        return cls._of(tally)

    @classmethod
    def merge(cls, histograms: Iterable[ColorHistogram]) -> ColorHistogram:
        """Return the histogram of all textures together; of none of them, the empty one.

        Of a generator it holds a few histograms at a time: so one counts an image strip by strip.
        """
        pending: list[_Tally] = []
        for histogram in histograms:
            pending.append(histogram._tally)
            if sum(len(tally.codes) for tally in pending) > _PENDING:
                pending = [_merge(pending)]
        return cls._of(_merge(pending))

    def raise_counts(self, power: float) -> ColorHistogram:
        """Return the same colours with their counts to a power, 0 to 1: the lower, the nearer to equal.

        Counts are rounded to steps of 1/255, and not below one.
        """
        counts = self.counts**power
        coverage = np.maximum(1, np.rint(counts * OPAQUE)).astype(np.int64)
        return self._of(_Tally(self._tally.codes, coverage))

    @cached_property
    def colors(self) -> UInt8Array:
        """Distinct colours, ndarray of shape (n, 3), uint8, ordered by red, then green, then blue."""
        colors = to_colors(self._tally.codes)
        colors.flags.writeable = False
        return colors

    @property
    def values(self) -> UInt8Array:
        """The same as `colors`: what `ValueHistogram` calls them."""
        return self.colors

    @property
    def means(self) -> UInt8Array:
        """The same as `colors`: every one is counted apart."""
        return self.colors

    @property
    def is_exact(self) -> bool:
        """True: every distinct colour is counted apart."""
        return True

    @property
    def dtype(self) -> str:
        """How colours are stored: "uint8"."""
        return "uint8"

    def to_display(self, color_space: ColorSpace = SRGB) -> ColorHistogram:
        """Return the colours that a display shows, in 8 bits of sRGB.

        Parameters
        ----------
        color_space : ColorSpace
            What the colours are.
        """
        if color_space == SRGB:
            return self
        return self.of_values(self.colors, self.coverage, color_space)

    @property
    def coverage(self) -> IntArray:
        """The sum of the alpha of each colour's texels, ndarray of shape (n,), int64: 255 times `counts`."""
        return self._tally.coverage

    @property
    def codes(self) -> UInt32Array:
        """The colours as 0xRRGGBB, ndarray of shape (n,), uint32, ascending."""
        return self._tally.codes

    @cached_property
    def counts(self) -> FloatArray:
        """Texels of each colour, ndarray of shape (n,), float64; a texel of alpha *a* is *a* / 255."""
        counts = self._tally.coverage / OPAQUE
        counts.flags.writeable = False
        return counts

    @property
    def total(self) -> float:
        """The number of texels, each counted by its alpha."""
        return float(self._tally.coverage.sum() / OPAQUE)

    def __len__(self) -> int:
        return len(self._tally.codes)

    def __add__(self, other: ColorHistogram) -> ColorHistogram:
        if not isinstance(other, ColorHistogram):
            return NotImplemented
        return self.merge((self, other))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ColorHistogram):
            return NotImplemented
        return np.array_equal(self._tally.codes, other._tally.codes) and np.array_equal(
            self._tally.coverage, other._tally.coverage
        )

    __hash__ = None  # type: ignore[assignment] # equality by megabytes of content

    def __repr__(self) -> str:
        return f"<ColorHistogram: {len(self):,} colours of {self.total:,.10g} texels>"


def _count_by_sorting(pixels: UInt8Array) -> _Tally:
    """Count a small image: equal colours stand side by side once they are sorted."""
    # The keys 0xRRGGBBAA sort by colour, then alpha.
    keys = to_codes(pixels).ravel() << np.uint32(8)
    keys |= pixels[..., 3].ravel() if pixels.shape[2] == 4 else np.uint8(OPAQUE)
    keys.sort()
    starts = run_starts(keys)
    coverage = np.diff(starts, append=len(keys)) * (keys[starts] & 0xFF)
    seen = coverage > 0
    return _reduce_runs(_Tally(keys[starts[seen]] >> 8, coverage[seen]))


def _count_by_table(pixels: UInt8Array, progress: Progress) -> _Tally:
    """Count a large image in a table that has a place for every colour."""
    has_alpha = pixels.shape[2] == 4
    table = np.zeros(CODES, np.int64 if has_alpha else np.uint32)
    one = table.dtype.type(1)
    turn = threading.Lock()

    def count(rows: slice) -> None:
        block = pixels[rows]
        codes = np.empty(block.shape[:2], np.int64)  # what numpy indexes with
        fill_codes(block, codes)
        weights = block[..., 3].astype(np.int64).ravel() if has_alpha else one
        with turn:  # one thread adds up while the others prepare what is next
            np.add.at(table, codes.ravel(), weights)

    blocks = row_blocks(pixels, _BLOCK)
    for done, _ in enumerate(in_parallel(count, blocks), start=1):
        progress(done / len(blocks), "counting colours")

    def find(part: slice) -> _Tally:
        codes = np.flatnonzero(table[part] != 0)
        coverage = table[part].take(codes).astype(np.int64)
        return _Tally((codes + part.start).astype(np.uint32), coverage if has_alpha else coverage * OPAQUE)

    return _sum_of_tallies(list(in_parallel(find, slices(CODES, _PART))))


def _merge(tallies: list[_Tally]) -> _Tally:
    """Add tallies up, the lower half of their colours and the upper one side by side."""
    tallies = [tally for tally in tallies if len(tally.codes)]
    if not tallies:
        return _Tally(np.empty(0, np.uint32), np.empty(0, np.int64))
    if len(tallies) == 1:
        return tallies[0]
    middle = tallies[0].codes[len(tallies[0].codes) // 2]
    cuts = [int(np.searchsorted(tally.codes, middle)) for tally in tallies]
    lower = [_part(tally, slice(0, cut)) for tally, cut in zip(tallies, cuts)]
    upper = [_part(tally, slice(cut, None)) for tally, cut in zip(tallies, cuts)]
    return _sum_of_tallies(list(in_parallel(_merge_half, (lower, upper))))


def _part(tally: _Tally, part: slice) -> _Tally:
    return _Tally(tally.codes[part], tally.coverage[part])


def _sum_of_tallies(tallies: list[_Tally]) -> _Tally:
    codes, coverage = (np.concatenate(column) for column in zip(*tallies))
    return _Tally(codes, coverage)


def _merge_half(tallies: list[_Tally]) -> _Tally:
    """Each tally is sorted already, which a stable sort (timsort) turns into a merge."""
    joined = _sum_of_tallies(tallies)
    order = np.argsort(joined.codes, kind="stable")
    return _reduce_runs(_Tally(joined.codes[order], joined.coverage[order]))


def _reduce_runs(tally: _Tally) -> _Tally:
    """Add up the coverage of equal neighbours."""
    starts = run_starts(tally.codes)
    if len(starts) == len(tally.codes):
        return tally
    return _Tally(tally.codes[starts], np.add.reduceat(tally.coverage, starts))


def _freeze(tally: _Tally) -> _Tally:
    for array in tally:
        array.flags.writeable = False
    return tally
