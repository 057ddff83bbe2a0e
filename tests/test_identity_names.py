"""Names as platforms give them: nothing to be seen, from right to left, too long, the same twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import User

from bot.platforms.markup import slack_blocks, telegram_text
from bot.platforms.markup.parsing import parse
from bot.platforms.telegram.incoming import _account
from bot.rules.names import LONGEST_NAME, shown_name, told_apart, turns
from bot.templating import Templates
from bot.templating.html import to_html
from tests.world import ROOT

HEBREW, ARABIC = "שרה כהן", "محمد علي"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Ana Sousa", "Ana Sousa"),
        ("", ""),
        ("\u3164", ""),  # a Hangul filler: a letter to Unicode, and nothing to the eye
        ("\u200b\u200d\u2060", ""),
        ("\u2800\u2800", ""),
        ("\u3164Ana\u3164", "Ana"),
        ("Ana\nLuísa\t Sousa", "Ana Luísa Sousa"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("A\u0301na", "Ána"),
        ("\u202eanA", "anA"),
        (f"\u2067{HEBREW}\u2069", HEBREW),
        ("نرگس\u200cخانم", "نرگس\u200cخانم"),  # the joiner is spelling
        ("x" * 200, "x" * LONGEST_NAME),
        ("\ud83dAna", "Ana"),
    ],
)
def test_a_name_is_what_can_be_seen_of_it(given: str, shown: str) -> None:
    assert shown_name(given) == shown


@given(st.text(max_size=120))
def test_any_name_is_one_short_line_and_stays_so(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= LONGEST_NAME
    assert shown == " ".join(shown.split()) == shown_name(shown)


@pytest.mark.parametrize(
    ("first", "last", "username", "name"),
    [
        ("Ana", "Sousa", "anasousa", "Ana Sousa"),
        ("Ana", None, None, "Ana"),
        ("", None, "anasousa", "anasousa"),
        ("\u3164", None, "anasousa", "anasousa"),
        ("\u3164", "\u200b", None, ""),
        ("👋", None, None, "👋"),
        ("x" * 64, "y" * 64, None, "x" * 64 + " " + "y" * 15),
    ],
)
def test_who_somebody_is_on_telegram(first: str, last: str | None, username: str | None, name: str) -> None:
    person = User(2**52 + 7, first, False, last_name=last, username=username, language_code="pt")
    account = _account(person)
    assert (account.user, account.name, account.language) == (str(2**52 + 7), name, "pt")


def test_a_name_from_right_to_left_turns_nothing_around() -> None:
    templates = Templates(ROOT / "templates")
    values = {"name": HEBREW, "platform": "Telegram", "organisation": "CIMES", "role": "Colleague"}
    markdown = templates.render("came_in", values, now=NOW)
    isolated = f"\u2068{HEBREW}\u2069"
    line = f"{isolated} (Telegram) came in for CIMES (Colleague)."
    blocks, quiet = slack_blocks(markdown)
    assert blocks[0]["text"]["text"].splitlines()[0] == line.replace("CIMES", "*CIMES*")
    assert quiet.splitlines()[0] == line
    text, entities = telegram_text(markdown)[0]
    assert text.splitlines()[0] == line
    [bold] = [one for one in entities if one.type == "bold"]
    units = text.encode("utf-16-le")
    assert units[bold.offset * 2 : (bold.offset + bold.length) * 2].decode("utf-16-le") == "CIMES"
    assert to_html(markdown).startswith(f"<p>{isolated} (Telegram) came in for <strong>CIMES")
    assert "\u2068" not in templates.render("came_in", {**values, "name": "Ana"}, now=NOW)


def test_what_people_type_brings_no_marks_of_its_own() -> None:
    templates = Templates(ROOT / "templates")
    values = {"platform": "Telegram", "organisation": "CIMES", "role": "Colleague"}
    for typed in ("\u2068Ana", "Ana\u2069", "\u202eAna", "\u2067Ana"):
        said = templates.render("came_in", {**values, "name": typed}, now=NOW)
        assert said.startswith("Ana (Telegram)")


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (f"\u2068{ARABIC}\u2069 came", f"\u2068{ARABIC}\u2069 came"),
        ("\u2068Ana came", "Ana came"),
        ("Ana\u2069 came", "Ana came"),
        ("\u2068Ana\ncame\u2069", "Ana\ncame"),
        ("\u2068a\u2068b\u2069c\u2069", "a\u2068b\u2069c"),
        ("\u2067Ana\u2069 \u202ecame\u202c", "Ana came"),
    ],
)
def test_only_isolates_that_begin_and_end_in_a_line_are_kept(markdown: str, text: str) -> None:
    assert parse(markdown, 60).text == text


def test_turning_is_about_letters() -> None:
    assert turns(HEBREW)
    assert turns(f"Ana {ARABIC}")
    assert not turns("Jānis Müller Σωκράτης 中村 🇮🇱 123")


@pytest.mark.parametrize(
    ("labels", "more", "shown"),
    [
        (("Ana", "Rui"), ("Colleague", "Colleague"), ("Ana", "Rui")),
        (("Ana", "Ana"), ("Colleague", "Alternate"), ("Ana · Colleague", "Ana · Alternate")),
        (("Ana", "Ana"), ("Colleague", "Colleague"), ("Ana · Colleague · 1", "Ana · Colleague · 2")),
        (("A" * 30, "A" * 31), ("", ""), ("A" * 15 + "… · 1", "A" * 15 + "… · 2")),
    ],
)
def test_choices_by_name_are_told_apart(
    labels: tuple[str, ...], more: tuple[str, ...], shown: tuple[str, ...]
) -> None:
    assert told_apart(labels, more, 20) == shown


@given(st.lists(st.sampled_from(["Ana", "Ana ", "A" * 40, "Ana · 1", ""]), max_size=12))
def test_choices_are_short_and_as_many(labels: list[str]) -> None:
    shown = told_apart(labels, [""] * len(labels), 20)
    assert len(shown) == len(labels)
    assert all(len(one) <= 20 for one in shown)
