"""The rehearsal: the same bot at a terminal, with the made-up people of the charter."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.app import House
from bot.clock import AheadClock
from bot.commands import N_
from bot.delivery import Worker
from bot.dispatch import Dispatch
from bot.messages import Account
from bot.platforms.terminal import NAME, Chat, Screen, TerminalPort, account_of
from bot.rules.attention import Waking, next_waking
from bot.seeding import people_beside, seed_test_people
from bot.ticking import Ticker
from storage.store import Busy, Store

STARTS_FROM, ENDS_AT = time(10), time(16)  # while everybody in Europe is at work
NOT_A_MEMBER = N_("not a member yet")
NOBODY_MADE_UP = N_("Nobody made up is here; come in as a newcomer with an invitation code.")
WHO_IS_HERE = N_("Here are:")
YOU_ARE = N_("You are %(first)s. Any other name is a stranger's.")
STARTS = N_("In this rehearsal it is %(moment)s: nobody is written to at night or at the weekend.")
WAITS = N_("%(count)s more for %(name)s on %(moment)s, so that nobody is nagged; /digest reads it now.")
HOW = N_("Type /help to begin; ? explains the terminal's own words.")


def let_people_in(house: House) -> tuple[str, ...]:
    """The names of the made-up people, let in where nobody real is. Raises CharterFault."""
    path = people_beside(house.settings.charter)
    return seed_test_people(house.storage, house.charter, path, house.clock.now())


async def chat(house: House, screen: Screen, people: tuple[str, ...]) -> None:
    """One sitting at the terminal with the same pipe and worker, until there are no more lines. Closes
    the database."""
    port, clock = TerminalPort(), AheadClock(house.clock)
    around = replace(house, clock=clock).around({NAME: port})
    dispatch = Dispatch(house.storage, around, wake=lambda: worker.wake())
    worker = Worker(house.storage, dispatch, {NAME: port}, around)
    ticker = Ticker(house.storage, around, worker.wake)

    async def settle() -> None:
        with contextlib.suppress(Busy):  # what waits is delivered at the next line
            await worker.settle()

    async def later(time: timedelta) -> datetime:
        """Let time pass at once: whatever happens by itself on the way, and what is to be said later, comes
        at its moment."""
        end = clock.now() + time
        await ticker.tick()
        while (at := _first(ticker.next_moment(), worker.next_moment())) is not None and at <= end:
            clock.ahead += max(at - clock.now(), timedelta(seconds=1))
            await ticker.tick()
            await settle()
        clock.ahead += max(end - clock.now(), timedelta())
        return clock.now()

    async def waiting(account: Account) -> str:
        return await house.storage.read(lambda store: _waiting(store, account, clock.now()))

    async def who(account: Account, *, with_roles: bool = False) -> str:
        try:
            return await house.storage.read(lambda store: _described(store, account, house, with_roles))
        except Busy:  # a prompt says less then
            return ""

    await port.connect(dispatch)
    before = await house.storage.read(lambda store: store.received.latest(NAME))
    starts = _in_working_hours(house, max(clock.now(), before or clock.now()))
    if starts > clock.now():  # also where an earlier sitting let time pass
        clock.ahead = starts - clock.now()
        screen.show(STARTS % {"moment": f"{starts:%a %d %b %Y, %H:%M} UTC"})
    if screen.watched:
        _greet(screen, {name: await who(account_of(name), with_roles=True) for name in people})
    work = asyncio.create_task(worker.run()) if screen.watched else None
    try:
        await Chat(port, screen, people, who, settle, clock.now, later, waiting).run()
    finally:
        worker.stop()
        if work is not None:
            await work
        await dispatch.flush()
        await port.disconnect()
        await house.storage.close()


def _in_working_hours(house: House, now: datetime) -> datetime:
    """That moment, or the next one at which the alliance is at work."""
    return next_waking(now, Waking(house.charter.alliance.zone, lambda _day: False, STARTS_FROM, ENDS_AT))


def _waiting(store: Store, account: Account, now: datetime) -> str:
    """How many messages attention keeps back from somebody, and until when; "" for none."""
    person = store.accounts.identify(account).person
    waits = store.deliveries.waiting_for(person.id) if person else ()
    until = [one.not_before for one in waits if one.since is not None and one.not_before > now]
    if person is None or not until:
        return ""
    moment = f"{min(until):%a %d %b, %H:%M} UTC"
    return WAITS % {"count": len(until), "name": person.name, "moment": moment}


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _greet(screen: Screen, people: Mapping[str, str]) -> None:
    """The people there are, each with what they are here."""
    if people:
        screen.show(WHO_IS_HERE)
        for name, about in people.items():
            screen.show("  " + " · ".join(filter(None, (name, about))))
        screen.show(YOU_ARE % {"first": next(iter(people))})
    else:
        screen.show(NOBODY_MADE_UP)
    screen.show(HOW)


def _described(store: Store, account: Account, house: House, with_roles: bool) -> str:
    """Whom somebody acts for, for a prompt; `with_roles` also as what."""
    identity = store.accounts.identify(account)
    if identity.person is None:
        return NOT_A_MEMBER
    names = {organisation.slug: organisation.short_name for organisation in store.organisations.all()}
    whole = house.charter.alliance.short_name
    worn = dict.fromkeys(names.get(role.organisation, whole) for role in identity.roles)
    titles = dict.fromkeys(house.charter.role(role.role).title for role in identity.roles if with_roles)
    return " · ".join(filter(None, (", ".join(worn), ", ".join(titles))))
