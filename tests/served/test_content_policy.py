"""Every built page, as it is served: its own inline scripts run under its own policy, and nothing foreign does."""

import base64
import hashlib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from lk_reflex.core.builds import Builds
from lk_reflex.domain.identity.cookies import GUEST_COOKIE, SESSION_COOKIE
from tests.served.conftest import sign_in
from tests.site import KEPT, Site

#: What a browser loads by itself, as against what somebody may press.
LOADS = {
    "script": "src",
    "link": "href",
    "img": "src",
    "audio": "src",
    "video": "src",
    "source": "src",
}
RUNS = {"", "module", "text/javascript"}
RULES = {
    "default-src": {"'none'"}, "base-uri": {"'none'"}, "frame-ancestors": {"'none'"}, "connect-src": {"'self'"},
    "form-action": {"'self'"}, "font-src": {"'self'"}, "media-src": {"'self'"}, "manifest-src": {"'self'"},
    "img-src": {"'self'", "data:"}, "style-src": {"'self'", "'unsafe-inline'"},
}  # fmt: skip


class Page(HTMLParser):
    """Read by another reader than the one that made the policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.loaded: list[str] = []
        self.odd: list[str] = []
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        given = {name: value or "" for name, value in attrs}
        self.odd += [f"{tag} {name}" for name in given if name.startswith("on") or name == "srcdoc"]
        self.odd += [tag] if tag in ("base", "object", "embed", "iframe") else []
        if address := given.get(LOADS.get(tag, "")):
            self.loaded.append(address)
        self._inside = tag == "script" and "src" not in given and given.get("type", "") in RUNS
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag) -> None:
        self._inside = False


@pytest.fixture(scope="module")
def built(site: Site) -> Path:
    builds = Builds(KEPT / "builds")
    return KEPT / "builds" / builds.newest() / "build" / "client"


@pytest.fixture
def browsers(site: Site, guest: str) -> list[httpx.Client]:
    """Nobody, a resident, an administrator, a guest: some pages are for one of them alone."""
    signed_in = [{SESSION_COOKIE: sign_in(site, login)} for login in ("anna", "admin")]
    opened = [httpx.Client(base_url=site.base, cookies=held) for held in ({}, *signed_in, {GUEST_COOKIE: guest})]
    yield opened
    for browser in opened:
        browser.close()


def test_each_built_page_runs_its_own_scripts_and_loads_nothing_foreign(site, built, browsers):
    addresses = sorted({_address(path.relative_to(built)) for path in built.rglob("*.html")})
    assert len(addresses) > 30
    served = {address: _first_shown(browsers, address) for address in addresses}
    assert [address for address, answer in served.items() if answer is None] == []
    wrong: dict[str, object] = {}
    inline = 0
    for address, answer in served.items():
        page, policy = Page(answer.text), _policy(answer)
        inline += len(page.scripts)
        refused = [script[:60] for script in page.scripts if _hash(script) not in policy["script-src"]]
        foreign = [url for url in page.loaded if urlsplit(url).netloc not in ("", urlsplit(site.base).netloc)]
        sources = {name: found for name, found in policy.items() if name != "script-src"}
        loose = [one for one in policy["script-src"] if one != "'self'" and not one.startswith("'sha256-")]
        if refused or foreign or loose or page.odd or sources != RULES:
            wrong[address] = refused, foreign, loose, page.odd, sources
    assert wrong == {}
    assert inline >= 2 * len(addresses), "pages without inline scripts would prove nothing"


def _address(path: Path) -> str:
    """As people ask for it. What stands for all that isn't there is asked for by an address that isn't there."""
    if path.name in ("404.html", "__spa-fallback.html"):
        return "/nowhere"
    plain = path.parent if path.name == "index.html" else path.with_suffix("")
    return f"/{plain.as_posix()}".replace("/.", "/")


def _first_shown(browsers: list[httpx.Client], address: str) -> httpx.Response | None:
    """The page itself, by whichever browser is let in; the rest are led elsewhere."""
    wanted = 404 if address == "/nowhere" else 200
    for browser in browsers:
        answer = browser.get(address)
        if answer.status_code == wanted and answer.headers["content-type"].startswith("text/html"):
            return answer
    return None


def _policy(answer: httpx.Response) -> dict[str, set[str]]:
    parts = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: set(sources) for name, *sources in parts}


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
