"""The list of all scenarios; a new family is one file and one line here."""
from . import boxes, captures, idle, missing, orderly, resets, still_open, timeouts

FAMILIES = (orderly, resets, boxes, missing, timeouts, idle, still_open, captures)

SCENARIOS = [scenario for family in FAMILIES for scenario in family.SCENARIOS]
