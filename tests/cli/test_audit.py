"""`certaudit audit` from end to end: verdict, exit codes, formats, and everything that can be wrong with the input."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Certaudit

CONTOSO = Path("fixtures/contoso/site.toml")
BROKEN = Path("fixtures/contoso-broken/site.toml")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the sound site that a test may damage."""
    shutil.copytree(CONTOSO.parent, tmp_path / "contoso")
    return tmp_path / "contoso" / "site.toml"


def test_the_sound_site_is_ready(certaudit: Certaudit) -> None:
    outcome = certaudit("audit", CONTOSO)
    assert outcome.code == 0
    assert outcome.out.startswith("READY: 0 errors, 0 warnings; 26 optional checks not made\n")
    assert outcome.err == ""


def test_the_broken_site_is_not(certaudit: Certaudit) -> None:
    outcome = certaudit("audit", BROKEN)
    assert outcome.code == 1
    assert outcome.out.startswith("NOT READY: ")


def test_years_later_the_sound_site_is_not_ready(certaudit: Certaudit) -> None:
    assert certaudit("audit", CONTOSO, "--as-of", "2012-01-01").code == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "never"], 4),
        (["--fail-on", "never", "--allow-incomplete"], 0),
        (["--allow-incomplete"], 1),
        (["--fail-on", "warning"], 1),
    ],
)
def test_fail_on_moves_the_exit_code_only(certaudit: Certaudit, options: list[str], code: int) -> None:
    outcome = certaudit("audit", BROKEN, "--format", "json", *options)
    assert outcome.code == code
    assert json.loads(outcome.out)["verdict"] == "non-compliant"


def test_a_format_with_its_file_and_another_on_standard_output(certaudit: Certaudit, tmp_path: Path) -> None:
    outcome = certaudit("audit", CONTOSO, "--format", "table", "--format", f"json={tmp_path}/report.json")
    assert outcome.out.startswith("READY")
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "compliant"


def test_output_names_the_file(certaudit: Certaudit, tmp_path: Path) -> None:
    outcome = certaudit("audit", CONTOSO, "--format", "json", "-o", tmp_path / "report.json")
    assert outcome.out == ""
    assert json.loads((tmp_path / "report.json").read_text())["schema"] == "certaudit-report/1"


def test_reproducible_reports_are_equal_byte_for_byte(certaudit: Certaudit) -> None:
    runs = [certaudit("audit", BROKEN, "--format", "json", "--reproducible").out for _ in range(2)]
    assert runs[0] == runs[1]
    assert "started" not in json.loads(runs[0])


def test_several_processes_read_the_same_as_one(certaudit: Certaudit) -> None:
    runs = [certaudit("audit", BROKEN, "--format", "json", "--reproducible", "--jobs", n).out for n in (1, 3)]
    assert runs[0] == runs[1]


def test_passes_are_counted_and_listed_when_asked_for(certaudit: Certaudit) -> None:
    assert "What holds" not in certaudit("audit", CONTOSO).out
    listed = certaudit("audit", CONTOSO, "--verbose").out
    assert "What holds" in listed
    assert "eku.server-authentication" in listed


def test_the_first_lines_say_what_to_do(certaudit: Certaudit) -> None:
    registry = CONTOSO.parents[1] / "contoso-registry" / "site.toml"
    assert (
        "\nMend first: dp-no-distribution-point.contoso.com, web-server (and 2 more alike): "
        in certaudit("audit", BROKEN).out
    )
    later = certaudit("audit", registry, "--release", "2012-r2")
    assert "\nSettle first: dp01.contoso.com, distribution-point-client: " in later.out
    assert " first: " not in certaudit("audit", CONTOSO).out


