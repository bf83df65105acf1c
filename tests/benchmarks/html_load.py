"""What a large HTML report costs: 5,000 findings of as many clients, with a fault each and with one fault for all.

    python -m tests.benchmarks.html_load [FINDINGS]

Prints the size of the page, the seconds to write it, and the seconds in which Chromium loads it, to the load event and
a frame after it, the best of three. Nothing here is a test: the machine decides the numbers.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from certaudit.document.assembly import document_of
from certaudit.document.attention import is_failure
from certaudit.document.report_objects import Document, FindingObject
from certaudit.reports import write
from certaudit.reports.pdf import find_browser
from tests.conftest import report_on

FRAME = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


def fleet(report: Document, count: int, *, alike: bool) -> Document:
    """`report` with `count` failures, each of a client of its own; all say the same, or each something else."""
    model = next(finding for finding in report["findings"] if is_failure(finding) and finding["role"] == "client")
    findings: list[FindingObject] = [
        {
            **model,
            "system": f"ws{number:05}.contoso.com",
            "fingerprint": f"{number:032x}",
            "message": model["message"] if alike else f"{model['message']} Ticket {number}.",
        }
        for number in range(count)
    ]
    return {**report, "findings": findings}


def loading_time(path: Path) -> float:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        times = []
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.evaluate(FRAME)
            times.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return min(times)


def main(count: int = 5_000) -> None:
    broken = document_of(report_on("contoso-broken"))
    cases = {
        f"the broken site, {len(broken['findings']):,} findings": broken,
        f"{count:,} clients, a fault each": fleet(broken, count, alike=False),
        f"{count:,} clients, one fault": fleet(broken, count, alike=True),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, report in cases.items():
            path = Path(folder, "report.html")
            started = time.perf_counter()
            path.write_bytes(write(report, "html"))
            written = time.perf_counter() - started
            size = path.stat().st_size / 1e6
            print(f"{name}: {size:.2f} MB, written in {written:.2f} s, loaded in {loading_time(path):.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
