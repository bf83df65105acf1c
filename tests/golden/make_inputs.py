"""Makes the certificates, CRLs and stores below `inputs/` (`python -m tests.golden.make_inputs`).

Everything is fixed, so that each run writes the same bytes: keys are worked out from the name of who has them and are
kept nowhere, those of the Contoso CAs are the public ones of fixtures/make/keys. A file is named after what is wrong
with it, a boundary after its margin. As of 2010-03-01, for which the bundled sites stand.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from certaudit.loaders import load
from certaudit.loaders.stores.serialized_store import CRL
from certaudit.requirements.windows_certificates import is_of_windows
from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from tests import builder
from tests.golden.issuing import (
    CRL_URL,
    ISSUING,
    LEAF_USAGE,
    PURPOSES,
    ROOT,
    authority,
    crl,
    leaf,
    name_alone,
    serial_of,
)
from tests.loaders import pfx_builder, registry_writer
from tests.pki import AS_OF, DAY, SECOND, Authority, authority_key, is_prime, modulus, modulus_key, prime_of, rsa_key

INPUTS = Path(__file__).parent / "inputs"


# --- Files ------------------------------------------------------------------------------------------------------------


def write(folder: str, files: dict[str, bytes]) -> None:
    """The files, into a folder of `inputs/`."""
    (INPUTS / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (INPUTS / folder / name).write_bytes(content)


def paths() -> None:
    """Faults of the path, one each; `ca` holds the CA certificates that they need."""
    permitted = builder.sequence(builder.tlv(0xA0, builder.sequence(builder.tlv(0x82, b"fabrikam.com"))))
    explicit = builder.sequence(builder.tlv(0x80, b"\0"))
    mail_only = builder.extended_key_usage("1.3.6.1.5.5.7.3.4")
    authorities = {
        "names-of-fabrikam-only": authority(
            "Contoso CA for Fabrikam", more=[builder.extension("2.5.29.30", permitted, critical=True)]
        ),
        "policy-demanded": authority(
            "Contoso Policy CA", more=[builder.extension("2.5.29.36", explicit, critical=True)]
        ),
        "mail-only": authority("Contoso Mail CA", more=[mail_only]),
        "signed-with-sha-224": authority("Contoso CA signed with SHA-224", hash="sha224"),
        "signed-with-sha-256": authority("Contoso CA signed with SHA-256", hash="sha256"),
        "rsa-4096": authority("Contoso CA with 4096 bits", key=rsa_key("Contoso CA with 4096 bits", 4096)),
        "root-not-listed": authority("Contoso Laboratory Root CA", issuer=None),
    }
    otherwise = replace(ISSUING, name=builder.name("CN=CONTOSO Issuing CA 1,DC=contoso,DC=com"))
    write("paths/ca", {f"{name}.cer": issuer.certificate.der for name, issuer in authorities.items()})
    files = {f"ca-{name}": leaf(f"ca-{name}.contoso.com", issuer=issuer) for name, issuer in authorities.items()}
    itself = Authority.of(Certificate(leaf("self-signed.contoso.com")), rsa_key("self-signed.contoso.com"))
    files |= {
        "sound": leaf("sound.contoso.com"),
        "self-signed": leaf("self-signed.contoso.com", issuer=itself),
        "issuer-written-otherwise": leaf("issuer-written-otherwise.contoso.com", issuer=otherwise),
        "unknown-critical-extension": leaf(
            "unknown-critical-extension.contoso.com",
            more=[builder.extension("1.3.6.1.4.1.311.999", b"\x05\x00", critical=True)],
        ),
        "extension-twice": leaf("extension-twice.contoso.com", more=[builder.distribution_points(CRL_URL)]),
    }
    write("paths", {f"{name}.cer": content for name, content in files.items()})


def usage() -> None:
    """Faults of key usage, purposes, names and distribution points."""

    def one(name: str, **fields: Any) -> bytes:
        return leaf(f"{name}.contoso.com", **fields)

    both = builder.application_policies(*PURPOSES)
    files = {
        "application-policies-agree": one("application-policies-agree", more=[both]),
        "application-policies-for-mail": one(
            "application-policies-for-mail", more=[builder.application_policies("1.3.6.1.5.5.7.3.4")]
        ),
        "certificate-signing": one("certificate-signing", usage=builder.key_usage(*LEAF_USAGE, "keyCertSign")),
        "no-digital-signature": one("no-digital-signature", usage=builder.key_usage("keyEncipherment")),
        "no-key-usage": one("no-key-usage", without=("usage",)),
        "no-purposes": one("no-purposes", without=("purposes",)),
        "purposes-for-mail": one("purposes-for-mail", purposes=builder.extended_key_usage("1.3.6.1.5.5.7.3.4")),
        "no-distribution-point": one("no-distribution-point", without=("points",)),
        "distribution-point-in-directory": one(
            "distribution-point-in-directory", points=builder.distribution_points("ldap:///CN=Contoso")
        ),
        "empty-subject": one("empty-subject", subject=""),
        "signed-with-sha-224": one("signed-with-sha-224", hash="sha224"),
        "signed-with-sha-256": one("signed-with-sha-256", hash="sha256"),
    }
    write("usage", {f"{name}.cer": content for name, content in files.items()})


def keys() -> None:
    """Faults of keys; sizes by their margin. Of a modulus that is no product nobody knows a factor either."""

    def one(name: str, spki: Any) -> bytes:
        return leaf(f"{name}.contoso.com", key=spki)

    def odd(bits: int) -> int:
        number = int.from_bytes(hashlib.shake_256(b"%d" % bits).digest(bits // 8 + 1), "big") % (1 << bits)
        return _without_small_factors(number | 1 << bits - 1 | 1)

    p = prime_of("close factors", 512, 65537)
    next_prime = p + 2
    while not is_prime(next_prime):
        next_prime += 2
    pss = modulus_key(modulus("restricted-to-pss"), algorithm=oids.RSASSA_PSS)
    files = {
        "exponent-of-32-bits": one("exponent-of-32-bits", modulus_key(modulus("exponent-32"), 2**32 - 1)),
        "exponent-of-33-bits": one("exponent-of-33-bits", modulus_key(modulus("exponent-33"), 2**32 + 1)),
        "factors-close-together": one("factors-close-together", modulus_key(p * next_prime)),
        "restricted-to-pss": one("restricted-to-pss", pss),
        "rsa-1536": one("rsa-1536", modulus_key(odd(1536))),
        "rsa-2048": one("rsa-2048", modulus_key(odd(2048))),
        "rsa-2049": one("rsa-2049", modulus_key(odd(2049))),
        "rsa-8096": one("rsa-8096", modulus_key(odd(8096))),
        "rsa-8097": one("rsa-8097", modulus_key(odd(8097))),
        "renewed-with-its-key-1": leaf("renewed.contoso.com"),
        "renewed-with-its-key-2": leaf("renewed.contoso.com", serial=serial_of("renewed again")),
    }
    shared = prime_of("shared by two", 512, 65537)
    files |= {
        f"shares-a-prime-{number}": one(
            f"shares-a-prime-{number}", modulus_key(shared * prime_of(f"of {number} alone", 512, 65537))
        )
        for number in (1, 2)
    }
    write("keys", {f"{name}.cer": content for name, content in files.items()})


def _without_small_factors(number: int) -> int:
    small = [candidate for candidate in range(3, 5000, 2) if all(candidate % factor for factor in range(3, 71, 2))]
    while not all(number % factor for factor in (3, 5, 7, *range(11, 71, 2), *small)):
        number += 2
    return number


def validity() -> None:
    """Periods of validity, by their margin to the instant of the audit or to the limit."""
    begin = datetime.fromisoformat("2009-06-01T08:00:00Z")
    periods = {
        "ended-one-second-ago": (begin, AS_OF - SECOND),
        "ends-at-the-instant-of-the-audit": (begin, AS_OF),
        "ends-in-10-days": (begin, AS_OF + 10 * DAY),
        "ends-in-10-days-and-a-second": (begin, AS_OF + 10 * DAY + SECOND),
        "ends-in-60-days": (begin, AS_OF + 60 * DAY),
        "ends-in-60-days-and-a-second": (begin, AS_OF + 60 * DAY + SECOND),
        "began-24-hours-ago": (AS_OF - DAY, AS_OF + 365 * DAY),
        "began-a-second-less-than-24-hours-ago": (AS_OF - DAY + SECOND, AS_OF + 365 * DAY),
        "ends-before-it-begins": (AS_OF - DAY, AS_OF - 2 * DAY),
        "three-years": (begin, begin.replace(year=2012)),
        "three-years-and-a-second": (begin, begin.replace(year=2012) + SECOND),
        "five-years": (begin, begin.replace(year=2014)),
        "five-years-and-a-second": (begin, begin.replace(year=2014) + SECOND),
    }
    files = {
        f"{name}.cer": leaf(f"{name}.contoso.com", not_before=first, not_after=last)
        for name, (first, last) in periods.items()
    }
    write("validity", files)


def trust_lists() -> None:
    """Roots and issuing CAs that the site lists and should not, and CRLs that come late."""
    curve = ec.derive_private_key(0x636F6E746F736F, ec.SECP256R1())

    def root(common_name: str, **fields: Any) -> Authority:
        return authority(common_name, issuer=None, **fields)

    roots = {
        "rsa-1024": root("Root with 1024 bits", key=rsa_key("Root with 1024 bits", 1024)),
        "cyrillic-name": root("Корень"),
        "thirty-years": root("Root for 30 years", not_after=datetime(2038, 6, 1)),
        "thirty-years-and-a-second": root("Root for more than 30 years", not_after=datetime(2038, 6, 1) + SECOND),
        "ends-in-365-days": root("Root that ends in 365 days", not_after=AS_OF + 365 * DAY),
        "ends-in-365-days-and-a-second": root("Root that ends later", not_after=AS_OF + 365 * DAY + SECOND),
        "no-key-usage": root("Root without key usage", usage=None),
    }
    write("trust-lists/roots", {f"{name}.cer": made.certificate.der for name, made in roots.items()})
    nowhere = root("Root that nobody kept")
    listed = {
        "elliptic-curve": authority("CA on P-256", key=curve, hash="sha256"),
        "issuer-nowhere": authority("CA below a root that nobody kept", issuer=nowhere),
        "ends-in-180-days": authority("CA that ends in 180 days", not_after=AS_OF + 180 * DAY),
        "ends-in-180-days-and-a-second": authority("CA that ends later", not_after=AS_OF + 180 * DAY + SECOND),
    }
    write("trust-lists/ca", {f"{name}.cer": made.certificate.der for name, made in listed.items()})
    with_plus = builder.sequence(builder.tlv(0xA0, builder.tlv(0xA0, builder.tlv(0x86, b"http://pki/Contoso+.crl"))))
    freshest = builder.extension("2.5.29.46", builder.sequence(with_plus))
    hundred = timedelta(hours=100)
    lists = {
        "issued-for-48-hours": crl(roots["rsa-1024"], AS_OF - DAY, AS_OF + DAY),
        "issued-for-a-second-less-than-48-hours": crl(roots["cyrillic-name"], AS_OF - DAY, AS_OF + DAY - SECOND),
        "a-tenth-of-its-time-left": crl(roots["thirty-years"], AS_OF - 0.9 * hundred, AS_OF + 0.1 * hundred),
        "less-than-a-tenth-of-its-time-left": crl(
            roots["no-key-usage"], AS_OF - 0.9 * hundred - SECOND, AS_OF + 0.1 * hundred - SECOND
        ),
        "delta-name-with-plus": crl(roots["ends-in-365-days"], AS_OF - 30 * DAY, AS_OF + 30 * DAY, freshest),
    }
    write("trust-lists/crl", {f"{name}.crl": content for name, content in lists.items()})


def roles() -> None:
    """Certificates for the roles that the bundled sites do not have, with their names."""
    both = builder.extended_key_usage(oids.SERVER_AUTHENTICATION, oids.CLIENT_AUTHENTICATION)
    amt = builder.extended_key_usage(oids.SERVER_AUTHENTICATION, oids.AMT_PROVISIONING)
    server = builder.extended_key_usage(oids.SERVER_AUTHENTICATION)
    files = {
        "amt": leaf("oob01.contoso.com", purposes=amt),
        "amt-other-name": leaf("oob02.contoso.com", purposes=amt, subject="CN=Provisioning,DC=contoso,DC=com"),
        "client-of-another-computer": leaf("mp99.contoso.com"),
        "proxy": leaf("proxy.contoso.net", purposes=both),
        "proxy-other-name": leaf("other.contoso.net", purposes=both),
        "gateway": leaf("contosocmg.contoso.com", purposes=server, key=rsa_key("contosocmg", 2048), hash="sha256"),
        "gateway-prefix-of-two-letters": leaf("cm.contoso.com", purposes=server),
        "client-own-name-first": leaf(
            "ws0001.contoso.com", names=builder.alternative_names("DNS:ws0001.contoso.com", "DNS:ws.contoso.com")
        ),
        "client-own-name-second": leaf(
            "ws0002.contoso.com", names=builder.alternative_names("DNS:ws.contoso.com", "DNS:ws0002.contoso.com")
        ),
        "mobile-sha-256": leaf("pda0001.contoso.com", hash="sha256"),
        "pxe-twin-1": leaf("S01 PXE"),
        "pxe-twin-2": leaf("S01 PXE", key=rsa_key("S01 PXE again"), serial=serial_of("S01 PXE again")),
        "server-directory-only": leaf(
            "dp01.contoso.com",
            points=builder.distribution_points("ldap:///CN=Contoso"),
            purposes=server,
            names=builder.alternative_names("DNS:dp01.contoso.com", "DNS:dp.contoso.net"),
        ),
        "server": leaf("dp02.contoso.com", purposes=server),
    }
    write("roles", {f"{name}.cer": content for name, content in files.items()})


def public() -> None:
    """Certificates that say they are public, of as many days as they may have and a second more; and a private one."""
    policy = builder.sequence(builder.sequence(builder.oid(oids.CABF_DOMAIN)))
    mark = builder.extension(oids.CERTIFICATE_POLICIES, policy)
    begin = datetime(2026, 3, 15, tzinfo=UTC)
    end = begin + 200 * DAY
    files = {
        "of-200-days": leaf("a.contoso.com", not_before=begin, not_after=end - SECOND, more=[mark]),
        "of-200-days-and-a-second": leaf("b.contoso.com", not_before=begin, not_after=end, more=[mark]),
        "private": leaf("c.contoso.com", not_before=begin, not_after=end),
    }
    write("public", {f"{name}.cer": content for name, content in files.items()})


def pfx_files() -> None:
    """PFX files with one fault each, all of one certificate and all with the password of `pfx.password`."""
    certificate, owner = leaf("sound.contoso.com"), rsa_key("sound.contoso.com")
    pair = pfx_builder.local_key_id(b"\1")
    inside = pfx_builder.certificate_bag(certificate, pair)

    def shrouded(secret: rsa.RSAPrivateKey, iterations: int, *attributes: bytes) -> bytes:
        return pfx_builder.shrouded_bag(_pkcs8(secret), PASSWORD.encode(), *attributes, iterations=iterations)

    def sealed(*bags: bytes, iterations: int = 1000) -> bytes:
        mac_password = pfx_builder.bmp(PASSWORD)
        return pfx_builder.pfx(pfx_builder.safe(*bags), mac_password=mac_password, iterations=iterations)

    own = shrouded(owner, 1000, pair)
    files = {
        "999-iterations": sealed(inside, shrouded(owner, 999, pair), iterations=999),
        "1000-iterations": sealed(inside, own),
        "key-without-certificate": sealed(inside, shrouded(rsa_key("stranger"), 1000)),
        "two-keys": sealed(inside, own, shrouded(rsa_key("stranger"), 1000)),
        "no-mac": pfx_builder.pfx(pfx_builder.safe(inside, own)),
        "no-password": pfx_builder.pfx(
            pfx_builder.safe(inside, pfx_builder.key_bag(_pkcs8(owner), pair)), mac_password=b"", iterations=1000
        ),
        "key-under-des": sealed(inside, pfx_builder.bag(2, _under_des(_pkcs8(owner)), pair)),
        "ca": sealed(
            pfx_builder.certificate_bag(
                leaf("ca.contoso.com", key=owner, more=[builder.basic_constraints(ca=True)]), pair
            ),
            own,
        ),
        "pbmac1": _with_pbmac1(pfx_builder.safe(inside, own)),
    }
    write("pfx", {f"{name}.pfx": content for name, content in files.items()})
    write(".", {"pfx.password": f"{PASSWORD}\n".encode()})


PASSWORD = "public and worthless"


def _pkcs8(secret: rsa.RSAPrivateKey) -> bytes:
    return secret.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _under_des(data: bytes) -> bytes:
    """EncryptedPrivateKeyInfo under DES with PBES2: TripleDES with three times the same key is DES."""
    secret, vector = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), pfx_builder.SALT, 1000, 8), bytes(8)
    padding_size = 8 - len(data) % 8
    encryptor = Cipher(TripleDES(secret * 3), modes.CBC(vector)).encryptor()
    cipher = builder.sequence(builder.oid("1.3.14.3.2.7"), builder.tlv(4, vector))
    parameters = builder.sequence(_pbkdf2(), cipher)
    algorithm = builder.sequence(builder.oid("1.2.840.113549.1.5.13"), parameters)
    return builder.sequence(algorithm, builder.tlv(4, encryptor.update(data + bytes([padding_size] * padding_size))))


def _pbkdf2(*more: bytes) -> bytes:
    salt = builder.tlv(4, pfx_builder.SALT)
    parameters = builder.sequence(salt, builder.integer(1000), *more)
    return builder.sequence(builder.oid("1.2.840.113549.1.5.12"), parameters)


def _with_pbmac1(safe: bytes) -> bytes:
    """A PFX with the MAC of RFC 9579."""
    content = builder.sequence(safe)
    sha256 = builder.sequence(builder.oid("1.2.840.113549.2.9"))
    secret = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), pfx_builder.SALT, 1000, 32)
    digest = builder.tlv(4, hmac.digest(secret, content, "sha256"))
    parameters = builder.sequence(_pbkdf2(builder.integer(32), sha256), sha256)
    algorithm = builder.sequence(builder.oid("1.2.840.113549.1.5.14"), parameters)
    mac = builder.sequence(builder.sequence(algorithm, digest), builder.tlv(4, b""), builder.integer(1))
    data = builder.sequence(builder.oid(pfx_builder.DATA), builder.tlv(0xA0, builder.tlv(4, content)))
    return builder.sequence(builder.integer(3), data, mac)


def parts() -> None:
    """A file of which one part cannot be read."""
    whole = _pem(leaf("sound.contoso.com"))
    write("parts", {"second-certificate-damaged.pem": whole + _pem(leaf("sound.contoso.com")[:100])})


def _pem(certificate: bytes) -> bytes:
    text = base64.encodebytes(certificate).decode().replace("\n", "")
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]).encode()


def stores() -> None:
    """Serialized stores, whose property 2 says where the private key is."""
    files = {
        "computer.sst": store(leaf("stored.contoso.com"), flags=0x20),
        "user.sst": store(leaf("stored-by-a-user.contoso.com"), flags=0),
    }
    write("stores", files)
    exchange, signature = (
        leaf("tls.contoso.com", key=rsa_key(f"tls {use}"), serial=serial_of(f"tls {use}"))
        for use in ("exchange", "signature")
    )
    write("key-specs", {"exchange.sst": store(exchange, 0x20), "signature.sst": store(signature, 0x20, key_spec=2)})
    known = leaf("known.contoso.com", purposes=builder.extended_key_usage(oids.SERVER_AUTHENTICATION))
    stranger = authority("Root of somebody else", issuer=None).certificate.der
    records = [
        registry_writer.Record("My", known, ((2, registry_writer.key_provider("known")),)),
        registry_writer.Record("CA", ISSUING.certificate.der),
        registry_writer.Record("Root", stranger),
        registry_writer.Record("Root", stranger, root=ENTERPRISE),
    ]
    registry_writer.write(INPUTS / "roots-not-in-place" / "stores.reg", records)
    root = (INPUTS.parents[2] / "fixtures/contoso/roots/contoso-root-ca.cer").read_bytes()
    other = authority("CA that issued nothing here").certificate.der
    records = [
        registry_writer.Record("My", known, ((2, registry_writer.key_provider("known")),)),
        registry_writer.Record("CA", other),
        registry_writer.Record("Root", root),
        registry_writer.Record("Root", root, root=ENTERPRISE),
    ]
    registry_writer.write(INPUTS / "intermediates-not-in-place" / "stores.reg", records)


def selection() -> None:
    """The stores of computers that are joined to Microsoft Entra ID and managed by Intune, and certificates that are
    in a store where the product does not look."""
    client = builder.extended_key_usage(oids.CLIENT_AUTHENTICATION)
    server = builder.extended_key_usage(oids.SERVER_AUTHENTICATION)
    parts = ("DC=net", "DC=windows", "CN=MS-Organization-Access", "OU=82dbaca4-3e81-46ca-9c73-0950c1eaca97")
    entra = name_alone(builder.sequence(builder.tlv(0x31, *(builder.attribute(part) for part in parts))), "entra")
    p2p = name_alone(builder.name("CN=MS-Organization-P2P-Access [2010]"), "p2p")
    intune = name_alone(builder.name("CN=Microsoft Intune MDM Device CA"), "intune")
    iis = name_alone(builder.name("CN=WMSvc-SHA2-WS0001"), "iis")
    device, tenant = "7c1b7a35-0c9d-4a41-a6a5-9b9a4b5f5c10", "0f5a7e2e-6d7c-4c47-9f2c-2f0a6a1d7f3e"
    ten_years, day = {"not_after": datetime(2019, 6, 1)}, {"not_before": AS_OF - DAY / 2, "not_after": AS_OF + DAY / 2}
    bare: dict[str, Any] = {"without": ("names", "points", "usage"), "subject": f"CN={device}"}
    id_of_device = [builder.extension("1.2.840.113556.1.5.284.2", b"\x04\x10" + bytes(16))]
    others = [
        leaf(f"{device} entra", issuer=entra, purposes=client, more=id_of_device, **bare | ten_years),
        leaf(f"{device} p2p", issuer=p2p, purposes=server, **bare | day | {"subject": f"CN={device},DC={tenant}"}),
        leaf(f"{device} intune", issuer=intune, purposes=client, **bare),
        leaf("WMSvc-SHA2-WS0001", issuer=iis, purposes=server, **bare | ten_years | {"subject": iis.name}),
    ]
    site_role = name_alone(builder.name("CN=SMS Issuing"), "SMS Issuing")
    purposes = builder.extended_key_usage(*PURPOSES[:2])
    stores = {
        "joined": [leaf("ws0001.contoso.com", purposes=client), *others],
        "joined-only": others,
        "of-another-name": [leaf("ws0009.contoso.com", purposes=client), *others],
        "in-store": [leaf("dp03.contoso.com", purposes=server), leaf("dp03 client", purposes=client)],
        "enhanced-http": [leaf("mp02.contoso.com", issuer=site_role, purposes=purposes)],
    }
    for name, certificates in stores.items():
        records = [
            registry_writer.Record("My", one, ((2, registry_writer.key_provider(f"{name} {number}")),))
            for number, one in enumerate(certificates)
        ]
        (INPUTS / "selection").mkdir(parents=True, exist_ok=True)
        registry_writer.write(INPUTS / "selection" / f"{name}.reg", records)
    leftover = (2, registry_writer.key_provider("mixed")), (11, registry_writer.text("SMS Signing Certificate"))
    named = registry_writer.Record("My", leaf("mp03.contoso.com", purposes=purposes), leftover)
    registry_writer.write(INPUTS / "selection" / "named-like-mixed-mode.reg", [named])


def company() -> None:
    """The store of a management point with the company that it keeps on a real Windows: roots of Microsoft that have
    expired, CAs of others, keys of other products. The Microsoft roots are those that Wine brings."""
    (hive,) = load(INPUTS.parents[1] / "loaders/data/wine_stores/hive/SOFTWARE.hivex", "SOFTWARE", lambda name: None)
    of_windows = [entry.certificate.der for entry in hive.certificates if is_of_windows(entry.certificate)]
    root = ROOT.certificate.der
    ended: dict[str, Any] = {"not_before": datetime(1999, 1, 1), "not_after": datetime(2009, 1, 1)}
    commerce = authority("Commerce Root CA - Class 3", issuer=None, key=rsa_key("Commerce Root", 1024), **ended)
    server_ca = authority("Commerce Server CA - Class 3", issuer=commerce, key=rsa_key("Commerce CA", 1024), **ended)
    partner = authority("Partner Root CA", issuer=None)
    partner_ca = authority("Partner Issuing CA", issuer=partner, **ended)
    former = authority("Contoso Issuing CA 0", **ended)
    wsus = "WSUS Publishers Self-signed"
    updates = leaf(wsus, issuer=Authority.of(Certificate(leaf(wsus)), rsa_key(wsus)))
    own = leaf("mp01.contoso.com")
    provider = (2, registry_writer.key_provider("le-mp01"))

    def records(computer: str) -> list[registry_writer.Record]:
        record = registry_writer.Record
        asked = (71, registry_writer.text(computer))
        return [
            record("My", own, (provider, asked)),
            record("My", former.certificate.der, (provider,)),
            record("WSUS", updates, (provider,)),
            record("Remote Desktop", leaf("mp01", key=rsa_key("mp01 desktop"), **ended), (provider,)),
            record("TrustedPublisher", updates),
            record("Root", root),
            record("Root", root, root=ENTERPRISE),
            *(record("Root", known) for known in of_windows),
            record("AuthRoot", commerce.certificate.der),
            record("CA", ISSUING.certificate.der),
            record("CA", server_ca.certificate.der),
            record("CA", partner_ca.certificate.der),
            record("CA", crl(server_ca, datetime(2001, 3, 24), datetime(2004, 1, 7)), kind=CRL),
        ]

    folder = INPUTS / "company"
    registry_writer.write(folder / "sound/stores-machine.reg", records("MP01"))
    impostor = authority("Microsoft Root Authority", issuer=None, subject=MICROSOFT_ROOT).certificate.der
    more = [
        registry_writer.Record("Root", impostor),
        registry_writer.Record("Root", partner.certificate.der, (provider,)),
        registry_writer.Record("Root", authority("Contoso Root CA 0", issuer=None, **ended).certificate.der),
    ]
    registry_writer.write(folder / "swapped/stores-machine.reg", [*records("MP02 "), *more])
    for name, computer in (("sound", "MP01"), ("swapped", "MP02")):
        log = f"certaudit collect script 1 on {computer}\r\nMon 03/01/2010 10:00:00.00\r\n"
        (folder / name / "collected.txt").write_bytes(log.encode("ascii"))
    policies = r"[HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\SystemCertificates]"
    header = "Windows Registry Editor Version 5.00\r\n\r\n"
    (folder / "sound/stores-policy.reg").write_bytes(f"{header}{policies}\r\n\r\n".encode("utf-16"))
    (folder / "sound/stores-services.reg").write_bytes(header.encode("utf-16"))
    (folder / "swapped/stores-policy.reg").write_bytes(b"")
    identifier = authority_key(ISSUING.certificate.subject_key_identifier or b"")
    stale = crl(ISSUING, AS_OF - 60 * DAY, AS_OF - 30 * DAY, identifier)
    write("company/crl", {"stale.crl": stale, "partner.crl": crl(partner_ca, AS_OF - 60 * DAY, AS_OF - 30 * DAY)})
    old = authority("Contoso Root CA 0", issuer=None, **ended).certificate.der
    write("company/roots", {"partner.cer": partner.certificate.der})
    write("company/old-roots", {"contoso-root-ca-0.cer": old})


MICROSOFT_ROOT = "CN=MICROSOFT Root Authority,OU=Microsoft Corporation,OU=Copyright (c) 1997 Microsoft Corp."


def collected() -> None:
    """Folders as the collect script writes them: stores, and what the tools of Windows say of bindings, keys and
    roles. mp01, dp01 and ws0001 are sound; each of the others is bound, or described, in a wrong way."""
    server = {"purposes": builder.extended_key_usage(oids.SERVER_AUTHENTICATION)}
    product = name_alone(builder.name("CN=SMS Issuing"), "SMS Issuing")

    def web(name: str, kind: str = "web", **fields: Any) -> bytes:
        own = f"{name} {kind}"
        return leaf(f"{name}.contoso.com", serial=serial_of(own), key=rsa_key(own), **server | fields)

    def client(name: str) -> bytes:
        return leaf(f"{name}.contoso.com", purposes=builder.extended_key_usage(oids.CLIENT_AUTHENTICATION))

    ended = web("mp03", "ended", not_before=datetime(2008, 2, 1), not_after=datetime(2010, 2, 1))
    own = web("mp04", "own", issuer=product)
    held = {
        "mp01": [web("mp01"), web("mp01", "renewed"), client("mp01")],
        "mp02": [web("mp02"), client("mp02")],
        "mp03": [ended, web("mp03"), client("mp03")],
        "mp04": [own, web("mp04"), client("mp04")],
        "dp01": [web("dp01")],
        "dp02": [web("dp02"), web("dp02", "renewed")],
        "dp03": [web("dp03")],
        "ws0001": [client("ws0001")],
    }
    bound = {
        "mp01": web("mp01", "renewed"),
        "mp02": web("mp02", "renewed"),
        "mp03": ended,
        "mp04": own,
        "dp01": web("dp01"),
        "dp02": web("dp02", "renewed"),
        "dp03": None,
    }
    sound = {"mp01", "dp01", "ws0001"}
    for name, certificates in held.items():
        records = [
            registry_writer.Record("My", one, ((2, registry_writer.key_provider(f"{name} {number}")),))
            for number, one in enumerate(certificates)
        ]
        facts = {
            "keys.txt": _key_tests(certificates, works=name != "dp02", exportable=name not in sound),
            "windows.txt": _windows(name, "10.0.20348.2227" if name in sound else "6.3.9600"),
        }
        if name in bound:
            keys = ["MP"] if name.startswith("mp") else ["DP"] if name != "dp03" else ["DP", "MP"]
            facts["bindings.txt"] = _bindings(bound[name])
            facts["sites.txt"] = 'SITE "Default Web Site" (id:1,bindings:http/*:80:,https/*:443:,state:Started)\n'
            facts["roles.txt"] = _roles(keys, "S01" if name in sound else "S02", pxe=name == "dp03")
        log = f"certaudit collect script 2 on {name.upper()}\n2010-03-01  8:32:43,12\nstores-machine.reg\n"
        write(f"collected/{name}", {"collected.txt": log.encode("ascii")})
        write(f"collected/{name}/facts", {file: text.encode("ascii") for file, text in facts.items()})
        registry_writer.write(INPUTS / "collected" / name / "stores-machine.reg", records)
    write("collected/ws0001/facts", {"client.txt": _client("MY").encode("ascii")})
    write("collected/ws0002/facts", {"client.txt": _client("CompanyStore").encode("ascii")})


SMS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS"


def _bindings(certificate: bytes | None) -> str:
    """What netsh prints of one binding, or of none."""
    head = "\nSSL Certificate bindings: \n------------------------- \n\n"
    if certificate is None:
        return head
    thumbprint = hashlib.sha1(certificate, usedforsecurity=False).hexdigest()
    lines = (
        "IP:port                      : 0.0.0.0:443",
        f"Certificate Hash             : {thumbprint}",
        "Application ID               : {4dc3e181-e14b-4a21-b022-59fc669b0914}",
        "Certificate Store Name       : MY",
        "Verify Client Certificate Revocation : Enabled",
    )
    return head + "".join(f"    {line} \n" for line in lines) + "\n"


def _key_tests(certificates: list[bytes], *, works: bool, exportable: bool) -> str:
    """What the collect script says of the keys that it tried."""
    thumbprints = (hashlib.sha1(one, usedforsecurity=False).hexdigest().upper() for one in certificates)
    result = "works" if works else "0x80090016"
    return "certaudit key test 1\n" + "".join(f"My {one} {result} {exportable}\n" for one in thumbprints)


def _windows(name: str, version: str) -> str:
    key = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName"
    return f"\nMicrosoft Windows [Version {version}]\n\n{key}\n    ComputerName    REG_SZ    {name.upper()}\n\n"


def _roles(keys: list[str], site_code: str, *, pxe: bool) -> str:
    text = "\n" + "".join(f"{SMS}\\{name}\n" for name in keys)
    text += f"\n{SMS}\\Identification\n    Site Code    REG_SZ    {site_code}\n"
    return text + (f"\n{SMS}\\DP\n    IsPXE    REG_DWORD    0x{pxe:x}\n" if "DP" in keys else "")


def _client(store_name: str) -> str:
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\CCM\Security"
    return (
        f"\n{key}\n    Certificate Store    REG_SZ    {store_name}\n    Select First Certificate    REG_DWORD    0x1\n"
    )


ENTERPRISE = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\EnterpriseCertificates"


def store(certificate: bytes, flags: int, key_spec: int = 1) -> bytes:
    """An SST file with one certificate, whose key is in a container of the old provider (source `ms-gpef`:
    2.2.1.1.1.1)."""
    container, provider = "le-container", "Microsoft RSA SChannel Cryptographic Provider"
    texts = [f"{text}\0".encode("utf-16-le") for text in (container, provider)]
    header = struct.pack("<7I", 28, 28 + len(texts[0]), 12, flags, 0, 0, key_spec)
    elements = ((2, header + b"".join(texts)), (32, certificate))
    body = b"".join(struct.pack("<III", id, 1, len(value)) + value for id, value in elements)
    return struct.pack("<I4s", 0, b"CERT") + body + bytes(12)


def main() -> None:
    """All of it."""
    first = paths, usage, keys, validity, trust_lists, roles, public, pfx_files, parts
    for part in (*first, stores, selection, company, collected):
        part()


if __name__ == "__main__":
    main()
