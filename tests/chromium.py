"""Finds a Chromium for the browser tests, or brings one: the system's, else Debian's, else Playwright's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # the tests' machine may have no way out
    "--disable-component-update",
    "--disable-sync",
)
PLAYWRIGHT = (sys.executable, "-m", "playwright")


class LaunchOptions(TypedDict):
    """Keyword arguments of Playwright's `chromium.launch`."""

    executable_path: str | None  # None: Playwright's own
    headless: bool
    args: list[str]


def launch_options() -> LaunchOptions:
    """How to start the browser that `make test` found or brought."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # root has no sandbox to offer
    return {"executable_path": on_path(), "headless": True, "args": [*FLAGS, *sandbox]}


def on_path() -> str | None:
    """The first Chromium on the PATH that runs: Ubuntu's package of that name only points at a snap."""
    return next((path for name in NAMES if (path := shutil.which(name)) and runs(path)), None)


def runs(path: str) -> bool:
    """Whether the browser can say its version."""
    said = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60)
    return said.returncode == 0


def playwrights_own() -> bool:
    """Whether Playwright has downloaded a browser before."""
    listed = subprocess.run(
        [*PLAYWRIGHT, "install", "--list"], capture_output=True, check=False, text=True, timeout=60
    )
    return "chromium" in listed.stdout


def ways_to_bring_one() -> Iterator[list[list[str]]]:
    """Commands to run one after the other, the least surprising way first."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        yield [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    yield [[*PLAYWRIGHT, "install", "chromium"]]


def found() -> str | None:
    """Which browser there is, in words."""
    return on_path() or ("Playwright's own" if playwrights_own() else None)


def main() -> int:
    """Make sure there is a browser; say which, or what to do."""
    if browser := found():
        print(browser)
        return 0
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for commands in ways_to_bring_one():
        brought = all(subprocess.run(command, env=quiet, check=False).returncode == 0 for command in commands)
        if brought and (browser := found()):
            print(browser)
            return 0
    print("No Chromium could be found or installed. Install Chromium or Chrome, then run the tests again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
