"""What a publisher hands over: an instance with files, and what is asked of these."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rgbcloud import load_palette
from rgbcloud.errors import RgbcloudError
from rgbcloud.images import FORMATS
from rgbcloud_app.checks.rules import Finding, Rules, check_texture

if TYPE_CHECKING:
    from collections.abc import Collection

KEY = "rgbcloud"
"""Where an instance, or its context, says what is asked of its textures."""


def check_instance(instance: Any, names: Collection[str]) -> None:
    """Check the textures among the files of an instance.

    Parameters
    ----------
    instance : pyblish.api.Instance
        ``instance.data["files"]`` are paths; relative ones belong to ``instance.data["stagingDir"]``.
    names : collection of str
        Of those rules that are to be looked at.

    Raises
    ------
    ValueError
        If a texture breaks a rule: the message tells all that do, and how.
    """
    asked = {**instance.context.data.get(KEY, {}), **instance.data.get(KEY, {})}
    asked = {name: value for name, value in asked.items() if name in names and value is not None}
    if not asked:
        return
    palette = asked.pop("palette", None)
    if palette is not None:
        asked.update(palette=load_palette(palette), palette_name=str(palette))
    rules = Rules(**asked)
    found = [_check(file, rules) for file in _textures(instance)]
    wrong = [line for finding in found if not finding.is_well for line in finding.lines()]
    if wrong:
        raise ValueError("\n".join(wrong))


def _check(file: Path, rules: Rules) -> Finding:
    try:
        return check_texture(file, rules)
    except RgbcloudError as error:
        return Finding(str(file), (str(error),))


def _textures(instance: Any) -> list[Path]:
    """Return the files of an instance that are images by their names."""
    folder = Path(instance.data.get("stagingDir") or "")
    files = [folder / file for file in instance.data.get("files", ())]
    return [file for file in files if file.suffix.lower() in FORMATS]
