"""A workspace lets us in: the code becomes a token, the token a row, and who did it is greeted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.messages import Account, Place
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.slack.answering import post_answer
from bot.platforms.slack.installations import Joined
from bot.platforms.slack.installations.ending import came
from bot.platforms.slack.installations.keys import Keys
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.posting import open_direct
from bot.standing import show_cards
from storage.installations import Installation
from storage.store import Storage, Store

log = structlog.get_logger()


def installation_of(answer: Mapping[str, Any], bot: str, keys: Keys, now: datetime) -> Installation:
    """What oauth.v2.access told, with the token sealed. Raises KeyError, TypeError or ValueError on an answer
    of another shape."""
    team, enterprise = answer.get("team") or {}, answer.get("enterprise") or {}
    whole = bool(answer.get("is_enterprise_install"))
    home = enterprise if whole else team
    token, scopes = answer["access_token"], str(answer.get("scope") or "")
    if not token or not home.get("id") or answer.get("token_type", "bot") != "bot":
        raise ValueError("no bot token in it")
    return Installation(
        workspace=str(home["id"]),
        team="" if whole else str(team["id"]),
        enterprise=str(enterprise.get("id") or ""),
        is_enterprise_install=whole,
        name=str(home.get("name") or ""),
        app=str(answer.get("app_id") or ""),
        bot_user=str(answer["bot_user_id"]),
        bot=bot,
        scopes=tuple(scope for scope in scopes.split(",") if scope),
        token=keys.seal(token, now),
        installer=str((answer.get("authed_user") or {}).get("id") or ""),
        installed_at=now,
    )


async def keep(storage: Storage, new: Installation, now: datetime) -> bool:
    """Write it down; one that comes back finds its places, cards and accounts as they were. Whether it is to
    be greeted: not so where it was there all along and only said yes once more. Raises Busy."""

    def write(store: Store) -> bool:
        before = store.installations.install(new)
        if before is not None and before.is_active:
            return False
        for known in store.installations.back(before, now) if before is not None else ():
            show_cards(store, known.place, now)
        return True

    return await storage.write(write)


async def greet(inbox: Inbox, joined: Joined, new: Installation, now: datetime) -> None:
    """Say hello, privately and in their language, to who installed it. What cannot be said now is left to the
    post office, if it was recorded."""
    web = joined.answering
    account = await joined.profiles.fill(web, Account("slack", await _home(web, new), new.installer))
    place = Place("slack", new.workspace, "")
    try:
        place = await open_direct(web, place, account)
    except SendFailed as trouble:
        log.warning("slack.no_direct_chat", workspace=new.workspace, reason=trouble.says)
        account = replace(account, user="")  # nobody is greeted, but the coordinators hear of it
    call = came(account, place, new.workspace, new.installed_at, now)
    answer = await inbox.receive(call)
    try:
        post = await post_answer(web, place, account, answer) if place.channel else None
    except SendFailed as trouble:
        log.warning("slack.answer_not_given", event_id=call.event, reason=str(trouble))
        inbox.left(call)
        return
    inbox.given(call, post)


async def _home(web: SlackWeb, new: Installation) -> str:
    """The home of who installed it: a whole organisation has several workspaces."""
    if new.team:
        return new.team
    try:
        answer = await web.call("users.info", repeatable=True, user=new.installer)
        return str(answer["user"].get("team_id") or new.workspace)
    except (SendFailed, KeyError, TypeError, AttributeError):
        return new.workspace
