"""The jobs as a coordinator sees them, and what each of them does. On both platforms and both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.context import Context
from bot.messages import Account, Place, Topic
from bot.timetable import JOBS, Job
from storage.buttons import Stored
from storage.deliveries import Delivery
from storage.received import Received
from storage.store import Storage, Store
from tests.test_bodies import number_of
from tests.ticking_stage import only
from tests.world import MORNING, Heard, World

MINUTES = timedelta(minutes=2)
TIDY = "Tidy up · Deletes week-old input, month-old drafts, letters and absences, year-old messages and runs"
CARDS = "Cards · Brings the cards up to date as a day begins: what was planned may count now"
WEEKLY = "Weekly line · Shows each organisation what was logged in its name last week"
SENT = "deliveries WHERE kind = 'weekly line'"


@pytest.fixture
async def small(sqlite_url: str) -> AsyncIterator[World]:
    """The bot on one platform and one database with three jobs, for what is the same on all."""
    storage = Storage(sqlite_url)
    async with World("telegram", storage, jobs=only("Cards", "Tidy up", "Weekly line")) as world:
        yield world
    storage.close_now()


@pytest.fixture
async def quiet(storage: Storage) -> AsyncIterator[World]:
    """A world on either database, for what no platform takes part in."""
    async with World("telegram", storage, jobs=only("Cards", "Tidy up")) as world:
        yield world


async def coordinator(world: World) -> Any:
    """The coordinator, on the Tuesday on which the bot first runs."""
    somebody = await world.member("Giulia", "", "coordinator")
    await world.passes()
    return somebody


async def logged(world: World) -> None:
    """CIMES logs something that Paul and Zoe have not seen, and it is Monday afternoon."""
    marie = await world.member("Marie", "cimes")
    await world.member("Paul", "cimes", "alternate")
    zoe = await world.member("Zoe", "cimes", "member")
    await world.grants(zoe, "member", "mecatech")
    await marie.types("/log training Pumps on 13 Nov smes Pumps SA")
    await world.passes(days=6, hours=4)
    await world.settled()


def about(heard: Heard, name: str) -> list[str]:
    """What `/jobs` says about one job, wherever it stands: the lines from its title to the next one's."""
    titles = [f"{one.name} · {one.summary}" for one in JOBS.values()]
    own = heard.lines[heard.lines.index(f"{name} · {JOBS[name].summary}") :]
    return own[:1] + list(takewhile(lambda line: line not in titles, own[1:]))


async def test_what_ran_and_what_runs_next(small: World) -> None:
    giulia = await coordinator(small)
    heard = await giulia.types("/jobs")
    assert heard.first == "What happens by itself"
    assert about(heard, "Cards") == [CARDS, "It hasn't run yet.", "Next: Wed 25 Nov, 00:05."]
    assert about(heard, "Tidy up") == [TIDY, "It hasn't run yet.", "Next: Wed 25 Nov, 02:30."]
    assert about(heard, "Weekly line") == [WEEKLY, "It hasn't run yet.", "Next: Mon 30 Nov, 07:30."]

    await logged(small)
    heard = await giulia.types("/jobs")
    assert about(heard, "Cards") == [CARDS, "Last: today 00:05, done.", "Next: Tue 1 Dec, 00:05."]
    ran = "Last: today 07:30, 2 messages."
    assert about(heard, "Weekly line") == [WEEKLY, ran, "Next: Mon 7 Dec, 07:30."]

    await small.passes(days=1)
    assert about(await giulia.types("/jobs"), "Weekly line")[1] == "Last: Mon 30 Nov, 2 messages."
    await small.passes(days=6)
    assert about(await giulia.types("/jobs"), "Weekly line")[1] == "Last: today 07:30, nothing to do."


