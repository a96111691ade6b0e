"""Заявка на ремонт: the form in the manual's order, with its map, and the check page."""

from typing import Any

import reflex as rx

from lk_reflex.domain.requests.emergency.rules import (
    ADDRESS,
    CONSENT,
    DAMAGE,
    DESCRIPTION,
    NAME,
    ORGANIZATION,
    PHONE,
    PHOTO,
)
from lk_reflex.ui import paths
from lk_reflex.ui.map.parts import picking_map, request_map
from lk_reflex.ui.request_form.parts import change_link, draft_page, fact_line, send_and_save, send_checked
from lk_reflex.ui.request_form.state import Fact
from lk_reflex.ui.resident.emergency.place import PLACE_ID, Suggestion
from lk_reflex.ui.resident.emergency.regulation_state import Call, EmergencyRegulation
from lk_reflex.ui.resident.emergency.state import EmergencyState, consent_text
from lk_reflex.ui.shared.forms import (
    check_field,
    described,
    field_error,
    form_field,
    required_note,
)
from lk_reflex.ui.shared.frame import Text, joined, present
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import card, notice
from lk_reflex.ui.shared.prose import prose
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.uploads import file_list, upload_field_id, upload_zones

PHOTO_LABEL = "Приложите фото с места аварии (необязательно)"
ADDRESS_HINT = "Улица и дом, например: Кыштымская 10. Подойдёт и ориентир. Или нажмите на место на карте"
DESCRIPTION_HINT = "Что случилось и где именно: на дороге, во дворе, у колодца"
PHONE_HINT = "Бригада позвонит, если не найдёт место. Можно городской, с кодом"
CHOOSE = "Выберите из списка"
AGREE = "Даю согласие на обработку персональных данных"
TEXT_OF_CONSENT = "Прочитать согласие"
HELD = "Согласие на обработку персональных данных Вы дали при первой отправке этой заявки."
MAP_NAME = "Карта: место аварии"
FIND_PAUSE, PAUSE = 400, 700
_zone = upload_zones(EmergencyState)
# Reflex makes handlers of them, which the checker of types doesn't know.
_TYPE_ADDRESS: Any = EmergencyState.type_address
_KEEP_DESCRIPTION: Any = EmergencyState.keep_description
_KEEP_NAME: Any = EmergencyState.keep_name
_KEEP_PHONE: Any = EmergencyState.keep_phone


def emergency_page() -> rx.Component:
    """One draft: filled in, checked, sent."""
    return draft_page(EmergencyState, fill=_fill(), check=_check(), opens="Открыть заявку")


def _fill() -> rx.Component:
    return rx.el.div(_call(), rx.cond(EmergencyState.correcting, _correction()), card(_form()), class_name="stack")


def _call() -> rx.Component:
    """Who can't wait calls; where it isn't clear yet whom, all numbers stand here, as in the regulation."""
    told = EmergencyState.told
    inside = rx.el.p("Авария внутри дома? Поможет аварийная служба самого дома.")
    known = present(told.phone) & (EmergencyState.organizations.length() == 0)
    return rx.cond(
        known,
        notice(
            "info",
            rx.fragment("Медлить нельзя? Позвоните: ", native_link(told.phone, href=told.href)),
            inside,
        ),
        notice("info", "Медлить нельзя? Позвоните:", _numbers(), inside),
    )


def _numbers() -> rx.Component:
    """The numbers come by their own way: the form's state knows whom to tell, not how to call them all."""
    calls = EmergencyRegulation.calls
    return rx.el.div(
        rx.cond(
            calls.length() > 0,
            rx.el.ul(rx.foreach(calls, _number), class_name="calls"),
            rx.el.a("Телефоны организаций", href=paths.EMERGENCY),
        ),
        on_mount=EmergencyRegulation.load,
    )


def _number(call: Call) -> rx.Component:
    return rx.el.li(call.name, ": ", rx.el.b(native_link(call.phone, href=call.href, class_name="num")), key=call.name)


