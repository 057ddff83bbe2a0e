"""The newsletter: reading it, subscribing, sending items, what its editors do (engagement.md section 3)."""
