"""Scenario 13: a disk that is really full, under the database, the files and the temporary folder at once."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select, text

from lk_reflex.core.db import SILENT, Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.processes import Processes
from lk_reflex.domain.files import keeping
from lk_reflex.domain.files.documents import Taken
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.domain.requests.attaching import add_file
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.integrations.storage.folder import LEAST_ROOM, FolderStore
from tests.api.conftest import as_person, cookie_of
from tests.billing.paper import september_2019
from tests.cast import NOW, Cast
from tests.files.papers import paper
from tests.files.photos import photo
from tests.metering.dials import form, make_meter, monthly

#: Room for the database, and for the folder of files to call itself well.
SIZE = LEAST_ROOM + 24 * 1024 * 1024


@pytest.fixture
def disk(tmp_path):
    """A small disk of its own, where this machine lets us make one."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no disks can be made here: it takes the right to mount")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def db(disk, cast_template):
    """The cast's database, on that disk; SQLite, since a server's disk is the server's own affair."""
    shutil.copy(cast_template[0], disk / "lk.db")
    database = Database(f"sqlite:///{disk / 'lk.db'}")
    yield database
    database.close()


@pytest.fixture
def cast(cast_template) -> Cast:
    return cast_template[1]


@pytest.fixture
def store(disk, monkeypatch) -> FolderStore:
    kept = FolderStore(disk / "files")
    monkeypatch.setattr("lk_reflex.api.seen.health.file_store", lambda: kept)
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    return kept


@pytest.fixture
def processes(monkeypatch):
    made = Processes(1, room=12, room_each=3)
    monkeypatch.setattr("lk_reflex.api.papers.receipts.drawing_processes", lambda: made)
    yield made
    made.shutdown()


def fill(disk: Path, *, leaving: int = 0) -> None:
    """Take all the room but so many bytes."""
    with (disk / "ballast").open("ab", buffering=0) as file:
        file.write(b"\0" * max(0, shutil.disk_usage(disk).free - leaving))
        try:
            while shutil.disk_usage(disk).free > leaving:
                file.write(b"\0" * min(4096, shutil.disk_usage(disk).free - leaving))
        except OSError:
            assert not leaving


def counts(db: Database) -> list[int]:
    """Forms, readings, files that anybody sees."""
    visible = select(func.count()).where(StoredFile.purpose != keeping.REMOVED)
    tables = (select(func.count()).select_from(one) for one in (Submission, SentReading))
    with db.engine.connect() as connection:
        return [connection.execute(query).scalar() or 0 for query in (*tables, visible)]


def lying(disk: Path) -> list[str]:
    return sorted(one.name for one in (disk / "files").rglob("*") if one.is_file())


def test_a_full_disk_is_told_in_russian_leaves_no_halves_and_is_got_over(web, over, cast, disk, store, processes):
    bill = september_2019(over, cast.flat)
    meter = make_meter(over, cast.flat)
    monthly(over, meter, "118", "6")
    owner = cast.owner.actor
    number = over.write(
        open_draft, owner, Kind.EMERGENCY, organization_id=cast.organization, account_id=cast.flat, now=NOW
    )
    as_person(web, cast.owner)
    large = photo(size=(1200, 900))

    def send(key):
        return over.write(submit, owner, cast.flat, form(**{f"m{meter}_1": "124"}), "", key, (), now=NOW)

    def upload(data=large):
        return add_file(over, store, owner, number, "photo", "Фото.jpg", data, now=NOW)

    assert web.get("/api/health/ready").json()["files"] == "ok"
    empty = counts(over)

    # So little left that a row goes in and its bytes don't.
    with over.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    store.put("a-file-that-was-there-already", b"x")
    kept = os.urandom(2_000_000)
    fill(disk, leaving=1_000_000)
    with pytest.MonkeyPatch.context() as larger, pytest.raises(Unavailable) as refusal:
        larger.setattr("lk_reflex.domain.requests.attaching.take_in", lambda *_: Taken("Фото.jpg", "image/jpeg", kept))
        upload()
    assert refusal.value.message == keeping.REQUEST_QUOTA.not_kept
    assert counts(over) == empty and lying(disk) == ["a-file-that-was-there-already"]
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()["files"]) == (503, "full")

    # And nothing at all: the database can't take a row, a PDF has no temporary file.
    with over.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    fill(disk)
    for deed in (lambda: send("key-while-it-is-full"), upload, lambda: upload(paper())):
        with pytest.raises(Unavailable) as refusal:
            deed()
        assert refusal.value.message == SILENT
    assert counts(over) == empty and lying(disk) == ["a-file-that-was-there-already"]
    form_of_sign_in = {"login": "anna@example.org", "password": "x" * 12, "next": ""}
    answer = web.post("/api/sign-in", data=form_of_sign_in, headers={"origin": "http://lk.test"})
    assert answer.headers["location"] == "/?fault=1" and SILENT in unquote(unquote(cookie_of(answer, FLASH_COOKIE)))
    answer = web.post("/api/sign-out", headers={"origin": "http://lk.test"})
    assert answer.status_code == 503 and "Кабинет временно недоступен" in answer.text
    paper_of_it = web.get(f"/api/receipts/{bill}.pdf")
    assert paper_of_it.status_code == 200 and paper_of_it.content.rstrip().endswith(b"%%EOF")
    assert web.get("/api/health/ready").status_code == 503

    # Room again: the same connections go on, and what is sent now is taken once.
    (disk / "ballast").unlink()
    answer = web.get("/api/health/ready")
    assert (answer.status_code, answer.json()["files"]) == (200, "ok")
    taken = [send("key-while-it-is-full").submission_id for _ in range(2)]
    assert taken[0] == taken[1]
    uploaded = upload()
    assert [now - before for now, before in zip(counts(over), empty, strict=True)] == [1, 1, 1]
    assert store.get(uploaded.key) and len(lying(disk)) == 2
    with over.engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
