"""What Slack tells about a person: name, language, zone, and where they are at home; asked once a day.

A surface says of somebody only what it knows: an id, and a workspace or an Enterprise Grid. `users.info` says
more. So each account leaves here under its home, with what else Slack called it (docs/decisions/0028).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.messages import Account, Call, Incoming
from bot.platforms.port import SendFailed
from bot.platforms.slack.heard import Me, moment_of, place_of
from bot.platforms.slack.outgoing import SlackWeb, quickly
from bot.rules.names import shown_name

PATIENCE = 0.8  # seconds; the person is waiting, and without the profile all works too
FRESH, FRESH_NOTHING = 24 * 3600.0, 300.0  # seconds
MOST = 5000
COMMAND = "account changed"
PEOPLE_EVENTS = ("user_change",)
NO_PERSON = ("USLACKBOT",)


@dataclass(frozen=True, slots=True)
class Profile:
    """Hints from a person's Slack profile; "" where it says nothing. `home` is the Grid or the workspace that
    they belong to, `user` their id there, `also` what they are called in a workspace of that Grid."""

    name: str = ""
    language: str = ""
    zone: str = ""
    home: str = ""
    user: str = ""
    also: str = ""


class Profiles:
    """The profiles of the people who wrote lately."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], tuple[float, Profile]] = OrderedDict()

    async def fill(self, web: SlackWeb, account: Account) -> Account:
        """`account` with the name, language and zone of its profile, under its home. Never raises: a profile
        that cannot be had in 0.8 s is done without, and asked for again after five minutes."""
        if not account.user:
            return account  # something that nobody did, or nobody we know of
        key = (account.workspace, account.user)
        good_until, profile = self._known.get(key, (0.0, Profile()))
        if good_until < time.monotonic():
            profile = await self._ask(web, key, profile)
        self._known.move_to_end(key)
        return _at_home(account, profile)

    def forget(self, account: Account) -> None:
        """Slack says that something about this person changed: they are asked about anew."""
        ids = (account.workspace, account.user)
        old = [key for key, (_, one) in self._known.items() if ids in (key, (one.home, one.user))]
        for key in old:
            del self._known[key]

    async def _ask(self, web: SlackWeb, key: tuple[str, str], before: Profile) -> Profile:
        try:
            call = web.call("users.info", repeatable=True, user=key[1], include_locale="true")
            profile, fresh = profile_of((await quickly(PATIENCE, call))["user"]), FRESH
        except (SendFailed, KeyError, TypeError, AttributeError):
            profile, fresh = before, FRESH_NOTHING  # who somebody is does not change while Slack is silent
        self._known[key] = (time.monotonic() + fresh, profile)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return profile


def profile_of(person: Mapping[str, Any]) -> Profile:
    """What a user object of Slack's says (docs of users.info): people of a Grid have an "enterprise_user",
    with the id that Slack recommends above the workspace's own. Raises TypeError, AttributeError."""
    told, grid = person.get("profile") or {}, person.get("enterprise_user") or {}
    names = (told.get("display_name"), told.get("real_name"), person.get("real_name"), person.get("name"))
    name = next(filter(None, (shown_name(one) for one in names if one)), "")
    local = (str(person.get("team_id") or ""), str(person.get("id") or ""))
    home = (str(grid.get("enterprise_id") or "") or local[0], str(grid.get("id") or "") or local[1])
    language, zone = str(person.get("locale") or ""), str(person.get("tz") or "")
    return Profile(name, language, zone, *home, "/".join(local) if local != home and all(local) else "")


def typed_by(body: Mapping[str, Any], me: Me) -> Account:
    """Who typed a slash command: only people of the workspace or Grid that has us can. Raises KeyError."""
    team, grid, name = body.get("team_id"), body.get("enterprise_id"), body.get("user_name")
    return _account(me, body["user_id"], team, team, grid, name)


