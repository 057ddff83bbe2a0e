"""Reading who came out of tables: what services export, what people paste, and what is no table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.rsvp.reading import MOST_ROWS, Attendee, mail_address, minutes_in, read_table

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 1234,Green hydrogen 101,12/08/2026 03:00:00 PM,12/08/2026 04:02:00 PM,ana@pool.example,62,4

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Ana Silva (Pool-Net),ana@pool.example,12/08/2026 03:00:00 PM,12/08/2026 03:30:00 PM,30,No
Ana Silva,Ana@Pool.example,12/08/2026 03:31:00 PM,12/08/2026 04:02:00 PM,31,No
Ana Silva,,12/08/2026 03:31:00 PM,12/08/2026 04:02:00 PM,1,No
"Dupont, Marie",,12/08/2026 03:00:00 PM,12/08/2026 04:02:00 PM,62,Yes
"""
ZOOM_WEBINAR = """Attended,User Name (Original Name),First Name,Last Name,Email,Time in Session (minutes)
Yes,Ana,Ana,Silva,ana@pool.example,45
No,Luc,Luc,Maes,luc@mecatech.example,--
"""
TEAMS = """1. Summary
Meeting title\tGreen hydrogen 101
Attended participants\t2
Meeting duration\t1h 2m 3s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Luc Maes\t12/8/26, 3:00:00 PM\t12/8/26, 4:02:03 PM\t1h 2m 3s\tluc@m.example\tluc@m.example\tOrganizer
Eva (Unverified)\t12/8/26, 3:00:00 PM\t12/8/26, 3:05:03 PM\t5m 3s\t\t\tPresenter

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Luc Maes\t12/8/26, 3:00:00 PM\t12/8/26, 4:02:03 PM\t1h 2m 3s\tluc@m.example\tOrganizer
"""
TEAMS_BEFORE = "Full Name\tUser Action\tTimestamp\nLuc\tJoined\t3:00\nLuc\tLeft\t4:00\n"


def people(text: str) -> list[tuple[str, str, int]]:
    return [(one.name, one.address, one.minutes) for one in read_table(text).people]


def test_what_zoom_writes() -> None:
    assert people(ZOOM) == [("Ana Silva", "ana@pool.example", 62), ("Dupont, Marie", "", 62)]
    assert people(ZOOM_WEBINAR) == [("Ana Silva", "ana@pool.example", 45)], "who registered only is not there"


def test_what_teams_writes() -> None:
    assert people(TEAMS) == [("Luc Maes", "luc@m.example", 63), ("Eva", "", 6)]
    assert people(TEAMS_BEFORE) == [("Luc", "", 0)]


