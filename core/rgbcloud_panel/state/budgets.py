"""One budget of bytes for the chosen textures: each gets as many colours as its share pays for."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from rgbcloud import CancelledError, InvalidArgumentError, LargerResultError, Output, RgbcloudError
from rgbcloud import reduce_texture as write_reduced
from rgbcloud.budget import Budget, bytes_of, measure
from rgbcloud.progress import portion, portions
from rgbcloud_panel.work.background import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rgbcloud import Progress, Recipe, Texture
    from rgbcloud_panel.host import PanelTexture
    from rgbcloud_panel.state.session import Session


class Budgets:
    """Divides a budget among the chosen textures, which are reduced afterwards as any others."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._budget: Budget | None = None
        self._divided: list[object] = []  # what was chosen then, and what was made of it

    @property
    def can_divide(self) -> bool:
        """Whether there are textures that have palettes of their own, and none is being written."""
        session = self._session
        return bool(session.chosen) and not session.shares and not session.is_writing

    @property
    def divided(self) -> Budget | None:
        """What was divided last, as long as the chosen textures are as that left them."""
        return self._budget if self._chosen() == self._divided else None

    def _chosen(self) -> list[object]:
        states = [(ref.key, self._session.state_of(ref)) for ref in self._session.chosen]
        return [(key, state.look, state.mask) for key, state in states]

    def divide(self, text: str) -> None:
        """Divide so many bytes, such as ``200 MB``: each chosen texture gets the colours of its share."""
        session = self._session
        if not self.can_divide:
            return
        refs = session.chosen
        try:
            budget = Budget(bytes_of(text))
            sources = [self._source(ref) for ref in refs]
        except RgbcloudError as error:
            session.tell(Message.of_error(error))
            return
        budget.names = dict(enumerate(ref.name for ref in refs))

        def finish(errors: list[str]) -> None:
            session.give_colors({refs[n].key: share.colors for n, share in budget.shares.items()})
            self._budget, self._divided = budget, self._chosen()
            told = " ".join(errors) or "Each has the colours that its share pays for; Reduce writes them."
            session.tell(Message(told, is_error=bool(errors)))
            session.events.emit("settings")

        session.background.show("write", 0.0, "looking at what colours cost")
        work = partial(_divide, budget, sources)
        session.background.run("write", work, finish, lambda error: session.tell(Message.of_error(error)))

    def _source(self, ref: PanelTexture) -> tuple[Texture, Recipe]:
        state = self._session.state_of(ref)
        if ref.texture is None:
            raise InvalidArgumentError(ref.problem)
        if state.look.edited is not None:
            told = "its palette was made by hand, and a budget chooses the number of colours"
            raise InvalidArgumentError(f"{ref.name}: {told}; reset it, or leave it out")
        return ref.texture, state.look.recipe(state.mask)


def _divide(budget: Budget, sources: list[tuple[Texture, Recipe]], progress: Progress) -> list[str]:
    """Divide a budget, in any thread; return what is wrong with the textures that are left out.

    Raises
    ------
    InvalidArgumentError
        If not even two colours for each texture fit.
    """
    errors: dict[int, str] = {}
    looking = portions(portion(progress, 0.0, 0.3), len(sources))
    for number, (source, part) in enumerate(zip(sources, looking)):
        part(0.0, "looking at what colours cost")
        try:
            budget.curves[number] = measure(*source)
        except RgbcloudError as error:
            errors[number] = str(error)

    def attempt(colors: Mapping[int, int], progress: Progress) -> dict[int, tuple[float, float]]:
        costs = {}
        for (number, k), part in zip(colors.items(), portions(progress, len(colors))):
            try:
                costs[number] = _cost(*sources[number], k, part)
            except CancelledError:  # noqa: PERF203 (the others go on)
                raise
            except RgbcloudError as error:
                errors[number] = str(error)
        return costs

    budget.fit(attempt, portion(progress, 0.3, 1.0))
    return list(errors.values())


def _cost(texture: Texture, recipe: Recipe, colors: int, progress: Progress) -> tuple[float, float]:
    """Return the bytes and the error of a texture with so many colours."""
    recipe = replace(recipe, settings=replace(recipe.settings, colors=colors))
    with tempfile.TemporaryDirectory(prefix="rgbcloud") as folder:
        try:
            made = write_reduced(texture, recipe, Output(folder), progress=progress)
        except LargerResultError:  # the original stays
            return sum(path.stat().st_size for path in texture.paths), 0.0
    reports = [member.report for member in made.members]
    return sum(report.bytes_after for report in reports), float(np.mean([report.mse for report in reports]))