def _correction() -> rx.Component:
    named = EmergencyState.to_correct
    what = rx.el.div(rx.el.p("Что исправить:"), rx.el.ul(rx.foreach(named, lambda title: rx.el.li(title))))
    return notice(
        "due",
        "Заявку вернули на исправление",
        rx.el.p("Оператор: ", rx.el.span(EmergencyState.comment, class_name="said")),
        rx.cond(named.length() > 0, what),
    )


def _form() -> rx.Component:
    sent = sending("emergency", EmergencyState.answers)
    return rx.el.form(
        required_note(),
        _zone(slot=PHOTO, label=PHOTO_LABEL),
        *_place(),
        _addressee(),
        _description(),
        form_field(
            "Выберите тип повреждений:",
            DAMAGE,
            required=True,
            error=EmergencyState.errors[DAMAGE],
            control=_damage(),
        ),
        *_contacts(),
        _consent(),
        rx.el.p(
            rx.cond(present(EmergencyState.kept_at), EmergencyState.kept_at, "Введённое сохраняется само"),
            class_name="small muted num",
        ),
        send_and_save(EmergencyState, busy=sent.now),
        on_submit=[sent.pressed, EmergencyState.check],
        no_validate=True,
        class_name="stack",
        key=EmergencyState.form.to_string(),
    )


def _place() -> tuple[rx.Component, ...]:
    error = EmergencyState.errors[ADDRESS]
    # Another key is another field: what a click or a suggestion has found stands in it then.
    field = rx.el.input(
        **described(ADDRESS, ADDRESS, error, ADDRESS_HINT, required=True),
        default_value=EmergencyState.address,
        on_change=_TYPE_ADDRESS.debounce(FIND_PAUSE),
        on_blur=EmergencyState.type_address,
        auto_complete="off",
        key=EmergencyState.address_form.to_string(),
    )
    return (
        rx.el.div(
            form_field("Адрес:", ADDRESS, required=True, error=error, hint=ADDRESS_HINT, control=field),
            _suggestions(),
        ),
        rx.el.div(
            rx.cond(EmergencyState.mapped, rx.el.div(_map(), role="group", aria_label=MAP_NAME)),
            rx.el.p(EmergencyState.place_said, id=PLACE_ID, tab_index=-1, role="status", class_name="small"),
        ),
    )


def _map() -> rx.Component:
    return picking_map(
        EmergencyState.latitude,
        EmergencyState.longitude,
        shown=EmergencyState.placed,
        centre=EmergencyState.centre,
        zoom=EmergencyState.zoom,
        key=EmergencyState.map_form.to_string(),
        on_click=EmergencyState.pick_place,
    )


def _suggestions() -> rx.Component:
    """Plain buttons: every keyboard and every reader knows them."""
    return rx.el.div(
        rx.el.p(
            rx.cond(EmergencyState.suggestions.length() > 0, EmergencyState.suggested, ""),
            id="suggested",
            class_name="small",
            custom_attrs={"aria-live": "polite"},
        ),
        rx.el.ul(
            rx.foreach(EmergencyState.suggestions, _suggestion),
            class_name="suggestions",
            custom_attrs={"aria-labelledby": "suggested"},
        ),
    )


def _suggestion(one: Suggestion) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            one.address, type="button", on_click=EmergencyState.choose_place(one.key), class_name="button quiet"
        ),
        key=one.key,
    )


def _addressee() -> rx.Component:
    """«Кому сообщить», where neither an account nor the house tells it."""
    radios = rx.el.fieldset(
        rx.el.legend("Кому сообщить: *"),
        rx.el.p("Если не знаете, выберите ту, чья квитанция приходит по этому адресу.", class_name="hint"),
        rx.foreach(EmergencyState.organizations, _organization),
        field_error(ORGANIZATION, EmergencyState.errors[ORGANIZATION]),
        class_name="field radios",
        custom_attrs={"aria-describedby": f"{ORGANIZATION}-error"},
    )
    return rx.cond(EmergencyState.organizations.length() > 0, radios)


