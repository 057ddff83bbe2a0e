"""Nobody is called by what somebody typed: read as each platform reads what it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Attachment, Key, Message, Place
from bot.platforms.markup import slack_blocks, telegram_caption, telegram_text
from bot.platforms.pacing import FREE
from bot.templating import escape
from tests.platforms.slack_scene import place, slack
from tests.platforms.telegram_scene import telegram
from tests.servers.slack.world import Seen, calls
from tests.servers.telegram.state import Chat
from tests.servers.telegram.state import Message as Shown

CALLS = (
    "<!channel>", "<!here|here>", "<!everyone>", "<@U123>", "<@U123|ana>", "<!subteam^S1>", "<#C1|general>",
    "@channel", "@here", "@everyone", "#general", "&lt;!here&gt;", "＜!channel＞", "＠here", "﹫channel",
    "@anabanana", "(@anabanana)", ".@anabanana", "é@anabanana", "²@anabanana", "e\u0301@anabanana",
    "/@anabanana", "_@anabanana_", "*@anabanana*", "ana@example.org", "https://x.eu/@anabanana", "https://x/@anabanana",
    "x.eu/@anabanana", "tg://user?id=7", "tg:user?id=7", "mailto:@here", "@\u2060here",
)  # fmt: skip
AROUND = (
    "{}", "**{}**", "_{}_", "~~{}~~", "`{}`", "# {}", "> {}", "- {}", "- [ ] {}", "[{}](https://x.eu)",
    "[label]({})", "[label](<{}>)", "![{}](https://x.eu/a.png)", "<{}>", "```\n{}\n```",
    "a | b\n-- | --\n{} | {}",
    "| " + "wide " * 9 + "| b |\n|--|--|\n| {} | [x]({}) |", "a{}b", "\\{}", "[a]: {}\n\n[a]", "*{}\n{}*",
)  # fmt: skip
PIECE = st.sampled_from(CALLS) | st.text(alphabet="<>!@#&;|[]()*_~` \nanahere:/.^", max_size=12)
WRITTEN = st.builds(lambda around, piece: around.replace("{}", piece), st.sampled_from(AROUND), PIECE)
TEXTS = st.lists(WRITTEN, min_size=1, max_size=4).map("\n\n".join)
HALL = Attachment("<!channel> @here.png", "image/png", content=b"\x89PNG", alt="<!channel> @here <@U1>")


def on_slack(markdown: str) -> list[str]:
    blocks, text = slack_blocks(markdown)
    return Seen("1", "C1", "UBOT", text, blocks).pings


def on_telegram(text: str, entities: list[Any]) -> list[str]:
    shown = [
        {"type": one.type, "offset": one.offset, "length": one.length, "url": one.url} for one in entities
    ]
    return Shown(1, Chat(1, "private"), None, text, 0, 1, shown).pings


@given(TEXTS)
def test_what_an_author_writes_calls_nobody(markdown: str) -> None:
    assert on_slack(markdown) == []
    assert [one for part in telegram_text(markdown) for one in on_telegram(*part)] == []


@given(PIECE)
def test_what_a_member_types_calls_nobody(typed: str) -> None:
    for markdown in (
        escape(typed),
        f"**{escape(typed)}** said [{escape(typed)}](https://x.eu)",
        f"> {escape(typed)}",
    ):
        assert on_slack(markdown) == []
        assert [one for part in telegram_text(markdown) for one in on_telegram(*part)] == []
    assert on_telegram(*telegram_caption("", [], typed)) == []


@pytest.mark.parametrize("call", CALLS)
def test_every_known_call_is_quiet_in_every_dress(call: str) -> None:
    for around in AROUND:
        markdown = around.replace("{}", call)
        assert on_slack(markdown) == [], markdown
        assert [one for part in telegram_text(markdown) for one in on_telegram(*part)] == [], markdown


def test_what_looks_like_a_call_and_is_none_stays_as_it_was() -> None:
    quiet = "Write to ana@example.org, see https://x.eu/@ana and `@ana` 3 @ 4"
    assert telegram_text(quiet)[0][0] == quiet.replace("`", "")
    (block,) = slack_blocks("Ask @ana or ana@example.org")[0]
    assert block["text"]["text"] == "Ask @ana or ana@example.org"  # Slack calls no name in a verbatim block
    ((text, entities),) = telegram_text("Ask **@ana** or *@ben*")
    assert (text, [(one.offset, one.length) for one in entities]) == (
        "Ask @\u2060ana or @\u2060ben",
        [(4, 5), (13, 5)],
    )


async def test_a_message_with_all_of_it_calls_nobody() -> None:
    text = "\n\n".join(around.replace("{}", call) for around in AROUND[:9] for call in CALLS)
    message = Message(text, tuple(Key(call, token="t") for call in CALLS), file=HALL)
    async with slack(pace=FREE) as scene:
        ana = scene.server.user("Ana")
        hall = scene.server.channel("hall", ana)
        await scene.port.edit(await scene.port.send(place(hall.id), message), message)
        await scene.port.send(place(hall.id), replace(message, file=replace(HALL, mime="text/csv")))
        seen = ana.sees(hall)
        assert [one.pings for one in seen] == [[]] * len(seen)
        files = [one.file for one in seen if one.file]
        assert [calls(file.title) for file in files] == [[]]
        assert scene.server.called("chat.postMessage")
    async with telegram() as there:
        ben = there.server.user("Ben")
        await ben.starts()
        await there.port.send(Place("telegram", "", ben.id), message)
        assert [one.pings for one in ben.sees() if one.from_bot] == [[]] * (len(ben.sees()) - 1)


def test_the_stand_ins_know_a_call_when_they_see_one() -> None:
    assert calls("<!here> <@U1|a> <!date^1^{time}|x> <https://x.eu|@b>", verbatim=True) == [
        "<!here>",
        "<@U1|a>",
    ]
    assert calls("@here ＠channel a@b.eu &lt;!here&gt; <!channel|x>") == ["<!channel|x>", "@here", "@channel"]
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "@here"}}
    assert Seen("1", "C1", "UBOT", "<!here>", [section]).pings == ["<!here>", "@here"]
    assert on_telegram("@ana_b a@ana.eu https://x.eu/@ana (@ben) é@ana", []) == ["@ana_b", "@ben"]
    assert on_telegram("https://x/@ana", []) == ["@ana"]
