"""What `python -m lk_reflex check` prints: the settings with secrets masked, and whether the database answers."""

from lk_reflex.core.migrations import is_current
from lk_reflex.settings import Settings
from lk_reflex.wiring import database


def report(settings: Settings) -> tuple[list[str], bool]:
    """Lines for people, and whether everything is as it should be."""
    lines = [f"{name} = {value}" for name, value in settings.masked().items()]
    state, good = _database()
    return [*lines, f"База данных: {state}"], good


def _database() -> tuple[str, bool]:
    try:
        current = is_current(database().engine)
    except Exception as fault:  # noqa: BLE001  any reason is an answer here
        return f"не отвечает ({type(fault).__name__})", False
    if current:
        return "отвечает, схема этой версии", True
    return "отвечает, но схема другой версии: выполните python -m lk_reflex migrate", False
