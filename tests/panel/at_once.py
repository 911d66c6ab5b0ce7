"""A session whose work is done at once, on the spot."""

from __future__ import annotations

from rgbcloud import CancelledError
from rgbcloud_panel.work.pyramid import Region

SIZE = WIDTH, HEIGHT = 96, 64  # of the photographs
WHOLE = Region(0, 0, 0, WIDTH, HEIGHT)


class AtOnce:
    """An executor that answers before it returns, except in lanes that are held."""

    def __init__(self):
        self.held = set()
        self.waiting = {}

    def submit(self, lane, work, done, failed, told):
        if lane in self.held:
            self.waiting[lane] = (lane, work, done, failed, told)
            return
        try:
            result = work(told)
        except CancelledError:
            return
        except Exception as error:  # noqa: BLE001 - as the worker does
            failed(error)
        else:
            done(result)

    def cancel(self, lane):
        self.waiting.pop(lane, None)

    def step(self, lane):
        """Answer what waits in a lane, which stays held."""
        _, *rest = self.waiting.pop(lane)
        self.submit("none", *rest)

    def release(self, lane):
        self.held.discard(lane)
        if lane in self.waiting:
            self.submit(*self.waiting.pop(lane))


def look_at(session, *keys):
    """Choose textures, and settle on the exact reduction of the first."""
    session.choose(keys)
    session.bench.look_at(WHOLE)
    session.settle()
    return session
