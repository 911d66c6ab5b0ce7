"""Every field of a recipe, described once, and the settings that decide what a reduced texture holds.

The command line, `mayapy -m rgbcloud_maya`, Maya's flags and the panel's controls are made from `FIELDS`.
Nothing here needs numpy, so that help can be shown where that is missing.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from rgbcloud.errors import InvalidArgumentError, quote
from rgbcloud.fields import Field, check_value, checked_locked, checked_recolored, plain_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import DataclassInstance

MAX_COLORS = 256
MAX_SIDE = 1 << 20
MAX_ENLARGED = 64
MAX_SEED = (1 << 32) - 1
_LONGEST_NAME = 24  # letters and digits of a colour space in names of files


EffortName = Literal["normal", "best"]
SpaceName = Literal["srgb", "linear", "oklab", "cielab"]
FramesName = Literal["first", "all"]
AlphaName = Literal["auto", "opacity", "channel"]
KindName = Literal["auto", "color", "data", "normal", "labels"]
ScaleName = Literal["1", "1/2", "1/4", "1/8", "1/16"]
DitherName = Literal["none", "floyd-steinberg", "bayer", "blue-noise"]
_DITHER_TAGS: dict[DitherName, str] = {"floyd-steinberg": "fs", "bayer": "bayer", "blue-noise": "blue"}


_SPACE = "Where distances between colours are taken: oklab and cielab are nearer to what people see."
_WEIGHT_POWER = "A colour weighs its count to this power, 0 to 1: below 1, rare colours weigh more."
_LINEAR = "Whether colours are stored as linear light or sRGB; left out: as the file says."
_COLOR_SPACE = "What stored colours are, by name, such as ACEScg or Display P3; left out: as the file says."
_OCIO = "OpenColorIO configuration, for its colour spaces and file rules; left out: $OCIO."
_INDEXED = "Write palette indices where the format has them, which is lighter, or RGB(A) texels."
_STRIP = "Leave out resolution, Exif, text and whatever else says nothing of what colours are."
_FRAMES = "Reduce the first frame of an animated GIF, PNG or WebP, or all with one palette, timing kept."
_ALPHA = "Whether alpha is opacity, by which texels count, or a channel like others; auto: as names say."
_MAX_SIZE = "Make textures smaller whose longer side has more texels than this, before all else; 0: none."
_SCALE = "Make textures smaller, before all else: only that takes less of a graphics card's memory."
_ENLARGE = "Write each texel so many times as wide and as high, without a filter: pixels that show."
_SKIP_LARGER = "Leave a texture as it is whose result would take more space than its source."
_MASK = (
    "Let texels count that are white in this image, or this set by its pattern, and black ones not; or each "
    "as much as it shows of a mesh that wears the texture (.glb, .obj, .usd)."
)
_DELTA_E = "Choose the fewest colours whose mean colour difference (CIEDE2000) is no larger."
_LOCKED = "Keep this colour, such as #ff8000, in the palette as it is; may be given again."
_RECOLORED = (
    "Write a palette colour as another one, such as #00ff00, or '0.25 0.5 1' in a file's own numbers."
)
_EFFORTS = ("normal", "best")
_SPACES = ("srgb", "linear", "oklab", "cielab")
_KINDS = ("auto", "color", "data", "normal", "labels")
_ALPHAS = ("auto", "opacity", "channel")
_SCALES = ("1", "1/2", "1/4", "1/8", "1/16")
_DITHERS = ("none", "floyd-steinberg", "bayer", "blue-noise")

FIELDS = (
    Field(
        "colors", "integer", "palette", "cl", "Colours of the palette, 1 to 256.", least=1, most=MAX_COLORS
    ),
    Field("seed", "integer", "palette", "sd", "Of the random starts of k-means.", least=0, most=MAX_SEED),
    Field("effort", "choice", "palette", "ef", "best: an error a percent smaller takes longer.", _EFFORTS),
    Field("locked", "colors", "palette", "lk", _LOCKED, option="lock"),
    Field("weight_power", "number", "palette", "wp", _WEIGHT_POWER, least=0, most=1),
    Field("space", "choice", "palette", "spc", _SPACE, _SPACES),
    Field("kind", "choice", "palette", "kd", "What the texture holds; auto: what its name says.", _KINDS),
    Field("alpha", "choice", "palette", "alp", _ALPHA, _ALPHAS),
    Field("frames", "choice", "palette", "frm", _FRAMES, ("first", "all")),
    Field("max_size", "integer", "palette", "mxs", _MAX_SIZE, least=0, most=MAX_SIDE),
    Field("scale", "choice", "palette", "scl", _SCALE, _SCALES),
    Field("linear", "switch", "palette", "stl", _LINEAR, flag="storedLinear"),
    Field("color_space", "text", "palette", "csp", _COLOR_SPACE),
    Field("ocio", "text", "palette", "oci", _OCIO, flag="ocioConfig"),
    Field("recolored", "pairs", "texels", "rcl", _RECOLORED, option="recolor"),
    Field("dither", "choice", "texels", "dit", "Let texels make up for their neighbours' errors.", _DITHERS),
    Field("dither_strength", "number", "texels", "ds", "How much dithering does, 0 to 1.", least=0, most=1),
    Field("serpentine", "switch", "texels", "srp", "Let floyd-steinberg go back and forth: fewer worms."),
    Field("enlarge", "integer", "file", "enl", _ENLARGE, least=1, most=MAX_ENLARGED),
    Field("indexed", "switch", "file", "ix", _INDEXED),
    Field("squeeze", "switch", "file", "sq", "Compress PNGs further, for some seconds more."),
    Field("strip", "switch", "file", "stp", _STRIP),
    Field("skip_larger", "switch", "file", "skl", _SKIP_LARGER),
    Field("palette", "file", "source", "pal", "Take the colours of this palette file, in their order."),
    Field("like", "file", "source", "lke", "Keep the indices of this palette, of the version before."),
    Field("mask", "file", "source", "msk", _MASK),
    Field("psnr", "number", "goal", "psn", "Choose the fewest colours that reach so many dB.", least=0),
    Field("delta_e", "number", "goal", "dle", _DELTA_E, least=0),
    Field("max_bytes", "integer", "goal", "mxb", "Choose the most colours whose file is no larger.", least=0),
    Field("knee", "on", "goal", "kne", "Choose as many colours as pay off: the knee of the error curve."),
)
"""What a recipe is made of, in the order in which help lists it."""

_BY_NAME = {field.name: field for field in FIELDS}


def field_of(name: str) -> Field:
    """Return the field of a name."""
    return _BY_NAME[name]


@dataclass(frozen=True)
class Settings:
    """What decides the palette, the texels and the file of a reduced texture.

    Attributes
    ----------
    colors : int, default 16
        How many colours the palette shall have, 1 to 256.
    seed : int, default 0
        Of the random k-means++ starts, 0 to 2**32 - 1.
    effort : {"normal", "best"}
        "best" takes several times as long for an error that is a percent or two smaller.
    indexed : bool, default True
        Whether the file may hold palette indices, which is lighter; False writes RGB or RGBA texels.
    locked : sequence of str
        Colours like ``"#ff8000"`` that shall be in the palette as they are, first and in this order; k-means
        finds the rest. Distinct, at most `colors`.
    recolored : sequence of (str, str)
        Pairs such as ``("#ff8000", "#00ff00")``: texels that the palette gives the first colour are written
        in the second. Which texels these are does not change. First ones are distinct. The second may be
        three numbers as the images store them, ``"0.25 0.5 1"`` in an EXR, ``"513 1026 65535"`` at 16 bits.
    weight_power : float, default 1
        A colour weighs its count to this power, 0 to 1: below 1 the palette keeps rarer colours.
    squeeze : bool, default False
        Whether to compress PNGs further with oxipng, for some seconds more; the palette keeps its order.
    strip : bool, default False
        Whether to leave out what files say of themselves beside texels and the meaning of their colours.
    skip_larger : bool, default False
        Whether to raise `LargerResultError` instead of writing results that take more space than their
        sources: of a set, all together.
    space : {"srgb", "linear", "oklab", "cielab"}
        What distances between colours are taken in, and means.
    kind : {"auto", "color", "data", "normal", "labels"}
        What the texture holds: colours; numbers that are no colours, such as roughness; normals, whose
        directions are clustered; labels, masks and IDs, which come out as the very numbers that went in.
        "auto" guesses from the file's name, and says so.
    alpha : {"auto", "opacity", "channel"}
        What a fourth channel is: opacity, by which texels count, and what lies under 0 is kept as it was; or
        a channel like others, so that all texels count in full, and all are reduced. "auto" guesses from the
        host, from the file's name and from the kind, and says so; alpha of 0 throughout is no opacity.
    frames : {"first", "all"}
        Of animated GIF, PNG and WebP: the first frame, or all with one palette, as an animation again.
        Files of one frame, and pages of others, are what they are.
    max_size : int, default 0
        Texels of the longer side at most: larger textures are resampled before anything is counted, by their
        areas' means (of labels: majorities), in linear light and by their opacity. 0: none is too large.
    scale : {"1", "1/2", "1/4", "1/8", "1/16"}
        The part of the texels of each side that is left, likewise. One of the two.
    enlarge : int, default 1
        How many times as wide and as high each texel is written, at last and without a filter, 1 to 64.
    linear : bool or None, default None
        Whether colours are stored as linear light of sRGB's primaries, or as sRGB; None: as the file says.
    color_space : str, default ""
        What stored colours are: a name that `rgbcloud.color.find_color_space` knows. Empty: as the file says.
    ocio : str, default ""
        An OpenColorIO configuration, a file or such as ``"ocio://studio-config-latest"``, that has the first
        word about names, and whose file rules count where a file says nothing. Empty: that of $OCIO, if it is
        set.
    dither : {"none", "floyd-steinberg", "bayer", "blue-noise"}
        How texels make up for the error of their neighbours. Labels are never dithered.
    dither_strength : float, default 1
        How much of it, 0 to 1.
    serpentine : bool, default False
        Whether Floyd-Steinberg goes back and forth, which breaks up worms and takes some times as long.

    Raises
    ------
    InvalidArgumentError
        If a value is none of these.

    Examples
    --------
    >>> Settings(7, effort="best").tag()
    'k7.best'
    >>> Settings.from_json(Settings(7).to_json()) == Settings(7)
    True
    """

    colors: int = 16
    seed: int = 0
    effort: EffortName = "normal"
    indexed: bool = True
    squeeze: bool = False
    strip: bool = False
    skip_larger: bool = False
    locked: tuple[str, ...] = ()
    recolored: tuple[tuple[str, str], ...] = ()
    weight_power: float = 1.0
    space: SpaceName = "srgb"
    kind: KindName = "auto"
    alpha: AlphaName = "auto"
    frames: FramesName = "first"
    max_size: int = 0
    scale: ScaleName = "1"
    enlarge: int = 1
    linear: bool | None = None
    color_space: str = ""
    ocio: str = ""
    dither: DitherName = "none"
    dither_strength: float = 1.0
    serpentine: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            known, value = field_of(field.name), getattr(self, field.name)
            check_value(known, value)
            object.__setattr__(self, field.name, plain_number(known, value))
        if self.linear is not None and self.color_space:
            msg = f"linear and color_space ({self.color_space}) both say what colours are"
            raise InvalidArgumentError(f"{msg}; leave one of them out")
        if self.max_size and self.scale != "1":
            raise InvalidArgumentError(
                "max_size and scale both say how large it is to be; leave one of them out"
            )
        resized = "max_size" if self.max_size else "scale" if self.is_scaled else "enlarge"
        if self.frames == "all" and (self.is_scaled or self.enlarge > 1):
            raise InvalidArgumentError(
                f"frames of animations keep their size; leave out {resized}, or frames"
            )
        object.__setattr__(self, "locked", checked_locked(self.locked, self.colors))
        object.__setattr__(self, "recolored", checked_recolored(self.recolored))

    @property
    def is_scaled(self) -> bool:
        """Whether textures may be made smaller."""
        return self.max_size > 0 or self.scale != "1"

    def tag(self) -> str:
        """Return what names of reduced files carry: another one for whatever else they may hold."""
        parts = [f"k{self.colors}"]
        if self.seed:
            parts.append(f"s{self.seed}")
        if self.effort != "normal":
            parts.append(self.effort)
        if self.weight_power != 1:
            parts.append(f"w{self.weight_power:g}")
        if self.locked:
            parts.append("lock" + _digest(self.locked))
        if self.recolored:
            parts.append("recolor" + _digest(code for pair in self.recolored for code in pair))
        if not self.indexed:
            parts.append("rgb")
        if self.squeeze:
            parts.append("squeezed")
        if self.strip:
            parts.append("stripped")
        if self.space != "srgb":
            parts.append(self.space)
        if self.kind != "auto":
            parts.append(self.kind)
        if self.alpha != "auto":
            parts.append(self.alpha)
        if self.frames != "first":
            parts.append("frames")
        if self.max_size:
            parts.append(f"max{self.max_size}")
        if self.scale != "1":
            parts.append(f"scale{self.scale.replace('/', '-')}")
        if self.enlarge > 1:
            parts.append(f"x{self.enlarge}")
        if self.linear is not None:
            parts.append("lin" if self.linear else "nonlin")
        if self.color_space:
            parts.append("cs" + _short(self.color_space))
        if self.ocio:
            parts.append("ocio" + _digest([self.ocio]))
        if self.dither != "none":
            parts.append(_DITHER_TAGS[self.dither])
            if self.dither_strength != 1:
                parts.append(f"d{self.dither_strength:g}")
            if self.serpentine:
                parts.append("serpentine")
        return ".".join(parts)

    def to_json(self) -> str:
        """Return the settings as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Return the settings that `to_json` wrote, by this release or another one.

        Values that this release does not know are left out, missing ones take their default.

        Raises
        ------
        InvalidArgumentError
            If the text is not such JSON, or a value is out of range.
        """
        return cls(**known_values(cls, "settings", text))


def known_values(kind: type[DataclassInstance], name: str, text: str) -> dict[str, Any]:
    """Return those values of a JSON object that a dataclass has fields for.

    Raises
    ------
    InvalidArgumentError
        If the text is no JSON object.
    """
    try:
        values = dict(json.loads(text))
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"{name} must be a JSON object as {kind.__name__}.to_json writes it, got {quote(text)}"
        raise InvalidArgumentError(msg) from error
    known = {field.name for field in fields(kind)}
    return {field: value for field, value in values.items() if field in known}


def _short(name: str) -> str:
    """Return letters and digits that stand for a name in names of files."""
    letters = re.sub("[^a-z0-9]", "", name.lower())
    return letters if 0 < len(letters) <= _LONGEST_NAME else letters[:12] + _digest([name])


def _digest(codes: Iterable[str]) -> str:
    import hashlib  # which takes a while

    return hashlib.sha1("".join(codes).encode()).hexdigest()[:6]
