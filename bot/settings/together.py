"""What goes with what: settings that do nothing, or harm, without another one."""

from __future__ import annotations

from collections.abc import Iterator

from bot.settings.values import Settings


def lacking(settings: Settings) -> Iterator[str]:
    """A sentence for each setting that lacks its partner; no secret is in any."""
    yield from _slack(settings)
    yield from _slack_installs(settings)
    if settings.telegram_webhook_secret and not settings.public_url:
        yield "TELEGRAM_WEBHOOK_SECRET: needs PUBLIC_URL beside it, so that Telegram finds us"
    if settings.smtp_url and not (settings.mail_from and settings.public_url):
        yield "SMTP_URL: needs MAIL_FROM and PUBLIC_URL beside it, so that mails have a sender and links"
    if (settings.mail_from or settings.mailbox_url) and not settings.smtp_url:
        yield "SMTP_URL: expected beside MAIL_FROM or MAILBOX_URL, found nothing"


def _slack(settings: Settings) -> Iterator[str]:
    doors = settings.slack_app_token or settings.slack_signing_secret
    if settings.slack_bot_token and not doors:
        yield "SLACK_BOT_TOKEN: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too"
    installs = settings.slack_client_id or settings.slack_client_secret
    if doors and not (settings.slack_bot_token or installs):
        yield "SLACK_BOT_TOKEN: expected beside SLACK_APP_TOKEN or SLACK_SIGNING_SECRET, found nothing"


def _slack_installs(settings: Settings) -> Iterator[str]:
    """One workspace after the other adds the app itself (OAuth): that takes all of these together."""
    if not settings.slack_client_id:
        if settings.slack_client_secret:
            yield "SLACK_CLIENT_ID: expected beside SLACK_CLIENT_SECRET, found nothing"
        return
    if not settings.slack_client_secret:
        yield "SLACK_CLIENT_SECRET: expected beside SLACK_CLIENT_ID, found nothing"
    if not settings.encryption_key:
        yield "SLACK_CLIENT_ID: needs ENCRYPTION_KEY beside it, under which each workspace's token is kept"
    if not settings.public_url:
        yield "SLACK_CLIENT_ID: needs PUBLIC_URL beside it, so that Slack finds the way back to us"
    if not (settings.slack_app_token or settings.slack_signing_secret):
        yield "SLACK_CLIENT_ID: needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too"
