"""Identifiers that formats demand, made from what they identify: the same report always gets the same ones."""

from __future__ import annotations

import hashlib
import json
import uuid

from certaudit.document.report_objects import Document

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:certaudit")


def identifier(*parts: str) -> str:
    """A version 5 UUID of `parts`."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join(parts)))


def document_identifier(document: Document) -> str:
    """A UUID of the whole report."""
    return identifier("report", hashlib.sha256(json.dumps(document).encode()).hexdigest())
