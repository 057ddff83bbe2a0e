"""The newsletter: collected all month, shown, sent, kept (spec/engagement.md section 3)."""
