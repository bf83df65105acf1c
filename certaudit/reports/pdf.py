"""The HTML report as PDF, printed by a browser of the Chromium family that is installed already.

No library makes a tagged PDF of this page in fewer megabytes than the browser that is there: Edge comes with Windows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from certaudit.document.report_objects import Document
from certaudit.errors import UsageError
from certaudit.printable import printable
from certaudit.reports import Options, html

VARIABLE = "CERTAUDIT_BROWSER"
MAX_SECONDS = 600

_COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_PLACES = (
    r"Microsoft\Edge\Application\msedge.exe",
    r"Google\Chrome\Application\chrome.exe",
    r"Chromium\Application\chrome.exe",
)
_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)


def write(document: Document, options: Options) -> bytes:
    """The report as PDF. Raises UsageError where there is no browser, or where it does not print."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="certaudit-") as folder:
        page, printed = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html.write(document, options), encoding="utf-8", newline="\n")
        _print(browser, page, printed)
        return _dated(printed.read_bytes(), document["as_of"])


def _dated(printed: bytes, as_of: str) -> bytes:
    """`printed` with the instant of the audit for that of printing, so that the same report gives the same bytes."""
    instant = re.sub(r"\D", "", as_of).encode()
    return re.sub(rb"(?<=Date \(D:)\d{14}(?=\+00'00'\))", instant, printed, count=2)


def find_browser() -> str:
    """The browser that CERTAUDIT_BROWSER names, else one on the PATH or where it is usually installed.

    Raises UsageError where there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise UsageError(f"{VARIABLE} names {printable(named)}, which is no program that can be run")
        return found
    for candidate in _candidates():
        found = shutil.which(candidate)
        if found is not None:
            return found
    raise UsageError(
        f"a PDF needs Chromium, Chrome or Edge and none was found; name it in the environment variable {VARIABLE}, "
        "or write --format html and print that from any browser"
    )


def _candidates() -> Iterator[str]:
    yield from _COMMANDS
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        folder = os.environ.get(variable)
        if folder:
            yield from (str(Path(folder, place)) for place in _PLACES)
    yield from _APPLICATIONS


def _print(browser: str, page: Path, printed: Path) -> None:
    """Prints with a profile of its own, so that a browser that runs already is not asked to."""
    command = [browser, *_SWITCHES, f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={printed}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    try:
        subprocess.run([*command, page.as_uri()], capture_output=True, check=True, timeout=MAX_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"{printable(browser)} does not print the report: {printable(str(error)[:200])}") from error
    if not printed.is_file():
        raise UsageError(f"{printable(browser)} printed nothing; write --format html and print that from any browser")
