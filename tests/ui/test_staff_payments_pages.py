"""The list of orders, an order's page and the daily totals, through the real processor."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.payments.refunding.carrying import carry_out
from lk_reflex.domain.payments.tables import Order, OrderEvent, Refund
from lk_reflex.integrations.bank.port import BankState, Stage
from lk_reflex.ui.staff.payment import state as order_page
from lk_reflex.ui.staff.payment.state import StaffOrderState
from lk_reflex.ui.staff.payments.state import OrdersDeskState
from lk_reflex.ui.staff.totals.state import TotalsState
from tests.cast import NOW
from tests.payments.desk_bank import DeskBank, silent
from tests.payments.desk_orders import hand_over, put_order

WHY = "Оплата зачислена дважды"
NUMBER = "26112012345678"


@pytest.fixture
def bank(monkeypatch):
    made = DeskBank()
    monkeypatch.setattr(order_page, "banks", lambda: made)
    monkeypatch.setattr(order_page, "utc_now", lambda: NOW + timedelta(hours=1))
    return made


@pytest.fixture
def paid(db, cast, bank):
    number = put_order(db, cast, NUMBER, card="411111******1111")
    bank.paid(number)
    return number


@pytest.fixture
async def desk(tabs, cast):
    return tabs(cast.operator.cookie)


@pytest.fixture
async def boss(tabs, db, cast):
    return tabs(cast.admin.cookie)


def of(row, name):
    return getattr(row, name) if hasattr(row, name) else row[name]


def listed(tab) -> list[str]:
    return [of(row, "key") for row in tab.seen(OrdersDeskState)["rows"]]


def stored(db, table):
    with db.transaction() as writer:
        found = writer.session.exec(select(table).order_by(table.id)).all()
        writer.session.expunge_all()
        return found


def refund_form(amount="539,20", why=WHY):
    return {"form": {"amount": amount, "explanation": why}}


async def test_the_list_shows_what_waits_and_finds_what_is_looked_for(desk, db, cast, paid):
    late = put_order(db, cast, flag="late", refunded=100_00)
    await desk.open("/staff/payments")
    seen = desk.seen(OrdersDeskState)
    assert listed(desk) == [late, paid]
    row = seen["rows"][0]
    assert (of(row, "status"), of(row, "flag"), of(row, "back")) == (
        "Оплачен", "Оплачен с опозданием", "возвращено 100,00",
    )  # fmt: skip
    assert (of(row, "payer"), seen["flagged"]) == ("o•••@example.org", 1)
    await desk.send(OrdersDeskState.look_for, form={"search": "261120 1234 5678"})
    assert listed(desk) == [paid]
    await desk.send(OrdersDeskState.show_flagged)
    assert (listed(desk), desk.seen(OrdersDeskState)["search"]) == ([late], "")
    await desk.send(OrdersDeskState.reset_search)
    assert listed(desk) == [late, paid]


async def test_faults_of_the_search_come_to_their_fields(desk, paid):
    await desk.open("/staff/payments")
    _, events = await desk.send(
        OrdersDeskState.look_for, form={"search": "9" * 10_000, "first": "31.02.2026", "last": "x"}
    )
    seen = desk.seen(OrdersDeskState)
    assert [of(fault, "field_id") for fault in seen["faults"]] == ["first", "last", "search"]
    assert "Не больше 100 знаков" in seen["search_error"] and seen["rows"] == []
    assert "error_summary" in str(events)
    await desk.send(OrdersDeskState.look_for, form={"first": "20.11.2026", "last": "20.11.2026"})
    assert desk.seen(OrdersDeskState)["faults"] == [] and listed(desk) == [paid]


async def test_the_list_is_as_it_was_left_when_coming_back_from_an_order(desk, db, cast, paid):
    put_order(db, cast)
    await desk.open("/staff/payments")
    await desk.send(OrdersDeskState.look_for, form={"search": NUMBER})
    await desk.follow(f"/staff/payments/{paid}")
    await desk.follow("/staff/payments")
    assert listed(desk) == [paid] and desk.seen(OrdersDeskState)["search"] == NUMBER
    await desk.follow("/staff/totals")
    await desk.follow("/staff/payments")
    assert len(listed(desk)) == 2


async def test_a_day_of_the_totals_leads_to_its_orders(desk, db, cast, paid):
    put_order(db, cast, created_at=NOW - timedelta(days=3))
    await desk.open("/staff/totals")
    rows = desk.seen(TotalsState)["days"]
    assert [of(row, "day") for row in rows] == ["20.11.2026", "17.11.2026"]
    await desk.follow(of(rows[0], "href"))
    assert listed(desk) == [paid]


async def test_a_day_of_the_totals_leads_to_what_was_paid_on_it_whenever_it_was_begun(desk, db, cast):
    late = put_order(db, cast, created_at=NOW - timedelta(days=1), paid_at=NOW)
    unpaid = put_order(db, cast, status="expired")
    await desk.open("/staff/totals")
    await desk.follow(of(desk.seen(TotalsState)["days"][0], "href"))
    assert listed(desk) == [late]
    day = {"first": "20.11.2026", "last": "20.11.2026"}
    await desk.send(OrdersDeskState.look_for, form=day)
    assert listed(desk) == [unpaid]
    await desk.send(OrdersDeskState.look_for, form=day | {"by": "paid"})
    assert listed(desk) == [late]


async def test_pages_of_the_list(desk, db, cast, monkeypatch):
    monkeypatch.setattr("lk_reflex.domain.payments.desk.listing.PAGE", 50)
    made = [put_order(db, cast, posted=False) for _ in range(52)]
    await desk.open("/staff/payments")
    assert desk.seen(OrdersDeskState)["older"] and listed(desk) == made[::-1][:50]
    await desk.send(OrdersDeskState.go_older)
    assert listed(desk) == made[::-1][50:] and desk.seen(OrdersDeskState)["newer"]
    await desk.send(OrdersDeskState.go_older)  # there is nothing older
    assert listed(desk) == made[::-1][50:]
    await desk.send(OrdersDeskState.go_newer)
    assert listed(desk) == made[::-1][:50] and not desk.seen(OrdersDeskState)["newer"]


async def test_an_order_tells_all_and_looking_at_it_is_noted(desk, db, cast, paid):
    hand_over(db, NOW + timedelta(hours=2))
    await desk.open(f"/staff/payments/{paid}")
    seen = desk.seen(StaffOrderState)
    assert seen["heading"] == "Заказ 261120\u00a01234\u00a05678"
    facts = {of(fact, "label"): of(fact, "value") for fact in seen["facts"]}
    assert (facts["Плательщик"], facts["Карта"]) == ("o•••@example.org", "••••\u00a01111")
    assert facts["Создан"] == "20.11.2026\u00a015:00"  # by the clock of Yekaterinburg
    assert [of(line, "service") for line in seen["lines"]] == ["ХВС", "ХВС, пени"]
    assert [of(event, "what") for event in seen["journal"]] == ["Ждёт оплаты → Оплачен.", "Заказ создан."]
    assert of(seen["journal"][1], "who") == "плательщик o•••@example.org"
    assert [of(step, "value") for step in seen["trace"]] == [
        "20.11.2026\u00a015:03", "20.11.2026\u00a017:00", "биллинг ещё не подтвердил",
    ]  # fmt: skip
    (noted,) = [entry for entry in stored(db, AuditEntry) if entry.action == "order-seen"]
    assert (noted.actor_id, noted.user_id) == (cast.operator.actor.user_id, cast.owner.actor.user_id)


async def test_an_order_that_is_none_says_so(desk, db, cast):
    await desk.open("/staff/payments/99999999999999")
    seen = desk.seen(StaffOrderState)
    assert (seen["loaded"], of(seen["order"], "number") if seen.get("order") else "") == (True, "")
    assert stored(db, AuditEntry) == []


async def test_asking_the_bank_again(desk, db, cast, bank):
    number = put_order(db, cast, status="waiting", bank_id="")
    await desk.open(f"/staff/payments/{number}")
    bank.deaf = True
    await desk.send(StaffOrderState.look_again)
    assert desk.seen(StaffOrderState)["outcome"].startswith("Банк не ответил")
    bank.deaf = False
    bank.paid(number)
    await desk.send(StaffOrderState.look_again)
    seen = desk.seen(StaffOrderState)
    assert (seen["outcome"], seen["outcome_kind"]) == ("Банк ответил: оплачен.", "good")
    assert of(seen["journal"][0], "who") == "operator@example.org"
    assert of(seen["journal"][0], "why") == "действие сотрудника"
    assert stored(db, Order)[0].status == "paid"


async def test_while_somebody_else_is_asking_the_bank(desk, db, cast, bank):
    number = put_order(db, cast, status="waiting", looking_until=NOW + timedelta(hours=1, seconds=20))
    await desk.open(f"/staff/payments/{number}")
    await desk.send(StaffOrderState.look_again)
    assert "как раз проверяют" in desk.seen(StaffOrderState)["outcome"]
    assert stored(db, Order)[0].status == "waiting"


async def test_a_flag_is_settled_with_a_note_that_stays(desk, db, cast, bank):
    number = put_order(db, cast, flag="late")
    await desk.open(f"/staff/payments/{number}")
    assert of(desk.seen(StaffOrderState)["order"], "flag") == "Оплачен с опозданием"
    await desk.send(StaffOrderState.settle_flag, form={"note": " "})
    assert "что выяснили" in desk.seen(StaffOrderState)["note_error"]
    await desk.send(StaffOrderState.settle_flag, form={"note": "Второй раз не платил"})
    seen = desk.seen(StaffOrderState)
    assert (of(seen["order"], "flag"), seen["note_error"], seen["faults"]) == ("", "", [])
    assert of(seen["journal"][0], "what") == "Пометка «Оплачен с опозданием» снята: Второй раз не платил"
    await desk.send(StaffOrderState.settle_flag, form={"note": "Ещё раз"})
    assert "уже снял" in desk.seen(StaffOrderState)["outcome"]
    assert len([event for event in stored(db, OrderEvent) if event.detail.get("deed") == "flag-cleared"]) == 1


async def test_a_colleagues_new_flag_isnt_settled_unseen(desk, db, cast, bank):
    number = put_order(db, cast, flag="late")
    await desk.open(f"/staff/payments/{number}")
    with db.transaction() as writer:
        order = writer.session.exec(select(Order)).one()
        order.flag = "amount-differs"
    await desk.send(StaffOrderState.settle_flag, form={"note": "Всё хорошо"})
    assert stored(db, Order)[0].flag == "amount-differs"


async def test_an_administrator_refunds_after_a_question(boss, db, paid, bank):
    await boss.open(f"/staff/payments/{paid}")
    await boss.send(StaffOrderState.ask_to_refund, **refund_form("100"))
    seen = boss.seen(StaffOrderState)
    assert seen["question"] == (
        "Вернуть 100,00\u00a0руб. на карту ••••\u00a01111? Останется оплаченным 439,20\u00a0руб. "
        "Отменить возврат будет нельзя."
    )
    assert bank.told == [] and stored(db, Refund) == []
    await boss.send(StaffOrderState.refund)
    seen = boss.seen(StaffOrderState)
    assert (seen["outcome_kind"], seen["question"], seen["amount"]) == ("good", "", "")
    assert [(of(row, "amount"), of(row, "word"), of(row, "why")) for row in seen["refunds"]] == [
        ("100,00", "Выполнен", WHY)
    ]
    assert of(seen["journal"][0], "what") == "Банк вернул 100,00\u00a0руб. по нашему запросу."
    await boss.send(StaffOrderState.refund)  # Enter once more
    assert len(bank.told) == 1


async def test_a_refund_asks_for_what_is_missing(boss, db, paid, bank):
    await boss.open(f"/staff/payments/{paid}")
    await boss.send(StaffOrderState.ask_to_refund, **refund_form("539,21", ""))
    seen = boss.seen(StaffOrderState)
    assert [of(fault, "field_id") for fault in seen["faults"]] == ["amount", "explanation"]
    assert "не больше 539,20" in seen["amount_error"] and seen["question"] == ""
    await boss.send(StaffOrderState.refund)
    assert stored(db, Refund) == []
    await boss.send(StaffOrderState.ask_to_refund, **refund_form("x"))
    assert "Введите сумму" in boss.seen(StaffOrderState)["amount_error"]


async def test_a_refund_may_be_left(boss, db, paid, bank):
    await boss.open(f"/staff/payments/{paid}")
    await boss.send(StaffOrderState.ask_to_refund, **refund_form())
    await boss.send(StaffOrderState.keep_money)
    await boss.send(StaffOrderState.refund)
    assert stored(db, Refund) == [] and boss.seen(StaffOrderState)["question"] == ""


async def test_a_silent_bank_is_said_so_and_a_second_refund_waits(boss, db, paid, bank):
    bank.before_refund = silent
    await boss.open(f"/staff/payments/{paid}")
    await boss.send(StaffOrderState.ask_to_refund, **refund_form("100"))
    await boss.send(StaffOrderState.refund)
    seen = boss.seen(StaffOrderState)
    assert "переспросим его сами" in seen["outcome"]
    assert (of(seen["order"], "refunding"), of(seen["order"], "refundable")) == (True, False)


async def unanswered(tab, db, bank, monkeypatch, paid):
    """An order's page after the bank has said nothing to a refund of 100,00 for more than five minutes."""
    bank.before_refund = silent
    await tab.open(f"/staff/payments/{paid}")
    await tab.send(StaffOrderState.ask_to_refund, **refund_form("100"))
    await tab.send(StaffOrderState.refund)
    monkeypatch.setattr(order_page, "utc_now", lambda: NOW + timedelta(hours=2))
    bank.before_refund = lambda: None
    carry_out(db, bank, 1, clock=order_page.utc_now, site="https://lk.example.org")
    await tab.open(f"/staff/payments/{paid}")


