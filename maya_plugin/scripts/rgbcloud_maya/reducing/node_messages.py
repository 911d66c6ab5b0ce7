"""What the user is told of many nodes: one summary, with the list of each reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maya.api import OpenMaya

from rgbcloud.textures import psnr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_maya.reducing.node_jobs import NodeResult

ONE_BY_ONE = 3  # messages; more of them become a summary


def show_messages(results: Sequence[NodeResult]) -> None:
    """Show in the Script Editor what the user should know of some results."""
    told = [result for result in results if result.message]
    if len(told) <= ONE_BY_ONE:
        for result in told:
            OpenMaya.MGlobal.displayWarning(result.message)
    else:
        OpenMaya.MGlobal.displayWarning(summary(told))
    notes: dict[str, list[str]] = {}
    for result in results:
        for note in result.reduction.notes if result.reduction else ():
            notes.setdefault(note, []).append(result.node)
        for report in (member.report for member in result.reduction.members) if result.reduction else ():
            if report.file_mse is not None:
                notes.setdefault(
                    f"of what counts {_error(report.mse, report.delta_e)}, of the whole file "
                    f"{_error(report.file_mse, report.file_delta_e)}",
                    [],
                ).append(result.node)
    for note, nodes in notes.items():
        OpenMaya.MGlobal.displayInfo(f"{', '.join(nodes)}: {note}")


def _error(mse: float, delta_e: float | None) -> str:
    return f"PSNR {psnr(mse):.2f} dB" if delta_e is None else f"dE2000 {delta_e:.2f}"


def summary(results: Sequence[NodeResult]) -> str:
    """Return what is to be said of some results: a line, then one for each reason with its nodes."""
    groups: dict[tuple[str, str], list[str]] = {}
    for result in results:
        groups.setdefault((result.status, result.why), []).append(result.node)
    lines = [f"rgbcloud: {len(results)} textures, for {len(groups)} reasons:"]
    if len(groups) == 1:
        lines = [f"rgbcloud: {len(results)} textures, all for one reason:"]
    for (status, why), nodes in sorted(groups.items(), key=lambda group: -len(group[1])):
        lines.append(f"{len(nodes)} {status}: {why}: {', '.join(nodes)}")
    return "\n".join(lines)
