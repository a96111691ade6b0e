"""A sealing application on its way: opened, filled in without a fault, sent."""

from typing import Any

from sqlmodel import select

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Database
from lk_reflex.domain.files.keeping import HELD
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, FIRST, METER_TYPE, PLACE
from lk_reflex.domain.requests.drafts import keep_fields, own_draft
from lk_reflex.domain.requests.passports.own import put
from lk_reflex.domain.requests.sealing.consents import texts
from lk_reflex.domain.requests.sealing.rows import add_meter, open_sealing
from lk_reflex.domain.requests.sealing.sending import send_sealing
from lk_reflex.domain.requests.tables import Request, RequestFile
from tests.cast import NOW, Person

VAULT = Vault(["dGVz" * 10 + "dGU="])
SITE = "https://lk.test"
PASSPORT = {
    "series": "75 01", "number": "246813", "issued_on": "12.05.2014", "code": "740-054",
    "issued_by": "Отделом УФМС России",
}  # fmt: skip
#: Two titles of the first contents: one that needs an act, one that doesn't.
VERIFIED, NEW = FIRST[APPLICATION][2].title, FIRST[APPLICATION][0].title
FIELDS = {"owner": "Здетовецкий Сергей Владимирович", "document": "Паспорт", "phone": "89123456789", "wished": ""}


def meter(**changed: str) -> dict[str, str]:
    """A meter's fields without a fault."""
    return {
        "application": VERIFIED, "type": FIRST[METER_TYPE][0].title, "serial": "58416745412",
        "brand": FIRST[BRAND][0].title, "reading": "0", "verification_due": "20.11.2030",
        "place": FIRST[PLACE][0].title, "installer": "ООО «Счётчики»",
    } | changed  # fmt: skip


def attach(db: Database, person: Person, request_id: int, slot: str) -> str:
    """A file in a place of a request; returns its key."""
    with db.transaction() as writer:
        key = f"file-{request_id}-{slot}".replace(":", "-")
        file = StoredFile(
            key=key, user_id=person.actor.user_id, purpose=HELD, name="акт.pdf", media_type="application/pdf",
            size=10, created_at=NOW,
        )  # fmt: skip
        writer.add(file)
        assert file.id
        writer.add(RequestFile(request_id=request_id, slot=slot, file_id=file.id))
        return key


def filled(db: Database, person: Person, *, files: tuple[str, ...] = ("m1:passport", "m1:act"), **changed: str) -> str:
    """A draft that may be sent; `changed` are fields of its meter. Returns its number."""
    number = db.write(open_sealing, person.actor, now=NOW)
    fields = FIELDS | {f"m1.{name}": text for name, text in meter(**changed).items()}
    db.write(keep_fields, person.actor, number, fields, now=NOW)
    db.write(put, VAULT, person.actor, number, PASSPORT, now=NOW)
    draft = db.read(own_draft, person.actor, number)
    for slot in files:
        attach(db, person, draft.request_id, slot)
    return number


def press(
    db: Database, person: Person, number: str, *, version: int = 1, once_key: str = "press-0001", **more: Any
) -> str:
    """«Отправить»."""
    given = {"consents": texts(), "address": "10.0.0.1", "site": SITE, "now": NOW} | more
    return db.write(send_sealing, VAULT, person.actor, number, version=version, once_key=once_key, **given)


def add_another(db: Database, person: Person, number: str, **changed: str) -> str:
    """One more meter without a fault, with its files; returns its row's key."""
    key = db.write(add_meter, person.actor, number, now=NOW)
    fields = {f"{key}.{name}": text for name, text in meter(**changed).items()}
    db.write(keep_fields, person.actor, number, fields, now=NOW)
    for document in ("passport", "act"):
        attach(db, person, request_id_of(db, number), f"{key}:{document}")
    return key


def request_id_of(db: Database, number: str) -> int:
    """The row's id of a request's number."""
    with db.transaction() as writer:
        return writer.session.exec(select(Request.id).where(Request.number == number)).one()  # pyright: ignore
