"""Zones for files: what comes is listed or refused at its place, by the slot's own page and person alone."""

from io import BytesIO
from pathlib import Path

import pytest
import reflex as rx

from lk_reflex.core.uploads import FULL
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.requests.machine import Status
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.uploads.refused import told_by
from lk_reflex.ui.uploads.rows import rows_by_slot
from lk_reflex.ui.uploads.words import LOADING, LOST, ONE_ONLY, progress_words, rejection_words, size_words
from tests.files.papers import paper, with_script
from tests.files.photos import photo
from tests.requests.rows import put_request

NUMBER, SLOT = "261120000001", "file"
PAGE = f"/services/appeal/{NUMBER}"


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "files")
    monkeypatch.setattr("lk_reflex.ui.uploads.state.file_store", lambda: store)
    return store


@pytest.fixture
async def tab(tabs, db, cast):
    put_request(db, cast, cast.owner, "appeal", Status.DRAFT, form={}, kept=True)
    tab = tabs(cast.owner.cookie)
    await tab.open(PAGE)
    return tab


def upload(data, name="Акт.pdf"):
    return rx.UploadFile(file=BytesIO(data), path=Path(name))


async def bring(tab, *files, slot=SLOT, replacing=""):
    await tab.send(AppealState.upload_starts, slot=slot)
    await tab.send(AppealState.take_upload, files=list(files), slot=slot, replacing=replacing)
    return tab.seen(AppealState)


def names(seen, slot=SLOT):
    return [row.name for row in seen["uploaded"][slot]]


async def test_a_file_comes_is_replaced_and_taken_out(tab):
    seen = await bring(tab, upload(paper()))
    assert names(seen) == ["Акт.pdf"] and seen["upload_busy"] == "" and seen["upload_told"] == "Файл приложен"
    (row,) = seen["uploaded"][SLOT]
    assert row.href == f"/api/files/{row.key}" and row.picture == "" and row.size.endswith("КБ")
    seen = await bring(tab, upload(photo(), "Фото.heic"), replacing=row.key)
    assert names(seen) == ["Фото.jpg"] and seen["uploaded"][SLOT][0].picture
    await tab.send(AppealState.remove_upload, key=seen["uploaded"][SLOT][0].key, slot=SLOT)
    assert names(tab.seen(AppealState)) == []


async def test_what_is_wrong_is_said_at_its_zone_and_what_is_there_stays(tab):
    await bring(tab, upload(paper()))
    seen = await bring(tab, upload(with_script()))
    assert "JavaScript" in seen["upload_errors"][SLOT] and names(seen) == ["Акт.pdf"]
    seen = await bring(tab, upload(photo()), upload(photo()))
    assert seen["upload_errors"][SLOT] == ONE_ONLY and names(seen) == ["Акт.pdf"]
    seen = await bring(tab, upload(photo(), "й.jpg"))
    assert seen["upload_errors"][SLOT] == "" and names(seen) == ["Акт.pdf", "й.jpg"]


async def test_a_full_zone_says_so(tab):
    for _ in range(9):
        seen = await bring(tab, upload(photo()))
    assert seen["upload_full"][SLOT] is False
    seen = await bring(tab, upload(photo()))
    assert seen["upload_full"][SLOT] is True
    seen = await bring(tab, upload(photo()))
    assert "10 файлов" in seen["upload_errors"][SLOT] and len(names(seen)) == 10


@pytest.mark.parametrize("slot", ["", "m1:act", "x", 5, None, ["file"]])
async def test_a_zone_that_the_page_has_not_takes_nothing(tab, slot):
    before = dict(tab.seen(AppealState))
    await bring(tab, upload(paper()), slot=slot)
    await tab.send(AppealState.upload_rejected, code="file-too-large", slot=slot)
    await tab.send(AppealState.remove_upload, key="x", slot=slot)
    assert tab.seen(AppealState)["upload_errors"] == before["upload_errors"]
    assert names(tab.seen(AppealState)) == []


async def test_the_way_of_a_file_is_told_and_a_lost_connection_is_named(tab):
    await tab.send(AppealState.upload_starts, slot=SLOT)
    assert tab.seen(AppealState)["upload_told"] == LOADING
    await tab.send(AppealState.upload_progress, progress={"progress": 0.4})
    assert "40\u00a0%" in tab.seen(AppealState)["upload_told"]
    await tab.open(PAGE)
    seen = tab.seen(AppealState)
    assert seen["upload_errors"][SLOT] == LOST and seen["upload_busy"] == ""


async def test_a_file_turned_away_at_the_door_is_told_beside_its_zone(app, tab, cast, monkeypatch):
    monkeypatch.setattr(app, "_event_namespace", tab.wire)
    monkeypatch.setattr(app, "_state_manager", tab.processor._root_context.state_manager)
    tell, handler = told_by(lambda: app), f"{AppealState.get_full_name()}.take_upload"
    await tab.send(AppealState.upload_starts, slot=SLOT)
    mine, theirs = session_hash(tab._cookies()), session_hash(f"lk_session={cast.stranger.cookie}")
    await tell(tab.token, theirs, handler, FULL)
    assert FULL not in told(tab)
    await tell(tab.token, mine, handler, FULL)
    assert f"'{SLOT}': '{FULL}'" in told(tab)
    before = told(tab)
    await tell(tab.token, mine, f"{ReadingsState.get_full_name()}.take_photo", FULL)
    assert f"'fault_rx_state_': '{FULL}'" in told(tab)[len(before) - 1 :]
    await tell("no such tab", mine, "no such handler", FULL)


def told(tab):
    """All that the server has said to a tab."""
    return repr([update.delta for update in tab.wire.sent[tab.token]])


async def test_nobody_brings_files_into_anothers_request(tabs, db, cast, tab):
    thief = tabs(cast.stranger.cookie)
    await thief.open(PAGE)
    await bring(thief, upload(paper()))
    assert not any(thief.seen(AppealState).get("uploaded", {}).values())
    await tab.open(PAGE)
    assert names(tab.seen(AppealState)) == []


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ({"progress": 0}, "Загружаем файл… 0\u00a0%. Если загрузка остановилась, выберите файл ещё раз."),
        ({"progress": 0.999}, "Загружаем файл… 99\u00a0%. Если загрузка остановилась, выберите файл ещё раз."),
        ({"progress": 1}, "Файл загружен, проверяем его…"),
        ({"progress": 7}, LOADING), ({"progress": "x"}, LOADING), ({"progress": True}, LOADING), (None, LOADING),
    ],
)  # fmt: skip
def test_progress_in_words(progress, words):
    assert progress_words(progress) == words


@pytest.mark.parametrize(
    ("code", "begins"),
    [("file-too-large", "Файл больше 10 МБ"), ("file-invalid-type", "Файл такого вида"),
     ("too-many-files", "Выберите один файл"), ("x", "Выберите файл"), (5, "Выберите файл"), ([], "Выберите файл")],
)  # fmt: skip
def test_why_the_browser_took_none(code, begins):
    assert rejection_words(code).startswith(begins)


@pytest.mark.parametrize(("size", "words"), [(0, "1\u00a0КБ"), (340 * 1024, "340\u00a0КБ"), (2_500_000, "2,4\u00a0МБ")])
def test_sizes_in_words(size, words):
    assert size_words(size) == words


def test_a_zone_without_files_is_an_empty_list():
    assert rows_by_slot((), ["photo"]) == {"photo": []}
