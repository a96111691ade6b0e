"""Brings the schema up to this version before a command works with the database."""

from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import AHEAD, Standing, migrate, standing
from lk_reflex.domain.identity.demo import demo_people_exist
from lk_reflex.settings import Settings
from lk_reflex.wiring import database

DEMO_LOGINS = (
    "В базе есть логины демонстрации с общеизвестным паролем. Рабочий режим открывает только базу без них: "
    "создайте новую базу и загрузите в неё данные организации."
)
BEHIND = "База данных старше этой версии кабинета. Выполните: python -m lk_reflex migrate"


def require_schema(settings: Settings) -> None:
    """A demonstration is migrated on the way; in production that is a deliberate step, so Refused is raised.

    The schema may be newer than this code where it is declared to work with it: while a version is being rolled out.
    Refused is raised where it isn't, as it is over a database that was a demonstration once: everybody knows the way
    into that one.
    """
    stands = standing(database().engine)
    if stands is Standing.FOREIGN:
        raise Refused(AHEAD)
    if stands is Standing.OLDER:
        if not settings.preview:
            raise Refused(BEHIND)
        bring_up()
    if not settings.preview and database().read(demo_people_exist):
        raise Refused(DEMO_LOGINS)


def bring_up() -> None:
    """Migrate this process's database; see `core.migrations.migrate` for what it raises."""
    migrate(database().engine)
