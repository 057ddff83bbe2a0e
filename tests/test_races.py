"""Two things at once: each is done once, or somebody is asked. On both platforms and both databases."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from typing import Any

import pytest

from bot.dispatch.running import Stopped, run, say
from bot.messages import Answer, Call, Place, Said
from storage.store import Store
from tests.world import World, plain

GONE = "That one is finished or was thrown away, so there is nothing to go on with. Nothing has changed."
TITLES = (  # a race is not lost every time: several rounds, with titles unlike each other
    *("Moulding day", "Hydrogen valley", "Steel futures", "Heat pumps", "Circular plastics", "Welding"),
    *("Water treatment", "Robot cells", "Night shifts", "Foundry sand"),
)


def said(world: World, who: Any, event: str, text: str) -> Said:
    """Words in the direct chat, as they come from the platform's port."""
    place = Place(world.platform, who.account.workspace, f"D{who.account.user}")
    return Said(event, who.account, place, world.clock.now(), text=text, addressed=True)


def first(answer: Answer) -> str:
    assert answer.message is not None
    return plain(answer.message.text).splitlines()[0]


async def test_two_quick_answers_to_one_question_log_one_activity(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    receive = world.dispatch.receive
    for turn, titles in enumerate(zip(TITLES[::2], TITLES[1::2], strict=True)):
        await receive(said(world, marie, f"asks{turn}", "log workshop on 12 May with MecaTech"))

        answers = await asyncio.gather(
            *(receive(said(world, marie, f"{turn}{title}", title)) for title in titles)
        )

        logged = await world.logged()
        assert len(logged) == turn + 1
        title = logged[-1].record.title
        assert title in titles
        done = f"✓ Logged: {title} · workshop · Tue 12 May · CIMES and MecaTech"
        assert [first(answer) for answer in answers].count(done) == 1


async def test_two_people_who_log_the_same_at_once_are_not_both_served_unasked(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    receive = world.dispatch.receive
    for turn, title in enumerate(TITLES):
        answers = await asyncio.gather(
            receive(said(world, marie, f"m{turn}", f"log workshop {title} on 12 May with EMC2")),
            receive(said(world, luc, f"l{turn}", f"log workshop {title} on 12 May with EMC2")),
        )

        host = {"cimes": "CIMES", "mecatech": "MecaTech"}
        logged = await world.logged()
        assert len(logged) == turn + 1
        organisation = host[logged[-1].record.involved[0].organisation]
        assert {first(answer) for answer in answers} == {
            f"✓ Logged: {title} · workshop · Tue 12 May · {organisation} and EMC2",
            f"Before I save {title}: this one is there already.",
        }


async def test_a_finished_draft_does_not_come_back_to_life(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    receive, around = world.dispatch.receive, world.worker._around
    await receive(said(world, marie, "1", "log workshop on 12 May with MecaTech"))
    slow = said(world, marie, "2", "x" * 300)  # too long for a title, so it will be asked again
    with pytest.raises(Stopped) as stopped:
        await world.storage.write(partial(run, around, slow, writes=True))

    quick = await receive(said(world, marie, "3", "Green hydrogen 101"))
    late = await world.storage.write(partial(say, around, slow, stopped.value))

    assert first(quick) == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"
    assert first(late) == GONE
    after = await receive(said(world, marie, "4", "Blue hydrogen"))  # nothing is being asked any more
    assert first(after) == 'I don\'t know "Blue hydrogen". Help shows what I do know; nothing has changed.'
    assert len(await world.logged()) == 1


async def test_two_that_are_let_in_at_once_are_not_both_the_first(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    paul = await world.member("Paul", "", "coordinator")
    newcomers = [world.stranger(name) for name in ("Yann", "Zoe")]
    calls = []
    for host, newcomer in zip((giulia, paul), newcomers, strict=True):
        await newcomer.says("hello")
        account = newcomer.account
        known = await world.storage.read(lambda store: store.accounts.identify(account))  # noqa: B023
        calls.append(
            Call(
                f"lets {newcomer.account.user} in",
                host.account,
                Place(world.platform, host.account.workspace, f"D{host.account.user}"),
                world.clock.now(),
                command="let in",
                arguments={"account": str(known.account_id), "organisation": "emc2"},
            )
        )
    decided, go_on = threading.Event(), threading.Event()

    def slowly(store: Store) -> None:
        run(world.worker._around, calls[0], store, writes=True)
        decided.set()
        assert go_on.wait(timeout=30)

    first = asyncio.create_task(world.storage.write(slowly))
    await asyncio.to_thread(decided.wait, 30)
    second = asyncio.create_task(world.dispatch.receive(calls[1]))
    await asyncio.sleep(0.1)
    go_on.set()
    await asyncio.gather(first, second)

    holders = await world.storage.read(lambda store: store.roles.of_organisation("emc2"))
    assert [(one.person.name, one.role.role) for one in holders] == [
        ("Yann", "representative"),
        ("Zoe", "member"),
    ]


async def test_what_is_put_to_the_members_once_is_sent_once(world: World) -> None:
    marie, luc = await world.member("Marie", "cimes"), await world.member("Luc", "mecatech")
    applicant = {"name": "Nordic Robotics", "country": "Finland"}
    about: tuple[tuple[str, dict[str, str], dict[str, str], str], ...] = (
        (
            "propose agreement",
            {"step": "preview"},
            {"step": "preview"},
            "The Partnership Agreement is before",
        ),
        ("propose renewal", {}, {}, "Motion 2 is about that already: The alliance goes on for another year."),
        (
            "propose admission",
            {**applicant, "short": "NoRo"},
            {**applicant, "short": "NRX"},
            "Motion 3 is about that already: Admission of Nordic Robotics.",
        ),
    )
    for at, (name, given, also_given, no) in enumerate(about, 1):
        mine = await previewed(world, marie, name, given)
        theirs = await previewed(world, luc, name, also_given)
        answer = await while_it_is_sent(world, mine, theirs)

        assert first(answer).startswith(no)
        kept = await world.storage.read(lambda store: store.motions.all())
        assert [one.number for one in kept] == list(range(1, at + 1))
    known = await world.storage.read(lambda store: store.organisations.all())
    assert [one.short_name for one in known if one.standing == "applicant"] == ["NoRo"]


async def previewed(world: World, who: Any, name: str, given: dict[str, str]) -> Call:
    """Somebody sees what would go out: the tap that sends it."""
    place = Place(world.platform, who.account.workspace, f"D{who.account.user}")
    event, now = f"{who.name}: {name}", world.clock.now()
    answer = await world.dispatch.receive(Call(event, who.account, place, now, command=name, arguments=given))
    assert answer.message is not None
    [send] = [key.token for key in answer.message.keys if key.label == "Send the notice"]
    return Call(f"{event}, sent", who.account, place, now, token=send)


async def while_it_is_sent(world: World, mine: Call, theirs: Call) -> Answer:
    """The other one's tap comes when the first one is decided and not yet committed: what they read."""
    decided, go_on = threading.Event(), threading.Event()

    def slowly(store: Store) -> None:
        run(world.worker._around, mine, store, writes=True)
        decided.set()
        assert go_on.wait(timeout=30)

    one = asyncio.create_task(world.storage.write(slowly))
    await asyncio.to_thread(decided.wait, 30)
    other = asyncio.create_task(world.dispatch.receive(theirs))
    await asyncio.sleep(0.1)
    go_on.set()
    await one
    return await other
