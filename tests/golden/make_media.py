"""Makes boot media, and the manifests of the cases about media and toolchain (`python -m tests.golden.make_media`).

Of each release there are two cases: `media-in-RELEASE`, a site with sound media and faulty ones beside the right
toolchain, and `toolchain-in-RELEASE`, a site with the wrong one. PFX files carry random salts: what is there is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs12

from fixtures.make import media as fixtures
from tests.golden.case import CASES
from tests.loaders import media_writer as writer

INPUTS = CASES / "inputs" / "media"
BROKEN = fixtures.FIXTURES / "contoso-broken"
SHORT = "short"

# Release: USMT, Windows PE, WAIK, version of the site; then a version of Windows PE that media of it boot.
TOOLCHAINS = {
    "2007-rtm": ("3.1", "2.0", "1.0", "4.00.5931.0000", "6.0.6000.16386"),
    "2007-sp1": ("3.0.1", "2.1", "1.1", "4.00.6221.1000", "6.0.6001.18000"),
    "2007-r2": ("3.1", "2.1", "1.1", "4.00.6221.1000", "6.0.6001.18000"),
    "2007-sp2": ("4.0", "3.0", "2.0", "4.00.6487.2000", "6.1.7600.16385"),
    "2007-r3": ("4.0", "3.0", "2.0", "4.00.6487.2000", "6.1.7600.16385"),
    "2012": ("4.0", "3.1", "2.0", "5.00.7711.0000", "6.1.7601.17514"),
    "2012-sp1": ("5.0", "4.0", "8.0", "5.00.7804.1000", "6.2.9200.16384"),
    "2012-r2": ("5.0", "5.0", "8.1", "5.00.7958.1000", "6.3.9600.16384"),
    "current-branch": ("10.0", "10.0", "10.0", "5.00.9012.1000", "10.0.18362.1"),
}

# What a release deploys, where that is not Windows Vista.
_DEPLOYED = {"current-branch": "windows-10"}

_SYSTEMS = (
    ("site01.contoso.com", "primary-site-server", "site01/signing.pfx", "site01"),
    ("mp01.contoso.com", "management-point", "mp01/", "mp01"),
    ("smp01.contoso.com", "state-migration-point", "smp01/", "smp01"),
    ("dp01.contoso.com", "distribution-point", "dp01/web-server.pfx", "dp01"),
    ("pxe01.contoso.com", "pxe-service-point", "pxe01/pxe01.pfx", "pxe01"),
)


def media() -> dict[str, bytes]:
    """The files of the faulty media, and of those that are sound but for their age."""
    empty = fixtures.variables(_SMSTSMediaPFX="", _SMSMediaGuid="")
    expired, no_ca = ((BROKEN / f"roots/{name}.cer").read_bytes() for name in ("root-expired", "root-not-a-ca"))
    guid = "{FFEEDDCC-BBAA-9988-7766-554433221100}"
    unlisted = (fixtures.CONTOSO / "clients/ws0001.pfx").read_bytes()
    strange = fixtures.variables(
        guid,
        _SMSTSMediaPFX=writer.media_pfx(unlisted, "public-fixture-clients", guid),
        _SMSTSRootCACerts=(expired + no_ca).hex(),
        _SMSTSSiteSigningCertificate=(fixtures.CONTOSO / "clients/pda0007/pda0007.cer").read_bytes().hex(),
        _SMSTSSiteCode="S99",
        SMSTSMP="http://mp01.contoso.com",
        ServicePassword="public-fixture-value",
    )
    guid = "{00112233-4455-6677-8899-AABBCCDDEEFF}"
    pfx = (fixtures.CONTOSO / "clients/lt0042.pfx").read_bytes()
    own = fixtures.variables(guid, _SMSTSMediaPFX=writer.media_pfx(pfx, "public-fixture-clients", guid))
    open_media = {**fixtures.tree(writer.sealed(empty)), "SMS/data/policy.xml": b"sealed"}
    rootless = fixtures.variables("{12345678-9ABC-DEF0-1234-56789ABCDEF0}", _SMSTSRootCACerts="")
    found = {
        "no-roots.iso": writer.iso_image(fixtures.tree(writer.sealed(rootless, fixtures.PASSWORD)), udf=False),
        "strange.dat": writer.sealed(strange, fixtures.PASSWORD),
        "own.dat": writer.sealed(own, SHORT),
        "own.password": f"{SHORT}\n".encode(),
        **{f"open/{path}": data for path, data in open_media.items()},
    }
    for version in sorted({versions[-1] for versions in TOOLCHAINS.values()}):
        files = {
            **fixtures.tree(writer.sealed(empty, fixtures.PASSWORD), version),
            "SMS/data/policy.xml": b"sealed",
        }
        found |= {f"windows-pe-{version}/{path}": data for path, data in files.items()}
    return found


def listed() -> str:
    """The certificates that the site lists: that of the sound media, two that are blocked, and a later one for each."""
    media, pxe = _thumbprint("media/branch-office.pfx", "boot-media"), _thumbprint("pxe01/pxe01.pfx", "pxe01")
    own = _thumbprint("clients/lt0042.pfx", "clients")
    lines = (
        _line(media, 1, "branch office", 2009),
        _line(pxe, 2, "pxe01", 2009, blocked=True),
        _line("1" * 40, 2, "pxe01", 2010),
        _line(own, 1, "lt0042", 2009, blocked=True),
        _line("2" * 40, 1, "lt0042", 2010),
    )
    return "\n".join(('"IssuedTo","Thumbprint","Type","IsBlocked","ValidFrom","ValidUntil"', *lines, ""))


def _line(thumbprint: str, kind: int, name: str, year: int, *, blocked: bool = False) -> str:
    """A row of SMS_CertificateInfo, as PowerShell writes it."""
    begins, ends = f"{year}0101080000.000000+000", "20110601080000.000000+000"
    return f'"{name}","{thumbprint}","{kind}","{blocked}","{begins}","{ends}"'


def _thumbprint(path: str, password: str) -> str:
    bundle = pkcs12.load_pkcs12((fixtures.CONTOSO / path).read_bytes(), f"public-fixture-{password}".encode())
    assert bundle.cert is not None
    return bundle.cert.certificate.fingerprint(hashes.SHA1()).hex().upper()


def _head(release: str) -> list[str]:
    mode = "native" if release.startswith("2007") else "https"
    contoso = "../../../../fixtures/contoso"
    return [
        f'[site]\ncode = "S01"\nrelease = "{release}"\nmode = "{mode}"\nas_of = 2010-03-01T00:00:00Z\n',
        f'[trust]\nroot_cas = ["{contoso}/roots/contoso-root-ca.cer"]\nintermediate_cas = ["{contoso}/ca/"]\n'
        f'crls = ["{contoso}/crl/"]\n',
    ]


def media_manifest(release: str) -> str:
    """A site with media, and the toolchain of its release."""
    usmt, windows_pe, waik, version, boots = TOOLCHAINS[release]
    contoso, made = "../../../../fixtures/contoso", "../../../../fixtures/media"
    parts = _head(release)
    parts.append(
        f'[deployment]\nusmt = "{usmt}"\nwindows_pe = "{windows_pe}"\nwaik = "{waik}"\nsite_version = "{version}"\n'
        "older_waik_removed = true\nboot_images_backed_up = true\n"
        f'methods = ["pxe", "boot-media"]\noperating_systems = ["{_DEPLOYED.get(release, "windows-vista")}"]\n'
    )
    for name, role, path, password in _SYSTEMS:
        more = (
            "".join(f', "{file}"' for file in (*_lists(release), "drivers/")) if role == "primary-site-server" else ""
        )
        evidence = f'{{ path = "{contoso}/{path}", password_file = "{contoso}/{password}.password" }}{more}'
        cluster = 'nlb_name = "mp.contoso.com"\n' if role == "management-point" else ""
        if role == "pxe-service-point" and not release.startswith("2007"):
            role, cluster = "distribution-point", 'connections = "http"\npxe = true\n'
        parts.append(f'[[site_system]]\nname = "{name}"\n{cluster}roles = ["{role}"]\nevidence = [{evidence}]\n')
    password = f'password_file = "{made}/media.password"'
    for name, evidence in (
        ("sound", f'{{ path = "{made}/branch-office.iso", {password} }}'),
        ("without protection", f'{{ path = "{made}/open.iso" }}'),
        ("without roots", f'{{ path = "{made}/variables/no-roots.dat", {password} }}'),
        ("strange", f'{{ path = "strange.dat", {password} }}'),
        ("with a certificate of its own", '{ path = "own.dat", password_file = "own.password" }'),
        ("stand-alone", '"open/"'),
        ("of this release", f'{{ path = "windows-pe-{boots}/", {password} }}'),
    ):
        parts.append(f'[[boot_media]]\nname = "{name}"\nevidence = [{evidence}]\n')
    return "\n".join(parts)


def _lists(release: str) -> tuple[str, ...]:
    """What the site says of its certificates: 2007 has a site control file besides."""
    return ("certificates.csv", "sitectrl.ct0") if release.startswith("2007") else ("certificates.csv",)


def toolchain_manifest(release: str) -> str:
    """A site of nothing but a site server, with a toolchain that no release has."""
    contoso = "../../../../fixtures/contoso"
    name, role, path, password = _SYSTEMS[0]
    evidence = f'{{ path = "{contoso}/{path}", password_file = "{contoso}/{password}.password" }}, "drivers-broken/"'
    return "\n".join(
        (
            *_head(release),
            '[deployment]\nusmt = "2.6"\nwindows_pe = "1.6"\nwaik = "0.9"\nsite_version = "2.50.4253.3000"\n'
            "older_waik_removed = false\nboot_images_backed_up = false\n"
            'methods = ["pxe", "prestaged-media"]\n'
            f'operating_systems = ["{"windows-xp" if release in _DEPLOYED else "windows-11"}"]\n',
            f'[[site_system]]\nname = "{name}"\nroles = ["{role}"]\nevidence = [{evidence}]\n',
        )
    )


def unbootable_manifest() -> str:
    """Registry exports, and nothing that a computer could boot from to reach all it needs: F1, F3, F5, F7 and F29."""
    contoso, broken = "../../../../fixtures/contoso", "../../../../fixtures/contoso-broken"
    stores, password = "../../../../fixtures/contoso-registry", f'password_file = "{broken}/pfx.password"'
    parts = [
        '[site]\ncode = "S01"\nrelease = "2007-sp2"\nmode = "native"\nas_of = 2010-03-01T00:00:00Z\n',
        f'[trust]\nroot_cas = ["{stores}/site01/stores-machine.reg"]\n'
        f'intermediate_cas = ["{stores}/site01/stores-machine.reg"]\ncrls = ["{contoso}/crl/"]\n',
    ]
    for name, role, evidence in (
        ("site01", "primary-site-server", f'"{stores}/site01/", "sitectrl.ct0"'),
        ("mp01", "management-point", f'"{stores}/mp01/"'),
        (
            "smp-both-names-in-one",
            "state-migration-point",
            f'{{ path = "{broken}/systems/smp-both-names-in-one/web-server.pfx", {password} }}',
        ),
        ("dp-ldap-only", "distribution-point", f'{{ path = "{broken}/systems/dp-ldap-only.pfx", {password} }}'),
        ("pxe-expired", "pxe-service-point", f'{{ path = "{broken}/systems/pxe-expired.pfx", {password} }}'),
    ):
        parts.append(f'[[site_system]]\nname = "{name}.contoso.com"\nroles = ["{role}"]\nevidence = [{evidence}]\n')
    media = 'password_file = "../../../../fixtures/media/media.password"'
    parts.append(f'[[boot_media]]\nname = "CD"\nevidence = [{{ path = "no-roots.iso", {media} }}]\n')
    return "\n".join(parts)


def _write(path: Path, data: bytes, *, keep: bool = False) -> None:
    if not (keep and path.exists()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def main() -> None:
    """Writes media and manifests."""
    for path, data in media().items():
        _write(INPUTS / path, data, keep=True)
    _write(INPUTS / "certificates.csv", listed().encode())
    _write(INPUTS / "sitectrl.ct0", fixtures.site_control("", 0, datetime(2010, 1, 31, 8, tzinfo=UTC)))
    _write(INPUTS / "unbootable.toml", unbootable_manifest().encode())
    for folder, tables in (
        ("drivers", fixtures.driver_catalog(("e1000", "iastor"))),
        ("drivers-broken", fixtures.driver_catalog((f"net{number:03}" for number in range(501)), "net007", "net499")),
    ):
        for path, data in tables.items():
            _write(INPUTS / folder / path, data)
    for name, architecture in (("x86", 0), ("x64", 9)):
        image = writer.windows_image("10.0.26100.1", architecture)
        _write(INPUTS.parent / f"versions/{name}.wim", image)
    for release in TOOLCHAINS:
        _write(INPUTS / f"media-{release}.toml", media_manifest(release).encode())
        _write(INPUTS / f"toolchain-{release}.toml", toolchain_manifest(release).encode())


if __name__ == "__main__":
    main()
