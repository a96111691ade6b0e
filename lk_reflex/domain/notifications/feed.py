"""Telling a person something in the cabinet, in the transaction that causes it."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.signals import FEED, stir
from lk_reflex.domain.notifications.tables import Notification
from lk_reflex.domain.push.outbox import push
from lk_reflex.domain.push.topics import Words

_NAMES = ("user_id", "account_id", "kind", "title", "body", "link", "once_key", "created_at")


def _insert(maker: Any) -> Any:
    row = {name: bindparam(f"of_{name}") for name in _NAMES}
    insert = maker.insert(Notification).values(row).on_conflict_do_nothing(index_elements=["once_key"])
    # The driver of PostgreSQL tells no number of rows of an INSERT; the row itself tells.
    return insert.returning(col(Notification.id))


_INSERT = {"sqlite": _insert(sqlite), "postgresql": _insert(postgresql)}


def tell(
    db: Writer,
    user_id: int,
    title: str,
    body: str = "",
    *,
    kind: str,
    now: datetime,
    link: str = "",
    account_id: int | None = None,
    once_key: str | None = None,
    pushed: Words | None = None,
) -> bool:
    """Add a line to a person's feed and to their phones; False where one with this `once_key` is there already.

    `link` is a path of this site («/readings»), `kind` groups lines («readings», «verification») and is the topic of
    phones. A phone shows the kind's own words or those `pushed`, never the line's, which may name a flat.
    """
    given = {
        "of_user_id": user_id,
        "of_account_id": account_id,
        "of_kind": kind,
        "of_title": title,
        "of_body": body,
        "of_link": link,
        "of_once_key": once_key,
        "of_created_at": now,
    }
    db.session.flush()
    told = db.connection.execute(_INSERT[db.connection.dialect.name], given).first()
    if told is None:
        return False
    stir(db, user_id, FEED, now=now)
    push(db, user_id, kind, once_key=f"feed:{told.id}", now=now, words=pushed)
    return True
