"""What the whole suite leaves behind (issue 6, scenario 40): last of all, over everything that was done before."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.crypt import Vault
from lk_reflex.domain.requests.passports.own import put
from lk_reflex.domain.requests.sealing.rows import open_sealing
from lk_reflex.settings import Settings
from tests.browser.conftest import Open, sign_in
from tests.browser.people import Town
from tests.browser.traces import take
from tests.conftest import TOWNS
from tests.leaks import KEY, PASSPORT, PASSWORD, SESSION, TOKEN, Secret, Used, bytes_of, dump_of, find
from tests.site import KEPT, Site

#: Written on the home page of a demonstration, for everybody.
DEMO_PASSWORD = "demo-cabinet-2026"
SEALED = {
    "series": "7512", "number": "864209", "issued_on": "12.05.2014", "code": "740-054",
    "issued_by": "Отделом УФМС по вымышленному району",
}  # fmt: skip
BUILT = ("*.js", "*.html", "*.json", "*.css", "*.map")


# Side by side the journeys are made in two towns, each of which is looked through (tests/conftest.py).
@pytest.mark.parametrize("_where", TOWNS)
def test_nothing_that_opens_or_betrays_is_left_in_the_clear(
    _where: str, open_page: Open, town: Town, site: Site, used: Used, tmp_path: Path
) -> None:
    vault = _one_of_each_kind(open_page, town, site, used)
    _wait_for_letters(town)
    for letter in site.letters():
        used.letter(letter.plain)
    used.passports(vault, [token for (token,) in town.ask("SELECT passport FROM requests WHERE passport <> ''")])
    for name in ("secret.key", "data.key"):
        used.secrets.add(Secret(KEY, (site.data / name).read_text().strip()))
    for kind in (SESSION, PASSWORD, PASSPORT, TOKEN, KEY):
        assert used.of(kind), f"no {kind} was used, so that nothing is proven"

    dump = dump_of(site.data / "lk.db", tmp_path / "copy.db")
    assert "anna@example.org" in dump
    assert find(used.secrets, [("database", dump)]) == []
    logs = list(_texts(site.data, "*.log"))
    assert sum(len(text) for _, text in logs) > 200
    assert find(used.secrets, logs) == []
    assert used.storages
    assert find(used.secrets, used.storages) == []
    assert find(used.secrets, _texts(site.data / "states", "*")) == []
    assert find(used.secrets, _answers(site, used)) == []
    built = list(_texts(KEPT / "web" / "build" / "client", *BUILT))
    assert len(built) > 20
    assert find({secret for secret in used.secrets if secret.value != DEMO_PASSWORD}, built) == []


def _answers(site: Site, used: Used) -> Iterator[tuple[str, str]]:
    """The figures, and what people and programs are told where something is refused or isn't there.

    Asked for with secrets of each kind in the address, which an answer must not say back.
    """
    with httpx.Client(base_url=site.base) as anybody:
        figures = anybody.get("/api/metrics")
        assert "lk_events_total" in figures.text
        yield "metrics", figures.text
        for secret in (max(used.of(kind), key=_value) for kind in (SESSION, PASSWORD, PASSPORT, TOKEN, KEY)):
            given = quote(secret.value, safe="")
            asked = [
                f"{path}{given}" for path in ("/nowhere/", "/api/nowhere/", "/api/files/", "/reset/", "/overview?x=")
            ]
            for path in (*asked, f"/api/esia/return?state={given}&code={given}", f"/api/receipts/{given}.pdf"):
                answer = anybody.get(path)
                # A sign-in leads on to where one wanted to go: that address alone comes back, to whoever has sent it.
                told = {name: value for name, value in answer.headers.items() if name != "location"}
                yield path.replace(given, "…"), f"{answer.text}{told}"
            refused = anybody.post("/api/sign-in", data={"login": "x", "password": secret.value})
            yield "/api/sign-in", f"{refused.text}{dict(refused.headers)}"


def _value(secret: Secret) -> str:
    return secret.value


def _one_of_each_kind(open_page: Open, town: Town, site: Site, used: Used) -> Vault:
    """A sign-in by password, a letter with a link, a passport: also where this test runs alone."""
    page = open_page("/")
    sign_in(page, "anna@example.org", DEMO_PASSWORD)
    page.wait_for_url("**/overview")
    take(used, page.context)
    page = open_page("/forgot")
    page.get_by_label("Логин (email)").fill("anna@example.org")
    page.get_by_label("Логин (email)").press("Enter")
    expect(page.locator("#sent")).to_be_focused()
    site.link("anna@example.org", "/reset/")
    vault = Vault(Settings(data_dir=site.data).vault_keys())  # pyright: ignore[reportCallIssue]
    person = town.session_of("anna@example.org")
    number = town.database.write(open_sealing, person.actor, now=utc_now())
    town.database.write(put, vault, person.actor, number, SEALED, now=utc_now())
    return vault


def _wait_for_letters(town: Town) -> None:
    """A letter that waits has its link with it; once it is sent its text is gone."""
    deadline = time.monotonic() + 30
    while town.ask("SELECT 1 FROM outgoing_mail WHERE settled_at IS NULL LIMIT 1") and time.monotonic() < deadline:
        time.sleep(0.2)


def _texts(folder: Path, *patterns: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        for path in folder.rglob(pattern):
            if path.is_file():
                yield path.name, bytes_of(path)
