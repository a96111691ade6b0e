"""Why one service costs more or less: a sentence for each part, with its figures."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lk_reflex.core.months import Month
from lk_reflex.core.text import fold
from lk_reflex.domain.billing.explaining.explain import ServiceChange
from lk_reflex.domain.billing.explaining.explain_parts import Kind, Part, Reason, product
from lk_reflex.domain.metering.units import plural
from lk_reflex.ui.why.figures import money, per, price, signed, unit_name, volume
from lk_reflex.ui.why.words import ROUNDING, month_names

#: Nobody spends these: a volume of them follows from something else. Words of a service's name, by their beginnings.
_NOT_SPENT = re.compile(r"\b(?:водоотвед|сток|канализ|общедом|во\b|сои\b|одн\b)|общих нужд")
_SPENT = "Вы израсходовали"
_HEATING = "отоплен"
#: The months in which heating begins and ends.
_AUTUMN, _SPRING = (9, 10, 11), (4, 5, 6)


@dataclass(frozen=True)
class _Said:
    """What a sentence is about: the service, one part of its change, and the two months."""

    service: str
    part: Part
    before: Month
    after: Month

    @property
    def names(self) -> tuple[str, str]:
        return month_names(self.before, self.after)


def sentences(change: ServiceChange, before: Month, after: Month) -> list[str]:
    """«Тариф вырос с 35,10 до 37,90 ₽ за м³, это +31,10 ₽.»; without the sum where it is the only part."""
    alone = len(change.parts) == 1
    told = [_sentence(_Said(change.service, part, before, after), alone) for part in change.parts]
    if change.moved_to:
        told.append(f"Теперь услуга стоит в квитанции «{change.moved_to}».")
    return told


def _sentence(said: _Said, alone: bool) -> str:
    text = _BY_KIND[said.part.kind](said)
    tail = "" if alone or said.part.kind is Kind.REST else f", это {signed(said.part.amount)}"
    # «чел.» brings a full stop of its own.
    return f"{text}{tail}".rstrip(".") + "."


def _tariff(said: _Said) -> str:
    part = said.part
    if part.was is None or part.now is None or not _agrees(part):
        return "Изменились тарифы"
    verb = "вырос" if part.now > part.was else "снизился"
    what = "Средний тариф" if part.reason is Reason.AVERAGE else "Тариф"
    was, now = (price(tariff, whole_kopecks=part.reason is Reason.AVERAGE) for tariff in (part.was, part.now))
    return f"{what} {verb} с\u00a0{was} до\u00a0{now}\u00a0₽{per(part.unit)}"


def _volume(said: _Said) -> str:
    part = said.part
    if part.was is None or part.now is None or not _agrees(part):
        known = part.was is not None and part.now is not None
        return "Расход по тарифным зонам разделился иначе" if known else "Изменился объём"
    what = _what_changed(said)
    if what == _SPENT and not part.now:
        return f"Расхода не было: {_instead(part)}"
    return f"{what} {'больше' if part.now > part.was else 'меньше'}: {_instead(part)}"


def _agrees(part: Part) -> bool:
    """Whether the figures went where the sum went: tariff zones and negative volumes may part them."""
    return ((part.now or 0) - (part.was or 0)) * part.amount > 0


def _what_changed(said: _Said) -> str:
    unit, service = unit_name(said.part.unit), fold(said.service)
    if unit == "Гкал":
        return "Тепла подано"
    if unit not in ("м³", "кВт·ч"):
        return "В расчёте"
    if said.part.reason is Reason.BY_NORM:
        return "По нормативу начислено"
    return "Объём" if _NOT_SPENT.search(service) else _SPENT


def _norm(said: _Said) -> str:
    part = said.part
    if part.reason is Reason.TO_NORM:
        return f"Начислено по нормативу, а не по счётчику: {_instead(part)}"
    if part.reason is Reason.FROM_NORM:
        return f"Начислено по счётчику, а не по нормативу: {_instead(part)}"
    if part.was is None or part.now is None:
        return "Изменился норматив"
    verb = "вырос" if part.now > part.was else "снизился"
    return f"Норматив {verb} с\u00a0{volume(part.was, '')} до\u00a0{volume(part.now, part.unit)}"


def _instead(part: Part) -> str:
    return f"{volume(part.now or 0, part.unit)} вместо {volume(part.was or 0, part.unit)}"


def _recalculation(said: _Said) -> str:
    part, (before, _after) = said.part, said.names
    if not part.now:
        return f"За {before} был перерасчёт {signed(part.was or 0)}, теперь его нет"
    told = f"Перерасчёт{_period(part)}"
    return f"{told}: {signed(part.now)}, а за {before} был {signed(part.was)}" if part.was else told


def _period(part: Part) -> str:
    """« за август 2018 — август 2019 (13 месяцев)»."""
    line = part.line
    if line is None or part.earlier or (line.period_from or line.period_to) is None:
        return ""
    first, last = line.period_from or line.period_to, line.period_to or line.period_from
    if first is None or last is None or first == last:
        return f" за {first.name} {first.year}" if first else ""
    count = last.ordinal - first.ordinal + 1
    months = f" ({plural(count, 'месяц', 'месяца', 'месяцев')})" if count > 1 else ""
    return f" за {first.name} {first.year} — {last.name} {last.year}{months}"


def _operation(said: _Said) -> str:
    part, (before, _after) = said.part, said.names
    if not part.was:
        return f"Добавилась строка «{part.word}»"
    if not part.now:
        return f"За {before} была строка «{part.word}», {money(part.was)}, теперь её нет"
    return f"Строка «{part.word}»: {money(part.now)} вместо {money(part.was)}"


def _new(said: _Said) -> str:
    before, _after = said.names
    if _heating(said) and said.after.number in _AUTUMN:
        return f"Начался отопительный сезон: за {before} отопление не начисляли"
    return f"За {before} эту услугу не начисляли"


def _gone(said: _Said) -> str:
    _before, after = said.names
    if _heating(said) and said.after.number in _SPRING:
        return "Отопительный сезон закончился"
    return f"За {after} эту услугу не начислили"


def _heating(said: _Said) -> bool:
    return _HEATING in fold(said.service) and said.after.ordinal - said.before.ordinal == 1


def _rest(said: _Said) -> str:
    part, amount = said.part, signed(said.part.amount)
    if part.reason is Reason.ROUNDING:
        return f"{ROUNDING}: {amount}"
    return f"Прочее, {amount}: {_unexplained(said)}"


def _unexplained(said: _Said) -> str:
    part = said.part
    if part.reason is Reason.UNIT:
        return f"услугу теперь считают в других единицах ({unit_name(part.unit)} вместо {unit_name(part.word)})"
    if part.reason is Reason.NO_DETAILS:
        return "организация не передала, из чего сложилась сумма"
    if part.reason is Reason.NO_FIGURES:
        return "организация не передала тариф или объём"
    if part.reason is Reason.SUMS_DIFFER:
        return "строки начислений не сходятся с начисленной суммой, причину знает организация"
    return f"{_product(said)}, причину знает организация" if part.line else "причину знает организация"


def _product(said: _Said) -> str:
    """«за сентябрь 13,20 ₽ × 16,2 м² = 213,84 ₽, а начислено 235,22 ₽»."""
    line = said.part.line
    whole = product(line) if line else None
    if line is None or whole is None or line.tariff is None or line.volume is None:
        return ""
    name = said.names[0 if said.part.earlier else 1]
    factors = f"{price(line.tariff)}\u00a0₽ × {volume(line.volume, line.unit)}"
    return f"за {name} {factors} = {money(round(whole))}, а начислено {money(line.amount)}"


_BY_KIND: dict[Kind, Callable[[_Said], str]] = {
    Kind.TARIFF: _tariff,
    Kind.VOLUME: _volume,
    Kind.NORM: _norm,
    Kind.RECALCULATION: _recalculation,
    Kind.OPERATION: _operation,
    Kind.NEW: _new,
    Kind.GONE: _gone,
    Kind.REST: _rest,
}
