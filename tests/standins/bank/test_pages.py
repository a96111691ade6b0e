"""The bank's pages as a payer and a clerk go through them."""

from html.parser import HTMLParser

import pytest

from lk_reflex.standins.bank import acs_page, card_page, cards
from lk_reflex.standins.bank import front_page as front
from lk_reflex.standins.bank.cards import CARDS, Way, card_of
from lk_reflex.standins.bank.model import ISSUER_SAYS_NO, WORDS
from tests.standins.bank.test_json_wire import create
from tests.standins.bank.test_rbs_wire import pay

NUMBER = "26112300000001"


class Seen(HTMLParser):
    """Forms, fields, links and the words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields, self.links, self.tags, self.text = {}, [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "input":
            self.fields[given["name"]] = given["value"]
        if tag == "a":
            self.links.append(given["href"])

    def handle_data(self, data):
        self.text += data


def see(bank, path):
    answer = bank.client.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text
    return Seen(answer.text)


def follow(bank, answer):
    assert answer.status_code == 303, answer.text
    return bank.client.get(answer.headers["location"])


def back(answer):
    return answer.headers.get("refresh", "").partition("url=")[2]


def test_the_card_page_tells_whom_one_pays_and_how_much(bank):
    bank_id = bank.register(amount=291146, jsonParams='{"organization":"ООО «Три <кита>»"}', description="Квартплата")
    seen = see(bank, f"/demo/bank/pay/{bank_id}")
    for words in ("ООО «Три <кита>»", NUMBER, "Квартплата", "2\u00a0911,46\u00a0руб.", "Демонстрационный банк"):
        assert words in seen.text
    assert seen.fields == {"number": "", "month": "", "year": "", "cvc": ""}
    assert all(card.grouped in seen.text and card.shows in seen.text for card in CARDS)


def test_a_card_of_the_table_is_filled_in(bank):
    way = f"/demo/bank/pay/{bank.register()}"
    assert f"{way}?card=secure" in see(bank, way).links
    fields = see(bank, f"{way}?card=secure").fields
    assert fields["number"] == card_of(Way.SECURE).grouped and all(fields.values())
    assert follow(bank, bank.client.post(way, data=fields)).status_code == 200


def test_faults_stand_at_their_fields_and_what_was_typed_stays_but_the_code(bank):
    way = f"/demo/bank/pay/{bank.register()}"
    answer = bank.client.post(way, data={"number": "4111 1111", "month": "13", "year": "99", "cvc": "123"})
    seen = Seen(answer.text)
    assert answer.status_code == 200 and "Исправьте ошибки" in seen.text
    assert {"#number", "#month"} <= set(seen.links) and "#year" not in seen.links
    assert seen.text.count(cards.WRONG_NUMBER) == 2  # above, and at the field
    assert seen.fields == {"number": "4111 1111", "month": "13", "year": "99", "cvc": ""}
    assert bank.state()["orderStatus"] == 0


def test_paying_leads_back_to_the_shop_with_the_banks_id(bank):
    bank_id = bank.register()
    left = follow(bank, pay(bank, bank_id))
    assert back(left) == f"http://testserver/back?n=1&orderId={bank_id}&lang=ru"
    assert back(left).replace("&", "&amp;") in left.text


def test_a_shop_on_another_machine_is_not_gone_to_by_itself(bank):
    bank_id = bank.register(returnUrl="https://example.org/back")
    left = follow(bank, pay(bank, bank_id))
    assert "refresh" not in left.headers and "https://example.org/back?orderId=" in left.text


def test_going_away_unpaid_leads_to_the_failure_page_and_changes_nothing(bank):
    bank_id = bank.register()
    left = bank.client.get(f"/demo/bank/pay/{bank_id}/leave")
    assert back(left).startswith("http://testserver/fail?orderId=")
    assert bank.state()["orderStatus"] == 0


def test_the_json_gateway_adds_nothing_to_the_shops_address(bank):
    made = create(bank).json()
    assert back(follow(bank, pay(bank, made["id"]))) == "http://testserver/back"


def test_the_code_is_asked_for_and_pays(bank):
    bank_id = bank.register()
    asked = follow(bank, pay(bank, bank_id, Way.SECURE))
    assert "555555**4444" in asked.text and bank.state()["orderStatus"] == 5
    code = f"/demo/bank/pay/{bank_id}/code"
    assert acs_page.NO_CODE in bank.client.post(code, data={"code": "  "}).text
    assert "Осталось попыток: 2" in bank.client.post(code, data={"code": "1111"}).text
    left = follow(bank, bank.client.post(code, data={"code": " 12 34 "}))
    assert back(left).startswith("http://testserver/back")
    assert bank.ledger.charges(NUMBER) == [10000]


def test_three_wrong_codes_decline_and_another_card_may_be_tried(bank):
    bank_id = bank.register()
    pay(bank, bank_id, Way.SECURE)
    code = f"/demo/bank/pay/{bank_id}/code"
    for _ in range(2):
        assert bank.client.post(code, data={"code": "1111"}).status_code == 200
    again = follow(bank, bank.client.post(code, data={"code": "1111"}))
    assert card_page.TRY_ANOTHER in again.text and bank.state()["actionCode"] == -2006
    assert follow(bank, bank.client.get(code)).url.path == f"/demo/bank/pay/{bank_id}"
    pay(bank, bank_id)
    assert bank.state()["orderStatus"] == 2


def test_the_code_may_be_refused(bank):
    bank_id = bank.register()
    pay(bank, bank_id, Way.SECURE)
    assert card_page.WAITS in bank.client.get(f"/demo/bank/pay/{bank_id}").text
    again = follow(bank, bank.client.post(f"/demo/bank/pay/{bank_id}/code", data={"do": "refuse"}))
    assert WORDS[-2006] in again.text


def test_a_declined_payer_reads_why_and_may_try_again(bank):
    bank_id = bank.register()
    again = follow(bank, pay(bank, bank_id, Way.DECLINED))
    assert WORDS[ISSUER_SAYS_NO] in again.text and card_page.TRY_ANOTHER in again.text
    assert WORDS[116] in follow(bank, pay(bank, bank_id, Way.NO_MONEY)).text
    assert back(follow(bank, pay(bank, bank_id, Way.SLOW))).startswith("http://testserver/back")


@pytest.mark.parametrize("way", [Way.SILENT, Way.CHARGED_SILENT])
def test_the_silent_cards_break_the_line(bank, way):
    answer = pay(bank, bank.register(), way)
    assert answer.status_code == 504 and card_page.SILENT in answer.text
    assert bank.ledger.captured() == (10000 if way is Way.CHARGED_SILENT else 0)


def test_nothing_is_paid_twice_whoever_comes_back(bank):
    bank_id = bank.register()
    pay(bank, bank_id)
    page = f"/demo/bank/pay/{bank_id}"
    assert card_page.PAID in see(bank, page).text and "form" not in see(bank, page).tags
    for way in (Way.PAID, Way.SECURE, Way.DECLINED):
        assert card_page.PAID in follow(bank, pay(bank, bank_id, way)).text
    assert bank.ledger.charges(NUMBER) == [10000]


def test_an_order_that_is_over_says_so(bank):
    bank_id = bank.register()
    bank.clock.on(hours=1)
    page = f"/demo/bank/pay/{bank_id}"
    assert card_page.OVER in see(bank, page).text
    assert card_page.OVER in follow(bank, pay(bank, bank_id)).text


def test_a_closed_order_and_an_unknown_one_say_so(bank):
    bank_id = bank.register()
    bank.rbs("decline.do", orderId=bank_id)
    assert card_page.CLOSED in see(bank, f"/demo/bank/pay/{bank_id}").text
    gone = bank.client.get("/demo/bank/pay/nothing")
    assert gone.status_code == 404 and card_page.GONE in gone.text


def press(bank, bank_id, do, **fields):
    return bank.client.post(f"/demo/bank/orders/{bank_id}", data={"do": do, **fields})


def test_the_front_page_lists_orders_and_says_so_while_there_are_none(bank):
    assert front.NOTHING in see(bank, "/demo/bank").text
    pay(bank, bank.register())
    seen = see(bank, "/demo/bank")
    assert NUMBER in seen.text and "оплачен" in seen.text and front.NOTHING not in seen.text


def test_a_clerk_gives_money_back_in_part_and_whole(bank):
    bank_id = bank.register()
    pay(bank, bank_id)
    name = f"amount-{bank_id}"
    assert see(bank, "/demo/bank").fields[name] == "100,00"
    assert front.DONE[front.REFUND] in follow(bank, press(bank, bank_id, "refund", **{name: "40,5"})).text
    for typed, fault in (("", front.NO_SUM), ("0", front.NO_SUM), ("60", "не больше 59,50\u00a0руб.")):
        again = press(bank, bank_id, "refund", **{name: typed})
        assert again.status_code == 200 and fault in again.text
        assert Seen(again.text).fields[name] == typed
    assert bank.ledger.refunded() == 4050
    press(bank, bank_id, "refund", **{name: "59.50"})
    assert bank.ledger.refunded() == 10000
    assert name not in see(bank, "/demo/bank").fields


def test_a_clerk_takes_or_undoes_a_hold_and_ends_a_session(bank):
    first, second, third = (bank.register(number) for number in ("1", "2", "3"))
    for bank_id in (first, second):
        pay(bank, bank_id, Way.HELD)
    for bank_id, do in ((first, "capture"), (second, "reverse"), (third, "expire")):
        assert front.DONE[do] in follow(bank, press(bank, bank_id, do)).text
        assert front.IMPOSSIBLE in press(bank, bank_id, do).text
    assert [bank.state(number)["orderStatus"] for number in "123"] == [2, 3, 6]
    assert bank.state("3")["actionCode"] == -2007


def test_a_foreign_page_can_not_press_a_clerks_buttons(bank):
    bank_id = bank.register()
    pay(bank, bank_id)
    data = {"do": "refund", f"amount-{bank_id}": "100"}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        assert bank.client.post(f"/demo/bank/orders/{bank_id}", data=data, headers=headers).status_code == 403
    assert bank.ledger.refunded() == 0