def _organization(name: rx.Var[str], place: rx.Var[int]) -> rx.Component:
    own_id = joined(f"{ORGANIZATION}-", place.to_string())
    return rx.el.div(
        rx.el.input(
            type="radio",
            id=own_id,
            name=ORGANIZATION,
            value=name,
            default_checked=EmergencyState.values[ORGANIZATION] == name,
            on_change=EmergencyState.keep_organization(name),
        ),
        rx.el.label(name, html_for=own_id),
        class_name="check",
        key=name,
    )


def _description() -> rx.Component:
    error = EmergencyState.errors[DESCRIPTION]
    area = rx.el.textarea(
        **described(DESCRIPTION, DESCRIPTION, error, DESCRIPTION_HINT, required=True),
        rows=5,
        default_value=EmergencyState.values[DESCRIPTION],
        on_change=_KEEP_DESCRIPTION.debounce(PAUSE),
        on_blur=EmergencyState.keep_description,
    )
    return form_field("Описание:", DESCRIPTION, required=True, error=error, hint=DESCRIPTION_HINT, control=area)


def _damage() -> rx.Component:
    return rx.el.select(
        rx.el.option(CHOOSE, value=""),
        rx.foreach(EmergencyState.damages, lambda title: rx.el.option(title, value=title)),
        **described(DAMAGE, DAMAGE, EmergencyState.errors[DAMAGE], required=True),
        default_value=EmergencyState.values[DAMAGE],
        on_change=EmergencyState.keep_damage,
    )


def _contacts() -> tuple[rx.Component, ...]:
    return (
        form_field(
            "Ваше имя:",
            NAME,
            required=True,
            error=EmergencyState.errors[NAME],
            auto_complete="name",
            default_value=EmergencyState.values[NAME],
            on_change=_KEEP_NAME.debounce(PAUSE),
            on_blur=EmergencyState.keep_name,
        ),
        form_field(
            "Контактный телефон:",
            PHONE,
            required=True,
            error=EmergencyState.errors[PHONE],
            hint=PHONE_HINT,
            short=True,
            type="tel",
            auto_complete="tel",
            default_value=EmergencyState.values[PHONE],
            on_change=_KEEP_PHONE.debounce(PAUSE),
            on_blur=EmergencyState.keep_phone,
        ),
    )


def _consent() -> rx.Component:
    """Its text unfolds in its place: reading it loses nothing of the form."""
    tick = check_field(
        AGREE,
        CONSENT,
        error=EmergencyState.errors[CONSENT],
        required=True,
        default_checked=EmergencyState.consented,
    )
    return rx.el.div(
        rx.cond(EmergencyState.consent_held, rx.el.p(HELD, class_name="small"), tick),
        rx.el.details(rx.el.summary(TEXT_OF_CONSENT), prose(consent_text())),
    )


def _check() -> rx.Component:
    files = EmergencyState.uploaded[PHOTO]
    place = request_map(EmergencyState.latitude, EmergencyState.longitude)
    return rx.el.div(
        _call(),
        card(
            rx.el.dl(rx.foreach(EmergencyState.facts, _fact), class_name="facts"),
            rx.cond(EmergencyState.placed, rx.el.div(place, role="group", aria_label=MAP_NAME)),
            rx.el.h2("Фото с места аварии"),
            rx.cond(files.length() > 0, file_list(files), rx.el.p("Не приложены", class_name="muted")),
            rx.el.p(_change("фото", upload_field_id(PHOTO))),
        ),
        send_checked(EmergencyState, "emergency_check"),
        class_name="stack",
    )


def _fact(fact: Fact) -> rx.Component:
    fixed = fact.field_id == ORGANIZATION
    return fact_line(fact, rx.cond(fixed, rx.fragment(), _change(fact.label, fact.field_id)))


def _change(what: Text, field_id: Text) -> rx.Component:
    return change_link(paths.EMERGENCY, EmergencyState.number, what, field_id)
