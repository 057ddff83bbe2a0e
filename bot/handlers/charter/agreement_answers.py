"""The eight questions of the Partnership Agreement and their answers, in words (spec/decisions.md 6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton

from bot.assembly.agreement import OTHER, QUESTIONS, answers_now
from bot.charter import Charter, month_and_day
from bot.commands import N_, OneChoice
from bot.context import Context
from bot.messages import Refusal
from bot.templating.wording import locale_of

Answers = Mapping[str, str]

IN_FORCE = "in_force"  # a year that begins on the day on which the charter came into force
DAYS = re.compile(r"\D*(\d{1,2})\D+(\d{1,2})\D*")
MOST_DAYS = 60
SUGGESTED_DAYS = ("5+5", "10+5", "10+10")

TITLES: dict[str, str] = {
    "quorum": N_("Quorum"),
    "majority": N_("Majority"),
    "amendment": N_("Charter changes"),
    "days": N_("Notice and voting"),
    "proposers": N_("Who may propose"),
    "proxies": N_("Proxies"),
    "year": N_("What is a year"),
    "smes": N_("How SMEs count"),
}
ASKED: dict[str, str] = {
    "quorum": N_("How many members take part at least, so that a vote is valid?"),
    "majority": N_("What carries a resolution, and the yearly renewal?"),
    "amendment": N_("What carries a change of the charter?"),
    "days": N_("How many working days to discuss, and how many to vote?"),
    "proposers": N_("Who may propose to the Assembly? Any member always may (Art. 8)."),
    "proxies": N_("May one member vote for another? Proxies are for a later round."),
    "year": N_("When does the alliance's year begin?"),
    "smes": N_("How does an SME count that came several times?"),
}
CHOICES: dict[str, tuple[OneChoice, ...]] = {
    "quorum": (
        OneChoice("half", N_("At least half")),
        OneChoice("more_than_half", N_("More than half")),
        OneChoice("two_thirds", N_("Two-thirds")),
        OneChoice("none", N_("No quorum")),
    ),
    "majority": (
        OneChoice("simple", N_("Simple majority")),
        OneChoice("absolute", N_("Absolute majority")),
        OneChoice("two_thirds", N_("Two-thirds of votes")),
    ),
    "amendment": (
        OneChoice("two_thirds_cast", N_("2/3 of votes cast")),
        OneChoice("two_thirds_members", N_("2/3 of all members")),
        OneChoice("three_quarters_cast", N_("3/4 of votes cast")),
        OneChoice("unanimity", N_("Nobody against")),
    ),
    "proposers": (
        OneChoice("members", N_("Any member")),
        OneChoice("members_and_coordinator", N_("And the coordinator")),
    ),
    "proxies": (OneChoice("no", N_("No proxies")),),
    "year": (OneChoice("calendar", N_("Calendar year")), OneChoice(IN_FORCE, N_("From day in force"))),
    "smes": (OneChoice("once_a_year", N_("Once a year")), OneChoice("per_activity", N_("Once per activity"))),
}
WORDS: dict[str, dict[str, str]] = {
    "quorum": {
        "half": N_("at least half of the members take part"),
        "more_than_half": N_("more than half of the members take part"),
        "two_thirds": N_("at least two-thirds of the members take part"),
        "none": N_("none"),
    },
    "majority": {
        "simple": N_("simple majority of votes cast"),
        "absolute": N_("absolute majority of all members"),
        "two_thirds": N_("two-thirds of votes cast"),
    },
    "amendment": {
        "two_thirds_cast": N_("two-thirds of votes cast"),
        "two_thirds_members": N_("two-thirds of all members"),
        "three_quarters_cast": N_("three-quarters of votes cast"),
        "unanimity": N_("nobody against"),
    },
    "proposers": {
        "members": N_("any member"),
        "members_and_coordinator": N_("any member and the coordinator"),
    },
    "proxies": {"no": N_("no")},
    "year": {"calendar": N_("the calendar year")},
    "smes": {
        "once_a_year": N_("once a year, however often it came"),
        "per_activity": N_("once for each activity"),
    },
}


def full(charter: Charter, given: Mapping[str, str], in_force: date | None) -> dict[str, str]:
    """The eight answers: what is given, else as it is by the charter's rules today."""
    answers = {**answers_now(charter), **{key: given[key] for key in QUESTIONS if given.get(key)}}
    if answers["year"] == IN_FORCE:
        answers["year"] = _year_from(in_force) if in_force else charter.alliance.year
    return answers


def days_given(text: str) -> str:
    """Notice and voting days as people write them ("5 and 5", "10+5"), as an answer. Raises Refusal."""
    found = DAYS.fullmatch(text)
    discussion, voting = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (1 <= voting <= MOST_DAYS and discussion <= MOST_DAYS):
        raise Refusal("agreement_days", "days", text=text[:40], most=MOST_DAYS)
    return f"{discussion}+{voting}"


def lines(ctx: Context, answers: Answers, before: Answers | None = None) -> list[dict[str, Any]]:
    """The questions with their answers in words, in their order; beside `before`, what was so until now."""
    return [
        {
            "title": ctx.translate(TITLES[question]),
            "answer": worded(ctx, question, answers[question]),
            "before": worded(ctx, question, before[question]) if before else "",
            "same": before is not None and before[question] == answers[question],
        }
        for question in QUESTIONS
        if question in answers
    ]


def written(ctx: Context, answers: Answers) -> str:
    """The agreement as the text of a motion: a line for each question. All read it and so it is recorded, so
    it is in the alliance's language, whoever writes it."""
    language = ctx.charter.alliance.language
    theirs = replace(ctx, language=language, translate=lambda text: ctx.translate_to(text, language))
    every = (f"- {line['title']}: {line['answer']}" for line in lines(theirs, answers))
    rest = theirs.translate(N_("Everything else stays as the rules of the charter suggest until now."))
    return "\n".join((*every, rest))


def worded(ctx: Context, question: str, answer: str) -> str:
    """An answer in words; what none of the suggestions says stays "as it is now"."""
    if question == "days":
        discussion, voting = answer.split("+")
        words = ctx.translate(N_("{discussion} working days to discuss, {voting} to vote"))
        return words.format(discussion=discussion, voting=voting)
    if question == "year" and answer not in WORDS["year"]:
        return ctx.translate(N_("from {day} on")).format(day=_spoken(ctx, *month_and_day(answer)))
    found = WORDS[question].get(answer)
    return ctx.translate(found if found and answer != OTHER else N_("as it is now"))


def _spoken(ctx: Context, month: int, day: int) -> str:
    """A day of every year: "26 Aug"."""
    some = date(2000, month, day)
    locale = locale_of(ctx.language)
    if locale.language == "en":  # babel's English is American here (voice.md, rule 5)
        return str(format_date(some, "d MMM", locale="en"))
    return str(format_skeleton("MMMd", some, locale=locale))


def _year_from(day: date) -> str:
    """The day of the year on which a year begins; 29 February is not in every one."""
    return "02-28" if (day.month, day.day) == (2, 29) else f"{day:%m-%d}"
