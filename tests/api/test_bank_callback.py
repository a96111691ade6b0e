"""The address that banks call: what is believed, what is answered, and that a flood of lies fills no table."""

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from lk_reflex import wiring
from lk_reflex.api.paying import bank_callback
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.tables import Attempt
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.payments.orders import disbelieving
from lk_reflex.domain.payments.orders.telling import PAID_KIND
from lk_reflex.domain.payments.tables import BankHint, Order, OrderEvent, Posting
from lk_reflex.integrations.bank.checksum import checksum
from tests.integrations.scripted import scripted
from tests.payments.desk_orders import put_order

URL = "/api/bank/callback"
KEY = "hush-callback-key"
NUMBER, BANK_ID = "26112312345678", "5e97e3fd-1d20-4b4f-a542-f5995f5e8208"
RBS = '["7421000200"]\nkind = "rbs"\nurl = "{base}"\ntoken = "hush"\ncallback_key = "hush-callback-key"\n'
JSON = '["7421000200"]\nkind = "json"\nurl = "{base}"\nshop_id = "1"\nsecret = "hush"\n'
TOTAL = 53920
AS_JSON = {"content-type": "application/json"}
PAID = {
    "errorCode": "0", "orderNumber": NUMBER, "orderStatus": 2, "amount": TOTAL, "currency": "643",
    "paymentAmountInfo": {"depositedAmount": TOTAL, "refundedAmount": 0},
    "attributes": [{"name": "mdOrder", "value": BANK_ID}],
}  # fmt: skip
PAYMENT = {
    "id": BANK_ID, "status": "succeeded", "amount": {"value": "539.20", "currency": "RUB"},
    "metadata": {"order_number": NUMBER},
}  # fmt: skip


@pytest.fixture
def gateway(behind, tmp_path):
    """A bank that says «paid», and settings that lead the cast's organization to it; «rbs» unless told otherwise."""
    with scripted() as script:
        script.says(PAID)

        def kind(table: str) -> None:
            (tmp_path / "banks.toml").write_text(table.format(base=script.base))
            behind(LK_BANKS=str(tmp_path / "banks.toml"))
            wiring.banks.cache_clear()

        script.kind = kind
        kind(RBS)
        yield script
        settle_down()
    wiring.banks.cache_clear()


def settle_down() -> None:
    """Until the threads that ask banks are through: each of them has come to this point."""
    here = threading.Barrier(wiring.bank_threads()._max_workers)
    for one in [wiring.bank_threads().submit(here.wait, 20) for _ in range(here.parties)]:
        one.result(20)


@pytest.fixture
def order(over, cast, gateway):
    """An order of the owner's that waits at the bank."""
    put_order(over, cast, NUMBER, status="waiting", bank_id=BANK_ID)
    with over.transaction() as db:
        db.change(update(Order).values(created_at=utc_now(), expires_at=utc_now() + timedelta(minutes=20)))
    return NUMBER


def signed(key: str = KEY, **changes: str) -> dict[str, str]:
    fields = {"mdOrder": BANK_ID, "orderNumber": NUMBER, "operation": "deposited", "status": "1", "amount": str(TOTAL)}
    fields |= changes
    return {**fields, "checksum": checksum(fields, key)}


def count_of(db, table) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def untouched(db) -> bool:
    settle_down()
    with db.engine.connect() as connection:
        return connection.scalar(select(Order.status)) == "waiting" and not any(
            count_of(db, table) for table in (BankHint, Posting, OutgoingMail)
        )


def refusals(db) -> list[dict]:
    with db.engine.connect() as connection:
        query = select(AuditEntry.detail).where(AuditEntry.action == "bank-callback-refused").order_by(AuditEntry.id)
        return list(connection.scalars(query))


def paid_once(db) -> bool:
    deadline = time.monotonic() + 60
    while count_of(db, Posting) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    settle_down()
    with db.engine.connect() as connection:
        status, captured = connection.execute(select(Order.status, Order.captured)).one()
        moves = list(
            connection.scalars(
                select(OrderEvent.became).where(OrderEvent.was != OrderEvent.became).order_by(OrderEvent.id)
            )
        )
        letters = connection.scalar(select(func.count()).where(OutgoingMail.kind == PAID_KIND))
    found = (status, captured, count_of(db, Posting), moves.count("paid"), letters)
    assert found == ("paid", TOTAL, 1, 1, 1)
    return True


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_signed_callback_is_answered_and_the_bank_is_asked(web, over, order, gateway, method):
    how = {"params": signed()} if method == "GET" else {"data": signed()}
    answer = web.request(method, URL, **how)
    assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, "OK", "no-store")
    assert paid_once(over)
    assert gateway.asked[0].path == "/getOrderStatusExtended.do"
    assert not refusals(over)


def test_fields_that_we_do_not_know_and_another_order_of_them_change_nothing(web, over, order):
    fields = {**signed(callbackCreationDate="Mon Nov 23", zzz="ж; и"), "sign_alias": "SHA-256"}
    assert web.get(URL, params=dict(reversed(fields.items()))).status_code == 200
    assert paid_once(over)


