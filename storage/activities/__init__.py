"""Activities: what the members did together, with who took part, which SMEs, which evidence, and every
version of it."""

from storage.activities.values import Activity, Evidence, Version
from storage.activities.verbs import Activities

__all__ = ["Activities", "Activity", "Evidence", "Version"]
