"""The list of all scenarios; a new family is one file and one line here."""
from . import boxes, captures, hosts, idle, missing, orderly, resets, still_open, timeouts

FAMILIES = (orderly, resets, boxes, missing, timeouts, idle, hosts, still_open,
            captures)

SCENARIOS = [scenario for family in FAMILIES for scenario in family.SCENARIOS]
