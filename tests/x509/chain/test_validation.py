"""RFC 5280 section 6.1: each step, and that no problem hides another."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from certaudit.x509 import oids
from certaudit.x509.chain import CODES
from tests import builder
from tests.builder import extension, sequence, tlv
from tests.pki import AS_OF, DAY, SECOND, SIGNING, authority, chains, codes, key, name_constraints, policies

ROOT = authority("CN=Contoso Root CA", number=1)
ISSUING = authority("CN=Contoso Issuing CA 1", number=2, issuer=ROOT)
CA = builder.basic_constraints(ca=True)


def problems(leaf: Any, *intermediates: Any, as_of: datetime = AS_OF, root: Any = ROOT, **settings: Any) -> list[str]:
    return codes(chains(root, intermediates=intermediates, as_of=as_of, **settings).best(leaf))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (AS_OF, []),
        (AS_OF + DAY, []),
        (AS_OF + DAY + SECOND, ["expired"]),
        (AS_OF - DAY, []),
        (AS_OF - DAY - SECOND, ["not-yet-valid"]),
    ],
)
def test_validity_to_the_second(as_of: datetime, expected: list[str]) -> None:
    leaf = ISSUING.issue(not_before=AS_OF - DAY, not_after=AS_OF + DAY)
    path = chains(ROOT, intermediates=[ISSUING], as_of=as_of).best(leaf)
    assert codes(path) == expected
    assert path.valid == (not expected)


def test_expired_anchor_is_a_problem_of_its_own_kind() -> None:
    root = authority("CN=Old Root", number=3, not_after=AS_OF - SECOND)
    path = chains(root).best(root.issue())
    assert [(problem.code, problem.certificate) for problem in path.problems] == [
        ("anchor-expired", root.certificate.sha256)
    ]
    assert not path.valid
    assert codes(chains(root, as_of=datetime(2009, 1, 1, tzinfo=UTC)).best(root.certificate)) == [
        "anchor-not-yet-valid"
    ]


def test_every_problem_is_noted_at_its_element() -> None:
    root = authority("CN=Root", number=3, path_length=0, not_after=AS_OF - DAY)
    middle = root.issue(
        "CN=Middle",
        key=key(4),
        extensions=(extension("1.2.3.4", b"\x05\x00", critical=True), builder.key_usage("cRLSign")),
        not_after=AS_OF - DAY,
    )
    lower = builder.certificate(
        subject="CN=Lower", issuer="CN=Middle", key=key(5), signer=key(77), hash="sha256", extensions=(CA, SIGNING)
    )
    leaf = builder.certificate(issuer="CN=Lower", signer=key(5), hash="sha256", not_after=AS_OF - DAY)
    path = chains(root, intermediates=[middle, lower]).best(leaf)
    found = [(problem.certificate, problem.code) for problem in path.problems]
    assert found == [
        (leaf.sha256, "expired"),
        (lower.sha256, "signature-invalid"),
        (lower.sha256, "path-too-long"),
        (middle.sha256, "expired"),
        (middle.sha256, "not-a-ca"),
        (middle.sha256, "may-not-sign-certificates"),
        (middle.sha256, "path-too-long"),
        (middle.sha256, "unknown-critical-extension"),
        (root.certificate.sha256, "anchor-expired"),
    ]
    assert all(problem.message.endswith(".") for problem in path.problems)
    assert {code for _, code in found} <= set(CODES)


def test_issuer_that_is_no_ca() -> None:
    for extensions in ((), (builder.basic_constraints(ca=False),)):
        user = ISSUING.issue("CN=User", key=key(6), extensions=extensions)
        leaf = builder.certificate(issuer="CN=User", signer=key(6), hash="sha256")
        assert problems(leaf, user, ISSUING) == ["not-a-ca"]


@pytest.mark.parametrize("version", [4, 256])
def test_a_version_that_nobody_knows_leaves_the_path_open(version: int) -> None:
    assert "unreadable-field" in codes(chains(ROOT, intermediates=[ISSUING]).best(ISSUING.issue(version=version)))
    strange = ISSUING.issue("CN=New", key=key(6), version=version, extensions=(CA, SIGNING))
    below = builder.certificate(issuer="CN=New", signer=key(6), hash="sha256")
    assert "unreadable-field" in codes(chains(ROOT, intermediates=[ISSUING, strange]).best(below))
    root = builder.certificate(
        subject="CN=V4", issuer="CN=V4", key=key(7), signer=key(7), version=version, not_after=AS_OF + DAY
    )
    assert "unreadable-field" in codes(chains(root).best(root))


def test_version_1_intermediate_is_no_ca_but_a_version_1_root_is() -> None:
    old = ISSUING.issue("CN=Old", key=key(6), version=1, extensions=())
    leaf = builder.certificate(issuer="CN=Old", signer=key(6), hash="sha256")
    assert "not-a-ca" in problems(leaf, old, ISSUING)
    root = builder.certificate(
        subject="CN=V1", issuer="CN=V1", key=key(7), signer=key(7), version=1, not_after=AS_OF + DAY
    )
    assert chains(root).best(builder.certificate(issuer="CN=V1", signer=key(7), hash="sha1")).valid


def test_path_length_counts_cas_that_are_not_self_issued() -> None:
    limited = authority("CN=Limited", number=3, issuer=ROOT, path_length=0)
    below = authority("CN=Below", number=4, issuer=limited)
    new_key = authority("CN=Limited", number=5, issuer=limited)
    assert problems(limited.issue(), limited) == []
    assert problems(below.issue(), below, limited) == ["path-too-long"]
    assert problems(new_key.issue(), new_key, limited) == []


@pytest.mark.parametrize("critical", [True, False])
@pytest.mark.parametrize(
    ("qualifier", "known"), [("1.3.6.1.5.5.7.2.1", True), ("1.3.6.1.5.5.7.2.2", True), ("1.2.3", False)]
)
def test_policy_qualifier_in_a_critical_extension_must_be_known(qualifier: str, *, known: bool, critical: bool) -> None:
    qualifiers = sequence(sequence(builder.oid(qualifier), tlv(0x16, b"http://pki.contoso.com/cps")))
    held = extension(
        oids.CERTIFICATE_POLICIES, sequence(sequence(builder.oid("1.2.3.4"), qualifiers)), critical=critical
    )
    expected = ["unknown-critical-extension"] if critical and not known else []
    assert problems(ISSUING.issue(extensions=(held,)), ISSUING) == expected
    lower = authority("CN=Lower", number=3, issuer=ISSUING, extensions=(held,))
    assert problems(lower.issue(), lower, ISSUING) == expected


def test_unknown_critical_extension_in_the_leaf() -> None:
    odd = extension("1.2.3.4", b"\x05\x00", critical=True)
    path = chains(ROOT).best(ROOT.issue(extensions=(odd,)))
    assert codes(path) == ["unknown-critical-extension"]
    assert "1.2.3.4" in path.problems[0].message
    assert problems(ROOT.issue(extensions=(extension("1.2.3.4", b"\x05\x00"),))) == []


def test_duplicate_extension() -> None:
    twice = (builder.key_usage("digitalSignature"),) * 2
    assert problems(ROOT.issue(extensions=twice)) == ["duplicate-extension"]


def test_algorithms_that_differ() -> None:
    leaf = ROOT.issue()
    outer = builder.sequence(builder.oid("1.2.840.10045.4.3.2"))
    inner = builder.sequence(builder.oid("1.2.840.10045.4.3.3"))
    assert outer in leaf.der
    forged = type(leaf)(leaf.der.replace(outer, inner, 1))
    assert codes(chains(ROOT).best(forged)) == ["signature-invalid", "signature-algorithms-differ"]


@pytest.mark.parametrize(
    "oid",
    [oids.BASIC_CONSTRAINTS, oids.KEY_USAGE, oids.NAME_CONSTRAINTS, oids.CERTIFICATE_POLICIES, oids.POLICY_MAPPINGS],
)
def test_unreadable_field_of_a_ca_is_a_problem_and_no_exception(oid: str) -> None:
    kept = [each for each in (CA, SIGNING) if builder.oid(oid) not in each]
    broken = ROOT.issue("CN=Broken", key=key(6), extensions=(*kept, extension(oid, b"\x30\x05\x01")))
    leaf = builder.certificate(issuer="CN=Broken", signer=key(6), hash="sha256")
    path = chains(ROOT, intermediates=[broken]).best(leaf)
    assert "unreadable-field" in codes(path)
    assert not path.valid


def test_unreadable_validity_of_the_leaf() -> None:
    leaf = ROOT.issue()
    broken = type(leaf)(leaf.der.replace(b"120601000000Z", b"120x01000000Z"))
    assert sorted(codes(chains(ROOT).best(broken))) == ["signature-invalid", "unreadable-field"]


def test_unreadable_extensions_hide_no_other_problem() -> None:
    leaf = ROOT.issue(extensions=(extension(oids.KEY_USAGE, b"\x03", critical=True),), not_after=AS_OF - DAY)
    assert sorted(codes(chains(ROOT).best(leaf))) == ["expired", "unreadable-field"]


# --- Policies ---------------------------------------------------------------------------------------------------------

HIGH, LOW = "1.3.6.1.4.1.311.21.8.1", "1.3.6.1.4.1.311.21.8.2"


def test_required_policy() -> None:
    issuing = authority("CN=P", number=3, issuer=ROOT, extensions=(policies(HIGH),))
    with_policy, without = issuing.issue(extensions=(policies(HIGH),)), issuing.issue()
    assert problems(with_policy, issuing, explicit_policy=True) == []
    assert problems(without, issuing, explicit_policy=True) == ["policy-not-acceptable"]
    assert problems(without, issuing) == []
    wanted: dict[str, Any] = {"explicit_policy": True, "initial_policies": frozenset({LOW})}
    assert problems(with_policy, issuing, **wanted) == ["policy-not-acceptable"]


def test_policy_that_is_lost_higher_up_is_noted_where_it_is_lost() -> None:
    issuing = authority("CN=P", number=3, issuer=ROOT)
    leaf = issuing.issue(extensions=(policies(HIGH),))
    path = chains(ROOT, intermediates=[issuing], explicit_policy=True).best(leaf)
    assert (issuing.certificate.sha256, "policy-not-acceptable") in [
        (problem.certificate, problem.code) for problem in path.problems
    ]


def test_mappings_that_multiply_cost_nothing() -> None:
    """The tree of RFC 5280 would have 12 ** 12 leaves here (RFC 9618, CVE-2023-0464)."""
    many = [f"1.2.3.{number}" for number in range(12)]
    pairs = (sequence(builder.oid(one), builder.oid(other)) for one in many for other in many)
    mappings = extension(oids.POLICY_MAPPINGS, sequence(*pairs))
    cas = [ROOT]
    for number in range(12):
        cas.append(
            authority(f"CN=M{number}", number=300 + number, issuer=cas[-1], extensions=(policies(*many), mappings))
        )
    leaf = cas[-1].issue(extensions=(policies("1.2.3.1"),))
    path = chains(ROOT, intermediates=cas[1:], explicit_policy=True).best(leaf)
    assert path.problems == ()
    assert path.policies == set(many)


def test_mapping_any_policy() -> None:
    pair = sequence(builder.oid(oids.ANY_POLICY), builder.oid(HIGH))
    issuing = authority("CN=P", number=3, issuer=ROOT, extensions=(extension(oids.POLICY_MAPPINGS, sequence(pair)),))
    assert problems(issuing.issue(), issuing) == ["policy-mapping-any"]


# --- Name constraints -------------------------------------------------------------------------------------------------


def constrained(leaf_names: tuple[str, ...] = (), subject: str = "CN=x", **constraints: Any) -> list[str]:
    issuing = authority("CN=N", number=3, issuer=ROOT, extensions=(name_constraints(**constraints),))
    names = (builder.alternative_names(*leaf_names),) if leaf_names else ()
    return problems(issuing.issue(subject, extensions=names), issuing)


@pytest.mark.parametrize(
    ("base", "name", "within"),
    [
        ("DNS:contoso.com", "DNS:contoso.com", True),
        ("DNS:contoso.com", "DNS:mp01.CONTOSO.com", True),
        ("DNS:contoso.com", "DNS:evilcontoso.com", False),
        ("DNS:.contoso.com", "DNS:mp01.contoso.com", True),
        ("DNS:.contoso.com", "DNS:contoso.com", False),
        ("DNS:contoso.com", "DNS:*.contoso.com", True),
        ("DNS:mp01.contoso.com", "DNS:*.contoso.com", False),
        ("email:contoso.com", "email:admin@contoso.com", True),
        ("email:contoso.com", "email:admin@mail.contoso.com", False),
        ("email:.contoso.com", "email:admin@mail.contoso.com", True),
        ("email:admin@contoso.com", "email:admin@CONTOSO.com", True),
        ("email:admin@contoso.com", "email:Admin@contoso.com", False),
        ("URI:contoso.com", "URI:http://contoso.com/x", True),
        ("URI:contoso.com", "URI:http://www.contoso.com/x", False),
        ("URI:.contoso.com", "URI:http://www.contoso.com:8080/x", True),
        ("dir:O=Contoso", "dir:CN=x,O=contoso", True),
        ("dir:O=Contoso", "dir:CN=x,O=Fabrikam", False),
    ],
)
def test_subtrees(base: str, name: str, within: bool) -> None:
    assert constrained((name,), "", permitted=[base]) == ([] if within else ["name-not-permitted"])
    if name != "DNS:*.contoso.com":
        assert constrained((name,), "", excluded=[base]) == (["name-excluded"] if within else [])


def test_wildcard_is_excluded_with_any_name_it_stands_for() -> None:
    assert constrained(("DNS:*.contoso.com",), "", excluded=["DNS:mp01.contoso.com"]) == ["name-excluded"]


def test_addresses() -> None:
    issuing = authority(
        "CN=N", number=3, issuer=ROOT, extensions=(name_constraints(permitted=["IP:0a010000ffff0000"]),)
    )
    for octets, expected in ((b"\x0a\x01\x02\x03", []), (b"\x0a\x02\x02\x03", ["name-not-permitted"])):
        names = extension(oids.SUBJECT_ALTERNATIVE_NAME, sequence(tlv(0x87, octets)))
        assert problems(issuing.issue(extensions=(names,)), issuing) == expected
    six = extension(oids.SUBJECT_ALTERNATIVE_NAME, sequence(tlv(0x87, bytes(16))))
    assert problems(issuing.issue(extensions=(six,)), issuing) == ["name-not-permitted"]


def test_subject_is_held_against_directory_names_and_its_address_against_mail() -> None:
    assert constrained(subject="CN=x,O=Fabrikam", permitted=["dir:O=Contoso"]) == ["name-not-permitted"]
    assert constrained(subject="CN=x,O=Contoso", permitted=["dir:O=Contoso"]) == []
    assert constrained(subject="E=a@fabrikam.com,CN=x", permitted=["email:contoso.com"]) == ["name-not-permitted"]


def test_constraint_on_a_form_that_is_not_processed_counts_only_for_names_of_that_form() -> None:
    upn = "UPN:@contoso.com"
    assert constrained(("UPN:admin@contoso.com",), permitted=[upn]) == ["name-constraint-unsupported"]
    assert constrained(("DNS:mp01.contoso.com",), permitted=[upn]) == []


def test_uri_without_a_host_cannot_be_held_against_a_constraint() -> None:
    assert constrained(("URI:urn:x",), "", permitted=["URI:contoso.com"]) == ["name-constraint-unsupported"]


@pytest.mark.parametrize(
    "name",
    [
        "DNS:.contoso.com",
        "DNS:mp01..contoso.com",
        "DNS:fabrikam.com\0.contoso.com",
        "DNS:mp*.contoso.com",
        "DNS:mp01.*.contoso.com",
        "DNS:fabrikam.com/.contoso.com",
        "email:a@fabrikam.com@contoso.com",
        "email:a@fabrikam.com\0.contoso.com",
        "email:a@",
        "URI:http://fabrikam.com\\.contoso.com/",
    ],
)
def test_name_that_clients_read_each_in_their_own_way_lies_in_no_domain(name: str) -> None:
    kind = name.partition(":")[0]
    for base in (f"{kind}:contoso.com", f"{kind}:.contoso.com"):
        assert constrained((name,), "", permitted=[base]) == ["name-constraint-unsupported"]
        assert constrained((name,), "", excluded=[base]) == ["name-constraint-unsupported"]
    assert constrained((name,), "", permitted=["dir:O=Contoso"]) == [], "nobody constrains that form of name"


def test_underscores_and_last_dots_are_names_of_hosts() -> None:
    for name in ("DNS:mp_01.contoso.com", "DNS:mp01.contoso.com.", 'email:"a@b"@contoso.com'):
        assert constrained((name,), "", permitted=[f"{name.partition(':')[0]}:contoso.com"]) == []


def test_more_names_than_can_be_compared_are_a_problem_and_not_a_wait() -> None:
    trees, names = ([f"DNS:{kind}{number}.example" for number in range(600)] for kind in ("tree", "name"))
    started = time.process_time()
    assert constrained(tuple(names), "", excluded=trees) == ["name-constraint-unsupported"]
    assert constrained(tuple(names[:400]), "", excluded=trees) == []
    assert time.process_time() - started < 15, "half a second is usual"


def test_every_ca_narrows_further_and_self_issued_cas_are_free() -> None:
    upper = authority("CN=U", number=3, issuer=ROOT, extensions=(name_constraints(permitted=["DNS:contoso.com"]),))
    lower = authority("CN=L", number=4, issuer=upper, extensions=(name_constraints(permitted=["DNS:fabrikam.com"]),))
    for dns in ("contoso.com", "fabrikam.com"):
        leaf = lower.issue(extensions=(builder.alternative_names(f"DNS:{dns}"),))
        assert problems(leaf, lower, upper) == ["name-not-permitted"]


def test_constraints_of_the_root_bind() -> None:
    root = authority("CN=R", number=3, extensions=(name_constraints(excluded=["DNS:contoso.com"]),))
    leaf = root.issue(extensions=(builder.alternative_names("DNS:mp01.contoso.com"),))
    assert problems(leaf, root=root) == ["name-excluded"]


def test_subtree_with_a_distance_cannot_be_obeyed() -> None:
    subtree = sequence(builder.general_name("DNS:contoso.com"), tlv(0x80, b"\x01"))
    odd = extension(oids.NAME_CONSTRAINTS, sequence(tlv(0xA0, subtree)), critical=True)
    issuing = authority("CN=N", number=3, issuer=ROOT, extensions=(odd,))
    assert problems(issuing.issue(), issuing) == ["unreadable-field"]
