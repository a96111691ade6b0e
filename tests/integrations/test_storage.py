"""The file store: whole files under names of ours, and nothing by any other name."""

import pytest

from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault

KEY = "abcdefghijklmnop-_0123456789"


@pytest.fixture
def store(tmp_path):
    return FolderStore(tmp_path / "files")


def test_what_is_put_is_got_and_removed(store, tmp_path):
    assert store.get(KEY) is None
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    assert store.get(KEY) == b"two"
    (path,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert path.stat().st_mode & 0o077 == 0
    store.remove(KEY)
    store.remove(KEY)
    assert store.get(KEY) is None


@pytest.mark.parametrize(
    "key", ["", "short", "../../../../etc/passwd", "a" * 65, "abcdefghijklmno/", "абвгдежзийклмноп"]
)
def test_no_other_name_leads_anywhere(store, key):
    assert store.get(key) is None
    for deed in (lambda: store.put(key, b"x"), lambda: store.remove(key)):
        with pytest.raises(StoreFault):
            deed()


def test_a_full_disk_leaves_no_half_of_a_file(store, tmp_path, monkeypatch):
    def full(path, data):
        path.write_bytes(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(StoreFault):
        store.put(KEY, b"whole")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
