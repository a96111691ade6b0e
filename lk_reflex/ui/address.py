"""The browser's address, as the last event told it; and keeping Reflex from rebuilding its own vars of it each time.

Following a link makes Reflex 0.10.1 build two objects out of the address, compare them with the former ones, and send
both back to the browser that has just told them: a tenth of the month switch. No page of ours reads those vars.
"""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from reflex.state import BaseState

_LONGEST_PART = 100
_MOVES = ("pathname", "asPath", "query")
_rebuild = BaseState._update_router_vars


def _only_moved(new: dict[str, Any], old: dict[str, Any]) -> bool:
    return bool(old) and all(new[key] == old.get(key) for key in new if key not in _MOVES)


def _update(self: BaseState, router_data: dict[str, Any], previous_router_data: dict[str, Any]) -> dict[str, Any]:
    if _only_moved(router_data, previous_router_data):
        return {**previous_router_data, **router_data}
    return _rebuild(self, router_data, previous_router_data)


def keep_addresses_plain() -> None:
    """Leave Reflex's vars of the address alone while only the address changes; a new connection rebuilds them."""
    BaseState._update_router_vars = _update


def path_of(root: BaseState) -> str:
    """The path of the page that is open, without a trailing slash; whatever the browser claims.

    Not `pathname`: there Reflex puts the route's own name, which is «/index» for the home page.
    """
    return address_of(root).partition("?")[0].partition("#")[0].rstrip("/") or "/"


def last_part(root: BaseState) -> str:
    """The last part of the page's path, cut to a token's length and more: «/activate/x» ends in «x»."""
    part = path_of(root).rpartition("/")[2][:_LONGEST_PART]
    return part.encode("utf-8", "replace").decode()  # half of a character can't be hashed


def address_of(root: BaseState) -> str:
    """Path, query and fragment of the page that is open, as the browser told them."""
    return _text(root, "asPath")


def parameter(root: BaseState, name: str) -> str:
    """One parameter of the page's query; an empty string where there is none."""
    try:
        return parse_qs(urlsplit(address_of(root)).query).get(name, [""])[0]
    except ValueError:
        return ""


def _text(root: BaseState, key: str) -> str:
    value = vars(root).get("router_data", {}).get(key, "")
    return value if isinstance(value, str) else ""
