"""`certaudit inventory`: what is where, without a judgement."""

from __future__ import annotations

import json
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.conftest import Certaudit
from tests.loaders.computer.outputs import CERTUTIL_EN, ONE, TWO, netsh
from tests.loaders.computer.test_registry_query import ROLES, WINDOWS
from tests.loaders.computer.test_web_sites import SITES

MP = Path("fixtures/contoso/mp01")
PASSWORD = ("--password-file", "fixtures/contoso/mp01.password")


def test_certificates_and_keys_of_a_folder(certaudit: Certaudit) -> None:
    outcome = certaudit("inventory", MP, *PASSWORD)
    assert outcome.code == 0
    assert "CN=mp01.contoso.com,OU=IT,O=Contoso,C=US" in outcome.out
    assert outcome.out.endswith("4 certificates in 2 inputs, 0 unreadable.\n")


def test_json(certaudit: Certaudit) -> None:
    document = json.loads(certaudit("inventory", MP, "fixtures/contoso/crl", *PASSWORD, "--format", "json").out)
    assert document["schema"] == "certaudit-inventory/1"
    assert len(document["certificates"]) == 4
    assert {certificate["private_key"]["present"] for certificate in document["certificates"]} == {True, False}
    (issuing,) = [crl for crl in document["crls"] if "Issuing" in crl["issuer"]]
    assert (issuing["delta"], issuing["next_update"]) == (False, "2010-05-17T14:20:00Z")


def test_what_could_not_be_read_is_said(certaudit: Certaudit) -> None:
    outcome = certaudit("inventory", MP)
    assert outcome.code == 4
    assert outcome.out.count("needs a password") == 2


def collected(folder: Path) -> Path:
    """What the collect script writes of a computer, beside its stores."""
    (folder / "facts").mkdir(parents=True)
    texts = {
        "collected.txt": "certaudit collect script 2 on MP01\n28.11.2026  8:32:43,12\nnot there  HKLM\n",
        "facts/bindings.txt": netsh("de"),
        "facts/roles.txt": ROLES,
        "facts/sites.txt": SITES,
        "facts/store-My.txt": CERTUTIL_EN,
        "facts/windows.txt": WINDOWS,
    }
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("cp850"))
    return folder


def test_what_is_told_of_a_computer(certaudit: Certaudit, tmp_path: Path) -> None:
    outcome = certaudit("inventory", collected(tmp_path / "MP01"))
    assert outcome.code == 0
    lines = [line.strip() for line in outcome.out.splitlines()]
    assert f"Computer MP01, by {tmp_path / 'MP01'}" in " ".join(lines)
    for expected in (
        "Windows 10.0.20348.2227 (Windows Server 2022 Standard), Secure Boot on",
        "keys of Configuration Manager: DP, MP, Setup, Identification",
        "site code S01, site version 5.00.9146.1000",
        "collected on 2026-11-28",
        f"bound at 0.0.0.0:443: {ONE} of MY, by IIS",
        f"bound at [::]:8531: {TWO} of WebHosting, by IIS",
        "bound at *:443: the central store of certificates, by IIS",
        "web site 1 Default Web Site, started: http *:80, https *:443",
        "web site 7 WSUS (alt), stopped: https [::1]:8531 (wsus.contoso.com), https 10.0.0.5:444",
        f"key of {ONE} in My: works, not exportable",
    ):
        assert expected in lines
    assert f"key of {TWO} in My: is not there (missing stored keyset)" in " ".join(lines)


def test_what_is_told_of_a_computer_as_json(certaudit: Certaudit, tmp_path: Path) -> None:
    document = json.loads(certaudit("inventory", collected(tmp_path / "MP01"), "--format", "json").out)
    (computer,) = document["computers"]
    assert (computer["name"], computer["windows"], computer["collected"]) == ("MP01", "10.0.20348.2227", "2026-11-28")
    assert [binding["kind"] for binding in computer["bindings"]].count("central-store") == 1
    assert [(test["thumbprint"], test["works"]) for test in computer["key_tests"]] == [(ONE, True), (TWO, False)]
    Draft202012Validator(json.loads(Path("docs/inventory.schema.json").read_text("utf-8"))).validate(document)


def test_no_password_and_no_key_is_ever_printed(certaudit: Certaudit) -> None:
    password = Path("fixtures/contoso/mp01.password").read_text().strip()
    for form in ("table", "json"):
        outcome = certaudit("inventory", MP, *PASSWORD, "--format", form)
        assert password not in outcome.out + outcome.err
        assert "PRIVATE KEY" not in outcome.out
