"""What is ordered in the browser: done once, told as it goes, done anew after a crash, by administrators alone."""

import csv
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.task_files import Progress, TaskFiles, plain_name
from lk_reflex.domain.exchange_log import tasks
from lk_reflex.domain.exchange_log.tasks import EXPORT, IMPORT, KEPT, MOST_WAITING, Order, Status
from lk_reflex.exchange import tasks as doing
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.tasks import PACKAGE, REGISTER, TRIES
from lk_reflex.jobs.exchange import Exchanger
from tests.cast import NOW
from tests.exchange import packages
from tests.exchange.test_export import send  # noqa: F401  a reading of the flat's


@pytest.fixture
def files(tmp_path) -> TaskFiles:
    return TaskFiles(tmp_path / "exchange")


@pytest.fixture
def worker(db, files) -> Exchanger:
    return Exchanger(db, files, clock=lambda: NOW)


@pytest.fixture
def ordered(db, cast, files):
    """Order a thing as the administrator; returns what the list says of it."""

    def order(direction=EXPORT, kind="readings", path="", **options):
        what = Order(direction, kind, name="пакет.zip", path=str(path), size=1, options=options)
        return db.write(tasks.order_task, cast.admin.actor, what, now=NOW)

    return order


@pytest.fixture
def seen(db, cast):
    return lambda task_id: db.read(tasks.one_task, cast.admin.actor, task_id)


def packed(files, tmp_path, source):
    """A package as a browser would have sent it."""
    path = files.incoming("пакет.zip")
    with zipfile.ZipFile(path, "w") as archive:
        for one in source.iterdir():
            archive.write(one, one.name)
    return path


def test_a_package_is_taken_in_and_its_file_goes(db, worker, ordered, seen, files, tmp_path, count):
    path = packed(files, tmp_path, packages.small(tmp_path))
    task = ordered(IMPORT, PACKAGE, path)
    assert worker.step()
    done = seen(task)
    assert done.status is Status.DONE and done.ended_at == NOW
    assert any(line.startswith("Загружено строк: ") for line in done.report)
    assert str(tmp_path) not in "\n".join(done.report)
    assert count("receipts") == 1 and not path.exists() and not path.parent.exists()
    assert not worker.step()


def test_a_check_changes_nothing(db, worker, ordered, seen, files, tmp_path, count):
    task = ordered(IMPORT, PACKAGE, packed(files, tmp_path, packages.small(tmp_path)), dry_run=True)
    worker.step()
    assert seen(task).status is Status.DONE and count("receipts") == 0


def test_a_faulty_package_is_refused_with_its_report(db, worker, ordered, seen, files, tmp_path, count):
    source = packages.small(tmp_path)
    packages.write(source, "accounts", [packages.account(**{"Код дома": "нет такого"})])
    task = ordered(IMPORT, PACKAGE, packed(files, tmp_path, source))
    worker.step()
    assert seen(task).status is Status.REFUSED and count("receipts") == 0
    assert any("accounts.csv, строка 2" in line for line in seen(task).report)


