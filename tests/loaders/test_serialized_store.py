"""Elements, SST files and the files of users' stores."""

from __future__ import annotations

import random
import struct
import time
from hashlib import sha1
from pathlib import Path

import pytest

from certaudit.evidence import StoreProperty
from certaudit.loaders import load, load_bytes
from certaudit.loaders.stores.serialized_store import (
    CERTIFICATE,
    ElementError,
    contexts,
    pieces,
)

from . import wine_stores
from .wine_stores import DATA, EXPECTED, SHA1, facts, facts_of, loaded

END = bytes(12)


def element(id: int, value: bytes) -> bytes:
    return struct.pack("<III", id, 1, len(value)) + value


def certificate(name: str) -> bytes:
    """The DER of a certificate of the sample stores."""
    return next(e.certificate.der for e in wine_stores.entries(loaded("sst")) if e.certificate.sha1 == SHA1[name])


def sst(*parts: bytes) -> bytes:
    return b"\0\0\0\0CERT" + b"".join(parts) + END


@pytest.mark.parametrize("store", ["My", "Root", "CA", "SMS", "TrustedPeople", "Disallowed", "WebHosting"])
def test_sst_holds_what_was_put_into_the_store(store: str) -> None:
    (item,) = loaded(f"sst/LM_{store}.sst")
    plan = {SHA1[name]: facts_of(plan) for name, plan in EXPECTED["stores"][f"LM/{store}"].items() if name != "*"}
    found = {entry.certificate.sha1: facts(entry) for entry in item.certificates}
    # The SST of My was saved before `expired` was archived; Wine adds five roots of Microsoft's to Root.
    plan = {key: (f if not f.archived else wine_stores.Facts(f.friendly_name)) for key, f in plan.items()}
    assert {key: f for key, f in found.items() if key in SHA1.values()} == plan
    assert item.format == "sst"
    assert len(item.certificates) == len(plan) + (5 if store == "Root" else 0)


def test_sst_does_not_tell_its_store_so_nothing_is_said_about_missing_keys() -> None:
    (item,) = loaded("sst/LM_My.sst")
    by_sha1 = {entry.certificate.sha1: entry for entry in item.certificates}
    assert by_sha1[SHA1["client1"]].private_key.present is True
    assert by_sha1[SHA1["machine_v1"]].private_key.present is None
    assert item.certificates[0].provenance.store is None
    assert item.certificates[0].provenance.entry == "certificate 1"


def test_sst_holds_crls_beside_certificates() -> None:
    (item,) = loaded("sst/LM_CA.sst")
    hashes = {sha1(entry.crl.der).hexdigest() for entry in item.crls}
    assert hashes == {crl["sha1"] for crl in EXPECTED["crls"].values()}


def test_user_store_is_a_folder_of_elements() -> None:
    inputs = loaded("appdata")
    assert {item.format for item in inputs} == {"store-file"}
    plan = EXPECTED["stores"]["LM/My"]
    expected = {
        ("CurrentUser", "My", SHA1[name]): facts_of(plan[name]) for name in ("client1", "client2_ec", "smp_web")
    }
    assert wine_stores.inventory(wine_stores.entries(inputs)) == expected


def test_element_saved_under_any_name_is_read() -> None:
    (item,) = loaded("elements/LM_My_expired.bin")
    assert item.certificates[0].friendly_name == "expired client"
    assert item.certificates[0].private_key.present is None


def test_properties_belong_to_the_next_certificate_and_unknown_ones_are_kept() -> None:
    first, second = certificate("root_ca"), certificate("issuing_ca")
    data = element(4711, b"any") + element(CERTIFICATE, first) + element(19, b"") + element(CERTIFICATE, second)
    found = list(contexts(data))
    assert [context.properties for context in found] == [(StoreProperty(4711, b"any"),), (StoreProperty(19, b""),)]
    (item,) = [load_bytes(sst(data), "x.sst")]
    assert [entry.properties for entry in item.certificates] == [context.properties for context in found]
    assert not item.remarks


def test_ctls_and_key_records_are_counted() -> None:
    item = load_bytes(sst(element(34, b"0"), element(34, b"0"), element(2, b""), element(35, b"k")), "x.sst")
    assert item.error is None
    assert item.remarks[:2] == (
        "2 CTLs were passed over: only certificates and CRLs are audited.",
        "1 key record was passed over: only certificates and CRLs are audited.",
    )


def test_empty_store_is_no_error() -> None:
    item = load_bytes(sst(), "x.sst")
    assert (item.error, item.remarks) == (None, ())


