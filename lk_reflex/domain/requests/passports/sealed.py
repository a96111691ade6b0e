"""What the column `requests.passport` holds: the fields as they were typed and as they were sent, in one token."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from lk_reflex.core.crypt import Unreadable, Vault
from lk_reflex.domain.requests.labels import PASSPORT_FIELDS

#: Of one field: nobody's passport says more.
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Passport:
    """The fields by their names in PASSPORT_FIELDS; never in a log, not even by mistake."""

    series: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    issued_on: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    issued_by: str = field(default="", repr=False)

    def fields(self) -> dict[str, str]:
        """Name → what was typed."""
        return {name: getattr(self, name) for name in PASSPORT_FIELDS}


@dataclass(frozen=True, slots=True)
class Sealed:
    """`typed` is the form's; `sent` is what staff see. `lost`: no key opens the token any more."""

    typed: Passport = Passport()
    sent: Passport = Passport()
    lost: bool = False

    def token(self, vault: Vault) -> str:
        """What the column holds; empty where there is nothing to hide."""
        both = {"typed": self.typed.fields(), "sent": self.sent.fields()}
        filled = {
            name: {key: value for key, value in fields.items() if value} for name, fields in both.items()
        }  # fmt: skip
        return vault.seal(json.dumps(filled, ensure_ascii=False)) if any(filled.values()) else ""


def opened(vault: Vault, token: str) -> Sealed:
    """The column's content. What can't be read is told as lost: people type it anew."""
    if not token:
        return Sealed()
    try:
        both = json.loads(vault.open(token))
    except Unreadable:
        return Sealed(lost=True)
    return Sealed(_passport(both.get("typed", {})), _passport(both.get("sent", {})))


def _passport(fields: Mapping[str, str]) -> Passport:
    return Passport(**{name: str(fields.get(name, "")) for name in PASSPORT_FIELDS})
