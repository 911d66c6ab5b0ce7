"""Colour spaces that an OpenColorIO configuration knows.

OpenColorIO computes in float32; its results are within a few 1e-5 of the formulas. A configuration is read
once in a process: OpenImageIO, which brings OpenColorIO along, would read it again for every conversion.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from rgbcloud.color.built_in_spaces import BUILT_IN
from rgbcloud.color.color_space import RAW, ColorSpace, as_numbers
from rgbcloud.errors import InvalidArgumentError, MissingDependencyError
from rgbcloud.threads import do_in_parallel, slices

if TYPE_CHECKING:
    import numpy.typing as npt

    from rgbcloud.color.codes import FloatArray

# Where a configuration meets the rest of the world: roles and names whose light is built in.
_MEETING = {
    "aces_interchange": "ACES2065-1",
    "lin_ap0_scene": "ACES2065-1",
    "ACES2065-1": "ACES2065-1",
    "ACES - ACES2065-1": "ACES2065-1",
    "lin_rec709_scene": "Linear Rec.709 (sRGB)",
    "lin_rec709": "Linear Rec.709 (sRGB)",
    "Utility - Linear - sRGB": "Linear Rec.709 (sRGB)",
    "scene-linear Rec.709-sRGB": "Linear Rec.709 (sRGB)",
    "scene-linear Rec 709/sRGB": "Linear Rec.709 (sRGB)",
    "Linear": "Linear Rec.709 (sRGB)",
    "ACEScg": "ACEScg",
}
_SAME = 1e-4  # of light: OpenColorIO's fast powers are within 4e-5
_SHARE = 1 << 18  # colours converted at a time
_AXIS = np.linspace(0, 1, 6)
_PROBES = np.stack(np.meshgrid(_AXIS, _AXIS, _AXIS, indexing="ij"), axis=-1).reshape(-1, 3)


@dataclass(frozen=True)
class OcioColorSpace(ColorSpace):
    """A colour space of an OpenColorIO configuration."""

    name: str  # a space, alias or role of the configuration
    config: str  # a file, or such as ``"ocio://studio-config-latest"``

    @property
    def is_linear(self) -> bool:
        """Whether the configuration calls the space linear."""
        ocio, config = _opencolorio(), _config(self.config)
        references = ocio.REFERENCE_SPACE_SCENE, ocio.REFERENCE_SPACE_DISPLAY
        return any(config.isColorSpaceLinear(self.name, reference) for reference in references)

    def to_linear_srgb(self, values: npt.NDArray[Any]) -> FloatArray:
        """Return the linear light of stored numbers, see `ColorSpace.to_linear_srgb`."""
        meeting = _meeting_space(self.config)
        light = _convert_by_config(as_numbers(values), self.name, meeting, self.config)
        return BUILT_IN[_MEETING[meeting]].to_linear_srgb(light)

    def from_linear_srgb(self, light: FloatArray) -> FloatArray:
        """Return the numbers that stand for linear light, see `ColorSpace.from_linear_srgb`."""
        meeting = _meeting_space(self.config)
        numbers = BUILT_IN[_MEETING[meeting]].from_linear_srgb(light)
        return _convert_by_config(numbers, meeting, self.name, self.config)

    def to_json(self) -> dict[str, Any]:
        """Return name and configuration."""
        return {"name": self.name, "config": self.config}


@functools.lru_cache(maxsize=64)
def ocio_color_space(config: str, name: str) -> ColorSpace | None:
    """Return the colour space of a name in a configuration; the built-in one if it is the same.

    Parameters
    ----------
    config : str
        A file, or such as ``"ocio://studio-config-latest"``.
    name : str
        A space, an alias or a role.

    Returns
    -------
    ColorSpace or None
        None if the configuration knows no such name.

    Raises
    ------
    InvalidArgumentError
        If the configuration is missing or damaged, or it cannot convert from this space.
    MissingDependencyError
        If OpenColorIO is not installed.
    """
    known = _config(config).getColorSpace(name)
    if known is None:
        return None
    if known.isData():
        return RAW
    space = OcioColorSpace(name, config)
    light = space.to_linear_srgb(_PROBES)
    if not np.isfinite(light).all():
        msg = f"{name} of the OpenColorIO configuration {config} makes light that is not finite"
        raise InvalidArgumentError(f"{msg}; name another colour space")
    for built_in in BUILT_IN.values():
        if built_in.is_color:
            difference = np.abs(built_in.to_linear_srgb(_PROBES) - light)
            if (difference <= _SAME * np.maximum(np.abs(light), 1)).all():
                return built_in
    return space


def ocio_names(config: str) -> list[str]:
    """Return the names of the colour spaces of a configuration.

    Raises
    ------
    InvalidArgumentError, MissingDependencyError
        See `ocio_color_space`.
    """
    return [str(name) for name in _config(config).getColorSpaceNames()]


def color_space_by_rules(config: str, path: str) -> ColorSpace | None:
    """Return the colour space that a configuration's file rules give a file by its name.

    None where nothing but the rule for all other files fits.

    Raises
    ------
    InvalidArgumentError, MissingDependencyError
        See `ocio_color_space`.
    """
    known = _config(config)
    if known.filepathOnlyMatchesDefaultRule(path):
        return None
    return ocio_color_space(config, known.getColorSpaceFromFilepath(path)[0])


def _opencolorio() -> Any:
    try:
        import PyOpenColorIO
    except ImportError as error:
        msg = "colour spaces of OpenColorIO need it installed: python -m pip install 'rgbcloud[deep]'"
        raise MissingDependencyError(msg) from error
    return PyOpenColorIO


@functools.lru_cache(maxsize=8)
def _config(config: str) -> Any:
    ocio = _opencolorio()
    try:
        return ocio.Config.CreateFromFile(config)
    except (ocio.Exception, ocio.ExceptionMissingFile) as error:
        msg = f"the OpenColorIO configuration {config} cannot be read: {_one_line(error)}; name another one"
        raise InvalidArgumentError(msg) from error


@functools.lru_cache(maxsize=8)
def _meeting_space(config: str) -> str:
    for name in _MEETING:
        if _config(config).getColorSpace(name) is not None:
            return name
    msg = f"the OpenColorIO configuration {config} has neither the role aces_interchange nor"
    raise InvalidArgumentError(f"{msg} linear Rec.709 by a name that is known; add the role to it")


def _convert_by_config(values: FloatArray, source: str, target: str, config: str) -> FloatArray:
    """Return colours of one space of a configuration in another: of the same shape, float64."""
    processor = _processor(source, target, config)
    with np.errstate(over="ignore"):  # beyond float32: infinite
        colors = values.reshape(-1, 3).astype(np.float32)

    def convert(share: slice) -> None:
        processor.applyRGB(colors[share])

    do_in_parallel(convert, slices(len(colors), _SHARE))
    return colors.astype(np.float64).reshape(values.shape)


@functools.lru_cache(maxsize=64)
def _processor(source: str, target: str, config: str) -> Any:
    ocio = _opencolorio()
    try:
        return _config(config).getProcessor(source, target).getDefaultCPUProcessor()
    except (ocio.Exception, ocio.ExceptionMissingFile) as error:
        msg = f"OpenColorIO cannot convert from {source} to {target} of {config}: {_one_line(error)}"
        raise InvalidArgumentError(f"{msg}; name another colour space") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
