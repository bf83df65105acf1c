"""What people write for releases and roles is understood, or not at all."""

from __future__ import annotations

import pytest

from certaudit.site.words import connections_hint, mode_hint, release_meant, role_meant, version_meant


@pytest.mark.parametrize(
    ("text", "release", "version"),
    [
        ("2007 SP2", "2007-sp2", None),
        ("2007sp2", "2007-sp2", None),
        ("SCCM 2007 R3", "2007-r3", None),
        ("Configuration Manager 2007 Service Pack 2", "2007-sp2", None),
        ("2012 R2", "2012-r2", None),
        ("ConfigMgr 2012 R2", "2012-r2", None),
        ("cb", "current-branch", None),
        ("Current Branch", "current-branch", None),
        ("2403", "current-branch", "2403"),
        ("MECM 2403", "current-branch", "2403"),
        ("2709", "current-branch", "2709"),
        ("2007", None, None),
        ("2025", None, None),
        ("2404", None, None),
        ("5.00.9128", None, None),
        ("2403 or 2409", None, None),
        ("2012 SP2", None, None),
        ("", None, None),
    ],
)
def test_a_release_is_understood_where_it_can_mean_one_thing(
    text: str, release: str | None, version: str | None
) -> None:
    assert (release_meant(text), version_meant(text)) == (release, version)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("mp", "management-point"),
        ("MP", "management-point"),
        ("dp", "distribution-point"),
        ("smp", "state-migration-point"),
        ("SUP", "software-update-point"),
        ("pxe", "pxe-service-point"),
        ("cmg", "cloud-management-gateway"),
        ("Management Points", "management-point"),
        ("web_server", "web-server"),
        ("root CA", "root-ca"),
        ("ManagementPoint", "management-point"),
        ("CMG connection point", "cloud-management-gateway-connection-point"),
        ("enrollment point", None),
        ("point", None),
        ("", None),
    ],
)
def test_a_role_is_understood_by_its_name_or_abbreviation(text: str, role: str | None) -> None:
    assert role_meant(text) == role


@pytest.mark.parametrize(
    ("text", "mode", "connections"),
    [
        ("HTTPS", "https", "https"),
        ("HTTPS only", "https", "https"),
        ("Enhanced HTTP", "mixed", "enhanced-http"),
        ("eHTTP", "mixed", "enhanced-http"),
        ("e-http", "mixed", "enhanced-http"),
        ("http only", "mixed", "http"),
        ("HTTPS or HTTP", "mixed", None),
        ("Mixed mode", "mixed", None),
        ("tls", None, "https"),
        ("htps", None, None),
    ],
)
def test_a_mode_and_connections_are_never_taken_for_their_opposite(
    text: str, mode: str | None, connections: str | None
) -> None:
    assert mode_hint(text) == (f"; write '{mode}'" if mode else None)
    assert connections_hint(text) == (f"; write '{connections}'" if connections else None)
