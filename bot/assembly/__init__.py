"""The Assembly: how a motion stands, what is due of it, and what it does once it is final."""