def pressed_by(body: Mapping[str, Any], me: Me) -> Account:
    """Who pressed a button or sent a form: in a shared channel perhaps somebody of another workspace, which
    `user.team_id` tells. The payload's own `team` is of a button the workspace that posted it (java-slack-sdk
    #1041), and of an app of a whole Grid none. Raises KeyError and its like."""
    user, team = body["user"], body.get("team") or {}
    grid = team.get("enterprise_id")
    if not grid and team.get("id") in (None, me.team):  # of a connected workspace it may be another's
        grid = (body.get("enterprise") or {}).get("id")
    name = user.get("name") or user.get("username")
    return _account(me, user["id"], user.get("team_id") or team.get("id"), team.get("id"), grid, name)


def said_by(event: Mapping[str, Any], body: Mapping[str, Any], me: Me) -> Account:
    """Who wrote what an event tells; `user_team` may be a Grid (bolt's extract_actor_team_id). The team and
    the Grid on top may be the channel owner's (java-slack-sdk #629): whose app it is stands in
    `authorizations`, also that no Grid's. Raises KeyError and its like."""
    ours = next(iter(body.get("authorizations") or ()), None)
    team = (ours or {}).get("team_id") or body.get("context_team_id") or body.get("team_id")
    grid = ours.get("enterprise_id") if ours else body.get("enterprise_id")
    own = event.get("user_team") or event.get("source_team") or event.get("team") or team
    return _account(me, event["user"], own, team, grid)


def change_of_person(event: Mapping[str, Any], body: Mapping[str, Any], me: Me, now: datetime) -> Call | None:
    """The call that tells that an account was closed, or stands (again): Slack says so with each change of a
    profile. None for bots, and for who left one workspace of their Grid and is in others of it: that closes
    nothing. Raises KeyError, TypeError and their like on an event of another shape."""
    person = event["user"]
    if person.get("is_bot") or person["id"] in (*NO_PERSON, me.user):
        return None
    profile, closed = profile_of(person), bool(person.get("deleted"))
    if closed and set((person.get("enterprise_user") or {}).get("teams") or ()) - {person.get("team_id")}:
        return None
    account = Account("slack", profile.home or me.team, profile.user)
    if not closed:
        account = replace(account, name=profile.name, language=profile.language, zone=profile.zone)
    return Call(
        event=f"person:{body['event_id']}",
        account=replace(account, known_as=(profile.also,) if profile.also else ()),
        place=place_of(me, "", direct=True),
        received_at=now,
        command=COMMAND,
        arguments={"what": "closed" if closed else "open"},
        sent_at=moment_of(str(event.get("event_ts") or "")),
    )


def tells_of_person(incoming: Incoming) -> bool:
    """Whether it says that something about somebody changed."""
    return isinstance(incoming, Call) and incoming.command == COMMAND


def _account(
    me: Me, user: str, team: str | None, context: str | None, grid: str | None, name: str | None = ""
) -> Account:
    """Somebody of this team. What a payload tells of a Grid is told of `context`, the team that has us (or
    posted what was pressed): who is of that team is of the Grid, and whether others are, only their profile
    says."""
    account = Account("slack", team or grid or me.team, user, name or "")
    if not grid or not team or team != (context or me.team):
        return account
    return replace(account, workspace=grid, known_as=(f"{team}/{user}",))


def _at_home(account: Account, profile: Profile) -> Account:
    """An enterprise that the payload names is not given up for a workspace, which is all that users.info may
    tell of a stranger's Grid. But it is for the very workspace by which they were taken for the Grid's: that
    one is in no Grid, and the Grid was another's, by whose name nobody here is called."""
    home, user = profile.home or account.workspace, profile.user or account.user
    names = [f"{account.workspace}/{account.user}", f"{profile.home}/{profile.user}", profile.also]
    if account.workspace.startswith("E") and not home.startswith("E"):
        if any(one.startswith(f"{home}/") for one in account.known_as):
            del names[0]
        else:
            home = account.workspace
    called = [one for one in dict.fromkeys(names) if one.strip("/") and "/" not in (one[:1], one[-1:])]
    also = [one for one in (*account.known_as, *called) if one != f"{home}/{user}"]
    return replace(
        account,
        workspace=home,
        user=user,
        name=profile.name or shown_name(account.name),
        language=profile.language or account.language,
        zone=profile.zone or account.zone,
        known_as=tuple(dict.fromkeys(also)),
    )
