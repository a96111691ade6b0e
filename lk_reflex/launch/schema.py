"""Brings the schema up to this version before a command works with the database."""

from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import is_current, migrate
from lk_reflex.settings import Settings
from lk_reflex.wiring import database

BEHIND = "Схема базы данных другой версии. Выполните: python -m lk_reflex migrate"


def require_schema(settings: Settings) -> None:
    """A demonstration is migrated on the way; in production that is a deliberate step, so Refused is raised."""
    engine = database().engine
    if is_current(engine):
        return
    if not settings.preview:
        raise Refused(BEHIND)
    migrate(engine)
