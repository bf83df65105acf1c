"""Hostile names through every format: from certificates, files, manifest and waivers, by the whole way.

The names are those of printable's tests, and more. What the HTML does with them in a browser is tested beside its
writer. Azure Pipelines, GitHub's runner, Excel and a real terminal cannot be had here: what is tested is that nothing
comes out that they act on.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cmarkgfm  # type: ignore[import-untyped]
import icalendar
import jsonschema
import openpyxl
import pytest
from prometheus_client.parser import text_string_to_metric_families

from certaudit.cli import run
from certaudit.document.reader import checked, read_document
from certaudit.document.report_objects import Document
from certaudit.findings.waivers import with_waiver
from certaudit.printable import printable
from certaudit.reports import FORMATS, write
from certaudit.reports.csv_report import guarded
from tests.builder import alternative_names, certificate_der, extended_key_usage, extension, name, sequence, tlv
from tests.reports.hostile import MARKUP, hostile
from tests.test_printable import HOSTILE

NAMES = [
    *HOSTILE,
    *MARKUP,
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=cmd|' /C calc'!A0",
    "＝1+1",
    "=1+1|x",
    "##[command]rm",
    "::set-output name=x::y",
    "\n::warning::x",
    "[/nope]",
    "[link=http://evil.example]x[/link]",
    "[click](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "http://evil.example/ www.evil.example a@evil.example",
    "`code` ``two`` *bold* _it_ ~~gone~~ | cell",
    "{0} {x} %s %(x)s ${x} $(x)",
    "1e5",
    "END:VALARM\r\nBEGIN:VEVENT",
    'quote" and \\',
    "a\x85b\x0bc\x0cd",
    "\u2066isolate\u2069",
    "\ufffe",
    "long " * 2000,
]
NAMES = list(dict.fromkeys(NAMES))
SUBSET = ["json", *sorted(set(FORMATS) - {"json", "html", "pdf"})]
TEXT = sorted(set(SUBSET) - {"xlsx"})


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\U{ord(character):08X}" for character in text) + '"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,")


def _certificate(number: int, text: str) -> bytes:
    alternative = extension("2.5.29.17", sequence(tlv(0x82, text.encode()[:200]), tlv(0x86, text.encode()[:200])))
    return certificate_der(
        subject=name(f"CN={_escaped(text)}"),
        issuer=name(f"CN={_escaped(text[::-1])}"),
        serial=number + 1,
        extensions=[
            alternative_names("DNS:x") if number % 9 == 0 else alternative,
            extended_key_usage("1.3.6.1.5.5.7.3.1"),
        ],
    )


def _file_name(number: int, text: str) -> str:
    return f"{number}{text.replace('/', '_').replace(chr(0), '_')[:60]}.cer"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in which every name that can be hostile is."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = ["[site]", 'release = "2007-sp2"', 'code = "S01"', f"name = {_quoted(NAMES[0])}"]
    waivers = b""
    for number, text in enumerate(NAMES):
        path = folder / _file_name(number, text)
        path.write_bytes(_certificate(number, text))
        lines += ["[[site_system]]", f"name = {_quoted(text)}", 'roles = ["distribution-point"]']
        lines += [f"internet_name = {_quoted(text)}", f"evidence = [{_quoted(path.name)}]"]
        fields: Any = {"requirement": "chain.trusted-root", "system": text, "owner": text, "reason": text + "."}
        if text.strip():
            waivers = with_waiver(waivers, "waivers", fields | {"until": date(2010, 6, 1)})
    (folder / "bad\x1b[2J##vso[x].cer").write_bytes(b"\x30\x82")
    lines += ["[[client]]", 'name = "c"', f"evidence = [{_quoted('bad' + chr(27) + '[2J##vso[x].cer')}]"]
    (folder / "site.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "waivers.toml").write_bytes(waivers)
    return folder / "site.toml"


def _audit(site: Path, folder: Path) -> dict[str, bytes]:
    wanted = [f"--format={form}={folder / form}" for form in SUBSET]
    waivers = site.parent / "waivers.toml"
    assert run(["audit", str(site), "--as-of", "2010-03-01", "--verbose", "--waivers", str(waivers), *wanted]) == 1
    return {form: (folder / form).read_bytes() for form in SUBSET}


@pytest.fixture(scope="module")
def outputs(site: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every format of the audit of that site."""
    return _audit(site, tmp_path_factory.mktemp("outputs"))


@contextlib.contextmanager
def _unquoted() -> Iterator[None]:
    """While it lasts no name is made printable on its way to the document or to the terminal."""
    loaded = [module for name, module in sys.modules.items() if name.startswith("certaudit.")]
    with pytest.MonkeyPatch.context() as patch:
        for module in loaded:
            if module.__name__ != "certaudit.printable" and getattr(module, "printable", None) is printable:
                patch.setattr(module, "printable", str)
        yield


