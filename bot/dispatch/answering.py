"""From what a handler returned to what is given: Reply, Refusal and Ask -> Answer, with its rows."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from bot.commands import N_, Command, form_fields
from bot.context import Context
from bot.dispatch.mending import clear_rest, mends
from bot.dispatch.understanding import BESIDE, DRAFT_PAYLOAD, Understood, pack
from bot.messages import (
    Answer,
    Ask,
    Button,
    Call,
    Field,
    Form,
    Key,
    Message,
    Refusal,
    Reply,
    Said,
)
from bot.templating import Md, Templates
from storage.buttons import Stored
from storage.drafts import Draft

ON_A_CARD = timedelta(days=400)  # a card is good for as long as it stands


class MustWrite(Exception):
    """Raised while only reading: this answer needs a row, so the call is run again by the writer."""


def answer_reply(ctx: Context, templates: Templates, reply: Reply, *, writes: bool = True) -> Answer:
    """A handler's Reply as the Answer to record and give. An empty template is silence, but for a mark."""
    if not reply.template:
        return Answer(mark=reply.mark)
    if reply.public or not reply.aside:
        ctx = as_heard(ctx, public=reply.public)
    text = said(ctx, templates, reply)
    keys = keys_for(ctx, reply.buttons, writes=writes)
    return Answer(
        Message(text, keys, reply.file, reply.silent, reply.mail),
        replace=reply.replace,
        public=reply.public,
        topic=reply.topic,
        aside=reply.aside,
        mark=reply.mark,
    )


def as_heard(ctx: Context, *, public: bool = False) -> Context:
    """The same call as it is read: in the group's language, by the alliance's clocks, where all of a group
    reads the answer, because it is `public` or because the platform shows none to one person alone."""
    if ctx.place.kind != "group" or (ctx.reads_alone and not public):
        return ctx
    as_read = replace(ctx, zone=ctx.charter.alliance.zone)
    as_read.speak(ctx.place_language)
    return as_read


def answer_refusal(
    ctx: Context, templates: Templates, refusal: Refusal, *, from_form: bool = False, writes: bool = True
) -> Answer:
    """A rule's no: a sentence in an open form's field, or a message with what can be done now."""
    if from_form and refusal.option:
        text = render(ctx, templates, f"refusals/{refusal.code}", refusal.values)
        return Answer(errors={refusal.option: text})
    overheard = isinstance(ctx.incoming, Said) and not ctx.incoming.addressed  # answered to them alone
    reply = Reply(f"refusals/{refusal.code}", refusal.values, refusal.buttons, aside=overheard)
    return answer_reply(ctx, templates, reply, writes=writes)


def answer_ask(
    ctx: Context,
    templates: Templates,
    ask: Ask,
    command: Command,
    arguments: dict[str, str],
    draft: Draft | None,
) -> Answer:
    """A question: as a form where one can be shown now, as words with buttons elsewhere, as a link to
    the direct chat where a group would see the answers. The draft holds all that was said so far."""
    call = ctx.incoming
    shows_form = ask.prefill is not None and isinstance(call, Call) and call.can_show_form
    heard = as_heard(ctx)
    text = render(heard, templates, ask.template, {**ask.values, "command": heard.title_of(command.name)})
    no = text if ask.template.startswith("refusals/") else ""  # said wherever the call goes on
    if shows_form:
        draft = _keep(ctx, ask, command, {**arguments, **(ask.prefill or {})}, draft, "form")
        beside = _elsewhere(ctx, templates, command, draft, no).message  # if the form can't be opened in time
        return Answer(beside, form=_form(ctx, command, draft, no))
    in_words = ctx.place.kind == "direct"
    draft = _keep(ctx, ask, command, arguments, draft, "asking" if in_words else "aside")
    if ask.free and not in_words:
        return _elsewhere(ctx, templates, command, draft, no)
    choices = tuple(
        Button(choice.label, "continue", {"draft": draft.token, **choice.arguments}) for choice in ask.choices
    )
    way_out = Button(ask.way_out, "throw away", {"draft": draft.token})
    return Answer(Message(text, keys_for(heard, (*choices, way_out))), replace=draft_was_tapped(ctx))


def in_its_place(understood: Understood | None, answer: Answer) -> Answer:
    """An answer as it is given: beside the message that was tapped, where that has more to tap."""
    return replace(answer, replace=False) if understood is not None and understood.beside else answer


def draft_was_tapped(ctx: Context) -> bool:
    """A question that follows a tap takes the place of the question before."""
    return isinstance(ctx.incoming, Call) and bool(ctx.incoming.token) and ctx.place.kind == "direct"


