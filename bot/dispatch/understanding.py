"""What somebody meant: an incoming event -> a declared command with its arguments, or silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from bot.commands import N_, REGISTRY, Command, Option, Organisations, Registry, read
from bot.commands.everyday_words import as_on_a_button
from bot.commands.reading import takes_a_line
from bot.commands.values import words_of
from bot.context import Context
from bot.dispatch.in_words import (
    button_in_words,
    is_no,
    is_way_out,
    is_yes,
    leaves_the_question,
    meant,
    member_named,
)
from bot.dispatch.surroundings import name_events
from bot.dispatch.unknown import not_understood, shortened
from bot.messages import Ask, Button, Call, Refusal, Said
from storage.drafts import Draft

SILENCE_BEFORE_WORDS_FILL_NO_FORM = timedelta(minutes=30)  # spec/engagement.md section 10
INVITATION_CODE = re.compile(r"(?i)^[a-z2-7]{4}(?:[- ]?[a-z2-7]{4}){6}$")  # 28 letters of base 32: 140 bits
LINK_CODE = re.compile(r"(?i)^[a-z2-7]{4}-[a-z2-7]{4}$")  # the dash tells it from words
DRAFT_PAYLOAD = "d_"
BESIDE = "beside"  # among a button's arguments: its answer takes no message's place
MOST_OVERHEARD = 3000  # characters
LONGEST_PACKED = 60  # bytes; Telegram takes 64 in a button
ONLY_TALK = ("thanks", "write less")  # with more words they may say something else
LONGEST_THANKS = 1  # word after "thanks": a name


@dataclass(frozen=True)
class Understood:
    """A command to run. `draft` is the stored question or form that it goes on with. `beside`: its
    answer does not take the place of the message that was tapped."""

    command: Command
    arguments: Mapping[str, str] = field(default_factory=dict)
    draft: Draft | None = None
    doubt: Ask | None = None
    from_form: bool = False
    beside: bool = False


def pack(command: str, arguments: Mapping[str, str], registry: Registry = REGISTRY) -> str:
    """A read-only command as a button token that needs no row; "" if it is long or writes."""
    declared = registry.commands.get(command)
    if declared is None or not declared.reads:
        return ""
    token = f"={command}?{urlencode(arguments)}"
    return token if len(token.encode()) <= LONGEST_PACKED else ""


def unpack(token: str, registry: Registry = REGISTRY) -> Understood | None:
    """The read-only command behind a packed token; None for every other token."""
    if not token.startswith("="):
        return None
    name, _, query = token[1:].partition("?")
    command = registry.commands.get(name)
    return _as_tapped(command, dict(parse_qsl(query))) if command and command.reads else None


def only_reads(incoming: Call | Said, registry: Registry = REGISTRY) -> bool:
    """Whether an event can only look: told from its words alone, before any transaction."""
    if isinstance(incoming, Said):
        return False
    if incoming.token:
        return unpack(incoming.token, registry) is not None
    command = registry.find(incoming.text)[0] if incoming.text else registry.commands.get(incoming.command)
    return command is not None and command.reads


def understand(ctx: Context, registry: Registry = REGISTRY) -> Understood | None:
    """What the event in `ctx` asks for; None = nothing that is meant for us. Raises Refusal."""
    incoming = ctx.incoming
    if isinstance(incoming, Said):
        return _said(ctx, incoming, registry)
    if incoming.token:
        return unpack(incoming.token, registry) or _tapped(ctx, incoming.token, registry)
    if incoming.draft:
        draft = _own_draft(ctx, incoming.draft)
        command = registry.commands.get(draft.command)
        if command is None:
            raise Refusal("button_old")
        # a field that the form could not show (too long for it) keeps what was in the draft
        kept = {name: value for name, value in draft.arguments.items() if name not in incoming.arguments}
        filled = {name: value for name, value in incoming.arguments.items() if value}
        return Understood(command, {**kept, **filled}, draft, from_form=True)
    if incoming.command:
        return Understood(_declared(incoming.command, registry), incoming.arguments)
    return _typed(ctx, incoming.text, registry)


def _typed(ctx: Context, text: str, registry: Registry) -> Understood:
    text = text.strip().lstrip("/").lstrip()
    command, rest = _named(ctx, text or "help", registry)
    unknown = command is None or command.only_tapped
    if (unknown or ctx.identity.asking) and is_way_out(ctx, text):
        stops = not ctx.identity.asking and words_of(text) == words_of(ctx.translate(N_("stop")))
        return Understood(_declared("write less" if stops else "throw away", registry))
    if command is None or unknown:
        raise not_understood(text, registry)
    if command.name == "thanks" and rest and registry.find(rest)[0] is not None:
        return _typed(ctx, rest, registry)
    if command.name == "thanks" and len(rest.split()) > LONGEST_THANKS:
        raise not_understood(text, registry)
    if command.name == "start" and rest:
        return _entered(ctx, rest.strip(), registry)
    name_events(ctx, command)
    typed = read(command, rest, ctx.reading)
    if typed.left and not command.hidden:
        ways = (Button(N_("Help"), "help", {"about": command.name}),)
        raise Refusal("words_left", buttons=ways, text=shortened(typed.left))
    return Understood(command, typed.arguments, doubt=typed.doubt)


def _named(ctx: Context, text: str, registry: Registry) -> tuple[Command | None, str]:
    """The command that a line names, or whose button it reads like; and its other words."""
    command, rest = registry.find(text)
    if command is not None and not rest:
        return command, rest
    on_a_button = as_on_a_button(text, ctx.translate)
    return registry.find(on_a_button) if on_a_button else (command, rest)


def _entered(ctx: Context, payload: str, registry: Registry) -> Understood:
    """The direct chat was opened by a link: a draft that goes on here, or an invitation code."""
    if payload.startswith(DRAFT_PAYLOAD):
        return _continued(ctx, {"draft": payload.removeprefix(DRAFT_PAYLOAD)}, registry)
    if INVITATION_CODE.match(payload):
        return Understood(_declared("join", registry), {"code": payload})
    return _greeted(ctx, payload, registry)


def _tapped(ctx: Context, token: str, registry: Registry) -> Understood:
    stored = ctx.store.buttons.get(token)
    if stored is None or stored.expires_at < ctx.now:
        raise Refusal("button_old", buttons=(Button(N_("Help"), "help"),))
    if stored.account_id not in (None, ctx.identity.account_id) and not _same_person(ctx, stored.account_id):
        raise Refusal("button_of_another")
    if stored.command == "continue":
        return _continued(ctx, stored.arguments, registry)
    if stored.command == "typed":
        return _typed(ctx, stored.arguments["line"], registry)
    return _as_tapped(_declared(stored.command, registry), stored.arguments)


def _as_tapped(command: Command, arguments: Mapping[str, str]) -> Understood:
    given = {name: value for name, value in arguments.items() if name != BESIDE}
    return Understood(command, given, beside=BESIDE in arguments)


def _same_person(ctx: Context, account_id: int | None) -> bool:
    person = ctx.identity.person
    if person is None or account_id is None:
        return False
    return any(linked.account_id == account_id for linked in ctx.store.accounts.of_person(person.id))


def _continued(ctx: Context, arguments: Mapping[str, str], registry: Registry) -> Understood:
    """A draft run again, with what the tap answered; an empty value takes an argument away."""
    draft = _own_draft(ctx, arguments["draft"])
    merged = {**draft.arguments, **arguments}
    del merged["draft"]
    return Understood(
        _declared(draft.command, registry), {name: value for name, value in merged.items() if value}, draft
    )


def _own_draft(ctx: Context, token: str) -> Draft:
    draft = ctx.store.drafts.by_token(token)
    if draft is None or draft.state == "done":
        raise Refusal("draft_gone", buttons=(Button(N_("Help"), "help"),))
    if draft.account_id != ctx.identity.account_id and not _same_person(ctx, draft.account_id):
        raise Refusal("button_of_another")
    return draft


def _said(ctx: Context, said: Said, registry: Registry) -> Understood | None:
    words = said.text.strip()
    if said.addressed:
        draft = ctx.store.drafts.open(ctx.account_id) if ctx.identity.asking else None
        here = draft and draft.place.channel == said.place.channel and not words.startswith("/")
        answers = draft and here and words and not leaves_the_question(draft, words, registry)
        if draft and answers and (answer := _answered(ctx, draft, words, registry)):
            return answer
        if INVITATION_CODE.match(words):
            return Understood(_declared("join", registry), {"code": words})
        if LINK_CODE.match(words):
            return Understood(_declared("link", registry), {"code": words})
        if token := button_in_words(ctx, said):
            return unpack(token, registry) or _tapped(ctx, token, registry)
        command, rest = _named(ctx, words, registry)
        if command is not None and not (rest and command.name in ONLY_TALK):
            return _typed(ctx, words, registry)
    topic = (
        ctx.store.posts.topic_of(
            said.place.platform, said.place.installation, said.place.channel, said.reply_to
        )
        if said.reply_to
        else None
    )
    overheard = registry.commands.get(f"said on {topic.kind}") if topic else None
    if topic is not None and overheard is not None and _concerns(ctx, overheard):
        spoken = {"words": words[:MOST_OVERHEARD]} if words else {}
        return Understood(overheard, {"key": topic.key, **spoken})
    if not said.addressed:
        return None
    if said.unheard:
        return Understood(_declared("cannot listen", registry), {"what": said.unheard})
    if said.files:
        return Understood(_declared("file sent", registry))
    if ctx.identity.person is None:
        return _greeted(ctx, words, registry)
    return _typed(ctx, words, registry)


def _greeted(ctx: Context, words: str, registry: Registry) -> Understood:
    """Who opens with plain words; a stranger who names a member ("Hi, I'm from MecaTech") may be with it."""
    slug = member_named(ctx, words) if ctx.identity.person is None else ""
    if slug:
        return Understood(_declared("ask to join", registry), {"named": slug})
    return Understood(_declared("start", registry))


def _concerns(ctx: Context, overheard: Command) -> bool:
    """Whether a reply under a post of ours can be more than talk: people without the right to do what
    it would do are left to talk."""
    return ctx.identity.person is not None and (not overheard.may or ctx.may(overheard.may))


def _answered(ctx: Context, draft: Draft, words: str, registry: Registry) -> Understood | None:
    """Typed words as the answer to what is asked; None if it takes a tap and they name none."""
    if is_way_out(ctx, words):
        return Understood(_declared("throw away", registry), {"draft": draft.token})
    if ctx.now - draft.asked_at > SILENCE_BEFORE_WORDS_FILL_NO_FORM:
        return Understood(_declared("still asking", registry), {"draft": draft.token})
    labels = [label for label, _ in draft.choices]
    if (at := meant(labels, words, ctx)) is not None:
        return _continued(ctx, {**draft.choices[at][1], "draft": draft.token}, registry)
    if is_no(words, ctx) and any(is_yes(label, ctx) for label in labels):
        return Understood(_declared("throw away", registry), {"draft": draft.token})
    command = _declared(draft.command, registry)
    name_events(ctx, command)
    option = command.option(draft.option)
    if option is not None and option.kind.hidden:
        return None
    if option is not None and takes_a_line(option):
        given = {name: value for name, value in draft.arguments.items() if name != option.name}
        typed = read(command, words, ctx.reading, given)
        return Understood(command, {**given, **typed.arguments}, draft, doubt=typed.doubt)
    answer = _beside_the_known(ctx, option, draft.arguments.get(draft.option, ""), words)
    arguments = {**draft.arguments, draft.option: answer} if draft.option else draft.arguments
    return Understood(command, arguments, draft)


def _beside_the_known(ctx: Context, option: Option | None, before: str, words: str) -> str:
    """The answer itself; in a list of organisations it takes the place of the one that was unknown, and a
    time goes with the day that was said before."""
    if option is None or not before:
        return words
    if not isinstance(option.kind, Organisations):
        return option.kind.beside(before, words, ctx.reading)
    return ",".join([*(slug for slug in before.split(",") if slug in ctx.organisations), words])


def _declared(name: str, registry: Registry) -> Command:
    command = registry.commands.get(name)
    if command is None:
        raise Refusal("button_old", buttons=(Button(N_("Help"), "help"),))
    return command
