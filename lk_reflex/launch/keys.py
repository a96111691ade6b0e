"""`python -m lk_reflex rotate-keys`, and what `check` tells of the keys: nothing of the keys themselves."""

from collections.abc import Callable
from typing import Final

from lk_reflex.core.crypt import BadKeys, Vault
from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.push.devices import renew_tokens
from lk_reflex.domain.requests.passports.rotating import count_keys, renew_passports
from lk_reflex.settings import Settings
from lk_reflex.wiring import database

Step = Callable[..., int | None]
#: Everything that the database holds encrypted.
SEALED: Final[tuple[tuple[str, Step], ...]] = (("паспорта", renew_passports), ("адреса телефонов", renew_tokens))


def rotate(base: Database, vault: Vault, *, say: Callable[[str], None]) -> None:
    """Bring everything under the newest key, a portion a transaction; stopped midway, it is run again."""
    say(f"Ключи: {', '.join(vault.key_ids)}. Всё перешифровывается ключом {vault.key_ids[0]}.")
    for what, step in SEALED:
        after: int | None = 0
        while after is not None:
            after = base.write(_step, step, vault, after)
        say(f"Готово: {what}.")


def _step(db: Writer, step: Step, vault: Vault, after: int) -> int | None:
    return step(db, vault, after=after)


def key_lines(settings: Settings) -> tuple[list[str], bool]:
    """For `check`: how many passports stand under which key, and whether each can be read."""
    try:
        vault = Vault(settings.vault_keys())
    except (BadKeys, OSError) as fault:
        return [f"Ключи данных: не подходят ({type(fault).__name__})"], False
    try:
        counted = database().read(count_keys, vault)
    except Exception as fault:  # noqa: BLE001  any reason is an answer here
        return [f"Ключи данных: {', '.join(vault.key_ids)}; паспорта не прочитать ({type(fault).__name__})"], True
    lines = [f"Ключ данных {key}{_role(place)}: паспортов {counted[key]}" for place, key in enumerate(vault.key_ids)]
    if counted[""]:
        lines.append(f"Паспорта, которые не открывает ни один ключ: {counted['']}. Верните прежний ключ в LK_DATA_KEYS")
    return lines, not counted[""]


def _role(place: int) -> str:
    return " (им шифруется новое)" if place == 0 else ""
