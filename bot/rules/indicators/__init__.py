"""What an activity counts for: the yearly indicators of a charter, counted from records.

Pure and exact: values in, values out, whole numbers only. The rules are those of spec/engagement.md
section 5; every indicator's own numbers come in as a `Condition`, built from the charter.
"""

from bot.rules.indicators.counting import (
    attended,
    counts,
    credited,
    figure,
    hosts,
    judge,
    standing,
    value_of,
    why,
    year_of,
)
from bot.rules.indicators.smes import normal, sme_key
from bot.rules.indicators.values import (
    Answered,
    Basis,
    Condition,
    Figure,
    Involved,
    Measure,
    Missing,
    Part,
    Reason,
    Record,
    Sme,
    SmeCount,
    State,
    Verdict,
)

__all__ = [
    "Answered",
    "Basis",
    "Condition",
    "Figure",
    "Involved",
    "Measure",
    "Missing",
    "Part",
    "Reason",
    "Record",
    "Sme",
    "SmeCount",
    "State",
    "Verdict",
    "attended",
    "counts",
    "credited",
    "figure",
    "hosts",
    "judge",
    "normal",
    "sme_key",
    "standing",
    "value_of",
    "why",
    "year_of",
]
