"""Proposing a change of the charter: a sentence of an article, or all of it (spec/decisions.md 4.9)."""

from __future__ import annotations

from typing import Annotated, Any

from bot.charter import Article
from bot.commands import N_, LongText, Number, Text, command
from bot.context import Context
from bot.handlers.proposing.kinds import SAYING, TITLE_QUESTION, WHY_QUESTION
from bot.handlers.proposing.preview import again, confirmed, needed, noticed
from bot.handlers.proposing.proposing import LONGEST_TITLE, drafted, proposing_for, worded
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.decisions.amending import joined, sentences, tidy

LONGEST_TEXT = 10_000  # characters: an article of the charter file takes as many
MOST_SENTENCES = 30  # that are offered as taps; a longer text is changed as a whole
HIDDEN = Annotated[str, Text(hidden=True)]
REPLACE, ADD, WHOLE = "replace", "add", "whole"
HOW = (
    Choice(N_("Replace a sentence"), {"how": REPLACE}),
    Choice(N_("Add a sentence"), {"how": ADD}),
    Choice(N_("Whole text"), {"how": WHOLE}),
)
TAKE_IT_OUT = "-"  # in place of a sentence's new words


@command(
    "propose amendment",
    N_("Propose a change of the charter"),
    may="propose",
    example="/propose amendment 8",
    aliases=("propose change",),
)
def propose_amendment(
    ctx: Context,
    article: Annotated[int, Number(label=N_("Article"), least=1, most=999)] = 0,
    after: Annotated[str, LongText(lead=SAYING, label=N_("New text of the article"), most=LONGEST_TEXT)] = "",
    title: Annotated[str, Text(label=N_("Title"), most=LONGEST_TITLE)] = "",
    why: Annotated[str, LongText(lead=("because",), label=N_("Why"), hint=WHY_QUESTION)] = "",
    how: HIDDEN = "",
    sentence: Annotated[int, Number(hidden=True)] = 0,
    seen: Annotated[int, Number(hidden=True)] = 0,
    for_: HIDDEN = "",
    what: HIDDEN = "why",
    sure: HIDDEN = "",
) -> Reply:
    """A new wording of one article. A form holds its whole text; elsewhere a sentence is picked and said
    anew, one is added, or all is written. `seen` is the article whose text a form was filled with. Raises
    Refusal where nothing would change, and Ask until what goes out was seen and confirmed."""
    home = proposing_for(ctx, "charter_amendment", for_)
    found = _article(ctx, article)
    usual = worded(ctx, N_("Change of Article {number}")).format(number=found.number)
    form = {"article": str(found.number), "seen": str(found.number), "how": WHOLE, "what": "none"}
    filled = {**form, "title": title or usual, "sentence": ""}
    if not after or (seen and seen != found.number):
        raise _wording(found, how, sentence, {**filled, "after": found.text})
    text = _changed(found, how, sentence, after)
    if text == tidy(found.text):
        raise Refusal("same_text", "after", number=found.number)
    needed(what, {"title": title, "why": why}, {"title": TITLE_QUESTION, "why": WHY_QUESTION})
    motion = drafted(
        ctx,
        "charter_amendment",
        title or usual,
        home,
        text=why,
        article=found.number,
        before=found.text,
        after=text,
    )
    parts = (
        again(N_("New wording"), "after", "how", "sentence"),
        again(N_("Title"), "title", what="title"),
        again(N_("Why"), "why", what="why"),
    )
    confirmed(ctx, motion, sure, parts, {**filled, "after": text})
    return noticed(ctx, motion)


def _article(ctx: Context, number: int) -> Article:
    every = ctx.charter.articles
    found = next((one for one in every if one.number == number), None)
    if found is not None:
        return found
    if number:
        ways = (Button(N_("All articles"), "charter"),)
        raise Refusal("article_unknown", "article", ways, number=number)
    label = ctx.translate(N_("Article {number}"))
    choices = tuple(Choice(label.format(number=one.number), {"article": str(one.number)}) for one in every)
    articles = [{"number": one.number, "title": one.title} for one in every]
    raise Ask("article", "propose_article", choices, free=False, articles=articles)


def _wording(article: Article, how: str, sentence: int, form: dict[str, str]) -> Ask:
    """The question for the next step to the article's new text; where a form can be shown it is one form."""
    said = [one for one in sentences(article.text) if one]
    about: dict[str, Any] = {"number": article.number, "title": article.title}
    if how == WHOLE or (how == REPLACE and len(said) > MOST_SENTENCES):
        return Ask("after", "propose_whole", text=article.text, prefill=form, **about)
    if how == ADD:
        return Ask("after", "propose_added", **about)
    if how == REPLACE and 0 < sentence <= len(said):
        out = (Choice(N_("Take it out"), {"after": TAKE_IT_OUT}),)
        return Ask("after", "propose_sentence", out, before=said[sentence - 1], **about)
    if how == REPLACE:
        taps = tuple(Choice(str(at), {"sentence": str(at)}) for at in range(1, len(said) + 1))
        return Ask("sentence", "propose_which_sentence", taps, free=False, sentences=said, **about)
    return Ask("how", "propose_how", HOW, free=False, text=article.text, prefill=form, **about)


def _changed(article: Article, how: str, sentence: int, words: str) -> str:
    """The article's whole text with the change that was said."""
    if how == ADD:
        return tidy(f"{article.text}\n{words}")
    if how != REPLACE or not sentence:
        return tidy(words)
    said = list(sentences(article.text))
    places = [at for at, one in enumerate(said) if one]
    if sentence > len(places):
        return tidy(article.text)
    said[places[sentence - 1]] = "" if words == TAKE_IT_OUT else words
    return tidy(joined(said))
