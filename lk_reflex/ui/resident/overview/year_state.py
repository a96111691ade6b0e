"""What comes to the overview after its first paint: a year of charges and of consumption."""

import reflex as rx

from lk_reflex.core.strain import Strain
from lk_reflex.domain.billing.year import charged_year
from lk_reflex.domain.metering.usage.use import use_of
from lk_reflex.ui.consumption.rows import UseCard, resource_card
from lk_reflex.ui.guard import Turn, resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.overview.year import YearCard, year_card
from lk_reflex.ui.visit import Visit

YEAR_ID = "year"

#: Charts are the first to wait when there is no time for everything.
LAST = Turn(Strain.CHARTS, lambda state: publish(state, put_off=True))


class YearState(rx.State):
    """The charts. `of` tells whose they are: the page shows them only under the account that it shows itself."""

    of: str = ""
    year: YearCard = YearCard()
    uses: list[UseCard] = []
    #: Whether there was no time for them: «Показать» asks again.
    put_off: bool = False

    #: Whether a link to the chart has been followed to its end: a lost connection must not take the focus again.
    _led: bool = False

    @rx.event
    @resident(turn=LAST)
    def load(self, visit: Visit) -> rx.event.EventSpec | None:
        """Draw the account that this tab shows, which may not be the one chosen in another tab meanwhile."""
        account_id = visit.account._account_id
        if not account_id:
            self.reset()
            return None
        use = visit.read(use_of, account_id, now=visit.now)
        publish(
            self,
            of=visit.account.key,
            put_off=False,
            year=year_card(visit.read(charged_year, account_id), use.today),
            uses=[resource_card(one, use.today) for one in use.resources],
        )
        led, self._led = self._led, visit.query("show") == YEAR_ID
        return rx.set_focus(YEAR_ID) if self._led and not led and self.year.rows else None
