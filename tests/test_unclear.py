"""Messages that may or may not have arrived: a coordinator settles each."""

from __future__ import annotations

from bot.messages import Topic
from storage.deliveries import Delivery
from storage.store import Store
from tests.places_stage import adds_bot, group_of, place_of, seen, stage
from tests.world import World

__all__ = ["stage"]  # a fixture


async def in_doubt(world: World, *deliveries: Delivery) -> None:
    """These were being sent when the bot was killed."""

    def lose(store: Store) -> None:
        store.deliveries.queue(deliveries)
        while store.deliveries.claim(world.clock.now(), world.platform):
            pass

    await world.storage.write(lose)
    world.clock.pass_(minutes=2)
    later = world.clock.now()
    await world.storage.write(lambda store: store.deliveries.unknown_since(later))


async def test_messages_in_doubt_are_settled_by_the_coordinator(world: World) -> None:
    ola, luc = await world.member("Ola", "", "coordinator"), await world.member("Luc", "mecatech")
    hall = group_of(world, "Hall", ola, luc)
    here, platform = place_of(world, hall), world.platform.capitalize()
    await adds_bot(world, hall)
    account = await world.storage.read(lambda store: store.accounts.identify(luc.account))
    person = account.person.id if account.person else None
    new = {"platform": world.platform, "template": "place_back", "not_before": world.clock.now()}
    await in_doubt(
        world,
        Delivery.new(key="a", place=here, values={"purposes": ["votes"]}, **new),
        Delivery.new(key="b", account_id=account.account_id, person_id=person,
                     values={"purposes": ["events"]}, topic=Topic("activity", "12"), **new),
    )  # fmt: skip

    heard = await ola.types("/places")
    assert heard.lines[-1] == "I can't tell whether 2 messages arrived."
    heard = await ola.taps("See which")
    assert heard.lines == [
        "I can't tell whether these 2 messages arrived:",
        f"1 · Hall · {platform} · a message · Tue 24 Nov, 10:30",
        f"2 · Luc · {platform} · a message · activity 12 · Tue 24 Nov, 10:30",
        "If it did arrive, sending again shows it twice.",
    ]
    assert heard.buttons == ["Send 1 again", "Leave 1", "Send 2 again", "Leave 2", "All places"]

    await ola.taps("Send 1 again")
    heard = ola.reads()
    assert heard.lines[:2] == ["✓ It's on its way again.", "I can't tell whether this message arrived:"]
    await world.settled()
    assert seen(luc, hall)[-1] == "I'm back. This place is for votes."
    await ola.types("/unclear")
    heard = await ola.taps("Leave it")
    assert heard.lines == ["Left as it is; it isn't sent again.", "Every other message is accounted for."]
    await world.settled()
    assert (await ola.types("/places")).lines[-1] == f"1 · Hall · {platform} · answers only"


async def test_a_message_that_somebody_settled_is_not_sent_again(stage: World) -> None:
    ola, eva = await stage.member("Ola", "", "coordinator"), await stage.member("Eva", "", "coordinator")
    hall = group_of(stage, "Hall", ola, eva)
    new = {"platform": stage.platform, "template": "place_back", "not_before": stage.clock.now()}
    here = place_of(stage, hall)
    await in_doubt(stage, Delivery.new(key="a", place=here, values={"purposes": ["votes"]}, **new))
    await ola.types("/unclear")
    await eva.types("/unclear")
    await ola.taps("Leave it")

    heard = await eva.taps("Send again")
    await stage.settled()

    assert heard.lines == [
        "That one is settled already. Nothing has changed.",
        "Every other message is accounted for.",
    ]
    assert seen(ola, hall) == []


async def test_only_a_coordinator_hears_of_messages_in_doubt(stage: World) -> None:
    marie = await stage.member("Marie", "cimes")
    here = place_of(stage, group_of(stage, "Hall", marie))
    new = {"platform": stage.platform, "template": "place_back", "not_before": stage.clock.now()}
    await in_doubt(stage, Delivery.new(key="a", place=here, values={"purposes": ["votes"]}, **new))

    assert "arrived" not in (await marie.types("/places")).text
    assert (await marie.types("/unclear")).first == (
        "Your role here doesn't include seeing what runs by itself, so I left it. "
        "Your coordinator can change that; nothing has changed."
    )
