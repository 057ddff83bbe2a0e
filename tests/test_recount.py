"""`python -m bot recount FILE`: what it prints, and with which status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.command_line.recount import AGREES, DIFFERS, UNREADABLE, main
from bot.rules.decisions.motions import Candidate
from tests.rules.made_up_books import ELECTION, RULES, Step, exported

STEPS: list[Step] = [
    ("cast", "cimes", "for"),
    ("cast", "emc2", "for"),
    ("entered", "latmac", "against"),
    ("recused", "produtech", "it is a seller"),
]
Printed = pytest.CaptureFixture[str]


def saved(folder: Path, export: Any) -> Path:
    path = folder / "motion-7.json"
    path.write_text(json.dumps(export), encoding="utf-8")
    return path


def test_a_book_that_fits(tmp_path: Path, capsys: Printed) -> None:
    assert main(saved(tmp_path, exported(STEPS))) == AGREES
    assert capsys.readouterr().out.splitlines() == [
        "Motion 7: Admit Añil",
        "4 members could vote: 2 for, 1 against, 0 abstained, 1 took no part.",
        "Quorum, taking part, at least 1/2 of all members: 2 × 3 = 6 >= 1 × 4 = 4. It holds.",
        "Rule, for it, at least 2/3 of votes cast: 3 × 2 = 6 >= 2 × 3 = 6. It holds.",
        "Counted again: carried. Declared: carried.",
        "Everything fits.",
    ]


def test_a_book_that_was_changed(tmp_path: Path, capsys: Printed) -> None:
    export = exported(STEPS)
    export["book"][2]["payload"] = "against"
    assert main(saved(tmp_path, export)) == DIFFERS
    printed = capsys.readouterr().out.splitlines()
    assert "Counted again: not carried. Declared: carried." in printed
    assert "Rule, for it, at least 2/3 of votes cast: 3 × 1 = 3 >= 2 × 3 = 6. It does not hold." in printed
    assert "- Line 3 of the book was changed: its digest does not fit what it says." in printed
    assert "- The declared result is carried; the ballots say not carried." in printed
    export = exported(STEPS)
    export["rule"]["version"] = 2
    assert main(saved(tmp_path, export)) == DIFFERS
    assert capsys.readouterr().out.splitlines() == [
        "Motion 7: Admit Añil",
        "Nothing was counted: the motion or its rule is not what the vote was about.",
        "One thing does not fit:",
        "- The rule does not fit its hash: it is not the one that the book was opened with.",
    ]


def test_an_election(tmp_path: Path, capsys: Printed) -> None:
    candidates = (Candidate("1", "Ana"), Candidate("2", "Bo"), Candidate("3", "Cy"))
    chosen: list[Step] = [("cast", "cimes", "1+3"), ("cast", "emc2", "1"), ("cast", "latmac", "abstain")]
    assert main(saved(tmp_path, exported(chosen, ELECTION, candidates=candidates))) == AGREES
    assert capsys.readouterr().out.splitlines()[1:] == [
        "5 members could vote: 3 voted, 1 of them abstained, 2 took no part.",
        "Quorum, taking part, at least 1/2 of all members: 2 × 3 = 6 >= 1 × 5 = 5. It holds.",
        "Candidate 1: 2 votes, elected.",
        "Candidate 3: 1 votes, elected.",
        "Candidate 2: 0 votes, not elected.",
        "None of these: 0. Seats filled: 2 of 2.",
        "Counted again: carried. Declared: carried.",
        "Everything fits.",
    ]


def test_every_rule_is_said_in_words(tmp_path: Path, capsys: Printed) -> None:
    for rule in RULES[2:]:
        assert main(saved(tmp_path, exported(STEPS[:3], rule))) == AGREES
    said = {line for line in capsys.readouterr().out.splitlines() if line.startswith(("Rule", "Quorum"))}
    assert said >= {
        "Rule, more for than against: 2 > 1. It holds.",
        "Rule, against it at most 1/4 of all members: 4 × 1 = 4 <= 1 × 5 = 5. It holds.",
        "Rule, for it, more than 1/2 of ballots cast: 2 × 2 = 4 > 1 × 3 = 3. It holds.",
        "Rule, for it, more than 1/2 of all members: 2 × 2 = 4 > 1 × 5 = 5. It does not hold.",
        "Rule, everybody who voted is for it: 2 = 3. It does not hold.",
        "Rule, objections, less than what stops it: 1 < 1. It does not hold.",
        "Quorum, for it, at least 7/25 of all members: 25 × 2 = 50 >= 7 × 5 = 35. It holds.",
        "Quorum, taking part, more than 1/2 of all members: 2 × 3 = 6 > 1 × 5 = 5. It holds.",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is no export of a ballot book."),
        ("[" * 100_000, "is no export of a ballot book."),
        ("[]", "is no export of a ballot book. The file cannot be read: it is no list of fields."),
        ('{"format": 9}', "The file has format 9; this program reads format 1."),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, capsys: Printed, text: str, sentence: str) -> None:
    path = tmp_path / "motion-7.json"
    path.write_text(text)
    assert main(path) == UNREADABLE
    assert sentence in capsys.readouterr().out


def test_no_file_at_all(tmp_path: Path, capsys: Printed) -> None:
    assert main(tmp_path / "nothing.json") == UNREADABLE
    assert capsys.readouterr().out.endswith("nothing.json cannot be opened: No such file or directory.\n")


def test_the_second_program_reads_the_same_file(tmp_path: Path) -> None:
    path = saved(tmp_path, exported(STEPS))
    second = [sys.executable, str(Path(__file__).parent / "second_recount.py"), str(path)]
    done = subprocess.run(second, capture_output=True, text=True, encoding="utf-8", timeout=20, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything fits.")
