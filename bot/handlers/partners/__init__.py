"""The gap matchmaker: two partners for whoever is short of a cross-cluster event (spec/engagement.md 9.3)."""
