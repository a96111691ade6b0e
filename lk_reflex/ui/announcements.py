"""Announcements and outages as residents read them: one notice open, the others folded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.domain.announcements.rules import OUTAGE, when_words
from lk_reflex.domain.announcements.showing import Shown
from lk_reflex.ui.shared.notices import notice


@dataclass(frozen=True)
class AnnouncementRow:
    """One of them; `when` is empty for news."""

    key: str
    kind: str
    title: str
    when: str
    body: str
    organization: str


def announcement_rows(shown: Iterable[Shown]) -> list[AnnouncementRow]:
    """In the order in which they come."""
    return [_row(one) for one in shown]


def announcements(rows: Any) -> rx.Component:
    """The first of a var of rows, and «ещё N» with the others."""
    return rx.cond(
        rows.length() > 0,
        rx.el.section(
            rx.foreach(rows[:1], _notice),
            rx.cond(
                rows.length() > 1,
                rx.el.details(
                    rx.el.summary("Ещё объявления: ", (rows.length() - 1).to_string()),
                    rx.el.div(rx.foreach(rows[1:], _notice), class_name="stack"),
                ),
            ),
            aria_label="Объявления и отключения",
        ),
    )


def _notice(row: Any) -> rx.Component:
    return rx.el.div(
        notice(
            row.kind,
            row.title + ".",
            rx.cond(row.when != "", rx.el.p(row.when, ".")),
            rx.cond(row.body != "", rx.el.p(row.body, class_name="said")),
            rx.el.p(row.organization, class_name="small muted"),
        ),
        key=row.key,
    )


def _row(one: Shown) -> AnnouncementRow:
    when = when_words(one.starts_at, one.ends_at, one.time_zone) if one.kind == OUTAGE else ""
    return AnnouncementRow(
        str(one.announcement_id),
        "due" if one.kind == OUTAGE else "info",
        one.title.rstrip(". "),
        f"{'Сейчас отключено' if one.under_way else 'Отключение'}: {when}" if when else "",
        one.body,
        one.organization,
    )
