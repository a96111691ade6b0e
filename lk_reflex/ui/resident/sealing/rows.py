"""The form of an application for sealing as ready strings. No Reflex here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from lk_reflex.domain.requests.forms import meter_rows, split_name
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, METER_FIELDS, PASSPORT_FIELDS
from lk_reflex.domain.requests.slots import ACT, PASSPORT, meter_slot

APPLICATION = "application"
#: The application's own fields, in the order of the form.
OWN = tuple(FIELDS[Kind.SEALING])
#: With the passport's, as they stand from above.
ABOVE = ("owner", "document", *PASSPORT_FIELDS, "phone", "wished")


@dataclass(frozen=True)
class MeterRow:
    """One meter. The texts are what its fields begin with, never an echo of what is typed there."""

    key: str
    title: str
    place_in_list: str
    application: str
    type: str
    serial: str
    brand: str
    reading: str
    verification_due: str
    place: str
    installer: str
    needs_act: bool

    def needing(self, act: bool) -> "MeterRow":
        """The same, with or without an act of verification."""
        return replace(self, needs_act=act)


def own_values(form: Mapping[str, object]) -> dict[str, str]:
    """The application's own fields."""
    return {name: _text(form.get(name)) for name in OWN}


def meter_row_list(form: Mapping[str, object], new: Collection[str]) -> list[MeterRow]:
    """The meters of a form; `new` are the kinds of applications that need no act of verification."""
    rows = meter_rows(form)
    return [_meter(row, place, len(rows), new) for place, row in enumerate(rows, 1)]


def texts_of(form: Mapping[str, object]) -> dict[str, str]:
    """Every field by its name: «phone», «m1.serial»."""
    texts = {name: _text(form.get(name)) for name in OWN}
    for row in meter_rows(form):
        texts |= {f"{row.get('key')}.{name}": _text(row.get(name)) for name in METER_FIELDS}
    return texts


def names_of(form: Mapping[str, object]) -> list[str]:
    """Every name that a fault may stand at, in the order of the form, but for the files' places."""
    texts = texts_of(form)
    return [*ABOVE, *(name for name in texts if split_name(name)[0])]


def slots_of(form: Mapping[str, object]) -> list[str]:
    """The places for files, two a meter."""
    keys = [_text(row.get("key")) for row in meter_rows(form)]
    return [meter_slot(key, document) for key in keys for document in (PASSPORT, ACT)]


def in_order(names: Collection[str], form: Mapping[str, object]) -> list[str]:
    """Fields and places for files as the form has them from above; what it doesn't have comes last."""
    known = [*ABOVE]
    for row in meter_rows(form):
        key = _text(row.get("key"))
        known += [f"{key}.{name}" for name in METER_FIELDS]
        known += [meter_slot(key, document) for document in (PASSPORT, ACT)]
    return sorted(names, key=lambda name: known.index(name) if name in known else len(known))


def filled(form: Mapping[str, object], key: str) -> bool:
    """Whether anything of a meter has been filled in."""
    row = next((row for row in meter_rows(form) if row.get("key") == key), {})
    return any(_text(row.get(name)).strip() for name in METER_FIELDS)


def _meter(row: Mapping[str, object], place: int, count: int, new: Collection[str]) -> MeterRow:
    texts = {name: _text(row.get(name)) for name in METER_FIELDS}
    return MeterRow(
        key=_text(row.get("key")),
        title=f"Счетчик {place} из {count}" if count > 1 else "Счетчик",
        place_in_list=str(place),
        needs_act=texts[APPLICATION] not in new,
        **texts,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
