"""The images that a command line names: files, sets by their patterns, and - for standard input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import rgbcloud
from rgbcloud_app.terminal import STANDARD, STANDARD_INPUT, check_output, complain, standard_input

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud.images import PipedFile


class NamedImages:
    """What a command reads, all of it together.

    Parameters
    ----------
    images : sequence of str
        Paths, patterns such as ``wood.<UDIM>.png``, and ``-`` once at most.

    Raises
    ------
    ImageReadError
        If there is no such file.
    InvalidArgumentError
        See `rgbcloud.Texture.find`.
    """

    def __init__(self, images: Sequence[str]) -> None:
        if list(images).count(STANDARD) > 1:
            raise click.UsageError("standard input can be read once", click.get_current_context())
        self._images = [None if image == STANDARD else rgbcloud.Texture.find(image) for image in images]
        self.names = [STANDARD_INPUT if texture is None else texture.name for texture in self._images]
        """What messages call them."""

    @property
    def label(self) -> str:
        """What messages call all of them."""
        more = len(self.names) - 1
        return self.names[0] + (f" and {more} more" if more else "")

    @property
    def title(self) -> str:
        """The same, without folders."""
        return Path(self.names[0]).name + self.label[len(self.names[0]) :]

    def check_output(self, output: str, suffixes: Sequence[str], *, overwrite: bool) -> str:
        """See `rgbcloud_app.terminal.check_output`: no file of these may be the target."""
        sources = [path for texture in self._images if texture is not None for path in texture.paths]
        return check_output(output, sources, suffixes, overwrite=overwrite)

    def sources(self) -> list[rgbcloud.Texture | PipedFile]:
        """Return what `rgbcloud.count` reads; standard input is read to its end."""
        return [standard_input() if texture is None else texture for texture in self._images]

    def files(self) -> list[Path | PipedFile]:
        """Return every single file, those of sets in their order; standard input is read to its end."""
        files: list[Path | PipedFile] = []
        for texture in self._images:
            files += [standard_input()] if texture is None else texture.paths
        return files

    def tell(self, notes: Sequence[str]) -> None:
        """Complain of what sets lack, and of what is remarkable about all together."""
        for texture in self._images:
            if texture is not None and texture.missing:
                complain(f"{texture.name}: {texture.gaps}")
        for note in notes:
            complain(f"{self.label}: {note}")
