"""What a chain costs: 20,000 certificates of one issuing CA with a CRL of 5,000 entries, against bare verification.

    python -m tests.benchmarks.chain_speed [LEAVES] [ENTRIES]

Prints microseconds of processor time a certificate, each the best of three runs, and the ratio to the bare signature
verification with the issuer's key loaded and the signed bytes in hand. Nothing here is a test: the machine decides the
numbers.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from certaudit.x509 import oids
from certaudit.x509.certificate import Certificate
from certaudit.x509.chain import Chains, Trust
from certaudit.x509.chain.signature import certificate_signature
from certaudit.x509.crl import RevocationList
from certaudit.x509.profile import anomalies
from tests import builder

AS_OF = datetime(2010, 3, 1, tzinfo=UTC)
ROOT, ISSUING = "CN=Contoso Root CA,DC=contoso,DC=com", "CN=Contoso Issuing CA 1,DC=contoso,DC=com"
CA = (builder.basic_constraints(ca=True), builder.key_usage("keyCertSign", "cRLSign", critical=True))
LEAF = (
    builder.key_usage("digitalSignature", "keyEncipherment", critical=True),
    builder.extended_key_usage(oids.CLIENT_AUTHENTICATION),
    builder.alternative_names("DNS:pc00001.contoso.com"),
    builder.distribution_points("ldap:///CN=Contoso%20Issuing%20CA%201", "http://pki.contoso.com/issuing.crl"),
    builder.template("1.3.6.1.4.1.311.21.8.1.2.3", 100, 4),
)


def crl(issuer: str, signer: rsa.RSAPrivateKey, serials: range) -> RevocationList:
    algorithm = builder.sequence(builder.oid("1.2.840.113549.1.1.11"), b"\x05\x00")
    revoked = (builder.sequence(builder.integer(serial), builder.time(AS_OF)) for serial in serials)
    tbs = builder.sequence(
        builder.integer(1),
        algorithm,
        builder.name(issuer),
        builder.time(AS_OF - timedelta(days=1)),
        builder.time(AS_OF + timedelta(days=6)),
        builder.sequence(*revoked) if serials else b"",
    )
    signature = signer.sign(tbs, padding.PKCS1v15(), hashes.SHA256())
    return RevocationList(builder.sequence(tbs, algorithm, builder.tlv(0x03, b"\x00", signature)))


def best_of_three(run: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def main(count: int = 20_000, entries: int = 5_000) -> None:
    root_key, issuing_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    begins, ends = datetime(2009, 1, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC)
    valid: dict[str, Any] = {"not_before": begins, "not_after": ends}
    root = builder.certificate(
        subject=ROOT, issuer=ROOT, key=root_key, signer=root_key, hash="sha256", extensions=CA, **valid
    )
    issuing = builder.certificate(
        subject=ISSUING, issuer=ROOT, key=issuing_key, signer=root_key, hash="sha256", extensions=CA, **valid
    )
    encoded = [
        builder.certificate_der(
            subject=f"CN=pc{number:05}.contoso.com", serial=10**6 + number, signer=issuing_key, hash="sha256",
            extensions=LEAF, **valid,
        )
        for number in range(count)
    ]  # fmt: skip
    lists = [crl(ROOT, root_key, range(0)), crl(ISSUING, issuing_key, range(1, entries + 1))]

    def chains() -> Chains:
        """New ones each time: the CRLs are read and verified inside the measurement."""
        return Chains(Trust((root,), (issuing,), tuple(RevocationList(known.der) for known in lists)), AS_OF)

    def fresh() -> list[Certificate]:
        return [Certificate(data) for data in encoded]

    key = issuing_key.public_key()
    pairs = [(leaf.signature, leaf.tbs) for leaf in fresh()]

    def bare() -> None:
        for signature, tbs in pairs:
            key.verify(signature, tbs, padding.PKCS1v15(), hashes.SHA256())

    def judged(leaves: list[Certificate], *, twice: bool) -> None:
        certificate_signature.cache_clear()
        known = chains()
        for leaf in leaves:
            path = known.best(leaf)
            if path.problems or (twice and not path.valid):
                raise SystemExit(f"not accepted: {path.problems or path.refused_by_openssl}")

    leaves = fresh()
    for leaf in leaves:
        assert not anomalies(leaf)  # reads every field, as an audit does anyway
    gc.freeze()  # the collector would walk these 20,000 again and again, which an audit does not keep
    base = best_of_three(bare)
    rows = [
        ("bare signature verification", base),
        ("every field read, no chain", best_of_three(lambda: [anomalies(leaf) for leaf in fresh()])),
        ("path, validation and CRL, fields already read", best_of_three(lambda: judged(leaves, twice=False))),
        ("the same from the bytes on", best_of_three(lambda: judged(fresh(), twice=False))),
        ("the same, fields read, with OpenSSL as second judge", best_of_three(lambda: judged(leaves, twice=True))),
        ("the CRLs and the CA part alone, once (included)", best_of_three(lambda: judged(leaves[:1], twice=False))),
    ]
    print(f"{count} certificates, RSA-2048, one issuing CA, CRL of {entries} entries")
    for label, seconds in rows:
        print(f"{seconds / count * 1e6:8.1f} us {seconds / base:6.2f} x  {label}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
