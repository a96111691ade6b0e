"""When a backup last succeeded, and when one was last proven to come back: `backup.json` in the data folder.

Written by the commands, read by the metrics; an alert says when either has become too long ago.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Literal

NAME = "backup.json"
Deed = Literal["backup", "verify"]


def note_done(folder: Path, deed: Deed, *, now: datetime) -> None:
    """Note that `deed` has succeeded; the other one's moment stays. Raises OSError where there is no room."""
    folder.mkdir(parents=True, exist_ok=True)
    moments = {name: moment.isoformat() for name, moment in last_done(folder).items()}
    moments[deed] = now.astimezone(UTC).isoformat()
    # Written apart and moved into place whole: somebody may be reading.
    with NamedTemporaryFile("w", dir=folder, prefix=NAME, delete=False) as file:
        json.dump(moments, file)
    part = Path(file.name)
    part.chmod(0o644)  # those who back up and those who serve may be different users
    part.replace(folder / NAME)


def last_done(folder: Path) -> dict[str, datetime]:
    """«backup» and «verify» with their moments; what never succeeded isn't there."""
    try:
        moments = json.loads((folder / NAME).read_text("utf-8"))
        return {str(deed): datetime.fromisoformat(moment) for deed, moment in moments.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
