"""The envelope and payload of media variables, against answers that are known from public material."""

from __future__ import annotations

import base64
import struct
from pathlib import Path

import pytest

from certaudit import loaders
from certaudit.evidence import Input
from certaudit.loaders.media.media_envelope import (
    NO_PASSWORD,
    ClosedEnvelopeError,
    Envelope,
    EnvelopeError,
    UnknownHeaderError,
    derived_key,
    envelope,
)
from certaudit.loaders.media.media_payload import certificates_in, passwords
from tests.loaders import media_writer as writer

CONTOSO = Path(__file__).parents[2] / "fixtures/contoso"
ROOT = (CONTOSO / "roots/contoso-root-ca.cer").read_bytes()
ISSUING = (CONTOSO / "ca/contoso-issuing-ca-1.cer").read_bytes()

# The first 40 bytes of files that were published with their password, which is "Password1".
PUBLISHED = {
    "AES-128": "0000edec14000000b2320000c03200000e6600000000000011cb54aa3b699f61f86ab312e6fb97ec",
    "AES-256": "0000edec14000000ca320000d032000010660000000000003dd6b8bc6cc41f718b07522266e188ce",
}


def load(xml: str, password: str | None = None) -> Input:
    return loaders.load_bytes(writer.sealed(xml, password), "variables.dat", lambda name: password)


def test_known_keys() -> None:
    assert derived_key("Password1", 16).hex() == "472b14c830bccddc2b57c2f91682e0b3"
    assert derived_key("Password1", 32).hex() == "472b14c830bccddc2b57c2f91682e0b39dae488fb213c24bb88985b1af61f433"
    assert derived_key(NO_PASSWORD, 32).hex() == "d15d6a10993a431266d87bf5e6c72252621cfef7c42a749bb4df2aa1a156a95f"


@pytest.mark.parametrize(("name", "sizes"), [("AES-128", (12978, 12992)), ("AES-256", (13002, 13008))])
def test_published_headers(name: str, sizes: tuple[int, int]) -> None:
    head = bytes.fromhex(PUBLISHED[name])
    sealed = envelope(head + bytes(sizes[1] - 16))
    assert (sealed.algorithm.name, sealed.plain_size, len(sealed.ciphertext)) == (name, *sizes)
    first = Envelope(sealed.algorithm, 0, head[24:], 0)
    with pytest.raises(ClosedEnvelopeError):
        first.open("Password1")  # one block has no padding; what it decrypts to is the next test


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_first_blocks_are_the_beginning_of_the_xml(name: str) -> None:
    size = 16 if name == "AES-128" else 32
    block = bytes.fromhex(PUBLISHED[name])[24:]
    text = "<?xml ve" + "rsion='1.0'?><MediaVarList><var name='a'>b</var></MediaVarList>"
    algorithm = writer.AES_128 if name == "AES-128" else writer.AES_256
    assert writer.key("Password1", size) == derived_key("Password1", size)
    assert writer.sealed(text, "Password1", algorithm)[24:40] == block


@pytest.mark.parametrize(
    ("algorithm", "block"),
    [
        (writer.AES_128, "54d3790a76eff0d554bae83c55f48b20"),
        (writer.AES_256, "9dfe10217c077f849a55a0439a2309b7"),
    ],
)
def test_first_block_without_a_password(algorithm: int, block: str) -> None:
    assert writer.sealed(writer.variables_xml({}), None, algorithm)[24:40].hex() == block


def test_padding_is_always_there() -> None:
    plain, cipher = struct.unpack_from("<II", bytes.fromhex("0000edec1400000010330000203300000e66000000000000"), 8)
    assert plain % 16 == 0
    whole = bytes.fromhex("0000edec1400000010330000203300000e66000000000000") + bytes(cipher)
    assert len(envelope(whole).ciphertext) == plain + 16


@pytest.mark.parametrize("algorithm", [writer.AES_128, writer.AES_192, writer.AES_256, writer.TRIPLE_DES])
@pytest.mark.parametrize("password", [None, "Pässwörd & 4BootIt^", "x", "p" * 64])
@pytest.mark.parametrize("trailing", [b"", bytes(8)])
def test_round_trips(algorithm: int, password: str | None, trailing: bytes) -> None:
    sealed = envelope(writer.sealed("<a/>", password, algorithm, trailing=trailing))
    assert sealed.open(NO_PASSWORD if password is None else password) == "<a/>"
    assert sealed.trailing == len(trailing)
    with pytest.raises(ClosedEnvelopeError):
        sealed.open("not the password")


