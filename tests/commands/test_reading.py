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
    Organisations,
    Reading,
    Registry,
    Text,
    command,
    fill,
    read,
)
from bot.messages import Ask, Choice, Refusal
from tests.commands import alliance
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
        ("with MecaTech Green day 12 May", "Green day", "2026-05-12", {"with": "mecatech"}),
        ("with MecaTech and CIMES Green day", "Green day", None, {"with": "mecatech,cimes"}),
        ("With CIMES into the future", "With CIMES into the future", None, {}),
        ("Pumps from 3 May to 5 May", "Pumps", "2026-05-05", {}),
        ("Pumps on 3-5 May with CIMES", "Pumps", "2026-05-05", {"with": "cimes"}),
        ("3 SMEs coached on 5 May", "coached", "2026-05-05", {"smes": "3"}),
        ("Pumps, 12 SMEs, on 3 May", "Pumps", "2026-05-03", {"smes": "12"}),
        ("Pumps 12 SMEs yesterday", "Pumps", "2026-11-21", {"smes": "12"}),
        ("Help for 3 SMEs in Riga", "Help for 3 SMEs in Riga", None, {}),
        ("Phase 2 smes Acme, Bolt", "Phase 2", None, {"smes": "Acme, Bolt"}),
        ("Focus on 3D printing", "Focus on 3D printing", None, {}),
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
        ("Steel yesterdy", "yesterdy", "Yes, Sat 21 Nov", "2026-11-21", "Steel"),
        ("Steel yesterdy with CIMES", "yesterdy", "Yes, Sat 21 Nov", "2026-11-21", "Steel"),
        ("Steel on 12 septmber", "12 septmber", "Yes, Sat 12 Sep", "2026-09-12", "Steel"),
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


def test_a_slip_after_another_option_leaves_that_one_alone() -> None:
    found = typed("workshop Steel with CIMES yesterdy")
    assert found.arguments == {"kind": "workshop", "title": "Steel", "day": "2026-11-21", "with": "cimes"}
    assert found.doubt is not None
    assert found.doubt.choices == (Choice("Yes, Sat 21 Nov", {"day": "2026-11-21"}),)


@pytest.mark.parametrize(
    ("text", "title", "full"),
    [
        ("Pumps on 5 juin", "Pumps", "Pumps on 5 juin"),
        ("Pumps on 5 juin with CIMES", "Pumps", "Pumps on 5 juin"),
        ("Pumps on 5 juin with Fooland", "Pumps", "Pumps on 5 juin"),
        ("Pumps with CIMES on 5 juin", "Pumps", ""),
    ],
)
def test_a_day_that_is_none_is_not_swallowed_by_the_title(text: str, title: str, full: str) -> None:
    found = typed("workshop " + text)
    assert (found.arguments["title"], found.arguments["day"]) == (title, "5 juin")
    assert found.doubt is not None
    assert (found.doubt.option, found.doubt.template) == ("day", "refusals/day_unclear")
    assert found.doubt.values == {"text": "5 juin", "kept": True}
    part = Choice("Part of the title", {"title": full, "day": ""})
    assert found.doubt.choices == ((part,) if full else ())
    with pytest.raises(Refusal, match="day_unclear"):  # going on without an answer meets it again
        fill(LOG, found.arguments | {"with": ""}, reading())


def test_two_days_are_asked_about() -> None:
    for text in ("workshop Pumps on 3 May on 5 May", "3 May workshop Pumps on 5 May"):
        found = typed(text)
        assert found.arguments["title"] == "Pumps"
        assert found.doubt is not None
        assert found.doubt.template == "day_which"
        assert {choice.label: choice.arguments["day"] for choice in found.doubt.choices} == {
            "Sun 3 May": "2026-05-03", "Tue 5 May": "2026-05-05",
        }  # fmt: skip
    assert typed("workshop Pumps on 3 May on 3 May").doubt is None


