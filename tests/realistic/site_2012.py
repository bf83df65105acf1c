"""A 2012 R2 site in 2015: HTTPS where it pays, HTTP in the branches, an issuing CA that was renewed with a new key when
it went over to SHA-256, a distribution point with PXE, template Computer on every server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures.make import adcs, company
from fixtures.make.adcs import CLIENT, SERVER, key_file
from fixtures.make.company import ENTERPRISE, owned
from tests.loaders import media_writer
from tests.loaders.facts_writer import Bound, Computer, StoredKey
from tests.loaders.registry_writer import Record
from tests.realistic.estate import Estate, exported

AS_OF = datetime(2015, 5, 20)
DAY = timedelta(days=1)
DOMAIN = "ad.example.org"
VERSION = "5.00.7958.1000"
GUID = "{B4E7C1D2-90A3-4F5B-8C6D-7E8F90A1B2C3}"
ROOT = adcs.root(
    "CN=Example Org Root CA,O=Example Org",
    key_file("contoso/root"),
    datetime(2008, 1, 15),
    datetime(2028, 1, 15),
    hash="sha1",
    pki="http://crl.example.org",
)
_ISSUING = "CN=Example Org Issuing CA,DC=ad,DC=example,DC=org"
EARLIER = ROOT.subordinate(_ISSUING, key_file("contoso/issuing"), datetime(2009, 2, 2), datetime(2019, 2, 2))
ISSUING = replace(ROOT, hash="sha256").subordinate(
    _ISSUING, key_file("contoso/site01-signing"), datetime(2014, 3, 3), datetime(2024, 3, 3)
)
ISSUED = datetime(2014, 9, 8), datetime(2016, 9, 8)
BEFORE = datetime(2012, 8, 1), datetime(2014, 8, 1)
HEAD = """
[site]
code = "EX1"
release = "2012-r2"
mode = "mixed"
crl_checking = true
as_of = 2015-05-20T00:00:00Z

[trust]
root_cas = ["root.cer"]
intermediate_cas = ["certaudit-CM12/"]
crls = ["crl/"]

