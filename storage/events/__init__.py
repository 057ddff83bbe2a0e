"""Events: what people are invited to, as it stands."""

from storage.events.verbs import Events

__all__ = ["Events"]
