"""The PDF: complete, tagged, equal to itself, and one clear sentence where no browser is there to print it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from certaudit.document.report_objects import Document
from certaudit.errors import UsageError
from certaudit.reports import Options, pdf, write
from certaudit.reports.html.page import page_of
from tests.optional import missing, need_program


@pytest.fixture(scope="module")
def printed(sound: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on the sound site, printed."""
    try:
        pdf.find_browser()
    except UsageError:
        missing("Chromium, Chrome or Edge is not installed")
    need_program("pdftotext")
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    path.write_bytes(write(sound, "pdf"))
    return path


def poppler(program: str, *arguments: object) -> str:
    return subprocess.run([program, *map(str, arguments)], capture_output=True, check=True, text=True).stdout


def test_what_is_closed_on_the_screen_prints_too(printed: Path, sound: Document) -> None:
    text = re.sub(r"\s", "", poppler("pdftotext", "-raw", printed, "-"))
    page = page_of(sound, Options())
    for group in (*page.failures, *page.gaps):
        assert re.sub(r"\s", "", group.first["message"]) in text
        assert all(finding["fingerprint"] in text for finding in group.members)
    for digest in sound["tool"]["catalogue"].values():
        assert digest in text
    for finding in sound["findings"]:
        assert finding["requirement"] in text


def test_it_is_tagged_dated_and_on_a4(printed: Path) -> None:
    facts = poppler("pdfinfo", printed)
    assert re.search(r"Tagged:\s+yes", facts)
    assert "(A4)" in facts
    assert re.search(r"Title:\s+READY: Contoso primary site \(S01\)", facts)
    assert re.search(r"CreationDate:.*2010", facts)


def test_without_a_browser_it_is_one_sentence(sound: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UsageError, match="needs Chromium, Chrome or Edge and none was found; name it in"):
        write(sound, "pdf")


def test_a_browser_that_is_none_is_named(sound: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(pdf.VARIABLE, "/nowhere/chromium")
    with pytest.raises(UsageError, match="CERTAUDIT_BROWSER names /nowhere/chromium, which is no program"):
        write(sound, "pdf")


@pytest.mark.parametrize(("program", "sentence"), [("true", "printed nothing"), ("false", "does not print the report")])
def test_a_browser_that_does_not_print_is_one_sentence(
    program: str, sentence: str, sound: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_program(program)
    monkeypatch.setenv(pdf.VARIABLE, program)
    with pytest.raises(UsageError, match=sentence):
        write(sound, "pdf")


def test_edge_is_found_where_windows_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(pdf.VARIABLE, raising=False)
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    monkeypatch.setattr(shutil, "which", lambda name: name if "msedge.exe" in name else None)
    assert "msedge.exe" in pdf.find_browser()
