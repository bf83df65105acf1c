"""What the files of a collected folder tell of its computer, put together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certaudit.evidence import Binding, ClientFacts, Computer, ComputerFacts, Evidence, Input, KeyTest, WebSite

BINDING = Binding("address", 443, "0.0.0.0", None, "AB" * 20, "MY")
MISSING = KeyTest("My", "AB" * 20, False, "is not there")
WORKS = KeyTest("My", "CD" * 20, True)


def evidence(*inputs: Input) -> Evidence:
    return Evidence(inputs)


def test_facts_of_one_folder_are_of_one_computer() -> None:
    found = evidence(
        Input("a/collected.txt", "collection-log", computer=ComputerFacts(name="MP01", administrator=True)),
        Input("a/facts/windows.txt", "registry-query", computer=ComputerFacts(name="OTHER", windows="6.1.7601")),
        Input("a/facts/roles.txt", "registry-query", computer=ComputerFacts(role_keys=("MP",))),
        Input(
            "a/facts/client.txt",
            "registry-query",
            computer=ComputerFacts(role_keys=("MP", "DP"), client=ClientFacts(select_first=False)),
        ),
        Input("a/facts/bindings.txt", "http-bindings", bindings=(BINDING,)),
        Input("a/facts/http.txt", "registry-query", bindings=(BINDING,)),
        Input("a/facts/sites.txt", "iis-sites", web_sites=(WebSite("Default Web Site", 1),)),
        Input("a/stores-machine.reg", "registry-export"),
    )
    expected = ComputerFacts(
        name="MP01",
        windows="6.1.7601",
        role_keys=("MP", "DP"),
        client=ClientFacts(select_first=False),
        administrator=True,
    )
    assert found.computers == {"a": Computer(expected, (BINDING,), (WebSite("Default Web Site", 1),))}
    assert found.bindings == (BINDING,)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("facts/windows.txt", ""),
        ("windows.txt", ""),
        ("site/SMP01/collected.txt", "site/SMP01"),
        ("site/SMP01/FACTS/windows.txt", "site/SMP01"),
        ("C:\\SMP01\\facts\\windows.txt", "C:\\SMP01"),
    ],
)
def test_the_folder_is_that_of_the_script(path: str, folder: str) -> None:
    found = evidence(Input(path, "registry-query", computer=ComputerFacts(name="SMP01")))
    assert list(found.computers) == [folder]


def test_two_folders_are_two_computers() -> None:
    found = evidence(
        Input("a/collected.txt", "collection-log", computer=ComputerFacts(name="MP01")),
        Input("b/collected.txt", "collection-log", computer=ComputerFacts(name="DP01")),
    )
    assert [one.facts.name for one in found.computers.values()] == ["MP01", "DP01"]


@pytest.mark.parametrize(("administrator", "works"), [(True, False), (None, False), (False, None)])
def test_a_key_that_others_than_administrators_cannot_see_is_not_missing(
    administrator: bool | None, works: bool | None
) -> None:
    log = Input("a/collected.txt", "collection-log", computer=ComputerFacts(administrator=administrator))
    found = evidence(log, Input("a/facts/store-My.txt", "certutil-store", key_tests=(MISSING, WORKS)))
    assert [test.works for test in found.key_tests] == [works, True]


def test_facts_outside_a_collected_folder_stay_as_they_are() -> None:
    limited = ComputerFacts(administrator=False)
    found = evidence(
        Input("a/collected.txt", "collection-log", computer=limited),
        Input("b/store-My.txt", "certutil-store", key_tests=(MISSING,)),
    )
    assert found.key_tests == (MISSING,)
    assert replace(limited, administrator=None) == ComputerFacts()
