"""The settings as the cabinet asks for them: what is on, what is secret, and what forbids the start."""

from pathlib import Path

from lk_reflex.core.crypt import new_key, read_keys
from lk_reflex.core.secret import Secret
from lk_reflex.integrations.bank.gateways import Gateway, GatewayFaults, read_gateways
from lk_reflex.settings.addresses import Addresses
from lk_reflex.settings.esia import esia_faults, esia_missing
from lk_reflex.settings.keys import kept_key, key_faults, secret_faults
from lk_reflex.settings.map import map_faults
from lk_reflex.settings.messages import mail_faults, push_faults, sms_faults
from lk_reflex.settings.rules import mask_url, variable
from lk_reflex.settings.s3 import s3_faults
from lk_reflex.settings.serving import metrics_faults, site_faults, store_faults, worker_faults

_SECRETS = (
    "secret_key", "secret_key_also", "data_keys", "metrics_token", "sms_token", "push_token", "s3_key", "s3_secret",
    "esia_signer", "esia_verifier",
)  # fmt: skip


class Settings(Addresses):
    """All of them; made by `load_settings`, which refuses what `faults` names."""

    @property
    def demo_dir(self) -> Path:
        """Where a demonstration's stand-ins keep what they were given."""
        return self.data_dir.resolve() / "demo"

    @property
    def log_plain(self) -> bool:
        """Whether the log's lines are for people's eyes."""
        return self.log_format == "plain" or (not self.log_format and self.preview)

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
        newest = given.encode() if given else kept_key(self.data_dir / "secret.key")
        return Secret(newest, self.secret_key_also.get_secret_value().encode())

    def vault_keys(self) -> list[str]:
        """What passports are encrypted with, the newest first; a demonstration makes its own. Raises BadKeys."""
        given = read_keys(self.data_keys.get_secret_value())
        if given or not self.preview:
            return given
        return [kept_key(self.data_dir / "data.key", new_key).decode()]

    def faults(self) -> list[str]:
        """What forbids the start, a sentence a fault. A demonstration may have nearly anything that parses."""
        return [
            *store_faults(self),
            *secret_faults(self),
            *key_faults(self),
            *metrics_faults(self),
            *site_faults(self),
            *worker_faults(self, self.workers),
            *mail_faults(self),
            *sms_faults(self),
            *push_faults(self),
            *([] if self.preview else esia_faults(self)),
            *self._bank_faults(),
            *s3_faults(self),
            *map_faults(self.map_tiles, preview=self.preview),
        ]

    def masked(self) -> dict[str, str]:
        """All settings for people's eyes: secrets and passwords inside addresses replaced by stars."""
        shown = {name: str(getattr(self, name)) for name in type(self).model_fields}
        for name in _SECRETS:
            shown[name] = "задан" if getattr(self, name).get_secret_value() else "не задан"
        for name in ("esia_url", "sms_url", "push_url", "s3_url"):
            shown[name] = mask_url(getattr(self, name))
        for name in ("database_url", "redis_url", "smtp_url"):
            shown[name] = mask_url(getattr(self, name).get_secret_value()) or "не задан"
        return {variable(name): value for name, value in shown.items()}

    def _bank_faults(self) -> list[str]:
        """What is wrong with the file of the gateways; without one nobody is paid through the cabinet."""
        try:
            self.gateways()
        except GatewayFaults as fault:
            return [f"LK_BANKS: {sentence}" for sentence in fault.sentences]
        return []