async def test_an_administrator_repeats_what_the_bank_said_nothing_to(boss, db, paid, bank, monkeypatch):
    await unanswered(boss, db, bank, monkeypatch, paid)
    seen = boss.seen(StaffOrderState)
    assert (of(seen["order"], "undecided"), of(seen["order"], "flag")) == (True, "Банк не ответил на возврат")
    assert of(seen["refunds"][0], "word") == "Банк не ответил: сверьте с банком"
    await boss.send(StaffOrderState.decide)  # nothing was asked
    await boss.send(StaffOrderState.ask_to_repeat)
    assert "100,00" in boss.seen(StaffOrderState)["decision"] and len(bank.told) == 1
    await boss.send(StaffOrderState.undecide)
    await boss.send(StaffOrderState.decide)
    assert len(bank.told) == 1
    await boss.send(StaffOrderState.ask_to_repeat)
    await boss.send(StaffOrderState.decide)
    seen = boss.seen(StaffOrderState)
    assert (len(bank.told), seen["outcome_kind"], of(seen["order"], "undecided")) == (2, "good", False)
    assert stored(db, Order)[0].refunded == 100_00


@pytest.mark.parametrize("made", [False, True])
async def test_an_administrator_closes_what_the_bank_hasnt_done(boss, db, paid, bank, monkeypatch, made):
    await unanswered(boss, db, bank, monkeypatch, paid)
    await boss.send(StaffOrderState.ask_to_drop)
    if made:  # the bank has done it meanwhile, and is asked first
        bank.back(paid, 100_00)
    await boss.send(StaffOrderState.decide)
    assert [one.status for one in stored(db, Refund)] == ["done" if made else "dropped"]
    assert boss.seen(StaffOrderState)["outcome"].startswith("По этому возврату" if made else "Возврат закрыт")
    assert len(bank.told) == 1


