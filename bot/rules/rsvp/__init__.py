"""RSVPs: who goes, who waits, who came. Pure: values in, values out, or a Refusal (engagement.md 1)."""
