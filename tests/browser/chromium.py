"""Chromium for the browser tests: `python -m tests.browser.chromium` installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# Chromium without a window's parts: a page takes a quarter less of the processor in it.
HEADLESS = "chromium-headless-shell"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def find(playwright: Playwright) -> str | None:
    """The path of the system's headless Chromium, of Playwright's own, or of the system's; None where there is none."""
    own = playwright.chromium.executable_path
    paths = shutil.which(HEADLESS), own if Path(own).exists() else None, *map(shutil.which, SYSTEM_NAMES)
    return next(filter(None, paths), None)


def launch(playwright: Playwright, *arguments: str) -> Browser:
    """A headless Chromium that keeps to itself."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return playwright.chromium.launch(
        executable_path=find(playwright), args=[*QUIET, *arguments, *(["--no-sandbox"] if is_root else [])]
    )


def install() -> None:
    """Playwright's own download, and Debian's package where that cannot be reached."""
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
