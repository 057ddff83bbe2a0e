"""Deliveries: messages on their way to one person or place, each at most once."""

from storage.deliveries.batches import Outcome
from storage.deliveries.tables import Act, Delivery, State, deliveries
from storage.deliveries.verbs import Deliveries

__all__ = ["Act", "Deliveries", "Delivery", "Outcome", "State", "deliveries"]
