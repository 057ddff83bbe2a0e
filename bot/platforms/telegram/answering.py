"""Giving answers: what a person sees after a command, a word or a tap, at least once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.messages import Account, Answer, Call, Incoming, Mark, Message, Place, Post
from bot.platforms.markup import plain_text
from bot.platforms.pacing import Pacer
from bot.platforms.port import Inbox, SendFailed
from bot.platforms.telegram.alerts import ALERT, alert_text
from bot.platforms.telegram.documents import post_file
from bot.platforms.telegram.doors import Doors
from bot.platforms.telegram.failures import is_out_of_reach, moved
from bot.platforms.telegram.outgoing import LONGEST_WAIT, edit_message, fits, mark_message, post_message
from bot.platforms.telegram.request import Api, Wait

__all__ = ["ALERT", "Answering", "alert_text"]

OUR_LINKS = "https://t.me/"  # links that a tap may open: the direct chat with a payload
LOOK = "="  # how the token of a look begins: it changed nothing, and is taken again by a link
T = TypeVar("T")
log = structlog.get_logger()


class Answering:
    """Gives answers in tasks of their own: in order within a chat, chats beside each other."""

    def __init__(
        self, api: Api, pacer: Pacer, start_link: Callable[[str], str] = lambda _payload: "", key: bytes = b""
    ) -> None:
        self._api, self._pacer = api, pacer
        self._doors = Doors(api, start_link, key)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._marking: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopped = False

    def busy(self) -> int:
        """How many answers are on their way."""
        return len(self._tasks)

    def give(self, incoming: Incoming, answer: Answer, inbox: Inbox) -> None:
        """Begin to give `answer`; `inbox.given` is told once it reached Telegram.
        Once stopped, answers are left to the worker, who finds them recorded."""
        if self._stopped:
            return
        self._begin(self._give_and_mark(incoming, answer, inbox))

    def mark(self, place: Place, mark: Mark, message_id: str) -> None:
        """Begin to put our sign on a message, or to take it away: on the one the mark names, else on
        `message_id` in `place`. One that cannot be set is a line in the log."""
        if not self._stopped:
            self._begin(self._mark(place, mark, message_id))

    async def settle(self, at_most: int = 0, patience: float | None = None) -> None:
        """Wait until no more than `at_most` answers are on their way, or `patience` seconds are over."""
        until = None if patience is None else asyncio.get_running_loop().time() + patience
        while len(self._tasks) > at_most:
            left = None if until is None else until - asyncio.get_running_loop().time()
            if left is not None and left <= 0:
                break
            await asyncio.wait(self._tasks, timeout=left, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, patience: float) -> None:
        """Finish what can be finished in `patience` seconds; the worker gives the rest."""
        self._stopped = True
        await self.settle(patience=patience)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _give_and_mark(self, incoming: Incoming, answer: Answer, inbox: Inbox) -> None:
        given = await self._give(incoming, answer, inbox)
        if given and answer.mark is not None:  # else the worker gives it, and marks
            await self._mark(incoming.place, answer.mark, incoming.message_id)

    async def _mark(self, place: Place, mark: Mark, message_id: str) -> None:
        """In the order in which it was asked for within a chat, and at the pace of edits there."""
        post = mark.post or Post(place, message_id)
        chat, group = post.place.channel, post.place.kind == "group"

        async def attempt() -> None:
            await self._pacer.answer(chat, group=group, edit=True)
            await mark_message(self._api, post, mark)

        if not post.message_id:
            return
        async with self._marking.setdefault(chat, asyncio.Lock()):
            try:
                await self._persist(attempt, chat)
            except TelegramError as trouble:
                log.info("telegram_not_marked", message_id=post.message_id, reason=str(trouble))

    async def _give(self, incoming: Incoming, answer: Answer, inbox: Inbox) -> bool:
        """Whether it is given, as far as it can be."""
        turn = self._turns.setdefault(incoming.place.channel, asyncio.Lock())
        if incoming.place.kind == "direct":
            self._doors.opened(incoming.account.user)
        try:
            if isinstance(incoming, Call) and incoming.event.startswith("cb:") and incoming.token:
                done = await self._close_tap(incoming, answer, inbox)
            else:
                done = answer.message is None
            if not done:
                async with turn:
                    post = await self._place(incoming, answer)
                    inbox.given(incoming, post)
                    await self._follow(incoming, answer, post)
                if post is None:
                    await self._say_where(incoming, answer, inbox)
            elif answer.message is not None or answer.mark is not None:
                inbox.given(incoming, None)
                await self._follow(incoming, answer, None)
            return True
        except (TelegramError, SendFailed) as trouble:
            inbox.left(incoming)
            log.warning("telegram_answer_left", event_id=incoming.event, trouble=type(trouble).__name__)
        except Exception as bug:
            inbox.left(incoming)
            log.error("telegram_answer_broke", event_id=incoming.event, trouble=type(bug).__name__)
        return False

    async def _close_tap(self, call: Call, answer: Answer, inbox: Inbox) -> bool:
        """Answer the callback query, with an alert if only the presser shall see it. True: all is said."""
        query, message = call.event.removeprefix("cb:"), answer.message
        if message is None or answer.public or call.place.kind == "direct":
            await self._close(query)
            return message is None
        if link := next((key.url for key in message.keys if key.url.startswith(OUR_LINKS)), ""):
            whole, shown = True, await self._close(query, url=link)  # the answer goes on in the direct chat
        else:
            alert = alert_text(message.text)
            whole = not (message.keys or message.file) and alert == plain_text(message.text).strip()
            away = "" if whole else await self._doors.link(call)  # we may not write to them first
            if away and call.token.startswith(LOOK):
                whole, shown = True, await self._close(query, url=away)  # they go there, and read it
            else:  # what was done is said where it was tapped
                whole, shown = whole or bool(away), await self._close(query, alert)
        # An alert is short, has no keys, and like a link comes too late after a while.
        if not (whole and shown) and await self._in_private(call.account, message) is None and not shown:
            await self._post_where(call, inbox)
        return True

    async def _say_where(self, incoming: Incoming, answer: Answer, inbox: Inbox) -> None:
        """Somebody's words in a group were answered, but they have no direct chat with us: one line says
        where the answer waits. A sign on their words says enough, and an edit is nobody's business but
        theirs."""
        waits = incoming.place.kind == "group" and answer.aside and answer.mark is None
        if not waits or incoming.event.startswith("edit:"):
            return
        await self._post_where(incoming, inbox)

    async def _post_where(self, incoming: Incoming, inbox: Inbox) -> None:
        """The one line in the group with the link to the answer."""
        call = self._doors.where_it_waits(incoming)
        if call is None:
            return
        says = await inbox.receive(call)
        if says.message is not None:
            inbox.given(call, await self._place(call, says))

    async def _follow(self, incoming: Incoming, answer: Answer, post: Post | None) -> None:
        """Post the file of an answer that was given: where its words stand, but what is not for a whole
        group in the direct chat."""
        message, account = answer.message, incoming.account
        if message is None or message.file is None:
            return
        alone = incoming.place.kind == "group" and (answer.aside or not answer.public)
        place = Place("telegram", "", account.user) if alone else post.place if post else None
        if place is not None and place.channel:
            await post_file(self._api, self._pacer, place, message.file, silent=message.silent)

    async def _close(self, query: str, alert: str = "", url: str = "") -> bool:
        """Answer a callback query; False if it is too old for that, which nobody need know."""
        shown: dict[str, Any] = {"text": alert, "show_alert": True} if alert else {}
        shown |= {"url": url} if url else {}
        try:
            await self._persist(
                lambda: self._api.call("answerCallbackQuery", callback_query_id=query, **shown)
            )
        except BadRequest:
            return False
        except TelegramError as trouble:
            log.info("telegram_tap_not_closed", trouble=type(trouble).__name__)
            return False
        return True

    async def _in_private(self, account: Account, message: Message) -> Post | None:
        """Where an alert comes too late, or words have none: the direct chat is the other place where one
        person reads alone. None if they have none with us."""
        if not account.user:
            return None  # an admin who stays anonymous
        place = Place("telegram", "", account.user)
        try:
            return await self._post(place, message)
        except (Forbidden, BadRequest) as closed:
            self._doors.closed(account.user)
            log.info("telegram_no_direct_chat", trouble=type(closed).__name__)
            return None

    async def _place(self, incoming: Incoming, answer: Answer) -> Post | None:
        """Post the answer where the person is, or put it over the message whose button was pressed; what
        is aside in their direct chat. None if that chat is closed to us for good."""
        place, message = incoming.place, answer.message
        assert message is not None
        tapped = isinstance(incoming, Call) and incoming.token and incoming.message_id
        if answer.aside and place.kind == "group" and not tapped:
            return await self._in_private(incoming.account, message)
        try:
            over = tapped and answer.replace and (place.kind == "direct" or answer.public)
            if over and fits(message):
                try:
                    return await self._edit(Post(place, incoming.message_id), message)
                except BadRequest:  # too old or gone: a new message says it
                    log.info("telegram_not_edited", event_id=incoming.event)
            reply_to = incoming.message_id if place.kind == "group" else ""
            return await self._post_or_follow(place, message, reply_to)
        except (Forbidden, BadRequest) as closed:
            log.info("telegram_answer_refused", event_id=incoming.event, trouble=type(closed).__name__)
            if place.kind == "group" and is_out_of_reach(closed):
                await self._in_private(incoming.account, message)  # its topic was closed or deleted meanwhile
            return None

    async def _post_or_follow(self, place: Place, message: Message, reply_to: str) -> Post:
        try:
            return await self._post(place, message, reply_to)
        except ChatMigrated as migrated:
            return await self._post(moved(place, migrated), message)

    async def _post(self, place: Place, message: Message, reply_to: str = "") -> Post:
        async def attempt() -> Post:
            await self._pacer.answer(place.channel, group=place.kind == "group")
            return await post_message(self._api, self._pacer, place, message, reply_to)

        return await self._persist(attempt, place.channel)

    async def _edit(self, post: Post, message: Message) -> Post:
        async def attempt() -> Post:
            await self._pacer.answer(post.place.channel, group=post.place.kind == "group", edit=True)
            return await edit_message(self._api, self._pacer, post, message)

        return await self._persist(attempt, post.place.channel)

    async def _persist(self, attempt: Callable[[], Awaitable[T]], chat: str = "") -> T:
        """Try until Telegram took it, pausing as it asks, for LONGEST_WAIT seconds in all; what can wait
        leaves that `chat` alone as long. An answer may be given twice when the network broke after it was
        sent: that is better than none."""
        waited, pause = 0.0, 0.25
        while True:
            try:
                return await attempt()
            except Wait as asked:
                wait = asked.seconds
                if chat:  # not everything: one person who taps fast would hold up all others
                    self._pacer.pause(wait, chat)
                trouble: TelegramError = asked
            except BadRequest:  # a NetworkError to the library, but final
                raise
            except NetworkError as broken:
                wait, pause = pause * random.uniform(0.5, 1.0), pause * 2
                trouble = broken
            waited += wait
            if waited > LONGEST_WAIT:
                raise trouble
            await self._pacer.clock.sleep(wait)
