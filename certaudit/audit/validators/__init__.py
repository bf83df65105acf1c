"""The checks: small pure functions, one module a subject, which `registry` knows as `module.function`.

A check takes its subject, the context and the parameters of its row, and gives one Result. It reads no file, no
clock and no network. A field of a certificate that cannot be read raises UnreadableFieldError, which the audit
turns into "not checked": no check has to look out for it, and none can pass because of it.
"""
