"""What a form's fields are named in data: which a kind keeps, and which «На исправление» may name."""

import re
from collections.abc import Mapping
from typing import Final

from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, METER_FIELDS, METER_SLOTS, PASSPORT_FIELDS

METERS: Final = "meters"
#: How many meters an application may have.
MOST_METERS: Final = 20
#: Kept beside what people see: where the map's mark stands, and on which house.
_UNSEEN: Final = {Kind.SEALING: (), Kind.EMERGENCY: ("building", "latitude", "longitude"), Kind.APPEAL: ()}
_FILE: Final = {Kind.EMERGENCY: "photo", Kind.APPEAL: "file"}
_ROW_FIELD = re.compile(r"(m[1-9][0-9]{0,3})([.:])([a-z_]+)")


def split_name(name: str) -> tuple[str, str, str]:
    """«m1.serial» as («m1», «.», «serial»), «m1:act» likewise; a field of the whole form has no key and no mark."""
    found = _ROW_FIELD.fullmatch(name)
    return (found[1], found[2], found[3]) if found else ("", "", name)


def keeps(kind: Kind, name: str) -> bool:
    """Whether a form of this kind keeps a field of this name; passport fields stand elsewhere."""
    key, mark, field = split_name(name)
    if key:
        return kind is Kind.SEALING and mark == "." and field in METER_FIELDS
    return name in FIELDS[kind] or name in _UNSEEN[kind]


def may_be_named(kind: Kind, name: str, form: Mapping[str, object]) -> bool:
    """Whether «На исправление» may name it: any field that people see, the passport's and the files' too."""
    key, mark, field = split_name(name)
    if not key:
        return name in FIELDS[kind] or name == _FILE.get(kind) or (kind is Kind.SEALING and name in PASSPORT_FIELDS)
    known = METER_FIELDS if mark == "." else METER_SLOTS
    return kind is Kind.SEALING and field in known and any(row.get("key") == key for row in meter_rows(form))


def meter_rows(form: Mapping[str, object]) -> list[dict[str, str]]:
    """The meters of a sealing form, whatever stands there."""
    rows = form.get(METERS)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
