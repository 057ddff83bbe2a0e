"""Markdown as each platform wants it: one parse (`parsing`), one exporter a platform.

Templates are Markdown in which every value was escaped (`bot.templating`), so whatever a member typed
arrives here as text and leaves as text.
"""

from bot.platforms.markup.slack import slack_blocks, slack_keys, slack_quiet
from bot.platforms.markup.telegram import Entity, telegram_caption, telegram_keys, telegram_text
from bot.platforms.markup.terminal import plain_text, terminal_text

__all__ = [
    "Entity",
    "plain_text",
    "slack_blocks",
    "slack_keys",
    "slack_quiet",
    "telegram_caption",
    "telegram_keys",
    "telegram_text",
    "terminal_text",
]
