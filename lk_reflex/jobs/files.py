"""The sweep of uploaded files keeps away from a backup: what a copied row names must be there to be copied."""

from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.errors import Conflict
from lk_reflex.domain.files.keeping import sweep
from lk_reflex.exchange.lock import exclusive
from lk_reflex.integrations.storage.port import FileStore

#: Held by whoever removes bytes, and by whoever needs them all to stay.
LOCK = "files"
BUSY = "Сейчас убираются старые файлы. Повторите через минуту."


def sweep_files(database: Database, store: FileStore, *, now: datetime) -> bool:
    """Forget a portion of what was never sent; True where there was any. Nothing while a backup is being made."""
    try:
        with exclusive(database, LOCK, BUSY):
            return sweep(database, store, now=now) > 0
    except Conflict:
        return False
