"""Inside one transaction: look the person up, understand, permit, run the handler, record the answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands import N_, Command, fill
from bot.context import Context
from bot.dispatch.answering import (
    MustWrite,
    answer_ask,
    answer_refusal,
    answer_reply,
    ask_again,
    in_its_place,
)
from bot.dispatch.effects import leave_behind
from bot.dispatch.recorded import from_json, to_json
from bot.dispatch.surroundings import Surroundings, context_for
from bot.dispatch.understanding import Understood, understand
from bot.dispatch.unknown import not_understood
from bot.dispatch.waiting import let_wait
from bot.messages import NOTHING, SILENCE, Answer, Ask, Button, Incoming, Key, Message, Refusal, Reply, Said
from bot.people.addresses import is_stopped
from bot.rules.edits import mark_of
from bot.standing import heard_from, is_heard_from
from bot.templating import Templates
from storage.drafts import Draft
from storage.received import Received
from storage.store import Store

KEPT_ASIDE = timedelta(days=5)
WAYS_OUT = (N_("Cancel"), N_("Undo"), N_("Undo this"), N_("Not now"))  # they stay the last buttons
NEVER_TALK_ALONE = ("said on motion",)
LEAVE_DIALOGUES = ("throw away", "still asking", "cannot listen", "file sent", "edited", "leave edit")


class Stopped(Exception):
    """A handler's Ask or Refusal with what was understood, on its way out of the rolled-back work."""

    def __init__(self, spoken: Ask | Refusal, understood: Understood | None) -> None:
        super().__init__(str(spoken))
        self.spoken, self.understood = spoken, understood


class Waits(Exception):
    """Somebody unknown did something that only members may; what would write waits while they come in."""

    def __init__(self, understood: Understood) -> None:
        super().__init__(understood.command.name)
        self.understood = understood


def run(
    around: Surroundings, incoming: Incoming, store: Store, *, writes: bool, came_before: bool = False
) -> Answer:
    """Do what an event asks for and record the answer with it. Raises Stopped or Waits, so that all
    that was written is rolled back before the question or the no is written instead. That an event came
    before shows when it is recorded (Duplicate): then it is run again, and told so."""
    if came_before and (given := recorded(store, incoming)) is not None:
        return given
    ctx = context_for(around, incoming, store)
    if not writes and ctx.identity.asking:  # a look in the middle of a dialogue puts the dialogue aside
        raise MustWrite
    if not writes and is_heard_from(incoming) and store.places.out_of_reach(incoming.place):
        raise MustWrite
    understood: Understood | None = None
    try:
        understood = understand(ctx, around.registry)
        if not writes and understood and not understood.command.reads:  # the words of a button begin so
            raise MustWrite
        reply = perform(ctx, understood) if understood else SILENCE
        if understood and reply == SILENCE and _is_left_alone(ctx, understood):
            raise not_understood(incoming.text.strip())
    except (Ask, Refusal) as spoken:
        raise Stopped(spoken, understood) from spoken
    if reply == SILENCE and not (ctx.told or store.changed) and _is_overheard(incoming):
        return NOTHING  # talk under a post of ours: nothing is written about it
    answer = in_its_place(understood, answer_reply(ctx, around.templates, reply, writes=writes))
    if writes:
        answer = _with_put_aside(ctx, around, understood, answer)
        record(ctx, answer)
    return answer


def _is_left_alone(ctx: Context, understood: Understood) -> bool:
    """Whether words in reply to a notice would get no answer: in private nobody talks to anybody else."""
    talk = understood.command.name in NEVER_TALK_ALONE and ctx.place.kind == "direct"
    return talk and bool(ctx.incoming.text.strip())


def _is_overheard(incoming: Incoming) -> bool:
    """Whether somebody said something under a post of ours, and not to us: a no to it is nobody else's."""
    return isinstance(incoming, Said) and not incoming.addressed


def say(around: Surroundings, incoming: Incoming, turn: Stopped | Waits, store: Store) -> Answer:
    """Answer a call that stopped: store what was said so far and ask, refuse, or show the way in."""
    if (given := recorded(store, incoming)) is not None:
        return given
    ctx = context_for(around, incoming, store)
    understood = turn.understood
    if understood is not None and _is_done_meanwhile(ctx, understood):
        understood, turn = None, Stopped(Refusal("draft_gone", buttons=(Button(N_("Help"), "help"),)), None)
    asked = ctx.store.drafts.open(ctx.account_id) if _interrupts(ctx, understood) else None
    if isinstance(turn, Waits):
        answer = let_wait(ctx, around.templates, turn.understood)
    elif isinstance(turn.spoken, Ask) and understood is not None:
        answer = answer_ask(
            ctx,
            around.templates,
            turn.spoken,
            understood.command,
            dict(understood.arguments),
            understood.draft,
        )
    elif isinstance(turn.spoken, Refusal):
        answer = _refuse(ctx, around.templates, turn.spoken, understood)
    else:
        raise RuntimeError("a question without the call it belongs to")
    if asked is not None and (put := ctx.store.drafts.by_token(asked.token)) and put.state == "aside":
        answer = _telling(ctx, around, understood, put, answer)
    answer = in_its_place(understood, answer)
    record(ctx, answer)
    return answer


def _is_done_meanwhile(ctx: Context, understood: Understood) -> bool:
    """Whether the draft was finished by another answer while this one was being worked out."""
    if understood.draft is None:
        return False
    draft = ctx.store.drafts.by_token(understood.draft.token)
    return draft is None or draft.state == "done"


