"""Looking at motions, and what may be done with one beside voting on it."""
