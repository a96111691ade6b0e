"""Несколько квитанций в одном файле: which, and no more than can be drawn while somebody waits."""

from datetime import date

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.listing import documents_of
from lk_reflex.domain.documents.paper import papers_of
from lk_reflex.domain.identity.access import Actor

#: About a second of one core, and what a person would print in one go: a year of three kinds.
MOST = 36
NONE = "За эти месяцы квитанций нет. Выберите другие."


def papers_of_period(db: Reader, actor: Actor, account_id: int, first: Month, last: Month) -> tuple[Paper, ...]:
    """The receipts of those months, both included and whichever is named first, oldest first.

    Raises Refused where nothing was issued, or there are more than MOST.
    """
    first, last = min(first, last), max(first, last)
    # Counted before anything is read in full.
    listed = documents_of(db, actor, account_id, today=date.min)
    number = sum(first <= document.month <= last for document in listed)
    if not number:
        raise Refused(NONE)
    if number > MOST:
        raise Refused(f"За эти месяцы квитанций {number}, а в один файл помещается {MOST}. Выберите меньше месяцев.")
    return papers_of(db, actor, account_id, first, last)