def test_rows_that_were_left_out_come_back_as_a_file(db, worker, ordered, seen, files, tmp_path, count):
    source = packages.small(tmp_path)
    packages.write(source, "receipts", [packages.receipt(), packages.receipt("чужой")])
    task = ordered(IMPORT, PACKAGE, packed(files, tmp_path, source), skip_bad_rows=True)
    worker.step()
    done = seen(task)
    assert done.status is Status.DONE and count("receipts") == 1 and files.owns(done.result_path)
    with zipfile.ZipFile(done.result_path) as archive:
        rows = list(csv.reader(archive.read("receipts.csv").decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 2 and rows[0][-1] == "Причина"


def test_a_lost_file_is_said(worker, ordered, seen, files):
    task = ordered(IMPORT, PACKAGE, files.incoming("x.zip"))
    worker.step()
    assert (seen(task).status, list(seen(task).report)) == (Status.REFUSED, [doing.NO_FILE])


def test_a_path_outside_the_folder_is_never_read(worker, ordered, seen, tmp_path):
    stranger = tmp_path / "secret.zip"
    stranger.write_bytes(b"PK")
    task = ordered(IMPORT, PACKAGE, stranger)
    worker.step()
    assert seen(task).report == [doing.NO_FILE] and stranger.exists()


def test_an_unknown_profile_is_refused(worker, ordered, seen, files):
    path = files.incoming("реестр.txt")
    path.write_text("x")
    task = ordered(IMPORT, REGISTER, path, profile="нет такого")
    worker.step()
    assert seen(task).status is Status.REFUSED


def test_an_export_is_a_file_under_its_number_and_can_be_repeated(db, cast, worker, ordered, seen, send):  # noqa: F811
    send(1_000)
    first = ordered()
    worker.step()
    again, nothing = ordered(number=1), ordered()
    while worker.step():
        pass
    assert seen(first).result_name == "readings-1.csv" and "Выгрузка № 1: строк 1" in seen(first).report[0]
    texts = [Path(seen(task).result_path).read_bytes() for task in (first, again)]
    assert texts[0] == texts[1] != b""
    assert (seen(nothing).status, seen(nothing).result_path) == (Status.DONE, "")
    assert [(one.kind, one.number, one.rows) for one in db.read(tasks.made_exports, cast.admin.actor)] == [
        ("readings", 1, 1)
    ]


def test_what_was_broken_off_is_done_anew_and_not_for_ever(db, worker, ordered, seen, files, tmp_path, monkeypatch):
    path = packed(files, tmp_path, packages.small(tmp_path))
    task = ordered(IMPORT, PACKAGE, path)

    def killed(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(doing, "import_package", killed)
    for tries in range(1, TRIES + 1):
        with pytest.raises(KeyboardInterrupt):
            worker.step()
        assert (seen(task).status, seen(task).tries) == (Status.RUNNING, tries)
        assert path.exists()
    assert worker.step()
    assert (seen(task).status, list(seen(task).report)) == (Status.FAILED, [doing.BROKEN])


def test_it_waits_while_the_command_line_is_at_the_same(db, worker, ordered, seen, files, tmp_path):
    task = ordered(IMPORT, PACKAGE, packed(files, tmp_path, packages.small(tmp_path)))
    with exclusive(db, "import", "занято"):
        for _ in range(TRIES + 2):
            assert not worker.step()
        assert (seen(task).status, seen(task).tries) == (Status.WAITING, 0)
    assert worker.step() and seen(task).status is Status.DONE


def test_a_fault_of_ours_is_told_as_one_and_logged(worker, ordered, seen, files, tmp_path, monkeypatch, caplog):
    task = ordered(IMPORT, PACKAGE, packed(files, tmp_path, packages.small(tmp_path)))
    monkeypatch.setattr(doing, "import_package", lambda *_args, **_options: 1 / 0)
    worker.step()
    assert (seen(task).status, list(seen(task).report)) == (Status.FAILED, [doing.OURS])
    assert "ZeroDivisionError" in caplog.text


def test_only_an_administrator_orders_and_sees(db, cast, ordered):
    task = ordered()
    for person in (cast.operator, cast.owner, cast.outsider):
        with pytest.raises(Refused):
            db.write(tasks.order_task, person.actor, Order(EXPORT, "readings"), now=NOW)
        with pytest.raises(Refused):
            db.read(tasks.newest_tasks, person.actor)
        with pytest.raises(NotFound):
            db.read(tasks.one_task, person.actor, task)
        with pytest.raises(NotFound):
            db.write(tasks.cancel_task, person.actor, task, now=NOW)


def test_what_waits_can_be_cancelled_and_what_has_ended_cannot(db, cast, worker, ordered, seen):
    task = ordered()
    db.write(tasks.cancel_task, cast.admin.actor, task, now=NOW)
    assert seen(task).status is Status.CANCELLED and not worker.step()
    with pytest.raises(Conflict):
        db.write(tasks.cancel_task, cast.admin.actor, task, now=NOW)


def test_the_queue_is_short(ordered):
    for _ in range(MOST_WAITING):
        ordered()
    with pytest.raises(Conflict):
        ordered()


def test_files_that_have_had_their_time_go(db, files, ordered, seen, send):  # noqa: F811
    send(1_000)
    task = ordered()
    Exchanger(db, files, clock=lambda: NOW).step()
    assert seen(task).result_path
    Exchanger(db, files, clock=lambda: NOW + KEPT + timedelta(minutes=1)).step()
    assert seen(task).result_path == "" and not any((files.outgoing(0).parent / str(task)).glob("*"))


def test_how_far_it_is_can_be_read_beside_the_database(files):
    assert files.said(7) is None
    files.say(7, Progress("receipts.csv: 10 строк", 5, 10))
    assert (files.said(7).words, files.said(7).share) == ("receipts.csv: 10 строк", 50)
    before = files.changes()
    assert before.keys() == {"7"}
    files.quiet(7)
    assert files.said(7) is None and files.changes() == {}


@pytest.mark.parametrize(
    ("called", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Обмен\\пакет 11.zip", "пакет 11.zip"),
        ("a\nb\x00\u202ec.zip", "a_b__c.zip"),
        ("…", "_"),
        ("", "файл"),
        ("я" * 300, "я" * 80),
    ],
)
def test_a_file_is_called_by_harmless_signs(called, kept):
    assert plain_name(called) == kept
