"""Fitting many textures into one budget: by curves first, and then by what files really take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, Literal, NamedTuple

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
_DELTA_E = 0.25  # of the root of the mean squared error


class Share(NamedTuple):
    """What one texture got of a budget."""

    colors: int
    bytes: int
    error: float


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

    figure: Literal["mse", "delta_e"] = "mse"
    """Of a report: the error that is meant."""
    _shown = "MSE"

    def __init__(self, total: float) -> None:
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
        return {
            number: Share(self.colors[number], round(size), error) for number, (size, error) in known.items()
        }

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
            is_close = _CLOSE * self.total <= self.used <= self.total
            if not is_new or (is_close and not self._is_small):
                break
        while self.used > self.total and self._try(self._spare(), attempt, part):
            self._choose()
        self.check()

    @property
    def used(self) -> float:
        """What is used of the total."""
        return self.spent

    def _spare(self) -> dict[int, int]:
        """Return numbers of colours that use less than those that there are."""
        return {number: colors * 3 // 4 for number, colors in self.colors.items()}

    def _turn(self, curve: Curve) -> Curve:
        """Return the curve whose sizes are what is divided, and whose errors are to be least."""
        return curve

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
        lines = [f"{'texture':<{wide}} {'colours':>8} {'bytes':>12} {self._shown:>10}"]
        lines += [
            f"{self.names[number]:<{wide}} {share.colors:>8} {share.bytes:>12,} {share.error:>10.2f}"
            for number, share in self.shares.items()
        ]
        if self.rest:
            lines.append(f"{self.rest_name:<{wide}} {'':>8} {self.rest:>12,}")
        return [*lines, f"{'together':<{wide}} {'':>8} {self.spent:>12,} {self._of_total()}", self._more()]

    def _of_total(self) -> str:
        return f"({self.spent / self.total:.1%} of {self.total:,})"

    def _more(self) -> str:
        return f"one more megabyte would lower the error by {self.gain:.1%}"

    @property
    def _left(self) -> float:
        """What there is for textures."""
        return max(self.total - self.rest, 1)

    @property
    def _is_small(self) -> bool:
        """Whether trying more costs next to nothing."""
        return len(self.curves) <= FEW and sum(curve.texels for curve in self.curves.values()) <= _SMALL

    def _divide(self) -> dict[int, int]:
        """Return what the curves, as far as they are known, say about shares."""
        numbers, curves = list(self.curves), [self._turn(curve) for curve in self.curves.values()]
        if self._is_small:  # all may be changed, as trying costs next to nothing
            return dict(zip(numbers, divide(curves, self._left)))
        if not self.colors:
            return dict(zip(numbers, divide(curves, self._left * _AIM)))
        colors = [self.colors[number] for number in numbers]
        room = self._left * _AIM - sum(curve.sizes[curve.place_of(k)] for curve, k in zip(curves, colors))
        change = divide_among_fewest if abs(room) <= _LITTLE * self._left else divide
        return dict(zip(numbers, change(curves, self._left * _AIM, colors)))

    def _choose(self) -> None:
        """Choose among what was tried."""
        known = {number: self._turn(curve).of_known() for number, curve in self.curves.items()}
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


class QualityBudget(Budget):
    """A colour difference that all textures together may have, divided so that their files are smallest.

    Parameters
    ----------
    total : float
        CIEDE2000: the mean of all texels, by how much they count.
    """

    figure = "delta_e"
    _shown = "dE2000"

    @property
    def used(self) -> float:
        """The mean difference of all."""
        shares = self.shares
        weights = {number: self.curves[number].texels for number in shares}
        return sum(weights[n] * share.error for n, share in shares.items()) / (sum(weights.values()) or 1)

    @property
    def gain(self) -> float:
        """By which part of themselves files would shrink if the difference could be a tenth larger."""
        curves = [self._turn(curve) for curve in self.curves.values()]
        return gain_of_more(curves, [self.colors[number] for number in self.curves], self._left / 10)

    def check(self) -> None:
        """Raise `InvalidArgumentError` if more is lost than may be."""
        if self.used > self.total:
            msg = f"with {MAX_COLORS} colours each the difference comes to {self.used:.2f}"
            raise InvalidArgumentError(f"no palettes reach max_delta_e {self.total:g}: {msg}; ask for less")

    def _turn(self, curve: Curve) -> Curve:
        return curve.turned()

    def _spare(self) -> dict[int, int]:
        return {number: colors * 4 // 3 + 1 for number, colors in self.colors.items()}

    @property
    def _left(self) -> float:
        return self.total * sum(curve.texels for curve in self.curves.values())

    def _of_total(self) -> str:
        return f"(dE2000 {self.used:.3g} of {self.total:g})"

    def _more(self) -> str:
        return f"a difference a tenth larger would make the files smaller by {self.gain:.1%}"


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


def measure(
    texture: Texture,
    recipe: Recipe,
    limits: Limits | None = None,
    figure: Literal["mse", "delta_e"] = "mse",
) -> Curve:
    """Return about what each number of colours costs of a texture that is reduced by a recipe.

    Parameters
    ----------
    texture : Texture
    recipe : Recipe
    limits : Limits, optional
    figure : {"mse", "delta_e"}
        The error that is meant.

    Raises
    ------
    RgbcloudError
        If it cannot be read, the recipe does not fit it, or it has no colours to differ.
    """
    limits = limits or Limits()
    first, *others = open_images(texture, recipe)
    image = first.read(limits)
    counts = Counts.of(image, first.read_mask(image, limits), first.host)
    counts = Counts.added_up([counts, *(other.count(limits, silent) for other in others)])
    content = counts.content(recipe)
    space = content.space.color_space
    if figure == "delta_e" and content.kind != "color":
        msg = f"max_delta_e is about colours, and {texture.name} was taken for {content.kind}"
        raise InvalidArgumentError(f"{msg}; leave it out, or say its kind")
    histogram = counts.histogram.to_display(space)
    texels = image.size[0] * image.size[1] * len(texture.members)
    curve = curve_of(histogram, image.to_display(space), texels)
    if figure == "delta_e":  # which grows about as the root of the squared error
        curve = replace(curve, errors=_DELTA_E * np.sqrt(curve.errors * curve.texels))
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
