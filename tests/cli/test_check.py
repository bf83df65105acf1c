"""`certaudit check`: certificates without a manifest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certaudit.loaders import load
from tests.cli.conftest import Certaudit, Outcome
from tests.loaders import pfx_builder

CONTOSO = Path("fixtures/contoso")
TRUST = ("--root", CONTOSO / "roots", "--crl", CONTOSO / "crl", "--as-of", "2010-03-01")


def check(certaudit: Certaudit, *arguments: object) -> Outcome:
    return certaudit("check", *arguments, *TRUST)


def test_a_pfx_that_is_fit_for_the_pxe_service_point(certaudit: Certaudit) -> None:
    pfx = CONTOSO / "pxe01" / "pxe01.pfx"
    outcome = check(certaudit, pfx, "--role", "pxe-service-point", "--password-file", CONTOSO / "pxe01.password")
    assert outcome.code == 0
    assert outcome.out.startswith("READY: ")


def test_the_same_pfx_serves_no_web_site(certaudit: Certaudit) -> None:
    pfx = CONTOSO / "pxe01" / "pxe01.pfx"
    outcome = check(
        certaudit, pfx, "--role", "web-server", "--password-file", CONTOSO / "pxe01.password", "--format", "json"
    )
    assert outcome.code == 1
    report = json.loads(outcome.out)
    assert report["site"] is None
    failed = {f["requirement"] for f in report["findings"] if f["status"] == "fail" and f["severity"] == "error"}
    assert "eku.server-authentication" in failed


def test_a_cer_file_says_nothing_about_its_key(certaudit: Certaudit) -> None:
    cer = CONTOSO / "clients" / "pda0007"
    (path,) = [path for path in cer.iterdir() if path.suffix == ".cer"]
    outcome = check(certaudit, path, "--role", "mobile-client", "--intermediate", CONTOSO / "ca", "--format", "json")
    assert outcome.code == 4
    report = json.loads(outcome.out)
    (finding,) = [f for f in report["findings"] if f["requirement"] == "private-key.present"]
    assert finding["status"] == "not-checked"
    assert "supply the PFX" in finding["message"]
    assert (
        check(certaudit, path, "--role", "mobile-client", "--intermediate", CONTOSO / "ca", "--allow-incomplete").code
        == 0
    )


@pytest.mark.parametrize(("name", "code"), [("mp01.contoso.com", 0), ("www.contoso.com", 1)])
def test_a_name_that_must_be_in_it(certaudit: Certaudit, name: str, code: int) -> None:
    pfx = CONTOSO / "mp01" / "web-server.pfx"
    password = CONTOSO / "mp01.password"
    assert check(certaudit, pfx, "--role", "web-server", "--name", name, "--password-file", password).code == code


def test_a_password_from_the_environment(certaudit: Certaudit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PXE_PASSWORD", (CONTOSO / "pxe01.password").read_text().strip())
    pfx = CONTOSO / "pxe01" / "pxe01.pfx"
    assert check(certaudit, pfx, "--role", "pxe-service-point", "--password-env", "PXE_PASSWORD").code == 0


@pytest.fixture
def trust_lists(tmp_path: Path) -> tuple[Path, Path]:
    """The root and the issuing CA in a PFX without keys, as Windows exports them; with a password, and without."""
    ders = [load_input(CONTOSO / name) for name in ("roots/contoso-root-ca.cer", "ca/contoso-issuing-ca-1.cer")]
    bags = [pfx_builder.certificate_bag(der) for der in ders]
    sealed, open_to_all = tmp_path / "sealed.pfx", tmp_path / "open.pfx"
    mac_password = "secret".encode("utf-16-be") + b"\0\0"
    sealed.write_bytes(pfx_builder.pfx(pfx_builder.sealed_safe(b"secret", *bags), mac_password=mac_password))
    open_to_all.write_bytes(pfx_builder.pfx(pfx_builder.safe(*bags), mac_password=b"\0\0"))
    return sealed, open_to_all


def load_input(path: Path) -> bytes:
    (entry,) = load(path, path.name, lambda name: None)[0].certificates
    return entry.certificate.der


@pytest.mark.parametrize("option", ["--root", "--intermediate"])
@pytest.mark.parametrize("command", ["check", "chain", "audit"])
def test_the_password_opens_trust_lists_too(
    certaudit: Certaudit, trust_lists: tuple[Path, Path], tmp_path: Path, command: str, option: str
) -> None:
    sealed, open_to_all = trust_lists
    (cer,) = (CONTOSO / "clients" / "pda0007").glob("*.cer")
    words: dict[str, tuple[object, ...]] = {
        "check": ("check", cer, "--role", "mobile-client", "--allow-incomplete"),
        "chain": ("chain", cer),
        "audit": ("audit", CONTOSO / "site.toml"),
    }
    other = ("--root", CONTOSO / "roots") if option != "--root" else ("--intermediate", CONTOSO / "ca")
    given = (*words[command], *other, "--crl", CONTOSO / "crl", "--as-of", "2010-03-01")
    (tmp_path / "password").write_text("secret\n")
    opened = certaudit(*given, option, sealed, "--password-file", tmp_path / "password")
    assert opened.code == 0
    assert "sealed.pfx" not in opened.err
    assert certaudit(*given, option, open_to_all).code == 0
    assert "needs a password and none was given" in "".join(
        " ".join(text.split())
        for text in (certaudit(*given, option, sealed).out, certaudit(*given, option, sealed).err)
    )


def test_only_root_makes_a_trust_anchor(certaudit: Certaudit) -> None:
    """The root lies in the PFX as well: that alone must not make it trusted."""
    pfx = CONTOSO / "pxe01" / "pxe01.pfx"
    arguments = ["--role", "pxe-service-point", "--password-file", CONTOSO / "pxe01.password", "--as-of", "2010-03-01"]
    outcome = certaudit("check", pfx, *arguments, "--crl", CONTOSO / "crl", "--format", "json")
    status = {f["status"] for f in json.loads(outcome.out)["findings"] if f["requirement"] == "chain.trusted-root"}
    assert outcome.code != 0
    assert "pass" not in status


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere.pfx", "--role", "client"], 3, "no certificate was found"),
        (["README.md", "--role", "client"], 3, "no certificate was found"),
        (["README.md"], 2, "Missing option '--role'"),
        (["README.md", "--role", "pxe"], 2, "; write 'pxe-service-point'"),
        (["README.md", "--role", "distribution-point-client"], 2, "no certificate role distribution-point-client in"),
    ],
)
def test_bad_usage(certaudit: Certaudit, arguments: list[str], code: int, sentence: str) -> None:
    outcome = certaudit("check", *arguments)
    assert outcome.code == code
    assert sentence in outcome.err


@pytest.mark.parametrize("role", ["web-server", "client", "pxe-service-point", "boot-media", "mobile-client"])
def test_nothing_that_could_take_the_role_never_passes(certaudit: Certaudit, role: str) -> None:
    assert check(certaudit, CONTOSO / "roots" / "contoso-root-ca.cer", "--role", role).code == 1


def test_each_certificate_has_a_line_and_a_fix_of_its_own(certaudit: Certaudit) -> None:
    folder, password = CONTOSO / "mp01", CONTOSO / "mp01.password"
    outcome = check(certaudit, folder, "--role", "web-server", "--password-file", password, "--format", "json")
    report = json.loads(outcome.out)
    files = [f"{folder}/client.pfx", f"{folder}/web-server.pfx"]
    assert [entry["system"] for entry in report["coverage"][:2]] == files
    wrong = {f["system"] for f in report["findings"] if f["status"] == "fail" and f["severity"] == "error"}
    assert wrong == {files[0]}
    fix = next(f["remediation"] for f in report["findings"] if f["requirement"] == "eku.server-authentication")
    assert "Request a certificate for mp01.contoso.com" in fix
    table = check(certaudit, folder, "--role", "web-server", "--password-file", password).out
    results = [line.split("2011-06-01")[1].strip() for line in table.splitlines() if " web-server  " in line]
    assert results == ["2 errors, 1 unknown", "1 unknown"]