async def test_jobs_stand_in_the_order_of_their_next_moments(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(ctx: Context, slot: datetime) -> None:
        """There is nothing to do."""

    hours = {"Zeta": 23, "Soon": 11, "alpha": 23, "Never mind": 11}
    own = [Job("Over", "", nothing, {"year": 2025}, MINUTES)]
    own += [Job(name, "", nothing, {"hour": hour}, MINUTES) for name, hour in hours.items()]
    for one in own:
        monkeypatch.setitem(JOBS, one.name, one)
    giulia = await coordinator(small)

    async def order() -> list[str]:
        heard = await giulia.types("/jobs")
        titles = [line.partition(" ·")[0] for line in heard.lines]
        assert heard.buttons == [title for title in titles if title in JOBS]
        return [name for name in heard.buttons if name in {one.name for one in own}]

    assert await order() == ["Never mind", "Soon", "alpha", "Zeta", "Over"]
    for name in ("Soon", "Never mind"):
        await giulia.types("/jobs")
        await giulia.taps(name)
        await giulia.taps("Pause")
    assert await order() == ["alpha", "Zeta", "Over", "Never mind", "Soon"]
    small.clock.pass_(hours=13)  # past eleven at night, where they are
    await giulia.types("/jobs")
    await giulia.taps("Soon")
    await giulia.taps("Resume")
    assert await order() == ["Soon", "alpha", "Zeta", "Over", "Never mind"]


async def test_a_look_at_what_it_would_send_now_sends_nothing(world: World) -> None:
    giulia = await coordinator(world)
    await giulia.types("/jobs")
    await giulia.taps("Weekly line")
    await giulia.taps("Pause")
    await logged(world)

    await giulia.types("/jobs")
    heard = await giulia.taps("Weekly line")
    assert heard.lines == [
        WEEKLY,
        "It hasn't run yet.",
        "Paused by Giulia, Tue 24 Nov.",
        "It would write to Paul (CIMES) and Zoe (CIMES, MecaTech).",
    ]
    assert heard.buttons == ["Run now", "Resume", "All jobs"]
    assert await rows(world, SENT) == 0

    heard = await giulia.taps("Run now")
    assert heard.lines == ["✓ Weekly line: 2 messages on their way."]
    assert await rows(world, SENT) == 2
    heard = await giulia.taps("Show it")
    assert heard.lines[1:] == [
        "Last: today 14:30, 2 messages.",
        "Paused by Giulia, Tue 24 Nov.",
        "It would write to nobody.",
    ]
    world.clock.pass_(seconds=1)
    assert (await giulia.taps("Run now")).lines == ["✓ Weekly line: nothing to do."]
    assert await rows(world, SENT) == 2


async def test_what_is_run_by_hand_after_its_moment_goes_now(small: World) -> None:
    marie, paul = await small.member("Marie", "cimes"), await small.member("Paul", "cimes", "alternate")
    await paul.types("/help")
    giulia = await coordinator(small)
    await giulia.types("/jobs")
    await giulia.taps("Weekly line")
    await giulia.taps("Pause")
    await marie.types("/log training Pumps on 13 Nov smes Pumps SA")
    await small.passes(days=9)  # it is Thursday: Monday's nine o'clock helps nobody any more

    await giulia.types("/jobs")
    assert (await giulia.taps("Weekly line")).lines[-1] == "It would write to Paul (CIMES)."
    assert (await giulia.taps("Run now")).lines == ["✓ Weekly line: one message on its way."]
    await small.settled()

    assert paul.reads().first == "Logged by CIMES last week: Pumps · training · Fri 13 Nov"

    await giulia.taps("Show it")
    await giulia.taps("Resume")
    await marie.types("/log training Moulds on 20 Nov smes Moulds SA")
    await small.passes(days=4)
    assert paul.reads().first == "Logged by CIMES last week: Moulds · training · Fri 20 Nov"


async def test_what_is_run_by_hand_ends_with_what_it_is_about(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    marie = await small.member("Marie", "cimes")
    giulia = await coordinator(small)
    person, now = await number_of(small, marie), small.clock.now()
    ends = {"over": now - MINUTES, "soon": now + 5 * MINUTES}

    def tells(ctx: Context, _: datetime) -> None:
        for key, until in ends.items():
            ctx.notify(person, "weekly line", key, {}, now - 10 * MINUTES, until)

    monkeypatch.setitem(
        JOBS, "Reminds", Job("Reminds", "Reminds people", tells, {"hour": 7}, MINUTES, tells=True)
    )
    await giulia.types("/jobs")
    assert (await giulia.taps("Reminds")).lines[-1] == "It would write to Marie (CIMES)."
    assert (await giulia.taps("Run now")).lines == ["✓ Reminds: one message on its way."]

    def kept(store: Store) -> list[Delivery | None]:
        return [store.deliveries.by_key(f"{key}:{person}") for key in ends]

    over, soon = await small.storage.read(kept)
    assert over is None
    assert soon is not None
    assert soon.useful_until == ends["soon"]


async def test_a_paused_job_waits_until_somebody_lets_it_go_on(small: World) -> None:
    giulia = await coordinator(small)
    await giulia.types("/jobs")
    heard = await giulia.taps("Tidy up")
    assert heard.lines[1:] == [
        "It hasn't run yet.",
        "Next: Wed 25 Nov, 02:30.",
        "It writes to nobody; it only tidies.",
    ]
    assert heard.buttons == ["Run now", "Pause", "All jobs"]
    heard = await giulia.taps("Pause")
    assert heard.lines == ["Tidy up is paused. It skips its times until somebody resumes it."]
    assert heard.buttons == ["Resume", "All jobs"]
    await small.passes(days=2)

    heard = await giulia.taps("Resume")
    assert heard.lines == ["Tidy up is running again. Next: Fri 27 Nov, 02:30."]
    await small.passes(hours=12)
    heard = await giulia.types("/jobs")
    assert about(heard, "Tidy up") == [TIDY, "It hasn't run yet.", "Next: Fri 27 Nov, 02:30."]
    await small.passes(hours=12)
    assert about(await giulia.types("/jobs"), "Tidy up")[1] == "Last: today 02:30, done."


async def test_run_now_tapped_twice_at_once_is_one_run(small: World) -> None:
    giulia = await coordinator(small)
    await giulia.types("/jobs")
    await giulia.taps("Tidy up")
    await giulia.user.taps(giulia.reads().raw, "Run now")
    heard = giulia.reads()
    assert heard.lines == ["✓ Tidy up: done."]
    await giulia.taps("Show it")
    heard = await giulia.taps("Run now")  # no time has passed
    assert heard.lines[1:3] == ["Last: today 10:30, done.", "Next: Wed 25 Nov, 02:30."]
    assert await rows(small, "runs") == 1
    assert about(await giulia.taps("All jobs"), "Tidy up")[1] == "Last: today 10:30, done."


async def test_what_broke_is_said_with_its_reference(small: World) -> None:
    giulia = await coordinator(small)
    morning = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)

    def breaks(store: Store) -> None:
        for attempt in range(2):
            store.jobs.broke("Weekly line", "2026-11-30T07:30", "R-4F2K", morning + attempt * MINUTES)

    await small.storage.write(breaks)
    small.clock.at = morning + MINUTES
    heard = await giulia.types("/jobs")
    says = "Today 07:32 it went wrong on my side: R-4F2K."
    again = f"{says} I'll try again at 07:36."
    assert about(heard, "Weekly line") == [WEEKLY, again, "Next: Mon 7 Dec, 07:30."]

    small.clock.at = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
    heard = await giulia.types("/jobs")
    assert about(heard, "Weekly line")[1] == "Mon 30 Nov it went wrong on my side: R-4F2K."


async def test_a_job_that_would_break_can_still_be_paused(
    small: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(ctx: Context, _: datetime) -> None:
        ctx.store.cards.stale_kinds(("indicators",))
        raise LookupError("nobody there")

    monkeypatch.setitem(JOBS, "Broken", Job("Broken", "Breaks", breaks, {"hour": 7}, MINUTES))
    giulia = await coordinator(small)
    await giulia.types("/jobs")
    with capture_logs() as logged:
        heard = await giulia.taps("Broken")
    assert heard.lines[-1] == "I can't tell whom it would write to: it goes wrong on my side."
    assert [line["job"] for line in logged if line["event"] == "job_would_break"] == ["Broken"]
    assert (await giulia.taps("Pause")).first.startswith("Broken is paused.")


async def test_who_does_not_coordinate_sees_no_jobs(small: World) -> None:
    marie = await small.member("Marie", "cimes")
    heard = await marie.types("/jobs")
    assert heard.first == (
        "Your role here doesn't include seeing what runs by itself, so I left it. "
        "Your coordinator can change that; nothing has changed."
    )


async def test_tidying_up_keeps_what_is_still_of_use(quiet: World) -> None:
    account, place = Account("telegram", "", "9", "Ana"), Place("telegram", "", "9")
    night = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
    await quiet.ticker.tick()

    def fill(store: Store) -> None:
        number = store.accounts.remember(account, MORNING)
        for age in (6, 8, 29, 31, 364, 366):
            then = night - timedelta(days=age)
            store.received.record(Received("telegram", f"e{age}", account, place, None, "given", "", then))
            store.drafts.put(number, place, "log", {}, "", "aside", then)
            given = {"platform": "none", "template": "question", "account_id": number, "not_before": then}
            store.deliveries.queue([Delivery.new(key=f"sent {age}", **given)])
            claimed = store.deliveries.claim(MORNING, "none")
            assert claimed is not None
            store.deliveries.sent(claimed.id, then)
            store.jobs.claim("Old job", f"slot {age}", then)
            person = store.persons.add(f"Away {age}", "en", "", then).id
            store.attention.away(person, then.date(), None, then)
            given["platform"] = "waits"
            store.deliveries.queue([Delivery.new(key=f"waits {age}", **given)])
        store.jobs.claim("Yearly job", "slot", night - timedelta(days=400))
        for token, hours in (("over", -1), ("good", 1)):
            store.buttons.add_all([Stored(token, "log", {}, None, night + timedelta(hours=hours))])

    await quiet.storage.write(fill)
    quiet.clock.at = night
    await quiet.ticker.tick()

    assert await rows(quiet, "received") == 1
    assert await rows(quiet, "drafts") == 3
    assert await rows(quiet, "deliveries WHERE state = 'sent'") == 5
    assert await rows(quiet, "deliveries WHERE state = 'queued'") == 6
    assert await rows(quiet, "buttons") == 1
    assert await rows(quiet, "runs WHERE job = 'Old job'") == 5
    assert await rows(quiet, "runs WHERE job = 'Yearly job'") == 1  # its newest: when it ran last
    assert await rows(quiet, "absences") == 3


async def test_cards_are_shown_anew_when_a_day_begins(quiet: World) -> None:
    hall, topic = Place("telegram", "", "-9", kind="group"), Topic("indicators", "2026")
    await quiet.storage.write(lambda store: store.cards.put(topic, hall, MORNING))
    await quiet.ticker.tick()
    quiet.clock.at = datetime(2026, 11, 24, 23, 5, tzinfo=UTC)
    await quiet.ticker.tick()
    (card,) = await quiet.storage.read(lambda store: store.cards.of_topic(topic))
    assert card.wanted == 2


async def rows(world: World, of: str) -> int:
    """How many rows there are of a table."""
    count = text(f"SELECT count(*) FROM {of}")
    return await world.storage.read(lambda store: int(store._connection.scalar(count) or 0))
