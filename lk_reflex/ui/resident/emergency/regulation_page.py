"""The regulation of reports of accidents, in the manual's words or the organization's own; the number stands on top."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.emergency.regulation_state import REFUSAL_ID, Call, EmergencyRegulation
from lk_reflex.ui.shared.frame import joined, present
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton
from lk_reflex.ui.shared.prose import prose_of

BACK, GET = "Назад ←", "Получить услугу +"
REPORT = (
    "Сообщить о проблеме с водоснабжением или водоотведением на наружных сетях (улица, двор, проезжая часть) вы можете "
    "по телефону "
)
OR_SEND = " или отправив заявку с сайта."
INSIDE = "Авария внутри дома?"
INSIDE_HOW = (
    "В квартире, подъезде и подвале поможет аварийная служба самого дома: её телефон — у управляющей организации и на "
    "доске объявлений в подъезде. Заявка с сайта туда не попадёт."
)
STEPS = (
    "Прикрепите файлы с фото с места аварии.",
    "Укажите адрес аварии (выберите на карте или введите вручную).",
    "Кратко опишите аварию.",
    "Выберите тип повреждений из выпадающего списка.",
    "Введите свои контактные данные.",
    "Нажмите кнопку «Отправить».",
)


def emergency_regulation_page() -> rx.Component:
    """Whom to call, what the report needs, and the way to the form."""
    return section_page(
        paths.TITLES[paths.EMERGENCY],
        rx.cond(EmergencyRegulation.loaded, _regulation(), skeleton()),
        current=paths.SERVICES,
        needs_account=False,
    )


def _regulation() -> rx.Component:
    refused = EmergencyRegulation.refusal
    return rx.el.div(
        card(_call()),
        notice("due", INSIDE, rx.el.p(INSIDE_HOW)),
        outcome_area(REFUSAL_ID, rx.cond(present(refused), notice("due", joined(refused, ".")))),
        _ways(),
        card(rx.cond(EmergencyRegulation.blocks.length() > 0, prose_of(EmergencyRegulation.blocks), _steps())),
        class_name="stack",
    )


def _call() -> rx.Component:
    calls = EmergencyRegulation.calls
    several = rx.fragment(
        rx.el.p(REPORT, "организации", _or_send()),
        rx.el.ul(rx.foreach(calls, _line), class_name="calls"),
    )
    none = rx.el.p(REPORT, "организации: он указан в квитанции", _or_send())
    one = rx.el.p(REPORT, _number(calls[0].phone, calls[0].href), _or_send())
    return rx.cond(calls.length() == 1, one, rx.cond(calls.length() == 0, none, several))


def _or_send() -> rx.Var[str]:
    return rx.cond(present(EmergencyRegulation.refusal), ".", OR_SEND)


def _line(call: Call) -> rx.Component:
    return rx.el.li(call.name, ": ", _number(call.phone, call.href), key=call.name)


def _number(phone: rx.Var[str], href: rx.Var[str]) -> rx.Component:
    return rx.el.b(native_link(phone, href=href, class_name="num"))


def _ways() -> rx.Component:
    get = rx.el.button(GET, type="button", on_click=EmergencyRegulation.get_service, class_name="button")
    return rx.el.div(
        action_link(BACK, paths.SERVICES, quiet=True),
        rx.cond(EmergencyRegulation.refusal == "", get),
        class_name="row",
    )


def _steps() -> rx.Component:
    return rx.el.div(
        rx.el.h2("Как отправить заявку"),
        rx.el.ol(*(rx.el.li(step) for step in STEPS)),
        rx.el.p("После этого Ваша заявка будет передана организации в работу. Лицевой счет для этого не нужен."),
        rx.el.p(
            "Следите за статусом заявки на экране «Услуги», а также на экране «Уведомления». О каждом изменении придёт "
            "и письмо, если письма включены ",
            rx.el.a("в настройках", href=paths.SETTINGS),
            ".",
        ),
        class_name="prose",
    )
