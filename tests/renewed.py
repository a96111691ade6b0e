"""`python -m tests.renewed serve`: the cabinet after a deploy. Other pages, another tree of states, the same data."""

import glob
import re
import shutil
from pathlib import Path

from lk_reflex.core.builds import Builds
from lk_reflex.launch import serve

#: The name of the build that it serves.
NEXT = "f0f0f0f0f0f0f0f0"


def make_next_build(folder: Path, *, without: str) -> tuple[str, str]:
    """A build of the newest version, made of the present one: every script and style sheet has another name.

    Names follow contents, so that a browser never takes a file that it has kept for one of another version. Returns
    the present build's name, and its file that begins with `without`, which the next one has not.
    """
    builds = Builds(folder)
    present = builds.newest()
    shutil.rmtree(folder / NEXT, ignore_errors=True)
    shutil.copytree(folder / present, folder / NEXT)
    assets = folder / NEXT / "build" / "client" / "assets"
    named = sorted(path.name for path in assets.iterdir() if path.suffix in _NAMED)
    old = re.compile("|".join(map(re.escape, named)))
    for path in (folder / NEXT / "build" / "client").rglob("*"):
        if path.suffix in _NAMED | {".html", ".json"}:
            text = old.sub(lambda name: _renamed(name[0]), path.read_text("utf-8").replace(present, NEXT))
            path.write_text(text, "utf-8")
            for packed in path.parent.glob(f"{glob.escape(path.name)}.*"):
                packed.unlink()
    for name in named:
        (assets / name).rename(assets / _renamed(name))
    (gone,) = (name for name in named if name.startswith(without))
    builds.serve(present)  # so that whoever starts without a build of his own isn't given this one
    return present, gone


_NAMED = {".js", ".css"}


def _renamed(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}-next.{suffix}"


if __name__ == "__main__":
    serve.build_name = lambda _settings: NEXT
    import reflex as rx

    class Novelty(rx.State):
        """What the pages of the version before know nothing of."""

        text: str = ""

    from lk_reflex.__main__ import app

    app()
