"""Fitting many textures into one budget: by curves first, and then by what files really take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np

from rgbcloud.budget.curves import Curve, curve_of
from rgbcloud.budget.division import FEW, divide, divide_among_fewest, gain_of_more
from rgbcloud.errors import InvalidArgumentError
from rgbcloud.progress import Progress, portion, silent
from rgbcloud.settings import MAX_COLORS, Settings
from rgbcloud.textures import Counts, Limits, open_images

if TYPE_CHECKING:
    from rgbcloud.textures import Recipe, Texture

Attempt = Callable[[Mapping[int, int], Progress], Mapping[int, tuple[float, float]]]
"""Reduces textures to numbers of colours, and returns the bytes and the mean squared error of each; of what
fails nothing."""

_ROUNDS = 16
_CLOSE = 0.985  # of the budget: near enough
_AIM = 0.995  # of it, as the model errs a little
_LITTLE = 0.02  # of it, for which one texture is done again, and not all
_SMALL = 1 << 18  # texels
_MEGABYTE = 1_000_000


class Share(NamedTuple):
    """What one texture got of a budget."""

    colors: int
    bytes: int
    mse: float


class Budget:
    """Bytes that are divided among textures, which stand here by numbers.

    Parameters
    ----------
    total : int
        Bytes of all files together.

    Attributes
    ----------
    total : int
    rest : int
        Bytes of it that all else takes.
    rest_name : str
        What that is called.
    names : dict of int to str
        What the textures are called.
    curves : dict of int to Curve
        Of the textures. What could not be reduced is not among them.
    colors : dict of int to int
        How many each texture gets.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.rest = 0
        self.rest_name = "all else"
        self.names: dict[int, str] = {}
        self.curves: dict[int, Curve] = {}
        self.colors: dict[int, int] = {}
        self._tried: set[tuple[int, int]] = set()

    @property
    def spent(self) -> int:
        """Bytes of all files, and of all else."""
        return self.rest + sum(share.bytes for share in self.shares.values())

    @property
    def shares(self) -> dict[int, Share]:
        """What each texture got."""
        known = {number: curve.known[self.colors[number]] for number, curve in sorted(self.curves.items())}
        return {number: Share(self.colors[number], round(size), mse) for number, (size, mse) in known.items()}

    @property
    def gain(self) -> float:
        """By which part of itself the error of all would fall with one more megabyte (1,000,000 bytes)."""
        colors = [self.colors[number] for number in self.curves]
        return gain_of_more(list(self.curves.values()), colors, _MEGABYTE)

    def fit(self, attempt: Attempt, progress: Progress = silent) -> None:
        """Reduce textures, and those again whose share changes, until files fit and hardly more would.

        Raises
        ------
        InvalidArgumentError
            If not even two colours for each texture fit.
        """
        if not self.curves:
            self.check()
            return
        for number in range(_ROUNDS):
            # How many there will be is not known: each gets half of what is left of the progress.
            part = portion(progress, 1 - 0.5**number, 1 - 0.5 ** (number + 1))
            is_new = self._try(self._divide(), attempt, part)
            part(1.0, "fitting files into the budget")
            self._choose()
            if not is_new and self._is_small:
                is_new = self._try_neighbors(attempt, part)
            is_close = _CLOSE * self.total <= self.spent <= self.total
            if not is_new or (is_close and not self._is_small):
                break
        while self.spent > self.total and any(
            colors > self.curves[number].least for number, colors in self.colors.items()
        ):
            self._try({number: colors * 3 // 4 for number, colors in self.colors.items()}, attempt, part)
            self._choose()
        self.check()

    def check(self) -> None:
        """Raise `InvalidArgumentError` if there is more than fits."""
        if self.rest > self.total:
            told = f"{self.rest_name} takes {self.rest:,} already"
            raise InvalidArgumentError(f"{self.total:,} bytes are too few: {told}; allow more")
        if self.spent > self.total:
            is_locked = any(curve.least > 2 for curve in self.curves.values())
            few = "no colours but those that are locked" if is_locked else "2 colours each"
            least = f"with {few} the files have {self.spent:,}"
            raise InvalidArgumentError(f"{self.total:,} bytes are too few: {least}; allow more")

    def as_dict(self) -> dict[str, Any]:
        """Return the same as `lines` for programs, as JSON can hold it."""
        shares = [{"name": self.names[number], **share._asdict()} for number, share in self.shares.items()]
        numbers = {"total": self.total, "spent": self.spent, "rest": self.rest}
        return {**numbers, "gain_of_a_megabyte": self.gain, "textures": shares}

    def lines(self) -> list[str]:
        """Return a table of what each texture got, and what one more megabyte would buy."""
        shown = [*(self.names[number] for number in self.shares), self.rest_name if self.rest else "together"]
        wide = max(map(len, shown))
        lines = [f"{'texture':<{wide}} {'colours':>8} {'bytes':>12} {'MSE':>10}"]
        lines += [
            f"{self.names[number]:<{wide}} {share.colors:>8} {share.bytes:>12,} {share.mse:>10.2f}"
            for number, share in self.shares.items()
        ]
        if self.rest:
            lines.append(f"{self.rest_name:<{wide}} {'':>8} {self.rest:>12,}")
        spent = f"({self.spent / self.total:.1%} of {self.total:,})"
        lines.append(f"{'together':<{wide}} {'':>8} {self.spent:>12,} {spent}")
        lines.append(f"one more megabyte would lower the error by {self.gain:.1%}")
        return lines

    @property
    def _left(self) -> int:
        """Bytes that there are for textures."""
        return max(self.total - self.rest, 1)

    @property
    def _is_small(self) -> bool:
        """Whether trying more costs next to nothing."""
        return len(self.curves) <= FEW and sum(curve.texels for curve in self.curves.values()) <= _SMALL

    def _divide(self) -> dict[int, int]:
        """Return what the curves, as far as they are known, say about shares."""
        numbers, curves = list(self.curves), list(self.curves.values())
        if self._is_small:  # all may be changed, as trying costs next to nothing
            return dict(zip(numbers, divide(curves, self._left)))
        if not self.colors:
            return dict(zip(numbers, divide(curves, self._left * _AIM)))
        colors = [self.colors[number] for number in numbers]
        room = self._left * _AIM - sum(curve.sizes[k - 2] for curve, k in zip(curves, colors))
        change = divide_among_fewest if abs(room) <= _LITTLE * self._left else divide
        return dict(zip(numbers, change(curves, self._left * _AIM, colors)))

    def _choose(self) -> None:
        """Choose among what was tried."""
        known = {number: curve.of_known() for number, curve in self.curves.items()}
        self.colors = dict(zip(known, divide(list(known.values()), self._left)))

    def _try_neighbors(self, attempt: Attempt, progress: Progress) -> bool:
        """Try some more and fewer colours of each; return whether any of these was not tried before."""
        near = [
            {number: colors + step for number, colors in self.colors.items()}
            for step in (-3, -2, -1, 1, 2, 3)
        ]
        is_new = [self._try(colors, attempt, portion(progress, 1.0, 1.0)) for colors in near]
        self._choose()
        return any(is_new)

    def _try(self, colors: dict[int, int], attempt: Attempt, progress: Progress) -> bool:
        """Reduce textures to numbers of colours that were not tried before; return whether there were any.

        Of numbers that a texture cannot have the nearest one is tried.
        """
        possible = {n: min(max(k, self.curves[n].least), MAX_COLORS) for n, k in colors.items()}
        new = {number: k for number, k in possible.items() if (number, k) not in self._tried}
        found = attempt(new, progress) if new else {}
        for number, k in new.items():
            self._tried.add((number, k))
            if number in found:
                self.curves[number] = self.curves[number].through(k, *found[number])
            else:
                del self.curves[number]
        return bool(new)


def check_recipe(recipe: Recipe) -> None:
    """Raise `InvalidArgumentError` if a recipe says a number of colours, or what to choose one for."""
    said = "colors" if recipe.settings.colors != Settings().colors else ""
    if recipe.goal is not None:
        said = next(name for name, value in vars(recipe.goal).items() if value)
    if recipe.palette is not None:
        said = "palette"
    if said:
        raise InvalidArgumentError(
            f"a budget chooses the number of colours of each texture; leave out {said}"
        )


def measure(texture: Texture, recipe: Recipe, limits: Limits | None = None) -> Curve:
    """Return about what each number of colours costs of a texture that is reduced by a recipe.

    Raises
    ------
    RgbcloudError
        If it cannot be read, or the recipe does not fit it.
    """
    limits = limits or Limits()
    first, *others = open_images(texture, recipe)
    image = first.read(limits)
    counts = Counts.of(image, first.read_mask(image, limits), first.host)
    counts = Counts.added_up([counts, *(other.count(limits, silent) for other in others)])
    space = counts.content(recipe).space.color_space
    histogram = counts.histogram.to_display(space)
    texels = image.size[0] * image.size[1] * len(texture.members)
    curve = curve_of(histogram, image.to_display(space), texels)
    curve.sizes[: max(len(recipe.settings.locked) - 2, 0)] = np.inf
    return curve


def bytes_of(text: str) -> int:
    """Return the number of bytes that a text such as ``200MB`` names, in powers of 1000.

    Raises
    ------
    InvalidArgumentError
        If it names none.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(|k|M|G)(?:B|b)?", text.strip())
    number = round(float(match[1]) * {"": 1, "k": 1e3, "M": 1e6, "G": 1e9}[match[2]]) if match else 0
    if number < 1:
        raise InvalidArgumentError(f"{text!r} is no number of bytes, such as 800000, 200MB or 1.5GB")
    return number
