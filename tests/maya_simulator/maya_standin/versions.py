"""The Maya versions that the stand-in can run as.

Python and Qt per version: tahv/docker-mayapy README, Autodesk/maya-usd doc/build.md (section 1 of the fact
sheet). The tables end at 2025; 2026 and 2027 run on those of 2025.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """One Maya release."""

    year: int
    python: str
    qt: str
    table: int  # the year of the PyMEL tables that it runs on

    @property
    def api(self) -> int:
        """As `about(apiVersion=True)` gives it: 20250000 for Maya 2025."""
        return self.year * 10000

    @property
    def binding(self) -> str:
        return "PySide2" if self.qt.startswith("5") else "PySide6"


VERSIONS = {
    version.year: version
    for version in (
        Version(2022, "3.7.7", "5.15.2", 2022),
        Version(2023, "3.9.7", "5.15.2", 2023),
        Version(2024, "3.10.8", "5.15.2", 2024),
        Version(2025, "3.11.4", "6.5.3", 2025),
        Version(2026, "3.11.4", "6.5.3", 2025),
        Version(2027, "3.13.0", "6.8.3", 2025),
    )
}
