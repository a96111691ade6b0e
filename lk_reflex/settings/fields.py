"""Every setting: its name, its kind, and what it is where nobody sets it."""

import ipaddress
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lk_reflex.core.clock import DEFAULT_ZONE


class Fields(BaseSettings):
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
    #: Milliseconds behind at which charts are put off; pages at three times, doors at five, all at ten. 0: never.
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
