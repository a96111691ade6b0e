"""Passports under a newer key: a portion at a time, while people go on typing."""

from collections import Counter
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.crypt import Unreadable, Vault
from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.requests.tables import Request

PORTION = 200
_NEXT = (
    select(col(Request.id), col(Request.passport))
    .where(col(Request.id) > bindparam("after"), col(Request.passport) != "")
    .order_by(col(Request.id))
    .limit(PORTION)
)
#: What its person has typed meanwhile is under the newest key already.
_RENEW = (
    update(Request)
    .where(col(Request.id) == bindparam("of_id"), col(Request.passport) == bindparam("old_token"))
    .values(passport=bindparam("new_token"))
)


def renew_passports(db: Writer, vault: Vault, *, after: int = 0) -> int | None:
    """Encrypt the next portion anew; the last number looked at, None where none is left. Nothing is lost midway."""
    rows = db.rows(_NEXT, after=after)
    for row in rows:
        try:
            fresh = vault.renewed(row.passport)
        except Unreadable:
            continue  # of a key that is gone: told by `check`, and typed anew by people
        if fresh is not None:
            db.change(_RENEW, of_id=row.id, old_token=row.passport, new_token=fresh)
    return rows[-1].id if rows else None


def count_keys(db: Reader, vault: Vault) -> Counter[str]:
    """Key id → how many passports stand under it; what no key opens is counted under an empty id."""
    found: Counter[str] = Counter()
    rows: list[Any] = db.rows(_NEXT, after=0)
    while rows:
        found.update(vault.key_of(row.passport) or "" for row in rows)
        rows = db.rows(_NEXT, after=rows[-1].id)
    return found
