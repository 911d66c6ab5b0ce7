"""Recipe: all that is wanted of a reduction, in one value that goes through files, nodes and farms."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rgbcloud.counting.kind import asked_color_space
from rgbcloud.errors import ImageReadError, InvalidArgumentError, reason_of
from rgbcloud.fields import check_value, plain_number
from rgbcloud.palettes.palette import Palette
from rgbcloud.settings import FIELDS, Settings, field_of
from rgbcloud.textures.texture import Texture

if TYPE_CHECKING:
    from collections.abc import Iterable

_GOALS = tuple(known.name for known in FIELDS if known.part == "goal")
_SETTINGS = tuple(known.name for known in fields(Settings))
_OF_CLUSTERING = ("seed", "effort", "locked", "weight_power")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Goal:
    """What the number of colours is chosen for: one of these.

    Attributes
    ----------
    psnr : float or None
        The fewest colours that reach so many dB; see `Report`.
    max_bytes : int or None
        The most colours whose file is no larger.
    knee : bool, default False
        As many colours as pay off: the knee of the curve of error against number.
    delta_e : float or None
        The fewest colours whose mean colour difference over all texels (CIEDE2000) is no larger.

    Raises
    ------
    InvalidArgumentError
        If none or several are set, or a value is not above 0.
    """

    psnr: float | None = None
    max_bytes: int | None = None
    knee: bool = False
    delta_e: float | None = None

    def __post_init__(self) -> None:
        figures = {name: getattr(self, name) for name in ("psnr", "max_bytes", "delta_e")}
        if sum(figure is not None for figure in figures.values()) + self.knee != 1:
            msg = f"a goal must be one of psnr, max_bytes, knee and delta_e, got {self!r}"
            raise InvalidArgumentError(msg)
        for name, figure in figures.items():
            if figure is not None:
                check_value(field_of(name), figure)
                object.__setattr__(self, name, plain_number(field_of(name), figure))
            if figure == 0:
                raise InvalidArgumentError(f"{name} must be above 0, got {figure!r}")

    def tag(self) -> str:
        """Return what names of reduced files carry in the place of the number of colours."""
        if self.psnr is not None:
            return f"psnr{self.psnr:g}"
        if self.delta_e is not None:
            return f"de{self.delta_e:g}"
        return "knee" if self.knee else f"{self.max_bytes}bytes"

    def __str__(self) -> str:
        """Return it as a sentence names it."""
        if self.psnr is not None:
            return f"a PSNR of {self.psnr:g} dB"
        if self.delta_e is not None:
            return f"a mean dE2000 of {self.delta_e:g}"
        return "the knee of the curve" if self.knee else f"{self.max_bytes:,} bytes"


@dataclass(frozen=True)
class Recipe:
    """Everything that is wanted of a reduction. Equal recipes and sources give equal files.

    Attributes
    ----------
    settings : Settings
    palette : Palette, optional
        The colours to take, in their order, instead of clustering.
    like : Palette, optional
        Of the version before: new colours get the indices of those that they stand for.
    mask : str
        An image, or a set of the same tiles or frames by its pattern: white texels count, black ones do not,
        for palette and report alike. Or a mesh (see `rgbcloud.surface.MESH_SUFFIXES`): texels count by the
        surface that they stand for. Empty: all count.
    goal : Goal, optional
        Chooses the number of colours instead of `settings.colors`.

    Raises
    ------
    InvalidArgumentError
        If there is more than one way to come to a palette.

    Examples
    --------
    >>> recipe = Recipe.of(colors=7, dither="bayer")
    >>> recipe.tag(), Recipe.from_json(recipe.to_json()) == recipe
    ('k7.bayer', True)
    """

    settings: Settings = field(default_factory=Settings)
    palette: Palette | None = None
    like: Palette | None = None
    mask: str = ""
    goal: Goal | None = None

    def __post_init__(self) -> None:
        if self.goal is not None and self.settings.recolored:
            msg = "recolored changes colours of a palette that is known; leave it out, or the goal"
            raise InvalidArgumentError(msg)
        if self.palette is None:
            return
        if self.like is not None or self.goal is not None:
            raise InvalidArgumentError("palette takes its colours as they are; leave out like and goals")
        # What a palette is clustered by says nothing here: two such recipes are the same one.
        defaults = {name: getattr(Settings(), name) for name in _OF_CLUSTERING}
        settings = replace(self.settings, colors=len(self.palette), **defaults)
        object.__setattr__(self, "settings", settings)

    @classmethod
    def of(cls, **values: Any) -> Recipe:
        """Return the recipe of values by the names of `FIELDS`; what is left out takes its default.

        Parameters
        ----------
        **values
            Palettes may be files' paths, or the patterns of sets that share one. None, and an empty path, are
            as good as left out.

        Raises
        ------
        InvalidArgumentError
            If a name or a value is none of a field's, or one value says nothing beside another.
        PaletteReadError
            If a palette file cannot be read.
        MissingDependencyError
            If an OpenColorIO configuration is named, and OpenColorIO is not installed.
        """
        unknown = values.keys() - {known.name for known in FIELDS}
        if unknown:
            names = ", ".join(known.name for known in FIELDS)
            raise InvalidArgumentError(f"{', '.join(sorted(unknown))} is no field of a recipe; take {names}")
        # Not `in`, by which the figure 0 is False: a goal of 0 is one to refuse, not one to leave out.
        given = {
            name: value
            for name, value in values.items()
            if value is not None and value is not False and value != ""
        }
        _check_together(given)
        goal = {name: given[name] for name in _GOALS if name in given}
        mask = given.get("mask", "")
        settings = Settings(**{name: values[name] for name in _SETTINGS if values.get(name) is not None})
        asked_color_space(settings)  # which says at once that no one knows a name
        return cls(
            settings,
            _palette(given.get("palette")),
            _palette(given.get("like")),
            os.fspath(mask),
            Goal(**goal) if goal else None,
        )

    def tag(self) -> str:
        """Return what names of reduced files carry: the settings' tag, a goal in the place of its number.

        Results of two given palettes have two names, and so have those of two palettes to be like, or of two
        masks by their paths.
        """
        tag = self.settings.tag()
        if self.palette is not None:
            tag += f".pal{_values_digest(self.palette)[:6]}"
        if self.like is not None:
            tag += f".like{_values_digest(self.like)[:6]}"
        if self.mask:
            tag += f".mask{_sha1(os.fsencode(Path(self.mask).absolute()))[:6]}"
        return tag if self.goal is None else tag.replace(f"k{self.settings.colors}", self.goal.tag(), 1)

    def mask_for(self, texture: Texture) -> list[Path | None]:
        """Return the file that masks each member of a texture.

        Raises
        ------
        ImageReadError
            If there is no such mask.
        InvalidArgumentError
            If a member has none.
        """
        if not self.mask:
            return [None] * len(texture.members)
        mask = Texture.find(self.mask)
        _check_files(mask.paths)
        return [mask.member_like(member) for member in texture.members]

    def digest(self) -> str:
        """Return a digest of all that decides what a result holds, but for the source: 64 hex digits.

        Raises
        ------
        ImageReadError
            If the mask cannot be read.
        """
        import hashlib  # which takes a while

        values = self._values()
        del values["settings"]["skip_larger"]  # which decides whether there is a result
        if self.mask:
            mask = Texture.find(self.mask)
            values["mask"] = [digest_of(mask.paths), [(member.tile, member.frame) for member in mask.members]]
        config = self.settings.ocio or os.environ.get("OCIO", "")
        if config:
            # One that is said has the first word on names, that of the environment only what is left open.
            name = "ocio" if self.settings.ocio else "OCIO"
            values["settings"][name] = digest_of([Path(config)]) if Path(config).is_file() else config
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """Return the recipe as one line of JSON."""
        return json.dumps(self._values())

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Return the recipe that `to_json` wrote.

        Raises
        ------
        InvalidArgumentError
            If the text is not such JSON, or a value is out of range.
        """
        from rgbcloud.palettes.palette_text import palette_of_dict  # only palettes need it

        try:
            values = json.loads(text)
            palette, like = (values[name] and palette_of_dict(values[name]) for name in ("palette", "like"))
            goal = values["goal"] and Goal(**values["goal"])
            return cls(Settings(**values["settings"]), palette, like, values["mask"], goal)
        except InvalidArgumentError:
            raise
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            shown = text if len(text) < 80 else f"{text[:77]}…"
            msg = f"a recipe must be a JSON object as Recipe.to_json writes it, got {shown!r}"
            raise InvalidArgumentError(msg) from error

    def _values(self) -> dict[str, Any]:
        from rgbcloud.palettes.palette_text import palette_dict  # only palettes need it

        return {
            "settings": asdict(self.settings),
            "palette": self.palette and palette_dict(self.palette),
            "like": self.like and palette_dict(self.like),
            "mask": self.mask,
            "goal": self.goal and asdict(self.goal),
        }


