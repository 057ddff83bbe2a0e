"""What somebody meant: an incoming event -> a declared command with its arguments, or silence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

from bot.commands import N_, REGISTRY, Command, Known, OneEvent, Option, Organisations, Registry, read
from bot.commands.reading import takes_a_line
from bot.commands.values import words_of
from bot.context import Context
from bot.messages import Ask, Button, Call, Refusal, Said
from bot.rules.events.values import FEW
from storage.drafts import Draft

SILENCE_BEFORE_WORDS_FILL_NO_FORM = timedelta(minutes=30)  # spec/engagement.md section 10
WAYS_OUT = (N_("cancel"), N_("stop"), N_("never mind"), N_("not now"))
INVITATION_CODE = re.compile(r"(?i)^[a-z2-7]{4}(?:[- ]?[a-z2-7]{4}){6}$")  # 28 letters of base 32: 140 bits
LINK_CODE = re.compile(r"(?i)^[a-z2-7]{4}-[a-z2-7]{4}$")  # the dash tells it from words
DRAFT_PAYLOAD = "d_"
BESIDE = "beside"  # among a button's arguments: its answer takes no message's place
LONGEST_QUOTE = 40  # characters of typed words that are quoted back
MOST_OVERHEARD = 3000  # characters
LONGEST_PACKED = 60  # bytes; Telegram takes 64 in a button
RECENT_EVENTS = 10  # that are over and can still be named


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
    command, rest = registry.find(text or "help")
    unknown = command is None or command.only_tapped
    if (unknown or ctx.identity.asking) and _way_out(ctx, text):
        return Understood(_declared("throw away", registry))
    if command is None or unknown:
        raise not_understood(text, registry)
    if command.name == "start" and rest:
        return _entered(ctx, rest.strip(), registry)
    _name_events(ctx, command)
    typed = read(command, rest, ctx.reading)
    if typed.left and not command.hidden:
        ways = (Button(N_("Help"), "help", {"about": command.name}),)
        raise Refusal("words_left", buttons=ways, text=_shortened(typed.left))
    return Understood(command, typed.arguments, doubt=typed.doubt)


def _name_events(ctx: Context, command: Command) -> None:
    """Where a command is about an event, people can say its title: those to come and the last that were."""
    if not any(isinstance(option.kind, OneEvent) for option in command.options):
        return
    past, _ = ctx.store.events.past(ctx.now, RECENT_EVENTS, 0)
    found = (*ctx.store.events.coming(ctx.now), *past)
    named = tuple(Known(str(one.number), (one.title,)) for one in found if one.audience not in FEW)
    ctx.reading = replace(ctx.reading, events=named)


def not_understood(text: str, registry: Registry = REGISTRY) -> Refusal:
    """The no to words that begin with no command: quoted whole, or the one word that is near to a command."""
    word = text.split(maxsplit=1)[0] if text else ""
    nearest = registry.suggest(word)
    ways: tuple[Button, ...] = (Button(N_("Help"), "help"),)
    if nearest:
        line = f"{nearest} {text[len(word) :].strip()}".strip()
        ways = (Button(N_("Yes, that one"), "typed", {"line": line}), *ways)
    quoted = _shortened(word if nearest else text)
    return Refusal("command_unknown", buttons=ways, word=quoted, nearest=nearest or "")


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST_QUOTE else words[: LONGEST_QUOTE - 1].rstrip() + "…"


def _way_out(ctx: Context, text: str) -> bool:
    """Whether the words only leave what is being asked; "never_mind" is how Telegram writes two words."""
    words = words_of(text)
    return words in {words_of(way) for one in WAYS_OUT for way in (one, ctx.translate(one))}


def _entered(ctx: Context, payload: str, registry: Registry) -> Understood:
    """The direct chat was opened by a link: a draft that goes on here, or an invitation code."""
    if payload.startswith(DRAFT_PAYLOAD):
        return _continued(ctx, {"draft": payload.removeprefix(DRAFT_PAYLOAD)}, registry)
    if INVITATION_CODE.match(payload):
        return Understood(_declared("join", registry), {"code": payload})
    return Understood(_declared("start", registry))


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
        if draft and here and words and (answer := _answered(ctx, draft, words, registry)):
            return answer
        if INVITATION_CODE.match(words):
            return Understood(_declared("join", registry), {"code": words})
        if LINK_CODE.match(words):
            return Understood(_declared("link", registry), {"code": words})
        if words and registry.find(words)[0] is not None:
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
        return Understood(_declared("start", registry))
    return _typed(ctx, words, registry)


def _concerns(ctx: Context, overheard: Command) -> bool:
    """Whether a reply under a post of ours can be more than talk: people without the right to do what
    it would do are left to talk."""
    return ctx.identity.person is not None and (not overheard.may or ctx.may(overheard.may))


def _answered(ctx: Context, draft: Draft, words: str, registry: Registry) -> Understood | None:
    """Typed words as the answer to what is asked; None if it takes a tap and they name none."""
    if _way_out(ctx, words):
        return Understood(_declared("throw away", registry), {"draft": draft.token})
    if ctx.now - draft.asked_at > SILENCE_BEFORE_WORDS_FILL_NO_FORM:
        return Understood(_declared("still asking", registry), {"draft": draft.token})
    said = words_of(words)
    for label, arguments in draft.choices:
        yes = words_of(label.partition(",")[0]) == said == words_of(ctx.translate(N_("Yes")))
        if said and (yes or words_of(label) == said):
            return _continued(ctx, {**arguments, "draft": draft.token}, registry)
    command = _declared(draft.command, registry)
    _name_events(ctx, command)
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
    """The answer itself; in a list of organisations it takes the place of the one that was unknown."""
    if option is None or not isinstance(option.kind, Organisations):
        return words
    return ",".join([*(slug for slug in before.split(",") if slug in ctx.organisations), words])


def _declared(name: str, registry: Registry) -> Command:
    command = registry.commands.get(name)
    if command is None:
        raise Refusal("button_old", buttons=(Button(N_("Help"), "help"),))
    return command
