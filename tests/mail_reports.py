"""What other people's mail servers and calendars send back, as they write it."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP


def not_delivered(
    about: str,
    status: str = "5.1.1",
    action: str = "failed",
    *,
    own_id: str = "<d1@mx.test>",
    whole: bool = True,
    to: str = "anna@example.org",
    says: str = "No such user",
) -> bytes:
    """A delivery status notification (RFC 3464) about the mail with this Message-ID, with the whole of it or
    only its headers: `to` is where it did not arrive, and the server there `says` why."""
    head = (
        f"From: bot@alliance.example.org\r\nTo: anna@example.org\r\nMessage-ID: {about}\r\nSubject: Hello\r\n"
    )
    returned = "message/rfc822" if whole else "text/rfc822-headers"
    return _crlf(
        f"""From: MAILER-DAEMON@mx.test (Mail Delivery System)
To: bot@alliance.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Message-ID: {own_id}
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

This is a MIME-encapsulated message.

--B1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test
Arrival-Date: Tue, 24 Nov 2026 09:30:00 +0000

Final-Recipient: rfc822; {to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} {says}

--B1
Content-Type: {returned}

{head}
Hello, Anna.

--B1--
"""
    )


def complaint(about: str, kind: str = "abuse") -> bytes:
    """A complaint (RFC 5965) about the mail with this Message-ID."""
    return _crlf(
        f"""From: <abusedesk@provider.test>
To: <bot@alliance.example.org>
Subject: FW: Hello
Message-ID: <f1@provider.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B2"

--B2
Content-Type: text/plain

This is an email abuse report.

--B2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1

--B2
Content-Type: message/rfc822

From: bot@alliance.example.org
To: anna@example.org
Message-ID: {about}
Subject: Hello

Hello, Anna.

--B2--
"""
    )


def calendar_answer(
    uid: str,
    said: str,
    sender: str,
    *,
    attendee: str = "",
    replies_to: str = "",
    more: str = "",
    own_id: str = "<c1@example.org>",
    checked: str = "",
) -> bytes:
    """What Outlook or Gmail sends for [Accept]: `said` is ACCEPTED, TENTATIVE or DECLINED."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Some//Calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20261124T100000Z
ORGANIZER:mailto:bot@alliance.example.org
ATTENDEE;PARTSTAT={said};CN=Somebody:mailto:{attendee or sender}
{more}SUMMARY:Accepted
END:VEVENT
END:VCALENDAR
"""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Somebody <{sender}>"
    mail["To"] = "bot@alliance.example.org"
    mail["Subject"] = "Accepted: an event"
    mail["Message-ID"] = own_id
    if replies_to:
        mail["In-Reply-To"] = replies_to
    if checked:
        mail["Authentication-Results"] = checked
    mail.set_content("Somebody has accepted.")
    text = calendar.replace("\n", "\r\n")
    mail.add_alternative(text, subtype="calendar", cte="base64", params={"method": "REPLY"})
    return mail.as_bytes()


def letter_from(sender: str, words: str, more: str = "") -> bytes:
    """Plain words of somebody."""
    return _crlf(f"From: {sender}\nTo: bot@alliance.example.org\nSubject: Re: Hello\n{more}\n{words}\n")


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
