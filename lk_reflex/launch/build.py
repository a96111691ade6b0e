"""Builds the front end, and only when something that it is made of has changed."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib.metadata import version
from pathlib import Path

from lk_reflex.core.builds import BUILD_VARIABLE, Builds
from lk_reflex.launch.environment import ROOT
from lk_reflex.settings import Settings

#: Of a build's failure, in characters.
_TOLD = 4000
#: What npm tells beside its faults.
_DIARY = re.compile(r"npm (?:silly|verbose|info|http|timing|notice)\b")
# Words, limits and field names of the domain stand in the pages, too.
_SOURCES = (
    "lk_reflex/ui", "lk_reflex/domain", "lk_reflex/core", "lk_reflex/lk_reflex.py", "rxconfig.py", "assets",
    "reflex.lock",
)  # fmt: skip


class BuildError(Exception):
    """The front end could not be built; the text holds the end of the builder's own words."""


def fingerprint(settings: Settings) -> str:
    """Changes whenever a rebuild could give another result."""
    baked = f"{settings.built_for} {settings.mode} {settings.tiles} {settings.map_attribution}"
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
            with nullcontext() if settings.preview else unchanged(ROOT / "reflex.lock"):
                _export(name)
            mark.write_text(fingerprint(settings))
        kept.keep(name, _workshop(settings))


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Put the folder's files back as they were.

    The builder takes out of the lock what this installation's pages don't ask for (a map, say). A developer wants that;
    an installation's sources are a release's, and with another lock the build just made would be that of others.
    """
    before = {path: path.read_bytes() for path in folder.iterdir()}
    try:
        yield
    finally:
        for path, held in before.items():
            if not path.exists() or path.read_bytes() != held:
                path.write_bytes(held)


def _export(name: str) -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    # Wide, or the builder would cut npm's lines into pieces, and what matters couldn't be told from the rest.
    env = {**os.environ, BUILD_VARIABLE: name, "COLUMNS": "400"}
    done = subprocess.run(  # noqa: S603  our own command, no input from outside
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BuildError(what_matters(done.stdout + done.stderr))


def what_matters(said: str) -> str:
    """The end of the builder's words without npm's diary, in which the one line with the cause is lost."""
    lines = [line for line in said.splitlines() if line.strip() and not _DIARY.match(line.strip())]
    return "\n".join(lines)[-_TOLD:]


def builds(settings: Settings) -> Builds:
    """The finished builds of this installation, beside the folder where they are made."""
    return Builds(_workshop(settings).parent / "builds")


def _workshop(settings: Settings) -> Path:
    web = Path(os.environ.get("REFLEX_WEB_WORKDIR", settings.data_dir / "web"))
    web.mkdir(parents=True, exist_ok=True)
    return web
