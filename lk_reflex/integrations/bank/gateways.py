"""The file that LK_BANKS names: a table of TOML for each organization's ИНН. Secrets never reach a message."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from lk_reflex.core.this_machine import this_machine

RBS, JSON = "rbs", "json"
#: What each kind can't do without. RBS takes a token in place of login and password.
NEEDED: Final = {RBS: ("url", "callback_key"), JSON: ("url", "shop_id", "secret")}
#: What `recipient` has to hold, and what it may.
RECIPIENT: Final = ("name", "inn", "bank_name", "bank_bic", "bank_account", "bank_correspondent_account")
RECIPIENT_MAY: Final = (*RECIPIENT, "kpp")
SHORTEST_TIMEOUT, LONGEST_TIMEOUT = 1.0, 60.0
_INN = re.compile("[0-9]{10}|[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Gateway:
    """One organization's gateway. `timeout` in seconds, for a whole exchange."""

    kind: str
    url: str
    login: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    callback_key: str = field(default="", repr=False)
    page_url: str = ""
    shop_id: str = ""
    secret: str = field(default="", repr=False)
    #: The organization's bank details (RECIPIENT), for a JSON shop whose contract asks for them.
    recipient: Mapping[str, str] | None = None
    timeout: float = 15.0
    #: Whether a declined payer may try another card inside the same order, as with some banks.
    retries: bool = False
    #: Whether it is the demonstration's own stand-in, wherever it listens; no file can say so.
    own: bool = False


class GatewayFaults(ValueError):
    """The file can't be used; `sentences` are Russian, without the name of the setting."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def read_gateways(path: Path, *, preview: bool) -> dict[str, Gateway]:
    """ИНН → gateway. A preview may use plain http on its own computer. Raises GatewayFaults with all at once."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise GatewayFaults([f"нет файла «{path}»."]) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise GatewayFaults([f"файл «{path}» не читается: нужен TOML в UTF-8, раздел на каждый ИНН."]) from None
    if not tables:
        raise GatewayFaults([f"в файле «{path}» нет ни одного раздела: нужен раздел на каждый ИНН."])
    sentences = [fault for inn, table in tables.items() for fault in _faults(inn, table, preview=preview)]
    if sentences:
        raise GatewayFaults(sentences)
    return {inn: Gateway(**{**table, "timeout": float(table.get("timeout", 15))}) for inn, table in tables.items()}


def _faults(inn: str, table: Any, *, preview: bool) -> Iterator[str]:
    if not _INN.fullmatch(inn) or not isinstance(table, dict):
        yield f"раздел «{inn}»: имя раздела — ИНН организации, 10 или 12 цифр."
        return
    kind = table.get("kind")
    if kind not in tuple(NEEDED):
        yield f"{inn}: kind — «rbs» или «json»."
        return
    yield from (f"{inn}: {fault}" for fault in _table_faults(str(kind), table, preview=preview))


def _table_faults(kind: str, table: Mapping[str, Any], *, preview: bool) -> Iterator[str]:
    for name, value in table.items():
        if fault := _value_fault(name, value):
            yield fault
    for name in NEEDED[kind]:
        if not table.get(name):
            yield f"нет параметра {name}."
    if kind == RBS and not table.get("token") and not (table.get("login") and table.get("password")):
        yield "нужны login и password или token."
    for name in ("url", "page_url"):
        if table.get(name) and not _address(table[name], preview=preview):
            yield f"{name}: нужен адрес, начинающийся с https://."
    if table.get("page_url") and "{orderId}" not in str(table["page_url"]):
        yield "page_url: на месте номера заказа в банке нужно {orderId}."


_KINDS: Final = {one.name: one.type for one in fields(Gateway) if one.name != "own"}


def _value_fault(name: str, value: object) -> str:
    """What is wrong with one value; its own text isn't repeated, for it may be a secret in the wrong place."""
    if name not in _KINDS:
        return f"неизвестный параметр {name}."
    if name == "timeout":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        fits = number and SHORTEST_TIMEOUT <= float(value) <= LONGEST_TIMEOUT  # pyright: ignore[reportArgumentType]
        return "" if fits else "timeout: нужно число секунд от 1 до 60."
    if name == "recipient":
        return _recipient_fault(value)
    if name == "retries":
        return "" if isinstance(value, bool) else "retries: true или false."
    return "" if isinstance(value, str) else f"{name}: значение нужно в кавычках."


def _recipient_fault(value: object) -> str:
    given = value if isinstance(value, dict) else {}
    if all(isinstance(given.get(name), str) and given[name] for name in RECIPIENT) and not given.keys() - RECIPIENT_MAY:
        return ""
    return f"recipient: нужны {', '.join(RECIPIENT)}, все в кавычках."


def _address(value: object, *, preview: bool) -> bool:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return False
    own = preview and parts.scheme == "http" and this_machine(parts.hostname)
    return (parts.scheme == "https" or own) and bool(parts.hostname) and not parts.username
