"""What is asked for a person's own data; each query is run with the person's number alone."""

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from lk_reflex.domain.accounts.access_tables import AccountGrant, GuestVisit
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.files.keeping import COMING, HELD, REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import lasting, owned
from lk_reflex.domain.identity.entry_tables import Consent
from lk_reflex.domain.identity.esia.tables import EsiaBinding
from lk_reflex.domain.identity.tables import AccountLink, User, UserSession
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.metering.tables import Meter, ReadingCorrection, SentReading, Submission, WaitingForm
from lk_reflex.domain.notifications.lines import mine
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.payments.tables import CartLine, Order, OrderLine, PayLink, PayLinkLine, Posting

_ME = bindparam("user_id")


def _of(*columns: object, where: object, order: object) -> Select:
    return select(*columns).where(where).order_by(order)  # pyright: ignore


PROFILE = select(
    col(User.email), col(User.phone), col(User.phone_confirmed_at), col(User.created_at), col(User.activated_at)
).where(col(User.id) == _ME)
CONSENTS = _of(
    col(Consent.document), col(Consent.version), col(Consent.given_at), col(Consent.address),
    col(Consent.withdrawn_at), where=col(Consent.user_id) == _ME, order=col(Consent.id),
)  # fmt: skip
SESSIONS = _of(
    col(UserSession.client), col(UserSession.address), col(UserSession.created_at), col(UserSession.seen_at),
    col(UserSession.ended_at), where=col(UserSession.user_id) == _ME, order=col(UserSession.id),
)  # fmt: skip
ESIA = _of(
    col(EsiaBinding.oid), col(EsiaBinding.name), col(EsiaBinding.trusted), col(EsiaBinding.bound_at),
    where=col(EsiaBinding.user_id) == _ME, order=col(EsiaBinding.id),
)  # fmt: skip
LINKS = (
    select(
        col(Account.number), col(Building.street), col(Building.house), col(Account.flat), col(Organization.name),
        col(AccountLink.linked_at), col(AccountLink.may_send), col(AccountLink.may_pay), col(AccountLink.ends_at),
        col(AccountLink.grant_id),
    )
    .select_from(AccountLink)
    .join(Account, col(Account.id) == col(AccountLink.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(AccountLink.user_id) == _ME, lasting())
    .order_by(col(AccountLink.id))
)  # fmt: skip
GIVEN = (
    select(
        col(Account.number), col(AccountGrant.name), col(AccountGrant.email), col(AccountGrant.may_send),
        col(AccountGrant.may_pay), col(AccountGrant.created_at), col(AccountGrant.ends_at),
        col(AccountGrant.revoked_at),
    )
    .select_from(AccountGrant)
    .join(Account, col(Account.id) == col(AccountGrant.account_id))
    .where(col(AccountGrant.granted_by) == _ME)
    .order_by(col(AccountGrant.id))
)  # fmt: skip
SENT = (
    select(
        col(Account.number), col(Meter.name), col(Meter.serial), col(SentReading.scale), col(SentReading.period),
        col(SentReading.taken_on), col(SentReading.value), col(SentReading.volume), col(Submission.created_at),
        col(SentReading.replaced_at),
    )
    .select_from(SentReading)
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(Submission.account_id))
    .where(col(Submission.user_id) == _ME)
    .order_by(col(SentReading.id))
)  # fmt: skip
CORRECTIONS = (
    select(
        col(Account.number), col(Meter.name), col(Meter.serial), col(SentReading.scale), col(ReadingCorrection.value),
        col(ReadingCorrection.taken_on), col(ReadingCorrection.explanation), col(ReadingCorrection.created_at),
        col(ReadingCorrection.decided_at), col(ReadingCorrection.accepted), col(ReadingCorrection.withdrawn),
        col(ReadingCorrection.comment),
    )
    .select_from(ReadingCorrection)
    .join(SentReading, col(SentReading.id) == col(ReadingCorrection.sent_reading_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(ReadingCorrection.account_id))
    .where(col(ReadingCorrection.user_id) == _ME)
    .order_by(col(ReadingCorrection.id))
)  # fmt: skip
NOTIFICATIONS = (
    select(
        col(Notification.created_at), col(Notification.title), col(Notification.body), col(Account.number),
        col(Notification.read_at),
    )
    .select_from(Notification)
    .outerjoin(Account, col(Account.id) == col(Notification.account_id))
    .where(*mine())
    .order_by(col(Notification.id))
)  # fmt: skip
VISITS = (
    select(col(Account.number), col(GuestVisit.created_at), col(GuestVisit.ended_at), col(GuestVisit.address))
    .select_from(GuestVisit)
    .join(Account, col(Account.id) == col(GuestVisit.account_id))
    .where(col(GuestVisit.user_id) == _ME)
    .order_by(col(GuestVisit.id))
)
CART = (
    select(
        col(Account.number), col(Receipt.kind), col(Receipt.month), col(CartLine.with_advance), col(CartLine.added_at)
    )
    .select_from(CartLine)
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .where(col(CartLine.user_id) == _ME, owned(col(Receipt.account_id)))
    .order_by(col(CartLine.id))
)
LETTERS = _of(
    col(OutgoingMail.kind), col(OutgoingMail.created_at), col(OutgoingMail.sent_at),
    where=col(OutgoingMail.recipient) == bindparam("email"), order=col(OutgoingMail.id),
)  # fmt: skip
DEEDS = _of(
    col(AuditEntry.at), col(AuditEntry.action), col(AuditEntry.actor_id), col(AuditEntry.address),
    where=(col(AuditEntry.user_id) == _ME) | (col(AuditEntry.actor_id) == _ME), order=col(AuditEntry.id),
)  # fmt: skip
WAITING = (
    select(
        col(Account.number), col(WaitingForm.account_id), col(WaitingForm.entries), col(WaitingForm.taken_on),
        col(WaitingForm.period), col(WaitingForm.created_at), col(WaitingForm.opens_on), col(WaitingForm.outcome),
    )
    .select_from(WaitingForm)
    .join(Account, col(Account.id) == col(WaitingForm.account_id))
    .where(col(WaitingForm.user_id) == _ME)
    .order_by(col(WaitingForm.id))
)  # fmt: skip
FILES = (
    select(col(Account.number), col(StoredFile.name), col(StoredFile.size), col(StoredFile.created_at),
           col(StoredFile.attached_at))
    .select_from(StoredFile)
    .outerjoin(Account, col(Account.id) == col(StoredFile.account_id))
    .where(col(StoredFile.user_id) == _ME, col(StoredFile.purpose).not_in((REMOVED, COMING, HELD)))
    .order_by(col(StoredFile.id))
)  # fmt: skip
ORDERS = (
    select(
        col(Order.number), col(Order.created_at), col(Order.paid_at), col(Organization.name), col(Order.amount),
        col(Order.commission), col(Order.total), col(Order.refunded), col(Order.status), col(Order.card),
        col(Order.email),
    )
    .select_from(Order)
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .where(col(Order.user_id) == _ME)
    .order_by(col(Order.id))
)  # fmt: skip
ORDER_LINES = (
    select(
        col(Order.number).label("order"), col(Account.number), col(Receipt.kind), col(Receipt.month),
        col(OrderLine.service), col(OrderLine.part), col(OrderLine.amount),
    )
    .select_from(Order)
    .join(OrderLine, col(OrderLine.order_id) == col(Order.id))
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(Order.user_id) == _ME)
    .order_by(col(OrderLine.id))
)  # fmt: skip
RETURNED = (
    select(col(Order.number), col(Posting.created_at), col(Posting.amount))
    .select_from(Posting)
    .join(Order, col(Order.id) == col(Posting.order_id))
    .where(col(Order.user_id) == _ME, col(Posting.amount) < 0)
    .order_by(col(Posting.id))
)
PAY_LINKS = (
    select(
        col(Account.number), col(Receipt.kind), col(Receipt.month), col(PayLinkLine.service), col(PayLinkLine.part),
        col(PayLinkLine.amount), col(PayLink.created_at), col(PayLink.expires_at), col(PayLink.revoked_at),
    )
    .select_from(PayLink)
    .join(Receipt, col(Receipt.id) == col(PayLink.receipt_id))
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .outerjoin(PayLinkLine, col(PayLinkLine.link_id) == col(PayLink.id))
    .where(col(PayLink.user_id) == _ME)
    .order_by(col(PayLink.id), col(PayLinkLine.id))
)  # fmt: skip
