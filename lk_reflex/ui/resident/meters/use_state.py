"""What comes to the meters' page after its first paint: a chart for each meter."""

import reflex as rx

from lk_reflex.core.strain import Strain
from lk_reflex.domain.metering.usage.use import use_of
from lk_reflex.ui.consumption.rows import UseCard, meter_card
from lk_reflex.ui.guard import Turn, resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

#: Charts are the first to wait when there is no time for everything.
LAST = Turn(Strain.CHARTS, lambda state: publish(state, put_off=True))


class MetersUse(rx.State):
    """The charts. `of` tells whose they are: the page shows them only under the account that it shows itself."""

    of: str = ""
    uses: list[UseCard] = []
    #: Whether there was no time for them: «Показать» asks again.
    put_off: bool = False

    @rx.event
    @resident(turn=LAST)
    def load(self, visit: Visit) -> None:
        """Draw the account that this tab shows, which may not be the one chosen in another tab meanwhile."""
        account_id = visit.account._account_id
        if not account_id:
            self.reset()
            return
        use = visit.read(use_of, account_id, now=visit.now)
        publish(self, of=visit.account.key, put_off=False, uses=[meter_card(one, use.today) for one in use.meters])
