"""What an explanation says in sentences: the months, the sums, and the notes beside them. Figures in, words out."""

from collections.abc import Mapping

from lk_reflex.core.months import GENITIVE, Month
from lk_reflex.domain.billing.explaining.explain import Explanation
from lk_reflex.domain.billing.explaining.explain_parts import Kind
from lk_reflex.domain.billing.explaining.explained import Difference, Explained, TwoYears
from lk_reflex.domain.billing.explaining.owing import Owing
from lk_reflex.ui.why.figures import money, signed

WHY = "Почему изменилась сумма?"
BY_MONTH, BY_YEAR = "За месяц", "За год"
COMPARE = "С чем сравнить"
NOTHING = "Квитанций пока нет, сравнить нечего."
SAME = "Не изменилась."
ROUNDING = "Округление"
_ROUNDED = 5
_KINDS = {
    Kind.TARIFF: "Тарифы",
    Kind.VOLUME: "Расход и объём",
    Kind.NORM: "Нормативы",
    Kind.RECALCULATION: "Перерасчёты",
    Kind.OPERATION: "Льготы и другие операции",
    Kind.NEW: "Услуги, которых год назад не было",
    Kind.GONE: "Услуги, которые были год назад",
    Kind.REST: "Прочее: тарифами и объёмом не объяснить",
}
_ONE = {
    Kind.TARIFF: "Тариф",
    Kind.NORM: "Норматив",
    Kind.RECALCULATION: "Перерасчёт",
    Kind.REST: "Прочее, тарифом и объёмом не объяснить",
}
_DEBT, _PENALTY = "долг за прошлые месяцы", "пени"


def month_names(before: Month, after: Month) -> tuple[str, str]:
    """«август», «сентябрь»; with their years where these differ."""
    if before.year == after.year:
        return before.name, after.name
    return f"{before.name} {before.year}", f"{after.name} {after.year}"


def headline(explained: Explained) -> str:
    """«За сентябрь начислено на 84,20 ₽ больше, чем за август: 3 293,08 ₽ вместо 3 208,88 ₽.»."""
    why = explained.why
    if why is not None:
        return difference(why.before, why.after, why.was, why.now)
    if explained.wanted == explained.month.shift(-1):
        return "Сравнить не с чем: за прошлые месяцы квитанций нет."
    return f"Сравнить не с чем: за {_named(explained.wanted)} квитанций нет."


def difference(earlier: Month, later: Month, was: int, now: int) -> str:
    """The headline of two sums in kopecks."""
    before, after = month_names(earlier, later)
    if was == now:
        return f"Сумма не изменилась: за {after} начислено столько же, сколько за {before}, {money(now)}."
    more = "больше" if now > was else "меньше"
    return f"За {after} начислено на {money(abs(now - was))} {more}, чем за {before}: {money(now)} вместо {money(was)}."


def lead(known: Difference | None) -> str:
    """The headline where nothing but the sums is known; nothing where there is nothing to compare with."""
    return difference(known.before, known.after, known.was, known.now) if known else ""


def notes(explained: Explained) -> list[str]:
    """What one should know of the comparison: a month left out, a receipt that isn't there, penalties."""
    why = explained.why
    if why is None:
        return []
    found = []
    if why.before != explained.wanted:
        found.append(
            f"За {_named(explained.wanted)} квитанций нет, поэтому сравниваем с предыдущими: за {_named(why.before)}."
        )
    before, after = month_names(why.before, why.after)
    found += _besides(why.owing, after)
    found += [f"За {after} нет квитанции «{kind}»: услуги из неё считаются неначисленными." for kind in why.absent]
    if why.penalty_was != why.penalty_now:
        found.append(
            f"Пени сюда не входят: за {after} {_penalty(why.penalty_now, 'начислено')}, "
            f"за {before} {_penalty(why.penalty_was, '—')}."
        )
    return found


def _besides(owing: Owing, month: str) -> list[str]:
    """How the charge and the sum to pay belong together, to the kopeck."""
    found = []
    more = [f"{word} {money(sum_)}" for word, sum_ in ((_DEBT, owing.debt), (_PENALTY, owing.penalty)) if sum_]
    if more:
        found.append(f"В сумме к оплате, кроме начисленного за {month}, {' и '.join(more)}.")
    if owing.overpaid:
        found.append(f"Из суммы к оплате вычтена переплата за прошлые месяцы, {money(owing.overpaid)}.")
    if owing.covered and not owing.due:
        found.append(f"Платить не нужно: начисленное за {month} покрыла переплата за прошлые месяцы.")
    elif owing.covered:
        found += [
            f"Квитанцию «{kind}» покрыла переплата: начисленные по ней {money(charged)} в сумму к оплате не входят."
            for kind, charged in owing.covered
        ]
    return found


def reasons(
    kinds: Mapping[Kind, int], names: tuple[str, str] | None = None, alone: Mapping[Kind, str] | None = None
) -> list[tuple[str, str]]:
    """What each kind of reason did in all, largest first: «+31,10 ₽», «Тарифы»; nothing where one kind did it all.

    `names` are of the two months, `alone` the only service of a kind; whole years are compared without.
    """
    named = _KINDS
    if names is not None:
        new, gone = f"Услуги, которых за {names[0]} не было", f"Услуги, которых за {names[1]} нет"
        named = {**_KINDS, Kind.NEW: new, Kind.GONE: gone}
    if abs(kinds.get(Kind.REST, 0)) <= _ROUNDED:
        named = {**named, Kind.REST: ROUNDING}
    if names is not None:
        found = {kind: service for kind, service in (alone or {}).items() if named[kind] != ROUNDING}
        named = {**named, **{kind: _of_one(kind, service, names) for kind, service in found.items()}}
    largest = sorted((kind for kind in Kind if kind in kinds), key=lambda kind: -abs(kinds[kind]))
    told = [(signed(kinds[kind]), named[kind]) for kind in largest]
    return told if len(told) > 1 else []


def _of_one(kind: Kind, service: str, names: tuple[str, str]) -> str:
    """«Услуга «Отопление», которой за сентябрь не было», «Расход и объём: ХВС»."""
    if kind is Kind.NEW:
        return f"Услуга «{service}», которой за {names[0]} не было"
    if kind is Kind.GONE:
        return f"Услуга «{service}», которой за {names[1]} нет"
    return f"{_ONE.get(kind, _KINDS[kind])}: {service}"


def unchanged(why: Explanation) -> tuple[str, str]:
    """«Остальные услуги», «Не изменились: Содержание жилья, Обращение с ТКО.»; a single one by its name."""
    names = [service.service for service in why.unchanged]
    return ("Остальные услуги", f"Не изменились: {', '.join(names)}.") if len(names) > 1 else (names[0], SAME)


def two_years(years: TwoYears) -> str:
    """«За 12 месяцев, с ноября 2025 по октябрь 2026, начислено 38 210,00 ₽. Это на … больше, чем …»."""
    first = f"{GENITIVE[years.first.number - 1]} {years.first.year}"
    said = f"За 12 месяцев, с {first} по {_named(years.last)}, начислено {money(years.now)}."
    if years.was == years.now:
        return f"{said} Столько же, сколько за 12 месяцев до этого."
    more = "больше" if years.now > years.was else "меньше"
    return f"{said} Это на {money(abs(years.now - years.was))} {more}, чем за 12 месяцев до этого ({money(years.was)})."


def _penalty(kopecks: int, verb: str) -> str:
    return f"{verb} {money(kopecks)}" if kopecks else "не начисляли"


def _named(month: Month) -> str:
    return f"{month.name} {month.year}"
