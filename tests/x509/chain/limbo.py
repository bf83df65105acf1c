"""Holds path validation against x509-limbo (C2SP/x509-limbo), whose limbo.json is not part of this repository.

    python -m tests.chain.limbo limbo.json

limbo_differences.toml lists where the answers differ, and why.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import (
    CandidatePath,
    Chains,
    PathSettings,
    Trust,
)
from certaudit.x509.crl import RevocationList
from certaudit.x509.der import DerError
from certaudit.x509.profile import anomalies

_TABLES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "limbo_differences.toml").read_text())
OUTSIDE: dict[str, str] = _TABLES.pop("outside")
DIFFERENCES: dict[str, dict[str, str]] = _TABLES
NOT_DATED = "2026-06-30T00:00:00+00:00"
"""The instant of a case that names none."""


@cache
def cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads(Path(sys.argv[1]).read_text())["testcases"]}


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
    return "; ".join(sentence for certificate in held for sentence in anomalies(certificate))


def faults() -> Iterator[str]:
    """What is not as limbo_differences.toml has it, a sentence each."""
    for name, case in cases().items():
        expected = "valid" if case["expected_result"] == "SUCCESS" else "invalid"
        given, listed = answer(case), DIFFERENCES.get(name)
        if within(case) and given != (listed["answer"] if listed else expected):
            yield f"{name}: {given}, where the suite expects {expected}"
        if listed and given == expected:
            yield f"{name}: agrees with the suite now; take it off the list"
        if listed and listed.get("told", "") not in sentences(case):
            yield f"{name}: {listed['told']!r} is not told"


def main() -> None:
    """Prints the faults, and leaves with 1 where there are any."""
    found = list(faults())
    print("\n".join([*found, f"{len(cases())} cases, {len(DIFFERENCES)} differences listed, {len(found)} others"]))
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
