"""The charter as text: its articles, how each came to read as it does, what differs between two versions
(spec/decisions.md 4.9)."""

from __future__ import annotations

from typing import Annotated

from bot.charter import Article, Charter
from bot.commands import N_, Number, command
from bot.context import Context
from bot.handlers.charter.editions import Edition, all_editions, article_in, differing, history_of, in_force
from bot.messages import Button, Refusal, Reply, filled

PAGE = 10
MOST_TAPS = 4  # to articles or versions, beside the other taps of an answer
ARTICLE = Annotated[int, Number(lead=("article",), label=N_("Article"), least=1, most=999)]
ALL_ARTICLES = Button(N_("All articles"), "charter")


@command(
    "charter",
    N_("The charter: its articles and their text"),
    example="/charter 8",
    reads=True,
    own_slash=True,
    aliases=("article",),
)
def charter(ctx: Context, article: ARTICLE = 0, page: Annotated[int, Number(hidden=True)] = 1) -> Reply:
    """The articles in a line each, or one article with its text and the motion that last changed it.
    Raises Refusal for an article that there is not."""
    editions = all_editions(ctx)
    now = in_force(ctx, editions)
    if article:
        return _article(ctx, editions, _known(now.charter, article))
    every = now.charter.articles
    pages = max(1, -(-len(every) // PAGE))
    page = min(max(page, 1), pages)
    shown = every[(page - 1) * PAGE : page * PAGE]
    coming = [edition for edition in editions if edition.since > now.since]
    values = {
        "alliance": now.charter.alliance.short_name,
        "version": now.number,
        "since": now.since,
        "amended": editions.index(now),
        "coming": coming[0].since if coming else None,
        "articles": [{"number": one.number, "title": one.title, "summary": one.summary} for one in shown],
        "page": page,
        "pages": pages,
    }
    before = (Button(N_("Preamble"), "charter preamble"),) if now.charter.preamble and page == 1 else ()
    opens = (_open(one.number) for one in shown)
    ahead = (_compare(N_("What will change"), now, coming[0]),) if coming else ()
    return Reply("charter", values, (*before, *opens, *_pages(page, pages), *ahead), replace=True)


@command(
    "charter preamble", N_("What stands before the first article"), example="/charter preamble", reads=True
)
def preamble(ctx: Context) -> Reply:
    """The preamble: where the alliance comes from, and the agreement that follows the charter."""
    now = in_force(ctx, all_editions(ctx)).charter
    text = now.preamble.text if now.preamble else ""
    values = {"alliance": now.alliance.short_name, "text": text, "amended": 0}
    return Reply("charter_preamble", values, (_open(now.articles[0].number), ALL_ARTICLES))


@command(
    "charter history",
    N_("How an article came to read as it does"),
    example="/charter history 8",
    reads=True,
    aliases=("article history",),
)
def history(
    ctx: Context,
    article: Annotated[
        int, Number(ask=N_("Which article?"), lead=("article",), label=N_("Article"), least=1, most=999)
    ],
) -> Reply:
    """Every version in which the text of an article changed, with its day and motion (4.9); each opens what
    it changed. Raises Refusal for an article that no version has."""
    editions = all_editions(ctx)
    steps = history_of(ctx, editions, article)
    if not steps:
        raise _no_article(article)
    last = [found for edition in editions if (found := article_in(edition.charter, article))][-1]
    values = {"number": article, "title": last.title, "steps": steps}
    taps = tuple(
        Button(
            filled(N_("Version {number}"), number=step["version"]),
            "charter difference",
            {"before": str(step["before"]), "after": str(step["version"]), "article": str(article)},
        )
        for step in steps
        if step["before"]
    )
    current = article_in(in_force(ctx, editions).charter, article)
    back = (_open(article),) if current else ()
    return Reply("article_history", values, (*taps[-MOST_TAPS:], *back, ALL_ARTICLES))


@command(
    "charter difference",
    N_("What differs between two versions of the charter"),
    example="/charter difference 1 2",
    reads=True,
)
def difference(
    ctx: Context,
    before: Annotated[int, Number(ask=N_("From which version?"), label=N_("From version"), least=1)],
    after: Annotated[int, Number(label=N_("To version"), least=1)] = 0,
    article: Annotated[int, Number(hidden=True)] = 0,
) -> Reply:
    """The sentences that differ between two versions, by article, each before and after (4.9); between one
    and that in force if only one is given. Raises Refusal for a version that there is not."""
    editions = all_editions(ctx)
    one = _edition(editions, before)
    other = _edition(editions, after) if after else in_force(ctx, editions)
    first, second = sorted((one, other), key=lambda edition: editions.index(edition))
    sections = [
        section for section in differing(first.charter, second.charter) if article in (0, section["number"])
    ]
    numbers = sorted((before, after or other.number)) if one is other else [first.number, second.number]
    values = {
        "before": numbers[0],
        "after": numbers[1],
        "since": second.since,
        "motion": second.motion if editions.index(second) == editions.index(first) + 1 else None,
        "sections": sections,
    }
    stand = [section["number"] for section in sections if section["number"] and section["stands"]]
    opens = (_open(number) for number in stand[:MOST_TAPS])
    return Reply("charter_difference", values, (*opens, ALL_ARTICLES))


def _edition(editions: tuple[Edition, ...], version: int) -> Edition:
    found = next((one for one in editions if version in one.versions), None)
    if found is None:
        newest = max(max(one.versions) for one in editions)
        raise Refusal("article_unknown", buttons=(ALL_ARTICLES,), number=0, version=version, newest=newest)
    return found


def _known(charter: Charter, number: int) -> Article:
    found = article_in(charter, number)
    if found is None:
        raise _no_article(number)
    return found


def _no_article(number: int) -> Refusal:
    return Refusal("article_unknown", buttons=(ALL_ARTICLES,), number=number)


def _article(ctx: Context, editions: tuple[Edition, ...], article: Article) -> Reply:
    steps = history_of(ctx, editions, article.number)
    ahead = [step for step in steps if step["ahead"]]
    values = {
        "number": article.number,
        "title": article.title,
        "summary": article.summary,
        "text": article.text,
        "motion": article.motion,
        "amended": 1 if article.motion else 0,
        "since": article.since or editions[0].since,
        "coming": ahead[0] if ahead else None,
    }
    number = {"article": str(article.number)}
    history = Button(N_("History"), "charter history", number)
    propose = Button(N_("Propose a change"), "propose amendment", number)
    return Reply("article", values, (history, ALL_ARTICLES, *((propose,) if ctx.may("propose") else ())))


def _open(number: int) -> Button:
    label = filled(N_("Article {number}"), number=number)
    return Button(label, "charter", {"article": str(number)})


def _compare(label: str, before: Edition, after: Edition) -> Button:
    return Button(label, "charter difference", {"before": str(before.number), "after": str(after.number)})


def _pages(page: int, pages: int) -> tuple[Button, ...]:
    back = Button(N_("Articles before"), "charter", {"page": str(page - 1)})
    onward = Button(N_("More articles"), "charter", {"page": str(page + 1)})
    return (*((back,) if page > 1 else ()), *((onward,) if page < pages else ()))
