"""The list of all scenarios; a new family is one file and one line here."""
from . import (boxes, captures, hosts, idle, missing, mistaken, orderly, proxies, resets, servers,
               still_open, timeouts)

FAMILIES = (orderly, resets, boxes, missing, timeouts, idle, hosts, still_open,
            mistaken, captures, servers, proxies)

SCENARIOS = [scenario for family in FAMILIES for scenario in family.SCENARIOS]
