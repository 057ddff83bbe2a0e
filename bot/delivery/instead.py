"""Why a claimed message is not sent now."""

from __future__ import annotations


class NotWanted(Exception):
    """A message that is not to be sent any more, and why."""


class CutOff(NotWanted):
    """A message that nobody called off, and that cannot go now: it came to nothing, and whoever sent it may
    have it tried again."""


class NotTheirs(NotWanted):
    """The account that it was to go to is not its reader's any more."""


class NotYet(Exception):
    """What it is about, or its reader, is busy just now."""


class Waits(Exception):
    """It was written down already that it goes another time, another way, or in another message."""
