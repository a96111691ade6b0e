"""People who send readings, pay, write appeals and upload files, all at once, and remember what they were told."""

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import Submission
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import Order
from lk_reflex.domain.requests.appeal.sending import send_appeal
from lk_reflex.domain.requests.attaching import add_file, remove_file
from lk_reflex.domain.requests.drafts import keep_fields, open_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.tables import Request
from lk_reflex.integrations.storage.port import FileStore
from lk_reflex.jobs.files import sweep_files
from tests.cast import NOW, Cast
from tests.metering.dials import form, make_meter, monthly
from tests.payments.world import SITE, World

READING, PAYMENT, APPEAL, FILE = "reading", "payment", "appeal", "file"
KINDS = (READING, PAYMENT, APPEAL, FILE)
#: How many of the files.
STAY = 3
#: Where each kind of promise must be found again.
ROWS = {
    READING: select(func.count()).where(col(Submission.key) == bindparam("name")),
    PAYMENT: select(func.count()).where(
        col(Order.number) == bindparam("name"), col(Order.status) == Status.PAID.value, col(Order.captured) > 0
    ),
    APPEAL: select(func.count()).where(col(Request.number) == bindparam("name"), col(Request.status) == "sent"),
    FILE: select(func.count()).where(col(StoredFile.key) == bindparam("name")),
}


@dataclass
class Crowd:
    """`told` are the promises, in their order; `faults` what should never happen."""

    database: Database
    store: FileStore
    cast: Cast
    world: World
    told: list[tuple[str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.meter = make_meter(self.database, self.cast.flat)
        monthly(self.database, self.meter, "118", "6")
        self._volume = 0
        self._papers = self._draft(Kind.EMERGENCY)
        deeds = (self._reads, self._pays, self._writes, self._uploads)
        self._threads = [threading.Thread(target=self._keep, args=(deed,)) for deed in deeds]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self.ending.set()
        for thread in self._threads:
            thread.join(60)

    def await_promises(self, count: int) -> list[tuple[str, str]]:
        """What has been promised once there are so many of each kind."""
        deadline = time.monotonic() + 60
        while any(sum(one[0] == kind for one in self.told) < count for kind in KINDS):
            assert time.monotonic() < deadline and not self.faults, self._state()
            time.sleep(0.02)
        return list(self.told)

    def await_more(self) -> None:
        """Until somebody is promised something again."""
        before, deadline = len(self.told), time.monotonic() + 60
        while len(self.told) == before:
            assert time.monotonic() < deadline and not self.faults, self._state()
            time.sleep(0.02)

    def _state(self) -> str:
        return f"{Counter(kind for kind, _ in self.told)}, refused: {self.refused}, faults: {self.faults}"

    def _keep(self, deed: Callable[[], None]) -> None:
        while not self.ending.is_set():
            try:
                deed()
            except DomainError as refusal:  # a quota, or a database that others hold: nothing was promised
                self.refused.add(refusal.message)
            except Exception as fault:  # noqa: BLE001  the test tells of it
                self.faults.append(repr(fault))
                return
            self.ending.wait(0.05)

    def _reads(self) -> None:
        key, self._volume = secrets.token_hex(12), self._volume + 1
        value = f"{118 + self._volume / 1000:.3f}".replace(".", ",")
        actor = self.cast.owner.actor
        rows = form(**{f"m{self.meter}_1": value})
        self.database.write(submit, actor, self.cast.flat, rows, "", key, (), now=NOW)
        self.told.append((READING, key))

    def _pays(self) -> None:
        number = self.world.start(self.world.placed(key=secrets.token_hex(12))).number
        self.world.bank.pay(number)
        if self.world.look(number).status is Status.PAID:
            self.told.append((PAYMENT, number))

    def _writes(self) -> None:
        number = self._draft(Kind.APPEAL)
        fields = {"topic": "Качество воды", "text": "Вода течёт мутная, с песком.", "phone": "8 (912) 345-67-89"}
        self.database.write(keep_fields, self.cast.owner.actor, number, fields, now=NOW)
        key = secrets.token_hex(12)
        self.database.write(
            send_appeal, self.cast.owner.actor, number, version=1, once_key=key, site=SITE, now=NOW, seen=None
        )
        self.told.append((APPEAL, number))

    def _uploads(self) -> None:
        """A few stay; the others are taken out again and swept: their bytes go, and no copy may miss them."""
        owner, number = self.cast.owner.actor, self._papers
        kept = add_file(self.database, self.store, owner, number, "photo", "Фото.jpg", _photo(), now=NOW)
        if sum(kind == FILE for kind, _ in self.told) < STAY:
            self.told.append((FILE, kept.key))
        else:
            self.database.write(remove_file, owner, number, kept.key, now=NOW)
            sweep_files(self.database, self.store, now=NOW + timedelta(days=2))

    def _draft(self, kind: Kind) -> str:
        owner = self.cast.owner.actor
        return self.database.write(
            open_draft, owner, kind, organization_id=self.cast.organization, account_id=self.cast.flat, now=NOW
        )


def _photo() -> bytes:
    out = BytesIO()
    Image.effect_noise((40, 30), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def kept(db: Reader, promise: tuple[str, str]) -> bool:
    """Whether what somebody was told is taken is there."""
    kind, name = promise
    return db.value(ROWS[kind], name=name) == 1
