"""How one stand-in is set up: where it keeps its books, whom it calls back, and how long it takes over things."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setup:
    """All times in seconds. `callback` empty: nobody is called back."""

    folder: Path
    callback: str = ""
    #: Under which path of the payer's own address the pages lie; empty on a server of its own.
    mounted: str = ""
    #: Between two tries of a callback that got no 200, and how many there are.
    pause: float = 30.0
    tries: int = 3
    #: How long a callback's answer is waited for.
    patience: float = 10.0
    #: By how much a late callback is late.
    late: float = 60.0
    #: How long the slow card takes, and how long the silent ones are silent before the line breaks.
    slow: float = 6.0
    silence: float = 30.0
    #: Whether `POST /troubles` is served: on a server of its own only.
    troubles: bool = False

    @property
    def file(self) -> Path:
        """The bank's own books."""
        return self.folder / "bank.db"
