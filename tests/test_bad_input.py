"""What cannot be: it gets a sentence and changes nothing."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from typing import Any

from tests.world import Heard, World

KEPT = "The rest is kept; nothing is saved yet."
LINE = "/log workshop Green hydrogen 101 on 12 May with MecaTech"
OLD = "That button is from an older message and does nothing any more. Nothing has changed."
OF_ANOTHER = "That button is meant for somebody else, so I left it. Nothing has changed."
NO_DAY = 'in the calendar. A day like "12 May" or "last Tuesday" works.'
NO_LINK = "as a web address. One that begins with https:// works."


def no_smes(words: str) -> str:
    return f'I can\'t count "{words}" SMEs. Names with commas between, or a number up to 10,000.'


async def test_an_unknown_command_gets_the_nearest_one(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/lgo workshop Green hydrogen 101 on 12 May with MecaTech")
    assert heard.lines == ['I don\'t know "lgo". Did you mean log? Nothing has changed.']
    assert heard.buttons == ["Yes, that one", "Help"]
    heard = await marie.taps("Yes, that one")
    assert heard.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"

    heard = await marie.types("/blargh")
    assert heard.lines == ['I don\'t know "blargh". Help shows what I do know; nothing has changed.']
    assert heard.buttons == ["Help"]
    heard = await marie.types("/everything that was done in this year, by all of us")
    quoted = "everything that was done in this year,…"
    assert heard.lines == [f'I don\'t know "{quoted}". Help shows what I do know; nothing has changed.']
    if world.platform == "telegram":  # on Slack it stands behind /alliance
        assert (await marie.says("/")).first == "What most people do here:"


async def test_nothing_that_takes_back_or_ends_is_suggested(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/log workshop Injection moulding day on 12 May")
    assert "Was one there?" in heard.lines[-1]

    for line in ("with MecaTech and CIMES", "please", "widthraw 1", "undoo", "unlik"):
        heard = await marie.says(line)
        no = f'I don\'t know "{line}". Help shows what I do know; nothing has changed.'
        assert (heard.lines, heard.buttons) == ([no], ["Help"])
    assert (await world.logged())[0].record.state == "logged"


async def test_words_that_fit_nowhere_are_not_dropped_in_silence(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    assert (await marie.types("/indicators 2025")).first == "The alliance in 2025"
    assert (await marie.types("/indicators CIMES")).first == "CIMES in 2026"
    for line, words in {
        "/indicators upside down": "upside down",
        "/profile now please": "now please",
    }.items():
        heard = await marie.types(line)
        assert heard.lines == [f'I couldn\'t tell what "{words}" is for. Nothing has changed.']
        assert heard.buttons == ["Help"]


async def test_a_day_that_may_lie_in_two_years_is_asked_about(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log workshop Winter school on 24 Dec with MecaTech")
    assert heard.lines == ["Which day do you mean, Wed 24 Dec 2025 or Thu 24 Dec 2026?"]
    assert heard.buttons == ["24 Dec 2025", "24 Dec 2026", "Cancel"]
    heard = await marie.taps("24 Dec 2026")
    assert heard.first == "✓ Logged: Winter school · workshop · Thu 24 Dec · CIMES and MecaTech"

    heard = await marie.types("/log workshop Mould day on 3 May on 5 May with EMC2")
    assert heard.lines == ["Which day do you mean, Sun 3 May or Tue 5 May?"]
    heard = await marie.taps("Tue 5 May")
    assert heard.first == "✓ Logged: Mould day · workshop · Tue 5 May · CIMES and EMC2"


async def test_what_looks_like_a_day_can_stay_in_the_title(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    heard = await marie.types("/log workshop Steel on 3 continents with EMC2")
    assert heard.lines == [f'I can\'t find "3 continents" {NO_DAY}', KEPT]
    assert heard.buttons == ["Part of the title", "Cancel"]
    heard = await marie.taps("Part of the title")
    assert heard.first == "✓ Logged: Steel on 3 continents · workshop · Tue 24 Nov · CIMES and EMC2"

    heard = await marie.types("/log workshop Moulds yesterdy with EMC2")
    assert heard.lines == ['Is "yesterdy" the day, Mon 23 Nov, or part of the title?']
    heard = await marie.taps("Yes, Mon 23 Nov")
    assert heard.first == "✓ Logged: Moulds · workshop · Mon 23 Nov · CIMES and EMC2"


async def test_what_cannot_be_read_gets_a_sentence_and_saves_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    sentences = {
        "/log workshop Moulds on 31 Feb with MecaTech": f'I can\'t find "31 Feb" {NO_DAY}',
        "/log workshop Moulds on 32 May with MecaTech": f'I can\'t find "32 May" {NO_DAY}',
        "/log workshop Moulds on 12.13.2026 with MecaTech": f'I can\'t find "12.13.2026" {NO_DAY}',
        "/log workshop Moulds with MecaTech and Fooland": (
            'I don\'t know an organisation called "Fooland". Which one do you mean?'
        ),
        "/log workshop Moulds on 12 May with Fooland": (
            'I don\'t know an organisation called "Fooland". Which one do you mean?'
        ),
        "/log workshop Moulds on 1 March with Fraunhofer": (
            'I don\'t know an organisation called "Fraunhofer". Which one do you mean?'
        ),
        "/log workshop Moulds on 5 juin": f'I can\'t find "5 juin" {NO_DAY}',
        "/log training Moulds link https://example.org/a b": (
            'A web address has no spaces; this one was "https://example.org/a b".'
        ),
        "/log training Moulds on 3 May smes 12 participants": (
            'I can\'t read "12 participants" as SMEs. '
            "Names with commas between work, or a whole number up to 10,000."
        ),
        "/log training Moulds on 3 May smes -12": no_smes("-12"),
        "/log training Moulds on 3 May smes 12.5": no_smes("12.5"),
        "/log training Moulds on 3 May smes 1e9": no_smes("1e9"),
        "/log training Moulds on 3 May smes 99999999999999999999": no_smes("99999999999999999999"),
        "/log training Moulds link javascript:alert(1)": f'I can\'t open "javascript:alert(1)" {NO_LINK}',
        "/log training Moulds link file:///etc/passwd": f'I can\'t open "file:///etc/passwd" {NO_LINK}',
        "/indicators of Nobody": 'I don\'t know an organisation called "Nobody". Which one do you mean?',
        "/activity -1": 'I can\'t read "-1" as a whole number. One from 1 to 100,000 works.',
        "/activity 99999999999999999999": (
            "99999999999999999999 is more than I can take; 100,000 is the most. What is the right number?"
        ),
    }
    for line, sentence in sentences.items():
        heard = await marie.types(line)
        kept = [KEPT] if line.startswith("/log") else []  # elsewhere there is no rest
        assert heard.lines == [sentence, *kept], line
        assert (await marie.taps("Cancel")).lines == ["Dropped. Nothing was saved."]
    assert await world.logged() == []


async def test_a_day_that_could_be_read_two_ways_is_read_back_day_first(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types("/log workshop Moulds on 05/06/2026 with MecaTech")
    assert heard.first == "✓ Logged: Moulds · workshop · Fri 5 Jun · CIMES and MecaTech"


async def test_a_title_without_end_is_too_long(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    heard = await marie.types(f"/log workshop {'x' * 10_000}")
    # Telegram's own app cuts it into three messages, so there the first part alone is what we got
    length = "10,000" if world.platform == "slack" else "4,082"
    assert heard.lines[:2] == [
        f"That is {length} characters long; 200 fit here. Could you say it shorter?",
        KEPT,
    ]
    assert await world.logged() == []


TITLES = (
    "<!channel> <@U0001> @everyone",
    "*bold* _slanted_ ~gone~ `code` ```more```",
    "<b>fat</b> &amp; [x](javascript:1) tg://user?id=1",
    "שלום עולם e\u0301te\u0301 Z\u0351\u036b \u202eevil",
)


async def test_a_title_comes_out_as_text_and_nothing_else(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    for title in TITLES:
        # by mouth: a slash command on Slack carries its own marks for mentions, which are read as words
        await marie.says(f'log workshop "{title}" on 12 May with MecaTech')
        await world.settled()

        # one way to write an accented letter, and nothing that turns round all that follows it
        shown = unicodedata.normalize("NFC", title).replace("\u202e", "")
        assert (await world.logged())[-1].record.title == shown
        for heard in (marie.reads(), luc.reads()):
            assert shown in on_screen(world, heard)
            assert marks_in(world, heard) <= {"italic", "bold"}


def on_screen(world: World, heard: Heard) -> str:
    """What stands there letter by letter, without the joiners that keep marks and mentions from being any."""
    if world.platform == "telegram":
        return str(heard.raw.text.replace("\u2060", ""))
    text = heard.raw.words.replace("\u2060", "")
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return str(text)


def marks_in(world: World, heard: Heard) -> set[str]:
    """What the platform makes more of than letters."""
    if world.platform == "telegram":
        return {entity["type"] for entity in heard.raw.entities}
    made = set(re.findall(r"<[@!#]|<[a-z]+:", heard.raw.words))
    unguarded = re.findall(r"(?<![\w\u2060])[`~](?!\u2060)\w", heard.raw.words)
    return made | set(unguarded) | {"italic"}


async def test_an_old_button_changes_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    await marie.types(LINE)
    world.clock.pass_(days=40)

    heard = await marie.taps("Undo")
    assert (heard.lines, heard.buttons) == ([OLD], ["Help"])
    assert (await world.logged())[0].record.state == "logged"


async def test_somebody_elses_button_changes_nothing(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    paul = await world.member("Paul", "cimes")
    hall = world.group("Hall", marie, paul)
    heard = await marie.types(LINE, hall)

    if world.platform == "telegram":  # on Slack nobody else sees the answer
        heard = await paul.taps("Undo")
        assert heard.lines == [OF_ANOTHER]
        assert heard.alert == OF_ANOTHER
    else:
        assert heard.raw.only_for == marie.user.id
    assert (await world.logged())[0].record.state == "logged"


async def test_a_button_pressed_twice_at_once_acts_once(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    luc = await world.member("Luc", "mecatech")
    await marie.types(LINE)
    await world.settled()

    message = luc.reads().raw
    await asyncio.gather(luc.user.taps(message, "We did"), luc.user.taps(message, "We did"))

    assert luc.reads().first == "✓ Confirmed for MecaTech: Green hydrogen 101, Tue 12 May."
    [activity] = await world.logged()
    assert (activity.record.state, activity.version) == ("confirmed", 2)


async def test_a_redelivered_event_changes_nothing_and_gets_the_same_answer(world: World) -> None:
    marie = await world.member("Marie", "cimes")

    first, second = await world.comes_twice(marie, LINE.removeprefix("/"))

    assert first.first == "✓ Logged: Green hydrogen 101 · workshop · Tue 12 May · CIMES and MecaTech"
    assert (second.text, second.buttons) == (first.text, first.buttons)
    assert len(await world.logged()) == 1


async def test_who_may_not_is_told_so(world: World) -> None:
    ada = await world.member("Ada", "", "advisor")
    no = (
        "Your role here doesn't include logging activities, so I left it. "
        "Your coordinator can change that; nothing has changed."
    )
    for line in (LINE, "/undo", "/withdraw 1", "/edit 1"):
        assert (await ada.types(line)).lines == [no]
    assert await world.logged() == []


async def test_a_strangers_command_waits_wherever_it_is_given(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    otto = world.stranger("Otto")
    hall = world.group("Hall", marie, otto)

    heard = await otto.types(LINE, hall)
    assert heard.lines[1] == "What you asked for waits here: Green hydrogen 101 · workshop."
    heard = await otto.types("/indicators")
    assert heard.lines[1:] == ["Which fits?"]  # a look waits for nobody
    assert heard.buttons == ["I have an invitation", "I'm with a member", "Just looking"]
    assert await world.logged() == []


async def test_talk_in_a_group_is_left_alone(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    otto = world.stranger("Otto")
    hall = world.group("Hall", marie, otto)
    mine: list[Any] = []
    before = await world.received()

    for somebody in (marie, otto):
        for words in ("log workshop Moulds on 3 May with MecaTech", "indicators", "cancel"):
            mine.append(await somebody.says(words, hall))

    assert [heard.text for heard in mine] == [""] * 6
    assert await world.received() == before


async def test_a_voice_message_gets_a_kind_word(world: World) -> None:
    marie = await world.member("Marie", "cimes")
    voice: Any = {"voice": True}
    if world.platform == "slack":
        voice = {"files": [{"id": "F2", "name": "a.m4a", "mimetype": "audio/mp4", "size": 9}]}
    heard = await marie.says("", **voice)
    assert heard.lines == ["I can't listen to voice yet.", "A photo, a file or a few typed words are enough."]
    assert heard.buttons == ["Log something", "My list"]

    await marie.says("log webinar on 12 May with MecaTech")
    assert len((await marie.says("", **voice)).lines) == 2  # the question before it still waits
    heard = await marie.says("Green hydrogen 101")
    assert heard.first == "✓ Logged: Green hydrogen 101 · webinar · Tue 12 May · CIMES and MecaTech"
