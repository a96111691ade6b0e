"""Reads the settings and refuses those that can't be used, each fault in a sentence."""

from functools import lru_cache

from pydantic import ValidationError

from lk_reflex.core.failpoints import disarm
from lk_reflex.settings.model import Settings
from lk_reflex.settings.rules import variable


class SettingsError(Exception):
    """The settings can't be used; `faults` are Russian sentences, one a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load_settings() -> Settings:
    """Read and check; raises SettingsError with every fault at once."""
    try:
        settings = Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as fault:
        raise SettingsError([_fault_sentence(error) for error in fault.errors()]) from None
    if faults := settings.faults():
        raise SettingsError(faults)
    return settings


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    settings = load_settings()
    if not settings.preview:
        disarm()  # wherever the mode was read from: of `.env` the environment knows nothing
    return settings


def _fault_sentence(error: object) -> str:
    name, given = variable(str(error["loc"][0])), error.get("input")  # type: ignore[index,attr-defined]
    return f"{name}: значение «{given}» не подходит."
