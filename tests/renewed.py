"""`python -m tests.renewed serve`: the cabinet after a deploy. Other pages, another tree of states, the same data."""

import shutil
from pathlib import Path

from lk_reflex.core.builds import Builds
from lk_reflex.launch import serve

#: The name of the build that it serves.
NEXT = "f0f0f0f0f0f0f0f0"


def make_next_build(folder: Path, *, without: str) -> tuple[str, str]:
    """A build of the newest version, made of the present one: it has another name for the file that begins so.

    Returns the present build's name, and the name of the file that the next one has not.
    """
    builds = Builds(folder)
    present = builds.newest()
    shutil.rmtree(folder / NEXT, ignore_errors=True)
    shutil.copytree(folder / present, folder / NEXT)
    (gone,) = (folder / NEXT / "build" / "client" / "assets").glob(f"{without}*.js")
    for path in gone.parent.glob(f"{gone.name}*"):
        path.unlink()
    for path in (folder / NEXT).rglob("*.js"):
        if present.encode() in (data := path.read_bytes()):
            path.write_bytes(data.replace(present.encode(), NEXT.encode()))
            for packed in path.parent.glob(f"{path.name}.*"):
                packed.unlink()
    builds.serve(present)  # so that whoever starts without a build of his own isn't given this one
    return present, gone.name


if __name__ == "__main__":
    serve.build_name = lambda _settings: NEXT
    import reflex as rx

    class Novelty(rx.State):
        """What the pages of the version before know nothing of."""

        text: str = ""

    from lk_reflex.__main__ import app

    app()
