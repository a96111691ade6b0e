from datetime import timedelta

from lk_reflex.core.backup_mark import NAME, last_done, note_done
from tests.cast import NOW


def test_each_deed_keeps_its_own_moment(tmp_path):
    assert last_done(tmp_path / "none") == {}
    note_done(tmp_path / "data", "backup", now=NOW)
    note_done(tmp_path / "data", "verify", now=NOW + timedelta(hours=1))
    assert last_done(tmp_path / "data") == {"backup": NOW, "verify": NOW + timedelta(hours=1)}
    assert [path.name for path in (tmp_path / "data").iterdir()] == [NAME]


def test_a_spoilt_mark_is_none(tmp_path):
    for text in ("", "[]", '{"backup": 5}', '{"backup": "yesterday"}'):
        (tmp_path / NAME).write_text(text)
        assert last_done(tmp_path) == {}
