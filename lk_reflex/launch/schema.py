"""Brings the schema up to this version before a command works with the database."""

from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import is_current, migrate
from lk_reflex.domain.identity.demo import demo_people_exist
from lk_reflex.settings import Settings
from lk_reflex.wiring import database

DEMO_LOGINS = (
    "В базе есть логины демонстрации с общеизвестным паролем. Рабочий режим открывает только базу без них: "
    "создайте новую базу и загрузите в неё данные организации."
)
BEHIND = "Схема базы данных другой версии. Выполните: python -m lk_reflex migrate"


def require_schema(settings: Settings) -> None:
    """A demonstration is migrated on the way; in production that is a deliberate step, so Refused is raised.

    As it is over a database that was a demonstration once: everybody knows the way into that one.
    """
    engine = database().engine
    if not is_current(engine):
        if not settings.preview:
            raise Refused(BEHIND)
        migrate(engine)
    if not settings.preview and database().read(demo_people_exist):
        raise Refused(DEMO_LOGINS)
