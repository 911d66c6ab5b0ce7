"""Chromium without a window, driven through the pipe of its DevTools protocol.

https://chromedevtools.github.io/devtools-protocol/: every message is JSON and ends with a zero byte; the
browser reads them from its file descriptor 3 and writes to 4 (``--remote-debugging-pipe``).
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

VARIABLE = "RGBCLOUD_CHROMIUM"
"""The environment variable that names the browser: where it is set, there must be one."""
_PATIENCE = 300  # seconds: on a busy machine, too
_KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


COMMAND = os.environ.get(VARIABLE) or shutil.which("chromium")
needed = pytest.mark.skipif(COMMAND is None, reason="Chromium is not on this machine")


class Browser:
    """One page in a browser of its own."""

    def __init__(self, *, width=1280, height=800, reduced_motion=True):
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        switches = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-pipe",
            f"--user-data-dir={self._profile.name}",
            f"--window-size={width},{height}",
        ]
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", COMMAND, *switches],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._in, self._out = ours_in, ours_out
        self._number, self._pending = 0, b""
        self.events = []
        self._session, self._held = None, False
        try:
            self._attach(width, height, reduced_motion)
        except BaseException:
            self.close()
            raise

    def _attach(self, width, height, reduced_motion):
        """Open an empty page and listen to what happens in it."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width, height)
        value = "reduce" if reduced_motion else "no-preference"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": value}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """End the browser."""
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def call(self, method, **parameters):
        """Send a command and return what comes back."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]

    def _next(self):
        deadline = time.monotonic() + _PATIENCE
        while b"\0" not in self._pending:
            ready, _, _ = select.select([self._in], [], [], max(0, deadline - time.monotonic()))
            assert ready, "the browser does not answer"
            data = os.read(self._in, 1 << 20)
            assert data, "the browser has ended"
            self._pending += data
        line, self._pending = self._pending.split(b"\0", 1)
        message = json.loads(line)
        if "method" in message:
            self.events.append(message)
        return message

    def resize(self, width, height, *, phone=False):
        """Give the page so many CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=2 if phone else 1,
            mobile=phone,
        )

    def open(self, path):
        """Open a file and wait until the page says that it is ready."""
        self.call("Page.navigate", url=Path(path).as_uri())
        self.wait("document.body && document.body.classList.contains('ready')")

    def evaluate(self, expression):
        """Return the value of a JavaScript expression, awaited."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, condition):
        """Wait until a JavaScript expression is true."""
        deadline = time.monotonic() + _PATIENCE
        while not self.evaluate(f"Boolean({condition})"):
            assert time.monotonic() < deadline, f"never true: {condition}"
            time.sleep(0.05)

    def press(self, key, *, shift=False):
        """Press and release a key, by its name in KeyboardEvent.key."""
        codes = {
            "Tab": 9,
            "Enter": 13,
            " ": 32,
            "ArrowLeft": 37,
            "ArrowUp": 38,
            "ArrowRight": 39,
            "ArrowDown": 40,
        }
        common = {"key": key, "windowsVirtualKeyCode": codes[key], "modifiers": 8 if shift else 0}
        text = {"Enter": "\r", " ": " "}.get(key)
        self.call("Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def mouse(self, kind, x, y):
        """Move, press or release the left button: "Moved", "Pressed", "Released"."""
        held = {"Pressed": True, "Released": False}.get(kind, self._held)
        button = "left" if held or self._held else "none"
        self._held = held
        place = {"x": x, "y": y, "button": button, "buttons": int(held), "clickCount": 1}
        self.call("Input.dispatchMouseEvent", type=f"mouse{kind}", **place)

    def click(self, x, y):
        """Click at a place of the window."""
        for kind in ("Moved", "Pressed", "Released"):
            self.mouse(kind, x, y)

    def screenshot(self, path):
        """Write what the window shows as a PNG file."""
        data = self.call("Page.captureScreenshot", format="png")["data"]
        Path(path).write_bytes(base64.b64decode(data))
