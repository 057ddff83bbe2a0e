"""Motions: what is put to the members, as it stands, and the texts that it had before."""

from storage.motions.tables import MotionText
from storage.motions.verbs import Motions

__all__ = ["MotionText", "Motions"]
