"""Handing a message to a person's phones, in the transaction that causes it; the worker sends it."""

from datetime import datetime

from sqlalchemy import and_, bindparam, func, select, true
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.push.tables import PushChoice, PushDevice, PushMessage
from lk_reflex.domain.push.topics import Words, topic_of

_WANTING = (
    select(col(PushDevice.id))
    .outerjoin(
        PushChoice,
        and_(col(PushChoice.user_id) == col(PushDevice.user_id), col(PushChoice.topic) == bindparam("topic")),
    )
    .where(col(PushDevice.user_id) == bindparam("user_id"), func.coalesce(col(PushChoice.wanted), true()))
    .order_by(col(PushDevice.id))
)


def push(db: Writer, user_id: int, kind: str, *, once_key: str, now: datetime, words: Words | None = None) -> int:
    """Have the person's phones told of a line of the feed; returns how many will be.

    `words` where the kind's own say too little. A second message with the same `once_key` breaks the unique key.
    """
    topic = topic_of(kind)
    if topic is None:
        return 0
    said = words or topic.words
    payload: dict[str, object] = {"kind": kind, "title": said.title, "body": said.body, "number": said.number}
    phones = db.rows(_WANTING, user_id=user_id, topic=kind)
    for phone in phones:
        db.add(
            PushMessage(
                device_id=phone.id, once_key=f"{once_key}:{phone.id}", payload=payload, created_at=now, next_try_at=now
            )
        )
    return len(phones)
