"""What a report of an accident must have to be sent. Pure: no database and no clock."""

from collections.abc import Collection, Mapping
from typing import Final

from lk_reflex.core.text import visible
from lk_reflex.domain.identity.contacts.phones import parse_phone

ADDRESS, BUILDING, LATITUDE, LONGITUDE = "address", "building", "latitude", "longitude"
DESCRIPTION, DAMAGE, NAME, PHONE, ORGANIZATION = "description", "damage", "name", "phone", "organization"
#: No fields of the form's data: the tick is recorded apart, files have a table.
CONSENT, PHOTO = "consent", "photo"
#: In the order of the form.
TYPED: Final = (ADDRESS, ORGANIZATION, DESCRIPTION, DAMAGE, NAME, PHONE)
SHORTEST_ADDRESS, SHORTEST_DESCRIPTION = 4, 5
LONGEST_ADDRESS, LONGEST_DESCRIPTION, LONGEST_NAME = 300, 2000, 100
NO_ADDRESS = "Укажите адрес аварии: введите его или выберите на карте"
SHORT_ADDRESS = "Напишите адрес подробнее: улицу и дом или ориентир"
NO_DESCRIPTION = "Опишите аварию: что случилось"
SHORT_DESCRIPTION = "Опишите аварию подробнее, хотя бы несколькими словами"
NO_DAMAGE = "Выберите тип повреждений из списка"
OLD_DAMAGE = "Такого типа повреждений в списке больше нет. Выберите другой"
NO_NAME = "Напишите, как к вам обращаться"
NO_PHONE = "Введите номер телефона: по нему бригада уточнит место"
BAD_PHONE = "Введите номер телефона целиком, с кодом, например +7 912 345-67-89 или 8 351 214-00-14"
NO_ADDRESSEE = "Выберите, кому сообщить об аварии"


def faults(
    form: Mapping[str, object], damages: Collection[str], addressees: Collection[str] | None
) -> dict[str, str]:  # fmt: skip
    """What is wrong, by the field's name, in the order of the form; nothing where it may be sent.

    `addressees` are the names to choose among; None where there is no choice to make.
    """
    found = {
        ADDRESS: _sized(plain(form, ADDRESS), SHORTEST_ADDRESS, LONGEST_ADDRESS, NO_ADDRESS, SHORT_ADDRESS),
        ORGANIZATION: NO_ADDRESSEE if addressees is not None and plain(form, ORGANIZATION) not in addressees else "",
        DESCRIPTION: _sized(
            plain(form, DESCRIPTION), SHORTEST_DESCRIPTION, LONGEST_DESCRIPTION, NO_DESCRIPTION, SHORT_DESCRIPTION
        ),
        DAMAGE: _damage(plain(form, DAMAGE), damages),
        NAME: _sized(plain(form, NAME), 1, LONGEST_NAME, NO_NAME, NO_NAME),
        PHONE: _phone(plain(form, PHONE)),
    }
    return {name: sentence for name, sentence in found.items() if sentence}


def plain(form: Mapping[str, object], name: str) -> str:
    """A text of the form as it counts: without spaces around it and without what nobody sees."""
    value = form.get(name)
    return visible(value).strip() if isinstance(value, str) else ""


def whole(form: Mapping[str, object], name: str) -> int | None:
    """An id of the form's data, or None."""
    value = form.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def point(form: Mapping[str, object]) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, where a place on the map is known."""
    found = place_on_earth(form.get(LATITUDE), form.get(LONGITUDE))
    return None if found == (0.0, 0.0) else found


def place_on_earth(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Both as degrees to six decimals (a hand's breadth), or None for what is no place."""
    known = [
        float(value)
        for value in (latitude, longitude)
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    if len(known) != 2 or not (abs(known[0]) <= 85 and abs(known[1]) <= 180):
        return None
    return round(known[0], 6), round(known[1], 6)


def _sized(text: str, shortest: int, longest: int, nothing: str, short: str) -> str:
    if not text:
        return nothing
    if len(text) < shortest:
        return short
    return "" if len(text) <= longest else f"Не больше {longest} знаков, сейчас {len(text)}. Сократите текст"


def _damage(damage: str, damages: Collection[str]) -> str:
    if not damage:
        return NO_DAMAGE
    return "" if damage in damages else OLD_DAMAGE


def _phone(typed: str) -> str:
    if not typed:
        return NO_PHONE
    try:
        parse_phone(typed)
    except ValueError:
        return BAD_PHONE
    return ""
