"""The command line of backups: its words, its exit codes, its mark; and an installation whose files lie in a bucket."""

from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from lk_reflex.__main__ import app
from lk_reflex.core.backup_mark import last_done
from lk_reflex.core.crypt import new_key
from lk_reflex.domain.files.keeping import HELD
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.launch.backup.making import make_backup
from lk_reflex.launch.backup.manifest import FILES, REFERENCED, copies_in
from lk_reflex.launch.backup.restoring import Wish, restore
from lk_reflex.launch.backup.verifying import verify
from lk_reflex.settings import get_settings
from tests.backup.conftest import on_file
from tests.cast import NOW

KEY = "abcdefghijklmnop-_0123456789"


@pytest.fixture
def run(monkeypatch):
    """`run("backup", …)` in the installation of the variables given; returns the exit code and all that was said."""
    monkeypatch.setenv("LK_SECRET_KEY", "s" * 40)
    monkeypatch.setenv("LK_DATA_KEYS", new_key())

    def command(*words, **settings):
        for name, value in settings.items():
            monkeypatch.setenv(name, str(value))
        get_settings.cache_clear()
        done = CliRunner().invoke(app, list(map(str, words)))
        return done.exit_code, done.output

    yield command
    monkeypatch.undo()
    get_settings.cache_clear()


@on_file
def test_from_a_copy_to_another_machine_by_commands_alone(db, cast, place, run, tmp_path):
    copies, house = tmp_path / "copies", {"LK_DATABASE_URL": place.url.render_as_string(), "LK_DATA_DIR": place.data}
    assert run("backup", **house)[0] == 2
    code, said = run("backup", "verify", copies)
    assert (code, "Здесь нет резервной копии" in said) == (2, True)
    assert last_done(place.data) == {}

    code, said = run("backup", "--to", copies, "--keep", 2)
    assert code == 0 and "Готово: " in said and "Ключи в копию не входят" in said
    code, said = run("backup", "verify", copies)
    assert code == 0 and "Копия восстанавливается, всё сходится." in said
    assert set(last_done(place.data)) == {"backup", "verify"}
    (copy,) = copies_in(copies)

    there = {"LK_DATABASE_URL": f"sqlite:///{tmp_path}/there/lk.db", "LK_DATA_DIR": tmp_path / "there"}
    assert run("restore", "--from", copy, "--exported", "readings=много", **there)[0] == 2
    code, said = run("restore", "--from", copy, "--exported", "readings=3")
    assert code == 0 and "Завершено входов: 7." in said and "Последние выгрузки: readings № 3" in said
    code, said = run("restore", "--from", copy)
    assert (code, "уже не пуста" in said) == (2, True)
    assert run("held-mail")[1].strip() == "Придержано писем: 0"
    assert run("held-mail", "burn")[0] == 2

    (copy / "database").write_bytes(b"")
    code, said = run("backup", "verify", copies)
    assert code == 1 and "Копия не годится." in said
    assert last_done(tmp_path / "there") == {}


@on_file
def test_files_in_a_bucket_are_named_and_asked_after(db, place, clean, tmp_path, said):
    with db.transaction() as writer:
        writer.add(StoredFile(key=KEY, purpose=HELD, name="x", media_type="image/jpeg", size=3, created_at=NOW))
    place.files.put(KEY, b"one")
    ours = replace(place, bucket="lk-files")
    made = make_backup(ours, tmp_path / "copies", keep=0, now=NOW, say=said.append)
    assert (made.folder / REFERENCED).read_text() == f"3\t1\t{KEY}\n" and not (made.folder / FILES).exists()
    assert verify(ours, made.folder, say=said.append).faults == []
    restore(replace(clean, bucket="lk-files"), made.folder, Wish(), now=NOW + timedelta(days=1), say=said.append)
    place.files.remove(KEY)
    (fault,) = verify(ours, made.folder, say=said.append).faults
    assert fault == f"В корзине lk-files нет файла {KEY} или он другого размера"
