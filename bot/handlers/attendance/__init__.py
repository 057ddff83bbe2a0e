"""Who came to an event: by their own tap, the host's list, or a table (spec/engagement.md 1)."""