def test_truncated_sst_keeps_what_comes_before() -> None:
    whole = (DATA / "sst/LM_SMS.sst").read_bytes()
    item = load_bytes(whole[:-100], "x.sst")
    assert len(item.certificates) == 1
    (remark,) = item.remarks
    assert remark.startswith("The store is damaged after its element 1: element 32 claims ")
    assert "bytes, " in remark


def test_header_of_an_element_cut_off() -> None:
    item = load_bytes(sst(element(CERTIFICATE, certificate("root_ca")))[:-5], "x.sst")
    assert len(item.certificates) == 1
    assert "the data is cut off in the header of an element at byte" in item.remarks[0]


def test_length_past_the_end_hides_no_certificate_behind_it() -> None:
    damaged = struct.pack("<III", 11, 1, 0xFFFFFFF0) + "name\0".encode("utf-16-le")
    item = load_bytes(sst(damaged, element(CERTIFICATE, certificate("root_ca"))), "x.sst")
    assert [entry.certificate.sha1 for entry in item.certificates] == [SHA1["root_ca"]]
    assert item.remarks[0].startswith("The store is damaged after its element 0: element 11 claims 4,294,967,280 bytes")


def test_wrong_magic_is_said_and_the_rest_is_read() -> None:
    item = load_bytes(b"\0\0\0\0CARD" + sst(element(CERTIFICATE, certificate("root_ca")))[8:], "x.sst")
    assert len(item.certificates) == 1
    assert item.remarks == (
        "x.sst does not begin as an SST does (00 00 00 00 43 45 52 54), but with 00 00 00 00 43 41 52 44.",
    )


def test_other_version_is_said() -> None:
    item = load_bytes(b"\x01" + sst(element(CERTIFICATE, certificate("root_ca")))[1:], "x.sst")
    assert item.remarks == ("x.sst is an SST of version 1: only version 0 is known.",)


def test_data_behind_the_end_marker() -> None:
    item = load_bytes(sst(element(CERTIFICATE, certificate("root_ca"))) + b"more", "x.sst")
    assert (len(item.certificates), "data follows the end marker" in item.remarks[0]) == (1, True)


def test_properties_without_certificate() -> None:
    item = load_bytes(sst(element(11, b"")), "x.sst")
    assert item.error is not None
    assert "the certificate to which the last properties belong is missing" in item.error


def test_unreadable_certificate_hides_no_other() -> None:
    item = load_bytes(sst(element(CERTIFICATE, b"0\x03abc"), element(CERTIFICATE, certificate("root_ca"))), "x.sst")
    assert len(item.certificates) == 1
    assert item.remarks[0].startswith("Certificate 1 holds a certificate that cannot be read (")


def test_file_named_after_another_certificate(tmp_path: Path) -> None:
    folder = tmp_path / "Microsoft/SystemCertificates/MY/Certificates"
    folder.mkdir(parents=True)
    (folder / ("A" * 40)).write_bytes(element(CERTIFICATE, certificate("root_ca")))
    (item,) = load(tmp_path, "in", lambda name: None)
    assert item.certificates[0].provenance.store == "My"
    assert item.remarks == (f"The file is not what its name says: the SHA-1 of its content is {SHA1['root_ca']}.",)


def test_cut_off_file_of_a_user_store_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "My" / "Certificates"
    folder.mkdir(parents=True)
    (folder / SHA1["root_ca"]).write_bytes(element(CERTIFICATE, certificate("root_ca"))[:200])
    (item, *_) = load(tmp_path, "in", lambda name: None)
    assert item.format == "store-file"
    assert item.error is not None
    assert "The file is damaged: element 32 claims" in item.error


def test_many_properties_end_somewhere() -> None:
    with pytest.raises(ElementError, match="more than 1,000 properties"):
        list(contexts(element(999, b"") * 2000))


def test_hostile_store_takes_bounded_time() -> None:
    """Every 16 bytes look like the start of a certificate that is not there."""
    data = (struct.pack("<III", CERTIFICATE, 1, 0x7FFFFFFF) + b"\x30\x82\xff\xff") * 200_000
    start = time.process_time()
    assert sum(1 for _ in pieces(data)) == 1
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", ["sst/LM_My.sst", "sst/LM_CA.sst", "elements/LM_My_client1.bin"])
def test_damage_never_raises(name: str) -> None:
    rng, whole = random.Random(name), (DATA / name).read_bytes()
    for _ in range(60):
        data = bytearray(whole[: rng.randrange(len(whole))] if rng.random() < 0.3 else whole)
        for _ in range(rng.randrange(20)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        load_bytes(bytes(data), "x.sst")
