"""The newsletter: a month with enough for an edition, a month with nothing, and who gets what of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.context import Context
from bot.handlers.newsletter.answers import excerpt
from bot.newsletter.archive import feed, is_public_media, public_edition, public_editions
from bot.newsletter.subscribing import asked, bounced, confirmed, ended
from tests.assembly_stage import acting, in_house
from tests.newsletter_stage import (
    DRAFT,
    SEND,
    asks,
    by_mail,
    edition_of,
    filled,
    it_is,
    messages_of,
    news,
    news_hall,
    subscribed,
)
from tests.world import World

TITLE = "Green Manufacturing News, January 2027"
INTRO = "What the members of the alliance did, decided and plan."
THRICE = " ".join(["Members can use it without a fee and tell us what is missing."] * 3)
MOULDS = ["A guide to moulds · CIMES", THRICE, "https://example.org/moulds"]
PUMPS = ["Pumps that mend themselves · MecaTech", THRICE]
PLANS = ["Our plans for spring · Pool-Net", THRICE]
PUBLISHED = [TITLE, INTRO, *MOULDS, *PLANS, *PUMPS]
FEBRUARY = datetime(2027, 2, 2, 9, tzinfo=UTC)


async def test_a_month_with_enough_and_a_month_with_nothing(world: World) -> None:
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await subscribed(world, marie)
    hall = await news_hall(luc)
    await filled(world, marie)
    await world.passes(days=7)
    heard = await marie.types("/newsletter")
    assert heard.lines == [
        "Green Manufacturing News",
        "No edition is out yet.",
        "The next one: Tue 5 Jan 2027.",
        "3 items wait for it.",
        "You get it.",
    ]
    assert heard.buttons == ["Send news", "Topics", "Unsubscribe"]

    await it_is(world, DRAFT)
    heard = vera.reads()
    assert heard.lines == [
        "The newsletter goes out Tue 5 Jan 2027, 10:00 in Brussels, unless one of you stops it.",
        "Goes to 1 chat and 1 person.",
        *PUBLISHED,
        "You get this because you look after the newsletter.",
    ]
    assert heard.buttons == ["Open it", "Stop it", "Later", "Stop these"]
    await it_is(world, SEND - timedelta(minutes=1))
    assert await messages_of(world) == ()

    await it_is(world, SEND)
    heard = marie.reads()
    assert heard.lines == [*PUBLISHED, "You get this because you subscribed to the newsletter."]
    assert heard.buttons == ["Read it here", "Unsubscribe"]
    post = luc.posts(hall)[-1]
    assert luc.reads_on(post).lines == PUBLISHED
    assert luc.reads_on(post).buttons == ["Read it here", "Subscribe"]
    assert [one.state for one in await messages_of(world)] == ["sent", "sent"]

    heard = await marie.taps("Read it here")
    assert heard.lines[:3] == [TITLE, "Sent Tue 5 Jan", INTRO]
    assert heard.buttons == ["Newsletter"]
    heard = await vera.types("/newsletter")
    assert heard.lines[1] == f"The latest: {TITLE}, Tue 5 Jan"

    await it_is(world, FEBRUARY - timedelta(days=7))
    heard = vera.reads()
    assert heard.lines == [
        "Nothing worth an edition this month: 0 items, 0 words.",
        "The next one: Tue 2 Mar.",
        "You get this because you look after the newsletter.",
    ]
    assert heard.buttons == ["Make one anyway", "Later", "Stop these"]
    heard = await vera.taps("Make one anyway")
    assert heard.first == "There is nothing to tell of yet: no item, no activity, no event, no decision."
    await world.passes(days=8)
    assert marie.reads().first != "Green Manufacturing News, February 2027"
    assert (await edition_of(world, 2)).state == "skipped"


async def test_with_no_reader_nobody_is_bothered(world: World) -> None:
    vera = await world.member("Vera", "", "coordinator")
    marie = await world.member("Marie", "cimes")
    await filled(world, marie)
    await it_is(world, DRAFT)
    await it_is(world, SEND)
    heard = await vera.types("/newsletter")
    assert "Nobody gets it yet, so none is drafted." in heard.lines
    assert await asks(world, lambda store: store.editions.latest()) is None

    heard = await vera.taps("Make one now")
    assert heard.first == "✓ Here is the draft."
    for words in ("start a newsletter", "/newsletter new", "Make one now"):
        assert (await vera.types(words)).first.startswith(heard.lines[1]), "it is there already"
    assert "Goes to nobody yet." in heard.lines


async def test_a_chat_alone_gets_it_from_the_next_edition_on(world: World) -> None:
    vera = await world.member("Vera", "", "coordinator")
    luc = await world.member("Luc", "mecatech")
    hall = await news_hall(luc)
    await world.happens()
    await world.happens()
    first = await asks(world, lambda store: store.editions.latest())
    assert first is not None
    assert (first.state, first.why, first.number) == ("skipped", "nobody", 1)
    await filled(world, luc)
    await it_is(world, DRAFT)
    assert vera.reads().lines[1] == "Goes to 1 chat."
    await it_is(world, SEND)
    assert luc.reads_on(luc.posts(hall)[-1]).first == TITLE
    assert (await edition_of(world, 2)).slug == "2027-01"


async def test_what_is_for_members_stays_with_members(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    gone = await world.member("Olga", "emc2")
    account = await by_mail(world, "Reader@Example.org")
    await subscribed(world, marie, gone)
    await filled(world, marie)
    await in_house(world, _ends_roles(gone))
    await it_is(world, DRAFT)
    await it_is(world, SEND)

    sent = await messages_of(world)
    assert len(sent) == 3
    lines = gone.reads().lines
    assert lines[0] == TITLE
    assert "A guide to moulds · CIMES" in lines
    assert PLANS[0] not in lines, "who is no member any more reads what anybody may"
    assert PLANS[0] in marie.reads().lines
    heard = await gone.taps("Read it here")
    assert "spring" not in heard.text
    [mail] = [one for one in sent if one.account_id == account]
    assert (mail.reader, mail.platform, mail.person_id) == (f"account:{account}", "email", None)
    found = await asks(world, lambda store: public_edition(store, "2027-01"))
    assert found is not None
    assert [item.title for item in found.items] == ["A guide to moulds", "Pumps that mend themselves"]
    assert (found.for_members, found.number, found.title) == (1, 1, TITLE)
    assert "spring" not in repr(found)
    assert "Marie" not in repr(found)
    assert await asks(world, lambda store: public_editions(store, 10)) == ((found,), 1)
    assert await asks(world, lambda store: feed(store)) == (found,)
    assert not await asks(world, lambda store: is_public_media(store, 1))


def _ends_roles(somebody: Any) -> Callable[[Context], None]:
    def end(ctx: Context) -> None:
        for role in ctx.store.roles.of_person(acting(ctx, somebody).person.id):
            ctx.store.roles.end(role.id, ctx.now, None)

    return end


async def test_an_edition_for_members_alone_goes_to_nobody_else(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await by_mail(world, "reader@example.org")
    await subscribed(world, marie)
    for organisation in ("cimes", "mecatech", "pool-net"):
        await news(world, marie, 1, organisation=organisation, consent="members")
    await it_is(world, DRAFT)
    await it_is(world, SEND)
    assert [one.person_id is not None for one in await messages_of(world)] == [True]
    assert await asks(world, lambda store: public_edition(store, "2027-01")) is None
    assert await asks(world, lambda store: public_editions(store, 10)) == ((), 0)


async def test_who_leaves_between_draft_and_hour_gets_none(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await subscribed(world, marie, luc)
    await filled(world, marie)
    await it_is(world, DRAFT)
    heard = await luc.types("/unsubscribe")
    assert heard.lines == ["✓ You get no more Green Manufacturing News, on no platform."]
    assert heard.buttons == ["Subscribe"]
    heard = await luc.types("/unsubscribe")
    assert heard.lines == ["You don't get Green Manufacturing News; nothing changed."]
    await it_is(world, SEND)
    assert marie.reads().first == TITLE
    assert luc.reads().first != TITLE
    assert len(await messages_of(world)) == 1


async def test_subscribing_by_a_tap_and_choosing_topics(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/subscribe")
    assert heard.lines == [
        "✓ You get Green Manufacturing News from now on, here.",
        "The next one: Tue 5 Jan 2027.",
    ]
    assert heard.buttons == ["Topics", "Unsubscribe"]
    heard = await marie.types("/subscribe")
    assert heard.first == "You get Green Manufacturing News already."
    own = await asks(world, lambda store: store.subscriptions.on()[0])
    assert (own.source, own.text_version, own.state) == ("tap", "2026-11", "on")
    assert own.since == world.clock.now()

    heard = await marie.taps("Topics")
    assert heard.lines == ["You read about everything.", "A tap takes a topic in or out."]
    heard = await marie.taps("European policy")
    assert heard.first == "You read about European policy, and what is for everybody."
    assert "✓ European policy" in heard.buttons
    await news(world, marie, title="A fair of machines", topics=("machines",), organisation="mecatech")
    await news(world, marie, title="A law on waste", topics=("policy",), organisation="emc2")
    await news(world, marie, title="We meet in Riga", organisation="pool-net")
    await it_is(world, DRAFT)
    await it_is(world, SEND)
    bold = [line.partition(" · ")[0] for line in marie.reads().lines if " · " in line]
    assert bold == ["A law on waste", "We meet in Riga"]
    heard = await marie.taps("Unsubscribe")
    assert heard.first == "✓ You get no more Green Manufacturing News, on no platform."
    heard = await marie.taps("Subscribe")
    assert "Topics: European policy" in heard.lines, "who comes back finds what they chose"


async def test_an_address_has_to_say_yes_itself(world: World) -> None:
    now = world.clock.now()
    await world.storage.write(lambda store: asked(store, "Ann@Example.org ", "en", ("policy",), now))
    await world.storage.write(lambda store: asked(store, "ann@example.org", "fr", (), now))
    waiting = await asks(world, lambda store: store.subscriptions.of_address("ann@example.org"))
    assert waiting is not None
    assert waiting.account is not None
    account = waiting.account
    assert (waiting.state, waiting.topics) == ("asked", ())
    assert await asks(world, lambda store: store.subscriptions.on()) == ()
    [mail] = [
        one
        for n in range(1, 9)
        if (one := await asks(world, lambda store, n=n: store.deliveries.get(n))) is not None  # type: ignore[misc]
    ]
    assert (mail.template, mail.account_id, mail.platform) == ("newsletter_opt_in", account, "email")
    assert [button.command for button in mail.buttons] == ["confirm subscription"]

    on = await world.storage.write(lambda store: confirmed(store, account, now))
    assert on is not None
    assert (on.state, on.source) == ("on", "page")
    await world.storage.write(lambda store: ended(store, on.word, "complained", now))
    over = await asks(world, lambda store: store.subscriptions.get(on.id))
    assert over is not None
    assert (over.state, over.why) == ("ended", "complained")
    assert await world.storage.write(lambda store: confirmed(store, account, now)) is None
    assert await world.storage.write(lambda store: ended(store, "no such word", "asked", now)) is None
    gone = await world.storage.write(lambda store: bounced(store, account, now))
    assert gone is not None
    assert gone.why == "complained", "ended once is ended"


def test_an_excerpt_is_a_sentence_or_two_on_one_line() -> None:
    assert excerpt("One *thing*.\n\nAnd [another](https://example.org).").startswith("One thing. And another")
    long = "This is a sentence of some length. " * 20
    assert len(excerpt(long)) <= 240
    assert excerpt(long).endswith(".")
    assert excerpt("word " * 100).endswith("word…")
