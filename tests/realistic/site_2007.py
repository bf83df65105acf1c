"""A 2007 SP2 site in native mode as they stood in 2010: one large server on Windows Server 2003, an AD CS that was left
as it was installed (LDAP first, delta CRLs with a plus sign), template Computer with both purposes, a branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from certaudit.x509 import oids
from fixtures.make import adcs, company
from fixtures.make.adcs import CLIENT, SERVER, key_file
from fixtures.make.company import ENTERPRISE, owned
from fixtures.make.media import site_control
from tests import builder
from tests.loaders import media_writer
from tests.loaders.facts_writer import Bound, Computer, StoredKey
from tests.loaders.registry_writer import Record
from tests.realistic.estate import Estate, exported

AS_OF = datetime(2010, 9, 15)
DAY = timedelta(days=1)
DOMAIN = "corp.example.com"
GUID = "{3A1D94C7-52B0-4E0E-9B7C-8D1F2A3B4C5D}"
ROOT = adcs.root(
    "CN=Example Root CA,DC=corp,DC=example,DC=com",
    key_file("contoso/root"),
    datetime(2004, 9, 1),
    datetime(2024, 9, 1),
    hash="sha1",
    pki="http://pki.corp.example.com",
)
ISSUING = ROOT.subordinate(
    "CN=Example Issuing CA,DC=corp,DC=example,DC=com",
    key_file("contoso/issuing"),
    datetime(2006, 3, 1),
    datetime(2016, 3, 1),
    as_installed=True,
)
ISSUED = datetime(2010, 2, 8), datetime(2012, 2, 8)
SIGNING = ISSUING.leaf(
    "CN=The site code of this site server is CEN", [oids.DOCUMENT_SIGNING], *ISSUED, template="signing"
)
HEAD = """
[site]
code = "CEN"
release = "2007-sp2"
mode = "native"
crl_checking = true
as_of = 2010-09-15T00:00:00Z

[trust]
root_cas = ["root.cer"]
intermediate_cas = ["certaudit-SCCM01/"]
crls = ["crl/"]

