"""Заявка: one request at the desk, the moves, the thread, who else looks at it, and the way on in the queue."""

from dataclasses import replace
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.requests.desk.deeds import ASSIGNEE, COMMENT, FIELDS, LONGEST, assign, move_request, note_seen
from lk_reflex.domain.requests.desk.listing import neighbour
from lk_reflex.domain.requests.desk.saved import TITLE, drop_template, save_template, templates
from lk_reflex.domain.requests.desk.view import View, request_view
from lk_reflex.domain.requests.desk.viewers import leave, look, viewers
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.numbers import bare_number
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.terms import calendar_for
from lk_reflex.domain.requests.thread import TEXT, answer, note_for_staff
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.staff.queue_address import asked, from_the_start, query_of, turned, wanted
from lk_reflex.ui.staff.request import rows
from lk_reflex.ui.staff.request.rows import (
    Choice,
    FieldRow,
    MoveRow,
    OtherRow,
    SectionRow,
    Shown,
    StepRow,
    TalkRow,
)
from lk_reflex.ui.uploads.rows import UploadRow
from lk_reflex.ui.uploads.state import StaffUploads
from lk_reflex.ui.visit import Visit

OUTCOME_ID, MOVE_ID, SAID_ID, TEMPLATES_ID = "outcome", "move", "said", "templates"
UNKNOWN = paths.TITLES[paths.STAFF_REQUEST]
#: The tick of a field in the form of «На исправление»: `correct-phone`.
TICK = "correct-"
#: What is typed into a text of staff is cut there, so that its fault can be told.
LONGEST_TYPED = 20_000
MOVED = "Статус изменён: «{}». Житель получит уведомление."
CHANGED = "Пока вы смотрели, заявку изменили. {}. Ниже она такая, как сейчас; то, что вы набрали, осталось."
ANSWERED, NOTED = "Сообщение отправлено жителю.", "Заметка сохранена. Её видят только сотрудники."
ASSIGNED, KEPT, DROPPED = "Исполнитель изменён.", "Шаблон сохранён.", "Шаблон удалён."
NOTE = "note"


