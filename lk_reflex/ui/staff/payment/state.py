"""Заказ: what is known of it, and what staff may do: ask the bank again, settle a flag, give money back."""

from typing import Any

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused, Unavailable
from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.money import format_roubles
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.payments.desk.deeds import NOTE, clear_flag, note_seen
from lk_reflex.domain.payments.desk.order_view import order_view
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.refunding.asking import AMOUNT, EXPLANATION, SAY_WHY, ask_refund, read_amount
from lk_reflex.domain.payments.refunding.carrying import carry_out
from lk_reflex.domain.payments.refunding.deciding import drop_refund, repeat_refund
from lk_reflex.domain.payments.refunding.holds import undo_hold
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.payment import rows
from lk_reflex.ui.staff.payment.rows import EventRow, Fact, HintRow, LineRow, PostingRow, RefundRow, Shown
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import banks

OUTCOME_ID, CONFIRM_ID, LOOK_ID, REFUND_ID = "outcome", "refund-yes", "look-again", "refund-area"
DECIDE_ID = "decide-yes"
UNKNOWN = paths.TITLES[paths.STAFF_PAYMENT]
LOOKED, SILENT = "Банк ответил: {}.", "Банк не ответил. Повторите через минуту."
BUSY = "Этот заказ как раз проверяют в банке. Повторите через полминуты."
DONE = "Деньги возвращены. Плательщик получит письмо и уведомление с вашей причиной."
TAKEN = "Банк принял возврат, но ещё не провёл его. Мы проверим сами: состояние изменится здесь."
WAITING = "Банк не ответил. Мы переспросим его сами: если через пять минут возврата не будет видно, спросим здесь вас."
LEFT = "Возврат закрыт: деньги не возвращены."
NOT_DONE = "Возврат не выполнен: причина в таблице ниже."
CLEARED = "Пометка снята, запись осталась в журнале."
UNDONE = "Удержание снято: деньги на карте плательщика снова доступны."


