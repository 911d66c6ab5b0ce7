"""scriptJob: scripts that run when Maya is idle after an event (PyMEL docs of scriptJob, with its listEvents)."""

from __future__ import annotations

from maya_standin import deferred
from maya_standin.errors import NotSimulatedError
from maya_standin.registry import command
from maya_standin.session import Session

EVENTS = {"NewSceneOpened", "SceneOpened", "PostSceneRead", "Undo", "Redo", "NameChanged", "SelectionChanged"}
"""Those that the stand-in tells of."""


@command("scriptJob")
def script_job(session: Session, *, event=None, kill=None, exists=None, force=False, protected=False):
    """``scriptJob(event=(name, script))`` -> number; ``scriptJob(kill=number)``. Does nothing in batch mode."""
    if exists is not None:
        return exists in session.script_jobs
    if session.batch:
        return None
    if kill is not None:
        if session.script_jobs.pop(kill, None) is None:
            raise RuntimeError(f"scriptJob: there is no job {kill}.")
        return None
    name, script = event or (None, None)
    if name not in EVENTS:
        raise NotSimulatedError(f"scriptJob of the event {name}")
    number = session.next_script_job
    session.next_script_job += 1
    session.script_jobs[number] = (name, deferred.as_function(script))
    return number
