"""What a release demands of each certificate role: rows in TOML files, each with its source.

Nothing in here is code but the reader. A folder is an authority (a family of Microsoft's documentation, or the
X.509 standards), a file in it is a subject; `sources.toml` lists the documents that rows cite, `remedies.toml` what
to do about causes that several rows share.
"""
