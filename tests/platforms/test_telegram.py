"""Telegram: what people do becomes a Call or a Said, and answers stand where they belong."""

from __future__ import annotations

import pytest

from bot.messages import Account, Call, File, Place, Post, Said
from bot.platforms.telegram.alerts import alert_text
from tests.platforms.telegram_scene import NOW, says, telegram

DOORS = pytest.mark.parametrize("door", ["polling", "webhook"])


@DOORS
async def test_a_command_is_received_and_answered_with_buttons(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana", "Alves", language="pt")
        scene.inbox.always = says("✓ Logged: *Green hydrogen 101*", "Undo")
        seen = await ana.types("/log workshop Green hydrogen 101 on 12 May")
        call = scene.inbox.received[0]
        assert isinstance(call, Call)
        place = Place("telegram", "", ana.id)
        assert call == Call(
            event=f"msg:{ana.id}:1",
            account=Account("telegram", "", ana.id, "Ana Alves", "pt"),
            place=place,
            received_at=NOW,
            text="log workshop Green hydrogen 101 on 12 May",
            sent_at=call.sent_at,
            message_id="1",
        )
        assert call.sent_at is not None
        assert call.sent_at.tzinfo is not None
        assert seen.text == "✓ Logged: Green hydrogen 101"
        assert seen.message.marked("italic") == ["Green hydrogen 101"]
        assert seen.message.buttons == ["Undo"]
        assert scene.inbox.done == [(call, Post(place, str(seen.message.id)))]


async def test_an_invitation_link_opens_the_chat_and_starts_with_its_code() -> None:
    async with telegram() as scene:
        link = scene.port.start_link("K7Q2-M4")
        assert link == "https://t.me/alliance_bot?start=K7Q2-M4"
        await scene.server.user("Ana").opens(link)
        assert scene.inbox.texts() == ["start K7Q2-M4"]


async def test_what_follows_a_command_keeps_its_lines_and_a_slash_alone_is_no_command() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.types("/log\nworkshop\nGreen 🌱 hydrogen")
        await ana.types("/ação oficina")
        await ana.types("/")
        assert scene.inbox.texts() == ["log workshop\nGreen 🌱 hydrogen", "ação oficina", "/"]
        assert [type(one) for one in scene.inbox.received] == [Call, Call, Said]


async def test_in_a_group_only_our_own_commands_are_ours_and_the_answer_is_a_reply() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        scene.server.privacy = False
        scene.inbox.always = says("1 of 2")
        await ana.types("/indicators@other_bot", group)
        seen = await ana.types("/indicators@Alliance_Bot this year", group)
        assert scene.inbox.texts() == ["indicators this year"]
        assert scene.inbox.received[0].place == Place("telegram", "", group.id, "", "group", "Green group")
        assert seen.message.reply_to is not None
        assert seen.message.reply_to.text == "/indicators@Alliance_Bot this year"


@DOORS
async def test_a_tap_edits_the_message_it_was_made_on(door: str) -> None:
    async with telegram(door) as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["list"] = says("Your list", "More", "Undo")
        scene.inbox.answers["more"] = says("The rest", replace=True)
        card = (await ana.types("/list")).message
        seen = await ana.taps(card, "More")
        call = scene.inbox.received[1]
        assert isinstance(call, Call)
        assert (call.token, call.message_id, call.sent_at) == ("more", str(card.id), None)
        assert seen.messages == [card]
        assert (card.text, card.buttons, seen.alert, seen.toast) == ("The rest", [], "", "")
        assert scene.inbox.done[1] == (call, Post(call.place, str(card.id)))
        assert [one.method for one in scene.server.calls].count("answerCallbackQuery") == 1


@pytest.mark.parametrize("how", ["too old to edit", "deleted", "content withheld"])
async def test_where_the_message_cannot_be_edited_a_new_one_says_it(how: str) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["list"] = says("Your list", "More")
        scene.inbox.answers["more"] = says("The rest", replace=True)
        card = (await ana.types("/list")).message
        card.editable, card.deleted = how != "too old to edit", how == "deleted"
        seen = await ana.taps(card, "More", too_old=how == "content withheld")
        assert seen.text == "The rest"
        assert (seen.message is card) == (how == "content withheld")


async def test_pressing_twice_what_changes_nothing_is_fine() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.always = says("Your list", "Again", replace=True)
        card = (await ana.types("/list")).message
        seen = await ana.taps(card, "Again")
        assert (seen.messages, card.version) == ([], 0)
        assert scene.inbox.done[1][1] == Post(scene.inbox.received[1].place, str(card.id))


async def test_a_private_answer_to_a_tap_in_a_group_is_an_alert_that_ends_with_a_sentence() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        scene.inbox.answers["motion"] = says("Motion 7", "For")
        scene.inbox.answers["for"] = says("🗳 Recorded for *Pool-Net*: **For**. " + "You can change it. " * 20)
        card = (await ana.types("/motion", group)).message
        seen = await ana.taps(card, "For")
        assert seen.alert == "🗳 Recorded for Pool-Net: For. " + " ".join(["You can change it."] * 8)
        assert seen.text.count("You can change it.") == 20 + 8  # all of it stands in the direct chat
        assert scene.inbox.done[-1] == (scene.inbox.received[-1], None)


async def test_an_alert_that_comes_too_late_is_said_in_the_direct_chat() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        group = scene.server.group("Green group", [ana])
        scene.inbox.answers["motion"] = says("Motion 7", "For")
        scene.inbox.answers["for"] = says("Recorded: For.")
        card = (await ana.types("/motion", group)).message
        scene.server.now = lambda: 0.0
        seen = await ana.taps(card, "For", wait=False)
        scene.server.now = lambda: 16.0
        await scene.server.settled()
        assert seen.alert == ""
        assert [one.text for one in ana.sees()] == ["/start", "Recorded: For."]


async def test_a_public_answer_to_a_tap_is_for_the_group_as_a_new_message_or_over_the_old() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        scene.inbox.answers["event"] = says("Event", "Going")
        scene.inbox.answers["going"] = says("Nine are going.", "All", public=True)
        scene.inbox.answers["all"] = says("All are going.", public=True, replace=True)
        card = (await ana.types("/event", group)).message
        seen = await ana.taps(card, "Going")
        assert (seen.text, seen.alert, card.text) == ("Nine are going.", "", "Event")
        seen = await ana.taps(seen.message, "All")
        assert [one.text for one in ana.sees(group) if one.from_bot] == ["Event", "All are going."]


async def test_a_mention_is_cut_off_and_addresses_us() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        await ana.says("log workshop Hydrogen", group, mention=True)
        await ana.says("👋🏽 @alliance_bot, are you there", group)
        said = scene.inbox.received
        assert [(one.text, isinstance(one, Said) and one.addressed) for one in said] == [
            ("log workshop Hydrogen", True),
            ("👋🏽 are you there", True),
        ]


async def test_plain_words_in_a_group_reach_us_only_without_privacy_mode_and_replies_always() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        scene.inbox.answers["motion"] = says("Motion 7")
        card = (await ana.types("/motion", group)).message
        await ana.says("lunch?", group)
        await ana.says("yes", group, reply_to=card)
        scene.server.privacy = False
        await ana.says("dinner?", group)
        said = [one for one in scene.inbox.received if isinstance(one, Said)]
        assert [(one.text, one.addressed, one.reply_to) for one in said] == [
            ("yes", False, str(card.id)),
            ("dinner?", False, ""),
        ]


async def test_in_a_topic_the_answer_stays_there_and_only_a_reply_is_a_reply() -> None:
    async with telegram() as scene:
        scene.server.privacy = False
        ana = scene.server.user("Ana")
        forum = scene.server.group("Assembly", [ana], forum=True)
        topic = forum.topic("Motions", by=ana)
        scene.inbox.answers["motion 7"] = says("Motion 7", "For")
        card = (await ana.types("/motion 7", forum, thread=topic)).message
        await ana.says("I wonder", forum, thread=topic)
        await ana.says("yes", forum, reply_to=card)
        await ana.taps(card, "For")
        call, wondering, yes, tap = scene.inbox.received
        assert card.thread == topic
        assert {one.place.thread for one in scene.inbox.received} == {str(topic)}
        assert isinstance(wondering, Said)
        assert wondering.reply_to == ""
        assert isinstance(yes, Said)
        assert yes.reply_to == str(card.id)
        assert call.place == tap.place


async def test_photos_documents_and_what_cannot_be_heard() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.says("as evidence", photo=True)
        await ana.says(document="list.pdf")
        await ana.says(voice=True)
        photo, document, voice = scene.inbox.received
        assert isinstance(photo, Said)
        assert (photo.text, photo.files) == ("as evidence", (File("file0", mime="image/jpeg", size=7),))
        assert isinstance(document, Said)
        assert document.files == (File("file1", "list.pdf", "application/pdf", 7),)
        assert isinstance(voice, Said)
        assert (voice.text, voice.files, voice.unheard, voice.addressed) == ("", (), "voice", True)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("Ana", "", "Ana"), ("عمر", "الخطيب", "عمر الخطيب"), ("João", "d'Ávila 🌱", "João d'Ávila 🌱")],
)
async def test_names_are_read_as_they_are(first: str, last: str, name: str) -> None:
    async with telegram() as scene:
        await scene.server.user(first, last, language="").types("/help")
        account = scene.inbox.received[0].account
        assert (account.name, account.language) == (name, "")


