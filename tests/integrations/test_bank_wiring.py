"""Which bank an organization is paid at: a demonstration's own over both wires, else what the file says, or none."""

import warnings

import pytest

from lk_reflex import wiring
from lk_reflex.core.errors import Unavailable
from lk_reflex.exchange.demo.cast import MANAGER, UTILITY
from lk_reflex.integrations.bank.banks import NOT_CONNECTED
from lk_reflex.integrations.bank.port import Forged, Stage
from lk_reflex.settings import get_settings
from lk_reflex.standins.bank.notices import signed
from lk_reflex.standins.routes import stand_ins
from tests.integrations.test_bank_wires import REQUEST

with warnings.catch_warnings():
    # It would rather have the successor of httpx, which nothing else here needs.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


@pytest.fixture
def set_up(monkeypatch):
    """The banks after these settings."""

    def put(**settings):
        for name in ("LK_BANKS", "LK_LISTEN", "PORT"):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        wiring.banks.cache_clear()
        return wiring.banks()

    yield put
    monkeypatch.undo()
    get_settings.cache_clear()
    wiring.banks.cache_clear()


@pytest.mark.parametrize(("inn", "kind"), [(UTILITY, "rbs"), (MANAGER, "json"), ("7447003036", "rbs")])
def test_a_demonstrations_organizations_are_paid_at_its_own_bank(set_up, tmp_path, inn, kind):
    bank = set_up().of(inn)
    assert (bank.kind, set_up().kind(inn)) == (kind, kind)
    with TestClient(stand_ins(tmp_path, cabinet=""), "http://127.0.0.1:3000") as cabinet:
        bank._wire._http = cabinet
        made = bank.register(REQUEST)
        # A path: the payer stays on the address by which they found us.
        assert made.form_url == f"/demo/bank/pay/{made.bank_id}"
        assert bank.state(REQUEST.number).stage is Stage.REGISTERED
        assert cabinet.get(made.form_url).status_code == 200
        for other in {UTILITY, MANAGER, "7447003036"} - {inn}:
            stranger = set_up().of(other)
            stranger._wire._http = cabinet
            assert stranger.state(REQUEST.number) is None


@pytest.mark.parametrize("inn", [UTILITY, MANAGER])
@pytest.mark.parametrize("listen", ["127.0.0.2", "10.0.0.5", "::"])
def test_a_demonstrations_bank_is_where_the_cabinet_listens(set_up, tmp_path, inn, listen):
    bank = set_up(LK_LISTEN=listen, PORT="3100").of(inn)
    assert bank._wire.base.startswith(f"http://{'[::1]' if listen == '::' else listen}:3100/demo/bank/")
    with TestClient(stand_ins(tmp_path, cabinet=""), "http://testserver") as cabinet:
        assert not bank._wire._http.trust_env
        bank._wire._http = cabinet
        # Its pages are our own, and so may lie on a path and be read in the clear.
        assert bank.register(REQUEST).form_url.startswith("/demo/bank/pay/")


def test_a_demonstrations_bank_signs_with_the_key_that_is_expected(set_up):
    fields = signed({"mdOrder": "x", "orderNumber": REQUEST.number, "operation": "deposited", "status": "1"})
    assert set_up().hints(UTILITY).hint(fields, b"").number == REQUEST.number
    with pytest.raises(Forged):
        set_up().hints(UTILITY).hint({**fields, "status": "0"}, b"")
    with pytest.raises(Forged):
        set_up().hints(MANAGER).hint(fields, b"")


def test_an_organization_without_a_gateway_is_told_with_the_way_out(set_up, tmp_path):
    file = tmp_path / "banks.toml"
    file.write_text(f'["{MANAGER}"]\nkind = "json"\nurl = "https://a.example/v3"\nshop_id = "1"\nsecret = "2"\n')
    banks = set_up(LK_BANKS=str(file))
    assert banks.of(MANAGER) is banks.of(MANAGER)
    for ask in (banks.of, banks.hints, banks.kind):
        with pytest.raises(Unavailable) as refused:
            ask(UTILITY)
        assert refused.value.message == NOT_CONNECTED
