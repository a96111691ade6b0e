"""Geometry of the charts: what stands where, and that nothing is drawn that isn't there."""

import re

import pytest

from lk_reflex.ui.shared.bars import HEIGHT, LEFT, WIDTH, Chart, compared, round_step, stacked

ZERO = 220  # the zero line where nothing is negative


def boxes(path: str) -> list[tuple[int, int, int, int]]:
    """x, y, width, height of a path's rectangles."""
    return [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", path)]


def stack(*series: list[int | None]) -> Chart:
    count = len(series[0])
    return stacked(
        [(str(place), f"У{place}", values) for place, values in enumerate(series, 1)],
        ["м"] * count, ["т"] * count, level=str,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reach", "step"),
    [(0, 1), (1, 1), (3, 1), (4, 2), (9, 5), (19, 5), (20, 10), (312_040, 100_000),
     (799_999, 200_000), (10**10, 5 * 10**9)],
)  # fmt: skip
def test_the_scale_goes_by_round_figures(reach, step):
    assert round_step(reach) == step


def test_services_stand_upon_each_other():
    chart = stack([300, 100], [100, 100])
    (low, _), (high, _) = (boxes(piece.path) for piece in chart.pieces)
    assert (low[1] + low[3], high[1] + high[3]) == (ZERO, low[1])
    assert low[3] == pytest.approx(3 * high[3], abs=2)


@pytest.mark.parametrize("highest", [1, 3, 4, 5, 39, 40, 312_040, 320_000, 799_242, 10**10 + 1])
def test_the_highest_bar_stays_under_a_labelled_line(highest):
    chart = stack([highest, 1])
    ((_, top, _, _), _) = boxes(chart.pieces[0].path)
    assert min(level.y for level in chart.levels) == 24 <= top
    assert max(int(level.label) for level in chart.levels) >= highest


def test_a_recalculation_hangs_below_the_zero_line():
    chart = stack([300, 100], [0, -100])
    (zero,) = [level.y for level in chart.levels if level.zero]
    (hanging,) = boxes(chart.pieces[1].path)
    assert hanging[1] == zero
    assert [level.label for level in chart.levels] == ["-200", "0", "200", "400"]
    assert boxes(chart.pieces[0].path)[1][1] < zero  # and takes nothing from what stands above it


@pytest.mark.parametrize("series", [[[0, 0, None]], [[None]], [[0], [0]]])
def test_nothing_is_drawn_of_nothing(series):
    chart = stack(*series)
    assert [piece.path for piece in chart.pieces] == [""] * len(series)
    assert chart.levels[0].zero


def test_a_little_is_at_least_a_line():
    ((_, _, _, height), _) = boxes(stack([1, 1_000_000]).pieces[0].path)
    assert height == 1


@pytest.mark.parametrize("count", [1, 2, 13])
def test_everything_stays_in_the_picture(count):
    chart = stack([5 * (place + 1) for place in range(count)], [-(place % 3) for place in range(count)])
    assert len(chart.slots) == count
    for piece in chart.pieces:
        for x, y, width, height in boxes(piece.path):
            assert x >= LEFT
            assert x + width <= WIDTH
            assert y > 0
            assert y + height <= HEIGHT - 40
    assert [slot.x + slot.width // 2 for slot in chart.slots] == pytest.approx([s.middle for s in chart.slots], abs=1)


def test_last_year_stands_behind_and_the_average_across():
    chart = compared(
        [("ago", "Год назад", [None, 400], 0.84), ("use", "Расход", [100, 200], 0.46)],
        ["сен", "окт"], ["", ""], average=150, average_name="В среднем", level=str,
    )  # fmt: skip
    ((ago_x, ago_y, ago_width, _),) = boxes(chart.pieces[0].path)
    first, second = boxes(chart.pieces[1].path)
    assert ago_x < second[0]
    assert ago_x + ago_width > second[0] + second[2]
    assert ago_y < second[1] < first[1]
    (height,) = re.findall(r"M108 (\d+)H640", chart.average)
    assert second[1] < int(height) < first[1]
    assert chart.average_name == "В среднем"


def test_without_an_average_there_is_no_line():
    chart = compared([("use", "Расход", [100], 0.5)], ["окт"], [""], average=None, average_name="x", level=str)
    assert (chart.average, chart.average_name) == ("", "")


def test_a_correction_down_is_drawn_down():
    chart = compared([("use", "Расход", [-100, 100], 0.5)], ["сен", "окт"], ["", ""], level=str)
    down, up = boxes(chart.pieces[0].path)
    assert up[1] + up[3] == down[1]
