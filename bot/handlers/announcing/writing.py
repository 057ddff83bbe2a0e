"""Writing an announcement: `/announce`, and what can be changed before it goes out (section 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from bot.broadcasts.drafting import kept, with_new_text
from bot.broadcasts.standing import found_broadcast, tongues
from bot.commands import N_, REGISTRY, LongText, Text, command
from bot.context import COORDINATING, Context
from bot.handlers.announcing.answers import described, language_name, numbered
from bot.handlers.announcing.pieces import LONGEST, is_piece, previewed_piece
from bot.handlers.announcing.preview import NUMBER, found_draft, preview
from bot.handlers.announcing.progress import opened
from bot.handlers.announcing.to_whom import ToWhom, meant
from bot.messages import Ask, Button, Choice, Refusal, Reply
from bot.rules.broadcasts.segments import for_everybody
from bot.rules.broadcasts.values import Broadcast, Segment

LONGEST_IN_A_FORM = 3000  # characters that Slack shows in one
LONGEST_NUMBER = 6  # digits of an announcement's number
MOST_LANGUAGES = 8  # that are offered as taps
TEXT = LongText(
    ask=N_("What do you want to announce?"), label=N_("Text"), most=LONGEST,
    hint=N_("Bold, lists, links and tables work (Markdown). You'll see it before anybody else."),
)  # fmt: skip
TO = ToWhom(
    lead=("to",), label=N_("Goes to"), ask=N_("Who is it for?"),
    hint=N_("Everybody unless you say: France, representatives, plastics, CIMES, event 12"),
)  # fmt: skip
WHOLE = LongText(hidden=True, most=LONGEST)
EVERYBODY = (Segment("all"),)
BACK = Annotated[str, Text(hidden=True)]
TO_PREVIEW = Choice(N_("Back"), {"back": "yes"})


@command(
    "announce",
    N_("Tell many people something; you see first what they will see"),
    may="announce",
    example="/announce Call for partners opens Monday to representatives in France",
    own_slash=True,
)
def announce(ctx: Context, text: Annotated[str, TEXT], to: Annotated[str, TO] = "") -> Reply:
    """Keep a draft and show it. Nothing goes out before somebody said yes to that very preview. The last
    words of one line may say for whom it is; in a text of several lines they belong to it. A bare number is
    no text, but one that is there already. Raises Refusal where there is none."""
    ctx.in_private()
    if text.isdecimal() and len(text) <= LONGEST_NUMBER:
        return opened(ctx, found_broadcast(ctx, int(text)))
    whole, language = _typed_whole(ctx) if to else "", language_of(ctx)
    if whole and ("\n" in whole or is_piece(ctx)):
        text, to, whole = TEXT.read(whole, ctx.reading, "text"), "", ""
    segments = meant(ctx, to) if to else EVERYBODY
    draft = Broadcast(
        number=0,
        texts={language: text},
        created_by=ctx.person.id,
        created_at=ctx.now,
        organisation=_speaks_for(ctx),
        segments=segments,
        places=None if for_everybody(segments) else (),
        authors=(ctx.person.id,),
    )
    return previewed_piece(ctx, ctx.store.broadcasts.add(draft), language, whole=whole)


@command("announcement whole", N_("Take the last words of an announcement back"), may="announce", hidden=True)
def announcement_whole(ctx: Context, number: NUMBER, text: Annotated[str, WHOLE]) -> Reply:
    """What was taken for whom it is for is part of the text: it is for everybody again."""
    draft = found_draft(ctx, number, lock=True)
    language = next(iter(draft.texts))
    everybody = replace(draft, segments=EVERYBODY, places=None)
    return preview(ctx, with_new_text(ctx, everybody, language, text))


@command("announcement text", N_("Change what an announcement says"), may="announce", hidden=True)
def announcement_text(
    ctx: Context,
    number: NUMBER,
    language: Annotated[str, Text(hidden=True)] = "",
    text: Annotated[str, TEXT] = "",
    back: BACK = "",
) -> Reply:
    """Another text, in one of its languages. Raises Ask for which, and for the text."""
    draft = found_draft(ctx, number, lock=True)
    if back:
        return preview(ctx, draft)
    language = which_language(ctx, draft, language)
    if not text:
        told = {**described(ctx, draft), "text": draft.texts[language]}
        given = in_a_form(ctx, draft.texts[language], language)
        raise Ask("text", "announce_text_ask", (TO_PREVIEW,), prefill=given, **told)
    return previewed_piece(ctx, with_new_text(ctx, draft, language, text), language)


@command("announcement language", N_("Say an announcement in one more language"), may="announce", hidden=True)
def announcement_language(
    ctx: Context,
    number: NUMBER,
    language: Annotated[str, Text(ask=N_("Which language?"), label=N_("Language"), most=40)] = "",
    text: Annotated[str, TEXT] = "",
    back: BACK = "",
) -> Reply:
    """One more text: who speaks that language reads it. Raises Ask for the language and the text."""
    draft = found_draft(ctx, number, lock=True)
    if back:
        return preview(ctx, draft)
    spoken = _spoken(ctx)
    tag = _language_meant(ctx, language, spoken) if language else ""
    if not tag:
        offered = tuple(
            Choice(name[:20], {"language": tag}) for tag, name in spoken if tag not in draft.texts
        )
        ways = (*offered[:MOST_LANGUAGES], TO_PREVIEW)
        raise Ask("language", "announce_language_ask", ways, **described(ctx, draft))
    if not text:
        told = {**described(ctx, draft), "language": language_name(tag, ctx.language)}
        raise Ask("text", "announce_language_text_ask", (TO_PREVIEW,), prefill={"language": tag}, **told)
    return previewed_piece(ctx, with_new_text(ctx, draft, tag, text), tag)


@command(
    "announcement one language less",
    N_("Take out one of its languages"),
    may="announce",
    hidden=True,
)
def announcement_one_language_less(
    ctx: Context, number: NUMBER, language: Annotated[str, Text(hidden=True)] = ""
) -> Reply:
    """Who spoke that language reads the first text instead. Raises Ask for which; the last one stays."""
    draft = found_draft(ctx, number, lock=True)
    if len(draft.texts) == 1:
        return preview(ctx, draft)
    tag = which_language(ctx, draft, language)
    texts = {one: text for one, text in draft.texts.items() if one != tag}
    fewer = replace(draft, texts=texts, version=draft.version + 1, edited_by=ctx.person.id)
    return preview(ctx, kept(ctx, fewer))


@command("announcement audience", N_("Say whom an announcement is for"), may="announce", hidden=True)
def announcement_audience(
    ctx: Context, number: NUMBER, to: Annotated[str, TO] = "", back: BACK = ""
) -> Reply:
    """Other people; who was taken off stays off. The chats are for what is for everybody. Raises Ask for
    whom, Refusal for words that name nobody."""
    draft = found_draft(ctx, number, lock=True)
    if back:
        return preview(ctx, draft)
    if not to:
        taps = (Choice(N_("Everybody"), {"to": "everybody"}), TO_PREVIEW)
        raise Ask("to", "announce_audience_ask", taps, **described(ctx, draft))
    segments = meant(ctx, to)
    was_for_all, places = for_everybody(draft.segments), draft.places
    if was_for_all != for_everybody(segments):
        places = () if was_for_all else None if places == () else places
    return preview(ctx, kept(ctx, replace(draft, segments=segments, places=places)))


@command("announcement away", N_("Throw an announcement away"), may="announce", hidden=True)
def announcement_away(ctx: Context, number: NUMBER) -> Reply:
    """Nobody got it, and nobody will."""
    draft = found_draft(ctx, number, lock=True)
    ctx.store.broadcasts.write(replace(draft, state="stopped", stopped_by=ctx.person.id, stopped_at=ctx.now))
    back = Button(N_("Get it back"), "announcement copy", numbered(draft))
    return Reply("announce_away", described(ctx, draft), (back,), replace=True)


def in_a_form(ctx: Context, text: str, language: str) -> dict[str, str] | None:
    """What a form for a new text is filled with. None where words are asked for instead: Slack shows no more
    than 3,000 signs in a form. Where words would be read along, an empty form is better than none."""
    if len(text) <= LONGEST_IN_A_FORM:
        return {"text": text, "language": language}
    return None if ctx.place.kind == "direct" else {"language": language}


def language_of(ctx: Context) -> str:
    """The language (IETF tag) in which somebody writes, as far as is known."""
    return next(iter(tongues(ctx)), "") or ctx.charter.alliance.language


def which_language(ctx: Context, broadcast: Broadcast, language: str) -> str:
    """In which of its languages a text is meant: the one given, the only one, or the answer to a question."""
    if language in broadcast.texts:
        return language
    if len(broadcast.texts) == 1:
        return next(iter(broadcast.texts))
    taps = tuple(Choice(language_name(tag, ctx.language)[:20], {"language": tag}) for tag in broadcast.texts)
    raise Ask("", "announce_language_which", taps, free=False, **described(ctx, broadcast))


def _typed_whole(ctx: Context) -> str:
    """All that was typed after the command's name; "" if the text came another way."""
    command, rest = REGISTRY.find(ctx.incoming.text)
    return TEXT.canonical(rest, ctx.reading) if command is not None and command.name == "announce" else ""


