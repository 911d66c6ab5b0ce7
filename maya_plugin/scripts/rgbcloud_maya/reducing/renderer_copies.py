"""Renderers' copies of images, such as ``.tx``: which are older, and made anew where it is plain how.

A ``.tx`` holds in its ``Software`` the command line that made it (OpenImageIO's maketx.cpp; what Arnold has
there: index ids 33293227427 and 14077928620). OpenImageIO's package has that command, too: it is run again
with the very same options, where these are such as make a texture. Nothing here knows Maya.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SUFFIXES = (".tx", ".tex", ".rstexbin")
_COMMAND = re.compile(r"OpenImageIO\S* \S+ : (?:\S*[\\/])?maketx(?:\.exe)? (.+)", re.DOTALL)
_OPTIONS = {
    0: "v u oiio prman prman-metadata separate resize noresize keepaspect hicomp nomipmap checknan fullpixels"
    " constant-color-detect monochrome-detect opaque-detect no-compute-average ignore-unassoc unpremult"
    " sansattrib history no-history runstats",
    1: "o threads format nchannels chnames d compression fovcot wrap swrap twrap filter sharpen fixnan"
    " colorconfig handed",
    2: "tile attrib sattrib colorconvert",
}
"""Of `maketx --help`, by how many values they take: what makes of one image a texture like others."""
_COUNTS = {name: count for count, names in _OPTIONS.items() for name in names.split()}
_MADE_ANEW = ("o", "threads", "runstats", "history", "no-history")  # said otherwise when it is run again
_FORM = ("compression", "textureformat", "wrapmodes")
_LOADERS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # where Maya's own libraries are, of other versions


class Copies(NamedTuple):
    """What became of copies that were older than their images."""

    stale: list[Path]
    made_anew: list[Path]


def stale_copies(paths: Sequence[Path]) -> list[Path]:
    """Return renderers' copies of images that are older than these.

    Names: deadline-cloud-for-maya's assets.py (wood.tx beside wood.png), RenderMan's wood.png.tex, Redshift's
    wood.rstexbin.
    """
    stale = []
    for path in paths:
        names = [path.with_suffix(suffix) for suffix in _SUFFIXES]
        names += [path.with_name(path.name + suffix) for suffix in _SUFFIXES]
        stale += [name for name in names if name != path and name.is_file() and _is_older(name, path)]
    return stale


def _is_older(path: Path, other: Path) -> bool:
    try:
        return path.stat().st_mtime_ns < other.stat().st_mtime_ns
    except OSError:  # one of them went meanwhile
        return False


def warning_of(stale: Sequence[Path]) -> str:
    """Return a sentence about copies that are older, "" if there are none."""
    if not stale:
        return ""
    shown = ", ".join(map(str, stale[:3])) + (f" and {len(stale) - 3} more" if len(stale) > 3 else "")
    return f"{shown}: older than the image, and a renderer may show it instead; make it anew, or delete it"


def renew_copies(paths: Sequence[Path], config: str) -> Copies:
    """Make older copies of images anew as they were made, or leave them as they are.

    Parameters
    ----------
    paths : sequence of Path
        Images that are ours: nothing beside those of others is written to.
    config : str
        The OpenColorIO configuration that names of colour spaces are taken from which were converted without
        naming one, as Arnold takes the scene's (index id 30558312821); "" if none is known.
    """
    copies = Copies([], [])
    for image in paths:
        for copy in stale_copies([image]):
            (copies.made_anew if _is_made_anew(copy, image, config) else copies.stale).append(copy)
    return copies


def _is_made_anew(copy: Path, image: Path, config: str) -> bool:
    """Replace a copy by one that was made of the image as it is now; return whether that was possible."""
    try:
        import OpenImageIO
    except ImportError:
        return False
    tool = Path(OpenImageIO.__file__).with_name("bin") / ("maketx.exe" if os.name == "nt" else "maketx")
    form = _form_of(copy)
    options = form and _options_of(form[0], image.name, config)
    if options is None or form is None or not tool.is_file():
        return False
    try:
        with tempfile.TemporaryDirectory(prefix=".rgbcloud", dir=copy.parent) as folder:
            made = Path(folder) / copy.name
            subprocess.run(
                [tool, image, *options, "--history", "-o", made],
                env={name: value for name, value in os.environ.items() if name not in _LOADERS},
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            anew = _form_of(made)
            if anew is None or anew[1:] != form[1:]:
                return False
            made.replace(copy)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _options_of(software: str, name: str, config: str) -> list[str] | None:
    """Return the options that a texture of an image of a name was made by; None if they are not plain."""
    command = _COMMAND.fullmatch(software.strip())
    if command is None:
        return None
    lexer = shlex.shlex(command[1], posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        words = list(lexer)
    except ValueError:  # a quotation that does not end
        return None
    options, images = [], []
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            images.append(re.split(r"[\\/]", word)[-1])
            continue
        option = word.lstrip("-")
        count = _COUNTS.get(option)
        if count is None or count > len(words):
            return None
        values, words = words[:count], words[count:]
        if option not in _MADE_ANEW:
            options += [f"-{option}" if len(option) == 1 else f"--{option}", *values]
    if images != [name]:
        return None
    if "--colorconvert" in options and "--colorconfig" not in options:
        if not config:
            return None  # names of colour spaces mean something in a configuration only
        options += ["--colorconfig", config]
    return options


def _form_of(path: Path) -> tuple[str, ...] | None:
    """Return what made an image file, and of what form it is; None if it is no such file."""
    import OpenImageIO

    opened = OpenImageIO.ImageInput.open(str(path))
    if opened is None:
        OpenImageIO.geterror()  # which would be told of later otherwise
        return None
    spec, name = opened.spec(), opened.format_name()
    opened.close()
    texts = (spec.get_string_attribute(attribute) for attribute in _FORM)
    return (spec.get_string_attribute("Software"), name, str(spec.format), *texts)
