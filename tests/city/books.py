"""What customers were told against what is stored, what the bank has taken, and what has come to the mailbox."""

from collections import Counter
from email import message_from_bytes
from typing import Any

from sqlalchemy import text

from lk_reflex.domain.identity.passwords.reset import PURPOSE
from lk_reflex.domain.payments.orders.letters import PAID_KIND
from lk_reflex.standins.bank.ledger import Ledger
from tests.city import customers
from tests.city.crowd import Crowd, Habit
from tests.city.town import City, awaited

_SUBMISSIONS = "SELECT key, count(*) FROM submissions GROUP BY key"
_SENT = "SELECT number, count(*) FROM requests WHERE sent_at IS NOT NULL GROUP BY number"
_ORDERS = "SELECT once_key, count(*) FROM orders GROUP BY once_key"
_LETTERS = f"SELECT recipient, count(*) FROM outgoing_mail WHERE kind = '{PURPOSE}' GROUP BY recipient"
#: Where each habit's presses are, by their keys.
PLACES: dict[Habit, str] = {
    customers.sends_readings: _SUBMISSIONS,
    customers.sends_as_guest: _SUBMISSIONS,
    customers.writes: _SENT,
    customers.pays: _ORDERS,
    customers.asks_for_a_letter: _LETTERS,
}
_PAID = """
    SELECT o.number, o.status, o.total, count(p.id), coalesce(sum(p.amount), 0)
    FROM orders o LEFT JOIN postings p ON p.order_id = o.id GROUP BY o.id
"""
#: As if the time were over for which whoever was killed keeps others off.
_TURNS = (
    "UPDATE orders SET looking_until = NULL, next_look_at = now() WHERE status IN ('new', 'waiting')",
    "UPDATE outgoing_mail SET leased_until = NULL, next_try_at = now() WHERE settled_at IS NULL",
)


def rows(city: City, query: str) -> list[Any]:
    with city.database.engine.connect() as connection:
        return list(connection.execute(text(query)))


def status(city: City, form: str) -> str:
    """Of the order that this form has made."""
    with city.database.engine.connect() as connection:
        found = connection.execute(text("SELECT status FROM orders WHERE once_key = :form"), {"form": form})
        return str(found.scalar_one())


def settled(city: City, ledger: Ledger) -> None:
    """Wait until the workers have done all that is owed: charged orders are paid, letters are gone."""
    forget_turns(city)
    awaited(lambda: not unfinished(city, ledger), "the workers don't come to an end with it")


def forget_turns(city: City) -> None:
    """Leases of killed workers last minutes, for good reasons; a test needn't."""
    with city.database.engine.begin() as connection:
        for statement in _TURNS:
            connection.execute(text(statement))


def unfinished(city: City, ledger: Ledger) -> list[str]:
    """Orders that the bank has charged and we don't know of; letters that wait."""
    charged = {str(one["number"]) for one in ledger.orders() if ledger.charges(str(one["number"]))}
    known = {row.number for row in rows(city, _PAID) if row.status == "paid"}
    waiting = rows(city, "SELECT kind FROM outgoing_mail WHERE settled_at IS NULL")
    return sorted(charged - known) + [row.kind for row in waiting]


def presses_are_kept(city: City, crowd: Crowd) -> None:
    """What was told is there, once; what was refused isn't; and nothing is there that nobody has pressed."""
    for query in set(PLACES.values()):
        stored = dict(tuple(row) for row in rows(city, query))
        habits = [habit for habit, place in PLACES.items() if place == query]
        told = {one.key for habit in habits for one in crowd.of(habit, "told")}
        refused = {one.key for habit in habits for one in crowd.of(habit, "refused")}
        silent = {one.key for habit in habits for one in crowd.of(habit, "silent")}
        assert told - stored.keys() == set(), f"lost: {query}"
        assert refused & stored.keys() == set(), f"refused and there: {query}"
        assert stored.keys() - told - silent == set(), f"nobody's: {query}"
        assert set(stored.values()) <= {1}, f"twice: {query}"


def readings_are_whole(city: City) -> None:
    """No submission without its readings, and one at most that counts for a meter's scale and period."""
    assert rows(city, "SELECT 1 FROM submissions s WHERE NOT EXISTS"
                      " (SELECT FROM sent_readings r WHERE r.submission_id = s.id)") == []  # fmt: skip


def requests_moved_once(city: City) -> None:
    """A request that was sent has been sent once."""
    assert rows(city, "SELECT request_id FROM request_events WHERE kind = 'moved' AND became = 'sent'"
                      " GROUP BY request_id HAVING count(*) > 1") == []  # fmt: skip


def money_agrees(city: City, ledger: Ledger) -> int:
    """Each order is charged once at most, and posted as charged; returns how many are paid."""
    numbers = Counter(str(one["number"]) for one in ledger.orders())
    paid = 0
    for number, status, total, postings, posted in rows(city, _PAID):
        charges = ledger.charges(number)
        assert numbers[number] <= 1 and charges in ([], [total]), number
        assert (postings, posted) == (len(charges), sum(charges)), number
        assert (status == "paid") == bool(charges), (number, status)
        paid += len(charges)
    assert set(numbers) <= {row.number for row in rows(city, _PAID)}
    assert len(rows(city, f"SELECT 1 FROM outgoing_mail WHERE kind = '{PAID_KIND}'")) == paid
    return paid


def letters_came(city: City) -> int:
    """Whatever was written has come, twice at most and under the same id; returns how many letters there are."""
    mail = rows(city, "SELECT message_id, sent_at, refusal, recipient FROM outgoing_mail")
    assert [row for row in mail if row.sent_at is None or row.refusal] == []
    files = (city.folder / "mail" / "new").glob("*.demo")
    came = Counter(_id_of(message_from_bytes(path.read_bytes())["Message-ID"]) for path in files)
    assert set(came) == {row.message_id for row in mail}
    assert max(came.values()) <= 2
    return len(mail)


def _id_of(header: object) -> str:
    return str(header).strip("<>").partition("@")[0]
