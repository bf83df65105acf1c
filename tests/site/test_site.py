"""The manifest, and everything that can be wrong with one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certaudit.errors import UsageError
from certaudit.site.client_selection import ClientSelection, Criterion
from certaudit.site.manifest import read_manifest
from certaudit.site.roles import needed_by
from certaudit.site.site import EvidencePath, Site

SITE = '[site]\nrelease = "2007-sp2"\n'
LATER = '[site]\nrelease = "2012-r2"\nmode = "https"\n'
SYSTEM = '[[site_system]]\nname = "mp01.contoso.com"\nroles = ["management-point"]\n'


MEDIA = '[[boot_media]]\nname = "{}"\nevidence = ["{}"]\n'


def manifest(tmp_path: Path, text: str) -> Site:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return read_manifest(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        manifest(tmp_path, text)
    return str(caught.value).removeprefix(f"{tmp_path}/")


def test_the_bundled_site() -> None:
    site = read_manifest(Path("fixtures/contoso/site.toml"))
    assert (site.code, site.release, site.mode, site.crl_checking) == ("S01", "2007-sp2", "native", True)
    assert site.as_of == datetime(2010, 3, 1, tzinfo=UTC)
    smp = next(system for system in site.systems if system.name == "smp01.contoso.com")
    assert smp.names == (("intranet", "smp01.contoso.com"), ("internet", "smp.contoso.net"))
    assert smp.evidence == (EvidencePath("smp01/", password_file="smp01.password"),)
    media = next(system for system in site.systems if system.kind == "boot-media")
    assert media.in_use_until == datetime(2011, 3, 31, 23, 59, 59, tzinfo=UTC)
    assert media.names == ()


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    site = manifest(tmp_path, SITE)
    assert (site.mode, site.crl_checking, site.code, site.as_of, site.systems) == ("native", True, None, None, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "site.toml: table [site] is missing; see docs/manifest.md for an example"),
        ("[site]\n", "site.toml: [site]: key 'release' is missing"),
        ('[site]\nrelease = "2007-sp22"\n', "did you mean '2007-sp2'?"),
        ('[site]\nrelease = "2007 SP2"\n', "not '2007 SP2'; write '2007-sp2'"),
        ('[site]\nrelease = "2403"\n', "2403 is a version of it: write 'current-branch', and site_version = '2403'"),
        (LATER.replace("https", "native"), 'release 2012-r2 has no mode native: write mode = "https", or "mixed"'),
        (SITE + 'mode = "https"\n', 'release 2007-sp2 has no mode https: write mode = "native", or "mixed"'),
        (SITE + SYSTEM.replace("management-point", "mp"), "not 'mp'; write 'management-point'"),
        (
            SITE + SYSTEM.replace("management-point", "web-server"),
            "'web-server'; that is a word for something",
        ),
        (SITE + SYSTEM + "pxe = true\n", "key 'pxe' belongs to distribution points of releases from 2012 on"),
        (LATER + SYSTEM + "pxe = true\n", "key 'pxe' belongs to distribution points of releases from 2012 on"),
        (LATER + SYSTEM.replace("management", "pxe-service").replace("-point-point", "-point"), "and pxe = true"),
        (LATER + SYSTEM + 'connections = "enhanced-http"\n', "release 2012-r2 knows https and http"),
        (SITE + SYSTEM + 'connections = "smb"\n', "management-point can be https or enhanced-http or http"),
        (SITE + SYSTEM + 'connections = "tls"\n', "must be one of https, enhanced-http, http, smb"),
        (LATER.replace("https", "mixed") + SYSTEM, "needs the key 'connections', since the mode of the site is mixed"),
        (LATER + SYSTEM + 'client_cas = ["ca/"]\n', "belong to the role 'cloud-management-gateway'"),
        (SITE + 'code = "S0001"\n', "key 'code' must be the three-character site code"),
        (SITE + "sites = 1\n", "[site]: unknown key 'sites'"),
        (SITE + "[[site_systems]]\n", "site.toml: unknown key 'site_systems'; did you mean 'site_system'?"),
        (SITE + SYSTEM.replace("management-point", "managment-point"), "did you mean 'management-point'?"),
        (SITE + '[[site_system]]\nname = "x"\n', "[[site_system]] 'x': key 'roles' must name at least one of"),
        (SITE + SYSTEM + "evidence = [5]\n", "must be a list of paths, or of tables with a path"),
        (SITE + SYSTEM + 'evidence = "mp01/"\n', "key 'evidence' must be a list, not a string"),
        (SITE + SYSTEM + 'evidence = [{ path = "a", pasword_file = "b" }]\n', "did you mean 'password_file'?"),
        (
            SITE + SYSTEM + 'evidence = [{ path = "a", password_file = "b", password_env = "C" }]\n',
            "'password_env' and 'password_file' exclude each other",
        ),
        (SITE + SYSTEM + 'certificates = { web-server = "12AB" }\n', "must be a SHA-1 or SHA-256 thumbprint"),
        (SITE + SYSTEM + 'certificates = { webserver = "12AB" }\n', "did you mean 'web-server'?"),
        (SITE + SYSTEM + SYSTEM, "'mp01.contoso.com' is described twice"),
        (SITE + SYSTEM + f'certificates = {{ root-ca = "{"AB" * 20}" }}\n', "takes a certificate for root-ca"),
        (
            SITE + f'[[client]]\nname = "a"\ncertificates = {{ web-server = "{"AB" * 20}" }}\n',
            "it takes one for client",
        ),
        (SITE + MEDIA.format("a", "media/x") + MEDIA.format("b", "./media/../media/x/"), "'a' and 'b' have the same"),
        (SITE + "crl_checking = 1\n", "key 'crl_checking' must be true or false, not a number"),
        (SITE + 'as_of = "yesterday"\n', "must be a date or a date-time such as 2010-03-01T00:00:00Z, not a string"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in refusal(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        *(f'[site]\nrelease = "{word}"\n' for word in ("2016", "2012 SP2", "2007-sp3", "SCCM 2007", "2007 R2 SP2")),
        SITE + SYSTEM.replace("management-point", "enrollment-point"),
        LATER + SYSTEM + 'connections = "http or https"\n',
    ],
)
def test_a_word_that_merely_looks_alike_is_no_guess(tmp_path: Path, text: str) -> None:
    said = refusal(tmp_path, text)
    assert "did you mean" not in said
    assert "write" not in said


def test_a_later_site_in_mixed_mode_is_asked_for_what_its_release_knows(tmp_path: Path) -> None:
    said = refusal(tmp_path, LATER.replace("https", "mixed") + SYSTEM)
    assert said.endswith('how is it spoken to? connections = "https" or "http"')


def test_thumbprints_are_taken_as_windows_shows_them(tmp_path: Path) -> None:
    spaced = " ".join(["3f 2a"] * 10)
    site = manifest(tmp_path, SITE + SYSTEM + f'certificates = {{ web-server = "{spaced}" }}\n')
    assert site.systems[0].pins["web-server"] == "3F2A" * 10


def test_how_clients_choose_their_certificate(tmp_path: Path) -> None:
    chosen = '{ criteria = "SubjectAttr:OU = Computers", first_certificate = true, store = "X" }'
    site = manifest(tmp_path, f"{SITE}client_certificate_selection = {chosen}\n")
    assert site.client_selection == ClientSelection("X", Criterion("SubjectAttr", "Computers", "2.5.4.11"), True)
    assert manifest(tmp_path, SITE).client_selection == ClientSelection("My", None, None)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ('{ criteria = "contoso" }', "key 'criteria' must be as the product writes it"),
        ('{ criterion = "SubjectStr:contoso" }', "did you mean 'criteria'?"),
        ('"SubjectStr:contoso"', "key 'client_certificate_selection' must be a table, not a string"),
    ],
)
def test_a_choice_that_cannot_be_read(tmp_path: Path, value: str, sentence: str) -> None:
    assert sentence in refusal(tmp_path, f"{SITE}client_certificate_selection = {value}\n")


def later(tmp_path: Path, systems: str, mode: str = "mixed") -> Site:
    return manifest(tmp_path, f'[site]\nrelease = "current-branch"\nmode = "{mode}"\n{systems}')


def spoken(name: str, role: str, connections: str) -> str:
    return f'[[site_system]]\nname = "{name}"\nroles = ["{role}"]\nconnections = "{connections}"\n'


def needed(site: Site, name: str) -> set[str]:
    system = next(system for system in site.systems if system.name == name)
    return {
        role
        for system_role in system.roles
        for role in needed_by(system_role, site.release)
        if site.needs(system, system_role, role)
    }


def test_what_a_system_needs_follows_from_how_it_is_spoken_to(tmp_path: Path) -> None:
    clients = '[[client]]\nname = "ws01"\n[[boot_media]]\nname = "stick"\n'
    points = spoken("mp01", "management-point", "https") + spoken("mp02", "management-point", "enhanced-http")
    site = later(tmp_path, points + spoken("dp01", "distribution-point", "http") + clients)
    assert needed(site, "mp01") == {"web-server", "site-system-client"}
    assert needed(site, "mp02") == set()
    assert needed(site, "dp01") == {"distribution-point-client"}
    assert (needed(site, "ws01"), needed(site, "stick")) == ({"client"}, {"boot-media"})


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("", {"site-system-client"}),
        ('client_authentication = "pki"\n', {"site-system-client"}),
        ('client_authentication = "entra"\n', set()),
        ('client_authentication = "token"\n', set()),
    ],
)
def test_a_connection_point_needs_a_certificate_where_clients_of_the_gateway_do(
    tmp_path: Path, said: str, wanted: set[str]
) -> None:
    gateway = spoken("cmg", "cloud-management-gateway", "https") + said
    relay = spoken("cp01", "cloud-management-gateway-connection-point", "https")
    site = later(tmp_path, spoken("mp01", "management-point", "https") + gateway + relay)
    assert needed(site, "cp01") == wanted


def test_without_https_management_point_clients_need_nothing(tmp_path: Path) -> None:
    clients = '[[client]]\nname = "ws01"\n[[boot_media]]\nname = "stick"\n'
    site = later(tmp_path, spoken("mp02", "management-point", "enhanced-http") + clients)
    assert needed(site, "ws01") == needed(site, "stick") == set()
    assert site.mode_for(site.systems[-1]) == "mixed"


def test_a_gateway_speaks_https_in_every_site(tmp_path: Path) -> None:
    gateway = '[[site_system]]\nname = "cmg.contoso.com"\nroles = ["cloud-management-gateway"]\n'
    site = later(tmp_path, gateway + spoken("mp02", "management-point", "enhanced-http"))
    assert needed(site, "cmg.contoso.com") == {"cloud-management-gateway"}
    assert site.mode_for(site.systems[0]) == "https"


def test_a_distribution_point_over_smb_needs_nothing_in_2007(tmp_path: Path) -> None:
    site = manifest(tmp_path, SITE + spoken("dp01", "distribution-point", "smb"))
    assert needed(site, "dp01") == set()


def test_the_mode_is_the_word_of_the_release(tmp_path: Path) -> None:
    site = manifest(tmp_path, SITE + 'mode = "native"\n')
    assert (site.mode, replace(site, release="2012-r2").mode) == ("native", "https")
    assert (manifest(tmp_path, '[site]\nrelease = "current-branch"\n').mode) == "https"


def test_a_computer_boots_from_a_distribution_point_that_answers_pxe(tmp_path: Path) -> None:
    text = '[[site_system]]\nname = "dp01"\nroles = ["distribution-point"]\n'
    assert manifest(tmp_path, LATER + text + "pxe = true\n").systems[0].ways_in == ("pxe-service-point",)
    assert manifest(tmp_path, LATER + text).systems[0].ways_in == ()
