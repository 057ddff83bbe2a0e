"""Messages that may or may not have arrived: a person decides whether each is sent again."""

from __future__ import annotations

from typing import Annotated, Any

from bot import batches
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.place_answers import ALL_PLACES
from bot.messages import Button, Reply, platform_name
from bot.notices import NOTICES
from storage.deliveries import Delivery

ABOUT = {"activity": N_("activity")}  # what a topic is called
AT_ONCE = 5  # listed in one message; settled ones make room for the next
NUMBER = Annotated[int, Number(hidden=True, most=2**53)]


@command("unclear", N_("Messages that may not have arrived"), may="see_jobs", hidden=True)
def unclear(ctx: Context) -> Reply:
    """Those on their way when I was interrupted, the oldest first: to whom, what it was, when. What
    stood in them is not shown: they were meant for others."""
    ctx.in_private()
    return _listed(ctx)


@command("send again", N_("Send a message again"), may="see_jobs", hidden=True)
def send_again(ctx: Context, delivery: NUMBER) -> Reply:
    """It goes once more; if it had arrived after all, it stands there twice."""
    again = ctx.store.deliveries.again(delivery, ctx.now)
    _show(ctx, delivery)
    return _listed(ctx, "again" if again else "over")


@command("leave unsent", N_("Leave a message as it is"), may="see_jobs", hidden=True)
def leave_unsent(ctx: Context, delivery: NUMBER) -> Reply:
    """It is not sent again."""
    left = ctx.store.deliveries.left(delivery, f"left by person {ctx.person.id}")
    _show(ctx, delivery)
    return _listed(ctx, "left" if left else "over")


def _show(ctx: Context, delivery: int) -> None:
    """The card of the batch that it belongs to follows."""
    one = ctx.store.deliveries.get(delivery)
    if one is not None and one.batch:
        batches.changed(ctx.store, one.batch)


def _listed(ctx: Context, settled: str = "") -> Reply:
    every = ctx.store.deliveries.unclear()
    shown = every[:AT_ONCE]
    values = {
        "settled": settled,
        "messages": [{"number": n, **_described(ctx, one)} for n, one in enumerate(shown, 1)],
        "total": len(every),
        "more": len(every) - len(shown),
    }
    several = len(shown) > 1
    pairs = (_taps(ctx, number if several else 0, one) for number, one in enumerate(shown, 1))
    return Reply("unclear", values, (*(tap for pair in pairs for tap in pair), ALL_PLACES), replace=True)


def _taps(ctx: Context, number: int, one: Delivery) -> tuple[Button, Button]:
    """The two taps that settle a message; with its number in the list where there are several."""
    again, leave = N_("Send again"), N_("Leave it")
    if number:
        again = ctx.translate(N_("Send {number} again")).replace("{number}", str(number))
        leave = ctx.translate(N_("Leave {number}")).replace("{number}", str(number))
    which = {"delivery": str(one.id)}
    return Button(again, "send again", which), Button(leave, "leave unsent", which)


def _described(ctx: Context, one: Delivery) -> dict[str, Any]:
    notice = NOTICES.get(one.kind)
    return {
        "to": _to(ctx, one),
        "platform": platform_name(one.platform),
        "what": ctx.translate(notice.title) if notice else "",
        "topic": _about(ctx, one),
        "at": one.not_before.isoformat(),
    }


def _about(ctx: Context, one: Delivery) -> str:
    if one.topic is None or one.topic.kind not in ABOUT:
        return ""
    return f"{ctx.translate(ABOUT[one.topic.kind])} {one.topic.key}"


def _to(ctx: Context, one: Delivery) -> str:
    """Whom it was for: a place by its name, a person by theirs."""
    if one.place is not None:
        known = ctx.store.places.find(one.place)
        name = known.place.name if known else one.place.name
        return name or ctx.translate(N_("an unnamed group"))
    person = ctx.store.persons.get(one.person_id) if one.person_id is not None else None
    if person is not None:
        return person.name
    name = ctx.store.accounts.get(one.account_id).account.name if one.account_id is not None else ""
    return name or ctx.translate(N_("somebody"))