def test_a_person_reads_lines_of_a_hundred_columns(certaudit: Certaudit) -> None:
    for path in (CONTOSO, BROKEN):
        assert max(map(len, certaudit("audit", path).out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["audit"], "Missing argument 'SITE.toml'"),
        (
            ["audit", "nowhere.toml"],
            "nowhere.toml: there is no such manifest; docs/manifest.md has a small one to copy",
        ),
        (["audit", "fixtures/contoso"], "fixtures/contoso: is a folder, and no manifest; docs/manifest.md has"),
        (["audit", CONTOSO, "--as-of", "yesterday"], "'yesterday' is not ISO 8601"),
        (["audit", CONTOSO, "--as-of", "0001-01-01T00:00:00+14:00"], "is not ISO 8601"),
        (["audit", CONTOSO, "--format", "pfd"], "'pfd' is none of table, json"),
        (["audit", CONTOSO, "--format", "json="], "names no file after '='"),
        (["audit", CONTOSO, "--format", "json", "--format", "table"], "would go to the same place"),
        (["audit", CONTOSO, "-o", "/nowhere/report.txt"], "cannot be written: No such file or directory"),
        (["audit", CONTOSO, "--requirements", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["audit", CONTOSO, "--waivers", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["audit", CONTOSO, "--jobs", "0"], "0 is not in the range"),
        (["audti", CONTOSO], "No such command 'audti'; did you mean 'audit'?"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_bad_usage(certaudit: Certaudit, arguments: list[str], sentence: str) -> None:
    outcome = certaudit(*arguments)
    assert outcome.code == 2
    assert sentence in outcome.err
    assert outcome.out == ""


def problems(certaudit: Certaudit, manifest: Path) -> tuple[int, dict[str, str]]:
    """The exit code, and the sentence about each input that could not be read."""
    outcome = certaudit("audit", manifest, "--format", "json")
    report = json.loads(outcome.out)
    assert len(report["certificates"]) > 10, "nothing else may be lost"
    return outcome.code, {item["path"]: item["error"] for item in report["inputs"] if item["error"]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"This is a letter.\n", "certificate"),
        (b"\x30\x82\x05\x00\x30\x82", "is cut off"),
        (b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "is damaged"),
        (b"\x30\x84\x04\x2c\x1d\x7a" + b"\0" * 70_000_000, "is too big to be read"),
    ],
    ids=["empty", "text", "truncated", "broken-pem", "huge"],
)
def test_an_unreadable_file_is_said_and_nothing_else_is_lost(
    certaudit: Certaudit, site: Path, content: bytes, sentence: str
) -> None:
    (site.parent / "pxe01" / "pxe01.pfx").write_bytes(content)
    code, errors = problems(certaudit, site)
    assert code == 4
    assert list(errors) == ["pxe01/pxe01.pfx"]
    assert sentence in errors["pxe01/pxe01.pfx"]
    assert errors["pxe01/pxe01.pfx"].count("\n") == 0


def test_a_missing_file(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "pxe01" / "pxe01.pfx").unlink()
    code, errors = problems(certaudit, site)
    assert code == 4
    assert "pxe01/pxe01.pfx" in errors


def test_a_dangling_link(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "pxe01" / "pxe01.pfx").unlink()
    (site.parent / "pxe01" / "pxe01.pfx").symlink_to("nowhere")
    assert problems(certaudit, site)[0] == 4


def test_a_fifo_is_never_opened(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "pxe01" / "pxe01.pfx").unlink()
    os.mkfifo(site.parent / "pxe01" / "pxe01.pfx")
    assert problems(certaudit, site)[0] == 4


def test_a_missing_password_file(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "pxe01.password").unlink()
    code, errors = problems(certaudit, site)
    assert code == 4
    assert "password file pxe01.password cannot be read: No such file or directory" in errors["pxe01/pxe01.pfx"]


def test_a_password_variable_that_is_not_set(certaudit: Certaudit, site: Path) -> None:
    text = site.read_text().replace('password_file = "pxe01.password"', 'password_env = "NO_SUCH_VARIABLE"')
    site.write_text(text)
    code, errors = problems(certaudit, site)
    assert code == 4
    assert "environment variable NO_SUCH_VARIABLE is not set" in errors["pxe01/pxe01.pfx"]


def test_a_wrong_password_is_never_printed(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "pxe01.password").write_text("Tr0ub4dor&3\n")
    outcome = certaudit("audit", site, "--format", "json")
    assert outcome.code == 4
    assert "Tr0ub4dor" not in outcome.out + outcome.err
    assert "password" in outcome.out


def test_a_thumbprint_that_matches_nothing(certaudit: Certaudit, site: Path) -> None:
    text = site.read_text().replace('name = "dp01', f'certificates = {{ web-server = "{"AB" * 20}" }}\nname = "dp01')
    site.write_text(text)
    outcome = certaudit("audit", site, "--format", "json")
    assert outcome.code == 1
    failed = [f for f in json.loads(outcome.out)["findings"] if f["status"] == "fail" and f["severity"] == "error"]
    assert [(f["requirement"], f["system"]) for f in failed] == [("coverage.certificate-assigned", "dp01.contoso.com")]
    assert "ABAB" in failed[0]["message"]


def test_nothing_to_audit(certaudit: Certaudit, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[site]\nrelease = "2007-sp2"\n')
    outcome = certaudit("audit", tmp_path / "site.toml")
    assert outcome.code == 3
    assert "no certificate was found" in outcome.err


def test_a_site_in_mixed_mode_is_told_so(certaudit: Certaudit, site: Path) -> None:
    site.write_text(site.read_text().replace('mode = "native"', 'mode = "mixed"'))
    report = json.loads(certaudit("audit", site, "--format", "json").out)
    assert {entry["state"] for entry in report["coverage"] if entry["system"]} == {"not-needed"}
    told = [f for f in report["findings"] if f["requirement"] == "media.https-management-points"]
    assert {(f["status"], f["message"]) for f in told} == {
        ("not-applicable", "Says nothing about what is spoken to without TLS (mixed mode).")
    }
    assert any("mp01.contoso.com (http): web-server, site-system-client" in line for line in report["warnings"])


def test_a_waiver_leaves_the_verdict_and_stays_in_the_report(certaudit: Certaudit, site: Path) -> None:
    (site.parent / "waivers.toml").write_text(
        '[[waiver]]\nrequirement = "validity.not-expiring-soon"\nsystem = "dp01.contoso.com"\n'
        'owner = "Jo"\nreason = "Replaced next week"\nuntil = 2011-05-20\n'
    )
    outcome = certaudit(
        "audit", site, "--as-of", "2011-05-10", "--waivers", site.parent / "waivers.toml", "--format", "json"
    )
    report = json.loads(outcome.out)
    (waived,) = [finding for finding in report["findings"] if finding["waiver"]]
    assert (waived["system"], waived["status"]) == ("dp01.contoso.com", "fail")
    assert report["summary"]["waived"] == 1


def test_requirements_of_the_organisation(certaudit: Certaudit, tmp_path: Path) -> None:
    rows = tmp_path / "policy.toml"
    rows.write_text(
        '[[source]]\nid = "policy"\ntitle = "Contoso policy"\n\n[[requirement]]\nid = "public-key.contoso-size"\n'
        'title = "Keys have 4096 bits"\nreleases = ["all"]\nroles = ["web-server"]\n'
        'check = "public_key.at_least_bits"\nparameters = { bits = 4096 }\nseverity = "error"\n'
        'confidence = "documented"\ncitations = [{ source = "policy", clause = "1" }]\n'
        'consequence = "The audit objects."\nremediation = "Issue {subject} again."\n'
    )
    outcome = certaudit("audit", CONTOSO, "--requirements", rows, "--format", "json")
    assert outcome.code == 1
    report = json.loads(outcome.out)
    assert "policy.toml" in report["tool"]["catalogue"]
    failed = [finding for finding in report["findings"] if finding["requirement"] == "public-key.contoso-size"]
    assert {finding["status"] for finding in failed} == {"fail"}
    assert failed[0]["remediation"].startswith("Issue CN=")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("bits = 4096", "parameter 'bits' of check 'public_key.at_least_bits' must be a whole number"),
        ("at_least_bits", "there is no check 'public_key.at_least_bitz'"),
        ("{subject}", "unknown placeholder {subjekt}"),
        ('source = "policy"', "did you mean"),
    ],
)
def test_a_row_that_is_not_whole_is_refused(certaudit: Certaudit, tmp_path: Path, change: str, sentence: str) -> None:
    text = (
        '[[source]]\nid = "policy"\ntitle = "Contoso policy"\n\n[[requirement]]\nid = "public-key.contoso-size"\n'
        'title = "Keys have 4096 bits"\nreleases = ["all"]\nroles = ["web-server"]\n'
        'check = "public_key.at_least_bits"\nparameters = { bits = 4096 }\nseverity = "error"\n'
        'confidence = "documented"\ncitations = [{ source = "policy", clause = "1" }]\n'
        'consequence = "The audit objects."\nremediation = "Issue {subject} again."\n'
    )
    wrong = {
        "bits = 4096": 'bits = "many"',
        "at_least_bits": "at_least_bitz",
        "{subject}": "{subjekt}",
        'source = "policy"': 'source = "polici"',
    }
    (tmp_path / "policy.toml").write_text(text.replace(change, wrong[change]))
    outcome = certaudit("audit", CONTOSO, "--requirements", tmp_path / "policy.toml")
    assert outcome.code == 2
    assert sentence in outcome.err
    assert "public-key.contoso-size" in outcome.err


def test_a_site_without_systems_never_passes(certaudit: Certaudit, site: Path) -> None:
    """Sound trust lists alone say nothing about a site that is to be deployed."""
    head = site.read_text().partition("[[site_system]]")[0]
    site.write_text(head)
    outcome = certaudit("audit", site)
    assert outcome.code == 4
    assert outcome.out.startswith("CANNOT SAY")
    assert "names no site system, no client and no boot media" in outcome.err


def test_a_site_without_its_server_never_passes_unless_somebody_answers_for_it(
    certaudit: Certaudit, site: Path, tmp_path: Path
) -> None:
    head, *systems = site.read_text().split("[[site_system]]")
    part = [system for system in systems if "primary-site-server" not in system]
    site.write_text("[[site_system]]".join([head, *part]))
    outcome = certaudit("audit", site)
    assert outcome.code == 4
    assert "the manifest describes no primary-site-server" in " ".join(outcome.out.split())
    waivers = tmp_path / "waivers.toml"
    certaudit(
        *(
            "waive",
            "coverage.site-server-described",
            "-o",
            waivers,
            "--system",
            "the site",
            "--owner",
            "PKI team",
            "--until",
            "2011-01-01",
        ),
        *("--reason", "audited by itself"),
    )
    assert certaudit("audit", site, "--waivers", waivers).code == 0


def test_a_role_that_the_release_does_not_have_is_said(certaudit: Certaudit, site: Path) -> None:
    text = site.read_text().replace('release = "2007-sp2"', 'release = "2007-rtm"')
    site.write_text(text.replace('roles = ["software-update-point"]', 'roles = ["out-of-band-service-point"]'))
    err = " ".join(certaudit("audit", site).err.split())
    assert "release 2007-rtm has no out-of-band-service-point, and nothing about that role was judged" in err


def test_the_next_step_stands_under_the_verdict(certaudit: Certaudit) -> None:
    head = certaudit("audit", BROKEN).out.split("\n\n")[0]
    assert "\nNext step: " in head
    assert "Next step" not in certaudit("audit", CONTOSO).out
