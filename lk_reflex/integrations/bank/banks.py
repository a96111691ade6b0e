"""Which organization is paid over which gateway: made of the settings, one client each."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from lk_reflex.core.errors import Unavailable
from lk_reflex.integrations.bank.checksum import RbsHints
from lk_reflex.integrations.bank.gateways import JSON, RBS, Gateway
from lk_reflex.integrations.bank.json_gateway import JsonBank
from lk_reflex.integrations.bank.json_state import JsonHints
from lk_reflex.integrations.bank.port import Bank, Hints
from lk_reflex.integrations.bank.rbs import RbsBank
from lk_reflex.integrations.bank.wire import Wire

NOT_CONNECTED: Final = (
    "Эта организация пока не принимает оплату картой через личный кабинет. Оплатите по QR-коду квитанции."
)


class GatewayBanks:
    """The port `Banks` over gateways by ИНН; `otherwise` has one for whoever isn't among them."""

    def __init__(
        self, gateways: Mapping[str, Gateway], otherwise: Callable[[str], Gateway | None] = lambda _inn: None
    ) -> None:
        self._gateways, self._otherwise = gateways, otherwise
        self._made: dict[str, Bank] = {}
        self._making = Lock()

    def of(self, inn: str) -> Bank:
        """The organization's bank; raises Unavailable with a sentence for the payer where it has none."""
        with self._making:
            if inn not in self._made:
                self._made[inn] = bank_of(self._gateway(inn))
            return self._made[inn]

    def hints(self, inn: str) -> Hints:
        """How the organization's callbacks are read; raises Unavailable."""
        gateway = self._gateway(inn)
        return JsonHints() if gateway.kind == JSON else RbsHints(gateway.callback_key)

    def kind(self, inn: str) -> str:
        """«rbs», «json»; raises Unavailable."""
        return self._gateway(inn).kind

    def _gateway(self, inn: str) -> Gateway:
        gateway = self._gateways.get(inn) or self._otherwise(inn)
        if gateway is None:
            raise Unavailable(NOT_CONNECTED)
        return gateway


def bank_of(gateway: Gateway) -> Bank:
    """The client of one gateway."""
    wire = Wire(gateway.url, seconds=gateway.timeout, own=gateway.own)
    if gateway.kind == RBS:
        access = {"token": gateway.token} if gateway.token else {
            "userName": gateway.login, "password": gateway.password,
        }  # fmt: skip
        return RbsBank(wire, access, page_url=gateway.page_url, retries=gateway.retries)
    return JsonBank(wire, gateway.shop_id, gateway.secret, recipient=gateway.recipient)