@pytest.fixture(scope="module")
def unquoted(site: Path, outputs: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same as `outputs`, which comes first so that every module is loaded, with the boundary alone at work."""
    with _unquoted():
        return _audit(site, tmp_path_factory.mktemp("unquoted"))


@pytest.mark.parametrize("form", TEXT)
def test_nothing_unseen_comes_out(outputs: dict[str, bytes], form: str) -> None:
    text = outputs[form].decode("utf-8-sig")
    assert not {character for character in text if not character.isprintable()} - set("\r\n")
    assert not re.search(r"##(vso|\[)", text)
    assert not re.search(r"^\s*::[A-Za-z-]+( .*)?::", text, re.MULTILINE)


@pytest.mark.parametrize("form", TEXT)
def test_the_document_is_a_boundary_by_itself(unquoted: dict[str, bytes], form: str) -> None:
    test_nothing_unseen_comes_out(unquoted, form)


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("arguments", [["{}"], ["audit", "{}"], ["audit", "x", "--as-of", "{}"], ["audit", "--{}"]])
def test_standard_error_is_a_boundary_by_itself(
    arguments: list[str], text: str, outputs: dict[str, bytes], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with _unquoted():
        assert run([argument.replace("{}", text) for argument in arguments]) != 0
    told = capfdbinary.readouterr().err.decode()
    assert not {character for character in told if not character.isprintable()} - {"\n"}
    assert not re.search(r"##(vso|\[)", told)
    assert not re.search(r"^\s*::[A-Za-z-]+( .*)?::", told, re.MULTILINE)


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("command", ["inventory", "chain"])
def test_reports_on_the_evidence_itself_are_a_boundary_too(
    command: str, form: str, site: Path, outputs: dict[str, bytes], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(["chain", str(site)])  # loads the modules of the commands
    run(["inventory", str(site)])
    files = sorted(site.parent.glob("*.cer"))[::7]
    with _unquoted():
        for path in [site.parent] if command == "inventory" else files:
            run([command, str(path), "--format", form])
    captured = capfdbinary.readouterr()
    assert captured.out
    for text in (captured.out.decode(), captured.err.decode()):
        assert not {character for character in text if not character.isprintable()} - {"\n"}
        assert not re.search(r"##(vso|\[)", text)


def test_the_terminal_gets_nothing_either(site: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(["audit", str(site), "--as-of", "2010-03-01", "--verbose", "--waivers", str(site.parent / "waivers.toml")])
    run(["inventory", str(site.parent)])
    captured = capfdbinary.readouterr()
    for text in (captured.out.decode(), captured.err.decode()):
        assert not {character for character in text if not character.isprintable()} - {"\n"}
        assert "##vso[" not in text


def test_names_survive_in_json(outputs: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "report.json").write_bytes(outputs["json"])
    document = read_document(tmp_path / "report.json")
    assert document == json.loads(outputs["json"])
    assert outputs["json"].isascii()
    assert len(document["certificates"]) == len(NAMES)
    assert len({certificate["subject"] for certificate in document["certificates"]}) == len(NAMES)


def test_no_cell_of_csv_is_a_formula(outputs: dict[str, bytes]) -> None:
    rows = list(csv.reader(io.StringIO(outputs["csv"].decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert cell.startswith("'") or guarded(cell) == cell


def test_no_cell_of_xlsx_is_a_formula(outputs: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(outputs["xlsx"]), read_only=True)
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in values} == {"s"}
    assert any(str(cell.value).startswith("=HYPERLINK") or "=HYPERLINK" in str(cell.value) for cell in values)


def test_markdown_has_no_link_image_markup_or_mention(outputs: dict[str, bytes]) -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(outputs["markdown"].decode())
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"h1", "h2", "h3", "p", "ul", "li", "strong", "code", "table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search(r"(?<!\u200b)@(?!\u200b)\w", html)
    widths = {len(row) for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL) for row in [re.findall("<t[hd]", row)]}
    assert widths <= {3, 4}


def test_junit_reads_back(outputs: dict[str, bytes]) -> None:
    top = ElementTree.fromstring(outputs["junit"])
    assert len(list(top.iter("testcase"))) == len(json.loads(outputs["json"])["findings"])


def test_sarif_reads_back(outputs: dict[str, bytes]) -> None:
    schema = Path(__file__).parents[1] / "schemas/sarif-schema-2.1.0.json"
    log = json.loads(outputs["sarif"])
    jsonschema.Draft4Validator(json.loads(schema.read_text("utf-8"))).validate(log)
    for result in log["runs"][0]["results"]:
        text = result["message"]["text"]
        assert "<" not in text
        assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]]", text)
        assert not re.search(r"(?<!\{)\{(?:\{\{)*(?!\{)", text)
        assert re.fullmatch(r"[\w./~%-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_calendar_and_metrics_read_back(outputs: dict[str, bytes]) -> None:
    document = json.loads(outputs["json"])
    calendar: Any = icalendar.Calendar.from_ical(outputs["ics"])
    assert [str(event["SUMMARY"]) for event in calendar.walk("VEVENT")] == [
        deadline["what"] for deadline in document["next_failures"]
    ]
    families = {family.name: family for family in text_string_to_metric_families(outputs["prometheus"].decode())}
    samples = families["certaudit_certificate_not_after_timestamp_seconds"].samples
    subjects = {certificate["subject"] for certificate in document["certificates"] if certificate["roles"]}
    assert {sample.labels["subject"] for sample in samples} == subjects


def test_line_formats_have_one_object_a_line(outputs: dict[str, bytes]) -> None:
    events = [json.loads(line) for line in outputs["ocsf"].splitlines()]
    assert len(events) == sum(f["status"] != "not-applicable" for f in json.loads(outputs["json"])["findings"])


@pytest.mark.parametrize("form", SUBSET)
def test_a_report_that_somebody_tampered_with_is_inert_too(sound: Document, form: str) -> None:
    document = checked(hostile(sound), "tampered")
    written = write(document, form)
    if form != "xlsx":
        text = written.decode("utf-8-sig")
        assert not {character for character in text if not character.isprintable()} - set("\r\n")
        assert "##vso[" not in text
