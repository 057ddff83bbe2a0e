"""Deliveries: messages on their way to one person or place, each at most once."""

from storage.deliveries.batches import UNCLEAR_THEN, Outcome
from storage.deliveries.mind import Mind
from storage.deliveries.tables import CHANGES, Act, Delivery, State, deliveries
from storage.deliveries.verbs import Deliveries

__all__ = [
    "CHANGES",
    "UNCLEAR_THEN",
    "Act",
    "Deliveries",
    "Delivery",
    "Mind",
    "Outcome",
    "State",
    "deliveries",
]
