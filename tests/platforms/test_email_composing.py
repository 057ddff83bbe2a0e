"""What a mail looks like: MIME that every mail program takes, in words that everybody can read."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from bot.messages import Attachment, Key, Mail, Message
from bot.platforms.email.addresses import Sender
from bot.platforms.email.composing import composed, new_message_id
from bot.platforms.email.letters import Written
from bot.platforms.email.wording import Letterhead, subject_of, worded
from bot.templating.pages import Pages
from tests.servers.mail import Mail as Sent

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PAGES = Pages(ROOT / "templates")
HEAD = Letterhead(Sender("Green Alliance", "bot@alliance.example.org"), PAGES, "https://bot.example.org")
LETTER = Written("t0ken", name="Anna Bērziņa")
INVITATION = "\r\n".join(
    (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", "METHOD:{method}", "BEGIN:VEVENT", "UID:e1@x",
        "DTSTAMP:20261124T093000Z", "DTSTART:20261208T140000Z", "SUMMARY:Grüner Wasserstoff — „101“",
        "END:VEVENT", "END:VCALENDAR", "",
    )
)  # fmt: skip


def mailed(message: Message, head: Letterhead = HEAD, name: str = "", **more: Any) -> Sent:
    """The message as Anna's mail program gets it."""
    raw = composed(
        head,
        worded(head, message, LETTER, NOW),
        to="anna@example.org",
        name=name or LETTER.name,
        message_id=new_message_id("alliance.example.org"),
        now=NOW,
        file=message.file,
        mail=message.mail,
        **more,
    )
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998  # RFC 5322, 2.1.1
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return Sent("", "anna@example.org", raw)


def shape(part: Any) -> Any:
    """The types of a mail's parts, as they stand in each other."""
    kind = part.get_content_type()
    return (kind, [shape(one) for one in part.iter_parts()]) if part.is_multipart() else kind


def test_words_stand_as_text_and_as_html() -> None:
    read = "[Read](https://a.example/x?a=1&b=2)"
    said = f"✓ Logged: *Mould recycling* · **2 of 2**\n\nIt counts. {read}\nÄ & <b>no</b>"
    mail = mailed(Message(said))
    assert shape(mail.parsed) == ("multipart/alternative", ["text/plain", "text/html"])
    assert mail.subject == "✓ Logged: Mould recycling · 2 of 2"
    assert mail.lines[1] == "It counts. Read (https://a.example/x?a=1&b=2)"
    assert mail.lines[2] == "Ä & <b>no</b>"
    assert "&lt;b&gt;no&lt;/b&gt;" in mail.html
    assert mail.links["Read"] == "https://a.example/x?a=1&b=2"
    assert '<html lang="en">' in mail.html
    assert str(mail.parsed["To"]) == "Anna Bērziņa <anna@example.org>"
    for never in ("<script", "http://", 'src="http', "@import", "url("):
        assert never not in mail.html


def test_taps_are_buttons_in_html_and_one_link_in_text() -> None:
    keys = (Key("For", "a"), Key("Against", "b"), Key("Read it", url="https://bot.example.org/m/7"))
    mail = mailed(Message("Motion 7.", keys))
    page = "https://bot.example.org/letter/t0ken"
    assert {name: mail.links[name] for name in ("For", "Against", "Read it")} == {
        "For": f"{page}?pick=0", "Against": f"{page}?pick=1", "Read it": "https://bot.example.org/m/7",
    }  # fmt: skip
    assert mail.lines == [
        "Motion 7.",
        "To answer (For · Against), open your page:",
        page,
        "Read it:",
        "https://bot.example.org/m/7",
        "--",
        "That page is yours alone.",
        "Nobody reads replies to this mail.",
        "Green Alliance",
    ]


def test_who_answers_and_where_it_comes_from() -> None:
    head = Letterhead(
        HEAD.sender, PAGES, HEAD.public_url, "office@alliance.example.org", "Rue Example 1, Brussels"
    )
    mail = mailed(
        Message("News.", mail=Mail("December & more", True, "w0rd", "news.alliance.example.org")), head
    )
    assert mail.header("Reply-To") == "office@alliance.example.org"
    assert mail.lines == [
        "Green Alliance", "News.", "--", "Replies go to office@alliance.example.org.",
        "Unsubscribe: https://bot.example.org/unsubscribe/w0rd", "Green Alliance · Rue Example 1, Brussels",
    ]  # fmt: skip
    assert mail.header("List-Id") == "<news.alliance.example.org>"
    assert "<title>December &amp; more</title>" in mail.html
    plain = mailed(Message("A vote."), head)
    assert "Rue Example" not in plain.text + plain.html
    assert plain.header("List-Unsubscribe") == plain.header("List-Unsubscribe-Post") == ""


def test_an_encoded_word_stays_the_words_that_were_typed() -> None:
    mail = mailed(Message(f"Logged: {ENCODED}"), name=ENCODED)
    assert mail.subject == "Logged: = ?utf-8?b?eA0KQmNjOiBldmVAZXhhbXBsZS5vcmcNCg0KPGgxPlBheTwvaDE+?="
    assert mail.header("Bcc") == ""
    assert mail.parsed.get_content_type() == "multipart/alternative"


