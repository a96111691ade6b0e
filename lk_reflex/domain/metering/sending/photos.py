"""Photos of meters: one for each in a form, kept through faults and questions, and sent with the readings."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, exists, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.files.keeping import UNSENT_FOR, Brought, admit, bring, drop, turns
from lk_reflex.domain.files.pictures import MEDIA_TYPE, BadPicture, make_picture
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.metering.tables import Meter, ReadingPhoto
from lk_reflex.integrations.storage.port import FileStore

PURPOSE = "reading"
PHOTO = "photo"
NO_METER = "Такого прибора учёта на этом лицевом счете нет. Обновите страницу"

_MAY = select(col(Meter.id)).where(
    col(Meter.id) == bindparam("meter_id"),
    col(Meter.account_id) == bindparam("account_id"),
    owned(col(Meter.account_id), "send"),
)
#: A photo that a sending has is that sending's for good, whatever key a form names.
_NOT_SENT = ~exists().where(col(ReadingPhoto.file_id) == col(StoredFile.id))
_MINE = (
    col(StoredFile.user_id) == bindparam("user_id"),
    col(StoredFile.account_id) == bindparam("account_id"),
    col(StoredFile.purpose) == PURPOSE,
    _NOT_SENT,
)
_UNSENT = (
    col(StoredFile.attached_at).is_(None),
    col(StoredFile.created_at) > bindparam("since", type_=UtcTime()),
)
#: The newest last: it is the one that counts for its meter.
_WAITING = (
    select(col(StoredFile.id), col(StoredFile.key), col(StoredFile.slot))
    .where(*_MINE, *_UNSENT)
    .order_by(col(StoredFile.id))
)
_FOR_FORM = (
    select(col(StoredFile.id), col(StoredFile.key), col(StoredFile.slot))
    .where(*_MINE, or_(_UNSENT[0] & _UNSENT[1], col(StoredFile.form_key) == bindparam("form_key")))
    .order_by(col(StoredFile.id))
)
_ATTACH = (
    update(StoredFile)
    .where(col(StoredFile.id) == bindparam("of_id"))
    .values(attached_at=bindparam("now"), form_key=bindparam("of_form"))
)
_RELEASE = (
    update(StoredFile)
    .where(
        col(StoredFile.form_key) == bindparam("of_form"),
        col(StoredFile.purpose) == PURPOSE,
        col(StoredFile.user_id) == bindparam("of_user"),
        col(StoredFile.account_id) == bindparam("of_account"),
        _NOT_SENT,
    )
    .values(attached_at=None, form_key="", created_at=bindparam("now"))
)
_SENT = (
    select(col(ReadingPhoto.submission_id), col(StoredFile.key))
    .join(StoredFile, col(StoredFile.id) == col(ReadingPhoto.file_id))
    .where(col(ReadingPhoto.meter_id) == bindparam("meter_id"))
)


def slot_of(meter_id: int) -> str:
    """The place of a meter's photo in a form: «m12»."""
    return f"m{meter_id}"


def add_photo(
    database: Database, store: FileStore, actor: Actor, account_id: int, meter_id: int, name: str, data: bytes, *,
    now: datetime,
) -> str:  # fmt: skip
    """Take a photo for a meter's next sending, in the place of an earlier one; returns its key.

    Unpacks the picture: call it on a thread for that. Raises NotFound for a meter that the actor may not send for,
    Invalid for `photo` with what is wrong with the file, Refused over the day's quota or while another one of theirs is
    under way, Unavailable.
    """
    if database.read(_may, actor, account_id, meter_id) is None:
        raise NotFound(NO_METER)
    with turns.turn(actor.user_id):
        database.write(admit, actor, now=now)
        try:
            picture = make_picture(data)
        except BadPicture as fault:
            raise Invalid({PHOTO: str(fault)}) from None
        file = Brought(account_id, PURPOSE, slot_of(meter_id), name, MEDIA_TYPE, picture)
        key = bring(database, store, actor, file, now=now)
    database.write(_drop_all, actor, account_id, meter_id, but=key, now=now)
    return key


def remove_photo(db: Writer, actor: Actor, account_id: int, meter_id: int, *, now: datetime) -> None:
    """Take a photo that isn't sent yet out of the form; a repeat is quiet."""
    _drop_all(db, actor, account_id, meter_id, now=now)


def unsent_photos(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> Mapping[int, str]:
    """Keys by meter of the photos that the actor has added and not sent yet."""
    rows = db.rows(_WAITING, user_id=actor.user_id, account_id=account_id, since=now - UNSENT_FOR)
    return {int(row.slot[1:]): row.key for row in rows}


def sent_photos(db: Reader, meter_id: int) -> Mapping[int, str]:
    """Keys by submission of a meter's photos. The caller has proven that the meter may be seen."""
    return {row.submission_id: row.key for row in db.rows(_SENT, meter_id=meter_id)}


def attach(
    db: Writer, user_id: int, account_id: int, meters: Iterable[int], submission_id: int, form_key: str, *,
    now: datetime,
) -> None:  # fmt: skip
    """Send the photos of these meters along, in the transaction that stores their readings."""
    found = db.rows(
        _FOR_FORM, user_id=user_id, account_id=account_id, form_key=form_key, since=now - UNSENT_FOR
    )  # fmt: skip
    newest = {row.slot: row.id for row in found}
    for meter_id in meters:
        file_id = newest.get(slot_of(meter_id))
        if file_id is not None:
            db.change(_ATTACH, of_id=file_id, of_form=form_key, now=now)
            db.add(ReadingPhoto(submission_id=submission_id, meter_id=meter_id, file_id=file_id))


def keep_for(
    db: Writer, user_id: int, account_id: int, meters: Iterable[int], form_key: str, *, now: datetime
) -> None:  # fmt: skip
    """Keep the photos of a form that waits for its window longer than a day."""
    rows = db.rows(_WAITING, user_id=user_id, account_id=account_id, since=now - UNSENT_FOR)
    newest = {row.slot: row.id for row in rows}
    for meter_id in meters:
        if slot_of(meter_id) in newest:
            db.change(_ATTACH, of_id=newest[slot_of(meter_id)], of_form=form_key, now=now)


def release(db: Writer, user_id: int, account_id: int, form_key: str, *, now: datetime) -> None:
    """Give the photos of a person's form that won't be sent back to the next one; a day later they go."""
    db.change(_RELEASE, of_user=user_id, of_account=account_id, of_form=form_key, now=now)


def _may(db: Reader, actor: Actor, account_id: int, meter_id: int) -> int | None:
    return db.value(_MAY, account_id=account_id, meter_id=meter_id, **actor.owning)


def _drop_all(
    db: Writer, actor: Actor, account_id: int, meter_id: int, *, now: datetime, but: str = ""
) -> None:  # fmt: skip
    since = now - UNSENT_FOR
    for row in db.rows(_WAITING, user_id=actor.user_id, account_id=account_id, since=since):
        if row.slot == slot_of(meter_id) and row.key != but:
            drop(db, row.key)
