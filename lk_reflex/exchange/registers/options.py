"""What a profile may say of an outside register, checked field by field; faults are Russian sentences."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from lk_reflex.core.errors import Refused

BANK, CITY = "bank", "city"
#: What meters count, as the bank register's type codes tell it.
Resource = Literal["gas", "power", "hot", "cold", "heat"]
Names = Literal["none", "initials", "full"]
Text = Annotated[str, Field(min_length=1, max_length=100)]


class _Options(BaseModel):
    """What both registers share. Names go out by agreement only, so that by default none do."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    names: Names = "none"
    encoding: Literal["windows-1251", "utf-8"] = "windows-1251"
    decimal: Literal[".", ","] = "."


class CityOptions(_Options):
    """«Город»: which receipts, which services, and what its balance means."""

    service: Text
    receipt_kind: Text
    #: Code in the register → our service's name; empty where the register has the names themselves.
    services: dict[Text, Text] = Field(default_factory=dict)
    overpayments: Literal["skip", "write", "refuse"] = "skip"
    positive: Literal["debt", "overpayment"] = "debt"
    balance: Literal["debt", "charged"] = "debt"
    new_accounts: bool = False
    month: Literal["given", "current", "previous"] = "given"
    issue_day: Annotated[int, Field(ge=1, le=31)] = 31

    @field_validator("services")
    @classmethod
    def _one_code_each(cls, services: dict[str, str]) -> dict[str, str]:
        twice = sorted({name for name in services.values() if list(services.values()).count(name) > 1})
        if twice:
            raise ValueError(f"у услуги несколько кодов: {', '.join(twice)}")
        return services


class BankOptions(_Options):
    """The bank: whose readings come back, and how its codes map to our meters."""

    bank: Text
    meaning: Literal["collected", "billing"] = "collected"
    doubts: Literal["refuse", "take"] = "refuse"
    #: Our resource's name → what it is, where the name doesn't tell.
    resources: dict[Text, Resource] = Field(default_factory=dict)
    #: Our scales of the codes 5, 6, 7 (peak, day, night): dials show Т1 peak, Т2 night, Т3 half-peak.
    three_scales: tuple[int, int, int] = (1, 3, 2)
    dates: Literal["dotted", "digits"] = "dotted"
    extra: Literal["empty", "meter_code"] = "empty"
    decimal: Literal[".", ","] = ","

    @field_validator("three_scales")
    @classmethod
    def _each_once(cls, scales: tuple[int, int, int]) -> tuple[int, int, int]:
        if sorted(scales) != [1, 2, 3]:
            raise ValueError("должны быть 1, 2 и 3, каждое один раз")
        return scales


class ProfileFile(BaseModel):
    """A profile as its file has it, before its options are checked for the register."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Text
    register_kind: Literal["bank", "city"] = Field(alias="register")
    organization: Annotated[str, Field(pattern=r"^(\d{10}|\d{12})$")]
    options: dict[str, Any] = Field(default_factory=dict)


MODELS: dict[str, type[BankOptions] | type[CityOptions]] = {BANK: BankOptions, CITY: CityOptions}


class BadProfile(Refused):
    """A profile's faults, a sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_profile(path: Path) -> tuple[ProfileFile, BankOptions | CityOptions]:
    """A profile from a TOML file. Raises BadProfile with every fault, OSError."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise BadProfile([f"{path.name}: это не TOML в кодировке UTF-8 ({fault})."]) from fault
    try:
        profile = ProfileFile.model_validate(given)
    except ValidationError as fault:
        raise BadProfile([_sentence(error, "") for error in fault.errors()]) from fault
    return profile, check_options(profile.register_kind, profile.options)


def check_options(register: str, options: dict[str, Any]) -> BankOptions | CityOptions:
    """Options of a register as a model. Raises BadProfile."""
    try:
        return MODELS[register].model_validate(options)
    except ValidationError as fault:
        raise BadProfile([_sentence(error, "options.") for error in fault.errors()]) from fault


def _sentence(error: ErrorDetails, prefix: str) -> str:
    place = prefix + ".".join(map(str, error["loc"]))
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "missing":
        return f"{place}: не заполнено."
    if kind == "extra_forbidden":
        return f"{place}: такого параметра нет."
    if kind == "literal_error":
        return f"{place}: должно быть одно из: {context['expected'].replace(' or ', ', ')}."
    if kind == "value_error":
        return f"{place}: {context['error']}."
    if kind == "string_pattern_mismatch":
        return f"{place}: ИНН состоит из 10 или 12 цифр."
    return f"{place}: недопустимое значение {str(error['input'])[:60]!r}."
