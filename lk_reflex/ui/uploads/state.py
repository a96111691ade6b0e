"""What a page with zones for files keeps, and its handlers: `ResidentUploads` and `StaffUploads`, to be mixed in.

The page's `load` calls `self._show_files(visit, request_id, number, slots)`, and calls it again when zones come or go;
`_files_changed` is for what else depends on them.
"""

from collections.abc import Iterable
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.requests.attaching import add_file, files_of, remove_file, waiting_files
from lk_reflex.domain.requests.slots import MESSAGE, room_of
from lk_reflex.ui.guard import resident, staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.uploads.rows import UploadRow, rows_by_slot, upload_row
from lk_reflex.ui.uploads.words import (
    ADDED,
    LOADING,
    LOST,
    ONE_ONLY,
    REMOVED,
    first_file,
    progress_words,
    rejection_words,
)
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import file_store


class _Uploads(rx.State, mixin=True):
    """The vars, by slot. `upload_errors` may be filled by the page, too: «Приложите паспорт»."""

    uploaded: dict[str, list[UploadRow]] = {}
    upload_errors: dict[str, str] = {}
    upload_full: dict[str, bool] = {}
    #: The slot into which a file is on its way, and what is said of it; else what became of the last one.
    upload_busy: str = ""
    upload_slot: str = ""
    upload_told: str = ""

    _upload_number: str = ""

    def _show_files(self, visit: Visit, request_id: int, number: str, slots: Iterable[str]) -> None:
        """The lists of these zones as the database has them; an upload that a lost connection cut short is told of."""
        named = list(slots)
        files = list(visit.database.read(files_of, request_id))
        if MESSAGE in named:
            files = [file for file in files if file.slot != MESSAGE]
            files += visit.database.read(waiting_files, visit.actor, request_id)
        cut_short = self.upload_busy if visit.opening and self._upload_number == number else ""
        same = self._upload_number == number
        self._upload_number = number
        errors = {slot: (self.upload_errors.get(slot, "") if same else "") for slot in named}
        if cut_short in errors:
            errors[cut_short] = LOST
        rows = rows_by_slot(files, named)
        publish(self, uploaded=rows, upload_errors=errors, upload_full=_full(rows))
        if visit.opening:
            publish(self, upload_busy="", upload_slot="", upload_told="")

    def _files_changed(self, visit: Visit, slot: str) -> None:
        """A file came or went: for whoever mixes this in."""

    def _upload_starts(self, slot: str) -> None:
        if slot in self.uploaded:
            errors = {**self.upload_errors, slot: ""}
            publish(self, upload_busy=slot, upload_slot=slot, upload_told=LOADING, upload_errors=errors)

    def _upload_progress(self, progress: object) -> None:
        if self.upload_busy:
            publish(self, upload_told=progress_words(progress))

    def _upload_rejected(self, code: object, slot: str) -> None:
        if slot in self.uploaded:
            self._settle(slot, "", rejection_words(code))

    def _take_upload(self, visit: Visit, files: object, slot: str, replacing: str) -> None:
        if slot not in self.uploaded or not isinstance(files, list):
            return
        if not files:  # the browser had taken none of them, and says itself why
            if self.upload_busy == slot:
                publish(self, upload_busy="", upload_slot="", upload_told="")
            return
        if len(files) > 1:
            self._settle(slot, "", ONE_ONLY)
            return
        name, data = first_file(files)
        known = {row.key for row in self.uploaded[slot]}
        goes = replacing if isinstance(replacing, str) and replacing in known else ""
        try:
            file = add_file(
                visit.database, file_store(), visit.actor, self._upload_number, slot, name, data, now=visit.now,
                replacing=goes,
            )  # fmt: skip
        except Invalid as fault:
            self._settle(slot, "", fault.fields.get(slot, fault.message))
            return
        except (NotFound, Refused, Unavailable) as fault:
            self._settle(slot, "", fault.message)
            return
        stay = [row for row in self.uploaded[slot] if row.key != goes and room_of(slot) > 1]
        self._list(slot, [*stay, upload_row(file)])
        self._settle(slot, ADDED, "")
        self._files_changed(visit, slot)

    def _remove_upload(self, visit: Visit, key: str, slot: str) -> None:
        if slot not in self.uploaded or not isinstance(key, str):
            return
        try:
            visit.write(remove_file, self._upload_number, key, now=visit.now)
        except (NotFound, Refused, Unavailable) as fault:
            self._settle(slot, "", fault.message)
            return
        self._list(slot, [row for row in self.uploaded[slot] if row.key != key])
        self._settle(slot, REMOVED, "")
        self._files_changed(visit, slot)

    def _turned_away(self, sentence: str) -> bool:
        """A file didn't come in at the door; whether there is a place to say so."""
        if self.upload_busy:
            self._settle(self.upload_busy, "", sentence)
            return True
        return False

    def _list(self, slot: str, rows: list[UploadRow]) -> None:
        lists = {**self.uploaded, slot: rows}
        publish(self, uploaded=lists, upload_full=_full(lists))

    def _settle(self, slot: str, told: str, error: str) -> None:
        busy = "" if self.upload_busy == slot else self.upload_busy
        errors = {**self.upload_errors, slot: error}
        publish(self, upload_busy=busy, upload_slot=slot, upload_told=told, upload_errors=errors)


