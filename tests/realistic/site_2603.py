"""A current-branch site of version 2603: HTTPS beside Enhanced HTTP, a gateway with a certificate of the own PKI, which
its media call from the internet; clients joined to Entra ID; SUP with a public certificate; CNG keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fixtures.make import adcs, company
from fixtures.make.adcs import CLIENT, SERVER, key_file
from fixtures.make.company import ENTERPRISE, POLICY, SOFTWARE_PROVIDER, owned
from tests import builder
from tests.loaders import media_writer
from tests.loaders.facts_writer import Bound, Computer, StoredKey
from tests.loaders.registry_writer import Record
from tests.realistic.estate import Estate, exported

AS_OF = datetime(2026, 11, 20)
DAY = timedelta(days=1)
DOMAIN = "int.example.net"
GUID = "{0C9D8E7F-6A5B-4C3D-9E2F-1A0B2C3D4E5F}"
INSTALLED = datetime(2022, 10, 10)
VERSION = "5.00.9146.1000"
ROOT = adcs.root(
    "CN=Example Net Root CA R2,O=Example Net",
    key_file("contoso/root"),
    datetime(2019, 5, 6),
    datetime(2044, 5, 6),
    pki="http://pki.example.net",
)
ISSUING = ROOT.subordinate(
    "CN=Example Net Issuing CA 2,O=Example Net", key_file("contoso/issuing"), datetime(2022, 6, 7), datetime(2034, 6, 7)
)
PUBLIC_ROOT = adcs.root(
    "CN=Public Trust Root,O=Public Trust",
    key_file("contoso/mp01-web"),
    datetime(2017, 1, 1),
    datetime(2042, 1, 1),
    pki="http://crl.public.example",
)
PUBLIC = PUBLIC_ROOT.subordinate(
    "CN=Public Trust TLS CA,O=Public Trust", key_file("contoso/dp01-web"), datetime(2024, 1, 1), datetime(2034, 1, 1)
)
ISSUED = datetime(2026, 4, 20), datetime(2027, 10, 20)
HEAD = """
[site]
code = "NET"
release = "current-branch"
mode = "mixed"
crl_checking = true
as_of = 2026-11-20T00:00:00Z

[trust]
root_cas = ["root.cer"]
intermediate_cas = ["certaudit-CM01/"]
crls = ["crl/"]

