"""How callbacks of both wires are read: the checksum's rule and vector, and what is no callback at all."""

import json

import pytest

from lk_reflex.integrations.bank.checksum import RbsHints, checksum
from lk_reflex.integrations.bank.json_state import JsonHints
from lk_reflex.integrations.bank.port import Forged, Hint

KEY = "yourSecretToken"
ID = "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe"
FIELDS = {"mdOrder": ID, "orderNumber": "10747", "operation": "deposited", "status": "1", "amount": "123456"}
#: The vector of protocols.md, section 2.
CODE = "51C892147225ABE87798CB02979D70EF46D0AE79B5AA3B28B1C260BE286C50A9"
HINTS = RbsHints(KEY)


def test_the_vector_of_the_protocol():
    assert checksum(FIELDS, KEY) == CODE


def test_the_order_of_fields_and_the_checksums_own_names_count_for_nothing():
    turned = dict(reversed([*FIELDS.items(), ("checksum", "x"), ("sign_alias", "SHA-256 with RSA")]))
    assert checksum(turned, KEY) == CODE


def test_further_fields_are_part_of_it():
    more = {**FIELDS, "callbackCreationDate": "Mon Nov 23", "я": "ж"}
    assert checksum(more, KEY) != CODE
    assert HINTS.hint({**more, "checksum": checksum(more, KEY)}).number == "10747"


def test_a_right_one_is_believed_in_either_case():
    for code in (CODE, CODE.lower(), f" {CODE} "):
        assert HINTS.hint({**FIELDS, "checksum": code}) == Hint("10747", ID, "deposited", succeeded=True, signed=True)


@pytest.mark.parametrize("name", FIELDS)
def test_an_altered_or_missing_field_breaks_it(name):
    for fields in ({**FIELDS, name: "2"}, {key: value for key, value in FIELDS.items() if key != name}):
        with pytest.raises(Forged):
            HINTS.hint({**fields, "checksum": CODE})


@pytest.mark.parametrize("code", ["", "0" * 64, CODE[:-1], CODE + "0", "Ж" * 64, "٥" * 64])
def test_a_wrong_code_is_forged(code):
    with pytest.raises(Forged):
        HINTS.hint({**FIELDS, "checksum": code})


def test_no_code_is_forged_and_no_key_believes_nothing():
    with pytest.raises(Forged):
        HINTS.hint(FIELDS)
    with pytest.raises(Forged):
        RbsHints("").hint({**FIELDS, "checksum": checksum(FIELDS, "")})


def test_a_signed_one_about_no_order_is_refused():
    fields = {"operation": "deposited", "status": "1"}
    with pytest.raises(Forged):
        HINTS.hint({**fields, "checksum": checksum(fields, KEY)})


@pytest.mark.parametrize(("status", "succeeded"), [("1", True), ("0", False), ("", False), ("true", False)])
def test_what_it_claims(status, succeeded):
    fields = {**FIELDS, "status": status}
    assert HINTS.hint({**fields, "checksum": checksum(fields, KEY)}).succeeded is succeeded


PAYMENT = {"id": ID, "status": "succeeded", "metadata": {"order_number": "10747"}}


def notification(event: str, thing: object) -> bytes:
    return json.dumps({"type": "notification", "event": event, "object": thing}).encode()


@pytest.mark.parametrize(
    ("event", "thing", "hint"),
    [
        ("payment.succeeded", PAYMENT, Hint("10747", ID, "payment.succeeded", succeeded=True, signed=False)),
        ("payment.canceled", PAYMENT, Hint("10747", ID, "payment.canceled", succeeded=False, signed=False)),
        ("payment.waiting_for_capture", {"id": ID}, Hint("", ID, "payment.waiting_for_capture", False, False)),
        ("refund.succeeded", {"id": "r-1", "payment_id": ID}, Hint("", ID, "refund.succeeded", True, False)),
    ],
)
def test_a_notification_is_a_hint_that_nobody_signed(event, thing, hint):
    assert JsonHints().hint({}, notification(event, thing)) == hint


@pytest.mark.parametrize(
    "body",
    [
        b"", b"x", b"\xff", b"[]", b"7", b"null", b"{", b'{"a":' * 50_000, notification("", PAYMENT),
        notification("payment.succeeded", []), notification("payment.succeeded", {}),
        notification("payment.succeeded", {"id": 7}), notification("refund.succeeded", {"id": "r-1"}),
    ],
)  # fmt: skip
def test_what_is_no_notification_is_forged(body):
    with pytest.raises(Forged):
        JsonHints().hint({}, body)
