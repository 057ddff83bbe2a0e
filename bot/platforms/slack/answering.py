"""Giving answers on Slack: over the ack, the trigger, the response_url or a post, whichever fits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.messages import Account, Answer, Form, Message, Place, Post
from bot.platforms.markup import plain_text
from bot.platforms.port import SendFailed
from bot.platforms.slack.forms import Origin, form_view
from bot.platforms.slack.heard import Heard, Way
from bot.platforms.slack.home import HOME, publish
from bot.platforms.slack.outgoing import SlackWeb, parts_of, quickly
from bot.platforms.slack.posting import SETTINGS, edit_post, open_direct, post, whisper

log = structlog.get_logger()

FORM_PATIENCE = 2.5  # seconds; a trigger lives 3

Rest = Callable[[], Awaitable[Post | None]]


async def begin_answer(web: SlackWeb, heard: Heard, answer: Answer) -> tuple[dict[str, Any] | str, Rest]:
    """The body of the ack, and what is to be done once the ack has left.

    A form is opened here, before the ack, for its trigger lives 3 seconds; if it cannot be opened, the
    answer's message is given in its place. The rest raises SendFailed if the answer did not get through.
    """
    way, incoming = heard.way, heard.incoming
    if way.kind == "form":
        return _submitted(web, heard, answer)
    if answer.form and way.trigger:
        if await _opened(web, heard, answer.form):
            return "", _nothing
        answer = replace(answer, form=None)
    if answer.message is None:
        return "", _nothing
    if way.kind == "command":
        return _acked(web, heard, answer.message, answer.public)
    if way.kind == "button":
        return "", lambda: _pressed(web, heard, answer)
    return "", lambda: post_answer(web, incoming.place, incoming.account, answer, _tab_of(way))


async def post_answer(
    web: SlackWeb, place: Place, account: Account, answer: Answer, message_id: str = ""
) -> Post | None:
    """Give an answer as a message of its own, or over `message_id` if it replaces that one: in a direct
    chat there, in a group for that person's eyes only unless it is public; what was asked for their home
    tab there. None where nobody is to be told. `aside` asks for no more: only one person sees it as it is.
    Raises SendFailed."""
    if answer.message is None or not (account.user or answer.public):
        return None
    if message_id == HOME:
        await publish(web, place, account, answer.message)
        return None
    if place.kind == "direct":
        try:
            return await _posted(web, place, answer, message_id)
        except SendFailed as trouble:
            if trouble.kind != "gone":
                raise
            # a command was given in a chat between other people, where we cannot write
            return await post(web, await open_direct(web, place, account), answer.message)
    if answer.public and not answer.aside:
        return await _posted(web, place, answer, message_id)
    return await whisper(web, place, account, answer.message)


def _tab_of(way: Way) -> str:
    return HOME if way.kind == "home" else ""


async def _nothing() -> Post | None:
    return None


async def _opened(web: SlackWeb, heard: Heard, form: Form) -> bool:
    place, way = heard.incoming.place, heard.way
    # the submitted form is answered over this response_url, which works where we are no member; but what
    # it gives in a direct chat vanishes, so there, under a post of ours, we rather post
    ours = place.kind == "direct" and way.kind == "button" and not way.ephemeral
    url = "" if ours else way.response_url
    view = form_view(form, Origin(form.draft, place.channel, place.thread, url))
    try:
        opening = web.call("views.open", trigger_id=way.trigger, view=view)
        await quickly(FORM_PATIENCE, opening)
    except SendFailed as trouble:
        log.warning("slack.form_not_opened", reason=trouble.says, event_id=heard.incoming.event)
        return False
    return True


def _acked(web: SlackWeb, heard: Heard, message: Message, public: bool) -> tuple[dict[str, Any], Rest]:
    shown = "in_channel" if public else "ephemeral"
    first, *others = parts_of(message)

    async def rest() -> Post | None:
        for part in others:
            await web.respond(heard.way.response_url, response_type=shown, **SETTINGS, **part)
        return None

    return {"response_type": shown, **SETTINGS, **first}, rest


async def _pressed(web: SlackWeb, heard: Heard, answer: Answer) -> Post | None:
    way, place = heard.way, heard.incoming.place
    over = answer.replace and way.ephemeral != answer.public
    if place.kind == "group" and answer.public and not over:
        return await post_answer(web, place, heard.incoming.account, answer)
    if way.response_url and (way.ephemeral or place.kind == "group"):
        try:
            await _respond_all(web, way, place, answer, over)
            return None
        except SendFailed as trouble:
            if trouble.kind != "refused":
                raise
            log.info("slack.response_url_used_up", event_id=heard.incoming.event)
    message_id = "" if way.ephemeral else heard.incoming.message_id
    return await post_answer(web, place, heard.incoming.account, answer, message_id)


async def _respond_all(web: SlackWeb, way: Way, place: Place, answer: Answer, over: bool) -> None:
    parts = parts_of(answer.message) if answer.message else []
    thread = {"thread_ts": place.thread} if place.thread else {}
    shown = "in_channel" if answer.public else "ephemeral"
    for part in parts:
        await web.respond(
            way.response_url,
            response_type=shown,
            replace_original=over and part is parts[0],
            **SETTINGS,
            **thread,
            **part,
        )


def _submitted(web: SlackWeb, heard: Heard, answer: Answer) -> tuple[dict[str, Any] | str, Rest]:
    way, incoming = heard.way, heard.incoming
    if answer.errors and way.fields:
        return {"response_action": "errors", "errors": _on_fields(answer.errors, way.fields)}, _nothing
    if answer.form:
        place = incoming.place
        origin = Origin(answer.form.draft, place.channel, place.thread, way.response_url)
        return {"response_action": "update", "view": form_view(answer.form, origin)}, _nothing
    if answer.message is None:
        return "", _nothing

    async def rest() -> Post | None:
        if way.response_url and not (answer.public and incoming.place.kind == "group"):
            try:
                await _respond_all(web, way, incoming.place, answer, over=False)
                return None
            except SendFailed as trouble:
                if trouble.kind != "refused":
                    raise
        return await post_answer(web, incoming.place, incoming.account, answer)

    return "", rest


def _on_fields(errors: Mapping[str, str], fields: tuple[str, ...]) -> dict[str, str]:
    """Slack takes only sentences about fields that the form has; others go to the first field."""
    placed: dict[str, str] = {}
    for option, says in errors.items():
        field, says = option if option in fields else fields[0], plain_text(says)
        placed[field] = f"{placed[field]} {says}" if field in placed else says
    return placed


async def _posted(web: SlackWeb, place: Place, answer: Answer, message_id: str) -> Post:
    message = answer.message or Message("")
    if answer.replace and message_id:
        try:
            return await edit_post(web, Post(place, message_id), message)
        except SendFailed as trouble:
            if trouble.kind not in ("refused", "deleted"):
                raise  # it was an ephemeral one or is gone, so a new message says it
    return await post(web, place, message)
