"""The phones of a person. A phone's address at the push service is kept encrypted; a hash of it finds it again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from lk_reflex.core.crypt import Unreadable, Vault
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.text import visible
from lk_reflex.domain.push.tables import PushDevice

TOKEN, PLATFORM = "token", "platform"
PLATFORMS: Final = {"android": "Android", "ios": "iOS", "huawei": "Huawei", "rustore": "Android (RuStore)"}
#: Of one person; a further one takes the place of the oldest, which is in a drawer by then.
MOST = 10
SHORTEST_TOKEN, LONGEST_TOKEN, LONGEST_NAME = 16, 2048, 60
BAD_TOKEN = "Неверный адрес телефона в службе уведомлений"  # noqa: S105
BAD_PLATFORM = "Неизвестная платформа приложения"
NO_DEVICE = "Этот телефон уже отвязан"
PORTION = 200

_BY_HASH = select(col(PushDevice.id), col(PushDevice.user_id)).where(
    col(PushDevice.token_hash) == bindparam("token_hash")
)
_MINE = (
    select(col(PushDevice.id), col(PushDevice.platform), col(PushDevice.name), col(PushDevice.created_at))
    .where(col(PushDevice.user_id) == bindparam("user_id"))
    .order_by(col(PushDevice.created_at).desc(), col(PushDevice.id).desc())
)
_OF_IT = col(PushDevice.id) == bindparam("of_id")
_DROP = delete(PushDevice).where(_OF_IT)
_DROP_MINE = delete(PushDevice).where(_OF_IT, col(PushDevice.user_id) == bindparam("of_user"))
_RENAME = (
    update(PushDevice)
    .where(_OF_IT, col(PushDevice.user_id) == bindparam("of_user"))
    .values(name=bindparam("called"), platform=bindparam("of_platform"))
)
_SEALED = (
    select(col(PushDevice.id), col(PushDevice.token))
    .where(col(PushDevice.id) > bindparam("after"))
    .order_by(col(PushDevice.id))
    .limit(PORTION)
)
_RESEAL = (
    update(PushDevice)
    .where(_OF_IT, col(PushDevice.token) == bindparam("old_token"))
    .values(token=bindparam("new_token"))
)


@dataclass(frozen=True, slots=True)
class Device:
    """A phone as its person sees it; `platform` as people call it."""

    device_id: int
    name: str
    platform: str
    bound_at: datetime


def bind(
    db: Writer, user_id: int, token: str, platform: str, name: str, *, vault: Vault, now: datetime
) -> tuple[int, bool]:
    """Bind a phone, or find it bound already; returns its id and whether it is new to this person.

    A phone has one person: whoever signs in on it last. Raises Invalid for «token» or «platform».
    """
    _check(token, platform)
    called = " ".join(visible(name).split())[:LONGEST_NAME] or PLATFORMS[platform]
    known = db.first(_BY_HASH, token_hash=token_hash(token))
    if known is not None and known.user_id == user_id:
        db.change(_RENAME, of_id=known.id, of_user=user_id, called=called, of_platform=platform)
        return known.id, False
    if known is not None:
        # With what waits for its former person: the phone is somebody else's now.
        db.change(_DROP, of_id=known.id)
    for old in db.rows(_MINE, user_id=user_id)[MOST - 1 :]:
        db.change(_DROP, of_id=old.id)
    device = PushDevice(
        user_id=user_id, token_hash=token_hash(token), token=vault.seal(token), platform=platform, name=called,
        created_at=now,
    )  # fmt: skip
    db.add(device)
    assert device.id
    return device.id, True


def unbind(db: Writer, user_id: int, device_id: int) -> None:
    """«Отвязать». Raises NotFound for what isn't the person's."""
    if not db.change(_DROP_MINE, of_id=device_id, of_user=user_id):
        raise NotFound(NO_DEVICE)


def unbind_token(db: Writer, user_id: int, token: str) -> bool:
    """The same by the phone itself; False where it isn't bound to this person."""
    known = db.first(_BY_HASH, token_hash=token_hash(token))
    return known is not None and db.change(_DROP_MINE, of_id=known.id, of_user=user_id) == 1


def forget_device(db: Writer, device_id: int) -> None:
    """The push service knows it no more; what waits for it goes along."""
    db.change(_DROP, of_id=device_id)


def devices_of(db: Reader, user_id: int) -> tuple[Device, ...]:
    """The person's phones, newest first."""
    rows = db.rows(_MINE, user_id=user_id)
    return tuple(Device(row.id, row.name, PLATFORMS.get(str(row.platform), ""), row.created_at) for row in rows)


def token_hash(token: str) -> str:
    """By which a phone is found: the token itself is as random as a key."""
    return hashlib.sha256(b"lk-push:" + token.encode("utf-8", "replace")).hexdigest()


def renew_tokens(db: Writer, vault: Vault, *, after: int = 0) -> int | None:
    """Put a portion under the newest key; returns the last id that was looked at, None at the end.

    What no key opens any more is left: the phone binds itself anew at its next start.
    """
    rows = db.rows(_SEALED, after=after)
    for row in rows:
        try:
            fresh = vault.renewed(row.token)
        except Unreadable:
            continue
        if fresh is not None:
            db.change(_RESEAL, of_id=row.id, old_token=row.token, new_token=fresh)
    return rows[-1].id if rows else None


def _check(token: str, platform: str) -> None:
    fit = SHORTEST_TOKEN <= len(token) <= LONGEST_TOKEN and token.isascii() and token.isprintable()
    if not fit or " " in token:
        raise Invalid({TOKEN: BAD_TOKEN})
    if platform not in PLATFORMS:
        raise Invalid({PLATFORM: BAD_PLATFORM})
