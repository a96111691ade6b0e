"""Search keys of rows that an older version imported are made anew, by the importer's own functions."""

from sqlalchemy import text

from lk_reflex.exchange import rekey as module
from lk_reflex.exchange.rekey import rekey

KEYS = (
    "SELECT number_key, house_key, flat_key, surname_key FROM accounts a JOIN buildings b ON b.id = a.building_id"
    " ORDER BY a.id"
)


def spoil(db, statement):
    with db.transaction() as writer:
        writer.change(text(statement))


def keys(db):
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(KEYS))]


def run(db):
    with db.transaction() as writer:
        return rekey(writer.connection)


def test_stale_keys_become_todays(db, cast, monkeypatch):
    monkeypatch.setattr(module, "PORTION", 1)
    before = keys(db)
    spoil(db, "UPDATE accounts SET number_key = 'X', flat_key = 'Y', surname_key = 'Здетовецкий'")
    spoil(db, "UPDATE buildings SET house_key = ''")
    assert keys(db) != before
    assert run(db) == 4
    assert keys(db) == before
    assert before[0] == ("1234567899", "10", "1010", "здетовецкий")


def test_what_is_right_is_left_alone(db, cast):
    before = keys(db)
    assert run(db) == 0
    assert keys(db) == before


def test_an_empty_database_has_nothing_to_do(db):
    assert run(db) == 0


def test_numbers_and_surnames_of_the_older_form_are_found_again(db, cast):
    spoil(db, "UPDATE accounts SET number = id || '-12A', number_key = 'ЛС12A', surname = 'ИВАНOВ И.И.'")
    run(db)
    assert [key[0] for key in keys(db)] == ["112А", "212А"]
    assert {key[3] for key in keys(db)} == {"иванов"}
