"""`certaudit inventory`: what is where, without a judgement."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Certaudit

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


def test_no_password_and_no_key_is_ever_printed(certaudit: Certaudit) -> None:
    password = Path("fixtures/contoso/mp01.password").read_text().strip()
    for form in ("table", "json"):
        outcome = certaudit("inventory", MP, *PASSWORD, "--format", form)
        assert password not in outcome.out + outcome.err
        assert "PRIVATE KEY" not in outcome.out
