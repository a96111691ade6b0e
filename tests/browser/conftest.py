"""A real Chromium over the served cabinet; a page fails its test on any error of its console or content policy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from lk_reflex.core.db import Database
from lk_reflex.domain.identity.cookies import SESSION_COOKIE
from tests.browser.install import chromium
from tests.browser.look import DESKTOP, HEIGHT
from tests.browser.people import Person, Town
from tests.browser.traces import follow, take
from tests.leaks import Used
from tests.site import Site

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
HERE = Path(__file__).parent
#: Before its loader has filled it a page may be nothing but its drawing: what is pressed and typed there is lost.
#: Pages that are no part of the cabinet say nothing of a loader.
_FILLED = "!document.querySelector('h1[data-filled=false]')"
FILLED = f"() => document.readyState === 'complete' && {_FILLED}"
#: A page has its person's data when it is filled and nothing of the skeleton is left; the home page when it offers the
#: demo logins.
LOADED = f"""() => document.querySelector('h1') && {_FILLED} && !document.querySelector('.skeleton, .account i')
    && (location.pathname !== '/' || document.querySelector('form ~ form, li form'))"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Not for the session: while Playwright is there, no other test of this thread may run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=30_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), args=ARGS)
        yield running
        running.close()


@pytest.fixture(scope="package")
def town(site: Site) -> Iterator[Town]:
    """The database under the site, to settle people in and to look things up."""
    database = Database(f"sqlite:///{site.data / 'lk.db'}")
    yield Town(site, database)
    database.close()


@dataclass
class Watcher:
    """Everything that went wrong in the pages of a test; `forgiven` are parts of messages that it expects."""

    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"pageerror: {error}"))
        page.on("response", self._response)

    def unforgiven(self) -> list[str]:
        return [fault for fault in self.faults if not any(part in fault for part in self.forgiven)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":  # a violation of the content policy comes as one, too
            self.faults.append(f"console: {message.text} {message.location.get('url', '')}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


Open = Callable[..., Page]


@pytest.fixture(scope="package")
def used() -> Used:
    """The secrets that the whole suite has used; test_zz_left_behind looks for them at the end."""
    return Used()


@pytest.fixture
def open_page(browser: Browser, site: Site, watcher: Watcher, used: Used) -> Iterator[Open]:
    """`open_page("/charges", anna, width=390)`: a browser of its own, signed in as that person, loaded."""
    contexts = []

    def make(path: str = "/", person: Person | None = None, *, width: int = DESKTOP, **options: Any) -> Page:
        size = {"width": width, "height": HEIGHT[width]}
        context = browser.new_context(locale="ru-RU", viewport=size, base_url=site.base, **options)
        contexts.append(context)
        if person:
            cookie = {"name": SESSION_COOKIE, "value": person.cookie, "url": site.base, "httpOnly": True}
            context.add_cookies([{**cookie, "sameSite": "Lax"}])  # type: ignore[typeddict-item]
        context.on("page", watcher.watch)
        context.on("page", lambda page: follow(used, page))
        context.on("page", _patient)
        page = context.new_page()
        page.goto(path)
        page.wait_for_function(LOADED)
        return page

    yield make
    for context in contexts:
        take(used, context)
        context.close()
    assert not watcher.unforgiven()


def _patient(page: Page) -> None:
    """Going to an address ends when its page can be used, as it does for a person, who looks before pressing."""
    for name in ("goto", "reload", "go_back", "go_forward"):
        setattr(page, name, _until_filled(page, getattr(page, name)))


def _until_filled(page: Page, go: Callable[..., Any]) -> Callable[..., Any]:
    def went(*given: Any, **more: Any) -> Any:
        answer = go(*given, **more)
        page.wait_for_function(FILLED)
        return answer

    return went


@pytest.fixture(scope="package")
def anna(town: Town) -> Person:
    return town.session_of("anna@example.org")


@pytest.fixture(scope="package")
def vera(town: Town) -> Person:
    return town.session_of("vera@example.org")


def sign_in(page: Page, email: str, password: str) -> None:
    """Through the form of the home page, which must be open."""
    form = page.get_by_role("region", name="Вход в личный кабинет")
    form.get_by_label("Логин (email)").fill(email)
    form.get_by_label("Пароль").fill(password)
    form.get_by_role("button", name="Вход", exact=True).click()
