"""Settings from the environment and .env, the faults of production, and what a check may show."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import lk_reflex
from lk_reflex.core.crypt import Vault
from lk_reflex.integrations.mail.server import ONLY_HERE
from lk_reflex.settings import Settings, SettingsError, load_settings
from lk_reflex.settings.keys import NO_KEYS, kept_key
from lk_reflex.settings.serving import NO_PROXY, ONE_PROCESS

KEY = "a2V5" * 10 + "a2U="
GOOD = {
    "LK_MODE": "production",
    "LK_DATABASE_URL": "postgresql://lk:secret@db.example.org/lk",
    "LK_REDIS_URL": "redis://:secret@cache.example.org:6379/0",
    "LK_SECRET_KEY": "k" * 32,
    "LK_DATA_KEYS": KEY,
    "LK_PUBLIC_URL": "https://lk.example.org",
    "LK_TRUSTED_PROXY_HOPS": "1",
    "LK_SMTP_URL": "smtp://lk%40example.org:p%2Fw@mail.example.org:587",
    "LK_MAIL_FROM": "Личный кабинет <no-reply@lk.example.org>",
}
MAIL_FORM = (
    "LK_SMTP_URL: нужен адрес вида smtp://имя:пароль@сервер:587 (шифрование STARTTLS) "
    "или smtps://имя:пароль@сервер:465 (TLS)."
)
FAULTS = {
    "LK_DATABASE_URL": "LK_DATABASE_URL: в рабочем режиме нужен адрес PostgreSQL (postgresql://…).",
    "LK_REDIS_URL": "LK_REDIS_URL: в рабочем режиме нужен адрес Redis (redis://…).",
    "LK_SECRET_KEY": "LK_SECRET_KEY: нужен секретный ключ не короче 32 знаков.",
    "LK_DATA_KEYS": NO_KEYS,
    "LK_PUBLIC_URL": "LK_PUBLIC_URL: нужен внешний адрес кабинета, начинающийся с https://.",
    "LK_TRUSTED_PROXY_HOPS": NO_PROXY,
    "LK_SMTP_URL": MAIL_FORM,
    "LK_MAIL_FROM": "LK_MAIL_FROM: нужен отправитель писем, например «Личный кабинет <no-reply@lk.example.org>».",
}


@pytest.fixture(autouse=True)
def bare(monkeypatch, tmp_path):
    """No settings at all, in an empty folder."""
    for name in (*GOOD, "LK_DATA_DIR", "PORT", "LK_TIME_ZONE", "LK_TRUSTED_PROXY_HOPS", "LK_DATABASE_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
def set_all(bare):
    def put(**values):
        for name, value in values.items():
            bare.setenv(name, value)

    return put


def refused() -> list[str]:
    with pytest.raises(SettingsError) as refusal:
        load_settings()
    return refusal.value.faults


def test_a_fresh_checkout_is_a_demonstration_with_everything_in_the_data_folder(tmp_path):
    settings = load_settings()
    assert settings.preview
    assert settings.faults() == []
    assert settings.db_url == f"sqlite:///{tmp_path}/data/lk.db"
    assert (settings.port, settings.site) == (3000, "http://localhost:3000")
    assert settings.time_zone == "Asia/Yekaterinburg"
    assert settings.trusted_proxy_hops == 0


@pytest.mark.parametrize(
    ("site", "built_for"),
    [
        ("http://127.0.0.2:3917", "http://localhost:3917"),
        ("http://localhost:3917", "http://localhost:3917"),
        ("http://[::1]:3917", "http://localhost:3917"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("http://10.0.0.5:3917", "http://10.0.0.5:3917"),
        ("https://lk.example.org", "https://lk.example.org"),
    ],
)
def test_pages_are_built_once_for_all_names_of_this_machine(set_all, site, built_for):
    set_all(LK_PUBLIC_URL=site)
    assert load_settings().built_for == built_for


def test_the_environment_and_the_file_beside_are_read_and_the_environment_wins(set_all):
    Path(".env").write_text('LK_TIME_ZONE=Europe/Moscow\nPORT=4000\nLK_PUBLIC_URL="https://lk.example.org/"\nOTHER=1\n')
    set_all(PORT="5000")
    settings = load_settings()
    assert (settings.time_zone, settings.port, settings.site) == ("Europe/Moscow", 5000, "https://lk.example.org")


@pytest.mark.parametrize("scheme", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_any_name_of_postgresql_gets_our_driver(set_all, scheme):
    set_all(LK_DATABASE_URL=f"{scheme}lk:p@host/lk")
    assert load_settings().db_url == "postgresql+psycopg://lk:p@host/lk"


@pytest.mark.parametrize("mode", ["preview", "production"])
def test_a_marked_place_kills_nobody_in_production_wherever_its_mode_is_written(mode, tmp_path):
    given = GOOD if mode == "production" else {"LK_MODE": mode}
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in given.items()), "utf-8")
    dies = "import lk_reflex.settings as s, lk_reflex.core.failpoints as f; s.get_settings(); f.failpoint('here')"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LK_")}
    env = {**kept, "PYTHONPATH": str(Path(lk_reflex.__file__).parent.parent), "LK_FAILPOINT": "here"}
    ended = subprocess.run([sys.executable, "-c", dies], cwd=tmp_path, env=env, check=False, timeout=60).returncode
    assert ended == (0 if mode == "production" else -signal.SIGKILL)


def test_a_complete_production_starts(set_all):
    set_all(**GOOD)
    settings = load_settings()
    assert not settings.preview
    assert settings.key() == b"k" * 32


@pytest.mark.parametrize("name", FAULTS)
def test_production_names_each_thing_that_is_missing(set_all, name):
    set_all(**{**GOOD, name: "0" if name == "LK_TRUSTED_PROXY_HOPS" else ""})
    assert refused() == [FAULTS[name]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LK_DATABASE_URL", "sqlite:///data/lk.db"),
        ("LK_DATABASE_URL", "mysql://lk@host/lk"),
        ("LK_SECRET_KEY", "k" * 31),
        ("LK_PUBLIC_URL", "http://lk.example.org"),
        ("LK_PUBLIC_URL", "lk.example.org"),
        ("LK_PUBLIC_URL", "https://"),
        ("LK_PUBLIC_URL", "https://[lk"),
        ("LK_PUBLIC_URL", "javascript:alert(1)"),
        ("LK_PUBLIC_URL", "https://lk.example.org/?x=1"),
    ],
)
def test_production_refuses_what_only_a_demonstration_may_have(set_all, name, value):
    set_all(**{**GOOD, name: value})
    assert refused() == [FAULTS[name]]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("mail.example.org:587", MAIL_FORM),
        ("http://mail.example.org", MAIL_FORM),
        ("smtp://lk:hush@", MAIL_FORM),
        ("smtp://lk:hush@host:99999", MAIL_FORM),
        ("smtp://lk:hu/sh@host", MAIL_FORM),
        ("smtp://[::1", MAIL_FORM),
        ("smtp+plain://mail.example.org:25", f"LK_SMTP_URL: {ONLY_HERE}."),
        ("smtp+plain://10.0.0.1:25", f"LK_SMTP_URL: {ONLY_HERE}."),
    ],
)
def test_a_mail_server_must_be_reachable_in_secret_and_the_fault_repeats_no_password(set_all, url, fault):
    set_all(**{**GOOD, "LK_SMTP_URL": url})
    assert refused() == [fault]
    assert "hush" not in fault


@pytest.mark.parametrize(
    "url", ["smtps://mail.example.org", "smtp://mail.example.org", "smtp+plain://127.0.0.1:25", "smtp+plain://[::1]"]
)
def test_a_mail_server_without_sign_in_and_a_relay_on_this_machine_are_fine(set_all, url):
    set_all(**{**GOOD, "LK_SMTP_URL": url})
    assert load_settings().faults() == []


@pytest.mark.parametrize(
    "sender",
    ["Личный кабинет", "no-reply@", "no-reply", "Кабинет <no-reply@lk", "Ку <a@b.example.org>\nBcc: x@example.org"],
)
def test_a_sender_that_is_no_address_is_refused(set_all, sender):
    set_all(**{**GOOD, "LK_MAIL_FROM": sender})
    assert refused() == [FAULTS["LK_MAIL_FROM"]]


def test_a_demonstration_has_mail_without_settings_and_writes_to_nobody_else(set_all):
    settings = load_settings()
    assert settings.mail_sender == "Личный кабинет абонента <no-reply@example.org>"
    set_all(LK_SMTP_URL="smtp+plain://127.0.0.1:2525")
    assert load_settings().faults() == []
    set_all(LK_SMTP_URL=GOOD["LK_SMTP_URL"])
    assert refused() == ["LK_SMTP_URL: демонстрация отправляет письма только на свой же компьютер, например 127.0.0.1."]


def test_the_mail_servers_address_is_shown_without_its_password(set_all):
    assert load_settings().masked()["LK_SMTP_URL"] == "не задан"
    set_all(**GOOD)
    assert load_settings().masked()["LK_SMTP_URL"] == "smtp://lk%40example.org:***@mail.example.org:587"


def test_production_names_all_faults_at_once(set_all):
    set_all(LK_MODE="production")
    assert refused() == list(FAULTS.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LK_MODE", "Production"),
        ("LK_MODE", ""),
        ("PORT", "70000"),
        ("PORT", "три тысячи"),
        ("LK_TIME_ZONE", "Asia/Chelyabinsk-40"),
        ("LK_TIME_ZONE", "../../etc/passwd"),
        ("LK_TIME_ZONE", ""),
        ("LK_TRUSTED_PROXY_HOPS", "-1"),
        ("LK_TRUSTED_PROXY_HOPS", "6"),
        ("LK_DATABASE_THREADS", "0"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(set_all, name, value):
    set_all(**{name: value})
    assert refused() == [f"{name}: значение «{value}» не подходит."]


def test_several_senseless_values_are_named_at_once(set_all):
    set_all(LK_MODE="test", PORT="x", LK_TIME_ZONE="Mars/Olympus")
    assert [fault.split(":")[0] for fault in refused()] == ["LK_MODE", "PORT", "LK_TIME_ZONE"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://lk:hush@host/lk", "postgresql://lk:***@host/lk"),
        ("postgresql://lk:hu%73h%40@host:5432/lk", "postgresql://lk:***@host:5432/lk"),
        ("postgresql://lk:hush@hush@host/lk", "postgresql://lk:***@host/lk"),
        ("postgresql://lk:hush/x#hush@host/lk", "postgresql://lk:***@host/lk"),
        ("postgresql://lk:hush?x@host/lk", "postgresql://lk:***@host/lk"),
        ("postgresql://lk:@host/lk", "postgresql://lk:***@host/lk"),
        ("postgresql://host/lk?user=lk&password=hush&sslmode=require",
         "postgresql://host/lk?user=lk&password=***&sslmode=require"),
        ("postgresql://host/lk?sslpassword=hush", "postgresql://host/lk?sslpassword=***"),
        ("postgresql://lk@host/lk", "postgresql://lk@host/lk"),
        ("redis://:hush@cache:6379/0", "redis://:***@cache:6379/0"),
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("sqlite:///data/lk.db", "sqlite:///data/lk.db"),
        ("postgresql://lk:hush@[::1/lk", "postgresql://lk:***@[::1/lk"),
        ("", "не задан"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_its_password(set_all, url, shown):
    set_all(LK_DATABASE_URL=url, LK_REDIS_URL=url)
    masked = load_settings().masked()
    assert masked["LK_DATABASE_URL"] == masked["LK_REDIS_URL"] == shown
    assert "hu" not in "".join(masked.values())


def test_the_key_itself_is_never_shown(set_all):
    assert load_settings().masked()["LK_SECRET_KEY"] == "не задан"
    set_all(LK_SECRET_KEY="hush" * 10)
    settings = load_settings()
    assert settings.masked()["LK_SECRET_KEY"] == "задан"
    assert "hush" not in repr(settings) + str(settings) + str(settings.masked())


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("short", "LK_DATA_KEYS: ключ № 1 не подходит: нужны 32 случайных байта в виде base64 (44 знака)."),
        (f"{KEY},{KEY[:-4]}", "LK_DATA_KEYS: ключ № 2 не подходит: нужны 32 случайных байта в виде base64 (44 знака)."),
        (f"{KEY}, {KEY}", "LK_DATA_KEYS: один и тот же ключ указан дважды."),
        (" , ", NO_KEYS),
    ],
)
def test_production_refuses_keys_that_encrypt_nothing_and_repeats_none_of_them(set_all, given, fault):
    set_all(**{**GOOD, "LK_DATA_KEYS": given})
    assert refused() == [fault]
    set_all(LK_MODE="preview", LK_DATABASE_URL="", LK_REDIS_URL="", LK_SMTP_URL="", LK_MAIL_FROM="")
    assert fault == NO_KEYS or refused() == [fault]


def test_the_keys_of_what_is_encrypted_are_never_shown(set_all):
    set_all(LK_DATA_KEYS=KEY)
    settings = load_settings()
    assert settings.masked()["LK_DATA_KEYS"] == "задан"
    assert KEY not in repr(settings) + str(settings) + str(settings.masked())
    assert settings.vault_keys() == [KEY]


def test_a_demonstration_makes_the_key_of_what_is_encrypted_once():
    first = load_settings().vault_keys()
    assert load_settings().vault_keys() == first
    assert Path("data/data.key").stat().st_mode & 0o777 == 0o600
    Vault(first)


def test_every_setting_is_shown_under_its_own_name():
    shown = load_settings().masked()
    assert set(shown) >= {"LK_MODE", "PORT", "LK_DATA_DIR", "LK_TIME_ZONE", "LK_TRUSTED_PROXY_HOPS"}
    assert len(shown) == len(Settings.model_fields)


def test_a_demonstration_makes_a_key_once_that_only_its_owner_reads():
    first = load_settings().key()
    kept = Path("data/secret.key")
    assert len(first) >= 32
    assert kept.stat().st_mode & 0o777 == 0o600
    assert load_settings().key() == first == kept.read_bytes()
    assert [path.name for path in kept.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_at_once_agree_on_one_whole_key(tmp_path):
    for attempt in range(20):
        path = tmp_path / str(attempt) / "secret.key"
        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(kept_key, [path] * 8))
        assert len(keys) == 1
        assert len(keys.pop()) >= 32


def test_a_production_waits_for_its_own_proxy_alone_unless_told_where(set_all):
    assert load_settings().listens_at == "0.0.0.0"
    set_all(**GOOD)
    assert load_settings().listens_at == "127.0.0.1"
    set_all(LK_LISTEN="10.0.0.5")
    assert load_settings().listens_at == "10.0.0.5"
    set_all(LK_LISTEN="everywhere")
    assert refused() == ["LK_LISTEN: значение «everywhere» не подходит."]


@pytest.mark.parametrize(
    ("listen", "own", "site"),
    [
        ("", "http://127.0.0.1:3000", "http://localhost:3000"),
        ("0.0.0.0", "http://127.0.0.1:3000", "http://localhost:3000"),
        ("::", "http://[::1]:3000", "http://localhost:3000"),
        ("127.0.0.1", "http://127.0.0.1:3000", "http://localhost:3000"),
        ("::1", "http://[::1]:3000", "http://localhost:3000"),
        ("127.0.0.2", "http://127.0.0.2:3000", "http://127.0.0.2:3000"),
        ("10.0.0.5", "http://10.0.0.5:3000", "http://10.0.0.5:3000"),
        ("fd00::5", "http://[fd00::5]:3000", "http://[fd00::5]:3000"),
    ],
)
def test_it_is_reached_where_it_listens_and_a_demonstration_is_opened_there(set_all, listen, own, site):
    set_all(LK_LISTEN=listen)
    assert (load_settings().own_url, load_settings().site) == (own, site)
    set_all(LK_PUBLIC_URL="https://lk.example.org")
    assert (load_settings().own_url, load_settings().site) == (own, "https://lk.example.org")


@pytest.mark.parametrize("missing", ["LK_DATABASE_URL", "LK_REDIS_URL"])
def test_several_processes_need_what_they_share(set_all, missing):
    shared = {name: GOOD[name] for name in ("LK_DATABASE_URL", "LK_REDIS_URL")}
    set_all(LK_WORKERS="2", **{**shared, missing: ""})
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert refused.value.faults == [ONE_PROCESS]
    set_all(**shared)
    assert load_settings().workers == 2


def test_serve_refuses_several_processes_over_a_file(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LK_")}
    done = subprocess.run(
        [sys.executable, "-m", "lk_reflex", "serve", "--workers", "2"],
        cwd=Path(__file__).parents[1], env={**kept, "LK_DATA_DIR": str(tmp_path)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.strip() == ONE_PROCESS
