"""One request at the desk as ready strings. No Reflex here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from lk_reflex.core.clock import format_date
from lk_reflex.domain.requests.attaching import Attached
from lk_reflex.domain.requests.calendar import Calendar
from lk_reflex.domain.requests.desk.saved import Template
from lk_reflex.domain.requests.desk.view import Line, View
from lk_reflex.domain.requests.history import Author, EventKind
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import label
from lk_reflex.domain.requests.machine import ENDED, NEEDS_COMMENT, OPEN, TITLES, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.terms import left_words
from lk_reflex.ui import paths
from lk_reflex.ui.staff.order_words import moment
from lk_reflex.ui.status_tags import TAGS
from lk_reflex.ui.uploads.rows import UploadRow, upload_row

NOBODY: Final = "не назначен"
RESIDENT, SYSTEM = "Заявитель", "Система"
#: What a move is called on its button, and what is asked for with it.
BUTTONS: Final = {
    Status.ACCEPTED: "Принять",
    Status.WORKING: "Взять в работу",
    Status.CORRECTING: "На исправление…",
    Status.REFUSED: "Отказать…",
    Status.DONE: "Выполнено",
}


@dataclass(frozen=True)
class Shown:
    """What stands beside the lists; `number` is empty where there is no such request.

    `passport`: «given», «wiped» or empty. `waits` is what is said where no move is the staff's.
    """

    number: str = ""
    key: str = ""
    kind: str = ""
    status: str = ""
    tag: str = ""
    term: str = ""
    late: bool = False
    waits: str = ""
    assignee: str = ""
    mine: bool = False
    open: bool = False
    passport: str = ""
    passport_form: str = ""
    placed: bool = False
    latitude: float = 0.0
    longitude: float = 0.0
    rating: str = ""
    rating_comment: str = ""
    answers: bool = False
    attaches: bool = False
    account: str = ""
    account_href: str = ""


@dataclass(frozen=True)
class Fact:
    """A label and what was typed."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class SectionRow:
    """Facts that belong together; a meter's have a title, and their files stand with them."""

    key: str
    title: str
    facts: list[Fact] = field(default_factory=list)
    files: list[UploadRow] = field(default_factory=list)


@dataclass(frozen=True)
class StepRow:
    """A move of the history."""

    key: str
    at: str
    author: str
    status: str
    tag: str
    comment: str
    fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class TalkRow:
    """A message or a note; `look` is the class of its line."""

    key: str
    at: str
    author: str
    note: bool
    look: str
    text: str
    files: list[UploadRow] = field(default_factory=list)


@dataclass(frozen=True)
class OtherRow:
    """Another request of the same person."""

    key: str
    title: str
    href: str
    status: str
    tag: str
    sent: str


@dataclass(frozen=True)
class MoveRow:
    """A button of the machine; `look` is its class: what is usual stands out."""

    key: str
    title: str
    look: str


@dataclass(frozen=True)
class FieldRow:
    """A tick of «На исправление»."""

    name: str
    title: str
    ticked: bool


@dataclass(frozen=True)
class Choice:
    """One option of a list to choose from; `own` may be deleted here."""

    key: str
    title: str
    own: bool = False


NOTHING = Shown()


def shown(view: View, me: int, days: Calendar) -> Shown:
    """What stands on top of the page."""
    ended = view.status in ENDED
    return Shown(
        number=grouped(view.number),
        key=view.number,
        kind=KINDS[view.kind],
        status=TITLES[view.status],
        tag=TAGS[view.status],
        term=_term(view, days),
        late=view.overdue,
        waits=_waits(view),
        assignee=view.assignee or NOBODY,
        mine=view.assignee_id == me,
        open=not ended,
        passport=view.passport,
        passport_form=paths.staff_passport(view.number),
        placed=view.kind is Kind.EMERGENCY and view.latitude is not None and view.longitude is not None,
        latitude=view.latitude or 0.0,
        longitude=view.longitude or 0.0,
        rating=f"{view.rating} из 5" if view.rating else "",
        rating_comment=view.rating_comment,
        answers=view.has_person,
        attaches=view.has_person and not ended,
        account=", ".join(filter(None, (view.account, view.account_address))),
        account_href=paths.staff_account(view.account_id) if view.account_id else "",
    )


def _term(view: View, days: Calendar) -> str:
    if view.due_on is None or view.status not in OPEN:
        return ""
    return f"Срок до {format_date(view.due_on)}. {left_words(days, view.due_on, view.status, view.today)}"


