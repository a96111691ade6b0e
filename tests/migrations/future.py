"""Versions of the cabinet that don't exist yet: today's migrations, and one more."""

import shutil
import subprocess
import sys
from pathlib import Path

from lk_reflex.core.migrations import ROOT, SCRIPTS

NEXT = "0900"
_HEAD = """
import time
from pathlib import Path
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{revision}", "{after}", None, None
works_from = "{works_from}"

def note(what):
    with open({log!r}, "a") as log:
        log.write(what + "\\n")

def until(path):
    while not Path(path).exists():
        time.sleep(0.05)

"""
_MIGRATING = """
import sys
from pathlib import Path
from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
database = Database(sys.argv[1])
print("asks", flush=True)
migrate(database.engine, scripts=Path(sys.argv[2]))
database.close()
"""


class Future:
    """A folder of migrations that ends in `NEXT`; what that one does is written by the test, in `upgrade`.

    There `note("…")` writes a line that `said` returns, and `until("…")` waits for a file.
    """

    def __init__(self, folder: Path, upgrade: str, *, works_from: str, after: str) -> None:
        self.scripts, self._log = folder / "alembic", folder / "log"
        shutil.copytree(SCRIPTS, self.scripts, ignore=shutil.ignore_patterns("__pycache__"))
        body = "\n".join(f"    {line}" for line in upgrade.strip().splitlines())
        head = _HEAD.format(revision=NEXT, after=after, works_from=works_from, log=str(self._log))
        text = f"{head}def upgrade():\n{body}\n\ndef downgrade():\n    raise NotImplementedError\n"
        (self.scripts / "versions" / f"{NEXT}_next.py").write_text(text)

    def said(self) -> list[str]:
        """What the migration has noted, in its order."""
        return self._log.read_text().split() if self._log.exists() else []

    def migrating(self, url: str) -> "subprocess.Popen[str]":
        """A process of that version that migrates; it has begun to ask for the right to."""
        process = subprocess.Popen(
            [sys.executable, "-c", _MIGRATING, url, str(self.scripts)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "asks\n"
        return process
