"""The check page's sections as ready strings: what will be sent, read only. No Reflex here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lk_reflex.domain.requests.drafts import Draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import METER_FIELDS, METER_SLOTS, PASSPORT_FIELDS
from lk_reflex.domain.requests.passports.own import Masked
from lk_reflex.domain.requests.slots import ACT, meter_slot
from lk_reflex.ui import paths
from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.rows import MeterRow, meter_row_list, own_values
from lk_reflex.ui.uploads.rows import UploadRow

EMPTY = "не указано"
GIVEN = "указано"


@dataclass(frozen=True)
class CheckRow:
    """One line: what it is called, and what will be sent."""

    label: str
    value: str


@dataclass(frozen=True)
class CheckSection:
    """Lines that belong together; `href` is the form at their first field."""

    key: str
    title: str
    href: str
    rows: list[CheckRow]


def check_sections(
    draft: Draft, passport: Masked, files: Mapping[str, list[UploadRow]], new: Collection[str]
) -> list[CheckSection]:
    """The person, the document, then a section a meter."""
    values, form = own_values(draft.form), paths.request_form(Kind.SEALING.value, draft.number)
    own = [CheckRow(words.OWN[name].label, values[name].strip() or EMPTY) for name in ("owner", "phone", "wished")]
    document = [CheckRow(words.OWN["document"].label, values["document"]), *_passport(passport)]
    return [
        CheckSection("owner", "Собственник", f"{form}?at=owner", own),
        CheckSection("passport", "Документ", f"{form}?at=passport", document),
        *(_meter(row, form, files) for row in meter_row_list(draft.form, new)),
    ]


def _passport(passport: Masked) -> list[CheckRow]:
    """Series and number masked; of the rest, that it is there: anybody may look over a shoulder."""
    rest = [(title, name) for name, title in PASSPORT_FIELDS.items() if name not in ("series", "number")]
    return [
        CheckRow("Серия и номер", passport.line or EMPTY),
        *(CheckRow(title, GIVEN if getattr(passport, name) else EMPTY) for title, name in rest),
    ]


def _meter(row: MeterRow, form: str, files: Mapping[str, list[UploadRow]]) -> CheckSection:
    texts = [CheckRow(words.METER[name].label, getattr(row, name).strip() or EMPTY) for name in METER_FIELDS]
    papers = [
        CheckRow(title[:1].upper() + title[1:], _named(files.get(meter_slot(row.key, document), [])))
        for document, title in METER_SLOTS.items()
        if document != ACT or row.needs_act
    ]
    return CheckSection(row.key, row.title, f"{form}?at={row.key}", [*texts, *papers])


def _named(rows: list[UploadRow]) -> str:
    return ", ".join(f"{row.name} ({row.size})" for row in rows) or EMPTY
