"""What was decided, in a few words for the headings of folded settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rgbcloud.color import SRGB
from rgbcloud.errors import printable
from rgbcloud_panel.state.outputs import file_size

if TYPE_CHECKING:
    from rgbcloud.counting import Content
    from rgbcloud_panel.state.session import Session

_KINDS = {
    "auto": "guessed from its name",
    "color": "colours",
    "data": "data",
    "normal": "normal map",
    "labels": "labels, masks, IDs",
}
_DITHERS = {"floyd-steinberg": "Floyd-Steinberg", "bayer": "Bayer", "blue-noise": "blue noise"}


def _content(session: Session) -> Content | None:
    """Return what the texture holds, as far as that is known already."""
    counted = session.state.counted
    return None if counted is None else counted.known_content(session.state.look.recipe())


def texture_type(session: Session) -> str:
    """Return what the texture holds, and how that is known."""
    kind, content = session.settings.kind, _content(session)
    if kind != "auto":
        return f"{_KINDS[kind]} (chosen)"
    if content is None:
        return _KINDS[kind]
    return _KINDS[content.kind] + ("" if content.kind == "color" else " (from its name)")


def color_space(session: Session) -> str:
    """Return what stored colours are, and what says so."""
    settings, content = session.settings, _content(session)
    if settings.color_space:
        return f"{settings.color_space} (chosen)"
    if settings.linear is not None:
        return f"{'linear' if settings.linear else 'sRGB'} (chosen)"
    if content is None:
        return "as the file says"
    if content.kind != "color":
        return "none: it holds numbers"
    by = f" (from {content.colors_by})" if content.colors_by else ""
    found = content.space.color_space
    return ("sRGB" if found == SRGB else found.name) + by


def size(session: Session) -> str:
    """Return how large it is to be, and what a host holds then."""
    report, settings = session.state.report, session.settings
    asked: str = "as it is" if settings.scale == "1" else settings.scale
    asked = f"at most {settings.max_size:,}" if settings.max_size else asked
    asked += f" x {settings.enlarge}" if settings.enlarge > 1 else ""
    return asked + ("" if report is None else f", {file_size(report.memory_after)} in memory")


def accents(session: Session) -> str:
    """Return how much more rare colours weigh."""
    power = session.settings.weight_power
    return "off" if power == 1 else f"{1 - power:.0%}"


def dither(session: Session) -> str:
    """Return which dither, and how much of it."""
    settings = session.settings
    if settings.dither == "none":
        return "none"
    strength = "" if settings.dither_strength == 1 else f", {settings.dither_strength:.0%}"
    return _DITHERS[settings.dither] + strength


def mask(session: Session) -> str:
    """Return which mask there is."""
    return printable(Path(session.mask).name) if session.mask else "none"


def file(session: Session) -> str:
    """Return how the file is written."""
    settings = session.settings
    return ("indexed" if settings.indexed else "RGB") + (", squeezed" if settings.squeeze else "")


def advanced(session: Session) -> str:
    """Return what is not as it is usually."""
    settings = session.settings
    parts: list[str] = [] if settings.space == "srgb" else [settings.space]
    parts += [] if settings.effort == "normal" else [f"effort {settings.effort}"]
    parts += [] if settings.seed == 0 else [f"seed {settings.seed}"]
    return ", ".join(parts)
