"""Объявления и отключения: the form, the houses chosen by street, the check before publishing, and the list."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, Invalid, NotFound
from lk_reflex.domain.announcements.houses import (
    House,
    Street,
    houses_named,
    houses_of_street,
    how_many,
    streets_like,
)
from lk_reflex.domain.announcements.rules import (
    BODY,
    EVERYBODY,
    FROM_DAY,
    FROM_TIME,
    PLACES,
    TITLE,
    TO_DAY,
    TO_TIME,
    when_words,
)
from lk_reflex.domain.announcements.writing import (
    Announced,
    Outrun,
    announced,
    change_announcement,
    end_outage,
    hide_announcement,
    judge,
    may_announce,
    one_announced,
    publish_announcement,
)
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.announcements.rows import (
    KINDS,
    AnnouncedRow,
    Choice,
    Fields,
    HouseRow,
    StreetRow,
    announced_row,
    concerned_words,
    fields_again,
    fields_of,
    house_rows,
    street_row,
    streets_words,
    typed,
)
from lk_reflex.ui.visit import Visit

OUTCOME_ID, CHECK_ID, STREETS_ID, STREET = "outcome", "check-title", "streets", "street"
PUBLISHED, CHANGED = "Опубликовано. Жители получат уведомления и письма.", "Изменено: жители видят новый текст."
ENDED, HIDDEN = "Отключение завершено: жители его больше не видят.", "Скрыто: жители его больше не видят."
GONE = "Проверьте объявление ещё раз: оно уже опубликовано или форма устарела."
#: By field; a browser takes one that is missing for a fault.
FAULTLESS: dict[str, str] = dict.fromkeys((TITLE, FROM_DAY, FROM_TIME, TO_DAY, TO_TIME, BODY, PLACES), "")


class AnnouncementsState(rx.State):
    """The page; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    organizations: list[Choice] = []
    organization: str = ""
    #: The announcement that is being changed, empty for a new one.
    editing: str = ""
    fields: Fields = Fields()
    #: Another number is another form.
    form: int = 0
    streets: list[StreetRow] = []
    street_typed: str = ""
    street_told: str = ""
    street: str = ""
    houses: list[HouseRow] = []
    chosen: list[HouseRow] = []
    faults: list[Fault] = []
    errors: dict[str, str] = dict(FAULTLESS)
    #: What is about to be published; empty while the form is shown.
    check_title: str = ""
    check_kind: str = ""
    check_when: str = ""
    check_body: str = ""
    check_places: str = ""
    check_count: str = ""
    rows: list[AnnouncedRow] = []
    outcome: str = ""
    outcome_kind: str = "good"
    answers: int = 0

    _organization_id: int = 0
    _announcement_id: int = 0
    #: The announcement as it stood when the form was begun.
    _seen: Announced | None = None
    _chosen: list[int] = []
    _streets: list[Street] = []
    _street: Street | None = None
    _checked: bool = False

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """An empty form over the list."""
        publish(self, outcome="")
        self._begin(visit, None)
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def choose_organization(self, visit: Visit, organization: str) -> None:
        """Another organization has other houses."""
        known = {one.key for one in self.organizations}
        chosen = organization if isinstance(organization, str) and organization in known else self.organization
        if chosen != self.organization and not self._announcement_id:
            self._organization_id, self._chosen = row_id(chosen), []
            self._forget_streets()
            publish(self, organization=chosen, chosen=[])

    @rx.event
    @staff(OPERATOR, ADMIN)
    def find_streets(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Найти улицу»."""
        text = field_text(form, STREET)
        self._forget_streets()
        self._streets = list(visit.read(streets_like, self._organization_id, text))
        publish(
            self,
            street_typed=text,
            streets=[street_row(place, one) for place, one in enumerate(self._streets)],
            street_told="" if self._streets else "Такой улицы нет среди домов организации. Проверьте название",
        )
        return rx.set_focus(STREETS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def open_street(self, visit: Visit, street: str) -> None:
        """«Дома»: those of a street, to choose some of them; a second press closes them."""
        place = row_id(street) if isinstance(street, str) and street.isdigit() else -1
        found = self._streets[place] if 0 <= place < len(self._streets) else None
        self._street = None if found == self._street else found
        publish(self, street=street if self._street else "")
        self._show_houses(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def add_street(self, visit: Visit, street: str) -> None:
        """«Вся улица»: all of its houses."""
        place = row_id(street) if isinstance(street, str) and street.isdigit() else -1
        if 0 <= place < len(self._streets):
            self._choose(visit, {one.building_id for one in self._houses(visit, self._streets[place])}, set())

    @rx.event
    @staff(OPERATOR, ADMIN)
    def toggle_house(self, visit: Visit, house: str) -> None:
        """A house is ticked, or no more."""
        building = row_id(house)
        known = {one.building_id for one in visit.read(houses_named, self._organization_id, [building])}
        if building in self._chosen:
            self._choose(visit, set(), {building})
        else:
            self._choose(visit, known, set())

    @rx.event
    @staff(OPERATOR, ADMIN)
    def remove_all(self, visit: Visit) -> None:
        """«Убрать все дома»."""
        self._choose(visit, set(), set(self._chosen))

    @rx.event
    @staff(OPERATOR, ADMIN)
    def check(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Проверить»: what will be published, and how many accounts it concerns."""
        fields = fields_of(form if isinstance(form, dict) else {})
        publish(self, fields=fields, answers=self.answers + 1, outcome="")
        try:
            meant = visit.read(judge, self._organization_id, typed(fields, self._chosen), now=visit.now)
        except Invalid as fault:
            return self._refuse(fault.fields)
        except NotFound as fault:
            return self._refuse({PLACES: fault.message})
        zone = next((o.time_zone for o in visit.read(may_announce) if o.organization_id == self._organization_id), "")
        houses = visit.read(houses_named, self._organization_id, meant.houses)
        self._checked = True
        publish(
            self,
            faults=[],
            errors=dict(FAULTLESS),
            check_title=meant.title,
            check_kind=KINDS[meant.kind],
            check_when=when_words(meant.starts_at, meant.ends_at, zone),
            check_body=meant.body,
            check_places=streets_words(houses) if meant.houses else "Всем жителям организации",
            check_count=concerned_words(visit.read(how_many, self._organization_id, meant.houses)),
        )
        return rx.set_focus(CHECK_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_back(self, visit: Visit) -> Any:
        """«Изменить»: the form again, as it was typed."""
        self._checked = False
        publish(self, check_title="", form=self.form + 1)
        return rx.set_focus("title")

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def send(self, visit: Visit) -> Any:
        """«Опубликовать», once: a second press finds nothing checked."""
        if not self._checked:
            publish(self, outcome=GONE if not self.outcome else self.outcome)
            return rx.set_focus(OUTCOME_ID)
        self._checked = False
        given = typed(self.fields, self._chosen)
        try:
            if self._announcement_id:
                assert self._seen is not None
                visit.write(change_announcement, self._announcement_id, given, seen=self._seen, now=visit.now)
            else:
                visit.write(publish_announcement, self._organization_id, given, now=visit.now)
        except Invalid as fault:  # its time has passed while it was being read
            publish(self, check_title="", form=self.form + 1)
            return self._refuse(fault.fields)
        except Outrun as fault:
            self._seen = visit.read(one_announced, self._announcement_id, now=visit.now)
            publish(self, check_title="", form=self.form + 1, outcome=fault.sentence, outcome_kind="bad")
            self._show(visit)
            return rx.set_focus(OUTCOME_ID)
        except (Conflict, NotFound) as fault:
            publish(self, outcome=fault.sentence, outcome_kind="bad")
        else:
            publish(self, outcome=CHANGED if self._announcement_id else PUBLISHED, outcome_kind="good")
        self._begin(visit, None)
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def edit(self, visit: Visit, announcement: str) -> Any:
        """«Изменить» one that is shown still."""
        publish(self, outcome="")
        self._begin(visit, row_id(announcement))
        self._show(visit)
        return rx.set_focus("title")

    @rx.event
    @staff(OPERATOR, ADMIN)
    def leave(self, visit: Visit) -> Any:
        """«Не изменять»: an empty form."""
        self._begin(visit, None)
        return rx.set_focus("title")

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def end(self, visit: Visit, announcement: str) -> Any:
        """«Завершить» an outage earlier."""
        return self._decide(visit, end_outage, announcement, ENDED)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def hide(self, visit: Visit, announcement: str) -> Any:
        """«Скрыть»."""
        return self._decide(visit, hide_announcement, announcement, HIDDEN)

    def _decide(self, visit: Visit, service: Any, announcement: str, done: str) -> Any:
        try:
            visit.write(service, row_id(announcement), now=visit.now)
        except (Conflict, NotFound) as fault:
            publish(self, outcome=fault.sentence, outcome_kind="bad")
        else:
            publish(self, outcome=done, outcome_kind="good")
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _refuse(self, faults: dict[str, str]) -> Any:
        self._checked = False
        publish(
            self,
            errors={**FAULTLESS, **faults},
            faults=[Fault(name, text) for name, text in faults.items()],
            check_title="",
        )
        return rx.set_focus(SUMMARY_ID)

    def _begin(self, visit: Visit, announcement_id: int | None) -> None:
        """An empty form, or that of an announcement."""
        organizations = visit.read(may_announce)
        known = {one.organization_id for one in organizations}
        one = visit.read(one_announced, announcement_id, now=visit.now) if announcement_id else None
        if one is not None:
            self._organization_id = one.organization_id
        elif self._organization_id not in known:
            self._organization_id = organizations[0].organization_id if organizations else 0
        self._announcement_id, self._seen, self._checked = (one.announcement_id if one else 0), one, False
        self._chosen = sorted(one.houses) if one else []
        self._forget_streets()
        publish(
            self,
            organizations=[Choice(str(found.organization_id), found.name) for found in organizations],
            organization=str(self._organization_id),
            editing=one.title if one else "",
            fields=fields_again(one) if one else Fields(where=EVERYBODY),
            form=self.form + 1,
            faults=[],
            errors=dict(FAULTLESS),
            check_title="",
            street_typed="",
        )
        self._show_houses(visit)

    def _forget_streets(self) -> None:
        self._streets, self._street = [], None
        publish(self, streets=[], street="", houses=[], street_told="")

    def _choose(self, visit: Visit, more: set[int], less: set[int]) -> None:
        self._chosen = sorted((set(self._chosen) | more) - less)
        self._show_houses(visit)

    def _houses(self, visit: Visit, street: Street) -> tuple[House, ...]:
        return visit.read(houses_of_street, self._organization_id, street)

    def _show_houses(self, visit: Visit) -> None:
        chosen = visit.read(houses_named, self._organization_id, self._chosen)
        opened = self._houses(visit, self._street) if self._street else ()
        publish(self, chosen=house_rows(chosen, self._chosen), houses=house_rows(opened, self._chosen))

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        rows = [announced_row(one, visit.now) for one in visit.read(announced, now=visit.now)]
        publish(self, loaded=True, rows=rows)
