"""Every format against the schema that its owner publishes, or a public reader of it.

Excel, GitHub's code scanning, Jenkins and a Prometheus node exporter cannot be had here: what is tested is that the
files keep to the published rules, and for XLSX that another library reads string cells and nothing else.
"""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import icalendar
import jsonschema
import openpyxl
import pytest
import xmlschema
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from certaudit.document.attention import is_failure, is_gap
from certaudit.document.redaction import redacted
from certaudit.document.report_objects import Document
from certaudit.reports import FORMATS, Options, write
from certaudit.reports.calendar import alarms, uid
from certaudit.reports.csv_report import guarded
from certaudit.reports.oscal import control_id
from certaudit.reports.rows import FINDING_HEADERS
from certaudit.reports.sarif import message_text, uri

SCHEMAS = Path(__file__).parents[1] / "schemas"


def loaded(document: Document, form: str) -> Any:
    return json.loads(write(document, form))


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_report_gives_the_same_bytes(sound: Document, form: str) -> None:
    assert write(sound, form) == write(sound, form)


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"pdf", "xlsx", "csv", "ics"}))
def test_text_formats_end_in_one_newline(sound: Document, form: str) -> None:
    assert re.search(rb"[^\n]\n\Z", write(sound, form))


def test_csv_holds_every_finding(broken: Document) -> None:
    text = write(broken, "csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == len(broken["findings"])
    assert list(rows[0]) == list(FINDING_HEADERS)
    assert [row["fingerprint"] for row in rows] == [finding["fingerprint"] for finding in broken["findings"]]
    assert write(broken, "csv").startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == len(rows) + 1


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "|cmd", "%1", "＝1", " =1", '"=1"', "' =1"],
)
def test_a_cell_of_csv_starts_no_formula(cell: str) -> None:
    assert guarded(cell) == "'" + cell


def test_a_plain_cell_of_csv_is_left() -> None:
    assert guarded("CN=a") == "CN=a"
    assert guarded("") == ""


def test_xlsx_holds_string_cells_alone(sound: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write(sound, "xlsx")))
    assert book.sheetnames == ["Summary", "Findings", "Certificates", "Coverage", "What breaks next", "Inputs"]
    assert book["Findings"].max_row == len(sound["findings"]) + 1
    assert book["Certificates"].max_row == len(sound["certificates"]) + 1
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    assert not any(cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "n")
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def test_xlsx_without_its_library_is_one_sentence(sound: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(Exception, match=r"install it with: pip install 'certaudit\[xlsx\]'"):
        write(sound, "xlsx")


@pytest.fixture(scope="module")
def sarif_schema() -> jsonschema.Draft4Validator:
    return jsonschema.Draft4Validator(json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text("utf-8")))


@pytest.mark.parametrize("form", ["sarif", "sarif-full"])
def test_sarif_keeps_to_the_schema_of_oasis(
    sound: Document, broken: Document, form: str, sarif_schema: jsonschema.Draft4Validator
) -> None:
    for document in (sound, broken) if form == "sarif" else (sound,):
        log = loaded(document, form)
        sarif_schema.validate(log)
        for result in log["runs"][0]["results"]:
            assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            assert result["partialFingerprints"]["primaryLocationLineHash"]
            assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_the_schema_of_oasis_refuses_what_it_does_not_know(
    sound: Document, sarif_schema: jsonschema.Draft4Validator
) -> None:
    with pytest.raises(jsonschema.ValidationError):
        sarif_schema.validate({**loaded(sound, "sarif"), "surprise": 1})


def test_sarif_for_github_holds_failures_alone(broken: Document) -> None:
    run = loaded(broken, "sarif")["runs"][0]
    assert len(run["results"]) == sum(map(is_failure, broken["findings"]))
    assert {result["kind"] for result in run["results"]} == {"fail"}
    assert not any("suppressions" in result for result in run["results"])
    assert all(len(rule["properties"]["tags"]) <= 20 for rule in run["tool"]["driver"]["rules"])
    assert {rule["properties"]["security-severity"] for rule in run["tool"]["driver"]["rules"]} <= {"8.0", "5.5", "2.0"}
    names = {taxonomy["name"] for taxonomy in run["taxonomies"]}
    assert "NIST SP 800-53 Rev. 5" in names


def test_full_sarif_holds_every_finding(broken: Document) -> None:
    results = loaded(broken, "sarif-full")["runs"][0]["results"]
    assert len(results) == len(broken["findings"])
    assert {result["kind"] for result in results} == {"pass", "fail", "open", "notApplicable"}
    assert all(result["level"] == "none" for result in results if result["kind"] != "fail")


