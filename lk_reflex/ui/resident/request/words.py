"""What a request's person reads of its state: what happened, what comes next, what to do. Pure."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import OPEN, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.own import OwnRequest

#: What became of it comes by itself: the page, the feed and letters.
FOLLOW = "Страница обновится сама, а о каждом изменении придёт уведомление и письмо, если они включены."
_PASSPORT = {
    "given": "Данные указаны и хранятся зашифрованными; здесь они не показываются",
    "wiped": "Данные удалены: с завершения заявки прошло 90 дней",
}
_HIS = {Kind.SEALING: "заявку", Kind.EMERGENCY: "заявку", Kind.APPEAL: "обращение"}
_SENT = {Kind.SEALING: "Заявка отправлена", Kind.EMERGENCY: "Заявка отправлена", Kind.APPEAL: "Обращение отправлено"}
_ACCEPTED = {
    Kind.SEALING: "Оператор принял заявку и проверяет её.",
    Kind.EMERGENCY: "Оператор принял заявку и проверяет её.",
    Kind.APPEAL: "Оператор принял обращение и рассматривает его.",
}
_WORKING = {
    Kind.SEALING: "С вами свяжется оператор, чтобы уточнить время выполнения работ.",
    Kind.EMERGENCY: "Бригада занимается аварией. Если понадобится, вам позвонят.",
    Kind.APPEAL: "Оператор готовит ответ.",
}
_DONE = {
    Kind.SEALING: "Услуга оказана.",
    Kind.EMERGENCY: "Авария устранена.",
    Kind.APPEAL: "На обращение ответили: ответ в переписке или в комментарии оператора.",
}


@dataclass(frozen=True)
class Told:
    """What stands on top; `kind` colours it."""

    kind: str
    lead: str
    notes: tuple[str, ...]


def heading(request: OwnRequest) -> str:
    """«Заявка на опломбировку № 261123-482-913»."""
    return f"{KINDS[request.kind]} № {grouped(request.number)}"


def told(request: OwnRequest) -> Told:
    """The state of a request for its person."""
    return Told(*_TOLD[request.status](request))


def passport_words(state: str) -> str:
    """What is said in the place of the passport's fields; empty where there are none."""
    return _PASSPORT.get(state, "")


def term_words(request: OwnRequest) -> str:
    """«Рассмотрят до 14.12.2026. Осталось 15 рабочих дней.»; empty while no term runs."""
    if not request.left or request.due_on is None or request.kind is Kind.EMERGENCY:
        return ""  # whoever reports a break doesn't wait for three weeks
    if request.overdue:
        return f"Рассмотреть должны были до {format_date(request.due_on)}. {request.left}."
    return f"Рассмотрят до {format_date(request.due_on)}. {request.left}."


def urgent_phone(request: OwnRequest) -> str:
    """Whom to call while a reported break is still open; empty for anything else."""
    return request.phone if request.kind is Kind.EMERGENCY and request.status in OPEN else ""


def contact_words(request: OwnRequest) -> str:
    """Whom to ask in the meantime."""
    if not request.phone:
        return ""
    return f"Вопросы: {request.organization}, телефон {request.phone}. Назовите номер {grouped(request.number)}."


def _draft(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    return "info", "Это черновик: организация его ещё не получила.", ("Заполните форму до конца и отправьте.",)


def _sent(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    lead = f"{_SENT[request.kind]}. Номер {grouped(request.number)}."
    if request.kind is Kind.APPEAL:
        return "good", lead, (f"Дальше {request.organization} примет обращение, и статус станет «Принято».", FOLLOW)
    after = "После этого оператор проверит заявку."
    return "good", lead, (f"Дальше {request.organization} примет заявку, и статус станет «Принято». {after}", FOLLOW)


def _accepted(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    return "info", _ACCEPTED[request.kind], (FOLLOW,)


def _working(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    return "info", _WORKING[request.kind], (FOLLOW,)


def _correcting(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    what = "Информации недостаточно, или в ней есть ошибка. Внесите изменения и отправьте "
    return "due", f"{what}{_HIS[request.kind]} повторно.", ()


def _refused(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    way = "Если нужно, создайте и отправьте новую заявку с корректными данными."
    if request.kind is Kind.APPEAL:
        way = "Если нужно, напишите новое обращение."
    return "bad", "Отказано. Причина в комментарии оператора.", (way,)


def _done(request: OwnRequest) -> tuple[str, str, tuple[str, ...]]:
    return "good", _DONE[request.kind], ()


_TOLD = {
    Status.DRAFT: _draft,
    Status.SENT: _sent,
    Status.ACCEPTED: _accepted,
    Status.WORKING: _working,
    Status.CORRECTING: _correcting,
    Status.REFUSED: _refused,
    Status.DONE: _done,
}
