"""Proposing: a form or a dialogue for each kind of motion, a preview, then notice to everybody."""
