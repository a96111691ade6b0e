"""Builds the front end, and only when something that it is made of has changed."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from lk_reflex.core.builds import BUILD_VARIABLE, Builds
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
    """Whether a built front end belongs to these sources."""
    return builds(settings).has(build_name(settings))


def build_name(settings: Settings) -> str:
    """The name of these sources' build, short enough for an address."""
    return fingerprint(settings)[:16]


def build(settings: Settings) -> None:
    """Compile the pages, bundle them, and switch the result in whole. Raises BuildError.

    Takes a minute the first time. A server that runs from an earlier build isn't disturbed; of several builds at once
    the later ones find the work done.
    """
    name, kept = build_name(settings), builds(settings)
    with kept.alone():
        if kept.has(name):
            return
        mark = _workshop(settings) / "lk-fingerprint"
        if not mark.exists() or mark.read_text() != fingerprint(settings):
            mark.unlink(missing_ok=True)
            _export(name)
            mark.write_text(fingerprint(settings))
        kept.keep(name, _workshop(settings))


def _export(name: str) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    done = subprocess.run(  # noqa: S603  our own command, no input from outside
        command, cwd=ROOT, env={**os.environ, BUILD_VARIABLE: name}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError((done.stdout + done.stderr)[-4000:])


def builds(settings: Settings) -> Builds:
    """The finished builds of this installation, beside the folder where they are made."""
    return Builds(_workshop(settings).parent / "builds")


def _workshop(settings: Settings) -> Path:
    web = Path(os.environ.get("REFLEX_WEB_WORKDIR", settings.data_dir / "web"))
    web.mkdir(parents=True, exist_ok=True)
    return web
