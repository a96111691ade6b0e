"""A person with something in every table, so that nothing can be forgotten."""

import hashlib
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.core.months import Month
from lk_reflex.core.signals import CART, stir
from lk_reflex.domain.accounts.access_tables import AccountGrant, GuestVisit, ReadingLink
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.entry_tables import OneTimeToken, PhoneCode, Registration
from lk_reflex.domain.identity.esia.tables import EsiaBinding, EsiaTry
from lk_reflex.domain.identity.registering.consents import give
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.mail.letter import Letter
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.mail.topics import READINGS, choose
from lk_reflex.domain.metering.tables import CABINET, Meter, ReadingCorrection, SentReading, Submission, WaitingForm
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.payments.tables import (
    MAIN,
    CartAmount,
    CartLine,
    Order,
    OrderLine,
    PayLink,
    PayLinkLine,
    Posting,
    PostingLine,
)
from lk_reflex.domain.push.devices import bind
from lk_reflex.domain.push.topics import choose as choose_push
from lk_reflex.domain.requests.drafts import keep_fields
from tests.cast import NOW, TODAY
from tests.identity.people import alter, give_password
from tests.requests.sealing.applications import filled, press

HOUR = timedelta(hours=1)


def live(db, cast, person, mark):
    """Fill every table for this person; `mark` stands in every text that is theirs alone."""
    me, email = person.actor.user_id, person.actor.email
    give_password(db, person)
    alter(db, person, phone="+79123456789", phone_confirmed_at=NOW)
    account = cast.flat if person is not cast.stranger else cast.house
    with db.transaction() as writer:
        give(writer, me, {"terms": "2026-11-01", "consent": "2026-11-01"}, address="10.1.1.1", now=NOW)
        writer.add(
            EsiaBinding(
                user_id=me,
                oid=f"oid-{mark}",
                name=f"ИМЯ {mark}",
                surname_key=f"фамилия {mark}",
                trusted=True,
                bound_at=NOW,
            )
        )
        writer.add(
            EsiaTry(
                state_hash=f"state-{mark}",
                browser_hash="b",
                purpose="bind",
                user_id=me,
                created_at=NOW,
                expires_at=NOW + HOUR,
            )
        )
        writer.add(
            OneTimeToken(
                token_hash=f"token-{mark}",
                purpose="email",
                user_id=me,
                email=f"new-{mark}@example.org",
                created_at=NOW,
                expires_at=NOW + HOUR,
            )
        )
        writer.add(
            PhoneCode(user_id=me, phone="+79990000000", code_hash=f"code-{mark}", created_at=NOW, expires_at=NOW + HOUR)
        )
        writer.add(
            Registration(
                token_hash=f"registration-{mark}", email=email, email_key=email, created_at=NOW, expires_at=NOW + HOUR
            )
        )
        choose(writer, me, READINGS, False, now=NOW)
        _phones(writer, me, mark)
        _grants(writer, cast, person, mark, account)
        _readings(writer, cast, me, mark, account)
        receipt = Receipt(account_id=account, kind=f"Вид {mark}", month=Month.of(TODAY), issued_on=TODAY)
        writer.add(receipt)
        line = CartLine(user_id=me, receipt_id=receipt.id, added_at=NOW)
        writer.add(line)
        writer.add(CartAmount(cart_line_id=line.id, service="ХВС", part=MAIN, amount=50_00))
        _payments(writer, cast, person, mark, account, receipt.id)
        _early(writer, me, mark, account)
        _reminded(writer, me, mark, account)
        _letters(writer, email, mark)
        note(writer, "password-changed", now=NOW, actor_id=me, user_id=me, address="10.1.1.1")
        note(writer, "access-given", now=NOW, actor_id=me, account_id=account, address="10.1.1.1")
        note(writer, "reset-asked", now=NOW, user_id=me, address="203.0.113.77")
    _requests(db, person, mark)


def _requests(db, person, mark):
    """An application that was sent, with passport, files and consents, and a draft of another one."""
    sent = filled(db, person)
    db.write(keep_fields, person.actor, sent, {"owner": f"Мария {mark}", "phone": "+79123456789"}, now=NOW)
    press(db, person, sent, once_key=f"press-of-{person.actor.user_id:05}")
    draft = filled(db, person)
    db.write(keep_fields, person.actor, draft, {"owner": f"Черновик {mark}"}, now=NOW)


def _phones(writer, me, mark):
    """One that is bound, with a message that waits for it, and a topic switched off."""
    bind(writer, me, f"phone-token-of-{mark}", "android", f"Телефон {mark}", vault=Vault([new_key()]), now=NOW)
    tell(writer, me, f"Заявка {mark}", kind="request", now=NOW)
    choose_push(writer, me, "payment", False, now=NOW)


