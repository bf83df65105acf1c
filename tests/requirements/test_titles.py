"""A title, and an id, says what its row asks: its numbers, bounds, names and roles are those of the parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.roles import FAMILIES, SITE_SYSTEM_ROLES
from certaudit.x509 import oids

ROWS = read_catalogue().requirements

NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
NUMBERS |= {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "twenty": 20, "thirty": 30}
IN_DAYS = {"year": 365, "day": 1}
IN_HOURS = {"day": 24, "hour": 1}
NO_NUMBER = r"Windows Server \d+|RFC \d+|mode of 2007|status message \d+"
"""Names that have a number in them which nothing is measured by."""
BOUNDS = {"at most": r"at_most", "at least": r"at_least|begun_hours_ago"}
"""What a title says of a limit, and what the name of its check then has."""

AMT, GATEWAY = frozenset({"amt-provisioning"}), frozenset({"cloud-management-gateway"})
CLIENTS = frozenset((*FAMILIES["clients"], *FAMILIES["carried"]))
SERVERS = AMT.union(FAMILIES["servers"])
ROLES = {
    r"site server signing certificate": frozenset({"site-server-signing"}),
    r"server('s)? certificate|TLS server": SERVERS,
    r"(?<!proxy )web server": frozenset({"web-server", "proxy-web-server"}),
    r"\bproxy\b": frozenset({"proxy-web-server"}),
    r"client certificate|certificate of a client": CLIENTS,
    r"TLS client": CLIENTS | {"proxy-web-server"},
    r"Windows client": frozenset({"client"}),
    r"mobile device": frozenset({"mobile-client"}),
    r"site system's own client|client certificate of a site system": frozenset({"site-system-client"}),
    r"\bAMT\b|provisioning certificate": AMT,
    r"gateway|cloud-based distribution point": GATEWAY,
    r"operating system deployment|that travels": frozenset(FAMILIES["carried"]),
    r"\bPXE\b": frozenset({"pxe-service-point", "distribution-point-client"}),
    r"boot media": frozenset({"boot-media"}),
    r"^(The|Key usage of a|The (name|private key) of a) CA (?!certificates)": frozenset(FAMILIES["authorities"]),
    r"\b[Ii]ntermediate CA( certificate)? (?!s)(says|is to)": frozenset({"intermediate-ca"}),
    r"^(A|The) root( CA)? certificate|in the list of root CAs": frozenset({"root-ca"}),
}
"""What a title calls a certificate, and the roles that its row may then be about."""

SAID: dict[tuple[str, ...], dict[str, frozenset[str]]] = {
    ("purposes",): {
        r"server authentication|server (and|or) client authentication": frozenset({oids.SERVER_AUTHENTICATION}),
        r"client authentication": frozenset({oids.CLIENT_AUTHENTICATION}),
        r"document signing": frozenset({oids.DOCUMENT_SIGNING}),
        r"AMT purpose": frozenset({oids.AMT_PROVISIONING}),
        r"any purpose": frozenset({oids.ANY_PURPOSE, oids.MS_ALL_APPLICATION_POLICIES}),
        r"mixed mode": frozenset({oids.SMS_MIXED_MODE_SIGNING}),
    },
    ("hashes", "algorithms"): {
        r"SHA-1\b": frozenset({"sha1", "1.2.840.113549.1.1.5", "1.3.14.3.2.29"}),
        **{rf"\b{name}\b": frozenset({name.lower()}) for name in ("MD2", "MD4", "MD5")},
        r"AES-256": frozenset({"AES-256"}),
    },
    ("key_types", "types"): {r"\bRSA\b": frozenset({"RSA"})},
    ("mac",): {r"PBMAC1": frozenset({"1.2.840.113549.1.5.14"})},
    ("bits",): {
        r"[Dd]igital [Ss]ignature": frozenset({"digitalSignature"}),
        r"[Kk]ey [Ee]ncipherment": frozenset({"keyEncipherment"}),
        r"sign(ing)? certificates": frozenset({"keyCertSign"}),
        r"(signing|and) CRLs": frozenset({"cRLSign"}),
        r"allows signing$": frozenset({"digitalSignature", "nonRepudiation"}),
    },
    ("client",): {r"Windows PE": frozenset({"windows-pe"}), r"on the internet": frozenset({"internet"})},
    ("kind",): {
        r"internet name": frozenset({"internet"}),
        r"intranet name": frozenset({"intranet"}),
        r"load balanc": frozenset({"NLB"}),
        r"service name|names that": frozenset({"given"}),
    },
    ("role", "roles"): {role.replace("-", " "): frozenset({role}) for role in SITE_SYSTEM_ROLES},
    ("methods",): {r"by PXE": frozenset({"pxe"}), r"by media": frozenset({"boot-media", "prestaged-media"})},
}
"""By names of parameters: what a title says, and the values that these parameters then have, and no others."""


class Number(NamedTuple):
    """A number in a text: as it stands there, and what a parameter may be that means the same."""

    text: str
    meanings: frozenset[int]


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a text, in digits or words; `a` is one only before a unit."""
    for match in re.finditer(
        rf"(?P<less>less than )?(?<![\w-])(?P<number>\d+|{'|'.join(NUMBERS)})(?![\w-])( (?P<unit>\w+?)s?\b)?",
        re.sub(NO_NUMBER, "", text),
    ):
        word, unit = match["number"], match["unit"] or ""
        if word in {"a", "an"} and unit not in IN_DAYS | IN_HOURS:
            continue
        value = (NUMBERS[word] if word in NUMBERS else int(word)) - bool(match["less"])
        yield Number(match[0], frozenset({value, *(value * table.get(unit, 1) for table in (IN_DAYS, IN_HOURS))}))


