"""One person, several accounts: a code from the first, typed on the second, confirmed on the first."""

from __future__ import annotations

import re
from typing import Annotated

from bot.commands import N_, Number, Text, command
from bot.context import Context
from bot.messages import Account, Ask, Button, Choice, Refusal, Reply, platform_name
from bot.rules.membership import (
    ALPHABET,
    LINK_ANSWER_LASTS,
    LINK_LASTS,
    LINK_LETTERS,
    REST,
    bare,
    code_hash,
    new_link_code,
    resting,
    shown,
)
from storage.accounts import Linked
from storage.emails import MAIL
from storage.links import LinkCode
from storage.persons import Person

NUMBER = Annotated[int, Number(hidden=True, most=2**53)]

CODE = re.compile(rf"[{ALPHABET}]{{{LINK_LETTERS}}}")
ADDRESS = re.compile(r"(?i)\bhttps?://|\bwww\.")

NAMELESS = {"slack": N_("A Slack user"), "telegram": N_("A Telegram user")}
NEW_CODE = Button(N_("New code"), "link")


@command("link", N_("Use the same profile on a second platform"), may="anybody", example="/link")
def link(ctx: Context, code: Annotated[str, Text(label=N_("Code"))] = "") -> Reply:
    """Without a code: a new one, eight letters, ten minutes, shown only in private. With one: the account
    that asked for it is asked "is this you?" (spec/engagement.md section 6). Raises Refusal for words that
    are no code at all: they count as no wrong try."""
    ctx.in_private()
    if code:
        return _typed_here(ctx, code)
    if ctx.identity.person is None:
        question = N_("Type the code you got on the other platform.")
        raise Ask("code", "question", question=question, hint=N_("There, /link shows one."))
    fresh = new_link_code()
    ctx.store.links.add(code_hash(fresh), ctx.account_id, ctx.now + LINK_LASTS, ctx.now)
    values = {"code": shown(fresh), "minutes": int(LINK_LASTS.total_seconds() // 60)}
    return Reply("link_code", values, (NEW_CODE, Button(N_("Profile"), "profile")))


def _typed_here(ctx: Context, code: str) -> Reply:
    if not CODE.fullmatch(bare(code)):
        raise _no_code(ctx, code)
    if resting(ctx.store.invitations.wrong_tries(ctx.account_id, ctx.now - REST)):
        return Reply("join_rest", {"minutes": int(REST.total_seconds() // 60)})
    found = ctx.store.links.by_hash(code_hash(code))
    if found is None or found.done_at is not None or found.expires_at <= ctx.now:
        return _unknown_code(ctx)
    if found.account_id == ctx.account_id:
        return Reply("link_here", {"code": shown(bare(code))})
    asking = ctx.store.accounts.get(found.account_id)
    owner = asking.person_id if asking else None
    if asking is None or owner is None:
        return _unknown_code(ctx)
    mine = ctx.identity.person
    if mine is not None and mine.id == owner:
        ctx.store.links.finish(found.id, ctx.now)
        return Reply("linked_before", {"other": label_of(asking)}, (Button(N_("Profile"), "profile"),))
    if mine is not None:
        raise _taken(ctx, mine)
    if ctx.store.links.claim(found.id, ctx.account_id, ctx.now) is None:
        return _unknown_code(ctx)
    return _ask_the_first(ctx, found, asking)


def _no_code(ctx: Context, text: str) -> Refusal:
    known = ctx.identity.person is not None
    if known and ADDRESS.search(text):  # "link" in the other sense
        return Refusal("link_to_activity", buttons=(Button(N_("My list"), "activities", {"view": "mine"}),))
    way = NEW_CODE if known else Button(N_("Try again"), "link")
    return Refusal("link_not_a_code", buttons=(way,), text=text[:40])


def _taken(ctx: Context, mine: Person) -> Refusal:
    """The account is somebody's already; two people are never made one by a code."""
    alone = len(ctx.store.accounts.of_person(mine.id)) == 1
    way = Button(N_("Leave"), "leave") if alone else Button(N_("Unlink this one"), "unlink")
    return Refusal("link_taken", buttons=(way,), name=mine.name, alone=alone)


def _unknown_code(ctx: Context) -> Reply:
    """One answer for codes that are mistyped, used or past their ten minutes."""
    ctx.store.invitations.note_wrong_try(ctx.account_id, ctx.now)
    return Reply("link_unknown", {}, (Button(N_("Try again"), "link"), Button(N_("Help"), "help")))


def _ask_the_first(ctx: Context, code: LinkCode, asking: Linked) -> Reply:
    account = ctx.incoming.account
    values = {"name": name_of(account), "platform": platform_name(account.platform)}
    arguments = {"code": str(code.id)}
    hours = int(LINK_ANSWER_LASTS.total_seconds() // 3600)
    buttons = (
        Button(N_("Yes, link"), "link yes", arguments, hours=hours),
        Button(N_("Not me"), "link no", arguments, hours=hours),
    )
    key = f"link:{code.id}"
    ctx.tell_account(asking.account_id, "link_is_it_you", key, values, buttons)
    return Reply("link_asked", {"other": platform_name(asking.account.platform)})


@command("link yes", N_("Yes, that account is mine too"), hidden=True)
def link_yes(ctx: Context, code: NUMBER = 0) -> Reply:
    """The first account says yes: from now on both are one person. Raises Refusal if the code is done
    with, or was not asked for by the caller."""
    found, second = _claimed(ctx, code)
    if second.person_id is not None and second.person_id != ctx.person.id:
        raise Refusal("link_taken_there", other=label_of(second))
    ctx.store.links.finish(found.id, ctx.now)
    ctx.store.accounts.attach(second.account_id, ctx.person.id)
    first = platform_name(ctx.incoming.account.platform)
    told = {"name": ctx.person.name, "other": first, "waiting": ""}
    buttons: tuple[Button, ...] = (Button(N_("Unlink"), "unlink", {"account": str(second.account_id)}),)
    waiting = ctx.store.drafts.waiting(second.account_id)
    if waiting is not None:
        held = {"draft": waiting.token}
        told["waiting"] = ctx.called(waiting)["thing"]
        buttons = (
            Button(N_("Continue"), "continue", held),
            Button(N_("Throw away"), "throw away", held),
            *buttons,
        )
    ctx.tell_account(second.account_id, "linked_here", f"linked:{found.id}", told, buttons)
    undo = Button(N_("Unlink"), "unlink", {"account": str(second.account_id)})
    return Reply(
        "linked", {"other": label_of(second)}, (undo, Button(N_("Profile"), "profile")), replace=True
    )


@command("link no", N_("That account is not mine"), hidden=True)
def link_no(ctx: Context, code: NUMBER = 0) -> Reply:
    """The first account says no: nothing is linked, and the code is done with."""
    found, second = _claimed(ctx, code)
    ctx.store.links.finish(found.id, ctx.now)
    first = platform_name(ctx.incoming.account.platform)
    ways = (Button(N_("Try again"), "link"),)
    ctx.tell_account(
        second.account_id, "link_not_confirmed", f"not-linked:{found.id}", {"other": first}, ways
    )
    return Reply("link_dropped", {"other": label_of(second)}, replace=True)


def _claimed(ctx: Context, code: int) -> tuple[LinkCode, Linked]:
    found = ctx.store.links.get(code, lock=True) if code else None
    if found is None or found.done_at is not None or found.claimed_by is None:
        raise Refusal("link_over", buttons=(NEW_CODE,))
    own = {linked.account_id for linked in ctx.store.accounts.of_person(ctx.person.id)}
    if found.account_id not in own or ctx.now > found.expires_at + LINK_ANSWER_LASTS:
        raise Refusal("link_over", buttons=(NEW_CODE,))
    second = ctx.store.accounts.get(found.claimed_by)
    if second is None:
        raise Refusal("link_over", buttons=(NEW_CODE,))
    return found, second


@command("unlink", N_("Take a linked account off your profile"), example="/unlink", suggested=False)
def unlink(ctx: Context, account: NUMBER = 0) -> Reply:
    """The account is nobody's again, as before it was linked; the last one stays. Raises Ask where
    several could be meant."""
    ctx.in_private()
    linked = {one.account_id: one for one in ctx.store.accounts.of_person(ctx.person.id)}
    if len(linked) < 2:
        leave = Button(N_("Leave"), "leave")
        return Reply("nothing_to_unlink", {}, (Button(N_("Link another"), "link"), leave))
    if not account:
        choices = tuple(
            Choice(label_of(one)[:20], {"account": str(one.account_id)}) for one in linked.values()
        )
        raise Ask("account", "unlink_which", choices, free=False)
    if account not in linked:
        raise Refusal("button_old", buttons=(Button(N_("Profile"), "profile"),))
    ctx.store.accounts.detach(account)
    others = [label_of(one) for number, one in linked.items() if number != account]
    values = {"other": label_of(linked[account]), "others": others}
    return Reply("unlinked", values, (Button(N_("Link another"), "link"), Button(N_("Help"), "help")))


def name_of(account: Account) -> str:
    """What somebody is called in a sentence; a Phrase for who has no name that can be seen."""
    return account.name or NAMELESS.get(account.platform) or account.user


def label_of(linked: Linked) -> str:
    """How an account is called: its platform and the name shown there; the platform alone for no name."""
    account = linked.account
    shown = account.name or (account.user if account.platform == MAIL else "")
    return " · ".join(filter(None, (platform_name(account.platform), shown)))
