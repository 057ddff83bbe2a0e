"""Who somebody is on Slack: the same account whatever surface the act came by (docs/decisions/0028)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import pytest

from bot.messages import Account, Call, Place
from bot.platforms.port import SendFailed
from bot.platforms.slack.heard import Me
from bot.platforms.slack.incoming import hear
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.people import Profiles, profile_of
from storage.received import Received
from storage.store import Storage, Store
from tests.identity_stage import user_object

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ME = Me("T1", "UBOT", "BBOT")
GRID = {"id": "W42", "enterprise_id": "E1", "enterprise_name": "Example Industries", "teams": ["T1", "T3"]}
IN_GRID = user_object("U7", "Ana", "T3", enterprise_user=GRID)


class Directory:
    """Slack's users.info, over these people; None is for those whom Slack does not show us."""

    def __init__(self, *people: dict[str, Any], says: str = "user_not_visible") -> None:
        self.people, self.says, self.asked = {one["id"]: one for one in people}, says, 0

    async def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        assert method == "users.info"
        self.asked += 1
        if arguments["user"] not in self.people:
            raise SendFailed("gone", f"lost: {self.says}")
        return {"ok": True, "user": self.people[arguments["user"]]}


def command(user: str, team: str = "T1", enterprise: str | None = None) -> dict[str, Any]:
    body = {"command": "/alliance", "text": "help", "trigger_id": "1.2", "channel_id": "C1", "user_id": user}
    grid = {"enterprise_id": enterprise, "enterprise_name": "Example"} if enterprise else {}
    return {**body, "team_id": team, "user_name": "ana", "is_enterprise_install": "false", **grid}


def press(
    user: str, home: str | None, team: str | None = "T1", enterprise: str | None = None
) -> dict[str, Any]:
    pressed = {"id": user, "username": "ana", "name": "ana", **({"team_id": home} if home else {})}
    grid = {"enterprise_id": enterprise} if enterprise and team else {}
    return {
        "type": "block_actions",
        "user": pressed,
        "team": {"id": team, "domain": "example", **grid} if team else None,
        "enterprise": {"id": enterprise, "name": "Example"} if enterprise else None,
        "is_enterprise_install": team is None,
        "trigger_id": "1.2",
        "container": {"type": "message", "message_ts": "1795512600.000100", "channel_id": "C1"},
        "actions": [{"type": "button", "action_id": "a", "value": "t", "action_ts": "1795512601.0"}],
    }


def form(user: str, home: str, team: str | None = "T1", enterprise: str | None = None) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": "V1",
        "hash": "1.h",
        "private_metadata": '{"draft":"d1","channel":"C1"}',
        "team_id": home,
    }
    view |= {"app_installed_team_id": "T1", "state": {"values": {}}, "blocks": []}
    return {**press(user, home, team, enterprise), "type": "view_submission", "view": view}


def words(
    user: str, kind: str = "message", enterprise: str | None = None, outside: bool = False, **event: Any
) -> dict[str, Any]:
    said = {"type": kind, "user": user, "text": "<@UBOT> help", "ts": "1795512600.000200", "channel": "D1"}
    known = {"enterprise_id": enterprise, "team_id": "T1", "user_id": "UBOT", "is_bot": True}
    return {
        "type": "event_callback",
        "team_id": "T1",
        "enterprise_id": enterprise,
        "context_team_id": "T1",
        "context_enterprise_id": enterprise,
        "event_id": "Ev1",
        "event": {**said, **event},
        "authorizations": [{**known, "is_enterprise_install": False}],
        "is_ext_shared_channel": outside,
    }


def account(body: dict[str, Any]) -> Account:
    """Who did it, as far as the payload alone tells."""
    heard = hear(body, ME, NOW)
    assert heard is not None
    return heard.incoming.account


async def known(body: dict[str, Any], directory: Directory) -> Account:
    """Who did it, once Slack was asked."""
    return await Profiles().fill(cast(SlackWeb, directory), account(body))


def key(one: Account) -> tuple[str, str]:
    return one.workspace, one.user


OURS = [
    command("U1"),
    press("U1", "T1"),
    press("U1", None),
    form("U1", "T1"),
    words("U1", team="T1"),
    words("U1"),
    words("U1", "app_mention", team="T1"),
]
STRANGERS = [  # of the workspace T2, in a channel that it shares with T1
    press("U2", "T2"),
    press("U2", "T2", team="T2"),
    form("U2", "T2"),
    form("U2", "T2", team="T2"),
    words("U2", outside=True, team="T2", user_team="T2", source_team="T2"),
    words("U2", "app_mention", outside=True, team="T1", user_team="T2", source_team="T2"),
]


@pytest.mark.parametrize("body", OURS)
async def test_a_colleague_is_the_same_at_every_door(body: dict[str, Any]) -> None:
    assert key(account(body)) == ("T1", "U1")
    restricted = user_object("U1", "Ana", is_restricted=True, is_ultra_restricted=True)
    told = await known(body, Directory(restricted))  # a guest of one channel is like others
    assert (key(told), told.name, told.known_as) == (("T1", "U1"), "Ana", ())


