"""A message that is put off comes again when it was meant to, once, and only to whoever put it off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.store import Storage
from tests.attention_stage import calm
from tests.lanes_stage import read_by
from tests.notify_stage import SEATS, WHY, it_is, seats, wants_to_know
from tests.world import World

__all__ = ["calm", "seats"]  # fixtures

CHOICES = ["Tomorrow", "Monday", "In 2 weeks", "Another day"]


async def test_what_is_put_off_comes_again_in_the_morning(calm: World) -> None:
    luc, ana = await calm.member("Luc", "mecatech"), await calm.member("Ana", "pool-net")
    for somebody in (luc, ana):
        await wants_to_know(calm, somebody)
    assert luc.reads().lines == [SEATS, WHY]
    assert luc.reads().buttons == ["Later", "Stop these"]

    heard = await luc.taps("Later")
    assert (heard.lines, heard.buttons) == (["When shall I come back to it?"], CHOICES)
    heard = await luc.taps("Tomorrow")
    assert heard.lines == ["✓ I'll come back to it on Wed 25 Nov, 09:00."]
    await it_is(calm, datetime(2026, 11, 25, 7, 45, tzinfo=UTC))  # 08:45 in Liège, they are at work
    assert read_by(luc).count(SEATS) == 1
    await it_is(calm, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 2
    await it_is(calm, datetime(2026, 12, 9, 8, 0, tzinfo=UTC))
    assert (read_by(luc).count(SEATS), read_by(ana).count(SEATS)) == (2, 1)


async def test_a_second_choice_takes_the_place_of_the_first(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await wants_to_know(world, luc)
    await luc.taps("Later")
    assert (await luc.taps("Monday")).lines == ["✓ I'll come back to it on Mon 30 Nov, 09:00."]
    await luc.taps("Change")
    await luc.taps("Another day")
    assert luc.reads().lines == ["On which day?", "Friday, 3 Dec …"]
    assert (await luc.says("3 dec")).lines == ["✓ I'll come back to it on Thu 3 Dec, 09:00."]

    await it_is(world, datetime(2026, 12, 2, 12, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 1
    await it_is(world, datetime(2026, 12, 3, 8, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 2

    await luc.taps("Later")  # and once more, of the one that came again
    assert (await luc.taps("In 2 weeks")).lines == ["✓ I'll come back to it on Thu 17 Dec, 09:00."]
    await it_is(world, datetime(2026, 12, 17, 8, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 3


async def test_a_day_that_is_past_is_asked_again(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await wants_to_know(world, luc)
    await luc.taps("Later")
    await luc.taps("Another day")
    assert (await luc.says("today")).lines == ["I can only come back to it from tomorrow on. Which day?"]
    heard = await luc.says("3 march 2029")
    assert heard.lines == ["That is more than a year ahead. A day within a year works."]
    heard = await luc.says("sunday")  # nobody works then
    assert heard.lines == ["✓ I'll come back to it on Mon 30 Nov, 09:00."]


async def test_what_ends_before_is_offered_before_its_end(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    end = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
    await wants_to_know(world, luc, until=end)
    heard = await luc.taps("Later")
    assert heard.lines == ["When shall I come back to it?", "It's over on Wed 2 Dec, 16:00."]
    assert heard.buttons == ["Tomorrow", "Monday", "Another day"]
    await luc.taps("Another day")
    heard = await luc.says("friday 4 december")
    assert heard.lines == [
        "It's over on Wed 2 Dec, 16:00, before I'd come back to it on Fri 4 Dec, 09:00.",
        "Which day before that?",
    ]
    assert heard.buttons == ["Tomorrow", "Monday", "Another day"]
    await luc.taps("Monday")
    await it_is(world, datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 2

    await wants_to_know(world, luc, "By five?", until=world.clock.now() + timedelta(hours=8))
    assert "Later" not in luc.reads().buttons
    await wants_to_know(world, luc, "Tonight?", until=world.clock.now() + timedelta(hours=15))
    heard = await luc.taps("Later")
    assert heard.lines == [
        "It's over on Tue 1 Dec, 00:00, before I could come back to it.",
        "It stays in /todo as long as you owe it.",
    ]
    assert heard.buttons == ["What I send you"]


async def test_what_was_put_off_and_settled_meanwhile_does_not_come(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await wants_to_know(world, luc)
    await luc.taps("Later")
    await luc.taps("Tomorrow")
    await luc.taps("Stop these")
    await it_is(world, datetime(2026, 11, 26, 8, 0, tzinfo=UTC))
    assert read_by(luc).count(SEATS) == 1


async def test_a_digest_that_is_put_off_comes_again_whole(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    for question in ("Who opens?", "Who speaks?", "Who closes?"):
        await wants_to_know(calm, luc, question)
    await it_is(calm, datetime(2026, 11, 25, 9, 0, tzinfo=UTC))
    digest = luc.reads()
    assert digest.first == "Good morning Luc, two things:"
    assert digest.buttons[-2:] == ["Later", "What I send you"]

    await luc.taps("Later")
    assert (await luc.taps("Monday")).lines == ["✓ I'll come back to it on Mon 30 Nov, 09:00."]
    await it_is(calm, datetime(2026, 11, 30, 8, 0, tzinfo=UTC))
    again = luc.reads()
    assert again.lines[:3] == digest.lines[:3]
    assert not any("message this week" in line for line in again.lines)  # its moment was theirs


async def test_a_quiet_august_keeps_back_what_is_in_a_digest_not_the_digest(calm: World) -> None:
    luc = await calm.member("Luc", "mecatech")
    await luc.types("/notify quiet august")
    for question in ("Who opens?", "Who speaks?", "Who closes?"):
        await wants_to_know(calm, luc, question, until=datetime(2027, 8, 20, tzinfo=UTC))
    await it_is(calm, datetime(2027, 8, 10, 9, 30, tzinfo=UTC))
    assert luc.reads().lines[1:3] == ["1 Who speaks?", "2 Who closes?"]
    await luc.taps("Later")
    assert (await luc.taps("Tomorrow")).lines == ["✓ I'll come back to it on Wed 11 Aug, 09:00."]


async def test_nobody_puts_off_what_is_another_persons(world: World) -> None:
    luc, ana = await world.member("Luc", "mecatech"), await world.member("Ana", "pool-net")
    await wants_to_know(world, luc)
    for line in ("/later", "/snooze", "/snooze 3 days"):
        heard = await ana.types(line)
        assert heard.lines == ["Later belongs to a message: tap it there."]
        assert heard.buttons == ["What I send you"]


async def test_what_is_put_off_by_typing_is_the_newest_message(world: World) -> None:
    luc = await world.member("Luc", "mecatech")
    await wants_to_know(world, luc)
    world.clock.pass_(minutes=1)
    heard = await luc.types("/snooze")
    assert (heard.lines, heard.buttons) == (["Seats", "When shall I come back to it?"], CHOICES)
    heard = await luc.says("tomorrow")
    assert heard.lines == ["✓ I'll come back to it on Wed 25 Nov, 09:00."]
    for words, day in (("3 days", "Fri 27 Nov"), ("in 2 weeks", "Tue 8 Dec"), ("2 weeks", "Tue 8 Dec")):
        heard = await luc.types(f"/snooze {words}")
        assert heard.lines == ["Seats", f"✓ I'll come back to it on {day}, 09:00."]


async def test_later_works_in_a_mail(sqlite_url: str) -> None:
    storage = Storage(sqlite_url)
    async with World("slack", storage, mail=True) as world:
        luc = await world.mail.person("Luc", "mecatech")
        await wants_to_know(world, luc)
        mail = await luc.reads_mail()
        page = await luc.presses(mail.links["Later"], "Later")
        assert page.buttons[:4] == CHOICES
        page = await luc.presses_on(page, "Tomorrow")
        assert "✓ I'll come back to it on Wed 25 Nov, 09:00." in page.text
        await it_is(world, datetime(2026, 11, 25, 8, 0, tzinfo=UTC))
        assert [one.subject for one in luc.mails].count(mail.subject) == 2
    storage.close_now()