def test_a_question_leads_to_the_page_where_it_is_answered() -> None:
    said = Message("Which address do you read?", (Key("Cancel", "a"),))
    words = worded(HEAD, said, replace(LETTER, asks=True), NOW)
    assert "To answer, open your page:\nhttps://bot.example.org/letter/t0ken\n" in words.text
    assert 'href="https://bot.example.org/letter/t0ken"' in words.html
    assert ">Answer</a>" in words.html


def test_an_invitation_can_be_answered_in_the_mail_program() -> None:
    text = INVITATION.format(method="REQUEST")
    mail = mailed(Message("You're invited.", file=Attachment("event-1.ics", "text/calendar", text)))
    assert shape(mail.parsed) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    part = mail.part("text/calendar")
    assert (part.get_param("method"), part.get_content_charset()) == ("REQUEST", "utf-8")
    assert part.get_payload(decode=True) == mail.files["event-1.ics"] == text.encode()
    assert Calendar.from_ical(mail.files["event-1.ics"].decode())["METHOD"] == "REQUEST"


def test_a_calendar_to_keep_is_only_attached() -> None:
    text = INVITATION.format(method="PUBLISH")
    mail = mailed(Message("You're going.", file=Attachment("event-1.ics", "text/calendar", text)))
    assert shape(mail.parsed) == (
        "multipart/mixed", [("multipart/alternative", ["text/plain", "text/html"]), "text/calendar"],
    )  # fmt: skip
    assert mail.files == {"event-1.ics": text.encode()}


def test_a_picture_stands_in_the_mail_itself() -> None:
    image = io.BytesIO()
    Image.new("RGB", (20, 10), "green").save(image, "PNG")
    alt = 'Eight people, "our" stand'
    mail = mailed(
        Message("We met.", file=Attachment("grüppe.png", "image/png", content=image.getvalue(), alt=alt))
    )
    assert shape(mail.parsed) == (
        "multipart/alternative", ["text/plain", ("multipart/related", ["text/html", "image/png"])],
    )  # fmt: skip
    part = mail.part("image/png")
    assert part["Content-ID"] == "<picture>"
    assert part.get_payload(decode=True) == image.getvalue()
    assert '<img src="cid:picture" alt="Eight people, &#34;our&#34; stand"' in mail.html
    assert f"In the picture: {alt}" in mail.lines


def test_a_document_is_attached() -> None:
    file = Attachment("Übersicht – 2026.pdf", "application/pdf", content=b"%PDF-1.7\n\0\xff")
    assert mailed(Message("The report.", file=file)).files == {"Ubersicht-2026.pdf": b"%PDF-1.7\n\0\xff"}


def test_a_mail_that_follows_another() -> None:
    mail = mailed(Message("A correction."), reply_to="<abc@alliance.example.org>")
    assert (mail.header("In-Reply-To"), mail.header("References")) == ("<abc@alliance.example.org>",) * 2
    assert mailed(Message("Hello."), reply_to="1700000000.000100").header("In-Reply-To") == ""


def test_the_subject_is_the_first_line_without_its_marks() -> None:
    assert subject_of(Message("\n**Motion 7** is [carried](https://a.example/7): *Article 8*.\nMore")) == (
        "Motion 7 is carried: Article 8"
    )
    assert subject_of(Message("word " * 60)) == "word " * 23 + "word …"
    assert subject_of(Message("x", mail=Mail("December"))) == "December"
    assert subject_of(Message("")) == ""


ENCODED = "=?utf-8?b?eA0KQmNjOiBldmVAZXhhbXBsZS5vcmcNCg0KPGgxPlBheTwvaDE+?="  # x, Bcc: …, "", <h1>Pay</h1>
TYPED = st.one_of(
    st.text(max_size=120),
    st.lists(
        st.sampled_from(
            (ENCODED, "=?utf-8?q?x=0D=0ABcc:_eve=40example.org?=", "=", "?", "=?", "?=", "\0", "a ")
        ),
        max_size=6,
    ).map("".join),
)


@given(TYPED, TYPED, TYPED)
def test_nothing_that_anybody_types_becomes_a_header(subject: str, name: str, alt: str) -> None:
    nasty = "\r\nBcc: eve@example.org\r\n\r\n<script>alert(1)</script>"
    file = Attachment("a.png", "image/png", content=b"x", alt=alt + nasty)
    said = Message(subject + nasty, (Key(f"{alt}{nasty}"[:20], "a"),), file, mail=Mail(subject + nasty))
    mail = mailed(said, name=name + nasty)
    read = message_from_bytes(mail.raw, policy=default)
    assert isinstance(read, EmailMessage)
    assert set(read.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    for name in ("Subject", "To"):
        assert not {"\r", "\n"} & set(str(read[name]))
    (to,) = read["To"].addresses
    assert to.addr_spec == "anna@example.org"
    seen = _Tags()
    seen.feed(mail.html)
    assert "script" not in seen.tags
    assert seen.tags.count("a") == mail.html.count("<a ")


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
