"""A second recount, written from docs/ballot-book.md alone: it shares no line with the bot.

`python tests/second_recount.py FILE` prints what does not fit and what the ballots say.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Json = Any
LETTERS = "ACDEFGHJKMNPQRTVWXY34679"
WITH_RECEIPT = ("cast", "replaced", "entered", "withdrawn", "recused", "confirmed")
GIVEN = ("cast", "replaced", "entered")
TAKEN = ("withdrawn", "contested", "struck", "recused")


@dataclass
class Second:
    """What was found: places that do not fit, the result and the numbers N, F, A, X of the ballots."""

    wrong: list[str] = field(default_factory=list)
    result: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    candidates: list[dict[str, Json]] = field(default_factory=list)


def recount(file: Json) -> Second:
    """Sections 4 to 7 of the page."""
    second = Second()
    second.wrong += [name for name, fits in checks(file) if not fits]
    strange = [line["seq"] for line in file["book"] if line["event"] in GIVEN and not countable(file, line)]
    second.wrong += [f"ballot {seq}" for seq in strange]
    ballots, n = standing(file, [line for line in file["book"] if line["seq"] not in strange])
    if file["rule"]["majority"][0]["rule"] == "plurality":
        election(file, ballots, n, second)
    else:
        motion(file["rule"], ballots, n, second)
    compare(file, second)
    return second


def canonical(value: Json) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(value: Json) -> str:
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def checks(file: Json) -> list[tuple[str, bool]]:
    """Section 4, 1 to 4: each place with whether it fits."""
    number, lines = file["motion"]["number"], file["book"]
    rows = sorted([row["organisation"], row["name"], row["member_class"]] for row in file["roll"])
    bound = {"motion": hash_of(file["motion"]), "roll": file["roll_hash"], "rule": hash_of(file["rule"])}
    closings = [line for line in lines if line["event"] == "closed"]
    said = canonical({"closing": file["closing"], "outcome": file["outcome"]})
    found = [
        ("roll", hash_of([number, rows]) == file["roll_hash"]),
        (
            "opening",
            [x["event"] for x in lines[:1]] == ["opened"] and lines[0]["payload"] == canonical(bound),
        ),
        ("head", lines[-1:] != [] and lines[-1]["hash"] == file["head"]),
        ("closing", closings != [] and closings[-1]["payload"] == said),
        ("closing hash", closings != [] and closings[-1]["hash"] == file["closing_hash"]),
    ]
    before = hash_of(["ballot book", number, file["roll_hash"]])
    for place, line in enumerate(lines, 1):
        found.append((f"line {place}", line["seq"] == place and line_fits(line, before)))
        before = line["hash"]
    first: dict[str, tuple[str, str]] = {}
    for line in lines:
        if line["event"] in ("struck", "recused"):
            first.setdefault(line["organisation"], (line["at"], line["payload"]))
    found += [(f"recusal of {who}", who in [row["organisation"] for row in file["roll"]]) for who in first]
    for row in file["roll"]:
        same = first.get(row["organisation"], (None, "")) == (row["recused_at"], row["recused_why"])
        found.append((f"recusal of {row['organisation']}", same))
    return found


def line_fits(line: Json, before: str) -> bool:
    names = ("motion", "seq", "event", "organisation", "person", "at", "digest", "previous")
    digest = hashlib.sha256((line["salt"] + "\n" + line["payload"]).encode("utf-8")).hexdigest()
    code = ""
    if line["event"] in WITH_RECEIPT:
        n = int(line["hash"], 16)
        for place in range(6):
            code += ("-" if place == 4 else "") + LETTERS[n % 24]
            n //= 24
    fits = (digest, hash_of([line[name] for name in names]), before, code)
    return fits == (line["digest"], line["hash"], line["previous"], line["receipt"])


def countable(file: Json, line: Json) -> bool:
    """Section 4, 5, but for the deadline, which `compare` looks at."""
    closed = [other["seq"] for other in file["book"] if other["event"] == "closed"]
    on_roll = line["organisation"] in [row["organisation"] for row in file["roll"]]
    return on_roll and (not closed or line["seq"] < closed[0]) and is_choice(file, line["payload"])


def is_choice(file: Json, choice: str) -> bool:
    rules = [majority["rule"] for majority in file["rule"]["majority"]]
    if rules[0] != "plurality":
        return choice in ("for", "against") or (choice == "abstain" and "consent" not in rules)
    if choice in ("abstain", "none"):
        return True
    keys, chosen = [one["key"] for one in file["motion"]["candidates"]], choice.split("+")
    return len(chosen) <= file["motion"]["seats"] and chosen == [key for key in keys if key in chosen]


def standing(file: Json, lines: list[Json]) -> tuple[dict[str, str], int]:
    """Section 3: the ballots that stand, and N."""
    ballots: dict[str, str] = {}
    out, closed = set(), False
    for line in lines:
        event, who = line["event"], line["organisation"]
        if closed and event not in ("struck", "recused"):
            continue
        if event == "closed":
            closed = True
        if event in GIVEN and who not in out:
            ballots[who] = line["payload"]
        if event in TAKEN:
            ballots.pop(who, None)
        if event in ("struck", "recused"):
            out.add(who)
    return ballots, len({row["organisation"] for row in file["roll"]} - out)


def motion(rule: Json, ballots: dict[str, str], n: int, second: Second) -> None:
    f, a, x = (sum(c == which for c in ballots.values()) for which in ("for", "against", "abstain"))
    second.counts = {"members": n, "for_": f, "against": a, "abstain": x}
    holding = {m["rule"]: holds(m, n, f, a, x) for m in rule["majority"] if m["rule"] != "none"}
    failing = [name for name, it_holds in holding.items() if not it_holds]
    if quorum_missed(rule["quorum"], n, f, f + a + x):
        second.result = "inquorate"
    elif not holding:
        second.result = "noted"
    elif not failing:
        second.result = "carried"
    else:
        second.result = "tied" if failing == ["simple"] and f == a and f > 0 else "not_carried"


def quorum_missed(quorum: Json, n: int, f: int, b: int) -> bool:
    if quorum["rule"] == "none":
        return False
    p, q = map(int, quorum["share"].split("/"))
    value = q * (b if quorum["rule"] == "participation" else f)
    return n == 0 or value < p * n or (quorum["compare"] == "more_than" and value == p * n)


def holds(majority: Json, n: int, f: int, a: int, x: int) -> bool:
    p, q = map(int, (majority["share"] or "0/1").split("/"))
    base = {"votes_cast": f + a, "ballots_cast": f + a + x, "members": n}[majority["base"] or "votes_cast"]
    table = {
        "simple": f > a,
        "ballots_cast": 2 * f > f + a + x,
        "absolute": 2 * f > n,
        "qualified": base > 0 and q * f >= p * base,
        "unanimity": a == 0 and f >= 1,
        "consent": n > 0 and a < majority["objections"],
        "max_against": q * a <= p * base,
    }
    return table[majority["rule"]]


def election(file: Json, ballots: dict[str, str], n: int, second: Second) -> None:
    seats, gone = file["motion"]["seats"], file["closing"]["withdrawn_candidates"]
    none, x = (sum(c == which for c in ballots.values()) for which in ("none", "abstain"))
    f = len(ballots) - none - x
    second.counts = {"members": n, "for_": f, "against": none, "abstain": x}
    keys = [one["key"] for one in file["motion"]["candidates"] if one["key"] not in gone]
    votes = {key: sum(key in choice.split("+") for choice in ballots.values()) for key in keys}
    missed = quorum_missed(file["rule"]["quorum"], n, f, len(ballots))
    able = [] if missed else sorted((votes[key] for key in keys if votes[key] > none), reverse=True)
    mark = able[seats - 1] if len(able) > seats else 0
    fits = sum(v >= mark for v in able) <= seats
    for key in sorted(keys, key=lambda key: -votes[key]):
        how = "not_elected"
        if not missed and votes[key] > none and votes[key] >= mark:
            how = "elected" if votes[key] > mark or fits else "tied_at_cutoff"
            how = "elected_unopposed" if how == "elected" and len(keys) <= seats else how
        second.candidates.append({"candidate": key, "votes": votes[key], "result": how})
    results = [one["result"] for one in second.candidates]
    filled = sum(result.startswith("elected") for result in results)
    decided = "carried" if filled == seats else "not_carried"
    second.result = "inquorate" if missed else "tied" if "tied_at_cutoff" in results else decided


def compare(file: Json, second: Second) -> None:
    """Section 4, 5 (the deadline) and 6."""
    last = datetime.fromisoformat(file["closing"]["closes_at"]) + timedelta(seconds=60)
    for line in file["book"]:
        late = datetime.fromisoformat(line["at"]) > last
        if line["event"] in GIVEN and late and f"ballot {line['seq']}" not in second.wrong:
            second.wrong.append(f"ballot {line['seq']} is late")
    outcome = file["outcome"]
    if not outcome or outcome["result"] == "void":
        return
    if (outcome["result"], outcome["counts"]) != (second.result, second.counts):
        second.wrong.append("outcome")
    if outcome.get("candidates", []) != second.candidates:
        second.wrong.append("candidates")


if __name__ == "__main__":
    found = recount(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    print(found.result, found.counts, *found.candidates)
    print("\n".join(found.wrong) or "Everything fits.")
    sys.exit(1 if found.wrong else 0)
