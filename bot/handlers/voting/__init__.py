"""Voting: taps, words in the thread, `/vote`, and what goes with a ballot."""
