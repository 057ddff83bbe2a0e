"""Answers to events: by a tap, a word, or `/rsvp`; seats that become free (spec/engagement.md 1)."""
