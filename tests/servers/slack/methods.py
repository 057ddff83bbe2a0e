"""The Web API of the stand-in: each method checks what Slack checks, and answers with Slack's codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.servers.slack.files import Files
from tests.servers.slack.happenings import READS
from tests.servers.slack.menus import publish_home
from tests.servers.slack.rules import faults_of_message, faults_of_view
from tests.servers.slack.world import BOT_ID, Channel, Seen, Shared, World

Arguments = Mapping[str, Any]
Answer = dict[str, Any]

EMOJI = ("ballot_box_with_ballot", "white_check_mark", "+1")  # some of Slack's own, by their names
REACTIONS = 23  # of one person on one message
FORM_ONLY = (  # take no JSON
    "users.info",
    "conversations.info",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.info",
)
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "conversations.open": "im:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.info": "files:read",
    "users.info": "users:read",
}


class Refused(Exception):
    """Slack's answer with ok = false."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code)
        self.code, self.messages = code, messages


@dataclass
class Methods:
    """The methods, over a world and its files; `ticket` makes the address of a new socket."""

    world: World
    files: Files
    ticket: Callable[[], str]
    scopes: list[str] = field(default_factory=list)
    who: Callable[[], Answer] = dict  # what auth.test tells of the calling bot

    def call(self, method: str, arguments: Arguments) -> Answer:
        """Run one method. Raises Refused."""
        known: dict[str, Callable[[Arguments], Answer]] = {
            "auth.test": self._auth_test,
            "apps.connections.open": lambda _: {"url": self.ticket()},
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "reactions.add": self._add_reaction,
            "reactions.remove": self._remove_reaction,
            "conversations.open": self._open,
            "files.getUploadURLExternal": self._upload_url,
            "files.completeUploadExternal": self._complete_upload,
            "files.delete": self._delete_file,
            "files.info": self._file_info,
            "views.open": self._views_open,
            "views.update": self._views_update,
            "views.publish": self._views_publish,
            "users.info": self._users_info,
            "conversations.info": self._conversations_info,
        }
        if method not in known:
            raise Refused("unknown_method")
        if method in NEEDS and NEEDS[method] not in self.scopes:
            raise Refused("missing_scope")
        return known[method](arguments)

    def _auth_test(self, _: Arguments) -> Answer:
        names = {"url": "https://green.slack.example/", "user": "charterbot"}
        return {
            **names,
            **self.who(),
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def _post_message(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        self._check_message(arguments)
        self._check_thread(channel, arguments)
        seen = self.world.put(channel.id, self.world.acting, arguments)
        return {"channel": channel.id, "ts": seen.ts, "message": {"ts": seen.ts, "text": seen.text}}

    def _post_ephemeral(self, arguments: Arguments) -> Answer:
        channel = self._writable(arguments)
        self._check_message(arguments)
        user = str(arguments.get("user") or "")
        if user not in self.world.people:
            raise Refused("user_not_found")
        if user not in channel.members:
            raise Refused("user_not_in_channel")
        self._check_thread(channel, arguments)
        return {"message_ts": self.world.put(channel.id, self.world.acting, arguments, only_for=user).ts}

    def _update(self, arguments: Arguments) -> Answer:
        seen = self._ours(arguments, "cant_update_message")
        self._check_message(arguments)
        self.world.change(seen, arguments)
        return {"channel": seen.channel, "ts": seen.ts, "text": seen.text}

    def _delete(self, arguments: Arguments) -> Answer:
        seen = self._ours(arguments, "cant_delete_message")
        self.world.messages.remove(seen)
        return {"channel": seen.channel, "ts": seen.ts}

    def _add_reaction(self, arguments: Arguments) -> Answer:
        seen, name = self._reactable(arguments)
        if name in seen.reactions:
            raise Refused("already_reacted")
        if len(seen.reactions) >= REACTIONS:
            raise Refused("too_many_reactions")
        seen.reactions.append(name)
        return {}

    def _remove_reaction(self, arguments: Arguments) -> Answer:
        seen, name = self._reactable(arguments)
        if name not in seen.reactions:
            raise Refused("no_reaction")
        seen.reactions.remove(name)
        return {}

    def _open(self, arguments: Arguments) -> Answer:
        users = arguments.get("users")
        if not isinstance(users, str) or not users:
            raise Refused("users_list_not_supplied")
        person = self.world.people.get(users)
        if person is None or self.world.bot_of(person.id) != self.world.acting:
            raise Refused("user_not_found")
        if not person.active:
            raise Refused("user_disabled")
        return {"channel": {"id": self.world.direct(person.id, self.world.acting).id}}

    def _upload_url(self, arguments: Arguments) -> Answer:
        room = self.files.room(arguments.get("filename"), arguments.get("length"), arguments.get("alt_txt"))
        if room is None:
            raise Refused("invalid_arguments", "filename and length are needed")
        return {"upload_url": self.files.address(room), "file_id": room.id}

    def _complete_upload(self, arguments: Arguments) -> Answer:
        files = arguments.get("files")
        if not isinstance(files, list) or not files:
            raise Refused("invalid_arguments", "files is missing")
        where = arguments.get("channel_id")  # without one the file is seen where a message shows it
        channel = self._writable({"channel": where}) if where else None
        if channel:
            self._check_thread(channel, arguments)
        for one in files:
            room = self.files.uploaded(one.get("id"))
            if room is None or room.content is None:
                raise Refused("file_not_found")
            self.files.complete(room)
            body = {"thread_ts": arguments.get("thread_ts")}
            if channel:
                shared = Shared(room.name, room.content, room.id, str(one.get("title") or ""))
                self.world.put(channel.id, self.world.acting, body).file = shared
        return {"files": [{"id": one["id"], "title": one.get("title", "")} for one in files]}

    def _delete_file(self, arguments: Arguments) -> Answer:
        if not self.files.delete(arguments.get("file")):
            raise Refused("file_not_found")
        shown = (one for one in self.world.messages if one.file and one.file.id == arguments["file"])
        for seen in list(shown):
            self.world.messages.remove(seen)
        return {}

    def _file_info(self, arguments: Arguments) -> Answer:
        told = self.files.info(arguments.get("file"))
        if told is None:
            raise Refused("file_not_found")
        return {"file": told}

    def _views_open(self, arguments: Arguments) -> Answer:
        trigger = self.world.triggers.get(str(arguments.get("trigger_id")))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.until < self.world.seconds():
            raise Refused("expired_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        view = self._checked_view(arguments)
        trigger.used = True
        modal = self.world.open_modal(trigger.person, view)
        return {"view": {**view, "id": modal.id, "hash": modal.hash}}

    def _views_update(self, arguments: Arguments) -> Answer:
        view = self._checked_view(arguments)
        for person, modal in self.world.modals.items():
            if modal.id == arguments.get("view_id"):
                if arguments.get("hash", modal.hash) != modal.hash:
                    raise Refused("hash_conflict")
                return {"view": {**view, "id": self.world.open_modal(person, view).id}}
        raise Refused("not_found")

    def _views_publish(self, arguments: Arguments) -> Answer:
        code, answer = publish_home(self.world, arguments)
        if code:
            raise Refused(code, *answer.get("response_metadata", {}).get("messages", ()))
        return answer

    def _users_info(self, arguments: Arguments) -> Answer:
        person = self.world.people.get(str(arguments.get("user")))
        if person is None:
            raise Refused("user_not_found")
        profile = {"display_name": person.name, "real_name": person.name}
        user: Answer = {
            "id": person.id,
            "team_id": person.team,
            "name": person.name.lower(),
            "profile": profile,
        }
        user |= {"tz": person.zone, "deleted": not person.active, "is_bot": False}
        if str(arguments.get("include_locale", "")).lower() in ("1", "true"):
            user["locale"] = person.locale
        return {"user": user}

    def _conversations_info(self, arguments: Arguments) -> Answer:
        channel = self.world.channels.get(str(arguments.get("channel") or ""))
        if channel is None or (channel.kind != "channel" and self.world.acting not in channel.members):
            raise Refused("channel_not_found")
        if READS[channel.kind] not in self.scopes:
            raise Refused("missing_scope")
        told = {"id": channel.id, "name": channel.name, "is_archived": channel.archived}
        private = {"is_private": channel.kind != "channel", "is_member": self.world.acting in channel.members}
        return {"channel": {**told, **private}}

    def _writable(self, arguments: Arguments) -> Channel:
        channel = self.world.channels.get(str(arguments.get("channel") or ""))
        if channel is None or (channel.kind != "channel" and self.world.acting not in channel.members):
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_archived")
        if self.world.acting not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def _reactable(self, arguments: Arguments) -> tuple[Seen, str]:
        """A message anybody wrote that all may see, and the name of the reaction."""
        stamp, name = str(arguments.get("timestamp") or ""), str(arguments.get("name") or "")
        if not arguments.get("channel") or not stamp:
            raise Refused("no_item_specified")
        if name not in EMOJI:
            raise Refused("invalid_name")
        if not re.fullmatch(r"[0-9]{10}[.][0-9]{6}", stamp):
            raise Refused("bad_timestamp")
        seen = self.world.find(self._writable(arguments).id, stamp)
        if seen is None:
            raise Refused("message_not_found")
        return seen, name

    def _ours(self, arguments: Arguments, foreign: str) -> Seen:
        channel = self.world.channels.get(str(arguments.get("channel") or ""))
        if channel is None or (channel.kind != "channel" and self.world.acting not in channel.members):
            raise Refused("channel_not_found")
        if channel.archived:
            raise Refused("is_inactive")
        seen = self.world.find(channel.id, str(arguments.get("ts") or ""))
        if seen is None:
            raise Refused("message_not_found")
        if seen.author != self.world.acting:
            raise Refused(foreign)
        return seen

    def _check_message(self, arguments: Arguments) -> None:
        if code := faults_of_message(arguments):
            raise Refused(code)
        for at, block in enumerate(arguments.get("blocks") or []):
            if block["type"] == "image" and self.files.picture(block["slack_file"]["id"]) is None:
                raise Refused("invalid_blocks", f"[ERROR] invalid slack file [json-pointer:/blocks/{at}]")

    def _check_thread(self, channel: Channel, arguments: Arguments) -> None:
        thread = arguments.get("thread_ts")
        if thread and self.world.find(channel.id, str(thread)) is None:
            raise Refused("thread_not_found")

    def _checked_view(self, arguments: Arguments) -> dict[str, Any]:
        view = arguments.get("view")
        if not isinstance(view, dict):
            raise Refused("invalid_arguments", "view is missing")
        if faults := faults_of_view(view):
            raise Refused("invalid_arguments", *faults)
        return view
