"""«Данные на 22.11.2026, 10:00»: how fresh billing's figures are."""

from datetime import date, datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.billing.freshness import newest_import
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


def show_fresh(visit: Visit, account: LinkedAccount | None, *, issued_on: date | None = None) -> None:
    """Publish it for the pages of an account.

    Before the first import it is the day on which the newest receipt was issued, and nothing where none is known.
    """
    moment = visit.database.read(newest_import) if account else None
    if account and moment:
        said = _fresh_words(moment, account.time_zone)
    else:
        said = f"Данные на {format_date(issued_on)}" if issued_on else ""
    publish(visit.account, fresh=said)


def _fresh_words(moment: datetime, time_zone: str) -> str:
    """The sentence, by the organization's clock."""
    local = local_time(moment, time_zone)
    return f"Данные на {format_date(local.date())}, {local:%H:%M}"
