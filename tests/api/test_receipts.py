"""Receipts as PDF: for whoever sees the account, with the page's figures, drawn apart from everybody else's work."""

import io
import os
import signal
from urllib.parse import unquote

import pytest
from pypdf import PdfReader

from lk_reflex import wiring
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.months import Month
from lk_reflex.core.processes import Processes
from lk_reflex.domain.documents import period
from lk_reflex.domain.identity.sessions import end_all_sessions
from tests.api.conftest import as_person
from tests.billing.paper import february_2018, receipt, september_2019


@pytest.fixture(scope="module")
def processes():
    made = Processes(1, room=12, room_each=3)
    yield made
    made.shutdown()


@pytest.fixture(autouse=True)
def drawn_apart(processes, monkeypatch):
    monkeypatch.setattr("lk_reflex.api.papers.receipts.drawing_processes", lambda: processes)


@pytest.fixture
def september(db, cast) -> int:
    return september_2019(db, cast.flat)


def text_of(answer) -> tuple[str, int]:
    assert answer.status_code == 200, answer.text
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " "), len(pages)


def test_the_pdf_says_what_the_page_says(web, cast, september):
    as_person(web, cast.owner)
    answer = web.get(f"/api/receipts/{september}.pdf")
    text, pages = text_of(answer)
    for figure in ("2 779,92", "513,16", "3 293,08", "235,22", "277,94", "1234567899"):
        assert figure in text
    assert pages == 1
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    way, _, name = answer.headers["content-disposition"].partition("filename*=UTF-8''")
    assert way == 'inline; filename="receipt.pdf"; '
    assert unquote(name) == "Квитанция 1234567899 Объединённая 2019-09.pdf"


def test_only_whoever_sees_the_account_sees_its_receipt(web, db, cast, september):
    """Scenario 25 and 23: another's receipt and one that never was get the very same page."""
    address = f"/api/receipts/{september}.pdf"
    as_person(web, cast.relative)
    assert web.get(address).status_code == 200
    for person in (cast.stranger, cast.operator):
        as_person(web, person)
        foreign, unknown = web.get(address), web.get("/api/receipts/999999.pdf")
        assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
        assert foreign.status_code == 404
        assert "Документ не найден" in foreign.text
    as_person(web, None)
    assert web.get(address).status_code == 403
    as_person(web, cast.owner)
    db.write(end_all_sessions, cast.owner.actor.user_id, now=utc_now())
    answer = web.get(address)
    assert (answer.status_code, answer.headers["cache-control"]) == (403, "no-store")
    assert "Войдите в личный кабинет" in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "abc", "١", "9" * 40, "1%00", "1'--", "%2e%2e"])
def test_what_is_no_number_is_not_found(web, cast, september, number):
    as_person(web, cast.owner)
    answer = web.get(f"/api/receipts/{number}.pdf")
    assert answer.status_code == 404
    assert "не найден" in answer.text


def test_the_receipts_of_a_period_are_one_file(web, db, cast, september):
    february_2018(db, cast.flat)
    receipt(db, cast.flat, "ХВС и ВО", Month(2019, 9), [("ХВС", "0", "0", "10,01", "10,01")])
    as_person(web, cast.owner)
    answer = web.get("/api/receipts.pdf?from=2018-02&to=2019-09")
    text, pages = text_of(answer)
    assert pages == 3
    assert text.index("539,20") < text.index("3 293,08") < text.index("10,01")
    name = unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])
    assert name == "Квитанции 1234567899 2018-02 - 2019-09.pdf"
    # The months the other way round are the same months.
    swapped = web.get("/api/receipts.pdf?from=2019-09&to=2018-02")
    assert text_of(swapped) == (text, pages)
    assert swapped.headers["content-disposition"] == answer.headers["content-disposition"]
    assert text_of(web.get(f"/api/receipts.pdf?account={cast.flat}&from=2018-02&to=2018-03"))[1] == 1


@pytest.mark.parametrize(
    ("query", "status", "sentence"),
    [
        ("", 400, "Выберите, с какого и по какой месяц"),
        ("from=2019-09", 400, "Выберите, с какого и по какой месяц"),
        ("from=2020-01&to=2020-12", 400, "За эти месяцы квитанций нет"),
        ("from=2019-99&to=2020-12", 400, "Такого месяца нет"),
        ("from=2019-09&to=2019-09&account=99999", 404, "не найден"),
    ],
)
def test_what_is_wrong_with_a_period_is_said(web, cast, september, query, status, sentence):
    as_person(web, cast.owner)
    answer = web.get(f"/api/receipts.pdf?{query}")
    assert (answer.status_code, sentence in answer.text) == (status, True)
    assert 'href="/documents"' in answer.text


def test_too_long_a_period_is_refused_before_it_is_drawn(web, cast, september, db, monkeypatch):
    monkeypatch.setattr(period, "MOST", 1)
    february_2018(db, cast.flat)
    as_person(web, cast.owner)
    answer = web.get("/api/receipts.pdf?from=2018-01&to=2019-12")
    assert answer.status_code == 400
    assert "За эти месяцы квитанций 2, а в один файл помещается 1." in answer.text


def test_a_period_of_anothers_account_is_not_found(web, cast, september):
    as_person(web, cast.stranger)
    assert web.get(f"/api/receipts.pdf?account={cast.flat}&from=2019-09&to=2019-09").status_code == 404


def test_a_killed_drawer_is_replaced_unnoticed(web, cast, september, processes):
    as_person(web, cast.owner)
    assert web.get(f"/api/receipts/{september}.pdf").status_code == 200
    for pid in list(processes._pool._processes):
        os.kill(pid, signal.SIGKILL)
    assert web.get(f"/api/receipts/{september}.pdf").status_code == 200


def test_while_too_many_wait_the_page_says_to_come_in_a_minute(web, cast, september, processes, monkeypatch):
    async def full(*_):
        raise Unavailable("Сейчас готовится много документов. Повторите через минуту.")

    monkeypatch.setattr(processes, "run", full)
    as_person(web, cast.owner)
    answer = web.get(f"/api/receipts/{september}.pdf")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Повторите через минуту" in answer.text


def test_the_cabinet_draws_in_two_processes():
    assert wiring.drawing_processes()._number == 2


def test_only_a_get_is_answered(web, cast, september):
    as_person(web, cast.owner)
    assert web.post(f"/api/receipts/{september}.pdf", headers={"origin": "http://lk.test"}).status_code == 405
