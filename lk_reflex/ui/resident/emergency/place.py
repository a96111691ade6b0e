"""Where it has happened: typed with suggestions, or picked on the map; each follows the other."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.buildings import (
    Place,
    centre_of_town,
    look_up,
    nearest_place,
    place_of,
    place_of_account,
)
from lk_reflex.domain.requests.emergency.rules import (
    ADDRESS,
    BUILDING,
    LATITUDE,
    LONGEST_ADDRESS,
    LONGITUDE,
    place_on_earth,
    plain,
    point,
    whole,
)
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.map.parts import HOUSE_ZOOM, STREET_ZOOM, TOWN_ZOOM
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

PLACE_ID = "place-said"
PERHAPS, YOUR_HOUSE = "Возможно, это:", "Ваш дом:"
ON_MAP = "На карте: {address}."
MARKED = "Точка отмечена. Ближайший дом: {address}."
MARKED_ALONE = (
    "Точка отмечена, но рядом нет домов из нашего списка. Напишите в поле «Адрес» улицу или ориентир: точка останется."
)
UNKNOWN = (
    "Такого дома нет в нашем списке. Если адрес верный, оставьте его: заявка уйдёт. Место можно отметить на карте."
)
#: Shorter texts find half a town.
FEWEST_LETTERS = 3


@dataclass(frozen=True)
class Suggestion:
    """A house that may be meant."""

    key: str
    address: str


class PlaceForm(rx.State, mixin=True):
    """The vars of the place. `_put` keeps fields of the draft; whoever mixes this in has it."""

    #: What the field begins with; another `address_form` is another field, so that it takes what a click has found.
    address: str = ""
    address_form: int = 0
    suggestions: list[Suggestion] = []
    suggested: str = PERHAPS
    place_said: str = ""
    latitude: float = 0.0
    longitude: float = 0.0
    placed: bool = False
    centre: list[float] = [0.0, 0.0]
    zoom: int = TOWN_ZOOM
    #: Another number is another map: that is how it goes to another place.
    map_form: int = 0
    #: Whether there is anything to show on a map: houses with their places.
    mapped: bool = False

    _building: int = 0
    #: Whether the point was set by hand: what is typed afterwards leaves it.
    _clicked: bool = False

    @rx.event
    @resident(writes=True)
    def type_address(self, visit: Visit, text: str) -> None:
        """Keep the address while it is typed, suggest houses, and let the map follow where one is meant."""
        if isinstance(text, str):
            self._follow(visit, field_text({ADDRESS: text}, ADDRESS, longest=2 * LONGEST_ADDRESS))

    @rx.event
    @resident(writes=True)
    def choose_place(self, visit: Visit, key: str) -> Any:
        """One of the suggestions: the field takes it, and the map goes there."""
        place = visit.database.read(place_of, row_id(key))
        if place is None or not self._put_place(visit, place, _where(place)):
            return None
        self._clicked = False
        publish(self, address=place.address, address_form=self.address_form + 1, suggestions=[])
        self._go(place)
        publish(self, place_said=ON_MAP.format(address=place.address))
        return rx.set_focus(PLACE_ID)

    @rx.event
    @resident(writes=True)
    def pick_place(self, visit: Visit, latitude: float, longitude: float) -> None:
        """A click on the map: the point stays where it is, the field takes the nearest house."""
        where = place_on_earth(latitude, longitude)
        if where is None:
            return
        place = visit.database.read(nearest_place, *where)
        # A landmark typed beside the same house is worth more than the house alone.
        same = place is not None and place.building_id == self._building
        if not self._put_place(visit, place, where, keeps_text=same):
            return
        self._clicked = True
        publish(self, latitude=where[0], longitude=where[1], placed=True, suggestions=[])
        if place is None:
            publish(self, place_said=MARKED_ALONE)
            return
        if not same:
            publish(self, address=place.address, address_form=self.address_form + 1)
        publish(self, place_said=MARKED.format(address=place.address))

    def _follow(self, visit: Visit, text: str) -> None:
        known = visit.database.read(look_up, text)
        place = known.meant
        fields: dict[str, object] = {ADDRESS: text, BUILDING: place.building_id if place else None}
        where = _where(place) if place else None
        if where is not None:
            fields |= {LATITUDE: where[0], LONGITUDE: where[1]}
        elif not self._clicked:
            fields |= {LATITUDE: None, LONGITUDE: None}
        if not self._put(visit, fields):
            return
        self._building = place.building_id if place else 0
        found = known.found if len(text.strip()) >= FEWEST_LETTERS else []
        alone = place is not None and [place] == found
        rows = [] if alone else _rows(found)
        publish(self, suggestions=rows, suggested=PERHAPS, place_said=_said(text, place, found))
        if place is not None and where is not None:
            self._clicked = False
            if (self.latitude, self.longitude) != where or not self.placed:
                self._go(place)
        elif not self._clicked:
            publish(self, placed=False)

    def _begin_place(self, visit: Visit, form: dict[str, object], account_id: int | None) -> None:
        """The place as the draft has it; nothing yet: the town, and one's own house to choose."""
        where, building = point(form), whole(form, BUILDING)
        home = visit.database.read(place_of_account, account_id) if account_id is not None else None
        town = visit.database.read(centre_of_town)
        text = plain(form, ADDRESS)
        self._building, self._clicked = building or 0, where is not None and building is None
        offers_home = not text and where is None and home is not None
        publish(
            self, address=text, address_form=self.address_form + 1, map_form=self.map_form + 1, place_said="",
            suggestions=_rows([home]) if offers_home and home else [], suggested=YOUR_HOUSE if offers_home else PERHAPS,
            placed=where is not None, latitude=where[0] if where else 0.0, longitude=where[1] if where else 0.0,
            mapped=town is not None or where is not None,
        )  # fmt: skip
        near = _where(home) if home else None
        zoom = HOUSE_ZOOM if where else STREET_ZOOM if near else TOWN_ZOOM
        publish(self, centre=list(where or near or town or (0.0, 0.0)), zoom=zoom)

    def _put_place(
        self, visit: Visit, place: Place | None, where: tuple[float, float] | None, *, keeps_text: bool = False
    ) -> bool:
        fields: dict[str, object] = {
            BUILDING: place.building_id if place else None,
            LATITUDE: where[0] if where else None,
            LONGITUDE: where[1] if where else None,
        }
        if place is not None and not keeps_text:
            fields[ADDRESS] = place.address
        if not self._put(visit, fields):
            return False
        self._building = place.building_id if place else 0
        return True

    def _go(self, place: Place) -> None:
        where = _where(place)
        publish(self, placed=where is not None)
        if where is not None:
            publish(
                self, latitude=where[0], longitude=where[1], centre=list(where), zoom=HOUSE_ZOOM,
                map_form=self.map_form + 1,
            )  # fmt: skip

    def _put(self, visit: Visit, fields: dict[str, object]) -> bool:
        """Keep fields of the draft; False where it can't be, which has been said then."""
        raise DomainError("")  # for whoever mixes this in to define


def _where(place: Place) -> tuple[float, float] | None:
    if place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _rows(places: Iterable[Place]) -> list[Suggestion]:
    return [Suggestion(str(place.building_id), place.address) for place in places]


def _said(text: str, place: Place | None, found: list[Place]) -> str:
    if place is not None:
        return ON_MAP.format(address=place.address) if _where(place) else ""
    looks_whole = len(text.split()) > 1 and any(map(str.isdigit, text))
    return UNKNOWN if looks_whole and not found else ""