def _palette(given: Any) -> Palette | None:
    if given is None or isinstance(given, Palette):
        return given
    from rgbcloud.textures.shared_palettes import load_shared_palette  # only files of palettes need it

    return load_shared_palette(given)


def _values_digest(palette: Palette) -> str:
    return _sha1(palette.colors.tobytes() + palette.values.tobytes())


def _sha1(data: bytes) -> str:
    import hashlib  # which takes a while

    return hashlib.sha1(data).hexdigest()


def _check_together(given: dict[str, Any]) -> None:
    """Raise `InvalidArgumentError` where a value says nothing beside another one."""
    changed = {
        name for name, value in given.items() if name not in _SETTINGS or value != getattr(Settings(), name)
    }
    goals = sorted(changed.intersection(_GOALS))
    if len(goals) > 1:
        raise InvalidArgumentError(f"a goal must be one of {', '.join(_GOALS)}, got {' and '.join(goals)}")
    for name, others, reason in (
        ("palette", ("like", *_OF_CLUSTERING, *_GOALS), "takes its colours as they are"),
        ("palette", ("colors",), "has its own number of colours"),
    ):
        idle = sorted(changed.intersection(others))
        if name in changed and idle:
            raise InvalidArgumentError(f"{name} {reason}; leave out {', '.join(idle)}")
    if goals and "colors" in changed:
        raise InvalidArgumentError(f"{goals[0]} chooses the number of colours; leave out colors")
    dither = given.get("dither", "none")
    if dither == "none" and "dither_strength" in changed:
        raise InvalidArgumentError("dither_strength says nothing without a dither; choose one")
    if dither != "floyd-steinberg" and "serpentine" in changed:
        raise InvalidArgumentError("serpentine is how floyd-steinberg goes; choose that dither")
    kind = given.get("kind", "auto")
    if kind == "labels" and dither != "none":
        raise InvalidArgumentError("labels are never dithered; leave out dither, or choose another kind")
    if kind not in ("auto", "color") and given.get("space", "srgb") != "srgb":
        raise InvalidArgumentError(f"space is about colours, and kind is {kind}; leave one of them out")


def _check_files(files: Iterable[Path]) -> None:
    """Raise `ImageReadError` where a file is a pipe: what is read twice would be empty, or never come."""
    for file in files:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise ImageReadError(f"{file} is a pipe, which can be read only once; save it as a file first")


def digest_of(files: Iterable[Path]) -> str:
    """Return a digest of the contents of files, in their order: 64 hex digits.

    Raises
    ------
    ImageReadError
        If one cannot be read, or is a pipe.
    """
    import hashlib  # which takes a while

    together = hashlib.sha256()
    files = list(files)
    _check_files(files)
    for file in files:
        each = hashlib.sha256()
        try:
            with file.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    each.update(block)
        except OSError as error:
            raise ImageReadError(f"{file} cannot be read: {reason_of(error)}") from error
        together.update(each.digest())
    return together.hexdigest()
