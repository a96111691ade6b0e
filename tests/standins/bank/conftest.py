"""The bank in this process, on a clock that tests move; and as a server of its own for what only that can show."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from lk_reflex.standins.bank import server
from lk_reflex.standins.bank.desk import Desk
from lk_reflex.standins.bank.ledger import Ledger
from lk_reflex.standins.bank.setup import Setup
from tests.api.conftest import TestClient
from tests.standins.bank.served import ACCESS

BACK = {"returnUrl": "http://testserver/back?n=1", "failUrl": "http://testserver/fail"}


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **by: float) -> None:
        self.now += timedelta(**by)


class Bank:
    """The mounted stand-in, as a demonstration has it, with a shop's and a payer's means."""

    def __init__(self, client, ledger: Ledger, clock: Clock, desk: Desk) -> None:
        self.client, self.ledger, self.clock, self.desk = client, ledger, clock, desk

    def rbs(self, call: str, access=None, **fields):
        data = {**(ACCESS if access is None else access), **{name: str(value) for name, value in fields.items()}}
        answer = self.client.post(f"/demo/bank/rest/{call}", data=data)
        assert answer.status_code == 200
        return answer.json()

    def register(self, number="26112300000001", amount=10000, **fields) -> str:
        return self.rbs("register.do", orderNumber=number, amount=amount, **{**BACK, **fields})["orderId"]

    def state(self, number="26112300000001"):
        return self.rbs("getOrderStatusExtended.do", orderNumber=number)


@pytest.fixture
def bank(tmp_path, monkeypatch):
    setup = Setup(tmp_path, mounted="/demo/bank", slow=0.0, silence=0.0)
    clock, desks = Clock(), []

    def desk(setup: Setup) -> Desk:
        desks.append(Desk(setup, clock))
        return desks[0]

    monkeypatch.setattr(server, "Desk", desk)
    stand_in = server.BankStandIn(setup)
    routes = [Route("/demo/bank", stand_in.clerk.show), Mount("/demo/bank", routes=stand_in.routes())]
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        yield Bank(client, Ledger(tmp_path), clock, stand_in.desk())
