"""How people want to be written to: what and how often, put off, stopped, away."""
