"""Bulk print: what is printed and in which order, whole or not at all, by one process or by several."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer import BadParameter

from lk_reflex.core.db import Database
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.migrations import ROOT
from lk_reflex.core.months import Month
from lk_reflex.domain.documents.print_run import natural, receipts_to_print
from lk_reflex.domain.documents.qr.payment_reader import read_payment
from lk_reflex.exchange import printing
from lk_reflex.exchange.commands import print_
from lk_reflex.exchange.demo.cast import MANAGER, UTILITY
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.printing import print_receipts
from lk_reflex.exchange.progress import Silent
from tests.documents.sheets_of_paper import SITE, Printed
from tests.exchange import packages

OCTOBER = Month(2026, 10)
#: The manual's house in the demonstration.
HOUSE = "K000010"


@pytest.fixture(scope="module")
def town(tmp_path_factory, sqlite_template) -> Path:
    """A data folder with two hundred accounts of two months."""
    folder = tmp_path_factory.mktemp("town")
    shutil.copy(sqlite_template, folder / "lk.db")
    database = Database(f"sqlite:///{folder}/lk.db")
    import_package(database, packages.demo(folder, accounts=200))
    database.close()
    return folder


@pytest.fixture
def books(town):
    database = Database(f"sqlite:///{town}/lk.db")
    yield database
    database.close()


def printed(town: Path, receipts: list[int], out: Path, **options) -> int:
    given = {"site": SITE, "title": "Квитанции", "progress": Silent(), "processes": 2, **options}
    return print_receipts(f"sqlite:///{town}/lk.db", receipts, out, **given)


def test_flats_go_as_people_count_them():
    flats = ["10А", "2", "10", "1", "", "100", "1-2", "2а", "нежилое", "1-10"]
    assert sorted(flats, key=natural) == ["", "1", "1-2", "1-10", "2", "2а", "10", "10А", "100", "нежилое"]


def test_nobody_else_on_the_machine_reads_what_is_printed(town, books, tmp_path):
    receipts = books.read(receipts_to_print, OCTOBER, building=HOUSE)[:2]
    printed(town, receipts, tmp_path / "дом.pdf")
    printed(town, receipts, tmp_path / "дом")
    made = [tmp_path / "дом.pdf", *(tmp_path / "дом").iterdir()]
    assert [file.stat().st_mode & 0o777 for file in made] == [0o600] * 3
    assert (tmp_path / "дом").stat().st_mode & 0o777 == 0o700


def test_a_house_is_printed_by_flat_in_one_file(town, books, tmp_path):
    receipts = books.read(receipts_to_print, OCTOBER, building=HOUSE)
    out = tmp_path / "дом.pdf"
    assert printed(town, receipts, out) == len(receipts) == 5
    reader = PdfReader(io.BytesIO(out.read_bytes()), strict=True)
    labels = [item.title for item in reader.outline]
    assert [label.split(":")[0].split(" - ")[1] for label in labels] == [
        "35, л/с 1000000035", "35, л/с 1000000035", "52, л/с 1000000052", "1010, л/с 1234567899", "1010, л/с 1234567899"
    ]  # fmt: skip
    assert labels[0].endswith("Квитанция Объединённая за ОКТЯБРЬ 2026") and "ХВС и ВО" in labels[1]
    starts = [reader.get_destination_page_number(item) for item in reader.outline]
    made = Printed(out.read_bytes())
    for label, start in zip(labels, starts, strict=True):
        assert label.split("л/с ")[1].split(":")[0] in made.pages[start] and "Страница 1 из" in made.pages[start]
    assert read_payment(made.codes()[0]).values["PersAcc"] == "1000000035"
    assert reader.trailer["/Root"]["/Lang"] == "ru-RU" and reader.metadata.title == "Квитанции"
    assert [path.name for path in tmp_path.iterdir()] == ["дом.pdf"]


def test_many_parts_make_one_file_with_every_receipt_once(town, books, tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "PART", 7)
    receipts = books.read(receipts_to_print, OCTOBER, inn=UTILITY)[:22]
    assert printed(town, receipts, tmp_path / "все.pdf") == len(receipts)
    made = Printed((tmp_path / "все.pdf").read_bytes())
    outline = PdfReader(io.BytesIO(made.data), strict=True).outline
    assert len({item.title for item in outline}) == len(receipts)
    assert len(made.pages) >= len(receipts)
    # By whatever number of processes, the same file.
    printed(town, receipts, tmp_path / "снова.pdf", processes=1)
    assert (tmp_path / "снова.pdf").read_bytes() == made.data


def test_a_folder_gets_a_file_for_each_receipt(town, books, tmp_path):
    receipts = books.read(receipts_to_print, OCTOBER, building=HOUSE)
    out = tmp_path / "дом"
    for _ in range(2):
        assert printed(town, receipts, out) == 5
        assert sorted(path.name for path in out.iterdir()) == [
            f"{UTILITY} Квитанция {number} {kind} 2026-10.pdf"
            for number, kind in (
                ("1000000035", "Объединённая"), ("1000000035", "ХВС и ВО"), ("1000000052", "Объединённая"),
                ("1234567899", "Объединённая"), ("1234567899", "ХВС и ВО"),
            )
        ]  # fmt: skip
    assert all("Квитанция" in Printed(path.read_bytes()).text for path in out.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["дом"]


def test_names_that_meet_are_told_apart(tmp_path):
    from tests.documents.sheets_of_paper import MANUAL

    printing._write(tmp_path, MANUAL, b"1")
    printing._write(tmp_path, MANUAL, b"2")
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"1", b"2"]


def test_a_house_of_two_organizations_may_be_printed_for_one(books):
    whole = books.read(receipts_to_print, OCTOBER, building="K000112")
    assert whole == books.read(receipts_to_print, OCTOBER, building="K000112", inn=MANAGER)
    with pytest.raises(NotFound):
        books.read(receipts_to_print, OCTOBER, building="K000112", inn=UTILITY)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"building": "нет"}, "Дома с кодом"),
        ({"inn": "1"}, "Организации с ИНН"),
        ({"building": HOUSE}, "печатать нечего"),
    ],
)
def test_nothing_to_print_is_a_sentence(books, asked, word):
    with pytest.raises(NotFound) as refusal:
        books.read(receipts_to_print, Month(2030, 1), **asked)
    assert word in refusal.value.message


def test_what_cannot_be_written_is_a_sentence_and_leaves_nothing(town, books, tmp_path):
    receipts = books.read(receipts_to_print, OCTOBER, building=HOUSE)
    (tmp_path / "занято.pdf").mkdir()
    (tmp_path / "файл").write_text("не папка")
    for out in (tmp_path / "занято.pdf", tmp_path / "нет" / "дом.pdf", tmp_path / "файл"):
        with pytest.raises(Refused):
            printed(town, receipts, out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["занято.pdf", "файл"]
    assert (tmp_path / "файл").read_text() == "не папка"


def lk(town: Path, *command: str, **options) -> subprocess.Popen:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LK_")}
    return subprocess.Popen(
        [sys.executable, "-m", "lk_reflex", "print", *command], cwd=ROOT, env={**kept, "LK_DATA_DIR": str(town)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, restore_signals=True,
        # A job in the background, and what it starts, is deaf to Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options,
    )  # fmt: skip


def test_the_command_prints_and_says_what(town, tmp_path):
    out = tmp_path / "дом.pdf"
    running = lk(town, "--building", HOUSE, "--month", "2026-10", "--out", str(out))
    said, complaints = running.communicate()
    assert (running.returncode, complaints.strip()) == (0, "")
    assert said == f"Квитанций за Октябрь 2026: 5, записано в {out}\n"
    assert len(PdfReader(out).outline) == 5


def test_a_house_that_is_not_there_ends_the_command_with_two(town):
    running = lk(town, "--building", "нет", "--month", "2026-10", "--out", "x.pdf")
    said, complaints = running.communicate()
    assert (running.returncode, said, complaints) == (2, "", "Дома с кодом «нет» нет.\n")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"month": "13.2026", "building": HOUSE}, "не месяц вида"), ({"month": "2026-10"}, "укажите месяц и дом")],
)
def test_a_senseless_command_says_what_is_missing(given, sentence):
    with pytest.raises(BadParameter) as refusal:
        print_(out=Path("x.pdf"), **given)
    assert sentence in refusal.value.message


def test_ctrl_c_leaves_what_was_there_and_no_process(town, tmp_path):
    out = tmp_path / "все.pdf"
    for _ in range(5):  # on a busy machine it may be done before it is interrupted
        out.write_bytes(b"of last month")
        running = lk(town, "--organization", UTILITY, "--month", "2026-10", "--out", str(out), "--processes", "1")
        until = time.monotonic() + 60
        while not any(tmp_path.glob(".все.pdf.*.part/*")) and time.monotonic() < until:
            time.sleep(0.01)
        # To the whole group, as a terminal sends it.
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGINT)
        _, complaints = running.communicate(timeout=60)
        if out.read_bytes() == b"of last month":
            break
    assert (running.returncode, complaints) == (130, "Печать прервана. Ничего не записано.\n")
    assert [path.name for path in tmp_path.iterdir()] == ["все.pdf"] and out.read_bytes() == b"of last month"
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


def test_killed_outright_it_leaves_no_process_and_nothing_under_the_name(town, tmp_path):
    out = tmp_path / "все.pdf"
    running = lk(town, "--organization", UTILITY, "--month", "2026-10", "--out", str(out), "--processes", "2")
    until = time.monotonic() + 60
    while not any(tmp_path.glob(".все.pdf.*.part/*")) and time.monotonic() < until:
        time.sleep(0.01)
    running.kill()
    running.communicate(timeout=60)
    while time.monotonic() < until:
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        pytest.fail("a drawing process outlived the command")
    assert not out.exists()
