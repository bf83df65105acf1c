"""No row speaks of a certificate role that does not exist in its releases."""

from __future__ import annotations

import pytest

from certaudit.requirements.catalogue import read_catalogue
from certaudit.requirements.requirement import Requirement
from certaudit.site.roles import TABLE, role_exists


@pytest.mark.parametrize("row", [row for row in read_catalogue().requirements if row.roles], ids=lambda row: row.id)
def test_each_role_exists_in_a_release_of_the_row(row: Requirement) -> None:
    dead = sorted(role for role in row.roles if not any(role_exists(role, release) for release in row.releases))
    assert not dead, f"{row.where}: take off {', '.join(dead)}, which no release of the row has"


def test_there_are_roles_that_some_release_lacks() -> None:
    assert not role_exists("site-server-signing", "2012")
    assert all(role.releases for role in TABLE)
