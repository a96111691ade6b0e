"""What is wiped of a deleted login, statement by statement."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.sql import Executable
from sqlmodel import col

from lk_reflex.core.schema import UtcTime
from lk_reflex.core.signals import Signal
from lk_reflex.core.text import email_key
from lk_reflex.domain.accounts.access_tables import AccountGrant, GuestVisit, ReadingLink
from lk_reflex.domain.files.keeping import REMOVED, UNSENT_FOR
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.entry_tables import OneTimeToken, PhoneCode, Registration
from lk_reflex.domain.identity.esia.tables import EsiaBinding, EsiaTry
from lk_reflex.domain.identity.tables import AccountLink, User, UserSession
from lk_reflex.domain.mail.tables import MailChoice, OutgoingMail
from lk_reflex.domain.metering.tables import ReadingCorrection, ReadingPhoto, WaitingForm
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.tables import CartLine, Order, PayLink
from lk_reflex.domain.push.tables import PushChoice, PushDevice

_OWN = (
    AccountLink, EsiaBinding, EsiaTry, OneTimeToken, PhoneCode, MailChoice, CartLine, UserSession, Notification,
    ReadingLink, GuestVisit, WaitingForm, PayLink, Signal, PushDevice,
    PushChoice,
)  # fmt: skip


def wiping(user_id: int, email: str, *, now: datetime) -> Sequence[Executable]:
    """In this order: the letters are found by the mailboxes that tokens name, relatives' links by the grants."""
    return (
        *_letters(user_id, email, now),
        *_requests(user_id, now),
        *_files(user_id, now),
        *_orders(user_id, email),
        *_access(user_id, email, now),
        *_login(user_id, email, now),
    )


def left_key(user_id: int) -> str:
    """What stands in the place of the e-mail, which may be registered anew; no e-mail looks like this."""
    return f"deleted:{user_id}"


def _letters(user_id: int, email: str, now: datetime) -> Sequence[Executable]:
    """Those that wait are not sent any more; of those that went the mailbox is forgotten."""
    named = select(col(OneTimeToken.email)).where(col(OneTimeToken.user_id) == user_id, col(OneTimeToken.email) != "")
    theirs = (col(OutgoingMail.recipient) == email) | col(OutgoingMail.recipient).in_(named)
    waiting = update(OutgoingMail).where(theirs, col(OutgoingMail.settled_at).is_(None))
    return (
        waiting.values(settled_at=now, refusal="login deleted", plain="", html="", lease="", leased_until=None),
        update(OutgoingMail).where(theirs).values(recipient="", last_fault=""),
    )


def _access(user_id: int, email: str, now: datetime) -> Sequence[Executable]:
    """What was given ends for the relatives; what was received can't be taken up by the next owner of the address."""
    given = select(col(AccountGrant.id)).where(col(AccountGrant.granted_by) == user_id)
    revoked = func.coalesce(col(AccountGrant.revoked_at), now, type_=UtcTime())
    return (
        delete(AccountLink).where(col(AccountLink.grant_id).in_(given)),
        delete(AccountGrant).where(col(AccountGrant.granted_by) == user_id),
        update(AccountGrant)
        .where(col(AccountGrant.email_key) == email_key(email))
        .values(revoked_at=revoked, email="", email_key="", name=""),
    )


def _requests(user_id: int, now: datetime) -> Sequence[Executable]:
    """Nobody waits for an answer any more; that a reading was corrected stays, why in their own words doesn't."""
    mine = update(ReadingCorrection).where(col(ReadingCorrection.user_id) == user_id)
    return (
        mine.where(col(ReadingCorrection.decided_at).is_(None)).values(decided_at=now, withdrawn=True),
        mine.values(explanation=""),
    )


def _files(user_id: int, now: datetime) -> Sequence[Executable]:
    """Nobody's and never sent: the sweep of unsent files takes them with their bytes, which no transaction can."""
    theirs = select(col(StoredFile.id)).where(col(StoredFile.user_id) == user_id)
    nobodys = {"user_id": None, "account_id": None, "name": "", "form_key": "", "slot": "", "attached_at": None}
    return (
        delete(ReadingPhoto).where(col(ReadingPhoto.file_id).in_(theirs)),
        update(StoredFile)
        .where(col(StoredFile.user_id) == user_id)
        .values(**nobodys, purpose=REMOVED, created_at=now - 2 * UNSENT_FOR),
    )


def _orders(user_id: int, email: str) -> Sequence[Executable]:
    """What was paid stays in the books, as nobody's; an order still under way ends without a letter."""
    return (
        update(Order).where(col(Order.user_id) == user_id).values(user_id=None, email="", card=""),
        # Who pays by somebody's link leaves only an address.
        update(Order).where(col(Order.email) == email, col(Order.email) != "").values(email=""),
    )


def _login(user_id: int, email: str, now: datetime) -> Sequence[Executable]:
    return (
        delete(Registration).where(col(Registration.email_key) == email_key(email)),
        *(delete(table).where(col(table.user_id) == user_id) for table in _OWN),
        update(User)
        .where(col(User.id) == user_id)
        .values(
            email="",
            email_key=left_key(user_id),
            password_hash=None,
            phone=None,
            phone_confirmed_at=None,
            # Every door that knows blocked people is shut for what is left.
            blocked_at=now,
        ),
    )
