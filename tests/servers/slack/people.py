"""Driving the stand-in as people do: type, say, tap, fill in, look."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.servers.slack.delivery import NotAcknowledged, event_payload
from tests.servers.slack.filling import as_slack_writes, state_of
from tests.servers.slack.menus import Menus
from tests.servers.slack.rules import faults_of_message, faults_of_view
from tests.servers.slack.world import APP_ID, BOT_ID, TEAM, Channel, Modal, Person, Seen

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

UNNAMED = {"group": "privategroup", "im": "directmessage"}  # Slack tells a command no more of these


class User(Menus):
    """Somebody at their keyboard. What a deed returns are the messages new (or changed) before their eyes;
    `modal` is the form they have open, `errors` what stands under its fields."""

    def __init__(self, server: SlackServer, person: Person) -> None:
        self._server, self._world, self._person = server, server.world, person
        self.errors: dict[str, str] = {}
        self.timed_out = False  # Slack said that the app did not answer

    @property
    def id(self) -> str:
        """Their user id."""
        return self._person.id

    @property
    def team(self) -> str:
        """Their home."""
        return self._person.team

    @property
    def workspace(self) -> str:
        """Where they use the app: at home, if that has it."""
        return self.team if self.team in self._world.bots else TEAM

    @property
    def bot(self) -> str:
        """The bot's user id there."""
        return self._world.bot_of(self.id)

    @property
    def direct(self) -> Channel:
        """Their direct chat with the bot."""
        return self._world.direct(self.id)

    @property
    def modal(self) -> Modal | None:
        """The form before their eyes."""
        return self._world.modals.get(self.id)

    @property
    def form(self) -> Modal:
        """The open form. Raises AssertionError if there is none."""
        assert self.modal is not None, f"{self._person.name} has no form open"
        return self.modal

    def leaves_slack(self) -> None:
        """Their account is deactivated."""
        self._person.active = False

    def sees(self, channel: Channel | None = None) -> list[Seen]:
        """Everything before their eyes, in one channel or in all."""
        return self._world.visible(self.id, channel=channel.id if channel else "")

    async def types(self, line: str, channel: Channel | None = None) -> list[Seen]:
        """Type a slash command (which Slack takes in no thread)."""
        name, _, words = line.partition(" ")
        assert name.startswith("/"), "a slash command begins with a slash"
        known = self._server.commands
        assert known is None or name[1:] in known, f"Slack knows no {name}"
        where, mark = channel or self.direct, self._world.serial
        address = self._world.response_url(self.id, where.id, None)
        payload = {
            "token": "legacy",
            "team_id": self._person.team,
            "team_domain": "green",
            "channel_id": where.id,
            "channel_name": UNNAMED.get(where.kind, where.name),
            "user_id": self.id,
            "user_name": self._person.name.lower(),
            "command": name,
            "text": words.strip(),
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._url(address),
            "trigger_id": self._world.trigger(self.id),
            **self._server.installs.named_in_command(self._person.team),
        }
        ack = await self._interact("slash_commands", payload)
        body = {"text": ack} if isinstance(ack, str) else ack or {}
        if body.get("text") or body.get("blocks"):
            assert not faults_of_message(body), f"Slack refuses this ack: {faults_of_message(body)}"
            whom = "" if body.get("response_type") == "in_channel" else self.id
            self._world.put(where.id, self.bot, body, only_for=whom)
        return await self._new_since(mark)

    async def says(
        self,
        text: str,
        channel: Channel | None = None,
        thread: str | Seen = "",
        mention: bool = False,
        files: Sequence[Mapping[str, Any]] = (),
        raw: bool = False,
    ) -> list[Seen]:
        """Write plain words; `mention` names the bot first, `raw` sends Slack's own markup as it is."""
        where, mark = channel or self.direct, self._world.serial
        thread = thread.ts if isinstance(thread, Seen) else thread
        typed = text if raw else as_slack_writes(text)
        typed = f"<@{self.bot}> {typed}" if mention else typed
        seen = self._world.put(where.id, self.id, {"text": typed, "thread_ts": thread})
        for team in self._server.told_of(where):
            event = self._message_event(where, seen, files)
            await self._server.delivery.event(self._event_payload(event, team))
            if f"<@{self._world.bots[team]}>" in typed and where.kind != "im":
                mentioned = {**event, "type": "app_mention"}
                mentioned.pop("channel_type")
                await self._server.delivery.event(self._event_payload(mentioned, team))
        return await self._new_since(mark)

    async def taps(self, message: Seen, label: str) -> list[Seen]:
        """Press the button with this label under a message they see."""
        assert message in self.sees(), f"{self._person.name} does not see that message"
        found = [one for one in message.elements if one["text"]["text"] == label]
        assert found, f"no button {label!r}, but {message.buttons}"
        mark = self._world.serial
        element = {key: value for key, value in found[0].items() if key != "style"}
        container: dict[str, Any] = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
        }
        container |= {"is_ephemeral": message.ephemeral, "thread_ts": message.thread or None}
        payload = {
            **self._interaction("block_actions"),
            "container": {key: value for key, value in container.items() if value is not None},
            "channel": {"id": message.channel, "name": self._world.channels[message.channel].name},
            "response_url": self._url(self._world.response_url(self.id, message.channel, message)),
            "actions": [{**element, "block_id": "b", "action_ts": self._world.ts()}],
        }
        await self._interact("interactive", payload)
        return await self._new_since(mark)

    async def fills(self, values: Mapping[str, Any] | None = None, submit: bool = True) -> list[Seen]:
        """Fill in the open form and submit it (or close it). Selects take a value or a label, those of
        many a list of them; fields not named keep what stands in them. `errors` tells what was wrong."""
        modal, mark = self.form, self._world.serial
        self.errors = {}
        if not submit:
            del self._world.modals[self.id]
            if modal.view.get("notify_on_close"):
                view = self._view(modal, {})
                await self._interact("interactive", {**self._interaction("view_closed"), "view": view})
            return await self._new_since(mark)
        state = {block["block_id"]: state_of(block, values or {}) for block in modal.inputs}
        unknown = set(values or {}) - set(state)
        assert not unknown, f"the form has no {unknown}, but {list(state)}"
        payload = {
            **self._interaction("view_submission"),
            "view": self._view(modal, state),
            "response_urls": [],
        }
        ack = await self._interact("interactive", payload)
        if not self.timed_out:
            self._after_submit(modal, ack or {})
        return await self._new_since(mark)

    def _after_submit(self, modal: Modal, ack: dict[str, Any]) -> None:
        match ack.get("response_action"):
            case "errors":
                assert ack["errors"], "Slack refuses empty errors"
                strange = set(ack["errors"]) - set(modal.fields)
                assert not strange, f"Slack refuses errors about {strange}"
                self.errors = dict(ack["errors"])
            case "update":
                assert not faults_of_view(ack["view"]), faults_of_view(ack["view"])
                self._world.open_modal(self.id, ack["view"])
            case None | "clear":
                del self._world.modals[self.id]
            case other:
                raise AssertionError(f"Slack knows no response_action {other!r}")

    async def _interact(self, kind: str, payload: dict[str, Any]) -> Any:
        self.timed_out = False
        try:
            return await self._server.delivery.interact(kind, payload)
        except NotAcknowledged:
            self.timed_out = True
            return None

    async def _new_since(self, mark: int) -> list[Seen]:
        await self._server.settled()
        return [one for one in self._world.visible(self.id, mark) if one.author != self.id]

    def _url(self, address: str) -> str:
        return f"http://127.0.0.1:{self._server.port}/respond/{address}"

    def _interaction(self, kind: str) -> dict[str, Any]:
        person = {"id": self.id, "username": self._person.name.lower(), "team_id": self._person.team}
        return {
            "type": kind,
            "team": {"id": self.workspace, "domain": "green"},
            "user": {**person, "name": self._person.name.lower()},
            "api_app_id": APP_ID,
            "token": "legacy",
            "trigger_id": self._world.trigger(self.id),
            "enterprise": None,
            "is_enterprise_install": False,
            **self._server.installs.named_in_interaction(self.workspace),
        }

    def _view(self, modal: Modal, state: Mapping[str, Any]) -> dict[str, Any]:
        known = {"id": modal.id, "hash": modal.hash, "team_id": self.workspace}
        return {**modal.view, **known, "app_id": APP_ID, "bot_id": BOT_ID, "state": {"values": state}}

    def _message_event(
        self, where: Channel, seen: Seen, files: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        event: dict[str, Any] = {
            "type": "message",
            "channel": where.id,
            "channel_type": where.kind,
            "user": self.id,
            "team": self._person.team,
            "text": seen.text,
            "ts": seen.ts,
            "event_ts": seen.ts,
        }
        if seen.thread:
            event["thread_ts"] = seen.thread
        return {**event, "subtype": "file_share", "files": [dict(one) for one in files]} if files else event

    def _event_payload(self, event: dict[str, Any], team: str = TEAM) -> dict[str, Any]:
        name = "Ev" + secrets.token_hex(5)
        shared = self._person.team != TEAM and self._person.team not in self._world.bots
        shared = shared or len(self._server.ours_in(self._world.channels[event["channel"]])) > 1
        payload = event_payload(name, event, self._world.seconds(), shared)
        return self._server.installs.address(payload, team)
