"""The code to pay a receipt elsewhere, as a file: read back by a decoder, for whoever sees the account."""

import io
import re
from urllib.parse import unquote

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from lk_reflex.domain.documents.qr.payment_reader import read_payment
from tests.api.conftest import as_person
from tests.billing.paper import february_2018
from tests.payments.test_pay_code import put, set_bank, type_amount


@pytest.fixture
def february(db, cast) -> int:
    set_bank(db)
    return february_2018(db, cast.flat)


@pytest.fixture
def owner(web, cast):
    as_person(web, cast.owner)
    return cast.owner


def scanned(image: Image.Image) -> str:
    (read,) = zxingcpp.read_barcodes(image.convert("L"))
    return read.text


def saved(answer) -> str:
    return scanned(Image.open(io.BytesIO(answer.content)))


def drawn(svg: str) -> Image.Image:
    """What a browser would paint at four pixels a module."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    image = Image.new("L", (side * 4, side * 4), 255)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", svg.split("/>")[1]):
        left, top = int(x) * 4, int(y) * 4
        ImageDraw.Draw(image).rectangle((left, top, left + int(run) * 4 - 1, top + 3), fill=0)
    return image


def test_the_saved_picture_pays_the_sums_as_edited_in_the_cart(web, db, owner, february):
    put(db, owner, february)
    type_amount(db, owner, 0, "100,50")
    answer = web.get(f"/api/qr/{february}.png?of=cart&sum=29840")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["cache-control"] == "private, no-store"
    name = unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])
    assert (
        answer.headers["content-disposition"].startswith("attachment")
        and name == "Код для оплаты 1234567899 298,40.png"
    )
    read = read_payment(scanned(Image.open(io.BytesIO(answer.content))))
    assert (read.amount, read.values["PersAcc"]) == (29840, "1234567899")


def test_the_drawing_on_the_page_pays_what_is_due_and_fits_a_phone(web, owner, february):
    answer = web.get(f"/api/qr/{february}.svg?sum=53920")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    image = drawn(answer.text)
    assert read_payment(scanned(image)).amount == 53920
    assert image.width <= 326


def test_a_code_with_another_sum_than_the_page_says_is_never_given(web, db, owner, february):
    put(db, owner, february)
    address = f"/api/qr/{february}.png?of=cart&sum=53920"
    assert web.get(address).status_code == 200
    type_amount(db, owner, 0, "1")
    answer = web.get(address)
    assert answer.status_code == 400 and "Сумма в корзине изменилась" in answer.text
    assert (
        read_payment(scanned(Image.open(io.BytesIO(web.get(f"/api/qr/{february}.png?of=cart").content)))).amount
        == 19890
    )


def test_bank_details_with_a_fault_give_the_sentence_in_place_of_a_code(web, db, owner, february):
    set_bank(db, bic="044525226")
    answer = web.get(f"/api/qr/{february}.svg")
    assert answer.status_code == 400 and "в банковских реквизитах организации ошибка" in answer.text


@pytest.mark.parametrize("who", ["stranger", "operator"])
@pytest.mark.parametrize("query", ["", "?of=cart"])
def test_anothers_receipt_is_not_found(web, db, cast, february, who, query):
    put(db, cast.owner, february)
    as_person(web, getattr(cast, who))
    for number in (february, 999_999):
        answer = web.get(f"/api/qr/{number}.svg{query}")
        assert answer.status_code == 404 and "ХВС" not in answer.text


def test_without_a_session_there_is_none(web, cast, february):
    assert web.get(f"/api/qr/{february}.svg").status_code == 403


@pytest.mark.parametrize("address", ["0.svg", "x.svg", "{}.pdf", "{}.svg?sum=x", "-1.png", "99999999999999999999.png"])
def test_odd_addresses_are_not_found(web, owner, february, address):
    assert web.get(f"/api/qr/{address.format(february)}").status_code == 404
