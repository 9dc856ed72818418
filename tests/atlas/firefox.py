"""Firefox of the system without a window, by its own remote control (Marionette): messages ``length:json`` over a socket.

Playwright drives builds of its own only, and Debian has no geckodriver, which would speak this protocol for us."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

# what Firefox would otherwise fetch or ask at its first start; port 0: any free one
SETTINGS = {
    "marionette.port": 0,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.region.update.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
}
CALL = """const [text, argument] = arguments, found = window.eval(`(${text})`);
return typeof found === "function" ? found(argument) : found;"""
PROBLEMS = """return Services.console.getMessageArray().filter(m => m instanceof Ci.nsIScriptError
  && !(m.flags & Ci.nsIScriptError.warningFlag) && m.sourceName.startsWith(arguments[0])).map(m => m.errorMessage);"""


def firefox_program() -> str | None:
    """Path of the program, None where there is none."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One window; ``evaluate`` as Playwright's pages have it. ``prefs``: settings, e.g. ``ui.prefersReducedMotion``."""

    def __init__(self, program: str, profile: Path, **prefs: Any):
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in {**SETTINGS, **prefs}.items()]
        profile.joinpath("user.js").write_text("\n".join(lines))
        words = [program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access", "--profile"]
        self.log = profile.joinpath("log").open("w")
        self.process = subprocess.Popen([*words, str(profile)], stdout=self.log, stderr=self.log)
        self.number = 0
        try:
            self.socket = socket.create_connection(("127.0.0.1", self._port(profile)), timeout=600)
            self.stream = self.socket.makefile("rb")
            self._read()  # the greeting
            self.send("WebDriver:NewSession", capabilities={})
            self.send("WebDriver:SetTimeouts", script=600_000)
        except BaseException:
            self.process.kill()
            raise

    def _port(self, profile: Path) -> int:
        """Firefox writes the port into its profile as soon as it listens."""
        end = time.monotonic() + 120
        while time.monotonic() < end and self.process.poll() is None:
            path = profile / "MarionetteActivePort"
            if path.exists() and path.read_text().strip():
                return int(path.read_text())
            time.sleep(0.1)
        raise RuntimeError(f"Firefox does not start: {profile.joinpath('log').read_text()[-600:]}")

    def _read(self) -> Any:
        digits = b""
        while (letter := self.stream.read(1)) != b":":
            if not letter:
                raise RuntimeError("Firefox has gone")
            digits += letter
        return json.loads(self.stream.read(int(digits)))

    def send(self, command: str, **parameters: Any) -> Any:
        """The answer to one command; RuntimeError with what Firefox says if it fails."""
        self.number += 1
        message = json.dumps([0, self.number, command, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._read()
        assert number == self.number
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def goto(self, address: str) -> None:
        self.send("WebDriver:Navigate", url=address)

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Value of an expression, or of a function applied to the argument; a promise is awaited."""
        return self.send("WebDriver:ExecuteScript", script=CALL, args=[script, argument], sandbox=None)

    def wait_for_selector(self, selector: str) -> None:
        look = """selector => new Promise(done => { const look = () => document.querySelector(selector) ? done(true)
          : setTimeout(look, 20); look(); })"""
        self.evaluate(look, selector)

    def problems(self, base: str) -> list[str]:
        """Errors that scripts below an address have raised so far, as the browser's console lists them."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self.send("WebDriver:ExecuteScript", script=PROBLEMS, args=[base])
        finally:
            self.send("Marionette:SetContext", value="content")

    def close(self) -> None:
        self.socket.close()
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