def _speaks_for(ctx: Context) -> str:
    """The organisation whose role lets the caller announce; the whole alliance for a role held for it."""
    hats = ctx.hats("announce")
    return COORDINATING if ctx.may("announce", COORDINATING) or not hats else hats[0]


def _spoken(ctx: Context) -> list[tuple[str, str]]:
    """The members' languages, each with its name."""
    tags = dict.fromkeys(one.language for one in ctx.members)
    return [(tag, language_name(tag, ctx.language)) for tag in tags]


def _language_meant(ctx: Context, words: str, spoken: list[tuple[str, str]]) -> str:
    """The tag of a language that is named so in English, in the reader's language or in itself, or by its
    letters. Raises Refusal where there is none."""
    wanted = words.strip().casefold()
    every = dict.fromkeys([*(tag for tag, _ in spoken), *OTHERS])
    for tag in every:
        names = (tag, *(language_name(tag, tongue) for tongue in ("en", ctx.language, tag)))
        if wanted in {name.casefold() for name in names}:
            return tag
    raise Refusal("announcement_language", "language", text=words[:40])


OTHERS = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt",
    "nl", "pl", "pt", "ro", "sk", "sl", "sv", "uk", "tr", "no", "is", "ca", "eu", "gl", "sr", "sq", "mk",
)  # fmt: skip
