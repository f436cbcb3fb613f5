"""The list of all scenarios; a new family is one file and one line here."""
from . import (boxes, captures, databases, hosts, idle, incidents, missing, mistaken, no_incident, orderly, proxies,
               resets, secure, shared_path, still_open, timeouts, web)

FAMILIES = (orderly, resets, boxes, missing, timeouts, idle, hosts, still_open, mistaken, captures, secure, web,
            databases, proxies, incidents, shared_path, no_incident)

SCENARIOS = [scenario for family in FAMILIES for scenario in family.SCENARIOS]
