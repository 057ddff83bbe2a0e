"""What a handler returns, or raises: a reply, one more question, a polite no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.messages.phrases import N_
from bot.messages.places import Attachment, Post, Topic


@dataclass(frozen=True, slots=True)
class Button:
    """A call behind a label. Labels are message ids: English, at most 20 characters, translated when
    rendered. `who`: "me" = only the person who is answered may press it; "anyone" = whoever may
    give the command. A button with a `url` is a link and has no command. `beside`: what comes of it
    never takes the place of the message it stands under, which has more to tap."""

    label: str
    command: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    who: Literal["me", "anyone"] = "me"
    url: str = ""
    hours: int = 24 * 30  # good for so long
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The bot's small sign on what somebody wrote: "ballot" puts it there, "none" takes it away.
    `post` is the message written, on the platform that is answered; None for the one that is answered."""

    kind: Literal["ballot", "none"]
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """What only a mail has: its `subject` (else the first line of the text), a `branded` letterhead, and for
    a newsletter the secret `unsubscribe` word of this one reader, under the `list_id` by which mail programs
    know it."""

    subject: str = ""
    branded: bool = False
    unsubscribe: str = ""
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler returns: a template of templates/chat with its values, and the next likely taps.

    `replace` puts it in place of the message whose button was pressed (in a direct chat, where only
    the presser sees it, or in a group if it is `public`); elsewhere it is a new message. `public` lets
    a whole group see it; otherwise it is private wherever the platform can be. `aside` keeps an answer
    to words out of their group altogether: it is for one person's eyes there, or goes to the direct
    chat, or nowhere. `mark` is set beside whatever is said, also beside silence (an empty template).
    `file` goes with it, or the kept `media` of that number, which only a delivery carries (0 for none); a
    `silent` one makes no sound where the platform can do without. `mail` is what a mail has beyond that.
    `parts` are replies of their own, of which only what they say is used: the template is given it as
    `parts`, in their order.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    topic: Topic | None = None
    replace: bool = False
    public: bool = False
    aside: bool = False
    mark: Mark | None = None
    file: Attachment | None = None
    silent: bool = False
    media: int = 0
    mail: Mail | None = None
    parts: tuple[Reply, ...] = ()


SILENCE = Reply("")  # nothing to say: no answer is given


@dataclass(frozen=True, slots=True)
class Choice:
    """One tap that settles an Ask: the arguments it sets (an empty value takes one away)."""

    label: str
    arguments: Mapping[str, str]


class Ask(Exception):
    """One more answer is needed before a call can be done. The draft is stored, the question asked,
    and the call run again with the answer; typed words answer `option` if `free`. With `prefill`, a platform
    that has forms shows one filled with it. `way_out` is the label of the tap that leaves it."""

    def __init__(
        self,
        option: str,
        template: str,
        choices: tuple[Choice, ...] = (),
        free: bool = True,
        prefill: Mapping[str, str] | None = None,
        way_out: str = N_("Cancel"),
        **values: Any,
    ) -> None:
        super().__init__(option, template)
        self.option, self.template, self.choices = option, template, choices
        self.free, self.prefill, self.way_out, self.values = free, prefill, way_out, values


class Refusal(Exception):
    """A rule's polite no. `code` names the template refusals/<code>; `option` the field it is about."""

    def __init__(self, code: str, option: str = "", buttons: tuple[Button, ...] = (), **values: Any) -> None:
        super().__init__(code)
        self.code, self.option, self.buttons, self.values = code, option, buttons, values


# ---- what platforms are handed: rendered, recorded, neutral ----
