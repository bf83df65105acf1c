"""What the chains of a site use: of CAs and CRLs everything else is inventory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from certaudit.audit.assignment import Assignment, Holding, State
from certaudit.audit.in_use import InUse, in_use
from certaudit.x509.certificate import Certificate
from certaudit.x509.crl import RevocationList
from tests import pki

CA, LISTED = pki.ISSUING.certificate, pki.ROOT.certificate
CRLS = pki.ISSUING.crl(), pki.ROOT.crl()
LEAF = pki.certificate(subject="CN=mp01.contoso.com")
PARTNER_ROOT = pki.authority("CN=Partner Root CA", number=201)
PARTNER = pki.authority("CN=Partner CA", number=202, issuer=PARTNER_ROOT, not_after=pki.AS_OF)
PARTNER_LEAF = PARTNER.issue("CN=mp01.contoso.com")


def held(certificate: Certificate) -> Holding:
    return Holding(certificate, (pki.entry(certificate),))


def found(
    *answers: Assignment,
    roots: tuple[Certificate, ...] = (LISTED, PARTNER_ROOT.certificate),
    crls: tuple[RevocationList, ...] = CRLS,
) -> InUse:
    """What is in use where `answers` are those for the systems, and the trust lists hold the partner's CAs as well."""
    intermediates = (CA, PARTNER.certificate)
    lists = [Assignment(None, None, "root-ca", State.ASSIGNED, held(root)) for root in roots]
    lists += [Assignment(None, None, "intermediate-ca", State.ASSIGNED, held(ca)) for ca in intermediates]
    known = pki.context(roots=roots, intermediates=intermediates, crls=crls)
    return in_use((*answers, *lists), known.evidence, known.chains)


def assigned(certificate: Certificate, role: str = "web-server", **fields: Any) -> Assignment:
    return Assignment(pki.MP01, "management-point", role, State.ASSIGNED, held(certificate), **fields)


def judged(known: InUse) -> set[Certificate]:
    return {answer.holding.certificate for answer in known.assignments if answer.holding}


def test_a_partners_ca_is_inventory_and_a_listed_root_stays_listed() -> None:
    known = found(assigned(LEAF))
    assert judged(known) == {LEAF, CA, LISTED, PARTNER_ROOT.certificate}
    assert known.certificates == {LEAF, CA, LISTED}
    assert (known.unused_authorities, known.unused_roots, known.unused_crls, known.open_roles) == (1, 1, 0, ())


def test_a_ca_that_a_chain_uses_is_judged_though_no_list_names_it() -> None:
    known = found(assigned(PARTNER_LEAF), roots=(LISTED,))
    assert PARTNER.certificate in judged(known)


@pytest.mark.parametrize("state", [State.MISSING, State.AMBIGUOUS, State.NOT_SUPPLIED])
def test_which_role_is_open_is_told(state: State) -> None:
    answer = Assignment(pki.MP01, "management-point", "web-server", state)
    assert found(answer).open_roles == ("web-server",)


def test_what_an_ambiguous_role_may_use_is_in_use() -> None:
    candidates = held(LEAF), held(PARTNER_LEAF)
    answer = Assignment(pki.MP01, "management-point", "web-server", State.AMBIGUOUS, candidates=candidates)
    known = found(answer)
    assert {CA, PARTNER.certificate} <= judged(known)
    assert not {LEAF, PARTNER_LEAF} & judged(known)


def test_what_was_passed_over_for_a_role_may_be_bound_still() -> None:
    assert PARTNER.certificate in judged(found(assigned(LEAF, passed_over=(held(PARTNER_LEAF),))))


@pytest.mark.parametrize("role", ["root-ca", "intermediate-ca"])
def test_where_cas_are_what_is_checked_everything_given_is_judged(role: str) -> None:
    strange = pki.ISSUING.crl(issuer="CN=Nobody")
    known = found(assigned(CA, role), crls=(strange,))
    assert PARTNER.certificate in judged(known)
    assert (known.unused_authorities, known.unused_roots, len(known.crls)) == (0, 0, 1)


def crls_in_use(*crls: RevocationList, **fields: Any) -> list[RevocationList]:
    return [entry.crl for entry in found(assigned(LEAF), crls=crls, **fields).crls]


OLD = pki.ISSUING.crl(this_update=pki.AS_OF - timedelta(days=60), next_update=pki.AS_OF - timedelta(days=30))


def test_a_stale_crl_is_judged_where_no_newer_one_replaces_it() -> None:
    fresh = pki.ISSUING.crl()
    of_root = pki.ROOT.crl()
    to_come = pki.ISSUING.crl(this_update=pki.AS_OF + pki.SECOND)
    assert crls_in_use(OLD, fresh) == [fresh]
    assert crls_in_use(OLD, of_root) == [OLD, of_root]
    assert crls_in_use(OLD, to_come) == [OLD, to_come]


def test_a_newer_delta_replaces_no_complete_crl() -> None:
    delta = pki.ISSUING.crl(base=6)
    assert crls_in_use(OLD, delta) == [OLD, delta]


def test_crls_of_a_ca_of_nobody_here_are_inventory() -> None:
    partners = PARTNER.crl()
    known = found(assigned(LEAF), crls=(*CRLS, partners))
    assert [entry.crl for entry in known.crls] == list(CRLS)
    assert known.unused_crls == 1


def test_a_crl_of_another_key_of_the_name_of_a_ca_in_use_is_inventory() -> None:
    former = pki.authority(pki.ISSUING.subject, number=203, issuer=pki.ROOT)
    of_former = former.crl(extensions=(pki.authority_key(pki.key_identifier(former.key)),))
    lists = [Assignment(None, None, "intermediate-ca", State.ASSIGNED, held(known.certificate)) for known in (former,)]
    known = pki.context(intermediates=(CA, former.certificate), crls=(of_former,))
    assert in_use((assigned(LEAF), *lists), known.evidence, known.chains).crls == ()


def test_a_crl_of_the_name_of_a_ca_in_use_is_judged_whoever_signed_it() -> None:
    forged = pki.ISSUING.crl(signer=pki.OTHER_KEY)
    assert crls_in_use(forged) == [forged]