def test_a_claim_of_success_is_worth_nothing_where_the_bank_says_otherwise(web, over, order, gateway):
    gateway.says({**PAID, "orderStatus": 0, "paymentAmountInfo": {"depositedAmount": 0}})
    assert web.get(URL, params=signed()).status_code == 200
    settle_down()
    with over.engine.connect() as connection:
        assert connection.scalar(select(Order.status)) == "waiting"
    assert count_of(over, BankHint) == 1
    assert count_of(over, Posting) == 0


def test_scenario_3_fifty_callbacks_at_once_are_one_posting_and_one_letter(web, over, order):
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: web.get(URL, params=signed()).status_code, range(50)))
    assert answers == [200] * 50
    assert paid_once(over)
    with over.engine.connect() as connection:
        assert connection.execute(select(BankHint.times)).scalars().all() == [50]


@pytest.mark.parametrize("name", ["mdOrder", "orderNumber", "operation", "status", "amount"])
def test_scenario_5_an_altered_field_is_refused_and_written_down(web, over, order, name):
    altered = {**signed(), name: {"mdOrder": BANK_ID, "orderNumber": NUMBER}.get(name, "") + "0"}
    answer = web.get(URL, params=altered)
    assert answer.status_code in (403, 404)
    assert answer.text == ""
    assert untouched(over)
    assert len(refusals(over)) == 1


def test_scenario_5_a_wrong_signature_is_refused_and_written_down(web, over, order):
    for fields in (signed("another key"), {**signed(), "checksum": ""}, {**signed(), "checksum": "Ж"}):
        assert web.get(URL, params=fields).status_code == 403
    assert untouched(over)
    assert [one["reason"] for one in refusals(over)] == ["checksum"] * 3
    assert all(one["order"] for one in refusals(over))


def test_scenario_5_an_unknown_order_is_refused_and_written_down(web, over, order):
    for fields in (signed(orderNumber="26112300000000"), signed(orderNumber="", mdOrder="x"), signed(mdOrder="other")):
        assert web.get(URL, params=fields).status_code == 404
    assert untouched(over)
    assert [one["reason"] for one in refusals(over)] == ["unknown-order"] * 3


@pytest.mark.parametrize("changes", [{"currency": "840"}, {"amount": TOTAL - 1},
                                     {"paymentAmountInfo": {"depositedAmount": TOTAL - 1}}])  # fmt: skip
def test_scenario_5_another_sum_or_currency_at_the_bank_moves_nothing_and_is_flagged(
    web, over, order, gateway, changes
):
    gateway.says({**PAID, **changes})
    assert web.get(URL, params=signed()).status_code == 200
    settle_down()
    with over.engine.connect() as connection:
        status, flag = connection.execute(select(Order.status, Order.flag)).one()
        deeds = list(connection.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert (status, flag) == ("waiting", "amount-differs")
    assert count_of(over, Posting) == count_of(over, OutgoingMail) == 0
    assert "bank-amount-differs" in deeds


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ({"params": {}}, 400),
        ({"params": {"operation": "deposited"}}, 400),
        ({"params": [*signed().items(), ("amount", "1")]}, 400),
        ({"params": {f"field{number}": "x" for number in range(70)}}, 400),
        ({"params": signed(note="x" * 3000)}, 400),
        ({"method": "POST", "content": b""}, 400),
        ({"method": "POST", "content": b"\xff\xfe\x00"}, 400),
        ({"method": "POST", "json": {"a": 1}}, 400),
        ({"method": "POST", "json": []}, 400),
        ({"method": "POST", "headers": AS_JSON, "content": rb'{"event": "x", "object": {"id": "\ud800"}}'}, 400),
        ({"method": "POST", "json": {"event": "x", "object": {"id": "a\0b"}}}, 400),
        ({"method": "POST", "json": {"event": "x", "object": {"id": "x" * 65}}}, 400),
        ({"method": "POST", "json": {"event": "x", "object": {"id": "x", "metadata": {"order_number": "1x"}}}}, 400),
        ({"params": {"mdOrder": "a\0b"}}, 400),
        ({"params": {"orderNumber": "1" * 33}}, 400),
        ({"params": {"orderNumber": "\u0661"}}, 400),
        ({"method": "POST", "data": signed(note="x" * 20_000)}, 413),
        ({"method": "POST", "files": {"orderNumber": b"1"}}, 415),
        ({"method": "PUT", "params": signed()}, 405),
        ({"method": "DELETE", "params": signed()}, 405),
    ],
)  # fmt: skip
def test_what_is_no_callback_is_refused(web, over, order, how, status):
    how = {"method": "GET", **how}
    assert web.request(url=URL, **how).status_code == status
    assert untouched(over)


@pytest.mark.parametrize("wire", ["rbs", "json"])
def test_each_organization_is_believed_over_its_own_wire_only(web, over, order, gateway, wire):
    notification = {"type": "notification", "event": "payment.succeeded", "object": PAYMENT}
    if wire == "json":
        gateway.kind(JSON)
        answer = web.get(URL, params=signed())
    else:
        answer = web.post(URL, json=notification)
    assert answer.status_code == 403
    assert untouched(over)


