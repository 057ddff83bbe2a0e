"""Counting again from an export: honest books fit, any change is found and named (docs/ballot-book.md)."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path as File
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.command_line.recount import UNREADABLE, main
from bot.rules.decisions.book import canonical, digest_of, fingerprint, genesis, receipt
from bot.rules.decisions.exporting import Unreadable, export
from bot.rules.decisions.motions import Candidate
from bot.rules.decisions.recounting import recount
from tests import second_recount
from tests.rules.made_up_books import (
    CLOSES,
    ELECTION,
    RULES,
    Step,
    closed,
    exported,
    exports,
    motion,
    roll,
    written,
)

STEPS: list[Step] = [
    ("cast", "cimes", "for"),
    ("cast", "emc2", "against"),
    ("replaced", "emc2", "for"),
    ("entered", "produtech", "for"),
    ("confirmed", "produtech", ""),
    ("recused", "latmac", "it is a seller"),
    ("cast", "mecatech", "against"),
    ("refused", "mecatech", "another person"),
]
EXPORT = exported(STEPS)
CHOSEN: list[Step] = [("cast", "cimes", "1+2"), ("cast", "emc2", "1"), ("cast", "latmac", "1+3")]
CANDIDATES = (Candidate("1", "Ana", 4, "cimes"), Candidate("2", "Bo", withdrawn=True), Candidate("3", "Cy"))
ELECTED = exported(CHOSEN, ELECTION, candidates=CANDIDATES)
LABELS = ("format", "alliance")  # bound by nothing, and said so on the page
Path = tuple[str | int, ...]


def findings(changed: Any) -> tuple[str, ...]:
    """What is said of an export: its findings, or the sentence that it cannot be read."""
    try:
        return recount(changed).findings
    except Unreadable as unreadable:
        return (str(unreadable),)


def leaves(value: Any, at: Path = ()) -> Iterator[Path]:
    if not isinstance(value, dict | list) or not value:
        yield at
        return
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield from leaves(part, (*at, key))


def with_leaf(value: Any, at: Path, change: Callable[[Any], Any]) -> Any:
    changed = copy.deepcopy(value)
    holder = changed
    for key in at[:-1]:
        holder = holder[key]
    holder[at[-1]] = change(holder[at[-1]])
    return changed


def another(value: Any) -> Any:
    """A value of the same type where there is one, so that no check of types finds it first."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str) and value.endswith(".000000Z"):
        return value.replace(".000000Z", ".000001Z")
    if isinstance(value, str):
        return value[:-1] + ("b" if value[-1:] == "a" else "a")
    kinds: list[tuple[type, Any]] = [
        (int, lambda: value + 1),
        (list, lambda: ["1"]),
        (dict, lambda: {"a": 1}),
    ]
    return next((made() for kind, made in kinds if isinstance(value, kind)), "2026-12-02T08:00:00.000000Z")


@settings(max_examples=80, deadline=None)
@given(exports())
def test_every_honest_book_fits_and_both_programs_count_the_same(given_export: dict[str, Any]) -> None:
    counted, second = recount(given_export), second_recount.recount(given_export)
    assert (counted.findings, second.wrong) == ((), [])
    assert (counted.outcome["result"], counted.outcome["counts"]) == (second.result, second.counts)
    assert counted.outcome.get("candidates", []) == second.candidates
    assert counted.declared == counted.outcome["result"]


@pytest.mark.parametrize("whole", [EXPORT, ELECTED], ids=["motion", "election"])
def test_a_change_of_any_field_is_found_by_both_programs(whole: dict[str, Any]) -> None:
    paths = [path for path in leaves(whole) if path[0] not in LABELS]
    assert len(paths) > 120
    unseen = [path for path in paths if not findings(with_leaf(whole, path, another))]
    unseen_too = [path for path in paths if not second_finds(with_leaf(whole, path, another))]
    assert (unseen, unseen_too) == ([], [])


def second_finds(changed: Any) -> bool:
    try:
        return bool(second_recount.recount(changed).wrong)
    except (ValueError, KeyError):
        return True


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([path for path in leaves(EXPORT) if path[0] not in LABELS]), st.data())
def test_whatever_is_put_in_its_place_is_found(path: Path, data: st.DataObject) -> None:
    scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
    put = data.draw(
        st.one_of(scalars, st.lists(scalars, max_size=2), st.sampled_from(["for", "against", "1/2"]))
    )
    changed = with_leaf(EXPORT, path, lambda _: put)
    if json.dumps(changed, sort_keys=True) != json.dumps(EXPORT, sort_keys=True):
        assert findings(changed)


@pytest.mark.parametrize("table", ["book", "roll"])
def test_rows_taken_away_doubled_or_swapped_are_found(table: str) -> None:
    rows = EXPORT[table]
    for place in range(len(rows)):
        assert findings({**EXPORT, table: rows[:place] + rows[place + 1 :]}), f"{table} without {place}"
        assert findings({**EXPORT, table: [*rows[: place + 1], *rows[place:]]}), f"{table} with {place} twice"
        if table == "book" and place:
            swapped = [*rows[: place - 1], rows[place], rows[place - 1], *rows[place + 1 :]]
            assert findings({**EXPORT, table: swapped})
    assert findings({**EXPORT, table: []})


