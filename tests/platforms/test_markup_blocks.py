"""What authors write beyond a line: tables, tasks, pictures, quotes, headings, code."""

from __future__ import annotations

import pytest

from bot.platforms.markup import Entity, plain_text, slack_blocks, telegram_text, terminal_text

SEATS = "Hall | Seats\n:-- | --:\nLisbon | 3\nRīga | 120"
ALIGNED = "Hall    Seats\n──────  ─────\nLisbon      3\nRīga      120"
WIDE = (
    "| Member | Contact | **Next** step |\n|--|--|--|\n"
    "| CIMES | Marie, [her page](https://x.eu/m) | Sends the *draft* to everybody |\n"
    "| Pool-Net | | Reads it |\n| | nobody | |"
)


def sections(markdown: str) -> list[str]:
    return [block["text"]["text"] for block in slack_blocks(markdown)[0]]


def test_a_narrow_table_stands_in_code_letters() -> None:
    assert telegram_text(f"**{'x' * 30}**\n\n{SEATS}")[0][1][-1].type == "pre"
    assert telegram_text(SEATS) == [(ALIGNED, [Entity("pre", 0, len(ALIGNED))])]
    assert sections(f"Seats:\n\n{SEATS}\n\nMore.") == [f"Seats:\n\n```\n{ALIGNED}\n```\n\nMore."]
    assert terminal_text(SEATS, colour=False) == plain_text(SEATS) == ALIGNED
    assert plain_text("a | b\n:- | -\n日本 | 1\n👍🏽 | `*`") == "a     b\n────  ─\n日本  1\n👍🏽    *"


def test_how_wide_a_table_may_be_depends_on_where_it_is_read() -> None:
    row = "| " + "x" * 20 + " | " + "y" * 20 + " |"
    table = f"| A | B |\n|--|--|\n{row}"
    ((text, entities),) = telegram_text(table)
    assert (text, entities) == (f"{'x' * 20} · B: {'y' * 20}", [Entity("bold", 0, 20)])
    assert sections(table)[0].startswith("```\nA")


def test_a_wide_table_is_told_row_by_row() -> None:
    assert sections(WIDE) == [
        "*CIMES* · Contact: Marie, <https://x.eu/m|her page> · *Next* step: Sends the _draft_ to everybody"
        "\n\n*Pool-Net* · *Next* step: Reads it\n\nContact: nobody"
    ]
    ((text, entities),) = telegram_text(WIDE)
    assert text.startswith("CIMES · Contact: Marie, her page · Next step: Sends the draft to everybody\n\n")
    assert [one.type for one in entities] == ["bold", "text_link", "bold", "italic", "bold", "bold"]
    head = "| " + " | ".join("heading" * 3 for _ in range(4)) + " |\n|--|--|--|--|"
    assert plain_text(head) == " · ".join(["heading" * 3] * 4)


def test_tasks_have_boxes() -> None:
    markdown = "- [ ] open\n- [x] **done**\n  1. [X] and this\n- [ ](https://x.eu)\n- [ ]\n- \\[ ] typed"
    assert plain_text(markdown) == "☐ open\n☑ done\n  1. ☑ and this\n•  \n• [ ]\n• [ ] typed"
    assert plain_text("- a\n\n  [ ] no box") == "• a\n\n[ ] no box"


def test_pictures_that_are_elsewhere_are_links() -> None:
    assert telegram_text("![The hall](https://x.eu/a.png) ![](https://x.eu/b)") == [
        (
            "The hall https://x.eu/b",
            [Entity("text_link", 0, 8, "https://x.eu/a.png"), Entity("text_link", 9, 14, "https://x.eu/b")],
        )
    ]
    assert sections("[![*The* hall](https://x.eu/a.png)](https://x.eu)") == [
        "_<https://x.eu|The>_ <https://x.eu|hall>"
    ]
    assert telegram_text("![a [b](https://x.eu) c](https://y.eu)") == [
        ("a b c", [Entity("text_link", 0, 5, "https://y.eu")])
    ]
    assert sections("![x](data:image/png;base64,AAAA)") == ["x"]


def test_quotes_headings_rules_and_code() -> None:
    quote = "> said\n> > before\n> > that\n>\n> - and"
    markdown = f"# Big **news**\n\nSoon\n----\n\n---\n\n{quote}\n\n```python\nx = 1\n```"
    ((text, entities),) = telegram_text(markdown)
    assert text == "Big news\n\nSoon\n\n———\n\nsaid\n│ before\n│ that\n\n• and\n\nx = 1"
    assert [(one.type, one.language) for one in entities] == [
        ("bold", ""),
        ("bold", ""),
        ("blockquote", ""),
        ("pre", "python"),
    ]
    assert sections(markdown)[0].endswith("\n\n> said\n> │ before\n> │ that\n> \n> • and\n\n```\nx = 1\n```")


@pytest.mark.parametrize("length", [9_000, 50_000])
def test_a_very_long_text_is_whole_on_every_platform(length: int) -> None:
    words = " ".join(f"word{number}" for number in range(length // 8))
    markdown = f"# Title\n\n{SEATS}\n\n{words}"
    parts = telegram_text(markdown)
    assert " ".join(text for text, _ in parts).split() == plain_text(markdown).split()
    assert len(parts) <= len(plain_text(markdown)) // 4000 + 1
    texts = " ".join(sections(markdown)).replace("```", "").replace("*Title*", "Title")
    assert texts.split() == plain_text(markdown).split()
