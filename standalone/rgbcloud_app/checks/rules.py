"""What is asked of textures, and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import rgbcloud
from rgbcloud import Limits, Recipe, Texture, count
from rgbcloud.color import delta_e_2000, srgb8_to
from rgbcloud.errors import InvalidArgumentError
from rgbcloud_app.checks.known_results import problem_of_receipt

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud import Palette
    from rgbcloud.color import FloatArray, UInt8Array

_PAIRS = 1 << 20  # of colours that are compared at a time
_SHOWN = 8  # offenders that text lists
_KEPT = 1000  # offenders that are told apart at all
_EXACT = 1e-9  # as near as the same colour is to itself


@dataclass(frozen=True)
class Rules:
    """What a texture has to keep to; what is left out is not looked at.

    Attributes
    ----------
    palette : Palette or None
        Its colours are allowed, and no other ones.
    palette_name : str
        What messages call it.
    delta_e : float, default 0
        How far (CIEDE2000) a colour may be from the nearest of these.
    max_colors, max_bytes : int or None
        Of each texture, and of each of its files.
    receipts : bool, default False
        Whether each file must be as ``rgbcloud reduce --resume`` left it.
    resolve : bool, default False
        Whether it is enough to ask that the textures of assets are there.

    Raises
    ------
    InvalidArgumentError
        If nothing is asked for, or a distance without a palette.
    """

    palette: Palette | None = None
    palette_name: str = "the palette"
    delta_e: float = 0.0
    max_colors: int | None = None
    max_bytes: int | None = None
    receipts: bool = False
    resolve: bool = False

    def __post_init__(self) -> None:
        if self.palette is None and self.delta_e:
            raise InvalidArgumentError("delta_e is a distance from a palette; say which")
        is_about_nothing = self.palette is None and self.max_colors is None and self.max_bytes is None
        if is_about_nothing and not (self.receipts or self.resolve):
            msg = "a check needs something to ask for: palette, max_colors, max_bytes or receipts"
            raise InvalidArgumentError(msg)

    @property
    def are_about_colors(self) -> bool:
        """Whether texels have to be read."""
        return self.palette is not None or self.max_colors is not None


class Offender(NamedTuple):
    """A colour that is not allowed.

    Attributes
    ----------
    color : str
        As a display shows it, such as ``"#ff8000"``.
    share : float
        Of the texture's texels, 0 to 1.
    nearest : str
        The allowed colour that looks most like it.
    delta_e : float
        How different these look (CIEDE2000).
    """

    color: str
    share: float
    nearest: str
    delta_e: float


@dataclass(frozen=True)
class Finding:
    """What was found about one texture.

    Attributes
    ----------
    name : str
    problems : tuple of str
        A sentence each; none if all is well.
    colors : int or None
        Distinct values, if they were counted.
    sizes : dict of str to int
        The bytes of each file.
    offenders : tuple of Offender
        The most frequent ones first, a thousand at the most.
    offending : int
        How many there are.
    offending_share : float
        Of the texture's texels, 0 to 1.
    note : str
        What an asset's texture is, or why it is left as it is; mostly empty.
    """

    name: str
    problems: tuple[str, ...] = ()
    colors: int | None = None
    sizes: dict[str, int] = field(default_factory=dict)
    offenders: tuple[Offender, ...] = ()
    offending: int = 0
    offending_share: float = 0.0
    note: str = ""

    @property
    def is_well(self) -> bool:
        """Whether the texture keeps to all rules."""
        return not self.problems

    def lines(self) -> list[str]:
        """Return what users are told."""
        told = [
            problem if problem.startswith(self.name) else f"{self.name}: {problem}"
            for problem in self.problems
        ] or [f"{self.name}: well" + (f", {self.note}" if self.note else "")]
        for offender in self.offenders[:_SHOWN]:
            nearest = f"nearest {offender.nearest}, dE2000 {offender.delta_e:.2f}"
            told.append(f"  {offender.color}  {offender.share:8.4%}  {nearest}")
        if self.offending > _SHOWN:
            told.append(f"  and {self.offending - _SHOWN:,} more")
        return told

    def as_dict(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "source": self.name,
            "well": self.is_well,
            **({"note": self.note} if self.note else {}),
            "problems": list(self.problems),
            "colors": self.colors,
            "bytes": self.sizes,
            "offending_colors": self.offending,
            "offending_share": self.offending_share,
            "offenders": [offender._asdict() for offender in self.offenders],
        }


def check_texture(
    path: str | Path, rules: Rules, recipe: Recipe | None = None, limits: Limits | None = None
) -> Finding:
    """Hold a texture against rules.

    Parameters
    ----------
    path : str or Path
        An image, or a set by its pattern.
    rules : Rules
    recipe : Recipe, optional
        Says what its colours are where the files do not.
    limits : Limits, optional

    Raises
    ------
    RgbcloudError
        If it cannot be read.
    """
    texture = Texture.find(path)
    recipe = recipe or Recipe()
    sizes = {str(file): file.stat().st_size for file in texture.paths}
    problems: list[str] = []
    colors: int | None = None
    offenders: list[Offender] = []
    offending, share = 0, 0.0
    if rules.are_about_colors:
        counts = count(texture, recipe, limits=limits)
        colors = len(counts.histogram)
        if rules.max_colors is not None and colors > rules.max_colors:
            problems.append(f"{colors:,} colours are more than {rules.max_colors:,}")
        if rules.palette is not None:
            shown = counts.histogram.to_display(counts.content(recipe).space.color_space)
            offenders, offending, share = _find_offenders(shown, rules.palette, rules.delta_e)
        if offending:
            how = f" by dE2000 {rules.delta_e:g}" if rules.delta_e else ""
            kinds = "colour is" if offending == 1 else "colours are"
            problems.append(f"{offending:,} {kinds} not in {rules.palette_name}{how}: {share:.4%} of it")
    if rules.max_bytes is not None:
        problems += [
            f"{_subject(name, sizes)} has {size:,} bytes, more than {rules.max_bytes:,}"
            for name, size in sizes.items()
            if size > rules.max_bytes
        ]
    if rules.receipts:
        problems += [
            f"{_subject(str(file), sizes)} {problem}"
            for file in texture.paths
            if (problem := problem_of_receipt(file))
        ]
    return Finding(texture.name, tuple(problems), colors, sizes, tuple(offenders), offending, share)


def _subject(name: str, sizes: dict[str, int]) -> str:
    """Return what a sentence about a file of a texture begins with."""
    return name if len(sizes) > 1 else "it"


def _find_offenders(
    histogram: rgbcloud.ColorHistogram, palette: Palette, limit: float
) -> tuple[list[Offender], int, float]:
    """Return the most frequent colours that are too far from a palette, their number and their share."""
    nearest, distances = _nearest_by_look(histogram.colors, palette.colors)
    wrong = np.flatnonzero(distances > limit + _EXACT)
    if len(wrong) == 0:
        return [], 0, 0.0
    shares = histogram.counts[wrong] / histogram.total
    kept = np.argsort(-shares, kind="stable")[:_KEPT]
    allowed = palette.to_hex()
    offenders = [
        Offender(
            "#{:02x}{:02x}{:02x}".format(*histogram.colors[wrong[place]].tolist()),
            float(shares[place]),
            allowed[nearest[wrong[place]]],
            float(distances[wrong[place]]),
        )
        for place in kept
    ]
    return offenders, len(wrong), float(shares.sum())


def _nearest_by_look(colors: UInt8Array, palette: UInt8Array) -> tuple[UInt8Array, FloatArray]:
    """Return for each colour which of a palette looks most like it, and how different they look."""
    allowed = srgb8_to("cielab", palette)
    nearest = np.empty(len(colors), np.uint8)
    distances = np.empty(len(colors))
    step = max(1, _PAIRS // len(palette))
    for start in range(0, len(colors), step):
        part = slice(start, start + step)
        found = delta_e_2000(srgb8_to("cielab", colors[part])[:, np.newaxis], allowed[np.newaxis])
        nearest[part] = found.argmin(axis=1)
        distances[part] = found.min(axis=1)
    return nearest, distances
