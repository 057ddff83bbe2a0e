"""Ballots: each motion's electoral roll, its ballot book, and how organisations explain their votes."""

from storage.ballots.tables import Explanation
from storage.ballots.verbs import Ballots

__all__ = ["Ballots", "Explanation"]
