"""The regulation of applications for sealing, in the manual's words or the organization's own."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.sealing.regulation_state import REFUSAL_ID, SealingRegulation
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton
from lk_reflex.ui.shared.prose import prose_of

BACK, GET = "Назад ←", "Получить услугу +"
TERM_ID, TERM = "term", "Порядок рассмотрения и сроки исполнения заявки"


def sealing_regulation_page() -> rx.Component:
    """What one should know before applying, and the way to the form."""
    return section_page(
        SealingRegulation.heading,
        rx.cond(SealingRegulation.loaded, _regulation(), skeleton()),
        current=paths.SERVICES,
        needs_account=False,
    )


def _regulation() -> rx.Component:
    return rx.el.div(
        _ways(),
        outcome_area(REFUSAL_ID, rx.cond(SealingRegulation.refusal != "", _refusal())),
        card(rx.cond(SealingRegulation.blocks.length() > 0, prose_of(SealingRegulation.blocks), _manuals())),
        card(*_term(), title=TERM, card_id=TERM_ID),
        class_name="stack",
    )


def _ways() -> rx.Component:
    get = rx.el.button(GET, type="button", on_click=SealingRegulation.get_service, class_name="button")
    return rx.el.div(
        action_link(BACK, paths.SERVICES, quiet=True),
        rx.cond(SealingRegulation.refusal == "", get),
        class_name="row",
    )


def _refusal() -> rx.Component:
    link = rx.cond(
        SealingRegulation.linked,
        rx.fragment(),
        rx.el.p(rx.el.a("+ Привязать лицевой счет", href=paths.LINKING)),
    )
    return notice("due", joined(SealingRegulation.refusal, "."), link)


def _manuals() -> rx.Component:
    return rx.el.div(*_apply(), *_follow(), *_statuses(), class_name="prose")


def _apply() -> tuple[rx.Component, ...]:
    copies = rx.el.ul(
        rx.el.li("копия паспорта на прибор учёта,"),
        rx.el.li(
            "копии документов, подтверждающих результаты прохождения последней поверки прибора учета (за исключением "
            "новых приборов учета)."
        ),
    )
    return (
        rx.el.h2("Шаг 1. Оформите электронную заявку:"),
        rx.el.ol(
            rx.el.li("Заполните бланк заявки, доступный по кнопке ПОЛУЧИТЬ УСЛУГУ+."),
            rx.el.li("Прикрепите к заявке копии следующих документов:", copies),
            rx.el.li("Нажмите ОТПРАВИТЬ."),
        ),
        rx.el.p(
            "О порядке рассмотрения и сроках исполнения заявки вы можете ознакомиться ",
            _here(f"#{TERM_ID}", "с порядком рассмотрения и сроками исполнения заявки"),
            ".",
        ),
    )


def _follow() -> tuple[rx.Component, ...]:
    return (
        rx.el.h2("Шаг 2. Следите за обновлением статуса оформленной заявки в ленте с уведомлениями:"),
        rx.el.p(
            "Уведомления о ходе выполнения заявки будут дополнительно приходить на Вашу электронную почту или на "
            "мобильное устройство в качестве push-уведомлений (если у вас установлено мобильное приложение «Личный "
            "кабинет ",
            SealingRegulation.organization,
            "»).",
        ),
        rx.el.p(
            "Настроить получение уведомлений Вы можете ",
            rx.el.a("здесь", href=paths.SETTINGS, aria_label="здесь: настройка уведомлений"),
            ".",
        ),
    )


def _statuses() -> tuple[rx.Component, ...]:
    return (
        rx.el.h2("Шаг 3. Выполните действия в зависимости от статуса заявки:"),
        rx.el.p(
            "После того как оператор примет Вашу заявку будет установлен статус «Принято». Далее оператор осуществит "
            "проверку заявки и установит один из статусов:"
        ),
        rx.el.ol(
            rx.el.li(
                rx.el.b("«В работу»"),
                ": в этом случае с Вами свяжется оператор для уточнения времени выполнения работ.",
            ),
            rx.el.li(
                rx.el.b("«На исправление»"),
                ": информации для оформления заявки недостаточно или информация содержит ошибку. Вам необходимо внести "
                "необходимые изменения в заявку и отправить заявку повторно.",
            ),
            rx.el.li(
                rx.el.b("«Отказано»"),
                ": в заявке указана заведомо неверная информация. Вам необходимо создать и отправить новую заявку с "
                "корректными данными.",
            ),
        ),
        rx.el.p("По результатам оказания услуг будет установлен статус ", rx.el.b("«Выполнено»"), "."),
    )


def _term() -> tuple[rx.Component, ...]:
    return (
        rx.el.p(
            "Заявку рассматривают и исполняют за 15 рабочих дней с её отправки, по рабочему календарю организации. "
            "Если заявку вернули на исправление, срок считается заново с повторной отправки."
        ),
        rx.el.p(
            "День, до которого заявка должна быть исполнена, написан на её странице в разделе ",
            rx.el.a(paths.TITLES[paths.SERVICES], href=paths.SERVICES),
            ". Там же видно, что с ней сейчас, и можно задать вопрос оператору.",
        ),
    )


def _here(href: str, about: str) -> rx.Component:
    return native_link("здесь", href=href, custom_attrs={"aria-label": f"здесь: {about}"})
