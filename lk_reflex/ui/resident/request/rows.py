"""One request as ready strings: its fields, files, history and thread. No Reflex here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.own import AUTHORS, Event, OwnRequest
from lk_reflex.domain.requests.rating import BEST
from lk_reflex.domain.requests.slots import ACT, meter_slot, row_of
from lk_reflex.ui import paths
from lk_reflex.ui.resident.request.words import contact_words, passport_words, term_words, told, urgent_phone
from lk_reflex.ui.status_tags import TAGS
from lk_reflex.ui.uploads.rows import UploadRow, upload_row

PASSPORT = "Паспортные данные"


@dataclass(frozen=True)
class Shown:
    """What stands beside the lists. `kind` is empty where there is no such request.

    `form` is the address of its form while that may be opened; `draft` whether it was never sent.
    """

    kind: str = ""
    status: str = ""
    tag: str = ""
    tone: str = "info"
    lead: str = ""
    notes: list[str] = field(default_factory=list)
    term: str = ""
    overdue: bool = False
    contact: str = ""
    #: A break's: whom to call, and how a telephone dials it.
    urgent: str = ""
    dial: str = ""
    comment: str = ""
    form: str = ""
    draft: bool = False
    correcting: bool = False
    writes: bool = False
    attaches: bool = False
    rates: bool = False
    rated: str = ""
    rated_comment: str = ""
    placed: bool = False
    latitude: float = 0.0
    longitude: float = 0.0


@dataclass(frozen=True)
class Fact:
    """A label and what was typed."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class SectionRow:
    """Facts that belong together; a meter's have a title."""

    key: str
    title: str
    facts: list[Fact] = field(default_factory=list)


@dataclass(frozen=True)
class FilesRow:
    """The files of one place."""

    label: str
    files: list[UploadRow] = field(default_factory=list)


@dataclass(frozen=True)
class StepRow:
    """A move."""

    key: str
    at: str
    author: str
    status: str
    tag: str
    comment: str
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class MessageRow:
    """A message; `mine` is the person's own."""

    key: str
    at: str
    author: str
    mine: bool
    text: str
    files: list[UploadRow] = field(default_factory=list)


NOTHING = Shown()


def shown(request: OwnRequest) -> Shown:
    """What stands on top of the page."""
    said = told(request)
    placed = request.latitude is not None and request.longitude is not None and request.kind is Kind.EMERGENCY
    correcting = request.status is Status.CORRECTING
    return Shown(
        kind=request.kind.value,
        status=TITLES[request.status],
        tag=TAGS[request.status],
        tone=said.kind,
        lead=said.lead,
        notes=list(said.notes),
        term=term_words(request),
        overdue=request.overdue,
        contact=contact_words(request),
        urgent=urgent_phone(request),
        dial=_dial(urgent_phone(request)),
        comment=request.comment,
        form=paths.request_form(request.kind.value, request.number) if request.may_correct else "",
        draft=request.status is Status.DRAFT,
        correcting=correcting,
        writes=request.may_write,
        attaches=request.may_write and request.ended_at is None,
        rates=request.may_rate,
        rated=f"Ваша оценка: {request.rating} из {BEST}" if request.rating else "",
        rated_comment=request.rating_comment,
        placed=placed,
        latitude=request.latitude or 0.0,
        longitude=request.longitude or 0.0,
    )


def section_rows(request: OwnRequest) -> list[SectionRow]:
    """What was typed, with what it was about; what was left empty isn't shown."""
    own, *meters = request.sections
    facts = [
        Fact("sent", "Отправлено", moment_words(request.sent_at, request.time_zone)),
        Fact("organization", "Организация", request.organization),
        Fact("account", "Лицевой счет", ", ".join(filter(None, (request.account, request.account_address)))),
        *(Fact(part.name, part.label, part.value) for part in own.parts),
        Fact("passport", PASSPORT, passport_words(request.passport)),
    ]
    rows = [SectionRow("own", "", [fact for fact in facts if fact.value])]
    for meter in meters:
        filled = [Fact(part.name, part.label, part.value) for part in meter.parts if part.value]
        rows.append(SectionRow(meter.key, meter.title, filled))
    return rows


def files_rows(request: OwnRequest) -> list[FilesRow]:
    """The form's files by their places: a meter's passport and act together, the meters as in the form."""
    found: dict[str, list[UploadRow]] = {}
    meters = [section.key for section in request.sections]
    for own in sorted(request.files, key=lambda own: _place(own.file.slot, meters)):
        found.setdefault(own.label, []).append(upload_row(own.file))
    return [FilesRow(label, files) for label, files in found.items()]


def _place(slot: str, meters: list[str]) -> tuple[int, bool]:
    row = row_of(slot)
    return (meters.index(row) if row in meters else len(meters), slot == meter_slot(row, ACT))


def _dial(phone: str) -> str:
    return f"tel:{''.join(char for char in phone if char.isdigit() or char == '+')}" if phone else ""


def step_rows(request: OwnRequest) -> list[StepRow]:
    """The history, newest first."""
    return [_step(event, request.time_zone) for event in reversed(request.history)]


def message_rows(events: Iterable[Event], zone: str) -> list[MessageRow]:
    """The thread, oldest first."""
    return [
        MessageRow(
            str(event.event_id), moment_words(event.at, zone), event.author, event.author == AUTHORS[Author.RESIDENT],
            event.comment, [upload_row(file) for file in event.files],
        )
        for event in events
    ]  # fmt: skip


def moment_words(at: datetime | None, zone: str) -> str:
    """«20.11.2026, 15:00» by that zone's clock; empty for no moment."""
    if at is None:
        return ""
    local = local_time(at, zone)
    return f"{format_date(local.date())}, {local:%H:%M}"


def _step(event: Event, zone: str) -> StepRow:
    assert event.status is not None
    status = event.status
    return StepRow(
        str(event.event_id), moment_words(event.at, zone), event.author, TITLES[status], TAGS[status], event.comment,
        list(event.fields),
    )  # fmt: skip