@pytest.mark.parametrize("body", STRANGERS)
async def test_somebody_of_a_connected_workspace_is_at_home_there(body: dict[str, Any]) -> None:
    assert key(account(body)) == ("T2", "U2")
    told = await known(body, Directory(user_object("U2", "Ben", "T2", is_stranger=True)))
    assert (key(told), told.name, told.known_as) == (("T2", "U2"), "Ben", ())
    unseen = await known(body, Directory())
    assert (key(unseen), unseen.known_as) == (("T2", "U2"), ())


IN_SOMEBODY_ELSES_GRID = [  # U1 of T1, in a channel that T91 of the Grid E9 shares with T1
    {**words("U1", outside=True, team="T1", user_team="T1"), "team_id": "T91", "enterprise_id": "E9"},
    {**words("U1", "app_mention", outside=True, team="T1"), "team_id": "T91", "enterprise_id": "E9"},
    {**press("U1", "T1"), "team": {"id": "T91", "enterprise_id": "E9"}},
    {**press("U1", "T1", "T91"), "enterprise": {"id": "E9"}},
]


@pytest.mark.parametrize("body", IN_SOMEBODY_ELSES_GRID)
async def test_a_colleague_stays_one_in_a_channel_of_somebody_elses_grid(body: dict[str, Any]) -> None:
    assert key(account(body)) == ("T1", "U1")
    told = await known(body, Directory(user_object("U1", "Ana")))
    assert (key(told), told.known_as) == (("T1", "U1"), ())


async def test_who_was_taken_for_a_grids_is_not_once_their_profile_names_none() -> None:
    """An event that comes without `authorizations`: then only the profile tells whose Grid it is."""
    body = {**words("U1", enterprise="E9", team="T1"), "authorizations": []}
    assert account(body) == Account("slack", "E9", "U1", known_as=("T1/U1",))
    told = await known(body, Directory(user_object("U1", "Ana")))
    assert (key(told), told.known_as) == (("T1", "U1"), ())
    unseen = await known(body, Directory())
    assert key(unseen) == ("E9", "U1")


GRID_DOORS = [  # W42 in the Grid E1, who acts in its workspaces T1 (which has us) and T3
    command("U7", "T1", "E1"),
    command("U7", "T3", "E1"),
    press("U7", "T1", "T1", "E1"),
    press("U7", "T3", "T1", "E1"),
    press("U7", "T3", None, "E1"),
    press("U7", "E1", None, "E1"),
    form("U7", "T3", "T3", "E1"),
    words("U7", enterprise="E1", team="T1"),
    words("U7", enterprise="E1", team="T3", user_team="T3"),
    words("U7", "app_mention", enterprise="E1", outside=True, team="T1", user_team="E1"),
]


@pytest.mark.parametrize("body", GRID_DOORS)
async def test_somebody_of_a_grid_is_at_home_in_the_grid(body: dict[str, Any]) -> None:
    told = await known(body, Directory(IN_GRID))
    assert key(told) == ("E1", "W42")
    assert key(account(body)) in {("E1", "U7"), ("T3", "U7")}
    assert f"{account(body).workspace}/U7" in told.known_as
    assert "T3/U7" in told.known_as


async def test_a_grid_person_is_found_at_each_door_also_while_slack_is_silent(storage: Storage) -> None:
    async def met(body: dict[str, Any], directory: Directory) -> int | None:
        one = await known(body, directory)

        def work(store: Store) -> int | None:
            before = store.accounts.identify(one)
            if before.account_id is None or before.lost:
                return store.accounts.remember(one, NOW)
            return before.account_id

        return await storage.write(work)

    asked = [await met(body, Directory(IN_GRID)) for body in GRID_DOORS]
    unasked = [await met(body, Directory()) for body in GRID_DOORS]
    assert len({*asked, *unasked}) == 1


async def test_a_workspace_that_joins_a_grid_takes_its_people_along(storage: Storage) -> None:
    before = await known(words("U7", team="T1"), Directory(user_object("U7", "Ana", "T1")))

    def comes_in(store: Store) -> int:
        ana = store.persons.add("Ana", "en", "Europe/Riga", NOW)
        number = store.accounts.remember(before, NOW)
        store.accounts.attach(number, ana.id)
        return number

    number = await storage.write(comes_in)
    moved = user_object("W42", "Ana", "T1", enterprise_user=GRID)
    now = await known(words("W42", enterprise="E1", team="T1"), Directory(moved))
    assert now.known_as == ("T1/W42",)
    # the local id that the workspace used before
    local = await known(words("U7", enterprise="E1", team="T1"), Directory({**moved, "id": "U7"}))

    def met(store: Store, one: Account) -> int | None:
        found = store.accounts.identify(one)
        return store.accounts.remember(one, NOW) if found.lost else found.account_id

    for one in (local, now, before):
        assert await storage.write(partial(met, one=one)) == number
    kept = await storage.read(lambda store: store.accounts.get(number))
    assert key(kept.account) == ("E1", "W42")


