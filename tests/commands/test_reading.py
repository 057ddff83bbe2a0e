"""Typed words find their options, and what is in doubt is asked, not guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import (
    Day,
    Known,
    LongText,
    Moment,
    Number,
    OneChoice,
    OneMotion,
    OneOf,
    OneOrganisation,
    OnePerson,
    Reading,
    Registry,
    Text,
    command,
    fill,
    read,
)
from bot.messages import Ask, Choice, Refusal
from tests.commands.alliance import LINE, LOG, ORGANISATIONS, filled, reading, typed

PORTUGUESE = {"on": "em|no dia", "with": "com", "smes": "pme"}


def in_portuguese(message: str) -> str:
    return PORTUGUESE.get(message, message)


def test_the_whole_line_finds_its_options() -> None:
    assert typed(LINE).arguments == {
        "kind": "workshop",
        "title": "Green hydrogen 101",
        "day": "2026-05-12",
        "with": "mecatech,cimes",
        "smes": "12",
        "link": "https://example.org/hydrogen",
    }
    assert filled(LINE)["with_"] == ("mecatech", "cimes")
    assert filled(LINE)["day"] == date(2026, 5, 12)


@pytest.mark.parametrize(
    ("text", "title", "day", "others"),
    [
        ("Working with people on 12 May", "Working with people", "2026-05-12", {}),
        ("Working with industry on 12 May", "Working with industry", "2026-05-12", {}),
        ("Working on 2025 roadmap", "Working on 2025 roadmap", None, {}),
        ("Focus on green steel with CIMES", "Focus on green steel", None, {"with": "cimes"}),
        ("Help for SMEs in Riga on 12 May", "Help for SMEs in Riga", "2026-05-12", {}),
        ("SMEs and hydrogen", "SMEs and hydrogen", None, {}),
        ("The missing link", "The missing link", None, {}),
        ("Pumps 12 May with CIMES", "Pumps", "2026-05-12", {"with": "cimes"}),
        ("Pumps with CIMES 12 May", "Pumps", "2026-05-12", {"with": "cimes"}),
        ("Pumps with CIMES friday", "Pumps", "2026-11-20", {"with": "cimes"}),
        ("Pumps, Tue 12 May, with CIMES.", "Pumps", "2026-05-12", {"with": "cimes"}),
        ("Pumps with CIMES smes 12 yesterday", "Pumps", "2026-11-21", {"with": "cimes", "smes": "12"}),
        ("Pumps with CIMES with EMC2", "Pumps", None, {"with": "cimes,emc2"}),
        ("Pumps with: CIMES", "Pumps", None, {"with": "cimes"}),
        ("Pumps last tuesday", "Pumps", "2026-11-17", {}),
        ("Pumps yesterday", "Pumps", "2026-11-21", {}),
        ("Pumps on Friday", "Pumps", "2026-11-20", {}),
        ("Factory of tomorrow", "Factory of tomorrow", None, {}),
        ("Ready by Friday", "Ready by Friday", None, {}),
        ("Things we may", "Things we may", None, {}),
        ("Where we are now", "Where we are now", None, {}),
        ("Green 1", "Green 1", None, {}),
        ("How they sat", "How they sat", None, {}),
        ("Friday", "Friday", None, {}),
        ("Pumps link https://example.org/a,b", "Pumps", None, {"link": "https://example.org/a,b"}),
    ],
)
def test_lead_words_and_days_count_only_where_they_read(
    text: str, title: str, day: str | None, others: dict[str, str]
) -> None:
    found = typed("workshop " + text)
    expected = {"kind": "workshop", "title": title, **({"day": day} if day else {}), **others}
    assert (found.arguments, found.doubt) == (expected, None)


@pytest.mark.parametrize("quotes", ['""', "“”", "«»", "„“", "''", "‘’"])
def test_quotes_settle_doubt(quotes: str) -> None:
    title = "Working with CIMES on Friday"
    found = typed(f"workshop {quotes[0]}{title}{quotes[1]} yesterday")
    assert found.arguments == {"kind": "workshop", "title": title, "day": "2026-11-21"}
    assert found.doubt is None


def test_an_apostrophe_is_no_quote() -> None:
    assert typed("workshop L'usine d'avenir with CIMES").arguments["title"] == "L'usine d'avenir"


@pytest.mark.parametrize(
    ("text", "phrase", "label", "iso", "short"),
    [
        ("Green Friday", "Friday", "Yes, Fri 20 Nov", "2026-11-20", "Green"),
        ("Agenda May 12 with CIMES", "May 12", "Yes, Tue 12 May", "2026-05-12", "Agenda"),
        ("Support 24/7", "24/7", "Yes, Fri 24 Jul", "2026-07-24", "Support"),
        ("Pumps on 12 May in Riga", "12 May", "Yes, Tue 12 May", "2026-05-12", "Pumps in Riga"),
        ("Steel tomorrow", "tomorrow", "Yes, Mon 23 Nov", "2026-11-23", "Steel"),
    ],
)
def test_a_phrase_that_could_be_title_is_asked_about(
    text: str, phrase: str, label: str, iso: str, short: str
) -> None:
    found = typed("workshop " + text)
    assert found.doubt is not None
    assert (found.doubt.option, found.doubt.template, found.doubt.free) == ("day", "day_doubt", False)
    assert found.doubt.values == {"phrase": phrase, "day": date.fromisoformat(iso)}
    assert found.doubt.choices == (
        Choice(label, {"day": iso, "title": short}),
        Choice("Part of the title", {"title": text.removesuffix(" with CIMES"), "day": ""}),
    )
    settled = {**found.arguments, **found.doubt.choices[1].arguments}
    assert fill(LOG, settled, reading())["title"] == text.removesuffix(" with CIMES")
    assert fill(LOG, settled, reading())["day"] == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "option", "code"),
    [
        ("workshop Pumps on 31 Feb", "day", "day_unclear"),
        ("workshop Pumps on 32 May", "day", "day_unclear"),
        ("workshop Pumps 31 Feb", "day", "day_unclear"),
        ("workshop Pumps on 12 May 1999", "day", "day_unclear"),
        ("workshop Pumps on 2026-13-45", "day", "day_unclear"),
        ("workshop Pumps with CIMES, Foobar", "with", "organisation_unknown"),
        ("workshop Pumps link javascript:alert(1)", "link", "link_unclear"),
        ("workshop Pumps link ftp://example.org", "link", "link_unclear"),
        ("Green hydrogen 101", "kind", "choice_unknown"),
        ("workshop " + "x" * 10_000, "title", "text_too_long"),
    ],
)
def test_what_is_not_understood_stays_as_written_and_is_refused(text: str, option: str, code: str) -> None:
    with pytest.raises(Refusal) as no:
        filled(text)
    assert (no.value.option, no.value.code) == (option, code)


def test_a_mistyped_kind_keeps_the_rest_clear() -> None:
    found = typed("workshp Mould recycling on 12 May with CIMES")
    assert found.arguments == {
        "kind": "workshp", "title": "Mould recycling", "day": "2026-05-12", "with": "cimes",
    }  # fmt: skip
    with pytest.raises(Refusal) as no:
        fill(LOG, found.arguments, reading())
    assert no.value.values["suggestion"] == "workshop"
    assert no.value.values["label"] == "workshop"


@pytest.mark.parametrize("kind", ["project proposal", "Project-Proposal", "PROPOSAL", "project-proposal"])
def test_kinds_of_several_words_and_synonyms(kind: str) -> None:
    assert typed(f"{kind} Steel yesterday").arguments["kind"] == "project-proposal"
    assert typed(f"{kind} Steel yesterday").arguments["title"] == "Steel"


def test_a_near_miss_of_two_words_is_one_kind() -> None:
    assert typed("projet proposal Steel").arguments == {"kind": "projet proposal", "title": "Steel"}


def test_lead_words_and_days_in_the_language_of_the_person() -> None:
    how = {"language": "pt", "translate": in_portuguese}
    assert typed("workshop Bombas ontem com CIMES e EMC2", **how).arguments == {
        "kind": "workshop", "title": "Bombas", "day": "2026-11-21", "with": "cimes,emc2",
    }  # fmt: skip
    assert typed("workshop Bombas no dia 12 de maio", **how).arguments["day"] == "2026-05-12"
    assert typed("workshop Bombas on 12 May with CIMES", **how).arguments["with"] == "cimes"
    assert typed("workshop Bombas com CIMES").arguments["title"] == "Bombas com CIMES"


def test_hidden_options_are_never_typed() -> None:
    assert "duplicate" not in typed("workshop Pumps duplicate yes").arguments


OTHERS = Registry()


@command("invite", "Invite somebody", example="/invite MecaTech member", registry=OTHERS)
def invite(
    ctx: object,
    organisation: Annotated[str, OneOrganisation(ask="Which?")],
    role: Annotated[
        str, OneOf((OneChoice("member", "member"), OneChoice("advisor", "advisor")), ask="What?")
    ],
) -> None: ...


@command("activities", "See what was done", example="/activities mine", registry=OTHERS)
def activities(
    ctx: object,
    scope: Annotated[str, OneOf((OneChoice("mine", "mine"), OneChoice("all", "all")))] = "all",
    page: Annotated[int, Number(least=1)] = 1,
) -> None: ...


@command("event new", "Plan an event", example="/event new Pumps 8 December 14:00", registry=OTHERS)
def event_new(
    ctx: object,
    title: Annotated[str, Text(ask="Called?")],
    when: Annotated[datetime, Moment("future", ask="When?")],
) -> None: ...


@command("vote", "Vote", example="/vote 7 for", registry=OTHERS)
def vote(
    ctx: object,
    motion: Annotated[str, OneMotion(ask="Which?")],
    side: Annotated[str, OneOf((OneChoice("for", "for"), OneChoice("against", "against")), ask="How?")],
    reason: Annotated[str, LongText(lead=("because",))] = "",
) -> None: ...


@command("role end", "End a role", example="/role end Ana on 12 May", registry=OTHERS)
def role_end(
    ctx: object,
    person: Annotated[str, OnePerson(ask="Who?")],
    day: Annotated[date | None, Day("future", lead=("on",))] = None,
) -> None: ...


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("invite MecaTech member", {"organisation": "mecatech", "role": "member"}),
        ("invite Green-Tech Cluster advisor", {"organisation": "green-tech", "role": "advisor"}),
        ("invite Foobar member", {"organisation": "Foobar", "role": "member"}),
        ("activities mine 2", {"scope": "mine", "page": "2"}),
        ("activities 2", {"page": "2"}),
        ("activities", {}),
        ("activities -3", {"page": "-3"}),
        ("event new Pumps 8 December 14:00", {"title": "Pumps", "when": "2026-12-08T13:00:00Z"}),
        ("event new Pumps tomorrow at 9", {"title": "Pumps", "when": "2026-11-23T08:00:00Z"}),
        ("event new Pumps 8 December", {"title": "Pumps", "when": "8 December"}),
        ("vote 7 for because it helps", {"motion": "7", "side": "for", "reason": "it helps"}),
        ("vote motion 7 against", {"motion": "7", "side": "against"}),
        ("role end Ana on 1 December", {"person": "3", "day": "2026-12-01"}),
        ("role end An on 1 December", {"person": "An", "day": "2026-12-01"}),
    ],
)
def test_options_in_order(line: str, expected: dict[str, str]) -> None:
    known, rest = OTHERS.find("/" + line)
    assert known is not None
    now = Reading(
        reading().now, organisations=ORGANISATIONS, persons=(Known("3", ("Ana",)), Known("4", ("Marie",)))
    )
    assert read(known, rest, now).arguments == expected


PIECES = (
    "on with smes link workshop proposal 12 May 31 Feb friday last yesterday 12/5 1/2 CIMES , and MecaTech "
    "\" “ ” ' « » http://x https://example.org 3 days ago the of -3 10^9 é \u202e \u200d 😀 \n /log with: on:"
)
WORDS = st.sampled_from(PIECES.split(" "))


@given(
    st.text(max_size=80) | st.lists(WORDS, max_size=14).map(" ".join), st.sampled_from(["en", "fr", "xx", ""])
)
def test_any_text_ends_in_values_a_question_or_a_polite_no(text: str, language: str) -> None:
    for one in (*OTHERS.all(), LOG):
        now = reading(language)
        found = read(one, text, now)
        assert all(isinstance(words, str) and words for words in found.arguments.values())
        answer: Ask | Refusal | None = None
        values = {}
        try:
            values = fill(one, found.arguments, now)
        except (Ask, Refusal) as given_back:
            answer = given_back
        if answer:
            assert one.option(answer.option) is not None
        else:
            assert set(values) == {option.parameter for option in one.options}


@given(st.lists(WORDS, min_size=1, max_size=8).map(" ".join))
def test_a_quoted_title_is_kept_to_the_letter(words: str) -> None:
    title = " ".join("".join(sign for sign in words if sign not in "\"“”„«»‘’'").split())
    if title:
        found = typed(f'workshop "{title}" on 12 May').arguments
        assert found == {"kind": "workshop", "title": title, "day": "2026-05-12"}


def test_long_lines_of_lead_words_stay_cheap_enough_to_finish() -> None:
    for word in ("with ", "on ", "with CIMES ", "and ", '"', "«", "12 ", "link:", "smes "):
        found = typed("workshop Pumps with CIMES and " + word * (10_000 // len(word)))
        assert found.arguments["kind"] == "workshop"


def test_a_time_alone_is_the_next_one() -> None:
    now = Reading(datetime(2026, 11, 22, 12, tzinfo=UTC))
    assert fill(OTHERS.get("event new"), {"title": "x", "when": "12:30"}, now)["when"] == datetime(
        2026, 11, 23, 11, 30, tzinfo=UTC
    )