def _grants(writer, cast, person, mark, account):
    """One given to somebody who has taken it up, one received and not yet taken up."""
    given = AccountGrant(
        account_id=account,
        granted_by=person.actor.user_id,
        email=f"given-{mark}@example.org",
        email_key=f"given-{mark}@example.org",
        name=f"Мама {mark}",
        created_at=NOW,
    )
    writer.add(given)
    guest = cast.operator.actor.user_id
    known = writer.connection.execute(
        select(col(AccountLink.id))
        .where(col(AccountLink.user_id) == guest, col(AccountLink.account_id) == account)
        .order_by(AccountLink.id)
    ).first()
    if not known:
        writer.add(AccountLink(user_id=guest, account_id=account, linked_at=NOW, grant_id=given.id))
    writer.add(
        AccountGrant(
            account_id=cast.house,
            granted_by=cast.stranger.actor.user_id,
            email=person.actor.email,
            email_key=person.actor.email,
            name="Сосед",
            created_at=NOW,
        )
    )


def _readings(writer, cast, me, mark, account):
    meter = Meter(
        organization_id=cast.organization,
        account_id=account,
        code=mark,
        serial=f"серия {mark}",
        name="ГВС",
        resource="ГВС",
    )
    writer.add(meter)
    sent = Submission(key=f"key-{mark}", account_id=account, user_id=me, source=CABINET, created_at=NOW)
    writer.add(sent)
    reading = SentReading(
        submission_id=sent.id, meter_id=meter.id, period=Month.of(TODAY), taken_on=TODAY, value=12_345, volume=-500
    )
    writer.add(reading)
    writer.add(
        ReadingCorrection(
            key=f"correction-of-{me}", sent_reading_id=reading.id, account_id=account, user_id=me, value=12_350,
            taken_on=TODAY, explanation=f"Объяснение {mark}", created_at=NOW,
        )
    )  # fmt: skip


def _payments(writer, cast, person, mark, account, receipt):
    """A link, a paid order of which a part came back, and one that waits at the bank."""
    me, email = person.actor.user_id, person.actor.email
    stir(writer, me, CART, now=NOW)
    times = {"created_at": NOW, "expires_at": NOW + HOUR}
    link = PayLink(key=f"pay-{mark}", user_id=me, receipt_id=receipt, receipt_due=70_00, **times)
    writer.add(link)
    writer.add(PayLinkLine(link_id=link.id, service="ХВС", part=MAIN, amount=70_00))
    sums = {"amount": 100_00, "commission": 1_00, "total": 101_00}
    about = {"user_id": me, "organization_id": cast.organization, "gateway": "rbs", "email": email, **sums, **times}
    paid = Order(
        number=f"26112000{me:06}", once_key=f"once-{me}", status="paid", captured=101_00, refunded=30_00,
        card=f"411111**{mark}", paid_at=NOW, **about,
    )  # fmt: skip
    writer.add(paid)
    waits = Order(number=f"26112001{me:06}", once_key=f"twice-{me}", status="waiting", link_id=link.id, **about)
    writer.add(waits)
    for order in (paid, waits):
        about = {"account_id": account, "receipt_id": receipt, "service": "ХВС", "part": MAIN, "receipt_due": 100_00}
        line = OrderLine(order_id=order.id, amount=100_00, **about)
        writer.add(line)
        if order is paid:
            for key, amount, commission in (("paid", 101_00, 1_00), ("refund", -30_00, 0)):
                posting = Posting(
                    order_id=order.id, once_key=f"{key}:{order.id}", amount=amount, commission=commission,
                    created_at=NOW,
                )  # fmt: skip
                writer.add(posting)
                writer.add(PostingLine(posting_id=posting.id, order_line_id=line.id, amount=amount - commission))


def _early(writer, me, mark, account):
    """A form that couldn't be sent when its window opened, and a photo that waits for the next one."""
    times = {"created_at": NOW, "settled_at": NOW, "outcome": "refused", "opens_on": TODAY, "taken_on": TODAY}
    writer.add(
        WaitingForm(
            key=f"early-of-{me}", user_id=me, account_id=account, entries={"m0-1": f"124 {mark}"},
            reason=f"Не сошлось {mark}", period=Month.of(TODAY), **times,
        )
    )  # fmt: skip
    writer.add(
        StoredFile(
            key=f"file-{me}", user_id=me, account_id=account, purpose="reading", slot="m1", name=f"Снимок {mark}.jpg",
            media_type="image/jpeg", size=1000, created_at=NOW,
        )
    )  # fmt: skip


def _reminded(writer, me, mark, account):
    """A line of the feed, its letter's link, and the visit that such a link has opened."""
    tell(writer, me, f"Уведомление {mark}", kind="readings", now=NOW, account_id=account)
    times = {"created_at": NOW, "expires_at": NOW + HOUR}
    writer.add(ReadingLink(token_hash=f"link-{mark}", user_id=me, account_id=account, **times))
    writer.add(GuestVisit(token_hash=f"visit-{mark}", user_id=me, account_id=account, address="10.1.1.1", **times))


def _letters(writer, email, mark):
    """One that waits with its link, one that went."""
    queue(writer, email, Letter(f"Тема {mark}", ("ссылка",)), kind="reset", now=NOW)
    queue(writer, f"new-{mark}@example.org", Letter("Тема", ("ссылка",)), kind="email-change", now=NOW)
    writer.add(
        OutgoingMail(
            message_id=hashlib.sha256(mark.encode()).hexdigest(),
            kind="receipts",
            recipient=email,
            subject="Тема",
            plain="",
            html="",
            created_at=NOW,
            next_try_at=NOW,
            settled_at=NOW,
            sent_at=NOW,
        )
    )
