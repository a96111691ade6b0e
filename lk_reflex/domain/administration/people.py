"""The staff as an administrator sees it: who works here, for which organizations, and who doesn't any more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.text import email_key, fold, visible
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.access import ADMIN, OPERATOR, Actor
from lk_reflex.domain.identity.passwords.letters import invited_letter
from lk_reflex.domain.identity.passwords.reset import new_link
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.identity.signing_in.entering import ENTERED
from lk_reflex.domain.identity.tables import StaffDuty, User, UserSession
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.domain.mail.outbox import queue

LETTER, INVITED_FOR = "staff-invited", timedelta(hours=72)
EMAIL, NAME, ROLE, DUTIES = "email", "staff_name", "role", "duties"
LONGEST_NAME: Final = 80
NOT_YOURS = "Сотрудников заводит администратор"
NOBODY = "Такого сотрудника нет. Обновите страницу"
NO_EMAIL = "Введите адрес электронной почты, например name@example.ru"
NO_NAME = "Введите имя, каким его видят коллеги, например Иванова О. П."
NO_ROLE = "Выберите роль"
NO_DUTY = "Отметьте хотя бы одну организацию: без неё оператор ничего не увидит"
KNOWN = "Этот сотрудник уже есть в списке"
A_RESIDENT = (
    "На этот адрес заведён личный кабинет жителя. Для работы нужен отдельный адрес: иначе чужие заявки и свои счета "
    "оказались бы под одним паролем"
)
ONESELF = "Свою роль и доступ меняет другой администратор"
LAST = "Это последний администратор: сначала назначьте другого"

_AT_WORK = select(func.max(col(UserSession.seen_at))).where(col(UserSession.user_id) == col(User.id))
_CAME = select(func.max(col(AuditEntry.at))).where(
    col(AuditEntry.user_id) == col(User.id), col(AuditEntry.action) == ENTERED
)
# Sessions go after months, the log stays.
_SEEN = func.coalesce(_AT_WORK.correlate(User).scalar_subquery(), _CAME.correlate(User).scalar_subquery())
_STAFF = select(
    col(User.id), col(User.email), col(User.staff_name), col(User.role), col(User.blocked_at),
    col(User.password_hash), _SEEN.label("seen_at"),
).where(col(User.role).in_([OPERATOR, ADMIN]), col(User.deleted_at).is_(None))  # fmt: skip
_ONE = _STAFF.where(col(User.id) == bindparam("user_id"))
_DUTIES = select(col(StaffDuty.user_id), col(StaffDuty.organization_id))
_DUTIES_OF = _DUTIES.where(col(StaffDuty.user_id) == bindparam("of_user"))
_ORGANIZATIONS = select(col(Organization.id))
_DROP_DUTIES = delete(StaffDuty).where(col(StaffDuty.user_id) == bindparam("of_user"))
_ADMINS = (
    select(col(User.id))
    .where(col(User.role) == ADMIN, col(User.blocked_at).is_(None), col(User.deleted_at).is_(None))
    .order_by(col(User.id))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff. `waiting`: invited, and no password set yet."""

    user_id: int
    email: str
    name: str
    role: str
    duties: frozenset[int]
    blocked: bool
    waiting: bool
    seen_at: datetime | None


def colleagues(db: Reader, actor: Actor) -> tuple[Colleague, ...]:
    """All of the staff by name, whoever has been shut out last. Raises Refused."""
    _require_admin(actor)
    duties: dict[int, set[int]] = {}
    for row in db.rows(_DUTIES):
        duties.setdefault(row.user_id, set()).add(row.organization_id)
    found = [_colleague(row, frozenset(duties.get(row.id, ()))) for row in db.rows(_STAFF)]
    return tuple(sorted(found, key=lambda one: (one.blocked, fold(one.name or one.email))))


