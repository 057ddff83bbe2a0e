"""How long sending to many takes: one after the other on a platform, platforms beside each other."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.broadcasts.forecast import Lane, takes

lanes = st.lists(
    st.builds(
        Lane,
        st.sampled_from(["slack", "telegram", "email"]),
        st.integers(0, 5000),
        st.sampled_from([0.0, 1 / 27.4, 0.1, 1.05, 3.2]),
    ),
    max_size=5,
)


def test_the_slowest_platform_says_how_long() -> None:
    slack = (Lane("slack", 14, 1.05), Lane("slack", 200, 0.1))  # groups are slower
    telegram = Lane("telegram", 274, 1 / 27.4)
    assert takes([]) == timedelta()
    assert takes([telegram]) == timedelta(seconds=10)
    assert takes([*slack, telegram]) == timedelta(seconds=35)  # 14.7 and 20 seconds
    assert takes([Lane("terminal", 500)]) == timedelta()


@given(lanes, lanes)
def test_more_messages_never_take_less(some: list[Lane], more: list[Lane]) -> None:
    assert max(takes(some), takes(more)) <= takes([*some, *more]) <= takes(some) + takes(more)