async def test_two_persons_stay_two_whatever_slack_calls_them(storage: Storage) -> None:
    first, second = Account("slack", "T1", "U7"), Account("slack", "E1", "W42")

    def work(store: Store) -> tuple[int | None, int | None]:
        for one in (first, second):
            person = store.persons.add("Ana", "en", "Europe/Riga", NOW)
            store.accounts.attach(store.accounts.remember(one, NOW), person.id)
        told = Account("slack", "E1", "W42", "Ana", known_as=("T1/U7",))
        assert store.accounts.identify(told).account_id == store.accounts.remember(told, NOW)
        return store.accounts.identify(first).account_id, store.accounts.identify(second).account_id

    one, other = await storage.write(work)
    assert one != other


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"profile": {"display_name": "", "real_name": "Ana Sousa"}}, "Ana Sousa"),
        ({"profile": {"display_name": "\u3164", "real_name": "Ana Sousa"}}, "Ana Sousa"),
        ({"profile": {}, "real_name": ""}, "ana"),
        ({"profile": {"display_name": "🌿"}}, "🌿"),
        ({"profile": {"display_name": "x" * 90}}, "x" * 80),
        ({"profile": {"display_name": "Ana\n*Sousa*\u202e"}}, "Ana *Sousa*"),
        ({"profile": None, "real_name": None, "name": None}, ""),
    ],
)
def test_what_somebody_is_called(told: dict[str, Any], name: str) -> None:
    assert profile_of({**user_object("U1", "Ana"), **told}).name == name


async def test_who_somebody_is_stays_known_while_slack_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profiles, directory = Profiles(), Directory(IN_GRID)
    body, at = words("U7", enterprise="E1", team="T1"), time.monotonic()
    first = await profiles.fill(cast(SlackWeb, directory), account(body))
    directory.people.clear()
    monkeypatch.setattr(time, "monotonic", lambda: at + 25 * 3600)
    assert await profiles.fill(cast(SlackWeb, directory), account(body)) == first
    assert directory.asked == 2
    directory.people["U7"] = {**IN_GRID, "profile": {"display_name": "Ana Maria"}}
    monkeypatch.setattr(time, "monotonic", lambda: at + 26 * 3600)
    assert (await profiles.fill(cast(SlackWeb, directory), account(body))).name == "Ana Maria"


@pytest.mark.parametrize("person", [IN_GRID, user_object("U7", "Ana")])
async def test_who_is_renamed_is_asked_about_anew(person: dict[str, Any]) -> None:
    grid = "E1" if person is IN_GRID else None
    profiles, directory = Profiles(), Directory(person)
    body = words("U7", enterprise=grid, team="T1")
    first = await profiles.fill(cast(SlackWeb, directory), account(body))
    assert first.name == "Ana"
    directory.people["U7"] = {**person, "profile": {"display_name": "Ana Maria"}}
    assert (await profiles.fill(cast(SlackWeb, directory), account(body))).name == "Ana"
    profiles.forget(first)
    assert (await profiles.fill(cast(SlackWeb, directory), account(body))).name == "Ana Maria"


def changed(**more: Any) -> dict[str, Any]:
    event = {"type": "user_change", "user": user_object("U1", "Ana", **more), "event_ts": "1795512600.0003"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev2", "event": event}


def test_slack_tells_of_closed_accounts_and_of_bots_nothing() -> None:
    heard = hear(changed(deleted=True), ME, NOW)
    assert heard is not None
    call = heard.incoming
    assert isinstance(call, Call)
    assert (call.command, call.arguments, call.account) == (
        "account changed",
        {"what": "closed"},
        Account("slack", "T1", "U1"),
    )
    heard = hear(changed(), ME, NOW)
    assert heard is not None
    assert (heard.incoming.account.name, heard.incoming.event) == ("Ana", "person:Ev2")
    assert hear(changed(is_bot=True), ME, NOW) is None
    assert hear(changed(deleted=True, enterprise_user=GRID), ME, NOW) is None  # T3 still has them
    last = hear(changed(deleted=True, enterprise_user={**GRID, "teams": ["T1"]}), ME, NOW)
    assert last is not None
    assert isinstance(last.incoming, Call)
    assert (key(last.incoming.account), last.incoming.arguments) == (("E1", "W42"), {"what": "closed"})
    assert hear(changed(id="USLACKBOT"), ME, NOW) is None


def test_what_came_in_keeps_all_that_somebody_is_called(storage: Storage) -> None:
    ana = Account("slack", "E1", "W42", "Ana", known_as=("T1/U7", "T3/U7"))
    one = Received("slack", "Ev1", ana, Place("slack", "T1", "D1"), None, "given", "", NOW)
    storage.write_now(lambda store: store.received.record(one))
    assert storage.read_now(lambda store: store.received.find("slack", "Ev1")) == one
