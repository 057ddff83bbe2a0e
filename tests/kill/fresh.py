"""Imported once by the process from which every bot is forked: its modules, and the words for days."""

from bot.commands import warm
from tests.kill import child

__all__ = ["child"]

warm()
