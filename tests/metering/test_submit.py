"""Sending readings: all or nothing, replaced within a period, refused with a way out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.metering.sending.entries import Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.tables import Meter, SentReading, Submission
from tests.cast import NOW
from tests.metering.dials import KEY, answer_sent, bill, form, make_meter, monthly, put_sent, set_organization


@pytest.fixture
def cold(db, cast):
    """A cold-water meter: 6,000 a month, 118,000 on 21.10.2026."""
    meter = make_meter(db, cast.flat)
    monthly(db, meter, "118", "6")
    return meter


@pytest.fixture
def hot(db, cast):
    """A hot-water meter: 2,000 a month, 84,120 on 21.10.2026."""
    meter = make_meter(db, cast.flat, "ГВС С/У", serial="34230774", resource="ГВС")
    monthly(db, meter, "84,12", "2")
    return meter


def send(db, cast, entries, *, taken_on="", key=KEY, yes=(), now=NOW, who="owner", account=None):
    actor = getattr(cast, who).actor
    return db.write(submit, actor, account or cast.flat, entries, taken_on, key, yes, now=now)


def stored(db) -> list[tuple]:
    with db.transaction() as writer:
        rows = writer.session.exec(select(SentReading).order_by(SentReading.id)).all()
        return [(row.meter_id, row.scale, row.value, row.volume, row.replaced_at is not None) for row in rows]


def faults(db, cast, entries, **more) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        send(db, cast, entries, **more)
    return refused.value.fields


def questions(db, cast, entries, **more):
    with pytest.raises(NeedsConfirmation) as asked:
        send(db, cast, entries, **more)
    return asked.value.questions


def change(db, table, row_id, **facts):
    with db.transaction() as writer:
        found = writer.session.get_one(table, row_id)
        for name, value in facts.items():
            setattr(found, name, value)


def test_filled_rows_are_taken_and_their_consequences_told(db, cast, cold, hot):
    taken = send(db, cast, {f"m{hot}-1": Entry("86,21"), f"m{cold}-1": Entry("  ")})
    assert taken.period == Month(2026, 11)
    assert taken.taken_on == date(2026, 11, 20)
    (reading,) = taken.readings
    assert (reading.row, reading.name, reading.value, reading.volume) == (f"m{hot}-1", "ГВС С/У", 86_210, 2_090)
    assert taken.totals == (("ГВС", 2_090, "м³"),)
    assert stored(db) == [(hot, 1, 86_210, 2_090, False)]


def test_all_rows_are_checked_and_nothing_is_stored_unless_all_hold(db, cast, cold, hot):
    found = faults(db, cast, {f"m{cold}-1": Entry("18,4"), f"m{hot}-1": Entry("86,2101")}, taken_on="31.11.2026")
    assert set(found) == {f"m{cold}-1", f"m{hot}-1", "taken_on"}
    assert "Меньше последнего показания 118,000" in found[f"m{cold}-1"]
    faults(db, cast, {f"m{cold}-1": Entry("18,4"), f"m{hot}-1": Entry("86,21")})
    assert stored(db) == []


def test_the_relative_of_the_same_account_may_send(db, cast, cold):
    send(db, cast, {f"m{cold}-1": Entry("124")}, who="relative")
    assert len(stored(db)) == 1


@pytest.mark.parametrize("who", ["stranger", "operator"])
def test_others_find_neither_the_account_nor_its_meters(db, cast, cold, who):
    with pytest.raises(NotFound):
        send(db, cast, {f"m{cold}-1": Entry("124")}, who=who)
    with pytest.raises(NotFound):  # one's own account, another's meter
        send(db, cast, {f"m{cold}-1": Entry("124")}, who=who, account=cast.house)
    assert stored(db) == []


def test_nothing_filled_is_said_so(db, cast, cold):
    for entries in ({}, {f"m{cold}-1": Entry(" ", "")}):
        with pytest.raises(Refused, match="хотя бы одного"):
            send(db, cast, entries)


@pytest.mark.parametrize("row", ["m1", "", "m99-1", "m1-2", "taken_on", "m1-1 "])
def test_rows_that_were_never_shown_are_not_found(db, cast, cold, row):
    with pytest.raises(NotFound):
        send(db, cast, {row: Entry("124")})


class TestVolume:
    def test_a_volume_alone_makes_the_reading(self, db, cast, cold):
        send(db, cast, {f"m{cold}-1": Entry(volume="6,5")})
        assert stored(db) == [(cold, 1, 124_500, 6_500, False)]

    def test_a_volume_that_agrees_is_fine(self, db, cast, cold):
        send(db, cast, {f"m{cold}-1": Entry("124,5", "6,5")})
        assert stored(db) == [(cold, 1, 124_500, 6_500, False)]

    def test_a_volume_that_contradicts_is_pointed_out(self, db, cast, cold):
        found = faults(db, cast, {f"m{cold}-1": Entry("124,5", "7")})
        assert "124,500 и объём 7,000 не сходятся" in found[f"m{cold}-1"]

    def test_a_volume_past_the_last_digit(self, db, cast):
        meter = make_meter(db, cast.flat)
        bill(db, meter, ("21.10.2026", "99998"))
        (asked,) = questions(db, cast, {f"m{meter}-1": Entry(volume="5")})
        send(db, cast, {f"m{meter}-1": Entry(volume="5")}, yes=[asked.token])
        assert stored(db) == [(meter, 1, 3_000, 5_000, False)]


class TestConfirmation:
    def test_a_typo_of_ten_times_is_asked_about_with_numbers(self, db, cast, cold):
        (asked,) = questions(db, cast, {f"m{cold}-1": Entry("238")})
        assert asked.row == f"m{cold}-1"
        assert asked.text.replace("\u00a0", " ") == "Расход 120,000 м³, обычно около 6,000 м³. Показание верное?"
        assert stored(db) == []
        send(db, cast, {f"m{cold}-1": Entry("238")}, yes=[asked.token])
        assert stored(db) == [(cold, 1, 238_000, 120_000, False)]

    def test_a_yes_holds_for_that_value_only(self, db, cast, cold):
        (asked,) = questions(db, cast, {f"m{cold}-1": Entry("238")})
        (again,) = questions(db, cast, {f"m{cold}-1": Entry("2380")}, yes=[asked.token])
        assert again.token != asked.token

    def test_faults_come_before_questions(self, db, cast, cold, hot):
        assert set(faults(db, cast, {f"m{cold}-1": Entry("238"), f"m{hot}-1": Entry("1")})) == {f"m{hot}-1"}

    def test_a_rollover_and_a_zero_are_asked_about(self, db, cast, cold):
        round_dial = make_meter(db, cast.flat, "ГВС")
        bill(db, round_dial, ("21.10.2026", "99999"))
        entries = {f"m{cold}-1": Entry("118"), f"m{round_dial}-1": Entry("00003")}
        asked = questions(db, cast, entries)
        assert {question.row for question in asked} == set(entries)
        send(db, cast, entries, yes=[question.token for question in asked])
        with db.transaction() as writer:
            rows = writer.session.exec(select(SentReading)).all()
            assert {(row.value, row.volume, row.confirmed) for row in rows} == {
                (3_000, 4_000, "rollover"), (118_000, 0, "zero"),
            }  # fmt: skip


class TestReplacing:
    def test_a_second_reading_of_the_period_replaces_the_first_and_is_judged_without_it(self, db, cast, cold):
        send(db, cast, {f"m{cold}-1": Entry("126")})
        taken = send(db, cast, {f"m{cold}-1": Entry("124")}, key="another-form", now=NOW + timedelta(days=1))
        assert taken.readings[0].volume == 6_000
        assert stored(db) == [(cold, 1, 126_000, 8_000, True), (cold, 1, 124_000, 6_000, False)]

    def test_the_next_period_is_judged_against_this_one(self, db, cast, cold):
        send(db, cast, {f"m{cold}-1": Entry("124")})
        december = NOW + timedelta(days=30)
        assert (
            "124,000" in faults(db, cast, {f"m{cold}-1": Entry("123")}, key="another-form", now=december)[f"m{cold}-1"]
        )
        send(db, cast, {f"m{cold}-1": Entry("130")}, key="another-form", now=december)
        assert stored(db) == [(cold, 1, 124_000, 6_000, False), (cold, 1, 130_000, 6_000, False)]

    def test_an_accounted_reading_stays_and_only_the_organization_can_help(self, db, cast, cold):
        answer_sent(db, put_sent(db, cast, cold, 124_000))
        (fault,) = faults(db, cast, {f"m{cold}-1": Entry("125")}).values()
        assert fault.startswith("Показание за ноябрь уже учтено. Новое можно передать с 26 ноября; если переданное")
        assert "«Исправить»" not in fault

    def test_an_exported_reading_stays_and_the_way_out_is_named(self, db, cast, cold):
        set_organization(db, cast.organization, phone="8 351 112")
        send(db, cast, {f"m{cold}-1": Entry("124")})
        with db.transaction() as writer:
            writer.add(Export(kind="readings", number=1, created_at=NOW))
            writer.session.exec(select(SentReading)).one().export_id = 1
        found = faults(db, cast, {f"m{cold}-1": Entry("125")}, key="another-form")
        assert "за ноябрь уже передано на расчёт" in found[f"m{cold}-1"]
        assert "ПОВВ, телефон 8 351 112" in found[f"m{cold}-1"]
        send(db, cast, {f"m{cold}-1": Entry("130")}, key="another-form", now=NOW + timedelta(days=30))


class TestKey:
    def test_the_same_form_again_is_the_same_result_and_stores_nothing(self, db, cast, cold, hot):
        first = send(db, cast, {f"m{cold}-1": Entry("124"), f"m{hot}-1": Entry("86,21")})
        again = send(db, cast, {f"m{cold}-1": Entry("999")}, taken_on="зря", now=NOW + timedelta(days=90))
        assert again == first
        assert len(stored(db)) == 2

    def test_anothers_form_is_not_found(self, db, cast, cold):
        send(db, cast, {f"m{cold}-1": Entry("124")})
        for who, account in (("relative", cast.flat), ("stranger", cast.house)):
            with pytest.raises(NotFound):
                send(db, cast, {f"m{cold}-1": Entry("124")}, who=who, account=account)

    @pytest.mark.parametrize("key", ["", "short", "x" * 65, "nul\0inside"])
    def test_a_form_without_a_proper_key_is_not_taken(self, db, cast, cold, key):
        with pytest.raises(NotFound):
            send(db, cast, {f"m{cold}-1": Entry("124")}, key=key)

    def test_a_refused_form_may_be_sent_again_with_its_key(self, db, cast, cold):
        faults(db, cast, {f"m{cold}-1": Entry("1")})
        send(db, cast, {f"m{cold}-1": Entry("124")})
        with db.transaction() as writer:
            assert len(writer.session.exec(select(Submission)).all()) == 1


class TestScales:
    @pytest.fixture
    def light(self, db, cast):
        meter = make_meter(db, cast.flat, "Электроэнергия", resource="Электроэнергия", scales=2, digits=6, decimals=2)
        monthly(db, meter, "1500", "120", scale=1)
        monthly(db, meter, "700", "60", scale=2)
        return meter

    def test_all_scales_are_given_together(self, db, cast, light):
        found = faults(db, cast, {f"m{light}-1": Entry("1620")})
        assert found == {f"m{light}-2": "Введите показание Т2: зоны этого счётчика передают вместе (Т1, Т2)"}

    def test_putting_one_zone_right_leaves_the_others_as_they_were_sent(self, db, cast, light):
        send(db, cast, {f"m{light}-1": Entry("1620"), f"m{light}-2": Entry("760")})
        taken = send(db, cast, {f"m{light}-1": Entry("1630")}, key="key-of-the-second")
        assert [(one.label, one.value, one.volume) for one in taken.readings] == [("Т1", 1_630_000, 130_000)]
        with db.transaction() as writer:
            rows = writer.session.exec(select(SentReading).where(SentReading.replaced_at == None)).all()  # noqa: E711
            assert sorted((row.scale, row.value) for row in rows) == [(1, 1_630_000), (2, 760_000)]

    def test_a_refused_zone_is_typed_again(self, db, cast, light):
        put_sent(db, cast, light, 1_620_000, scale=1)
        answer_sent(db, put_sent(db, cast, light, 760_000, scale=2), refused="Мало")
        assert set(faults(db, cast, {f"m{light}-1": Entry("1630")})) == {f"m{light}-1", f"m{light}-2"}

    def test_volumes_of_a_resource_add_up(self, db, cast, light):
        taken = send(db, cast, {f"m{light}-1": Entry("1620,5"), f"m{light}-2": Entry("760")})
        assert taken.totals == (("Электроэнергия", 180_500, "кВт·ч"),)
        assert [reading.label for reading in taken.readings] == ["Т1", "Т2"]

    def test_each_scale_has_its_own_last_reading(self, db, cast, light):
        found = faults(db, cast, {f"m{light}-1": Entry("760"), f"m{light}-2": Entry("1620")})
        assert set(found) == {f"m{light}-1"}


class TestTerms:
    def test_a_closed_window_says_when_it_opens(self, db, cast, cold):
        set_organization(db, cast.organization, takes_early=False)
        with pytest.raises(Refused, match="Приём откроется 15 декабря"):
            send(db, cast, {f"m{cold}-1": Entry("124")}, now=NOW + timedelta(days=6))

    def test_an_early_reading_counts_for_the_next_period_and_is_replaced_in_it(self, db, cast, cold):
        early = send(db, cast, {f"m{cold}-1": Entry("124")}, now=NOW + timedelta(days=8))
        assert (early.period, early.taken_on) == (Month(2026, 12), date(2026, 11, 28))
        send(db, cast, {f"m{cold}-1": Entry("126")}, key="another-form", now=NOW + timedelta(days=26))
        assert [row[2:] for row in stored(db)] == [(124_000, 6_000, True), (126_000, 8_000, False)]

    @pytest.mark.parametrize(("hour", "period"), [(18, Month(2026, 11)), (19, Month(2026, 12))])
    def test_the_period_goes_by_the_organizations_clock(self, db, cast, cold, hour, period):
        set_organization(db, cast.organization, window_opens=1, window_closes=31)
        at = datetime(2026, 11, 30, hour, 59, tzinfo=UTC)  # 23:59 and 00:59 in Yekaterinburg
        taken = send(db, cast, {f"m{cold}-1": Entry("124")}, now=at)
        assert (taken.period, Month.of(taken.taken_on)) == (period, period)

    def test_today_there_is_not_yet_today_in_greenwich(self, db, cast, cold):
        late = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)
        send(db, cast, {f"m{cold}-1": Entry("124")}, taken_on="21.11.2026", now=late)

    def test_a_leap_day(self, db, cast):
        set_organization(db, cast.organization, window_opens=29, window_closes=31)
        meter = make_meter(db, cast.flat)
        bill(db, meter, ("29.02.2028", "10"))
        now = datetime(2028, 2, 29, 10, tzinfo=UTC)
        assert (
            "29.02.2028" in faults(db, cast, {f"m{meter}-1": Entry("12")}, taken_on="28.02.2028", now=now)["taken_on"]
        )
        assert send(db, cast, {f"m{meter}-1": Entry("12")}, now=now).period == Month(2028, 2)

    def test_dates_before_the_last_reading_name_the_meter(self, db, cast, cold, hot):
        found = faults(db, cast, {f"m{cold}-1": Entry("124"), f"m{hot}-1": Entry("86")}, taken_on="01.10.2026")
        assert found == {"taken_on": "ГВС С/У: Дата раньше последнего показания: оно снято 21.10.2026"}

    def test_a_closed_account_takes_none(self, db, cast, cold):
        change(db, Account, cast.flat, closed_on=date(2026, 11, 20))
        with pytest.raises(Refused, match=r"закрыт 20\.11\.2026"):
            send(db, cast, {f"m{cold}-1": Entry("124")})

    def test_after_the_end_of_calculation_none(self, db, cast, cold, hot):
        change(db, Meter, cold, ended_on=date(2026, 11, 19), end_reason="Замена")
        found = faults(db, cast, {f"m{cold}-1": Entry("124"), f"m{hot}-1": Entry("86,21")})
        assert set(found) == {f"m{cold}-1"}

    def test_an_overdue_verification_warns_or_refuses(self, db, cast, cold):
        change(db, Meter, cold, verification_due=date(2026, 11, 1))
        taken = send(db, cast, {f"m{cold}-1": Entry("124")})
        assert "по среднему или по нормативу" in taken.readings[0].warning
        set_organization(db, cast.organization, refuses_unverified=True)
        assert "Срок поверки истёк" in faults(db, cast, {f"m{cold}-1": Entry("125")}, key="another-form")[f"m{cold}-1"]

    def test_a_meter_without_any_reading_starts_from_zero(self, db, cast):
        meter = make_meter(db, cast.flat)
        assert send(db, cast, form(**{f"m{meter}_1": "3,5"})).readings[0].volume == 3_500