def test_a_notification_that_nobody_signed_is_a_reason_to_ask(web, over, order, gateway):
    gateway.kind(JSON)
    gateway.says(PAYMENT)
    notification = {"type": "notification", "event": "payment.succeeded", "object": {"id": BANK_ID}}
    assert web.post(URL, json=notification).status_code == 200
    assert paid_once(over)
    assert gateway.asked[0].path == f"/payments/{BANK_ID}"


def test_an_order_whose_registration_was_never_answered_is_known_by_its_number(web, over, order):
    with over.transaction() as db:
        db.change(update(Order).values(bank_id="", status="new", looking_until=None))
    assert web.get(URL, params=signed()).status_code == 200
    assert paid_once(over)
    with over.engine.connect() as connection:
        assert connection.scalar(select(Order.bank_id)) == BANK_ID


def test_a_flood_of_lies_is_refused_and_fills_no_table(web, over, order, monkeypatch):
    monkeypatch.setattr(disbelieving, "FROM_ONE", disbelieving.Limit("bank-callback:client", 5))
    before = count_of(over, AuditEntry)
    with ThreadPoolExecutor(8) as pool:
        lies = [signed("no key", amount=str(number)) for number in range(60)]
        answers = set(pool.map(lambda fields: web.get(URL, params=fields).status_code, lies))
    assert answers == {403}
    noted = count_of(over, AuditEntry) - before
    assert 5 <= noted <= 5 + 8  # those that were at it together, where transactions don't queue up
    assert count_of(over, Attempt) == 2 * noted
    assert web.get(URL, params=signed()).status_code == 200  # and the bank itself is heard all the same
    assert paid_once(over)


def test_a_flood_of_unsigned_ones_adds_no_rows_and_asks_the_bank_no_oftener(web, over, order, gateway):
    gateway.kind(JSON)
    gateway.says({**PAYMENT, "status": "pending", "confirmation": {"confirmation_url": "http://127.0.0.1/pay"}})
    body = json.dumps({"type": "notification", "event": "payment.succeeded", "object": PAYMENT})
    for number in range(60):
        headers = {"content-type": "application/json"}
        text = body.replace("payment.succeeded", f"payment.made-up-{number}") if number % 2 else body
        assert web.post(URL, content=text, headers=headers).status_code == 200
    settle_down()
    assert count_of(over, BankHint) <= 2
    assert len(gateway.asked) <= 2
    with over.engine.connect() as connection:
        # What is due already isn't written again; here the question may have ended between two of them.
        assert connection.scalar(select(func.sum(BankHint.times))) <= 4


def notification(bank_id: str, number: str) -> dict:
    return {"event": "payment.succeeded", "object": {"id": bank_id, "metadata": {"order_number": number}}}


def test_an_unsigned_one_about_what_is_over_is_left_to_the_worker(web, over, order, gateway):
    gateway.kind(JSON)
    with over.transaction() as db:
        db.change(update(Order).values(status="expired", next_look_at=None))
    assert web.post(URL, json=notification(BANK_ID, NUMBER)).status_code == 200
    settle_down()
    with over.engine.connect() as connection:
        assert connection.scalar(select(Order.next_look_at)) is not None
    assert not gateway.asked


def test_unsigned_ones_take_no_more_than_a_few_threads_of_a_bank(web, over, cast, gateway, monkeypatch):
    gateway.kind(JSON)
    numbers = [f"2611231234{place:04}" for place in range(6)]
    for number in numbers:
        put_order(over, cast, number, status="waiting", bank_id=f"id-{number}")
    taken: list[str] = []

    class Full:
        """Threads of which none gets to its work."""

        def submit(self, _work, number, *_more):
            taken.append(number)

    monkeypatch.setattr(bank_callback, "bank_threads", Full)
    monkeypatch.setattr(bank_callback, "_due", set())
    monkeypatch.setattr(bank_callback, "_under_way", Counter())
    for number in numbers:
        assert web.post(URL, json=notification(f"id-{number}", number)).status_code == 200
    assert taken == numbers[: bank_callback.AT_ONCE]
    with over.engine.connect() as connection:  # and the worker has all of them
        assert None not in connection.scalars(select(Order.next_look_at)).all()


def test_while_the_database_is_away_the_bank_is_told_to_come_again(web, over, order, monkeypatch):
    from lk_reflex.core.errors import Unavailable

    def away(*_args, **_kwargs):
        raise Unavailable("База данных сейчас не отвечает.")

    monkeypatch.setattr("lk_reflex.api.paying.bank_callback.order_called", away)
    assert web.get(URL, params=signed()).status_code == 503
    assert untouched(over)


def test_an_organization_without_a_gateway_is_told_to_come_again(web, over, order, gateway):
    gateway.kind(RBS.replace("7421000200", "7000000009"))
    assert web.get(URL, params=signed()).status_code == 503
    assert untouched(over)
