"""Imported once by the process from which every bot is forked: its modules, the words for days, and what a
start reads that is never different (zones, languages, the charter's form)."""

from uvicorn.lifespan import off
from uvicorn.protocols.http import auto

from bot.charter import load
from bot.commands import warm
from tests.kill import child
from tests.world import CHARTER

__all__ = ["auto", "child", "off"]  # the web side imports its parts when it starts

warm()
load(CHARTER)
