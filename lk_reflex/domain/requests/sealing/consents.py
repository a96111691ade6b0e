"""The two consents of a sealing application: which texts, in which versions, and that they were given."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict
from lk_reflex.domain.identity.registering.documents import SEALING_ACCESS, SEALING_CONSENT, current
from lk_reflex.domain.requests.tables import RequestConsent

#: The fault of a consent that wasn't given has its document's name.
MISSING: Mapping[str, str] = {
    SEALING_CONSENT: (
        "Без согласия на обработку персональных данных заявку не принять. Прочитайте его и поставьте отметку"
    ),
    SEALING_ACCESS: "Без доступа к коммуникациям счётчик не опломбировать. Поставьте отметку, что предоставите его",
}
CHANGED_TEXT = "Текст согласия за это время обновился. Обновите страницу, прочитайте его и отправьте заявку снова"

_GIVEN = select(col(RequestConsent.id)).where(
    col(RequestConsent.request_id) == bindparam("request_id"),
    col(RequestConsent.document) == bindparam("document"),
    col(RequestConsent.version) == bindparam("version"),
)


def texts() -> dict[str, str]:
    """Document → the version that holds now: what the form shows and brings back."""
    return {name: current(name).version for name in MISSING}


def consent_faults(given: Mapping[str, str]) -> dict[str, str]:
    """What is missing. Raises Conflict where another version than the present one was shown."""
    faults = {name: sentence for name, sentence in MISSING.items() if not given.get(name)}
    if not faults and any(given[name] != version for name, version in texts().items()):
        raise Conflict(CHANGED_TEXT)
    return faults


def record(db: Writer, request_id: int, given: Mapping[str, str], *, address: str, now: datetime) -> None:
    """Keep that they were given; the same version given again with a correction is known already."""
    for name in MISSING:
        version = given[name]
        if db.first(_GIVEN, request_id=request_id, document=name, version=version) is None:
            consent = RequestConsent(
                request_id=request_id, document=name, version=version, given_at=now, address=address[:64]
            )
            db.add(consent)
