"""`certaudit media`: what one boot media holds and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Certaudit
from tests.optional import need_package

need_package("pycdlib", "media")

MEDIA = Path("fixtures/media")
PASSWORD = ("--password-file", MEDIA / "media.password")
TRUST = ("--root", "fixtures/contoso/roots", "--crl", "fixtures/contoso/crl", "--as-of", "2010-03-01")


def test_sound_media(certaudit: Certaudit) -> None:
    outcome = certaudit("media", MEDIA / "branch-office.iso", *PASSWORD, *TRUST, "--allow-incomplete")
    assert outcome.code == 0
    for fact in ("a password protects it, AES-256", "6.1.7600.16385 x64", "https://mp.contoso.com", "Contoso Root CA"):
        assert fact in outcome.out
    assert "0 errors, 0 warnings" in outcome.out


def test_without_a_site_it_cannot_say_everything(certaudit: Certaudit) -> None:
    outcome = certaudit("media", MEDIA / "branch-office.iso", *PASSWORD, *TRUST)
    assert outcome.code == 4
    assert "audit the site" in outcome.out


def test_media_without_a_password(certaudit: Certaudit) -> None:
    outcome = certaudit("media", MEDIA / "open.iso", *TRUST)
    assert "no password: anybody can open it" in outcome.out
    for finding in ("media.password-protected", "media.attended", "media.claims-hold", "media.windows-pe"):
        assert finding in outcome.out


def test_media_without_roots_fail(certaudit: Certaudit) -> None:
    outcome = certaudit("media", MEDIA / "variables/no-roots.dat", *PASSWORD, *TRUST)
    assert outcome.code == 1
    assert "There is no root CA certificate on the media. [media.root-list]" in outcome.out


def test_json(certaudit: Certaudit) -> None:
    document = json.loads(certaudit("media", MEDIA / "usb", *PASSWORD, *TRUST, "--format", "json").out)
    assert (document["schema"], document["report"]["schema"]) == ("certaudit-media/1", "certaudit-report/1")
    Draft202012Validator(json.loads(Path("docs/media.schema.json").read_text("utf-8"))).validate(document)
    (media,) = document["media"]
    assert (media["kind"], media["password_protected"], media["encryption"]) == ("folder", True, "3DES")
    assert media["variables"]["certificate"]["sha1"] == "4351FA3F04C2397BA6B2C80755554A058CD22982"
    assert "_SMSMediaGuid" in media["variables"]["names"]


@pytest.mark.parametrize("form", ["table", "json"])
def test_no_secret_is_ever_printed(certaudit: Certaudit, form: str) -> None:
    for name in ("branch-office.iso", "open.iso", "usb"):
        outcome = certaudit("media", MEDIA / name, *PASSWORD, *TRUST, "--format", form, "--verbose")
        shown = (outcome.out + outcome.err).casefold()
        for secret in ("public-fixture", "5d1c2f34", "0f1e2d3c-4b5a"):
            assert secret not in shown


def test_a_wrong_password(certaudit: Certaudit, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong\n")
    outcome = certaudit("media", MEDIA / "usb", "--password-file", wrong, *TRUST)
    assert outcome.code == 4
    assert "which cannot be told apart" in " ".join(outcome.out.split())


@pytest.mark.parametrize("path", ["fixtures/contoso/roots", MEDIA / "variables/mdt.dat", "no-such.iso"])
def test_what_is_no_boot_media(certaudit: Certaudit, path: object) -> None:
    outcome = certaudit("media", path)
    assert outcome.code == 3
    assert outcome.err.count("\n") == 1
