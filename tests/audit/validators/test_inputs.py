"""Checks of inputs as such."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certaudit.audit.assignment import Holding
from certaudit.audit.validators import inputs as checks
from certaudit.audit.validators.subject import AssignedCertificate, SuppliedInput
from certaudit.evidence import CertificateEntry, Evidence, Input, Provenance, SiteEvidence
from certaudit.findings.result import Status
from tests import builder
from tests.pki import assigned, context

CONTEXT = context()
SOUND = SuppliedInput(Input("mp01.cer", "x509-der"))
UNREADABLE = SuppliedInput(Input("mp01.pfx", "pkcs12", error="The password of mp01.pfx is wrong."))


def test_readable() -> None:
    assert checks.readable(SOUND, CONTEXT).status is Status.PASS
    result = checks.readable(UNREADABLE, CONTEXT)
    assert (result.status, result.message) == (Status.NOT_CHECKED, "The password of mp01.pfx is wrong.")


def test_readable_shows_hostile_reasons_escaped() -> None:
    hostile = SuppliedInput(Input("x", "pkcs12", error="odd \x1b[31m name"))
    assert "\x1b" not in checks.readable(hostile, CONTEXT).message


def test_what_is_inert_already_is_not_escaped_again() -> None:
    sentence = r"The encryption of odd\x1B.pfx is not that of PKCS #12, and «C:\\keys» no path: export it again."
    wrong = Input("odd\x1b.pfx", "pkcs12", error=sentence, remarks=(sentence,))
    assert checks.readable(SuppliedInput(wrong), CONTEXT).message == sentence
    assert checks.wholly_read(SuppliedInput(wrong), CONTEXT).message == sentence
    lost = checks.readable(SuppliedInput(Input("x", "pkcs12", losses=(sentence,))), CONTEXT)
    assert lost.message == f"{sentence} Export it again."


def test_wholly_read() -> None:
    assert checks.wholly_read(SOUND, CONTEXT).status is Status.PASS
    assert checks.wholly_read(UNREADABLE, CONTEXT).status is Status.NOT_APPLICABLE
    remarks = ("Certificate 2 cannot be read.", "Certificate 3 cannot be read.")
    result = checks.wholly_read(SuppliedInput(Input("mp01.pem", "pem", remarks=remarks)), CONTEXT)
    assert (result.status, result.message) == (Status.FAIL, "Certificate 2 cannot be read. (remarks of this kind: 2)")
    assert result.observed == "Certificate 2 cannot be read.; Certificate 3 cannot be read."


def test_well_formed() -> None:
    assert checks.well_formed(assigned(builder.certificate()), CONTEXT).status is Status.PASS
    result = checks.well_formed(assigned(builder.certificate(serial=-5)), CONTEXT)
    assert (result.status, result.message) == (Status.FAIL, "serial number is negative (RFC 5280 4.1.2.2)")


def test_well_formed_names_every_oddity() -> None:
    usage = builder.key_usage("digitalSignature")
    odd = assigned(builder.certificate(serial=1 << 200, extensions=[usage, usage]))
    result = checks.well_formed(odd, CONTEXT)
    assert result.message.endswith("(1 more)")
    assert "26 octets" in (result.observed or "")
    assert "appears 2 times" in (result.observed or "")


@pytest.mark.parametrize(
    ("formats", "status"),
    [
        (("x509-der",), Status.PASS),
        (("x509-pem",), Status.FAIL),
        (("x509-base64",), Status.FAIL),
        (("pem",), Status.FAIL),
        (("x509-pem", "x509-der"), Status.PASS),
        (("pkcs12",), Status.NOT_APPLICABLE),
    ],
)
def test_der_encoded(formats: tuple[str, ...], status: Status) -> None:
    certificate = builder.certificate()
    inputs = tuple(Input(f"evidence {number}", name) for number, name in enumerate(formats))
    entries = tuple(CertificateEntry(certificate, Provenance(item.path)) for item in inputs)
    subject = AssignedCertificate(Holding(certificate, entries), "mobile-client", None)
    everything = replace(CONTEXT, evidence=SiteEvidence(root_cas=Evidence(inputs)))
    assert checks.der_encoded(subject, everything).status is status


def test_an_input_of_which_a_certificate_was_lost_never_passes() -> None:
    lost = Input(
        "chain.pem", "pem", remarks=("Certificate 2 cannot be read.",), losses=("Certificate 2 cannot be read.",)
    )
    result = checks.readable(SuppliedInput(lost), CONTEXT)
    assert (result.status, result.message) == (Status.NOT_CHECKED, "Certificate 2 cannot be read. Export it again.")


def test_a_note_beside_the_evidence_is_no_lost_part() -> None:
    note = Input("README.md", "ignored", remarks=("README.md is text, and was passed over.",))
    assert checks.wholly_read(SuppliedInput(note), CONTEXT).status is Status.NOT_APPLICABLE
    assert checks.readable(SuppliedInput(note), CONTEXT).status is Status.PASS
