"""The root CA list on boot media against the site's list and the paths of its site systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.validators import media_roots
from certaudit.audit.validators.context import Context
from certaudit.audit.validators.subject import SuppliedMedia
from certaudit.evidence import Input, Media, MediaVariables
from certaudit.findings.result import Result, Status
from certaudit.site.site import System
from certaudit.x509.certificate import Certificate
from tests import builder, pki

STICK = System("stick", kind="boot-media", roles=("boot-media",))
OWN = pki.certificate(subject="CN=media", serial=11)
WEB = pki.certificate(subject="CN=mp01.contoso.com", serial=12)
RENEWED = pki.root(key=pki.OTHER_KEY, signer=pki.OTHER_KEY, serial=13)
FOREIGN = pki.root(subject="CN=Foreign Root", issuer="CN=Foreign Root", key=pki.OTHER_KEY, signer=pki.OTHER_KEY)
MP01 = pki.system("management-point", name="mp01.contoso.com")
SUP01 = pki.system("software-update-point", name="sup01.contoso.com")

PASS, FAIL, NOT_APPLICABLE, NOT_CHECKED = Status.PASS, Status.FAIL, Status.NOT_APPLICABLE, Status.NOT_CHECKED


def subject(*roots: Certificate, has_list: bool | None = None, certificate: Any = OWN) -> SuppliedMedia:
    """Media that carry these roots."""
    listed = bool(roots) if has_list is None else has_list
    variables = MediaVariables((), certificate=certificate, has_root_list=listed, root_cas=roots)
    media = Media("iso", protected=True, algorithm="AES-256", variables=variables)
    return SuppliedMedia(Input("stick.iso", "iso", media=media), media, STICK)


CLOSED = SuppliedMedia(Input("stick.iso", "iso", error="it does not open."), Media("iso"), STICK)


def context(*served: tuple[System, Certificate], **fields: Any) -> Context:
    assignments = tuple(
        Assignment(system, None, "web-server", State.ASSIGNED, Holding(known, (pki.entry(known),)))
        for system, known in served
    )
    return pki.context(assignments=assignments, **fields)


def status(result: Result) -> Status:
    if result.status in (PASS, FAIL):
        assert result.observed
        assert result.expected
    return result.status


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (subject(pki.ROOT.certificate), PASS),
        (subject(), FAIL),
        (subject(has_list=True), NOT_CHECKED),
        (CLOSED, NOT_CHECKED),
    ],
)
def test_present(of: SuppliedMedia, expected: Status) -> None:
    assert status(media_roots.present(of, context())) is expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (subject(pki.ROOT.certificate), PASS),
        (subject(FOREIGN, pki.ROOT.certificate), PASS),
        (subject(pki.ISSUING.certificate, pki.ROOT.certificate), PASS),
        (subject(pki.ISSUING.certificate), FAIL),  # CryptoAPI ends no path at a subordinate CA
        (subject(FOREIGN), FAIL),
        (subject(RENEWED), FAIL),
        (subject(), NOT_APPLICABLE),
        (subject(has_list=True), NOT_CHECKED),
        (CLOSED, NOT_CHECKED),
    ],
)
def test_site_systems_are_anchored(of: SuppliedMedia, expected: Status) -> None:
    assert status(media_roots.anchor_site_systems(of, context((MP01, WEB)))) is expected
    assert status(media_roots.anchor_own_certificate(of, context())) is expected


def test_a_look_alike_is_named() -> None:
    message = media_roots.anchor_site_systems(subject(RENEWED), context((MP01, WEB))).message
    assert f"another certificate of that name is ({RENEWED.sha1})" in message


def test_a_look_alike_among_the_evidence_anchors_nothing() -> None:
    """What is on the media is evidence too: a path may be built to it, and no signature holds there."""
    known = context((MP01, WEB), intermediates=(pki.ISSUING.certificate, RENEWED))
    assert status(media_roots.anchor_site_systems(subject(RENEWED), known)) is FAIL
    assert status(media_roots.anchor_own_certificate(subject(RENEWED), known)) is FAIL
    unlisted = context((MP01, WEB), roots=(), intermediates=(pki.ISSUING.certificate, RENEWED))
    assert media_roots.anchor_site_systems(subject(RENEWED), unlisted).status is NOT_CHECKED


def test_a_path_that_ends_early_is_unknown() -> None:
    known = context((MP01, WEB), roots=(), intermediates=())
    assert media_roots.anchor_site_systems(subject(pki.ROOT.certificate), known).status is NOT_CHECKED
    assert media_roots.anchor_own_certificate(subject(pki.ROOT.certificate), known).status is NOT_CHECKED


def test_a_failure_outweighs_what_is_unknown() -> None:
    lost = pki.certificate(subject="CN=smp01.contoso.com", issuer="CN=Lost CA", serial=14)
    smp01 = pki.system("state-migration-point", name="smp01.contoso.com")
    known = context((smp01, lost), (MP01, WEB))
    assert status(media_roots.anchor_site_systems(subject(FOREIGN), known)) is FAIL
    assert status(media_roots.anchor_site_systems(subject(pki.ROOT.certificate), known)) is NOT_CHECKED


@pytest.mark.parametrize("served", [(), ((SUP01, WEB),)])
def test_without_a_system_that_windows_pe_talks_to_nothing_is_known(served: Any) -> None:
    assert media_roots.anchor_site_systems(subject(pki.ROOT.certificate), context(*served)).status is NOT_CHECKED


def test_media_without_a_certificate_of_its_own() -> None:
    of = subject(pki.ROOT.certificate, certificate=None)
    assert media_roots.anchor_own_certificate(of, context()).status is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("on_media", "complete", "known"),
    [
        ((pki.ROOT.certificate,), PASS, PASS),
        ((pki.ROOT.certificate, pki.ISSUING.certificate), PASS, PASS),
        ((pki.ROOT.certificate, FOREIGN), PASS, FAIL),
        ((RENEWED,), FAIL, FAIL),
        ((), NOT_APPLICABLE, NOT_APPLICABLE),
    ],
)
def test_against_the_list_of_the_site(on_media: tuple[Certificate, ...], complete: Status, known: Status) -> None:
    assert status(media_roots.include_the_sites(subject(*on_media), context())) is complete
    assert status(media_roots.are_the_sites(subject(*on_media), context())) is known


def test_without_a_list_of_the_site_nothing_is_known() -> None:
    for check in (media_roots.include_the_sites, media_roots.are_the_sites):
        assert check(subject(pki.ROOT.certificate), context(roots=())).status is NOT_CHECKED


@pytest.mark.parametrize(
    ("margin", "expected"),
    [(timedelta(0), PASS), (pki.SECOND, FAIL)],
    ids=["at notAfter", "one second after notAfter"],
)
def test_validity_of_the_roots(margin: timedelta, expected: Status) -> None:
    known = context(as_of=pki.ROOT.certificate.not_after + margin)
    assert status(media_roots.in_validity(subject(pki.ROOT.certificate), known)) is expected


def test_fitness_of_the_roots() -> None:
    ca = [builder.basic_constraints(ca=True)]
    name = "CN=Small Root"
    cases = [
        (pki.ROOT.certificate, PASS),
        (builder.certificate(subject=name, issuer=name, key=builder.rsa_key(1024), extensions=ca), FAIL),
        (builder.certificate(subject=name, issuer=name, key=builder.rsa_key(2048), extensions=ca), PASS),
        (builder.certificate(subject=name, issuer=name), FAIL),
        (builder.certificate(subject=name, issuer=name, version=1), PASS),
    ]
    for root, expected in cases:
        assert status(media_roots.fit_to_sign(subject(root), context(), minimum_bits=2048)) is expected
