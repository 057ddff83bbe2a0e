"""Invitations that would come after the start: they do not wait for their turn (engagement.md section 2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.attention_stage import calm
from tests.events_stage import planned
from tests.newsletter_stage import told
from tests.world import MORNING, World

__all__ = ["calm"]  # a fixture

THREE_HOURS = timedelta(hours=3)
DAY = timedelta(days=1)


def hears(somebody: Any) -> list[str]:
    """The first line of each invitation that somebody got."""
    return [one.first for one in told(somebody) if one.first.startswith("Pool-Net invites you")]


async def test_an_invitation_that_would_come_after_the_start_goes_at_once(calm: World) -> None:
    ana, luc = await calm.member("Ana", "pool-net"), await calm.member("Luc", "mecatech")
    marie, yann = await calm.member("Marie", "cimes"), await calm.member("Yann", "emc2")
    await marie.types("/notify events weekly")
    await yann.types("/away until 30 November")
    await planned(calm, by=ana, invite=True, title="Far", starts_at=MORNING + 20 * DAY)
    assert len(hears(luc)) == 1, "their message of the day"

    await planned(calm, by=ana, invite=True, title="Next week", starts_at=MORNING + 7 * DAY)
    assert len(hears(luc)) == 1, "that waits for its turn"
    await planned(calm, by=ana, invite=True, title="Today", starts_at=MORNING + THREE_HOURS)
    assert len(hears(luc)) == 2
    assert "Today" in hears(luc)[-1]
    assert [one for one in hears(marie) if "Today" in one], "their digest comes on Monday"
    assert hears(yann) == [], "who is away is not disturbed"


async def test_who_wants_to_hear_of_no_events_hears_of_none_at_short_notice(calm: World) -> None:
    ana, luc = await calm.member("Ana", "pool-net"), await calm.member("Luc", "mecatech")
    await luc.types("/notify events off")
    await planned(calm, by=ana, invite=True, title="Today", starts_at=MORNING + THREE_HOURS)
    assert hears(luc) == []