async def test_bots_and_writers_without_a_person_and_service_messages_are_nobodys_words() -> None:
    async with telegram() as scene:
        scene.server.privacy = False
        ana = scene.server.user("Ana")
        group = scene.server.group("Green group", [ana])
        base = {"message_id": 90, "date": 1, "chat": group.chat.as_json(), "text": "/log"}
        person = ana.person.as_json()
        for strange in (
            {"from": person | {"is_bot": True}},
            {"from": person, "sender_chat": group.chat.as_json()},
            {"from": person, "text": "", "new_chat_members": [person]},
            {"from": person, "text": "", "migrate_to_chat_id": -100123},
            {"from": person, "text": "hello", "entities": "nonsense"},
        ):
            scene.server.enqueue("message", base | strange, group.chat)
        await ana.types("/help", group)
        assert scene.inbox.texts() == ["help"]


async def test_silence_says_nothing_and_still_closes_the_tap() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        scene.inbox.answers["list"] = says("Your list", "More")
        card = (await ana.types("/list")).message
        seen = await ana.taps(card, "More")
        assert (seen.messages, seen.alert) == ([], "")
        assert len(scene.inbox.done) == 1


async def test_a_long_answer_takes_several_messages_with_the_buttons_under_the_last() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        paragraphs = ["🌱 green " * 400, "⚡ power " * 400]
        scene.inbox.always = says("\n\n".join(text.strip() for text in paragraphs), "More")
        seen = await ana.types("/list")
        assert [one.text for one in seen.messages] == [text.strip() for text in paragraphs]
        assert [one.buttons for one in seen.messages] == [[], ["More"]]
        assert scene.inbox.done[0][1] == Post(
            scene.inbox.received[0].place, str(seen.messages[0].id), more=(str(seen.messages[1].id),)
        )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Short.", "Short."),
        ("One. " + "x" * 300, "One."),
        ("word " * 60, "word " * 38 + "word…"),
        ("x" * 300, "x" * 199 + "…"),
        ("🌱" * 150, "🌱" * 99 + "…"),
    ],
)
def test_alerts_are_cut_at_a_sentence_else_a_word(text: str, shown: str) -> None:
    assert alert_text(text) == shown
