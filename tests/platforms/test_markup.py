"""One Markdown, three ways to show it: Slack, Telegram, terminal."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import iter_graphemes

from bot.messages import Key
from bot.platforms.markup import (
    Entity,
    plain_text,
    slack_blocks,
    slack_keys,
    telegram_keys,
    telegram_text,
    terminal_text,
)
from bot.templating import escape

MARKS = st.text(alphabet="*_~`[]()<>!#+-=.>|&\\:/ \n\t10ab@é😀＊")
TYPED = st.text() | MARKS
HARD_TO_CUT = "👩🏽‍🚀 e\u0301\u0323a 🇵🇹🇱🇻 \u05e9\u05b8\u05dc\u05d5\u05b9\u05dd مرحبا 한국 𝒳 "


def sections(markdown: str) -> list[str]:
    return [block["text"]["text"] for block in slack_blocks(markdown)[0]]


def shown(mrkdwn: str) -> str:
    """The mrkdwn of unformatted text as Slack prints it."""
    text = re.sub(r"<(https?://[^|>]*)>", r"\1", mrkdwn, flags=re.IGNORECASE)
    return html.unescape(text.replace("\u2060", "").replace("\u200b", ""))


def letters(text: str) -> str:
    return "".join(text.replace("\u2060", "").replace("\u200b", "").split())


def sliced(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le")
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def slack_formats(mrkdwn: str) -> bool:
    """Whether Slack sees a mark at the break of a word, or a quote: a reading of its documentation."""
    opening = r"(?<![^\s!-)+-/:-@\[-^{-}])[*_~`](?=\S)"
    quote = r"^ *(?:&gt;|＞)"
    return bool(re.search(opening, re.sub(r"<[^>]*>", "x", mrkdwn)) or re.search(quote, mrkdwn, re.MULTILINE))


# ---- the one parse ----


@pytest.mark.parametrize("markdown", ["<b>A</b>", "<!-- A -->", "[a]: https://x.eu", "A | B\n-- | -- | --"])
def test_what_nobody_writes_on_purpose_is_text(markdown: str) -> None:
    assert plain_text(markdown) == markdown


def test_blocks_stand_as_far_apart_as_they_were_written() -> None:
    assert (
        plain_text("Members:\n- a\n\n- b\n# C\nd\n\n\n> e\n\n-\nf") == "Members:\n• a\n\n• b\nC\nd\n\ne\n\nf"
    )


# ---- Slack ----


def test_slack_writes_each_style_its_own_way() -> None:
    markdown = "**bold** *italic* ~~gone~~ `code` [label](https://x.eu/?a=1&b=2)\n> quoted\n> twice\n\nafter"
    assert sections(markdown) == [
        "*bold* _italic_ ~gone~ `code` <https://x.eu/?a=1&amp;b=2|label>\n> quoted\n> twice\n\nafter"
    ]
    assert sections("# Title\n\n- one\n- two\n  1. three\n  2. four") == [
        "*Title*\n\n• one\n• two\n  1. three\n  2. four"
    ]
    assert sections("```\nx = *1* <y>\nz\n```\nend") == ["```\nx = *1* &lt;y&gt;\nz\n```\nend"]


def test_slack_marks_stand_at_the_break_of_a_word() -> None:
    assert sections("**bo**ld x**y** (**z**), **a *b***") == ["*bo*\u200bld x\u200b*y* (*z*), *a* *_b_*"]
    assert sections("**a\nb**") == ["*a*\n*b*"]


def test_slack_prints_what_members_type() -> None:
    typed = "<!channel> <@U123> <#C1|x> & *foo* snake_case 3 * 4 @here #general"
    assert sections(escape(typed)) == [
        "&lt;!channel&gt; &lt;@U123&gt; &lt;#C1|x&gt; &amp; \u2060*foo*\u2060 snake_case 3 * 4 @here #general"
    ]
    assert sections(escape("a ` b ` c`d")) == ["a \u2060`\u2060 b \u2060`\u2060 c`d"]
    assert sections("a\n" + escape("> b")) == ["a\n\u2060&gt; b"]


def test_slack_does_not_parse_names_of_channels_and_groups_itself() -> None:
    blocks, _ = slack_blocks("@channel #general")
    assert blocks == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "@channel #general", "verbatim": True}}
    ]


def test_slack_links_written_out_and_no_strange_ones() -> None:
    assert sections(r"See https://x.eu/a\_b\_(c)?d=1\&e, ok.") == [
        "See <https://x.eu/a_b_(c)?d=1&amp;e>, ok."
    ]
    assert sections("[a](slack://x) [b](ftp://x) [c](javascript:x)") == ["a b [c](javascript:x)"]
    assert sections(f"[a](https://x.eu/{'b' * 3000})") == ["a"]


def test_slack_fallback_is_the_text_without_styles() -> None:
    assert slack_blocks("**A** & [b](https://x.eu)")[1] == "A &amp; b"
    assert slack_blocks("") == ([], "")
    blocks, fallback = slack_blocks("word " * 2000)
    assert len(blocks) == 4
    assert fallback == ("word " * 600).strip() + " …"


@given(TYPED)
@example("*a* _b_ ~c~ `d` ```e```")
@example("> x\n＞ y")
def test_slack_shows_any_typed_text_and_obeys_none_of_it(typed: str) -> None:
    expected = letters(plain_text(escape(typed)))
    text = "".join(sections(escape(typed)))
    assert letters(shown(text)) == expected
    assert not re.search(r"<(?!https?://)", text, re.IGNORECASE)
    assert not slack_formats(text)
    assert letters(shown(slack_blocks(escape(typed))[1])) == expected


@given(
    st.lists(st.sampled_from(["*a b*", "**c** d", "\n\n", "\n", HARD_TO_CUT, "&lt;", "x" * 700]), max_size=60)
)
def test_slack_sections_hold_everything_within_the_limit(pieces: list[str]) -> None:
    markdown = " ".join(pieces)
    texts = sections(markdown)
    assert all(0 < len(text.encode("utf-16-le")) // 2 <= 3000 for text in texts)
    assert re.sub(r"[*_]", "", letters(shown("".join(texts)))) == letters(plain_text(markdown))


def test_slack_keys_stand_in_rows_with_actions_of_their_own() -> None:
    keys = (*(Key(f"Key {n}", f"token{n}") for n in range(6)), Key("L" * 80, url="https://x.eu"))
    rows = slack_keys(keys)
    assert [len(row["elements"]) for row in rows] == [5, 2]
    buttons = [button for row in rows for button in row["elements"]]
    assert [button["action_id"] for button in buttons] == [f"key:{n}" for n in range(7)]
    assert buttons[0] == {
        "type": "button",
        "action_id": "key:0",
        "text": {"type": "plain_text", "text": "Key 0"},
        "value": "token0",
    }
    assert buttons[6]["text"]["text"] == "L" * 74 + "…"
    assert buttons[6]["url"] == "https://x.eu"
    assert "value" not in buttons[6]
    assert slack_keys(()) == []


# ---- Telegram ----


def test_telegram_gets_plain_text_with_entities() -> None:
    markdown = "😀 **bold *both*** ~~gone~~ `code` [label](https://x.eu)\n\n> quoted\n> 😀\n\n```\npre\n```"
    ((text, entities),) = telegram_text(markdown)
    assert text == "😀 bold both gone code label\n\nquoted\n😀\n\npre"
    assert [(entity.type, sliced(text, entity), entity.url) for entity in entities] == [
        ("bold", "bold both", ""),
        ("italic", "both", ""),
        ("strikethrough", "gone", ""),
        ("code", "code", ""),
        ("text_link", "label", "https://x.eu"),
        ("blockquote", "quoted\n😀", ""),
        ("pre", "pre", ""),
    ]
    assert entities[0] == Entity("bold", 3, 9)


@pytest.mark.parametrize(
    ("lead", "units"), [("😀", 2), ("é", 1), ("e\u0301", 2), ("שלום", 4), ("👩🏽‍🚀", 7), ("ﷺ", 1), ("🇵🇹", 4)]
)
def test_telegram_counts_utf16_units(lead: str, units: int) -> None:
    ((_, entities),) = telegram_text(f"{lead} **b**")
    assert entities == [Entity("bold", units + 1, 1)]


def test_telegram_keeps_only_links_that_it_can_open() -> None:
    markdown = "[a](tg://user?id=1) [b](mailto:a@b.eu) [c](HTTPS://x.eu) [d](ftp://x.eu) [e](javascript:x)"
    ((text, entities),) = telegram_text(markdown)
    assert text == "a b c d [e](javascript:x)"
    assert [sliced(text, entity) for entity in entities] == ["b", "c"]


def test_telegram_code_within_another_style_keeps_the_other() -> None:
    assert telegram_text("**a `b`** `c`") == [("a b c", [Entity("bold", 0, 3), Entity("code", 4, 1)])]


@given(TYPED)
def test_telegram_shows_any_typed_text_without_entities(typed: str) -> None:
    parts = telegram_text(escape(typed))
    assert letters("".join(text for text, _ in parts)) == letters(plain_text(escape(typed)))
    assert not any(entities for _, entities in parts)


def test_telegram_splits_at_paragraphs_then_lines_then_words() -> None:
    paragraph = "word " * 599 + "end."
    assert [text for text, _ in telegram_text(f"{paragraph}\n\n{paragraph}")] == [paragraph, paragraph]
    assert [text for text, _ in telegram_text(f"{paragraph}\n{paragraph}")] == [paragraph, paragraph]
    texts = [text for text, _ in telegram_text("word " * 1000)]
    assert [len(text) for text in texts] == [4094, 904]
    assert {word for text in texts for word in text.split(" ")} == {"word"}


def test_telegram_parts_are_not_too_short() -> None:
    texts = [text for text, _ in telegram_text("Title\n\n" + "word " * 1000)]
    assert [len(text) for text in texts] == [4096, 909]


def test_telegram_cuts_a_style_at_the_split() -> None:
    first, second = telegram_text(f"**{'word ' * 999}end**")
    assert first[1] == [Entity("bold", 0, len(first[0]))]
    assert second[1] == [Entity("bold", 0, len(second[0]))]
    assert second[0].endswith("word end")


def test_telegram_takes_a_hundred_entities_at_most() -> None:
    parts = telegram_text("*a* b\n" * 250)
    assert [len(entities) for _, entities in parts] == [100, 100, 50]
    assert all(sliced(text, entity) == "a" for text, entities in parts for entity in entities)


@pytest.mark.parametrize("cluster", ["👩🏽‍🚀", "e\u0301\u0323", "🇵🇹", "שָׁ", "각", "𝒳"])
@pytest.mark.parametrize("shift", range(4))
def test_telegram_never_splits_a_character_as_people_see_it(cluster: str, shift: int) -> None:
    parts = telegram_text("x" * shift + cluster * 3000)
    clusters = [found for text, _ in parts for found in iter_graphemes(text)]
    assert clusters == ["x"] * shift + [cluster] * 3000
    assert all(len(text.encode("utf-16-le")) // 2 <= 4096 for text, _ in parts)


def test_telegram_splits_even_one_endless_character() -> None:
    parts = telegram_text("e" + "\u0301" * 9000)
    assert "".join(text for text, _ in parts) == "e" + "\u0301" * 9000
    assert [len(text) for text, _ in parts] == [4096, 4096, 809]


@given(st.lists(st.sampled_from(["*a b*", "**c** d", "\n\n", "\n", HARD_TO_CUT, "😀" * 900]), max_size=60))
def test_telegram_parts_hold_everything_within_the_limits(pieces: list[str]) -> None:
    markdown = " ".join(pieces)
    parts = telegram_text(markdown)
    assert letters("".join(text for text, _ in parts)) == letters(plain_text(markdown))
    for text, entities in parts:
        assert text == text.strip()
        assert 0 < len(text.encode("utf-16-le")) // 2 <= 4096
        assert len(entities) <= 100
        assert all(letters(sliced(text, entity)) in {"ab", "a", "b", "c"} for entity in entities)


def test_telegram_has_nothing_to_send_for_an_empty_text() -> None:
    assert telegram_text(" \n\n ") == []


def test_telegram_keys_stand_in_rows_by_the_length_of_their_labels() -> None:
    labels = ["For", "Against", "Abstain", "Read", "Add SMEs", "Add link or photo", "Undo"]
    rows = telegram_keys(tuple(Key(label, f"t{n}") for n, label in enumerate(labels)))
    assert [[button["text"] for button in row] for row in rows] == [
        ["For", "Against", "Abstain", "Read"],
        ["Add SMEs", "Add link or photo"],
        ["Undo"],
    ]
    assert rows[0][0] == {"text": "For", "callback_data": "t0"}
    assert telegram_keys((Key("Open", url="https://x.eu"),)) == [[{"text": "Open", "url": "https://x.eu"}]]
    assert len(telegram_keys((Key("European Cluster for", "a"), Key("Wood and furniture", "b")))) == 2


def test_telegram_refuses_a_token_that_would_not_fit() -> None:
    assert telegram_keys((Key("Undo", "é" * 32),))[0][0]["callback_data"] == "é" * 32
    with pytest.raises(ValueError, match="64 bytes: Undo"):
        telegram_keys((Key("Undo", "é" * 33),))


# ---- terminal ----


def test_terminal_shows_styles_addresses_and_quotes() -> None:
    markdown = "**bold *both*** [label](https://x.eu) <https://y.eu>\n\n> quoted\n> twice"
    assert terminal_text(markdown) == (
        "\x1b[1mbold \x1b[0m\x1b[1;3mboth\x1b[0m \x1b[4mlabel\x1b[0m (https://x.eu) \x1b[4mhttps://y.eu\x1b[0m"
        "\n\n│ quoted\n│ twice"
    )
    assert terminal_text(markdown, colour=False) == (
        "bold both label (https://x.eu) https://y.eu\n\n│ quoted\n│ twice"
    )
    assert plain_text(markdown) == "bold both label https://y.eu\n\nquoted\ntwice"


@pytest.mark.parametrize(
    "typed", ["\x1b[31mred", "\x9b31mred", "\x07bell\x08", "\u202eright to left", "\u2066x"]
)
def test_terminal_obeys_nothing_that_was_typed(typed: str) -> None:
    assert terminal_text(typed, colour=False) == re.sub("[\x00-\x1f\x7f-\x9f\u202e\u2066]", "", typed)
