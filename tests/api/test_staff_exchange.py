"""Files of the exchange over HTTP: from administrators alone, kept whole or not at all, given back as attachments."""

import json
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from lk_reflex.api.edge import refusals
from lk_reflex.api.staff import exchange as staff_exchange
from lk_reflex.core.clock import utc_now
from lk_reflex.core.task_files import TaskFiles
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.exchange_log import tasks
from lk_reflex.domain.exchange_log.tables import ExchangeTask
from lk_reflex.domain.exchange_log.tasks import Status
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.jobs.exchange import Exchanger
from tests.api.conftest import as_person
from tests.exchange.test_export import send  # noqa: F401  a reading of the flat's

URL = "/api/staff/exchange"
HOME = {"origin": "http://lk.test"}


@pytest.fixture
def files(tmp_path, monkeypatch):
    made = TaskFiles(tmp_path / "exchange")
    monkeypatch.setattr(staff_exchange, "task_files", lambda: made)
    return made


@pytest.fixture
def give(web, cast, files):
    """Sends the page's form as a browser does."""

    def post(person=None, *, name="пакет.zip", data=b"PK", headers=HOME, **form):
        as_person(web, person or cast.admin)
        return web.post(URL, data=form, files={"file": (name, data)}, headers=headers)

    return post


def faults(answer) -> dict[str, str]:
    line = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{FLASH_COOKIE}="))
    return json.loads(unquote(line.partition("=")[2].partition(";")[0].strip('"')))["faults"]


def rows(db):
    with db.engine.connect() as connection:
        return connection.execute(select(ExchangeTask)).all()  # type: ignore[call-overload]


def test_a_file_becomes_a_task_with_its_options(give, db, files):
    answer = give(data=b"PK" + b"x" * 3_000_000, dry_run="yes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/exchange?ordered=1")
    (task,) = rows(db)
    assert (task.kind, task.name, task.size, task.status) == ("package", "пакет.zip", 3_000_002, "waiting")
    assert task.options == {"profile": "", "month": "", "dry_run": True, "skip_bad_rows": False}
    assert files.owns(task.path)


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({"data": b""}, "file", "Файл пустой. Выберите другой"),
        ({"name": ""}, "file", staff_exchange.NO_FILE),
        ({"profile": "банк", "month": "13.2026"}, "month", staff_exchange.NO_MONTH),
        ({"month": "10.2026"}, "month", staff_exchange.MONTH_ONLY),
        ({"headers": {"origin": "http://elsewhere.test"}}, "file", staff_exchange.FOREIGN),
    ],
)
def test_what_is_wrong_comes_back_to_the_page_and_leaves_nothing(give, db, files, form, field, words, tmp_path):
    answer = give(**form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/exchange?fault=1")
    assert faults(answer)[field] == words
    assert rows(db) == [] and not [one for one in tmp_path.rglob("*") if one.is_file() and "exchange" in one.parts]


@pytest.mark.parametrize("who", ["owner", "operator", "outsider", None])
def test_nobody_else_sends_files(web, give, db, cast, who):
    if who is None:
        web.cookies.clear()
        answer = web.post(URL, files={"file": ("x.zip", b"PK")}, headers=HOME)
    else:
        answer = give(getattr(cast, who))
    assert answer.status_code == 404 and rows(db) == []


def test_a_file_too_large_is_refused_by_its_length_alone(give, db, monkeypatch):
    monkeypatch.setattr(refusals, "MAX_PACKAGE", 1_000)
    assert give(data=b"x" * 2_000).status_code == 413
    assert rows(db) == []


def test_a_full_disk_is_said_and_leaves_no_half(give, db, files, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staff_exchange.shutil, "copyfileobj", full)
    assert faults(give())["file"] == staff_exchange.NO_ROOM
    assert rows(db) == []


def test_what_came_of_it_is_an_attachment_for_administrators(web, db, cast, files, send):  # noqa: F811
    send(1_000)
    order = tasks.Order(tasks.EXPORT, "readings", options={"suffix": "csv"})
    task = db.write(tasks.order_task, cast.admin.actor, order, now=utc_now())
    Exchanger(db, files, clock=utc_now).step()
    for person, status in ((cast.admin, 200), (cast.operator, 404), (cast.owner, 404), (None, 403)):
        as_person(web, person)
        answer = web.get(f"{URL}/{task}/file")
        assert answer.status_code == status
        if status == 200:
            assert answer.headers["content-disposition"].startswith('attachment; filename="readings-1.csv"')
            assert answer.headers["cache-control"] == "private, no-store"
            assert "1234567899" in answer.content.decode("utf-8-sig")
    taken = db.read(lambda reader: reader.rows(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert [row.action for row in taken].count("exchange-file-taken") == 1


def test_a_report_can_be_taken_away(web, db, cast, files):
    task = db.write(tasks.order_task, cast.admin.actor, tasks.Order(tasks.IMPORT, "package"), now=utc_now())
    db.write(tasks.end_task, task, Status.REFUSED, ["Пакет x", "=1+1"], now=utc_now())
    as_person(web, cast.admin)
    answer = web.get(f"{URL}/{task}/report.txt")
    assert answer.content.decode("utf-8-sig") == "Пакет x\r\n=1+1"
    assert web.get(f"{URL}/{task}/file").status_code == 404
    assert web.get(f"{URL}/999/report.txt").status_code == 404
    assert web.get(f"{URL}/x/report.txt").status_code == 404
