"""Paths and trust anchors, on hierarchies that really sign."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from certaudit.audit.validators import chain
from certaudit.audit.validators.binding import bind
from certaudit.audit.validators.registry import CHECKS
from certaudit.audit.validators.subject import PfxFile, WholeSite
from certaudit.evidence import Evidence, Input
from certaudit.findings.result import Result, Status
from certaudit.requirements.catalogue import read_catalogue
from certaudit.site.site import System
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import CODES, Problem
from tests import builder, pki

LEAF = pki.certificate()
ROWS = [row for row in read_catalogue().requirements if row.id.startswith("chain.")]
END_ENTITY_ROLES = {"web-server", "pxe-service-point", "boot-media", "client", "site-system-client"}


def judged(code: str, leaf: Certificate = LEAF, **world: Any) -> Result:
    """The answer of the row of the web server role that looks for `code`."""
    (row,) = (
        row
        for row in ROWS
        if row.check == "chain.free_of" and "web-server" in row.roles and code in row.parameters["codes"]
    )
    return bind(row, CHECKS)(pki.assigned(leaf), pki.context(**world))


@dataclass(frozen=True)
class FakePath:
    """A path with any problem, for those that no hierarchy at hand shows."""

    certificates: tuple[Certificate, ...] = (LEAF, pki.ISSUING.certificate, pki.ROOT.certificate)
    problems: tuple[Problem, ...] = ()
    anchored: bool = True
    refused_by_openssl: str | None = None

    @property
    def valid(self) -> bool:
        return self.anchored and not self.problems and self.refused_by_openssl is None


@dataclass(frozen=True)
class FakeChains:
    """The same paths for every certificate."""

    found: tuple[FakePath, ...]
    cut: bool = False

    def paths(self, certificate: Certificate) -> tuple[FakePath, ...]:
        return self.found

    def best(self, certificate: Certificate) -> FakePath:
        return self.found[0]

    def truncated(self, certificate: Certificate) -> bool:
        return self.cut


def with_paths(*found: FakePath, cut: bool = False) -> Any:
    return replace(pki.context(), chains=FakeChains(found, cut))  # type: ignore[arg-type]


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_the_rows_fit_their_checks() -> None:
    assert ROWS
    for row in ROWS:
        bind(row, CHECKS)


def test_every_problem_of_a_path_belongs_to_a_requirement() -> None:
    """Those of revocation belong to the rows of that subject, and a missing trust anchor has a check of its own."""
    judging = [row for row in ROWS if row.check == "chain.free_of" and "web-server" in row.roles]
    covered = {code for row in judging for code in (*row.parameters["codes"], *row.parameters.get("unsettled", ()))}
    assert {code for code in CODES if not code.startswith("revo")} - covered == {"untrusted-root"}


@pytest.mark.parametrize("row", [row for row in ROWS if row.check == "chain.free_of"], ids=lambda row: row.where)
def test_rows_name_codes_that_exist(row: Any) -> None:
    assert set(row.parameters["codes"]) | set(row.parameters.get("unsettled", ())) <= set(CODES)


@pytest.mark.parametrize("release", ["2007-rtm", "2007-r3", "2012", "2012-r2", "current-branch"])
def test_every_release_asks_for_a_trusted_root(release: str) -> None:
    roles = {role for row in ROWS if row.id == "chain.trusted-root" and release in row.releases for role in row.roles}
    assert roles >= END_ENTITY_ROLES


# --- Problems of a path -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", sorted({code for row in ROWS if row.check == "chain.free_of" for code in row.parameters["codes"]})
)
def test_a_sound_path_passes(code: str) -> None:
    assert judged(code).status is Status.PASS


def test_a_missing_intermediate_fails_and_leaves_everything_else_open() -> None:
    result = judged("issuer-missing", intermediates=())
    assert result.status is Status.FAIL
    assert pki.ISSUING.subject in result.message
    for code in ("signature-invalid", "not-a-ca", "path-too-long", "expired", "anchor-not-a-ca", "name-excluded"):
        assert judged(code, intermediates=()).status is Status.NOT_CHECKED


def test_a_signature_of_another_key_fails() -> None:
    assert judged("signature-invalid", pki.certificate(signer=pki.OTHER_KEY)).status is Status.FAIL


def test_a_signature_that_cannot_be_verified_is_left_open() -> None:
    problem = Problem("signature-unverifiable", LEAF.sha256, "Its signature cannot be verified.")
    result = chain.free_of(
        pki.assigned(LEAF),
        with_paths(FakePath(problems=(problem,))),
        codes=("signature-invalid",),
        unsettled=("signature-unverifiable",),
    )
    assert result.status is Status.NOT_CHECKED


def test_an_unreadable_field_is_no_pass_of_anything() -> None:
    problem = Problem("unreadable-field", pki.ISSUING.certificate.sha256, "Basic constraints cannot be read.")
    result = chain.free_of(pki.assigned(LEAF), with_paths(FakePath(problems=(problem,))), codes=("not-a-ca",))
    assert result.status is Status.NOT_CHECKED


def test_an_issuer_that_is_no_ca_fails() -> None:
    server = pki.certificate(
        subject=pki.ISSUING.subject, issuer=pki.ROOT.subject, signer=pki.ROOT.key, key=pki.ISSUING.key
    )
    result = judged("not-a-ca", intermediates=(server,))
    assert result.status is Status.FAIL
    assert result.message.count(pki.ISSUING.subject) == 1


def test_a_path_longer_than_a_ca_allows_fails() -> None:
    strict = pki.root(extensions=[builder.basic_constraints(ca=True, path_length=0)])
    assert judged("path-too-long", roots=(strict,)).status is Status.FAIL


def test_an_unknown_critical_extension_fails() -> None:
    odd = pki.certificate(extensions=[builder.extension("1.2.3.4", b"\x05\x00", critical=True)])
    assert judged("unknown-critical-extension", odd).status is Status.FAIL


def test_a_ca_fails_one_second_after_its_end_and_not_at_it() -> None:
    end = datetime(2010, 3, 1, tzinfo=UTC)
    ending = pki.intermediate(not_after=end)
    assert judged("expired", intermediates=(ending,), as_of=end).status is Status.PASS
    assert judged("expired", intermediates=(ending,), as_of=end + pki.SECOND).status is Status.FAIL


def test_an_expired_root_fails() -> None:
    ended = pki.root(not_after=pki.AS_OF - pki.SECOND)
    assert judged("anchor-expired", roots=(ended,)).status is Status.FAIL


def test_the_end_of_the_certificate_itself_is_left_to_the_requirements_on_validity() -> None:
    assert judged("expired", pki.certificate(not_after=pki.AS_OF - pki.SECOND)).status is Status.PASS


def test_an_intermediate_listed_as_a_root_fails() -> None:
    assert judged("anchor-not-self-signed", roots=(pki.ISSUING.certificate,), intermediates=()).status is Status.FAIL


def test_a_self_signed_certificate_has_no_issuer_to_speak_of() -> None:
    own = pki.root(subject="CN=dp01", issuer="CN=dp01", key=pki.OTHER_KEY, signer=pki.OTHER_KEY)
    assert judged("anchor-not-a-ca", own).status is Status.NOT_APPLICABLE


# --- Trust ------------------------------------------------------------------------------------------------------------


def test_a_path_to_a_listed_root_passes() -> None:
    result = chain.trusted_root(pki.assigned(LEAF), pki.context())
    assert result.status is Status.PASS
    assert result.observed is not None
    assert pki.ROOT.certificate.sha1 in result.observed


def test_a_root_that_is_not_listed_fails() -> None:
    other = pki.root(subject="CN=Other", issuer="CN=Other", key=pki.OTHER_KEY, signer=pki.OTHER_KEY)
    result = chain.trusted_root(
        pki.assigned(LEAF), pki.context(roots=(other,), intermediates=(pki.ISSUING.certificate, pki.ROOT.certificate))
    )
    assert result.status is Status.FAIL


def test_without_a_list_trust_is_left_open() -> None:
    assert chain.trusted_root(pki.assigned(LEAF), pki.context(roots=())).status is Status.NOT_CHECKED


OTHER_WORLD = {
    "roots": (pki.root(subject="CN=Other", issuer="CN=Other", key=pki.OTHER_KEY, signer=pki.OTHER_KEY),),
    "intermediates": (pki.ISSUING.certificate, pki.ROOT.certificate),
}
PUBLIC = pki.certificate(
    extensions=[
        builder.distribution_points(pki.HTTP),
        builder.extension(oids.CERTIFICATE_POLICIES, builder.sequence(builder.sequence(builder.oid(oids.CABF_DOMAIN)))),
    ]
)
SUP = ("software-update-point",)


@pytest.mark.parametrize(
    ("leaf", "roles", "listed", "known"),
    [
        (LEAF, ("software-update-point", "management-point"), Status.FAIL, Status.NOT_APPLICABLE),
        (PUBLIC, ("distribution-point",), Status.FAIL, Status.NOT_APPLICABLE),
        (LEAF, SUP, Status.NOT_APPLICABLE, Status.FAIL),
        (PUBLIC, SUP, Status.NOT_APPLICABLE, Status.NOT_CHECKED),
        (LEAF, (), Status.FAIL, Status.NOT_APPLICABLE),
    ],
)
def test_clients_verify_a_software_update_point_by_their_own_roots(
    leaf: Certificate, roles: tuple[str, ...], listed: Status, known: Status
) -> None:
    subject = pki.assigned(leaf, owner=System("sup01.contoso.com", roles=roles))
    world = pki.context(**OTHER_WORLD)  # type: ignore[arg-type]
    assert chain.trusted_root(subject, world, but_on=SUP).status is listed
    assert chain.root_known_to_clients(subject, world, on=SUP).status is known


def test_a_software_update_point_below_a_listed_root_is_known_to_clients() -> None:
    subject = pki.assigned(LEAF, owner=System("sup01.contoso.com", roles=SUP))
    assert chain.root_known_to_clients(subject, pki.context(), on=SUP).status is Status.PASS


@pytest.mark.parametrize(
    ("leaf", "may_be_public", "answer"),
    [(PUBLIC, True, Status.NOT_CHECKED), (PUBLIC, False, Status.FAIL), (LEAF, True, Status.FAIL)],
)
def test_the_root_of_a_gateway_may_be_a_public_one(leaf: Certificate, may_be_public: bool, answer: Status) -> None:
    subject = pki.assigned(leaf, "cloud-management-gateway")
    world = pki.context(**OTHER_WORLD)  # type: ignore[arg-type]
    assert chain.trusted_root(subject, world, may_be_public=may_be_public).status is answer


def test_a_path_that_ends_early_leaves_trust_open() -> None:
    assert chain.trusted_root(pki.assigned(LEAF), pki.context(intermediates=())).status is Status.NOT_CHECKED


def test_the_name_of_a_listed_root_alone_is_no_trust() -> None:
    forged = pki.certificate(issuer=pki.ROOT.subject, signer=pki.OTHER_KEY)
    assert chain.trusted_root(pki.assigned(forged), pki.context()).status is not Status.PASS


LOOK_ALIKE = pki.root(key=pki.OTHER_KEY, signer=pki.OTHER_KEY)


def test_a_look_alike_root_fails() -> None:
    below = pki.certificate(issuer=pki.ROOT.subject, signer=pki.OTHER_KEY)
    world = pki.context(intermediates=(LOOK_ALIKE,))
    result = chain.no_look_alike_root(pki.assigned(below), world)
    assert result.status is Status.FAIL
    assert LOOK_ALIKE.sha1 in result.message
    assert chain.trusted_root(pki.assigned(below), world).status is Status.FAIL


def test_a_look_alike_root_beside_a_certificate_of_the_true_one_does_not_matter() -> None:
    world = pki.context(intermediates=(pki.ISSUING.certificate, LOOK_ALIKE))
    assert chain.no_look_alike_root(pki.assigned(LEAF), world).status is Status.PASS


def test_a_renewed_root_with_the_same_key_is_no_look_alike() -> None:
    renewed = pki.root(serial=99)
    world = pki.context(intermediates=(pki.ISSUING.certificate, renewed))
    assert chain.no_look_alike_root(pki.assigned(LEAF), world).status is Status.PASS


def test_where_the_path_ends_early_nobody_knows_whose_root_it_is() -> None:
    assert chain.no_look_alike_root(pki.assigned(LEAF), pki.context(intermediates=())).status is Status.NOT_CHECKED


def test_a_self_signed_certificate_fails() -> None:
    own = pki.root(subject="CN=dp01", issuer="CN=dp01", key=pki.OTHER_KEY, signer=pki.OTHER_KEY)
    assert chain.issued_by_a_ca(pki.assigned(own), pki.context()).status is Status.FAIL
    assert chain.issued_by_a_ca(pki.assigned(LEAF), pki.context()).status is Status.PASS


@pytest.mark.parametrize(
    ("extensions", "expected"),
    [
        ([], Status.PASS),
        ([builder.basic_constraints(ca=False)], Status.PASS),
        ([builder.basic_constraints(ca=True)], Status.FAIL),
    ],
)
def test_no_ca(extensions: list[bytes], expected: Status) -> None:
    assert chain.no_ca(pki.assigned(pki.certificate(extensions=extensions)), pki.context()).status is expected


def test_names_written_alike() -> None:
    def status(leaf: Certificate, **world: Any) -> Status:
        return chain.names_written_alike(pki.assigned(leaf), pki.context(**world)).status

    assert status(LEAF) is Status.PASS
    for issuer in (pki.ISSUING.subject.replace("Issuing", "ISSUING"), builder.name(pki.ISSUING.subject, 0x13)):
        assert status(pki.certificate(issuer=issuer)) is Status.FAIL
    assert status(LEAF, intermediates=()) is Status.NOT_CHECKED
    assert status(pki.ROOT.certificate) is Status.NOT_APPLICABLE
    assert status(LEAF, intermediates=[pki.intermediate(issuer=builder.name(pki.ROOT.subject, 0x13))]) is Status.FAIL


# --- The second judge, and several paths ------------------------------------------------------------------------------


def test_two_judges_that_agree_pass() -> None:
    assert chain.confirmed(pki.assigned(LEAF), pki.context()).status is Status.PASS


def test_a_refusal_of_openssl_is_left_open_with_its_reason() -> None:
    result = chain.confirmed(pki.assigned(LEAF), with_paths(FakePath(refused_by_openssl="invalid CA certificate")))
    assert result.status is Status.NOT_CHECKED
    assert "invalid CA certificate" in result.message


def test_openssl_is_not_asked_about_a_path_with_problems() -> None:
    assert chain.confirmed(pki.assigned(LEAF), pki.context(intermediates=())).status is Status.NOT_APPLICABLE


EXPIRED = FakePath(
    problems=(Problem("expired", pki.ISSUING.certificate.sha256, "It was valid until 2010-01-01 00:00:00 UTC."),)
)


def test_one_path_that_holds_passes() -> None:
    assert chain.one_path(pki.assigned(LEAF), pki.context()).status is Status.PASS


def test_another_path_that_does_not_hold_fails() -> None:
    result = chain.one_path(pki.assigned(LEAF), with_paths(FakePath(), EXPIRED))
    assert result.status is Status.FAIL
    assert "It was valid until" in result.message


def test_a_path_with_a_broken_link_is_no_path_at_all() -> None:
    broken = FakePath(problems=(Problem("signature-invalid", LEAF.sha256, "Its issuer did not sign it."),))
    assert chain.one_path(pki.assigned(LEAF), with_paths(FakePath(), broken)).status is Status.PASS


def test_where_no_path_holds_it_does_not_matter_which_one_is_taken() -> None:
    assert chain.one_path(pki.assigned(LEAF), with_paths(EXPIRED)).status is Status.NOT_APPLICABLE


def test_more_paths_than_are_followed_are_left_open() -> None:
    assert chain.one_path(pki.assigned(LEAF), with_paths(FakePath(), cut=True)).status is Status.NOT_CHECKED


# --- Roots ------------------------------------------------------------------------------------------------------------


def test_a_self_signed_root_passes() -> None:
    assert chain.root_is_self_signed(pki.assigned(pki.ROOT.certificate, "root-ca"), pki.context()).status is Status.PASS


@pytest.mark.parametrize(
    "offered", [pki.ISSUING.certificate, pki.root(signer=pki.OTHER_KEY)], ids=["issued", "self-issued, not signed"]
)
def test_a_root_that_is_not_self_signed_fails(offered: Certificate) -> None:
    assert chain.root_is_self_signed(pki.assigned(offered, "root-ca"), pki.context()).status is Status.FAIL


@pytest.mark.parametrize(
    ("extensions", "version", "status"),
    [
        ([builder.basic_constraints(ca=True)], 3, Status.PASS),
        ([builder.basic_constraints(ca=True), builder.key_usage("keyCertSign")], 3, Status.PASS),
        ([], 1, Status.PASS),
        ([builder.basic_constraints(ca=True), builder.key_usage("cRLSign")], 3, Status.FAIL),
        ([builder.basic_constraints(ca=False)], 3, Status.FAIL),
        ([builder.key_usage("keyCertSign")], 3, Status.FAIL),
    ],
    ids=["CA", "CA that may sign", "version 1", "CA without keyCertSign", "no CA", "no basic constraints"],
)
def test_a_root_says_that_it_is_a_ca(extensions: list[bytes], version: int, status: Status) -> None:
    offered = pki.root(extensions=extensions, version=version)
    assert chain.root_is_a_ca(pki.assigned(offered, "root-ca"), pki.context()).status is status


# --- The site's list --------------------------------------------------------------------------------------------------


def site_list(*systems: System, **world: Any) -> Result:
    known = pki.context(held={}, **world)
    known = replace(known, site=replace(known.site, systems=systems))
    return chain.root_list_specified(WholeSite(known.site), known, system_roles=("pxe-service-point", "boot-media"))


def test_a_site_that_deploys_has_a_list() -> None:
    assert site_list(pki.system("pxe-service-point")).status is Status.PASS


@pytest.mark.parametrize("role", ["pxe-service-point", "boot-media"])
def test_a_site_that_deploys_without_a_list_fails(role: str) -> None:
    assert site_list(pki.system(role), roots=()).status is Status.FAIL


def test_a_list_that_could_not_be_read_is_left_open() -> None:
    known = pki.context()
    unread = Evidence((Input("roots/root.cer", "unknown", error="it cannot be read"),))
    known = replace(known, evidence=replace(known.evidence, root_cas=unread))
    site = replace(known.site, systems=(pki.system("pxe-service-point"),))
    result = chain.root_list_specified(WholeSite(site), known, system_roles=("pxe-service-point",))
    assert result.status is Status.NOT_CHECKED


def test_nothing_is_asked_of_a_site_that_does_not_deploy() -> None:
    assert site_list(pki.system("management-point"), roots=()).status is Status.NOT_APPLICABLE


# --- PFX --------------------------------------------------------------------------------------------------------------


def pfx(*inside: Certificate, **world: Any) -> Result:
    item = Input("pxe01.pfx", "pkcs12", certificates=tuple(pki.entry(known) for known in inside))
    return chain.pfx_holds_chain(PfxFile(item, "pxe-service-point", None), pki.context(**world))


def test_a_pfx_with_its_intermediates_passes_with_or_without_the_root() -> None:
    assert pfx(LEAF, pki.ISSUING.certificate).status is Status.PASS
    assert pfx(LEAF, pki.ISSUING.certificate, pki.ROOT.certificate).status is Status.PASS


def test_a_pfx_of_a_certificate_that_the_root_issued_needs_no_intermediate() -> None:
    assert pfx(pki.certificate(issuer=pki.ROOT.subject, signer=pki.ROOT.key)).status is Status.PASS


def test_a_pfx_without_its_chain_fails_and_names_what_it_lacks() -> None:
    result = pfx(LEAF)
    assert result.status is Status.FAIL
    assert pki.ISSUING.certificate.sha1 in result.message


def test_a_pfx_whose_issuer_nobody_has_is_left_open() -> None:
    assert pfx(LEAF, intermediates=()).status is Status.NOT_CHECKED


def test_a_pfx_of_ca_certificates_alone_has_no_chain_to_hold() -> None:
    assert pfx(pki.ISSUING.certificate).status is Status.NOT_APPLICABLE


def test_hostile_names_are_made_inert() -> None:
    hostile = pki.certificate(subject="CN=\x1b[2J##vso[x]", issuer="CN=\x1b[31m")
    result = judged("issuer-missing", hostile)
    assert result.status is Status.FAIL
    assert "\x1b" not in result.message + str(result.observed)
    assert "##" not in result.message + str(result.observed)


def test_the_key_usage_of_extensions_is_not_invented() -> None:
    """A guard for the hierarchy itself: the CA of these tests is one."""
    assert oids.KEY_USAGE in pki.ISSUING.certificate.extensions
    assert pki.ISSUING.certificate.is_ca
