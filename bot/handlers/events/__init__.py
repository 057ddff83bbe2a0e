"""Events: announcing, changing, looking, and what follows when one is over (spec/engagement.md 1 and 9)."""
