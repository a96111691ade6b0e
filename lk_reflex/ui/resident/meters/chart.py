"""A meter's consumption as bars, and the sentence that says the same. No Reflex here."""

from lk_reflex.domain.metering.consumption import Consumption, MonthVolume
from lk_reflex.domain.metering.units import amount
from lk_reflex.ui.shared.bars import Bar, lay_out


def volume_bars(consumption: Consumption) -> list[Bar]:
    """A bar a month; none where there is nothing to compare."""
    months = consumption.months
    if len(months) < 2:
        return []
    return lay_out(
        [float(one.volume or 0) for one in months],
        [one.month.name[:3] for one in months],
        [_said(one, consumption.unit) for one in months],
    )


def volume_summary(consumption: Consumption) -> str:
    """«Расход по месяцам: Октябрь 2026: 6,000 м³; …», for those who don't see the bars."""
    return "Расход по месяцам: " + "; ".join(_said(one, consumption.unit) for one in consumption.months)


def _said(one: MonthVolume, unit: str) -> str:
    return f"{one.month.title}: {'показаний не было' if one.volume is None else amount(one.volume, unit)}"
