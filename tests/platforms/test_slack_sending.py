"""Posts that we send by ourselves: where they stand, what Slack says, and what that means for us."""

from __future__ import annotations

from typing import Any

import pytest

from bot.messages import Account, Answer, Message, Post
from bot.platforms.port import SendFailed
from tests.platforms.slack_scene import Scene, place, says, with_buttons

HELLO = Message("Hello")


async def fails(doing: Any) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await doing
    return caught.value


async def test_a_post_stands_is_edited_and_taken_away(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)

    post = await scene.port.send(place(general.id), with_buttons("Motion 7: *1* for", "For"))
    [card] = ana.sees(general)
    assert (card.words, card.buttons, card.ts) == ("Motion 7: _1_ for", ["For"], post.message_id)
    assert post == Post(place(general.id), card.ts)

    await scene.port.edit(post, Message("Motion 7: 2 for"))
    await scene.port.edit(post, Message("Motion 7: 2 for"))
    assert (card.words, card.buttons) == ("Motion 7: 2 for", [])

    await scene.port.delete(post)
    await scene.port.delete(post)
    assert ana.sees(general) == []


async def test_a_reply_stands_in_the_thread_of_its_message(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    general = scene.server.channel("general", ana)
    root = await scene.port.send(place(general.id), HELLO)

    post = await scene.port.send(place(general.id), Message("More"), reply_to=root.message_id)

    assert ana.sees(general)[-1].thread == root.message_id
    assert post.place.thread == root.message_id


async def test_a_post_for_one_person_is_seen_by_that_person(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ana, ben)
    await scene.port.send(place(general.id), HELLO, only_for=Account("slack", "T1", ana.id))
    assert [seen.words for seen in ana.sees()] == ["Hello"]
    assert ben.sees() == []


async def test_a_person_who_is_not_in_the_group_reads_it_in_their_direct_chat(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    general = scene.server.channel("general", ben)

    post = await scene.port.send(place(general.id), HELLO, only_for=Account("slack", "T1", ana.id))

    assert [seen.words for seen in ana.sees(ana.direct)] == ["Hello"]
    assert post.place == place(ana.direct.id)


async def test_the_direct_chat_is_found(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    account = Account("slack", "T1", ana.id)
    assert await scene.port.direct(account) == place(ana.direct.id)
    ana.leaves_slack()
    assert (await fails(scene.port.direct(account))).kind == "gone"
    assert (await fails(scene.port.direct(Account("slack", "T1", "U404")))).says == "lost: user_not_found"


async def test_a_long_text_takes_several_posts_with_the_buttons_under_the_last(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    text = "\n\n".join(f"Paragraph {number}. " + "words " * 80 for number in range(80))

    first = await scene.port.send(place(ana.direct.id), with_buttons(text, "OK"))

    seen = ana.sees()
    assert len(seen) == 4
    assert (first.message_id, first.part) == (seen[0].ts, 0)
    assert [one.buttons for one in seen] == [[], [], [], ["OK"]]
    assert "Paragraph 0. " in seen[0].words
    assert "Paragraph 79. " in seen[-1].words


async def test_places_out_of_reach_are_gone(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    old, foreign = scene.server.channel("old", ana), scene.server.channel("foreign", ana, bot=False)
    old.archived = True
    for channel, code in (
        (old.id, "archived: is_archived"),
        (foreign.id, "removed: not_in_channel"),
        ("C404", "lost: channel_not_found"),
    ):
        trouble = await fails(scene.port.send(place(channel), HELLO))
        assert (trouble.kind, trouble.says) == ("gone", code)


async def test_a_rate_limit_is_for_later_with_slacks_own_pause(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.server.fail_next("chat.postMessage", status=429, retry_after=17)
    trouble = await fails(scene.port.send(place(ana.direct.id), HELLO))
    assert (trouble.kind, trouble.after) == ("later", 17.0)
    assert ana.sees() == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 503}, "later"),
        ({"code": "service_unavailable"}, "later"),
        ({"code": "internal_error"}, "unknown"),
        ({"code": "invalid_auth"}, "later"),
        ({"code": "token_revoked"}, "later"),
        ({"code": "something_new"}, "refused"),
        ({"drop": True}, "unknown"),
        ({"drop": True, "after_processing": True}, "unknown"),
    ],
)
async def test_what_slack_says_and_what_it_means(scene: Scene, fault: dict[str, Any], kind: str) -> None:
    ana = scene.server.user("Ana")
    scene.server.fail_next("chat.postMessage", **fault)
    assert (await fails(scene.port.send(place(ana.direct.id), HELLO))).kind == kind
    assert len(ana.sees()) == (1 if fault.get("after_processing") else 0)


async def test_an_edit_that_broke_off_may_be_done_again(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    post = await scene.port.send(place(ana.direct.id), HELLO)
    scene.server.fail_next("chat.update", drop=True)
    assert (await fails(scene.port.edit(post, Message("Hello again")))).kind == "later"


async def test_a_broken_off_long_text_is_unknown_for_its_beginning_stands(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    scene.server.fail_next("chat.postMessage")  # the first part goes through
    scene.server.fail_next("chat.postMessage", status=429, retry_after=9)
    text = "\n\n".join("words " * 400 for _ in range(10))
    assert (await fails(scene.port.send(place(ana.direct.id), Message(text)))).kind == "unknown"
    assert len(ana.sees()) == 1


async def test_a_slack_that_is_down_is_for_later(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await scene.server.stop()
    other = scene.new_port()  # one whose connections are not just breaking
    assert (await fails(other.send(place(ana.direct.id), HELLO))).kind == "later"
    await other.disconnect()


async def test_somebody_elses_message_is_not_edited(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    await ana.says("mine")
    theirs = Post(place(ana.direct.id), ana.sees()[0].ts)
    assert (await fails(scene.port.edit(theirs, HELLO))).says == "cant_update_message"


async def test_a_recorded_answer_is_given_where_the_event_came_from(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    account = Account("slack", "T1", ana.id)
    general = scene.server.channel("general", ana, ben)
    card = await scene.port.send(place(ana.direct.id), with_buttons("A seat is free", "Take it"))

    over = await scene.port.give(card.place, account, says("You're going", replace=True), card.message_id)
    private = await scene.port.give(place(general.id), account, says("✓ Logged"))
    public = await scene.port.give(place(general.id), account, says("2 of 2", public=True))
    nothing = await scene.port.give(place(general.id), account, Answer(errors={"day": "Still to come."}))

    assert over == card
    assert [seen.words for seen in ana.sees(ana.direct)] == ["You're going"]
    assert (private, nothing) == (None, None)
    assert public is not None
    assert [seen.words for seen in ana.sees(general)] == ["✓ Logged", "2 of 2"]
    assert [seen.words for seen in ben.sees(general)] == ["2 of 2"]


async def test_an_answer_whose_message_cannot_be_replaced_is_a_new_one(scene: Scene) -> None:
    ana = scene.server.user("Ana")
    account = Account("slack", "T1", ana.id)
    [answer] = [await scene.port.give(place(ana.direct.id), account, says("Done", replace=True), "1.000001")]
    assert answer is not None
    assert [(seen.words, seen.ts) for seen in ana.sees()] == [("Done", answer.message_id)]


async def test_an_answer_from_a_chat_between_others_comes_to_the_direct_chat(scene: Scene) -> None:
    ana, ben = scene.server.user("Ana"), scene.server.user("Ben")
    chat = scene.server.chat(ana, ben)
    await scene.port.give(place(chat.id), Account("slack", "T1", ana.id), says("✓ Logged"))
    assert [seen.words for seen in ana.sees(ana.direct)] == ["✓ Logged"]
    assert ben.sees() == []


async def test_check_tells_what_slack_says_about_tokens_and_scopes(scene: Scene) -> None:
    assert [(found.what, found.good, found.says) for found in await scene.port.check()] == [
        ("Slack bot token", True, "Slack knows me as charterbot in Green Alliance (T1)."),
        ("Slack scopes", True, "All are granted."),
        ("Slack app token", True, "Socket Mode is open to me."),
    ]
    scene.server.scopes.remove("users:read")
    other = scene.new_port(app_token="xapp-other")
    assert [(found.what, found.good, found.says) for found in await other.check()][1:] == [
        ("Slack scopes", False, "Add these scopes and reinstall the app: users:read."),
        ("Slack app token", False, "apps.connections.open says: invalid_auth."),
    ]
    await other.disconnect()
    third = scene.new_port(bot_token="xoxb-other", app_token="")
    assert [(found.what, found.good) for found in await third.check()] == [
        ("Slack bot token", False),
        ("Slack signing secret", False),
    ]
    await third.disconnect()


async def test_there_is_no_link_that_opens_a_chat_with_a_code(scene: Scene) -> None:
    assert scene.port.start_link("CODE") == ""
    assert scene.port.routes() == []
