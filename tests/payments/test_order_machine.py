"""Whatever payers, banks, callbacks, crashes and clocks do, the ledger is what the bank has taken and given back.

`LK_STEPS=10000` runs so many steps in all; without it a moderate number.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from lk_reflex.core.db import Database
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.orders import hints, looking, settling, starting
from lk_reflex.domain.payments.orders.cancelling import cancel
from lk_reflex.domain.payments.orders.hints import take_hint
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.once import clear_the_way
from lk_reflex.integrations.bank.port import BankState, Hint, Rejected, Stage
from lk_reflex.jobs.orders import Reconciler
from tests.billing.paper import february_2018
from tests.cast import people
from tests.payments.bank import AFTER, BEFORE, MemoryBank
from tests.payments.world import SITE, World

INN = "7421000200"
#: Every marked point of the flow; the first two are inside transactions, so what they cut short never was.
POINTS = (
    "settle-moved", "settle-posted", "settled", "bank-asked", "order-recorded", "order-registered-unsaved",
    "order-registered", "hint-received", "hint-recorded",
)  # fmt: skip
STEPS_IN_ALL = int(os.environ.get("LK_STEPS", "0"))
EACH = 50
#: What the runs have met, for whoever runs ten thousand steps and wants to know what they were.
SEEN: Counter[str] = Counter()


class Crash(BaseException):
    """The process dies here; nothing catches it on the way."""


class Books(RuleBasedStateMachine):
    """A cabinet, its worker and a bank, with everything that may happen between them."""

    template: Path

    numbers = Bundle("numbers")
    called = Bundle("called")

    @initialize(
        rate=st.sampled_from([0, 100, 333]),
        minimum=st.sampled_from([0, 5000]),
        tells_pages=st.booleans(),
        repeats=st.booleans(),
    )
    def open(self, rate: int, minimum: int, tells_pages: bool, repeats: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lk-machine-"))
        shutil.copy(self.template, self.folder / "lk.db")
        self.database = Database(f"sqlite:///{self.folder / 'lk.db'}")
        cast = people(self.database)
        with self.database.transaction() as db:
            organization = db.session.get(Organization, cast.organization)
            assert organization is not None
            organization.commission_rate, organization.commission_minimum = rate, minimum
            db.session.add(organization)
        bank = MemoryBank(tells_pages=tells_pages, repeats=repeats)
        self.world = World(self.database, cast, february_2018(self.database, cast.flat), bank)
        self.crash_at = ""
        for module in (hints, looking, settling, starting):
            module.failpoint = self._failpoint  # type: ignore[attr-defined]
        self.restart()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self._come_to_rest()
        finally:
            self.worker.close()
            self.database.close()
            shutil.rmtree(self.folder)

    def _failpoint(self, name: str) -> None:
        SEEN[f"passed {name}"] += 1
        if name == self.crash_at:
            self.crash_at = ""
            SEEN[f"crashed at {name}"] += 1
            raise Crash(name)

    def _try(self, what, *given, **more):
        """Do something in a process that may die of it."""
        try:
            return what(*given, **more)
        except Crash:
            self.restart()
        except DomainError as refusal:
            SEEN[f"refused: {type(refusal).__name__}"] += 1
        return None

    # The payer in the cabinet.

    @rule(target=numbers, sums=st.lists(st.integers(1, 30000), min_size=1, max_size=3))
    def press(self, sums: list[int]):
        """«Оплатить»: what lies open is cleared away first."""
        world = self.world
        lines = world.wanted([(f"Услуга {place}", amount) for place, amount in enumerate(sums)])
        again = self._try(
            clear_the_way, world.database, world.banks, user_id=world.cast.owner.actor.user_id,
            organization_id=world.cast.organization, lines=lines, site=SITE, clock=world.clock,
        )  # fmt: skip
        number = again or world.placed(*lines)
        self._try(world.start, number)
        return number

    @rule(number=numbers)
    def press_the_same_again(self, number: str) -> None:
        self._try(self.world.start, number)

    @rule(number=numbers)
    def come_back(self, number: str) -> None:
        self._try(self.world.look, number, Cause.RETURN)

    @rule(number=numbers)
    def give_up(self, number: str) -> None:
        world = self.world
        self._try(cancel, world.database, world.banks, world.cast.owner.actor, number, site=SITE, clock=world.clock)

    # The payer and the staff at the bank.

    def _at(self, number: str) -> BankState | None:
        return self.world.bank.orders.get(number)

    @rule(number=numbers)
    def pay(self, number: str) -> None:
        at = self._at(number)
        if at and (at.stage in (Stage.REGISTERED, Stage.AUTHORISING) or at.retries):
            self.world.bank.pay(number, at=self.world.now)

    @rule(number=numbers)
    def pay_after_all(self, number: str) -> None:
        """What had been declined or closed turns out to be paid: banks do that, and the money counts."""
        at = self._at(number)
        if at and at.stage is Stage.DECLINED:
            SEEN["paid after all"] += 1
            self.world.bank.pay(number, at=self.world.now)

    @rule(number=numbers, retries=st.booleans(), code=st.sampled_from(["116", "100", "-2007", ""]))
    def be_declined(self, number: str, retries: bool, code: str) -> None:
        at = self._at(number)
        if at and at.stage in (Stage.REGISTERED, Stage.AUTHORISING):
            self.world.bank.refuse(number, code, retries=retries)

    @rule(number=numbers, held=st.booleans())
    def be_thought_about(self, number: str, held: bool) -> None:
        at = self._at(number)
        if at and at.stage is Stage.REGISTERED:
            self.world.bank.hold(number) if held else self.world.bank.think(number)

    @rule(number=numbers)
    def come_back_to_the_cards(self, number: str) -> None:
        at = self._at(number)
        if at and (at.stage is Stage.AUTHORISING or at.retries):
            self.world.bank.change(number, stage=Stage.REGISTERED, code="")

    @rule(number=numbers, share=st.floats(0, 1))
    def refund_at_the_bank(self, number: str, share: float) -> None:
        at = self._at(number)
        if at and at.captured > at.refunded:
            amount = max(1, int((at.captured - at.refunded) * share))
            self.world.bank.give_back(number, amount)

    @rule(number=numbers)
    def undo_at_the_bank(self, number: str) -> None:
        at = self._at(number)
        if at and at.captured and not at.refunded:
            self.world.bank.undo(number)

    # Callbacks: in any order, again and again, never, or forged.

    @rule(target=called, number=numbers, operation=st.sampled_from(["deposited", "refunded", "declined", "junk"]),
          succeeded=st.booleans())  # fmt: skip
    def send_a_callback(self, number: str, operation: str, succeeded: bool) -> Hint:
        return Hint(number, "", operation, succeeded, signed=True)

    @rule(hint=called)
    def deliver(self, hint: Hint) -> None:
        """It stays to be delivered again."""
        number = self._try(take_hint, self.database, hint, INN, now=self.world.now)
        if number:
            self._try(self.world.look, number, Cause.CALLBACK)

    @rule(hint=consumes(called))
    def lose(self, hint: Hint) -> None:
        """Nobody hears of it."""

    @rule(number=numbers, inn=st.sampled_from([INN, "7400000001"]), known=st.booleans())
    def forge(self, number: str, inn: str, known: bool) -> None:
        hint = Hint(number if known else "26112099999999", "", "deposited", True, signed=False)
        told = self._try(take_hint, self.database, hint, inn, now=self.world.now)
        assert told is None or (known and inn == INN)

    # What goes wrong.

    @rule(call=st.sampled_from(["register", "state", "decline"]),
          fate=st.sampled_from([BEFORE, AFTER, Rejected("5"), Rejected("7")]))  # fmt: skip
    def the_next_call_goes_wrong(self, call: str, fate: str | Exception) -> None:
        if len(self.world.bank.trouble[call]) < 2:
            self.world.bank.trouble[call].append(fate)

    @rule(down=st.booleans())
    def the_bank_is_down(self, down: bool) -> None:
        self.world.bank.down = down

    @rule(point=st.sampled_from(POINTS))
    def the_process_is_to_die_at(self, point: str) -> None:
        self.crash_at = point

    @rule()
    def restart(self) -> None:
        """All that is in memory is gone."""
        if hasattr(self, "worker"):
            self.worker.close()
        self.worker = Reconciler(self.database, self.world.banks, site=SITE, clock=self.world.clock)

    # Time.

    @rule(minutes=st.sampled_from([0.2, 1, 5, 60, 26 * 60, 8 * 24 * 60]))
    def time_passes(self, minutes: float) -> None:
        self.world.later(minutes=minutes)

    @rule(hours=st.sampled_from([-1, 1, -30, 30, 24 * 400, -24 * 400]))
    def the_clock_jumps(self, hours: int) -> None:
        self.world.later(hours=hours)

    @rule()
    def the_worker_steps(self) -> None:
        """A crash in one of its threads is the end of that thread alone; its order's turn runs out by itself."""
        self.worker.step()

    # What must hold.

    @invariant()
    def the_books_add_up(self) -> None:
        if hasattr(self, "world"):
            SEEN["steps"] += 1
            self.world.check()

    @invariant()
    def nothing_is_posted_that_the_bank_hasnt_taken(self) -> None:
        if hasattr(self, "world"):
            for number, status in self._statuses():
                if status in (Status.PAID, Status.REFUNDED):
                    assert self.world.bank.orders[number].stage in (Stage.PAID, Stage.REFUNDED, Stage.REVERSED)

    def _statuses(self) -> list[tuple[str, Status]]:
        with self.database.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT number, status FROM orders").all()
        return [(number, Status(status)) for number, status in rows]

    def _come_to_rest(self) -> None:
        """All is well again, and nobody does anything more: then the worker alone makes the books the bank's."""
        self.crash_at = ""
        self.world.bank.down = False
        self.world.bank.trouble.clear()
        self.restart()
        self.world.later(days=800)
        # No callback came: staff ask about all that the schedule has given up.
        for _ in range(4):
            self.world.later(hours=2)
            self._run_dry()
        for number, _ in self._statuses():
            self.world.later(minutes=1)
            self.world.look(number, Cause.STAFF)
        self.world.check()
        posted = sum(posting.amount for number, _ in self._statuses() for posting in self.world.postings(number))
        assert posted == self.world.bank.kept()
        for number, status in self._statuses():
            SEEN[f"ended {status.value}"] += 1
            at = self._at(number)
            thinking = at is not None and at.stage is Stage.AUTHORISING
            assert status not in OPEN or (status is Status.CHECKING and thinking), (status, at)

    def _run_dry(self) -> None:
        while self.worker.step():
            pass


@pytest.fixture
def template(sqlite_template, monkeypatch):
    monkeypatch.setattr(starting, "PATIENCE", 0.0)  # a dead process' registration comes to no end to be waited for
    kept = [(module, module.failpoint) for module in (hints, looking, settling, starting)]
    Books.template = sqlite_template
    yield
    for module, failpoint in kept:
        module.failpoint = failpoint


def test_the_ledger_is_the_banks(template):
    runs = max(1, STEPS_IN_ALL // EACH) if STEPS_IN_ALL else 25
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=runs,
            stateful_step_count=EACH,
            deadline=None,
            derandomize=not STEPS_IN_ALL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    if STEPS_IN_ALL:
        print("\n" + "\n".join(f"{count:8d} {what}" for what, count in sorted(SEEN.items())))
