"""Typed settings from the environment and `.env`; production refuses what only a demonstration may have."""

import ipaddress
import secrets
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.crypt import BadKeys, new_key, read_keys
from lk_reflex.core.failpoints import disarm
from lk_reflex.core.secret import Secret
from lk_reflex.core.this_machine import leads_here, this_machine
from lk_reflex.integrations.bank.gateways import Gateway, GatewayFaults, read_gateways
from lk_reflex.integrations.mail.message import parse_sender
from lk_reflex.integrations.mail.server import parse_server
from lk_reflex.settings_esia import esia_faults, esia_missing, given
from lk_reflex.settings_map import STAND_IN, map_faults, tile_host
from lk_reflex.settings_rules import https, mask_url, variable
from lk_reflex.settings_s3 import s3_faults

MIN_SECRET = 32
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


NO_KEYS = (
    "LK_DATA_KEYS: нужен ключ, которым шифруются паспортные данные: 32 случайных байта в виде base64. "
    "Несколько ключей разделяют запятой, новый ставят первым."
)


class SettingsError(Exception):
    """The settings can't be used; `faults` are Russian sentences, one a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Everything an installation may set; each name is an environment variable with the prefix `LK_`."""

    model_config = SettingsConfigDict(env_prefix="LK_", env_file=".env", extra="ignore", populate_by_name=True)

    mode: Literal["preview", "production"] = "preview"
    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    #: Accepted beside it while one is exchanged for the other; signs nothing.
    secret_key_also: SecretStr = SecretStr("")
    data_keys: SecretStr = SecretStr("")
    port: int = Field(3000, validation_alias="PORT", ge=1, le=65535)
    #: The one address of this machine to serve at; empty: a production is open to its own proxy alone.
    listen: str = ""
    public_url: str = ""
    time_zone: str = DEFAULT_ZONE
    trusted_proxy_hops: int = Field(0, ge=0, le=5)
    database_threads: int = Field(4, ge=1, le=64)
    #: Web processes of one `serve`, all on one port; more than one needs PostgreSQL and Redis.
    workers: int = Field(1, ge=1, le=64)
    #: Seconds in which a web process that is told to end finishes what runs; and those in which it still takes
    #: everything while readiness says «draining» already, for a balancer that looks at it so often.
    drain_seconds: int = Field(25, ge=1, le=600)
    drain_notice: int = Field(0, ge=0, le=120)
    #: What one client may open and say (api/edge/sockets.py): sockets of one process in all, of one person, of the
    #: strangers at one network address; messages a second of one socket. 0: no limit.
    sockets: int = Field(4000, ge=0)
    sockets_each: int = Field(20, ge=0)
    sockets_address: int = Field(200, ge=0)
    socket_rate: int = Field(20, ge=0)
    #: Milliseconds behind at which charts are put off; pages follow at three times, everything at ten. 0: never.
    strain_ms: int = Field(500, ge=0, le=60_000)
    #: Who else than this machine may read /api/metrics.
    metrics_token: SecretStr = SecretStr("")
    #: How the log's lines look: a demonstration's are for people, a production's are JSON.
    log_format: Literal["", "plain", "json"] = ""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    smtp_url: SecretStr = SecretStr("")
    mail_from: str = ""
    sms_url: str = ""
    sms_token: SecretStr = SecretStr("")
    push_url: str = ""
    push_token: SecretStr = SecretStr("")
    s3_url: str = ""
    s3_bucket: str = ""
    s3_key: SecretStr = SecretStr("")
    s3_secret: SecretStr = SecretStr("")
    s3_region: str = ""
    esia_url: str = ""
    esia_client_id: str = ""
    esia_signer: SecretStr = SecretStr("")
    esia_certificate: str = ""
    esia_certificate_hash: str = ""
    esia_issuer: str = ""
    esia_verifier: SecretStr = SecretStr("")
    banks: str = ""
    map_tiles: str = ""
    map_attribution: str = ""

    @field_validator("listen")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value:
            ipaddress.ip_address(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as fault:
            raise ValueError("нет такого часового пояса") from fault
        return value

    @property
    def preview(self) -> bool:
        """Whether this is a demonstration."""
        return self.mode == "preview"

    @property
    def db_url(self) -> str:
        """The database's address; SQLite in the data folder unless set. A bare postgresql:// gets our driver."""
        url = self.database_url.get_secret_value()
        if not url:
            return f"sqlite:///{self.data_dir.resolve() / 'lk.db'}"
        return url.replace("postgresql://", "postgresql+psycopg://", 1).replace(
            "postgres://", "postgresql+psycopg://", 1
        )

    @property
    def site(self) -> str:
        """The address under which people open the cabinet, without a trailing slash."""
        return (self.public_url or self._named()).rstrip("/")

    @property
    def own_url(self) -> str:
        """The address by which this machine reaches what it serves itself, past any proxy, without a slash."""
        address = ipaddress.ip_address(self.listens_at)
        if address.is_unspecified:
            address = ipaddress.ip_address("::1" if address.version == 6 else "127.0.0.1")
        return f"http://{f'[{address}]' if address.version == 6 else address}:{self.port}"

    def _named(self) -> str:
        """That of a demonstration that was told of none: nobody answers by another name than the one it listens at."""
        own = self.own_url
        usual = urlsplit(own).hostname in ("127.0.0.1", "::1")
        return f"http://localhost:{self.port}" if usual else own

    @property
    def built_for(self) -> str:
        """The address that the pages know: by any name of this machine a browser reaches `localhost` by that name."""
        url = urlsplit(self.site)
        with suppress(ValueError):
            # Behind https Reflex's pages would leave the port out.
            if url.scheme == "http" and url.port and this_machine(url.hostname):
                return f"http://localhost:{url.port}"
        return self.site

    @property
    def log_plain(self) -> bool:
        """Whether the log's lines are for people's eyes."""
        return self.log_format == "plain" or (not self.log_format and self.preview)

    @property
    def listens_at(self) -> str:
        """Where `serve` waits for requests: whoever reaches a process past the proxy can claim any address."""
        return self.listen or ("0.0.0.0" if self.preview else "127.0.0.1")  # noqa: S104  a demonstration is to be seen

    @property
    def mail_host(self) -> str:
        """What ends the letters' Message-IDs: the host of the cabinet's address."""
        return urlsplit(self.site).hostname or "localhost"

    @property
    def mail_sender(self) -> str:
        """Who letters come from: «Личный кабинет <no-reply@lk.example.org>»."""
        return self.mail_from or "Личный кабинет абонента <no-reply@example.org>"

    @property
    def demo_dir(self) -> Path:
        """Where a demonstration's stand-ins keep what they were given."""
        return self.data_dir.resolve() / "demo"

    @property
    def tiles(self) -> str:
        """Where the maps' tiles come from, with {z}, {x} and {y}; empty where there is no map."""
        return self.map_tiles or (STAND_IN if self.preview else "")

    @property
    def tile_host(self) -> str:
        """Another server that pages load tiles from; empty where none does."""
        return tile_host(self.tiles)

    @property
    def esia_stand_in(self) -> bool:
        """Whether the demonstration's own Госуслуги answer; giving an address of others switches them off."""
        return self.preview and not self.esia_url

    @property
    def esia_on(self) -> bool:
        """Whether people can sign in through Госуслуги; the buttons are hidden where they can't."""
        return self.esia_stand_in or not (esia_missing(self) or esia_faults(self))

    @property
    def bank_stand_in(self) -> bool:
        """Whether the demonstration's own bank serves every organization; a file of gateways switches it off."""
        return self.preview and not self.banks

    def gateways(self) -> dict[str, Gateway]:
        """ИНН → gateway, read anew from the file; raises GatewayFaults."""
        return read_gateways(Path(self.banks), preview=self.preview) if self.banks else {}

    def key(self) -> Secret:
        """The installation's secret; a demonstration makes its own and keeps it in the data folder."""
        given = self.secret_key.get_secret_value()
        newest = given.encode() if given else _kept_key(self.data_dir / "secret.key")
        return Secret(newest, self.secret_key_also.get_secret_value().encode())

    def vault_keys(self) -> list[str]:
        """What passports are encrypted with, the newest first; a demonstration makes its own. Raises BadKeys."""
        given = read_keys(self.data_keys.get_secret_value())
        if given or not self.preview:
            return given
        return [_kept_key(self.data_dir / "data.key", new_key).decode()]

    def faults(self) -> list[str]:
        """What forbids the start, a sentence a fault. A demonstration may have nearly anything that parses."""
        if not self.preview:
            return _production_faults(self)
        return [
            *worker_faults(self, self.workers),
            *secret_faults(self),
            *key_faults(self),
            *metrics_faults(self),
            *mail_faults(self),
            *sms_faults(self),
            *push_faults(self),
            *bank_faults(self),
            *s3_faults(self),
            *_map(self),
        ]

    def masked(self) -> dict[str, str]:
        """All settings for people's eyes: secrets and passwords inside addresses replaced by stars."""
        shown = {name: str(getattr(self, name)) for name in type(self).model_fields}
        for name in (
            "secret_key", "secret_key_also", "data_keys", "metrics_token", "sms_token", "push_token", "s3_key",
            "s3_secret", "esia_signer", "esia_verifier",
        ):  # fmt: skip
            shown[name] = "задан" if getattr(self, name).get_secret_value() else "не задан"
        shown["esia_url"] = mask_url(self.esia_url)
        shown["sms_url"] = mask_url(self.sms_url)
        shown["s3_url"] = mask_url(self.s3_url)
        shown["push_url"] = mask_url(self.push_url)
        for name in ("database_url", "redis_url", "smtp_url"):
            shown[name] = mask_url(getattr(self, name).get_secret_value()) or "не задан"
        return {variable(name): value for name, value in shown.items()}


def _production_faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    url = settings.database_url.get_secret_value()
    if not url.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        faults.append("LK_DATABASE_URL: в рабочем режиме нужен адрес PostgreSQL (postgresql://…).")
    if not settings.redis_url.get_secret_value():
        faults.append("LK_REDIS_URL: в рабочем режиме нужен адрес Redis (redis://…).")
    if len(settings.secret_key.get_secret_value()) < MIN_SECRET:
        faults.append(f"LK_SECRET_KEY: нужен секретный ключ не короче {MIN_SECRET} знаков.")
    faults += [*secret_faults(settings), *key_faults(settings), *metrics_faults(settings)]
    if not https(settings.public_url):
        faults.append("LK_PUBLIC_URL: нужен внешний адрес кабинета, начинающийся с https://.")
    if not settings.trusted_proxy_hops:
        faults.append(NO_PROXY)
    return [
        *faults, *worker_faults(settings, settings.workers),
        *mail_faults(settings), *sms_faults(settings), *push_faults(settings), *esia_faults(settings),
        *bank_faults(settings),
        *s3_faults(settings),
        *_map(settings),
    ]  # fmt: skip


def worker_faults(settings: Settings, workers: int) -> list[str]:
    """Why so many web processes can't work on what these settings name."""
    shared = not settings.db_url.startswith("sqlite") and settings.redis_url.get_secret_value()
    return [] if workers == 1 or shared else [ONE_PROCESS]


def secret_faults(settings: Settings) -> list[str]:
    """What is wrong with the second secret; usually there is none."""
    also = settings.secret_key_also.get_secret_value()
    if not also or (len(also) >= MIN_SECRET and also != settings.secret_key.get_secret_value()):
        return []
    return [f"LK_SECRET_KEY_ALSO: нужен второй ключ не короче {MIN_SECRET} знаков, не равный LK_SECRET_KEY, или пусто."]


def key_faults(settings: Settings) -> list[str]:
    """What is wrong with the keys of what is kept encrypted; a demonstration makes its own."""
    text = settings.data_keys.get_secret_value()
    if not text.strip(", \t\n"):
        return [] if settings.preview else [NO_KEYS]
    try:
        read_keys(text)
    except BadKeys as fault:
        return [f"LK_DATA_KEYS: {fault}."]
    return []


def metrics_faults(settings: Settings) -> list[str]:
    """What is wrong with the token of the metrics; without one only this machine reads them."""
    token = settings.metrics_token.get_secret_value()
    if not token or (len(token) >= MIN_TOKEN and token.isascii() and token.isprintable() and " " not in token):
        return []
    return [f"LK_METRICS_TOKEN: нужны не меньше {MIN_TOKEN} латинских букв и цифр без пробелов."]


def mail_faults(settings: Settings) -> list[str]:
    """What is wrong with the settings of mail. A demonstration has a server of its own and writes to nobody else."""
    url = settings.smtp_url.get_secret_value()
    if settings.preview and not url and not settings.mail_from:
        return []
    faults: list[str] = []
    try:
        server = parse_server(url) if url or not settings.preview else None
    except ValueError as fault:
        faults.append(f"LK_SMTP_URL: {fault}.")
    else:
        if settings.preview and server and not server.loopback:
            faults.append(
                "LK_SMTP_URL: демонстрация отправляет письма только на свой же компьютер, например 127.0.0.1."
            )
    try:
        parse_sender(settings.mail_from or (settings.mail_sender if settings.preview else ""))
    except ValueError:
        faults.append("LK_MAIL_FROM: нужен отправитель писем, например «Личный кабинет <no-reply@lk.example.org>».")
    return faults


def sms_faults(settings: Settings) -> list[str]:
    """What is wrong with the settings of SMS; without any, phones stay unconfirmed."""
    return _gateway_faults(settings, "sms", "SMS", "SMS")


def push_faults(settings: Settings) -> list[str]:
    """What is wrong with the settings of push messages; without any, nobody's phone is told of anything."""
    return _gateway_faults(settings, "push", "уведомлений", "уведомления")


def _gateway_faults(settings: Settings, name: str, what: str, sent: str) -> list[str]:
    url, variables = getattr(settings, f"{name}_url"), (f"LK_{name.upper()}_URL", f"LK_{name.upper()}_TOKEN")
    if not url:
        slip = given(settings, f"{name}_token")
        return [f"{variables[0]}: задан {variables[1]}, но не адрес шлюза {what}."] if slip else []
    if settings.preview:
        return (
            [] if leads_here(url) else [f"{variables[0]}: демонстрация отправляет {sent} только на свой же компьютер."]
        )
    safe = url.startswith("https://")
    return [] if safe else [f"{variables[0]}: нужен адрес шлюза {what}, начинающийся с https://."]


def bank_faults(settings: Settings) -> list[str]:
    """What is wrong with the file of the gateways; without one nobody is paid through the cabinet."""
    try:
        settings.gateways()
    except GatewayFaults as fault:
        return [f"LK_BANKS: {sentence}" for sentence in fault.sentences]
    return []


def _map(settings: Settings) -> list[str]:
    return map_faults(settings.map_tiles, preview=settings.preview)


def load_settings() -> Settings:
    """Read and check; raises SettingsError with every fault at once."""
    try:
        settings = Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as fault:
        raise SettingsError([_fault_sentence(error) for error in fault.errors()]) from None
    if faults := settings.faults():
        raise SettingsError(faults)
    return settings


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    settings = load_settings()
    if not settings.preview:
        disarm()  # wherever the mode was read from: of `.env` the environment knows nothing
    return settings


def _fault_sentence(error: object) -> str:
    name, given = variable(str(error["loc"][0])), error.get("input")  # type: ignore[index,attr-defined]
    return f"{name}: значение «{given}» не подходит."


def _kept_key(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written apart and linked into place whole: of several processes that start at once all read the same key.
        with NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as file:
            file.write(make())
            file.flush()
            with suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_bytes()
