"""The few exceptions that a user can meet. Each message is one sentence: what, where, and what to do."""

from __future__ import annotations


class CertauditError(Exception):
    """Base of them all; `str()` is the sentence for the user, safe to print."""


class UsageError(CertauditError):
    """Bad usage, or a manifest, waiver or requirements file that cannot be read (exit code 2)."""


class NothingToAuditError(CertauditError):
    """No certificate was found (exit code 3)."""


class InputError(CertauditError):
    """An input that cannot be read. The audit goes on; the sentence becomes the input's entry in the report."""
