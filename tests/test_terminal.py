"""The terminal workspace: one person who is everybody in turn, driven by a script."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
import subprocess
import sys
import termios
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import House, open_house
from bot.command_line.rehearsal import chat, let_people_in
from bot.platforms.terminal import Script
from bot.settings import Settings
from tests.world import Clock

ROOT = Path(__file__).parents[1]
CHARTER = ROOT / "charters/green-manufacturing.toml"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
MAIN_JOB = "/log workshop Green hydrogen 101 on 12 May with MecaTech"


def house_at(url: str) -> House:
    return open_house(Settings(_env_file=None, database_url=url, charter=CHARTER), clock=Clock(NOW))


def play(url: str, *lines: str) -> list[str]:
    """What is printed when these lines are typed, without empty ends."""
    out = io.StringIO()
    house = house_at(url)
    asyncio.run(chat(house, Script(io.StringIO("\n".join(lines)), out), let_people_in(house)))
    return out.getvalue().splitlines()


def python_m_bot(url: str, script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "CHARTER": str(CHARTER), "PYTHONPATH": str(ROOT)}
    environment |= {"SLACK_BOT_TOKEN": "", "SLACK_APP_TOKEN": "", "TELEGRAM_BOT_TOKEN": ""}
    return subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input=script,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment,
        check=False,
        timeout=120,
    )


@pytest.mark.kill
def test_the_main_job_is_done_and_still_there_after_a_restart(database_url: str, tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    year = today.year if (today.month, today.day) >= (5, 12) else today.year - 1  # the last 12 May
    first = python_m_bot(database_url, f"{MAIN_JOB}\n", tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    printed = [line for line in first.stdout.splitlines() if not line.startswith("In this rehearsal")]
    assert printed[0] == f"> {MAIN_JOB}"
    assert printed[1].startswith("[1] ✓ Logged: Green hydrogen 101 · workshop · ")
    assert printed[1].endswith(" · Pool-Net and MecaTech")
    assert printed[2:5] == [
        f"    Knowledge exchange: 1 of 2 for {year}.",
        "    MecaTech gets one tap to confirm; it counts meanwhile.",
        "    [Add SMEs] [Add link or photo] [Undo]",
    ]
    again = python_m_bot(database_url, "/activities\nas luc\n/indicators\n", tmp_path)
    assert (again.returncode, again.stderr) == (0, "")
    assert "Green hydrogen 101" in again.stdout
    if year == today.year:
        assert "1 of 2" in again.stdout


def test_a_card_of_an_earlier_sitting_is_posted_anew(sqlite_url: str) -> None:
    play(sqlite_url, "as Marie", "in Hall", "/places", "tap 1 indicators")

    printed = play(sqlite_url, "as Marie", "in Hall", f"@bot {MAIN_JOB}", "in direct", "/places")

    assert "    Knowledge exchange: 1 of 2 · 0 confirmed, 1 logged" in printed
    places = printed.index("> /places")
    assert printed[places + 1 : places + 4] == [
        "[3] Places · 1",
        "    1 · Hall · Terminal · indicators",
        "    [Open 1]",
    ]


def test_time_that_was_let_pass_has_passed_in_the_next_sitting(sqlite_url: str) -> None:
    play(sqlite_url, "later 2 weeks", "/log workshop Heat pumps on 7 December with MecaTech")
    printed = play(sqlite_url, "/activities")
    assert printed[0].startswith("In this rehearsal it is Tue 08 Dec 2026, ")
    assert "    1 · Heat pumps · workshop · Mon 7 Dec · Pool-Net and MecaTech" in printed


def test_a_cohost_reads_the_question_and_taps(sqlite_url: str) -> None:
    printed = play(sqlite_url, MAIN_JOB, "as luc", "tap 2 we")
    assert "1 new for Luc. Read them with: as Luc" in printed
    asked = printed.index("> as luc") + 1
    assert printed[asked].startswith("[2] Pool-Net says that MecaTech took part in Green hydrogen 101")
    assert printed[asked + 3] == "    [We did] [Not us] [Later] [Stop these]"
    # the answer takes the question's place, so it keeps its number
    assert printed[printed.index("> tap 2 we") + 1].startswith("[2] ✓ Confirmed for MecaTech")


def test_what_waits_for_somebody_is_still_in_reach_in_the_next_sitting(sqlite_url: str) -> None:
    play(sqlite_url, MAIN_JOB, "as luc")
    printed = play(sqlite_url, "as luc", "/activities", "tap 1 we")
    listed = printed.index("> /activities")
    assert printed[listed + 3].startswith("    One waits for MecaTech's tap: Green hydrogen 101")
    assert printed[listed + 4] == "    [We did] [Not us] [Open 1] [My activities] [The alliance]"
    assert printed[printed.index("> tap 1 we") + 1].startswith("[1] ✓ Confirmed for MecaTech")


def test_what_others_have_not_read_is_printed_at_the_end(sqlite_url: str) -> None:
    printed = play(sqlite_url, MAIN_JOB, "quit", "/help")
    assert "> /help" not in printed
    rest = printed[printed.index("For Luc:") + 1 :]
    assert rest[0].startswith("[2] Pool-Net says that MecaTech took part in Green hydrogen 101")


def test_a_question_is_answered_by_plain_words_and_by_a_tap(sqlite_url: str) -> None:
    printed = play(sqlite_url, "/log", "tap 1 webi", "Green day", "/activities")
    assert printed[1] == "[1] What was it?"
    assert printed[printed.index("> tap 1 webi") + 1] == "[1] What was it called?"
    assert printed[printed.index("> Green day") + 1].startswith("[2] ✓ Logged: Green day · webinar")


def test_a_group_hears_only_what_is_meant_for_the_bot(sqlite_url: str) -> None:
    printed = play(sqlite_url, "in #Hall", "good morning", "@bot help", "as luc", "in direct", "help")
    assert printed[:3] == ["> in #Hall", "> good morning", "> @bot help"]
    assert printed[3].startswith("[1] ")
    # an answer in a group is for the one who asked; the next one has a chat of their own
    assert printed[printed.index("> as luc") + 1] == "> in direct"
    assert printed[printed.index("> help") + 1].startswith("[2] ")


def test_a_private_answer_in_a_group_cannot_be_tapped_by_others(sqlite_url: str) -> None:
    printed = play(sqlite_url, "in Hall", MAIN_JOB, "as Luc", "tap 1 Undo")
    assert printed[printed.index("> tap 1 Undo") + 1] == "There is no message 1 in front of you."


def test_a_button_is_named_by_the_beginning_of_its_label(sqlite_url: str) -> None:
    printed = play(sqlite_url, MAIN_JOB, "tap 1 add", "tap 1 [Undo]", "tap 7 Undo", "tap 1 Dance")
    many = "Message 1 has these buttons: [Add SMEs] [Add link or photo] [Undo]"
    assert printed[printed.index("> tap 1 add") + 1] == many
    assert printed[printed.index("> tap 1 [Undo]") + 1].startswith("[1] ")
    assert printed[printed.index("> tap 7 Undo") + 1] == "There is no message 7 in front of you."
    assert printed[printed.index("> tap 1 Dance") + 1] == "Message 1 has these buttons: [Put it back]"


def test_a_reply_stands_in_the_thread_of_its_message(sqlite_url: str) -> None:
    printed = play(sqlite_url, MAIN_JOB, "reply 1 /undo", "reply 9 thanks")
    replied = printed.index("> reply 1 /undo")
    assert printed[replied + 1].startswith("[")  # heard, and answered
    assert printed[printed.index("> reply 9 thanks") + 1] == "There is no message 9 in front of you."


def test_a_newcomer_is_a_stranger(sqlite_url: str) -> None:
    printed = play(sqlite_url, "as Zoe", "/log")
    assert printed[2].startswith("[1] Hello! I keep the diary and the votes")
    assert printed[-1] == "    [I have an invitation] [I'm with a member] [Just looking]"


def test_names_are_found_without_accents_and_capitals(sqlite_url: str) -> None:
    printed = play(sqlite_url, "as JANIS", "/log workshop Welding day on 3 March")
    assert any(line.endswith(" · Green-Tech Cluster") for line in printed)


def test_long_words_after_as_and_in_are_said(sqlite_url: str) -> None:
    printed = play(sqlite_url, "in my opinion it went well", "tap that")
    assert [line[:2] for line in printed if line.startswith("[")] == ["[1", "[2"]


def test_a_word_of_the_terminal_alone_explains_itself(sqlite_url: str) -> None:
    printed = play(sqlite_url, MAIN_JOB, "as", "in", "tap", "tap 1", "reply 1")
    answers = {line: printed[n + 1] for n, line in enumerate(printed[:-1]) if line.startswith("> ")}
    assert answers["> as"] == (
        "as NAME: be somebody else. Here are Ana, Marie, Paul, Luc, Jānis, Giulia, Ola, Yann, Rui; "
        "any other name is a stranger's."
    )
    assert answers["> in"] == "in PLACE: go to a group, as in Hall · in direct: back to the direct chat"
    assert answers["> tap"] == "tap N LABEL: press a button of message N, as in tap 2 We did"
    assert answers["> tap 1"] == "Message 1 has these buttons: [Add SMEs] [Add link or photo] [Undo]"
    assert answers["> reply 1"] == (
        "reply N words: answer in the thread of message N, as in reply 2 thank you"
    )


def test_a_name_that_is_nearly_known_is_pointed_out(sqlite_url: str) -> None:
    printed = play(sqlite_url, "as luk", "as Luc", "as Zoe")
    assert printed == ["> as luk", "luk is a stranger here. If you meant Luc: as Luc", "> as Luc", "> as Zoe"]


def test_the_terminal_explains_itself_in_six_lines(sqlite_url: str) -> None:
    assert play(sqlite_url, "?", "", "   ") == [
        "> ?",
        "as NAME: be somebody else · in PLACE: go to a group, in direct: back to the direct chat",
        "reply N words: answer in the thread of message N · tap N LABEL: press a button of message N",
        "later N days: let time pass, and see what happens by itself (also weeks, hours)",
        "/command or plain words: said to the bot (in a group begin with @bot, or reply to a message)",
        "/language Italiano: be answered in another language (here I begin in English with everybody)",
        "quit or Ctrl-D: leave",
        "> ",
        "> ",
    ]


def test_what_is_typed_reaches_the_screen_as_text(sqlite_url: str) -> None:
    printed = play(sqlite_url, "/log workshop \x1b[31mRed\x07 *day* <b> on 12 May")
    assert "\x1b" not in "".join(printed[1:])
    assert "\x07" not in "".join(printed[1:])
    assert "*day* <b>" in printed[1]


@pytest.mark.kill
def test_bytes_that_are_no_text_do_no_harm(sqlite_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": sqlite_url, "CHARTER": str(CHARTER), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "chat"],
        input=b"/log workshop \xff\xfe\xed\xa0\x80 day\n",
        capture_output=True,
        cwd=tmp_path,
        env=environment,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\xe2\x9c\x93 Logged" in done.stdout


@pytest.mark.kill
def test_somebody_at_a_keyboard_gets_a_prompt(sqlite_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": sqlite_url, "CHARTER": str(CHARTER), "PYTHONPATH": str(ROOT)}
    environment |= {
        "TERM": "xterm",
        "SLACK_BOT_TOKEN": "",
        "TELEGRAM_BOT_TOKEN": "",
        "PROMPT_TOOLKIT_NO_CPR": "1",
    }
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, 120))
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env=environment,
    )
    os.close(theirs)
    seen = ""

    def until(words: str) -> None:
        nonlocal seen
        while words not in seen:
            seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", os.read(ours, 4096).decode(errors="replace"))
        seen = seen[seen.index(words) + len(words) :]

    until("Here are:")
    until("Ana · Pool-Net · Representative")
    until("Giulia · Clust-ER MECH, Green Manufacturing · Representative, Coordinator of the Alliance")
    until("Rui · Pool-Net · Colleague")
    until("You are Ana. Any other name is a stranger's.")
    until("Type /help to begin; ? explains the terminal's own words.")
    until("Ana · Pool-Net · direct>")
    os.write(ours, b"as giulia\r")
    until("Giulia · Clust-ER MECH, Green Manufacturing · direct>")
    os.write(ours, b"as Zoe\r")
    until("Zoe · not a member yet · direct>")
    os.write(ours, b"/log\r")
    until("[1] Hello! ")
    os.write(ours, b"in Hall\r")
    until("Zoe · not a member yet · Hall>")
    os.write(ours, b"\x04")
    assert process.wait(20) == 0
    os.close(ours)


def test_what_may_have_been_an_answer_moves_nobody_in_silence(sqlite_url: str) -> None:
    printed = play(sqlite_url, "as luc", "log", "in teams", "in direct", "in teams")
    there = "You're in the group teams now. in direct: back to the direct chat"
    assert printed[printed.index("> in teams") :] == ["> in teams", there, "> in direct", "> in teams"]
