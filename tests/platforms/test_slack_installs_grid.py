"""A workspace that added the app for itself, and the whole organisation (Enterprise Grid) that did so too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.messages import Message, Place
from bot.platforms.port import SendFailed
from storage.store import Store
from tests.platforms.slack_installs_stage import NEWER, InstallWorld
from tests.servers.slack.delivery import NotAcknowledged, event_payload
from tests.servers.slack.world import Channel
from tests.world import OnSlack

UNINSTALLED = {"type": "app_uninstalled"}
REVOKED: dict[str, Any] = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UBOT9"]}}


async def test_a_workspace_that_takes_its_own_out_leaves_the_organisations(many: InstallWorld) -> None:
    anna = await _both_installed(many)
    workshop = {"authorizations": [{"enterprise_id": "E9", "team_id": "T91", "is_enterprise_install": False}]}
    for number, event in enumerate((REVOKED, UNINSTALLED, REVOKED)):
        await many.slack.delivery.event(_told(many, event, f"Ev{number}") | workshop)
        await many.settled()
    rows = await many.rows()
    assert (rows["T91"].state, rows["E9"].state) == ("removed", "active")
    heard = await anna.says("help")
    assert heard.first
    assert many.tokens_of("chat.postMessage")[-1] == many.slack.installs.workspaces["E9"].token


async def test_an_end_that_names_nobody_is_asked_after(many: InstallWorld) -> None:
    many.slack.installs.workspace(9, "Cluster Group", teams=("T91", "T92"))
    await many.installs(many.someone("Anna", "T91"))
    many.clock.pass_(hours=1)
    await many.slack.tells(UNINSTALLED, "T91", named=False)
    assert (await many.rows())["E9"].state == "active"  # its token is taken, so the end was another one's
    many.slack.installs.revoke(many.slack.installs.workspaces["E9"])
    await many.slack.tells(UNINSTALLED, "T91", named=False)
    assert (await many.rows())["E9"].state == "revoked"


async def test_an_organisation_that_takes_it_out_is_out(many: InstallWorld) -> None:
    whole = many.slack.installs.workspace(9, "Cluster Group", teams=("T91", "T92"))
    await many.installs(many.someone("Anna", "T91"))
    many.clock.pass_(hours=1)
    await many.slack.uninstalls(whole)
    assert (await many.rows())["E9"].state == "revoked"


async def test_where_a_workspaces_own_ended_its_organisations_speaks(many: InstallWorld) -> None:
    anna = await _both_installed(many)
    await many.slack.delivery.event(_told(many, UNINSTALLED, "Ev1"))
    await many.settled()
    hall = many.slack.channel("hall", anna.user, bot=False)
    hall.members.add("UBOT9")
    await many.there.send(Place("slack", "T91", hall.id, "", "group", "hall"), Message("Good morning"))
    assert [one.author for one in anna.user.sees(hall)] == ["UBOT9"]
    with pytest.raises(SendFailed, match="not installed"):
        await many.there.send(Place("slack", "T77", hall.id, "", "group", "hall"), Message("Good morning"))


async def test_an_organisation_whose_key_is_missing_is_not_told_that_i_left(many: InstallWorld) -> None:
    many.slack.installs.workspace(9, "Cluster Group", teams=("T91", "T92"))
    anna = many.someone("Anna", "T91")
    await many.installs(anna)
    await many.stop_bot()
    many.key = NEWER
    await many.start_bot()
    await many.slack.connected()
    with pytest.raises(NotAcknowledged):
        await many.slack.delivery.interact("slash_commands", _typed(anna, "T91", "E9"))
    elsewhere = await many.slack.delivery.interact("slash_commands", _typed(anna, "T1", None))
    assert "I'm not in this workspace any more." in str(elsewhere)


async def test_a_channel_of_two_workspaces_of_a_grid_is_one_place(many: InstallWorld) -> None:
    anna, hall = await _both_installed(many), many.slack.channel("hall", bot=False)
    at, words = (
        int(many.slack.world.seconds()),
        {"type": "app_mention", "channel": hall.id, "user": anna.user.id},
    )
    hall.members |= {"UBOT9", anna.user.id}
    places = [Place("slack", key, hall.id, "", "group", "hall") for key in ("T91", "E9")]

    def twice(store: Store) -> None:  # from before channels of a Grid were one
        for one in places:
            store.places.set_purposes(store.places.remember(one, many.clock.now()), ("announcements",))

    await many.storage.write(twice)
    for number, (team, whole) in enumerate((("T92", True), ("T91", False))):
        who = {"enterprise_id": "E9", "team_id": team, "is_enterprise_install": whole, "user_id": "UBOT9"}
        event = {
            **words,
            "text": "<@UBOT9> help",
            "ts": f"{at + number}.0001",
            "event_ts": f"{at + number}.0001",
        }
        payload = event_payload(f"EvG{number}", event, at)
        whose = {"team_id": team, "enterprise_id": "E9", "authorizations": [who]}
        await many.slack.delivery.event(payload | whose)
        await many.settled()
    found = await many.storage.read(lambda store: store.places.serving("announcements"))
    assert [one.place.installation for one in found] == ["T91"]


async def test_places_of_a_workspace_that_joined_a_grid_work_again(many: InstallWorld) -> None:
    anna = await _both_installed(many)
    halls = [many.slack.channel(name, anna.user, bot=False) for name in ("hall", "attic", "cellar")]

    def used(store: Store) -> None:
        for hall in halls:
            number = store.places.remember(_at("T91", hall), many.clock.now())
            store.places.set_purposes(number, ("announcements",))

    await many.storage.write(used)
    halls[0].members.add("UBOT9")  # the organisation's app is there already, and elsewhere not yet
    await many.slack.delivery.event(_told(many, UNINSTALLED, "Ev1"))
    await many.settled()
    assert await _states(many, halls) == [("E9", "open"), ("T91", "removed"), ("T91", "removed")]

    halls[1].members.add("UBOT9")
    await many.installs(anna)  # once more, for it does not know where it is
    assert await _states(many, halls) == [("E9", "open"), ("E9", "open"), ("T91", "removed")]

    halls[2].members.add("UBOT9")
    mark = len(many.slack.world.messages)
    event = {
        "type": "member_joined_channel",
        "user": "UBOT9",
        "channel": halls[2].id,
        "inviter": anna.user.id,
    }
    at = f"{int(many.slack.world.seconds()) + 1}.000001"
    await many.slack.tells({**event, "event_ts": at}, "T91")
    assert await _states(many, halls) == [("E9", "open")] * 3
    assert [one.author for one in many.slack.world.messages[mark:]] == ["UBOT9"]


def _at(installation: str, hall: Channel) -> Place:
    return Place("slack", installation, hall.id, "", "group", hall.name)


async def _states(many: InstallWorld, halls: list[Channel]) -> list[tuple[str, str]]:
    """As whose each channel is known, and whether we may write there."""
    every = await many.storage.read(lambda store: store.places.all())
    return [
        (one.place.installation, one.state)
        for hall in halls
        for one in every
        if one.place.channel == hall.id and not one.place.thread
    ]


async def _both_installed(many: InstallWorld) -> OnSlack:
    """The organisation added the app; so had its workspace T91 before."""
    many.slack.installs.workspace(9, "Cluster Group", teams=("T91", "T92"))
    anna = many.someone("Anna", "T91")
    await many.installs(anna)
    whole = (await many.rows())["E9"]
    own = replace(whole, workspace="T91", team="T91", is_enterprise_install=False, name="Workshop")
    await many.storage.write(lambda store: store.installations.install(own))
    many.clock.pass_(hours=1)
    installed = many.there._workspaces.installed
    assert installed is not None
    installed.forget()
    return anna


def _told(many: InstallWorld, event: dict[str, Any], name: str) -> dict[str, Any]:
    """What Slack says of the workspace T91's own end."""
    at = int(many.slack.world.seconds())
    whose = {"team_id": "T91", "enterprise_id": "E9", "api_app_id": "ABOT", "authorizations": []}
    return {"type": "event_callback", "event": event, "event_id": name, "event_time": at, **whose}


def _typed(who: OnSlack, team: str, enterprise: str | None) -> dict[str, Any]:
    """A command of somebody's, given in that workspace."""
    typed = {"command": "/alliance", "text": "help", "team_id": team, "enterprise_id": enterprise}
    where = {"channel_id": who.user.direct.id, "channel_name": "directmessage"}
    told = {"user_id": who.user.id, "user_name": "anna", "trigger_id": "1.2.3", "api_app_id": "ABOT"}
    return {**typed, **where, **told, "is_enterprise_install": "true" if enterprise else "false"}
