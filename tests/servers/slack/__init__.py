"""A stand-in for Slack on 127.0.0.1: Web API, Socket Mode and HTTP delivery, as strict as the real one."""

from tests.servers.slack.delivery import NotAcknowledged, signed
from tests.servers.slack.people import User
from tests.servers.slack.server import Recorded, SlackServer
from tests.servers.slack.world import BOT_USER, TEAM, Channel, Modal, Seen

__all__ = [
    "BOT_USER",
    "TEAM",
    "Channel",
    "Modal",
    "NotAcknowledged",
    "Recorded",
    "Seen",
    "SlackServer",
    "User",
    "signed",
]
