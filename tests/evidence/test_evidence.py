"""Evidence of several owners put together."""

from __future__ import annotations

from certaudit.evidence import CertificateEntry, Evidence, Input, Provenance, SiteEvidence
from tests.builder import certificate

ENTRY = CertificateEntry(certificate(), Provenance("a.pfx"))
OPENED = Input("a.pfx", "pkcs12", sha256="AA", certificates=(ENTRY,))
CLOSED = Input("a.pfx", "pkcs12", sha256="AA", error="a.pfx does not open.")


def together(*inputs: Input) -> tuple[Input, ...]:
    systems = {("site-system", str(number)): Evidence((item,)) for number, item in enumerate(inputs)}
    return SiteEvidence(systems).inputs


def test_an_input_that_several_owners_name_is_there_once() -> None:
    assert together(OPENED, OPENED) == (OPENED,)


def test_what_one_owner_could_not_open_stays_unread_though_another_could() -> None:
    for inputs in ((OPENED, CLOSED), (CLOSED, OPENED)):
        (item,) = together(*inputs)
        assert item.error == "a.pfx does not open."
        assert item.certificates == (ENTRY,)


def test_two_files_that_bear_one_name_are_two_inputs() -> None:
    other = Input("a.pfx", "x509-der", sha256="BB")
    assert together(OPENED, other) == (OPENED, other)