[deployment]
site_version = "2603"
usmt = "10.0"
windows_pe = "10.0.26100.1"
drivers = ["imported", "enabled", "distributed"]
methods = ["pxe", "boot-media"]
operating_systems = ["windows-11", "windows-server-2022"]
"""


def build(folder: Path) -> Path:
    """Writes the site and gives its manifest."""
    site = Estate(folder, HEAD)
    site.write("root.cer", ROOT.certificate)
    site.write("uploaded/root.cer", ROOT.certificate)
    site.write("uploaded/issuing.cer", ISSUING.certificate)
    site.write("crl/root.crl", ROOT.crl(15, AS_OF - 40 * DAY, AS_OF + 140 * DAY))
    site.write("crl/issuing.crl", ISSUING.crl(240, AS_OF - 2 * DAY, AS_OF + 6 * DAY))
    site.write("crl/public-root.crl", PUBLIC_ROOT.crl(70, AS_OF - 40 * DAY, AS_OF + 140 * DAY))
    site.write("crl/public.crl", PUBLIC.crl(8000, AS_OF - 1 * DAY, AS_OF + 6 * DAY))
    _servers(site)
    _gateway_and_media(site)
    _clients(site)
    return site.finished()


def _leaf(name: str, purposes: Sequence[str], template: str, *more: str) -> bytes:
    fqdn = f"{name.lower()}.{DOMAIN}"
    return ISSUING.leaf(f"CN={fqdn}", purposes, *ISSUED, names=[fqdn, *more], template=template)


def _stores(name: str) -> Iterable[Record]:
    yield from company.windows()
    yield Record("Root", ROOT.certificate, root=ENTERPRISE)
    yield Record("CA", ISSUING.certificate, root=ENTERPRISE)
    yield Record("NTAuth", ISSUING.certificate, root=ENTERPRISE)
    yield Record("AuthRoot", PUBLIC_ROOT.certificate)
    publisher = company.wsus_publisher(datetime(2024, 3, 1))
    yield Record("Root", publisher, root=POLICY)
    yield Record("TrustedPublisher", publisher, root=POLICY)
    yield company.remote_desktop(f"{name.lower()}.{DOMAIN}", AS_OF - 100 * DAY)
    yield from company.client_self_signed(name, INSTALLED)


def _keys(records: Iterable[Record]) -> list[StoredKey]:
    names = {"MY": "My", "SMS": "SMS"}
    return [StoredKey(names[one.store], one.value) for one in records if one.store in names and one.properties]


def _server(
    site: Estate,
    name: str,
    described: str,
    web: bytes | None,
    *more: str,
    own: Iterable[Record] = (),
    port: int = 443,
    **facts: Any,
) -> None:
    """A server with Windows Server 2022. Without a certificate of the PKI, IIS has that of Enhanced HTTP bound."""
    fqdn = f"{name.lower()}.{DOMAIN}"
    records = [*_stores(name), *own]
    if web:
        records.append(owned("MY", web, provider=SOFTWARE_PROVIDER, computer=name))
        bound = Bound(f"0.0.0.0:{port}", web)
    else:
        role = company.sms_role(fqdn, AS_OF - 80 * DAY)
        records.append(owned("SMS", role, name="SMS Role SSL Certificate"))
        bound = Bound("0.0.0.0:443", role, "SMS")
    values: dict[str, Any] = {
        "bound": (bound,),
        "identification": {"Site Code": "NET", "Site Server": f"CM01.{DOMAIN}"},
        "client": {"AssignedSiteCode": "NET", "ProductVersion": VERSION},
        "secure_boot": True,
    }
    computer = Computer(
        name,
        "10.0.20348.4405",
        "Windows Server 2022 Datacenter",
        DOMAIN,
        collected=AS_OF,
        keys=_keys(records),
        **(values | facts),
    )
    site.describe("site_system", fqdn, described, site.collect(computer, records), *more)


def _of_computer(name: str) -> Record:
    return owned("MY", _leaf(name, [CLIENT], "workstation"), provider=SOFTWARE_PROVIDER, computer=name)


def _servers(site: Estate) -> None:
    kits = (("Windows Assessment and Deployment Kit", "10.1.26100.2454"),)
    sql = company.sql_identification(f"cm01.{DOMAIN}", INSTALLED)
    issuing = company.sms_issuing(INSTALLED)
    own = [
        _of_computer("CM01"),
        owned("MY", sql, name="ConfigMgr SQL Server Identification Certificate"),
        company.site_server_signing(INSTALLED),
        owned("SMS", issuing, name="SMS Issuing Certificate"),
    ]
    _server(
        site,
        "CM01",
        'roles = ["primary-site-server"]',
        None,
        own=own,
        kits=kits,
        site_version=VERSION,
        role_keys=("Setup", "Identification"),
    )
    both = 'roles = ["management-point", "cloud-management-gateway-connection-point"]\nconnections = "https"'
    _server(
        site,
        "MP01",
        both,
        _leaf("MP01", [SERVER], "web-server"),
        own=[_of_computer("MP01")],
        role_keys=("MP", "SMS_CLOUD_PROXYCONNECTOR"),
    )
    _server(
        site,
        "MP02",
        'roles = ["management-point"]\nconnections = "enhanced-http"',
        None,
        own=[_of_computer("MP02")],
        role_keys=("MP",),
    )
    key = key_file("contoso/pxe01-osd")
    point = ISSUING.leaf("CN=NET distribution points", [CLIENT], *ISSUED, key=key, template="osd")
    file = site.pfx("dp.pfx", point, key, ISSUING.certificate)
    dp = 'roles = ["distribution-point"]\nconnections = '
    web = _leaf("DP01", [SERVER], "web-server")
    _server(site, "DP01", f'{dp}"https"\npxe = true', web, file, role_keys=("DP",), is_pxe=True)
    for name in ("DP02", "DP03", "DP04"):
        _server(site, name, f'{dp}"enhanced-http"', None, file, role_keys=("DP",), is_pxe=False)
    smp = 'roles = ["state-migration-point"]\nconnections = "https"'
    _server(site, "SMP01", smp, _leaf("SMP01", [SERVER], "web-server"), own=[_of_computer("SMP01")], role_keys=("SMP",))
    policy = builder.extension("2.5.29.32", builder.sequence(builder.sequence(builder.oid("2.23.140.1.2.1"))))
    fqdn = f"sup01.{DOMAIN}"
    public = PUBLIC.leaf(
        f"CN={fqdn}", [SERVER], datetime(2026, 9, 1), datetime(2027, 3, 18), names=[fqdn], template=None, more=[policy]
    )
    signing = owned("WSUS", company.wsus_publisher(datetime(2024, 3, 1)))
    _server(
        site,
        "SUP01",
        'roles = ["software-update-point"]\nconnections = "https"',
        public,
        own=[signing, Record("CA", PUBLIC.certificate)],
        port=8531,
    )


def _gateway_and_media(site: Estate) -> None:
    name, key = "examplenet.westeurope.cloudapp.azure.com", key_file("contoso/smp01-web")
    gateway = ISSUING.leaf(f"CN={name}", [SERVER], *ISSUED, names=[name], key=key, template="web-server")
    file = site.pfx("gateway.pfx", gateway, key, ISSUING.certificate)
    site.describe("site_system", name, 'roles = ["cloud-management-gateway"]\nclient_cas = ["uploaded/"]', file)
    key = key_file("contoso/media-branch")
    own = ISSUING.leaf("CN=NET boot media", [CLIENT], *ISSUED, key=key, template="osd")
    values = {
        "_SMSMediaGuid": GUID,
        "_SMSTSMediaPFX": exported(own, key, GUID[:31], ISSUING.certificate).hex(),
        "_SMSTSRootCACerts": ROOT.certificate.hex(),
        "SMSTSMP": f"https://mp01.{DOMAIN}",
        "_SMSTSSiteCode": "NET",
    }
    media = site.media("media", values, "10.0.26100.1", media_writer.AES_256)
    site.describe("boot_media", "USB stick", "in_use_until = 2027-07-31", media)


def _clients(site: Estate) -> None:
    """A member of the domain that is registered in Entra ID and enrolled in Intune."""
    own = _of_computer("NB0815")
    records = [*_stores("NB0815"), own, *company.entra("NB0815", AS_OF), company.intune("NB0815", AS_OF)]
    computer = Computer(
        "NB0815",
        "10.0.26200.7171",
        "Windows 11 Enterprise",
        DOMAIN,
        "Client",
        AS_OF,
        True,
        keys=_keys(records),
        client={"AssignedSiteCode": "NET", "ProductVersion": VERSION},
        role_keys=("Mobile Client",),
    )
    site.describe("client", f"nb0815.{DOMAIN}", "", site.collect(computer, records))
