"""Long texts: every part of a post is edited, posted where it is lacking, and taken away with the rest."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Key, Message, Place, Post
from bot.platforms.pacing import FREE
from bot.platforms.port import SendFailed
from tests.platforms.slack_scene import place, slack
from tests.platforms.telegram_scene import telegram

DAY = 24 * 3600
OK = (Key("OK", token="ok"),)


def text(*letters: str, words: int = 700) -> str:
    """One paragraph for each letter, of so many words."""
    return "\n\n".join(" ".join([letter * 4] * words) for letter in letters)


async def fails(doing: Any) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await doing
    return caught.value


# ---- Telegram ----


async def test_on_telegram_a_long_post_grows_shrinks_and_goes() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        here = Place("telegram", "", ana.id)

        def seen() -> list[tuple[str, list[str]]]:
            return [(one.text[:1], one.buttons) for one in ana.sees() if one.from_bot]

        post = await scene.port.send(here, Message(text("a", "b"), OK))
        assert [post.message_id, *post.more] == [str(one.id) for one in ana.sees() if one.from_bot]
        longer = await scene.port.edit(post, Message(text("c", "d", "e"), OK))
        assert (longer.message_id, longer.more[:1], len(longer.more)) == (post.message_id, post.more, 2)
        assert seen() == [("c", []), ("d", []), ("e", ["OK"])]
        assert await scene.port.edit(longer, Message(text("c", "d", "e"), OK)) == longer  # nothing changed
        short = await scene.port.edit(longer, Message("f", OK))
        assert (short, seen()) == (Post(here, post.message_id), [("f", ["OK"])])
        whole = await scene.port.edit(short, Message(text("g", "h"), OK))
        await scene.port.delete(whole)
        await scene.port.delete(whole)
        assert seen() == []


async def test_on_telegram_what_somebody_deleted_of_it_is_posted_again() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), Message(text("a", "b")))
        first, second = (one for one in ana.sees() if one.from_bot)
        ana.deletes(second)
        mended = await scene.port.edit(post, Message(text("c", "d")))
        assert [one.text[0] for one in ana.sees() if one.from_bot] == ["c", "d"]
        assert (len(mended.more), mended.more != post.more) == (1, True)
        ana.deletes(first)
        assert (await fails(scene.port.edit(mended, Message("e")))).kind == "deleted"


async def test_on_telegram_what_is_two_days_old_stays() -> None:
    async with telegram() as scene:
        ana, began = scene.server.user("Ana"), scene.server.now()
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), Message(text("a", "b")))
        scene.server.now = lambda: began + 2 * DAY + 1
        assert (await fails(scene.port.delete(post))).kind == "refused"
        short = await scene.port.edit(post, Message("Taken back."))
        assert [one.text for one in ana.sees() if one.from_bot] == ["Taken back.", "…"]
        assert short.more == post.more  # it is still there, and may be needed again
        scene.server.now = lambda: began + DAY
        await scene.port.delete(short)
        assert [one for one in ana.sees() if one.from_bot] == []


@pytest.mark.parametrize(
    ("method", "fault", "kind"),
    [
        ("editMessageText", {"status": 429, "retry_after": 9}, "later"),
        ("editMessageText", {"drop": True}, "unknown"),
        ("sendMessage", {"status": 429, "times": 2}, "later"),  # none of the new parts stands yet
        ("sendMessage", {"drop": True, "after_processing": True}, "unknown"),
    ],
)
async def test_on_telegram_an_edit_that_breaks_off(method: str, fault: dict[str, Any], kind: str) -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), Message(text("a", "b")))
        scene.server.fail_next(method, **fault)
        assert (await fails(scene.port.edit(post, Message(text("c", "d", "e"))))).kind == kind


async def test_on_telegram_what_an_edit_posted_before_it_broke_off_is_not_posted_again() -> None:
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), Message("a"))
        scene.server.fail_next("sendMessage", status=200)
        scene.server.fail_next("sendMessage", status=503)
        longer = Message(text("c", "d", "e"))
        broken = await fails(scene.port.edit(post, longer))
        assert broken.kind == "later"
        assert broken.post is not None
        assert len((await scene.port.edit(broken.post, longer)).more) == 2
        assert [one.text[0] for one in ana.sees() if one.from_bot] == ["c", "d", "e"]


# ---- Slack ----


async def test_on_slack_a_long_post_grows_in_its_thread_shrinks_and_goes() -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        hall = scene.server.channel("hall", ana)

        def seen() -> list[tuple[str, list[str], bool]]:
            return [(one.words[:1], one.buttons, bool(one.thread)) for one in ana.sees(hall)]

        post = await scene.port.send(place(hall.id), Message(text("a", "b", words=2000), OK))
        assert [post.message_id, *post.more] == [one.ts for one in ana.sees(hall)]
        longer = await scene.port.edit(post, Message(text("c", "d", "e", words=2000), OK))
        assert (longer.message_id, longer.more[:1]) == (post.message_id, post.more)
        assert seen() == [("c", [], False), ("d", [], False), ("e", ["OK"], True)]
        short = await scene.port.edit(longer, Message("f", OK))
        assert (short, seen()) == (Post(place(hall.id), post.message_id), [("f", ["OK"], False)])
        whole = await scene.port.edit(short, Message(text("g", "h", words=2000)))
        ana.sees(hall)[1].author = ana.id  # somebody else's now: Slack takes it from us
        assert (await fails(scene.port.delete(whole))).kind == "refused"
        ana.sees(hall)[0].author = "UBOT"
        await scene.port.delete(whole)
        await scene.port.delete(whole)
        assert seen() == []


async def test_on_slack_what_somebody_deleted_of_it_is_posted_again() -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        here = place(ana.direct.id)
        post = await scene.port.send(here, Message(text("a", "b", words=2000)))
        first, second = ana.sees()
        scene.server.world.messages.remove(second)
        mended = await scene.port.edit(post, Message(text("c", "d", words=2000)))
        assert [one.words[0] for one in ana.sees()] == ["c", "d"]
        assert (len(mended.more), mended.more != post.more) == (1, True)
        scene.server.world.messages.remove(first)
        assert (await fails(scene.port.edit(mended, Message("e")))).kind == "deleted"


@pytest.mark.parametrize("good", [0, 1])
async def test_on_slack_what_an_edit_posted_before_it_broke_off_is_not_posted_again(good: int) -> None:
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        post = await scene.port.send(place(ana.direct.id), Message("a"))
        if good:
            scene.server.fail_next("chat.postMessage", times=good)
        scene.server.fail_next("chat.postMessage", status=429, retry_after=9)
        longer = Message(text("c", "d", "e", words=2000))
        broken = await fails(scene.port.edit(post, longer))
        assert broken.kind == "later"
        assert broken.post is not None
        assert len((await scene.port.edit(broken.post, longer)).more) == 2
        assert [one.words[0] for one in ana.sees()] == ["c", "d", "e"]


# ---- limits ----


async def test_fifty_thousand_characters_and_more_keys_than_fit_go_out() -> None:
    message = Message(text("a", words=10_000), tuple(Key(f"Key {n}", token=f"k{n}") for n in range(120)))
    async with telegram() as scene:
        ana = scene.server.user("Ana")
        await ana.starts()
        post = await scene.port.send(Place("telegram", "", ana.id), message)
        assert len(post.more) == 12
        assert [len(one.buttons) for one in ana.sees() if one.from_bot] == [0] * 12 + [100]
    async with slack(pace=FREE) as scene:
        ben = scene.server.user("Ben")
        post = await scene.port.send(place(ben.direct.id), message)
        assert [len(one.buttons) for one in ben.sees()] == [0] * len(post.more) + [100]
        assert len(post.more) == 4
