"""The terminal: one person at a keyboard who is everybody in turn, and the same bot behind it."""

from bot.platforms.terminal.chat import Chat
from bot.platforms.terminal.people import NAME, account_of, direct_of
from bot.platforms.terminal.port import TerminalPort
from bot.platforms.terminal.screens import Keyboard, Screen, Script

__all__ = ["NAME", "Chat", "Keyboard", "Screen", "Script", "TerminalPort", "account_of", "direct_of"]