def contradictions(row: Requirement) -> Iterator[str]:
    """What the title or the id of a row says, and its check, parameters or roles do not; an id need not say it all."""
    for text in (row.title, row.id.partition(".")[2].replace("-", " ")):
        yield from _of_numbers(row, text)
        yield from (
            f"'{words}', and the check is {row.check}"
            for words, names in BOUNDS.items()
            if words in text and not re.search(names, row.check)
        )
        for keys, table in SAID.items():
            yield from _of_names(row, text, keys, table)
    for words, roles in ROLES.items():
        if row.roles and re.search(words, row.title) and not row.roles <= roles:
            yield f"'{words}', and the row is about {', '.join(sorted(row.roles - roles))} too"


def _of_numbers(row: Requirement, text: str) -> Iterator[str]:
    given = {value for value in _values(row, tuple(row.parameters)) if type(value) is int}
    said = [number for number in numbers(text) if given or any(map(str.isdecimal, number.text))]
    yield from (f"'{number.text}', which no parameter is" for number in said if not given & number.meanings)
    for value in given if said else ():
        if not any(value in number.meanings for number in said):
            yield f"{value} is not in '{text}'"


def _of_names(row: Requirement, text: str, keys: tuple[str, ...], table: dict[str, frozenset[str]]) -> Iterator[str]:
    given = {value for value in _values(row, keys) if isinstance(value, str)}
    said = {words: values for words, values in table.items() if given and re.search(words, text)}
    yield from (f"'{words}', which no parameter is" for words, values in said.items() if not given & values)
    unsaid = given.difference(*said.values()) if said and text == row.title else set()
    yield from (f"{value} is not in '{text}'" for value in unsaid)


def _values(row: Requirement, keys: tuple[str, ...]) -> Iterator[object]:
    for key in keys:
        value = row.parameters.get(key)
        yield from value if isinstance(value, list) else (value,)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.id} {row.title}")
def test_a_title_says_what_the_row_asks(row: Requirement) -> None:
    assert list(contradictions(row)) == [], row.where


def test_every_way_of_saying_it_is_one_of_a_title() -> None:
    words = [words for table in (ROLES, *SAID.values()) for words in table if table is not SAID["role", "roles"]]
    assert [pattern for pattern in words if not any(re.search(pattern, row.title) for row in ROWS)] == []


@pytest.mark.parametrize(
    ("requirement", "title", "problem"),
    [
        ("validity.at-most-five-years", "The certificate is valid for six years at most", "'six years', which no"),
        (
            "validity.at-most-five-years",
            "The certificate is valid for at least five years",
            "'at least', and the check",
        ),
        ("public-key.size-for-cloud-management-gateway", "The key has 2048 bits", "4096 is not in"),
        ("osd.driver-package-size", "Driver packages hold less than 499 drivers", "'less than 499 drivers', which no"),
        ("signature.not-md5", "The certificate is not signed with MD5 or MD4", "md2 is not in"),
        ("eku.document-signing", "The certificate is good for client authentication", "'client authentication', which"),
        ("validity.not-expiring-soon", "The certificate is valid for more than a year", "'a year', which no"),
        (
            "validity.at-most-three-years",
            "A web server certificate is valid for three years at most",
            "about cloud-.* too",
        ),
    ],
)
def test_a_title_that_says_another_thing_is_found(requirement: str, title: str, problem: str) -> None:
    row = next(row for row in ROWS if row.id == requirement)
    found = list(contradictions(replace(row, title=title)))
    assert any(re.search(problem, words) for words in found), found
