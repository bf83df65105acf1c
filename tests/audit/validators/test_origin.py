"""Whose evidence an input is."""

from __future__ import annotations

import pytest

from certaudit.audit.validators import origin
from certaudit.audit.validators.subject import SuppliedInput
from certaudit.evidence import CertificateEntry, ComputerFacts, Evidence, Input, PrivateKey, Provenance, StoreProperty
from certaudit.findings.result import Result, Status
from certaudit.site.site import System
from tests import pki

MP01 = System("mp01.contoso.com", roles=("management-point",), internet_name="mp.contoso.net")
LEAF = pki.certificate()


def held(*, host: str | None = None, originator: str | None = None, key: bool = True, store: str = "My") -> Input:
    """The export of a store with one certificate."""
    properties = () if originator is None else (StoreProperty(71, f"{originator}\0".encode("utf-16-le")),)
    place = Provenance("stores.reg", None, store, "LocalMachine", host)
    entry = CertificateEntry(LEAF, place, PrivateKey(present=key), None, properties)
    return Input("stores.reg", "registry-export", certificates=(entry,))


def named(name: str) -> Input:
    return Input("SOFTWARE", "registry-hive", computer=ComputerFacts(name=name))


def judged(item: Input, *others: Input, system: System = MP01) -> Result:
    without_evidence = System("dp09.contoso.com")
    known = pki.context(held={system.key: Evidence((item, *others))}, systems=(system, without_evidence))
    return origin.from_its_system(SuppliedInput(item), known)


@pytest.mark.parametrize("name", ["MP01", "mp01.contoso.com", "MP", "mp01.fabrikam.com"])
def test_the_names_of_the_system_pass(name: str) -> None:
    assert judged(named(name)).status is Status.PASS
    assert judged(held(host=name)).status is Status.PASS


@pytest.mark.parametrize("item", [named("MP02"), held(host="MP02"), held(originator="MP02 ")])
def test_another_computer_is_found(item: Input) -> None:
    result = judged(item)
    assert (result.status, result.observed) == (Status.FAIL, "MP02")


def test_who_asked_counts_less_than_the_name_of_the_computer() -> None:
    assert judged(held(originator="OLDNAME"), named("MP01")).status is Status.PASS
    assert judged(held(originator="MP01 "), named("MP02")).status is Status.PASS
    assert judged(named("MP02"), held(originator="MP01")).status is Status.FAIL


@pytest.mark.parametrize(
    "item", [held(), held(originator="MP02", key=False), Input("x.cer", "x509-der")], ids=["nobody", "no key", "a file"]
)
def test_what_tells_of_no_computer_is_passed_over(item: Input) -> None:
    assert judged(item).status is Status.NOT_APPLICABLE


def test_a_name_is_compared_as_netbios_cuts_it_off() -> None:
    long = System("management-point-number-one.contoso.com")
    assert judged(named("MANAGEMENT-POIN"), system=long).status is Status.PASS


@pytest.mark.parametrize(
    "system", [System("Branch office laptop", kind="client"), System("usb-stick", kind="boot-media")]
)
def test_names_that_are_not_of_computers_are_not_compared(system: System) -> None:
    assert judged(named("MP02"), system=system).status is Status.NOT_APPLICABLE
