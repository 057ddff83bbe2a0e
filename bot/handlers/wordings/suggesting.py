"""`/wording`: a member says how a sentence should be said."""

from __future__ import annotations

from typing import Annotated, Any

from bot.commands import N_, LongText, Text, command
from bot.context import Context
from bot.handlers.entering import language_name
from bot.handlers.wordings.finding import (
    as_a_whole,
    by_key,
    english,
    found,
    key_of,
    new_for_old,
    put_in,
    readable,
    written,
)
from bot.handlers.wordings.owed import WORDING, key_for
from bot.messages import ENGLISH, Ask, Button, Choice, Refusal, Reply
from bot.templating import Sentence
from bot.templating.fitting import unfit
from storage.wordings import Wording

EDITS = "edit_wordings"
LONGEST_LABEL = 20  # characters
HIDDEN = Annotated[str, Text(hidden=True)]
WORDS = Text(ask=N_("Which words of mine? Copy some of them here."), label=N_("Words of mine"), most=300)
BETTER = LongText(ask=N_("How would you say it?"), label=N_("Better words"), most=1000, lead=("better",))
ANOTHER = Button(N_("Another sentence"), "wording")


@command(
    "wording",
    N_("Say how a sentence of mine should be said"),
    may="see_activities",
    example="/wording Log something",
)
def wording(
    ctx: Context,
    words: Annotated[str, WORDS],
    better: Annotated[str, BETTER] = "",
    which: HIDDEN = "",
) -> Reply:
    """Better words for one sentence, in the reader's language: kept for the coordinator, or used at once if
    the coordinator says so. Raises Ask for which sentence and for the words, Refusal for words that
    cannot stand there."""
    ctx.in_private()
    ours, new = new_for_old(words)
    sentence = by_key(ctx, which) if which else _meant(ctx, ours)
    if sentence is None:
        raise Refusal("wording_unknown", "words", buttons=(ANOTHER,), text=ours)
    better = better or (as_a_whole(sentence, ours, new) if new else "")
    if not better:
        raise Ask("better", "wording_better", **_described(sentence))
    text = written(sentence, better)
    _must_fit(sentence, text)
    suggested = ctx.store.wordings.suggest(
        Wording(
            0, ctx.language, sentence.message_id, sentence.plural, sentence.form, sentence.text, text,
            "suggested", ctx.person.id, ctx.now,
        )
    )  # fmt: skip
    return _used(ctx, suggested) if ctx.may(EDITS) else _kept(ctx, suggested)


def _meant(ctx: Context, words: str) -> Sentence | None:
    likely = found(ctx, words)
    if len(likely) < 2:
        return next(iter(likely), None)
    taps = tuple(
        Choice(f"{at} · {readable(one.text)}"[:LONGEST_LABEL], {"which": key_of(one)})
        for at, one in enumerate(likely, 1)
    )
    raise Ask("which", "wording_which", taps, free=False, found=[_described(one) for one in likely])


def _described(sentence: Sentence) -> dict[str, Any]:
    told, original = readable(sentence.text), readable(english(sentence))
    names = [f"{{{name}}}" for name in put_in(sentence)]
    return {"text": told, "english": original if original != told else "", "names": names}


def _must_fit(sentence: Sentence, text: str) -> None:
    """Raises Refusal for a text that would lose something, or not fit on its button."""
    for one in unfit(english(sentence), text, label=sentence.label):
        if one.kind != "english":
            values = {
                "why": one.kind,
                "before": readable(sentence.text),
                "names": _described(sentence)["names"],
            }
            raise Refusal("wording_unfit", "better", **values)


def _kept(ctx: Context, wording: Wording) -> Reply:
    for person in ctx.coordinators():
        values = {"owed": key_for(wording), "number": wording.id}
        ctx.notify(person, WORDING, f"{key_for(wording)}:{person}", values)
    return Reply("wording_suggested", {"text": readable(wording.text)}, (ANOTHER,))


def _used(ctx: Context, wording: Wording) -> Reply:
    ctx.store.wordings.decide(wording.id, "suggested", "in_force", ctx.person.id, ctx.now)
    back = Button(N_("Take it back"), "wording back", {"number": str(wording.id)})
    language = language_name(wording.language, ctx.language) if wording.language != ENGLISH else ""
    return Reply("wording_in_force", {"text": readable(wording.text), "language": language}, (back, ANOTHER))
