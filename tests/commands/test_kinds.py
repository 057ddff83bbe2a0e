"""Kinds read and write values; commands are filled; forms show what was given."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import (
    Day,
    FileRef,
    Kind,
    Link,
    LongText,
    Moment,
    Number,
    OneMotion,
    OneOf,
    Organisations,
    Text,
    fill,
    form_fields,
    one_line,
    write,
)
from bot.messages import Ask, Choice, Field, Refusal
from tests.commands.alliance import KINDS, LINE, LOG, ORGANISATIONS, reading, typed

NOW = reading()
SLUGS = [one.value for one in ORGANISATIONS]
VALUES: list[tuple[Kind, st.SearchStrategy[Any]]] = [
    (Text(), st.text(max_size=100).map(one_line)),
    (LongText(), st.lists(st.text(max_size=20).map(one_line).filter(bool), max_size=5).map("\n".join)),
    (Number(), st.integers(0, 100_000)),
    (Day("past"), st.dates(date(2000, 1, 1), date(2100, 12, 31))),
    (Moment("future"), st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30), timezones=st.just(UTC))),  # noqa: DTZ001
    (OneOf("activity_kinds"), st.sampled_from([one.value for one in KINDS])),
    (OneOf(KINDS), st.sampled_from([one.value for one in KINDS])),
    (Organisations(), st.lists(st.sampled_from(SLUGS), min_size=1, unique=True).map(tuple)),
    (OneMotion(), st.integers(0, 10**9 - 1).map(str)),
    (Link(), st.sampled_from(["https://example.org", "http://example.org:8080/a?b=c#d", "https://bücher.example/ü"])),
    (FileRef(), st.sampled_from(["F024BERPE", "BQACAgIAAxkB-_x"])),
]  # fmt: skip


@given(st.data())
@pytest.mark.parametrize(("kind", "values"), VALUES, ids=lambda kind: type(kind).__name__)
def test_what_is_written_reads_as_the_same_value(
    kind: Kind, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    value = data.draw(values)
    assert kind.read(write(kind, value), NOW, "it") == value


def refused(kind: Kind, text: str) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refusal) as no:
        kind.read(text, NOW, "it")
    assert no.value.option == "it"
    return no.value.code, dict(no.value.values)


@pytest.mark.parametrize("text", ["-3", "3.5", "10^9", "1,000", "twelve", "0x10", "²", "1e3"])
def test_numbers_are_whole(text: str) -> None:
    assert refused(Number(), text) == ("number_unclear", {"text": text, "least": 0, "most": 100_000})


def test_numbers_have_bounds() -> None:
    assert refused(Number(), "1" * 5000)[0] == "number_too_big"
    assert refused(Number(), "100001")[0] == "number_too_big"
    assert refused(Number(least=1), "0")[0] == "number_too_small"
    assert Number().read(" 007 ", NOW, "it") == 7


@pytest.mark.parametrize(
    "text",
    ["example.org", "ftp://example.org", "javascript:alert(1)", "https://", "https:///x", "http://[::1",
     "mailto:a@b", "https://example.org@evil.example", "https://example.org:port", "https://exa mple.org",
     "https://x/" + "y" * 2000, "https:\\\\example.org", "data:text/html,x"],
)  # fmt: skip
def test_links_are_web_addresses(text: str) -> None:
    assert refused(Link(), text) == ("link_unclear", {"text": text[:80]})


def test_text_is_tidied_but_every_script_stays() -> None:
    read = Text().read
    assert read("  Green \n hydrogen\t101 ", NOW, "it") == "Green hydrogen 101"
    assert read("e\u0301te\u0301", NOW, "it") == "été"
    assert read("\u202eevil\u202c \u2066x\u2069 \x00\x07", NOW, "it") == "evil x"
    assert read("מימן ירוק ‏", NOW, "it").startswith("מימן ירוק")
    assert read("z\u0335\u0334\u0321", NOW, "it") == "z\u0335\u0334\u0321"
    assert read("👩\u200d🔧 <!channel> <b>&amp;", NOW, "it") == "👩\u200d🔧 <!channel> <b>&amp;"
    assert read("\ud800x", NOW, "it") == "x"
    assert read("\u200b\u202e \u2069", NOW, "it") == ""
    assert LongText().read(" a \r\n\n\n\n b  c ", NOW, "it") == "a\n\nb c"


def test_text_too_long_says_how_long() -> None:
    assert refused(Text(), "x" * 10_000) == ("text_too_long", {"most": 200, "length": 10_000})


def test_an_unknown_choice_names_the_nearest() -> None:
    labels = ["workshop", "webinar", "training", "project proposal", "policy workshop"]
    assert refused(OneOf("activity_kinds"), "workshp") == (
        "choice_unknown",
        {"text": "workshp", "suggestion": "workshop", "label": "workshop", "labels": labels,
         "sentence": False, "what": ""},
    )  # fmt: skip
    assert refused(OneOf("activity_kinds"), "party")[1]["suggestion"] == ""
    assert refused(OneOf("activity_kinds"), "I really do not know that")[1]["sentence"]


@pytest.mark.parametrize("text", ["24 dec", "24 December", "24/12", "23 to 24 Dec"])
def test_a_day_long_ago_or_soon_is_asked_about(text: str) -> None:
    with pytest.raises(Ask) as ask:
        Day("past").read(text, NOW, "day")
    assert (ask.value.option, ask.value.template, ask.value.free) == ("day", "day_which", False)
    assert ask.value.values == {"one": "Wed 24 Dec 2025", "other": "Thu 24 Dec 2026"}
    assert ask.value.choices == (
        Choice("24 Dec 2025", {"day": "2025-12-24"}), Choice("24 Dec 2026", {"day": "2026-12-24"}),
    )  # fmt: skip


@pytest.mark.parametrize("text", ["24 Dec 2025", "24/12/26", "12 May", "1 March", "22 Nov", "yesterday"])
def test_a_day_that_is_clear_is_not_asked_about(text: str) -> None:
    assert Day("past").read(text, NOW, "day")
    assert Day("future").read("24 Dec", NOW, "day") == date(2026, 12, 24)


def test_what_is_given_is_refused_before_what_is_missing_is_asked() -> None:
    with pytest.raises(Refusal, match="day_unclear"):
        fill(LOG, {"day": "31 Feb"}, NOW)
    with pytest.raises(Refusal, match="day_unclear"):
        fill(LOG, {"kind": "workshop", "with": "pole", "day": "31 Feb"}, NOW)
    with pytest.raises(Ask, match="organisation_which"):
        fill(LOG, {"with": "pole"}, NOW)


def test_the_first_missing_option_is_asked_with_its_choices() -> None:
    with pytest.raises(Ask) as ask:
        fill(LOG, {"title": "Pumps"}, NOW)
    assert (ask.value.option, ask.value.template, ask.value.free) == ("kind", "question", True)
    assert ask.value.values == {"question": "What was it?", "hint": ""}
    assert ask.value.choices[3] == Choice("project proposal", {"kind": "project-proposal"})
    with pytest.raises(Ask) as ask:
        fill(LOG, {"kind": "workshop", "title": " \u202e "}, NOW)
    assert (ask.value.option, ask.value.choices) == ("title", ())


def test_defaults_fill_what_is_left_out() -> None:
    assert fill(LOG, {"kind": "atelier", "title": "Pumps", "day": "", "unknown": "x"}, NOW) == {
        "kind": "workshop", "title": "Pumps", "day": date(2026, 11, 22), "with_": (), "smes": "", "link": "",
        "duplicate": "",
    }  # fmt: skip
    assert fill(LOG, {"kind": "workshop", "title": "x", "duplicate": "yes"}, NOW)["duplicate"] == "yes"


def test_a_form_shows_what_was_given() -> None:
    fields = form_fields(LOG, typed(LINE).arguments, NOW)
    assert [(one.option, one.kind, one.value, one.required) for one in fields] == [
        ("kind", "choice", "workshop", True),
        ("title", "text", "Green hydrogen 101", True),
        ("day", "day", "2026-05-12", False),
        ("with", "choices", "mecatech,cimes", False),
        ("smes", "text", "12", False),
        ("link", "link", "https://example.org/hydrogen", False),
    ]
    assert fields[3].options[:2] == (("cimes", "CIMES"), ("emc2", "Pôle EMC2"))
    assert [one.label for one in fields] == ["Kind", "Title", "Day", "With", "Smes", "Link"]


def test_a_form_leaves_pickers_empty_where_the_text_is_not_understood() -> None:
    given_so_far = {"kind": "workshp", "day": "31 Feb", "with": "CIMES,Foobar", "link": "nowhere"}
    values = {one.option: one.value for one in form_fields(LOG, given_so_far, NOW)}
    assert values == {"kind": "", "title": "", "day": "", "with": "cimes", "smes": "", "link": "nowhere"}
    assert form_fields(LOG, {}, NOW)[2] == Field("day", "Day", "day", "2026-11-22", required=False)
    bare = form_fields(LOG, {"with": "CIMES"}, reading().__class__(NOW.now))[3]
    assert (bare.kind, bare.value, bare.options) == ("text", "CIMES", ())


@given(st.dictionaries(st.sampled_from([option.name for option in LOG.options]), st.text(max_size=30)))
def test_no_arguments_break_a_form(arguments: dict[str, str]) -> None:
    for one in form_fields(LOG, arguments, NOW):
        assert one.kind != "choice" or one.value in ("", *(value for value, _ in one.options))
