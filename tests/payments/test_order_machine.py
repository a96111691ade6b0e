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
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
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
from lk_reflex.integrations.bank.port import Hint, Rejected, Stage
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


#: Which order something happens to: mostly the newest.
RECENT = st.sampled_from([0, 0, 0, 1, 2, 5])


class Crash(BaseException):
    """The process dies here; nothing catches it on the way."""


class Books(RuleBasedStateMachine):
    """A cabinet, its worker and a bank, with everything that may happen between them."""

    template: Path

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
        self.numbers: list[str] = []
        self.sent: list[Hint] = []
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

    @rule(
        sums=st.lists(st.integers(1, 30000), min_size=1, max_size=3),
        then=st.sampled_from(["", "pays", "pays", "pays", "pays and tells", "is thought about"]),
    )
    def press(self, sums: list[int], then: str) -> None:
        """«Оплатить»: what lies open is cleared away first. Mostly the payer goes on at the bank at once."""
        world = self.world
        lines = world.wanted([(f"Услуга {place}", amount) for place, amount in enumerate(sums)])
        try:
            again = clear_the_way(
                world.database, world.banks, user_id=world.cast.owner.actor.user_id,
                organization_id=world.cast.organization, lines=lines, site=SITE, clock=world.clock,
                total=sum(line.amount for line in lines),
            )  # fmt: skip
        except DomainError as refusal:
            SEEN[f"refused: {type(refusal).__name__}"] += 1
            return
        except Crash:
            self.restart()
            return
        number = again or world.placed(*lines)
        if number not in self.numbers:
            self.numbers.append(number)
        self._try(world.start, number)
        if then:
            self._do_at_the_bank(number, then.removesuffix(" and tells"))
        if then.endswith("tells"):
            self._deliver(Hint(number, "", "deposited", True, signed=True))

    @precondition(lambda self: self.numbers)
    @rule(which=RECENT, what=st.sampled_from(["comes back", "presses the same again", "gives up"]))
    def the_payer(self, which: int, what: str) -> None:
        world, number = self.world, self._number(which)
        if what == "comes back":
            self._try(world.look, number, Cause.RETURN)
        elif what == "presses the same again":
            self._try(world.start, number)
        else:
            actor = world.cast.owner.actor
            self._try(cancel, world.database, world.banks, actor, number, site=SITE, clock=world.clock)

    # The payer and the staff at the bank.

    @precondition(lambda self: self.numbers)
    @rule(
        which=RECENT,
        what=st.sampled_from(["pays", "pays", "pays", "is thought about", "is held", "goes back to the cards"]),
    )
    def at_the_bank(self, which: int, what: str) -> None:
        self._do_at_the_bank(self._number(which), what)

    def _do_at_the_bank(self, number: str, what: str) -> None:
        bank = self.world.bank
        at = bank.orders.get(number)
        if at is None or not (at.stage in (Stage.REGISTERED, Stage.AUTHORISING) or at.retries):
            return
        SEEN[what] += 1
        match what:
            case "pays":
                bank.pay(number, at=self.world.now)
            case "is thought about":
                bank.think(number)
            case "is held":
                bank.hold(number)
            case _:
                bank.change(number, stage=Stage.REGISTERED, code="")

    @precondition(lambda self: self.numbers)
    @rule(which=RECENT, retries=st.booleans(), code=st.sampled_from(["116", "100", "-2007", ""]))
    def is_declined(self, which: int, retries: bool, code: str) -> None:
        bank, number = self.world.bank, self._number(which)
        at = bank.orders.get(number)
        if at and at.stage in (Stage.REGISTERED, Stage.AUTHORISING):
            SEEN["declined"] += 1
            bank.refuse(number, code, retries=retries)

    @precondition(lambda self: self.numbers)
    @rule(which=RECENT)
    def is_paid_after_all(self, which: int) -> None:
        """What had been declined or closed turns out to be paid: banks do that, and the money counts."""
        bank, number = self.world.bank, self._number(which)
        at = bank.orders.get(number)
        if at and at.stage is Stage.DECLINED:
            SEEN["paid after all"] += 1
            bank.pay(number, at=self.world.now)

    @precondition(lambda self: self.numbers)
    @rule(which=RECENT, share=st.sampled_from([0, 1, 10, 33, 50, 99, 100, 100, None]))
    def money_goes_back(self, which: int, share: int | None) -> None:
        """A share of what is left in percent; None undoes the whole payment."""
        bank, number = self.world.bank, self._number(which)
        at = bank.orders.get(number)
        if at is None or at.captured <= at.refunded:
            return
        if share is not None:
            SEEN["given back"] += 1
            bank.give_back(number, max(1, (at.captured - at.refunded) * share // 100))
        elif not at.refunded:
            SEEN["undone"] += 1
            bank.undo(number)

    # Callbacks: in any order, again and again, never, or forged.

    @precondition(lambda self: self.numbers)
    @rule(
        which=RECENT,
        operation=st.sampled_from(["deposited", "refunded", "declined", "junk"]),
        succeeded=st.booleans(),
        times=st.sampled_from([0, 1, 1, 2]),
    )
    def the_bank_calls_back(self, which: int, operation: str, succeeded: bool, times: int) -> None:
        """Lost on the way where `times` is 0, and perhaps delivered later."""
        hint = Hint(self._number(which), "", operation, succeeded, signed=True)
        self.sent.append(hint)
        for _ in range(times):
            self._deliver(hint)

    @precondition(lambda self: self.sent)
    @rule(which=RECENT)
    def an_old_callback_comes(self, which: int) -> None:
        self._deliver(self.sent[-1 - which % len(self.sent)])

    def _deliver(self, hint: Hint) -> None:
        SEEN["callbacks"] += 1
        number = self._try(take_hint, self.database, hint, INN, now=self.world.now)
        if number:
            self._try(self.world.look, number, Cause.CALLBACK)

    @precondition(lambda self: self.numbers)
    @rule(which=RECENT, inn=st.sampled_from([INN, "7400000001"]), known=st.booleans())
    def somebody_forges_a_callback(self, which: int, inn: str, known: bool) -> None:
        hint = Hint(self._number(which) if known else "26112099999999", "", "deposited", True, signed=False)
        told = self._try(take_hint, self.database, hint, inn, now=self.world.now)
        assert told is None or (known and inn == INN)

    # What goes wrong.

    @rule(
        call=st.sampled_from(["register", "state", "decline"]),
        fate=st.sampled_from([BEFORE, AFTER, Rejected("5"), Rejected("7")]),
    )
    def the_next_call_goes_wrong(self, call: str, fate: str | Exception) -> None:
        if len(self.world.bank.trouble[call]) < 2:
            self.world.bank.trouble[call].append(fate)

    @rule(minutes=st.sampled_from([1, 10, 90]))
    def the_bank_is_down_for_a_while(self, minutes: int) -> None:
        self.world.bank.down = True
        self.the_worker_steps()
        self.world.later(minutes=minutes)
        self.the_worker_steps()
        self.world.bank.down = False

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

    @rule(minutes=st.sampled_from([0.2, 1, 1, 2, 5, 10, 60, 26 * 60]))
    def time_passes(self, minutes: float) -> None:
        self.world.later(minutes=minutes)
        self.the_worker_steps()

    @rule(hours=st.sampled_from([-1, -1, -1, 1, 1, -30, 24 * 400, -24 * 400]))
    def the_clock_jumps(self, hours: int) -> None:
        SEEN["jumps"] += 1
        self.world.later(hours=hours)

    @rule()
    def the_worker_steps(self) -> None:
        """A crash in one of its threads is the end of that thread alone; its order's turn runs out by itself."""
        self.worker.step()

    def _number(self, which: int) -> str:
        """The newest, or one of those before it."""
        return self.numbers[-1 - which % len(self.numbers)]

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
        # Past the end of every order, also of those that were made while the clock was years ahead.
        ends = [self.world.order(number).expires_at for number, _ in self._statuses()]
        self.world.now = max([self.world.now, *ends])
        self.world.later(days=2)
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
            at = self.world.bank.orders.get(number)
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
    # Some runs end early, so that more of them are begun.
    runs = max(1, STEPS_IN_ALL * 5 // 4 // EACH) if STEPS_IN_ALL else 25
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