@pytest.mark.parametrize(
    "text",
    [
        "12 May workshop Pumps with CIMES",
        "on 12 May with CIMES workshop Pumps",
        "with CIMES workshop on 12 May Pumps",
        "workshop Pumps on 12 May with CIMES",
    ],
)
def test_the_order_makes_no_difference(text: str) -> None:
    assert typed(text).arguments == {
        "kind": "workshop", "title": "Pumps", "day": "2026-05-12", "with": "cimes",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Pumps le 12 mai avec CIMES et EMC2"),
        ("it", "Pumps il 12 maggio con CIMES e EMC2"),
        ("pl", "Pumps dnia 12 maja z CIMES i EMC2"),
        ("pt", "Pumps em 12 de maio com CIMES e EMC2"),
        ("lv", "Pumps 12. maijā ar CIMES un EMC2"),
        ("de", "Pumps am 12. Mai mit CIMES und EMC2"),
        ("es", "Pumps el 12 de mayo con CIMES y EMC2"),
        ("ro", "Pumps pe 12 mai cu CIMES și EMC2"),
        ("fr", "Pumps on 12 May with CIMES and EMC2"),
    ],
)
def test_lead_words_without_a_catalogue(language: str, text: str) -> None:
    assert typed("workshop " + text, language=language).arguments == {
        "kind": "workshop", "title": "Pumps", "day": "2026-05-12", "with": "cimes,emc2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "option", "code"),
    [
        ("workshop Pumps on 1 March with Fraunhofer", "with", "organisation_unknown"),
        ("workshop Pumps 1 March with Fraunhofer", "with", "organisation_unknown"),
        ("workshop Pumps link https://example.org/a b", "link", "link_unclear"),
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
    assert typed("workshop Bombas no dia 12 de maio").arguments["title"] == "Bombas no dia 12 de maio"


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


@command("edit", "Change", example="/edit 12", registry=OTHERS)
def edit(
    ctx: object,
    activity: Annotated[int, Number(ask="Which?")],
    title: Annotated[str, Text(lead=("title",))] = "",
    kind: Annotated[str, OneOf((OneChoice("webinar", "webinar"),), lead=("kind",))] = "",
    day: Annotated[date | None, Day("past", lead=("day", "on"))] = None,
    with_: Annotated[tuple[str, ...], Organisations(lead=("with",))] = (),
    smes: Annotated[str, Text(lead=("smes",))] = "",
) -> None: ...


@command("figures", "See the figures", example="/figures", registry=OTHERS)
def figures(
    ctx: object,
    year: Annotated[int, Number(lead=("in",), least=2000, most=2100)] = 0,
    of: Annotated[str, OneOrganisation(lead=("of", "for"))] = "",
) -> None: ...


@pytest.mark.parametrize(
    ("line", "expected", "left"),
    [
        ("figures 2025", {"year": "2025"}, ""),
        ("figures CIMES", {"of": "cimes"}, ""),
        ("figures of CIMES", {"of": "cimes"}, ""),
        ("figures 2025 of CIMES", {"year": "2025", "of": "cimes"}, ""),
        ("figures 7", {}, "7"),
        ("figures blah blah", {}, "blah blah"),
        ("edit 7", {"activity": "7"}, ""),
    ],
)
def test_words_that_are_left_fill_what_they_plainly_are(
    line: str, expected: dict[str, str], left: str
) -> None:
    known, rest = OTHERS.find(line)
    assert known is not None
    found = read(known, rest, reading())
    assert (found.arguments, found.left) == (expected, left)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("edit 7 title CBAM input", {"activity": "7", "title": "CBAM input"}),
        ("edit 7 kind webinar", {"activity": "7", "kind": "webinar"}),
        ("edit 7 day 3 Oct", {"activity": "7", "day": "2026-10-03"}),
        ("edit 7 on 3 Oct", {"activity": "7", "day": "2026-10-03"}),
        ("edit 7 with emc2", {"activity": "7", "with": "emc2"}),
        ("edit 7 smes 12", {"activity": "7", "smes": "12"}),
        (
            "edit 7 title CBAM input on 3 Oct smes 12",
            {
                "activity": "7",
                "title": "CBAM input",
                "day": "2026-10-03",
                "smes": "12",
            },
        ),
        ("edit 7 on 5 juin", {"activity": "7", "day": "5 juin"}),
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


def test_a_time_alone_is_no_day_and_a_day_alone_no_time() -> None:
    now, new = Reading(datetime(2026, 11, 22, 12, tzinfo=UTC)), OTHERS.get("event new")
    with pytest.raises(Refusal) as dayless:
        fill(new, {"title": "x", "when": "14h"}, now)
    assert (dayless.value.code, dayless.value.option) == ("moment_dayless", "when")
    with pytest.raises(Refusal) as timeless:
        fill(new, {"title": "x", "when": "3 dec"}, now)
    assert (timeless.value.code, timeless.value.values["day"]) == ("moment_timeless", "2026-12-03")


def test_a_day_and_a_time_said_one_after_the_other_are_one_moment() -> None:
    now, when = Reading(datetime(2026, 11, 22, 12, tzinfo=UTC)), Moment("future")
    answers = [("3 dec", "14h"), ("14h", "3 dec"), ("3 dec", "at 2pm"), ("3 dec", "5 dec 14:00")]
    both = [when.read(when.beside(*answer, now), now, "when") for answer in answers]
    day = datetime(2026, 12, 3, 13, tzinfo=UTC)
    assert both == [day, day, day, day.replace(day=5)]
    assert when.beside("", "14h", now) == "14h"


@pytest.mark.parametrize(
    ("text", "title", "day", "others"),
    [
        ("workshop Circular packaging last thursday w/ MecaTech, 23 smes", "Circular packaging", "2026-11-19",
         {"with": "mecatech", "smes": "23"}),
        ("proposal LIFE Green 1.10. w/cimes", "LIFE Green", "2026-10-01", {"with": "cimes"}),
        ("workshop U-value 5 W/m2K yesterday", "U-value 5 W/m2K", "2026-11-21", {}),
        ("webinar on hydrogen yesterday", "hydrogen", "2026-11-21", {}),
        ("webinar On the way", "On the way", None, {}),
        ("we did a workshop on pumps yesterday with CIMES", "pumps", "2026-11-21", {"with": "cimes"}),
    ],
)  # fmt: skip
def test_words_as_they_are_typed_in_a_hurry(
    text: str, title: str, day: str | None, others: dict[str, str]
) -> None:
    found = typed(text)
    assert found.doubt is None
    kind = found.arguments.pop("kind")
    assert kind in ("workshop", "webinar", "project-proposal")
    expected = {"title": title, **({"day": day} if day else {}), **others}
    assert found.arguments == expected


def test_a_sentence_that_answers_what_it_was_called_is_no_title() -> None:
    log = alliance.REGISTRY.get("log")
    answers = ["we did a workshop on X", "We on the way", "on X"]
    titles = [read(log, words, reading(), {"kind": "workshop"}).arguments["title"] for words in answers]
    assert titles == ["X", "We on the way", "on X"]


@pytest.mark.parametrize("day", ["32 november", "31/11", "30/2", "32 November 2026"])
def test_a_day_that_no_calendar_has_is_asked_about(day: str) -> None:
    for text in (
        f"webinar Pumps {day}",
        f"webinar Pumps {day} with CIMES",
        f"webinar Pumps with CIMES {day}",
    ):
        found = typed(text)
        assert found.doubt is not None
        assert found.doubt.template == "refusals/day_unclear"
        assert (found.arguments["title"], found.arguments["day"]) == ("Pumps", day)
    assert [typed(f"webinar {title}").doubt for title in ("season 26/27", "Pumps 12/13", "open 365")] == [
        None
    ] * 3
