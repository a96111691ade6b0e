"""Picks what this process works with: its database, by the settings."""

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from lk_reflex.core.bounded import BoundedThreads
from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Database
from lk_reflex.core.processes import Processes
from lk_reflex.core.state_store import StateStore
from lk_reflex.core.strain import Gauge
from lk_reflex.core.task_files import TaskFiles
from lk_reflex.core.uploads import Uploads
from lk_reflex.integrations.bank.gateways import Gateway
from lk_reflex.integrations.bank.port import Banks
from lk_reflex.integrations.esia.port import Esia
from lk_reflex.integrations.mail.port import Mailer
from lk_reflex.integrations.push.port import PushGateway
from lk_reflex.integrations.sms.port import SmsGateway
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import FileStore
from lk_reflex.settings import Settings, get_settings


@lru_cache(maxsize=1)
def database() -> Database:
    """The database of this process; opened at the first use."""
    return _opened()


def _opened() -> Database:
    settings = get_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Database(settings.db_url, threads=settings.database_threads)


@lru_cache(maxsize=1)
def vault() -> Vault:
    """What passports are encrypted with, by the settings."""
    return Vault(get_settings().vault_keys())


@lru_cache(maxsize=1)
def state_store() -> StateStore:
    """What is known of Redis in this process; one loop looks after it."""
    return StateStore(get_settings().redis_url.get_secret_value())


@lru_cache(maxsize=1)
def gauge() -> Gauge:
    """How far this process is behind, and what it puts off for that."""
    return Gauge(get_settings().strain_ms / 1000)


@lru_cache(maxsize=1)
def password_threads() -> BoundedThreads:
    """Where bcrypt runs: one thread a core at most, so that ten sign-ins at once don't stop everybody.

    The last in a full line waits for some ten seconds; whoever comes after is asked to come again.
    """
    return BoundedThreads(2, room=64, name="lk-password")


@lru_cache(maxsize=1)
def esia_threads() -> ThreadPoolExecutor:
    """Where Госуслуги are waited for: nobody else's work stands behind them."""
    return ThreadPoolExecutor(8, thread_name_prefix="lk-esia")


@lru_cache(maxsize=1)
def esia() -> Esia:
    """Госуслуги by the settings; those of a demonstration are its own stand-in. Only where `esia_on`."""
    return _stand_in_esia(get_settings()) if get_settings().esia_stand_in else _real_esia(get_settings())


def _real_esia(settings: Settings) -> Esia:
    from lk_reflex.integrations.esia.certificate import Certificate
    from lk_reflex.integrations.esia.client import EsiaClient, Registration
    from lk_reflex.integrations.esia.outside import signer_of, verifier_of

    base = settings.esia_url.rstrip("/")
    issuer, hashed = settings.esia_issuer or base, settings.esia_certificate_hash
    we = Registration(base, base, issuer, settings.esia_client_id, hashed)
    verifier = verifier_of(settings.esia_verifier.get_secret_value())
    certificate = Certificate(Path(settings.esia_certificate), verifier)
    return EsiaClient(we, signer_of(settings.esia_signer.get_secret_value()), certificate)


def _stand_in_esia(settings: Settings) -> Esia:
    from lk_reflex.integrations.esia.certificate import Certificate
    from lk_reflex.integrations.esia.client import EsiaClient, Registration
    from lk_reflex.integrations.esia.outside import RsaSigner
    from lk_reflex.standins.esia.keys import CLIENT_ID, ISSUER, kept_keys

    keys, path = kept_keys(settings.data_dir / "demo" / "esia"), "/demo/esia"
    # The browser stays on the address by which it found us; we call ourselves whatever that is.
    base = f"{settings.own_url}{path}"
    we = Registration(path, base, ISSUER, CLIENT_ID, keys.client_certificate_hash())
    return EsiaClient(we, RsaSigner(keys.client_key), Certificate(keys.server_certificate))


@lru_cache(maxsize=1)
def banks() -> Banks:
    """The organizations' gateways by the settings; a demonstration's are its own stand-in, two wires of one bank."""
    from lk_reflex.integrations.bank.banks import GatewayBanks

    settings = get_settings()
    if settings.bank_stand_in:
        return GatewayBanks({}, lambda inn: _stand_in_gateway(settings, inn))
    return GatewayBanks(settings.gateways())


def _stand_in_gateway(settings: Settings, inn: str) -> Gateway:
    from lk_reflex.standins import secrets as demo

    base = f"{settings.own_url}/demo/bank"
    if inn == demo.BANK_JSON_INN:
        return Gateway("json", f"{base}/json", shop_id=f"{demo.BANK_SHOP}-{inn}", secret=demo.BANK_SECRET, own=True)
    return Gateway(
        "rbs", f"{base}/rest", login=f"{demo.BANK_LOGIN}-{inn}", password=demo.BANK_PASSWORD,
        callback_key=demo.BANK_CALLBACK_KEY, retries=True, own=True,
    )  # fmt: skip


