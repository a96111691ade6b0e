"""Sending the forms that have waited for their window: judged anew, and told of in either case."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.core.months import day_in_words
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.metering.ledger import terms_of
from lk_reflex.domain.metering.meters import ONLY_SEEN, today_of, window_of
from lk_reflex.domain.metering.sending.entries import TAKEN_ON, Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.photos import release
from lk_reflex.domain.metering.sending.submit import Filled, Sender, take
from lk_reflex.domain.metering.sending.waiting import KIND, LINK, REFUSED, REPLACED, SENT, SETTLE, names_of
from lk_reflex.domain.metering.tables import CABINET, SentReading, Submission, WaitingForm
from lk_reflex.domain.notifications.feed import tell

#: Nobody's letter comes at night: forms go at this hour of the organization's first day.
MORNING = 8
LETTER = "readings-waiting"
POSTPONED, NOTHING = "postponed", ""
SENT_TITLE, REFUSED_TITLE = "Показания переданы", "Отложенные показания не переданы"
NOT_NEEDED_TITLE = "Отложенные показания не понадобились"
NOT_YOURS = "Лицевой счет больше не привязан к вашему личному кабинету."
NOT_THIS_ONE = "Эту форму уже передали с другими показаниями"
GONE = "Прибора учёта больше нет на этом лицевом счете"

_ZONES = select(col(Organization.id), col(Organization.time_zone))
_DUE = (
    select(col(WaitingForm.id))
    .join(Account, col(Account.id) == col(WaitingForm.account_id))
    .where(
        col(WaitingForm.settled_at).is_(None),
        col(WaitingForm.opens_on) <= bindparam("day"),
        col(Account.organization_id) == bindparam("organization"),
        col(WaitingForm.id) > bindparam("after"),
    )
    .order_by(col(WaitingForm.id))
    .limit(bindparam("count"))
)
_FORM = select(
    col(WaitingForm.key),
    col(WaitingForm.account_id),
    col(WaitingForm.entries),
    col(WaitingForm.confirmations),
    col(WaitingForm.taken_on),
    col(WaitingForm.period),
    col(WaitingForm.created_at),
    col(User.id).label("user_id"),
    col(User.role),
    col(User.email),
    col(User.blocked_at),
).select_from(WaitingForm)
_FORM = _FORM.join(User, col(User.id) == col(WaitingForm.user_id)).where(
    col(WaitingForm.id) == bindparam("form_id"), col(WaitingForm.settled_at).is_(None)
)
_SENT_SINCE = (
    select(col(SentReading.meter_id))
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .where(
        col(Submission.account_id) == bindparam("account_id"),
        col(Submission.key) != bindparam("key"),
        col(Submission.created_at) >= bindparam("since"),
        col(SentReading.period) == bindparam("period"),
        col(SentReading.replaced_at).is_(None),
    )
)
#: The meters of what has come in with the form's key; `own` says whether the form itself can be behind it.
_BY_HAND = (
    select(
        col(SentReading.meter_id),
        (
            (col(Submission.user_id) == bindparam("user_id"))
            & (col(Submission.account_id) == bindparam("account_id"))
            & (col(Submission.created_at) >= bindparam("since", type_=UtcTime()))
        ).label("own"),
    )
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .where(col(Submission.key) == bindparam("key"))
)
_POSTPONE = update(WaitingForm).where(col(WaitingForm.id) == bindparam("form_id")).values(opens_on=bindparam("day"))
_PLACE = (
    select(col(Account.number), col(Building.street), col(Building.house), col(Account.flat))
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(col(Account.id) == bindparam("account_id"))
)


def due_forms(db: Reader, *, after: int, count: int, now: datetime) -> list[int]:
    """Forms whose organization has come to the morning of their day, by number, those behind `after`."""
    found: list[int] = []
    for organization in db.rows(_ZONES):
        local = local_time(now, organization.time_zone)
        day = local.date() if local.hour >= MORNING else local.date() - timedelta(days=1)
        rows = db.rows(_DUE, organization=organization.id, day=day, after=after, count=count)
        found += [row.id for row in rows]
    return sorted(found)[:count]


def send_waiting(database: Database, form_id: int, *, site: str, now: datetime) -> str:
    """Send one form, or tell its person why it can't be sent; returns its outcome, empty where it waits no more.

    Two transactions at most, and either leaves the form open or settles it: after a crash it is simply taken up again.
    """
    try:
        return database.write(_send, form_id, now=now)
    except Unavailable:
        raise
    except DomainError as fault:
        return database.write(_refuse, form_id, fault, site=site, now=now)


def _send(db: Writer, form_id: int, *, now: datetime) -> str:
    form = db.first(_FORM, form_id=form_id)
    if form is None:
        return NOTHING
    terms = terms_of(db, _actor(form, now), form.account_id, lock=True)
    if db.first(_FORM, form_id=form_id) is None:  # somebody else had the account's lock until now
        return NOTHING
    today = today_of(terms, now)
    window = window_of(terms, today)
    if not terms.may_send:
        raise Refused(ONLY_SEEN)
    early = window.period < form.period or (window.period == form.period and not window.takes_now)
    if early:  # the organization has moved its days meanwhile
        db.change(_POSTPONE, form_id=form_id, day=max(window.opens, today + timedelta(days=1)))
        return POSTPONED
    if window.period > form.period:
        raise Refused(f"Приём показаний за {form.period.name} уже закончился")
    entries = _not_sent_since(db, form)
    if not entries:
        return _not_needed(db, form_id, form, now)
    _check_key(db, form)
    db.change(SETTLE, form_id=form_id, now=now, became=SENT, because="")
    confirmations = frozenset(form.confirmations)
    filled = Filled(entries, format_date(form.taken_on), form.key, confirmations)
    take(db, terms, Sender(form.user_id, CABINET, form.email), filled, now)
    left = "" if len(entries) == len(form.entries) else " Те, что вы передали сами, остались как есть."
    body = f"Вы отложили их до открытия приёма. Они войдут в расчёт за {form.period.title.lower()}.{left}"
    _tell(db, form_id, form, SENT_TITLE, body, now)
    return SENT


def _actor(form: Any, now: datetime) -> Actor:
    if form.blocked_at is not None:
        raise Refused(NOT_YOURS)
    return Actor(form.user_id, form.role, form.email, 0, now, None, now)


def _not_sent_since(db: Reader, form: Any) -> dict[str, Entry]:
    """The rows of meters for which nobody has sent since: a later word counts."""
    since = db.rows(
        _SENT_SINCE, account_id=form.account_id, key=form.key, since=form.created_at, period=form.period
    )  # fmt: skip
    sent = {f"m{row.meter_id}" for row in since}
    return {row: Entry(text) for row, text in form.entries.items() if row.rsplit("-", 1)[0] not in sent}


def _check_key(db: Reader, form: Any) -> None:
    """What has been stored under the form's key must be the form: else nothing of it would be sent, and «sent» told."""
    by_hand = db.rows(
        _BY_HAND, key=form.key, user_id=form.user_id, account_id=form.account_id, since=form.created_at
    )  # fmt: skip
    meters = {row.rsplit("-", 1)[0] for row in form.entries}
    if by_hand and not (all(row.own for row in by_hand) and meters <= {f"m{row.meter_id}" for row in by_hand}):
        raise Refused(NOT_THIS_ONE)


