"""What of entering is forgotten, and when."""

from datetime import datetime, timedelta

from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.pruning import older_than, prune
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.entry_tables import Captcha, OneTimeToken, PhoneCode, Registration
from lk_reflex.domain.identity.esia.tables import EsiaTry, EsiaVisitor
from lk_reflex.domain.identity.registering import waiting
from lk_reflex.domain.identity.sessions import IDLE
from lk_reflex.domain.identity.tables import Attempt, UserSession

#: So long a link out of an old letter still says «срок ссылки истёк» with a way on, and not that there is no such link.
LINKS = timedelta(days=7)
_STEPS = (
    # As long as a new link can be asked for.
    (older_than(Registration, col(Registration.created_at)), waiting.KEPT),
    (older_than(OneTimeToken, col(OneTimeToken.expires_at)), LINKS),
    (older_than(PhoneCode, col(PhoneCode.expires_at)), timedelta(days=1)),
    (older_than(Captcha, col(Captcha.expires_at)), timedelta(0)),
    (older_than(EsiaTry, col(EsiaTry.expires_at)), timedelta(0)),
    # Names and addresses of people who never became ours.
    (older_than(EsiaVisitor, col(EsiaVisitor.expires_at)), timedelta(0)),
    (older_than(Attempt, col(Attempt.at)), attempts.KEPT),
    # Addresses and browsers; one that was ended by hand stays as long, for who looks over what was theirs.
    (older_than(UserSession, col(UserSession.expires_at)), timedelta(0)),
    (older_than(UserSession, col(UserSession.seen_at)), IDLE),
)


def forget_old_entries(db: Writer, *, now: datetime) -> int:
    """Delete a portion of each; returns how many rows went."""
    return sum(prune(db, statement, now - kept) for statement, kept in _STEPS)