def ask_again(
    ctx: Context,
    templates: Templates,
    refusal: Refusal,
    command: Command,
    arguments: dict[str, str],
    draft: Draft | None,
) -> Answer:
    """A word that was not understood: the refusal is said and its option asked again. All that was given
    is kept, that word too, so that going on without an answer meets the same question."""
    option = command.option(refusal.option)
    choices = mends(ctx, refusal, option, arguments.get(refusal.option, "")) if option else ()
    rest = any(value for name, value in arguments.items() if name != refusal.option)
    clear = clear_rest(ctx, command, arguments, refusal.option)
    said = {**refusal.values, "kept": rest, "clear": clear}
    ask = Ask(refusal.option, f"refusals/{refusal.code}", choices, **said)
    ask.free = ctx.place.kind == "direct" or not choices
    if ctx.place.kind != "direct" and not choices:
        ask.prefill = arguments
    return answer_ask(ctx, templates, ask, command, arguments, draft)


def _elsewhere(ctx: Context, templates: Templates, command: Command, draft: Draft, says: str = "") -> Answer:
    ctx = as_heard(ctx)
    link = ctx.start_link(DRAFT_PAYLOAD + draft.token)
    go_on = (
        Button(N_("Go on in private"), url=link)
        if link
        else Button(N_("Fill it in"), "continue", {"draft": draft.token})
    )
    way_out = Button(N_("Cancel"), "throw away", {"draft": draft.token})
    values = {"command": ctx.title_of(command.name), "by_link": bool(link)}
    text = says or render(ctx, templates, "go_on_elsewhere", values)
    return Answer(Message(text, keys_for(ctx, (go_on, way_out))))


def _keep(
    ctx: Context, ask: Ask, command: Command, arguments: dict[str, str], draft: Draft | None, state: str
) -> Draft:
    choices = [[ctx.translate(choice.label), dict(choice.arguments)] for choice in ask.choices]
    if state == "asking":
        ctx.store.drafts.put_aside(ctx.account_id, ctx.now)
    if draft is not None and draft.account_id == ctx.account_id and draft.state != "done":
        return ctx.store.drafts.update(
            draft.token,
            arguments=arguments,
            option=ask.option,
            state=state,
            place=ctx.place,
            asked_at=ctx.now,
            choices=choices,
        )
    return ctx.store.drafts.put(
        ctx.account_id,
        ctx.place,
        command.name,
        arguments,
        ask.option,
        state,
        ctx.now,
        choices=choices,
    )


def _form(ctx: Context, command: Command, draft: Draft, intro: str) -> Form:
    fields = tuple(
        Field(
            f.option,
            ctx.translate(f.label),
            f.kind,
            f.value,
            f.required,
            ctx.translate(f.hint) if f.hint else "",
            f.options,
        )
        for f in form_fields(command, draft.arguments, ctx.reading)
    )
    title = ctx.translate(command.name.capitalize())[:24]
    return Form(draft.token, title, ctx.translate(N_("Save")), ctx.translate(N_("Cancel")), fields, intro)


def said(ctx: Context, templates: Templates, reply: Reply) -> str:
    """What a reply says, in the language, zone and hour of the person who reads it."""
    values = dict(reply.values)
    if reply.parts:
        values["parts"] = [Md(said(ctx, templates, part)) for part in reply.parts]
    return render(ctx, templates, reply.template, values)


def render(ctx: Context, templates: Templates, name: str, values: Any) -> str:
    """One template in the language, zone and hour of the person who reads it."""
    return templates.render(name, values, ctx.language, ctx.zone, ctx.now, platform=ctx.place.platform)


def keys_for(ctx: Context, buttons: tuple[Button, ...], *, writes: bool = True) -> tuple[Key, ...]:
    """Translated keys over tokens; a call that may write gets a stored row behind its token."""
    keys: list[Key] = []
    rows: list[Stored] = []
    for button in buttons:
        label = ctx.translate(button.label)
        if button.url:
            keys.append(Key(label, url=button.url))
            continue
        arguments = {**button.arguments, BESIDE: "yes"} if button.beside else dict(button.arguments)
        token = pack(button.command, arguments)
        if not token:
            token = lasting_token(ctx.card, button) if ctx.card else secrets.token_urlsafe(9)
            rows.append(
                Stored(
                    token,
                    button.command,
                    arguments,
                    ctx.account_id if button.who == "me" and writes else None,
                    ctx.now + (ON_A_CARD if ctx.card else timedelta(hours=button.hours)),
                )
            )
        keys.append(Key(label, token))
    if rows:
        if not writes:
            raise MustWrite
        ctx.store.buttons.add_all(rows, again=ctx.card > 0)
    return tuple(keys)


def lasting_token(card: int, button: Button) -> str:
    """The same button of the same card has the same token each time it is rendered: an edit leaves no rows
    behind, and what somebody taps on a screen that is a little old is still good."""
    what = urlencode([("card", card), ("command", button.command), *sorted(button.arguments.items())])
    return "c" + hashlib.blake2b(what.encode(), digest_size=12).hexdigest()
