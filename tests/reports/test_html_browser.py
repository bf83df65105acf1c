"""The HTML report in a real browser: Chromium as installed, driven by Playwright, judged by axe-core.

What is tested is what no reading of the page shows: that nothing hostile runs and nothing is fetched, that the page can
be read in any theme, width and without script, and that it prints whole. Firefox, Safari and Edge cannot be had here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from certaudit.document.report_objects import Document
from certaudit.errors import UsageError
from certaudit.reports import write
from certaudit.reports.pdf import find_browser
from tests.optional import missing
from tests.reports.hostile import hostile

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

AXE = (os.environ.get("AXE_CORE", ""), "node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(part => { part.open = true; })"

Open = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    try:
        program = find_browser()
    except UsageError:
        missing("Chromium, Chrome or Edge is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core: the file that AXE_CORE names, or the one that `npm install axe-core` leaves."""
    for place in AXE:
        if place and Path(place).is_file():
            return Path(place).read_text(encoding="utf-8")
    missing("axe-core is not there: npm install --no-save axe-core, or name its axe.min.js in AXE_CORE")


def _watch(page: Page, faults: list[str]) -> None:
    """Notes in `faults` what a report must never do."""

    def dialog(shown: Dialog) -> None:
        faults.append(f"dialog {shown.message}")
        shown.dismiss()

    def request(asked: Request) -> None:
        if not asked.url.startswith("file:"):
            faults.append(f"asks for {asked.url}")

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    page.on("dialog", dialog)
    page.on("request", request)
    page.on("console", console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens a report as a file. A dialog, a request for anything else and a fault of the script make the test fail."""
    faults: list[str] = []
    contexts = []

    def open_report(document: Document, fragment: str = "", **context: Any) -> Page:
        path = tmp_path / "report.html"
        path.write_bytes(write(document, "html"))
        contexts.append(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}))
        page = contexts[-1].new_page()
        _watch(page, faults)
        page.goto(path.as_uri() + fragment)
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert faults == []


def part(document: Document) -> Document:
    """Enough of the broken site to have every section, and little enough for axe-core to be quick."""
    systems = list(dict.fromkeys(finding["system"] for finding in document["findings"] if finding["system"]))[:8]
    kept = [finding for finding in document["findings"] if finding["system"] in systems]
    kept[0]["waiver"] = "accepted"
    chains = [*document["chains"][:2], *(chain for chain in document["chains"] if not chain["valid"])][:8]
    used = {thumbprint for chain in chains for thumbprint in chain["certificates"]}
    return {
        **document,
        "findings": kept,
        "chains": chains,
        "certificates": [item for item in document["certificates"] if item["sha256"] in used],
        "inputs": document["inputs"][:6],
        "next_failures": document["next_failures"][:6],
    }


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds, with the first element of each; it is put in past the policy, which lets in no script."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert len(found["passes"]) > 30
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:200]}" for fault in found["violations"]]


@pytest.mark.parametrize(
    "context",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark"},
        {"color_scheme": "light", "viewport": {"width": 320, "height": 800}},
        {"forced_colors": "active"},
    ],
    ids=["light", "dark", "narrow", "forced-colours"],
)
def test_axe_finds_nothing(show: Open, axe: str, broken: Document, context: dict[str, Any]) -> None:
    page = show(part(broken), **context)
    page.evaluate(OPEN_ALL)
    assert violations(page, axe) == []


def test_axe_finds_nothing_in_the_sound_site(show: Open, axe: str, sound: Document) -> None:
    assert violations(show(sound), axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_takes_the_theme_of_the_reader(show: Open, sound: Document, scheme: str) -> None:
    background = show(sound, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 22, 26)"}[scheme]


@pytest.mark.parametrize("name", ["sound", "broken"])
def test_nothing_scrolls_sideways_at_320_pixels(show: Open, name: str, request: pytest.FixtureRequest) -> None:
    page = show(request.getfixturevalue(name), viewport={"width": 320, "height": 800})
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_hostile_text_runs_nothing_and_fetches_nothing(show: Open, broken: Document) -> None:
    page = show(hostile(broken))
    page.evaluate(OPEN_ALL)
    address = page.url
    page.mouse.move(600, 400)
    page.wait_for_timeout(500)
    assert page.url == address
    assert page.locator("img, iframe, base, form, svg svg, meta[http-equiv=refresh]").count() == 0
    assert page.locator("script").count() == 1


def test_the_policy_stops_what_escaping_would_let_slip(browser: Browser, sound: Document, tmp_path: Path) -> None:
    injected = (
        "<script>document.title = 'run'</script><img src=x onerror=\"document.title='run'\"><p style='color:red'>"
    )
    path = tmp_path / "report.html"
    path.write_text(write(sound, "html").decode().replace("<main", injected + "<main", 1), encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    page.wait_for_timeout(200)
    assert page.title().startswith("READY")
    assert page.evaluate("getComputedStyle(document.querySelector('p[style]')).color") != "rgb(255, 0, 0)"
    page.close()


def test_without_script_all_of_it_is_there(show: Open, broken: Document) -> None:
    page = show(broken, java_script_enabled=False)
    assert page.locator("h2").first.inner_text().endswith("NOT READY")
    assert not page.locator(".tools").is_visible()
    assert page.locator("details.finding").count() > 100
    last = page.locator("#failures details.finding").last
    last.locator("summary").first.click()
    assert last.get_by_text("Consequence").is_visible()


def test_the_search_narrows_the_findings_and_says_so(show: Open, broken: Document) -> None:
    page = show(broken)
    page.fill("#search", "dp-revoked.contoso.com")
    shown = page.locator("details.finding:not([hidden])")
    count = shown.count()
    assert 0 < count < 20
    assert page.locator("#shown").inner_text().startswith(f"{count} of ")
    page.fill("#search", "")
    page.select_option("#severity", "warning")
    assert set(shown.locator(".badge").all_text_contents()) == {"warning"}
    page.select_option("#role", "boot-media")
    assert shown.count() > 3


def test_findings_are_sorted_as_asked(show: Open, broken: Document) -> None:
    page = show(broken)
    page.select_option("#sort", "count")
    counts = page.locator("#failures details.finding").evaluate_all("all => all.map(one => +one.dataset.count)")
    assert counts == sorted(counts, reverse=True)
    page.select_option("#sort", "severity")
    first = page.locator("#failures details.finding").first
    assert first.get_attribute("id") == "finding-1"


def test_a_link_leads_to_a_finding_that_the_filter_hides(show: Open, broken: Document) -> None:
    page = show(broken)
    page.fill("#search", "nosuchthing")
    assert page.locator("details.finding:not([hidden])").count() == 0
    page.locator(".steps a").first.click()
    target = page.locator(".steps a").first.get_attribute("href") or ""
    assert page.locator(target).is_visible()
    assert page.locator(target).get_attribute("open") is not None


def test_a_link_opens_the_closed_part_that_it_leads_into(show: Open, broken: Document) -> None:
    page = show(broken, "#r-eku.server-authentication")
    assert page.locator("[id='r-eku.server-authentication']").is_visible()


def test_it_works_by_keyboard_alone(show: Open, broken: Document) -> None:
    page = show(broken)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    second = page.locator("#failures details.finding").nth(1)
    second.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert second.get_attribute("open") is not None
    header = page.locator("table.certificates th button").nth(2)
    header.focus()
    page.keyboard.press("Enter")
    ends = page.locator("table.certificates td.day").all_inner_texts()
    assert ends == sorted(ends)
    assert page.locator("table.certificates th[aria-sort=ascending]").inner_text() == "Ends"
