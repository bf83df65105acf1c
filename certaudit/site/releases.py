"""The releases of Configuration Manager: one table, from which every list and family of releases is derived."""

from __future__ import annotations

from typing import NamedTuple


class Release(NamedTuple):
    """A release, in the word of the manifest.

    `product` is the version of Configuration Manager that it is a release of. `checks_tasks` is True where clients
    check CRLs in task sequence actions whatever the site property says: before 2007 SP2 (requirement
    `revocation.crl-usable`). R2 counts as running on SP1, R3 on SP2. `takes_any` is True where a client that may take
    one of several certificates takes any, and not the one valid longest (requirement
    `store.client-certificate-selectable`); `chooses_by_name` where it passes over those whose subject does not contain
    the name of the computer (the same).
    """

    name: str
    product: str
    checks_tasks: bool = False
    takes_any: bool = False
    chooses_by_name: bool = False


TABLE = (
    Release("2007-rtm", "2007", checks_tasks=True, takes_any=True),
    Release("2007-sp1", "2007", checks_tasks=True),
    Release("2007-r2", "2007", checks_tasks=True),
    Release("2007-sp2", "2007"),
    Release("2007-r3", "2007"),
    Release("2012", "2012"),
    Release("2012-sp1", "2012"),
    Release("2012-r2", "2012"),
    Release("current-branch", "current-branch", chooses_by_name=True),
)
RELEASES = tuple(release.name for release in TABLE)
DEFAULT_RELEASE = "2007-sp2"
MODES = ("native", "mixed", "https")
"""What the site property may say: native or mixed of a 2007 site, https or mixed (HTTPS or HTTP) of a later one."""

_BY_NAME = {release.name: release for release in TABLE}


def of_product(*products: str) -> tuple[str, ...]:
    """The releases of these versions of Configuration Manager, oldest first."""
    return tuple(release.name for release in TABLE if release.product in products)


def since(name: str) -> tuple[str, ...]:
    """That release and all later ones."""
    return RELEASES[RELEASES.index(name) :]


def between(first: str, last: str) -> tuple[str, ...]:
    """Both releases and all between them."""
    return RELEASES[RELEASES.index(first) : RELEASES.index(last) + 1]


FAMILIES = {
    "all": RELEASES,
    "2007": of_product("2007"),
    "2007-before-sp2": tuple(release.name for release in TABLE if release.checks_tasks),
    "2007-since-sp2": tuple(name for name in of_product("2007") if name in since("2007-sp2")),
    "2012-all": of_product("2012"),
}
"""What a row may write for several releases."""


def expanded(words: tuple[str, ...]) -> frozenset[str]:
    """The releases that these words name, singly or by family."""
    return frozenset(name for word in words for name in FAMILIES.get(word, (word,)))


def release_named(name: str) -> Release:
    """The row of the table; raises KeyError where there is none of that name."""
    return _BY_NAME[name]


def modes_of(release: str) -> tuple[str, ...]:
    """The modes that a site of that release can be in, the one that is usual for what certaudit is for first."""
    return ("native", "mixed") if release in of_product("2007") else ("https", "mixed")


def connections_of(release: str) -> tuple[str, ...]:
    """The ways in which site systems of that release can be spoken to."""
    if release in of_product("2007"):
        return ("https", "http", "smb")
    return ("https", "enhanced-http", "http") if release in of_product("current-branch") else ("https", "http")


def checks_revocation(*, release: str, crl_checking: bool, in_task_sequence: bool) -> tuple[bool, str]:
    """Whether a client checks CRLs, and why: the site's setting decides, but not in a task sequence before 2007 SP2."""
    if in_task_sequence and release_named(release).checks_tasks:
        return True, "clients older than ConfigMgr 2007 SP2 check the CRL in task sequence actions whatever the setting"
    if crl_checking:
        return True, "CRL checking is on for the site"
    return False, "CRL checking is off for the site"
