"""The newsletter: what is worth an edition, whether it may go out, and when."""
