"""Geometry of the small pictures: nothing leaves its frame, order is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.kernel.ui import svg_geometry

numbers = st.floats(-1e9, 1e9, allow_nan=False)


@given(st.lists(st.one_of(st.none(), numbers), min_size=2, max_size=40))
def test_spark_stays_in_its_frame(values):
    line = svg_geometry.build_sparkline(values)

    if line is None:
        assert len([value for value in values if value is not None]) < 2
        return
    for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", line.path):
        assert 0 <= float(x) <= svg_geometry.SPARK_WIDTH
        assert 0 <= float(y) <= svg_geometry.SPARK_HEIGHT


def test_spark_of_a_rise_ends_at_the_top():
    line = svg_geometry.build_sparkline([1, 2, 3])

    assert line == svg_geometry.SparklineShape(path="M1.0 23.0L37.0 13.0L73.0 3.0", x="73.0", y="3.0")


def test_spark_of_a_constant_runs_in_the_middle():
    assert svg_geometry.build_sparkline([5, 5]).path == "M1.0 13.0L73.0 13.0"


@pytest.mark.parametrize(
    ("low", "high", "is_clear"), [(1.8, 6.0, True), (-2.0, 2.4, False), (-6, -1, True), (0, 3, False)]
)
def test_interval_is_clear_when_zero_lies_outside(low, high, is_clear):
    assert svg_geometry.place_interval(low, (low + high) / 2, high, -10, 10).is_clear is is_clear


def test_interval_beyond_the_scale_ends_at_the_edge():
    drawn = svg_geometry.place_interval(-50, 0, 50, -10, 10)

    assert (drawn.low, drawn.zero, drawn.high) == ("4.0", "38.0", "72.0")


@given(st.lists(st.floats(-10, 1e6), max_size=8), st.floats(-10, 1e6))
def test_segments_never_fill_more_than_the_bar(values, total):
    drawn = svg_geometry.bar_segments([(value, "") for value in values], total)

    assert sum(float(part.width) for part in drawn) <= 100 + 0.01 * len(drawn)
    assert all(float(part.width) >= 0 for part in drawn)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("林嘉怡", "林"), ("林嘉怡 Lin Jiayi", "林"), ("Olivia Hartmann", "OH"), ("Ken", "K"), ("  ", "?"), ("", "?")],
)
def test_initials(name, letters):
    assert svg_geometry.avatar_initials(name) == letters


def test_hue_is_the_same_for_the_same_name():
    assert svg_geometry.avatar_hue("林嘉怡") == svg_geometry.avatar_hue("林嘉怡")
    assert {svg_geometry.avatar_hue(f"name {number}") for number in range(40)} == {"", "a", "b", "c"}


@pytest.mark.parametrize(("share", "step"), [(None, 0), (20, 1), (43, 9), (31.5, 5), (10, 1), (90, 9)])
def test_heat_has_nine_steps(share, step):
    assert svg_geometry.heat_step(share, 20, 43) == step


def test_heat_of_a_flat_table_is_the_middle():
    assert svg_geometry.heat_step(7, 7, 7) == 5