def test_equal_passwords_show_in_the_first_block() -> None:
    one, same, other = (
        envelope(writer.sealed(writer.variables_xml({"a": value}), password))
        for value, password in (("1", "one"), ("2" * 999, "one"), ("1", "two"))
    )
    assert one.first_block == same.first_block != other.first_block


GOOD = writer.sealed(writer.variables_xml({"a": "b"}), "pw")


@pytest.mark.parametrize(
    "damaged",
    [
        GOOD[:23],
        GOOD[:-1],
        GOOD[:12] + struct.pack("<I", 0xFFFFFFF0) + GOOD[16:],
        GOOD[:8] + struct.pack("<I", 3) + GOOD[12:],
    ],
)
def test_damaged_envelopes(damaged: bytes) -> None:
    with pytest.raises(EnvelopeError):
        envelope(damaged)


@pytest.mark.parametrize(
    "unknown", [bytes(64), GOOD[:16] + struct.pack("<I", 0x6801) + GOOD[20:], GOOD[:4] + b"\x18" + GOOD[5:]]
)
def test_unknown_headers_are_not_called_damaged(unknown: bytes) -> None:
    with pytest.raises(UnknownHeaderError):
        envelope(unknown)


@pytest.mark.parametrize("plain", [b"<\0a\0/\0>\0\0\xd8", "no XML".encode("utf-16-le")])
def test_what_decrypts_to_nonsense_is_closed(plain: bytes) -> None:
    with pytest.raises(ClosedEnvelopeError):
        envelope(writer.sealed_bytes(plain, "pw")).open("pw")


@pytest.mark.parametrize("xml", ["<MediaVarList/>", "<MediaVarList><var name='a'>", "<a><b>c</b></a>"])
def test_xml_without_variables_is_wrong_or_damaged(xml: str) -> None:
    error = load(xml, "pw").error
    assert error is not None
    assert "which cannot be told apart" in error


def test_document_types_are_refused() -> None:
    error = load('<!DOCTYPE x [<!ENTITY a "b">]><MediaVarList><var name="a">&a;</var></MediaVarList>').error
    assert error is not None
    assert "declare a document type" in error


def test_repeated_names_are_said() -> None:
    item = load("<MediaVarList><var name='SMSTSMP'>one</var><var name='smstsmp'>two</var></MediaVarList>")
    assert item.media is not None
    assert item.media.variables is not None
    assert item.media.variables.management_points == ("one",)
    assert item.remarks == ("The variable smstsmp is there more than once; the first was taken.",)


HEX, TEXT = (ROOT + ISSUING).hex().upper(), base64.b64encode(ROOT).decode()
LIST, SIGNING = "_SMSTSRootCACerts", "_SMSTSSiteSigningCertificate"


@pytest.mark.parametrize("value", [HEX, TEXT, HEX + "00" * 8, f"{HEX[:80]}\r\n{HEX[80:]}", ""])
def test_a_list_that_is_understood_to_its_end_loses_nothing(value: str) -> None:
    assert load(writer.variables_xml({LIST: value})).losses == ()


@pytest.mark.parametrize(
    "value",
    [
        f"{HEX}\n{TEXT}",
        f"{TEXT}\n{HEX}",
        f"A{HEX}",
        f"{HEX}F",
        f"{HEX[:1000]}G{HEX[1001:]}",
        f"{HEX[:-2]}",
        f"{HEX}3082",
        f"FF{HEX}",
        f"{HEX},{ROOT.hex()}",
    ],
)
def test_what_is_not_understood_of_a_list_is_a_loss(value: str) -> None:
    item = load(writer.variables_xml({LIST: value}))
    assert len(item.losses) == 1
    assert LIST not in item.losses[0]
    assert set(item.losses) <= set(item.remarks)


@pytest.mark.parametrize(
    "xml",
    [
        "<MediaVarList><var name='a'>1</var><var name='A'>2</var></MediaVarList>",
        "<MediaVarList><var name='a'>1</var><other name='b'>2</other></MediaVarList>",
        "<MediaVarList><var name='a'>1</var><var>2</var></MediaVarList>",
        "<MediaVarList>x<var name='a'>1</var></MediaVarList>",
        "<MediaVarList><var name='a'>1</var>x</MediaVarList>",
        "<Other><var name='a'>1</var></Other>",
        writer.variables_xml({SIGNING: HEX}),
    ],
)
def test_what_stands_beside_the_variables_is_a_loss(xml: str) -> None:
    assert load(xml).losses != ()


