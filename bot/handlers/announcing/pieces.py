"""A long text that comes in several messages: Telegram splits what somebody types after 4,096 signs, and
what follows is none of a command's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from bot.broadcasts.drafting import with_new_text
from bot.broadcasts.standing import found_broadcast
from bot.commands import N_, LongText, Text, command, one_line
from bot.context import Context
from bot.handlers.announcing.answers import described, numbered, open_tap
from bot.handlers.announcing.preview import NUMBER, found_draft, preview
from bot.messages import Button, Reply, Said
from bot.rules.broadcasts.values import Broadcast

LONGEST = 12_000  # characters of an announcement
NEARLY_WHOLE: Final = {"telegram": 4000}  # a longer message may be one of several
WHOLE: Final = {"telegram": 4096}  # no message is longer: it was cut within a word
AT_ONCE = timedelta(seconds=10)  # between two pieces of one text
ENDS, BEGINS = (".", "!", "?", ":", "…"), ("#", "-", "*", ">", "|", "`")
QUOTED = 60  # characters of words in doubt
REST: Final = "announcement rest"
HIDDEN = Annotated[str, Text(hidden=True)]
BEFORE = Annotated[str, LongText(hidden=True, most=LONGEST)]


def is_piece(ctx: Context) -> bool:
    """Whether the words that came may be one of several messages."""
    least = NEARLY_WHOLE.get(ctx.place.platform)
    return isinstance(ctx.incoming, Said) and least is not None and len(ctx.incoming.text) >= least


def previewed_piece(
    ctx: Context, draft: Broadcast, language: str, *, parts: int = 1, whole: str = ""
) -> Reply:
    """The preview of a draft whose text just came; where more of it may follow, the next words join it."""
    if is_piece(ctx):
        await_rest(ctx, draft, language, parts)
        return preview(ctx, draft, parts=parts)
    return preview(ctx, draft, parts=parts if parts > 1 else 0, whole=whole)


def fixed_in_pieces(ctx: Context, broadcast: Broadcast, language: str, text: str, parts: int = 1) -> Reply:
    """The new text of one that is out, as far as it came; the tap goes on with it."""
    if is_piece(ctx):
        await_rest(ctx, broadcast, language, parts, text)
    go_on = Button(
        # NOTE: with what they began
        N_("Go on"),
        "announcement fix",
        {**numbered(broadcast), "language": language, "text": text},
    )
    values = {**described(ctx, broadcast), "parts": parts, "more": is_piece(ctx), "length": len(text)}
    return Reply("announce_long", values, (go_on, open_tap(broadcast)))


@command(REST, N_("The rest of a long announcement"), may="announce", hidden=True)
def announcement_rest(
    ctx: Context,
    number: NUMBER,
    rest: Annotated[str, LongText(ask=N_("Is there more of it?"), label=N_("Text"), most=LONGEST)] = "",
    language: HIDDEN = "",
    before: BEFORE = "",
    at: HIDDEN = "",
    cut: HIDDEN = "",
    parts: HIDDEN = "",
    sure: HIDDEN = "",
) -> Reply:
    """What comes right after a long message joins it; what comes later is asked about. `before`: the new
    text so far, of one that is out."""
    broadcast = found_broadcast(ctx, number, lock=True) if before else found_draft(ctx, number, lock=True)
    if not rest:
        return Reply("announce_whole", described(ctx, broadcast), (open_tap(broadcast),))
    if not sure and _sent_at(ctx) - datetime.fromisoformat(at) > AT_ONCE:
        return _asked(
            ctx, broadcast, rest, {"language": language, "before": before, "at": at, "parts": parts}
        )
    text = _joined(before or broadcast.texts.get(language, ""), rest, within_a_word=_within_a_word(ctx, cut))
    if len(text) > LONGEST:
        values = {"most": LONGEST, "length": len(text)}
        return Reply("refusals/text_too_long", values, (open_tap(broadcast),))
    count = int(parts or 1) + 1
    if before:
        return fixed_in_pieces(ctx, broadcast, language, text, count)
    return previewed_piece(ctx, with_new_text(ctx, broadcast, language, text), language, parts=count)


def await_rest(ctx: Context, broadcast: Broadcast, language: str, parts: int, before: str = "") -> None:
    """The next words of this account are the rest of the text."""
    words = ctx.incoming.text
    cut = len(words.encode("utf-16-le")) // 2 >= WHOLE[ctx.place.platform] and not words[-1:].isspace()
    given = {
        **numbered(broadcast), "language": language, "before": before, "at": _sent_at(ctx).isoformat(),
        "cut": "yes" if cut else "", "parts": str(parts),
    }  # fmt: skip
    if ctx.identity.asking:  # what was asked before is put aside here; this one is to stay
        ctx.store.drafts.put_aside(ctx.account_id, ctx.now)
        ctx.identity = replace(ctx.identity, asking=False)
    ctx.store.drafts.put(ctx.account_id, ctx.place, REST, given, "rest", "asking", ctx.now)


def _asked(ctx: Context, broadcast: Broadcast, rest: str, given: dict[str, str]) -> Reply:
    """Whether words that came later belong to the text, or say something else."""
    yes = Button(N_("Part of the text"), REST, {**numbered(broadcast), **given, "rest": rest, "sure": "yes"})
    no = Button(N_("Something else"), "typed", {"line": rest})
    words = one_line(rest)
    words = words if len(words) <= QUOTED else words[:QUOTED].rstrip() + "…"
    return Reply("announce_rest_ask", {**described(ctx, broadcast), "words": words}, (yes, no))


def _within_a_word(ctx: Context, cut: str) -> bool:
    return bool(cut) and not ctx.incoming.text[:1].isspace()


def _joined(before: str, rest: str, *, within_a_word: bool) -> str:
    """Two pieces as one text. Blanks at their ends are lost on the way: after the end of a sentence, or
    before what begins a line, a paragraph is likeliest."""
    if within_a_word:
        return before + rest
    return before + ("\n\n" if before.endswith(ENDS) or rest.startswith(BEGINS) else " ") + rest


def _sent_at(ctx: Context) -> datetime:
    return ctx.incoming.sent_at or ctx.incoming.received_at
