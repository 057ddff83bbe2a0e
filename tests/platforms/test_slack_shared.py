"""A channel that two workspaces share, both with the app: one place, answered once, whoever writes there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.messages import Message, Place, Said, Topic
from bot.platforms.slack.heard import Me
from bot.platforms.slack.incoming import hear
from storage.store import Storage
from tests.assembly_stage import opened
from tests.platforms.slack_installs_stage import InstallWorld
from tests.servers.slack.delivery import event_payload
from tests.servers.slack.installs import Workspace
from tests.servers.slack.world import Channel, Seen
from tests.world import MORNING, OnSlack


@dataclass
class Two:
    """CIMES and Pool-Net, somebody at home in each, and the channel that they share."""

    world: InstallWorld
    cimes: Workspace
    poolnet: Workspace
    vera: OnSlack
    otto: OnSlack
    both: Channel

    def heard_since(self, mark: int) -> list[Seen]:
        """What we have said there since then."""
        said = self.world.slack.world.messages[mark:]
        return [one for one in said if one.author in (self.cimes.bot_user, self.poolnet.bot_user)]

    @property
    def mark(self) -> int:
        """Now."""
        return len(self.world.slack.world.messages)

    async def places(self) -> list[tuple[str, tuple[str, ...]]]:
        """What the channel is to us: as whose, and what for."""
        found = await self.world.storage.read(lambda store: store.places.all())
        return [
            (one.place.installation, one.purposes)
            for one in found
            if one.place.channel == self.both.id and one.state == "open"
        ]


@pytest.fixture
async def two(sqlite_url: str) -> AsyncIterator[Two]:
    storage = Storage(sqlite_url)
    async with InstallWorld("slack", storage) as world:
        assert isinstance(world, InstallWorld)
        installs = world.slack.installs
        cimes, poolnet = installs.workspace(7, "CIMES"), installs.workspace(8, "Pool-Net")
        vera = await world.member("Vera", "", "coordinator", team="T7")
        otto = await world.member("Otto", "", "coordinator", team="T8")
        assert isinstance(vera, OnSlack)
        assert isinstance(otto, OnSlack)
        await world.installs(vera)
        await world.installs(otto)
        both = world.slack.channel("both", vera.user, otto.user, bot=False)
        both.members |= {cimes.bot_user, poolnet.bot_user}
        yield Two(world, cimes, poolnet, vera, otto, both)
    storage.close_now()


async def test_whichever_of_our_names_is_said_one_of_us_answers_once(two: Two) -> None:
    cimes, poolnet = f"<@{two.cimes.bot_user}>", f"<@{two.poolnet.bot_user}>"
    for who in (two.vera, two.otto):
        for named in (cimes, poolnet, f"{cimes} {poolnet}", f"{poolnet} {cimes}"):
            mark = two.mark
            await who.user.says(f"{named} help", two.both, raw=True)
            await two.world.settled()
            heard = two.heard_since(mark)
            assert [one.author for one in heard] == [two.cimes.bot_user], (who.name, named)
            assert "@UBOT" not in heard[0].words


async def test_slack_may_name_either_workspace_in_what_it_tells(two: Two) -> None:
    named = f"<@{two.cimes.bot_user}> help"
    await two.vera.user.says(named, two.both, raw=True)
    for team in ("T8", "T7"):
        two.world.slack.names_only = team
        for who in (two.vera, two.otto):
            mark = two.mark
            await who.user.says(named, two.both, raw=True)
            await two.world.settled()
            assert [one.author for one in two.heard_since(mark)] == [two.cimes.bot_user], (team, who.name)


async def test_words_under_a_card_count_whichever_workspace_slack_names(two: Two) -> None:
    luc = await two.world.member("Luc", "mecatech", team="T8")
    two.both.members.add(luc.user.id)
    await two.vera.user.says(f"<@{two.cimes.bot_user}> help", two.both, raw=True)
    card = await _card(two, await opened(two.world))
    for team in ("T7", "T8", ""):
        two.world.slack.names_only = team
        mark = two.mark
        await luc.user.says("I abstain", two.both, thread=card)
        await two.world.settled()
        assert [one.author for one in two.heard_since(mark)] == [two.cimes.bot_user], team


async def test_it_is_one_place_whoever_says_what_it_is_for(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    assert await two.places() == [("T7", ("announcements",))]
    await two.otto.user.types("/alliance places", two.both)
    await two.otto.user.says(f"<@{two.poolnet.bot_user}> help", two.both, raw=True)
    assert await two.places() == [("T7", ("announcements",))]
    mark = two.mark
    heard = await two.vera.types("/announce Call for partners opens Monday")
    for _ in range(4):
        label = next((one for one in two.vera.reads().buttons if one.startswith("Send")), None)
        if label:
            await two.vera.taps(label)
    await two.world.passes(minutes=10)
    await two.world.settled()
    out = [one for one in two.heard_since(mark) if one.channel == two.both.id and not one.only_for]
    assert [one.author for one in out if "Call for partners" in one.words] == [two.cimes.bot_user], heard.text


async def test_the_second_of_us_that_comes_in_asks_nothing_and_may_leave(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    mark = two.mark
    joined = {"type": "member_joined_channel", "user": two.poolnet.bot_user, "channel": two.both.id}
    await two.world.slack.tells({**joined, "event_ts": "1795512700.000001"}, "T8")
    assert two.heard_since(mark) == []
    left = {"type": "channel_left", "channel": two.both.id, "actor_id": two.otto.user.id}
    await two.world.slack.tells({**left, "event_ts": "1795512800.000001"}, "T8")
    assert await two.places() == [("T7", ("announcements",))]
    two.both.members.discard(two.cimes.bot_user)
    await two.world.slack.tells({**left, "event_ts": "1795512900.000001"}, "T7")
    assert await two.places() == [("T8", ("announcements",))]
    mark = two.mark
    await two.otto.user.says(f"<@{two.poolnet.bot_user}> help", two.both, raw=True)
    assert [one.author for one in two.heard_since(mark)] == [two.poolnet.bot_user]


async def test_who_is_left_in_a_channel_has_all_that_the_one_that_ended_had(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    await two.world.storage.write(lambda store: store.places.set_language(store.places.all()[0].id, "fr"))
    await _card(two, await opened(two.world))
    two.both.members.discard(two.cimes.bot_user)
    two.world.clock.pass_(hours=1)
    await two.world.slack.uninstalls(two.cimes)
    assert await two.places() == [("T8", ("announcements",))]
    [kept] = await two.world.storage.read(lambda store: store.places.serving("announcements"))
    assert kept.language == "fr"
    mark = two.mark
    await two.otto.types("/announce Call for partners opens Monday")
    for _ in range(4):
        label = next((one for one in two.otto.reads().buttons if one.startswith("Send")), None)
        if label:
            await two.otto.taps(label)
    await two.world.passes(minutes=10)
    out = [one for one in two.heard_since(mark) if one.channel == two.both.id and not one.only_for]
    assert [one.author for one in out if "Call for partners" in one.words] == [two.poolnet.bot_user]
    two.both.members.add(two.cimes.bot_user)
    await two.world.installs(two.vera)  # it comes back, and the channel stays with who has it
    assert await two.places() == [("T8", ("announcements",))]


async def test_what_slack_did_not_tell_in_time_is_mended_when_somebody_speaks(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    two.world.slack.fail_next("conversations.info", code="internal_error")
    two.both.members.discard(two.cimes.bot_user)
    left = {"type": "channel_left", "channel": two.both.id, "actor_id": two.otto.user.id}
    await two.world.slack.tells({**left, "event_ts": "1795512900.000001"}, "T7")
    assert await two.places() == []
    at = f"{int(two.world.slack.world.seconds())}.000007"
    said = {"type": "app_mention", "user": two.otto.user.id, "team": "T8", "channel": two.both.id, "ts": at}
    await _told_outside(two, {**said, "text": f"<@{two.poolnet.bot_user}> help", "event_ts": at}, "T8")
    assert await two.places() == [("T8", ("announcements",))]


async def test_where_nobody_of_us_is_left_the_channel_waits(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    two.both.members -= {two.cimes.bot_user, two.poolnet.bot_user}
    left = {"type": "channel_left", "channel": two.both.id, "actor_id": two.otto.user.id}
    await two.world.slack.tells({**left, "event_ts": "1795512900.000001"}, "T7")
    assert await two.places() == []
    joined = {"type": "member_joined_channel", "user": two.poolnet.bot_user, "channel": two.both.id}
    two.both.members.add(two.poolnet.bot_user)
    mark = two.mark
    event = {**joined, "inviter": two.otto.user.id, "event_ts": "1795513000.000001"}
    await _told_outside(two, event, "T8")
    assert await two.places() == [("T8", ("announcements",))]
    assert [one.author for one in two.heard_since(mark)] == [two.poolnet.bot_user]


async def test_a_card_of_the_other_workspaces_app_is_a_card(two: Two) -> None:
    luc = await two.world.member("Luc", "mecatech", team="T8")
    two.both.members.add(luc.user.id)
    card = await _card(two, await opened(two.world))
    seen = await luc.user.chooses("vote_on_this", card)
    assert "For" in seen[-1].buttons


async def test_a_form_opens_where_it_was_asked_for_though_the_channel_is_the_others(two: Two) -> None:
    await _is_for_announcements(two, two.vera)
    two.world.slack.spoke.clear()
    await two.otto.user.types("/log", two.both)
    assert two.otto.user.modal is not None
    assert two.world.tokens_of("views.open") == [two.poolnet.token]


@pytest.mark.parametrize("name", ["<@UBOT8>", "<@UBOT8|charterbot>"])
def test_our_other_name_is_ours_where_others_are_let_in(name: str) -> None:
    inside = _message(f"{name} help", shared=False)
    assert hear(inside, Me("T7", "UBOT7"), MORNING, (), ("UBOT7", "UBOT8")) is None
    shared = hear(_message(f"{name} help"), Me("T7", "UBOT7"), MORNING, (), ("UBOT7", "UBOT8"))
    assert shared is not None
    assert isinstance(shared.incoming, Said)
    assert (shared.incoming.text, shared.incoming.addressed) == ("help", True)
    ours = _message("Good morning", user="UBOT8")
    assert hear(ours, Me("T7", "UBOT7"), MORNING, (), ("UBOT7", "UBOT8")) is None


async def _is_for_announcements(two: Two, who: OnSlack) -> None:
    await who.user.types("/alliance places", two.both)
    shown = [one for one in who.user.sees(two.both) if "Announcements" in one.buttons][-1]
    await who.user.taps(shown, "Announcements")
    await two.world.settled()


async def _told_outside(two: Two, event: dict[str, Any], team: str) -> None:
    """Slack tells one workspace of something in a channel that others are let into."""
    payload = event_payload(f"Ev{event['event_ts']}", event, two.world.slack.world.seconds(), True)
    await two.world.slack.delivery.event(two.world.slack.installs.address(payload, team))
    await two.world.settled()


async def _card(two: Two, motion: int) -> Seen:
    """The card of a motion, posted by CIMES' app."""
    place = Place("slack", "T7", two.both.id, "", "group", "both")
    post = await two.world.there.send(place, Message("Motion 1: open"))
    now, topic = two.world.clock.now(), Topic("motion", str(motion))
    await two.world.storage.write(lambda store: store.posts.add(post, topic, now))
    return next(one for one in two.vera.user.sees(two.both) if one.ts == post.message_id)


def _message(text: str, user: str = "U1", shared: bool = True) -> dict[str, Any]:
    event = {"type": "message", "channel": "C1", "channel_type": "channel", "user": user, "text": text}
    event |= {"team": "T7", "ts": "1795512600.000006", "event_ts": "1795512600.000006"}
    who = {"enterprise_id": None, "team_id": "T7", "user_id": "UBOT7", "is_bot": True}
    body = {"type": "event_callback", "team_id": "T7", "event": event, "event_id": "Ev1"}
    return {**body, "authorizations": [who], "is_ext_shared_channel": shared}