async def test_an_operator_sees_refunds_and_makes_none(desk, db, paid, bank):
    await desk.open(f"/staff/payments/{paid}")
    order = desk.seen(StaffOrderState)["order"]
    assert (of(order, "refundable"), of(order, "may_refund")) == (True, False)
    for handler, payload in (
        (StaffOrderState.ask_to_refund, refund_form()),
        (StaffOrderState.refund, {}),
        (StaffOrderState.ask_to_undo, {}),
        (StaffOrderState.undo, {}),
        (StaffOrderState.ask_to_repeat, {}),
        (StaffOrderState.ask_to_drop, {}),
        (StaffOrderState.undecide, {}),
        (StaffOrderState.decide, {}),
    ):
        _, events = await desk.send(handler, **payload)
        assert "_redirect" in str(events)
    assert stored(db, Refund) == [] and bank.told == []


async def test_a_hold_is_undone_after_a_question(boss, db, cast, bank):
    number = put_order(db, cast, status="checking")
    bank.known[number] = BankState(number, f"bank-{number}", Stage.HELD, 539_20)
    await boss.open(f"/staff/payments/{number}")
    await boss.send(StaffOrderState.undo)
    assert stored(db, Order)[0].status == "checking"
    await boss.send(StaffOrderState.ask_to_undo)
    await boss.send(StaffOrderState.undo)
    assert stored(db, Order)[0].status == "reversed"
    assert boss.seen(StaffOrderState)["outcome"].startswith("Удержание снято")


