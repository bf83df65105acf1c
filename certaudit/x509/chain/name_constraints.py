"""Name constraints (RFC 5280 4.2.1.10): which names a CA may give, in every form that RFC 5280 defines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from certaudit.x509 import der
from certaudit.x509.certificate import Certificate
from certaudit.x509.fields import Reading
from certaudit.x509.name import (
    DIRECTORY_NAME,
    DNS_NAME,
    EMAIL_ADDRESS,
    IP_ADDRESS,
    OTHER_NAME,
    RFC822_NAME,
    URI,
    GeneralName,
    Name,
)
from certaudit.x509.oids import NAME_CONSTRAINTS

_SUPPORTED = {DIRECTORY_NAME, DNS_NAME, RFC822_NAME, URI, IP_ADDRESS}

MAX_COMPARISONS = 1 << 18
"""Names of one certificate times subtrees above it: half a second. OpenSSL and Go have bounds of this kind too."""


@dataclass(frozen=True, slots=True)
class Subtrees:
    """The constraints met so far: one list of permitted subtrees for each CA that has any, all excluded ones."""

    permitted: tuple[tuple[GeneralName, ...], ...] = ()
    excluded: tuple[GeneralName, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.permitted or self.excluded)


def narrowed(subtrees: Subtrees, certificate: Certificate) -> Subtrees:
    """The constraints with those of `certificate` added (6.1.4 (g)). Raises UnreadableFieldError."""
    constraints = certificate.name_constraints
    if constraints is None:
        return subtrees
    with Reading("name constraints"):
        _refuse_distances(certificate.extensions[NAME_CONSTRAINTS].value)
    permitted = (*subtrees.permitted, constraints.permitted) if constraints.permitted else subtrees.permitted
    return Subtrees(permitted, subtrees.excluded + constraints.excluded)


def _refuse_distances(value: bytes) -> None:
    """RFC 5280 4.2.1.10: minimum and maximum are not used with any name form; one that counts cannot be obeyed."""
    for trees in der.sequence(value):
        for subtree in trees:
            for field in subtree.children(der.SEQUENCE)[1:]:
                if field.tag & 0x1F == 1 or any(field.content):
                    raise ValueError("a subtree has a minimum or a maximum distance")


def violations(subtrees: Subtrees, certificate: Certificate) -> Iterator[tuple[str, str]]:
    """(problem code, sentence) for each name of the certificate that breaks a constraint.

    Raises UnreadableFieldError.
    """
    given = tuple(names(certificate))
    trees = len(subtrees.excluded) + sum(map(len, subtrees.permitted))
    if len(given) * trees > MAX_COMPARISONS:
        yield "name-constraint-unsupported", f"{len(given)} names and {trees} subtrees are too many to be compared."
        return
    for name in given:
        try:
            yield from _violations(subtrees, name)
        except ValueError as error:
            yield "name-constraint-unsupported", f"{name} cannot be held against the name constraints: {error}."


def names(certificate: Certificate) -> Iterator[GeneralName]:
    """All names that constraints apply to: subject, its e-mail addresses, alternative names.

    RFC 5280 applies e-mail constraints to the subject only where no alternative name is there; an address hidden
    in the subject beside others would then pass, so they are always held against them, as OpenSSL does.
    Raises UnreadableFieldError.
    """
    if certificate.subject:
        yield GeneralName(DIRECTORY_NAME, certificate.subject.raw, directory=certificate.subject)
        for address in certificate.subject.values(EMAIL_ADDRESS):
            yield GeneralName(RFC822_NAME, address.encode("utf-8", "surrogatepass"))
    yield from certificate.subject_alternative_names


def _violations(subtrees: Subtrees, name: GeneralName) -> Iterator[tuple[str, str]]:
    for tree in subtrees.excluded:
        if _same_form(tree, name) and _within(tree, name, excluding=True):
            yield "name-excluded", f"{name} lies inside {tree}, which a CA above excludes."
    for trees in subtrees.permitted:
        same = [tree for tree in trees if _same_form(tree, name)]
        if same and not any(_within(tree, name) for tree in same):
            permitted = ", ".join(map(str, same))
            yield "name-not-permitted", f"{name} lies outside of what a CA above permits: {permitted}."


def _same_form(tree: GeneralName, name: GeneralName) -> bool:
    if tree.kind != name.kind:
        return False
    return tree.kind != OTHER_NAME or tree.other_oid == name.other_oid


def _within(tree: GeneralName, name: GeneralName, *, excluding: bool = False) -> bool:
    """True where `name` lies in the subtree `tree`. Raises ValueError where that cannot be told."""
    if tree.kind not in _SUPPORTED:
        raise ValueError(f"constraints on the form of {tree} are not supported")
    if tree.kind == DIRECTORY_NAME:
        return _directory_within(tree.directory, name.directory)
    if tree.kind == IP_ADDRESS:
        return _address_within(tree.content, name.content)
    if tree.kind == RFC822_NAME:
        return _mailbox_within(tree.text, name.text)
    if tree.kind == URI:
        return _host_within(tree.text, uri_host(name.text))
    return _dns_within(tree.text, name.text, excluding=excluding)


def _directory_within(tree: Name | None, name: Name | None) -> bool:
    if tree is None or name is None:
        raise ValueError("directory name without a name")
    return name.comparable[: len(tree.rdns)] == tree.comparable


def _address_within(tree: bytes, address: bytes) -> bool:
    if len(tree) not in (8, 32) or len(address) not in (4, 16):
        raise ValueError("an IP address is not of 4 or 16 octets, or its subtree not of 8 or 32")
    half = len(tree) // 2
    mask = tree[half:]
    return len(address) == half and all(
        octet & bits == base & bits for octet, base, bits in zip(address, tree, mask, strict=False)
    )


def _mailbox_within(tree: str, mailbox: str) -> bool:
    """A mailbox, a host (its mailboxes) or a domain with a leading dot (the hosts in it)."""
    local, at, host = mailbox.rpartition("@")
    if not at:
        raise ValueError("an e-mail address has no @")
    if "@" in local and not (local.startswith('"') and local.endswith('"')):
        raise ValueError("an e-mail address has more than one @")
    if "@" in tree:
        base_local, _, base_host = tree.rpartition("@")
        # RFC 5280 7.5: the local part is compared exactly, the host without regard to case.
        return local == base_local and _host(host) == base_host.lower()
    return _host_within(tree, host)


def _host_within(tree: str, host: str) -> bool:
    """`example.com` is that host alone, `.example.com` every host in that domain, nothing is everything."""
    tree, host = tree.lower(), _host(host)
    if not tree:
        return True
    return host.endswith(tree) and len(host) > len(tree) if tree.startswith(".") else host == tree


def uri_host(uri: str) -> str:
    """The host of a URI. Raises ValueError where it names none, or by address only (RFC 5280 4.2.1.10)."""
    host = urlsplit(uri).hostname
    if not host or ":" in host or host.replace(".", "").isdigit():
        raise ValueError("the URI names no host by a domain name")
    return host


@lru_cache(maxsize=1024)  # one name is held against many subtrees
def _host(name: str) -> str:
    """The host in lower case, without its last dot. Raises ValueError for what is no host name.

    Such a name lies in no domain, however it ends, because clients read it each in their own way.
    """
    host = name.lower().removesuffix(".")
    for label in host.split("."):
        if not (label.isascii() and label.replace("-", "").replace("_", "").isalnum()):
            raise ValueError("it is no host name")
    return host


def _dns_within(tree: str, name: str, *, excluding: bool) -> bool:
    """`example.com` is that name and all below it; a leading dot, which many CAs write, is all below it alone.

    A wildcard stands for all names it matches: to exclude one of them is to exclude it.
    """
    tree, host = tree.lower().rstrip("."), _host(name.removeprefix("*."))
    wildcard = name.startswith("*.")
    if not tree:
        return True
    if ("*." + host if wildcard else host).endswith(tree if tree.startswith(".") else "." + tree):
        return True
    if wildcard:
        return excluding and tree.lstrip(".").partition(".")[2] == host
    return host == tree
