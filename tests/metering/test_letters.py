"""The confirmation by mail: queued with the readings, once, to whoever sent them and wants it."""

from datetime import date

import pytest
from sqlalchemy import text

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.accounts.guest import guest_of, open_visit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.domain.mail.topics import READINGS, choose
from lk_reflex.domain.metering.sending.submit import submit, submit_as_guest
from tests.cast import NOW
from tests.mail.conftest import outbox
from tests.metering.dials import KEY, bill, form, make_meter, monthly


@pytest.fixture
def meters(db, cast):
    """Cold water with a good verification, and electricity on two scales whose verification is over."""
    cold = make_meter(db, cast.flat)
    monthly(db, cold, "118", "6")
    power = make_meter(
        db, cast.flat, "Э/Э", serial="777", resource="Электроэнергия", scales=2, decimals=0,
        verification_due=date(2026, 7, 1),
    )  # fmt: skip
    monthly(db, power, "1000", "100", scale=1)
    monthly(db, power, "500", "50", scale=2)
    return cold, power


def send(db, person, account, entries, key=KEY):
    return db.write(submit, person.actor, account, entries, "", key, now=NOW)


def test_the_sender_gets_what_was_taken_by_meter(db, cast, meters):
    cold, power = meters
    entries = form(**{f"m{cold}_1": "124,5", f"m{power}_1": "1100", f"m{power}_2": "550"})
    send(db, cast.relative, cast.flat, entries)
    (row,) = outbox(db).values()
    assert (row.recipient, row.subject, row.kind) == ("relative@example.org", "Показания приняты", "readings")
    plain = row.plain.replace("\u00a0", " ")
    assert "показания, снятые 20.11.2026. Они учтутся за ноябрь 2026 года." in plain
    assert "Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010" in plain
    assert "ХВС С/У, № 26616450: 124,500 м³, расход 6,500 м³" in plain
    assert "Э/Э, № 777, Т1: 1 100 кВт·ч, расход 100 кВт·ч" in plain
    assert "Э/Э, № 777, Т2: 550 кВт·ч, расход 50 кВт·ч" in plain
    assert plain.count("Срок поверки истёк 01.07.2026") == 1
    assert "124,500" in row.html and "124" not in row.subject


def test_a_repeat_of_the_form_writes_no_second_letter_and_a_new_sending_does(db, cast, meters):
    cold, _ = meters
    for key, value in ((KEY, "124"), (KEY, "124"), ("another-form", "125")):
        send(db, cast.owner, cast.flat, form(**{f"m{cold}_1": value}), key)
    assert count(db) == 2


def test_who_does_not_want_it_gets_none(db, cast, meters):
    cold, _ = meters
    db.write(choose, cast.owner.actor.user_id, READINGS, False, now=NOW)
    send(db, cast.owner, cast.flat, form(**{f"m{cold}_1": "124"}))
    assert count(db) == 0


def test_a_guests_readings_are_told_to_those_who_see_the_account_and_want_it(db, cast, meters):
    cold, _ = meters
    db.write(choose, cast.relative.actor.user_id, READINGS, False, now=NOW)
    cookie = db.write(open_visit, cast.flat, client=Client("203.0.113.5"), now=NOW)
    guest = db.read(guest_of, token_hash(cookie), now=NOW)
    for _ in range(2):
        db.write(submit_as_guest, guest, form(**{f"m{cold}_1": "124,5"}), "", KEY, now=NOW)
    (row,) = outbox(db).values()
    assert (row.recipient, row.subject) == ("owner@example.org", "Показания переданы без регистрации")
    assert "они заменят эти, и без регистрации их уже не изменить" in row.plain
    assert "ХВС С/У, № 26616450: 124,500 м³" in row.plain.replace("\u00a0", " ")


def test_readings_that_were_refused_are_not_confirmed(db, cast, meters):
    cold, _ = meters
    with pytest.raises(Invalid):
        send(db, cast.owner, cast.flat, form(**{f"m{cold}_1": "100"}))
    assert count(db) == 0


def test_names_from_billing_are_shown_as_text(db, cast):
    meter = make_meter(db, cast.flat, "<b>ХВС</b>", serial='"><script>1</script>')
    bill(db, meter, ("21.10.2026", "10"))
    send(db, cast.owner, cast.flat, form(**{f"m{meter}_1": "12"}))
    (row,) = outbox(db).values()
    assert "<b>ХВС" not in row.html and "<script>" not in row.html
    assert "&lt;b&gt;ХВС" in row.html


def count(db) -> int:
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM outgoing_mail")).scalar_one()
