"""What an appeal is for, who answers and by when."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.appeal.regulation_state import REFUSAL_ID, AppealRegulation
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton

BACK, GET = "Назад ←", "Получить услугу +"


def appeal_regulation_page() -> rx.Component:
    """What one should know before writing, and the way to the form."""
    return section_page(
        paths.TITLES[paths.APPEAL],
        rx.cond(AppealRegulation.loaded, _regulation(), skeleton()),
        current=paths.SERVICES,
        needs_account=False,
    )


def _regulation() -> rx.Component:
    get = rx.el.button(GET, type="button", on_click=AppealRegulation.get_service, class_name="button")
    return rx.el.div(
        rx.el.div(
            action_link(BACK, paths.SERVICES, quiet=True),
            rx.cond(AppealRegulation.refusal == "", get),
            class_name="row",
        ),
        outcome_area(REFUSAL_ID, rx.cond(AppealRegulation.refusal != "", _refusal())),
        card(rx.el.div(*_text(), class_name="prose")),
        class_name="stack",
    )


def _refusal() -> rx.Component:
    link = rx.el.p(rx.el.a("+ Привязать лицевой счет", href=paths.LINKING))
    return notice("due", joined(AppealRegulation.refusal, "."), rx.cond(AppealRegulation.linked, rx.fragment(), link))


def _text() -> tuple[rx.Component, ...]:
    return (
        rx.el.p(
            "Обращение — это вопрос, просьба или жалоба: о начислениях и перерасчёте, приборах учёта, оплате, качестве "
            "воды, благоустройстве, данных лицевого счета."
        ),
        rx.cond(
            AppealRegulation.linked,
            rx.el.p(
                "На него ответит организация, которая ведёт Ваш лицевой счет ",
                rx.el.b(AppealRegulation.account),
                ": ",
                rx.el.b(AppealRegulation.organization),
                ".",
            ),
        ),
        rx.el.h2("Шаг 1. Напишите обращение:"),
        rx.el.p("Выберите тему, опишите, что случилось, и оставьте телефон. Можно приложить снимки и документы PDF."),
        rx.el.h2("Шаг 2. Следите за статусом и ответом:"),
        rx.el.p(
            "Ответят за 15 рабочих дней с отправки. Ответ, вопросы оператора и каждое изменение статуса появятся на "
            "странице обращения в разделе «Услуги» и в ленте «Уведомления»; о них придёт и письмо, если письма "
            "включены."
        ),
        rx.el.p(
            "Настроить получение уведомлений Вы можете ", rx.el.a("в разделе «Настройки»", href=paths.SETTINGS), "."
        ),
        rx.el.h2("Если случилась авария"),
        rx.el.p(
            "О течи, провале или открытом люке на улице сообщайте не обращением, а кнопкой ",
            rx.el.a("«Сообщить об аварии»", href=paths.EMERGENCY),
            ": так быстрее.",
        ),
    )
