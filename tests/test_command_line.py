"""`python -m lk_reflex` as an operator runs it: what it prints, and how it ends."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from types import SimpleNamespace

import pytest
import typer
from sqlalchemy import text

from lk_reflex import __main__ as command_line
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Refused
from lk_reflex.core.migrations import ROOT
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.demo import make_demo_people
from lk_reflex.domain.identity.signing_in.sign_in import sign_in
from lk_reflex.launch.demo import IN_USE
from lk_reflex.launch.schema import BEHIND, DEMO_LOGINS, require_schema
from lk_reflex.settings import Settings, get_settings
from tests.integrations.scripted import scripted

PRODUCTION = {
    "LK_MODE": "production",
    "LK_DATABASE_URL": "postgresql://lk:hu%73h@127.0.0.1:1/lk?connect_timeout=1",
    "LK_REDIS_URL": "redis://:hush@127.0.0.1:1/0",
    "LK_SECRET_KEY": "hush" * 8,
    "LK_DATA_KEYS": "hush" * 10 + "hus=",
    "LK_PUBLIC_URL": "https://lk.example.org",
    "LK_TRUSTED_PROXY_HOPS": "1",
    "LK_SMTP_URL": "smtp://lk:hu%73h@127.0.0.1:1",
    "LK_MAIL_FROM": "Личный кабинет <no-reply@lk.example.org>",
}


@pytest.fixture
def lk(tmp_path):
    """Runs a command over a data folder of its own."""

    def run(*command, given="", **environment):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LK_")}
        return subprocess.run(
            [sys.executable, "-m", "lk_reflex", *command],
            cwd=ROOT,
            env={**kept, "LK_DATA_DIR": str(tmp_path), **environment},
            input=given,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture
def migrated(tmp_path, sqlite_template):
    shutil.copy(sqlite_template, tmp_path / "lk.db")


def test_check_is_content_with_a_demonstration_that_is_up_to_date(lk, migrated):
    done = lk("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "LK_MODE = preview" in done.stdout
    assert "LK_SECRET_KEY = не задан" in done.stdout
    assert done.stdout.endswith(
        "База данных: отвечает, схема этой версии\nПочта: своя, письма никуда не уходят\n"
        "Банк: свой, деньги ни с кого не списываются\n"
    )


def test_check_asks_each_gateway_and_names_who_has_none(lk, migrated, tmp_path):
    with scripted() as gateway:
        gateway.says({"errorCode": 6, "errorMessage": "Не найден"}, {"errorCode": "5", "errorMessage": "Доступ"})
        table = '["{}"]\nkind = "rbs"\nurl = "{}"\ntoken = "hush"\ncallback_key = "hush"\n'
        asked = [(f"700000000{number}", gateway.base) for number in (1, 2, 9)] + [("7000000003", "http://127.0.0.1:1")]
        (tmp_path / "banks.toml").write_text("".join(table.format(*one) for one in asked))
        with closing(sqlite3.connect(tmp_path / "lk.db")) as books:
            for number in range(1, 5):
                books.execute(*organization(f"700000000{number}"))
            books.commit()
        done = lk("check", LK_BANKS=str(tmp_path / "banks.toml"))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-5:] == [
        "Банк 7000000001 (Мы): шлюз отвечает",
        "Банк 7000000002 (Мы): шлюз отвечает отказом (5 Доступ)",
        "Банк 7000000003 (Мы): шлюз не отвечает (ConnectError)",
        "Банк 7000000004 (Мы): оплата включена, но в файле LK_BANKS нет её раздела",
        "Банк 7000000009: в базе нет такой организации, принимающей оплату",
    ]
    assert "hush" not in done.stdout + done.stderr


def organization(inn: str) -> tuple[str, dict]:
    """An INSERT of an organization that takes payments."""
    row = Organization(inn=inn, name="Мы", takes_payments=True).model_dump(exclude={"id"})
    return f"INSERT INTO organizations ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})", row


def test_the_keys_of_what_is_encrypted_are_changed_by_a_command_that_shows_none_of_them(lk, migrated):
    new, old = "bmV3" * 10 + "bmU=", "b2xk" * 10 + "b2w="
    done = lk("rotate-keys", LK_DATA_KEYS=f"{new},{old}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Готово: адреса телефонов."
    assert new not in done.stdout
    assert old not in done.stdout
    told = lk("check", LK_DATA_KEYS=f"{new},{old}").stdout
    assert told.count("Ключ данных ") == 2
    assert new not in told
    assert old not in told


def test_check_tells_what_to_do_about_an_old_schema(lk):
    done = lk("check")
    assert done.returncode == 1
    assert "выполните python -m lk_reflex migrate" in done.stdout


def test_check_masks_every_secret_and_reports_a_silent_database(lk):
    done = lk("check", **PRODUCTION)
    assert done.returncode == 1
    assert "База данных: не отвечает (OperationalError)" in done.stdout
    assert "LK_DATABASE_URL = postgresql://lk:***@127.0.0.1:1/lk?connect_timeout=1" in done.stdout
    assert "LK_REDIS_URL = redis://:***@127.0.0.1:1/0" in done.stdout
    assert "LK_SECRET_KEY = задан" in done.stdout
    assert "LK_SMTP_URL = smtp://lk:***@127.0.0.1:1" in done.stdout
    assert "Почта: сервер не отвечает (ConnectionRefusedError)" in done.stdout
    assert "hu" not in done.stdout + done.stderr


@pytest.mark.parametrize("command", ["check", "run", "serve", "migrate", "worker"])
def test_no_command_starts_a_production_with_faults_and_each_fault_is_a_sentence(lk, tmp_path, command):
    done = lk(command, LK_MODE="production", LK_DATABASE_URL="sqlite:///lk.db")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "LK_DATABASE_URL",
        "LK_REDIS_URL",
        "LK_SECRET_KEY",
        "LK_DATA_KEYS",
        "LK_PUBLIC_URL",
        "LK_TRUSTED_PROXY_HOPS",
        "LK_SMTP_URL",
        "LK_MAIL_FROM",
    ]
    assert list(tmp_path.iterdir()) == []


def test_serving_over_a_database_of_another_version_is_refused_with_what_to_do(lk, postgres_url):
    server = Database(postgres_url)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS unready"))
        connection.execute(text("CREATE DATABASE unready TEMPLATE template0"))
    address = server.engine.url.set(database="unready", drivername="postgresql")
    done = lk("serve", **{**PRODUCTION, "LK_DATABASE_URL": address.render_as_string(hide_password=False)})
    server.close()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{BEHIND}\n"


def test_production_does_not_open_what_was_a_demonstration(db, monkeypatch, tmp_path):
    monkeypatch.setattr("lk_reflex.launch.schema.database", lambda: db)
    settings = Settings(mode="production", data_dir=tmp_path)
    require_schema(settings)
    db.write(make_demo_people, {}, (), "!", now=utc_now())
    with pytest.raises(Refused) as refusal:
        require_schema(settings)
    assert refusal.value.message == DEMO_LOGINS


def test_a_demonstration_is_not_poured_over_people_who_are_there(lk, migrated, tmp_path):
    assert lk("staff", "add", "petrova@example.org", "--role", "operator", "--password", "пароль-на-9").returncode == 0
    done = lk("fill-demo")
    assert (done.returncode, done.stdout) == (0, f"{IN_USE}\n")
    with sqlite3.connect(tmp_path / "lk.db") as books:
        assert books.execute("SELECT count(*) FROM users").fetchone() == (1,)


def test_a_senseless_setting_is_a_sentence_and_not_a_traceback(lk):
    done = lk("check", PORT="три тысячи")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "PORT: значение «три тысячи» не подходит.\n"


def test_a_colleague_is_added_and_can_sign_in(lk, migrated, tmp_path):
    done = lk("staff", "add", "petrova@example.org", "--role", "operator", "--password", "пароль-на-9")
    assert (done.returncode, done.stdout, done.stderr) == (0, "petrova@example.org: operator\n", "")
    database = Database(f"sqlite:///{tmp_path / 'lk.db'}")
    key = (tmp_path / "secret.key").read_bytes()
    try:
        assert sign_in(database, "Petrova@example.org", "пароль-на-9", Client("::1"), key=key, now=utc_now())
    finally:
        database.close()


def test_the_password_is_asked_for_where_it_is_not_given(lk, migrated):
    done = lk("staff", "add", "petrova@example.org", "--role", "admin", given="пароль-на-9\nпароль-на-9\n")
    assert done.returncode == 0
    assert "petrova@example.org: admin" in done.stdout
    assert "пароль-на-9" not in done.stdout + done.stderr


def test_a_refused_colleague_is_told_every_reason(lk, migrated):
    done = lk("staff", "add", "petrova", "--role", "root", "--password", "коротко")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "Введите адрес электронной почты, например name@example.ru",
        "Роль: одна из resident, operator, admin",
        "Пароль слишком короткий: нужно не меньше 8 знаков",
    ]


def test_tests_never_touch_a_persons_data_folder():
    assert get_settings().data_dir.name.startswith("lk-tests-")


def test_a_production_gets_nobody_of_the_demonstration(monkeypatch, capsys):
    monkeypatch.setattr(command_line, "_settings", lambda: SimpleNamespace(preview=False))
    with pytest.raises(typer.Exit):
        command_line.staff_add.__wrapped__("Admin@example.org", "admin", "пароль-на-9")
    assert capsys.readouterr().err == f"{command_line.DEMO_LOGIN}\n"


@pytest.mark.parametrize(
    ("words", "back"),
    [(["import", "package"], True), (["export", "readings"], True), (["print"], True), (["backup", "--to", "x"], True),
     (["serve"], False), (["migrate"], False), (["restore"], False), ([], False)],
)  # fmt: skip
def test_long_work_steps_back_behind_the_cabinet(monkeypatch, words, back):
    stepped = []
    monkeypatch.setattr(sys, "argv", ["lk_reflex", *words])
    monkeypatch.setattr(command_line, "_log_beside_what_is_said", lambda: None)
    monkeypatch.setattr(command_line, "step_back", lambda: stepped.append(words))
    monkeypatch.setattr(command_line, "app", lambda: None)
    command_line.main()
    assert bool(stepped) is back
