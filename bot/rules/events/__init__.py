"""The rules around an event: when its sessions are, and what comes when (spec/engagement.md section 1)."""
