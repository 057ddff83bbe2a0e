"""Cards: posts that show a topic as it stands, one for each topic and place."""

from storage.cards.tables import CardRow
from storage.cards.verbs import Cards

__all__ = ["CardRow", "Cards"]