def test_a_second_envelope_is_a_loss() -> None:
    first = writer.sealed(writer.variables_xml({"a": "1"}))
    for behind, count in ((b"", 0), (bytes(8), 0), (first, 1), (b"\0\0x", 1)):
        assert len(loaders.load_bytes(first + behind, "variables.dat").losses) == count


@pytest.mark.parametrize(("value", "said"), [("true", True), ("TRUE", True), ("false", False), ("maybe", None)])
def test_whether_the_media_switch_tls_off(value: str, said: bool | None) -> None:
    variables = load(writer.variables_xml({"_SMSTSUseSSL": value, "_smstsusecrl": value})).media
    assert variables is not None
    assert variables.variables is not None
    assert (variables.variables.uses_tls, variables.variables.checks_crls) == (said, said)


def test_several_management_points() -> None:
    item = load(writer.variables_xml({"SMSTSLocationMPs": "https://a.contoso.com*https://b.contoso.com*"}))
    assert item.media is not None
    assert item.media.variables is not None
    assert item.media.variables.management_points == ("https://a.contoso.com", "https://b.contoso.com")


@pytest.mark.parametrize("guid", ["{09821541-3BE2-421C-AA13-D1E0ADF158F0}", "affba0f7-65c6-4743-99b0-99af62d71c55"])
@pytest.mark.parametrize("braced", [True, False])
def test_both_spellings_of_the_password_open_the_pfx(guid: str, braced: bool) -> None:
    bare = guid.strip("{}")
    pfx = (CONTOSO / "media/branch-office.pfx").read_bytes()
    password = (CONTOSO / "boot-media.password").read_text().strip()
    made = writer.media_pfx(pfx, password, f"{{{bare}}}" if braced else bare)
    item = load(writer.variables_xml({"_SMSMediaGuid": guid, "_SMSTSMediaPFX": made}))
    assert item.error is None
    assert item.certificates[0].private_key.matches


def test_the_password_has_31_characters() -> None:
    assert passwords("{09821541-3BE2-421C-AA13-D1E0ADF158F0}") == (
        "{09821541-3BE2-421C-AA13-D1E0AD",
        "09821541-3BE2-421C-AA13-D1E0ADF",
    )


def test_a_pfx_that_does_not_open_names_neither_guid_nor_password() -> None:
    pfx = (CONTOSO / "media/branch-office.pfx").read_bytes().hex()
    guid = "{09821541-3BE2-421C-AA13-D1E0ADF158F0}"
    item = load(writer.variables_xml({"_SMSMediaGuid": guid, "_SMSTSMediaPFX": pfx, "_SMSTSRootCACerts": ROOT.hex()}))
    assert item.error is not None
    assert "does not open with the password that the media's GUID gives" in item.error
    assert "09821541" not in repr(item)
    assert [entry.certificate.der for entry in item.certificates] == [ROOT]


@pytest.mark.parametrize("value", ["zz", "00" * 200, "30820001"])
def test_a_pfx_that_is_none(value: str) -> None:
    error = load(writer.variables_xml({"_SMSMediaGuid": "x", "_SMSTSMediaPFX": value})).error
    assert error is not None
    assert "make the media again" in error


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ROOT.hex(), [ROOT]),
        (ROOT.hex() + ISSUING.hex(), [ROOT, ISSUING]),
        (f"{ROOT.hex()};{ISSUING.hex()}", [ROOT, ISSUING]),
        ((b"\0\0\0\0CERT" + ROOT + b"\0\0" + ISSUING).hex(), [ROOT, ISSUING]),
        (base64.b64encode(ROOT).decode(), [ROOT]),
        ("30820400" * 200, []),
        ("no certificate", []),
        ("", []),
    ],
)
def test_certificates_are_found_in_any_container(value: str, expected: list[bytes]) -> None:
    assert [certificate.der for certificate in certificates_in(value)] == expected


def test_a_root_list_without_a_certificate_is_said() -> None:
    item = load(writer.variables_xml({"_SMSTSRootCACerts": "00" * 100}))
    assert item.remarks == ("No certificate was found in the root CA list, although there is one.",)
