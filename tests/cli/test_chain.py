"""`certaudit chain` as a person and a script meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Certaudit, Outcome

FIXTURES = Path(__file__).parents[2] / "fixtures"
BROKEN = FIXTURES / "contoso-broken"


def chain(certaudit: Certaudit, name: str, *more: object) -> Outcome:
    """The chain of a certificate of the broken site."""
    trust = ("--root", BROKEN / "roots", "--intermediate", BROKEN / "ca", "--crl", BROKEN / "crl")
    password = ("--password-file", BROKEN / "pfx.password")
    return certaudit("chain", BROKEN / name, *password, *trust, "--as-of", "2010-03-01", *more)


def test_a_valid_path_exists(certaudit: Certaudit) -> None:
    outcome = chain(certaudit, "systems/dp01.pfx")
    assert outcome.code == 0
    assert outcome.out.startswith("TRUSTED: 1 of 1 candidate path valid as of 2010-03-01 00:00 UTC\n")


def test_no_path_is_valid(certaudit: Certaudit) -> None:
    outcome = chain(certaudit, "systems/dp-revoked.pfx")
    assert outcome.code == 1
    assert outcome.out.startswith("NOT TRUSTED: 0 of 1 candidate path valid")
    assert "revocation: revoked: Revoked on 2010-01-" in outcome.out


def test_a_crl_counts_wherever_it_was_found(certaudit: Certaudit) -> None:
    trust = ("--root", BROKEN / "roots", "--intermediate", BROKEN / "ca", "--intermediate", BROKEN / "crl")
    password = ("--password-file", BROKEN / "pfx.password")
    revoked = BROKEN / "systems/dp-revoked.pfx"
    outcome = certaudit("chain", revoked, *password, *trust, "--as-of", "2010-03-01")
    assert outcome.code == 1
    assert "revocation: revoked" in outcome.out


def test_who_reaches_the_crls(certaudit: Certaudit) -> None:
    shown = chain(certaudit, "systems/dp-ldap-only.pfx").out
    assert "CRL at: http pki.contoso.com, ldap Active Directory\n" in shown
    assert "reached by: domain-joined, workgroup, internet, Windows PE\n" in shown
    assert "CRL at: ldap Active Directory\n" in shown
    assert "reached by: domain-joined\n" in shown
    assert "not by Windows PE: Windows PE is not bound to Active Directory" in shown
    assert "clock: may be 13 d behind or 77 d ahead for the CRL to look valid\n" in shown


def test_a_delta_name_with_plus(certaudit: Certaudit) -> None:
    shown = chain(certaudit, "systems/dp-delta-with-plus.pfx").out
    assert "CRL at: http pki.contoso.com, ldap Active Directory, delta http pki.contoso.com\n" in shown
    assert "NOTE http://pki.contoso.com/crl/Contoso%20Issuing%20CA%201+.crl: The name has a + in it" in shown


@pytest.mark.parametrize(
    ("release", "words", "checks"),
    [("2007-sp1", "task sequence actions check all the same", True), ("2007-sp2", "none does", False)],
)
def test_task_sequences_before_sp2(certaudit: Certaudit, release: str, words: str, checks: bool) -> None:
    shown = " ".join(chain(certaudit, "systems/dp01.pfx", "--release", release).out.split())
    assert f"Clients of {release} check these CRLs where CRL checking is on for the site" in shown
    assert words in shown
    document = json.loads(chain(certaudit, "systems/dp01.pfx", "--release", release, "--format", "json").out)
    assert document["release"] == release
    answers = {(item["crl_checking"], item["in_task_sequence"]): item["checks"] for item in document["crl_checks"]}
    assert answers == {(True, False): True, (True, True): True, (False, False): False, (False, True): checks}


def test_the_document_says_the_same(certaudit: Certaudit) -> None:
    document = json.loads(chain(certaudit, "media/media-ldap-and-file-only.pfx", "--format", "json").out)
    leaf, issuing = document["paths"][0]["client_view"]
    assert leaf["certificate"] == document["certificate"]
    assert [location["scheme"] for location in leaf["locations"]] == ["ldap", "file"]
    assert {reach["client"]: reach["reachable"] for reach in leaf["reaches"]} == {
        "domain-joined": True,
        "workgroup": False,
        "internet": False,
        "windows-pe": False,
    }
    assert leaf["clock"]["behind"] == 13 * 86400 + 22 * 3600
    assert not leaf["clock"]["narrow"]
    assert [location["host"] for location in issuing["locations"]] == ["pki.contoso.com", None]


@pytest.mark.parametrize("columns", [80, 100, 120])
def test_a_tree_keeps_to_the_width(certaudit: Certaudit, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in ("systems/dp-ldap-only.pfx", "systems/dp-two-paths-none-good.pfx", "systems/dp-root-look-alike.pfx"):
        assert max(map(len, chain(certaudit, name).out.splitlines())) <= columns
