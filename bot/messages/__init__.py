"""The words that every room shares: what comes in, what goes out.

A platform turns what a person did into a `Call` or a `Said`; a handler returns a `Reply`, raises an
`Ask` (one more answer is needed) or a `Refusal` (a polite no); dispatch renders that once into an
`Answer`, which is recorded and given. Values only, standard library only.
"""

from __future__ import annotations

from bot.messages.incoming import Call, Incoming, Said
from bot.messages.languages import ENGLISH, LANGUAGES, short_tag, spoken
from bot.messages.phrases import (
    LABEL_MOST,
    N_,
    NAMED,
    Filled,
    Phrase,
    Translation,
    filled,
    kept,
    phrase_in,
    platform_name,
)
from bot.messages.places import Account, Attachment, File, Place, Post, Topic
from bot.messages.rendered import NOTHING, Answer, Field, Form, Key, Message
from bot.messages.replies import SILENCE, Ask, Button, Choice, Mail, Mark, Refusal, Reply

__all__ = [
    "ENGLISH", "LABEL_MOST", "LANGUAGES", "NAMED", "NOTHING", "N_", "SILENCE", "Account", "Answer", "Ask",
    "Attachment", "Button", "Call", "Choice", "Field", "File", "Filled", "Form", "Incoming", "Key", "Mail",
    "Mark", "Message", "Phrase", "Place", "Post", "Refusal", "Reply",
    "Said", "Topic", "Translation", "filled", "kept", "phrase_in", "platform_name", "short_tag", "spoken",
]  # fmt: skip
