"""Events and answers to them: organising, RSVP, calendar, attendance (spec/engagement.md 1 and 9)."""