@pytest.mark.parametrize(
    "header",
    [
        "First name,Surname,E-mail address,Duration",
        "Prénom,Nom,Courriel,Durée (minutes)",
        "Nome,Cognome,E-mail,Durata",
        "Imię,Nazwisko,Adres e-mail,Czas trwania",
        "Nome,Apelido,E-mail,Duração",
        "Vārds,Uzvārds,E-pasts,Ilgums",
        "Vorname,Name,E-Mail,Dauer (Minuten)",
        "Nombre,Apellidos,Correo electrónico,Duración",
        "Prenume,Nume,E-mail,Durata (minute)",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_headers_in_the_members_languages(header: str, separator: str) -> None:
    text = f"{header}\nAna,Silva,ana@example.org,62\nLuc,Maes,,\n".replace(",", separator)
    assert people("\ufeff" + text) == [("Ana Silva", "ana@example.org", 62), ("Luc Maes", "", 0)]
    assert people(text.replace("\n", "\r\n")) == people(text)


@pytest.mark.parametrize(
    "header", ["Nom", "Nome", "Nombre", "Nume", "Vārds, uzvārds", "Imię i nazwisko", "Name", "Full name"]
)
def test_one_column_is_the_whole_name(header: str) -> None:
    assert people(f"{header};Minutes\nAna Silva;62") == [("Ana Silva", "", 62)]


def test_without_a_header_it_is_told_by_what_stands_there() -> None:
    assert people("62,ana@example.org,Ana Silva\n8,,Luc") == [
        ("Ana Silva", "ana@example.org", 62),
        ("Luc", "", 8),
    ]
    lines = "Ana Silva ana@example.org 62\nLuc Maes 01:02:03\n\nEva <eva@example.org>"
    assert people(lines) == [
        ("Ana Silva", "ana@example.org", 62),
        ("Luc Maes", "", 63),
        ("Eva", "eva@example.org", 0),
    ]
    assert people("E-mail\nana@example.org") == [("", "ana@example.org", 0)]
    assert people("sep=;\nName;Minutes\nAna;3") == [("Ana", "", 3)]


def test_somebody_in_several_rows_is_there_once() -> None:
    rows = "Name,Email,Minutes\nAna,a@example.org,10\nANA,A@example.org,5\nana,,2\nLuc,,3\nLuc,,4"
    assert people(rows) == [("Ana", "a@example.org", 17), ("Luc", "", 7)]
    two = "Name,Email\nAna,a@example.org\nAna,b@example.org\nAna,"
    assert len(people(two)) == 3, "two of one name: whose the third is, is not guessed"


def test_formulas_and_broken_quotes_are_text() -> None:
    formula = 'Name,Minutes\n"=HYPERLINK(""https://example.org"",""Ana"")",62\n'
    assert people(formula) == [('=HYPERLINK("https://example.org","Ana")', "", 62)]
    broken = 'Name,Email\n"Ana,a@example.org\nLuc,l@example.org'
    assert people(broken) == [("Ana", "a@example.org", 0), ("Luc", "l@example.org", 0)]
    assert people("Name,Minutes\nAna" + "x" * 200_000 + ",62")[0][2] == 62
    assert people('Name,Email\nAna "x" Silva,a@example.org')[0][1] == "a@example.org"


def test_at_most_two_thousand_rows_are_read() -> None:
    table = read_table(
        "Name\n" + "\n".join(f"Person {'x' * 3} a{at}@example.org" for at in range(MOST_ROWS + 3))
    )
    assert (len(table.people), table.left_out) == (MOST_ROWS, 3)


def test_what_is_only_words_may_be_anything() -> None:
    assert read_table("").people == read_table("a,b\n1,2").people == ()
    assert read_table("Hello there, how are you?").plain
    assert not read_table("Name\nAna Silva").plain


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("62", 62), ("62.5", 63), ("62,5", 63), ("01:02:03", 63), ("0:00:20", 1), ("1:02", 62), ("45m", 45),
        ("1h 2m 3s", 63), ("1 Std. 2 Min. 3 Sek.", 63), ("1 godz. 2 min", 62), ("3s", 1), ("0", 0),
        ("", None), ("x", None), ("--", None), ("03:00:00 PM", None), ("12/08/2026", None), ("999999", None),
    ],
)  # fmt: skip
def test_lengths(text: str, minutes: int | None) -> None:
    assert minutes_in(text) == minutes


def test_the_unit_stands_in_the_header() -> None:
    assert people("Name,Duration (seconds)\nAna,3720") == [("Ana", "", 62)]
    assert people("Name,Duration (hours)\nAna,1.5") == [("Ana", "", 90)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Ana@Example.org", "ana@example.org"),
        (" <mailto:ana@example.org|ana@example.org> ", "ana@example.org"),
        ("Ana Silva <ana.silva+x@mail.example.org>", "ana.silva+x@mail.example.org"),
        ("jānis@klasteris.lv", "jānis@klasteris.lv"),
        ("ana", ""), ("ana@example", ""), ("a@b@example.org", ""), ("ana @example.org", ""),
        (".ana@example.org", ""), ("ana..s@example.org", ""), ("a@" + "x" * 64 + ".org", ""), ("", ""),
    ],
)  # fmt: skip
def test_addresses(text: str, address: str) -> None:
    assert mail_address(text) == address


@given(st.text(alphabet=st.sampled_from('ab1@.,;\t"\n:=() é'), max_size=120))
def test_whatever_it_is_it_is_read(text: str) -> None:
    table = read_table(text)
    assert all(one.name or one.address for one in table.people)
    assert all(isinstance(one, Attendee) and one.minutes >= 0 for one in table.people)
    assert len({one.address for one in table.people if one.address}) == sum(
        bool(one.address) for one in table.people
    )
