"""Which kinds of addresses there are, and what the layers around the application read of a connection."""

from starlette.types import Scope

SOCKET, UPLOAD = "/_event", "/_upload"
API = "/api/"
DEMO = "/demo/"
ASSETS = "/assets/"
#: Pages under it are for those who work here.
STAFF, DESK = "/staff/", "/staff"
#: Shared links: whoever has the address may pay, but nobody shall find it.
PAY = "/pay/"
#: Where an administrator's browser sends billing's packages.
PACKAGES = "/api/staff/exchange"
SIGNED_IN_HOME, STAFF_HOME = "/overview", "/staff/requests"
SIGNED_IN_READINGS = "/readings"
_SHORTCUTS = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range", b"if-range")


def may_be_page(path: str) -> bool:
    """Whether it isn't a file, a form's address or a socket."""
    return not path.startswith((API, DEMO, ASSETS, "/_")) and "." not in path.rsplit("/", 1)[-1]


def dynamic(path: str) -> str:
    """The route of a page whose address ends in what varies: «/documents/5» is «/documents/[token]»."""
    return f"{path.rpartition('/')[0]}/[token]"


def as_page(scope: Scope, path: str) -> Scope:
    """Serve the prerendered file without a redirect to «/x/»."""
    target = path if path == "/" else f"{path}/"
    return {**scope, "path": target, "raw_path": target.encode()}


def stampable(scope: Scope) -> Scope:
    """Ask for the file whole, uncompressed, unconditionally and through us, not sent by the server by its name."""
    headers = [(name, value) for name, value in scope["headers"] if name not in _SHORTCUTS]
    return {**scope, "headers": headers, "extensions": {}}


def header(scope: Scope, name: bytes) -> str:
    """The first of that name (in small letters), or nothing."""
    for key, value in scope["headers"]:
        if key == name:
            return value.decode("latin-1")
    return ""