def test_a_message_of_sarif_has_no_link_placeholder_or_markup() -> None:
    assert message_text("[a](b) {0} <b> \\") == "\\[a\\](b) {{0}} \u2039b\u203a \\\\"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("mp01/a b.pfx", "mp01/a%20b.pfx"),
        ("//evil/share", "evil/share"),
        ("javascript:x", "javascript%3Ax"),
        ("C:\\x", "C%3A%5Cx"),
        ("/", "input"),
    ],
)
def test_a_path_becomes_a_relative_uri(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_junit_keeps_to_the_schema_of_the_xunit_plugin(sound: Document, broken: Document) -> None:
    schema = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
    for document in (sound, broken):
        schema.validate(io.BytesIO(write(document, "junit")))
    tampered = write(sound, "junit").replace(b"<testcase ", b'<testcase file="x" ', 1)
    assert not schema.is_valid(io.BytesIO(tampered))


def test_junit_counts_what_stands_in_the_way(broken: Document) -> None:
    top = ElementTree.fromstring(write(broken, "junit"))
    failures = [f for f in broken["findings"] if is_failure(f) and f["severity"] != "notice"]
    assert int(top.get("tests", "")) == len(broken["findings"]) == len(list(top.iter("testcase")))
    assert int(top.get("failures", "")) == len(failures) == len(list(top.iter("failure")))
    assert int(top.get("errors", "")) == sum(map(is_gap, broken["findings"])) == len(list(top.iter("error")))


def test_cyclonedx_keeps_to_the_schema_of_1_7(sound: Document, broken: Document) -> None:
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_7)
    for document in (sound, broken):
        assert validator.validate_str(write(document, "cyclonedx").decode()) is None
    strange = {**loaded(sound, "cyclonedx"), "surprise": 1}
    assert validator.validate_str(json.dumps(strange)) is not None


def test_cyclonedx_refers_to_what_is_there(broken: Document) -> None:
    bom = loaded(broken, "cyclonedx")
    references = [component["bom-ref"] for component in bom["components"]]
    assert len(set(references)) == len(references)
    for dependency in bom["dependencies"]:
        assert {dependency["ref"], *dependency["dependsOn"]} <= set(references)
    assert sum(reference.startswith("certificate:") for reference in references) == len(broken["certificates"])
    states = {
        state["state"]
        for component in bom["components"]
        for state in component["cryptoProperties"].get("certificateProperties", {}).get("certificateState", [])
    }
    assert states == {"pre-activation", "active", "deactivated", "revoked"}


def test_ocsf_keeps_to_the_schema_of_1_8(broken: Document) -> None:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.8.0")).get_class_schema("compliance_finding")
    validator = jsonschema.Draft202012Validator(schema)
    events = [json.loads(line) for line in write(broken, "ocsf").splitlines()]
    assert len(events) == sum(finding["status"] != "not-applicable" for finding in broken["findings"])
    seen = {(e["compliance"]["status"], e["severity"], e["status"], "standards" in e["compliance"]): e for e in events}
    for event in (*seen.values(), *events[::50]):
        validator.validate(event)
    with pytest.raises(jsonschema.ValidationError):
        validator.validate({**events[0], "surprise": 1})


def test_oscal_is_read_by_trestle(tmp_path: Path, sound: Document, broken: Document) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from trestle.oscal.assessment_results import AssessmentResults

        for number, document in enumerate((sound, broken)):
            path = tmp_path / f"{number}.json"
            path.write_bytes(write(document, "oscal"))
            read: Any = AssessmentResults.oscal_read(path)
            assert read is not None
            assert read.results[0].findings
        strange = loaded(sound, "oscal")
        strange["assessment-results"]["surprise"] = 1
        path.write_text(json.dumps(strange))
        with pytest.raises(Exception, match="surprise"):
            AssessmentResults.oscal_read(path)


def test_oscal_says_of_each_control_how_it_stands(sound: Document, broken: Document) -> None:
    result = loaded(broken, "oscal")["assessment-results"]["results"][0]
    states = {finding["target"]["target-id"]: finding["target"]["status"] for finding in result["findings"]}
    assert states["ia-5.2_smt"] == {"state": "not-satisfied", "reason": "fail"}
    observations = {observation["uuid"] for observation in result["observations"]}
    for finding in result["findings"]:
        assert {entry["observation-uuid"] for entry in finding.get("related-observations", [])} <= observations
    items = {item["uuid"] for item in result["local-definitions"]["inventory-items"]}
    for observation in result["observations"]:
        assert {subject["subject-uuid"] for subject in observation.get("subjects", [])} <= items
    passed = loaded(sound, "oscal")["assessment-results"]["results"][0]["findings"]
    assert "satisfied" in {finding["target"]["status"]["state"] for finding in passed}


def test_a_control_is_called_as_the_catalogue_of_nist_has_it() -> None:
    assert control_id("IA-5(2)") == "ia-5.2"
    assert control_id("SC-17") == "sc-17"


def test_ics_is_read_by_icalendar(broken: Document) -> None:
    data = write(broken, "ics")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    calendar: Any = icalendar.Calendar.from_ical(data)
    events = calendar.walk("VEVENT")
    assert len(events) == len(broken["next_failures"])
    for event, deadline in zip(events, broken["next_failures"], strict=True):
        assert str(event["SUMMARY"]) == deadline["what"]
        assert event["DTSTART"].dt == date.fromisoformat(deadline["when"][:10])
        assert not event.errors
    assert len({str(event["UID"]) for event in events}) == len(events)


