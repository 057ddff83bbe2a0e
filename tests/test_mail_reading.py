"""Somebody who reads nothing but mail: everything reaches them, and they answer on their own pages."""

from __future__ import annotations

from storage.columns import metadata
from tests.announce_stage import cooled, coordinator, written
from tests.assembly_stage import closes, opened
from tests.events_stage import planned, rsvp_of
from tests.mail_stage import Page
from tests.mail_world import world as world
from tests.world import World

SCANNER = {"user-agent": "Barracuda Sentinel", "sec-purpose": "prefetch;prerender"}


async def everything(world: World) -> dict[str, list[str]]:
    """All that is kept."""
    return await world.storage.read(
        lambda store: {
            table.name: sorted(map(repr, store._connection.execute(table.select())))
            for table in metadata.sorted_tables
        }
    )


async def scanned(world: World, links: list[str]) -> int:
    """A mail scanner follows every link, and every one on the pages behind them; how many those were."""
    seen: set[str] = set()
    async with world.mail.browser() as browser:
        todo = list(links)
        while todo:
            link = todo.pop()
            if link in seen or not link.startswith("https://bot.example.org"):
                continue
            seen.add(link)
            await browser.head(link, headers=SCANNER)
            got = await browser.get(link, headers=SCANNER)
            if "html" in got.headers.get("content-type", ""):
                page = Page(str(got.url), got.status_code, got.text, got.headers)
                todo += page.links.values()
    return len(seen)


async def test_a_mail_reader_votes_answers_confirms_and_reads_the_results(world: World) -> None:
    marie, vera = await world.member("Marie", "mecatech"), await coordinator(world)
    anna = await world.mail.person("Anna", "cimes")
    motion = await opened(world, proposer=marie, organisation="mecatech", told=True)
    mail = await anna.reads_mail()
    assert "CIMES has until Wed 2 Dec, 17:00 in Paris." in mail.lines
    page = await anna.presses(mail.links["Against"], "Against")
    assert "🗳 Recorded for CIMES: Against, motion 1." in page.text
    page = await anna.presses_on(page, "Add a reason")
    page = await anna.presses_on(page, "Send", words="Too early")
    assert "✓ CIMES on motion 1: Too early" in page.text

    event = await planned(world, by=marie, invite=True, hosts=("mecatech", "cimes"), title="Welding day")
    mail = await anna.reads_mail()
    assert mail.first.startswith("MecaTech put CIMES down as co-host")
    page = await anna.presses(mail.links["Maybe"], "Maybe")
    assert "Welding day" in page.text
    kept = await rsvp_of(world, event, anna)
    assert kept is not None
    assert kept.state == "maybe"

    await marie.types("/log workshop Green hydrogen on 12 May 2026 with CIMES")
    mail = await anna.reads_mail()
    assert mail.first == "MecaTech says that CIMES took part in Green hydrogen (workshop, Tue 12 May)."
    page = await anna.presses(mail.links["We did"], "We did")
    assert "✓ Confirmed for CIMES: Green hydrogen, Tue 12 May." in page.text

    await written(vera, "**Call opens** Monday")
    await vera.taps("Send to 3")
    await cooled(world)
    mail = await anna.reads_mail()
    assert mail.first == "Call opens Monday"
    await closes(world, motion)
    await world.passes(days=1)
    [result] = [one for one in anna.mails if one.first.startswith("Too few took part in motion 1")]
    assert "0 for · 1 against · 0 abstained · 6 did not take part (7 members)" in result.lines
    for one in anna.mails:
        assert "/vote" not in one.text
        assert "this chat" not in one.text


async def test_links_that_a_scanner_follows_change_nothing_and_then_the_person_presses(world: World) -> None:
    marie, ana = await world.member("Marie", "mecatech"), await world.member("Ana", "pool-net")
    anna, stranger = await world.mail.person("Anna", "cimes"), world.mail.reader("Else", "else@example.org")
    hers = world.mail.reader("Marie", "marie@example.org")
    await opened(world, told=True)
    number = await planned(world, by=ana, invite=True)
    await marie.types("/email marie@example.org")
    await marie.types("/invite by mail to else@example.org called Else Berg")
    await world.settled()
    mails = [*anna.mails, *stranger.mails, *hers.mails]
    links = [link for mail in mails for link in mail.links.values()]
    before = await everything(world)
    assert await scanned(world, links) >= len(links)
    assert await everything(world) == before

    vote = next(mail for mail in anna.mails if "For" in mail.links)
    invited = next(mail for mail in anna.mails if "Going" in mail.links)
    assert "Recorded for CIMES: For" in (await anna.presses(vote.links["For"], "For")).text
    assert "You're going" in (await anna.presses(invited.links["Going"], "Going")).text
    assert "confirmed" in (await hers.presses(hers.mails[0].links["Yes, it's mine"], "Yes, it's mine")).text
    page = await stranger.presses(stranger.mails[0].links["Yes, that's me"], "Yes, that's me")
    assert "Welcome, Else! You're in for MecaTech" in page.text
    world.clock.pass_(minutes=5)
    await marie.types(f"/rsvp {number} yes")
    await world.settled()
    before = await everything(world)
    every = [link for mail in world.mail.server.mails for link in mail.links.values()]
    await scanned(world, every)
    assert await everything(world) == before
