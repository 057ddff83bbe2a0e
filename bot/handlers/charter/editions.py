"""The charter's text through its versions: which of them changed a sentence, and which sentences."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.charter import Article, Charter
from bot.context import Context
from bot.in_force import charter_of
from bot.rules.decisions.amending import Change, changes


@dataclass(frozen=True, slots=True)
class Edition:
    """The charter's text as it reads from a day on. `versions` are the numbers under which it is kept: the
    first names it, the others changed rules or permissions only. `motion` made it, None: it was signed."""

    since: date
    versions: tuple[int, ...]
    motion: int | None
    charter: Charter

    @property
    def number(self) -> int:
        """The version by which people call it."""
        return self.versions[0]


def all_editions(ctx: Context) -> tuple[Edition, ...]:
    """The charter's texts in the order in which they came into force."""
    found: list[Edition] = []
    for one in sorted(ctx.store.charters.versions(), key=lambda one: (one.in_force_from, one.version)):
        charter = charter_of(one)
        if found and _reads_the_same(found[-1].charter, charter):
            last = found[-1]
            found[-1] = replace(last, versions=(*last.versions, one.version), charter=charter)
        else:
            found.append(Edition(one.in_force_from, (one.version,), one.motion, charter))
    return tuple(found)


def in_force(ctx: Context, editions: tuple[Edition, ...]) -> Edition:
    """The text as it reads today; before the first day it is the first."""
    today = ctx.now.date()
    return next((one for one in reversed(editions) if one.since <= today), editions[0])


def article_in(charter: Charter, number: int) -> Article | None:
    """The article of this number, if this version has it."""
    return next((article for article in charter.articles if article.number == number), None)


def history_of(ctx: Context, editions: tuple[Edition, ...], number: int) -> list[dict[str, Any]]:
    """The versions in which an article came, changed or went, for an answer. `before`: the version to compare
    one with, 0 for the first."""
    steps: list[dict[str, Any]] = []
    last: Article | None = None
    for place, edition in enumerate(editions):
        article = article_in(edition.charter, number)
        step = {
            "became": _became(last, article, signed=place == 0),
            "version": edition.number,
            "day": edition.since,
            "motion": (article.motion if article else None) or edition.motion,
            "before": editions[place - 1].number if place else 0,
            "ahead": edition.since > ctx.now.date(),
        }
        steps += [step] if step["became"] else []
        last = article
    return steps


def differing(before: Charter, after: Charter) -> list[dict[str, Any]]:
    """The parts of the text that differ, the preamble (number 0) first, with the sentences that do. `stands`:
    the later version has that part."""
    old_preamble, new_preamble = (one.preamble.text if one.preamble else "" for one in (before, after))
    parts = [(0, "", _sentences(old_preamble, new_preamble), True)]
    for number in sorted({one.number for one in (*before.articles, *after.articles)}):
        old, new = article_in(before, number), article_in(after, number)
        titles = [one.title if one else "" for one in (old, new)]
        title = [Change("changed", *titles)] if all(titles) and titles[0] != titles[1] else []
        found = _sentences(old.text if old else "", new.text if new else "")
        parts.append((number, titles[1] or titles[0], [*title, *found], new is not None))
    names = ("number", "title", "changes", "stands")
    return [dict(zip(names, part, strict=True)) for part in parts if part[2]]


def _reads_the_same(before: Charter, after: Charter) -> bool:
    """Whether no text differs. One that was only written down later is no change."""
    old = {article.number: article for article in before.articles}
    return (
        old.keys() == {article.number for article in after.articles}
        and not any(_differ(old[article.number], article) for article in after.articles)
        and before.preamble in (None, after.preamble)
    )


def _differ(before: Article, after: Article) -> bool:
    return before.title != after.title or before.text not in ("", after.text)


def _became(before: Article | None, after: Article | None, signed: bool) -> str:
    if before is None:
        return ("signed" if signed else "added") if after else ""
    if after is None:
        return "removed"
    return "changed" if _differ(before, after) else ""


def _sentences(before: str, after: str) -> list[Change]:
    return [change for change in changes(before, after) if change.kind != "same"]
