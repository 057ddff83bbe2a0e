"""The app's home tab: the answer of the command "home" as a view, published when somebody opens the tab, and
again when something they did has changed what stands there."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.messages import NOTHING, Account, Answer, Call, Incoming, Message, Place, Post
from bot.platforms.markup import slack_blocks, slack_keys
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.slack.heard import Heard, Me, Way, place_of
from bot.platforms.slack.outgoing import SlackWeb
from bot.platforms.slack.people import said_by

HOME = "home"  # the command, and the message id of what is published: a tab is no message
BLOCKS = 100  # of a view
PAUSE = timedelta(seconds=5)  # between two publications for one person
MOST = 5000  # people whose tab is kept as it stands
log = structlog.get_logger()

Ways = Callable[[str], Awaitable[SlackWeb]]  # into a workspace; raises SendFailed


def home_opened(event: Mapping[str, Any], body: Mapping[str, Any], me: Me, now: datetime) -> Heard | None:
    """The call of somebody who opened the home tab; None for the tab with the messages. Raises KeyError."""
    if event.get("tab") != "home":
        return None
    call = Call(
        event=f"home:{body['event_id']}",
        account=said_by(event, body, me),
        place=place_of(me, event["channel"], direct=True),
        received_at=now,
        command=HOME,
        arguments={"tab": "yes"},
        message_id=HOME,
    )
    return Heard(call, Way("home"))


def place_of_tab(body: Mapping[str, Any], me: Me) -> Place:
    """The direct chat beside the tab on which somebody tapped: there their answer goes. The view carries its
    channel; to a user's id Slack posts there, too."""
    channel = body["view"].get("private_metadata") or body["user"]["id"]
    return place_of(me, channel, direct=True)


def home_view(message: Message, channel: str) -> dict[str, Any]:
    """A message as the view of a home tab, its buttons last; `channel` is the direct chat beside it."""
    keys = slack_keys(message.keys)
    blocks = slack_blocks(message.text)[0][: BLOCKS - len(keys)]
    return {"type": "home", "callback_id": HOME, "private_metadata": channel, "blocks": [*blocks, *keys]}


async def publish(web: SlackWeb, place: Place, account: Account, message: Message) -> None:
    """Show a message on somebody's home tab. Never raises SendFailed: it is published anew when they open
    it."""
    view = home_view(message, place.channel)
    try:
        await web.call("views.publish", repeatable=True, user_id=account.user, view=view)
    except SendFailed as trouble:
        log.warning("slack.home_not_published", reason=str(trouble))


def is_home(incoming: Incoming) -> bool:
    """Whether this is a look at the home tab."""
    return incoming.message_id == HOME and isinstance(incoming, Call) and incoming.command == HOME


@dataclass
class _Tab:
    """What stands on one person's tab: the call that renders it, when it was published last, what it says."""

    call: Call
    at: datetime
    shows: tuple[Any, ...] = ()
    due: asyncio.Task[None] | None = field(default=None, repr=False)


class Homes:
    """An inbox that keeps home tabs up to date: after whatever somebody did it looks whether their tab, if
    they opened it since we started, would show something else, and publishes that. No tab is published more
    often than every five seconds."""

    def __init__(self, inbox: Inbox, ways: Ways, clock: Clock) -> None:
        self._inbox, self._ways, self._clock = inbox, ways, clock
        self._tabs: OrderedDict[tuple[str, str, str], _Tab] = OrderedDict()

    async def receive(self, incoming: Incoming) -> Answer:
        """As the inbox does. A tab that was published a moment ago is looked at again a moment later."""
        if not isinstance(incoming, Call) or not is_home(incoming):
            return await self._inbox.receive(incoming)
        tab = self._tab(incoming)
        if self._wait(tab) > 0:
            self._again(tab, incoming.event)
            return NOTHING
        tab.at = self._clock.now()
        answer = await self._inbox.receive(incoming)
        tab.shows = _shown(answer.message)
        return answer

    def given(self, incoming: Incoming, post: Post | None = None) -> None:
        """As the inbox does, and a look at the tab of whoever did something."""
        self._inbox.given(incoming, post)
        tab = self._tabs.get(_key(incoming))
        if tab is not None and not is_home(incoming):
            self._again(tab, incoming.event)

    def left(self, incoming: Incoming) -> None:
        """As the inbox does."""
        self._inbox.left(incoming)

    async def run(self) -> None:
        """Until this is cancelled, tabs are looked at; then none any more."""
        try:
            await asyncio.Event().wait()
        finally:
            due = [tab.due for tab in self._tabs.values() if tab.due]
            self._tabs.clear()
            for one in due:
                one.cancel()
            await asyncio.gather(*due, return_exceptions=True)

    def _tab(self, call: Call) -> _Tab:
        tab = self._tabs.setdefault(_key(call), _Tab(call, self._clock.now() - PAUSE))
        tab.call = call
        self._tabs.move_to_end(_key(call))
        while len(self._tabs) > MOST:
            _, oldest = self._tabs.popitem(last=False)
            if oldest.due:
                oldest.due.cancel()
        return tab

    def _wait(self, tab: _Tab) -> float:
        return (tab.at + PAUSE - self._clock.now()).total_seconds()

    def _again(self, tab: _Tab, cause: str) -> None:
        if tab.due is None or tab.due.done():
            tab.due = asyncio.create_task(self._look(tab, f"home:{cause}"))

    async def _look(self, tab: _Tab, event: str) -> None:
        """Render a tab when its moment has come, and publish it if it shows something else by then."""
        while (wait := self._wait(tab)) > 0:
            await self._clock.sleep(wait)
        call = replace(tab.call, event=event, received_at=self._clock.now())
        try:
            answer = await self._inbox.receive(call)
        except Exception as trouble:  # it could not even be recorded; they did not ask for it
            log.error("slack.home_not_rendered", why=type(trouble).__name__)
            return
        if answer.message is not None and _shown(answer.message) != tab.shows:
            tab.at, tab.shows = self._clock.now(), _shown(answer.message)
            await self._show(call, answer.message)
        self._inbox.given(call)

    async def _show(self, call: Call, message: Message) -> None:
        try:
            web = await self._ways(call.place.installation)
        except SendFailed:
            return  # we are installed there no more
        await publish(web, call.place, call.account, message)


def _key(incoming: Incoming) -> tuple[str, str, str]:
    place, account = incoming.place, incoming.account
    return place.installation, account.workspace, account.user


def _shown(message: Message | None) -> tuple[Any, ...]:
    """What a person sees of a message: the tokens behind its buttons are new each time."""
    return () if message is None else (message.text, tuple((key.label, key.url) for key in message.keys))
