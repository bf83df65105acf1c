"""The checks: small pure functions, one module a subject, named in `CHECKS` as `module.function`.

A check takes its subject, the context and the parameters of its row, and gives one Result. It reads no file, no
clock and no network. A field of a certificate that cannot be read raises UnreadableFieldError, which the audit
turns into "not checked": no check has to look out for it, and none can pass because of it.
"""

from __future__ import annotations

from certaudit.validators import (
    coverage,
    deployment,
    drivers,
    extended_key_usage,
    identity,
    inputs,
    key_usage,
    media,
    media_protection,
    media_roots,
    names,
    path,
    pfx,
    private_key,
    public_key,
    pxe,
    registration,
    revocation,
    signature,
    store,
    template,
    toolchain,
    validity,
)
from certaudit.validators.binding import Check

MODULES = (
    coverage,
    deployment,
    drivers,
    extended_key_usage,
    identity,
    inputs,
    key_usage,
    media,
    media_protection,
    media_roots,
    names,
    path,
    pfx,
    private_key,
    public_key,
    pxe,
    registration,
    revocation,
    signature,
    store,
    template,
    toolchain,
    validity,
)

CHECKS: dict[str, Check] = {
    f"{module.__name__.rpartition('.')[2]}.{check.__name__}": check for module in MODULES for check in module.CHECKS
}