@lru_cache(maxsize=1)
def bank_threads() -> ThreadPoolExecutor:
    """Where banks are asked: a slow one holds up nobody else's work."""
    return ThreadPoolExecutor(8, thread_name_prefix="lk-bank")


def mailer(settings: Settings, own_port: int | None = None) -> Mailer:
    """A new connection to the mail server of the settings; `own_port` is that of a demonstration's own mailbox."""
    from lk_reflex.integrations.mail.message import parse_sender
    from lk_reflex.integrations.mail.server import parse_server
    from lk_reflex.integrations.mail.smtp import SmtpMailer

    url = settings.smtp_url.get_secret_value() or f"smtp+plain://127.0.0.1:{own_port}"
    return SmtpMailer(parse_server(url), parse_sender(settings.mail_sender), name=settings.mail_host)


@lru_cache(maxsize=1)
def network_threads() -> ThreadPoolExecutor:
    """Where handlers wait for outside systems: a slow one must hold up neither the database's threads nor sign-ins."""
    return ThreadPoolExecutor(8, thread_name_prefix="lk-network")


@lru_cache(maxsize=1)
def sms() -> SmsGateway | None:
    """Who delivers SMS; none where nobody does. A demonstration's messages go to its own phone."""
    from lk_reflex.integrations.sms.http import HttpSms
    from lk_reflex.standins.secrets import SMS_TOKEN

    settings = get_settings()
    if settings.sms_url:
        return HttpSms(settings.sms_url, settings.sms_token.get_secret_value())
    return HttpSms(f"{settings.own_url}/demo/sms/send", SMS_TOKEN) if settings.preview else None


@lru_cache(maxsize=1)
def push_gateway() -> PushGateway | None:
    """Who delivers push messages; none where nobody does. A demonstration's go to its own phones."""
    from lk_reflex.integrations.push.http import HttpPush
    from lk_reflex.standins.secrets import PUSH_TOKEN

    settings = get_settings()
    if settings.push_url:
        return HttpPush(settings.push_url, settings.push_token.get_secret_value())
    return HttpPush(f"{settings.own_url}/demo/push/send", PUSH_TOKEN) if settings.preview else None


@lru_cache(maxsize=1)
def drawing_thread() -> ThreadPoolExecutor:
    """Where the pictures and voices of codes are made, one after the other."""
    return ThreadPoolExecutor(1, thread_name_prefix="lk-draw")


@lru_cache(maxsize=1)
def drawing_processes() -> Processes:
    """Where PDFs are drawn: apart, since on threads they would hold up every other person by the interpreter's lock."""
    return Processes(2, room=12, room_each=3)


@lru_cache(maxsize=1)
def picture_threads() -> ThreadPoolExecutor:
    """Where people's photos are unpacked and drawn anew: few at a time, each takes tens of megabytes."""
    return ThreadPoolExecutor(2, thread_name_prefix="lk-picture")


@lru_cache(maxsize=1)
def uploads() -> Uploads:
    """The photos that are coming in: a page may have several meters, and each waits on the disk for its thread."""
    return Uploads(room=32, room_each=8)


@lru_cache(maxsize=1)
def file_store() -> FileStore:
    """Where uploaded files lie: in the data folder, or in the S3 store of the settings."""
    settings = get_settings()
    if not settings.s3_url:
        return FolderStore(settings.data_dir.resolve() / "files")
    from lk_reflex.integrations.storage.s3 import S3Store

    key, secret = settings.s3_key.get_secret_value(), settings.s3_secret.get_secret_value()
    return S3Store(settings.s3_url, settings.s3_bucket, key, secret, settings.s3_region or "us-east-1")


@lru_cache(maxsize=1)
def task_files() -> TaskFiles:
    """The files of imports and exports ordered in the browser; web processes and workers share the folder."""
    return TaskFiles(get_settings().data_dir.resolve() / "exchange")


@lru_cache(maxsize=1)
def file_threads() -> ThreadPoolExecutor:
    """Where files for people are put together: years of a table take longer than any read of a page."""
    return ThreadPoolExecutor(2, thread_name_prefix="lk-file")


def waiting_for_threads() -> dict[str, int]:
    """How much work waits for a thread, by pool; those that nothing has needed yet aren't there."""
    pools = {
        "password": password_threads, "esia": esia_threads, "bank": bank_threads, "network": network_threads,
        "draw": drawing_thread, "picture": picture_threads, "file": file_threads,
    }  # fmt: skip
    begun = {name: pool() for name, pool in pools.items() if pool.cache_info().currsize}
    return {**database().waiting(), **{name: pool._work_queue.qsize() for name, pool in begun.items()}}
