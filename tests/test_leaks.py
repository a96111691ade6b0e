"""The search for secrets itself: it finds each that is planted, however it is spelled, and cries wolf at nothing."""

import json
import sqlite3
from contextlib import closing
from urllib.parse import quote_plus

import pytest

from lk_reflex.core.crypt import Vault, new_key
from lk_reflex.domain.requests.passports.sealed import Passport, Sealed
from tests.leaks import PASSPORT, PASSWORD, SESSION, TOKEN, Used, bytes_of, dump_of, find

COOKIE, LINK = "n0Yc8QkSz1o4uH7vTq2LrWx3", "Zk3_v9-QpL0sXw7RtY5uBn"
SECRET_WORDS = "длинный пароль жильца"


@pytest.fixture
def used() -> Used:
    vault, seen = Vault([new_key()]), Used()
    seen.cookie(COOKIE)
    seen.frame('42/_event,["event",{"payload":{"form_data":{"login":"a","password":"длинный пароль жильца"}}}]')
    seen.posted("login=a%40b.ru&password=demo-cabinet-2026")
    seen.letter(f"Откройте http://localhost/reset/{LINK} в течение часа")
    sealed = Sealed(typed=Passport("75 01", "246813", "12.05.2014", "740-054", "Отделом УФМС России"))
    seen.passports(vault, [sealed.token(vault)])
    return seen


@pytest.mark.parametrize(
    ("planted", "kind"),
    [
        (f"GET /overview cookie={COOKIE} 200", SESSION),
        (f"password={SECRET_WORDS}", PASSWORD),
        (f"POST /api/sign-in password={quote_plus(SECRET_WORDS)}", PASSWORD),
        (json.dumps({"password": SECRET_WORDS}), PASSWORD),
        (repr(SECRET_WORDS.encode("unicode_escape").decode()).replace("\\\\", "\\"), PASSWORD),
        ("demo-cabinet-2026", PASSWORD),
        (f'"GET /reset/{LINK} HTTP/1.1" 200', TOKEN),
        ('{"number": "246813"}', PASSPORT),
        ("паспорт 7501246813 выдан", PASSPORT),
        ("x7501 246813x", PASSPORT),
        ("Отделом УФМС России", PASSPORT),
    ],
)
def test_a_planted_secret_is_found_and_not_repeated(used, planted, kind):
    found = find(used.secrets, [("clean.log", "nothing here"), ("planted.log", f"begin {planted} end")])
    assert set(found) == {("planted.log", kind)}
    assert COOKIE not in repr(used.secrets)


@pytest.mark.parametrize("text", ["261120246813", "c246813f", "-246813", "+72468130000", "", "Отделом", COOKIE[:-1]])
def test_what_only_looks_alike_is_no_leak(used, text):
    assert find(used.secrets, [("log", f"a {text} b")]) == []


def test_a_secret_planted_in_a_database_is_found_and_a_deleted_one_isnt(used, tmp_path):
    base = tmp_path / "lk.db"
    with closing(sqlite3.connect(base)) as db:
        db.execute("CREATE TABLE t (a TEXT, b TEXT, form JSON)")
        db.executemany("INSERT INTO t VALUES (?, ?, ?)", [("x", "246813", None), ("y", None, f'{{"c": "{COOKIE}"}}')])
        db.commit()
        assert {kind for _, kind in find(used.secrets, [("db", dump_of(base, tmp_path / "1.db"))])} == {
            PASSPORT,
            SESSION,
        }
        db.execute("DELETE FROM t")
        db.commit()
    assert find(used.secrets, [("db", dump_of(base, tmp_path / "2.db")), ("bytes", bytes_of(tmp_path / "2.db"))]) == []


def test_short_cookies_and_public_links_are_no_secrets():
    used = Used()
    used.cookie("dark")
    used.letter("http://localhost/services/requests/261120246813 http://localhost/pay/abcdefghijklmnopqrstuvwx")
    assert used.secrets == set()