def test_each_change_is_named_where_it_is() -> None:
    def said(*path: str | int, to: Any) -> tuple[str, ...]:
        return findings(with_leaf(EXPORT, path, lambda _: to))

    book = EXPORT["book"]
    assert findings(EXPORT) == ()
    assert said("book", 1, "payload", to="against")[0] == (
        "Line 2 of the book was changed: its digest does not fit what it says."
    )
    assert "The declared result is carried; the ballots say not carried." in said(
        "book", 1, "payload", to="against"
    )
    assert said("book", 3, "at", to=book[4]["at"]) == (
        "Line 4 of the book was changed: its hash does not fit the line.",
    )
    assert said("book", 3, "event", to="sung") == ("Line 4 of the book was changed: 'sung' is no event.",)
    assert findings({**EXPORT, "book": [*book[:3], *book[4:]]})[0] == (
        "Line 5 of the book was changed: line 4 is missing before it."
    )
    assert said("roll", 0, "name", to="Cimex") == ("The roll does not fit its hash.",)
    assert said("roll", 2, "recused_why", to="it is ill") == (
        "The roll and line 7 of the book differ about the recusal of Latmac.",
    )
    assert said("roll", 0, "recused_why", to="it is ill") == (
        "The roll says that Cimes is recused; the book has no line of it, so it counts.",
    )
    assert said("rule", "majority", 0, "share", to="4/5") == (
        "The rule does not fit its hash: it is not the one that the book was opened with.",
    )
    assert said("motion", "after", to="Something else.") == (
        "The motion does not fit its hash: it is not what the book was opened with.",
    )
    assert said("outcome", "result", to="not_carried") == (
        "The declared result is not carried; line 10 of the book says carried.",
        "The declared result is not carried; the ballots say carried.",
    )
    assert said("outcome", "counts", "for_", to=4) == (
        "The declared outcome has counts.for_ 4; line 10 of the book says 3.",
        "The declared outcome has counts.for_ 4; the ballots say 3.",
    )
    assert said("closing", "closes_at", to="2026-12-10T16:00:00.000000Z") == (
        "The closing has another closes_at than line 10 of the book.",
    )
    assert said("closing_hash", to="a") == (
        "The closing hash is not that of line 10, which closes the book.",
    )
    assert said("head", to="a") == ("The book does not end with its last line: line 10 is another.",)


def test_a_changed_rule_counts_nothing() -> None:
    changed = recount(with_leaf(EXPORT, ("rule", "majority", 0, "rule"), lambda _: "simple"))
    assert (changed.ok, changed.verdict, changed.counts, changed.outcome) == (False, None, None, {})


def test_a_recusal_counts_only_if_the_book_has_it() -> None:
    counted = recount(EXPORT)
    assert counted.counts is not None
    assert (counted.counts.members, counted.counts.for_, counted.counts.against) == (4, 3, 1)


def test_ballots_that_nobody_could_give_are_named_and_not_counted() -> None:
    honest: list[Step] = [("cast", "cimes", "for"), ("cast", "emc2", "for"), ("cast", "latmac", "for")]
    stranger = recount(exported([*honest, ("cast", "stranger", "against")]))
    taken_out = recount(exported([*honest, ("struck", "stranger", "left")]))
    assert taken_out.findings == ("Line 5 of the book takes out stranger, which is not on the roll.",)
    assert stranger.findings == ("Line 5 of the book is a ballot of stranger, which is not on the roll.",)
    after = recount(exported(honest, after=[("cast", "mecatech", "against")]))
    assert after.findings == (
        "Line 6 of the book is a ballot given after the book was closed; it does not count.",
    )
    late = recount(exported(honest, closes_at=CLOSES.replace(day=2, hour=8, minute=1)))
    assert late.findings == ("Line 4 of the book is a ballot given after the deadline.",)
    assert {one.counts.against for one in (stranger, after, late) if one.counts} == {0}


def test_a_choice_that_is_not_offered_is_named() -> None:
    about, voters = motion(ELECTION), roll()
    open_book = written(
        about, voters, [("cast", "cimes", "1"), ("cast", "emc2", "2+1"), ("cast", "latmac", "9")]
    )
    counted = recount(export("g", "G", about, voters, open_book))
    assert counted.findings[-2:] == (
        "Line 3 of the book is a ballot for '2+1', which is no choice.",
        "Line 4 of the book is a ballot for '9', which is no choice.",
    )


def test_a_ballot_struck_after_the_close_is_counted_out_when_the_book_is_closed_again() -> None:
    steps: list[Step] = [("cast", "cimes", "for"), ("cast", "emc2", "for"), ("cast", "latmac", "against")]
    struck = recount(
        exported(steps, after=[("struck", "emc2", "not accredited"), ("refused", "emc2", "late")])
    )
    assert (struck.findings, struck.declared) == ((), "not_carried")
    assert struck.counts is not None
    assert (struck.counts.members, struck.counts.ballots) == (4, 2)


