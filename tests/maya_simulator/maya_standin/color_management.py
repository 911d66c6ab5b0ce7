"""Colour spaces and the file rules that give a new path its space.

Section 4 of the fact sheet: setting `fileTextureName` applies the rules to `colorSpace` unless
`ignoreColorSpaceFileRules` is on; `colorManagementFileRules(evaluate=path)` says what they give.
"""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass

# Names of Maya's own OCIO configuration that real scenes carry (maya-usd's color_management.ma).
SPACES = [
    "ACEScg",
    "ACES2065-1",
    "scene-linear Rec.709-sRGB",
    "sRGB",
    "Raw",
    "ADX10",
    "ARRI LogC4",
    "Utility - sRGB - Texture",
]

# Node type -> its path attribute; both kinds carry colorSpace and ignoreColorSpaceFileRules (facts 5, 6).
PATHS = {"file": "fileTextureName", "aiImage": "filename"}


@dataclass
class Rule:
    """One file rule: which names get which space."""

    name: str
    pattern: str
    extension: str
    space: str


class ColorManagement:
    """The rules and preferences of the scene."""

    def __init__(self) -> None:
        self.enabled = True
        # First match wins, the default is last. The three before it are Maya's presets (Autodesk, "Define
        # rules to assign color spaces to input files": tx, hdr and exr give Raw).
        self.rules = [Rule(name, "*", name, "Raw") for name in ("tx", "hdr", "exr")]
        self.rules.append(Rule("Default", "*", "*", "sRGB"))
        self.rendering_space = "ACEScg"
        # Of an OpenColorIO configuration: real scenes of Maya 2022 and later have this one (maya-usd's
        # color_management.ma), and a query gives the token as it is (index id 60792955409, read from Maya 2023).
        self.config = "<MAYA_RESOURCES>/OCIO-configs/Maya2022-default/config.ocio"

    def space_of(self, path: str) -> str:
        """Return the space that the rules give a path."""
        name = path.replace("\\", "/").rpartition("/")[2]
        stem, _, extension = name.rpartition(".")
        for rule in self.rules:
            if fnmatch.fnmatch(stem or name, rule.pattern) and fnmatch.fnmatch(extension, rule.extension):
                return rule.space
        return self.rules[-1].space
