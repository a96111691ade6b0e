"""Removes what has had its time: expired links, codes and visits, old tries and letters, what the gone have left."""

import logging
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.signals import forget_old_signals
from lk_reflex.domain.accounts.cleaning import forget_old_visits
from lk_reflex.domain.identity.cleaning import forget_old_entries
from lk_reflex.domain.mail.delivery import prune
from lk_reflex.domain.metering.sending.typed import forget_old_typed
from lk_reflex.domain.notifications.cleaning import forget_old_lines
from lk_reflex.domain.personal_data.forgetting import forget_the_gone
from lk_reflex.domain.push.delivery import forget_old_messages
from lk_reflex.domain.requests.leftovers import forget_empty_drafts
from lk_reflex.domain.requests.passports.wiping import wipe_old_passports

log = logging.getLogger(__name__)
_STEPS = (
    forget_old_entries,
    forget_old_visits,
    forget_old_typed,
    prune,
    forget_old_lines,
    forget_old_messages,
    forget_old_signals,
    forget_the_gone,
    wipe_old_passports,
    forget_empty_drafts,
)


def clean(database: Database, *, now: datetime) -> bool:
    """Remove a portion of each; True while there is more."""
    gone = sum(database.write(step, now=now) for step in _STEPS)
    if gone:
        log.info("cleaning: %d rows", gone)
    return gone > 0
