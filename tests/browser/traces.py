"""What a journey's browser has sent and kept, gathered for the search at the end of the suite."""

from contextlib import suppress

from playwright.sync_api import BrowserContext, Page, Request, WebSocket
from playwright.sync_api import Error as PlaywrightError

from lk_reflex.domain.identity.cookies import FLASH_COOKIE
from tests.leaks import Used

_STORAGES = "() => JSON.stringify([{...localStorage}, {...sessionStorage}])"


def follow(used: Used, page: Page) -> None:
    """Note the passwords that this page sends, by whatever way."""

    def posted(request: Request) -> None:
        if request.method == "POST" and "/api/" in request.url:
            with suppress(UnicodeDecodeError):  # an upload
                used.posted(request.post_data)

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", used.frame)

    page.on("request", posted)
    page.on("websocket", opened)


def take(used: Used, context: BrowserContext) -> None:
    """Note its cookies, and what its pages keep; to be called before it is closed."""
    with suppress(PlaywrightError):  # a journey may have closed its browser itself
        for cookie in context.cookies():
            if cookie.get("name") != FLASH_COOKIE:  # a sentence, the same for all
                used.cookie(cookie.get("value", ""))
    for page in context.pages:
        used.address(page.url)
        with suppress(PlaywrightError):  # about:blank and a page that has crashed have no storage
            used.storages.append((page.url.partition("?")[0], page.evaluate(_STORAGES)))
