"""Where Reflex writes and how it behaves; set before Reflex is imported, so that its files lie in our data folder."""

import os
import sys
from pathlib import Path

from lk_reflex.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def prepare_environment(settings: Settings) -> None:
    """Point Reflex at the data folder and the interpreter's own Node; what the user has set stays."""
    data = settings.data_dir.resolve()
    for name, value in {
        "REFLEX_WEB_WORKDIR": str(data / "web"),
        "REFLEX_STATES_WORKDIR": str(data / "states"),
        "REFLEX_UPLOADED_FILES_DIR": str(data / "uploads"),
        "REFLEX_DIR": str(data / "reflex"),
        "REFLEX_USE_NPM": "1",
        # Whatever registry a machine uses, the lock stays as it is committed.
        "NPM_CONFIG_OMIT_LOCKFILE_REGISTRY_RESOLVED": "true",
        "REFLEX_USE_GRANIAN": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_ENV_MODE": "prod",
        # A dropped connection is noticed within 16 s: a returning tab keeps its state, and people are told in time.
        "REFLEX_SOCKET_INTERVAL": "8s",
        "REFLEX_SOCKET_TIMEOUT": "8s",
        # In characters of one message: as api/edge/sockets.py has it, which ends the connection first and says why.
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": "262144",
        # A page that the server doesn't fit any longer isn't reloaded under whoever types in it; ui/new_version.py says
        # so. Longer than the time since 1970: the browser compares with when it has reloaded last, or with 0.
        "REFLEX_AUTO_RELOAD_COOLDOWN": "36500d",
    }.items():
        os.environ.setdefault(name, value)
    binaries = str(Path(sys.executable).parent)
    os.environ["PATH"] = f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}"
