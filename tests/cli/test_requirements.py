"""`certaudit requirements`: the catalogue, and one row in full."""

from __future__ import annotations

import json

from certaudit.requirements.catalogue import read_catalogue
from tests.cli.conftest import Certaudit


def test_the_catalogue_lists_every_requirement(certaudit: Certaudit) -> None:
    outcome = certaudit("requirements")
    assert outcome.code == 0
    assert {row.id for row in read_catalogue().requirements} <= set(outcome.out.split())


def test_one_requirement_in_full(certaudit: Certaudit) -> None:
    outcome = certaudit("requirements", "eku.client-authentication", "--release", "2007-sp2")
    assert outcome.code == 0
    for word in ("must hold", "releases", "check", "otherwise", "fix", "source"):
        assert f"\n  {word}" in outcome.out


def test_json(certaudit: Certaudit) -> None:
    document = json.loads(certaudit("requirements", "--format", "json").out)
    assert document["schema"] == "certaudit-requirements/1"
    assert len(document["requirements"]) == len(read_catalogue().requirements)


def test_a_role_and_a_release_choose(certaudit: Certaudit) -> None:
    rows = json.loads(certaudit("requirements", "--role", "root-ca", "--release", "2012", "--format", "json").out)[
        "requirements"
    ]
    assert rows
    assert all("root-ca" in row["roles"] and "2012" in row["releases"] for row in rows)


def test_an_unknown_id(certaudit: Certaudit) -> None:
    outcome = certaudit("requirements", "nothing.like-that")
    assert outcome.code == 2
    assert "there is no requirement 'nothing.like-that'; `certaudit requirements` lists them all" in outcome.err


def test_an_unknown_id_that_is_like_another(certaudit: Certaudit) -> None:
    assert "did you mean eku.client-authentication?" in certaudit("requirements", "eku.client").err
    assert "did you mean eku.client-authentication or " in certaudit("requirements", "eku.clent-authentication").err


def test_an_id_that_the_release_does_not_have(certaudit: Certaudit) -> None:
    outcome = certaudit("requirements", "store.criteria-without-spaces", "--release", "2012")
    assert "there is no store.criteria-without-spaces for this release and role" in outcome.err
