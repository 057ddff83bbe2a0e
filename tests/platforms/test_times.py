"""Moments that people in several zones read: the event's own time, and UTC as a link that Slack turns into
each reader's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.platforms.markup import plain_text, slack_blocks, telegram_text, terminal_text
from bot.platforms.markup.parsing import parse
from bot.templating import Templates, escape
from tests.world import plain

LINE = "{% trans at=starts|in_zone(zone), utc=starts|utc_time(zone) %}{{ at }} ({{ utc }}){% endtrans %}"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DECEMBER, MIDNIGHT = "2026-12-08T14:00:00+00:00", "2027-07-08T23:30:00+00:00"
HOSTILE = st.text(alphabet="[]()<>!^|{}\\:time0123456789 \n*_`~")


def said(folder: Path, starts: str, zone: str, language: str = "en", reader: str = "Europe/Brussels") -> str:
    (folder / "chat").mkdir(exist_ok=True)
    (folder / "chat/it.md.j2").write_text(LINE)
    return Templates(folder).render("it", {"starts": starts, "zone": zone}, language, reader, NOW)


@pytest.mark.parametrize(
    ("starts", "zone", "says"),
    [
        (DECEMBER, "Europe/Paris", "Tue 8 Dec, 15:00 CET (14:00 UTC)"),
        (DECEMBER, "Europe/Lisbon", "Tue 8 Dec, 14:00 WET (14:00 UTC)"),
        (DECEMBER, "Europe/Istanbul", "Tue 8 Dec, 17:00 UTC+3 (14:00 UTC)"),
        (DECEMBER, "America/Sao_Paulo", "Tue 8 Dec, 11:00 UTC-3 (14:00 UTC)"),
        (DECEMBER, "Asia/Kathmandu", "Tue 8 Dec, 19:45 UTC+5:45 (14:00 UTC)"),
        (DECEMBER, "UTC", "Tue 8 Dec, 14:00 UTC (14:00 UTC)"),
        (MIDNIGHT, "Europe/Riga", "Fri 9 Jul 2027, 02:30 EEST (Thu 8 Jul 2027, 23:30 UTC)"),
    ],
)
def test_a_moment_in_the_zone_of_the_event_and_in_utc(
    tmp_path: Path, starts: str, zone: str, says: str
) -> None:
    text = said(tmp_path, starts, zone, reader="Europe/Riga")
    assert plain_text(text) == telegram_text(text)[0][0] == terminal_text(text, colour=False) == says
    assert telegram_text(text)[0][1] == []
    assert plain(slack_blocks(text)[0][0]["text"]["text"]) == says


def test_slack_shows_it_in_each_readers_own_zone(tmp_path: Path) -> None:
    blocks, fallback = slack_blocks(said(tmp_path, DECEMBER, "Europe/Paris"))
    token = "<!date^1796738400^{date_short}, {time}|14:00 UTC>"
    assert blocks[0]["text"]["text"] == f"Tue 8 Dec, 15:00 CET ({token})"
    assert fallback == "Tue 8 Dec, 15:00 CET (14:00 UTC)"
    (block,) = slack_blocks("**[a|b <&> c](time:12)** [x](time:1^2) [y](time:x)")[0]
    assert block["text"]["text"] == "*<!date^12^{date_short}, {time}|a b &lt;&amp;&gt; c>* x y"
    assert "8 de dez., 15:00 CET" in said(tmp_path, DECEMBER, "Europe/Paris", "pt")


@given(HOSTILE)
@example("[14:00 UTC](time:1796738400)")
@example("<time:1796738400>")
@example("<!date^1796738400^{time}|now>")
@example("\\[a](time:1)")
def test_nothing_that_a_member_types_becomes_a_moment(typed: str) -> None:
    for markdown in (escape(typed), f"*{escape(typed)}* [b]", f"[{escape(typed)}]"):
        assert not [span for span in parse(markdown, 60).spans if span.url.startswith("time:")]
        assert all("<!" not in block["text"]["text"] for block in slack_blocks(markdown)[0])
