"""Builds the front end, and only when something that it is made of has changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from lk_reflex.launch.environment import ROOT
from lk_reflex.settings import Settings

_SOURCES = ("lk_reflex/ui", "lk_reflex/lk_reflex.py", "rxconfig.py", "assets", "reflex.lock")


class BuildError(Exception):
    """The front end could not be built; the text holds the end of the builder's own words."""


def fingerprint(settings: Settings) -> str:
    """Changes whenever a rebuild could give another result."""
    baked = f"{settings.site} {settings.mode} {settings.tiles} {settings.map_attribution}"
    seen = hashlib.sha256(f"{version('reflex')} {sys.version} {baked}".encode())
    for path in _files():
        seen.update(str(path.relative_to(ROOT)).encode())
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        source = ROOT / name
        found = sorted(source.rglob("*")) if source.is_dir() else [source]
        yield from (path for path in found if path.is_file() and path.suffix != ".pyc")


def is_built(settings: Settings) -> bool:
    """Whether the built front end belongs to these sources."""
    mark = _mark(settings)
    return mark.exists() and mark.read_text() == fingerprint(settings)


def build(settings: Settings) -> None:
    """Compile the pages and bundle them. Raises BuildError. Takes a minute the first time."""
    mark = _mark(settings)
    mark.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    done = subprocess.run(  # noqa: S603  our own command, no input from outside
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError((done.stdout + done.stderr)[-4000:])
    mark.write_text(fingerprint(settings))


def _mark(settings: Settings) -> Path:
    web = Path(os.environ.get("REFLEX_WEB_WORKDIR", settings.data_dir / "web"))
    web.mkdir(parents=True, exist_ok=True)
    return web / "lk-fingerprint"
