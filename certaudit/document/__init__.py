"""The report as data, `certaudit-report/1`: the one truth that every format is written from.

`assembly` makes a document of a Report, and `reader` reads one back, whoever wrote it. `redaction` and `diff`
need nothing but documents. All text in one is on one line and inert: `inert_json` sees to it, wherever it comes from.
"""