def _not_needed(db: Writer, form_id: int, form: Any, now: datetime) -> str:
    db.change(SETTLE, form_id=form_id, now=now, became=REPLACED, because="")
    release(db, form.user_id, form.account_id, form.key, now=now)
    body = f"Показания за {form.period.title.lower()} уже переданы, их не меняем."
    _tell(db, form_id, form, NOT_NEEDED_TITLE, body, now)
    return REPLACED


def _refuse(db: Writer, form_id: int, fault: DomainError, *, site: str, now: datetime) -> str:
    form = db.first(_FORM, form_id=form_id)
    if form is None:
        return NOTHING
    known = not isinstance(fault, NotFound) and form.blocked_at is None
    names = names_of(db, form.account_id)
    reasons = list(_reasons(fault, names)) if known else [NOT_YOURS]
    if db.change(SETTLE, form_id=form_id, now=now, became=REFUSED, because="\n".join(reasons)) != 1:
        return NOTHING
    release(db, form.user_id, form.account_id, form.key, now=now)
    if form.blocked_at is not None:
        return REFUSED
    how = " Введённые показания ждут на странице «Передать показания»: проверьте их и передайте." if known else ""
    _tell(db, form_id, form, REFUSED_TITLE, " ".join(reasons) + how, now, known=known)
    letter = _letter(db, form, reasons, names, site) if known else Letter(REFUSED_TITLE, tuple(reasons))
    queue(db, form.email, letter, kind=LETTER, now=now, once_key=f"{LETTER}:{form_id}")
    return REFUSED


def _reasons(fault: DomainError, names: dict[str, str]) -> Iterable[str]:
    """A sentence for each row, with its meter's name."""
    if isinstance(fault, Invalid):
        for row, text in fault.fields.items():
            yield f"{text}." if row == TAKEN_ON else f"{names.get(row, GONE)}: {text}."
    elif isinstance(fault, NeedsConfirmation):
        for question in fault.questions:
            yield f"{names.get(question.row, GONE)}: {question.text}"
    else:
        yield f"{fault.message}."


def _tell(
    db: Writer, form_id: int, form: Any, title: str, body: str, now: datetime, *, known: bool = True
) -> None:  # fmt: skip
    """Whoever has lost the account is told of the form without it."""
    account_id, link = (form.account_id, LINK) if known else (None, "")
    tell(db, form.user_id, title, body, kind=KIND, now=now, link=link, account_id=account_id,
         once_key=f"waiting:{form_id}")  # fmt: skip


def _letter(db: Reader, form: Any, reasons: Iterable[str], names: dict[str, str], site: str) -> Letter:
    place = db.rows(_PLACE, account_id=form.account_id)[0]
    rows = tuple((names.get(row, GONE), text) for row, text in form.entries.items())
    told = (
        f"Вы заполнили показания заранее, чтобы кабинет передал их, когда откроется приём. {_on(form.taken_on)}",
        *reasons,
        "Проверьте показания и передайте их сами: введённое сохранилось в кабинете.",
    )
    facts = Facts(f"Лицевой счет {place.number}, {address_line(*place[1:])}", rows)
    return Letter(REFUSED_TITLE, told, Link("Передать показания", f"{site}{LINK}"), (), (facts,))


def _on(day: date) -> str:
    return f"Дата снятия: {day_in_words(day)}."
