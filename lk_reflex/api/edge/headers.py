"""Security and caching headers, and the hashes of the built pages' inline scripts for the content policy."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
IMMUTABLE = "public, max-age=31536000, immutable"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), hid=(), "
        "display-capture=(), browsing-topics=()"
    ),
}
#: The policy of what isn't a page: nobody shows it within theirs. A browser that shows a PDF wants no more of it.
NO_FRAME = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
HSTS = "max-age=31536000; includeSubDomains"


def script_hashes(html: str) -> set[str]:
    """CSP sources of the inline scripts in a page."""
    return {
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE.findall(html)
    }


@lru_cache(maxsize=4)
def content_policy(built: Path, tiles: str = "") -> str:
    """The Content-Security-Policy of a build: own scripts, own styles, own socket, and nothing foreign.

    `tiles` is the one exception: the host that maps are drawn by, where that is another.
    """
    hashes: set[str] = set()
    for page in built.rglob("*.html"):
        hashes |= script_hashes(page.read_text("utf-8"))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {' '.join(sorted(hashes))}".rstrip(),
            # Reflex and React write style attributes; styles can't run anything.
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: {tiles}".rstrip(),
            "font-src 'self'",
            "media-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def cache_rule(path: str) -> str:
    """Hashed files for ever, fonts and pictures for a day, everything else asked about each time."""
    if path.startswith("/assets/"):
        return IMMUTABLE
    if path.endswith((".woff2", ".svg", ".png", ".webp", ".ico", ".webmanifest")):
        return "public, max-age=86400"
    return "no-store" if path.startswith(("/api/", "/demo/")) else "no-cache"
