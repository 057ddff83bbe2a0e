"""Which platforms there are: a port for each that the settings name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.clock import WALL_CLOCK, Clock
from bot.commands import REGISTRY
from bot.platforms.email import EmailPort
from bot.platforms.manifest import slash_names
from bot.platforms.pacing import Pace
from bot.platforms.port import Port
from bot.platforms.slack import SlackPort
from bot.platforms.slack.installations.keys import Keys
from bot.platforms.slack.oauth import Installing, Renders
from bot.platforms.telegram import TelegramPort
from bot.platforms.telegram.menus import Menus
from bot.settings import Settings
from bot.templating.catalogues import Catalogues
from bot.templating.pages import Pages
from storage.store import Storage


class StartFault(Exception):
    """The bot cannot start: one sentence each in `lines`."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


def ports_for(settings: Settings, clock: Clock = WALL_CLOCK) -> dict[str, Port]:
    """The platforms that have tokens, by name. Raises StartFault on settings that can never work."""
    ports: dict[str, Port] = {}
    try:
        if settings.has_slack:
            ports["slack"] = SlackPort(
                settings.slack_bot_token.get_secret_value(),
                settings.slack_app_token.get_secret_value(),
                settings.slack_signing_secret.get_secret_value(),
                settings.slack_api_url,
                clock,
                slash_names(REGISTRY),
                installing=_installing(settings),
            )
        if settings.has_telegram:
            ports["telegram"] = TelegramPort(
                settings.telegram_bot_token.get_secret_value(),
                settings.telegram_api_url,
                settings.telegram_webhook_secret.get_secret_value(),
                settings.public_url,
                clock,
            )
    except ValueError as fault:
        raise StartFault(str(fault)) from None
    return ports


def move_in(ports: Mapping[str, Port], storage: Storage, page: Renders) -> None:
    """The house is there: its database, in which Slack's installations are kept, and what makes its pages."""
    for port in ports.values():
        if isinstance(port, SlackPort):
            port.move_in(storage, page)


def bring_menus(ports: Mapping[str, Port], said: Catalogues, storage: Storage, clock: Clock) -> None:
    """Telegram's menus, in every language that we have a catalogue of."""
    for port in ports.values():
        if isinstance(port, TelegramPort):
            port.shows(Menus(said.languages(), said.translate, clock.now, storage))


def mail_port(
    settings: Settings, storage: Storage, pages: Pages, clock: Clock = WALL_CLOCK
) -> dict[str, Port]:
    """E-mail, by name, if there is a mail server: what is pressed in a mail has its page in our database.
    Raises StartFault on settings that can never work."""
    if not settings.has_mail:
        return {}
    try:
        mail = EmailPort(
            settings.smtp_url.get_secret_value(),
            settings.mail_from,
            storage,
            pages,
            settings.public_url,
            reply_to=settings.mail_reply_to,
            postal=settings.mail_address,
            mailbox_url=settings.mailbox_url.get_secret_value(),
            mailbox_checks=settings.mailbox_checks,
            clock=clock,
            pace=Pace(overall=1 / settings.mail_per_second),
        )
    except ValueError as fault:
        raise StartFault(str(fault)) from None
    return {mail.name: mail}


def _installing(settings: Settings) -> Installing | None:
    """What it takes to let workspaces add the Slack app; None if they are not to."""
    if not settings.has_slack_installs:
        return None
    return Installing(
        settings.slack_client_id,
        settings.slack_client_secret.get_secret_value(),
        Keys(settings.encryption_key.get_secret_value()),
        settings.public_url,
        partial(Storage, settings.database_url),
    )
