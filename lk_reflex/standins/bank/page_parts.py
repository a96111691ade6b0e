"""What the bank's pages are made of: HTML without script, every text escaped."""

import json
from collections.abc import Mapping
from html import escape

from lk_reflex.core.clock import format_date, local_time, utc_now
from lk_reflex.core.money import format_roubles
from lk_reflex.standins.bank.cards import CARDS, TestCard
from lk_reflex.standins.bank.model import Order
from lk_reflex.standins.sheet import sheet

TITLE = "Демонстрационный банк"
NOT_REAL = "Это не настоящий банк: деньги не списываются. Настоящие карты здесь вводить нельзя."
FIX = "Исправьте ошибки"
TAKE = "Нажмите на номер, и карта подставится в форму."


def page(body: str, heading: str = TITLE) -> str:
    """A whole page of the bank."""
    where = "" if heading == TITLE else f"<b>{TITLE}.</b> "
    mark = "Ошибка: " if 'id="error-summary"' in body else ""
    return sheet(heading, f'<p class="muted">{where}{NOT_REAL}</p>{body}', mark=mark)


def facts(pairs: Mapping[str, str]) -> str:
    """Names and values; empty values are left out."""
    rows = "".join(f"<div><dt>{escape(name)}:</dt><dd>{escape(value)}</dd></div>" for name, value in pairs.items()
                   if value)  # fmt: skip
    return f'<dl class="facts">{rows}</dl>'


def about(order: Order) -> str:
    """Whom one pays, for what and how much."""
    extra = json.loads(order.extra)
    return (
        f'<p class="sum num">{escape(format_roubles(order.amount))}</p>'
        + facts({
            "Кому": str(extra.get("organization", "")),
            "Заказ": order.number,
            "За что": order.description,
        })
    )  # fmt: skip


def fault_summary(faults: Mapping[str, str]) -> str:
    """On top of a form, with the focus in it; nothing where all is well."""
    if not faults:
        return ""
    items = "".join(f'<li><a href="#{name}">{escape(text)}</a></li>' for name, text in faults.items())
    return (
        f'<div class="notice bad faults" role="alert" tabindex="-1" autofocus id="error-summary"><h2>{FIX}</h2>'
        f"<ul>{items}</ul></div>"
    )


def text_field(name: str, label: str, value: str, *, hint: str = "", fault: str = "", more: str = "") -> str:
    """Label above, hint, fault, field; the first one that is wrong is named by the summary."""
    said = [f"{name}-{kind}" for kind, text in (("hint", hint), ("fault", fault)) if text]
    described = f' aria-describedby="{" ".join(said)}"' if said else ""
    invalid = ' aria-invalid="true"' if fault else ""
    return (
        f'<div class="field short"><label for="{name}">{escape(label)}</label>'
        + (f'<p class="hint" id="{name}-hint">{escape(hint)}</p>' if hint else "")
        + (f'<p class="error" id="{name}-fault">{escape(fault)}</p>' if fault else "")
        + f'<input id="{name}" name="{name}" value="{escape(value)}" autocomplete="off" spellcheck="false"'
        f"{described}{invalid}{more}></div>"
    )


def test_cards(way: str = "") -> str:
    """What there is to try; with the path of a card page each number fills its form."""
    rows = "".join(f"<li>{_number(card, way)}<span>{escape(card.shows)}</span></li>" for card in CARDS)
    hint = f'<p class="hint">{TAKE}</p>' if way else ""
    return f'<div class="card"><h2>Тестовые карты</h2>{hint}<ul class="test-cards">{rows}</ul></div>'


def _number(card: TestCard, way: str) -> str:
    return (
        f'<a class="num" href="{escape(way)}?card={card.way}">{card.grouped}</a>'
        if way
        else (f'<b class="num">{card.grouped}</b>')
    )


def notice(text: str, kind: str = "bad") -> str:
    """A sentence that one must not miss."""
    return f'<div class="notice {kind}" role="status"><p>{escape(text)}</p></div>'


def moment(at: float) -> str:
    """«23.11.2026, 10:00:05», local time."""
    local = local_time(utc_now().fromtimestamp(at, utc_now().tzinfo))
    return f"{format_date(local.date())}, {local:%H:%M:%S}"