def perform(ctx: Context, understood: Understood) -> Reply:
    """Run one understood command: may they, is everything said, then the handler."""
    command = understood.command
    if command.may != "anybody":
        if ctx.identity.person is None:
            raise Waits(understood)
        if command.may and not ctx.may(command.may):
            raise Refusal("not_allowed", permission=command.may)
    if understood.doubt is not None:
        raise understood.doubt
    try:
        values = fill(command, understood.arguments, ctx.reading)
    except Ask as missing:
        if missing.template == "question":
            missing.prefill = dict(understood.arguments)
        raise
    reply: Reply = command.function(ctx, **values)
    if understood.draft is not None:
        ctx.store.drafts.close(understood.draft.token)
    return reply


def recorded(store: Store, incoming: Incoming) -> Answer | None:
    """The answer that an event was given before; None if it is new."""
    found = store.received.find(incoming.account.platform, incoming.event)
    if found is None:
        return None
    return from_json(found.answer) if found.answer else NOTHING


def record(ctx: Context, answer: Answer, reference: str = "") -> None:
    """Keep an event with its answer, and put what others are told on its way; `reference` is what the
    person was shown where it could not be done."""
    incoming, kept = ctx.incoming, ctx.identity
    renamed = incoming.account.name not in ("", kept.name)
    if kept.account_id is not None and (kept.lost or renamed) and not is_stopped(ctx.store, incoming.account):
        ctx.remember_account()  # whoever writes is within reach, and called what the platform says
    if is_heard_from(incoming):
        heard_from(ctx.store, incoming.place, ctx.now)
    leave_behind(ctx)
    ctx.store.received.record(
        Received(
            platform=incoming.account.platform,
            event=incoming.event,
            account=incoming.account,
            place=incoming.place,
            answer=None if answer == NOTHING else to_json(answer) | {"words": mark_of(incoming.text)},
            state="given" if answer == NOTHING else "unsent",
            reference=reference,
            received_at=incoming.received_at,
            message_id=incoming.message_id,
        )
    )


def _refuse(ctx: Context, templates: Templates, refusal: Refusal, understood: Understood | None) -> Answer:
    if understood is not None and not understood.from_form and refusal.option:
        asked = {o.name for o in understood.command.options if not o.kind.hidden}
        if refusal.option in asked:
            return ask_again(
                ctx, templates, refusal, understood.command, dict(understood.arguments), understood.draft
            )
    from_form = understood is not None and understood.from_form
    answer = answer_refusal(ctx, templates, refusal, from_form=from_form)
    return replace(answer, aside=True) if _is_overheard(ctx.incoming) else answer


def _interrupts(ctx: Context, understood: Understood | None) -> bool:
    """Whether this is a new command while another one is being asked about."""
    if not ctx.identity.asking or understood is None or understood.draft is not None:
        return False
    return understood.command.name not in LEAVE_DIALOGUES


def _with_put_aside(
    ctx: Context, around: Surroundings, understood: Understood | None, answer: Answer
) -> Answer:
    """A new command in the middle of a dialogue puts the dialogue aside, and says so; never before others."""
    if answer.message is None or answer.public or not _interrupts(ctx, understood):
        return answer
    aside = ctx.store.drafts.put_aside(ctx.account_id, ctx.now)
    return _telling(ctx, around, understood, aside[0], answer) if aside else answer


def _telling(
    ctx: Context, around: Surroundings, understood: Understood | None, aside: Draft, answer: Answer
) -> Answer:
    """The answer with a line about what was put aside, and the two taps for it before the way out. What
    nobody would miss is closed without a word."""
    if not _is_missed(around.registry.commands.get(aside.command), aside) or _repeats(understood, aside):
        ctx.store.drafts.close(aside.token)
        return answer
    values = {**ctx.called(aside), "until": (ctx.now + KEPT_ASIDE).isoformat()}
    buttons = (
        Button(N_("Continue"), "continue", {"draft": aside.token}),
        Button(N_("Throw away"), "throw away", {"draft": aside.token}),
    )
    added = answer_reply(ctx, around.templates, Reply("put_aside", values, buttons)).message
    if answer.message is None or added is None:
        return answer
    there = {key.label for key in answer.message.keys}  # one [Throw away] is enough
    fresh = tuple(key for key in added.keys if key.label not in there)
    keys = _before_the_way_out(ctx, answer.message.keys, fresh)
    joined = Message(f"{answer.message.text}\n\n{added.text}", keys)
    return replace(answer, message=joined)


def _is_missed(command: Command | None, draft: Draft) -> bool:
    """Whether a draft holds something that somebody wrote. Looks, settings and confirmations do not, nor
    does a lone choice or number: they are said again faster than they are taken up."""
    if command is None or command.reads or command.may in (None, "anybody"):
        return False
    return any(
        draft.arguments.get(option.name)
        and not option.kind.hidden
        and option.kind.field not in ("choice", "number")
        for option in command.options
    )


def _repeats(understood: Understood | None, draft: Draft) -> bool:
    """Whether a call says a draft once more, in one go: the same title, or all that was said before."""
    if understood is None or understood.command.name != draft.command:
        return False
    before, now = draft.arguments, understood.arguments
    same = now.get("title", "").casefold() == before.get("title", "").casefold() != ""
    return same or before.items() <= dict(now).items()


def _before_the_way_out(ctx: Context, keys: tuple[Key, ...], added: tuple[Key, ...]) -> tuple[Key, ...]:
    out = {ctx.translate(label) for label in WAYS_OUT}
    last = len(keys) - 1 if keys and keys[-1].label in out else len(keys)
    return (*keys[:last], *added, *keys[last:])