async def test_a_day_is_looked_up_again(desk, db, cast, paid):
    other = put_order(db, cast, created_at=NOW - timedelta(days=3))
    await desk.open("/staff/totals")
    rows = desk.seen(TotalsState)["days"]
    await desk.send(TotalsState.look_up, key=of(rows[0], "key"))
    assert "20.11.2026: 1." in desk.seen(TotalsState)["outcome"]
    due = {order.number: order.next_look_at for order in stored(db, Order)}
    assert (due[paid], due[other]) == (NOW, None)
    await desk.send(TotalsState.look_up, key="999:2026-11-20")
    assert "Такой организации нет" in desk.seen(TotalsState)["outcome"]


async def test_earlier_days_and_back(desk, db, cast):
    number = put_order(db, cast, created_at=NOW - timedelta(days=20))
    await desk.open("/staff/totals")
    assert desk.seen(TotalsState)["days"] == [] and not desk.seen(TotalsState)["later"]
    await desk.send(TotalsState.go_earlier)
    assert [of(row, "day") for row in desk.seen(TotalsState)["days"]] == ["31.10.2026"]
    assert desk.seen(TotalsState)["later"] and number
    await desk.send(TotalsState.go_later)
    assert desk.seen(TotalsState)["days"] == [] and not desk.seen(TotalsState)["later"]


