"""The download of one's own data: for the session's holder alone, a few times an hour."""

import io
import json
from zipfile import ZipFile

import pytest

from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from lk_reflex.domain.identity.sessions import end_all_sessions
from lk_reflex.domain.identity.users import put_user
from tests.identity.people import deeds

ADDRESS = "/api/my-data.zip"


@pytest.fixture
def boris(over):
    return over.write(put_user, "boris@example.org", "resident", "!", now=utc_now())


def test_a_signed_in_person_gets_a_file_of_their_own_data(sign_in, web, boris, over):
    sign_in()
    answer = web.get(ADDRESS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="my-data.zip"')
    assert answer.headers["cache-control"] == "private, no-store"
    with ZipFile(io.BytesIO(answer.content)) as package:
        whole = json.loads(package.read("данные.json"))
    assert [row["Логин"] for row in whole["Учётная запись"]] == ["anna@example.org"]
    assert "boris" not in repr(whole)
    assert deeds(over)[-1] == "data-taken"


@pytest.mark.parametrize("cookie", ["", "guessed", "x" * 5000])
def test_without_a_session_there_is_no_file(web, anna, over, cookie):
    if cookie:
        web.cookies.set(SESSION_COOKIE, cookie)
    answer = web.get(ADDRESS)
    assert answer.status_code == 403
    assert "Войдите" in answer.text
    assert "example.org" not in answer.text
    assert deeds(over) == []


def test_a_session_ended_elsewhere_gives_nothing(sign_in, web, anna, over):
    """Scenario 25."""
    sign_in()
    over.write(end_all_sessions, anna, now=utc_now())
    assert web.get(ADDRESS).status_code == 403


def test_after_several_the_page_says_when_to_come_again(sign_in, web):
    sign_in()
    assert [web.get(ADDRESS).status_code for _ in range(6)] == [200] * 5 + [429]
    assert "Попробуйте снова через" in web.get(ADDRESS).text


def test_only_a_get_is_answered(sign_in, web):
    sign_in()
    assert web.post(ADDRESS, headers={"origin": "http://lk.test"}).status_code == 405
