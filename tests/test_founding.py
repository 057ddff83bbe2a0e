"""The founding: who signed when, the day in force, and the dates that the charter counted from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.assembly.founding import in_force_on
from bot.charter import load
from bot.seeding import seed
from storage.organisations import Organisation
from storage.signatures import Signature
from storage.store import Storage, Store
from tests.assembly_stage import in_house
from tests.world import CHARTER, MORNING, World

SIGNED = [
    "The charter of Green Manufacturing is in force since Tue 26 Aug 2025 (Art. 8).",
    "Clust-ER MECH · Tue 28 Jan 2025",
    "Pool-Net · Fri 25 Jul 2025",
    "CIMES · Mon 28 Jul 2025",
    "MecaTech · Mon 28 Jul 2025",
    "EVOLUMA · Fri 1 Aug 2025",
    "Green-Tech Cluster · Mon 18 Aug 2025",
    "EMC2 · Tue 26 Aug 2025",
    "The Partnership Agreement was planned for Thu 26 Feb (Preamble).",
]
NINE = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)  # in Brussels, on the day after the bot first ran
WHY = "You get this because you coordinate the alliance. I ask about each date once."
DATES = [
    "The charter names 2 dates that are behind us:",
    "1 The Partnership Agreement, planned for Thu 26 Feb (Preamble)",
    "2 The alliance's renewal, planned for Wed 26 Aug (Art. 8)",
    "What was decided? Everything stays as it is meanwhile.",
    WHY,
]


@pytest.fixture
async def young(storage: Storage, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """An alliance that MecaTech and EMC2 have not signed yet."""
    charter = load(CHARTER)
    waits = ("mecatech", "emc2")
    organisations = tuple(
        one.model_copy(update={"signed": None}) if one.slug in waits else one for one in charter.organisations
    )
    seed(storage, charter.model_copy(update={"organisations": organisations}), MORNING)
    async with World("telegram", storage) as world:
        yield world


def founder(slug: str, founding: bool = True) -> Organisation:
    return Organisation(slug, slug, slug, founding=founding)


def signature(slug: str, day: date) -> Signature:
    return Signature(slug, "", "", day, None, MORNING)


def test_in_force_on_the_day_of_the_last_founder_and_of_nobody_else() -> None:
    first, last, later = date(2025, 7, 25), date(2025, 8, 26), date(2026, 5, 4)
    founders = [founder("a"), founder("b"), founder("c", founding=False)]

    assert in_force_on(founders, [signature("a", last)]) is None
    assert in_force_on(founders, [signature("b", first), signature("a", last)]) == last
    every = [signature("a", last), signature("b", first), signature("c", later)]
    assert in_force_on(founders, every) == last
    assert in_force_on([founder("c", founding=False)], every) is None
    assert in_force_on([], []) is None


async def test_the_seed_knows_who_signed_when(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/founding")

    assert heard.lines == SIGNED
    assert heard.buttons == ["The agreement", "The renewal"]
    nothing = (
        "All founders have signed; the charter is in force since Tue 26 Aug 2025. There is nothing to sign."
    )
    assert (await marie.types("/sign")).lines == [nothing]
    heard = await marie.types("/sign Director for CIMES")
    assert heard.first == "CIMES has signed already, on Mon 28 Jul 2025. Nothing has changed."


async def test_an_older_database_learns_of_the_signatures(storage: Storage) -> None:
    charter = load(CHARTER)
    seed(storage, charter, MORNING)

    def before(store: Store) -> None:
        store._connection.exec_driver_sql("DELETE FROM signatures")

    storage.write_now(before)
    seed(storage, charter, MORNING)
    seed(storage, charter, MORNING)

    signed = storage.read_now(lambda store: [one.organisation for one in store.signatures.all()])
    assert (len(signed), signed[0], signed[-1]) == (7, "clust-er-mech", "emc2")


async def test_the_last_signature_brings_the_charter_into_force(young: World) -> None:
    marie = await young.member("Marie", "cimes")
    luc = await young.member("Luc", "mecatech")
    giulia = await young.member("Giulia", "", "coordinator")
    heard = await marie.types("/founding")
    assert heard.first == "The charter of Green Manufacturing waits for its founders' signatures (Art. 8)."
    assert heard.lines[-1] == "Still to sign: EMC2 and MecaTech."
    assert (await marie.types("/renewal")).first.endswith("(Art. 8), once all founders have signed.")
    heard = await marie.types("/sign Director")
    assert heard.lines == ["There is nothing for you to sign. Still to sign: EMC2 and MecaTech."]

    assert (await luc.types("/sign")).first == "What is your function there?"
    heard = await luc.says("Managing Director")
    assert heard.lines == [
        "The charter, signed for MecaTech by Luc, Managing Director, on Tue 24 Nov.",
        "Signing commits MecaTech to be a partner of the alliance.",
        "Do you sign?",
    ]
    heard = await luc.taps("Sign")
    assert heard.lines == [
        "✓ Signed for MecaTech: Luc, Managing Director, Tue 24 Nov.",
        "Still to sign: EMC2. Then it comes into force (Art. 8).",
    ]

    heard = await giulia.types("/sign President on 2 Dec 2026 for EMC2 by Anne")
    assert (
        heard.first
        == "Wed 2 Dec is still ahead, and a signature has a day that was. Which day was it signed?"
    )
    await giulia.types("/sign President on 20 Nov for EMC2")
    heard = await giulia.says("Anne")
    assert heard.lines[0] == "The charter, signed for EMC2 by Anne, President, on Fri 20 Nov."
    assert heard.lines[-1] == "Is that how it was signed?"
    heard = await giulia.taps("Write it down")
    assert heard.lines[1] == (
        "All founders have signed: the charter is in force since Tue 24 Nov (Art. 8). Everybody is told."
    )
    await young.settled()
    told = [
        "The charter of the European Cluster Alliance for Green Manufacturing is in force.",
        "All founders have signed; the last one on Tue 24 Nov (Art. 8).",
        "You get this because you take part in the alliance.",
    ]
    assert marie.reads().lines == luc.reads().lines == told
    heard = await marie.types("/founding")
    assert heard.lines[0] == "The charter of Green Manufacturing is in force since Tue 24 Nov (Art. 8)."
    assert heard.lines[7] == "MecaTech · Tue 24 Nov · Luc, Managing Director"
    assert heard.lines[-1] == "The Partnership Agreement follows by Mon 24 May 2027 (Preamble)."


async def first_asked(world: World) -> Any:
    """The coordinator, at nine on the day after the bot first ran."""
    giulia = await world.member("Giulia", "", "coordinator")
    await giulia.types("/help")
    await world.passes(seconds=(NINE - world.clock.now()).total_seconds())
    await world.settled()
    return giulia


async def days_go_by(world: World, days: int) -> None:
    """So many days later, and whatever is due on the last of them happened; the bot was down until then."""
    world.clock.pass_(days=days - 1)
    await world.passes(days=1)
    await world.settled()


async def test_dates_behind_the_first_start_are_asked_about_once(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types("/help")
    before = marie.reads().lines
    giulia = await first_asked(world)

    heard = giulia.reads()
    assert heard.lines == DATES
    decided, not_yet = ["It was decided: 1", "Not yet: 1"], ["It was decided: 2", "Not yet: 2"]
    assert heard.buttons == [*decided, *not_yet, "Ask me in January", "Later", "Stop these"]

    heard = await giulia.taps("Not yet: 1")
    assert heard.lines == [
        "✓ Noted as not decided yet:",
        "The Partnership Agreement, planned for Thu 26 Feb (Preamble)",
        "I won't ask again. You can start it whenever it suits.",
        "And what of this one?",
        "The alliance's renewal, planned for Wed 26 Aug (Art. 8)",
    ]
    assert heard.buttons == ["Start the agreement", "It was decided", "Not yet", "Ask me in January"]
    heard = await giulia.taps("It was decided")
    assert heard.lines == [
        "✓ Noted as decided:",
        "The alliance's renewal, planned for Wed 26 Aug (Art. 8)",
        "Record it with its day, and everybody can look it up.",
    ]
    assert heard.buttons == ["Record it"]
    asked = await giulia.taps("Record it")
    if world.platform == "slack":
        assert (
            giulia.user.form.inputs[0]["element"]["initial_value"] == "The alliance goes on for another year"
        )
    else:
        assert asked.first == "What was decided, word for word?"
        heard = await giulia.taps("Cancel")
    await days_go_by(world, 12)
    assert giulia.reads().lines == heard.lines
    assert marie.reads().lines == before


async def test_unanswered_it_is_not_asked_twice(world: World) -> None:
    giulia = await first_asked(world)
    await giulia.types("/help")
    before = giulia.reads().lines

    await days_go_by(world, 1)
    await days_go_by(world, 90)

    assert giulia.reads().lines == before


async def test_put_off_until_january_it_is_asked_once_more(world: World) -> None:
    giulia = await first_asked(world)
    heard = await giulia.taps("Ask me in January")
    assert heard.first == "✓ I'll ask again on Thu 7 Jan 2027:"
    await days_go_by(world, 42)  # Wednesday, 6 January
    assert giulia.reads().lines == heard.lines

    await days_go_by(world, 1)
    asked = [line.replace("Feb (", "Feb 2026 (").replace("Aug (", "Aug 2026 (") for line in DATES]
    assert giulia.reads().lines == asked
    await giulia.types("/help")
    before = giulia.reads().lines
    await days_go_by(world, 30)
    assert giulia.reads().lines == before


async def test_who_answered_before_it_came_is_not_asked(world: World) -> None:
    giulia = await world.member("Giulia", "", "coordinator")
    await giulia.types("/help")
    before = giulia.reads().lines

    def answer(ctx: Any) -> None:
        for key in ("agreement:2026-02-26", "renewal:2026-08-26"):
            ctx.store.milestones.answer(key, "not_yet", None, ctx.now)

    await in_house(world, answer)
    await days_go_by(world, 1)

    assert giulia.reads().lines == before
