"""How the site has its clients choose their certificate: the settings (source `d07-cli`: store, criteria,
and what is done where several match)."""

from __future__ import annotations

from typing import NamedTuple

from certaudit.site.releases import of_product
from certaudit.x509 import oids

ATTRIBUTES = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "S": "2.5.4.8",
    "ST": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "G": "2.5.4.42",
    "GN": "2.5.4.42",
    "I": "2.5.4.43",
    "DC": "0.9.2342.19200300.100.1.25",
    "E": "1.2.840.113549.1.9.1",
    "SAN": oids.SUBJECT_ALTERNATIVE_NAME,
}
"""What a criterion may name, by keyword or object identifier (source `d07-cli`: the supported attributes)."""

FORMS = ("SubjectStr", "Subject", "SubjectAttr")


class Criterion(NamedTuple):
    """A selection criterion: `form` is one of FORMS, `attribute` an object identifier where it is SubjectAttr."""

    form: str
    value: str
    attribute: str | None = None


def criterion(text: str) -> Criterion | None:
    """The criterion that `text` is, as the product writes it ("SubjectStr:contoso", "SubjectAttr:OU = Computers").

    None where it is none.
    """
    form, _, value = (part.strip() for part in text.partition(":"))
    known = {word.casefold(): word for word in FORMS}
    if form.casefold() not in known or not value:
        return None
    if known[form.casefold()] != "SubjectAttr":
        return Criterion(known[form.casefold()], value)
    name, _, wanted = (part.strip() for part in value.partition("="))
    attribute = ATTRIBUTES.get(name.upper(), name)
    if not wanted or attribute not in ATTRIBUTES.values():
        return None
    return Criterion("SubjectAttr", wanted, attribute)


class ClientSelection(NamedTuple):
    """The site's settings: the store, the criterion, and whether one of several may be taken.

    `take_one_of_several` is None where the manifest does not say: then the default of the release holds.
    """

    store: str = "My"
    criterion: Criterion | None = None
    take_one_of_several: bool | None = None

    def takes_one_of_several(self, release: str) -> bool:
        """Whether a client of that release takes one where several fit: as set, else 2007 takes none."""
        if self.take_one_of_several is not None:
            return self.take_one_of_several
        return release not in of_product("2007")
