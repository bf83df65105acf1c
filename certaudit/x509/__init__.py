"""X.509 as bytes: a reader that gives every field it can, and says which it could not.

Strict parsers refuse a certificate whole for one odd field, which would hide it from an audit. Here a
field that cannot be read is an anomaly of the certificate; all others are still there.
"""
