"""The seal of an approval: spelling keeps it; a link, a number, a date or another item breaks it."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.newsletter.sealing import destinations, links, numbers, seal
from bot.rules.newsletter.values import Edition, Item, Note

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MOULDS = Item(
    source="activity",
    key="12",
    title="Mould recycling in practice",
    text="Pool-Net showed 14 firms how; [the slides](https://pool.example.org/slides?v=2) are there.",
    link="https://pool.example.org/moulds",
    organisation="pool-net",
    topics=("plastics",),
    at=NOW,
)
CALL = Item(
    id=7,
    kind="call",
    title="Partners wanted",
    text="Write to info@cimes.example.org by 24 November. Up to 2.5 M€, 70 % funded.",
    organisation="cimes",
    consent="public",
    media=4,
    at=NOW,
)
EDITION = Edition(
    number=5,
    slug="2026-12",
    title="Green Manufacturing News, December",
    intro="A short month. Read on at www.example.org, and come.",
    items=(MOULDS, CALL),
    created_at=NOW,
    collected_since=NOW,
    collected_until=NOW,
    send_at=NOW,
)
WORDS = ("recycling", "moulds", "Weißblech", "chaîne", "together", "the", "a", "wide", "Łódź", "hydrogen")
LETTERS = "".join(letter for letter in string.ascii_letters + "éßłąõ")


def with_text(text: str) -> Edition:
    return replace(EDITION, items=(replace(MOULDS, text=text), CALL))


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Mold recycling, in practise"},
        {"text": "Poolnet has shown 14 firms how: [slides](https://pool.example.org/slides?v=2)!"},
        {"language": "pt"},
        {"by": 3},
        {"used_in": 5},
        {"link": "HTTPS://Pool.Example.ORG/moulds"},
    ],
)
def test_spelling_keeps_the_seal(changed: dict[str, Any]) -> None:
    assert seal(replace(EDITION, items=(replace(MOULDS, **changed), CALL))) == seal(EDITION)


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "13"},
        {"source": "event"},
        {"kind": "practice"},
        {"organisation": "cimes"},
        {"consent": "public"},
        {"topics": ("machines",)},
        {"embargo": date(2026, 12, 3)},
        {"media": 9},
        {"link": "https://pool.example.org/Moulds"},
        {"link": "https://pool.example.org/moulds?from=news"},
        {"link": "http://pool.example.org/moulds"},
        {"link": ""},
        {"title": "Mould recycling in practice 2"},
        {"text": MOULDS.text.replace("14", "15")},
        {"text": MOULDS.text.replace("v=2", "v=3")},
        {"text": MOULDS.text.replace("/slides", "/slide")},
        {"text": MOULDS.text + " See example.org/more"},
        {"text": ""},
    ],
)
def test_anything_else_breaks_it(changed: dict[str, Any]) -> None:
    assert seal(replace(EDITION, items=(replace(MOULDS, **changed), CALL))) != seal(EDITION)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("24 November", "24 December"),
        ("24 November", "25 November"),
        ("2.5 M€", "25 M€"),
        ("2.5 M€", "2.5 M$"),
        ("70 %", "70 €"),
        ("70 %", "70 ‰"),
        ("70 %", "70 points"),
        ("2.5", "-2.5"),
        ("info@cimes", "infos@cimes"),
    ],
)
def test_dates_amounts_and_addresses(old: str, new: str) -> None:
    text = CALL.text.replace(old, new)
    assert text != CALL.text
    assert seal(replace(EDITION, items=(MOULDS, replace(CALL, text=text)))) != seal(EDITION)


def test_a_month_is_the_same_however_it_is_written() -> None:
    assert numbers("on 24 Nov") == numbers("on 24 November") == numbers("le 24 novembre")
    assert numbers("March 3") == numbers("3 mars") != numbers("May 3")
    assert numbers("You may come") == numbers("You can come") == ()


def test_items_their_order_and_the_editions_own_words() -> None:
    whole = seal(EDITION)
    assert seal(replace(EDITION, items=(CALL, MOULDS))) != whole
    assert seal(replace(EDITION, items=(MOULDS,))) != whole
    assert seal(replace(EDITION, items=(MOULDS, replace(CALL, id=8)))) != whole
    assert seal(replace(EDITION, intro="A shorter month. Read at www.example.org and come!")) == whole
    assert seal(replace(EDITION, intro="A short month. Read on at www.example.com, and come.")) != whole
    assert seal(replace(EDITION, title="Green Manufacturing News, Dec 2026")) != whole
    assert seal(replace(EDITION, title="Green News")) == whole


def test_when_and_by_whom_it_was_approved_is_no_part_of_it() -> None:
    later = replace(EDITION, state="approved", approved_at=NOW, approved_by=3, seal="x", version=4, slug="y")
    assert seal(
        replace(later, notes=(Note(NOW, 3, "1 slip"),), send_at=datetime(2027, 1, 5, tzinfo=UTC))
    ) == seal(EDITION)


def test_a_found_item_is_the_same_once_it_has_a_number_of_its_own() -> None:
    assert seal(replace(EDITION, items=(replace(MOULDS, id=33), CALL))) == seal(EDITION)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://a.org/x.", ("https://a.org/x",)),
        ("(https://a.org/x_(y)), then", ("https://a.org/x_(y)",)),
        ("(https://a.org/1)(https://a.org/2)", ("https://a.org/1", "https://a.org/2")),
        ("<https://A.org/X>", ("https://a.org/X",)),
        ("[a](/up) [b]( <c d> )", ("/up", "c d")),
        ("[a](https://a.org/1)[b](https://b.org)", ("https://a.org/1", "https://a.org/1", "https://b.org")),
        ("[a][1]\n\n[1]: //b.org/c", ("//b.org/c", "b.org/c")),
        ("b.org or www.c.org:80/d, or e@f.org", ("b.org", "www.c.org:80/d", "e@f.org")),
        ("mailto:e@f.org?subject=x", ("mailto:e@f.org?subject=x",)),
        ("e.g. at 10.30 a.m. or v1.2", ()),
        ("http://[", ("http://[",)),
    ],
)
def test_links_however_they_are_written(text: str, found: tuple[str, ...]) -> None:
    assert links(text)[: len(found)] == found
    assert set(links(text)) == set(found)


@pytest.mark.parametrize("piece", ["a.", "-a", "a@", "](", "[a\n", "http://", "1 ", "May ", "a"])
def test_a_text_of_one_piece_is_read_in_one_go(piece: str) -> None:
    """Whoever pastes nonsense keeps nobody waiting: what grows with the square of a text takes minutes."""
    text = piece * 20_000
    assert len(numbers(text)) in (0, 20_000)
    assert len(links(text)) <= 20_000


def test_a_destination_may_be_missing() -> None:
    assert destinations("[here]() and [there](<>) and [x](https://a.org)") == ("", "", "https://a.org")


words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12)
tokens = st.one_of(
    st.sampled_from(WORDS),
    st.integers(0, 9999).map(str),
    st.sampled_from(
        ["2026-11-24", "10:30", "1,5 %", "-3", "€4", "https://a.org/b-c", "[x](https://d.org/e_f?g=h)"]
    ),
)


@given(words, st.lists(tokens, max_size=5), st.integers(0, 200), st.sampled_from(LETTERS), st.booleans())
def test_another_letter_in_a_word_keeps_it(
    plain: list[str], more: list[str], place: int, letter: str, adds: bool
) -> None:
    """Words beside links and numbers are free, letter by letter."""
    text = " ".join(plain)
    place %= len(text)
    assume(text[place] != " ")
    other = text[:place] + letter + text[place + (not adds) :]
    rest = " ".join(more)
    assert seal(with_text(f"{other}\n{rest}")) == seal(with_text(f"{text}\n{rest}"))


@given(words, st.lists(tokens, max_size=5), st.integers(0, 10**6), st.sampled_from("0123456789"))
def test_any_other_digit_breaks_it(before: list[str], after: list[str], number: int, digit: str) -> None:
    text = " ".join((*before, str(number), *after))
    place = text.index(str(number)) + len(str(number)) - 1
    assume(text[place] != digit)
    other = text[:place] + digit + text[place + 1 :]
    assert seal(with_text(other)) != seal(with_text(text))
    assert seal(with_text(text[:place] + digit + text[place:])) != seal(with_text(text))


LINKS = ("https://a.org/b-c?d=e#f", "http://www.g.org", "[here](https://h.org/i_(j)/k)", "<https://l.org/m>")
IN_LINKS = string.ascii_lowercase + "/-?&="


@given(
    words,
    st.sampled_from(LINKS),
    words,
    st.integers(0, 60),
    st.sampled_from(string.ascii_lowercase + "/-?&="),
)
def test_any_other_link_breaks_it(
    before: list[str], link: str, after: list[str], place: int, sign: str
) -> None:
    """A sign more anywhere in an address, and a sign less."""
    start, end = link.index("http"), link.rindex(">") if link.endswith(">") else len(link)
    end = link.rindex(")") if link.endswith(")") else end
    place = start + 8 + place % (end - start - 8)
    text, longer = (" ".join((*before, one, *after)) for one in (link, link[:place] + sign + link[place:]))
    assert seal(with_text(longer)) != seal(with_text(text))
    shorter = " ".join((*before, link[:place] + link[place + 1 :], *after))
    assume(link[place] not in "()")
    assert seal(with_text(shorter)) != seal(with_text(text))


@given(st.text(max_size=80))
def test_whatever_is_written_has_a_seal(text: str) -> None:
    assert len(seal(with_text(text))) == 64
    assert seal(with_text(text)) == seal(with_text(text))
