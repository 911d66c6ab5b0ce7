"""Steps as a job bundle of Open Job Description, as Deadline Cloud takes it.

References
----------
https://github.com/OpenJobDescription/openjd-specifications/wiki/2023-09-Template-Schemas
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rgbcloud.errors import InvalidArgumentError
from rgbcloud_app.farm.steps import Slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rgbcloud_app.farm.steps import Argument, Step

FILE_NAME = "template.yaml"
PROGRESS = "RGBCLOUD_PROGRESS"
"""The variable by which a job asks for lines that tell how far a task is."""
_MOST_TASKS = 1024  # values of a parameter
_MOST_STEPS = 100
_LONGEST = 1024  # letters of a path
_GRACE = 30  # seconds between asking a task to end and ending it


def open_job(name: str, steps: Sequence[Step]) -> bytes:
    """Return the template of a job: JSON, which is YAML, too.

    Parameters
    ----------
    name : str
    steps : sequence of Step

    Raises
    ------
    InvalidArgumentError
        If there is more of something than templates can hold.
    """
    pieces = {
        step.name: [
            _step(step, f"{step.name}-{start // _MOST_TASKS + 1}", step.tasks[start : start + _MOST_TASKS])
            for start in range(0, len(step.tasks), _MOST_TASKS)
        ]
        for step in steps
    }
    for step in steps:
        needed = [piece["name"] for before in step.after for piece in pieces.get(before, ())]
        for piece in pieces[step.name] if needed else ():
            piece["dependencies"] = [{"dependsOn": before} for before in needed]
    whole = [piece for parts in pieces.values() for piece in parts]
    if len(whole) > _MOST_STEPS:
        count = sum(len(step.tasks) for step in steps)
        raise InvalidArgumentError(f"a job cannot have {count:,} tasks; make several of it")
    template = {
        "specificationVersion": "jobtemplate-2023-09",
        "name": name[:64],
        "jobEnvironments": [{"name": "rgbcloud", "variables": {PROGRESS: "openjd"}}],
        "steps": whole,
    }
    return (json.dumps(template, indent=2, ensure_ascii=False) + "\n").encode()


def _step(step: Step, name: str, tasks: Sequence[dict[str, str]]) -> dict[str, Any]:
    slots = [part.name for part in step.arguments if isinstance(part, Slot)]
    for task in tasks:
        for value in task.values():
            _check_path(value)
    program, *arguments = [_format_string(part) for part in step.arguments]
    cancelation = {"mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": _GRACE}
    return {
        "name": name,
        "parameterSpace": {
            "taskParameterDefinitions": [
                {"name": slot, "type": "PATH", "range": [task[slot] for task in tasks]} for slot in slots
            ],
            # One of each belong together; without this each would meet each.
            **({"combination": f"({', '.join(slots)})"} if len(slots) > 1 else {}),
        },
        "script": {"actions": {"onRun": {"command": program, "args": arguments, "cancelation": cancelation}}},
    }


def _format_string(part: Argument) -> str:
    if isinstance(part, Slot):
        return f"{{{{Task.Param.{part.name}}}}}"
    _check_path(part)
    return part


def _check_path(text: str) -> None:
    """Raise `InvalidArgumentError` where a template cannot hold a path as it is."""
    if "{{" in text:
        raise InvalidArgumentError(f"{text}: job templates take {{{{ for something else; rename it")
    if len(text) > _LONGEST or any(ord(letter) < 32 for letter in text):
        msg = f"{text[:60]!r} is longer than {_LONGEST} letters, or has a line break in it"
        raise InvalidArgumentError(f"{msg}; job templates cannot hold that")
