"""Headless Chromium, driven through the two pipes it offers for that: no port, no library."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from processes import Family, until

WIDTH, HEIGHT = 1280, 1000
#: an answer that does not come in this time is a failure
ANSWER_SECONDS = 60
#: a host name that is not this machine's and resolves to it, as a name of an attacker can
FOREIGN = "trang-la.example"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--no-proxy-server", "--lang=vi",
    # whatever the pages would like to fetch from elsewhere is not there; one foreign name leads to this machine
    f"--host-resolver-rules=MAP {FOREIGN} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip
#: becomes a command that finds two given file descriptors as its numbers 3 and 4, where Chromium looks for its pipes
AS_3_AND_4 = """
import fcntl, os, sys
above = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
for fd, number in zip(above, (3, 4)):
    os.dup2(fd, number)
os.execv(sys.argv[3], sys.argv[3:])
"""


def program() -> str | None:
    """Where Chromium is, if it is."""
    return shutil.which("chromium")


class Page:
    """One tab. Text is what a reader sees; nothing here knows the page's markup but labels and links."""

    def __init__(self, to: int, answers: int) -> None:
        self._to, self._answers = to, answers
        self._ids, self._rest = itertools.count(1), b""
        self._session: str | None = None
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")
        self.resize(HEIGHT)

    def resize(self, height: int, width: int = WIDTH) -> None:
        """The pages scroll inside themselves: only a tall window shows all of one."""
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )  # fmt: skip

    def scripts(self, *, allowed: bool) -> None:
        """Whether the scripts of pages opened from now on run."""
        self._ask("Emulation.setScriptExecutionDisabled", value=not allowed)

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key where the focus is. `code`: of the key (Tab 9, Enter 13); `text`: what it types."""
        about: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": code, "text": text}
        self._ask("Input.dispatchKeyEvent", type="keyDown", **about)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **about)

    def pdf(self) -> bytes:
        """The page as it is printed on A4."""
        printed = self._ask("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"]
        return base64.b64decode(printed)

    def open(self, address: str) -> None:
        """Go there; `wait_for` tells when it is there."""
        failed = self._ask("Page.navigate", url=address).get("errorText")
        assert not failed, f"{address}: {failed}"

    def text(self) -> str:
        """What can be read now."""
        return str(self.script("document.body ? document.body.innerText : ''"))

    def wait_for(self, *texts: str, seconds: float = 40) -> str:
        """The page's text once it holds all of these. AssertionError with the text it has instead."""

        def there() -> str | None:
            text = self.text()
            return text if all(t in text for t in texts) else None

        try:
            return until(f"the page shows {texts}", there, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows:\n{self.text()}") from None

    def script(self, code: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self._ask("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def click(self, label: str) -> None:
        """Press the button, tab, link or menu item that is called so, once it is there."""
        code = f"""(() => {{
            const all = [...document.querySelectorAll('button, a, [role=tab], [role=menuitem], [role=button]')];
            const one = all.find(e => e.innerText && e.innerText.trim() === {json.dumps(label)});
            if (!one) return false;
            const box = one.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        }})()"""
        x, y = until(f"something to press called {label!r}", lambda: self.script(code), 40)
        for kind in ("mousePressed", "mouseReleased"):
            self._ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type_into(self, selector: str, text: str, number: int = 0) -> None:
        """Type into a field, the first that matches or the one of that number, once it is there."""
        field = f"document.querySelectorAll({json.dumps(selector)})[{number}]"
        focus = f"(() => {{ const e = {field}; e && e.focus(); return !!e; }})()"
        until(f"a field {selector}", lambda: self.script(focus), 40)
        self._ask("Input.insertText", text=text)

    def save(self, picture: Path) -> None:
        """A picture of the window, and beside it the text and the markup."""
        shot = self._ask("Page.captureScreenshot", format="png")["data"]
        picture.write_bytes(base64.b64decode(shot))
        picture.with_suffix(".txt").write_text(self.text(), "utf-8")
        picture.with_suffix(".html").write_text(self.script("document.documentElement.outerHTML"), "utf-8")

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + ANSWER_SECONDS
        while True:
            answer = self._read(deadline - time.monotonic())
            if answer.get("id") == number:  # everything else is an event nobody asked for
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self, seconds: float) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select.select([self._answers], [], [], max(0.0, seconds))[0], "Chromium does not answer"
            part = os.read(self._answers, 1 << 20)
            assert part, "Chromium has ended"
            self._rest += part
        first, self._rest = self._rest.split(b"\0", 1)
        message: dict[str, Any] = json.loads(first)
        return message


@contextmanager
def browser(family: Family, profile: Path) -> Iterator[Page]:
    """A page of a new browser with an empty profile; ended with the block."""
    command = program()
    assert command is not None
    from_us, to_browser = os.pipe()
    from_browser, to_us = os.pipe()
    try:
        process = family.start(
            "chromium",
            [sys.executable, "-c", AS_3_AND_4, str(from_us), str(to_us),
             command, *FLAGS, f"--user-data-dir={profile}", "--remote-debugging-pipe"],
            (from_us, to_us),
        )  # fmt: skip
    finally:
        os.close(from_us)
        os.close(to_us)
    try:
        yield Page(to_browser, from_browser)
    finally:
        with suppress(OSError):
            os.write(to_browser, b'{"id": 0, "method": "Browser.close"}\0')
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(to_browser)
        os.close(from_browser)
