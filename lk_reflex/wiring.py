"""Picks what this process works with: its database, by the settings."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from lk_reflex.core.db import Database
from lk_reflex.settings import get_settings


@lru_cache(maxsize=1)
def database() -> Database:
    """The database of this process; opened at the first use."""
    return _opened()


def _opened() -> Database:
    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.db_url, threads=settings.database_threads)


@lru_cache(maxsize=1)
def password_threads() -> ThreadPoolExecutor:
    """Where bcrypt runs: one thread a core at most, so that ten sign-ins at once don't stop everybody."""
    return ThreadPoolExecutor(2, thread_name_prefix="lk-password")
