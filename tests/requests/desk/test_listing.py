"""The queue on both databases: whose it is, its filters, its orders, its search, its pages."""

from datetime import date, timedelta

import pytest

from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.requests.desk import searching
from lk_reflex.domain.requests.desk.listing import PAGE, counted, neighbour, queue
from lk_reflex.domain.requests.desk.wanted import Sort, Wanted, Whose
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from tests.requests.desk.requests import hours_ago, put_request


@pytest.fixture
def others(db):
    """Another organization, for which only the administrator works."""
    with db.transaction() as writer:
        organization = Organization(inn="7421000299", name="Другая", short_name="Другая")
        writer.add(organization)
        return organization.id


def numbers(db, person, wanted=None, **filters):
    page = db.read(queue, person.actor, wanted or Wanted(**filters))
    return [row.number for row in page.rows]


def test_operators_see_what_waits_in_their_organizations_newest_first(db, cast, others):
    put_request(db, cast, "1" * 12, sent_at=hours_ago(3))
    put_request(db, cast, "2" * 12, kind="appeal", status=Status.WORKING, sent_at=hours_ago(2))
    put_request(db, cast, "3" * 12, status=Status.DONE)
    put_request(db, cast, "4" * 12, status=Status.DRAFT)
    put_request(db, cast, "5" * 12, organization_id=others, sent_at=hours_ago(1))
    assert numbers(db, cast.operator) == ["2" * 12, "1" * 12]
    assert numbers(db, cast.operator, any_status=True) == ["3" * 12, "2" * 12, "1" * 12]
    assert numbers(db, cast.admin) == ["5" * 12, "2" * 12, "1" * 12]
    for person in (cast.outsider, cast.owner):
        assert numbers(db, person, any_status=True) == []
        assert numbers(db, person, search="Кыштымская") == []
    assert numbers(db, cast.operator, organization_id=others, any_status=True) == []


def test_drafts_are_never_found(db, cast):
    put_request(db, cast, status=Status.DRAFT)
    for wanted in (Wanted(any_status=True), Wanted(search="261120482913"), Wanted(search="Кыштымская")):
        assert numbers(db, cast.admin, wanted) == []


def test_filters_narrow_the_queue(db, cast):
    me, colleague = cast.operator.actor.user_id, cast.colleague.actor.user_id
    put_request(db, cast, "1" * 12, sent_at=hours_ago(1), assignee_id=me)
    put_request(db, cast, "2" * 12, sent_at=hours_ago(2), assignee_id=colleague, kind="emergency")
    put_request(db, cast, "3" * 12, sent_at=hours_ago(3), due_on=date(2026, 11, 19), status=Status.ACCEPTED)
    put_request(db, cast, "4" * 12, sent_at=hours_ago(24 * 10), due_on=date(2026, 11, 20))
    put_request(db, cast, "5" * 12, sent_at=hours_ago(24 * 20), due_on=date(2026, 11, 1), status=Status.DONE)
    for search in ("", "Кыштымская"):
        found = {
            "mine": numbers(db, cast.operator, search=search, whose=Whose.MINE),
            "nobody": numbers(db, cast.operator, search=search, whose=Whose.NOBODY),
            "kind": numbers(db, cast.operator, search=search, kind=Kind.EMERGENCY),
            "status": numbers(db, cast.operator, search=search, status=Status.ACCEPTED),
            "overdue": numbers(db, cast.operator, search=search, overdue=True),
            "day": numbers(db, cast.operator, search=search, first=date(2026, 11, 20), any_status=True),
            "until": numbers(db, cast.operator, search=search, last=date(2026, 11, 1), any_status=True),
        }
        assert {name: sorted(number[0] for number in some) for name, some in found.items()} == {
            "mine": ["1"],
            # A search looks at all statuses.
            "nobody": ["3", "4", "5"] if search else ["3", "4"],
            "kind": ["2"],
            "status": ["3"],
            # The term's last day isn't over yet at 15:00; what is done is never late.
            "overdue": ["3"],
            "day": ["1", "2", "3"],
            "until": ["5"],
        }


