"""What the pages of meters show, whose it is, and how many queries it takes."""

from datetime import date, timedelta

import pytest

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import meters_of, verification_state
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import submit
from tests.cast import NOW, TODAY
from tests.metering.dials import KEY, bill, make_meter, monthly, set_organization


def shown(db, cast, *, now=NOW, who="owner", account=None):
    return db.read(meters_of, getattr(cast, who).actor, account or cast.flat, now=now)


def send(db, cast, row, value, *, key=KEY, now=NOW):
    return db.write(submit, cast.owner.actor, cast.flat, {row: Entry(value)}, "", key, now=now)


def past(db, cast, meter, *, who="owner", account=None):
    lines = db.read(history, getattr(cast, who).actor, account or cast.flat, meter)
    return [(line.taken_on.isoformat(), line.source, line.value, line.fate) for line in lines]


def test_the_manuals_meters(db, cast):
    hot = make_meter(db, cast.flat, "ГВС С/У", serial="34230774", resource="ГВС", verification_due=date(2024, 2, 13))
    cold = make_meter(db, cast.flat, "ХВС С/У")
    monthly(db, hot, "84,12", "2")
    monthly(db, cold, "118", "6")
    account = shown(db, cast)
    assert [meter.name for meter in account.meters] == ["ГВС С/У", "ХВС С/У"]
    assert [meter.scales[0].average for meter in account.meters] == [2_000, 6_000]
    (scale,) = account.meters[1].scales
    assert (scale.row, scale.last, scale.last_on, scale.label) == (f"m{cold}-1", 118_000, date(2026, 10, 21), "")
    assert [meter.verification for meter in account.meters] == ["over", "verified"]
    assert account.window.sentence == "Приём открыт до 25 ноября"
    assert account.refusal == ""


def test_a_first_reading_has_no_average(db, cast):
    meter = make_meter(db, cast.flat)
    bill(db, meter, ("01.03.2012", "0,00"), source="Начальное")
    (scale,) = shown(db, cast).meters[0].scales
    assert (scale.last, scale.last_on, scale.average) == (0, date(2012, 3, 1), None)
    assert past(db, cast, meter) == [("2012-03-01", "Начальное", 0, "")]


def test_a_sent_reading_is_the_last_one_but_not_what_its_successor_is_judged_by(db, cast):
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    send(db, cast, f"m{meter}-1", "124")
    (scale,) = shown(db, cast).meters[0].scales
    assert (scale.last, scale.last_on, scale.average) == (124_000, TODAY, 6_000)
    assert scale.against.last == 118_000
    assert scale.sent.known.value == 124_000
    (later,) = shown(db, cast, now=NOW + timedelta(days=30)).meters[0].scales
    assert (later.sent, later.against.last) == (None, 124_000)


def test_scales_of_one_meter_are_labelled(db, cast):
    meter = make_meter(db, cast.flat, "Электроэнергия", resource="Электроэнергия", scales=3)
    (view,) = shown(db, cast).meters
    assert [scale.label for scale in view.scales] == ["Т1", "Т2", "Т3"]
    assert [scale.row for scale in view.scales] == [f"m{meter}-1", f"m{meter}-2", f"m{meter}-3"]
    assert view.unit == "кВт·ч"


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_others_find_nothing(db, cast, who):
    meter = make_meter(db, cast.flat)
    with pytest.raises(NotFound):
        shown(db, cast, who=who)
    with pytest.raises(NotFound):
        past(db, cast, meter, who=who)
    with pytest.raises(NotFound):
        past(db, cast, meter, who=who, account=cast.house)


def test_a_meter_of_another_account_of_ones_own_is_not_found_here(db, cast):
    meter = make_meter(db, cast.house)
    with pytest.raises(NotFound):
        past(db, cast, meter)


def test_a_closed_account_and_a_closed_window_say_so(db, cast):
    set_organization(db, cast.organization, takes_early=False)
    assert shown(db, cast, now=NOW + timedelta(days=6)).refusal == "Приём откроется 15 декабря"
    with db.transaction() as writer:
        writer.session.get_one(Account, cast.flat).closed_on = date(2026, 1, 1)
    assert "закрыт 01.01.2026" in shown(db, cast).refusal


def test_the_number_of_queries_does_not_grow_with_meters(db, cast, monkeypatch):
    for place in range(6):
        monthly(db, make_meter(db, cast.flat, f"ХВС {place}"), "118", "6")
    asked = []

    def count(reader):
        real = reader.rows
        monkeypatch.setattr(reader, "rows", lambda query, **params: asked.append(query) or real(query, **params))
        return meters_of(reader, cast.owner.actor, cast.flat, now=NOW)

    assert len(db.read(count).meters) == 6
    assert len(asked) == 4


class TestHistory:
    def test_newest_first_with_the_fate_of_ones_own(self, db, cast):
        meter = make_meter(db, cast.flat)
        bill(db, meter, ("21.09.2026", "112"), ("21.10.2026", "118"))
        send(db, cast, f"m{meter}-1", "124")
        send(db, cast, f"m{meter}-1", "125", key="another-form", now=NOW + timedelta(minutes=5))
        assert past(db, cast, meter) == [
            ("2026-11-20", "Личный кабинет", 125_000, "Передано"),
            ("2026-11-20", "Личный кабинет", 124_000, "Заменено 20.11.2026"),
            ("2026-10-21", "Абонент", 118_000, ""),
            ("2026-09-21", "Абонент", 112_000, ""),
        ]

    @pytest.mark.parametrize("billed_on", ["20.11.2026", "30.11.2026"])
    def test_what_billing_has_taken_in_is_one_line(self, db, cast, billed_on):
        meter = make_meter(db, cast.flat)
        bill(db, meter, ("21.10.2026", "118"))
        send(db, cast, f"m{meter}-1", "124")
        bill(db, meter, (billed_on, "124"), source="ЛК")
        assert [(line[1], line[2], line[3]) for line in past(db, cast, meter)] == [
            ("ЛК", 124_000, "Учтено"),
            ("Абонент", 118_000, ""),
        ]


@pytest.mark.parametrize(
    ("due", "state", "note"),
    [
        (None, "verified", ""),
        (TODAY + timedelta(days=61), "verified", ""),
        (TODAY + timedelta(days=60), "soon", "Срок поверки истекает 19.01.2027, через 60 дней"),
        (TODAY + timedelta(days=1), "soon", "Срок поверки истекает 21.11.2026, через 1 день"),
        (TODAY, "soon", "Срок поверки истекает сегодня"),
        (TODAY - timedelta(days=1), "over", "Срок поверки истёк 19.11.2026: пока прибор не поверен"),
    ],
)
def test_verification_is_told_in_words(due, state, note):
    found, sentence = verification_state(due, TODAY)
    assert found == state
    assert sentence.startswith(note)
    assert bool(sentence) == bool(note)