class StaffRequestState(StaffUploads, rx.State):
    """One request; nothing of it is kept for anybody but staff, and no passport is among it."""

    loaded: bool = False
    heading: str = UNKNOWN
    shown: Shown = rows.NOTHING
    sections: list[SectionRow] = []
    files: list[UploadRow] = []
    steps: list[StepRow] = []
    talk: list[TalkRow] = []
    others: list[OtherRow] = []
    moves: list[MoveRow] = []
    people: list[Choice] = []
    assignee: str = ""
    templates: list[Choice] = []
    watchers: str = ""
    to_queue: str = paths.STAFF_REQUESTS
    next_one: str = ""
    previous_one: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    #: Said beside the thread and beside the templates.
    said: str = ""
    kept: str = ""
    #: The move that is being made: its status, its name, whether it needs words, and what the form shows.
    move: str = ""
    move_title: str = ""
    needs_comment: bool = False
    nameable: list[FieldRow] = []
    comment: str = ""
    text: str = ""
    #: These change where the forms must show something else than was typed.
    move_form: int = 0
    text_form: int = 0
    assign_form: int = 0
    faults: list[Fault] = []
    comment_error: str = ""
    fields_error: str = ""
    text_error: str = ""
    title_error: str = ""
    #: Whether there is a place for files of a message; one that holds some stays until they are out of it.
    attaches: bool = False
    answers: int = 0

    _number: str = ""
    #: What the operator has seen of it, which a press must find unchanged.
    _version: int = 0
    _seen: int = 0

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def load(self, visit: Visit) -> None:
        """The request in the address. While it stays open, what others do shows, and what is being typed stays.

        A lost connection is no reason to take it away either: only a link begins anew.
        """
        number = bare_number(visit.token)
        if visit.by_link or number != self._number or not self.loaded:
            self._left(visit, number)
            self._begin(number)
            if self._show(visit):
                visit.write(note_seen, number, now=visit.now)
        elif self.shown.number:
            self._show(visit)
        if self.shown.number:
            visit.write(look, self._number, now=visit.now)
            publish(self, watchers=", ".join(visit.read(viewers, self._number, now=visit.now)))

    @rx.event
    @staff(OPERATOR, ADMIN)
    def choose_move(self, visit: Visit, key: str) -> Any:
        """A button of the machine: its form opens, with what was typed for another one."""
        if key not in {row.key for row in self.moves}:
            return None
        becomes = Status(key)
        self._forget()
        view = visit.read(request_view, self._number)
        self._version = self._seen
        publish(
            self, move=key, move_title=rows.BUTTONS[becomes].removesuffix("…"), outcome="",
            needs_comment=rows.needs_comment(becomes),
            nameable=rows.nameable(view, ()) if becomes is Status.CORRECTING else [],
            move_form=self.move_form + 1,
        )  # fmt: skip
        return rx.set_focus(COMMENT)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def leave_move(self, visit: Visit) -> Any:
        """«Отмена»: nothing is changed; the words stay for another move."""
        self._forget()
        publish(self, move="", nameable=[])
        self._version = self._seen
        return rx.set_focus(MOVE_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def keep_typed(self, visit: Visit, name: str, text: str) -> None:
        """A text field is left: so a ready answer chosen next is added to it."""
        if name in (COMMENT, TEXT) and isinstance(text, str):
            typed = field_text({name: text}, name, longest=LONGEST_TYPED)
            publish(self, **({"comment": typed} if name == COMMENT else {"text": typed}))

    @rx.event
    @staff(OPERATOR, ADMIN)
    def use_template(self, visit: Visit, name: str, key: str) -> Any:
        """A ready answer goes into the field, below what stands there."""
        found = {str(one.template_id): one.body for one in self._templates(visit)}
        if name not in (COMMENT, TEXT) or key not in found:
            return None
        typed = self.comment if name == COMMENT else self.text
        whole = "\n\n".join(filter(None, (typed.strip(), found[key])))
        if name == COMMENT:
            publish(self, comment=whole, move_form=self.move_form + 1)
        else:
            publish(self, text=whole, text_form=self.text_form + 1)
        return rx.set_focus(name)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def tick_field(self, visit: Visit, name: str, chosen: bool) -> None:
        """A field of «На исправление» is ticked: a form drawn anew shows it so."""
        publish(self, nameable=[
            replace(row, ticked=chosen is True) if row.name == name else row for row in self.nameable
        ])  # fmt: skip

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def make_move(self, visit: Visit, form: dict[str, Any]) -> Any:
        """The move itself; where somebody was faster, the fresh state is shown and the words stay."""
        if not self.move:
            return None
        becomes = Status(self.move)
        names = [row.name for row in self.nameable if ticked(form, f"{TICK}{row.name}")]
        self._forget()
        publish(
            self, comment=field_text(form, COMMENT, longest=LONGEST_TYPED), outcome="", answers=self.answers + 1,
            nameable=[replace(row, ticked=row.name in names) for row in self.nameable],
        )  # fmt: skip
        try:
            visit.write(
                move_request, self._number, becomes, version=self._version, comment=self.comment, fields=names,
                site=visit.site, now=visit.now,
            )  # fmt: skip
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Conflict, Refused, NotFound) as fault:
            return self._outrun(visit, fault)
        publish(self, move="", comment="", nameable=[])
        self._show(visit)
        return self._say(MOVED.format(TITLES[becomes]))

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def take_on(self, visit: Visit) -> Any:
        """«Взять себе»."""
        return self._assigned(visit, visit.actor.user_id)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def give_to(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Назначить»: a colleague, or nobody."""
        return self._assigned(visit, row_id(field_text(form, ASSIGNEE)) or None)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def write(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить»: a message to the person, or a note for staff."""
        self._forget()
        publish(self, text=field_text(form, TEXT, longest=LONGEST_TYPED), said="", answers=self.answers + 1)
        noting = ticked(form, NOTE)
        try:
            if noting:
                visit.write(note_for_staff, self._number, self.text, now=visit.now)
            else:
                visit.write(answer, self._number, self.text, site=visit.site, now=visit.now)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Refused, Conflict, NotFound) as fault:
            return self._faulty({TEXT: fault.message})
        publish(self, text="", text_form=self.text_form + 1, said=NOTED if noting else ANSWERED)
        self._show(visit, own=True)
        return rx.set_focus(SAID_ID)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def keep_template(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить как шаблон»."""
        self._forget()
        publish(self, kept="", answers=self.answers + 1)
        title, body = field_text(form, TITLE), field_text(form, "body", longest=LONGEST + 1)
        try:
            visit.write(save_template, self._number, title, body, now=visit.now)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Refused, NotFound) as fault:
            return self._faulty({TITLE: fault.message})
        publish(self, kept=KEPT)
        self._show(visit)
        return rx.set_focus(TEMPLATES_ID)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def forget_template(self, visit: Visit, key: str) -> Any:
        """«Удалить» beside a ready answer."""
        try:
            visit.write(drop_template, row_id(key), now=visit.now)
        except NotFound as fault:
            publish(self, kept=fault.sentence)
        else:
            publish(self, kept=DROPPED)
        self._show(visit)
        return rx.set_focus(TEMPLATES_ID)

    def _files_changed(self, visit: Visit, slot: str) -> None:
        publish(self, text_error="")

    def _begin(self, number: str) -> None:
        self._number, self._version, self._seen = number, 0, 0
        self._forget()
        publish(
            self, outcome="", said="", kept="", move="", comment="", text="", nameable=[], watchers="",
            move_form=self.move_form + 1, text_form=self.text_form + 1, assign_form=self.assign_form + 1,
        )  # fmt: skip

    def _left(self, visit: Visit, number: str) -> None:
        """Another request of the desk was open in this tab until now."""
        before = self._number if self._number != number else ""
        if before and visit.came_from.startswith(f"{paths.STAFF_REQUESTS}/"):
            visit.write(leave, before, now=visit.now)

    def _assigned(self, visit: Visit, to: int | None) -> Any:
        self._forget()
        publish(self, outcome="", answers=self.answers + 1)
        try:
            visit.write(assign, self._number, to, version=self._seen, now=visit.now)
        except (Conflict, Refused, NotFound) as fault:
            return self._outrun(visit, fault)
        self._show(visit, own=True)
        publish(self, assign_form=self.assign_form + 1)
        return self._say(ASSIGNED)

    def _outrun(self, visit: Visit, fault: DomainError) -> Any:
        """Somebody was faster: what is now, with what was typed."""
        self._show(visit)
        self._version = self._seen
        if self.move and self.move not in {row.key for row in self.moves}:
            publish(self, move="", nameable=[])
        publish(self, assign_form=self.assign_form + 1)
        return self._say(fault.sentence, "bad")

    def _forget(self) -> None:
        publish(self, faults=[], comment_error="", fields_error="", text_error="", title_error="")

    def _faulty(self, errors: dict[str, str]) -> Any:
        body = errors.get("body", "")
        publish(
            self,
            faults=[Fault(_anchor(name, self.nameable), text) for name, text in errors.items()],
            comment_error=errors.get(COMMENT, ""),
            fields_error=errors.get(FIELDS, ""),
            text_error=errors.get(TEXT, ""),
            title_error=errors.get(TITLE, body),
        )
        if MESSAGE in errors:
            publish(self, upload_errors={**self.upload_errors, MESSAGE: errors[MESSAGE]})
        return rx.set_focus(SUMMARY_ID)

    def _say(self, said: str, kind: str = "good") -> Any:
        publish(self, outcome=said, outcome_kind=kind)
        return rx.set_focus(OUTCOME_ID)

    def _templates(self, visit: Visit) -> Any:
        try:
            view = visit.read(request_view, self._number)
        except NotFound:
            return ()
        return visit.database.read(templates, view.organization_id, view.kind, view.status)

    def _show(self, visit: Visit, *, own: bool = False) -> bool:
        """All that is only read; forms are left alone. `own`: after a deed of the operator's own in this tab."""
        publish(visit.account, known=True)
        try:
            view = visit.read(request_view, self._number)
        except NotFound:
            publish(self, loaded=True, heading=UNKNOWN, shown=rows.NOTHING, moves=[])
            return False
        self._notice(view, own=own)
        days = visit.database.read(calendar_for, view.today)
        found = visit.database.read(templates, view.organization_id, view.kind, view.status)
        shown = rows.shown(view, visit.actor.user_id, days)
        publish(
            self,
            loaded=True,
            heading=f"{shown.kind} {shown.number}",
            shown=shown,
            sections=rows.section_rows(view),
            files=rows.own_files(view),
            steps=rows.steps(view),
            talk=rows.talk(view),
            others=rows.others(view),
            moves=rows.moves(view),
            people=rows.people(view),
            assignee=str(view.assignee_id or ""),
            templates=rows.template_choices(found),
        )
        self._show_files(visit, view.request_id, view.number, [MESSAGE])
        publish(self, attaches=shown.attaches or bool(self.uploaded[MESSAGE]))
        self._show_ways(visit)
        return True

    def _notice(self, view: View, *, own: bool) -> None:
        """What others have changed is said where a move is being made: it will be refused until it was seen."""
        if own and self._version == self._seen and view.version == self._seen + 1:
            self._version = view.version
        if self._seen and view.version != self._seen and self.move and self._version != view.version:
            publish(self, outcome=CHANGED.format(rows.last_deed(view) or "Её дополнили"), outcome_kind="due")
        elif self._seen and view.version != self._seen and not own:
            publish(self, outcome="")  # what was said of one's own deed is over
        self._seen = view.version
        if not self.move:
            self._version = view.version

    def _show_ways(self, visit: Visit) -> None:
        one = from_the_start(asked(visit.query))
        meant, errors = wanted(one)
        query = query_of(one)
        here = f"?{query}" if query else ""
        after = visit.read(neighbour, meant, self._number) if not errors else ""
        back = turned(meant)
        before = visit.read(neighbour, back, self._number) if not errors and back != meant else ""
        publish(
            self,
            to_queue=f"{paths.STAFF_REQUESTS}{here}",
            next_one=f"{paths.staff_request(after)}{here}" if after else "",
            previous_one=f"{paths.staff_request(before)}{here}" if before else "",
        )


def _anchor(name: str, fields: list[FieldRow]) -> str:
    """The element that a fault leads to: of all the ticks, the first."""
    if name == MESSAGE:
        return upload_field_id(MESSAGE)
    return f"{TICK}{fields[0].name}" if name == FIELDS and fields else name