def test_a_void_vote_fits_only_if_its_book_says_so() -> None:
    about, voters = motion(), roll()
    _, book = closed(about, voters, written(about, voters, STEPS[:4]))
    void, book = closed(about, voters, book, result="void")
    counted = recount(export("g", "G", void, voters, book))
    assert (counted.findings, counted.declared, counted.outcome["result"]) == ((), "void", "carried")
    assert (
        "line 10 of the book says carried"
        in findings(with_leaf(EXPORT, ("outcome", "result"), lambda _: "void"))[0]
    )


def test_an_open_book_is_counted_and_said_to_be_open() -> None:
    about, voters = motion(), roll()
    counted = recount(export("g", "G", about, voters, written(about, voters, STEPS[:2])))
    assert counted.findings[-1] == "The book is not closed: there is nothing to declare yet."
    assert (counted.declared, counted.outcome["counts"]["for_"]) == ("", 1)
    with pytest.raises(ValueError, match="motion 7 has no ballot book"):
        export("g", "G", about, voters, ())


def test_the_platform_is_in_no_export() -> None:
    assert "slack" not in json.dumps(EXPORT)
    assert {row["motion"] for row in EXPORT["book"]} == {7}


@pytest.mark.parametrize(
    ("given_export", "sentence"),
    [
        ([], "The file cannot be read: it is no list of fields."),
        (
            {**EXPORT, "outcome": {"result": float("inf")}},
            "The file cannot be read: something in it is no JSON.",
        ),
        ({**EXPORT, "head": "\ud800"}, "The file cannot be read: something in it is no JSON."),
        ({"format": 2}, "The file has format 2; this program reads format 1."),
        ({**EXPORT, "more": 1}, "The file cannot be read: more."),
        ({**EXPORT, "head": 1}, "The file cannot be read: head."),
        ({**EXPORT, "roll": ["cimes"]}, "Row 1 of the roll cannot be read: it is no list of fields."),
        (
            with_leaf(EXPORT, ("book", 2, "person"), lambda _: True),
            "Line 3 of the book cannot be read: person.",
        ),
        (
            with_leaf(EXPORT, ("book", 2, "at"), lambda _: "2026-12-02T09:02:00+01:00"),
            "Line 3 of the book was changed: '2026-12-02T09:02:00+01:00' is no moment.",
        ),
    ],
)
def test_what_is_no_export_says_where(given_export: Any, sentence: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        recount(given_export)
    assert str(unreadable.value) == sentence


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "+".join(one.rule for one in rule.majority))
def test_every_rule_survives_its_export(rule: Any) -> None:
    steps: list[Step] = [("cast", "cimes", "1" if rule.is_election else "for")]
    counted = recount(exported(steps, rule))
    assert counted.ok
    assert counted.declared == (
        "inquorate" if rule.quorum.rule == "participation" else counted.outcome["result"]
    )


def fitting(changed: dict[str, Any]) -> dict[str, Any]:
    """An export with this rule, and every hash made to fit it."""
    rows, before = copy.deepcopy(changed["book"]), genesis(7, changed["roll_hash"])
    sums = json.loads(rows[0]["payload"]) | {"rule": fingerprint(changed["rule"])}
    rows[0]["payload"] = canonical(sums)
    rows[0]["digest"] = digest_of(rows[0]["salt"], rows[0]["payload"])
    for row in rows:
        row["previous"] = before
        hashed = ("motion", "seq", "event", "organisation", "person", "at", "digest", "previous")
        row["hash"] = before = fingerprint([row[name] for name in hashed])
        row["receipt"] = row["receipt"] and receipt(before)
    return {**changed, "book": rows, "head": before, "closing_hash": before}


@pytest.mark.parametrize(
    "changes",
    [
        {"majority": [{**EXPORT["rule"]["majority"][0], "share": "1/0"}]},
        {"majority": [{**EXPORT["rule"]["majority"][0], "share": "two thirds"}]},
        {"majority": []},
        {"majority": None},
        {"quorum": {**EXPORT["rule"]["quorum"], "share": "1/0"}},
        {"quorum": None},
    ],
    ids=json.dumps,
)
def test_a_rule_that_nobody_can_count_by_is_said_to_be_one(
    changes: dict[str, Any], tmp_path: File, capsys: pytest.CaptureFixture[str]
) -> None:
    assert findings(fitting(EXPORT)) == ()
    rule = {name: value for name, value in (EXPORT["rule"] | changes).items() if value is not None}
    path = tmp_path / "motion-7.json"
    path.write_text(json.dumps(fitting({**EXPORT, "rule": rule})), encoding="utf-8")
    assert main(path) == UNREADABLE
    assert capsys.readouterr().out.splitlines() == [
        f"{path} is no export of a ballot book. The rule is none that this program knows."
    ]
