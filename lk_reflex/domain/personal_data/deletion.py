"""Deleting a login (152-ФЗ, ст. 21): at once, asked with the password; only a number stays for what the law keeps."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import Conflict, Invalid, Refused
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.settling import end_grant
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.asked_again import ask_again
from lk_reflex.domain.identity.registering.consents import withdraw_all
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.letter import Letter
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.personal_data.traces import wiping
from lk_reflex.domain.requests.leaving import leave_requests

NOT_SURE = "Отметьте, что понимаете: восстановить учётную запись будет нельзя"
STAFF = "Учётную запись сотрудника закрывает администратор."
GONE = "Эта учётная запись уже удалена."
_EMAIL = select(col(User.email)).where(col(User.id) == bindparam("user"))
_GIVEN = (
    select(col(AccountGrant.id), col(AccountGrant.account_id))
    .where(col(AccountGrant.granted_by) == bindparam("giver"), col(AccountGrant.revoked_at).is_(None))
    # As everywhere where several accounts are held: two who wait for each other never take them crosswise.
    .order_by(col(AccountGrant.account_id), col(AccountGrant.id))
)
#: First of all: of two deletions at once the second one waits here and finds nothing left.
_MARK = (
    update(User)
    .where(col(User.id) == bindparam("user"), col(User.deleted_at).is_(None))
    .values(deleted_at=bindparam("now"))
)


def delete_login(
    database: Database, actor: Actor, password: str, sure: bool, *, key: bytes, client: Client, now: datetime
) -> None:
    """Delete the actor's login with all that isn't kept by law; it is over when this returns.

    Raises Invalid for «password» and «sure», Refused for staff, for a login without a password, and during a pause
    after wrong ones.
    """
    if actor.is_staff():
        raise Refused(STAFF)
    faults = {} if sure else {"sure": NOT_SURE}
    try:
        ask_again(database, actor, password, key=key, now=now)
    except Invalid as fault:
        faults = {**fault.fields, **faults}
    if faults:
        raise Invalid(faults)
    database.write(_erase, actor, client=client, now=now)


def _erase(db: Writer, actor: Actor, *, client: Client, now: datetime) -> None:
    if db.change(_MARK, user=actor.user_id, now=now) != 1:
        raise Conflict(GONE)
    email = db.value(_EMAIL, user=actor.user_id) or ""
    withdrawn = withdraw_all(db, actor.user_id, now=now)
    for grant in db.rows(_GIVEN, giver=actor.user_id):
        hold(db, grant.account_id)
        end_grant(db, actor.user_id, grant.id, now=now)  # somebody else may have given the same relative access, too
    leave_requests(db, actor.user_id, now=now)
    for statement in wiping(actor.user_id, email, now=now):
        db.change(statement)
    # After the wiping, which forgets the mailbox of all letters; the clean-up of sent letters forgets this one's.
    queue(db, email, farewell(), kind="farewell", now=now)
    note(
        db,
        "login-deleted",
        now=now,
        actor_id=actor.user_id,
        user_id=actor.user_id,
        address=client.address,
        consents_withdrawn=withdrawn,
    )


def farewell() -> Letter:
    """To the mailbox of the deleted login."""
    return Letter(
        "Учётная запись личного кабинета удалена",
        (
            "Ваша учётная запись в личном кабинете абонента удалена, согласие на обработку персональных данных "
            "отозвано.",
            "Удалены: адрес электронной почты, телефон, пароль, сеансы на всех устройствах, привязки лицевых счетов и "
            "Госуслуг, выданные вами доступы, корзина, черновики заявок, паспортные данные, уведомления и настройки "
            "писем.",
            "Остались по закону: переданные показания и сведения об оплатах. Они хранятся под номером, без имени и "
            "адреса. Отправленные заявки с приложенными документами остались у организации, без вашего имени и "
            "телефона.",
            "Этот адрес можно зарегистрировать снова: это будет новая учётная запись без прежних данных.",
            "Если это сделали не вы, обратитесь в вашу управляющую (ресурсоснабжающую) организацию.",
        ),
    )
