"""What Slack tells about people, in the shape in which it does: user objects, and events about them."""

from __future__ import annotations

import itertools
from typing import Any

from tests.servers.slack.delivery import event_payload
from tests.servers.slack.world import TEAM

_numbers = itertools.count(1)


def user_object(number: str, name: str, team: str = TEAM, **more: Any) -> dict[str, Any]:
    """A person as users.info and user_change show them; `more` replaces what it names."""
    profile = {"real_name": name, "display_name": name, "team": team, "status_text": "", "avatar_hash": "g0"}
    return {
        "id": number,
        "team_id": team,
        "name": name.casefold().replace(" ", "."),
        "deleted": False,
        "real_name": name,
        "tz": "Europe/Brussels",
        "tz_offset": 3600,
        "profile": profile,
        "is_bot": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "updated": 1795512600,
        **more,
    }


async def tells_of(world: Any, somebody: Any, **more: Any) -> None:
    """Slack says that something about this person changed (`user_change`), for whatever reason."""
    slack = world.slack
    told = user_object(somebody.user.id, somebody.user._person.name, somebody.user._person.team, **more)
    event = {"type": "user_change", "user": told, "cache_ts": 1795512600, "event_ts": slack.world.ts()}
    payload = event_payload(f"EvP{next(_numbers)}", event, slack.world.seconds())
    await slack.delivery.event(payload)
    await world.settled()


async def closes_account(world: Any, somebody: Any) -> None:
    """An admin deactivates this person's Slack account."""
    somebody.user._person.active = False
    await tells_of(world, somebody, deleted=True)


async def opens_account(world: Any, somebody: Any) -> None:
    """An admin takes that back."""
    somebody.user._person.active = True
    await tells_of(world, somebody)
