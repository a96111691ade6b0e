"""The file store, one contract for folder and S3: whole files under names of ours, and nothing by any other name."""

import logging
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from botocore.exceptions import ConnectTimeoutError

from lk_reflex import wiring
from lk_reflex.integrations.storage import folder, s3
from lk_reflex.integrations.storage.folder import FolderStore
from lk_reflex.integrations.storage.port import StoreFault, StoreFull
from lk_reflex.integrations.storage.s3 import S3Store
from lk_reflex.settings import Settings, get_settings
from lk_reflex.settings.s3 import s3_faults

KEY = "abcdefghijklmnop-_0123456789"
OTHER = "zyxwvutsrqponmlk-_0123456789"
BUCKET, REGION = "lk-files", "us-east-1"
SETTINGS = {
    "s3_url": "https://s3.example.org", "s3_bucket": BUCKET, "s3_key": "the-key", "s3_secret": "the-secret",
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """A server that speaks S3, in this process; returns its address."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(server):
    store = S3Store(server, BUCKET, "the-key", "the-secret", REGION)
    store._client.create_bucket(Bucket=BUCKET)
    yield store
    for found in store._client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        store._client.delete_object(Bucket=BUCKET, Key=found["Key"])
    store._client.delete_bucket(Bucket=BUCKET)


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    return FolderStore(tmp_path / "files") if request.param == "folder" else request.getfixturevalue("bucket")


def test_what_is_put_is_got_and_removed(store):
    assert store.get(KEY) is None
    store.put(KEY, b"one")
    store.put(KEY, b"two")
    store.put(OTHER, bytes(range(256)) * 4096)
    assert store.get(KEY) == b"two" and store.get(OTHER) == bytes(range(256)) * 4096
    store.remove(KEY)
    store.remove(KEY)
    assert store.get(KEY) is None and store.get(OTHER)
    store.put(KEY, b"")
    assert store.get(KEY) == b""
    store.check()


def test_what_lies_there_is_read_piece_by_piece(store):
    data = bytes(range(256)) * 4096
    store.put(KEY, data)
    found = store.open(KEY)
    assert found is not None and found.size == len(data) and store.open(OTHER) is None
    pieces = []
    while piece := found.read(100_000):
        pieces.append(piece)
    assert b"".join(pieces) == data and max(map(len, pieces)) <= 100_000
    found.close()
    found.close()


@pytest.mark.parametrize(
    "key", ["", "short", "../../../../etc/passwd", "a" * 65, "abcdefghijklmno/", "абвгдежзийклмноп"]
)
def test_no_other_name_leads_anywhere(store, key):
    assert store.get(key) is None and store.open(key) is None
    for deed in (lambda: store.put(key, b"x"), lambda: store.remove(key)):
        with pytest.raises(StoreFault):
            deed()


@pytest.fixture
def away(store, request, tmp_path, monkeypatch):
    """The same store, gone: the server is another machine's closed door, the folder's disk has failed."""
    if isinstance(store, FolderStore):
        (tmp_path / "files").write_text("no folder any more")
        return store
    monkeypatch.setattr(s3, "CONNECT", 0.5)
    monkeypatch.setattr(s3, "TRIES", 1)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    return S3Store(f"http://127.0.0.1:{port}", BUCKET, "the-key", "the-secret", REGION)


def test_a_store_that_is_away_says_so_and_nothing_else(away):
    for deed in (
        lambda: away.put(KEY, b"x"),
        lambda: away.get(KEY),
        lambda: away.open(KEY),
        lambda: away.remove(KEY),
        away.check,
    ):
        with pytest.raises(StoreFault) as fault:
            deed()
        assert "the-secret" not in str(fault.value) and "the-key" not in str(fault.value)


def test_files_in_a_folder_are_their_owners_alone(tmp_path):
    store = FolderStore(tmp_path / "files")
    store.put(KEY, b"one")
    (path,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert path.stat().st_mode & 0o077 == 0


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "files")

    def full(path, data):
        path.write_bytes(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_write", full)
    with pytest.raises(StoreFault):
        store.put(KEY, b"whole")
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_folder_without_room_says_so(tmp_path, monkeypatch):
    store = FolderStore(tmp_path / "files")
    store.check()
    monkeypatch.setattr(folder, "LEAST_ROOM", shutil.disk_usage(tmp_path).free + 10**15)
    with pytest.raises(StoreFull):
        store.check()


def test_a_bucket_that_is_missing_or_closed_to_us_is_a_fault_and_no_missing_file(server, bucket):
    wrong = S3Store(server, "no-such-bucket", "the-key", "the-secret", REGION)
    for deed in (lambda: wrong.put(KEY, b"x"), lambda: wrong.get(KEY), wrong.check):
        with pytest.raises(StoreFault):
            deed()


def test_what_lies_in_the_bucket_is_nobodys_to_read_and_opens_in_no_browser(bucket):
    bucket.put(KEY, b"<script>")
    head = bucket._client.head_object(Bucket=BUCKET, Key=KEY)
    assert (head["ContentType"], head["ContentDisposition"]) == ("application/octet-stream", "attachment")
    grants = bucket._client.get_object_acl(Bucket=BUCKET, Key=KEY)["Grants"]
    assert not [grant for grant in grants if "URI" in grant["Grantee"]]


def test_the_machines_own_files_of_other_stores_are_not_read(tmp_path, server, bucket, monkeypatch):
    other = tmp_path / "config"
    other.write_text("[default]\nendpoint_url = http://127.0.0.1:1\nregion = nowhere\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(other))
    again = S3Store(server, BUCKET, "the-key", "the-secret", REGION)
    again.put(KEY, b"x")
    assert bucket.get(KEY) == b"x"


def test_the_client_waits_for_nobody_for_long():
    config = S3Store("http://127.0.0.1:1", BUCKET, "k", "s", REGION)._client.meta.config
    assert config.connect_timeout + config.read_timeout < 30 and config.retries["total_max_attempts"] == 2
    assert issubclass(ConnectTimeoutError, Exception)


def settings(**given):
    return Settings(_env_file=None, **given)


@pytest.mark.parametrize("mode", ["preview", "production"])
def test_no_store_and_a_whole_one_are_both_fine(mode):
    assert s3_faults(settings(mode=mode)) == []
    url = "https://s3.example.org" if mode == "production" else "http://127.0.0.1:9000"
    assert s3_faults(settings(mode=mode, **SETTINGS | {"s3_url": url})) == []


@pytest.mark.parametrize("missing", SETTINGS)
def test_half_a_store_is_a_slip(missing):
    (fault,) = s3_faults(settings(mode="production", **{k: v for k, v in SETTINGS.items() if k != missing}))
    assert fault.startswith(f"LK_{missing.upper()}: не задано, хотя") and "the-secret" not in fault


def test_a_region_alone_is_a_slip():
    assert len(s3_faults(settings(mode="production", s3_region="ru-1"))) == 1


@pytest.mark.parametrize(
    "url",
    ["http://s3.example.org", "s3.example.org", "https://", "https://user:pw@s3.example.org",
     "https://s3.example.org/bucket", "https://s3.example.org?x=1", "https://s3.example.org:port"],
)  # fmt: skip
def test_the_store_is_spoken_to_through_https_at_an_address_of_its_own(url):
    (fault,) = s3_faults(settings(mode="production", **SETTINGS | {"s3_url": url}))
    assert fault.startswith("LK_S3_URL: нужен адрес хранилища") and "pw" not in fault


def test_a_demonstration_keeps_files_on_its_own_machine():
    (fault,) = s3_faults(settings(**SETTINGS))
    assert "демонстрация" in fault


@pytest.mark.parametrize("bucket", ["a", "Files", "lk_files", "../x", "-lk"])
def test_a_bucket_has_a_buckets_name(bucket):
    faults = s3_faults(settings(mode="production", **SETTINGS | {"s3_bucket": bucket}))
    assert faults == ["LK_S3_BUCKET: нужно имя корзины, например lk-files."]


def test_key_and_secret_are_not_shown():
    shown = settings(mode="production", **SETTINGS).masked()
    assert (shown["LK_S3_KEY"], shown["LK_S3_SECRET"]) == ("задан", "задан")


def test_the_settings_choose_the_store(monkeypatch):
    for name, value in (SETTINGS | {"s3_url": "http://127.0.0.1:9"}).items():
        monkeypatch.setenv(f"LK_{name.upper()}", value)
    get_settings.cache_clear()
    wiring.file_store.cache_clear()
    try:
        assert isinstance(wiring.file_store(), S3Store)
    finally:
        monkeypatch.undo()
        get_settings.cache_clear()
        wiring.file_store.cache_clear()
    assert isinstance(wiring.file_store(), FolderStore)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KB, where this machine may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no disks can be made here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_real_full_disk_takes_nothing_by_halves_and_recovers(small_disk: Path):
    store = FolderStore(small_disk / "files")
    store.put(KEY, b"x" * 100_000)
    with pytest.raises(StoreFault):
        store.put(OTHER, os.urandom(500_000))
    assert store.get(OTHER) is None and store.get(KEY) == b"x" * 100_000
    assert [path.name for path in small_disk.rglob("*") if path.is_file()] == [KEY]
    store.remove(KEY)
    store.put(OTHER, b"y" * 100_000)
    with pytest.raises(StoreFull):
        store.check()
