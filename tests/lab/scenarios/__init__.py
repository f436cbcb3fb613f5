"""The list of all scenarios; a new family is one file and one line here."""
from . import boxes, missing, orderly, resets

FAMILIES = (orderly, resets, boxes, missing)

SCENARIOS = [scenario for family in FAMILIES for scenario in family.SCENARIOS]
