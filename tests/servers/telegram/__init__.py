"""A strict stand-in for Telegram: the Bot API over HTTP on one side, people with phones on the other.

server = TelegramServer(); await server.start()
ana = server.user("Ana", language="pt")
seen = await ana.types("/log workshop Green hydrogen 101")
seen = await ana.taps(seen.message, "Undo")
"""

from tests.servers.telegram.groups import Group
from tests.servers.telegram.people import Seen, User
from tests.servers.telegram.server import TelegramServer
from tests.servers.telegram.state import Message

__all__ = ["Group", "Message", "Seen", "TelegramServer", "User"]
