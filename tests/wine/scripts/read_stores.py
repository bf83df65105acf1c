"""Runs in Windows: what certaudit reads of `windows:` sources, as JSON. Arguments: the repository, then sources."""

import json
import sys
from dataclasses import asdict

sys.path.insert(0, sys.argv[1])

from certaudit.loaders.stores import windows_store

found = []
for source in sys.argv[2:]:
    for item in windows_store.load(source):
        entries = [
            {
                "location": entry.provenance.location,
                "store": entry.provenance.store,
                "host": entry.provenance.host,
                "entry": entry.provenance.entry,
                "der": entry.certificate.der.hex(),
                "friendly_name": entry.friendly_name,
                "private_key": asdict(entry.private_key),
                "properties": [[part.id, part.value.hex()] for part in entry.properties],
            }
            for entry in item.certificates
        ]
        crls = [entry.crl.der.hex() for entry in item.crls]
        remarks = list(item.remarks)
        found.append(
            {"path": item.path, "error": item.error, "remarks": remarks, "certificates": entries, "crls": crls}
        )
print(json.dumps(found))
