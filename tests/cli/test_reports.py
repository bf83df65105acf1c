"""What can be done with a report: other formats, comparisons, baselines, pseudonyms, waivers."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from certaudit.reports import FORMATS
from certaudit.reports.schema import schema_of
from tests.cli.conftest import Certaudit

CONTOSO = Path(__file__).parents[2] / "fixtures/contoso"
SITE = CONTOSO / "site.toml"
TEXT_FORMATS = sorted(set(FORMATS) - {"pdf"})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reproducible report on the sound site."""
    return audited(tmp_path_factory.mktemp("report") / "report.json")


def audited(path: Path, *arguments: str) -> Path:
    from certaudit.cli import run

    run(["audit", str(SITE), "--reproducible", "--format", f"json={path}", *arguments])
    return path


def read(path: Path) -> Any:
    return json.loads(path.read_text("ascii"))


def test_an_export_is_what_the_audit_itself_would_have_written(
    certaudit: Certaudit, report: Path, tmp_path: Path
) -> None:
    def into(folder: str) -> list[str]:
        (tmp_path / folder).mkdir()
        return [f"--format={form}={tmp_path / folder / form}" for form in TEXT_FORMATS]

    certaudit("audit", SITE, "--reproducible", *into("direct"))
    assert certaudit("export", report, *into("later")).code == 0
    for form in TEXT_FORMATS:
        assert (tmp_path / "later" / form).read_bytes() == (tmp_path / "direct" / form).read_bytes(), form


def test_a_reproducible_report_is_equal_byte_for_byte(certaudit: Certaudit, report: Path, tmp_path: Path) -> None:
    again = audited(tmp_path / "again.json")
    assert again.read_bytes() == report.read_bytes()
    assert not {"started", "finished"} & set(read(report))


def test_a_report_says_when_it_was_made(certaudit: Certaudit, tmp_path: Path) -> None:
    certaudit("audit", SITE, "--format", f"json={tmp_path / 'report.json'}")
    assert read(tmp_path / "report.json")["started"] <= read(tmp_path / "report.json")["finished"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{}", "is no certaudit report: it has no 'schema'"),
        ('{"schema": "certaudit-report/9"}', "is a certaudit-report/9, and certaudit-report/1 is expected"),
        ('{"schema": "certaudit-report/1"}', "is no whole certaudit-report/1: tool is missing"),
        ("%", "is no JSON report"),
    ],
)
@pytest.mark.parametrize("command", ["export", "diff", "audit"])
def test_what_is_no_report_of_this_schema_is_refused(
    certaudit: Certaudit, report: Path, tmp_path: Path, command: str, content: str, words: str
) -> None:
    odd = tmp_path / "odd.json"
    odd.write_text(content)
    arguments: dict[str, list[object]] = {
        "export": [odd],
        "diff": [odd, report],
        "audit": [SITE, "--baseline", odd],
    }
    outcome = certaudit(command, *arguments[command])
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.out == ""


def test_a_file_that_is_not_there_is_one_sentence(certaudit: Certaudit, tmp_path: Path) -> None:
    outcome = certaudit("export", tmp_path / "nowhere.json")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)


def test_nothing_got_worse(certaudit: Certaudit, report: Path) -> None:
    outcome = certaudit("diff", report, report)
    assert outcome.code == 0
    assert outcome.out.startswith("NOT WORSE: 0 new, 0 changed, 0 fixed")


def test_something_got_worse(certaudit: Certaudit, report: Path, tmp_path: Path) -> None:
    later = audited(tmp_path / "later.json", "--as-of", "2011-05-20")
    outcome = certaudit("diff", report, later, "--format", "json")
    assert outcome.code == 1
    compared = json.loads(outcome.out)
    Draft202012Validator(schema_of("diff")).validate(compared)
    assert compared["worse"] is True
    assert "validity.not-expiring-soon" in {finding["requirement"] for finding in compared["new"]}
    assert certaudit("diff", later, report).code == 0


