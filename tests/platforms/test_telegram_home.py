"""At home in Telegram: menus, links to the direct chat, topics, faceless writers, edits, albums, privacy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.messages import Account, Call, Key, Message, Place, Said
from bot.platforms.telegram.links import answer_payload, key_of, line_payload, look_payload, opened
from bot.platforms.telegram.menu import MenuBringer
from bot.platforms.telegram.menus import EVERYDAY, Menus
from storage.store import Storage
from tests.assembly_stage import closes, noticed
from tests.assembly_stage import opened as opens_voting
from tests.both_platforms import votes_hall
from tests.events_stage import events_hall, planned
from tests.lanes_stage import with_card
from tests.platforms.telegram_scene import NOW, says, telegram
from tests.world import World, plain

DOORS = pytest.mark.parametrize("door", ["polling", "webhook"])
KEY = key_of("1:token")


def starts(payload: str, user: str = "5", kind: str = "direct") -> Call:
    place = Place("telegram", "", user, kind=kind)  # type: ignore[arg-type]
    return Call("msg:5:9", Account("telegram", "", user), place, NOW, text=f"start {payload}", message_id="9")


# ---- links ----


@pytest.mark.parametrize(
    "event", ["cb:4400000001", "cb:18446744073709551615", "msg:-1001234567890:123456789"]
)
def test_a_link_brings_the_answer_to_the_one_it_was_given_to_and_to_nobody_else(event: str) -> None:
    payload = answer_payload(event, "5", KEY)
    assert 0 < len(payload) <= 64
    assert payload.replace("-", "").replace("_", "").isalnum()
    call = opened(starts(payload), KEY)
    assert isinstance(call, Call)
    assert (call.event, call.command, call.text, call.message_id) == (event, "answer again", "", "")
    for other in (starts(payload, "6"), starts(payload[:-1]), starts(payload[:8] + payload[9:])):
        call = opened(other, KEY)
        assert isinstance(call, Call)
        assert call.command == "link not known"


def test_links_to_looks_and_typed_lines_fit_or_are_shorter() -> None:
    look = look_payload("=who voted how?number=12&page=2")
    call = opened(starts(look), KEY)
    assert isinstance(call, Call)
    assert (call.token, call.event) == ("=who voted how?number=12&page=2", "msg:5:9")
    assert look_payload("=" + "x" * 60) == look_payload("a-stored-token") == ""
    for line, then in (("log workshop Ação", "log workshop Ação"), ("event new " + "x" * 80, "event new")):
        assert len(line_payload(line)) <= 64
        call = opened(starts(line_payload(line)), KEY)
        assert isinstance(call, Call)
        assert (call.command, call.arguments) == ("go on with", {"line": then})


@pytest.mark.parametrize(
    "payload", ["hello", "d_q1w2e3_-AB", "K7Q2-M4", "abcd-efgh-ijkl-mnop-qrst-uvwx-yz23"]
)
def test_what_the_pipe_knows_is_left_to_it(payload: str) -> None:
    assert opened(starts(payload), KEY) == starts(payload)


@pytest.mark.parametrize(
    "payload", ["a_", "t_", "c_", "t_Zm9v", "t_%%", "c_!!", "promo_2026", "a_" + "z" * 62, "٣"]
)
def test_a_link_that_leads_nowhere_is_told_so(payload: str) -> None:
    call = opened(starts(payload), KEY)
    assert isinstance(call, Call)
    assert call.command == "link not known"


async def test_what_somebody_did_who_never_pressed_start_is_said_where_they_tapped() -> None:
    async with telegram() as scene:
        ana, luc = scene.server.user("Ana"), scene.server.user("Luc")
        await luc.starts()
        group = scene.server.group("Green group", [ana, luc])
        scene.inbox.answers["motion"] = says("Motion 7", "For")
        scene.inbox.answers["for"] = says("Recorded: For.", "Change")
        card = (await luc.types("/motion", group)).message
        his, hers = await luc.taps(card, "For"), await ana.taps(card, "For")
        assert (his.alert, [one.buttons for one in his.messages], his.opened) == (
            "Recorded: For.",
            [["Change"]],
            "",
        )
        assert (hers.alert, hers.messages, hers.opened) == ("Recorded: For.", [], "")


async def test_a_long_look_reaches_who_never_pressed_start_too() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        look = "=who voted how?number=7"
        card_answer = says("Motion 7")
        assert card_answer.message is not None
        keys = (Key("Who voted how", token=look),)
        scene.inbox.answers["motion"] = type(card_answer)(Message("Motion 7", keys))
        scene.inbox.answers[look] = says("Pool-Net for. " * 40)
        card = (await ana.types("/motion", group)).message
        link = (await ana.taps(card, "Who voted how")).opened
        seen = await ana.opens(link)
        assert seen.text == ("Pool-Net for. " * 40).strip()
        assert isinstance(last := scene.inbox.received[-1], Call)
        assert last.token == look
        seen = await ana.taps(card, "Who voted how")
        assert seen.alert.startswith("Pool-Net for.")
        assert seen.messages[0].text == ("Pool-Net for. " * 40).strip()


async def test_an_answer_aside_that_finds_no_chat_is_announced_by_one_line() -> None:
    async with telegram() as scene:
        scene.server.privacy = False
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        aside = type(says(""))(Message("Too late for this one."), aside=True)
        scene.inbox.answers |= {"yes": aside, "answer waits": says("It waits in our own chat.", public=True)}
        await ana.says("yes", group)
        assert [one.text for one in ana.sees(group)] == ["yes", "It waits in our own chat."]
        (call,) = scene.inbox.asked
        assert call.arguments["payload"].startswith("a_")
        await ana.starts()
        await ana.says("yes", group)
        assert [one.text for one in ana.sees(group)][-1] == "yes"
        assert ana.sees()[-1].text == "Too late for this one."


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    storage = Storage(sqlite_url)
    async with World("telegram", storage) as world:
        yield world
    storage.close_now()


async def hall_with(card: str, world: World, *people: Any) -> Any:
    """A group of these people in which one card stands."""
    if card == "figures":
        hall = await with_card(world, *people)
    elif card == "event":
        hall = await events_hall(*people)
        await planned(world)
    else:
        hall = await votes_hall(*people)
        number = await (noticed if card == "motion before its vote" else opens_voting)(world)
        if card == "motion after its vote":
            await closes(world, number)
    await world.settled()
    return hall


A_LOOK, LATE = "a look", "a late tap"
FIRST_WORDS = {
    "event": ((LATE, "Going", "You're going: Green hydrogen 101"),),
    "figures": (
        (A_LOOK, "Knowledge exchange", "Knowledge exchange: 0 of 2 for 2026"),
        (A_LOOK, "As a picture", "The alliance in 2026, as a picture."),
        (LATE, "Joint proposals", "Joint proposals: 0 of 1 for 2026"),
    ),
    "motion before its vote": ((A_LOOK, "The rule", "The rule of motion 1: Ordinary resolution"),),
    "motion in its vote": (
        (A_LOOK, "More", "Motion 1, A joint newsletter: what else you can do."),
        (LATE, "For", "🗳 Recorded for CIMES: For, motion 1."),
    ),
    "motion after its vote": (
        (A_LOOK, "Proof", "Proof of motion 1 · A joint newsletter"),
        (LATE, "Who voted how", "Motion 1: who voted how"),
    ),
}


@pytest.mark.parametrize("card", FIRST_WORDS)
async def test_a_tap_on_a_card_of_a_group_leads_who_never_pressed_start_to_its_answer(
    world: World, card: str
) -> None:
    """Card → link → START → the answer, as whoever tapped was to read it; to nobody else."""
    luc = await world.member("Luc", "mecatech")
    anas = [await world.member(f"Ana {at}", "cimes") for at in range(len(FIRST_WORDS[card]))]
    for ana in anas:
        ana.user.person.started = False
    hall = await hall_with(card, world, luc, *anas)
    shown = luc.posts(hall)[-1]
    for ana, (how, label, first) in zip(anas, FIRST_WORDS[card], strict=True):
        await ana.user.taps(shown, label, wait=False)
        query = list(world.telegram.queries.values())[-1]
        if how == LATE:
            query.at -= 3600  # Telegram shows an alert, or opens a link, for a while only
        await world.settled()
        assert ana.user.sees() == []
        link = query.opened
        if how == LATE:
            line = luc.posts(hall)[-1]
            assert plain(line.text) == "My answer is for your eyes only. It waits in our own chat."
            link = (await ana.user.taps(line, "Open in private")).opened
        told = await ana.user.opens(link)
        assert plain(told.messages[0].text).startswith(first)
        if "start=a_" in link:
            assert plain((await luc.user.opens(link)).text).startswith("I don't know that link: it is old")
    assert plain(luc.posts(hall)[0].text) == plain(shown.text)


# ---- topics ----


@pytest.mark.parametrize("what", ["closed", "deleted", "muted"])
async def test_an_answer_whose_topic_takes_nothing_any_more_goes_to_the_direct_chat(what: str) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        forum = scene.server.group("Assembly", [ana], forum=True)
        topic = forum.topic("Motions", by=ana)
        scene.inbox.answers["indicators"] = says("1 of 2")
        assert (await ana.types("/indicators", forum, thread=topic)).message.thread == topic
        general = (await ana.types("/indicators", forum)).message
        assert general.thread == 0
        if what == "closed":
            forum.close_topic(topic, by=ana)
        elif what == "muted":
            forum.mute_bot(by=ana)
        message = scene.server.new_message(
            forum.chat,
            ana.person,
            "/indicators",
            [{"type": "bot_command", "offset": 0, "length": 11}],
            thread=topic,
        )
        update = message.as_json()
        if what == "deleted":
            forum.delete_topic(topic)
        scene.server.enqueue("message", update, forum.chat)
        await scene.server.settled()
        assert ana.sees()[-1].text == "1 of 2"


# ---- writers without a face ----


async def test_a_command_in_the_name_of_a_chat_is_nobodys_and_answered_once() -> None:
    async with telegram() as scene:
        scene.server.privacy = False
        vera = scene.server.user("Vera")
        group = scene.server.group("Hall", [vera])
        channel = scene.server.group("News", [vera], kind="channel")
        scene.inbox.answers["asked by nobody"] = says("I can't see who asked.", public=True)
        for place, chat in ((group, None), (group, channel.chat), (channel, None)):
            seen = await vera.writes_as("/log workshop Hydrogen", place, chat)
            assert [one.text for one in seen.messages] == ["I can't see who asked."]
            call = scene.inbox.asked.pop()
            assert (call.account.user, call.arguments["line"]) == ("", "log workshop Hydrogen")
            assert (call.place.channel, call.place.kind) == (place.id, "group")
        for words in ("hello all", "/log@other_bot", "yes"):
            assert (await vera.writes_as(words, group)).messages == []
        assert (await vera.writes_as("/log workshop", group, channel.chat, forwarded=True)).messages == []
        assert scene.inbox.asked == scene.inbox.received == []


async def test_a_channel_in_which_we_may_not_post_hears_nothing_and_no_one_else_does() -> None:
    async with telegram() as scene:
        vera = scene.server.user("Vera")
        channel = scene.server.group("News", [vera], kind="channel")
        channel.mute_bot(by=vera)
        scene.inbox.answers["asked by nobody"] = says("I can't see who asked.", public=True)
        assert (await vera.writes_as("/events", channel)).messages == []
        assert len(scene.inbox.asked) == 1


# ---- edits ----


@DOORS
async def test_an_edit_is_told_with_its_new_words_and_its_own_event(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Hall", [ana])
        await ana.types("/log workshop Hydrogen")
        await ana.edits(ana.sees()[0], "/log workshop Hydrogen 101")
        await ana.edits(ana.sees()[0], "/log workshop Hydrogen 102")
        await ana.types("/events", group)
        await ana.edits(ana.sees(group)[0], "/event 7")
        await ana.says("/log workshop Photo", photo=True)
        await ana.edits(ana.sees()[-1], "/log workshop Photos")
        first, second, third, caption = scene.inbox.edits
        assert first.arguments == {"message": f"msg:{ana.id}:1", "words": "/log workshop Hydrogen 101"}
        assert first.event != second.event
        assert (third.place.channel, third.place.kind) == (group.id, "group")
        assert caption.arguments["words"] == "/log workshop Photos"
        await ana.says("dinner?", group)  # which privacy mode keeps from us
        await ana.edits(ana.sees(group)[-1], "lunch?")
        assert len(scene.inbox.edits) == 4


# ---- photos and files ----


async def test_a_command_under_a_photo_is_given_first_and_then_the_photo() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        for caption in ("/log workshop Hydrogen", "log workshop Hydrogen"):
            await ana.says(caption, photo=True)
            log, photo = scene.inbox.received
            assert isinstance(log, Call)
            assert isinstance(photo, Call)
            assert (log.text, photo.command) == ("log workshop Hydrogen", "file sent")
            assert photo.event == f"{log.event}:file"
            assert photo.arguments["caption"] == "log workshop Hydrogen"
            assert photo.arguments["file"].startswith("file")
            scene.inbox.received.clear()


async def test_every_picture_of_an_album_names_the_album() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.sends_album("", "", "list.pdf")
        albums = {one.arguments["album"] for one in scene.inbox.received if isinstance(one, Call)}
        assert [type(one) for one in scene.inbox.received] == [Call] * 3
        assert len(albums) == 1
        assert len({one.event for one in scene.inbox.received}) == 3


# ---- privacy mode ----


async def test_with_privacy_mode_on_replies_mentions_and_commands_reach_us_and_talk_does_not() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Hall", [ana])
        scene.inbox.answers["motion 7"] = says("Motion 7", "For")
        card = (await ana.types("/motion 7", group)).message
        await ana.says("yes", group)
        await ana.sends_album("", "", chat=group)
        await ana.says("no", group, reply_to=card)
        await ana.says("abstain", group, mention=True)
        await ana.sends_album("", "", chat=group, reply_to=card)
        said = [one.text for one in scene.inbox.received if isinstance(one, Said)]
        assert said == ["no", "abstain"]
        assert [one.command for one in scene.inbox.received if isinstance(one, Call)][1:] == ["file sent"] * 2
        group.promote_bot(by=ana)  # an admin reads everything
        await ana.says("dinner?", group)
        assert scene.inbox.texts()[-1] == "dinner?"


# ---- menus ----


def german(words: str, language: str) -> str:
    return f"[{language}] {words}"


async def test_menus_stand_for_each_kind_of_chat_in_every_language_and_cost_nothing_once_they_do() -> None:
    async with telegram() as scene:
        menus = Menus(["en", "de", "fr"], german, scene.clock.now)
        bringer = MenuBringer(scene.port._api, scene.clock, menus, "ours")
        await bringer.bring()
        stands = scene.server.menus
        assert {key for key in stands if key[0] != "default"} == {
            (scope, language)
            for scope in ("all_private_chats", "all_group_chats", "all_chat_administrators")
            for language in ("", "de", "fr")
        }
        everyday = [one["command"] for one in stands["all_private_chats", ""]]
        assert everyday == [name for name in EVERYDAY if name in everyday]
        assert (everyday[0], everyday[-1], len(everyday) <= 12) == ("log", "help", True)
        admins = [one["command"] for one in stands["all_chat_administrators", ""]]
        assert {"places", "announce"} <= set(admins)
        assert stands["all_group_chats", "de"][-1]["description"].startswith("[de] ")
        assert scene.server.about["description", "fr"].startswith("[fr] ")
        assert max(len(words) for (what, _), words in scene.server.about.items() if what[0] == "s") <= 120
        before = len(scene.server.calls)
        await bringer.bring()
        assert len(scene.server.calls) == before
        await MenuBringer(scene.port._api, scene.clock, menus, "ours").bring()  # nothing kept: it is compared
        assert not [one for one in scene.server.calls[before:] if one.method.startswith("set")]


async def test_the_menus_come_beside_receiving_wait_as_they_are_told_and_are_not_lost() -> None:
    async with telegram(connect=False) as scene:
        scene.port.shows(Menus(["en"], german, scene.clock.now))
        scene.server.fail_next("setMyCommands", status=429, retry_after=7)
        scene.server.fail_next("setMyDescription", status=400)
        await scene.port.connect(scene.inbox)
        await scene.until(scene.port.ready)
        await scene.server.user("Ana").types("/help")
        assert scene.inbox.texts() == ["help"]
        await scene.until(lambda: ("short_description", "") in scene.server.about)
        assert ("all_group_chats", "") in scene.server.menus
        assert 7.0 in scene.sleeps
        await scene.until(lambda: ("description", "") in scene.server.about)  # the next time round
