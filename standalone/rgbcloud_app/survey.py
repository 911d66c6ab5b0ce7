"""What ``rgbcloud info`` finds out: of each image, of all of them together, and which cannot be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import rgbcloud
from rgbcloud.counting import resample
from rgbcloud.errors import InvalidArgumentError, RgbcloudError
from rgbcloud_app.assets.asset import asset_facts
from rgbcloud_app.image_facts import FactsOfAll, ImageFacts
from rgbcloud_app.terminal import complain, progress_bar

if TYPE_CHECKING:
    from pathlib import Path

    from rgbcloud import Recipe
    from rgbcloud.images import PipedFile
    from rgbcloud_app.image_facts import ErrorCurve
    from rgbcloud_app.named_images import NamedImages


class Survey:
    """What is known of images, read one after the other; their notes are told meanwhile.

    Parameters
    ----------
    named : NamedImages
    recipe : Recipe
        Tells what their colours are.
    max_pixels : int
        Larger images are not read.

    Attributes
    ----------
    told : list of tuple
        Values for JSON, and the same in lines for people: of each asset, each image, and of all together.
    failures : list of RgbcloudError
        Why images could not be read.
    notes : list of str
        What is remarkable about all together.

    Raises
    ------
    RgbcloudError
        If there is but one image, and it cannot be read.
    """

    def __init__(self, named: NamedImages, recipe: Recipe, max_pixels: int) -> None:
        self._named, self._recipe, self._max_pixels = named, recipe, max_pixels
        self.told: list[tuple[dict[str, object], list[str]]] = [asset_facts(asset) for asset in named.assets]
        self.failures = list(named.failures)
        self._together = FactsOfAll()
        self._different: InvalidArgumentError | None = None
        self._curve: ErrorCurve | None = None
        files = named.files()
        for file in files:
            self._add(file, is_alone=len(files) == 1 and not self.failures)
        if self._together.files > 1 and self._different is None:
            with progress_bar(named.label) as progress:
                self._curve = self._together.curve(named.label, progress)
            values = {"sources": named.names, **self._together.as_dict(self._curve)}
            self.told.append((values, self._together.lines(self._curve)))

    @property
    def notes(self) -> list[str]:
        """What is remarkable about all together."""
        return [] if self._different is None else [str(self._different)]

    def curve(self) -> ErrorCurve:
        """Return the error of every number of colours, of all images together.

        Raises
        ------
        InvalidArgumentError
            If their depths differ.
        """
        if self._different is not None:
            raise self._different
        assert self._curve is not None
        return self._curve

    def _add(self, file: Path | PipedFile, *, is_alone: bool) -> None:
        try:
            with progress_bar(str(getattr(file, "name", file))) as progress:
                all_frames = self._recipe.settings.frames == "all"
                image = rgbcloud.read(file, max_pixels=self._max_pixels, all_frames=all_frames)
                image = resample(image, self._recipe.settings)
                shown = replace(image, name=self._named.display_name(image))
                facts = ImageFacts.of(shown, self._recipe, progress)
        except RgbcloudError as error:
            if is_alone:
                raise
            self.failures.append(error)
            return
        self.told.append((facts.as_dict(), facts.lines()))
        self._curve = facts.curve
        for note in facts.notes:
            complain(f"{facts.image.name}: {note}")
        try:
            self._together.add(facts)
        except InvalidArgumentError as error:
            self._different = error