def test_an_audit_is_held_against_a_baseline(certaudit: Certaudit, report: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    arguments = ["audit", SITE, "--as-of", "2011-05-20", "--baseline", report, "--fail-on", "never"]
    outcome = certaudit(*arguments, "--format", "table", "--format", f"json={path}", "--allow-incomplete")
    assert "Since 2010-03-01\n" in outcome.out
    since = read(path)["baseline"]
    assert since["new"]
    assert set(since["new"]) <= {finding["fingerprint"] for finding in read(path)["findings"]}
    Draft202012Validator(schema_of("report")).validate(read(path))


def test_a_complete_run_replaces_its_baseline(certaudit: Certaudit, tmp_path: Path) -> None:
    path = audited(tmp_path / "report.json")
    assert certaudit("audit", SITE, "--baseline", path, "--format", f"json={path}").code == 0
    assert "baseline" in read(path)


def test_an_incomplete_run_does_not_replace_its_baseline(certaudit: Certaudit, tmp_path: Path) -> None:
    path = audited(tmp_path / "report.json")
    before = path.read_bytes()
    text = SITE.read_text().replace('certificates = "', 'x = "').replace("dp01.password", "pfx.password")
    broken = tmp_path / "site.toml"
    broken.write_text(text)
    for name in ("roots", "ca", "crl"):
        (tmp_path / name).symlink_to(CONTOSO / name)
    outcome = certaudit("audit", broken, "--baseline", path, "--format", f"json={path}")
    assert outcome.code in (1, 4)
    assert "an incomplete run does not replace a baseline" in outcome.err
    assert path.read_bytes() == before


def test_a_redacted_report_names_nobody(certaudit: Certaudit, report: Path, tmp_path: Path) -> None:
    wanted = [f"--format={form}={tmp_path / form}" for form in TEXT_FORMATS]
    assert certaudit("export", report, "--redact", *wanted).code == 0
    for form in TEXT_FORMATS:
        assert b"contoso" not in (tmp_path / form).read_bytes().lower(), form
    outcome = certaudit("audit", SITE, "--redact")
    assert outcome.code == 0
    assert "contoso" not in outcome.out.casefold()


def test_with_a_key_reports_are_redacted_alike(certaudit: Certaudit, report: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("a secret of sixteen bytes at least\n")
    for name in ("one", "two"):
        certaudit("export", report, "--redact-key", key, "--format", f"json={tmp_path / name}")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert certaudit("diff", tmp_path / "one", tmp_path / "two").code == 0
    assert certaudit("diff", report, tmp_path / "two").code == 2
    key.write_text("short")
    assert "16 bytes at least" in certaudit("export", report, "--redact-key", key).err


def test_a_waiver_is_added_to_a_file(certaudit: Certaudit, tmp_path: Path) -> None:
    path = tmp_path / "waivers.toml"
    common = ("waive", "signature.not-sha1", "--owner", "security", "--until", "2110-06-30", "-o", path)
    assert certaudit(*common, "--system", "dp01.contoso.com", "--reason", "until the summer").code == 0
    path.write_text("# Ours.\n" + path.read_text().rstrip("\n"))
    assert certaudit(*common, "--role", "client", "--reason", 'a "quoted"\\ \x1b and\na line').code == 0
    assert path.read_text().startswith("# Ours.\n[[waiver]]\n")
    first, second = tomllib.loads(path.read_text())["waiver"]
    assert first["system"] == "dp01.contoso.com"
    assert second["reason"] == 'a "quoted"\\ \x1b and\na line'
    outcome = certaudit("audit", SITE, "--waivers", path, "--format", "json")
    assert {waiver["state"] for waiver in json.loads(outcome.out)["waivers"]} == {"in-force"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["signature.nonsense", "--role", "client"], "there is no requirement 'signature.nonsense'"),
        (["signature.not-sha1"], "must say what is waived"),
        (["signature.not-sha1", "--thumbprint", "12"], "40 or 64 hexadecimal digits"),
        (["signature.not-sha1", "--role", "client", "--until", "soon"], "is no date"),
    ],
)
def test_a_faulty_waiver_is_not_written(certaudit: Certaudit, tmp_path: Path, arguments: list[str], words: str) -> None:
    path = tmp_path / "waivers.toml"
    outcome = certaudit("waive", "--owner", "x", "--reason", "y", "--until", "2110-01-01", "-o", path, *arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert not path.exists()


def test_a_file_that_holds_something_else_is_left(certaudit: Certaudit, tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text("[site]\n")
    common = ("--owner", "x", "--reason", "y", "--until", "2110-01-01", "-o", path)
    assert certaudit("waive", "signature.not-sha1", "--role", "client", *common).code == 2
    assert path.read_text() == "[site]\n"


def test_a_waiver_that_is_over_when_it_is_written_is_said(certaudit: Certaudit, tmp_path: Path) -> None:
    common = ("--owner", "x", "--reason", "y", "--until", "2010-01-01", "-o", tmp_path / "w.toml")
    outcome = certaudit("waive", "signature.not-sha1", "--role", "client", *common)
    assert (outcome.code, "is over" in outcome.err) == (0, True)
