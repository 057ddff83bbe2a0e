"""What is typed for many: its title, its end, what changed; for whom; files that open without harm."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot import handlers
from bot.broadcasts.standing import text_for
from bot.broadcasts.tables import table
from bot.broadcasts.text import closed, difference, has_table, title_of
from bot.commands import Known, OneChoice, Reading
from bot.commands.declaring import REGISTRY
from bot.commands.reading import read
from bot.messages import Refusal

assert handlers.__path__  # importing it declares every command
READING = Reading(
    now=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    organisations=(Known("cimes", ("CIMES",)),),
    choices={
        "roles": (OneChoice("representative", "Representative"),),
        "bodies": (OneChoice("assembly", "Assembly of Members"),),
        "sectors": (OneChoice("plastics", "plastics"),),
    },
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("**Call for partners** opens Monday\n\nMore", "Call for partners opens Monday"),
        ("# News of *May*", "News of May"),
        ("- [a link](https://example.org) here\n- two", "a link here"),
        ("> quoted `code`\n> more", "quoted code"),
        ("first\nsecond", "first"),
        ("***", "***"),
        ("a " * 60, "a " * 29 + "…"),
        ("The call opens on Monday.\n\nTwo pages.", "The call opens on Monday"),
        ("What follows:\nmore", "What follows"),
        ("Wait for it...", "Wait for it..."),
        (".", "."),
    ],
)
def test_the_first_line_is_its_title(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize("text", ["```\ncode", "~~~~\ncode\n~~~", "a\n\n```python\ncode\n", "```"])
def test_an_open_code_block_is_closed(text: str) -> None:
    shown = MarkdownIt().render(f"{closed(text)}\n\nFrom Vera")
    assert "<p>From Vera</p>" in shown


@given(
    st.lists(
        st.sampled_from(["```", "~~~", "text", "- item", "> quote", "", "  ```", "````", "- ```", "    x"]),
        max_size=7,
    )
)
def test_whatever_is_typed_what_follows_is_none_of_it(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    shown = MarkdownIt().disable("code").render(f"{closed(text)}\n\nFrom Vera")
    assert "<p>From Vera</p>" in shown


@pytest.mark.parametrize(
    "text", ["```\ncode\n```", "no code", "- ```\n  in a list\n\nafter", "> ```\n> quoted"]
)
def test_what_is_closed_stays_as_it_is(text: str) -> None:
    assert closed(text) == text


def test_a_table_is_seen() -> None:
    assert has_table("| a | b |\n|---|---|\n| 1 | 2 |")
    assert not has_table("a | b")


def test_what_changed_is_shown_with_a_few_words_around() -> None:
    before = "one two three four five six the call opens on Tuesday in Lyon and more words come here"
    after = before.replace("Tuesday", "Monday").replace("here", "*there*")
    assert difference(before, after) == (
        "… the call opens on ~~Tuesday~~ **Monday** in Lyon and more words come ~~here~~ **\\*there\\***"
    )
    assert difference("a", "a b") == "a **b**"


def test_each_reads_their_language_or_the_first() -> None:
    texts = {"en": "Hello", "pt": "Olá", "fr-BE": "Bonjour"}
    assert text_for(texts, ("pt-BR",)) == "Olá"
    assert text_for(texts, ("fr",)) == "Bonjour"
    assert text_for(texts, ("lv", "pt")) == "Olá"
    assert text_for(texts, ("lv",)) == text_for(texts, ()) == "Hello"


@pytest.mark.parametrize(
    ("line", "to"),
    [
        ("Call opens Monday to representatives in France", "representatives in France"),
        ("Call to CIMES and plastics", "CIMES and plastics"),
        ("Come to the Assembly of Members", "the Assembly of Members"),
        ("Talk to us", ""),
        ("Get back to me", ""),
        ("Open to all", ""),
        ("We invite you to register to the event", ""),
        ('"A trip to France"', ""),
    ],
)
def test_the_last_words_say_for_whom_only_if_they_name_them(line: str, to: str) -> None:
    typed = read(REGISTRY.get("announce"), line, READING).arguments
    assert typed.get("to", "") == to
    assert typed["text"] == (line[: -len(f" to {to}")] if to else line.strip('"'))


def test_words_that_name_nobody_are_said_back() -> None:
    kind = next(option.kind for option in REGISTRY.get("announce").options if option.name == "to")
    with pytest.raises(Refusal) as no:
        kind.read("France and the moon", READING, "to")
    assert (no.value.code, no.value.option) == ("announcement_audience", "to")
    assert no.value.values["unclear"] == ["moon"]
    assert kind.read(" everybody ", READING, "to") == "everybody"


@pytest.mark.parametrize("name", ["=1+1", "+3", "-2", "@SUM(A1)", " =1", "\t=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    assert table("a.csv", ["Who"], [[name]]).text.splitlines()[1].strip('"').startswith("'")
