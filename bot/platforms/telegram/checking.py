"""What `python -m bot check` says about Telegram."""

from __future__ import annotations

from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.platforms.port import Finding


async def findings(bot: Bot, our_webhook: str) -> list[Finding]:
    """Token, privacy mode and webhook, asked of Telegram. `our_webhook`: the address that updates are
    to come to, "" when they are polled."""
    try:
        me, webhook = await bot.get_me(), await bot.get_webhook_info()
    except InvalidToken:
        return [Finding("Telegram", False, "Telegram doesn't know this TELEGRAM_BOT_TOKEN.")]
    except TelegramError as trouble:
        return [Finding("Telegram", False, f"Telegram can't be reached right now ({trouble}).")]
    return [
        Finding("Telegram", True, f"@{me.username} answers."),
        Finding("Telegram groups", True, _reads(me)),
        _updates(webhook, our_webhook),
    ]


def _reads(me: User) -> str:
    if me.can_read_all_group_messages:
        return "In groups the bot reads every message."
    return "In groups the bot reads commands, mentions and replies to it (privacy mode is on)."


def _updates(webhook: WebhookInfo, ours: str) -> Finding:
    says = f"Updates are delivered to {webhook.url}." if webhook.url else "Updates are polled."
    if webhook.url != ours:
        says += " That changes when the bot starts."
    late = webhook.last_error_message if webhook.url else None
    if late:
        says += f" Telegram's last delivery didn't arrive: {late}."
    return Finding("Telegram updates", not late, says)
