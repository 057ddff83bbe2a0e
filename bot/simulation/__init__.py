"""A year of the alliance on paper: made-up people, the whole pipe, and time that passes at once.

Nobody is written to: two platforms of paper keep what would have been sent. `simulate` lives the year, and
`timeline` tells it (`python -m bot simulate-year`).
"""

from bot.simulation.ledger import Line
from bot.simulation.telling import timeline, worst_week
from bot.simulation.year import Year, simulate

__all__ = ["Line", "Year", "simulate", "timeline", "worst_week"]
