"""The browser that pages are looked at with: the machine's own Chromium."""

import os
import shutil

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""No sandbox, because containers have none to give; and no talking to anybody but the page under test."""


def chromium_path() -> str | None:
    """Where Chromium is: GAZETTE_TEST_CHROMIUM, or on the PATH; None where there is none."""
    chosen = os.environ.get("GAZETTE_TEST_CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
