"""What serving takes: of a production its own database, name and proxy, of several processes what they share."""

from lk_reflex.settings.addresses import Addresses
from lk_reflex.settings.fields import Fields
from lk_reflex.settings.keys import MIN_SECRET
from lk_reflex.settings.rules import https

#: Of the token for the metrics: they tell nothing of anybody, and yet aren't for everybody.
MIN_TOKEN = 16
#: The cabinet itself speaks no TLS, so behind https there always is a proxy of ours; unless it is counted, all people
#: share its address, and the first twenty wrong passwords of anybody make everybody wait.
NO_PROXY = (
    "LK_TRUSTED_PROXY_HOPS: укажите, сколько своих прокси стоит перед кабинетом (обычно 1: тот, что принимает https). "
    "Без этого у всех посетителей один адрес, и чужие ошибки при входе задержат каждого."
)
ONE_PROCESS = (
    "LK_WORKERS: несколько процессов кабинета работают только с PostgreSQL (LK_DATABASE_URL) и Redis (LK_REDIS_URL): "
    "у одного процесса нет того, что помнит другой."
)


def store_faults(settings: Fields) -> list[str]:
    """What of a database, a Redis and a secret is missing; a demonstration has its own, or does without."""
    if settings.preview:
        return []
    faults: list[str] = []
    url = settings.database_url.get_secret_value()
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        faults.append("LK_DATABASE_URL: в рабочем режиме нужен адрес PostgreSQL (postgresql://…).")
    if not settings.redis_url.get_secret_value():
        faults.append("LK_REDIS_URL: в рабочем режиме нужен адрес Redis (redis://…).")
    if len(settings.secret_key.get_secret_value()) < MIN_SECRET:
        faults.append(f"LK_SECRET_KEY: нужен секретный ключ не короче {MIN_SECRET} знаков.")
    return faults


def site_faults(settings: Fields) -> list[str]:
    """Why a production can't be opened from outside; a demonstration needs neither name nor proxy."""
    if settings.preview:
        return []
    faults: list[str] = []
    if not https(settings.public_url):
        faults.append("LK_PUBLIC_URL: нужен внешний адрес кабинета, начинающийся с https://.")
    if not settings.trusted_proxy_hops:
        faults.append(NO_PROXY)
    return faults


def worker_faults(settings: Addresses, workers: int) -> list[str]:
    """Why so many web processes can't work on what these settings name."""
    shared = not settings.db_url.startswith("sqlite") and settings.redis_url.get_secret_value()
    return [] if workers == 1 or shared else [ONE_PROCESS]


def metrics_faults(settings: Fields) -> list[str]:
    """What is wrong with the token of the metrics; without one only this machine reads them."""
    token = settings.metrics_token.get_secret_value()
    if not token or (len(token) >= MIN_TOKEN and token.isascii() and token.isprintable() and " " not in token):
        return []
    return [f"LK_METRICS_TOKEN: нужны не меньше {MIN_TOKEN} латинских букв и цифр без пробелов."]
