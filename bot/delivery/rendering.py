"""What a message says when it is sent: in its reader's language and zone, from what stands now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from bot.cards import CARDS
from bot.context import Context
from bot.delivery.attending import NO_LONGER, attend
from bot.delivery.instead import CutOff, NotTheirs, NotWanted, NotYet
from bot.delivery.kept import Kept
from bot.dispatch import Surroundings
from bot.dispatch.answering import answer_reply, render
from bot.dispatch.surroundings import context_for
from bot.handlers.notices import tail
from bot.messages import Account, Call, Message, Place, Post, Reply, Topic
from bot.notices import NOTICES
from bot.people.duties import STANDS_FOR
from bot.standing import MENDS_ITSELF
from storage.accounts import Linked
from storage.cards import CardRow
from storage.deliveries import UNCLEAR_THEN, Delivery
from storage.places import KnownPlace
from storage.store import Store


@dataclass(frozen=True)
class Ready:
    """A claimed delivery, ready to be sent: to a place, or to an account whose direct chat may first have
    to be opened. `topic` is what the post will be about, so that a reply to it finds its handler. `post` is
    what it replies to, edits or deletes."""

    delivery: Delivery
    message: Message
    to: Linked | None
    topic: Topic | None = None
    post: Post | None = None

    @property
    def has_chat(self) -> bool:
        """Whether it is known where it goes; else a direct chat has to be opened first."""
        known = self.delivery.place is not None or self.post is not None
        return known or (self.to is not None and self.to.direct is not None)


def ready(around: Surroundings, store: Store, one: Delivery, kept: Kept) -> Ready:
    """A claimed delivery as it is to be said now. Raises CutOff where its time is over or its place out of
    reach, NotWanted where its reader or its reason is gone, NotYet where what it is about is under way, and
    whatever a template raises."""
    if one.useful_until is not None and around.now() >= one.useful_until:
        raise CutOff("past its use")
    post = _post_of(store, one)
    to = store.accounts.get(one.account_id) if one.account_id is not None else None
    known = store.places.find(one.place) if one.place is not None else None
    if known is not None and known.state not in ("open", *MENDS_ITSELF):
        raise CutOff(known.state)
    if one.act == "delete":
        return Ready(one, Message(""), to, None, post)
    if one.person_id is not None and (to is None or to.person_id != one.person_id):
        raise NotTheirs("the account is not theirs any more")
    account = to.account if to else _of_place(one, known)
    place = one.place or (to.direct if to else None) or Place(one.platform, "", "")
    ctx = context_for(around, Call(f"delivery:{one.id}", account, place, around.now()), store)
    if one.person_id is not None and ctx.identity.person is None:
        raise NotWanted("they have left")
    if one.kind:
        reply = _notice(ctx, one, to)
        return Ready(
            one, _with_reason(around, ctx, one, _message(around, ctx, reply, kept)), to, reply.topic, post
        )
    reply = Reply(one.template, one.values, one.buttons)
    return Ready(one, _message(around, ctx, reply, kept), to, one.topic, post)


def shown_card(around: Surroundings, store: Store, row: CardRow) -> tuple[Message, str]:
    """A card as its topic stands now, and a fingerprint by which two that look the same are told. A file goes
    with the first post only, and an edit makes no sound: neither changes how a card looks."""
    account = Account(row.place.platform, "", "")
    ctx = context_for(around, Call(f"card:{row.id}", account, row.place, around.now()), store)
    ctx.card = row.id
    message = _message(around, ctx, CARDS[row.topic.kind].render(ctx, row.topic.key))
    seen = "\n".join((message.text, *(f"{key.label} {key.url}" for key in message.keys)))
    return message, hashlib.blake2b(seen.encode(), digest_size=12).hexdigest()


def _post_of(store: Store, one: Delivery) -> Post | None:
    """Where that stands which a delivery replies to or changes, looked up now: it may have been sent only
    after this was decided."""
    if one.about is None:
        return None
    other = store.deliveries.get(one.about)
    if other is not None and other.state == "attempting":
        raise NotYet
    if other is not None and other.state == "queued":
        raise NotWanted("it says so by itself")
    if other is not None and other.state == "folded":
        if one.changes:
            raise NotWanted("it was said in a digest")
        return None  # it has no post of its own: a word about it is a message of its own
    if other is not None and other.state == "unknown":
        raise NotWanted(UNCLEAR_THEN)
    if other is None or other.state != "sent":
        raise NotWanted("it never stood there")
    if other.post is None:
        raise NotWanted("it stands there no more")
    return other.post


def _of_place(one: Delivery, known: KnownPlace | None) -> Account:
    """Nobody in particular: whoever reads in a place, in its language and zone."""
    return Account(one.platform, "", "", "", known.language if known else "", known.zone if known else "")


def _notice(ctx: Context, one: Delivery, to: Linked | None) -> Reply:
    """What a notice says now, with the taps that every notice ends with. Attention decides whether it goes to
    a person (`attend`); what stands with them is kept right, also of a kind that they stopped."""
    notice = NOTICES[one.kind]
    if to is not None and one.person_id is not None and one.place is None and not one.changes:
        attend(ctx, one, to)
    elif not notice.still_due(ctx, one.values):
        raise NotWanted(NO_LONGER)
    if notice.render is None:
        return _with_tail(one, Reply(one.template, one.values, one.buttons, one.topic))
    return _with_tail(one, notice.render(ctx, one.values))


def _with_tail(one: Delivery, reply: Reply) -> Reply:
    """Later and Stop these, for a person. Under what is edited they are those of the message that stands."""
    if one.person_id is None or one.place is not None:
        return reply
    taps = tail(replace(one, id=one.about) if one.changes and one.about is not None else one)
    commands = {tap.command for tap in taps}
    own = tuple(button for button in reply.buttons if not button.command or button.command not in commands)
    return replace(reply, buttons=(*own, *taps))


def _with_reason(around: Surroundings, ctx: Context, one: Delivery, message: Message) -> Message:
    """A notice with the line that says why one person gets it; a place gets none."""
    if one.place is not None:
        return message
    away = ctx.store.persons.get(one.values.get(STANDS_FOR, 0)) if STANDS_FOR in one.values else None
    if away is not None:
        why = render(ctx, around.templates, "parts/you_stand_in", {"who": away.name})
    else:
        reason = ctx.translate(NOTICES[one.kind].reason)
        why = render(ctx, around.templates, "parts/why_you_get_this", {"reason": reason})
    return replace(message, text=f"{message.text}\n\n{why}")


def _message(around: Surroundings, ctx: Context, reply: Reply, kept: Kept | None = None) -> Message:
    """A reply as a message. Its buttons are good for its one reader; in a place, for whoever may give the
    command. A file that is not kept is left out."""
    alone = ctx.incoming.account.user != ""
    buttons = reply.buttons if alone else tuple(replace(one, who="anyone") for one in reply.buttons)
    message = answer_reply(ctx, around.templates, replace(reply, buttons=buttons)).message
    if message is None:
        raise LookupError("a message without a template")
    if reply.media and kept is not None and (file := kept.attachment(ctx.store, reply.media)) is not None:
        return replace(message, file=file)
    return message
