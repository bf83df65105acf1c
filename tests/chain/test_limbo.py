"""x509-limbo, path by path: the suite is not part of this repository, X509_LIMBO names its limbo.json."""

from __future__ import annotations

import base64
import json
import os
import re
import time
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from certaudit.chain import CandidatePath, Chains, PathSettings, Trust
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError

SUITE = os.environ.get("X509_LIMBO")
_TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "limbo_differences.toml").read_text())
OUTSIDE: dict[str, str] = _TABLES.pop("outside")
DIFFERENCES: dict[str, dict[str, str]] = _TABLES
NOT_DATED = "2026-06-30T00:00:00+00:00"
"""The instant of a case that names none."""

needs_the_suite = pytest.mark.skipif(not SUITE, reason="X509_LIMBO names no limbo.json of C2SP/x509-limbo")


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(Path(SUITE or "").read_text())["testcases"]}


def within(case: dict[str, Any]) -> bool:
    """Bettertls speaks of names that browsers compare; of what OUTSIDE names only what is accepted counts."""
    namespace = case["id"].partition("::")[0]
    return namespace != "bettertls" and (namespace not in OUTSIDE or case["expected_result"] == "SUCCESS")


def contents(texts: list[str], label: str) -> list[bytes]:
    pattern = f"-----BEGIN {label}-----(.*?)-----END"
    return [base64.b64decode(body) for text in texts for body in re.findall(pattern, text, re.DOTALL)]


def certificates(*texts: str) -> tuple[Certificate, ...]:
    return tuple(map(Certificate, contents(list(texts), "CERTIFICATE")))


def path(case: dict[str, Any]) -> CandidatePath:
    crls = tuple(map(RevocationList, contents(case["crls"], "X509 CRL")))
    trust = Trust(certificates(*case["trusted_certs"]), certificates(*case["untrusted_intermediates"]), crls)
    as_of = datetime.fromisoformat(case["validation_time"] or NOT_DATED)
    settings = PathSettings(revocation="required" if crls else "off")
    return Chains(trust, as_of, settings).best(certificates(case["peer_certificate"])[0])


def answer(case: dict[str, Any]) -> str:
    try:
        return "valid" if path(case).valid else "invalid"
    except DerError:
        return "invalid"


def sentences(case: dict[str, Any]) -> str:
    held = certificates(*case["trusted_certs"], *case["untrusted_intermediates"], case["peer_certificate"])
    return "; ".join(sentence for certificate in held for sentence in certificate.anomalies)


def test_each_difference_says_why() -> None:
    for name, difference in DIFFERENCES.items():
        assert set(difference) <= {"answer", "why", "told"}, name
        assert difference["answer"] in ("valid", "invalid")
        assert difference["why"].strip()
    assert all(why.strip() for why in OUTSIDE.values())


@needs_the_suite
def test_only_listed_cases_differ() -> None:
    found = {}
    for name, case in cases().items():
        expected = "valid" if case["expected_result"] == "SUCCESS" else "invalid"
        if within(case) and (given := answer(case)) != expected:
            found[name] = given
    assert found == {name: difference["answer"] for name, difference in DIFFERENCES.items()}


@needs_the_suite
def test_what_is_accepted_against_the_profile_is_told_all_the_same() -> None:
    for name, difference in DIFFERENCES.items():
        if "told" in difference:
            assert difference["told"] in sentences(cases()[name]), name


@needs_the_suite
def test_no_case_costs_more_than_seconds() -> None:
    for name, case in cases().items():
        started = time.process_time()
        answer(case)
        assert time.process_time() - started < 10, name
