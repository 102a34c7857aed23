"""Chromium for the browser tests: `python -m tests.browser.chromium` installs it if it is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# This Chromium has no window, and a page takes a quarter less of the processor in it.
HEADLESS = "chromium-headless-shell"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find(playwright: Playwright) -> str | None:
    """Return the path of the system's headless Chromium, of Playwright's own, or of the system's, or None."""
    own = playwright.chromium.executable_path
    paths = shutil.which(HEADLESS), own if Path(own).exists() else None, *map(shutil.which, SYSTEM_NAMES)
    return next(filter(None, paths), None)


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """Launch a headless Chromium that contacts no server by itself."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(
        executable_path=find(playwright), args=[*QUIET, *arguments, *(["--no-sandbox"] if is_root else [])]
    )


def install() -> None:
    """Install Playwright's own Chromium, or Debian's package if that cannot be reached."""
    if sys.platform != "linux":
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
        return
    download = subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)
    if download.returncode != 0:
        as_root = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*as_root, "apt-get", "update"], check=True)
        subprocess.run([*as_root, "apt-get", "install", "--yes", "chromium"], check=True)


if __name__ == "__main__":
    with sync_playwright() as playwright:
        found = find(playwright)
    if found is None:
        install()
    else:
        print(f"Chromium is there: {found}")