[deployment]
usmt = "4.0"
windows_pe = "3.0"
older_waik_removed = true
boot_images_backed_up = true
drivers = ["imported", "enabled", "distributed"]
methods = ["pxe", "boot-media"]
operating_systems = ["windows-7"]
"""


CLIENTS = ("XP0117", "5.1.2600", "Microsoft Windows XP"), ("W70044", "6.1.7600", "Windows 7 Enterprise")


def build(folder: Path) -> Path:
    """Writes the site and gives its manifest."""
    site = Estate(folder, HEAD)
    site.write("root.cer", ROOT.certificate)
    site.write("crl/root.crl", ROOT.crl(9, AS_OF - 60 * DAY, AS_OF + 120 * DAY))
    site.write("crl/issuing.crl", ISSUING.crl(301, AS_OF - 3 * DAY, AS_OF + 5 * DAY))
    site.write("crl/issuing+.crl", ISSUING.crl(304, AS_OF - timedelta(hours=4), AS_OF + timedelta(hours=32), base=301))
    _servers(site)
    _deployment(site)
    for name, windows, product in CLIENTS:
        own = _machine(name)
        records = [*_stores(name), owned("MY", own, computer=name)]
        computer = Computer(
            name,
            windows,
            product,
            DOMAIN,
            keys=[StoredKey("My", own)],
            collected=AS_OF,
            role_keys=("Mobile Client",),
            client={"AssignedSiteCode": "CEN", "ProductVersion": "4.00.6487.2000"},
        )
        site.describe("client", f"{name.lower()}.{DOMAIN}", "", site.collect(computer, records))
    return site.finished()


def _machine(name: str, bits: int = 1024) -> bytes:
    """Of the version 1 template Computer: the name of the computer, and both purposes."""
    fqdn = f"{name.lower()}.{DOMAIN}"
    more = [builder.template_name("Machine")]
    key = adcs.public_key(f"machine {name}", bits)
    return ISSUING.leaf(f"CN={fqdn}", [CLIENT, SERVER], *ISSUED, names=[fqdn], key=key, template=None, more=more)


def _web(name: str) -> bytes:
    fqdn = f"{name.lower()}.{DOMAIN}"
    return ISSUING.leaf(f"CN={fqdn},O=Example,C=DE", [SERVER], *ISSUED, names=[fqdn], template="web-server")


def _stores(name: str) -> Iterable[Record]:
    """A member of the domain, upgraded from mixed mode: its self-signed certificates are still in the store SMS."""
    yield from company.windows(is_new=False)
    yield Record("Root", ROOT.certificate, root=ENTERPRISE)
    yield Record("CA", ISSUING.certificate, root=ENTERPRISE)
    yield Record("NTAuth", ISSUING.certificate, root=ENTERPRISE)
    yield from company.client_self_signed(name, datetime(2008, 5, 5))


def _server(
    site: Estate,
    name: str,
    roles: str,
    own: list[bytes],
    bound: bytes | None,
    *more: str,
    **facts: Any,
) -> None:
    """A server with Windows Server 2003 R2, where HTTP.sys keeps its bindings in the registry alone."""
    records = [*_stores(name), *(owned("MY", one, computer=name) for one in own)]
    ends = [Bound("0.0.0.0:443", bound)] if bound else []
    keys = [StoredKey("My", one) for one in own]
    computer = Computer(
        name, "5.2.3790", "Microsoft Windows Server 2003 R2", DOMAIN, collected=AS_OF, bound=ends, keys=keys, **facts
    )
    site.describe(
        "site_system", f"{name.lower()}.{DOMAIN}", f"roles = [{roles}]", site.collect(computer, records), *more
    )


def _servers(site: Estate) -> None:
    web = _web("SCCM01")
    control = site_control("a password", 1, ISSUED[1].replace(tzinfo=UTC))
    for ours, theirs in (("contoso.com", DOMAIN), ("S01", "CEN")):
        control = control.replace(ours.encode(), theirs.encode())
    site.write("certaudit-SCCM01/sitectrl.ct0", control)
    roles = '"primary-site-server", "management-point", "distribution-point", "software-update-point"'
    _server(
        site,
        "SCCM01",
        roles,
        [SIGNING, web, _machine("SCCM01")],
        web,
        identification={"Site Code": "CEN", "Site Server": f"SCCM01.{DOMAIN}"},
        site_version="4.00.6487.2000",
        role_keys=("MP", "DP", "Setup", "Identification"),
        kits=(("Windows Automated Installation Kit", "2.0.0.0"),),
    )
    for name in ("DP02", "DP03"):
        machine = _machine(name)
        _server(site, name, '"distribution-point"', [machine], machine, role_keys=("DP",))
    web = _web("SMP01")
    _server(site, "SMP01", '"state-migration-point"', [web, _machine("SMP01")], web, role_keys=("SMP",))
    site.describe("site_system", f"branch01.{DOMAIN}", 'roles = ["distribution-point"]\nconnections = "smb"')


def _deployment(site: Estate) -> None:
    key = key_file("contoso/pxe01-osd")
    pxe = ISSUING.leaf("CN=CEN PXE,OU=OSD,O=Example", [CLIENT], *ISSUED, names=["pxe.osd"], key=key, template="osd")
    file = site.pfx("pxe01.pfx", pxe, key, ISSUING.certificate)
    _server(site, "PXE01", '"pxe-service-point"', [_machine("PXE01")], None, file, role_keys=("PXE",))
    key = key_file("contoso/media-branch")
    own = ISSUING.leaf(
        "CN=CEN boot media,OU=OSD,O=Example", [CLIENT], *ISSUED, names=["media.osd"], key=key, template="osd"
    )
    values = {
        "_SMSMediaGuid": GUID,
        "_SMSTSMediaPFX": exported(own, key, GUID[:31], ISSUING.certificate).hex(),
        "_SMSTSRootCACerts": ROOT.certificate.hex(),
        "_SMSTSSiteSigningCertificate": SIGNING.hex(),
        "SMSTSMP": f"https://sccm01.{DOMAIN}",
        "_SMSTSSiteCode": "CEN",
    }
    media = site.media("stick", values, "6.1.7600.16385", media_writer.AES_128)
    site.describe("boot_media", "Stick of the branch", "in_use_until = 2011-12-31", media)
