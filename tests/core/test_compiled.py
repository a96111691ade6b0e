"""The fast way of reading gives what SQLAlchemy's own way gives."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from psycopg import ProgrammingError
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
)
from sqlmodel.sql.sqltypes import AutoString

from lk_reflex.core.compiled import Compiled
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber, UtcTime, Whole
from lk_reflex.tables import METADATA

NOON = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
VALUES = {
    "word": (String(), "Ёж «100 %» _\\ ' :x %(y)s ?"),
    "text": (AutoString(), "ё"),
    "whole": (Whole, 2**40),
    "small": (Integer(), -7),
    "yes": (Boolean(), True),
    "day": (Date(), date(2024, 2, 29)),
    "moment": (UtcTime(), NOON),
    "month": (MonthNumber(), Month(2026, 2)),
    "number": (Float(), 55.0625),
    "tree": (JSON(), {"а": [1, None, "б"]}),
}
LONE = MetaData()
THING = Table(
    "compiled_things", LONE, Column("id", Integer, primary_key=True), *(Column(k, t) for k, (t, _) in VALUES.items())
)
COMPARED = [name for name in VALUES if name != "tree"]  # PostgreSQL compares no json


@pytest.fixture
def things(db):
    with db.engine.begin() as connection:
        LONE.create_all(connection)
        connection.execute(THING.insert(), {"id": 1, **{name: value for name, (_, value) in VALUES.items()}})
        connection.execute(THING.insert(), {"id": 2, **dict.fromkeys(VALUES)})
        connection.execute(THING.insert(), {"id": 3, **dict.fromkeys(VALUES), "yes": False, "small": 0, "word": ""})
    yield db
    with db.engine.begin() as connection:
        LONE.drop_all(connection)


def both_ways(db, query, **params):
    with db.engine.connect() as connection:
        slow = [tuple(row) for row in connection.execute(query, params)]
    fast = [tuple(row) for row in db.read(lambda reader: reader.rows(query, **params))]
    assert [[(type(v), v) for v in row] for row in fast] == [[(type(v), v) for v in row] for row in slow]
    return fast


def test_every_column_type_of_the_schema_is_tried_here():
    tried = {type(kind) for kind, _ in VALUES.values()}
    used = {type(column.type) for table in METADATA.tables.values() for column in table.columns}
    assert {kind for kind in used if not any(issubclass(kind, known) for known in tried)} == set()


@pytest.mark.parametrize("name", VALUES)
def test_values_come_back_the_same_type_and_all_and_nothing_stays_nothing(things, name):
    rows = both_ways(things, select(THING.c.id, THING.c[name]).order_by(THING.c.id))
    assert rows[0] == (1, VALUES[name][1])
    assert rows[1] == (2, None)


@pytest.mark.parametrize("name", COMPARED)
def test_a_bound_value_of_every_type_finds_its_row(things, name):
    query = select(THING.c.id).where(THING.c[name] == bindparam("wanted"))
    assert both_ways(things, query, wanted=VALUES[name][1]) == [(1,)]


@pytest.mark.parametrize("name", COMPARED)
def test_a_list_of_values_of_every_type_finds_its_row(things, name):
    assert both_ways(things, select(THING.c.id).where(THING.c[name].in_([VALUES[name][1]]))) == [(1,)]


@pytest.mark.parametrize("name", COMPARED)
def test_a_value_written_into_the_statement_of_every_type_finds_its_row(things, name):
    assert both_ways(things, select(THING.c.id).where(THING.c[name] == VALUES[name][1])) == [(1,)]


@pytest.mark.parametrize(
    "query",
    [
        select(THING.c.id).order_by(THING.c.id).limit(1).offset(1),
        select(func.count().label("n"), func.max(THING.c.moment).label("latest"), func.max(THING.c.month).label("m")),
        select(THING.c.id).where(THING.c.word.like("%100 \\%%", escape="\\")),
        select(THING.c.id).where(THING.c.word.contains("100 %", autoescape=True)),
        select(literal("10 %").label("percent"), THING.c.word).order_by(THING.c.id),
        select(case((THING.c.yes.is_(True), THING.c.moment), else_=None).label("at")).order_by(THING.c.id),
        select(THING.c.id).where(THING.c.yes.is_(None)),
        select(func.coalesce(THING.c.small, 5)).order_by(THING.c.id),
        select(THING.c.id).where(THING.c.id.in_([])),
        select(THING.c.id, select(func.count()).select_from(THING).scalar_subquery().label("all")).order_by(THING.c.id),
    ],
)
def test_statements_of_every_make_agree(things, query):
    both_ways(things, query)


@pytest.mark.parametrize(
    "hostile", ["'", "%", "_", "\\", "'; DROP TABLE compiled_things; --", "?", ":x", "%s", "x" * 10_000]
)
def test_a_hostile_value_is_only_a_value(things, hostile):
    assert both_ways(things, select(THING.c.id).where(THING.c.word == bindparam("word")), word=hostile) == []


def test_rows_have_names(things):
    row = things.read(lambda db: db.first(select(THING.c.id, THING.c.word.label("said")).where(THING.c.id == 3)))
    assert (row.id, row.said) == (3, "")


def test_a_forgotten_parameter_is_an_error_and_not_a_null(things):
    with pytest.raises((KeyError, ProgrammingError), match="word"):
        things.read(lambda db: db.rows(select(THING.c.id).where(THING.c.word == bindparam("word"))))


def test_a_moment_without_a_zone_is_refused_on_the_fast_way_too(things):
    query = select(THING.c.id).where(THING.c.moment == bindparam("at"))
    with pytest.raises(ValueError, match="time zone"):
        things.read(lambda db: db.rows(query, at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_moments_compare_as_moments_whatever_their_zone(things):
    query = select(THING.c.id).where(THING.c.moment > bindparam("since"))
    just_before = (NOON - timedelta(microseconds=1)).astimezone(UTC)
    assert both_ways(things, query, since=just_before) == [(1,)]
    assert both_ways(things, query, since=NOON) == []


def test_a_statement_is_compiled_once_for_each_database(things):
    query = select(THING.c.id).where(THING.c.id == bindparam("n"))
    first = Compiled.of(query, things.engine.dialect)
    assert Compiled.of(query, things.engine.dialect) is first


def test_first_and_value_of_nothing_are_nothing(things):
    query = select(THING.c.id).where(THING.c.id == bindparam("n"))
    assert things.read(lambda db: db.first(query, n=99)) is None
    assert things.read(lambda db: db.value(query, n=99)) is None
    assert things.read(lambda db: db.value(query, n=2)) == 2