def test_orders(db, cast):
    put_request(db, cast, "1" * 12, sent_at=hours_ago(1), due_on=date(2026, 12, 1))
    put_request(db, cast, "2" * 12, sent_at=hours_ago(3), due_on=date(2026, 12, 3), kind="appeal")
    put_request(db, cast, "3" * 12, sent_at=hours_ago(2), due_on=date(2026, 12, 2), status=Status.WORKING)
    by = {sort: [number[0] for number in numbers(db, cast.operator, sort=sort)] for sort in Sort}
    assert by == {Sort.NEWEST: ["1", "3", "2"], Sort.OLDEST: ["2", "3", "1"], Sort.TERM: ["1", "3", "2"]}
    assert Wanted(sort=Sort.TERM, status=Status.DONE).order is Sort.NEWEST


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("search", ["", "Кыштымская"])
def test_pages_hold_each_request_once(db, cast, sort, search):
    wanted = {f"{place:012d}" for place in range(130)}
    for place, number in enumerate(sorted(wanted)):
        put_request(
            db, cast, number, sent_at=hours_ago(place // 3), due_on=date(2026, 12, 1) + timedelta(days=place % 5),
            status=(Status.SENT, Status.ACCEPTED, Status.WORKING)[place % 3], words=("Кыштымская", number),
        )  # fmt: skip
    seen, after, pages = [], "", 0
    while pages == 0 or after:
        page = db.read(queue, cast.operator.actor, Wanted(search=search, sort=sort, after=after))
        seen += [row.number for row in page.rows]
        after, pages = page.after, pages + 1
    assert (len(seen), set(seen), pages) == (130, wanted, 3)
    assert len(seen) - 2 * PAGE == 30


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("261120-482-913", True),
        ("261120482", True),
        ("Здетовецкий кыштым", True),
        ("СЕРГЕЙ", True),
        ("8 912 345 67 89", True),
        ("л/с 1234567899", True),
        ("ПУ 00456", False),
        ("Кыштымская 11", False),
        ("Кыштымская 10 кв 1010", True),
        ("%", False),
        ("_", False),
        ("' OR 1=1 --", False),
        ("\\", False),
        ("\0", False),
        ("\ud800", False),
        ("ж" * 10_000, False),
        ("а " * 5000, False),
    ],
)
def test_every_word_must_begin_one_of_the_requests_words(db, cast, typed, found):
    put_request(db, cast)
    assert numbers(db, cast.operator, search=typed) == (["261120482913"] if found else [])


def test_a_common_word_is_walked_in_stretches_that_say_where_they_end(db, cast, monkeypatch):
    monkeypatch.setattr(searching, "RARE", 3)
    monkeypatch.setattr(searching, "STRETCH", 5)
    for cached in (searching._end, searching.statement):
        cached.cache_clear()
    monkeypatch.setattr(searching, "_FREQUENCY", searching._counting(3))
    for place in range(23):
        words = ("Мира", "Первый" if place % 2 else "Второй", "Редкий" if place == 0 else "Частый")
        put_request(db, cast, f"{place:012d}", sent_at=hours_ago(23 - place), words=words)
    for sort, expected in ((Sort.NEWEST, list(range(21, 0, -2))), (Sort.OLDEST, list(range(1, 22, 2)))):
        seen, after, cuts, turns = [], "", 0, 0
        while turns == 0 or after:
            page = db.read(queue, cast.operator.actor, Wanted(search="мир перв част", sort=sort, after=after))
            assert page.cut == (bool(page.after) and not page.more)
            seen += [int(row.number) for row in page.rows]
            after, cuts, turns = page.after, cuts + page.cut, turns + 1
        assert (seen, cuts > 0) == (expected, True)
    assert numbers(db, cast.operator, search="мира редк") == [f"{0:012d}"]
    for cached in (searching._end, searching.statement):
        cached.cache_clear()


def test_a_request_that_moves_on_keeps_its_place_for_the_next_one(db, cast):
    for place in range(3):
        put_request(db, cast, f"{place:012d}", sent_at=hours_ago(place))
    wanted = Wanted(status=Status.SENT)
    assert db.read(neighbour, cast.operator.actor, wanted, f"{0:012d}") == f"{1:012d}"
    assert db.read(neighbour, cast.operator.actor, wanted, f"{2:012d}") == ""
    assert db.read(neighbour, cast.outsider.actor, wanted, f"{0:012d}") == ""


def test_counters_follow_the_duties_and_the_filters(db, cast, others):
    put_request(db, cast, "1" * 12, due_on=date(2026, 11, 1))
    put_request(db, cast, "2" * 12, kind="appeal", status=Status.DONE, due_on=date(2026, 11, 1))
    put_request(db, cast, "3" * 12, organization_id=others, due_on=date(2026, 11, 1))
    put_request(db, cast, "4" * 12, status=Status.DRAFT)

    def of(person, **narrowed):
        found = db.read(counted, person.actor, **narrowed)
        return found.by_status[Status.SENT], found.by_status[Status.DONE], found.waiting, found.overdue

    assert of(cast.operator) == (1, 1, 1, 1)
    assert of(cast.admin) == (2, 1, 2, 2)
    assert of(cast.admin, organization_id=others) == (1, 0, 1, 1)
    assert of(cast.operator, kind=Kind.APPEAL) == (0, 1, 0, 0)
    assert of(cast.outsider) == (0, 0, 0, 0)
