"""Slack's own notation, read; and forms written so that Slack takes them, whatever they are filled with."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Field, Form
from bot.platforms.slack.forms import Origin, answers_of, form_view, read_origin, write_origin
from bot.platforms.slack.incoming import readable
from tests.platforms.slack_scene import log_form
from tests.servers.slack.rules import faults_of_view


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@UBOT> log x", "log x"),
        ("ask <@UBOT|charterbot>", "ask"),
        ("with <@U0002>", "with @U0002"),
        ("with <@U0002|ben>", "with @ben"),
        ("in <#C1|general>", "in #general"),
        ("in <#C1>", "in #C1"),
        ("<!here> and <!channel>", "@here and @channel"),
        ("<!subteam^S1|@board>", "@board"),
        ("<!date^1700000000^{date}|14 Nov>", "14 Nov"),
        ("link <https://example.org/a?b=1&amp;c=2>", "link https://example.org/a?b=1&c=2"),
        ("see <http://example.org|example.org>", "see example.org"),
        ("see <https://example.org/|the report>", "see the report https://example.org/"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("2 &lt; 3 &amp;&amp; &gt;", "2 < 3 && >"),
        ("&lt;@U0002&gt;", "<@U0002>"),
        ("<b>", "<b>"),
        ("  two  words ", "two  words"),
        ("no\x00thing \ud83d half", "nothing  half"),
    ],
)
def test_slacks_notation_is_read_as_people_type(written: str, read: str) -> None:
    assert readable(written, "UBOT") == read


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(readable(text, "UBOT"), str)


def test_a_form_becomes_a_modal() -> None:
    view = form_view(log_form(kind="workshop", day="2026-11-20"), Origin("d1", "C1", "1.1", "https://r"))
    assert faults_of_view(view) == []
    assert view["title"]["text"] == "Log an activity"
    assert view["blocks"][0]["text"]["text"] == "What did you _do_?"
    by_name = {block["block_id"]: block for block in view["blocks"][1:]}
    assert {name: block["element"]["type"] for name, block in by_name.items()} == {
        "kind": "static_select",
        "title": "plain_text_input",
        "day": "datepicker",
        "with": "multi_static_select",
        "smes": "number_input",
        "link": "url_text_input",
    }
    assert by_name["kind"]["element"]["initial_option"]["text"]["text"] == "Workshop"
    assert by_name["day"]["element"]["initial_date"] == "2026-11-20"
    assert [name for name, block in by_name.items() if block["optional"]] == ["with", "smes", "link"]
    assert by_name["smes"]["hint"]["text"] == "How many took part"


def test_more_choices_than_slack_shows_are_typed() -> None:
    many = tuple((str(number), f"Number {number}") for number in range(101))
    fields = (Field("which", "Which", "choice", "7", options=many), Field("none", "None", "choices"))
    view = form_view(Form("d", "Title", "OK", "No", fields), Origin("d"))
    assert [block["element"]["type"] for block in view["blocks"]] == ["plain_text_input"] * 2
    assert faults_of_view(view) == []


def test_a_moment_is_shown_and_comes_back_in_utc() -> None:
    field = Field("start", "Start", "moment", "2026-12-08T14:00:00+01:00")
    [block] = form_view(Form("d", "Title", "OK", "No", (field,)), Origin("d"))["blocks"]
    stamp = block["element"]["initial_date_time"]
    values = {"start": {"value": {"type": "datetimepicker", "selected_date_time": stamp}}}
    assert answers_of({"state": {"values": values}}) == {"start": "2026-12-08T13:00:00+00:00"}


def test_where_a_form_was_asked_for_travels_with_it() -> None:
    origin = Origin("d1", "C1", "1.1", "https://hooks.example.org/" + "x" * 80)
    assert read_origin(write_origin(origin)) == origin
    long = Origin("d1", "C1", "1.1", "https://hooks.example.org/" + "x" * 3000)
    assert read_origin(write_origin(long)) == Origin("d1", "C1", "1.1")


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"draft": ""}', '{"draft": "d", "more": 1}', "null"])
def test_a_form_that_is_not_ours_is_known(text: str) -> None:
    assert read_origin(text) is None


fields = st.builds(
    Field,
    option=st.just("it"),
    label=st.text(max_size=2100),
    kind=st.sampled_from(["text", "long", "number", "day", "moment", "choice", "choices", "link"]),
    value=st.one_of(
        st.text(max_size=3100),
        st.sampled_from(
            ["2026-11-20", "2026-02-31", "1e3", "٣", "-4", "12", "0001-01-01T00:00:00+00:00", "a,b"]
        ),
        st.datetimes().map(lambda moment: moment.isoformat()),
        st.dates().map(lambda day: day.isoformat()),
    ),
    required=st.booleans(),
    hint=st.text(max_size=2100),
    options=st.sampled_from([(), (("a", "A"), ("b", "B" * 80)), tuple((str(n), "x") for n in range(120))]),
)
words = st.text(max_size=60)


@settings(max_examples=150, deadline=None)
@given(field=fields, title=words, submit=words, cancel=words)
def test_slack_takes_every_form(field: Field, title: str, submit: str, cancel: str) -> None:
    view: dict[str, Any] = form_view(Form("d1", title, submit, cancel, (field,)), Origin("d1", "C1"))
    assert faults_of_view(view) == []
