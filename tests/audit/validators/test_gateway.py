"""What a gateway has to know of those whose certificates it believes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, State
from certaudit.audit.validators.gateway import knows_client_issuers
from certaudit.audit.validators.subject import SystemRole
from certaudit.evidence import Evidence, Input, Media, MediaVariables
from certaudit.findings.result import Status
from certaudit.site.site import System
from tests import pki

MEDIA = System("stick", kind="boot-media", roles=("boot-media",))
CLIENT = System("ws01.contoso.com", kind="client", roles=("client",))
BOTH = (pki.ROOT.certificate, pki.ISSUING.certificate)


def judged(known: tuple[Any, ...], *, calls: str = "https://cmg.contoso.com/CCM_Proxy", **fields: Any) -> Status:
    """What comes of a gateway to which `known` was uploaded; media call `calls`."""
    gateway = System("cmg.contoso.com", roles=("cloud-management-gateway",), **fields)
    media = Input("stick", "iso", media=Media("iso", variables=MediaVariables((), management_points=(calls,))))
    roles = tuple(
        Assignment(owner, None, role, State.ASSIGNED, pki.assigned(pki.certificate(), role, owner).holding)
        for role, owner in (("client", CLIENT), ("boot-media", MEDIA))
    )
    context = pki.context(
        held={MEDIA.key: Evidence((media,))},
        assignments=roles,
        release="current-branch",
        systems=(gateway, MEDIA, CLIENT),
    )
    uploaded = {gateway.key: pki.evidence(*known, path="uploaded")} if known else {}
    context = replace(context, evidence=replace(context.evidence, client_cas=uploaded))
    needed = Assignment(gateway, None, "cloud-management-gateway", State.MISSING)
    return knows_client_issuers(SystemRole(needed), context).status


@pytest.mark.parametrize(
    ("known", "status"),
    [(BOTH, Status.PASS), (BOTH[:1], Status.FAIL), (BOTH[1:], Status.FAIL), ((), Status.NOT_CHECKED)],
)
def test_the_root_and_every_intermediate_are_uploaded(known: tuple[Any, ...], status: Status) -> None:
    assert judged(known) is status


@pytest.mark.parametrize("way", ["entra", "token"])
def test_without_certificates_of_clients_only_media_that_call_it_count(way: str) -> None:
    elsewhere = "https://mp01.contoso.com"
    assert judged((), client_authentication=way, calls=elsewhere) is Status.NOT_APPLICABLE
    assert judged((), client_authentication=way) is Status.NOT_CHECKED
    assert judged(BOTH[:1], client_authentication=way) is Status.FAIL
    assert judged(BOTH, client_authentication=way) is Status.PASS
