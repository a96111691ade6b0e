"""Reading a person's entry at Госуслуги (`rs/prns/{oid}` with its contacts)."""

from collections.abc import Iterator, Mapping
from typing import Any

from lk_reflex.integrations.esia.port import Person, Unexpected

_EMAIL, _MOBILE, _VERIFIED = "EML", "MBT", "VERIFIED"
_LONGEST = 250


def person_from(entry: Mapping[str, Any], oid: str) -> Person:
    """Take what we keep. Raises Unexpected for an entry without a name."""
    surname, first = _text(entry, "lastName"), _text(entry, "firstName")
    if not surname and not first:
        raise Unexpected("person-name")
    email = _contact(entry, _EMAIL)
    return Person(
        oid=oid,
        surname=surname,
        first_name=first,
        patronymic=_text(entry, "middleName"),
        trusted=entry.get("trusted") is True,
        email=_text(email, "value"),
        email_verified=bool(_text(email, "value")) and email.get("vrfStu") == _VERIFIED,
        mobile=_text(_contact(entry, _MOBILE), "value"),
    )


def _contact(entry: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The contact of that kind, a verified one before others."""
    found = [contact for contact in _contacts(entry) if contact.get("type") == kind]
    found.sort(key=lambda contact: contact.get("vrfStu") != _VERIFIED)
    return found[0] if found else {}


def _contacts(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    contacts = entry.get("contacts")
    elements = contacts.get("elements") if isinstance(contacts, dict) else None
    for element in elements if isinstance(elements, list) else ():
        if isinstance(element, dict):
            yield element


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
