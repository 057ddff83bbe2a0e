"""What comes back by mail, read without trust."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.email.reports import Bounce, CalendarAnswer, read_report
from tests.mail_reports import calendar_answer, complaint, letter_from, not_delivered

ABOUT = "<5c1b@alliance.example.org>"
ANNA = "anna@example.org"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("5.1.1", "hard"),
        ("5.4.1", "hard"),
        ("5.0.0", "hard"),
        ("5.1.10", "hard"),
        ("5.1.8", "ours"),
        ("5.1.90", "ours"),
        ("5.5.0", "soft"),
        ("5.2.2", "soft"),
        ("5.7.1", "soft"),
        ("4.4.7", "soft"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_that_did_not_arrive(status: str, kind: str, whole: bool) -> None:
    found = read_report(not_delivered(ABOUT, status, whole=whole))
    assert isinstance(found, Bounce)
    assert (found.kind, found.about, found.id) == (kind, (ABOUT,), "<d1@mx.test>")
    assert found.says == f"{status} 550 {status} No such user"
    assert found.to == (ANNA,)


def test_a_status_that_says_little_is_read_by_its_words() -> None:
    found = read_report(not_delivered(ABOUT, "5.0.0", says="Blocked, see https://x.test/?ip=5.1.1"))
    assert isinstance(found, Bounce)
    assert found.kind == "soft"
    plain = not_delivered(ABOUT, "5.0.0").replace(b"smtp; 550 5.0.0 No such user", b"smtp; 550 5.1.1 <x> no")
    found = read_report(plain)
    assert isinstance(found, Bounce)
    assert found.kind == "hard"


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_mail_that_is_on_its_way_is_no_news(action: str) -> None:
    assert read_report(not_delivered(ABOUT, "4.4.7", action)) is None


def test_a_complaint() -> None:
    assert read_report(complaint(ABOUT)) == Bounce("<f1@provider.test>", "complaint", (ABOUT,))
    assert read_report(complaint(ABOUT, "not-spam")) is None


@pytest.mark.parametrize(
    ("said", "wish"), [("ACCEPTED", "going"), ("TENTATIVE", "maybe"), ("DECLINED", "no")]
)
def test_a_calendar_answers(said: str, wish: str) -> None:
    found = read_report(calendar_answer("e1@x", said, ANNA, replies_to=ABOUT))
    assert found == CalendarAnswer("<c1@example.org>", "e1@x", wish, ANNA, (ABOUT,))


def test_calendars_that_are_not_listened_to() -> None:
    assert read_report(calendar_answer("e1@x", "NEEDS-ACTION", ANNA)) is None
    assert read_report(calendar_answer("e1@x", "ACCEPTED", "eve@example.org", attendee=ANNA)) is None
    one_of_many = "RECURRENCE-ID:20261208T140000Z\n"
    assert read_report(calendar_answer("e1@x", "DECLINED", ANNA, more=one_of_many)) is None


def test_who_says_that_a_calendar_is_its_senders() -> None:
    for failing in ("dmarc=fail header.from=example.org", "spf=fail; dmarc=none", "dkim=hardfail"):
        checked = f"mx.alliance.example.org; {failing}"
        assert read_report(calendar_answer("e1@x", "ACCEPTED", ANNA, checked=checked)) is None
        below = b"Authentication-Results: mx.test; dmarc=pass\r\n"
        assert read_report(below + calendar_answer("e1@x", "ACCEPTED", ANNA, checked=checked)) is None
        named = read_report(calendar_answer("e1@x", "ACCEPTED", ANNA, checked=checked, replies_to=ABOUT))
        assert isinstance(named, CalendarAnswer)
        assert named.forged
    for checked, checker in (
        ("MX.alliance.example.org; dkim=pass; dmarc=pass header.from=example.org", "mx.alliance.example.org"),
        ("mx.alliance.example.org; dkim=pass; dmarc=none", ""),
        ("mx.alliance.example.org; dmarc=none (say dmarc=pass)", ""),
        ("", ""),
    ):
        found = read_report(calendar_answer("e1@x", "ACCEPTED", ANNA, checked=checked))
        assert isinstance(found, CalendarAnswer)
        assert (found.checker, found.forged) == (checker, False)


def test_everything_else_is_left_alone() -> None:
    away = "Auto-Submitted: auto-replied\nIn-Reply-To: <5c1b@alliance.example.org>\n"
    assert read_report(letter_from(ANNA, "I am away until Monday.", away)) is None
    assert read_report(letter_from(ANNA, "Please unsubscribe me.")) is None
    assert read_report(b"") is None


def test_a_report_without_a_name_of_its_own_is_known_by_what_it_says() -> None:
    without = not_delivered(ABOUT).replace(b"Message-ID: <d1@mx.test>\r\n", b"")
    found, again = read_report(without), read_report(without)
    assert isinstance(found, Bounce)
    assert found == again
    assert len(found.id) == 32
    assert found.about == (ABOUT,)


SOURCES = (not_delivered(ABOUT), complaint(ABOUT), calendar_answer("e1@x", "ACCEPTED", ANNA))


@given(st.sampled_from(SOURCES), st.integers(0, 2500), st.binary(max_size=40), st.integers(0, 60))
def test_whatever_is_broken_in_a_mail_says_at_most_less(source: bytes, at: int, put: bytes, cut: int) -> None:
    try:
        found = read_report(source[:at] + put + source[at + cut :])
    except Exception:  # the mailbox goes on: it reads each mail by itself
        return
    if isinstance(found, Bounce):
        assert found.kind in ("hard", "soft", "complaint", "ours")
        assert all(one.startswith("<") and one.endswith(">") for one in found.about)
    elif found is not None:
        assert found.wish in ("going", "maybe", "no")


def test_a_mail_as_large_as_a_house_is_read_in_its_beginning_only() -> None:
    assert isinstance(read_report(not_delivered(ABOUT) + b"x" * 3_000_000), Bounce)
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000)
    )
    with contextlib.suppress(RecursionError):
        assert read_report(deep) is None
