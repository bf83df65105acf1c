"""Checks of the template extensions."""

from __future__ import annotations

from certaudit.audit.validators import template as checks
from certaudit.findings.result import Status
from tests import builder
from tests.pki import assigned, context

CONTEXT = context()
VERSION_1 = assigned(builder.certificate(extensions=[builder.template_name("WebServer")]))
VERSION_2 = assigned(builder.certificate(extensions=[builder.template("1.3.6.1.4.1.311.21.8.1.2", 100, 3)]))
NONE = assigned(builder.certificate())


def test_a_version_1_template_is_shown_by_name() -> None:
    result = checks.shown(VERSION_1, CONTEXT)
    assert (result.status, result.observed) == (Status.PASS, "version 1 template WebServer")


def test_a_later_template_is_shown_by_identifier_and_what_it_does_not_prove_is_said() -> None:
    result = checks.shown(VERSION_2, CONTEXT)
    assert (result.status, result.observed) == (Status.PASS, "template 1.3.6.1.4.1.311.21.8.1.2, revision 100.3")
    assert "no schema version" in result.message


def test_a_template_without_revision_is_shown_all_the_same() -> None:
    subject = assigned(builder.certificate(extensions=[builder.template("1.3.6.1.4.1.311.21.8.1.2")]))
    assert checks.shown(subject, CONTEXT).observed == "template 1.3.6.1.4.1.311.21.8.1.2"


def test_a_certificate_without_a_template_shows_none() -> None:
    assert checks.shown(NONE, CONTEXT).status is Status.NOT_APPLICABLE


def test_excludes() -> None:
    assert checks.excludes(VERSION_1, CONTEXT, names=("User",)).status is Status.PASS
    assert checks.excludes(VERSION_1, CONTEXT, names=("webserver",)).status is Status.FAIL
    assert checks.excludes(VERSION_2, CONTEXT, names=("User",)).status is Status.NOT_APPLICABLE
    assert checks.excludes(NONE, CONTEXT, names=("User",)).status is Status.NOT_APPLICABLE


def test_a_hostile_template_name_is_made_inert() -> None:
    subject = assigned(builder.certificate(extensions=[builder.template_name("User\x1b[31m")]))
    assert checks.shown(subject, CONTEXT).observed == "version 1 template User\\x1B[31m"
