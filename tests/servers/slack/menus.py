"""The app's home tab, and the three dots beside a message, as people use them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.servers.slack.delivery import event_payload
from tests.servers.slack.rules import faults_of_home
from tests.servers.slack.world import BOT_ID, BOT_USER, TEAM, Channel, Modal, Person, Seen, World

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer


def publish_home(world: World, arguments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Show a view on somebody's home tab: Slack's code for what it refuses, and its answer."""
    person, view = world.people.get(str(arguments.get("user_id") or "")), arguments.get("view")
    if person is None:
        return "user_not_found", {}
    if not isinstance(view, dict) or faults_of_home(view):
        faults = faults_of_home(view) if isinstance(view, dict) else ["view is missing"]
        return "invalid_arguments", {"response_metadata": {"messages": faults}}
    tab = Modal(f"V{secrets.token_hex(4)}", f"{world.ts()}.{secrets.token_hex(3)}", view)
    if person.id in world.homes:
        tab.id = world.homes[person.id].id
    world.homes[person.id] = tab
    return "", {"view": {**view, "id": tab.id, "hash": tab.hash, "team_id": TEAM, "bot_id": BOT_ID}}


class Menus:
    """What somebody does beside typing and tapping under messages."""

    _server: SlackServer
    _world: World
    _person: Person

    @property
    def home(self) -> Seen:
        """What stands on their home tab, with its buttons. Raises AssertionError while it is empty."""
        assert self._person.id in self._world.homes, f"{self._person.name}'s home tab is empty"
        tab = self._world.homes[self._person.id]
        return Seen("", "", BOT_USER, "", tab.view["blocks"])

    async def opens(self, tab: str = "home") -> list[Seen]:
        """Open the app, at one of its tabs."""
        mark = self._world.serial
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": self._person.id,
            "channel": self._world.direct(self._person.id).id,
            "event_ts": self._world.ts(),
            "tab": tab,
        }
        if tab == "home" and self._person.id in self._world.homes:
            event["view"] = self._tab()
        name = "Ev" + secrets.token_hex(5)
        await self._server.delivery.event(event_payload(name, event, self._world.seconds()))
        return await self._new_since(mark)

    async def taps_at_home(self, label: str) -> list[Seen]:
        """Press a button on their home tab."""
        found = [one for one in self.home.elements if one["text"]["text"] == label]
        assert found, f"no button {label!r} at home, but {self.home.buttons}"
        mark, view = self._world.serial, self._tab()
        element = {**found[0], "block_id": "b", "action_ts": self._world.ts()}
        payload = {
            **self._interaction("block_actions"),
            "container": {"type": "view", "view_id": view["id"]},
            "view": {**view, "state": {"values": {}}},
            "actions": [element],
        }
        await self._interact("interactive", payload)
        return await self._new_since(mark)

    async def chooses(self, callback: str, message: Seen, **more: Any) -> list[Seen]:
        """Choose a shortcut from the three dots beside a message; `more` stands in the message as Slack
        sends it (subtype, bot_id, files)."""
        mark, channel = self._world.serial, self._world.channels[message.channel]
        payload = {
            **self._interaction("message_action"),
            "action_ts": self._world.ts(),
            "callback_id": callback,
            "channel": {"id": channel.id, "name": _told(channel)},
            "message_ts": message.ts,
            "message": {**_as_sent(message), **more},
            "response_url": self._url(self._world.response_url(self._person.id, channel.id, None)),
        }
        await self._interact("interactive", payload)
        return await self._new_since(mark)

    def _tab(self) -> dict[str, Any]:
        tab = self._world.homes[self._person.id]
        return {**tab.view, "id": tab.id, "hash": tab.hash, "team_id": TEAM, "bot_id": BOT_ID}

    def _interaction(self, kind: str) -> dict[str, Any]:
        raise NotImplementedError

    async def _interact(self, kind: str, payload: dict[str, Any]) -> Any:
        raise NotImplementedError

    async def _new_since(self, mark: int) -> list[Seen]:
        raise NotImplementedError

    def _url(self, address: str) -> str:
        raise NotImplementedError


def _told(channel: Channel) -> str:
    return "directmessage" if channel.kind == "im" else channel.name


def _as_sent(message: Seen) -> dict[str, Any]:
    sent: dict[str, Any] = {"type": "message", "user": message.author, "text": message.text, "ts": message.ts}
    if message.author == BOT_USER:
        sent |= {"bot_id": BOT_ID, "blocks": message.blocks}
    return {**sent, **({"thread_ts": message.thread} if message.thread else {}), "team": TEAM}
