"""The journal of an order in words. No Reflex here."""

from collections.abc import Mapping
from typing import Any, Final

from lk_reflex.core.money import format_roubles
from lk_reflex.domain.mail.masks import masked_email
from lk_reflex.domain.payments.desk.deeds import CLEARED
from lk_reflex.domain.payments.desk.order_view import Happened
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.reasons import reason_words
from lk_reflex.domain.payments.refunding import asking, carrying, deciding, holds
from lk_reflex.ui.staff.order_words import FLAGS, OTHER_FLAG, status_word

#: By what we learned of it.
_CAUSES: Final[Mapping[str, str]] = {
    Cause.PRESSED: "нажата кнопка «Оплатить»",
    Cause.REGISTERED: "ответ банка на новый заказ",
    Cause.CALLBACK: "банк сообщил, и мы его переспросили",
    Cause.RETURN: "плательщик вернулся со страницы банка",
    Cause.SCHEDULE: "плановая проверка в банке",
    Cause.STAFF: "действие сотрудника",
    Cause.CANCELLED: "плательщик отменил платёж",
    Cause.REPLACED: "плательщик начал другой платёж",
    Cause.REFUND: "возврат",
    Cause.BILLING: "загрузка из биллинга",
}
OTHER_CAUSE: Final = "без указания причины"
_HINTS: Final[Mapping[str, str]] = {
    "approved": "деньги удержаны",
    "deposited": "оплачен",
    "reversed": "удержание снято",
    "refunded": "деньги возвращены",
    "declinedByTimeout": "время на оплату вышло",
    "declinedCardPresent": "карта отклонена",
    "payment.waiting_for_capture": "деньги удержаны",
    "payment.succeeded": "оплачен",
    "payment.canceled": "не оплачен",
    "refund.succeeded": "деньги возвращены",
}
OTHER_HINT: Final = "другое событие"
_REFUNDS: Final[Mapping[str, str]] = {
    asking.DEED: "Запрошен возврат",
    carrying.DEED: "Возврат не выполнен",
    carrying.SILENCE: "Банк не ответил на возврат",
    deciding.REPEATED: "Возврат отправлен в банк ещё раз",
    deciding.LEFT: "Решено, что деньги не возвращены",
}


def what(one: Happened) -> str:
    """What happened: the change of status, or what else the line is about."""
    return " ".join([*_change(one), *_more(one.detail)]) or "Заказ проверен, ничего не изменилось."


def why(one: Happened) -> str:
    """What caused it."""
    return _CAUSES.get(one.cause, OTHER_CAUSE)


def who(one: Happened) -> str:
    """Whose doing it was: staff by their address, a payer's masked, nobody's where a machine did it."""
    if not one.by:
        return "—"
    return one.by if one.staff else f"плательщик {masked_email(one.by)}"


def hint_word(operation: str) -> str:
    """What a bank's callback claims."""
    return _HINTS.get(operation, OTHER_HINT)


def flag_word(flag: object) -> str:
    """The tag of a flag."""
    return FLAGS.get(str(flag), OTHER_FLAG)[0]


def _change(one: Happened) -> list[str]:
    if one.was == one.became:
        return []
    if not one.was:
        return ["Заказ создан."]
    return [f"{status_word(one.was)} → {status_word(one.became)}."]


def _more(detail: Mapping[str, Any]) -> list[str]:
    said = [_deed(detail)] if "deed" in detail else []
    if "refunded" in detail and "amount" in detail and "stage" not in detail:
        whose = "по нашему запросу" if "refund" in detail else "сам: возврат сделан в банке"
        said.append(f"Банк вернул {_sum(detail['amount'])} {whose}.")
    elif "stage" in detail:
        said.append(f"У банка сумма {_sum(detail.get('amount'))}, списано {_sum(detail.get('captured'))}")
    elif "captured" in detail:
        said.append(f"Банк списал {_sum(detail['captured'])}")
    if "billed" in detail:
        said.append(_billed(detail))
    flags = detail.get("flags")
    said += [f"Помечен: «{flag_word(flag)}»." for flag in (flags if isinstance(flags, list) else [])]
    if code := detail.get("code"):
        said.append(reason_words(str(code)))
    return said


def _deed(detail: Mapping[str, Any]) -> str:
    deed, amount = detail["deed"], _sum(detail.get("amount"))
    if deed in _REFUNDS:
        return f"{_REFUNDS[deed]}: {amount}"
    if deed == holds.DEED:
        return "Запрошена отмена удержания."
    if deed == CLEARED:
        return f"Пометка «{flag_word(detail.get('flag'))}» снята: {detail.get('said', '')}"
    return ""


def _billed(detail: Mapping[str, Any]) -> str:
    parts = [f"Лицевой счет {detail.get('account', '')}: принято у нас {_sum(detail.get('paid'))}"]
    parts.append(f"у биллинга {_sum(detail['billed'])}")
    if detail.get("returned") or detail.get("billed_back"):
        parts.append(f"возвращено у нас {_sum(detail.get('returned'))}, у биллинга {_sum(detail.get('billed_back'))}")
    return ", ".join(parts)


def _sum(kopecks: object) -> str:
    return format_roubles(kopecks) if isinstance(kopecks, int) else "—"
