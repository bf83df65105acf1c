"""certutil's list of a store: which keys are there and work, in English by its sentences, else by its shape alone."""

from __future__ import annotations

import pytest

from certaudit.evidence import Input, KeyTest
from certaudit.loaders import load_bytes
from tests.loaders.computer.outputs import CERTUTIL_DE, CERTUTIL_EN, CERTUTIL_FR, CERTUTIL_ZH, ONE, TWO

MISSING = "is not there (missing stored keyset)"
FOUND = "was found; what came of its test is not understood"
UNKNOWN = "has an answer that is not understood"
NOT_UNDERSTOOD = (
    "What came of the test of 1 of 1 keys is not understood: certutil does not say it as on an English Windows."
)


def load(text: str | bytes, name: str = "SMP01/facts/store-My.txt") -> Input:
    return load_bytes(text.encode() if isinstance(text, str) else text, name)


def test_an_english_certutil() -> None:
    item = load(CERTUTIL_EN.replace("\n", "\r\n"), "what.ever")
    assert (item.format, item.error, item.remarks) == ("certutil-store", None, ())
    assert item.key_tests == (
        KeyTest("My", ONE, True, None, False),
        KeyTest("My", TWO, False, MISSING),
    )


def test_a_key_that_may_be_exported_has_no_line_that_says_so() -> None:
    item = load(CERTUTIL_EN.replace("Private key is NOT exportable\n", ""))
    assert item.key_tests[0] == KeyTest("My", ONE, True, None, True)


def test_what_else_is_said_of_the_key_leaves_open_whether_it_may_be_exported() -> None:
    item = load(CERTUTIL_EN.replace("Private key is NOT exportable", "Private key is archived"))
    assert item.key_tests[0] == KeyTest("My", ONE, True, None, None)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Signature test passed", (True, None)),
        ("Encryption test FAILED", (False, "failed the test of encryption")),
        ("Signature test FAILED", (False, "failed the test of signing")),
        ("Encryption test passed, or so they say", (None, FOUND)),
    ],
)
def test_what_came_of_the_test(sentence: str, expected: tuple[bool | None, str | None]) -> None:
    test = load(CERTUTIL_EN.replace("Encryption test passed", sentence)).key_tests[0]
    assert (test.works, test.why) == expected


@pytest.mark.parametrize(
    ("text", "code_page", "why"),
    [
        (CERTUTIL_DE, "cp850", FOUND),
        (CERTUTIL_FR, "cp850", UNKNOWN),
        (CERTUTIL_ZH, "cp936", UNKNOWN),
    ],
)
def test_other_languages_are_not_guessed_at(text: str, code_page: str, why: str) -> None:
    for encoding in (code_page, "utf-8-sig", "utf-16"):
        item = load(text.encode(encoding))
        assert item.key_tests == (KeyTest("My", ONE, None, why),), encoding
        assert item.remarks == (NOT_UNDERSTOOD,)


def test_verifystore_says_more_behind_the_test() -> None:
    chain = (
        "-------- CERT_CHAIN_CONTEXT --------\nChainContext.dwErrorStatus = 0\n  Issuer: CN=Contoso\n  Missing = 1\n"
    )
    item = load(CERTUTIL_EN.replace("Encryption test passed\n", f"Encryption test passed\n{chain}"))
    assert item.key_tests[0] == KeyTest("My", ONE, True, None, False)


def test_a_store_without_keys_is_read() -> None:
    text = "Root\n" + CERTUTIL_EN[CERTUTIL_EN.index("================ Certificate 2") :]
    item = load(text)
    assert (item.format, item.key_tests, item.remarks) == ("certutil-store", (), ())


def test_an_empty_store_is_read() -> None:
    item = load('WebHosting "Web Hosting"\r\nCertUtil: -store command completed successfully.\r\n')
    assert (item.format, item.key_tests, item.remarks) == ("certutil-store", (), ())


def test_the_store_is_named_by_its_list_or_else_by_its_file() -> None:
    listed = CERTUTIL_EN.partition("\n")[2]
    assert load(listed, "facts/store-SMS.txt").key_tests[0].store == "SMS"
    assert load(listed, "list.txt").key_tests[0].store is None
    assert load(f"SMS\n{listed}").key_tests[0].store == "SMS"


@pytest.mark.parametrize("length", range(0, len(CERTUTIL_EN), 11))
def test_no_beginning_of_a_file_has_a_key_that_works_and_the_whole_has_not(length: int) -> None:
    item = load(CERTUTIL_EN[:length])
    assert [test.thumbprint for test in item.key_tests if test.works] in ([], [ONE])
    assert [test.thumbprint for test in item.key_tests if test.works is False] in ([], [TWO])


def test_a_file_cut_off_says_so() -> None:
    item = load(CERTUTIL_EN[: CERTUTIL_EN.index("Encryption test passed")])
    assert item.key_tests[0].works is None
    assert item.remarks == ("The file does not end as certutil ends it, so it may be cut off: collect it again.",)


def test_an_entry_with_two_thumbprints_is_not_understood() -> None:
    item = load(CERTUTIL_EN.replace("Subject: CN=mp01", f"  Name Hash(sha1): {TWO}\nSubject: CN=mp01", 1))
    assert [test.thumbprint for test in item.key_tests] == [TWO]
    assert item.remarks == ("Entry 1 of the file is not understood: it has several thumbprints.",)


def test_a_file_of_50_megabytes_is_one_sentence() -> None:
    item = load(CERTUTIL_EN * 40_000)
    assert item.error is not None
    assert item.key_tests == ()