class StaffOrderState(rx.State):
    """One order; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    heading: str = UNKNOWN
    order: Shown = rows.NOTHING
    facts: list[Fact] = []
    trace: list[Fact] = []
    lines: list[LineRow] = []
    journal: list[EventRow] = []
    postings: list[PostingRow] = []
    refunds: list[RefundRow] = []
    hints: list[HintRow] = []
    outcome: str = ""
    outcome_kind: str = "good"
    faults: list[Fault] = []
    amount_error: str = ""
    explanation_error: str = ""
    note_error: str = ""
    #: «Вернуть … ?», while it waits for its answer; `amount` and `explanation` are what the form shows.
    question: str = ""
    amount: str = ""
    explanation: str = ""
    undoing: bool = False
    #: What is asked about a refund to which the bank has said nothing, and whether it is to be told again.
    decision: str = ""
    repeating: bool = False
    form: int = 0
    answers: int = 0

    _number: str = ""
    _flag: str = ""
    _kopecks: int = 0

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def load(self, visit: Visit) -> None:
        """Show the order in the address; whoever looks is noted."""
        self._number = visit.token
        self._forget()
        publish(self, outcome="", amount="", explanation="", form=self.form + 1)
        if self._show(visit):
            visit.write(note_seen, self._number, now=visit.now)

    @rx.event
    @staff(OPERATOR, ADMIN, asks_bank=True)
    def look_again(self, visit: Visit) -> Any:
        """«Перепроверить в банке»."""
        if not self.order.number:
            return None
        found = look(
            visit.database, banks(), self._number, cause=Cause.STAFF, clock=utc_now, site=get_settings().site,
            actor_id=visit.actor.user_id,
        )  # fmt: skip
        self._show(visit)
        if found.answered:
            return self._say(LOOKED.format(self.order.status.lower()))
        return self._say(SILENT, "bad") if found.silent else self._say(BUSY, "info")

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def settle_flag(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Разобрано», with a note."""
        try:
            visit.write(clear_flag, self._number, self._flag, field_text(form, NOTE), now=visit.now)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Conflict, NotFound) as fault:
            self._show(visit)
            return self._say(fault.sentence, "bad")
        self._forget()
        self._show(visit)
        return self._say(CLEARED)

    @rx.event
    @staff(ADMIN)
    def ask_to_refund(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Вернуть деньги»: check what was typed, then ask once more with the numbers."""
        self._forget()
        publish(self, outcome="", amount=field_text(form, AMOUNT), explanation=field_text(form, EXPLANATION).strip(),
                answers=self.answers + 1)  # fmt: skip
        view = visit.read(order_view, self._number)
        errors = {} if self.explanation else {EXPLANATION: SAY_WHY}
        try:
            self._kopecks = read_amount(self.amount)
        except Invalid as fault:
            errors = fault.fields | errors
        if AMOUNT not in errors and self._kopecks > view.left:
            errors = {AMOUNT: f"Вернуть можно не больше {format_roubles(view.left)}", **errors}
        if errors:
            return self._faulty(errors)
        publish(self, question=rows.question(view, self._kopecks))
        return rx.set_focus(CONFIRM_ID)

    @rx.event
    @staff(ADMIN)
    def keep_money(self, visit: Visit) -> Any:
        """«Отмена»: nothing goes out; the form stays as it was."""
        publish(self, question="")
        return rx.set_focus(REFUND_ID)

    @rx.event
    @staff(ADMIN, writes=True, asks_bank=True)
    def refund(self, visit: Visit) -> Any:
        """«Да, вернуть»: write it down, then have the bank do it."""
        if not self.question:
            return None
        publish(self, answers=self.answers + 1)
        try:
            asked = visit.write(ask_refund, self._number, self._kopecks, self.explanation, now=visit.now)
        except Invalid as fault:
            publish(self, question="")
            return self._faulty(fault.fields)
        except (Conflict, Refused) as fault:
            return self._ended(visit, fault.sentence, "bad")
        failpoint("refund-recorded")
        return self._carried(visit, asked.refund_id)

    @rx.event
    @staff(ADMIN)
    def ask_to_repeat(self, visit: Visit) -> Any:
        """«Повторить возврат…», where the bank has said nothing: ask once more."""
        return self._asked(visit, repeat=True)

    @rx.event
    @staff(ADMIN)
    def ask_to_drop(self, visit: Visit) -> Any:
        """«Не возвращено…»: ask once more."""
        return self._asked(visit, repeat=False)

    @rx.event
    @staff(ADMIN)
    def undecide(self, visit: Visit) -> Any:
        """«Отмена»: the refund waits on."""
        publish(self, decision="")
        return rx.set_focus(REFUND_ID)

    @rx.event
    @staff(ADMIN, writes=True, asks_bank=True)
    def decide(self, visit: Visit) -> Any:
        """«Да, …»: the refund goes to the bank once more, or is closed unless the bank shows that it was made."""
        if not self.decision:
            return None
        publish(self, answers=self.answers + 1)
        try:
            if self.repeating:
                return self._carried(visit, visit.write(repeat_refund, self._number, now=visit.now))
            look(visit.database, banks(), self._number, cause=Cause.STAFF, clock=utc_now, site=get_settings().site)
            visit.write(drop_refund, self._number, now=visit.now)
        except (Conflict, Refused, NotFound) as fault:
            return self._ended(visit, fault.sentence, "bad")
        return self._ended(visit, LEFT, "good")

    @rx.event
    @staff(ADMIN)
    def ask_to_undo(self, visit: Visit) -> Any:
        """«Отменить удержание»: ask once more; a second press closes the question."""
        publish(self, undoing=not self.undoing, outcome="")
        return rx.set_focus("undo-yes") if self.undoing else rx.set_focus("undo")

    @rx.event
    @staff(ADMIN, writes=True, asks_bank=True)
    def undo(self, visit: Visit) -> Any:
        """«Да, отменить удержание»."""
        if not self.undoing:
            return None
        try:
            undo_hold(visit.database, banks(), visit.actor, self._number, clock=utc_now, site=get_settings().site)
        except (Refused, Unavailable, NotFound) as fault:
            return self._ended(visit, fault.sentence, "bad")
        return self._ended(visit, UNDONE, "good")

    def _asked(self, visit: Visit, *, repeat: bool) -> Any:
        self._forget()
        if not self._show(visit) or not self.order.undecided:
            return None
        publish(self, outcome="", repeating=repeat,
                decision=rows.decision(visit.read(order_view, self._number), repeat=repeat))  # fmt: skip
        return rx.set_focus(DECIDE_ID)

    def _carried(self, visit: Visit, refund_id: int) -> Any:
        try:
            status = carry_out(visit.database, banks(), refund_id, clock=utc_now, site=get_settings().site)
        except Unavailable as fault:
            return self._ended(visit, fault.sentence, "bad")
        said = {"done": (DONE, "good"), "accepted": (TAKEN, "info"), "refused": (NOT_DONE, "bad")}
        return self._ended(visit, *said.get(status, (WAITING, "due")))

    def _ended(self, visit: Visit, said: str, kind: str) -> Any:
        self._forget()
        if kind != "bad":
            publish(self, amount="", explanation="", form=self.form + 1)
        self._show(visit)
        return self._say(said, kind)

    def _forget(self) -> None:
        publish(
            self, question="", decision="", undoing=False, faults=[], amount_error="", explanation_error="",
            note_error="",
        )  # fmt: skip

    def _faulty(self, errors: dict[str, str]) -> Any:
        publish(
            self,
            outcome="",
            faults=[Fault(name, text) for name, text in errors.items()],
            amount_error=errors.get(AMOUNT, ""),
            explanation_error=errors.get(EXPLANATION, ""),
            note_error=errors.get(NOTE, ""),
        )
        return rx.set_focus(SUMMARY_ID)

    def _say(self, said: str, kind: str = "good") -> Any:
        publish(self, outcome=said, outcome_kind=kind)
        return rx.set_focus(OUTCOME_ID)

    def _show(self, visit: Visit) -> bool:
        publish(visit.account, known=True)
        try:
            view = visit.read(order_view, self._number)
        except NotFound:
            publish(self, loaded=True, heading=UNKNOWN, order=rows.NOTHING)
            return False
        self._flag = view.flag
        order = rows.shown(view)
        publish(
            self,
            loaded=True,
            heading=f"{UNKNOWN} {order.number}",
            order=order,
            facts=rows.facts(view),
            trace=rows.trace(view),
            lines=rows.line_rows(view),
            journal=rows.event_rows(view),
            postings=rows.posting_rows(view),
            refunds=rows.refund_rows(view),
            hints=rows.hint_rows(view),
        )
        return True