async def test_no_day_is_skipped_while_the_night_is_another_day_elsewhere(desk, db, cast, monkeypatch):
    """At half past two in Chelyabinsk it is the day before in Greenwich."""
    night = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    monkeypatch.setattr("lk_reflex.ui.guard.utc_now", lambda: night)
    put_order(db, cast, created_at=night - timedelta(days=14))
    await desk.open("/staff/totals")
    assert desk.seen(TotalsState)["span"] == "08.11.2026 – 21.11.2026"
    await desk.send(TotalsState.go_earlier)
    assert desk.seen(TotalsState)["span"] == "25.10.2026 – 07.11.2026"
    assert [of(row, "day") for row in desk.seen(TotalsState)["days"]] == ["07.11.2026"]


@pytest.mark.parametrize("who", ["owner", "relative", "stranger"])
async def test_residents_see_and_press_nothing(tabs, db, cast, paid, bank, who):
    tab = tabs(getattr(cast, who).cookie)
    for address in ("/staff/payments", f"/staff/payments/{paid}", "/staff/totals"):
        await tab.open(address)
    handlers = (
        (OrdersDeskState.look_for, {"form": {"search": NUMBER}}), (OrdersDeskState.show_flagged, {}),
        (StaffOrderState.load, {}), (StaffOrderState.look_again, {}),
        (StaffOrderState.settle_flag, {"form": {"note": "x"}}),
        (StaffOrderState.ask_to_refund, refund_form()), (StaffOrderState.refund, {}),
        (TotalsState.load, {}), (TotalsState.look_up, {"key": f"{cast.organization}:2026-11-20"}),
    )  # fmt: skip
    for handler, payload in handlers:
        _, events = await tab.send(handler, **payload)
        assert [given["path"] for name, given in events if name == "_redirect"] == ["/"]
    assert not tab.seen(OrdersDeskState).get("rows") and not tab.seen(StaffOrderState).get("lines")
    assert NUMBER not in repr({k: v for k, v in tab.vars.items() if "staff" in k})
    assert stored(db, Refund) == [] and stored(db, Order)[0].next_look_at is None
    assert [entry.action for entry in stored(db, AuditEntry)] == []