[deployment]
usmt = "6.3"
windows_pe = "5.0"
drivers = ["imported", "enabled", "distributed"]
methods = ["pxe", "boot-media"]
operating_systems = ["windows-7", "windows-8.1"]
"""


def build(folder: Path) -> Path:
    """Writes the site and gives its manifest."""
    site = Estate(folder, HEAD)
    site.write("root.cer", ROOT.certificate)
    site.write("crl/root.crl", ROOT.crl(21, AS_OF - 30 * DAY, AS_OF + 150 * DAY))
    site.write("crl/issuing.crl", EARLIER.crl(612, AS_OF - 2 * DAY, AS_OF + 6 * DAY))
    site.write("crl/issuing(1).crl", ISSUING.crl(612, AS_OF - 2 * DAY, AS_OF + 6 * DAY))
    _servers(site)
    _media(site)
    records = [*_stores("PC4711"), *_of_computer("PC4711", [CLIENT])]
    pc = Computer(
        "PC4711",
        "6.3.9600",
        "Windows 8.1 Enterprise",
        DOMAIN,
        "Client",
        AS_OF,
        keys=_keys(records),
        client={"AssignedSiteCode": "EX1", "ProductVersion": VERSION},
        role_keys=("Mobile Client",),
    )
    site.describe("client", f"pc4711.{DOMAIN}", "", site.collect(pc, records))
    return site.finished()


def _leaf(name: str, purposes: Sequence[str], template: str, period: tuple[datetime, datetime] = ISSUED) -> bytes:
    fqdn = f"{name.lower()}.{DOMAIN}"
    issuer = EARLIER if period is BEFORE else ISSUING
    return issuer.leaf(f"CN={fqdn}", purposes, *period, names=[fqdn], template=template)


def _of_computer(name: str, purposes: Sequence[str]) -> list[Record]:
    """What autoenrollment brought: the certificate in force, and the archived one that it took the place of."""
    now, before = (_leaf(name, purposes, "workstation", period) for period in (ISSUED, BEFORE))
    return [owned("MY", now, computer=name), owned("MY", before, computer=name, archived=True)]


def _stores(name: str) -> Iterable[Record]:
    yield from company.windows()
    yield Record("Root", ROOT.certificate, root=ENTERPRISE)
    for authority in (EARLIER, ISSUING):
        yield Record("CA", authority.certificate, root=ENTERPRISE)
        yield Record("NTAuth", authority.certificate, root=ENTERPRISE)
    yield company.remote_desktop(f"{name.lower()}.{DOMAIN}", AS_OF - 100 * DAY)
    yield from company.client_self_signed(name, datetime(2013, 11, 4))


def _keys(records: Iterable[Record]) -> list[StoredKey]:
    """Of archived certificates PowerShell and certutil see none."""
    seen = [record for record in records if record.store == "MY" and len(record.properties) == 2]
    return [StoredKey("My", record.value) for record in seen]


def _server(
    site: Estate, name: str, described: str, web: bytes | None, *more: str, port: int = 443, **facts: Any
) -> None:
    """A server with Windows Server 2012 R2."""
    own = [owned("MY", web, computer=name)] if web else []
    records = [*_stores(name), *own, *_of_computer(name, [CLIENT, SERVER])]
    service = company.management_service(name, datetime(2013, 11, 4), is_sha2=False)
    records.append(owned("MY", service))
    bound = [Bound(f"0.0.0.0:{port}", web, "My")] if web else []
    bound.append(Bound("0.0.0.0:8172", service, "MY", "00000000-0000-0000-0000-000000000000"))
    listening = f"http/*:80:,https/*:{port}:" if web else "http/*:80:"
    values: dict[str, Any] = {
        "sites": (f'SITE "Default Web Site" (id:1,bindings:{listening},state:Started)',),
        "identification": {"Site Code": "EX1", "Site Server": f"CM12.{DOMAIN}"},
        "client": {"AssignedSiteCode": "EX1", "ProductVersion": VERSION},
    }
    computer = Computer(
        name,
        "6.3.9600",
        "Windows Server 2012 R2 Standard",
        DOMAIN,
        collected=AS_OF,
        bound=bound,
        keys=_keys(records),
        **(values | facts),
    )
    site.describe("site_system", f"{name.lower()}.{DOMAIN}", described, site.collect(computer, records), *more)


def _servers(site: Estate) -> None:
    kits = (("Windows Assessment and Deployment Kit for Windows 8.1", "8.100.26866"),)
    _server(
        site,
        "CM12",
        'roles = ["primary-site-server"]',
        None,
        kits=kits,
        site_version=VERSION,
        role_keys=("Setup", "Identification"),
    )
    mp = 'roles = ["management-point"]\nconnections = '
    _server(site, "MP01", f'{mp}"https"', _leaf("MP01", [SERVER], "web-server"), role_keys=("MP",))
    _server(site, "MP02", f'{mp}"http"', None, role_keys=("MP",))
    key = key_file("contoso/pxe01-osd")
    point = ISSUING.leaf("CN=EX1 distribution points", [CLIENT], *ISSUED, key=key, template="osd")
    file = site.pfx("dp.pfx", point, key, ISSUING.certificate)
    dp = 'roles = ["distribution-point"]\nconnections = '
    for name, is_pxe in (("DP01", True), ("DP02", False)):
        pxe = "\npxe = true" if is_pxe else ""
        _server(
            site, name, f'{dp}"https"{pxe}', _leaf(name, [SERVER], "web-server"), file, role_keys=("DP",), is_pxe=is_pxe
        )
    for name in ("DP03", "DP04"):
        _server(site, name, f'{dp}"http"', None, file, role_keys=("DP",), is_pxe=False)
    smp = 'roles = ["state-migration-point"]\nconnections = "https"'
    _server(site, "SMP01", smp, _leaf("SMP01", [SERVER], "web-server"), role_keys=("SMP",))
    _server(site, "SUP01", 'roles = ["software-update-point"]\nconnections = "http"', None)


def _media(site: Estate) -> None:
    key = key_file("contoso/media-branch")
    own = ISSUING.leaf("CN=EX1 boot media", [CLIENT], *ISSUED, key=key, template="osd")
    values = {
        "_SMSMediaGuid": GUID,
        "_SMSTSMediaPFX": exported(own, key, GUID[:31], ISSUING.certificate).hex(),
        "_SMSTSRootCACerts": ROOT.certificate.hex(),
        "SMSTSMP": f"https://mp01.{DOMAIN}",
        "_SMSTSSiteCode": "EX1",
    }
    media = site.media("media", values, "6.3.9600.16384", media_writer.AES_128)
    site.describe("boot_media", "Boot CD", "in_use_until = 2016-06-30", media)
