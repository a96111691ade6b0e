"""An explanation as ready strings: the headline, a row for each service, and what the year was. No Reflex here."""

from dataclasses import dataclass, field

from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.explaining.explain import Explanation, ServiceChange, alone_by_kind, by_kind
from lk_reflex.domain.billing.explaining.explained import Explained, ExplainedYear
from lk_reflex.ui.why import words
from lk_reflex.ui.why.figures import MINUS
from lk_reflex.ui.why.sentences import sentences


@dataclass(frozen=True)
class Cause:
    """One kind of reason over all services; `kind` colours its sum: «due» for more to pay, «good» for less."""

    amount: str
    text: str
    kind: str


@dataclass(frozen=True)
class WhyRow:
    """One service: what it was, what it is, the difference, and sentences about it, which always stand open."""

    service: str
    was: str
    now: str
    change: str
    reasons: list[str]
    told: bool = True


@dataclass(frozen=True)
class Why:
    """What stands open under «Почему изменилась сумма?»; `years` tells of two whole years, where they are known."""

    headline: str = ""
    notes: list[str] = field(default_factory=list)
    causes: list[Cause] = field(default_factory=list)
    rows: list[WhyRow] = field(default_factory=list)
    caption: str = ""
    was: str = ""
    now: str = ""
    change: str = ""
    years: str = ""
    year_causes: list[Cause] = field(default_factory=list)


def why_of(explained: Explained | None) -> Why:
    """The explanation; an empty one for a month that isn't the person's or has no receipts."""
    if explained is None:
        return Why(headline=words.NOTHING)
    why = explained.why
    years = explained.years if isinstance(explained, ExplainedYear) else None
    told = words.two_years(years) if years else ""
    year_causes = _causes(words.reasons(years.kinds)) if years else []
    if why is None:
        return Why(headline=words.headline(explained), years=told, year_causes=year_causes)
    names = words.month_names(why.before, why.after)
    return Why(
        words.headline(explained),
        words.notes(explained),
        _causes(words.reasons(by_kind([why]), names, alone_by_kind(why))),
        _rows(why),
        f"За {names[1]} и за {names[0]} по услугам",
        *_figures(why.was, why.now),
        told,
        year_causes,
    )


def _rows(why: Explanation) -> list[WhyRow]:
    """The services that changed, and the others in one row, so that the columns add up to ИТОГО; none for no change."""
    rows = [_row(service, why) for service in why.changed]
    if rows and why.unchanged:
        name, said = words.unchanged(why)
        same = sum(service.now for service in why.unchanged)
        rows.append(WhyRow(name, *_figures(same, same), [said]))
    return rows


def _row(service: ServiceChange, why: Explanation) -> WhyRow:
    figures = _figures(service.was, service.now)
    return WhyRow(service.service, *figures, sentences(service, why.before, why.after))


def _figures(was: int, now: int) -> tuple[str, str, str]:
    before, after, change = (format_money(sum_).replace("-", MINUS) for sum_ in (was, now, now - was))
    return before, after, f"+{change}" if now > was else change


def _causes(told: list[tuple[str, str]]) -> list[Cause]:
    return [Cause(amount, text, "good" if amount.startswith(MINUS) else "due") for amount, text in told]