def test_alarms_come_by_the_lead_time_of_the_role(sound: Document) -> None:
    calendar: Any = icalendar.Calendar.from_ical(write(sound, "ics"))
    leads = {
        str(event["SUMMARY"]): [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
        for event in calendar.walk("VEVENT")
    }
    by_days = {summary: [-trigger // timedelta(days=1) for trigger in triggers] for summary, triggers in leads.items()}
    assert by_days["CRL of Contoso Issuing CA 1 ends"] == [2]
    assert by_days["CA certificate Contoso Root CA expires"] == [180, 30]
    (media,) = (summary for summary in by_days if summary.startswith("boot-media certificate"))
    assert by_days[media] == [60, 7]
    assert by_days["client certificate ws0001.contoso.com expires"] == [30, 7]
    assert alarms(None) == [2]


def test_the_uid_of_an_event_is_that_of_the_certificate(sound: Document) -> None:
    deadline = sound["next_failures"][2]
    later = {**deadline, "what": "something else", "systems": []}
    assert uid(deadline) == uid(later)  # type: ignore[arg-type]


def test_prometheus_reads_its_metrics(broken: Document) -> None:
    families = {family.name: family for family in text_string_to_metric_families(write(broken, "prometheus").decode())}
    ends = families["certaudit_certificate_not_after_timestamp_seconds"].samples
    assert {"role", "system", "serial", "subject", "sha1"} == set(ends[0].labels)
    labels = [tuple(sorted(sample.labels.items())) for sample in ends]
    assert len(set(labels)) == len(labels)
    assert families["certaudit_last_run_timestamp_seconds"].samples[0].value == 1267401600
    counts = {sample.labels["severity"]: sample.value for sample in families["certaudit_findings"].samples}
    assert counts == broken["summary"]["failed"]
    assert families["certaudit_run_complete"].samples[0].value == 0


def test_markdown_says_first_how_it_stands(sound: Document, broken: Document) -> None:
    assert write(sound, "markdown").startswith(b"# READY\n")
    text = write(broken, "markdown").decode()
    assert text.startswith("# NOT READY\n")
    for heading in ("What breaks next", "Certificates of the site", "What to mend", "What could not be checked"):
        assert f"\n## {heading}\n" in text


@pytest.mark.parametrize("form", ["markdown", "table"])
def test_findings_are_grouped_by_control(broken: Document, form: str) -> None:
    text = write(broken, form, Options(group_by="control")).decode().replace("\\", "")
    position = text.index("NIST SP 800-53 Rev. 5 IA-5(2) Public Key-based Authentication")
    assert text.index("ISO/IEC 27001:2022 Annex A A.8.24 Use of cryptography") < position
    assert "mp01.contoso.com" in text[position:]


@pytest.mark.parametrize("form", FORMATS)
def test_a_redacted_report_is_written_like_any_other(sound: Document, form: str) -> None:
    assert write(redacted(sound), form)


def estate(broken: Document, size: int) -> Document:
    """The document with one fault of as many clients."""
    first = next(filter(is_failure, broken["findings"]))
    names = [f"ws{number:04}.contoso.com" for number in range(size)]
    findings = [
        {
            **first,
            "severity": "error",
            "role": "client",
            "system": name,
            "certificate": None,
            "message": f"It is not for {name}.",
        }
        for name in names
    ]
    entry = {**broken["coverage"][0], "role": "client", "certificate": broken["certificates"][0]["sha256"]}
    return cast("Document", {**broken, "findings": findings, "coverage": [{**entry, "system": name} for name in names]})


@pytest.mark.parametrize("form", ["table", "markdown"])
def test_one_fault_of_many_is_told_once(broken: Document, form: str) -> None:
    text = write(estate(broken, 412), form).decode()
    assert text.count("It is not for ") == 2, "the first lines say it as well"
    assert "and of 411 more the same: ws0001.contoso.com, ws0002.contoso.com, ws0003.contoso.com, and 408 more" in (
        " ".join(text.split()).replace("\\", "")
    )
    assert write(estate(broken, 412), form, Options(verbose=True)).decode().count("It is not for ") >= 412


def test_a_fix_that_stands_above_is_named_and_not_repeated(broken: Document) -> None:
    texts = {"consequence": "Clients on the internet fail.", "remediation": "Publish the CRL again."}
    first, second = ({**broken["findings"][0], **texts, "status": "fail", "severity": "error"} for _ in range(2))
    told = {**first, "system": "mp01.contoso.com", "role": "web-server", "message": "One."}
    again = {**second, "system": "dp01.contoso.com", "role": "web-server", "message": "Other."}
    document = cast("Document", {**broken, "findings": [told, again]})
    assert "fix:  as for mp01.contoso.com, web-server, above" in write(document, "table").decode()
    assert "as for" not in write(document, "table", Options(verbose=True)).decode()


def test_a_big_site_shows_some_lines_of_each_result(broken: Document) -> None:
    text = write(estate(broken, 412), "table").decode()
    assert "  407 more, client: 1 error" in text
    assert len(text.splitlines()) < 120
