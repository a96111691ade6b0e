"""What the whole suite leaves behind (issue 6, scenario 40): last of all, over everything that was done before."""

import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import expect

from lk_reflex.core.clock import utc_now
from lk_reflex.core.crypt import Vault
from lk_reflex.domain.requests.passports.own import put
from lk_reflex.domain.requests.sealing.rows import open_sealing
from lk_reflex.settings import Settings
from tests.browser.conftest import Open, sign_in
from tests.browser.people import Town
from tests.browser.traces import take
from tests.leaks import KEY, PASSPORT, PASSWORD, SESSION, TOKEN, Secret, Used, bytes_of, dump_of, find
from tests.site import KEPT, Site

#: Written on the home page of a demonstration, for everybody.
DEMO_PASSWORD = "demo-cabinet-2026"
SEALED = {
    "series": "7512", "number": "864209", "issued_on": "12.05.2014", "code": "740-054",
    "issued_by": "Отделом УФМС по вымышленному району",
}  # fmt: skip
BUILT = ("*.js", "*.html", "*.json", "*.css", "*.map")


def test_nothing_that_opens_or_betrays_is_left_in_the_clear(
    open_page: Open, town: Town, site: Site, used: Used, tmp_path: Path
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
    built = list(_texts(KEPT / "web" / "build" / "client", *BUILT))
    assert len(built) > 20
    assert find({secret for secret in used.secrets if secret.value != DEMO_PASSWORD}, built) == []


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
