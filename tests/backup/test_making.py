"""Copies: whole or not there at all, their owner's alone, one at a time, and without the keys."""

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from lk_reflex.core.errors import Conflict, Refused, Unavailable
from lk_reflex.domain.files.keeping import HELD
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.exchange.lock import exclusive
from lk_reflex.jobs import files as sweeping
from lk_reflex.jobs.files import sweep_files
from lk_reflex.launch.backup import making, postgres
from lk_reflex.launch.backup.installation import Keys
from lk_reflex.launch.backup.keeping_keys import write_keys
from lk_reflex.launch.backup.making import make_backup
from lk_reflex.launch.backup.manifest import FILES, NAME, copies_in
from tests.backup.conftest import on_file
from tests.cast import NOW

KEY, OTHER, COMING = "abcdefghijklmnop-_0123456789", "zyxwvutsrqponmlk-_0123456789", "on-its-way-on-its-way-on-its"


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "copies"


@pytest.fixture
def make(place, target, said):
    def made(keep=0, now=NOW):
        return make_backup(place, target, keep=keep, now=now, say=said.append)

    return made


def put_file(db, place, key=KEY, data=b"one", **columns):
    row = {"purpose": HELD, "name": "x", "media_type": "image/jpeg", "size": len(data), "created_at": NOW} | columns
    db.write(lambda writer: writer.add(StoredFile(key=key, **row)))
    if data is not None:
        place.files.put(key, data)


def test_a_copy_is_its_owners_alone_and_holds_no_key(db, place, make, target):
    put_file(db, place)
    made = make()
    secrets = (place.keys.secret, *(key.encode() for key in place.keys.data))
    inside = [target, *(one for one in target.rglob("*") if one.name != ".lk-backup.lock")]
    assert [one for one in inside if one.stat().st_mode & 0o077] == []
    assert not [one for one in inside if one.is_file() and any(key in one.read_bytes() for key in secrets)]
    assert made.manifest.keys["data"] == place.keys.ids() and made.manifest.moment == NOW


@on_file
def test_the_next_copy_links_to_the_files_of_the_last_and_old_ones_go(db, place, make, target):
    put_file(db, place)
    first = make()
    put_file(db, place, OTHER, b"two")
    second = make(now=NOW + timedelta(days=1))
    assert (first.linked, second.linked) == (0, 1)
    same = [one.folder / FILES / KEY[:2] / KEY for one in (first, second)]
    assert same[0].samefile(same[1])
    third = make(keep=2, now=NOW + timedelta(days=2))
    assert copies_in(target) == [second.folder, third.folder] and third.pruned == 1
    assert (third.folder / FILES / KEY[:2] / KEY).read_bytes() == b"one"
    assert not list(target.glob(".*.part"))


@on_file
def test_what_is_on_its_way_is_left_out_and_what_is_lost_is_told(db, place, make):
    put_file(db, place)
    put_file(db, place, COMING, b"", purpose="coming")
    place.files.remove(COMING)
    manifest = make().manifest
    assert (manifest.on_their_way, manifest.missing, manifest.files["count"]) == ([COMING], [], 1)
    place.files.remove(KEY)
    shutil.rmtree(place.data / "files")
    manifest = make(now=NOW + timedelta(minutes=1)).manifest
    # The last copy still has it, and so has the new one.
    assert manifest.missing == [] and manifest.files["count"] == 1


@on_file
def test_a_file_lost_before_any_copy_is_told_and_the_rest_is_copied(db, place, make):
    put_file(db, place)
    put_file(db, place, OTHER, b"two")
    place.files.remove(KEY)
    manifest = make().manifest
    assert (manifest.missing, manifest.files["count"]) == ([KEY], 1)


def test_one_at_a_time_and_no_sweep_meanwhile(db, place, make, target, monkeypatch):
    put_file(db, place)
    seen = []

    def while_copying(*args, **kwargs):
        with pytest.raises(Conflict) as busy:
            make()
        seen.append((busy.value.message, sweep_files(db, place.files, now=NOW + timedelta(days=9))))
        return facts(*args, **kwargs)

    facts = making.facts_of
    monkeypatch.setattr(making, "facts_of", while_copying)
    make()
    assert seen == [(making.BUSY, False)]


def test_a_sweep_under_way_is_waited_for(place, make, monkeypatch):
    monkeypatch.setattr(making, "PATIENCE", 0.1)
    with place.opened() as other, exclusive(other, sweeping.LOCK, "x"), pytest.raises(Conflict) as busy:
        make()
    assert busy.value.message == sweeping.BUSY
    make()


@on_file
def test_without_room_nothing_is_begun(make, target, monkeypatch):
    monkeypatch.setattr(making.shutil, "disk_usage", lambda _: SimpleNamespace(free=1024 * 1024))
    with pytest.raises(Refused, match=r"Мало места в .+: нужно около \d+ МБ, свободно 1 МБ"):
        make()
    assert copies_in(target) == []


@on_file
def test_a_disk_that_fills_up_meanwhile_leaves_the_earlier_copies_alone(db, place, make, target, monkeypatch):
    first = make()

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.Manifest, "write", full)
    with pytest.raises(Unavailable, match="нет места"):
        make(now=NOW + timedelta(days=1))
    assert [one.name for one in target.iterdir() if one.name != ".lk-backup.lock"] == [first.folder.name]


@on_file
def test_what_a_killed_try_has_left_goes_with_the_next(make, target):
    leftover = target / ".lk-2026-11-19T00-00-00Z.part"
    leftover.mkdir(parents=True)
    (leftover / NAME).write_text("{}")
    make()
    assert not leftover.exists()


@pytest.mark.parametrize(
    ("versions", "sentence"),
    [({}, "Программа pg_dump не найдена."), ({"/old": 15}, "Программа pg_dump версии 15 старше, чем нужно (18).")],
    ids=["none", "old"],
)
def test_a_missing_or_old_pg_dump_is_told_with_what_to_install(monkeypatch, versions, sentence):
    monkeypatch.setattr(postgres, "_candidates", lambda _: iter(versions))
    monkeypatch.setattr(postgres, "_version", versions.get)
    with pytest.raises(Refused) as refusal:
        postgres.tool("pg_dump", 18)
    assert refusal.value.message.startswith(sentence) and "postgresql-client-18" in refusal.value.message


def test_of_several_the_oldest_that_fits_is_taken(monkeypatch):
    versions = {"/a": 15, "/b": 18, "/c": 17}
    monkeypatch.setattr(postgres, "_candidates", lambda _: iter(versions))
    monkeypatch.setattr(postgres, "_version", versions.get)
    assert postgres.tool("pg_dump", 16) == ("/c", 17)


def test_keys_are_written_apart_and_never_beside_a_copy(tmp_path, target):
    keys = Keys(b"the secret", ("k1", "k2"))
    write_keys(keys, tmp_path / "keys.env")
    lines = (tmp_path / "keys.env").read_text("utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["LK_SECRET_KEY=the secret", "LK_DATA_KEYS=k1,k2"]
    assert (tmp_path / "keys.env").stat().st_mode & 0o077 == 0
    copy = target / "lk-2026-11-20T10-00-00Z"
    copy.mkdir(parents=True)
    (copy / NAME).write_text("{}")
    for place in (tmp_path / "keys.env", target / "keys.env", copy / "keys.env"):
        with pytest.raises(Refused):
            write_keys(keys, place)
    with pytest.raises(Refused):
        write_keys(Keys(b"", ()), tmp_path / "none.env")
