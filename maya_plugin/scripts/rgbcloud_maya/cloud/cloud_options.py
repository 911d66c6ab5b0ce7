"""How a cloud is to look: what panel and command fill, and what the scene remembers of it."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import Literal

from rgbcloud import ColorBy, InvalidArgumentError
from rgbcloud.cloud import AXES, DEFAULT_BUDGET, AxesName
from rgbcloud.settings import known_values

Part = Literal["points", "locators", "cube"]
PARTS: tuple[Part, ...] = ("points", "locators", "cube")
MAX_POINT_SIZE = 60  # of particles' pointSize, as Maya adds it


@dataclass(frozen=True)
class CloudOptions:
    """What of a cloud is built, and how.

    Attributes
    ----------
    parts : tuple of {"points", "locators", "cube"}, default all
        What to build.
    color_by : {"source", "cluster"}
        Whether points have their own colours or those of the palette.
    size : float, default 10
        Edge of the RGB cube in the scene's linear units, above 0.
    budget : int, default 100,000
        How many points there may be, at least 1.
    point_size : int, default 2
        Pixels, 1 to 60.
    isolate : int, optional
        Shows this cluster alone: an index into the palette, at least 0.
    linear : bool, default True
        Whether points get their colours in linear light, which the view turns into what a display shows:
        Maya takes colour attributes so from 2015 Extension on (3Delight's page of them). False gives their
        sRGB numbers, for views that show them too dark otherwise.
    axes : {"file", "srgb", "linear", "oklab", "cielab"}
        What x, y and z are, see `rgbcloud.cloud.AXES`: the numbers that the file holds, or those of a space.

    Raises
    ------
    InvalidArgumentError
        If a value is none of these.
    """

    parts: tuple[Part, ...] = PARTS
    color_by: ColorBy = "source"
    size: float = 10.0
    budget: int = DEFAULT_BUDGET
    point_size: int = 2
    isolate: int | None = None
    linear: bool = True
    axes: AxesName = "file"

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts or not set(self.parts) <= set(PARTS):
            raise InvalidArgumentError(f"parts must be some of {', '.join(PARTS)}, got {self.parts!r}")
        if self.color_by not in ("source", "cluster"):
            raise InvalidArgumentError(f'color_by must be "source" or "cluster", got {self.color_by!r}')
        if not 0 < self.size < math.inf:
            raise InvalidArgumentError(f"size must be a number above 0, got {self.size!r}")
        if self.budget < 1:
            raise InvalidArgumentError(f"budget must be at least 1 point, got {self.budget!r}")
        if not 1 <= self.point_size <= MAX_POINT_SIZE:
            msg = f"point_size must be an int in 1..{MAX_POINT_SIZE}, got {self.point_size!r}"
            raise InvalidArgumentError(msg)
        if self.axes not in AXES:
            raise InvalidArgumentError(f"axes must be one of {', '.join(AXES)}, got {self.axes!r}")
        if self.isolate is not None and self.isolate < 0:
            raise InvalidArgumentError(f"isolate must be the index of a cluster, got {self.isolate!r}")

    def to_json(self) -> str:
        """Return the options as one line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> CloudOptions:
        """Return the options that `to_json` wrote, by this release or another one.

        Raises
        ------
        InvalidArgumentError
            If the text is not such JSON, or a value is out of range.
        """
        return cls(**known_values(cls, "options", text))
