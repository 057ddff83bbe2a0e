"""The stand-ins refuse the reactions that the real ones refuse."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.servers.slack import SlackServer
from tests.servers.telegram import TelegramServer

SIGN = "ballot_box_with_ballot"


async def test_slack_takes_one_reaction_of_each_name_on_what_everybody_sees() -> None:
    server = SlackServer()
    await server.start()
    ana = server.user("Ana")
    hall, closed = server.channel("hall", ana), server.channel("closed", ana, bot=False)
    said = server.world.put(hall.id, ana.id, {"text": "yes"})
    whispered = server.world.put(hall.id, "UBOT", {"text": "Counted"}, only_for=ana.id)
    right = {"channel": hall.id, "timestamp": said.ts, "name": SIGN}
    headers = {"Authorization": f"Bearer {server.bot_token}"}

    async with aiohttp.ClientSession(headers=headers) as session:

        async def call(method: str, **other: Any) -> str:
            """Call a method as a bot does: "ok", or Slack's code."""
            address = f"{server.api_url}reactions.{method}"
            async with session.post(address, json={**right, **other}) as response:
                answer = await response.json()
                return str(answer.get("error") or "ok")

        assert [await call("add"), await call("add")] == ["ok", "already_reacted"]
        assert said.reactions == [SIGN]
        assert [await call("remove"), await call("remove")] == ["ok", "no_reaction"]
        assert await call("add", name=f":{SIGN}:") == "invalid_name"
        assert await call("add", timestamp="12") == "bad_timestamp"
        assert await call("add", timestamp="") == "no_item_specified"
        assert await call("add", timestamp=whispered.ts) == "message_not_found"
        assert await call("add", channel="C0404") == "channel_not_found"
        assert await call("add", channel=closed.id) == "not_in_channel"
        hall.archived = True
        assert await call("add") == "is_archived"
        server.scopes.remove("reactions:write")
        assert await call("add") == "missing_scope"
        assert said.reactions == []
    await server.stop()


@pytest.mark.parametrize(
    ("reaction", "says"),
    [
        ([{"type": "emoji", "emoji": "🗳"}], "REACTION_INVALID"),
        ([{"type": "emoji", "emoji": "✍️"}], "REACTION_INVALID"),  # with a variation selector
        ([{"type": "custom_emoji", "custom_emoji_id": "5"}], "REACTION_INVALID"),
        ([{"type": "paid"}], "REACTION_INVALID"),
        ([{"type": "emoji", "emoji": "✍"}, {"type": "emoji", "emoji": "👍"}], "REACTIONS_TOO_MANY"),
        ([{"type": "emoji", "emoji": "✍"}], ""),
        ([], ""),
    ],
)
async def test_telegram_takes_one_standard_emoji(reaction: list[dict[str, str]], says: str) -> None:
    server = TelegramServer()
    await server.start()
    ana = server.user("Ana")
    group, private = server.group("Hall", [ana]), server.group("Other", [ana], bot=False)
    await ana.says("yes", group, wait=False)
    said = ana.sees(group)[-1]
    async with aiohttp.ClientSession() as session:

        async def call(chat: str, message: int) -> tuple[int, str]:
            body = {"chat_id": int(chat), "message_id": message, "reaction": reaction}
            address = f"{server.api_url}/bot{server.token}/setMessageReaction"
            async with session.post(address, json=body) as response:
                return response.status, str((await response.json()).get("description", ""))

        assert await call(group.id, said.id) == ((400, f"Bad Request: {says}") if says else (200, ""))
        assert said.reactions == ([] if says else [one["emoji"] for one in reaction])
        if not says:
            assert await call(group.id, 404) == (400, "Bad Request: message to react not found")
            assert (await call(private.id, said.id))[0] == 403
            group.chat.reactions = frozenset()
            refused = (400, "Bad Request: REACTION_INVALID")
            assert await call(group.id, said.id) == (refused if reaction else (200, ""))
    await server.stop()
