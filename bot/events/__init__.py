"""Events as they stand, what is due of them, and what a change of one brings about."""