class ResidentUploads(_Uploads, mixin=True):
    """For pages of the person whose request it is."""

    @rx.event
    @resident
    def upload_starts(self, visit: Visit, slot: str) -> None:
        """A file has been chosen and is on its way."""
        self._upload_starts(_slot(slot))

    @rx.event
    @resident
    def upload_progress(self, visit: Visit, progress: dict[str, Any]) -> None:
        """How much of it has come."""
        self._upload_progress(progress)

    @rx.event
    @resident
    def upload_rejected(self, visit: Visit, code: str, slot: str) -> None:
        """The browser itself has found the file unfit."""
        self._upload_rejected(code, _slot(slot))

    @rx.event
    @resident(draws=True, writes=True)
    def take_upload(self, visit: Visit, files: list[rx.UploadFile], slot: str, replacing: str) -> None:
        """Keep the file in its place; what is wrong with it is said beside it."""
        self._take_upload(visit, files, _slot(slot), replacing)

    @rx.event
    @resident(writes=True)
    def remove_upload(self, visit: Visit, key: str, slot: str) -> None:
        """«Убрать»."""
        self._remove_upload(visit, key, _slot(slot))


class StaffUploads(_Uploads, mixin=True):
    """For the desk: the files of an answer."""

    @rx.event
    @staff(OPERATOR, ADMIN)
    def upload_starts(self, visit: Visit, slot: str) -> None:
        """A file has been chosen and is on its way."""
        self._upload_starts(_slot(slot))

    @rx.event
    @staff(OPERATOR, ADMIN)
    def upload_progress(self, visit: Visit, progress: dict[str, Any]) -> None:
        """How much of it has come."""
        self._upload_progress(progress)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def upload_rejected(self, visit: Visit, code: str, slot: str) -> None:
        """The browser itself has found the file unfit."""
        self._upload_rejected(code, _slot(slot))

    @rx.event
    @staff(OPERATOR, ADMIN, draws=True, writes=True)
    def take_upload(self, visit: Visit, files: list[rx.UploadFile], slot: str, replacing: str) -> None:
        """Keep the file in its place; what is wrong with it is said beside it."""
        self._take_upload(visit, files, _slot(slot), replacing)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def remove_upload(self, visit: Visit, key: str, slot: str) -> None:
        """«Убрать»."""
        self._remove_upload(visit, key, _slot(slot))


def _full(lists: dict[str, list[UploadRow]]) -> dict[str, bool]:
    return {slot: len(rows) >= room_of(slot) for slot, rows in lists.items()}


def _slot(slot: object) -> str:
    return slot if isinstance(slot, str) else ""
