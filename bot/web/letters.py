"""Letters: the personal page behind a mail's link. Looking changes nothing; its button is pressed once.

A button goes through the pipe as a tap in a chat does, under one event for each use of a letter: pressed
twice, by a finger, a reload or after a crash, it is done once and answered the same (spec/engagement.md
section 10). What broke on our side is no use of it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.messages import Answer, Call, Incoming, Message, Said
from bot.platforms.port import Inbox
from bot.templating.html import safe_link, to_text
from bot.web.opened import Opened, follow_up, open_letter, renewed, used_first, was_recorded
from bot.web.pages import PERSONAL, Site, form_of
from storage.letters import Letter

LONGEST_WORDS: Final = 8000  # characters typed on a page
LONGEST_TITLE: Final = 120  # characters
WHILE_RECORDED: Final = timedelta(days=6)  # an answer is kept for seven (bot.jobs.forgetting)
NOTHING: Final = -1  # no button's number
NO_TITLE: Final = ("|", "-", "*", "+", ">", "#", "`", "~")  # what begins more than a line


def letter_routes(site: Site, inbox: Inbox) -> list[Route]:
    """`/letter/<token>`: the page, its buttons, its file, and a new link for one that is over. A token that
    never was is answered as one that is forgotten, and stands in no log."""
    letters = _Letters(site, inbox)
    return [
        site.route("/letter/{token}", letters.shown),
        site.route("/letter/{token}", letters.pressed, ("POST",)),
        site.route("/letter/{token}/file", letters.file),
        site.route("/letter/{token}/again", letters.again, ("POST",)),
    ]


class _Letters:
    def __init__(self, site: Site, inbox: Inbox) -> None:
        self._site, self._inbox = site, inbox

    async def shown(self, request: Request) -> Response:
        """The words of the letter and its buttons, the one that was tapped in the mail first."""
        found = await self._found(request)
        picked = _number(request.query_params.get("pick", ""))
        return self._gone(request) if found is None else self._letter(request, found, picked)

    async def file(self, request: Request) -> Response:
        """The file that goes with it, to be kept."""
        found = await self._found(request)
        if found is None or found.letter.message.file is None:
            return self._gone(request)
        kept = found.letter.message.file
        named = f"attachment; filename*=UTF-8''{quote(kept.name, safe='', errors='replace')}"
        return Response(kept.data, headers={**PERSONAL, "content-disposition": named}, media_type=kept.mime)

    async def again(self, request: Request) -> Response:
        """The mail is sent once more, to the address that it was written to."""
        found = await self._found(request)
        if found is None:
            return self._gone(request)
        if not found.renewable:
            return self._letter(request, found)
        await self._site.storage.write(partial(renewed, found, self._site.clock.now()))
        return self._page(request, found, "letter_again", {})

    async def pressed(self, request: Request) -> Response:
        """A button is pressed, or the words are here that were asked for."""
        form, found = await form_of(request), await self._found(request)
        if found is None:
            return self._gone(request)
        words = form.get("words", [""])[0].strip()
        if len(words) > LONGEST_WORDS:
            return self._letter(request, found, words=words)
        picked = len(found.letter.message.keys) if words else _number(form.get("pick", [""])[0])
        if picked in found.looks:
            event = f"letter:{found.letter.id}:look:{secrets.token_hex(6)}"
            return await self._answered(request, found, self._call(found, event, picked))
        if not words and picked not in found.tokens:
            return self._letter(request, found)
        return await self._once(request, found, picked, words)

    async def _once(self, request: Request, found: Opened, picked: int, words: str) -> Response:
        """What can be done once is done for whoever presses first; later it is answered as it was then."""
        now, token = self._site.clock.now(), str(request.path_params["token"])
        first = await self._site.storage.write(lambda store: used_first(store, token, picked, words, now))
        letter = first or await self._site.storage.read(lambda store: store.letters.read(token))
        if letter is None or letter.used_at is None or letter.picked is None:
            return self._letter(request, found, words=words)  # it ran out meanwhile
        used = replace(found, letter=letter)
        incoming = self._incoming(used, letter.picked, words)
        recent = now - letter.used_at < WHILE_RECORDED  # recorded, or broken off before it could be
        known = recent or await self._site.storage.read(partial(was_recorded, incoming))
        if not known or (isinstance(incoming, Said) and not words):
            return self._letter(request, used)
        instead = _label(letter) if letter.picked != picked else ""
        return await self._answered(request, used, incoming, instead)

    def _incoming(self, found: Opened, picked: int, words: str) -> Incoming:
        """What the letter is used for: the same event however often."""
        if picked in found.tokens:
            return self._call(found, found.event, picked)
        now = self._site.clock.now()
        return Said(f"{found.event}:said", found.account, found.place, now, words, addressed=True)

    def _call(self, found: Opened, event: str, picked: int) -> Call:
        now, mail = self._site.clock.now(), found.letter.message_id
        return Call(event, found.account, found.place, now, token=found.tokens[picked], message_id=mail)

    async def _answered(
        self, request: Request, found: Opened, incoming: Incoming, instead: str = ""
    ) -> Response:
        """The answer as a page. It is given once it is on its way; if nobody waits for it any more, the
        worker mails it."""
        answer = await self._inbox.receive(incoming)
        try:
            page = await self._answer(request, found, incoming, answer, instead)
            here = not await request.is_disconnected()
        except BaseException:
            self._inbox.left(incoming)
            raise
        if here:
            page.background = BackgroundTask(self._given, incoming)
        else:
            self._inbox.left(incoming)
        return page

    async def _given(self, incoming: Incoming) -> None:
        self._inbox.given(incoming)  # here and not in a thread of its own: the pipe belongs to the loop

    async def _answer(
        self, request: Request, found: Opened, incoming: Incoming, answer: Answer, instead: str
    ) -> Response:
        now = self._site.clock.now()
        then = await self._site.storage.write(partial(follow_up, found, incoming, answer, now))
        own = str(request.path_params["token"])
        typed = incoming.text if then.broke and isinstance(incoming, Said) else ""
        values = _described(then.message, then.token or own)
        values |= {"instead": instead, "asks": then.asks, "typed": typed, "broke": then.broke}
        values["rest"] = own if found.letter.message_id and not then.broke else ""
        return self._page(request, found, "letter_answer", values)

    async def _found(self, request: Request) -> Opened | None:
        token = str(request.path_params["token"])
        return await self._site.storage.read(partial(open_letter, token, self._site.clock.now()))

    def _letter(self, request: Request, found: Opened, picked: int = NOTHING, words: str = "") -> Response:
        """The letter as it stands: to be answered, pressed before, or over. `words` that somebody typed and
        that were not taken are there once more."""
        letter, state = found.letter, found.state(self._site.clock.now())
        values = _described(letter.message, str(request.path_params["token"]), picked)
        if state != "open":
            values["buttons"] = [one for one in values["buttons"] if one["at"] in found.looks or one["url"]]
        values |= {"state": state, "until": letter.expires_at, "used_at": letter.used_at}
        again = letter.picked if letter.picked in found.tokens else None
        values |= {"chosen": _label(letter), "replay": again, "renewable": found.renewable}
        values |= {"became": to_text(found.became), "asks": found.asks if state == "open" else ""}
        values |= {"typed": words, "too_long": len(words) > LONGEST_WORDS}
        return self._page(request, found, "letter", values)

    def _page(self, request: Request, found: Opened, name: str, values: Mapping[str, Any]) -> Response:
        token = str(request.path_params["token"])
        language = self._site.language(request, found.language)
        values = {"token": token, "most": LONGEST_WORDS, **values}
        return self._site.page(request, name, values, language=language, zone=found.zone)

    def _gone(self, request: Request) -> Response:
        return self._site.page(request, "gone", status=404)


def _described(message: Message, token: str, picked: int = NOTHING) -> dict[str, Any]:
    """A message for a page: its first line as the title, its buttons with the one that was tapped first."""
    title, words = _headed(message)
    buttons = [
        {"at": at, "label": key.label, "url": safe_link(key.url)}
        for at, key in enumerate(message.keys)
        if key.token or safe_link(key.url)
    ]
    buttons.sort(key=lambda one: one["at"] != picked)
    tapped = buttons[0]["label"] if buttons and buttons[0]["at"] == picked else ""
    file = message.file.name if message.file is not None else ""
    return {
        "title": title, "words": words, "buttons": buttons, "tapped": tapped, "token": token, "file": file,
    }  # fmt: skip


def _headed(message: Message) -> tuple[str, str]:
    """The title and what stands under it, as Markdown: the first line, unless there is a subject, or it
    is too long, or begins something larger."""
    if message.mail is not None and message.mail.subject:
        return message.mail.subject, message.text
    first, _, rest = message.text.partition("\n")
    title = " ".join(to_text(first).split())
    if not title or len(title) > LONGEST_TITLE or first.lstrip().startswith(NO_TITLE):
        return "", message.text
    return title, rest


def _label(letter: Letter) -> str:
    """What the button says with which a letter was answered; "" for words."""
    keys = letter.message.keys
    return keys[letter.picked].label if letter.picked is not None and letter.picked < len(keys) else ""


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else NOTHING
