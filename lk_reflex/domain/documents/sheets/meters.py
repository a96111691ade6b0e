"""Информация об ИПУ, the earlier readings and the use by month as tables: a row a scale, a reading, a month."""

from datetime import datetime
from decimal import Decimal

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, Value, sheet_of
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.history import NO_METER, PastReading, history
from lk_reflex.domain.metering.meters import MeterView, ScaleView, meters_of
from lk_reflex.domain.metering.tables import PLACES
from lk_reflex.domain.metering.usage.use import use_of

_WHICH = (
    Column("Номер", width=18),
    Column("Наименование", width=28),
    Column("Место установки", width=18),
    Column("Тарифная зона", width=10),
)
METERS = (
    *_WHICH,
    Column("Дата установки", "date"),
    Column("Дата поверки", "date"),
    Column("Дата начала расчета", "date"),
    Column("Дата окончания расчета", "date"),
    Column("Причина снятия с расчета", width=28),
    Column("Среднее потребление за последние 6 месяцев", "number"),
    Column("Дата последнего показания", "date"),
    Column("Последнее показание", "number"),
    Column("Единица", width=10),
)
CONSUMPTION = (
    *_WHICH[:3],
    Column("Месяц", "month"),
    Column("Расход", "number"),
    Column("Единица", width=10),
    Column("Поровну на месяцев", "number"),
)
READINGS = (
    *_WHICH,
    Column("Дата учета", "date"),
    Column("Дата снятия", "date"),
    Column("Источник", width=20),
    Column("Показание", "number"),
    Column("Единица", width=10),
    Column("Состояние", width=30),
)


def meters_sheet(db: Reader, actor: Actor, asked: Asked, *, now: datetime) -> Sheet:
    """All meters of the account."""
    found = meters_of(db, actor, asked.account.account_id, now=now)
    rows = [_meter(meter, scale) for meter in found.meters for scale in meter.scales]
    return sheet_of(asked, "Приборы учета", "приборы-учета", METERS, rows)


def readings_sheet(db: Reader, actor: Actor, asked: Asked, *, now: datetime) -> Sheet:
    """All readings of one meter or of all, newest first. Raises NotFound for a meter that isn't the account's."""
    meters = meters_of(db, actor, asked.account.account_id, now=now).meters
    if asked.meter_id is not None:
        meters = tuple(meter for meter in meters if meter.meter_id == asked.meter_id)
        if not meters:
            raise NotFound(NO_METER)
    rows = [
        _reading(meter, reading)
        for meter in meters
        for reading in history(db, actor, asked.account.account_id, meter.meter_id)
    ]
    return sheet_of(asked, "Показания", "показания", READINGS, rows)


def consumption_sheet(db: Reader, actor: Actor, asked: Asked, *, now: datetime) -> Sheet:
    """What each meter used month by month, oldest first, all zones together; months without a figure are left out."""
    rows = [
        (meter.serial, meter.name, meter.place, one.month, _exact(one.volume), meter.unit, one.spread)
        for meter in use_of(db, actor, asked.account.account_id, now=now).meters
        for one in meter.months
        if one.volume is not None
    ]
    return sheet_of(asked, "Расход по месяцам", "расход-по-месяцам", CONSUMPTION, rows)


def _meter(meter: MeterView, scale: ScaleView) -> tuple[Value, ...]:
    return (
        meter.serial,
        meter.name,
        meter.place,
        scale.label,
        meter.installed_on,
        meter.verification_due,
        meter.started_on,
        meter.ended_on,
        meter.end_reason,
        _exact(scale.average),
        scale.last_on,
        _exact(scale.last),
        meter.unit,
    )


def _reading(meter: MeterView, reading: PastReading) -> tuple[Value, ...]:
    return (
        meter.serial,
        meter.name,
        meter.place,
        reading.label,
        reading.accounted_on,
        reading.taken_on,
        reading.source,
        _exact(reading.value),
        meter.unit,
        reading.fate,
    )


def _exact(thousandths: int | None) -> Decimal | None:
    return None if thousandths is None else Decimal(thousandths).scaleb(-PLACES)