def add_colleague(
    db: Writer, actor: Actor, email: str, name: str, role: str, duties: Collection[int], *, site: str, now: datetime
) -> int:
    """Make a login and mail its person the link to a first password; returns its id. Raises Invalid, Refused."""
    _require_admin(actor)
    faults = _faults(db, name, role, duties)
    try:
        address = validate_email(email.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        address, faults = "", {EMAIL: NO_EMAIL, **faults}
    if address and (fault := _taken(db, address)):
        faults = {EMAIL: fault, **faults}
    if faults:
        raise Invalid(faults)
    user = User(
        email=address, email_key=email_key(address), role=role, created_at=now, activated_at=now,
        staff_name=_plain(name),
    )  # fmt: skip
    db.add(user)
    assert user.id is not None
    _put_duties(db, user.id, role, duties)
    note(db, "staff-added", now=now, actor_id=actor.user_id, user_id=user.id, role=role)
    _invite(db, user.id, address, site=site, now=now)
    return user.id


def give_first_duties(db: Writer, user_id: int) -> None:
    """From the command line, which names no organizations: an operator who has none yet gets all that there are."""
    operator = db.first(_ONE, user_id=user_id)
    if operator is not None and operator.role == OPERATOR and not db.rows(_DUTIES_OF, of_user=user_id):
        _put_duties(db, user_id, OPERATOR, [row.id for row in db.rows(_ORGANIZATIONS)])


def change_colleague(
    db: Writer, actor: Actor, user_id: int, name: str, role: str, duties: Collection[int], *, now: datetime
) -> None:
    """Another name, role or other duties; another role signs the person out. Raises Invalid, Conflict, NotFound."""
    row = _row(db, actor, user_id)
    if faults := _faults(db, name, role, duties):
        raise Invalid(faults)
    if role != row.role:
        _keep_one(db, actor, row)
        end_all_sessions(db, user_id, now=now)
    db.change(update(User).where(col(User.id) == user_id).values(staff_name=_plain(name), role=role))
    _put_duties(db, user_id, role, duties)
    note(db, "staff-changed", now=now, actor_id=actor.user_id, user_id=user_id, role=role)


def shut_out(db: Writer, actor: Actor, user_id: int, *, now: datetime) -> None:
    """«Закрыть доступ»: signed out everywhere, and no way in. Raises Conflict, NotFound."""
    row = _row(db, actor, user_id)
    _keep_one(db, actor, row)
    db.change(update(User).where(col(User.id) == user_id).values(blocked_at=now))
    end_all_sessions(db, user_id, now=now)
    note(db, "staff-blocked", now=now, actor_id=actor.user_id, user_id=user_id)


def let_in(db: Writer, actor: Actor, user_id: int, *, now: datetime) -> None:
    """«Вернуть доступ». Raises NotFound."""
    _row(db, actor, user_id)
    db.change(update(User).where(col(User.id) == user_id).values(blocked_at=None))
    note(db, "staff-unblocked", now=now, actor_id=actor.user_id, user_id=user_id)


def invite_again(db: Writer, actor: Actor, user_id: int, *, site: str, now: datetime) -> None:
    """Another link to a first password, which ends those before it. Raises Conflict where one is set, NotFound."""
    row = _row(db, actor, user_id)
    if row.password_hash is not None or row.blocked_at is not None:
        raise Conflict("Приглашение уже не нужно. Обновите страницу")
    note(db, "staff-invited", now=now, actor_id=actor.user_id, user_id=user_id)
    _invite(db, user_id, row.email, site=site, now=now)


def _invite(db: Writer, user_id: int, email: str, *, site: str, now: datetime) -> None:
    token = new_link(db, user_id, email_key(email), lives=INVITED_FOR, now=now)
    queue(db, email, invited_letter(site, token), kind=LETTER, now=now)


def _taken(db: Reader, email: str) -> str:
    known = user_id_of(db, email)
    if known is None:
        return ""
    return KNOWN if db.first(_ONE, user_id=known) is not None else A_RESIDENT


def _faults(db: Reader, name: str, role: str, duties: Collection[int]) -> dict[str, str]:
    faults = {}
    if not 0 < len(_plain(name)) <= LONGEST_NAME:
        faults[NAME] = NO_NAME
    if role not in (OPERATOR, ADMIN):
        faults[ROLE] = NO_ROLE
    if role == OPERATOR and not set(duties) & {row.id for row in db.rows(_ORGANIZATIONS)}:
        faults[DUTIES] = NO_DUTY
    return faults


def _put_duties(db: Writer, user_id: int, role: str, duties: Collection[int]) -> None:
    db.change(_DROP_DUTIES, of_user=user_id)
    known = {row.id for row in db.rows(_ORGANIZATIONS)}
    for organization_id in sorted(known & set(duties)) if role == OPERATOR else ():
        db.add(StaffDuty(user_id=user_id, organization_id=organization_id))


def _keep_one(db: Reader, actor: Actor, row: Any) -> None:
    """Nobody takes the rights from themselves, and an installation keeps an administrator."""
    if row.id == actor.user_id:
        raise Conflict(ONESELF)
    # Locked, in one sequence: two who take each other's rights in the same instant must see each other.
    if row.role == ADMIN and row.blocked_at is None and len(db.rows(_ADMINS)) <= 1:
        raise Conflict(LAST)


def _require_admin(actor: Actor) -> None:
    if actor.role != ADMIN:
        raise Refused(NOT_YOURS)


def _row(db: Reader, actor: Actor, user_id: int) -> Any:
    row = db.first(_ONE, user_id=user_id) if actor.role == ADMIN else None
    if row is None:
        raise NotFound(NOBODY)
    return row


def _plain(name: str) -> str:
    return " ".join(visible(name).split())


def _colleague(row: Any, duties: frozenset[int]) -> Colleague:
    return Colleague(
        row.id, row.email, row.staff_name, row.role, duties, row.blocked_at is not None, row.password_hash is None,
        row.seen_at,
    )  # fmt: skip