def _waits(view: View) -> str:
    if view.status is Status.CORRECTING:
        return "Ждём исправлений от жителя: когда он отправит заявку снова, она вернётся в очередь."
    if view.status in ENDED:
        return f"Заявка завершена {moment(view.ended_at, view.time_zone)}."
    return ""


def section_rows(view: View) -> list[SectionRow]:
    """What was sent, each meter with its two documents; what was left empty says so."""
    own, *meters = view.sections
    head = [
        Fact("sent", "Отправлено", moment(view.sent_at, view.time_zone)),
        Fact("organization", "Организация", view.organization),
        Fact("contact", "Заявитель", "" if _said(own.parts, view.contact) else view.contact),
        Fact("phone-on-top", "Телефон", "" if _said(own.parts, view.phone) else view.phone),
        Fact("address-on-top", "Адрес", "" if _said(own.parts, view.address) else view.address),
    ]
    facts = [fact for fact in head if fact.value] + [_fact(part.name, part.label, part.value) for part in own.parts]
    rows = [SectionRow("own", "", facts)]
    for meter in meters:
        files = [file for file in view.files if file.slot.partition(":")[0] == meter.key]
        filled = [_fact(part.name, part.label, part.value) for part in meter.parts]
        rows.append(SectionRow(meter.key, meter.title, filled, [_file(view, file) for file in files]))
    return rows


def own_files(view: View) -> list[UploadRow]:
    """The files that belong to no meter."""
    return [upload_row(file) for file in view.files if ":" not in file.slot]


def steps(view: View) -> list[StepRow]:
    """The moves, oldest first."""
    return [
        StepRow(
            str(line.event_id), moment(line.at, view.time_zone), _author(line),
            TITLES[line.became] if line.became else "", TAGS[line.became] if line.became else "info", line.comment,
            list(line.fields),
        )
        for line in view.history
    ]  # fmt: skip


def talk(view: View) -> list[TalkRow]:
    """Messages and notes, oldest first."""
    return [
        TalkRow(
            str(line.event_id), moment(line.at, view.time_zone), _author(line), line.kind is EventKind.NOTE,
            "note" if line.kind is EventKind.NOTE else "mine" if line.author is Author.OPERATOR else "", line.comment,
            [upload_row(file) for file in line.files],
        )
        for line in view.thread
    ]  # fmt: skip


def others(view: View) -> list[OtherRow]:
    """The person's other requests."""
    return [
        OtherRow(one.number, f"{KINDS[one.kind]} {grouped(one.number)}", paths.staff_request(one.number),
                 TITLES[one.status], TAGS[one.status], moment(one.sent_at, view.time_zone))
        for one in view.others
    ]  # fmt: skip


def moves(view: View) -> list[MoveRow]:
    """The buttons."""
    usual = view.moves[0] if view.moves and not needs_comment(view.moves[0]) else None
    usual = Status.DONE if Status.DONE in view.moves else usual
    return [MoveRow(one.value, BUTTONS[one], "button" if one is usual else "button quiet") for one in view.moves]


def nameable(view: View, ticked: Iterable[str]) -> list[FieldRow]:
    """The ticks, those first set stay so."""
    chosen = set(ticked)
    return [FieldRow(one.name, one.title, one.name in chosen) for one in view.nameable]


def people(view: View) -> list[Choice]:
    """Who may take it on."""
    return [Choice("", NOBODY), *(Choice(str(one.user_id), one.name) for one in view.colleagues)]


def template_choices(found: Sequence[Template]) -> list[Choice]:
    """The ready answers."""
    return [Choice(str(one.template_id), one.title, one.own) for one in found]


def needs_comment(becomes: Status) -> bool:
    """Whether the move says nothing without words of one's own."""
    return becomes in NEEDS_COMMENT


def last_deed(view: View) -> str:
    """«Смирнов А. В.: Принято → В работу», the newest move."""
    if not view.history:
        return ""
    line = view.history[-1]
    words = " → ".join(TITLES[one] for one in (line.was, line.became) if one is not None)
    return f"{_author(line)}: {words}"


def _author(line: Line) -> str:
    return {Author.RESIDENT: RESIDENT, Author.SYSTEM: SYSTEM}.get(line.author, line.name)


def _fact(key: str, title: str, value: str) -> Fact:
    return Fact(key, title, value or "не указано")


def _said(parts: Sequence[object], value: str) -> bool:
    return any(getattr(part, "value", "") == value for part in parts)


def _file(view: View, file: Attached) -> UploadRow:
    """A meter's document under the name of its place: the person's own file name says nothing."""
    row = upload_row(file)
    title = label(view.kind, file.slot, {}).partition(": ")[2]
    return UploadRow(row.key, f"{title}: {row.name}" if title else row.name, row.size, row.href, row.picture)
